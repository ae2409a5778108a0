/*
 * The limits are tested with the inputs that break YAML readers: alias bombs, a
 * million brackets, keys given twice, bytes that are no text.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>

typedef struct Fixture {
    Arena arena;
    Diag diag;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = calloc(1, sizeof *fixture);
    arena_init(&fixture->arena);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    arena_release(&fixture->arena);
    free(fixture);
    return 0;
}

static const YamlNode *parse(void **state, Str text)
{
    Fixture *fixture = *state;
    fixture->diag = (Diag){0};
    return yaml_parse("a.yml", text, &fixture->arena, &fixture->diag);
}

static void assert_refused(void **state, Str text, unsigned line, unsigned column,
                           const char *message)
{
    Fixture *fixture = *state;
    assert_null(parse(state, text));
    assert_true(fixture->diag.failed);
    assert_string_equal(fixture->diag.path, "a.yml");
    if (!strstr(fixture->diag.message, message))
        fail_msg("\"%s\" lacks \"%s\"", fixture->diag.message, message);
    assert_int_equal(fixture->diag.line, line);
    assert_int_equal(fixture->diag.column, column);
}

/* `unit` repeated `count` times; the caller frees .data. */
static Str repeat(const char *unit, size_t count)
{
    StrBuf buf = {0};
    for (size_t i = 0; i < count; i++)
        strbuf_add_c(&buf, unit);
    return strbuf_str(&buf);
}

static void reads_a_tree(void **state)
{
    const YamlNode *root = parse(state, str_lit("version: 1\n"
                                                "include: [app, \"lib\"]\n"
                                                "fields:\n"
                                                "  a: b\n"
                                                "  c:\n"
                                                "    to: 'd'\n"
                                                "text: |\n"
                                                "  two\n"
                                                "  lines\n"
                                                "nothing:\n"));
    assert_non_null(root);
    assert_int_equal(root->kind, YAML_MAP_NODE);
    assert_int_equal(root->count, 5);
    assert_true(str_eq_c(yaml_get(root, "version")->text, "1"));
    const YamlNode *include = yaml_get(root, "include");
    assert_int_equal(include->kind, YAML_LIST_NODE);
    assert_int_equal(include->count, 2);
    assert_true(str_eq_c(include->items[1]->text, "lib"));
    assert_false(include->items[0]->quoted);
    assert_true(include->items[1]->quoted);
    const YamlNode *fields = yaml_get(root, "fields");
    assert_true(str_eq_c(fields->keys[0]->text, "a"));
    assert_true(str_eq_c(yaml_get(yaml_get(fields, "c"), "to")->text, "d"));
    assert_int_equal(yaml_get(fields, "c")->line, 6);
    assert_int_equal(yaml_get(fields, "c")->column, 5);
    assert_true(str_eq_c(yaml_get(root, "text")->text, "two\nlines\n"));
    assert_int_equal(yaml_get(root, "nothing")->text.length, 0);
    assert_null(yaml_get(root, "absent"));
    assert_null(yaml_get(include, "version"));
    assert_null(yaml_get(NULL, "version"));
}

static void empty_documents_are_empty_maps(void **state)
{
    const char *const texts[] = {"", "\n\n", "# only a comment\n", "---\n", "--- \n...\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const YamlNode *root = parse(state, str_of(texts[i]));
        assert_non_null(root);
        assert_int_equal(root->kind, YAML_MAP_NODE);
        assert_int_equal(root->count, 0);
    }
    assert_non_null(yaml_parse("a.yml", (Str){0}, &((Fixture *)*state)->arena, &(Diag){0}));
}

static void columns_count_bytes(void **state)
{
    const YamlNode *root = parse(state, str_lit("\"h\xC3\xA9\": [\xE2\x82\xAC, x]\n"
                                                "k: \xF0\x9F\x98\x80\r\n"
                                                "l: m\n"));
    assert_non_null(root);
    const YamlNode *list = root->items[0];
    assert_int_equal(list->column, 8);            /* "hé":_[ */
    assert_int_equal(list->items[1]->column, 14); /* after the three bytes of the euro sign */
    assert_int_equal(yaml_get(root, "l")->line, 3);
    assert_int_equal(yaml_get(root, "l")->column, 4);
}

static void byte_order_mark_is_skipped(void **state)
{
    const YamlNode *root = parse(state, str_lit("\xEF\xBB\xBFphase: drop\n"));
    assert_non_null(root);
    assert_non_null(yaml_get(root, "phase"));
}

static void keys_given_twice_are_refused(void **state)
{
    assert_refused(state, str_lit("a: 1\nb: 2\na: 3\n"), 3, 1, "`a` is already given in line 1");
    assert_refused(state, str_lit("x: {b: 1, c: 2, b: 3}\n"), 1, 17, "`b` is already given");
    assert_refused(state, str_lit("\"a\": 1\na: 3\n"), 2, 1, "`a` is already given");
    assert_non_null(parse(state, str_lit("a: {c: 1}\nb: {c: 1}\n")));
}

static void aliases_anchors_and_tags_are_refused(void **state)
{
    assert_refused(state, str_lit("a: &x [lol]\nb: [*x, *x]\n"), 1, 4, "anchors");
    assert_refused(state, str_lit("a: *x\n"), 1, 4, "aliases");
    assert_refused(state, str_lit("a: !!python/object:os.system {}\n"), 1, 4, "tags");
    assert_refused(state, str_lit("a: !x b\n"), 1, 4, "tags");
    StrBuf bomb = {0};
    strbuf_add_c(&bomb, "a0: &a0 [lol, lol, lol]\n");
    for (int i = 1; i < 40; i++)
        strbuf_printf(&bomb, "a%d: &a%d [*a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1);
    assert_refused(state, strbuf_str(&bomb), 1, 5, "anchors");
    strbuf_release(&bomb);
}

static void deep_nesting_is_refused(void **state)
{
    Str brackets = repeat("[", 1000000);
    assert_refused(state, brackets, 1, 65, "64 levels");
    free((char *)brackets.data);
    Str braces = repeat("{a: ", 250000);
    assert_refused(state, braces, 1, 4 * 64 + 1, "64 levels");
    free((char *)braces.data);
    Str dashes = repeat("- ", 500000);
    assert_refused(state, dashes, 1, 2 * 64 + 1, "64 levels");
    free((char *)dashes.data);
}

static void sixty_four_levels_are_read(void **state)
{
    StrBuf buf = {0};
    for (int i = 0; i < 64; i++)
        strbuf_add_byte(&buf, '[');
    for (int i = 0; i < 64; i++)
        strbuf_add_byte(&buf, ']');
    assert_non_null(parse(state, strbuf_str(&buf)));
    strbuf_release(&buf);
}

static void large_inputs_are_refused(void **state)
{
    Str large = repeat("# padding padding\n", 60000);
    assert_refused(state, large, 0, 0, "larger than");
    free((char *)large.data);
    Str many = repeat("- a\n", 120000);
    Fixture *fixture = *state;
    assert_null(parse(state, many));
    assert_non_null(strstr(fixture->diag.message, "100000 elements"));
    free((char *)many.data);
}

static void many_keys_are_fast_and_complete(void **state)
{
    StrBuf buf = {0};
    for (int i = 0; i < 40000; i++)
        strbuf_printf(&buf, "k%d: v\n", i);
    const YamlNode *root = parse(state, strbuf_str(&buf));
    assert_non_null(root);
    assert_int_equal(root->count, 40000);
    strbuf_add_c(&buf, "k77: again\n");
    assert_refused(state, strbuf_str(&buf), 40001, 1, "`k77` is already given in line 78");
    strbuf_release(&buf);
}

static void invalid_bytes_are_refused(void **state)
{
    assert_refused(state, str_lit("a: b\nc: \xFF\n"), 2, 4, "UTF-8");
    assert_refused(state, str_lit("a: \xC3"), 1, 4, "UTF-8");
    assert_refused(state, str_lit("a: \xED\xA0\x80\n"), 1, 4, "");
    assert_refused(state, (Str){"a: b\0c\n", 7}, 1, 5, "control characters");
    assert_null(parse(state, (Str){"\xFF\xFE"
                                   "a\0:\0",
                                   6})); /* UTF-16 */
}

static void syntax_errors_tell_their_place(void **state)
{
    assert_refused(state, str_lit("a: [1, 2\nb: 3\n"), 2, 2, "while parsing a flow sequence");
    assert_refused(state, str_lit("a: 1\n\tb: 2\n"), 2, 1, "tab character");
    assert_refused(state, str_lit("a: 1\n---\nb: 2\n"), 2, 1, "only one document");
    assert_refused(state, str_lit("? [a]\n: 1\n"), 1, 3, "a key must be a text");
}

static void unknown_keys_are_named(void **state)
{
    Fixture *fixture = *state;
    const char *const allowed[] = {"phase", "owner", "fields", NULL};
    const YamlNode *root = parse(state, str_lit("owner: me\nphse: drop\n"));
    assert_false(yaml_check_keys(root, "a.yml", allowed, &fixture->diag));
    assert_int_equal(fixture->diag.line, 2);
    assert_string_equal(fixture->diag.message, "unknown key `phse`");
    assert_string_equal(fixture->diag.hint, "did you mean `phase`?");

    root = parse(state, str_lit("zzzzzzzz: 1\n"));
    assert_false(yaml_check_keys(root, "a.yml", allowed, &fixture->diag));
    assert_string_equal(fixture->diag.hint, "known here: phase, owner, fields");

    root = parse(state, str_lit("owner: me\n"));
    assert_true(yaml_check_keys(root, "a.yml", allowed, &fixture->diag));
}

static void kinds_are_checked(void **state)
{
    Fixture *fixture = *state;
    const YamlNode *root = parse(state, str_lit("phase: [drop]\non: true\noff: false\nq: \"true\"\n"));
    assert_false(yaml_expect(yaml_get(root, "phase"), "a.yml", YAML_SCALAR_NODE, "phase",
                             &fixture->diag));
    assert_string_equal(fixture->diag.message, "`phase` must be a text, not a list");
    assert_int_equal(fixture->diag.column, 8);
    fixture->diag = (Diag){0};
    assert_false(yaml_expect(NULL, "a.yml", YAML_LIST_NODE, "fields", &fixture->diag));
    assert_string_equal(fixture->diag.message, "`fields` is missing");
    fixture->diag = (Diag){0};
    bool value = false;
    assert_true(yaml_bool(yaml_get(root, "on"), "a.yml", &value, &fixture->diag));
    assert_true(value);
    assert_true(yaml_bool(yaml_get(root, "off"), "a.yml", &value, &fixture->diag));
    assert_false(value);
    assert_false(yaml_bool(yaml_get(root, "q"), "a.yml", &value, &fixture->diag));
    assert_int_equal(fixture->diag.line, 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_a_tree),
        TEST(empty_documents_are_empty_maps),
        TEST(columns_count_bytes),
        TEST(byte_order_mark_is_skipped),
        TEST(keys_given_twice_are_refused),
        TEST(aliases_anchors_and_tags_are_refused),
        TEST(deep_nesting_is_refused),
        TEST(sixty_four_levels_are_read),
        TEST(large_inputs_are_refused),
        TEST(many_keys_are_fast_and_complete),
        TEST(invalid_bytes_are_refused),
        TEST(syntax_errors_tell_their_place),
        TEST(unknown_keys_are_named),
        TEST(kinds_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
