/* Which language a file is in, and that the shipped languages are sound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parse/language.h"

#include <string.h>

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

static void check_path(const World *world, const char *path, const char *expected)
{
    const Language *language = languages_for_path(world->languages, path);
    if (!expected) {
        assert_null(language);
        return;
    }
    if (!language || strcmp(language->name, expected) != 0)
        fail_msg("%s: expected %s, got %s", path, expected, language ? language->name : "none");
}

static void test_path(void **state)
{
    check_path(*state, "app/models/order.rb", "ruby");
    check_path(*state, "lib/tasks/ORDER.RAKE", "ruby");
    check_path(*state, "Gemfile", "ruby");
    check_path(*state, "a.py", "python");
    check_path(*state, "a/b.h", "cpp");
    check_path(*state, "a/b.c", "c");
    check_path(*state, "x.tsx", "tsx");
    check_path(*state, "x.d.ts", "typescript");
    check_path(*state, "show.html.erb", "erb");
    check_path(*state, ".rb", NULL);
    check_path(*state, "rb", NULL);
    check_path(*state, "folder.rb/README", NULL);
    check_path(*state, "", NULL);
}

static void check_shebang(const World *world, const char *line, const char *expected)
{
    const Language *language = languages_for_shebang(world->languages, str_of(line));
    assert_string_equal(language ? language->name : "none", expected);
}

static void test_shebang(void **state)
{
    check_shebang(*state, "#!/usr/bin/ruby", "ruby");
    check_shebang(*state, "#!/usr/bin/env python3.11\nimport x", "python");
    check_shebang(*state, "#!/usr/bin/env -S A=b ruby -w\r\n", "ruby");
    check_shebang(*state, "#!/bin/sh", "none");
    check_shebang(*state, "#!", "none");
    check_shebang(*state, "#!/", "none");
    check_shebang(*state, "ruby", "none");
}

static void test_every_language_loads(void **state)
{
    World *world = *state;
    assert_true(languages_count(world->languages) >= 10);
    for (size_t i = 0; i < languages_count(world->languages); i++) {
        const Language *language = languages_at(world->languages, i);
        Diag diag = {0};
        if (!language_prepare(world->languages, language, &diag)) {
            diag_print(&diag, stderr);
            fail();
        }
        assert_true(language_prepare(world->languages, language, &diag)); /* a second time */
        assert_non_null(language->family);
        assert_ptr_equal(languages_named(world->languages, language->name), language);
        if (language->host)
            assert_non_null(language->host_language->lowering);
    }
}

static void test_words(void **state)
{
    World *world = *state;
    const Language *ruby = languages_named(world->languages, "ruby");
    assert_true(ruby->implicit_self && ruby->implicit_return && ruby->bare_call);
    assert_true(str_eq_c(ruby->separator, "::"));
    assert_true(str_eq_c(ruby->line_comment, "#"));
    assert_true(str_eq_c(ruby->class_declares.items[0].before, "class "));
    assert_true(str_eq_c(ruby->class_declares.items[0].after, ""));
    const Language *python = languages_named(world->languages, "python");
    assert_true(python->first_param_is_self && !python->implicit_return && !python->typed);
    assert_true(languages_named(world->languages, "go")->typed);
    assert_null(languages_named(world->languages, "klingon"));
    const Language *typescript = languages_named(world->languages, "typescript");
    assert_false(language_fits(typescript, str_lit("<?xml version=\"1.0\"?>")));
    assert_false(language_fits(typescript, str_lit("\xEF\xBB\xBF<!DOCTYPE TS>")));
    assert_true(language_fits(typescript, str_lit("<T>(x: T) => x")));
    assert_true(language_fits(typescript, str_lit("<")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_path),
        cmocka_unit_test(test_shebang),
        cmocka_unit_test(test_every_language_loads),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
