/*
 * Edits applied and shown: positions, hunks, files without a last newline.
 */
#include "output/patch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void check_apply(const char *old, const Edit *edits, size_t count, const char *new)
{
    StrBuf out = {0};
    assert_true(patch_apply(str_of(old), edits, count, &out));
    assert_string_equal(out.data, new);
    strbuf_release(&out);
}

static void test_apply(void **state)
{
    (void)state;
    Edit edits[] = {{0, 1, "X"}, {4, 4, "+"}, {6, 7, ""}};
    check_apply("abc\ndefg", edits, 3, "Xbc\n+deg");
}

static void test_refuses_overlaps(void **state)
{
    (void)state;
    Edit overlap[] = {{0, 3, "X"}, {2, 4, "Y"}}, outside[] = {{7, 9, "X"}};
    StrBuf out = {0};
    assert_false(patch_apply(str_of("abcdefgh"), overlap, 2, &out));
    assert_false(patch_apply(str_of("abcdefgh"), outside, 1, &out));
    assert_false(patch_diff("x", str_of("abcdefgh"), overlap, 2, &out));
    assert_int_equal(out.length, 0);
    strbuf_release(&out);
}

static void check_diff(const char *path, const char *old, const Edit *edits, size_t count,
                       const char *wanted)
{
    StrBuf out = {0};
    assert_true(patch_diff(path, str_of(old), edits, count, &out));
    assert_string_equal(out.data, wanted);
    strbuf_release(&out);
}

static void test_hunk(void **state)
{
    (void)state;
    Edit edit = {10, 11, "F"};
    check_diff("a.rb", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n", &edit, 1,
               "--- a/a.rb\n+++ b/a.rb\n@@ -3,7 +3,7 @@\n c\n d\n e\n-f\n+F\n g\n h\n i\n");
}

static void test_two_hunks(void **state)
{
    (void)state;
    Edit edits[] = {{0, 1, "A\nA"}, {24, 25, "M"}};
    check_diff("a", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\n", edits, 2,
               "--- a/a\n+++ b/a\n@@ -1,4 +1,5 @@\n-a\n+A\n+A\n b\n c\n d\n"
               "@@ -10,4 +11,4 @@\n j\n k\n l\n-m\n+M\n");
}

static void test_no_newline_and_odd_path(void **state)
{
    (void)state;
    Edit edit = {0, 1, "A"};
    check_diff("a\n\"b", "a", &edit, 1,
               "--- \"a/a\\012\\\"b\"\n+++ \"b/a\\012\\\"b\"\n@@ -1,1 +1,1 @@\n"
               "-a\n\\ No newline at end of file\n+A\n\\ No newline at end of file\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apply),     cmocka_unit_test(test_refuses_overlaps),
        cmocka_unit_test(test_hunk),      cmocka_unit_test(test_two_hunks),
        cmocka_unit_test(test_no_newline_and_odd_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
