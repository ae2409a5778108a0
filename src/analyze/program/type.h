/*
 * type.h: what an expression is known to be, how surely, and why.
 *
 * A TypeSet is a small union: `x = a if c else b`. Sets are interned in the
 * resolver and never change. Evidence is a chain of places, newest first.
 */
#ifndef STRAGGLER_ANALYZE_TYPE_H
#define STRAGGLER_ANALYZE_TYPE_H

#include "analyze/program/program.h"

/*
 * A declared union has this many types at most. Types gathered from many places (callers, heirs)
 * that are TOO_MANY_TYPES tell nothing: there may be more.
 */
enum { TYPE_SET_MAX = 12, TOO_MANY_TYPES = 4 };

typedef uint32_t ReasonId; /* 0: none */

/* One link of the chain. */
typedef struct Reason {
    FileId file;      /* 0: a convention without a place */
    NodeId node;
    const char *text; /* the convention in words; NULL: the source line speaks */
    ReasonId before;
} Reason;

typedef struct Type {
    uint8_t shape;      /* Shape, never SAME.. */
    uint8_t confidence; /* Confidence */
    ClassId class_id;   /* INSTANCE, CLASS, COLLECTION, BUILDER, TABLE; may be undeclared */
    Sym module;         /* MODULE */
    ClassId key;        /* COLLECTION: the class of its keys; 0: it has none, or no class */
    uint32_t given; /* what the class's type parameters stand for: see generic.h; 0: not told */
    ReasonId reason;
} Type;

typedef struct TypeSet {
    uint32_t count; /* 0: nothing is known */
    Type items[TYPE_SET_MAX];
} TypeSet;

/* Adds `type` unless the set holds it; a stronger confidence replaces a weaker. Full sets stay. */
void typeset_add(TypeSet *set, Type type);
void typeset_join(TypeSet *set, const TypeSet *other);

/* The keys of the collections, as INSTANCE. */
TypeSet typeset_keys(const TypeSet *set);

/* Every confidence becomes at least as weak as `confidence`. */
void typeset_weaken(TypeSet *set, Confidence confidence);

#endif
