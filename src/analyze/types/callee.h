/*
 * callee.h: what a call calls, as far as declarations tell.
 *
 * A callee is a FUNCTION, a LAMBDA that a name holds, or the TYPE of a function
 * (`cb: (order: Order) => void`). All have PARAMs and RETURNs as children.
 */
#ifndef STRAGGLER_ANALYZE_CALLEE_H
#define STRAGGLER_ANALYZE_CALLEE_H

#include "analyze/types/receiver.h"

enum { MOST_CALLEES = 8 };

typedef struct Callee {
    FileId file;
    NodeId node;
    uint32_t given; /* what the type parameters in its declaration stand for: see generic.h */
} Callee;

/* The callees of a CALL or NEW; returns how many of `out` were filled. */
size_t callee_find(Resolver *resolver, FileId file, NodeId call, Callee out[MOST_CALLEES]);

/* The functions that a bare name means in a file: its own, imported ones, else all of that name. */
size_t callee_named(Resolver *resolver, FileId file, Sym name, Callee out[MOST_CALLEES]);

/* The constructors that a class declares; returns how many of `out` were filled. */
size_t callee_constructors(const Resolver *resolver, ClassId class_id, Callee out[MOST_CALLEES]);

/* The type that the callee is declared to give back; empty when it is not. */
TypeSet callee_result(Resolver *resolver, Callee callee);

/* The type that parameter `index` is declared with; empty when it is not. */
TypeSet callee_parameter(Resolver *resolver, Callee callee, size_t index);

/* The TYPE node of parameter `index`; 0 when it is not declared. */
NodeId callee_parameter_node(const Resolver *resolver, Callee callee, size_t index);

/* The function that a TYPE (`type.node`) describes, through aliases and unions; false: it describes none. */
bool callee_of_type(Resolver *resolver, Callee type, Callee *callee);

/* The function that a member of an object is; false when it is none. */
bool callee_of_member(Resolver *resolver, Type receiver, MemberId member, Callee *callee);

#endif
