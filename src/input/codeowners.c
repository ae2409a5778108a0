/*
 * Each pattern is an IgnoreRules of its own, asked from the last to the first.
 * Cost: patterns times folders of the path; there are as many questions as
 * findings, so no index is worth its code.
 */
#include "input/codeowners.h"

#include "input/ignore.h"
#include "input/source.h"

#include <string.h>

enum { LONGEST_PATTERN = 4096 };

typedef struct Line {
    IgnoreRules *rules;
    const char *owners; /* NULL: nobody */
    struct Line *before;
} Line;

struct CodeOwners {
    Line *last;
};

/* Where the pattern of a line ends: at the first blank that no backslash hides. */
static size_t pattern_end(Str line)
{
    size_t i = 0;
    while (i < line.length && line.data[i] != ' ' && line.data[i] != '\t')
        i += line.data[i] == '\\' && i + 1 < line.length ? 2 : 1;
    return i;
}

static const char *owners_in(Str text, Arena *arena)
{
    size_t comment = str_find_byte(text, '#', 0);
    text = str_trim(str_slice(text, 0, comment));
    return text.length ? arena_strdup(arena, text.data, text.length) : NULL;
}

/* "[Section][2] @owner": owners of the lines below. */
static const char *section_owners(Str line, Arena *arena)
{
    size_t end = 0;
    for (size_t i = 0; i < line.length; i++)
        end = line.data[i] == ']' ? i + 1 : end;
    return owners_in(str_slice(line, end, line.length), arena);
}

CodeOwners *codeowners_parse(Str text, Arena *arena)
{
    CodeOwners *owners = ARENA_NEW(arena, CodeOwners);
    const char *section = NULL;
    bool in_section = false;
    for (size_t at = 0; at < text.length;) {
        size_t end = str_find_byte(text, '\n', at);
        Str line = str_trim(str_slice(text, at, end));
        at = end == SIZE_MAX ? text.length : end + 1;
        if (!line.length || line.data[0] == '#')
            continue;
        if (line.data[0] == '[' || str_starts(line, "^[")) {
            section = section_owners(line, arena);
            in_section = true;
            continue;
        }
        size_t length = pattern_end(line);
        if (length > LONGEST_PATTERN)
            continue;
        const char *glob = arena_strdup(arena, line.data, length);
        Line *one = ARENA_NEW(arena, Line);
        one->rules = ignore_from_globs(arena, &glob, 1);
        one->owners = owners_in(str_slice(line, length, line.length), arena);
        if (!one->owners && in_section)
            one->owners = section;
        one->before = owners->last;
        owners->last = one;
    }
    return owners;
}

CodeOwners *codeowners_load(int root_fd, Arena *arena)
{
    static const char *const places[] = {".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS",
                                         "docs/CODEOWNERS"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        Source source = {.path = places[i], .named = true};
        if (!source_load(&source, root_fd))
            continue;
        Str text = {arena_strdup(arena, source.text.data, source.text.length), source.text.length};
        source_release(&source);
        return codeowners_parse(text, arena);
    }
    return NULL;
}

static bool matches(const IgnoreRules *rules, Str path)
{
    if (ignore_match(rules, path, false) == IGNORE_OUT)
        return true;
    for (size_t i = 0; i < path.length; i++) {
        if (path.data[i] == '/' && ignore_match(rules, str_slice(path, 0, i), true) == IGNORE_OUT)
            return true;
    }
    return false;
}

const char *codeowners_of(const CodeOwners *owners, const char *path)
{
    for (const Line *line = owners ? owners->last : NULL; line; line = line->before) {
        if (line->rules && matches(line->rules, str_of(path)))
            return line->owners;
    }
    return NULL;
}
