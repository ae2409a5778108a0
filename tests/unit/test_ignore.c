/*
 * Hand-written cases, then the oracle: random trees with random ignore files,
 * each path judged by us and by `git check-ignore`. The seed is fixed; a failure
 * prints the tree's ignore files and the path.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "input/ignore.h"
#include "input/ignore_scope.h"

#include "base/array.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- globs ---- */

static void test_glob(void **state)
{
    (void)state;
    static const struct {
        const char *glob, *text;
        bool match;
    } cases[] = {
        {"a", "a", true},           {"a", "ab", false},         {"a*", "abc", true},
        {"*c", "abc", true},        {"a*c", "abcbc", true},     {"*", "a/b", false},
        {"a/*/c", "a/b/c", true},   {"a/*/c", "a/b/b/c", false}, {"a?c", "abc", true},
        {"a?c", "a/c", false},      {"[a-c]x", "bx", true},     {"[!a-c]x", "bx", false},
        {"[^a-c]x", "dx", true},    {"[]]", "]", true},         {"[a-]", "-", true},
        {"[[:digit:]]", "7", true}, {"[[:digit:]]", "x", false}, {"[[:nope:]]", "x", false},
        {"[a", "a", false},         {"\\*", "*", true},         {"\\*", "x", false},
        {"a\\", "a\\", false},      {"**/b", "b", true},        {"**/b", "x/y/b", true},
        {"**/b", "x/yb", false},    {"a/**", "a/b/c", true},    {"a/**/b", "a/b", true},
        {"a/**/b", "a/x/y/b", true}, {"a/**/b/*c", "a/b/x/b/yc", true},
        {"a**b", "axxb", true},     {"a**b", "a/b", false},     {"[!a]", "/", false},
        {"**/x/**/y", "x/x/q/y", true}, {"*/**/z", "a/z", true}, {"*/**/z", "z", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (glob_match(str_of(cases[i].glob), str_of(cases[i].text)) != cases[i].match)
            fail_msg("glob '%s' on '%s': expected %d", cases[i].glob, cases[i].text,
                     cases[i].match);
}

/* A matcher that recurses at each star needs hours for this. */
static void test_glob_cost(void **state)
{
    (void)state;
    StrBuf glob = {0}, text = {0};
    for (int i = 0; i < 200; i++) {
        strbuf_add_c(&glob, i % 2 ? "*a" : "**/*a*/");
        strbuf_add_c(&text, i % 2 ? "aaaaaaaaaaaa/" : "aaaaaaaa");
    }
    strbuf_add_c(&glob, "z");
    assert_false(glob_match(strbuf_str(&glob), strbuf_str(&text)));
    strbuf_release(&glob);
    strbuf_release(&text);
}

static void test_rules(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    IgnoreRules *rules = ignore_parse(&arena, str_lit("\xef\xbb\xbf# a comment\r\n"
                                                      "*.log\n!keep.log\r\n/build/\n\n"
                                                      "\\#x\n\\!y\ntrail  \nkept\\ \ndoc/*.txt"));
    static const struct {
        const char *path;
        bool folder;
        IgnoreVerdict verdict;
    } cases[] = {
        {"a/x.log", false, IGNORE_OUT},     {"a/keep.log", false, IGNORE_KEEP},
        {"build", true, IGNORE_OUT},        {"build", false, IGNORE_SILENT},
        {"a/build", true, IGNORE_SILENT},   {"#x", false, IGNORE_OUT},
        {"!y", false, IGNORE_OUT},          {"trail", false, IGNORE_OUT},
        {"kept ", false, IGNORE_OUT},       {"kept", false, IGNORE_SILENT},
        {"doc/a.txt", false, IGNORE_OUT},   {"doc/b/a.txt", false, IGNORE_SILENT},
        {"x/doc/a.txt", false, IGNORE_SILENT}, {"a comment", false, IGNORE_SILENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (ignore_match(rules, str_of(cases[i].path), cases[i].folder) != cases[i].verdict)
            fail_msg("'%s': expected %d", cases[i].path, cases[i].verdict);
    assert_null(ignore_parse(&arena, str_lit("\n# nothing\n/\n!\n")));
    assert_null(ignore_from_globs(&arena, NULL, 0));
    assert_int_equal(ignore_match(NULL, str_lit("x"), false), IGNORE_SILENT);
    arena_release(&arena);
}

/* ---- against git ---- */

typedef struct Random {
    uint64_t state;
} Random;

static unsigned pick(Random *random, unsigned below)
{
    random->state = random->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(random->state >> 33) % below;
}

static const char *const names[] = {"a", "b", "ab", "foo", "foo.c", "a b", "x.log", "[a]", "b-c",
                                    "A", "1", "a*", "\xc3\xa9"};
enum { NAMES = sizeof names / sizeof *names };

/* A random pattern, mostly sensible, at times malformed. */
static void add_pattern(Random *random, StrBuf *out)
{
    static const char *const odd[] = {"[", "[!a]", "[a-c]", "[[:alpha:]]", "[[:x:]]", "\\", "\\a",
                                      "?", "**", "***", "[]-a]", "[^b]", "[a-", "\\*", "[\\a-c]",
                                      "[[:alpha:]b-]", "[--0]"};
    if (pick(random, 4) == 0)
        strbuf_add_byte(out, '!');
    if (pick(random, 5) == 0)
        strbuf_add_byte(out, '/');
    for (unsigned parts = 1 + pick(random, 3), i = 0; i < parts; i++) {
        if (i)
            strbuf_add_byte(out, '/');
        switch (pick(random, 7)) {
        case 0:
            strbuf_add_c(out, "**");
            break;
        case 1:
            strbuf_add_byte(out, '*');
            break;
        case 2:
            strbuf_printf(out, "*%s", names[pick(random, NAMES)]);
            break;
        case 3:
            strbuf_printf(out, "%.1s%s", names[pick(random, NAMES)],
                          odd[pick(random, sizeof odd / sizeof *odd)]);
            break;
        default:
            strbuf_add_c(out, names[pick(random, NAMES)]);
        }
        if (pick(random, 12) == 0)
            strbuf_add_c(out, "**");
    }
    if (pick(random, 5) == 0)
        strbuf_add_byte(out, '/');
    if (pick(random, 20) == 0)
        strbuf_add_c(out, "  ");
    strbuf_add_c(out, pick(random, 20) ? "\n" : "\r\n");
}

static void write_file(const char *path, Str text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    if (text.length)
        assert_int_equal(write(fd, text.data, text.length), (ssize_t)text.length);
    close(fd);
}

typedef struct Item {
    char *path; /* relative to the tree */
    bool folder, ignored;
} Item;

typedef struct Tree {
    ARRAY_OF(Item);
    Arena arena;
    StrBuf described; /* its ignore files, for a failure's message */
} Tree;

/* Writes a random ignore file of `patterns` lines. */
static void write_ignore(Random *random, Tree *tree, const char *path)
{
    StrBuf text = {0};
    for (unsigned i = 0, count = 1 + pick(random, 5); i < count; i++)
        add_pattern(random, &text);
    write_file(path, strbuf_str(&text));
    strbuf_printf(&tree->described, "--- %s\n%s", path, text.data);
    strbuf_release(&text);
}

/* Makes folders and files below the working directory. */
static void grow(Random *random, Tree *tree)
{
    for (int i = 0; i < 30; i++) {
        const char *parent = "";
        if (tree->count && pick(random, 4)) {
            Item *item = &tree->items[pick(random, (unsigned)tree->count)];
            parent = item->folder ? arena_printf(&tree->arena, "%s/", item->path) : "";
        }
        char *path = arena_printf(&tree->arena, "%s%s", parent, names[pick(random, NAMES)]);
        bool folder = pick(random, 2) == 0;
        if (access(path, F_OK) == 0)
            continue;
        if (folder)
            assert_int_equal(mkdir(path, 0755), 0);
        else
            write_file(path, str_lit(""));
        array_push(tree, ((Item){.path = path, .folder = folder}));
        if (folder && pick(random, 4) == 0)
            write_ignore(random, tree, arena_printf(&tree->arena, "%s/.gitignore", path));
    }
}

/* Marks what `git check-ignore` says is ignored. */
static void ask_git(Tree *tree)
{
    StrBuf asked = {0};
    for (size_t i = 0; i < tree->count; i++)
        strbuf_add(&asked, tree->items[i].path, strlen(tree->items[i].path) + 1);
    write_file(".git/asked", strbuf_str(&asked));
    strbuf_release(&asked);
    /* -v -n prints four NUL-ended fields for every path: file, line, pattern, path. */
    int status = system("git check-ignore -v -n -z --no-index --stdin < .git/asked > .git/answer");
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
    FILE *answer = fopen(".git/answer", "rb");
    assert_non_null(answer);
    char *field = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < tree->count; i++) {
        bool matched = false, negated = false;
        for (int column = 0; column < 4; column++) {
            assert_true(getdelim(&field, &capacity, '\0', answer) > 0);
            if (column == 0)
                matched = field[0] != '\0';
            if (column == 2)
                negated = field[0] == '!';
        }
        assert_string_equal(field, tree->items[i].path);
        tree->items[i].ignored = matched && !negated;
    }
    free(field);
    fclose(answer);
}

static unsigned holds_at(int fd)
{
    return (faccessat(fd, ".gitignore", F_OK, 0) == 0 ? HOLDS_GITIGNORE : 0u) |
           (faccessat(fd, ".git", F_OK, 0) == 0 ? HOLDS_GIT : 0u);
}

/* Our verdict: each folder above from the top down, then the path itself. */
static bool ours(Tree *tree, const Item *item, Str top)
{
    const IgnoreScope *scope = NULL;
    Str path = str_of(item->path), base = top;
    const char *relative = ".";
    for (size_t at = 0;; at++) {
        int fd = open(relative, O_RDONLY | O_DIRECTORY);
        assert_true(fd >= 0);
        scope = ignore_scope_enter(&tree->arena, scope, fd, base, holds_at(fd));
        close(fd);
        at = str_find_byte(path, '/', at);
        bool last = at == SIZE_MAX;
        Str upto = last ? path : str_slice(path, 0, at);
        const char *full =
            arena_printf(&tree->arena, "%.*s/%.*s", STR_ARG(top), STR_ARG(upto));
        if (ignore_scope_judge(scope, NULL, str_of(full), !last || item->folder) == IGNORE_OUT)
            return true;
        if (last)
            return false;
        base = str_of(full);
        relative = arena_strdup(&tree->arena, upto.data, upto.length);
    }
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void compare_tree(Random *random, int round)
{
    Tree tree = {0};
    char folder[] = "ignore-XXXXXX";
    arena_init(&tree.arena);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkdir(".git", 0755) | mkdir(".git/info", 0755) | mkdir(".git/objects", 0755) |
                         mkdir(".git/refs", 0755), 0);
    write_file(".git/HEAD", str_lit("ref: refs/heads/main\n"));
    if (pick(random, 3))
        write_ignore(random, &tree, ".gitignore");
    if (pick(random, 3) == 0)
        write_ignore(random, &tree, ".git/info/exclude");
    grow(random, &tree);
    ask_git(&tree);
    size_t differences = 0;
    for (size_t i = 0; i < tree.count; i++) {
        const Item *item = &tree.items[i];
        bool verdict = ours(&tree, item, str_lit("some/top"));
        if (verdict != item->ignored && !differences++)
            print_error("round %d: '%s'%s: git says %d, we say %d\n%s", round, item->path,
                        item->folder ? " (folder)" : "", item->ignored, verdict,
                        tree.described.data);
    }
    assert_int_equal(chdir(".."), 0);
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    strbuf_release(&tree.described);
    array_release(&tree);
    arena_release(&tree.arena);
    assert_int_equal(differences, 0);
}

static void test_like_git(void **state)
{
    (void)state;
    if (system("git --version > /dev/null 2>&1") != 0)
        skip();
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    setenv("GIT_CONFIG_SYSTEM", "/dev/null", 1);
    setenv("XDG_CONFIG_HOME", "/dev/null", 1);
    unsetenv("GIT_DIR");
    const char *place = getenv("TMPDIR");
    assert_int_equal(chdir(place ? place : P_tmpdir), 0);
    const char *rounds = getenv("IGNORE_ROUNDS"), *seed = getenv("IGNORE_SEED");
    Random random = {seed ? strtoull(seed, NULL, 10) : 20261123};
    for (int i = 0, count = rounds ? atoi(rounds) : 200; i < count; i++)
        compare_tree(&random, i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_glob),
        cmocka_unit_test(test_glob_cost),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_like_git),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
