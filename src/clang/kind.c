/*
 * Climbs from the member towards the statement, as long as what it is in still
 * denotes the same memory: first as the object itself (LVALUE), then, once its
 * address is taken, as a pointer to it (POINTER). The compiler's implicit
 * conversions are nodes too, and they do most of the work: a load, or a
 * conversion to pointer-to-const, is where the climb ends in a read.
 *
 * Cost: the depth of the expression, for matching members only. A member
 * function called on the member counts as a read: what it does is not known.
 */
#include "clang/kind.h"

#include <string.h>

typedef enum Mode {
    MODE_LVALUE,  /* the object itself */
    MODE_DECAYED, /* a pointer to it that an array turned into by itself */
    MODE_POINTER, /* a pointer to it that was asked for */
} Mode;

typedef enum Step { STEP_READ, STEP_WRITE, STEP_LVALUE, STEP_DECAYED, STEP_POINTER } Step;

static bool is_const_pointer(CXType type)
{
    type = clang_getCanonicalType(type);
    return type.kind == CXType_Pointer && clang_isConstQualifiedType(clang_getPointeeType(type));
}

static bool is_mutable_reference(CXType type)
{
    type = clang_getCanonicalType(type);
    return type.kind == CXType_LValueReference &&
           !clang_isConstQualifiedType(clang_getPointeeType(type));
}

static Step stay(Mode mode)
{
    return mode == MODE_LVALUE ? STEP_LVALUE : mode == MODE_DECAYED ? STEP_DECAYED : STEP_POINTER;
}

/* Implicit conversions, and the odd wrapper that libclang does not name. */
static Step step_conversion(CXCursor up, CXCursor from, Mode mode)
{
    CXType type = clang_getCursorType(up);
    if (mode != MODE_LVALUE)
        return is_const_pointer(type) ? STEP_READ : stay(mode);
    CXType inner = clang_getCanonicalType(clang_getCursorType(from));
    bool array = inner.kind == CXType_ConstantArray || inner.kind == CXType_IncompleteArray ||
                 inner.kind == CXType_VariableArray;
    if (array && clang_getCanonicalType(type).kind == CXType_Pointer)
        return is_const_pointer(type) ? STEP_READ : STEP_DECAYED;
    return STEP_READ;
}

static Step step_unary(CXCursor up, Mode mode)
{
    switch (clang_getCursorUnaryOperatorKind(up)) {
    case CXUnaryOperator_PostInc:
    case CXUnaryOperator_PostDec:
    case CXUnaryOperator_PreInc:
    case CXUnaryOperator_PreDec:
        return mode == MODE_LVALUE ? STEP_WRITE : STEP_READ;
    case CXUnaryOperator_AddrOf:
        return mode == MODE_LVALUE && !is_const_pointer(clang_getCursorType(up)) ? STEP_POINTER
                                                                                : STEP_READ;
    case CXUnaryOperator_Deref:
        return mode == MODE_LVALUE ? STEP_READ : STEP_LVALUE;
    case CXUnaryOperator_Extension:
        return stay(mode);
    default:
        return STEP_READ;
    }
}

static Step step_binary(CXCursor up, unsigned place, Mode mode)
{
    enum CXBinaryOperatorKind kind = clang_getCursorBinaryOperatorKind(up);
    if (kind == CXBinaryOperator_Comma)
        return place == 1 ? stay(mode) : STEP_READ;
    if (kind == CXBinaryOperator_Assign && mode == MODE_LVALUE)
        return place == 0 ? STEP_WRITE : STEP_READ;
    if (kind == CXBinaryOperator_Assign && place == 1)
        return STEP_WRITE; /* p = &x->f, and p may be written through */
    if (kind == CXBinaryOperator_Add || kind == CXBinaryOperator_Sub)
        return mode == MODE_LVALUE || clang_getCanonicalType(clang_getCursorType(up)).kind !=
                                          CXType_Pointer
                   ? STEP_READ
                   : stay(mode);
    return STEP_READ;
}

/* The type that the `argument`th argument is passed as; of the pattern, for a template's T&&. */
static CXType parameter_type(CXCursor callee, int argument)
{
    CXCursor pattern = clang_getSpecializedCursorTemplate(callee);
    CXCursor function = clang_Cursor_isNull(pattern) ? callee : pattern;
    CXType written = clang_getCursorType(clang_Cursor_getArgument(function, (unsigned)argument));
    if (written.kind == CXType_RValueReference)
        return written;
    return clang_getArgType(clang_getCursorType(callee), (unsigned)argument);
}

static bool is_mutating_operator(const char *name)
{
    static const char *const names[] = {"=",  "+=", "-=",  "*=",  "/=", "%=", "&=",
                                        "|=", "^=", "<<=", ">>=", "++", "--"};
    if (strncmp(name, "operator", 8) != 0)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name + 8, names[i]) == 0)
            return true;
    return false;
}

/* The member is the object that an overloaded operator, a member function, works on. */
static Step step_operator_object(CXCursor callee)
{
    CXString spelling = clang_getCursorSpelling(callee);
    const char *name = clang_getCString(spelling);
    Step step = STEP_READ;
    if (name && is_mutating_operator(name))
        step = STEP_WRITE;
    else if (name && strcmp(name, "operator[]") == 0 && !clang_CXXMethod_isConst(callee))
        step = STEP_LVALUE;
    clang_disposeString(spelling);
    return step;
}

static bool is_operator(CXCursor callee)
{
    CXString spelling = clang_getCursorSpelling(callee);
    const char *name = clang_getCString(spelling);
    bool result = name && strncmp(name, "operator", 8) == 0;
    clang_disposeString(spelling);
    return result;
}

static Step step_call(CXCursor call, CXCursor from, Mode mode)
{
    CXCursor callee = clang_getCursorReferenced(call);
    int count = clang_Cursor_getNumArguments(call), argument = 0;
    while (argument < count &&
           !clang_equalCursors(clang_Cursor_getArgument(call, (unsigned)argument), from))
        argument++;
    if (argument == count)
        return STEP_READ; /* the callee: a function pointer that is called, an object's method */
    if (clang_getCursorKind(callee) == CXCursor_CXXMethod && is_operator(callee) &&
        count > clang_getNumArgTypes(clang_getCursorType(callee))) {
        if (argument == 0)
            return mode == MODE_LVALUE ? step_operator_object(callee) : STEP_READ;
        argument--;
    }
    CXType function = clang_getCursorType(callee);
    bool variadic = argument >= clang_getNumArgTypes(function);
    if (mode == MODE_POINTER)
        return STEP_WRITE;
    if (mode == MODE_DECAYED)
        return variadic ? STEP_READ : STEP_WRITE;
    return !variadic && is_mutable_reference(parameter_type(callee, argument)) ? STEP_WRITE
                                                                              : STEP_READ;
}

static Step step_member(CXCursor up, CXCursor from, Mode mode)
{
    enum CXCursorKind part = clang_getCursorKind(clang_getCursorReferenced(up));
    if (part != CXCursor_FieldDecl)
        return STEP_READ;
    bool pointer = clang_getCanonicalType(clang_getCursorType(from)).kind == CXType_Pointer;
    if (mode == MODE_LVALUE)
        return pointer ? STEP_READ : STEP_LVALUE;
    return STEP_LVALUE; /* (&x->f)->part */
}

static Step step_declaration(CXCursor up, Mode mode)
{
    CXType type = clang_getCursorType(up);
    if (mode == MODE_LVALUE)
        return is_mutable_reference(type) ? STEP_WRITE : STEP_READ;
    return clang_getCanonicalType(type).kind == CXType_Pointer ? STEP_WRITE : STEP_READ;
}

static Step step_up(const WalkNode *node, Mode mode)
{
    CXCursor up = node->parent->cursor;
    switch (clang_getCursorKind(up)) {
    case CXCursor_ParenExpr:
    case CXCursor_GenericSelectionExpr:
        return stay(mode);
    case CXCursor_UnexposedExpr:
        return step_conversion(up, node->cursor, mode);
    case CXCursor_UnaryOperator:
        return step_unary(up, mode);
    case CXCursor_BinaryOperator:
        return step_binary(up, node->place, mode);
    case CXCursor_CompoundAssignOperator:
        return node->place == 0 && mode == MODE_LVALUE ? STEP_WRITE : STEP_READ;
    case CXCursor_ConditionalOperator:
        return node->place > 0 ? stay(mode) : STEP_READ;
    case CXCursor_ArraySubscriptExpr:
        return node->place == 0 && mode != MODE_LVALUE ? STEP_LVALUE : STEP_READ;
    case CXCursor_MemberRefExpr:
        return step_member(up, node->cursor, mode);
    case CXCursor_CallExpr:
        return step_call(up, node->cursor, mode);
    case CXCursor_VarDecl:
        return step_declaration(up, mode);
    case CXCursor_InitListExpr:
    case CXCursor_ReturnStmt:
        return mode == MODE_POINTER ? STEP_WRITE : STEP_READ;
    case CXCursor_CStyleCastExpr:
    case CXCursor_CXXStaticCastExpr:
    case CXCursor_CXXReinterpretCastExpr:
    case CXCursor_CXXConstCastExpr:
    case CXCursor_CXXFunctionalCastExpr:
        if (mode == MODE_LVALUE || is_const_pointer(clang_getCursorType(up)))
            return STEP_READ;
        return clang_getCanonicalType(clang_getCursorType(up)).kind == CXType_Pointer ? stay(mode)
                                                                                     : STEP_READ;
    default:
        return STEP_READ;
    }
}

/* Members named without an expression: `.f = 1` and `S() : f(1)` write, offsetof reads. */
static bool reference_is_write(const WalkNode *access)
{
    if (!access->parent)
        return false;
    enum CXCursorKind kind = clang_getCursorKind(access->parent->cursor);
    if (kind == CXCursor_Constructor || kind == CXCursor_FunctionTemplate)
        return true;
    /* A designator's node has no type of its own; offsetof's is a number. */
    return clang_getCursorType(access->parent->cursor).kind == CXType_Void;
}

bool access_is_write(const WalkNode *access)
{
    if (clang_getCursorKind(access->cursor) == CXCursor_MemberRef)
        return reference_is_write(access);
    Mode mode = MODE_LVALUE;
    for (const WalkNode *node = access; node->parent; node = node->parent) {
        switch (step_up(node, mode)) {
        case STEP_READ:
            return false;
        case STEP_WRITE:
            return true;
        case STEP_LVALUE:
            mode = MODE_LVALUE;
            break;
        case STEP_DECAYED:
            mode = MODE_DECAYED;
            break;
        case STEP_POINTER:
            mode = MODE_POINTER;
            break;
        }
    }
    return false;
}
