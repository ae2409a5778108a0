/*
 * Each grammars/<language>/language.yml against tests/lowering/<language>.<ext>:
 * the facts must equal the dump beside it (read line by line when it was
 * written), and every pattern of the language's own file must fire, because a
 * mapping that never fires is a mapping nobody has seen work.
 *
 * UPDATE_LOWERING=1 writes the dumps anew; read the difference before you commit it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parse/lowering.h"
#include "parse/treesitter.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER STRAGGLER_SOURCE_DIR "/tests/lowering/"

enum { DEADLINE_MS = 20000 };

static Str read_file(const char *path, Arena *arena)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return (Str){0};
    StrBuf buf = {0};
    char chunk[4096];
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;)
        strbuf_add(&buf, chunk, got);
    fclose(file);
    Str text = {arena_strdup(arena, buf.data ? buf.data : "", buf.length), buf.length};
    strbuf_release(&buf);
    return text;
}

static void write_file(const char *path, const StrBuf *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(text->data, 1, text->length, file);
    fclose(file);
}

/* The line where the dumps part, so that a failure can be read. */
static void compare(const char *name, Str expected, Str actual)
{
    if (str_eq(expected, actual))
        return;
    size_t at = 0, start = 0, line = 1;
    while (at < expected.length && at < actual.length && expected.data[at] == actual.data[at]) {
        if (actual.data[at++] == '\n') {
            start = at;
            line++;
        }
    }
    Str want = str_slice(expected, start, str_find_byte(expected, '\n', start));
    Str got = str_slice(actual, start, str_find_byte(actual, '\n', start));
    print_error("%s.facts:%zu\n  expected: %.*s\n  actual:   %.*s\n", name, line, STR_ARG(want),
                STR_ARG(got));
    fail();
}

/* Prints the patterns that did not fire; those of a base are the base's own test's. */
static size_t count_silent(const Language *language, const uint32_t *hits)
{
    size_t silent = 0;
    for (uint32_t i = 1; i < language->lowering->pattern_count; i++) {
        const Pattern *pattern = &language->lowering->patterns[i];
        if (hits[i] || !str_eq_c(language->source_file, pattern->path))
            continue;
        print_error("%s:%u: never fired: %s %s\n", pattern->path, pattern->line, pattern->node,
                    pattern->part);
        silent++;
    }
    return silent;
}

/* Returns how many patterns were silent. */
static size_t check_sample(Languages *languages, Names *names, const char *name)
{
    const Language *language = languages_for_path(languages, name);
    assert_non_null(language);
    Diag diag = {0};
    if (!language_prepare(languages, language, &diag)) {
        diag_print(&diag, stderr);
        fail();
    }
    Arena arena;
    arena_init(&arena);
    Str text = read_file(arena_printf(&arena, FOLDER "%s", name), &arena);
    uint32_t *hits = ARENA_ARRAY(&arena, uint32_t, language->lowering->pattern_count);
    TreeSitter *treesitter = treesitter_new(names);
    treesitter_count(treesitter, hits);
    Facts facts;
    assert_int_equal(treesitter_parse(treesitter, language, text, DEADLINE_MS, &facts, &arena),
                     PARSE_OK);
    StrBuf dump = {0};
    fact_dump(&facts, names, &dump);
    const char *golden = arena_printf(&arena, FOLDER "%s.facts", name);
    if (getenv("UPDATE_LOWERING"))
        write_file(golden, &dump);
    else
        compare(name, read_file(golden, &arena), strbuf_str(&dump));
    size_t silent = count_silent(language, hits);
    strbuf_release(&dump);
    treesitter_free(treesitter);
    arena_release(&arena);
    return silent;
}

static bool has_sample(const Language *language)
{
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    bool found = false;
    for (struct dirent *entry; (entry = readdir(folder));) {
        size_t length = strlen(language->name);
        found |= strncmp(entry->d_name, language->name, length) == 0 &&
                 entry->d_name[length] == '.';
    }
    closedir(folder);
    return found;
}

static void test_samples(void **state)
{
    (void)state;
    Names *names = names_new();
    Diag diag = {0};
    Languages *languages = languages_new(names, &diag);
    assert_non_null(languages);
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    size_t checked = 0, silent = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.' || str_ends(str_of(entry->d_name), ".facts"))
            continue;
        silent += check_sample(languages, names, entry->d_name);
        checked++;
    }
    closedir(folder);
    assert_true(checked > 0);
    assert_int_equal(silent, 0);
    languages_free(languages);
    names_free(names);
}

/* A language without a sample would be a language without a test. */
static void test_every_language_has_a_sample(void **state)
{
    (void)state;
    Names *names = names_new();
    Diag diag = {0};
    Languages *languages = languages_new(names, &diag);
    assert_non_null(languages);
    for (size_t i = 0; i < languages_count(languages); i++) {
        const Language *language = languages_at(languages, i);
        if (strcmp(language->frontend, "tree-sitter") == 0 && !has_sample(language)) {
            print_error("tests/lowering has no sample of %s\n", language->name);
            fail();
        }
    }
    languages_free(languages);
    names_free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_every_language_has_a_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
