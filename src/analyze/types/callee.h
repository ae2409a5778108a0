/*
 * callee.h: what a call calls, as far as declarations tell.
 *
 * A callee is a Place: a FUNCTION, a LAMBDA that a name holds, or the TYPE of a
 * function (`cb: (order: Order) => void`). All have PARAMs and RETURNs as children.
 */
#ifndef STRAGGLER_ANALYZE_CALLEE_H
#define STRAGGLER_ANALYZE_CALLEE_H

#include "analyze/types/receiver.h"

enum { MOST_CALLEES = 8 };

/* The callees of a CALL or NEW; returns how many of `out` were filled. */
size_t callee_find(Resolver *resolver, FileId file, NodeId call, Place out[MOST_CALLEES]);

/* The functions that a bare name means in a file: its own, imported ones, else all of that name. */
size_t callee_named(Resolver *resolver, FileId file, Sym name, Place out[MOST_CALLEES]);

/* The type that parameter `index` is declared with; empty when it is not. */
TypeSet callee_parameter(Resolver *resolver, Place callee, size_t index);

/* The TYPE node of parameter `index`; 0 when it is not declared. */
NodeId callee_parameter_node(const Resolver *resolver, Place callee, size_t index);

/* The function that a TYPE describes, through aliases and unions; false when it describes none. */
bool callee_of_type(const Resolver *resolver, Place type, Place *callee);

/* The function that a member is; false when it is none. */
bool callee_of_member(const Resolver *resolver, MemberId member, Place *callee);

#endif
