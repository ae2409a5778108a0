/*
 * What is written must be read back by a reader of other hands (jansson).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/json.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static void nesting_and_commas(void **state)
{
    (void)state;
    StrBuf buf = {0};
    JsonWriter json;
    json_init(&json, &buf);
    json_object_begin(&json);
    json_key(&json, "line");
    json_uint(&json, 42);
    json_key(&json, "edits");
    json_array_begin(&json);
    json_array_begin(&json);
    json_array_end(&json);
    json_object_begin(&json);
    json_key(&json, "safe");
    json_bool(&json, true);
    json_object_end(&json);
    json_nil(&json);
    json_bool(&json, false);
    json_array_end(&json);
    json_key(&json, "none");
    json_c(&json, NULL);
    json_key(&json, "text");
    json_c(&json, "x");
    json_object_end(&json);
    assert_string_equal(buf.data, "{\"line\":42,\"edits\":[[],{\"safe\":true},null,false],"
                                  "\"none\":null,\"text\":\"x\"}");
    strbuf_release(&buf);
}

/* Writes one string, reads it back, and compares. */
static void assert_reads_back(Str written, Str expected)
{
    StrBuf buf = {0};
    JsonWriter json;
    json_init(&json, &buf);
    json_array_begin(&json);
    json_str(&json, written);
    json_array_end(&json);
    json_error_t error;
    json_t *root = json_loadb(buf.data, buf.length, JSON_ALLOW_NUL, &error);
    if (!root)
        fail_msg("%s: %s", error.text, buf.data);
    const json_t *item = json_array_get(root, 0);
    assert_int_equal(json_string_length(item), expected.length);
    assert_memory_equal(json_string_value(item), expected.data, expected.length);
    json_decref(root);
    strbuf_release(&buf);
}

static void every_byte_is_escaped_or_kept(void **state)
{
    (void)state;
    for (int byte = 0; byte < 0x80; byte++) {
        char text[3] = {'a', (char)byte, 'b'};
        assert_reads_back((Str){text, 3}, (Str){text, 3});
    }
    assert_reads_back(str_lit("h\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"),
                      str_lit("h\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"));
    assert_reads_back(str_lit(""), str_lit(""));
}

#define BAD "\xEF\xBF\xBD"

static void invalid_utf8_is_replaced(void **state)
{
    (void)state;
    assert_reads_back(str_lit("a\xFF z"), str_lit("a" BAD " z"));
    assert_reads_back(str_lit("\xC3"), str_lit(BAD));
    assert_reads_back(str_lit("\xE2\x82"), str_lit(BAD BAD));
    assert_reads_back(str_lit("\xC0\x80"), str_lit(BAD BAD));         /* overlong */
    assert_reads_back(str_lit("\xED\xA0\x80"), str_lit(BAD BAD BAD)); /* surrogate */
    assert_reads_back(str_lit("\xF4\x90\x80\x80"), str_lit(BAD BAD BAD BAD));
    assert_reads_back(str_lit("\xF0\x80\x80\x80"), str_lit(BAD BAD BAD BAD));
    assert_reads_back(str_lit("\x80\xC3\xA9"), str_lit(BAD "\xC3\xA9"));
}

static void numbers(void **state)
{
    (void)state;
    StrBuf buf = {0};
    JsonWriter json;
    json_init(&json, &buf);
    json_array_begin(&json);
    json_uint(&json, UINT64_MAX);
    json_double(&json, 0.25);
    json_double(&json, NAN);
    json_double(&json, INFINITY);
    json_array_end(&json);
    assert_string_equal(buf.data, "[18446744073709551615,0.25,null,null]");
    strbuf_release(&buf);
}

static void several_roots_have_no_commas(void **state)
{
    (void)state;
    StrBuf buf = {0};
    JsonWriter json;
    for (unsigned i = 0; i < 2; i++) {
        json_init(&json, &buf);
        json_object_begin(&json);
        json_key(&json, "a");
        json_uint(&json, i);
        json_object_end(&json);
        strbuf_add_byte(&buf, '\n');
    }
    assert_string_equal(buf.data, "{\"a\":0}\n{\"a\":1}\n");
    strbuf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nesting_and_commas),
        cmocka_unit_test(every_byte_is_escaped_or_kept),
        cmocka_unit_test(invalid_utf8_is_replaced),
        cmocka_unit_test(numbers),
        cmocka_unit_test(several_roots_have_no_commas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
