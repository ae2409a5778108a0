/*
 * walk.h: the members that a parsed unit declares and uses.
 */
#ifndef STRAGGLER_CLANG_WALK_H
#define STRAGGLER_CLANG_WALK_H

#include "clang/files.h"
#include "clang/kind.h"
#include "clang/macros.h"
#include "parse/clang.h"

typedef struct UnitAccess {
    size_t target; /* index into the wanted fields */
    Place place;
    unsigned end;
    ClangKind kind;
    unsigned flags;  /* ClangAccessFlag bits */
    const char *name, *receiver, *type, *symbol; /* "" when there is none */
    Place owner; /* where the class is defined */
} UnitAccess;

typedef struct UnitBlindSpot {
    size_t model;
    Place place;
    const char *text;
} UnitBlindSpot;

typedef struct UnitWalk {
    Wanted *wanted;
    UnitFiles files;
    Macros macros;
    Arena arena;   /* strings */
    Arena nodes;   /* the declaration being walked */
    struct { ARRAY_OF(WalkNode *); } stack;
    struct { ARRAY_OF(UnitAccess); } accesses;
    struct { ARRAY_OF(UnitBlindSpot); } blind_spots;
    Map known; /* target and place -> index into accesses */
} UnitWalk;

void unit_walk_init(UnitWalk *walk, CXTranslationUnit unit, Wanted *wanted);
void unit_walk_run(UnitWalk *walk);
void unit_walk_release(UnitWalk *walk);

/* Judges one cursor: is it a wanted member? Adds what it finds. (member.c) */
void unit_check(UnitWalk *walk, const WalkNode *node);

/* The first child of `cursor`; a null cursor when it has none. */
CXCursor cursor_first_child(CXCursor cursor);

#endif
