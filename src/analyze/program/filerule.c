/*
 * Matching goes segment by segment. Backtracking is only over where the
 * pattern starts and over `**`, so the cost is bounded by the square of the
 * path's depth.
 */
#include "analyze/program/filerule.h"

#include <string.h>

static Str first_segment(Str path)
{
    return str_slice(path, 0, str_find_byte(path, '/', 0));
}

static Str rest_of(Str path, Str segment)
{
    return segment.length < path.length ? str_slice(path, segment.length + 1, path.length)
                                        : str_slice(path, path.length, path.length);
}

static void capture(Captures *captures, Str name, Str value)
{
    if (captures->count < CAPTURES_MAX) {
        captures->names[captures->count] = name;
        captures->values[captures->count++] = value;
    }
}

/* One segment: literal text, `*` and at most one `{name}`; both take the longest that fits. */
static bool match_segment(Str pattern, Str text, Captures *captures)
{
    size_t open = str_find_byte(pattern, '{', 0), star = str_find_byte(pattern, '*', 0);
    if (open == SIZE_MAX && star == SIZE_MAX)
        return str_eq(pattern, text);
    size_t hole = open < star ? open : star;
    size_t after = open < star ? str_find_byte(pattern, '}', open) + 1 : star + 1;
    Str before = str_slice(pattern, 0, hole), tail = str_slice(pattern, after, pattern.length);
    if (text.length < before.length || !str_eq(str_slice(text, 0, before.length), before))
        return false;
    Str left = str_slice(text, before.length, text.length);
    for (size_t end = left.length + 1; end-- > 0;) {
        if (open < star && end == 0)
            return false;
        Captures saved = *captures;
        if (open < star)
            capture(captures, str_slice(pattern, open + 1, after - 1), str_slice(left, 0, end));
        if (match_segment(tail, str_slice(left, end, left.length), captures))
            return true;
        *captures = saved;
    }
    return false;
}

static bool match_from(Str pattern, Str path, Captures *captures, int depth);

/* `{name...}`: one folder or several, the fewest that fit. */
static bool match_folders(Str name, Str rest, Str path, Captures *captures, int depth)
{
    for (Str left = path; left.length;) {
        Str segment = first_segment(left);
        size_t end = (size_t)(segment.data - path.data) + segment.length;
        left = rest_of(left, segment);
        Captures saved = *captures;
        capture(captures, name, str_slice(path, 0, end));
        if (match_from(rest, left, captures, depth + 1))
            return true;
        *captures = saved;
    }
    return false;
}

static bool match_from(Str pattern, Str path, Captures *captures, int depth)
{
    if (!pattern.length || depth > 64)
        return !path.length;
    Str segment = first_segment(pattern), rest = rest_of(pattern, segment);
    if (str_eq_c(segment, "**")) {
        for (Str left = path;; left = rest_of(left, first_segment(left))) {
            Captures saved = *captures;
            if (match_from(rest, left, captures, depth + 1))
                return true;
            *captures = saved;
            if (!left.length)
                return false;
        }
    }
    size_t dots = segment.length > 5 ? segment.length - 4 : 0; /* of "...}" */
    if (dots && segment.data[0] == '{' && str_eq_c(str_slice(segment, dots, segment.length), "...}"))
        return match_folders(str_slice(segment, 1, dots), rest, path, captures, depth);
    Str part = first_segment(path);
    return path.length && match_segment(segment, part, captures) &&
           match_from(rest, rest_of(path, part), captures, depth + 1);
}

bool filerule_match(Str pattern, Str path, Captures *captures)
{
    for (;;) {
        *captures = (Captures){0};
        if (match_from(pattern, path, captures, 0))
            return true;
        if (!path.length)
            return false;
        path = rest_of(path, first_segment(path));
    }
}

bool filerule_variable(void *context, Str name, Str *value)
{
    const Captures *captures = context;
    for (size_t i = 0; i < captures->count; i++) {
        if (str_eq(captures->names[i], name)) {
            *value = captures->values[i];
            return true;
        }
    }
    return false;
}

const Rule *filerule_next(const RuleSet *rules, const char *family, const char *path,
                          const Rule *after, Captures *captures)
{
    bool passed = !after;
    for (size_t i = 0; i < rules->sections[RULE_FILE].count; i++) {
        const Rule *rule = rules->sections[RULE_FILE].items[i];
        if (passed && (!family || strcmp(rule->pack->family, family) == 0) &&
            filerule_match(rule->path, str_of(path), captures))
            return rule;
        passed |= rule == after;
    }
    return NULL;
}
