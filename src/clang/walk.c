/*
 * Pre-order over the declarations that can hold an access, with an explicit
 * stack: expressions nest as deep as an attacker likes. A declaration in a file
 * without any wanted word is passed over unopened, which is what makes a unit
 * cost its parse and little more.
 */
#include "clang/walk.h"

void unit_walk_init(UnitWalk *walk, CXTranslationUnit unit, Wanted *wanted)
{
    *walk = (UnitWalk){.wanted = wanted};
    wanted_begin_unit(wanted, unit);
    unit_files_init(&walk->files, unit, wanted);
    macros_init(&walk->macros, &walk->files);
}

void unit_walk_release(UnitWalk *walk)
{
    macros_release(&walk->macros);
    unit_files_release(&walk->files);
    arena_release(&walk->arena);
    arena_release(&walk->nodes);
    array_release(&walk->stack);
    array_release(&walk->accesses);
    array_release(&walk->blind_spots);
    map_release(&walk->known);
}

typedef struct Collect {
    UnitWalk *walk;
    const WalkNode *parent;
    unsigned place;
} Collect;

static enum CXChildVisitResult collect_child(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    Collect *collect = data;
    WalkNode *node = ARENA_NEW(&collect->walk->nodes, WalkNode);
    *node = (WalkNode){cursor, collect->parent, collect->place++};
    array_push(&collect->walk->stack, node);
    return CXChildVisit_Continue;
}

/* Children go on the stack in source order; reversed, the first comes off first. */
static void push_children(UnitWalk *walk, const WalkNode *node)
{
    size_t first = walk->stack.count;
    Collect collect = {walk, node, 0};
    clang_visitChildren(node->cursor, collect_child, &collect);
    for (size_t i = first, j = walk->stack.count; i + 1 < j; i++) {
        WalkNode *swap = walk->stack.items[--j];
        walk->stack.items[j] = walk->stack.items[i];
        walk->stack.items[i] = swap;
    }
}

static bool may_hold(UnitWalk *walk, CXCursor cursor)
{
    CXSourceRange extent = clang_getCursorExtent(cursor);
    Place start = unit_files_place(&walk->files, clang_getRangeStart(extent));
    if (start.file == SIZE_MAX)
        return false;
    const UnitFile *file = &walk->files.files.items[start.file];
    if (file->holds_word || file->inclusions.count == 0)
        return file->holds_word;
    Place end = unit_files_place(&walk->files, clang_getRangeEnd(extent));
    return unit_files_may_hold(&walk->files, start.file, start.offset, end.offset);
}

static bool is_container(enum CXCursorKind kind)
{
    return kind == CXCursor_Namespace || kind == CXCursor_LinkageSpec;
}

static void walk_declaration(UnitWalk *walk, CXCursor cursor)
{
    WalkNode *root = ARENA_NEW(&walk->nodes, WalkNode);
    *root = (WalkNode){cursor, NULL, 0};
    array_push(&walk->stack, root);
    while (walk->stack.count) {
        WalkNode *node = walk->stack.items[--walk->stack.count];
        enum CXCursorKind kind = clang_getCursorKind(node->cursor);
        bool outermost = !node->parent || is_container(clang_getCursorKind(node->parent->cursor));
        if (outermost && !may_hold(walk, node->cursor))
            continue;
        unit_check(walk, node);
        if (kind != CXCursor_TypedefDecl) /* its struct is a declaration of its own */
            push_children(walk, node);
    }
    arena_release(&walk->nodes);
}

static enum CXChildVisitResult visit_top(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    UnitWalk *walk = data;
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    if (kind == CXCursor_MacroDefinition || kind == CXCursor_MacroExpansion)
        macros_add(&walk->macros, cursor);
    else if (kind != CXCursor_InclusionDirective)
        walk_declaration(walk, cursor);
    return CXChildVisit_Continue;
}

void unit_walk_run(UnitWalk *walk)
{
    CXCursor top = clang_getTranslationUnitCursor(walk->files.unit);
    clang_visitChildren(top, visit_top, walk);
}

static enum CXChildVisitResult take_first(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    *(CXCursor *)data = cursor;
    return CXChildVisit_Break;
}

CXCursor cursor_first_child(CXCursor cursor)
{
    CXCursor child = clang_getNullCursor();
    clang_visitChildren(cursor, take_first, &child);
    return child;
}
