/*
 * Words of commands are split as a shell would; flags are checked one by one
 * against what should become of them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "input/compile_commands.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *joined(const CompileFlags *flags, Arena *arena)
{
    StrBuf text = {0};
    for (size_t i = 0; i < flags->count; i++)
        strbuf_printf(&text, "%s[%s]", i ? " " : "", flags->items[i]);
    const char *copy = arena_strdup(arena, text.data, text.length);
    strbuf_release(&text);
    return copy;
}

static void check_split(const char *command, const char *expected)
{
    Arena arena = {0};
    CompileFlags flags = compile_split(command, &arena);
    assert_string_equal(joined(&flags, &arena), expected);
    arena_release(&arena);
}

static void test_split(void **state)
{
    (void)state;
    check_split("", "");
    check_split("  cc\t-c  a.c\n", "[cc] [-c] [a.c]");
    check_split("cc '-DA=\"b c\"' x", "[cc] [-DA=\"b c\"] [x]");
    check_split("cc -DA=\\\"b\\ c\\\" \"-DB='q'\"", "[cc] [-DA=\"b c\"] [-DB='q']");
    check_split("cc \"a\\$b\" 'a\\b' \"a\\b\" a\"b\"'c'", "[cc] [a$b] [a\\b] [a\\b] [abc]");
    check_split("cc '' \"\" x", "[cc] [] [] [x]");
    check_split("cc $(touch made) `touch made` $HOME; rm *",
                "[cc] [$(touch] [made)] [`touch] [made`] [$HOME;] [rm] [*]");
    check_split("cc 'never closed", "[cc] [never closed]");
    check_split("cc ends-in\\", "[cc] [ends-in\\]");
}

/* The kept flags of a command, and the refused ones after a bar. */
static void check_filter(const char *command, const char *expected)
{
    Arena arena = {0};
    CompileDatabase database = {0};
    CompileCommand one = {.directory = STRAGGLER_SOURCE_DIR, .file = STRAGGLER_SOURCE_DIR "/a.c"};
    CompileFlags arguments = compile_split(command, &arena);
    compile_filter(&database, &one, &arguments, STRAGGLER_SOURCE_DIR, &arena);
    StrBuf text = {0};
    strbuf_add_c(&text, joined(&one.flags, &arena));
    for (size_t i = 0; i < database.refused.count; i++)
        strbuf_printf(&text, "%s%s=%s", i ? " " : "|", database.refused.items[i].name,
                      database.refused.items[i].value);
    assert_string_equal(text.length ? text.data : "", expected);
    strbuf_release(&text);
    compile_database_release(&database);
    arena_release(&arena);
}

static void test_kept_flags(void **state)
{
    (void)state;
    check_filter("cc -c a.c", "");
    check_filter("cc -Iinc -I other -DX -D Y=1 -UZ a.c", "[-Iinc] [-I] [other] [-DX] [-D] [Y=1] [-UZ]");
    check_filter("cc -isystem s -iquote q -idirafter d", "[-isystem] [s] [-iquote] [q] [-idirafter] [d]");
    check_filter("cc -std=c11 -ansi -pthread -nostdinc -m32", "[-std=c11] [-ansi] [-pthread] [-nostdinc] [-m32]");
    check_filter("cc --target=arm -target x86 -x c++ -march=native",
                 "[--target=arm] [-target] [x86] [-x] [c++] [-march=native]");
    check_filter("cc -fno-exceptions -frtti -fshort-enums -fPIC",
                 "[-fno-exceptions] [-frtti] [-fshort-enums] [-fPIC]");
    check_filter("g++ a.c", "[-x] [c++]");
    check_filter("cc -include README.md", "[-include] [README.md]");
}

static void test_dropped_flags(void **state)
{
    (void)state;
    check_filter("cc -Wall -Wextra -O2 -g -pipe -fstack-protector -fno-such-thing -c a.c b.o", "");
    check_filter("cc -Lx -L y -lz -shared", "");
    check_filter("cc -unknown value", "");
}

static void test_refused_flags(void **state)
{
    (void)state;
    check_filter("cc -o a.o -DX", "[-DX]|-o=a.o");
    check_filter("cc -oa.o", "|-o=a.o");
    check_filter("cc -MD -MF d -MT t", "|-MD= -MF=d -MT=t");
    check_filter("cc -fplugin=evil.so -fpass-plugin=b", "|-fplugin==evil.so -fpass-plugin==b");
    check_filter("cc -Xclang -load -Xclang evil.so -DX", "[-DX]|-Xclang=-load");
    check_filter("cc @flags -DX", "[-DX]|@file=@flags");
    check_filter("cc --config evil -ivfsoverlay o.yaml", "|--config=evil -ivfsoverlay=o.yaml");
    check_filter("cc -include /etc/passwd -include ../../../../etc/passwd", "|-include=/etc/passwd");
    check_filter("cc -imacros /dev/zero -include-pch p", "|-imacros=/dev/zero -include-pch=p");
    check_filter("cc -Wp,-MD,x -wrapper sh -specs=e -B. -resource-dir r",
                 "|-Wp,=-MD,x -wrapper=sh -specs==e -B=. -resource-dir=r");
    check_filter("cc -save-temps=obj -ftime-trace=x -serialize-diagnostics d",
                 "|-save-temps==obj -ftime-trace==x -serialize-diagnostics=d");
    check_filter("cc -mllvm -debug -cc1 --analyze -emit-llvm",
                 "|-mllvm=-debug -cc1= --analyze= -emit-=llvm");
    check_filter("cc -o", "|-o="); /* the value is missing */
}

/* --- files --- */

static char *folder; /* made by set_up, for one test at a time */

static void put_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int set_up(void **state)
{
    (void)state;
    const char *place = getenv("TMPDIR");
    char path[256], build[300];
    snprintf(path, sizeof path, "%s/commands-XXXXXX", place ? place : P_tmpdir);
    if (!mkdtemp(path))
        return -1;
    folder = realpath(path, NULL);
    snprintf(build, sizeof build, "%s/build", folder);
    return mkdir(build, 0700);
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {"build/compile_commands.json", "compile_commands.json",
                                        "compile_flags.txt", "a.c", "b.c", "build", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        remove(path);
    }
    free(folder);
    return 0;
}

static void test_found_in_build_folder(void **state)
{
    (void)state;
    Arena arena = {0};
    Diag diag = {0};
    CompileDatabase database;
    put_file("a.c", "");
    put_file("build/compile_commands.json",
             "[{\"directory\":\"..\",\"file\":\"a.c\",\"command\":\"cc -DX -c a.c\"}]");
    assert_true(compile_database_find(&database, folder, NULL, &arena, &diag));
    assert_non_null(database.path);
    char file[300];
    snprintf(file, sizeof file, "%s/a.c", folder);
    size_t count;
    const CompileCommand *command = compile_database_get(&database, file, &count);
    assert_non_null(command);
    assert_int_equal(count, 1);
    assert_string_equal(joined(&command->flags, &arena), "[-DX]");
    assert_string_equal(command->directory, folder);
    assert_null(compile_database_get(&database, "/no/such.c", &count));
    compile_database_release(&database);
    arena_release(&arena);
}

/* Repeats go, unless they show different code. */
static void test_repeated_entries(void **state)
{
    (void)state;
    Arena arena = {0};
    Diag diag = {0};
    CompileDatabase database;
    put_file("a.c", "");
    put_file("b.c", "");
    put_file("compile_commands.json",
             "[{\"directory\":\".\",\"file\":\"b.c\",\"command\":\"cc b.c\"},"
             "{\"directory\":\".\",\"file\":\"a.c\",\"command\":\"cc -DX -I1 a.c\"},"
             "{\"directory\":\".\",\"file\":\"a.c\",\"command\":\"cc -DX -I2 a.c\"},"
             "{\"directory\":\".\",\"file\":\"a.c\",\"command\":\"cc -DY -I1 a.c\"}]");
    assert_true(compile_database_find(&database, folder, NULL, &arena, &diag));
    assert_int_equal(database.commands.count, 3);
    assert_string_equal(joined(&database.commands.items[0].flags, &arena), "[-DX] [-I1]");
    assert_string_equal(joined(&database.commands.items[1].flags, &arena), "[-DY] [-I1]");
    compile_database_release(&database);
    arena_release(&arena);
}

static void test_flags_file(void **state)
{
    (void)state;
    Arena arena = {0};
    Diag diag = {0};
    CompileDatabase database;
    put_file("compile_flags.txt", "-std=c99\n\n  -DX=a b \n-o\nout\n");
    assert_true(compile_database_find(&database, folder, NULL, &arena, &diag));
    assert_true(database.for_any_file);
    assert_string_equal(joined(&database.fallback.flags, &arena), "[-std=c99] [-DX=a b]");
    compile_database_release(&database);
    arena_release(&arena);
}

static void check_broken(const char *text, const char *message)
{
    Arena arena = {0};
    Diag diag = {0};
    CompileDatabase database;
    put_file("compile_commands.json", text);
    bool good = compile_database_find(&database, folder, NULL, &arena, &diag);
    if (good || !strstr(diag.message, message))
        fail_msg("%s: %s", text, good ? "was accepted" : diag.message);
    compile_database_release(&database);
    arena_release(&arena);
}

static void test_broken_files(void **state)
{
    (void)state;
    check_broken("", "not valid JSON");
    check_broken("[{\"file\":\"a.c\"", "not valid JSON");
    check_broken("{}", "must be a list");
    check_broken("[{}]", "entry 1 has no `file`");
    check_broken("[{\"file\":\"a.c\"},7]", "entry 2 has no `file`");
    check_broken("[{\"file\":3}]", "entry 1 has no `file`");
}

/* Wrong types inside an entry lose their flags, not the run. */
static void test_odd_entries(void **state)
{
    (void)state;
    Arena arena = {0};
    Diag diag = {0};
    CompileDatabase database;
    put_file("compile_commands.json",
             "[{\"file\":\"a.c\",\"arguments\":[1,null,\"cc\",\"-DX\",{}]},"
             "{\"file\":\"b.c\",\"directory\":[],\"command\":{}},"
             "{\"file\":\"/dev/zero\",\"command\":\"cc\\u0000-DX\"}]");
    assert_true(compile_database_find(&database, folder, NULL, &arena, &diag));
    assert_int_equal(database.commands.count, 3);
    compile_database_release(&database);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_kept_flags),
        cmocka_unit_test(test_dropped_flags),
        cmocka_unit_test(test_refused_flags),
        cmocka_unit_test_setup_teardown(test_found_in_build_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_repeated_entries, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_flags_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_broken_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_odd_entries, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
