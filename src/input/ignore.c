/*
 * Ignore files as git reads them.
 *
 * Nearly every real pattern is a plain name ("node_modules"), a suffix
 * ("*.log") or an anchored path ("/log/cache"); these are compared with memcmp
 * and only the rest goes through glob_match, after its literal head matched.
 * Cost: one comparison of lengths and bytes for each pattern and path, newest
 * pattern first, stopping at the first that matches.
 *
 * Quirks of git kept on purpose: a "**" after a literal head ("a**" + "/b")
 * spans folders, because git strips the head first; a '\r' before the line end
 * and unescaped trailing blanks are dropped; "!" of an already ignored folder's
 * content has no effect (the caller's walk sees to that).
 */
#include "input/ignore.h"

#include <string.h>

typedef enum PatternForm {
    FORM_EXACT,  /* `glob` is the whole name or path */
    FORM_SUFFIX, /* "*" and then `glob` */
    FORM_GLOB,   /* `head` is literal, `glob` is what follows it */
} PatternForm;

typedef struct Pattern {
    Str head; /* literal bytes before the first special one; FORM_GLOB only */
    Str glob;
    PatternForm form;
    bool by_path; /* matched against the path, not only its last name */
    bool negated;
    bool folder_only;
} Pattern;

struct IgnoreRules {
    size_t count;
    Pattern patterns[];
};

static size_t literal_length(Str text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] && strchr("*?[\\", text.data[i]))
            return i;
    return text.length;
}

/* Drops '\r' and trailing blanks that no backslash protects. */
static Str trim_line(Str line)
{
    if (line.length && line.data[line.length - 1] == '\r')
        line.length--;
    size_t end = 0;
    for (size_t i = 0; i < line.length; i++) {
        if (line.data[i] == '\\') {
            i++;
            if (i == line.length)
                return line;
            end = i + 1;
        } else if (line.data[i] != ' ') {
            end = i + 1;
        }
    }
    line.length = end;
    return line;
}

/* False for a pattern that can match nothing. */
static bool parse_pattern(Str text, Pattern *pattern)
{
    *pattern = (Pattern){0};
    if (text.length && text.data[0] == '!') {
        pattern->negated = true;
        text = str_slice(text, 1, text.length);
    }
    if (text.length && text.data[text.length - 1] == '/') {
        pattern->folder_only = true;
        text.length--;
    }
    pattern->by_path = str_find_byte(text, '/', 0) != SIZE_MAX;
    if (text.length && text.data[0] == '/')
        text = str_slice(text, 1, text.length);
    if (!text.length)
        return false;
    size_t literal = literal_length(text);
    Str rest = str_slice(text, literal, text.length);
    pattern->glob = text;
    pattern->form = FORM_EXACT;
    if (!rest.length)
        return true;
    Str after_star = str_slice(text, 1, text.length);
    if (!pattern->by_path && text.data[0] == '*' &&
        literal_length(after_star) == after_star.length) {
        pattern->form = FORM_SUFFIX;
        pattern->glob = after_star;
        return true;
    }
    /* Git strips the head of a path pattern only; for a bare name it makes no difference. */
    pattern->form = FORM_GLOB;
    pattern->head = str_slice(text, 0, literal);
    pattern->glob = rest;
    return true;
}

IgnoreRules *ignore_parse(Arena *arena, Str text)
{
    if (str_starts(text, "\xef\xbb\xbf"))
        text = str_slice(text, 3, text.length);
    size_t lines = 1;
    for (size_t at = 0; (at = str_find_byte(text, '\n', at)) != SIZE_MAX; at++)
        lines++;
    Str copy = {arena_strdup(arena, text.data, text.length), text.length};
    IgnoreRules *rules = arena_alloc(arena, sizeof *rules + lines * sizeof(Pattern));
    for (size_t start = 0; start < copy.length;) {
        size_t end = str_find_byte(copy, '\n', start);
        if (end == SIZE_MAX)
            end = copy.length;
        Str line = trim_line(str_slice(copy, start, end));
        start = end + 1;
        if (line.length && line.data[0] != '#' &&
            parse_pattern(line, &rules->patterns[rules->count]))
            rules->count++;
    }
    return rules->count ? rules : NULL;
}

IgnoreRules *ignore_from_globs(Arena *arena, const char *const *globs, size_t count)
{
    IgnoreRules *rules = arena_alloc(arena, sizeof *rules + count * sizeof(Pattern));
    for (size_t i = 0; i < count; i++) {
        Str glob = {arena_strdup(arena, globs[i], strlen(globs[i])), strlen(globs[i])};
        if (parse_pattern(glob, &rules->patterns[rules->count]))
            rules->count++;
    }
    return rules->count ? rules : NULL;
}

static bool pattern_matches(const Pattern *pattern, Str path, Str name)
{
    Str text = pattern->by_path ? path : name;
    switch (pattern->form) {
    case FORM_EXACT:
        return str_eq(pattern->glob, text);
    case FORM_SUFFIX:
        return text.length >= pattern->glob.length &&
               memcmp(text.data + text.length - pattern->glob.length, pattern->glob.data,
                      pattern->glob.length) == 0;
    case FORM_GLOB:
        if (text.length < pattern->head.length ||
            memcmp(text.data, pattern->head.data, pattern->head.length) != 0)
            return false;
        return glob_match(pattern->glob, str_slice(text, pattern->head.length, text.length));
    }
    return false;
}

IgnoreVerdict ignore_match(const IgnoreRules *rules, Str path, bool is_folder)
{
    if (!rules)
        return IGNORE_SILENT;
    const char *slash = memrchr(path.data, '/', path.length);
    Str name = slash ? str_slice(path, (size_t)(slash + 1 - path.data), path.length) : path;
    for (size_t i = rules->count; i-- > 0;) {
        const Pattern *pattern = &rules->patterns[i];
        if (pattern->folder_only && !is_folder)
            continue;
        if (pattern_matches(pattern, path, name))
            return pattern->negated ? IGNORE_KEEP : IGNORE_OUT;
    }
    return IGNORE_SILENT;
}
