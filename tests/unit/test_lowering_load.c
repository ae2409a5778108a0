/*
 * Mistakes in language.yml stop at their place, with the nearest right word; and a
 * language is a file: this program brings its own instead of the shipped ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "facts_text.h"
#include "parse/frontend.h"

#include <string.h>

#define HEAD(name) "name: " name "\nfrontend: tree-sitter\nparser: tree_sitter_python\n"
#define TOY(name, extension, body)                                                                 \
    {                                                                                              \
        "grammars/" name "/language.yml",                                                          \
        HEAD(name) "extensions: [" extension "]\nlowering:\n" body,                                \
        sizeof(HEAD(name) "extensions: [" extension "]\nlowering:\n" body) - 1                     \
    }

/* Sorted by path; replaces the table of the build. */
const EmbeddedFile embedded_files[] = {
    TOY("base", "b", "  base: nowhere\n"),
    TOY("edge", "e", "  nodes:\n    call: {fact: call, function: calle}\n"),
    TOY("fact", "f", "  nodes:\n    call: cal\n"),
    TOY("field", "g", "  nodes:\n    call: {fact: call, functon: callee}\n"),
    TOY("flag", "h", "  nodes:\n    call: {fact: call, flags: [statc]}\n"),
    TOY("key", "i", "  nods:\n    call: call\n"),
    TOY("kind", "j", "  nodes:\n    cal: call\n"),
    TOY("nested", "k", "  nodes:\n    call: {fact: call, '@attribut': value}\n"),
    TOY("presence", "l", "  nodes:\n    call: {when: [{use: {fact: call}}]}\n"),
    TOY("token", "m", "  nodes:\n    call: {tokens: {'awaitt': +safe}}\n"),
    TOY("toy", "toy",
        "  nodes:\n    call: {fact: call, function: callee, arguments: argument}\n"
        "    identifier: name\n    attribute: {fact: member, object: receiver, attribute: name}\n"),
};
const size_t embedded_file_count = sizeof embedded_files / sizeof *embedded_files;

typedef struct World {
    Names *names;
    Languages *languages;
} World;

static int set_up(void **state)
{
    static World world;
    Diag diag = {0};
    world.names = names_new();
    world.languages = languages_new(world.names, &diag);
    if (!world.languages)
        diag_print(&diag, stderr);
    *state = &world;
    return world.languages ? 0 : -1;
}

static int tear_down(void **state)
{
    World *world = *state;
    languages_free(world->languages);
    names_free(world->names);
    return 0;
}

static void test_mistakes(void **state)
{
    static const struct {
        const char *name;
        unsigned line, column;
        const char *message, *hint;
    } cases[] = {
        {"base", 6, 9, "unknown language `nowhere`", ""},
        {"edge", 7, 34, "unknown role, fact or flag `calle`", ""},
        {"fact", 7, 11, "unknown fact `cal`", ""},
        {"field", 7, 24, "unknown field or key `functon`", "did you mean `function`?"},
        {"flag", 7, 32, "unknown flag `statc`", ""},
        {"key", 6, 3, NULL, NULL},
        {"kind", 7, 5, "unknown node kind `cal`", "did you mean `call`?"},
        {"nested", 7, 24, "unknown node kind `attribut`", "did you mean `attribute`?"},
        {"presence", 7, 19, "a variant needs `use`, and `has` or `lacks`", ""},
        {"token", 7, 21, "unknown token `awaitt`", "did you mean `await`?"},
    };
    World *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Language *language = languages_named(world->languages, cases[i].name);
        Diag diag = {0};
        assert_false(language_prepare(world->languages, language, &diag));
        assert_string_equal(diag.path, language->source_file.data);
        if (diag.line != cases[i].line || diag.column != cases[i].column)
            fail_msg("%s: at %u:%u: %s", cases[i].name, diag.line, diag.column, diag.message);
        if (cases[i].message)
            assert_string_equal(diag.message, cases[i].message);
        if (cases[i].hint)
            assert_string_equal(diag.hint, cases[i].hint);
    }
}

static void test_toy_language(void **state)
{
    World *world = *state;
    const Language *toy = languages_for_path(world->languages, "a/b.toy");
    assert_string_equal(toy->name, "toy");
    Diag diag = {0};
    assert_true(language_prepare(world->languages, toy, &diag));
    ParserPool *pool = parser_pool_new(world->names);
    Arena arena;
    arena_init(&arena);
    Facts facts;
    assert_int_equal(frontend_parse(pool, toy, str_lit("a.b(c.d)"), 10000, &facts, &arena),
                     PARSE_OK);
    StrBuf text = {0};
    facts_text(&facts, world->names, &text);
    assert_string_equal(text.data, "(file (call b (name:receiver a) (member:argument d "
                                   "(name:receiver c))))");
    strbuf_release(&text);
    arena_release(&arena);
    parser_pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_toy_language),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
