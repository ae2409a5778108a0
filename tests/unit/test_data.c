/* YAML and JSON files: facts, places, what is broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts_text.h"
#include "parse/data.h"

#include <stdlib.h>
#include <string.h>

typedef struct Parsed {
    Names *names;
    Arena arena;
    Facts facts;
    StrBuf text;
    ParseResult result;
    char *source; /* of exact size, so that ASan sees any byte read past the end */
} Parsed;

static void parse(Parsed *parsed, const char *format, Str text)
{
    *parsed = (Parsed){.names = names_new(), .source = mem_alloc(text.length ? text.length : 1)};
    arena_init(&parsed->arena);
    if (text.length)
        memcpy(parsed->source, text.data, text.length);
    parsed->result = data_frontend_parse(format, parsed->names, (Str){parsed->source, text.length},
                                         10000, &parsed->facts, &parsed->arena);
    if (parsed->result == PARSE_FAILED)
        return;
    facts_check_places(&parsed->facts, text.length);
    facts_text(&parsed->facts, parsed->names, &parsed->text);
}

static void release(Parsed *parsed)
{
    strbuf_release(&parsed->text);
    arena_release(&parsed->arena);
    names_free(parsed->names);
    free(parsed->source);
}

static void expect(const char *format, const char *text, const char *facts)
{
    Parsed parsed;
    parse(&parsed, format, str_of(text));
    assert_int_equal(parsed.result, PARSE_OK);
    StrBuf wanted = {0};
    strbuf_printf(&wanted, *facts ? "(file %s)" : "(file%s)", facts);
    assert_string_equal(parsed.text.data, wanted.data);
    strbuf_release(&wanted);
    release(&parsed);
}

/* The bytes that the PAIR or STRING called `name` points to must be `place`. */
static void expect_place(const char *format, const char *text, const char *name, const char *place)
{
    Parsed parsed;
    parse(&parsed, format, str_of(text));
    bool found = false;
    for (NodeId id = 1; id < parsed.facts.count; id++) {
        const Node *node = &parsed.facts.nodes[id];
        if (strcmp(names_c(parsed.names, node->name), name) != 0)
            continue;
        found = true;
        Str bytes = str_slice(str_of(text), node->at, node->at_end);
        assert_int_equal(bytes.length, strlen(place));
        assert_memory_equal(bytes.data, place, bytes.length);
    }
    assert_true(found);
    release(&parsed);
}

static void test_yaml(void **state)
{
    (void)state;
    expect("yaml", "", "");
    expect("yaml", "a: b\nc: [x, 1]\n",
           "(map (pair:element a (string:value b)) (pair:element c (list:value "
           "(string:element x) (literal:element))))");
    expect("yaml", "one:\n  :email: x@y\n  none:\n  q: 'it''s'\ntwo: {a: true}\n",
           "(map (pair:element one (map:value (pair:element email (string:value x@y)) "
           "(pair:element none (literal:value)) (pair:element q (string:value it's)))) "
           "(pair:element two (map:value (pair:element a (literal:value)))))");
    expect("yaml", "- a: 2024-01-01\n  b: |\n    text\n- !t c\n--- d\n",
           "(list (map:element (pair:element a (literal:value)) (pair:element b (string:value "
           "text\n))) (string:element c)) (string d)");
    expect("yaml", "a: &x {b: c}\nd: *x\ne:\n  <<: *x\n",
           "(map (pair:element a (map:value (pair:element b (string:value c)))) "
           "(pair:element d (literal:value)) (pair:element e (map:value (pair:element << "
           "(literal:value)))))");
    expect("yaml", "? [a]\n: b\n",
           "(map (pair:element (list:key (string:element a)) (string:value b)))");
}

static void test_yaml_tags(void **state)
{
    (void)state;
    expect("yaml", "<% 3.times do |i| %>\nu_<%= i %>:\n  a: <%= i %>\n  b: x:<%= i %>\n<% end %>\n",
           "(map (pair:element u_________ (map:value (pair:element a (literal:value)) "
           "(pair:element b (string:value x:________)))))");
    expect("yaml", "{% if a %}\nb: {{ c }}\n{% endif %}\nd: e\n",
           "(map (pair:element b (literal:value)) (pair:element d (string:value e)))");
    expect("yaml", "a: \"{{ b }}\"\n", "(map (pair:element a (string:value {{ b }})))");
}

static void test_yaml_places(void **state)
{
    (void)state;
    expect_place("yaml", "# \xC3\xA9\xE2\x82\xAC\r\n\"email\": x\r\n", "email", "email");
    expect_place("yaml", "\xEF\xBB\xBF" "a: \xC3\xA9\nemail: x\n", "email", "email");
    expect_place("yaml", "\xE9: \xFF\x01\nemail: x\n", "email", "email"); /* not UTF-8 */
    expect_place("yaml", "a: &anchor !tag value\n", "value", "value");
    expect_place("yaml", ":email: x\n", "email", "email");
    expect_place("yaml", "a: <%= \xC3\xA9 %>\nemail: x\n", "email", "email");
    StrBuf text = {0}; /* beyond the first entries of the table of places */
    for (int i = 0; i < 100; i++)
        strbuf_add_c(&text, "- \xC3\xA9\xC3\xA9 \xF0\x9F\x98\x80\n");
    strbuf_add_c(&text, "- email\n");
    expect_place("yaml", text.data, "email", "email");
    strbuf_release(&text);
    for (int i = 0; i < 63; i++) /* its end is the 64th character */
        strbuf_add_c(&text, "\xC3\xA9");
    strbuf_add_c(&text, "x");
    expect_place("yaml", text.data, text.data, text.data);
    strbuf_release(&text);
}

static void test_yaml_errors(void **state)
{
    (void)state;
    Parsed parsed;
    parse(&parsed, "yaml", str_lit("a: b\nc: [d\ne: f\n"));
    assert_int_equal(parsed.result, PARSE_OK);
    assert_int_equal(parsed.facts.error_count, 1);
    assert_non_null(strstr(parsed.text.data, "(pair:element a (string:value b))"));
    release(&parsed);
    parse(&parsed, "csv", str_lit("a,b"));
    assert_int_equal(parsed.result, PARSE_FAILED);
    release(&parsed);
}

static void test_json(void **state)
{
    (void)state;
    expect("json", "", "");
    expect("json", "[{\"model\": \"app.invoice\", \"fields\": {\"email\": null, \"n\": -1.5e3}}]",
           "(list (map:element (pair:element model (string:value app.invoice)) "
           "(pair:element fields (map:value (pair:element email (literal:value)) "
           "(pair:element n (literal:value))))))");
    expect("json", "// c\n{\"a\": [1, \"b\",], /* } */ \"c\": {},}\n{\"d\": true}\n",
           "(map (pair:element a (list:value (literal:element) (string:element b))) "
           "(pair:element c (map:value))) (map (pair:element d (literal:value)))");
    expect("json", "{\"a\" }{\"b\": }", "(map (pair:element a)) (map (pair:element b))");
    expect("json", "{\"a\": ^1]}", "(map (pair:element a (error) (literal:value)) (error))");
    expect("json", "{[a] }", "(map (pair:element (list:key (literal:element))))");
    expect("json", "{a ^}", "(map (pair:element a (error)))");
    expect("json", "[\"open", "(list (error))");
    expect_place("json", "\xEF\xBB\xBF{\"\xC3\xA9\": 1, \"email\": 2}", "email", "email");
    expect_place("json", "{\"a\\\"b\": 1, \"email\": 2}", "email", "email");
}

static void test_deep(void **state)
{
    (void)state;
    static const char *const PARTS[] = {"[", "{\"a\":", "- ", "a:\n ", "? ", "{a: "};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        StrBuf text = {0};
        for (int n = 0; n < 20000; n++)
            strbuf_add_c(&text, PARTS[i]);
        Parsed parsed;
        parse(&parsed, "yaml", strbuf_str(&text));
        release(&parsed);
        parse(&parsed, "json", strbuf_str(&text));
        assert_true(parsed.result == PARSE_OK || parsed.result == PARSE_TOO_DEEP);
        assert_int_equal(parsed.result == PARSE_TOO_DEEP, i < 2 || i == 5);
        release(&parsed);
        strbuf_release(&text);
    }
}

static void test_hostile(void **state)
{
    (void)state;
    static const char *const BROKEN[] = {
        " -", "\xEF\xBB\xBF", "<%", "{{", "a: {{", "a: {{ b", "%TAG", "%TAG ! !\n---\n", "&a", "*a",
        "!", "!<", "a: *", "\"", "'", "'a", "\"\\", "{", "}", "[", "]", ",", ":", "-", "?", "|",
        ">", "a:\n\tb", "@", "`", "a: b: c", "\xFF\xFE", "\xF0\x9F", "- \xED\xA0\x80",
        "...\n...\n---\n---\n", "{a", "{a:}", "[,", "{\"a\":,}", "{,}", "{:}", "/", "/*", "//",
        "{\"a\": /*", "\\", "--- |\n", "{a: [}", "a: [}",
    };
    for (size_t i = 0; i < sizeof BROKEN / sizeof *BROKEN; i++) {
        Parsed parsed;
        parse(&parsed, "yaml", str_of(BROKEN[i]));
        release(&parsed);
        parse(&parsed, "json", str_of(BROKEN[i]));
        assert_int_equal(parsed.result, PARSE_OK);
        release(&parsed);
    }
    Parsed parsed;
    parse(&parsed, "yaml", (Str){"a: \0b\nemail: c", 14});
    assert_non_null(strstr(parsed.text.data, "(pair:element email (string:value c))"));
    release(&parsed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_yaml),        cmocka_unit_test(test_yaml_tags),
        cmocka_unit_test(test_yaml_places), cmocka_unit_test(test_yaml_errors),
        cmocka_unit_test(test_json),        cmocka_unit_test(test_deep),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
