/*
 * What a cursor says about the wanted members. Everything is dropped by name
 * first; the owner of a member is asked for only when the name fits. A member
 * reached through a class derived from its owner counts for both.
 */
#include "clang/walk.h"

#include "parse/clang_names.h"
#include "parse/clang_protocol.h"

enum { LONGEST_TEXT = 160 };

static char *take_string(Arena *arena, CXString string)
{
    const char *text = clang_getCString(string);
    char *copy = arena_strdup(arena, text ? text : "", text ? strlen(text) : 0);
    clang_disposeString(string);
    return copy;
}

static bool is_function(enum CXCursorKind kind)
{
    return kind == CXCursor_FunctionDecl || kind == CXCursor_CXXMethod ||
           kind == CXCursor_Constructor || kind == CXCursor_Destructor ||
           kind == CXCursor_ConversionFunction || kind == CXCursor_FunctionTemplate;
}

static bool is_record(enum CXCursorKind kind)
{
    return kind == CXCursor_StructDecl || kind == CXCursor_ClassDecl ||
           kind == CXCursor_UnionDecl || kind == CXCursor_ClassTemplate ||
           kind == CXCursor_ClassTemplatePartialSpecialization;
}

static const WalkNode *enclosing(const WalkNode *node, bool (*wanted)(enum CXCursorKind))
{
    for (const WalkNode *up = node->parent; up; up = up->parent)
        if (wanted(clang_getCursorKind(up->cursor)))
            return up;
    return NULL;
}

/* "Class::method", "function" or, outside functions, "Class". */
static const char *enclosing_symbol(UnitWalk *walk, const WalkNode *node)
{
    const WalkNode *function = enclosing(node, is_function);
    if (!function)
        function = enclosing(node, is_record);
    if (!function)
        return "";
    char *name = take_string(&walk->arena, clang_getCursorSpelling(function->cursor));
    CXCursor parent = clang_getCursorSemanticParent(function->cursor);
    if (!is_record(clang_getCursorKind(parent)))
        return name;
    char *scope = take_string(&walk->arena, clang_getCursorSpelling(parent));
    return arena_printf(&walk->arena, "%s::%s", scope, name);
}

static const char *source_of(UnitWalk *walk, CXCursor cursor)
{
    CXSourceRange extent = clang_getCursorExtent(cursor);
    Place start = unit_files_place(&walk->files, clang_getRangeStart(extent));
    Place end = unit_files_place(&walk->files, clang_getRangeEnd(extent));
    if (start.file == SIZE_MAX || start.file != end.file || end.offset <= start.offset ||
        end.offset - start.offset > LONGEST_TEXT)
        return "";
    Str text = str_slice(walk->files.files.items[start.file].text, start.offset, end.offset);
    char *copy = arena_strdup(&walk->arena, text.data, text.length);
    for (char *at = copy; *at; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
    return copy;
}

/* The expression left of `.` or `->`; a null cursor for a bare name. */
static CXCursor receiver_of(CXCursor access)
{
    if (clang_getCursorKind(access) != CXCursor_MemberRefExpr)
        return clang_getNullCursor();
    CXCursor child = cursor_first_child(access);
    return clang_isExpression(clang_getCursorKind(child)) ? child : clang_getNullCursor();
}

/* The class through which the member is reached, as far as it is written. */
static CXCursor receiver_class(const WalkNode *node, CXCursor receiver)
{
    while (clang_getCursorKind(receiver) == CXCursor_UnexposedExpr) {
        CXCursor inner = cursor_first_child(receiver); /* under a conversion to a base class */
        if (!clang_isExpression(clang_getCursorKind(inner)))
            break;
        receiver = inner;
    }
    if (!clang_Cursor_isNull(receiver))
        return wanted_record_of(clang_getCursorType(receiver));
    const WalkNode *function = enclosing(node, is_function);
    return function ? clang_getCursorSemanticParent(function->cursor) : clang_getNullCursor();
}

static const char *type_of(UnitWalk *walk, CXCursor receiver)
{
    CXType type = clang_getCursorType(receiver);
    while (type.kind == CXType_Pointer || type.kind == CXType_LValueReference)
        type = clang_getPointeeType(type);
    return take_string(&walk->arena, clang_getTypeSpelling(clang_getUnqualifiedType(type)));
}

static void describe(UnitWalk *walk, const WalkNode *node, CXCursor owner, UnitAccess *access)
{
    CXCursor receiver = receiver_of(node->cursor);
    access->symbol = enclosing_symbol(walk, node);
    access->receiver = access->type = "";
    if (!clang_Cursor_isNull(receiver)) {
        access->receiver = source_of(walk, receiver);
        access->type = type_of(walk, receiver);
    } else if (!clang_Cursor_isNull(owner)) {
        access->type = take_string(&walk->arena, clang_getCursorSpelling(owner));
    }
    access->owner.file = SIZE_MAX;
    CXCursor definition = clang_getCursorDefinition(owner);
    if (!clang_Cursor_isNull(definition) && !clang_isInvalid(clang_getCursorKind(definition)))
        access->owner = unit_files_place(&walk->files, clang_getCursorLocation(definition));
}

/* One place counts once for a target; a write is stronger than a read. */
static void add_access(UnitWalk *walk, const WalkNode *node, CXCursor owner, UnitAccess access)
{
    uint64_t key = ((uint64_t)(access.place.file + 1) << 48) ^ ((uint64_t)access.target << 32) ^
                   access.place.offset;
    uint64_t *known = map_get(&walk->known, key);
    if (known) {
        UnitAccess *old = &walk->accesses.items[*known];
        if (access.kind == CLANG_WRITE && old->kind == CLANG_READ)
            old->kind = CLANG_WRITE;
        return;
    }
    describe(walk, node, owner, &access);
    array_push(&walk->accesses, access);
    map_put(&walk->known, key, walk->accesses.count - 1);
}

/* The place of the member's name; in a macro's body when it is spelled there. */
static Place name_place(UnitWalk *walk, CXCursor cursor, const char *name, unsigned *flags)
{
    Place place = unit_files_place(&walk->files, clang_getCursorLocation(cursor));
    if (unit_files_word_at(&walk->files, place.file, place.offset, name))
        return place;
    *flags |= CLANG_IN_MACRO;
    Place spelled;
    return macros_locate(&walk->macros, place, name, &spelled) ? spelled : place;
}

/* Does `member` belong to the model, or is it reached through it? Sets a flag for the latter. */
static bool belongs(UnitWalk *walk, size_t model, const WalkNode *node, CXCursor owner,
                    unsigned *flags)
{
    if (wanted_is_model(walk->wanted, model, owner))
        return true;
    enum CXCursorKind kind = clang_getCursorKind(node->cursor);
    if (kind != CXCursor_MemberRefExpr)
        return false;
    *flags |= CLANG_DERIVED;
    return wanted_is_model(walk->wanted, model,
                           receiver_class(node, receiver_of(node->cursor)));
}

static void check_field(UnitWalk *walk, const WalkNode *node, CXCursor member, ClangKind kind)
{
    char *name = take_string(&walk->arena, clang_getCursorSpelling(member));
    if (!wanted_names(walk->wanted, name))
        return;
    unsigned flags = 0;
    Place place = name_place(walk, node->cursor, name, &flags);
    CXCursor owner = wanted_owner(member);
    if (clang_getCursorAvailability(member) == CXAvailability_Deprecated)
        flags |= CLANG_DEPRECATED;
    for (size_t i = 0; i < walk->wanted->fields.count; i++) {
        unsigned more = flags;
        const WantedField *field = &walk->wanted->fields.items[i];
        if (strcmp(field->name, name) != 0 || place.file == SIZE_MAX ||
            !belongs(walk, field->model, node, owner, &more))
            continue;
        if (kind == CLANG_READ && access_is_write(node))
            kind = CLANG_WRITE;
        add_access(walk, node, owner,
                   (UnitAccess){.target = i, .place = place, .kind = kind, .flags = more,
                                .name = name, .end = place.offset + (unsigned)strlen(name)});
    }
}

static void check_accessor(UnitWalk *walk, const WalkNode *node, CXCursor method, bool declares)
{
    char *name = NULL;
    int arguments = clang_Cursor_getNumArguments(method);
    for (size_t i = 0; i < walk->wanted->fields.count; i++) {
        const WantedField *field = &walk->wanted->fields.items[i];
        if (!walk->wanted->models.items[field->model].accessors)
            continue;
        if (!name)
            name = take_string(&walk->arena, clang_getCursorSpelling(method));
        AccessorUse use = clang_accessor_use(name, field->name, arguments);
        CXCursor owner = wanted_owner(method);
        if (use == ACCESSOR_NONE || !wanted_is_model(walk->wanted, field->model, owner))
            continue;
        unsigned flags = CLANG_ACCESSOR;
        Place place = name_place(walk, node->cursor, name, &flags);
        if (place.file == SIZE_MAX)
            continue;
        ClangKind kind = declares                   ? CLANG_DECLARE
                          : use == ACCESSOR_WRITES ? CLANG_WRITE
                                                   : CLANG_READ;
        add_access(walk, node, owner,
                   (UnitAccess){.target = i, .place = place, .kind = kind, .flags = flags,
                                .name = name, .end = place.offset + (unsigned)strlen(name)});
    }
}

/* The word that ends at `offset`. */
static Str word_before(Str text, size_t offset)
{
    size_t start = offset < text.length ? offset : text.length, end = start;
    while (start > 0 && byte_is_word((unsigned char)text.data[start - 1]))
        start--;
    return str_slice(text, start, end);
}

/* In a template, `t.f` with a type that is not known yet: any model with such a field may be meant. */
static void check_dependent(UnitWalk *walk, const WalkNode *node)
{
    CXSourceRange extent = clang_getCursorExtent(node->cursor);
    Place end = unit_files_place(&walk->files, clang_getRangeEnd(extent));
    if (end.file == SIZE_MAX)
        return;
    Str word = word_before(walk->files.files.items[end.file].text, end.offset);
    char *name = arena_strdup(&walk->arena, word.data, word.length);
    if (!wanted_names(walk->wanted, name))
        return;
    Place place = unit_files_place_at(&walk->files, end.file,
                                      end.offset - (unsigned)word.length);
    for (size_t i = 0; i < walk->wanted->fields.count; i++) {
        if (strcmp(walk->wanted->fields.items[i].name, name) != 0)
            continue;
        add_access(walk, node, clang_getNullCursor(),
                   (UnitAccess){.target = i, .place = place, .name = name, .end = end.offset,
                                .kind = access_is_write(node) ? CLANG_WRITE : CLANG_READ,
                                .flags = CLANG_DEPENDENT});
    }
}

static void check_reference(UnitWalk *walk, const WalkNode *node)
{
    CXCursor member = clang_getCursorReferenced(node->cursor);
    switch (clang_getCursorKind(member)) {
    case CXCursor_FieldDecl:
    case CXCursor_VarDecl:
        check_field(walk, node, member, CLANG_READ);
        break;
    case CXCursor_CXXMethod:
        check_accessor(walk, node, member, false);
        break;
    default:
        if (clang_Cursor_isNull(member) &&
            clang_getCursorKind(node->cursor) == CXCursor_MemberRefExpr)
            check_dependent(walk, node);
        break;
    }
}

/* `using Base::field;` */
static void check_using(UnitWalk *walk, const WalkNode *node)
{
    if (!node->parent || clang_getCursorKind(node->parent->cursor) != CXCursor_UsingDeclaration)
        return;
    unsigned count = clang_getNumOverloadedDecls(node->cursor);
    for (unsigned i = 0; i < count; i++) {
        CXCursor member = clang_getOverloadedDecl(node->cursor, i);
        if (clang_getCursorKind(member) == CXCursor_FieldDecl)
            check_field(walk, node, member, CLANG_DECLARE);
    }
}

static void add_blind_spot(UnitWalk *walk, CXCursor cursor, CXType type, const char *text)
{
    CXCursor record = wanted_record_of(type);
    for (size_t i = 0; i < walk->wanted->models.count; i++) {
        if (!wanted_is_model(walk->wanted, i, record))
            continue;
        Place place = unit_files_place(&walk->files, clang_getCursorLocation(cursor));
        if (place.file != SIZE_MAX)
            array_push(&walk->blind_spots, ((UnitBlindSpot){i, place, text}));
    }
}

/* memset(object, 0, sizeof *object) and its kin touch every member. */
static void check_call(UnitWalk *walk, const WalkNode *node)
{
    static const char *const names[] = {"memcpy", "memmove", "memset", "memcmp", "bzero"};
    CXString spelling = clang_getCursorSpelling(node->cursor);
    const char *name = clang_getCString(spelling);
    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) != 0)
            continue;
        int count = clang_Cursor_getNumArguments(node->cursor);
        for (int j = 0; j < count && j < 2; j++) {
            CXCursor argument = clang_Cursor_getArgument(node->cursor, (unsigned)j);
            if (clang_getCursorKind(argument) == CXCursor_UnexposedExpr)
                argument = cursor_first_child(argument);
            size_t before = walk->blind_spots.count;
            add_blind_spot(walk, node->cursor, clang_getCursorType(argument),
                           "copies, clears or compares the whole object as bytes");
            if (walk->blind_spots.count > before)
                break;
        }
    }
    clang_disposeString(spelling);
}

static enum CXChildVisitResult count_child(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)cursor;
    (void)parent;
    ++*(unsigned *)data;
    return CXChildVisit_Continue;
}

/* Members that are set by their position: not {}, {0} or `.name = value`. */
static void check_initializer(UnitWalk *walk, const WalkNode *node)
{
    CXCursor first = cursor_first_child(node->cursor);
    CXType type = clang_getCursorType(node->cursor);
    unsigned count = 0;
    clang_visitChildren(node->cursor, count_child, &count);
    bool zero = count == 1 && clang_getCursorKind(first) == CXCursor_IntegerLiteral;
    if (count == 0 || zero || clang_getCursorType(first).kind == CXType_Void ||
        clang_getCanonicalType(type).kind != CXType_Record)
        return;
    add_blind_spot(walk, node->cursor, type, "initializes members by position");
}

void unit_check(UnitWalk *walk, const WalkNode *node)
{
    CXCursor cursor = node->cursor;
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_FieldDecl:
    case CXCursor_VarDecl:
        check_field(walk, node, cursor, CLANG_DECLARE);
        break;
    case CXCursor_CXXMethod:
        check_accessor(walk, node, cursor, true);
        break;
    case CXCursor_MemberRefExpr:
    case CXCursor_MemberRef:
    case CXCursor_DeclRefExpr:
        check_reference(walk, node);
        break;
    case CXCursor_OverloadedDeclRef:
        check_using(walk, node);
        break;
    case CXCursor_CallExpr:
        check_call(walk, node);
        break;
    case CXCursor_InitListExpr:
        check_initializer(walk, node);
        break;
    case CXCursor_UnexposedDecl:
        if (clang_getCursorType(cursor).kind != CXType_Invalid &&
            clang_isExpression(clang_getCursorKind(cursor_first_child(cursor))) == 0)
            add_blind_spot(walk, cursor, clang_getCursorType(cursor),
                           "a structured binding names members by position");
        break;
    default:
        break;
    }
}
