/*
 * One walk with an explicit stack of tasks, so that nesting costs heap and not
 * stack. A task visits a node, or does what comes between visits: enter a block,
 * draw an edge, open or close a loop. Each node is visited once and each branch
 * makes at most three blocks, so the graph is linear in the function's size.
 *
 * Exceptions are coarse on purpose: any block of a TRY's body may jump to the
 * handlers before or after its steps.
 */
#include "analyze/saves/flow.h"

#include <string.h>

typedef enum TaskKind {
    TASK_VISIT,
    TASK_STEP,
    TASK_ENTER,
    TASK_EDGE,
    TASK_LOOP,     /* opens a loop: continue -> a, break -> b */
    TASK_LOOP_END,
    TASK_HANDLER,  /* blocks from here on are guarded by a */
    TASK_FORK,     /* after a condition: THEN and ELSE of node */
    TASK_RIGHT     /* after a left operand: the right one may run */
} TaskKind;

typedef struct Task {
    TaskKind kind;
    uint32_t a, b;
} Task;

typedef struct Loop {
    FlowBlockId again, out;
    bool function; /* a function literal: `return` leaves it */
} Loop;

typedef struct Maker {
    Flow *flow;
    const FlowInput *input;
    const Facts *facts;
    FlowBlockId current, handler;
    struct { ARRAY_OF(Task); } tasks;
    struct { ARRAY_OF(Task); } batch; /* tasks of one node, in order */
    struct { ARRAY_OF(Loop); } loops;
} Maker;

NodeId flow_end(const Facts *facts, NodeId root)
{
    for (NodeId id = root; id; id = facts->nodes[id].parent) {
        if (facts->nodes[id].next)
            return facts->nodes[id].next;
    }
    return facts->count;
}

static FlowBlockId new_block(Maker *m)
{
    FlowBlock block = {.handler = m->handler};
    array_push(&m->flow->blocks, block);
    return (FlowBlockId)(m->flow->blocks.count - 1);
}

static void edge_if(Maker *m, FlowBlockId from, FlowBlockId to, NodeId condition, bool holds)
{
    FlowBlock *block = &m->flow->blocks.items[from];
    array_push(&m->flow->edges, ((FlowEdge){to, block->edges, condition, holds}));
    block->edges = (uint32_t)m->flow->edges.count;
}

static void edge(Maker *m, FlowBlockId from, FlowBlockId to)
{
    edge_if(m, from, to, 0, false);
}

/* Steps of a block are contiguous: a block that was left is not entered with steps again. */
static void step(Maker *m, NodeId node)
{
    FlowBlock *block = &m->flow->blocks.items[m->current];
    if (!block->count)
        block->first = (uint32_t)m->flow->steps.count;
    array_push(&m->flow->steps, node);
    block->count++;
}

static void enter(Maker *m, FlowBlockId block)
{
    m->current = block;
    array_push(&m->flow->order, block); /* one that is entered again has only edges to add */
}

static void leave(Maker *m, FlowBlockId to)
{
    if (to)
        edge(m, m->current, to);
    m->current = new_block(m);
    array_push(&m->flow->order, m->current);
}

static void later(Maker *m, TaskKind kind, uint32_t a, uint32_t b)
{
    array_push(&m->batch, ((Task){kind, a, b}));
}

static void later_role(Maker *m, NodeId id, FactRole role)
{
    for (NodeId c = m->facts->nodes[id].child; c; c = m->facts->nodes[c].next) {
        if (m->facts->nodes[c].role == role)
            later(m, TASK_VISIT, c, 0);
    }
}

/* Puts the batch on the stack, so that its first task runs next. */
static void flush(Maker *m)
{
    while (m->batch.count)
        array_push(&m->tasks, m->batch.items[--m->batch.count]);
}

static void fork_branches(Maker *m, NodeId id)
{
    FlowBlockId then = new_block(m), other = new_block(m), join = new_block(m);
    NodeId condition = fact_child(m->facts, id, ROLE_CONDITION);
    edge_if(m, m->current, then, condition, true);
    edge_if(m, m->current, other, condition, false);
    later(m, TASK_ENTER, then, 0);
    later_role(m, id, ROLE_THEN);
    later(m, TASK_EDGE, join, 0);
    later(m, TASK_ENTER, other, 0);
    later_role(m, id, ROLE_ELSE);
    later(m, TASK_EDGE, join, 0);
    later(m, TASK_ENTER, join, 0);
    later(m, TASK_STEP, id, 0);
    flush(m);
}

static void visit_loop(Maker *m, NodeId id, bool at_least_once)
{
    FlowBlockId head = new_block(m), body = new_block(m), out = new_block(m);
    bool lambda = m->facts->nodes[id].kind == FACT_LAMBDA;
    later_role(m, id, ROLE_SOURCE);
    later(m, TASK_EDGE, head, 0);
    later(m, TASK_ENTER, head, 0);
    later_role(m, id, ROLE_CONDITION);
    later(m, TASK_EDGE, body, 0);
    if (!at_least_once)
        later(m, TASK_EDGE, out, 0);
    later(m, TASK_ENTER, body, 0);
    later(m, TASK_STEP, id, 0);
    later(m, TASK_LOOP, head, lambda && m->facts->nodes[id].role != ROLE_BLOCK ? out | 1u << 31 : out);
    later_role(m, id, ROLE_BODY);
    later(m, TASK_LOOP_END, 0, 0);
    later(m, TASK_EDGE, head, 0);
    if (at_least_once)
        later(m, TASK_EDGE, out, 0);
    later(m, TASK_ENTER, out, 0);
    flush(m);
}

/* Goes on in a new block that `from` leads to. */
static void later_branch(Maker *m, FlowBlockId from)
{
    FlowBlockId block = new_block(m);
    later(m, TASK_ENTER, from, 0);
    later(m, TASK_EDGE, block, 0);
    later(m, TASK_ENTER, block, 0);
}

static void visit_switch(Maker *m, NodeId id)
{
    FlowBlockId head = new_block(m), join = new_block(m);
    bool complete = false;
    later_role(m, id, ROLE_VALUE);
    later(m, TASK_EDGE, head, 0);
    for (NodeId c = m->facts->nodes[id].child; c; c = m->facts->nodes[c].next) {
        if (m->facts->nodes[c].kind != FACT_CASE)
            continue;
        later_branch(m, head);
        later_role(m, c, ROLE_CONDITION);
        later_role(m, c, ROLE_BODY);
        later(m, TASK_EDGE, join, 0);
        complete |= !fact_child(m->facts, c, ROLE_CONDITION);
    }
    later(m, TASK_ENTER, head, 0);
    if (!complete)
        later(m, TASK_EDGE, join, 0);
    later(m, TASK_ENTER, join, 0);
    flush(m);
}

static void visit_try(Maker *m, NodeId id)
{
    FlowBlockId after = new_block(m), dispatch = new_block(m), before = m->handler;
    m->handler = dispatch;
    FlowBlockId body = new_block(m);
    m->handler = before;
    later(m, TASK_EDGE, body, 0);
    later(m, TASK_HANDLER, dispatch, 0);
    later(m, TASK_ENTER, body, 0);
    later_role(m, id, ROLE_BODY);
    later(m, TASK_HANDLER, before, 0);
    later_role(m, id, ROLE_ELSE);
    later(m, TASK_EDGE, after, 0);
    for (NodeId c = m->facts->nodes[id].child; c; c = m->facts->nodes[c].next) {
        if (m->facts->nodes[c].role != ROLE_HANDLER)
            continue;
        later_branch(m, dispatch);
        later(m, TASK_VISIT, c, 0);
        later(m, TASK_EDGE, after, 0);
    }
    later(m, TASK_ENTER, after, 0);
    later_role(m, id, ROLE_FINALLY);
    flush(m);
}

static void visit_jump(Maker *m, FactKind kind)
{
    size_t i = m->loops.count;
    if (kind == FACT_RETURN) {
        while (i && !m->loops.items[i - 1].function)
            i--;
        leave(m, i ? m->loops.items[i - 1].out : FLOW_EXIT);
    } else if (kind == FACT_THROW) {
        leave(m, m->handler);
    } else {
        leave(m, !i ? FLOW_EXIT : kind == FACT_BREAK ? m->loops.items[i - 1].out
                                                     : m->loops.items[i - 1].again);
    }
}

bool flow_short_circuit(const FlowInput *input, const Node *node)
{
    Str word = names_str(input->names, node->name);
    return strlist_has(&input->language->operators.both, word) ||
           strlist_has(&input->language->operators.either, word);
}

/* "os.Exit", "raise": a call that does not come back. */
static bool is_exit(const Maker *m, NodeId call)
{
    const Node *node = &m->facts->nodes[call];
    const StrList *exits = &m->input->language->exits;
    NodeId receiver = fact_child(m->facts, call, ROLE_RECEIVER);
    Str name = names_str(m->input->names, node->name);
    if (!receiver)
        return strlist_has(exits, name);
    Str owner = names_str(m->input->names, m->facts->nodes[receiver].name);
    for (size_t i = 0; i < exits->count; i++) {
        Str exit = exits->items[i];
        size_t dot = owner.length;
        if (exit.length == dot + 1 + name.length && exit.data[dot] == '.' &&
            str_eq(str_slice(exit, 0, dot), owner) && str_eq(str_slice(exit, dot + 1, exit.length), name))
            return true;
    }
    return false;
}

/* A function literal that runs some time after this, or before: nothing of it is seen here. */
static void visit_apart(Maker *m, NodeId id)
{
    FlowBlockId body = new_block(m), out = new_block(m);
    edge(m, m->current, body);
    edge(m, m->current, out);
    later(m, TASK_ENTER, body, 0);
    later(m, TASK_STEP, id, 0);
    later(m, TASK_LOOP, body, 1u << 31); /* nothing leads out */
    later_role(m, id, ROLE_BODY);
    later(m, TASK_LOOP_END, 0, 0);
    later(m, TASK_ENTER, out, 0);
    flush(m);
}

/* Operands, the node itself, then the function literals that it is given. */
static void visit_plain(Maker *m, NodeId id)
{
    const Node *node = &m->facts->nodes[id];
    bool call = node->kind == FACT_CALL || node->kind == FACT_NEW;
    if (node->kind == FACT_ASSIGN)
        later_role(m, id, ROLE_VALUE);
    for (NodeId c = node->child; c; c = m->facts->nodes[c].next) {
        bool literal = call && m->facts->nodes[c].kind == FACT_LAMBDA;
        if (!literal && !(node->kind == FACT_ASSIGN && m->facts->nodes[c].role == ROLE_VALUE))
            later(m, TASK_VISIT, c, 0);
    }
    later(m, TASK_STEP, id, 0);
    for (NodeId c = node->child; call && c; c = m->facts->nodes[c].next) {
        if (m->facts->nodes[c].kind == FACT_LAMBDA)
            later(m, TASK_VISIT, c, 0);
    }
    flush(m);
}

static void visit(Maker *m, NodeId id)
{
    const Node *node = &m->facts->nodes[id];
    switch (node->kind) {
    case FACT_FUNCTION:
    case FACT_CLASS: return; /* runs elsewhere */
    case FACT_IF:
    case FACT_CHOICE:
        later_role(m, id, ROLE_CONDITION);
        later(m, TASK_FORK, id, 0);
        flush(m);
        return;
    case FACT_LOOP:
    case FACT_EACH: visit_loop(m, id, false); return;
    case FACT_LAMBDA:
        if (m->input->apart && m->input->apart(m->input->context, node->parent))
            visit_apart(m, id);
        else
            visit_loop(m, id, true);
        return;
    case FACT_SWITCH: visit_switch(m, id); return;
    case FACT_TRY: visit_try(m, id); return;
    case FACT_BINARY:
        if (flow_short_circuit(m->input, node)) {
            later_role(m, id, ROLE_LEFT);
            later(m, TASK_RIGHT, id, 0);
            flush(m);
            return;
        }
        break;
    default: break;
    }
    visit_plain(m, id);
}

static void visit_right(Maker *m, NodeId id)
{
    FlowBlockId right = new_block(m), join = new_block(m);
    NodeId left = fact_child(m->facts, id, ROLE_LEFT);
    bool both = strlist_has(&m->input->language->operators.both,
                            names_str(m->input->names, m->facts->nodes[id].name));
    edge_if(m, m->current, right, left, both);
    edge_if(m, m->current, join, left, !both);
    later(m, TASK_ENTER, right, 0);
    later_role(m, id, ROLE_RIGHT);
    later(m, TASK_EDGE, join, 0);
    later(m, TASK_ENTER, join, 0);
    later(m, TASK_STEP, id, 0);
    flush(m);
}

static void run_step(Maker *m, NodeId id)
{
    FactKind kind = (FactKind)m->facts->nodes[id].kind;
    step(m, id);
    if (kind == FACT_RETURN || kind == FACT_THROW || kind == FACT_BREAK || kind == FACT_CONTINUE)
        visit_jump(m, kind);
    else if (kind == FACT_CALL && is_exit(m, id))
        visit_jump(m, FACT_THROW);
}

static void run(Maker *m, Task task)
{
    switch (task.kind) {
    case TASK_VISIT: visit(m, task.a); break;
    case TASK_STEP: run_step(m, task.a); break;
    case TASK_ENTER: enter(m, task.a); break;
    case TASK_EDGE: edge(m, m->current, task.a); break;
    case TASK_LOOP:
        array_push(&m->loops, ((Loop){task.a, task.b & ~(1u << 31), (task.b >> 31) != 0}));
        break;
    case TASK_LOOP_END: m->loops.count--; break;
    case TASK_HANDLER: m->handler = task.a; break;
    case TASK_FORK: fork_branches(m, task.a); break;
    case TASK_RIGHT: visit_right(m, task.a); break;
    }
}

void flow_make(Flow *flow, const FlowInput *input, NodeId root)
{
    const Facts *facts = input->facts;
    Maker m = {.flow = flow, .input = input, .facts = facts, .current = FLOW_ENTRY};
    *flow = (Flow){0};
    for (int i = 0; i <= FLOW_EXIT; i++)
        new_block(&m);
    enter(&m, FLOW_ENTRY);
    for (NodeId c = facts->nodes[root].child; c; c = facts->nodes[c].next) {
        FactRole role = (FactRole)facts->nodes[c].role;
        if (role == ROLE_BODY || (facts->nodes[root].kind == FACT_FILE && role == ROLE_NONE))
            later(&m, TASK_VISIT, c, 0);
    }
    later(&m, TASK_EDGE, FLOW_EXIT, 0);
    flush(&m);
    while (m.tasks.count)
        run(&m, m.tasks.items[--m.tasks.count]);
    array_release(&m.tasks);
    array_release(&m.batch);
    array_release(&m.loops);
}

void flow_release(Flow *flow)
{
    array_release(&flow->blocks);
    array_release(&flow->edges);
    array_release(&flow->steps);
    array_release(&flow->order);
}
