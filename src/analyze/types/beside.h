/*
 * beside.h: members that are named beside their type, without an object.
 *
 * Macros take a type and the name of a member: container_of(p, struct order, lines). And
 * offsetof(struct order, lines.count) names a member of a member.
 */
#ifndef STRAGGLER_ANALYZE_BESIDE_H
#define STRAGGLER_ANALYZE_BESIDE_H

#include "analyze/types/receiver.h"

/* The class whose member the bare NAME is, told by what stands before it; empty when nothing tells. */
TypeSet beside_type(Resolver *resolver, FileId file, NodeId name);

/* What a MEMBER's receiver is when the parser left parts between it and the name. */
TypeSet beside_receiver(Resolver *resolver, FileId file, NodeId member, NodeId receiver);

#endif
