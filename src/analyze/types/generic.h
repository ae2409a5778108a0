/*
 * generic.h: what type parameters stand for.
 *
 * `class Box<T> { value: T }` says of a Box<Order> that its value is an Order. The types that
 * parameters are given form a chain of links in the resolver, newest first; a chain is known by
 * its newest link, 0 is the empty one. Links never change, so a Type carries the chain by which
 * its class's declarations are to be read (`Type.given`), and a written type is read by the chain
 * that the resolver holds (`Resolver.given`).
 */
#ifndef STRAGGLER_ANALYZE_GENERIC_H
#define STRAGGLER_ANALYZE_GENERIC_H

#include "analyze/types/callee.h"

/* What a type parameter stands for by the resolver's chain; false when that does not tell. */
bool generic_lookup(const Resolver *resolver, FileId file, NodeId parameter, TypeSet *set);

/*
 * The chain `outer` and, before it, what the type arguments of `node` in `file` (its ELEMENTs that
 * are TYPEs) give the parameters of `declaration`: a CLASS, FUNCTION, LAMBDA, or an alias's TYPE.
 */
uint32_t generic_extend(Resolver *resolver, uint32_t outer, Place declaration, FileId file,
                        NodeId node);

/* The same for all places where a class is declared. */
uint32_t generic_class(Resolver *resolver, ClassId class_id, FileId file, NodeId node);

/* The chain by which what `owner`, a class above the type's own, declares is to be read. */
uint32_t generic_owner(Resolver *resolver, Type type, ClassId owner);

/*
 * The generic of a library, one of its language's `function_types`, that a class is below, as it
 * is written there: Component<RowProps>. False: there is none.
 */
bool generic_base(Resolver *resolver, Type type, Callee *base);

/* Type argument `index` of a generic, by what its place knows; empty when it has none. */
TypeSet generic_argument(Resolver *resolver, Callee generic, size_t index);

/*
 * Adds to callee->given what a CALL or NEW gives the callee's own type parameters: by its type
 * arguments, else by the types of its arguments, `except` (0: none) left out.
 */
void generic_call(Resolver *resolver, FileId file, NodeId call, NodeId except, Callee *callee);

/* The same for the parameters of a constructed class: new Box(order). */
uint32_t generic_new(Resolver *resolver, FileId file, NodeId node, ClassId class_id);

#endif
