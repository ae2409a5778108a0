/*
 * local.h: names that no assignment to a local makes, yet are known in the blocks around them.
 *
 * A call may name what its block gives (`let(:order) { Order.new }`, the packs' `locals` rules),
 * and a block outside every class may set an instance variable (`before { @order = ... }`). Both
 * hold in the block that the call, or the block that sets it, stands in, and in blocks inside.
 */
#ifndef STRAGGLER_ANALYZE_LOCAL_H
#define STRAGGLER_ANALYZE_LOCAL_H

#include "analyze/program/program.h"

/* Notes the names that the CALL or ASSIGN at `node` gives. */
void local_link(Program *program, FileId file, NodeId node);

/*
 * The nodes (LAMBDA: its result, else the value itself) that `name` stands for at `node`; those of
 * the innermost block win. Fills at most `max`.
 */
size_t local_lookup(const Program *program, FileId file, NodeId node, Sym name, NodeId *values,
                    size_t max);

/* The name that a block's result has by a `locals` rule; 0: none. *end: where it is known no more. */
Sym local_of_block(const Program *program, FileId file, NodeId block, uint32_t *end);

/* True when `argument` is the name that a `locals` rule's call gives. */
bool local_is_name(const Program *program, FileId file, NodeId call, NodeId argument);

#endif
