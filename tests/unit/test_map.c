/*
 * Replacing, growing and, above all, iterating in the order of insertion.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/map.h"

static void put_and_get(void **state)
{
    (void)state;
    Map map = {0};
    assert_null(map_get(&map, 1));
    *map_put(&map, 1, 10) += 1;
    assert_int_equal(*map_get(&map, 1), 11);
    map_put(&map, 1, 20);
    assert_int_equal(*map_get(&map, 1), 20);
    assert_int_equal(map.count, 1);
    assert_null(map_get(&map, 2));
    map_release(&map);
    assert_null(map_get(&map, 1));
}

static void keys_of_two_names_differ(void **state)
{
    (void)state;
    assert_true(map_key2(1, 2) != map_key2(2, 1));
    assert_true(map_key2(0xFFFFFFFF, 0) != map_key2(0, 0xFFFFFFFF));
}

static void order_is_that_of_insertion(void **state)
{
    (void)state;
    enum { COUNT = 50000 };
    Map map = {0};
    for (uint64_t i = 0; i < COUNT; i++)
        map_put(&map, (i * 7919 % COUNT) + 1, i);
    assert_int_equal(map.count, COUNT);
    for (uint64_t i = 0; i < COUNT; i++) {
        assert_int_equal(map.items[i].value, i);
        assert_int_equal(map.items[i].key, (i * 7919 % COUNT) + 1);
        assert_int_equal(*map_get(&map, map.items[i].key), i);
    }
    map_release(&map);
}

static void a_cleared_map_is_empty(void **state)
{
    (void)state;
    Map map = {0};
    for (uint64_t i = 1; i < 100; i++)
        map_put(&map, i << 32, i);
    map_clear(&map);
    assert_int_equal(map.count, 0);
    assert_null(map_get(&map, UINT64_C(5) << 32));
    map_put(&map, UINT64_C(5) << 32, 9);
    assert_int_equal(*map_get(&map, UINT64_C(5) << 32), 9);
    map_release(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(put_and_get),
        cmocka_unit_test(keys_of_two_names_differ),
        cmocka_unit_test(order_is_that_of_insertion),
        cmocka_unit_test(a_cleared_map_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
