/*
 * The fixtures under tests/clang/ are compiled by the real helper and compared
 * with their marks, line by line. Hostile sources and flags are made in a folder
 * of their own, which must look the same afterwards. Without straggler-clang
 * (libclang was missing) everything that needs it is skipped.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "clang_marks.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void find(const ClangRequest *request, ClangAccesses *found, Arena *arena)
{
    Diag diag = {0};
    if (!clang_find(request, found, arena, &diag))
        fail_msg("%s: %s", diag.path, diag.message);
    if (!found->available)
        skip();
}

static void check_fixture(const char *name, const ClangTarget *targets, size_t target_count,
                          const char *const *candidates, size_t candidate_count,
                          const char *const *marked, size_t marked_count)
{
    Arena arena = {0};
    const char *folder = arena_printf(&arena, "%s/tests/clang/%s", STRAGGLER_SOURCE_DIR, name);
    ClangRequest request = {.root = folder, .files = candidates, .file_count = candidate_count,
                            .targets = targets, .target_count = target_count, .threads = 2};
    ClangAccesses found;
    find(&request, &found, &arena);
    MarkList wanted = {0}, got = {0};
    for (size_t i = 0; i < marked_count; i++)
        marks_of_file(&wanted, folder, marked[i], &arena);
    marks_found(&got, &request, &found, &arena);
    assert_string_equal(marks_text(&got, &arena), marks_text(&wanted, &arena));
    assert_int_equal(found.failed_units, 0);
    for (size_t i = 0; i < candidate_count; i++)
        assert_true(found.files[i].state == CLANG_FILE_EXACT ||
                    found.files[i].state == CLANG_FILE_RULED_OUT);
    arena_release(&arena);
}

static void test_c(void **state)
{
    (void)state;
    static const char *const fields[] = {"name", "flags", "depth", "at", "text", "extra"};
    static const ClangTarget targets[] = {{"session", fields, COUNT(fields), true}};
    /* macros.c holds no member's name: it must be found through the macros. */
    static const char *const candidates[] = {"include/more.def", "include/session.h", "other.c",
                                             "unseen.c", "uses.c"};
    static const char *const marked[] = {"include/more.def", "include/session.h", "other.c",
                                         "unseen.c", "uses.c", "macros.c"};
    check_fixture("c", targets, 1, candidates, COUNT(candidates), marked, COUNT(marked));
}

/* Code that no build compiles is told apart from code without an access. */
static void test_disabled_code(void **state)
{
    (void)state;
    static const char *const fields[] = {"flags"};
    static const ClangTarget targets[] = {{"session", fields, 1, false}};
    static const char *const files[] = {"uses.c"};
    char text[8192] = "";
    FILE *file = fopen(STRAGGLER_SOURCE_DIR "/tests/clang/c/uses.c", "r");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    const char *disabled = strstr(text, "disabled(");
    assert_true(length > 0 && disabled);
    Arena arena = {0};
    ClangAccesses found;
    ClangRequest request = {.root = STRAGGLER_SOURCE_DIR "/tests/clang/c", .files = files,
                            .file_count = 1, .targets = targets, .target_count = 1};
    find(&request, &found, &arena);
    assert_true(clang_is_skipped(&found, "uses.c", (unsigned)(disabled - text)));
    assert_false(clang_is_skipped(&found, "uses.c", 0));
    assert_false(clang_is_skipped(&found, "macros.c", (unsigned)(disabled - text)));
    for (size_t i = 0; i < found.count; i++) {
        const ClangAccess *access = &found.items[i];
        assert_ptr_equal(clang_access_at(&found, access->path, access->start, 0, 0), access);
    }
    arena_release(&arena);
}

static void test_typedef_names_the_model(void **state)
{
    (void)state;
    static const char *const fields[] = {"depth"};
    static const ClangTarget by_tag[] = {{"struct session", fields, 1, false}};
    static const ClangTarget by_alias[] = {{"other_name", fields, 1, false}};
    static const char *const files[] = {"uses.c"};
    Arena arena = {0};
    ClangAccesses tag, alias;
    ClangRequest request = {.root = STRAGGLER_SOURCE_DIR "/tests/clang/c", .files = files,
                            .file_count = 1, .targets = by_tag, .target_count = 1};
    find(&request, &tag, &arena);
    request.targets = by_alias;
    find(&request, &alias, &arena);
    assert_true(tag.count > 3);
    assert_int_equal(tag.count, alias.count);
    arena_release(&arena);
}

static void test_cxx(void **state)
{
    (void)state;
    static const char *const fields[] = {"type", "mName", "limit", "old"};
    static const char *const pair[] = {"left"};
    /* getters.cpp names no member. */
    static const char *const files[] = {"bindings.cpp", "model.hpp", "uses.cpp"};
    static const ClangTarget targets[] = {{"Function", fields, COUNT(fields), true},
                                          {"Pair", pair, 1, true}};
    static const char *const marked[] = {"bindings.cpp", "model.hpp", "uses.cpp", "getters.cpp"};
    check_fixture("cxx", targets, COUNT(targets), files, COUNT(files), marked, COUNT(marked));
}

static void test_scope_must_match(void **state)
{
    (void)state;
    static const char *const fields[] = {"type"};
    static const ClangTarget right[] = {{"app::Function", fields, 1, false}};
    static const ClangTarget wrong[] = {{"lib::Function", fields, 1, false}};
    static const char *const files[] = {"uses.cpp"};
    Arena arena = {0};
    ClangAccesses found;
    ClangRequest request = {.root = STRAGGLER_SOURCE_DIR "/tests/clang/cxx", .files = files,
                            .file_count = 1, .targets = right, .target_count = 1};
    find(&request, &found, &arena);
    size_t certain = 0;
    for (size_t i = 0; i < found.count; i++)
        certain += !found.items[i].dependent;
    assert_true(certain > 10);
    request.targets = wrong;
    find(&request, &found, &arena);
    for (size_t i = 0; i < found.count; i++)
        assert_true(found.items[i].dependent);
    arena_release(&arena);
}

/* --- hostile projects --- */

typedef struct Project {
    char folder[64];
    Arena arena;
} Project;

static void put_file(const Project *project, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", project->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int set_up(void **state)
{
    Project *project = calloc(1, sizeof *project);
    const char *place = getenv("TMPDIR");
    snprintf(project->folder, sizeof project->folder, "%s/clang-XXXXXX", place ? place : P_tmpdir);
    *state = project;
    return mkdtemp(project->folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    Project *project = *state;
    DIR *folder = opendir(project->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        closedir(folder);
    rmdir(project->folder);
    arena_release(&project->arena);
    free(project);
    return 0;
}

static size_t count_entries(const Project *project)
{
    size_t count = 0;
    DIR *folder = opendir(project->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static const char *const wanted_fields[] = {"name"};
static const ClangTarget wanted[] = {{"order", wanted_fields, 1, false}};

#define GOOD_SOURCE                                                                                \
    "struct order { int name; };\nint good(struct order *o) { return o->name; }\n"

static ClangRequest request_for(Project *project, const char *const *files, size_t count)
{
    return (ClangRequest){.root = project->folder, .files = files, .file_count = count,
                          .targets = wanted, .target_count = 1, .threads = 2,
                          .deadline_ms = 3000, .memory_limit = (size_t)1 << 30};
}

/* `bad.c` costs itself; `good.c` is answered all the same. */
static void check_bad_unit(Project *project, const char *bad, ClangFileState expected)
{
    static const char *const files[] = {"bad.c", "good.c"};
    put_file(project, "compile_commands.json",
             "[{\"directory\":\".\",\"file\":\"bad.c\",\"command\":\"cc -c bad.c\"},"
             "{\"directory\":\".\",\"file\":\"good.c\",\"command\":\"cc -c good.c\"}]");
    put_file(project, "good.c", GOOD_SOURCE);
    put_file(project, "bad.c", bad);
    ClangRequest request = request_for(project, files, COUNT(files));
    ClangAccesses found;
    find(&request, &found, &project->arena);
    assert_int_equal(found.files[0].state, expected);
    assert_int_equal(found.files[1].state, CLANG_FILE_EXACT);
    size_t good = 0;
    for (size_t i = 0; i < found.count; i++)
        good += strcmp(found.items[i].path, "good.c") == 0;
    assert_int_equal(good, 2);
}

static void test_crash_costs_one_unit(void **state)
{
    check_bad_unit(*state, GOOD_SOURCE "#pragma clang __debug crash\n", CLANG_FILE_FAILED);
}

static void test_hang_costs_one_unit(void **state)
{
    Project *project = *state;
    char fifo[128];
    snprintf(fifo, sizeof fifo, "%s/pipe.h", project->folder);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    check_bad_unit(project, GOOD_SOURCE "#include \"pipe.h\"\n", CLANG_FILE_FAILED);
}

static void test_macro_bomb_costs_one_unit(void **state)
{
    StrBuf text = {0};
    strbuf_add_c(&text, GOOD_SOURCE "#define A0 1,1,1,1,1,1,1,1,1,1\n");
    for (int i = 1; i < 12; i++)
        strbuf_printf(&text,
                      "#define A%d A%d,A%d,A%d,A%d,A%d,A%d,A%d,A%d,A%d,A%d\n", i, i - 1, i - 1,
                      i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    strbuf_add_c(&text, "int bomb[] = {A11};\n");
    check_bad_unit(*state, text.data, CLANG_FILE_FAILED);
    strbuf_release(&text);
}

#if !defined(__SANITIZE_ADDRESS__) /* helpers have no memory limit then */
static void test_endless_file_costs_one_unit(void **state)
{
    check_bad_unit(*state, GOOD_SOURCE "#include \"/dev/zero\"\n", CLANG_FILE_FAILED);
}
#endif

static void test_deep_nesting_is_survived(void **state)
{
    StrBuf text = {0};
    strbuf_add_c(&text, GOOD_SOURCE "int deep = ");
    for (int i = 0; i < 1800; i++)
        strbuf_add_c(&text, "- ");
    strbuf_add_c(&text, "1;\n");
    check_bad_unit(*state, text.data, CLANG_FILE_EXACT);
    strbuf_release(&text);
}

static void test_errors_are_told(void **state)
{
    check_bad_unit(*state, GOOD_SOURCE "#include \"missing.h\"\n", CLANG_FILE_ERRORS);
}

/* Nothing is written or run, each flag is named, and the file is still analysed. */
static void test_hostile_flags(void **state)
{
    Project *project = *state;
    static const char *const files[] = {"good.c"};
    static const char *const refused[] = {"-MF", "-o", "-fplugin", "-Xclang", "@file", "--config",
                                          "-ivfsoverlay", "-include", "-save-temps", "-specs",
                                          "-B", "-Wp,", "-fmodule", "-serialize-diagnostics"};
    put_file(project, "good.c", GOOD_SOURCE);
    put_file(project, "rsp", "-DRSP -o rsp.out");
    put_file(
        project, "compile_commands.json",
        "[{\"directory\":\".\",\"file\":\"good.c\",\"arguments\":[\"./evil.sh\",\"-MD\",\"-MF\","
        "\"made.d\",\"-o\",\"made.o\",\"-fplugin=./evil.so\",\"-Xclang\",\"-load\",\"-Xclang\","
        "\"./evil.so\",\"@rsp\",\"--config\",\"evil.cfg\",\"-ivfsoverlay\",\"/etc/passwd\","
        "\"-include\",\"/etc/passwd\",\"-save-temps\",\"-specs=evil\",\"-B.\",\"-Wp,-MD,made.dd\","
        "\"-fmodules-cache-path=cache\",\"-serialize-diagnostics\",\"made.dia\",\"good.c\"]}]");
    put_file(project, "evil.sh", "#!/bin/sh\necho > ran\n");
    size_t before = count_entries(project);
    ClangRequest request = request_for(project, files, 1);
    ClangAccesses found;
    find(&request, &found, &project->arena);
    assert_int_equal(found.count, 2);
    assert_int_equal(count_entries(project), before);
    for (size_t i = 0; i < COUNT(refused); i++) {
        size_t j = 0;
        while (j < found.refused_count && strcmp(found.refused[j].name, refused[i]) != 0)
            j++;
        if (j == found.refused_count)
            fail_msg("%s is not named as refused", refused[i]);
    }
}

static void test_broken_database_is_an_error(void **state)
{
    Project *project = *state;
    static const char *const files[] = {"good.c"};
    put_file(project, "good.c", GOOD_SOURCE);
    put_file(project, "compile_commands.json", "[{\"file\": \n");
    ClangRequest request = request_for(project, files, 1);
    request.helper = "/bin/false"; /* never started */
    ClangAccesses found;
    Diag diag = {0};
    assert_false(clang_find(&request, &found, &project->arena, &diag));
    assert_non_null(strstr(diag.message, "not valid JSON"));
}

static void test_helper_that_lies(void **state)
{
    Project *project = *state;
    static const char *const files[] = {"good.c"};
    put_file(project, "good.c", GOOD_SOURCE);
    put_file(project, "compile_commands.json",
             "[{\"directory\":\".\",\"file\":\"good.c\",\"command\":\"cc good.c\"}]");
    put_file(project, "liar", "#!/bin/sh\nprintf 'A0 1 1 0 5 0 0\\0B9 1 1\\0P/etc/passwd\\0"
                              "A7 1 1 0 5 0 0\\0A0 1 1 5 5 0 0\\0A0 1 1 0 4 9 0\\0junk\\0E\\0'\n");
    char helper[128];
    snprintf(helper, sizeof helper, "%s/liar", project->folder);
    assert_int_equal(chmod(helper, 0700), 0);
    ClangRequest request = request_for(project, files, 1);
    request.helper = helper;
    ClangAccesses found;
    find(&request, &found, &project->arena);
    assert_int_equal(found.count, 0);
    assert_int_equal(found.blind_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_c),
        cmocka_unit_test(test_disabled_code),
        cmocka_unit_test(test_typedef_names_the_model),
        cmocka_unit_test(test_cxx),
        cmocka_unit_test(test_scope_must_match),
        cmocka_unit_test_setup_teardown(test_crash_costs_one_unit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hang_costs_one_unit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_macro_bomb_costs_one_unit, set_up, tear_down),
#if !defined(__SANITIZE_ADDRESS__)
        cmocka_unit_test_setup_teardown(test_endless_file_costs_one_unit, set_up, tear_down),
#endif
        cmocka_unit_test_setup_teardown(test_deep_nesting_is_survived, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_errors_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile_flags, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_broken_database_is_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_helper_that_lies, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
