/*
 * Matching invalid UTF-8 is allowed because source files hold any bytes; the
 * match limit keeps a hostile pattern from a rule file from hanging the run.
 */
#include "base/pattern.h"

#include "base/arena.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

enum { MATCH_LIMIT = 100000 };

struct Regex {
    pcre2_code *code;
    pcre2_match_context *context;
};

Regex *regex_new(Str pattern, Diag *diag)
{
    int error;
    PCRE2_SIZE offset;
    if (pattern.length > REGEX_LONGEST) {
        diag_fail(diag, "the pattern is longer than %d bytes", REGEX_LONGEST);
        return NULL;
    }
    uint32_t options = PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.length, options, &error,
                                     &offset, NULL);
    if (!code) {
        char message[128];
        pcre2_get_error_message(error, (PCRE2_UCHAR *)message, sizeof message);
        diag_fail(diag, "bad pattern at byte %zu: %s", (size_t)offset + 1, message);
        return NULL;
    }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without it matching is slower, not wrong */
    Regex *regex = mem_alloc(sizeof *regex);
    *regex = (Regex){code, pcre2_match_context_create(NULL)};
    if (regex->context)
        pcre2_set_match_limit(regex->context, MATCH_LIMIT);
    return regex;
}

void regex_free(Regex *regex)
{
    if (!regex)
        return;
    pcre2_code_free(regex->code);
    pcre2_match_context_free(regex->context);
    free(regex);
}

bool regex_next(const Regex *regex, Str text, size_t from, RegexMatch *match)
{
    if (from > text.length)
        return false;
    pcre2_match_data *data = pcre2_match_data_create(REGEX_GROUPS, NULL);
    if (!data)
        return false;
    int found = pcre2_match(regex->code, (PCRE2_SPTR)text.data, text.length, from, 0, data,
                            regex->context);
    *match = (RegexMatch){0};
    const PCRE2_SIZE *places = pcre2_get_ovector_pointer(data);
    for (int i = 0; i < found && i < REGEX_GROUPS; i++) {
        match->start[i] = places[2 * i];
        match->end[i] = places[2 * i + 1];
        match->count++;
    }
    pcre2_match_data_free(data);
    /* an empty match would be found again for ever */
    return found > 0 && match->end[0] > from;
}
