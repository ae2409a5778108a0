/*
 * flow.h: the order in which the nodes of one function run.
 *
 * A Flow is a control-flow graph: basic blocks of nodes in evaluation order
 * (operands before the node that uses them), with an edge for each way on.
 * Function literals given to a call run in place, once or more, or apart: then what
 * they do is not seen after them. A block inside a TRY names the block of its
 * handlers, which may be entered before and after it. An edge that is taken only
 * when a condition holds, or does not, names it.
 */
#ifndef STRAGGLER_ANALYZE_FLOW_H
#define STRAGGLER_ANALYZE_FLOW_H

#include "base/arena.h"
#include "base/array.h"
#include "facts/fact.h"
#include "parse/language.h"

typedef uint32_t FlowBlockId;

typedef struct FlowBlock {
    uint32_t first, count; /* steps */
    uint32_t edges;        /* index + 1 of the newest edge; 0 none */
    FlowBlockId handler;   /* 0: none */
} FlowBlock;

typedef struct FlowEdge {
    FlowBlockId to;
    uint32_t next;    /* index + 1 */
    NodeId condition; /* 0: none */
    bool holds;       /* the condition's value on this way */
} FlowEdge;

enum { FLOW_ENTRY = 1, FLOW_EXIT = 2 };

typedef struct Flow {
    struct { ARRAY_OF(FlowBlock); } blocks; /* items[0] is unused; FLOW_ENTRY, FLOW_EXIT */
    struct { ARRAY_OF(FlowEdge); } edges;
    struct { ARRAY_OF(NodeId); } steps;
    struct { ARRAY_OF(FlowBlockId); } order; /* as they run when nothing jumps back */
} Flow;

typedef struct FlowInput {
    const Facts *facts;
    const Names *names;
    const Language *language;
    /* NULL, or tells whether the function literals of a call run apart. */
    bool (*apart)(const void *context, NodeId call);
    const void *context;
} FlowInput;

/* The flow of a FUNCTION, LAMBDA, CLASS or FILE node's own statements. */
void flow_make(Flow *flow, const FlowInput *input, NodeId root);
/* True for operators whose right side may not run: the value is one of the two. */
bool flow_short_circuit(const FlowInput *input, const Node *node);

void flow_release(Flow *flow);

/* One past the last node below `root`; nodes are in pre-order. */
NodeId flow_end(const Facts *facts, NodeId root);

#endif
