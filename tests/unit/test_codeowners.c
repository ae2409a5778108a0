/*
 * The last pattern wins; a pattern without owners takes them back.
 */
#include "input/codeowners.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void check_owner(const char *text, const char *path, const char *owner)
{
    Arena arena;
    arena_init(&arena);
    const char *found = codeowners_of(codeowners_parse(str_of(text), &arena), path);
    if (owner)
        assert_string_equal(found, owner);
    else
        assert_null(found);
    arena_release(&arena);
}

static void test_owners(void **state)
{
    (void)state;
    const char text[] = "# all\n* @all\n/app/jobs/ @jobs @x # why\n*.sql @dba\n/app/jobs/free.rb\n";
    check_owner(text, "lib/a.rb", "@all");
    check_owner(text, "app/jobs/deep/a.rb", "@jobs @x");
    check_owner(text, "app/jobs/q.sql", "@dba");
    check_owner(text, "app/jobs/free.rb", NULL);
    check_owner("", "a", NULL);
    check_owner("/lib/ @lib\n", "src/lib/a.rb", NULL);
}

static void test_sections(void **state)
{
    (void)state;
    const char text[] = "[Database][2] @dba\n*.sql\n*.rb @ruby\n^[Docs] @docs\ndocs/\n";
    check_owner(text, "db/a.sql", "@dba");
    check_owner(text, "a.rb", "@ruby");
    check_owner(text, "docs/a.md", "@docs");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_owners),
        cmocka_unit_test(test_sections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
