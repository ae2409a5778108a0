/*
 * Views and buffers, at their edges: empty, NULL, not terminated, past the end.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/str.h"

#include <string.h>

static void compare(void **state)
{
    (void)state;
    assert_true(str_eq(str_lit("a"), str_of("a")));
    assert_false(str_eq(str_lit("a"), str_lit("ab")));
    assert_true(str_eq((Str){0}, str_lit("")));
    assert_true(str_eq(str_of(NULL), (Str){0}));
    assert_true(str_eq_c(str_lit("email"), "email"));
    assert_false(str_eq_c(str_lit("email"), "emai"));
    assert_false(str_eq_c((Str){"a\0b", 3}, "a"));
    assert_true(str_compare(str_lit("a"), str_lit("b")) < 0);
    assert_true(str_compare(str_lit("ab"), str_lit("a")) > 0);
    assert_true(str_compare(str_lit("a"), str_lit("\xC3")) < 0);
    assert_int_equal(str_compare((Str){0}, str_lit("")), 0);
    assert_true(str_compare((Str){0}, str_lit("a")) < 0);
}

static void ends(void **state)
{
    (void)state;
    assert_true(str_starts(str_lit("schema.rb"), "schema"));
    assert_false(str_starts(str_lit("sch"), "schema"));
    assert_true(str_ends(str_lit("schema.rb"), ".rb"));
    assert_false(str_ends(str_lit("rb"), ".rb"));
    assert_true(str_starts((Str){0}, ""));
    assert_true(str_ends((Str){0}, ""));
}

static void slices_are_clamped(void **state)
{
    (void)state;
    Str text = str_lit("abcdef");
    assert_true(str_eq_c(str_slice(text, 1, 3), "bc"));
    assert_true(str_eq_c(str_slice(text, 4, 100), "ef"));
    assert_int_equal(str_slice(text, 9, 100).length, 0);
    assert_int_equal(str_slice(text, 4, 2).length, 0);
    assert_int_equal(str_slice((Str){0}, 0, 9).length, 0);
    assert_true(str_eq_c(str_trim(str_lit(" \t\r\n a b \n")), "a b"));
    assert_int_equal(str_trim(str_lit(" \n ")).length, 0);
}

static void find(void **state)
{
    (void)state;
    Str text = str_lit("a.b.c");
    assert_int_equal(str_find_byte(text, '.', 0), 1);
    assert_int_equal(str_find_byte(text, '.', 2), 3);
    assert_int_equal(str_find_byte(text, 'x', 0), SIZE_MAX);
    assert_int_equal(str_find_byte(text, 'a', 99), SIZE_MAX);
    assert_int_equal(str_find(text, str_lit("b."), 0), 2);
    assert_int_equal(str_find(text, str_lit("b."), 3), SIZE_MAX);
    assert_int_equal(str_find(text, str_lit("a.b.c.d"), 0), SIZE_MAX);
    assert_int_equal(str_find((Str){0}, str_lit("a"), 0), SIZE_MAX);
}

static void word_bytes(void **state)
{
    (void)state;
    const char *words = "azAZ09_\x80\xFF";
    for (const char *p = words; *p; p++)
        assert_true(byte_is_word((unsigned char)*p));
    const char *others = " .-/:@[{`?!$";
    for (const char *p = others; *p; p++)
        assert_false(byte_is_word((unsigned char)*p));
    assert_false(byte_is_word(0));
}

static void distance(void **state)
{
    (void)state;
    assert_int_equal(str_distance(str_lit("email"), str_lit("email"), 3), 0);
    assert_int_equal(str_distance(str_lit("phse"), str_lit("phase"), 3), 1);
    assert_int_equal(str_distance(str_lit("kitten"), str_lit("sitting"), 5), 3);
    assert_int_equal(str_distance(str_lit("kitten"), str_lit("sitting"), 2), 3);
    assert_int_equal(str_distance(str_lit(""), str_lit("abc"), 9), 3);
    assert_int_equal(str_distance(str_lit("abcdefgh"), str_lit("x"), 2), 3);
}

static void buffers_grow_and_stay_terminated(void **state)
{
    (void)state;
    StrBuf buf = {0};
    assert_int_equal(strbuf_str(&buf).length, 0);
    strbuf_add_c(&buf, "ab");
    strbuf_add_byte(&buf, 'c');
    strbuf_add_str(&buf, str_lit("de"));
    strbuf_add(&buf, "f\0g", 3);
    strbuf_printf(&buf, "-%04d", 42);
    assert_int_equal(buf.length, 13);
    assert_memory_equal(buf.data, "abcdef\0g-0042", 14);
    strbuf_clear(&buf);
    assert_int_equal(buf.length, 0);
    assert_string_equal(buf.data, "");
    for (int i = 0; i < 10000; i++)
        strbuf_printf(&buf, "%d,", i);
    assert_int_equal(buf.length, 48890);
    assert_int_equal(strlen(buf.data), buf.length);
    strbuf_release(&buf);
    assert_null(buf.data);
    strbuf_add_str(&buf, (Str){0});
    strbuf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compare),
        cmocka_unit_test(ends),
        cmocka_unit_test(slices_are_clamped),
        cmocka_unit_test(find),
        cmocka_unit_test(word_bytes),
        cmocka_unit_test(distance),
        cmocka_unit_test(buffers_grow_and_stay_terminated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
