/*
 * place.h: whether an expression's memory is written where objects are values.
 *
 * In C, o->box.size = 1 and o->name[0] = 'x' write the members box and name of o, and
 * f(&o->count) lets f write it. Languages say so by `value_member`.
 */
#ifndef STRAGGLER_ANALYZE_PLACE_H
#define STRAGGLER_ANALYZE_PLACE_H

#include "analyze/program/program.h"

/*
 * The outermost expression around the MEMBER or NAME at `node` that is part of the same
 * memory; `array`: the member is declared as an array or another container that is a value.
 */
NodeId place_whole(const Program *program, FileId file, NodeId node, bool array);

/* True when the address of the expression is given to something that may write through it. */
bool place_is_lent(const Program *program, FileId file, NodeId node);

#endif
