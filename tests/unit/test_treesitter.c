/* The tree-sitter front end on hostile input, and what must hold of all facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts_text.h"
#include "parse/frontend.h"
#include "parse/treesitter.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEADLINE_MS = 20000 };

typedef struct World {
    Names *names;
    Languages *languages;
    ParserPool *pool;
} World;

static int set_up(void **state)
{
    static World world;
    Diag diag = {0};
    world.names = names_new();
    world.languages = languages_new(world.names, &diag);
    world.pool = parser_pool_new(world.names);
    for (size_t i = 0; world.languages && i < languages_count(world.languages); i++)
        language_prepare(world.languages, languages_at(world.languages, i), &diag);
    if (diag.failed)
        diag_print(&diag, stderr);
    *state = &world;
    return diag.failed ? -1 : 0;
}

static int tear_down(void **state)
{
    World *world = *state;
    parser_pool_free(world->pool);
    languages_free(world->languages);
    names_free(world->names);
    return 0;
}

/* Pre-order, links that agree, places inside the file. */
static void check_shape(const Facts *facts, size_t length)
{
    for (NodeId id = 1; id < facts->count; id++) {
        const Node *node = &facts->nodes[id];
        assert_true(id == 1 ? node->parent == 0 : node->parent > 0 && node->parent < id);
        assert_true(node->child == 0 || node->child == id + 1);
        assert_true(node->next == 0 || node->next > id);
        if (node->next)
            assert_int_equal(facts->nodes[node->next].parent, node->parent);
        assert_true(node->start <= node->end && node->end <= length);
        assert_true(node->at <= node->at_end && node->at_end <= length);
    }
}

static ParseResult parse_within(const World *world, const char *language, Str text,
                                unsigned deadline, Facts *facts, Arena *arena)
{
    /* Of exact size, so that ASan sees any byte read past the end. */
    char *copy = malloc(text.length ? text.length : 1);
    memcpy(copy, text.data, text.length);
    ParseResult result =
        frontend_parse(world->pool, languages_named(world->languages, language),
                       (Str){copy, text.length}, deadline, facts, arena);
    check_shape(facts, text.length);
    free(copy);
    return result;
}

static void check_facts(const World *world, const char *language, const char *source,
                        const char *expected)
{
    Arena arena;
    arena_init(&arena);
    Facts facts;
    assert_int_equal(
        parse_within(world, language, str_of(source), DEADLINE_MS, &facts, &arena), PARSE_OK);
    StrBuf text = {0};
    facts_text(&facts, world->names, &text);
    assert_string_equal(text.data, expected);
    strbuf_release(&text);
    arena_release(&arena);
}

static void test_heredocs_keep_their_order(void **state)
{
    check_facts(*state, "ruby", "f(<<A, <<B, x)\n#{a.b}\nA\ntext\nB\ny\n",
                "(file (call f (string:argument (group:value (member b (name:receiver a)))) "
                "(string:argument text\n) (name:argument x)) (name y))");
}

static void test_repeated_declarations_share_their_type(void **state)
{
    check_facts(*state, "go", "package p\nvar a, b T",
                "(file (namespace p) (variable a (type:type T)) (variable b (type:type T)))");
    check_facts(*state, "c", "T a, b[2];",
                "(file (variable a (type:type T)) (variable b (type:type (type:element T))))");
}

static void test_elif_nests(void **state)
{
    check_facts(*state, "python", "if a: b\nelif c: d\nelse: e\n",
                "(file (if (name:condition a) (block:then (name b)) (block:else (if "
                "(name:condition c) (block:then (name d)) (block:else (name e))))))");
}

static void test_errors_are_told_and_the_rest_is_read(void **state)
{
    World *world = *state;
    Arena arena;
    arena_init(&arena);
    Facts facts;
    Str text = str_lit("def a\n  x.email\n  ) ) (\nend\ndef b\n  y.email\nend\n");
    assert_int_equal(parse_within(world, "ruby", text, DEADLINE_MS, &facts, &arena), PARSE_OK);
    assert_true(facts.error_count > 0);
    assert_true(facts.nodes[1].flags & FLAG_CONTAINS_ERROR);
    size_t members = 0;
    for (NodeId id = 1; id < facts.count; id++)
        members += facts.nodes[id].kind == FACT_MEMBER;
    assert_int_equal(members, 2);
    arena_release(&arena);
}

/* `prefix`, `count` times `unit`. */
static Str repeat(const char *prefix, const char *unit, size_t count, StrBuf *buf)
{
    strbuf_clear(buf);
    strbuf_add_c(buf, prefix);
    for (size_t i = 0; i < count; i++)
        strbuf_add_c(buf, unit);
    return strbuf_str(buf);
}

static void test_deep_and_broken_input(void **state)
{
    static const struct {
        const char *prefix, *unit;
        size_t count;
    } inputs[] = {
        {"x = ", "(", 200000}, {"a", ".b", 30000}, {"a = ", "a + ", 30000},
        {"", "if (a) ", 2000}, {"x: ", "a[", 5000}, {"", "\x00\xff", 3000},
        {"f(", "<<A, ", 3000}, {"", "", 0},
    };
    World *world = *state;
    StrBuf buf = {0};
    for (size_t i = 0; i < languages_count(world->languages); i++) {
        const Language *language = languages_at(world->languages, i);
        if (strcmp(language->frontend, "tree-sitter") != 0)
            continue;
        for (size_t k = 0; k < sizeof inputs / sizeof *inputs; k++) {
            Arena arena;
            arena_init(&arena);
            Facts facts;
            Str text = repeat(inputs[k].prefix, inputs[k].unit, inputs[k].count, &buf);
            parse_within(world, language->name, text, 3000, &facts, &arena);
            arena_release(&arena);
        }
    }
    strbuf_release(&buf);
}

static void test_deep_tree_is_cut_not_lost(void **state)
{
    World *world = *state;
    StrBuf buf = {0};
    Arena arena;
    arena_init(&arena);
    Facts facts;
    Str text = repeat("o.email\nx = 1", " + 1", TREESITTER_DEPTH_MAX * 2, &buf);
    assert_int_equal(parse_within(world, "ruby", text, DEADLINE_MS, &facts, &arena),
                     PARSE_TOO_DEEP);
    assert_int_equal(facts.nodes[2].kind, FACT_MEMBER);
    arena_release(&arena);
    strbuf_release(&buf);
}

static void test_deadline(void **state)
{
    World *world = *state;
    StrBuf buf = {0};
    Str slow = repeat("", "()", 40000, &buf); /* seconds in JavaScript */
    Arena arena;
    arena_init(&arena);
    Facts facts;
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_int_equal(parse_within(world, "javascript", slow, 50, &facts, &arena), PARSE_TIMEOUT);
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_true(end.tv_sec - start.tv_sec < 10);
    assert_int_equal(facts.nodes[1].kind, FACT_FILE);
    strbuf_release(&buf);
    arena_release(&arena);
    /* The same parser must be fit for the next file. */
    check_facts(world, "javascript", "a.b", "(file (member b (name:receiver a)))");
}

static void test_templates_keep_their_places(void **state)
{
    World *world = *state;
    Arena arena;
    arena_init(&arena);
    Facts facts;
    Str text = str_lit("<p><%= order.email %></p>\n");
    assert_int_equal(parse_within(world, "erb", text, DEADLINE_MS, &facts, &arena), PARSE_OK);
    NodeId member = 0;
    for (NodeId id = 1; id < facts.count; id++) {
        if (facts.nodes[id].kind == FACT_MEMBER)
            member = id;
    }
    assert_int_equal(facts.nodes[member].at, 13);
    assert_int_equal(facts.nodes[member].at_end, 18);
    assert_true(facts.nodes[member].flags & FLAG_TEMPLATE);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heredocs_keep_their_order),
        cmocka_unit_test(test_repeated_declarations_share_their_type),
        cmocka_unit_test(test_elif_nests),
        cmocka_unit_test(test_errors_are_told_and_the_rest_is_read),
        cmocka_unit_test(test_deep_and_broken_input),
        cmocka_unit_test(test_deep_tree_is_cut_not_lost),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_templates_keep_their_places),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
