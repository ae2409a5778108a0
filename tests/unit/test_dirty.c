/* What is known of objects at one point of a function, and what is left of it where ways join. */
#include "analyze/saves/dirty_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ORDER = 1, CUSTOMER = 2, OTHER = 3 };

static const Place HERE = {1, 10}, THERE = {1, 20};

static uint32_t flags_of(const State *state, ObjectId object)
{
    const StateEntry *entry = state_flags(state, object);
    return entry ? entry->flags : 0;
}

static State reached(void)
{
    return (State){.reached = true};
}

static void a_change_on_one_way_may_have_happened(void **state)
{
    State a = reached(), b = reached();
    (void)state;
    state_mark(&a, ORDER, OBJECT_CHANGED, HERE);
    assert_true(state_join(&b, &a));
    assert_int_equal(flags_of(&b, ORDER), OBJECT_CHANGED);
    assert_int_equal(state_flags(&b, ORDER)->evidence.node, HERE.node);
    assert_false(state_join(&b, &a));
    state_release(&a);
    state_release(&b);
}

static void stored_on_both_ways_is_stored(void **state)
{
    State a = reached(), b = reached();
    (void)state;
    state_mark(&a, ORDER, OBJECT_STORED, HERE);
    state_mark(&b, ORDER, OBJECT_NEW, THERE);
    state_join(&b, &a);
    assert_int_equal(flags_of(&b, ORDER), OBJECT_NEW);
    state_mark(&a, CUSTOMER, OBJECT_STORED, HERE);
    state_mark(&b, CUSTOMER, OBJECT_STORED, THERE);
    state_join(&b, &a);
    assert_int_equal(flags_of(&b, CUSTOMER), OBJECT_STORED);
    state_release(&a);
    state_release(&b);
}

static void what_a_test_proves_ends_where_the_ways_join(void **state)
{
    State a = reached(), b = reached();
    (void)state;
    state_assume(&a, ORDER, OBJECT_NEW, HERE);
    assert_true(flags_of(&a, ORDER) & OBJECT_NEW);
    assert_int_equal(flags_known(flags_of(&a, ORDER)), 0);
    state_join(&b, &a);
    assert_int_equal(flags_of(&b, ORDER), 0);
    state_join(&a, &b);
    assert_int_equal(flags_of(&a, ORDER), 0);
    state_release(&a);
    state_release(&b);
}

static void a_write_outlives_the_test_before_it(void **state)
{
    State a = reached(), b = reached();
    (void)state;
    state_assume(&a, ORDER, OBJECT_CHANGED, HERE);
    state_mark(&a, ORDER, OBJECT_CHANGED, THERE);
    state_join(&b, &a);
    assert_int_equal(flags_of(&b, ORDER), OBJECT_CHANGED);
    state_release(&a);
    state_release(&b);
}

static void a_sure_change_wins_over_one_that_may_be(void **state)
{
    State a = reached();
    (void)state;
    state_mark(&a, ORDER, OBJECT_CHANGED | OBJECT_MAYBE, HERE);
    assert_true(flags_of(&a, ORDER) & OBJECT_MAYBE);
    state_mark(&a, ORDER, OBJECT_CHANGED, THERE);
    assert_int_equal(flags_of(&a, ORDER), OBJECT_CHANGED);
    assert_int_equal(state_flags(&a, ORDER)->evidence.node, THERE.node);
    state_clear(&a, ORDER, OBJECT_CHANGED);
    assert_int_equal(flags_of(&a, ORDER), 0);
    state_release(&a);
}

static void a_path_holds_what_was_put_there(void **state)
{
    State a = reached(), b = reached();
    Objects order = {.count = 1, .items = {ORDER}}, other = {.count = 1, .items = {OTHER}};
    (void)state;
    assert_int_equal(state_at(&a, CUSTOMER).items[0], CUSTOMER);
    state_bind(&a, CUSTOMER, &order, HERE, false);
    state_bind(&a, CUSTOMER, &other, HERE, false);
    Objects at = state_at(&a, CUSTOMER);
    assert_int_equal(at.count, 1);
    assert_int_equal(at.items[0], OTHER);
    state_join(&b, &a); /* on the other way it is still what it was */
    at = state_at(&b, CUSTOMER);
    assert_int_equal(at.count, 2);
    state_release(&a);
    state_release(&b);
}

/* Functions with more objects than anyone writes lose findings, not memory. */
static void hostile_sizes_are_bounded(void **state)
{
    State a = reached();
    (void)state;
    for (ObjectId object = 1; object < 4 * STATE_MAX; object++)
        state_mark(&a, object, OBJECT_CHANGED, HERE);
    assert_int_equal(a.entries.count, STATE_MAX);
    state_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_on_one_way_may_have_happened),
        cmocka_unit_test(stored_on_both_ways_is_stored),
        cmocka_unit_test(what_a_test_proves_ends_where_the_ways_join),
        cmocka_unit_test(a_write_outlives_the_test_before_it),
        cmocka_unit_test(a_sure_change_wins_over_one_that_may_be),
        cmocka_unit_test(a_path_holds_what_was_put_there),
        cmocka_unit_test(hostile_sizes_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
