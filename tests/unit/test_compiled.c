/*
 * What the compiler's answer changes in the hits of tree-sitter's front end. The
 * hits come from real C code; the answers are written here in place of the helper's.
 */
#include "analyze/access/compiled.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parse/frontend.h"

#include <string.h>

enum { DEADLINE_MS = 20000, MOST_ANSWERS = 4 };
enum { SESSION, CLIENT, TARGETS }; /* as start() numbers them */

/* In a file of its own, which the compiler is not asked about. */
static const char models[] = "struct session { int flags; };\n"
                             "struct client { int flags; };\n";

typedef struct Made {
    Names *names;
    Languages *languages;
    RuleSet *rules;
    ParserPool *pool;
    Program *program;
    Resolver *resolver;
    Analysis *analysis;
    Arena arena;
    Source models, unit;
    FileId unit_id;
    Migration migrations[TARGETS];
    Report report;
    StrBuf hits; /* what the last hits_of() wrote */
    /* the compiler's answer */
    Compiled compiled;
    const char *paths[1];
    ClangFile file;
    ClangAccess accesses[MOST_ANSWERS];
    ClangSkipped skipped;
    ClangBlindSpot blind_spot;
    ClangRefused refused[2];
} Made;

static FileId add_file(Made *m, Source *source, const char *path, const char *code)
{
    const Language *language = languages_named(m->languages, "c");
    *source = (Source){.path = path, .text = str_of(code), .language = language};
    Arena arena;
    Facts facts;
    arena_init(&arena);
    assert_int_equal(
        frontend_parse(m->pool, language, source->text, DEADLINE_MS, &facts, &arena), PARSE_OK);
    return program_add_file(m->program, source, language, facts, arena);
}

/* Analyses `code` as unit.c, for session.flags and client.flags. No answer yet. */
static void start(Made *m, const char *code)
{
    Diag diag = {0};
    *m = (Made){.names = names_new()};
    m->languages = languages_new(m->names, &diag);
    m->rules = rules_new(m->names);
    assert_true(language_prepare(m->languages, languages_named(m->languages, "c"), &diag));
    assert_true(rules_load_embedded(m->rules, "c", &diag));
    assert_true(target_parse("session.flags", &m->migrations[SESSION], &m->arena, &diag));
    assert_true(target_parse("client.flags", &m->migrations[CLIENT], &m->arena, &diag));
    m->pool = parser_pool_new(m->names);
    m->program = program_new(m->names, m->rules);
    m->resolver = resolver_new(m->program);
    m->analysis = analysis_new(m->program, m->resolver, m->migrations, TARGETS, false);
    rules_list_sections(m->rules);
    analysis_add_family(m->analysis, "c");
    bool *active = ARENA_ARRAY(&m->arena, bool, m->rules->packs.count);
    memset(active, true, m->rules->packs.count * sizeof *active);
    rules_activate(m->rules, active);
    add_file(m, &m->models, "models.h", models);
    m->unit_id = add_file(m, &m->unit, "unit.c", code);
    program_link(m->program);
    resolver_reset(m->resolver);
    analysis_prepare(m->analysis);
    analysis_run(m->analysis);
}

static void finish(Made *m)
{
    strbuf_release(&m->hits);
    report_release(&m->report);
    analysis_free(m->analysis);
    resolver_free(m->resolver);
    program_free(m->program);
    parser_pool_free(m->pool);
    rules_free(m->rules);
    languages_free(m->languages);
    names_free(m->names);
    arena_release(&m->arena);
}

/* --- the compiler's answer --- */

/* There is one: what became of unit.c. */
static void answer(Made *m, ClangFileState state, const char *reason)
{
    m->paths[0] = m->unit.path;
    m->file = (ClangFile){state, reason};
    m->compiled.paths = m->paths;
    m->compiled.path_count = 1;
    m->compiled.found.available = true;
    m->compiled.found.files = &m->file;
    m->compiled.found.items = m->accesses;
}

/* The first byte behind the only `text` in unit.c. */
static unsigned behind(const Made *m, const char *text)
{
    size_t at = str_find(m->unit.text, str_of(text), 0);
    assert_true(at < m->unit.text.length);
    return (unsigned)(at + strlen(text));
}

/* Behind `text` the compiler sees an access of a target's `flags`. In order of place. */
static ClangAccess *resolve(Made *m, const char *text, ClangKind kind, size_t target)
{
    unsigned at = behind(m, text);
    ClangAccess *access = &m->accesses[m->compiled.found.count++];
    *access = (ClangAccess){.path = m->unit.path,
                            .start = at,
                            .end = at + (unsigned)strlen("flags"),
                            .kind = kind,
                            .target = target,
                            .accessor = "flags",
                            .receiver_type = ""};
    return access;
}

/* --- the hits --- */

static const Hit *hit_at(const Made *m, size_t start, uint32_t field)
{
    const Hit *found = NULL;
    for (size_t i = 0; i < m->analysis->hits.count; i++) {
        const Hit *hit = &m->analysis->hits.items[i];
        if (hit->file != m->unit_id || hit->start != start || hit->field != field)
            continue;
        assert_null(found); /* once in a place */
        found = hit;
    }
    return found;
}

/* Those in unit.c, in order of place: "read session.flags certain\n" each. */
static const char *hits_of(Made *m)
{
    strbuf_clear(&m->hits);
    strbuf_add_c(&m->hits, "");
    for (size_t start = 0; start < m->unit.text.length; start++)
        for (uint32_t field = 0; field < TARGETS; field++) {
            const Hit *hit = hit_at(m, start, field);
            if (hit)
                strbuf_printf(&m->hits, "%s %s %s\n", access_kind_name(hit->kind),
                              m->analysis->fields.items[field].target,
                              confidence_name(hit->confidence));
        }
    return m->hits.data;
}

/* --- tests --- */

static void what_both_see_is_certain_and_of_one_model(void **state)
{
    Made m;
    (void)state;
    start(&m, "int guess(void) { return current()->flags; }\n");
    assert_string_equal(hits_of(&m), "read session.flags possible\n"
                                     "read client.flags possible\n");
    answer(&m, CLANG_FILE_EXACT, "");
    resolve(&m, "current()->", CLANG_WRITE, SESSION);
    compiled_apply(&m.compiled, m.analysis);
    assert_string_equal(hits_of(&m), "write session.flags certain\n");
    assert_string_equal(hit_at(&m, behind(&m, "current()->"), SESSION)->why,
                        "the compiler resolves it");
    finish(&m);
}

static void what_the_compiler_is_unsure_of_is_possible(void **state)
{
    Made m;
    (void)state;
    start(&m, "int one(struct session *s) { return s->flags; }\n"
              "int two(struct session *t) { return t->flags; }\n");
    assert_string_equal(hits_of(&m), "read session.flags certain\n"
                                     "read session.flags certain\n");
    answer(&m, CLANG_FILE_EXACT, "");
    resolve(&m, "return s->", CLANG_READ, SESSION)->dependent = true;
    resolve(&m, "return t->", CLANG_READ, SESSION)->rival = true;
    compiled_apply(&m.compiled, m.analysis);
    assert_string_equal(hits_of(&m), "read session.flags possible\n"
                                     "read session.flags possible\n");
    finish(&m);
}

/* The compiler's answer covers the whole file, and holds no access of a target. */
static void what_is_of_another_record_is_taken_away(void **state)
{
    static const ClangFileState settled[] = {CLANG_FILE_EXACT, CLANG_FILE_RULED_OUT};
    (void)state;
    for (size_t i = 0; i < sizeof settled / sizeof *settled; i++) {
        Made m;
        start(&m, "int guess(void) { return current()->flags; }\n"
                  "const char *sql = \"SELECT flags FROM session\";\n");
        assert_string_equal(hits_of(&m), "read session.flags possible\n"
                                         "read client.flags possible\n"
                                         "query session.flags certain\n");
        answer(&m, settled[i], "");
        compiled_apply(&m.compiled, m.analysis);
        /* no compiler reads SQL */
        assert_string_equal(hits_of(&m), "query session.flags certain\n");
        finish(&m);
    }
}

static void what_only_the_compiler_sees_is_added(void **state)
{
    Made m;
    (void)state;
    start(&m, "#define SET(object, member) ((object)->member = 1)\n"
              "void set(struct session *s) { SET(s, flags); }\n");
    assert_string_equal(hits_of(&m), "");
    answer(&m, CLANG_FILE_EXACT, "");
    resolve(&m, "SET(s, ", CLANG_WRITE, SESSION)->receiver_type = "session";
    /* an answer about longer text than was read */
    resolve(&m, "flags); }", CLANG_WRITE, SESSION);
    compiled_apply(&m.compiled, m.analysis);
    assert_string_equal(hits_of(&m), "write session.flags certain\n");
    const Hit *hit = hit_at(&m, behind(&m, "SET(s, "), SESSION);
    assert_string_equal(names_c(m.names, program_node(m.program, hit->file, hit->node)->name),
                        "flags");
    assert_int_equal(hit->receiver_class, m.analysis->models.items[SESSION].classes[0]);
    assert_int_not_equal(hit->receiver_class, 0);
    finish(&m);
}

static void a_unit_that_failed_changes_nothing_but_is_told(void **state)
{
    Made m;
    (void)state;
    start(&m, "int sure(struct session *s) { return s->flags; }\n"
              "int guess(void) { return current()->flags; }\n");
    const char *before = "read session.flags certain\n"
                         "read session.flags possible\n"
                         "read client.flags possible\n";
    assert_string_equal(hits_of(&m), before);
    answer(&m, CLANG_FILE_FAILED, "timeout");
    compiled_apply(&m.compiled, m.analysis);
    compiled_report(&m.compiled, &m.report);
    assert_string_equal(hits_of(&m), before);
    assert_int_equal(m.report.notes.count, 1);
    assert_string_equal(m.report.notes.items[0].path, "unit.c");
    assert_string_equal(m.report.notes.items[0].reason, "crashed or hung the compiler: timeout");
    assert_true(m.report.notes.items[0].holds_accessor);
    finish(&m);
}

/* What it resolved counts all the same; the run is not incomplete. */
static void a_unit_with_errors_takes_nothing_away(void **state)
{
    Made m;
    (void)state;
    start(&m, "int guess(void) { return current()->flags; }\n"
              "int other(void) { return broken()->flags; }\n");
    answer(&m, CLANG_FILE_ERRORS, "no such file: broken.h");
    resolve(&m, "current()->", CLANG_READ, SESSION);
    compiled_apply(&m.compiled, m.analysis);
    compiled_report(&m.compiled, &m.report);
    assert_string_equal(hits_of(&m), "read session.flags certain\n"
                                     "read client.flags possible\n"
                                     "read session.flags possible\n"
                                     "read client.flags possible\n");
    assert_int_equal(m.report.notes.count, 1);
    assert_string_equal(m.report.notes.items[0].reason,
                        "compiled with errors: no such file: broken.h");
    assert_false(m.report.notes.items[0].holds_accessor);
    finish(&m);
}

static void what_a_condition_leaves_out_is_at_most_likely(void **state)
{
    Made m;
    (void)state;
    start(&m, "#ifdef OLD\n"
              "int sure(struct session *s) { return s->flags; }\n"
              "int guess(void) { return current()->flags; }\n"
              "#endif\n"
              "int later(struct session *s) { return s->flags; }\n");
    assert_string_equal(hits_of(&m), "read session.flags certain\n"
                                     "read session.flags possible\n"
                                     "read client.flags possible\n"
                                     "read session.flags certain\n");
    answer(&m, CLANG_FILE_EXACT, "");
    m.skipped = (ClangSkipped){"unit.c", behind(&m, "#ifdef OLD"), behind(&m, "}\n#endif")};
    m.compiled.found.skipped = &m.skipped;
    m.compiled.found.skipped_count = 1;
    compiled_apply(&m.compiled, m.analysis);
    assert_string_equal(hits_of(&m), "read session.flags likely\n"
                                     "read session.flags possible\n"
                                     "read client.flags possible\n"); /* later() is gone */
    finish(&m);
}

static void a_blind_spot_is_added_at_its_place(void **state)
{
    Made m;
    (void)state;
    start(&m, "void copy(struct session *to,\n"
              "          struct session *from) { *to = *from; }\n");
    answer(&m, CLANG_FILE_EXACT, "");
    m.blind_spot = (ClangBlindSpot){"unit.c", 2, 35, SESSION, "copies the whole object"};
    m.compiled.found.blind_spots = &m.blind_spot;
    m.compiled.found.blind_count = 1;
    m.analysis->blinds.count = 0;
    compiled_apply(&m.compiled, m.analysis);
    assert_int_equal(m.analysis->blinds.count, 1);
    const Blind *blind = &m.analysis->blinds.items[0];
    assert_int_equal(blind->file, m.unit_id);
    assert_int_equal(blind->field, SESSION);
    assert_int_equal(blind->start, behind(&m, "*from) { "));
    finish(&m);
}

static void what_was_not_compiled_stays(void **state)
{
    Made m;
    (void)state;
    start(&m, "int guess(void) { return current()->flags; }\n");
    const char *before = "read session.flags possible\n"
                         "read client.flags possible\n";
    /* in no translation unit */
    answer(&m, CLANG_FILE_UNKNOWN, "");
    compiled_apply(&m.compiled, m.analysis);
    compiled_report(&m.compiled, &m.report);
    assert_string_equal(hits_of(&m), before);
    assert_int_equal(m.report.notes.count, 0);
    /* no helper, or no database */
    m.compiled.found = (ClangAccesses){.available = false};
    compiled_apply(&m.compiled, m.analysis);
    compiled_report(&m.compiled, &m.report);
    assert_string_equal(hits_of(&m), before);
    assert_int_equal(m.report.notes.count, 0);
    finish(&m);
}

static void files_with_an_access_are_known(void **state)
{
    ClangAccess accesses[] = {{.path = "a.c"}, {.path = "c.c"}, {.path = "c.c"},
                              {.path = "e.c"}, {.path = "g.c"}, {.path = "i.c"}};
    Compiled compiled = {.found = {.available = true, .items = accesses, .count = 6}};
    (void)state;
    assert_true(compiled_has_access(&compiled, "a.c"));
    assert_true(compiled_has_access(&compiled, "c.c"));
    assert_true(compiled_has_access(&compiled, "i.c"));
    assert_false(compiled_has_access(&compiled, "b.c"));
    assert_false(compiled_has_access(&compiled, "j.c"));
}

static void refused_flags_are_told_unless_every_build_has_them(void **state)
{
    Made m;
    (void)state;
    start(&m, "");
    answer(&m, CLANG_FILE_EXACT, "");
    m.refused[0] = (ClangRefused){
        .name = "-o", .value = "unit.o", .file = "unit.c", .ordinary = true};
    m.refused[1] = (ClangRefused){.name = "-fplugin", .value = "evil.so", .file = "unit.c"};
    m.compiled.found.refused = m.refused;
    m.compiled.found.refused_count = 2;
    compiled_report(&m.compiled, &m.report);
    assert_int_equal(m.report.notes.count, 1);
    assert_string_equal(m.report.notes.items[0].reason, "compile flag refused: -fplugin evil.so");
    finish(&m);
}

static void only_c_is_asked_about(void **state)
{
    static const char *const paths[] = {"app.rb", "query.sql"};
    Made m;
    Diag diag = {0};
    CompiledOptions options = {.root = "."};
    (void)state;
    start(&m, "");
    assert_true(compiled_find(&m.compiled, m.analysis, &options, paths, 2, &diag));
    assert_int_equal(m.compiled.path_count, 0);
    assert_false(m.compiled.found.available);
    compiled_release(&m.compiled);
    finish(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_both_see_is_certain_and_of_one_model),
        cmocka_unit_test(what_the_compiler_is_unsure_of_is_possible),
        cmocka_unit_test(what_is_of_another_record_is_taken_away),
        cmocka_unit_test(what_only_the_compiler_sees_is_added),
        cmocka_unit_test(a_unit_that_failed_changes_nothing_but_is_told),
        cmocka_unit_test(a_unit_with_errors_takes_nothing_away),
        cmocka_unit_test(what_a_condition_leaves_out_is_at_most_likely),
        cmocka_unit_test(a_blind_spot_is_added_at_its_place),
        cmocka_unit_test(what_was_not_compiled_stays),
        cmocka_unit_test(files_with_an_access_are_known),
        cmocka_unit_test(refused_flags_are_told_unless_every_build_has_them),
        cmocka_unit_test(only_c_is_asked_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
