/* The order in which nodes run: branches, loops, exits, function literals in place. */
#include "analyze/saves/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct Made {
    Names *names;
    Arena arena;
    Facts facts;
    FactBuilder builder;
    NodeId body;
    NodeId function;
    Flow flow;
    bool (*apart)(const void *context, NodeId call);
} Made;

static void start(Made *m)
{
    *m = (Made){.names = names_new()};
    arena_init(&m->arena);
    fact_builder_init(&m->builder, &m->facts, &m->arena, m->names);
    NodeId file = fact_add(&m->builder, 0, FACT_FILE, ROLE_NONE, 0, 100);
    m->function = fact_add(&m->builder, file, FACT_FUNCTION, ROLE_NONE, 0, 100);
    m->body = fact_add(&m->builder, m->function, FACT_BLOCK, ROLE_BODY, 0, 100);
}

static NodeId add(Made *m, NodeId parent, FactKind kind, FactRole role)
{
    return fact_add(&m->builder, parent, kind, role, 0, 1);
}

static void make(Made *m)
{
    static Str both[] = {{"and", 3}}, either[] = {{"or", 2}}, exits[] = {{"raise", 5}, {"sys.exit", 8}};
    static const Language language = {
        .operators = {.both = {both, 1}, .either = {either, 1}}, .exits = {exits, 2}};
    FlowInput input = {.facts = &m->facts, .names = m->names, .language = &language,
                       .apart = m->apart};
    flow_make(&m->flow, &input, m->function);
}

static void finish(Made *m)
{
    flow_release(&m->flow);
    arena_release(&m->arena);
    names_free(m->names);
}

static FlowBlockId block_of(const Flow *flow, NodeId node)
{
    for (FlowBlockId b = 1; b < flow->blocks.count; b++) {
        const FlowBlock *block = &flow->blocks.items[b];
        for (uint32_t i = 0; i < block->count; i++) {
            if (flow->steps.items[block->first + i] == node)
                return b;
        }
    }
    return 0;
}

static bool reaches(const Flow *flow, FlowBlockId from, FlowBlockId to)
{
    bool seen[64] = {false};
    FlowBlockId stack[64];
    size_t count = 0;
    stack[count++] = from;
    while (count) {
        FlowBlockId b = stack[--count];
        for (uint32_t e = flow->blocks.items[b].edges; e; e = flow->edges.items[e - 1].next) {
            FlowBlockId next = flow->edges.items[e - 1].to;
            if (next == to)
                return true;
            if (!seen[next]) {
                seen[next] = true;
                stack[count++] = next;
            }
        }
    }
    return false;
}

static void branches_exclude_each_other(void **state)
{
    Made m;
    (void)state;
    start(&m);
    NodeId choice = add(&m, m.body, FACT_IF, ROLE_NONE);
    NodeId condition = add(&m, choice, FACT_NAME, ROLE_CONDITION);
    NodeId then = add(&m, choice, FACT_NAME, ROLE_THEN);
    NodeId other = add(&m, choice, FACT_NAME, ROLE_ELSE);
    NodeId after = add(&m, m.body, FACT_NAME, ROLE_NONE);
    make(&m);
    FlowBlockId a = block_of(&m.flow, then), b = block_of(&m.flow, other);
    assert_true(reaches(&m.flow, block_of(&m.flow, condition), a));
    assert_false(reaches(&m.flow, a, b));
    assert_true(reaches(&m.flow, a, block_of(&m.flow, after)));
    assert_true(reaches(&m.flow, b, block_of(&m.flow, after)));
    finish(&m);
}

static void nothing_runs_after_a_return(void **state)
{
    Made m;
    (void)state;
    start(&m);
    NodeId back = add(&m, m.body, FACT_RETURN, ROLE_NONE);
    NodeId after = add(&m, m.body, FACT_NAME, ROLE_NONE);
    make(&m);
    assert_true(reaches(&m.flow, block_of(&m.flow, back), FLOW_EXIT));
    assert_false(reaches(&m.flow, FLOW_ENTRY, block_of(&m.flow, after)));
    finish(&m);
}

static void a_loop_comes_back(void **state)
{
    Made m;
    (void)state;
    start(&m);
    NodeId loop = add(&m, m.body, FACT_LOOP, ROLE_NONE);
    NodeId inside = add(&m, loop, FACT_NAME, ROLE_BODY);
    NodeId after = add(&m, m.body, FACT_NAME, ROLE_NONE);
    make(&m);
    FlowBlockId body = block_of(&m.flow, inside);
    assert_true(reaches(&m.flow, body, body));
    assert_false(reaches(&m.flow, block_of(&m.flow, after), body));
    finish(&m);
}

static void a_handler_is_entered_from_the_body(void **state)
{
    Made m;
    (void)state;
    start(&m);
    NodeId attempt = add(&m, m.body, FACT_TRY, ROLE_NONE);
    NodeId inside = add(&m, attempt, FACT_NAME, ROLE_BODY);
    NodeId handler = add(&m, attempt, FACT_HANDLER, ROLE_HANDLER);
    NodeId handled = add(&m, handler, FACT_NAME, ROLE_BODY);
    make(&m);
    FlowBlockId dispatch = m.flow.blocks.items[block_of(&m.flow, inside)].handler;
    assert_int_not_equal(dispatch, 0);
    assert_true(reaches(&m.flow, dispatch, block_of(&m.flow, handled)));
    finish(&m);
}

static void a_block_runs_after_its_call(void **state)
{
    Made m;
    (void)state;
    start(&m);
    NodeId call = add(&m, m.body, FACT_CALL, ROLE_NONE);
    NodeId lambda = add(&m, call, FACT_LAMBDA, ROLE_BLOCK);
    NodeId inside = add(&m, lambda, FACT_NAME, ROLE_BODY);
    NodeId after = add(&m, m.body, FACT_NAME, ROLE_NONE);
    make(&m);
    FlowBlockId body = block_of(&m.flow, inside);
    assert_true(reaches(&m.flow, block_of(&m.flow, call), body));
    assert_true(reaches(&m.flow, body, block_of(&m.flow, after)));
    finish(&m);
}

static NodeId named(Made *m, NodeId node, const char *name)
{
    m->facts.nodes[node].name = names_intern(m->names, str_of(name));
    return node;
}

static void nothing_runs_after_a_call_that_does_not_come_back(void **state)
{
    Made m;
    (void)state;
    start(&m);
    NodeId choice = add(&m, m.body, FACT_IF, ROLE_NONE);
    named(&m, add(&m, choice, FACT_CALL, ROLE_THEN), "raise");
    NodeId dead = add(&m, m.body, FACT_NAME, ROLE_NONE);
    NodeId call = named(&m, add(&m, m.body, FACT_CALL, ROLE_NONE), "exit");
    named(&m, add(&m, call, FACT_NAME, ROLE_RECEIVER), "sys");
    NodeId after = add(&m, m.body, FACT_NAME, ROLE_NONE);
    make(&m);
    assert_true(reaches(&m.flow, FLOW_ENTRY, block_of(&m.flow, dead)));
    assert_false(reaches(&m.flow, FLOW_ENTRY, block_of(&m.flow, after)));
    assert_false(reaches(&m.flow, FLOW_ENTRY, FLOW_EXIT));
    finish(&m);
}

static bool always(const void *context, NodeId call)
{
    (void)context, (void)call;
    return true;
}

static void a_block_apart_leads_nowhere(void **state)
{
    Made m;
    (void)state;
    start(&m);
    m.apart = always;
    NodeId call = add(&m, m.body, FACT_CALL, ROLE_NONE);
    NodeId lambda = add(&m, call, FACT_LAMBDA, ROLE_BLOCK);
    NodeId inside = add(&m, lambda, FACT_NAME, ROLE_BODY);
    NodeId after = add(&m, m.body, FACT_NAME, ROLE_NONE);
    make(&m);
    assert_true(reaches(&m.flow, block_of(&m.flow, call), block_of(&m.flow, inside)));
    assert_true(reaches(&m.flow, block_of(&m.flow, call), block_of(&m.flow, after)));
    assert_false(reaches(&m.flow, block_of(&m.flow, inside), block_of(&m.flow, after)));
    finish(&m);
}

/* The condition on the edge into `to`, negative where it must not hold. */
static int64_t condition_into(const Flow *flow, FlowBlockId to)
{
    for (size_t e = 0; e < flow->edges.count; e++) {
        const FlowEdge *edge = &flow->edges.items[e];
        if (edge->to == to && edge->condition)
            return edge->holds ? (int64_t)edge->condition : -(int64_t)edge->condition;
    }
    return 0;
}

static void ways_know_their_conditions(void **state)
{
    Made m;
    (void)state;
    start(&m);
    NodeId choice = add(&m, m.body, FACT_IF, ROLE_NONE);
    NodeId condition = named(&m, add(&m, choice, FACT_BINARY, ROLE_CONDITION), "or");
    NodeId left = add(&m, condition, FACT_NAME, ROLE_LEFT);
    NodeId right = add(&m, condition, FACT_NAME, ROLE_RIGHT);
    NodeId then = add(&m, choice, FACT_NAME, ROLE_THEN);
    NodeId other = add(&m, choice, FACT_NAME, ROLE_ELSE);
    make(&m);
    assert_int_equal(condition_into(&m.flow, block_of(&m.flow, then)), condition);
    assert_int_equal(condition_into(&m.flow, block_of(&m.flow, other)), -(int64_t)condition);
    assert_int_equal(condition_into(&m.flow, block_of(&m.flow, right)), -(int64_t)left);
    finish(&m);
}

/* Nesting costs heap, not stack, and a constant number of blocks a level. */
static void deep_nesting_is_linear(void **state)
{
    enum { LEVELS = 100000 };
    Made m;
    (void)state;
    start(&m);
    NodeId at = m.body;
    for (int i = 0; i < LEVELS; i++)
        at = add(&m, at, FACT_IF, ROLE_THEN);
    make(&m);
    assert_true(m.flow.blocks.count <= 3 * LEVELS + 4);
    finish(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(branches_exclude_each_other),
        cmocka_unit_test(nothing_runs_after_a_return),
        cmocka_unit_test(a_loop_comes_back),
        cmocka_unit_test(a_handler_is_entered_from_the_body),
        cmocka_unit_test(a_block_runs_after_its_call),
        cmocka_unit_test(nothing_runs_after_a_call_that_does_not_come_back),
        cmocka_unit_test(a_block_apart_leads_nowhere),
        cmocka_unit_test(ways_know_their_conditions),
        cmocka_unit_test(deep_nesting_is_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
