/*
 * Each test makes a small tree and compares the whole list with what git and
 * ripgrep would show. Lists are written as one string, paths joined by blanks.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "input/walk.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

/* An empty folder to work in, outside of any repository; its name is the test's state. */
static int set_up(void **state)
{
    const char *place = getenv("TMPDIR");
    if (chdir(place ? place : P_tmpdir) != 0)
        return -1;
    char *folder = strdup("walk-XXXXXX");
    *state = folder;
    setenv("XDG_CONFIG_HOME", "/nowhere", 1);
    return mkdtemp(folder) ? chdir(folder) : -1;
}

static int tear_down(void **state)
{
    int moved = chdir("..");
    nftw(*state, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return moved;
}

/* Makes a file, and the folders above it. */
static void put(const char *path, const char *text)
{
    char *copy = strdup(path);
    for (char *slash = copy; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = '\0';
        mkdir(copy, 0755);
    }
    int fd = open(copy, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    free(copy);
}

static void check_list(const WalkOptions *options, const char *expected)
{
    WalkOptions asked = *options;
    if (!asked.root)
        asked.root = ".";
    for (asked.threads = 1; asked.threads <= 8; asked.threads += 7) {
        SourceList list;
        Diag diag = {0};
        StrBuf got = {0};
        assert_true(walk_list(&list, &asked, &diag));
        for (size_t i = 0; i < list.count; i++)
            strbuf_printf(&got, "%s%s", i ? " " : "", list.items[i].path);
        assert_string_equal(got.data ? got.data : "", expected);
        strbuf_release(&got);
        source_list_release(&list);
        assert_int_equal(list.root_fd, -1);
    }
}

static void test_order_and_types(void **state)
{
    (void)state;
    put("a/x.rb", "");
    put("a.rb", "");
    put("a-b", "");
    put("a/b/c/d.rb", "");
    put("B", "");
    put(".hidden", "");
    put(".config/x", "");
    put(".git/config", "");
    assert_int_equal(symlink("a.rb", "link.rb") | symlink("a", "link") | mkfifo("pipe", 0644), 0);
    check_list(&(WalkOptions){0}, "B a-b a.rb a/b/c/d.rb a/x.rb");
    check_list(&(WalkOptions){.hidden = true}, ".config/x .hidden B a-b a.rb a/b/c/d.rb a/x.rb");
}

static void test_ignore_files(void **state)
{
    (void)state;
    put(".git/info/exclude", "by-exclude\n");
    put(".gitignore", "*.log\n/top\nsub/deep\n!/kept/important.log\n.shown\n!.shown\n");
    put("x.log", "");
    put("top", "");
    put("by-exclude", "");
    put(".shown", "");
    put("kept/important.log", "");
    put("kept/other.log", "");
    put("sub/top", "");
    put("sub/deep/x", "");
    put("sub/.gitignore", "!y.log\n");
    put("sub/y.log", "");
    put("vendor/.ignore", "*\n!*.rb\n");
    put("vendor/a.js", "");
    put("vendor/a.rb", "");
    put(".ignore", "!z.log\n");
    put("z.log", "");
    check_list(&(WalkOptions){0},
               ".shown kept/important.log sub/top sub/y.log vendor/a.rb z.log");
    check_list(&(WalkOptions){.no_ignore = true},
               "by-exclude kept/important.log kept/other.log sub/deep/x sub/top sub/y.log top "
               "vendor/a.js vendor/a.rb x.log z.log");
}

static void test_repositories(void **state)
{
    (void)state;
    put(".gitignore", "a\n");
    put("a", "");
    check_list(&(WalkOptions){0}, "a"); /* no repository: git's files do not count */
    put("module/.git/HEAD", "");
    put("module/.gitignore", "b\n");
    put("module/a", "");
    put("module/b", "");
    check_list(&(WalkOptions){0}, "a module/a");
    put(".git/HEAD", "");
    check_list(&(WalkOptions){0}, "module/a"); /* the outer rules stop at the inner repository */
    put("tree/.git", "gitdir: ../real\n");
    put("real/info/exclude", "c\n");
    put("tree/c", "");
    put("tree/d", "");
    put("real/x", "");
    check_list(&(WalkOptions){0}, "module/a real/info/exclude real/x tree/d");
}

static void test_root_below_repository(void **state)
{
    (void)state;
    put(".git/HEAD", "");
    put(".gitignore", "/app/tmp\n*.o\n");
    put("app/tmp/x", "");
    put("app/y.o", "");
    put("app/z", "");
    check_list(&(WalkOptions){.root = "app"}, "z");
}

static void test_global_rules(void **state)
{
    (void)state;
    put(".git/HEAD", "");
    put("cfg/git/ignore", "*.swp\n/only-top\n");
    put("a/x.swp", "");
    put("a/only-top", "");
    put("only-top", "");
    char *config = realpath("cfg", NULL);
    setenv("XDG_CONFIG_HOME", config, 1);
    check_list(&(WalkOptions){0}, "a/only-top cfg/git/ignore");
    free(config);
}

static void test_globs(void **state)
{
    (void)state;
    put("app/models/a.rb", "");
    put("app/models/a.js", "");
    put("app/views/x.erb", "");
    put("lib/b.rb", "");
    put("spec/c.rb", "");
    const char *const include[] = {"/app", "*.rb", "!c.rb"}, *const exclude[] = {"views", "*.js"};
    check_list(&(WalkOptions){.include = include, .include_count = 3},
               "app/models/a.js app/models/a.rb app/views/x.erb lib/b.rb");
    check_list(&(WalkOptions){.exclude = exclude, .exclude_count = 2},
               "app/models/a.rb lib/b.rb spec/c.rb");
    check_list(&(WalkOptions){.include = include, .include_count = 1, .exclude = exclude,
                              .exclude_count = 2}, "app/models/a.rb");
}

static void test_named(void **state)
{
    (void)state;
    put(".git/HEAD", "");
    put(".gitignore", "out\n*.min.js\n");
    put("out/x.rb", "");
    put("out/y.min.js", "");
    put("app/z.min.js", "");
    put("app/z.rb", "");
    put(".rc", "");
    const char *const paths[] = {"./app//", "app/z.min.js", "out", ".rc", "app/z.rb"};
    WalkOptions options = {.paths = paths, .path_count = 5};
    check_list(&options, ".rc app/z.min.js app/z.rb out/x.rb");
    SourceList list;
    Diag diag = {0};
    options.root = ".";
    assert_true(walk_list(&list, &options, &diag));
    assert_true(list.items[0].named && list.items[1].named && list.items[2].named);
    assert_false(list.items[3].named);
    assert_ptr_equal(source_list_find(&list, "app/z.rb"), &list.items[2]);
    assert_null(source_list_find(&list, "app"));
    source_list_release(&list);
    const char *const dot[] = {"."};
    check_list(&(WalkOptions){.paths = dot, .path_count = 1}, "app/z.rb");
}

static void check_failure(const char *root, const char *path, const char *at, const char *message,
                          const char *hint)
{
    SourceList list;
    Diag diag = {0};
    const char *const paths[] = {path};
    WalkOptions options = {.root = root, .paths = paths, .path_count = path != NULL};
    assert_false(walk_list(&list, &options, &diag));
    assert_string_equal(diag.path, at);
    assert_string_equal(diag.message, message);
    assert_string_equal(diag.hint, hint);
}

static void test_missing(void **state)
{
    (void)state;
    put("app/models/order.rb", "");
    const char *const missing = "no such file or folder";
    check_failure(".", "app/modles/order.rb", "app/modles/order.rb", missing,
                  "did you mean 'app/models'?");
    check_failure(".", "app/models/oder.rb", "app/models/oder.rb", missing,
                  "did you mean 'app/models/order.rb'?");
    check_failure(".", "elsewhere", "elsewhere", missing, "");
    check_failure("ap", NULL, "ap", missing, "did you mean 'app'?");
    check_failure("app/models/order.rb", NULL, "app/models/order.rb", "Not a directory", "");
}

static void test_unreadable(void **state)
{
    (void)state;
    put("a/x", "");
    put("b/y", "");
    assert_int_equal(chmod("a", 0), 0);
    SourceList list;
    Diag diag = {0};
    WalkOptions options = {.root = ".", .threads = 2};
    assert_true(walk_list(&list, &options, &diag));
    if (geteuid() != 0) { /* root reads everything */
        assert_int_equal(list.unreadable_count, 1);
        assert_string_equal(list.unreadable[0], "a");
        assert_int_equal(list.count, 1);
    }
    source_list_release(&list);
    assert_int_equal(chmod("a", 0755), 0);
}

static const Language *mark_ruby(void *context, const char *path)
{
    return strstr(path, ".rb") ? context : NULL;
}

/* Enough folders for all threads; deep ones, too. */
static void test_many(void **state)
{
    (void)state;
    char path[64], deep[600] = "d";
    for (int i = 0; i < 300; i++) {
        snprintf(path, sizeof path, "f%d/g%d/x.rb", i % 20, i);
        put(path, "");
    }
    for (int i = 0; i < 250; i++)
        strcat(deep, "/d");
    strcat(deep, "/y");
    put(deep, "");
    char ruby;
    SourceList list;
    Diag diag = {0};
    WalkOptions options = {.root = ".", .threads = 8, .language_of = mark_ruby, .context = &ruby};
    assert_true(walk_list(&list, &options, &diag));
    assert_int_equal(list.count, 301);
    for (size_t i = 0; i < list.count; i++) {
        assert_true((list.items[i].language == (void *)&ruby) == (i > 0));
        if (i)
            assert_true(strcmp(list.items[i - 1].path, list.items[i].path) < 0);
    }
    assert_string_equal(list.items[0].path, deep);
    source_list_release(&list);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_order_and_types), TEST(test_ignore_files), TEST(test_repositories),
        TEST(test_root_below_repository), TEST(test_global_rules), TEST(test_globs),
        TEST(test_named), TEST(test_missing), TEST(test_unreadable), TEST(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
