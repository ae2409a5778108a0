/*
 * Files of every kind that source_load must tell apart, the UTF-16 decoder, and
 * the line index.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "input/source.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char file_name[] = "file";

static void put(Str text)
{
    int fd = open(file_name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.data, text.length), (ssize_t)text.length);
    close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    unlink(file_name);
    return 0;
}

/* A folder of our own to work in; its name is the group's state. */
static int set_up(void **state)
{
    const char *place = getenv("TMPDIR");
    char *folder = strdup("source-XXXXXX");
    *state = folder;
    return chdir(place ? place : P_tmpdir) == 0 && mkdtemp(folder) ? chdir(folder) : -1;
}

static int tear_down(void **state)
{
    int gone = chdir("..") | rmdir(*state);
    free(*state);
    return gone;
}

static void check_text(Source *source, Str expected)
{
    assert_true(source_load(source, AT_FDCWD));
    assert_int_equal(source->state, SOURCE_LOADED);
    assert_int_equal(source->text.length, expected.length);
    assert_memory_equal(source->text.data, expected.data, expected.length);
    for (int i = 0; i < SOURCE_PADDING; i++)
        assert_int_equal(source->text.data[expected.length + (size_t)i], 0);
    assert_true(source_load(source, AT_FDCWD)); /* again: nothing happens */
    source_release(source);
    assert_int_equal(source->state, SOURCE_RELEASED);
    assert_null(source->text.data);
}

static void check_refused(Source source, SourceState state, int error)
{
    assert_false(source_load(&source, AT_FDCWD));
    assert_int_equal(source.state, state);
    assert_int_equal(source.error, error);
    assert_null(source.text.data);
}

static void test_plain(void **state)
{
    (void)state;
    Source source = {.path = file_name};
    put(str_lit("class Order\nend\n"));
    check_text(&source, str_lit("class Order\nend\n"));
    put(str_lit(""));
    check_text(&source, str_lit("")); /* a released one is read anew */
    put(str_lit("\xef\xbb\xbfx = '\xff\xfe'"));
    check_text(&source, str_lit("\xef\xbb\xbfx = '\xff\xfe'")); /* as it is, mark included */
    assert_false(source.transcoded);
}

static void test_refused(void **state)
{
    (void)state;
    Source source = {.path = file_name};
    unlink(file_name);
    check_refused(source, SOURCE_UNREADABLE, ENOENT);
    assert_int_equal(symlink("/dev/zero", file_name), 0);
    check_refused(source, SOURCE_UNREADABLE, ELOOP);
    unlink(file_name);
    assert_int_equal(mkfifo(file_name, 0644), 0);
    check_refused(source, SOURCE_UNREADABLE, EINVAL); /* and does not wait for a writer */
    unlink(file_name);
    check_refused((Source){.path = "."}, SOURCE_UNREADABLE, EISDIR);
    put(str_lit("x"));
    check_refused((Source){.path = file_name, .state = SOURCE_SET_ASIDE}, SOURCE_SET_ASIDE, 0);
}

static void test_binary(void **state)
{
    (void)state;
    Source source = {.path = file_name}, named = {.path = file_name, .named = true};
    put(str_lit("a\0b"));
    check_refused(source, SOURCE_BINARY, 0);
    check_text(&named, str_lit("a\0b"));
    char late[(8 << 10) + 1];
    memset(late, 'x', sizeof late);
    late[sizeof late - 1] = '\0'; /* beyond the head that is looked at */
    put((Str){late, sizeof late});
    check_text(&source, (Str){late, sizeof late});
    late[sizeof late - 2] = '\0';
    put((Str){late, sizeof late});
    source.state = SOURCE_UNREAD;
    check_refused(source, SOURCE_BINARY, 0);
}

static void test_large(void **state)
{
    (void)state;
    Source source = {.path = file_name}, named = {.path = file_name, .named = true};
    put(str_lit("x"));
    assert_int_equal(truncate(file_name, SOURCE_LARGEST), 0);
    check_refused(source, SOURCE_BINARY, 0); /* not too large yet: zeros */
    assert_int_equal(truncate(file_name, SOURCE_LARGEST + 1), 0);
    check_refused(source, SOURCE_TOO_LARGE, 0);
    assert_true(source_load(&named, AT_FDCWD));
    assert_int_equal(named.text.length, SOURCE_LARGEST + 1);
    assert_int_equal(named.size, SOURCE_LARGEST + 1);
    source_release(&named);
}

/* Skipped files can be looked at, and stay skipped. */
static void test_load_refused(void **state)
{
    (void)state;
    Source source = {.path = file_name, .state = SOURCE_SET_ASIDE}, large = {.path = file_name};
    put(str_lit("class Order"));
    assert_true(source_load_refused(&source, AT_FDCWD));
    assert_true(str_eq_c(source.text, "class Order"));
    assert_false(source_load(&source, AT_FDCWD));
    source_release(&source);
    assert_int_equal(source.state, SOURCE_SET_ASIDE);
    assert_false(source_load(&source, AT_FDCWD));
    StrBuf text = {0};
    while (text.length <= SOURCE_LARGEST)
        strbuf_add_c(&text, "a long line of a bundled script;");
    put(strbuf_str(&text));
    assert_false(source_load_refused(&large, AT_FDCWD)); /* not refused yet */
    assert_false(source_load(&large, AT_FDCWD));
    assert_true(source_load_refused(&large, AT_FDCWD));
    assert_int_equal(large.text.length, text.length);
    source_release(&large);
    assert_int_equal(large.state, SOURCE_TOO_LARGE);
    text.data[0] = '\0';
    put(strbuf_str(&text));
    assert_false(source_load_refused(&large, AT_FDCWD)); /* binary: nothing to search */
    assert_int_equal(large.state, SOURCE_TOO_LARGE);
    strbuf_release(&text);
}

static void test_utf16(void **state)
{
    (void)state;
    Source source = {.path = file_name};
    put(str_lit("\xff\xfe"
                "a\0\xe9\0\xac\x20\x3d\xd8\x00\xde\n\0"));
    check_text(&source, str_lit("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n"));
    assert_true(source.transcoded);
    put(str_lit("\xfe\xff\0a\x20\xac"));
    check_text(&source, str_lit("a\xe2\x82\xac"));
    /* lone high, lone low, high at the end, odd byte */
    put(str_lit("\xfe\xff\xd8\x3d\0x\xde\x00\xd8\x3d"));
    check_text(&source, str_lit("\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd"));
    put(str_lit("\xfe\xff\0ab"));
    check_text(&source, str_lit("a\xef\xbf\xbd"));
    put(str_lit("\xff\xfe"));
    check_text(&source, str_lit(""));
    put(str_lit("\xff\xfe\0\0a\0\0\0"));
    source.state = SOURCE_UNREAD;
    check_refused(source, SOURCE_BINARY, 0); /* UTF-32 */
}

static _Atomic bool writing;

static void *keep_writing(void *unused)
{
    int fd = open(file_name, O_WRONLY | O_APPEND);
    while (writing)
        if (write(fd, "more\n", 5) < 0)
            break;
    close(fd);
    return unused;
}

/* A file that grows all the time is whole or CHANGED, never torn. */
static void test_changing(void **state)
{
    (void)state;
    pthread_t writer;
    put(str_lit("more\n"));
    writing = true;
    assert_int_equal(pthread_create(&writer, NULL, keep_writing, NULL), 0);
    for (int i = 0; i < 200; i++) {
        Source source = {.path = file_name};
        if (source_load(&source, AT_FDCWD))
            assert_int_equal(source.text.length, source.size);
        else
            assert_true(source.state == SOURCE_CHANGED || source.state == SOURCE_TOO_LARGE);
        source_release(&source);
    }
    writing = false;
    pthread_join(writer, NULL);
}

static void test_lines(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    LineIndex index;
    Str text = str_lit("one\ntwo\r\n\nlast");
    source_lines(&index, text, &arena);
    assert_int_equal(index.count, 4);
    static const struct {
        uint32_t offset, line, column;
    } cases[] = {{0, 1, 1}, {3, 1, 4}, {4, 2, 1}, {8, 2, 5}, {9, 3, 1}, {10, 4, 1}, {14, 4, 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t line, column;
        source_position(&index, cases[i].offset, &line, &column);
        assert_int_equal(line, cases[i].line);
        assert_int_equal(column, cases[i].column);
    }
    static const char *const lines[] = {"", "one", "two", "", "last", ""};
    for (uint32_t i = 0; i < 6; i++)
        assert_true(str_eq_c(source_line(&index, text, i), lines[i]));
    source_lines(&index, str_lit(""), &arena);
    assert_int_equal(index.count, 1);
    arena_release(&arena);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_teardown(function, remove_file)
    const struct CMUnitTest tests[] = {
        TEST(test_plain), TEST(test_refused), TEST(test_binary), TEST(test_large),
        TEST(test_utf16), TEST(test_changing), TEST(test_lines), TEST(test_load_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
