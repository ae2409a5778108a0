/*
 * Alignment, zeroing and copies, at sizes around the edges of blocks.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void blocks_are_aligned_zeroed_and_apart(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    enum { COUNT = 400 };
    static unsigned char *blocks[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i * 7 % 5000;
        blocks[i] = arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < size; k++)
            assert_int_equal(blocks[i][k], 0);
        memset(blocks[i], (int)(i & 0xFF), size);
    }
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = i * 7 % 5000;
        for (size_t k = 0; k < size; k++)
            assert_int_equal(blocks[i][k], i & 0xFF);
    }
    arena_release(&arena);
}

static void large_requests_are_served(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    char *small = arena_alloc(&arena, 1);
    char *large = arena_alloc(&arena, 5 << 20);
    large[0] = large[(5 << 20) - 1] = 'x';
    char *after = arena_alloc(&arena, 1);
    assert_ptr_not_equal(small, after);
    assert_true(arena.total >= 5 << 20);
    arena_release(&arena);
}

static void a_released_arena_can_be_used_again(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    arena_alloc(&arena, 100);
    arena_release(&arena);
    assert_null(arena.blocks);
    assert_int_equal(arena.total, 0);
    assert_string_equal(arena_strdup(&arena, "again", 5), "again");
    arena_release(&arena);
    arena_release(&arena);
}

static void strings_are_copied_and_terminated(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    char text[] = "order.email";
    char *copy = arena_strdup(&arena, text, 5);
    text[0] = 'X';
    assert_string_equal(copy, "order");
    assert_string_equal(arena_strdup(&arena, "", 0), "");
    assert_string_equal(arena_printf(&arena, "%s=%d", "a", 7), "a=7");
    char *padded = arena_printf(&arena, "%*d", 10000, 1);
    assert_int_equal(strlen(padded), 10000);
    arena_release(&arena);
}

static void arrays_are_sized_by_count(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    uint64_t *numbers = ARENA_ARRAY(&arena, uint64_t, 1000);
    numbers[999] = 1;
    uint64_t *one = ARENA_NEW(&arena, uint64_t);
    assert_int_equal(*one, 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_aligned_zeroed_and_apart),
        cmocka_unit_test(large_requests_are_served),
        cmocka_unit_test(a_released_arena_can_be_used_again),
        cmocka_unit_test(strings_are_copied_and_terminated),
        cmocka_unit_test(arrays_are_sized_by_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
