/*
 * pattern.h: regular expressions, through PCRE2 with its JIT and with limits.
 *
 *     Regex *regex = regex_new(str_lit("class\\s+([A-Z_]+)\\s"), &message);
 *     RegexMatch match;
 *     for (size_t at = 0; regex_next(regex, text, at, &match); at = match.end[0]) ...
 *     regex_free(regex);
 *
 * A Regex is read-only once made: threads may share it. A match that exceeds
 * the limits counts as no match.
 */
#ifndef STRAGGLER_BASE_PATTERN_H
#define STRAGGLER_BASE_PATTERN_H

#include "base/diag.h"
#include "base/str.h"

typedef struct Regex Regex;

enum { REGEX_GROUPS = 8, REGEX_LONGEST = 4096 };

typedef struct RegexMatch {
    size_t start[REGEX_GROUPS], end[REGEX_GROUPS]; /* bytes; SIZE_MAX: the group took no part */
    size_t count;
} RegexMatch;

/* NULL after setting diag (bad syntax, too long). Lines are matched by ^ and $. */
Regex *regex_new(Str pattern, Diag *diag);
void regex_free(Regex *regex);

/* Finds the next match at or after `from`. */
bool regex_next(const Regex *regex, Str text, size_t from, RegexMatch *match);

#endif
