/*
 * kind.h: does an access read or write?
 *
 * Told from what stands around it. A write is an assignment, a compound
 * assignment, ++ or --, an initializer, and a way for the member's address to
 * get out as something that may be written through (`&x->f` passed or stored as
 * a pointer to non-const, the member bound to a non-const reference). Parts
 * count for the whole: `x.f.part = 1` and `x.f[0] = 1` write f, unless a
 * pointer is followed on the way.
 */
#ifndef STRAGGLER_CLANG_KIND_H
#define STRAGGLER_CLANG_KIND_H

#include <clang-c/Index.h>
#include <stdbool.h>

/* A cursor and how it was reached. */
typedef struct WalkNode {
    CXCursor cursor;
    const struct WalkNode *parent; /* NULL at the top */
    unsigned place;                /* 0: its parent's first child */
} WalkNode;

/* `access` is the cursor that names the member. */
bool access_is_write(const WalkNode *access);

#endif
