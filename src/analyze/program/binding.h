/*
 * binding.h: which places give a local name its value.
 *
 * Scopes are functions, blocks' lambdas and comprehensions; a name is looked up
 * outwards. A file's table is made once, when the first name is asked.
 */
#ifndef STRAGGLER_ANALYZE_BINDING_H
#define STRAGGLER_ANALYZE_BINDING_H

#include "analyze/program/program.h"

typedef enum BindingKind {
    BINDING_VALUE,     /* value: the node whose type the name has; 0 unknown */
    BINDING_PARAM,     /* node is the PARAM */
    BINDING_EACH,      /* value: the collection that is looped over; index: an EachPart */
    BINDING_PART,      /* value: what is taken apart; index or key tells which part */
} BindingKind;

/* Of a collection with keys, a single name gets the keys: for k := range m. */
typedef enum EachPart { EACH_ALONE, EACH_KEY, EACH_ELEMENT } EachPart;

struct Binding {
    NodeId scope;  /* FUNCTION, LAMBDA, COMPREHENSION or 1 (the file) */
    Sym name;
    NodeId node;   /* the declaring node */
    NodeId value;
    NodeId type;   /* declared TYPE, or 0 */
    BindingKind kind;
    uint32_t index; /* PART: position, or UINT32_MAX when `key` tells */
    Sym key;
    uint32_t at;   /* byte offset of the declaring node's end */
};

/*
 * The bindings that reach the NAME at `node`: fills `out` (at most `max`) and
 * returns how many. The last assignment that surely runs before wins; else all
 * that may. 0: the name is not local.
 */
size_t binding_lookup(File *file, NodeId node, const Binding **out, size_t max);

/* The same for a name that stands elsewhere, as if it stood at `node`. */
size_t binding_lookup_name(File *file, NodeId node, Sym name, const Binding **out, size_t max);

/* All bindings of a file. */
const Binding *binding_table(File *file, size_t *count);

#endif
