/*
 * suppress.h: comments that accept a finding.
 *
 *     merchant.email   # straggler:ignore[old-read] -- shown on the archive page
 *
 * A comment acts on its own line, or, when nothing but comment marks stands
 * before it, on the next line that is no such comment. Between the brackets
 * stand rules, access kinds, migrations or targets, separated by commas; without
 * brackets everything on the line is accepted. Found by text, in any language.
 */
#ifndef STRAGGLER_OUTPUT_SUPPRESS_H
#define STRAGGLER_OUTPUT_SUPPRESS_H

#include "input/source.h"
#include "output/finding.h"

typedef struct Suppression {
    uint32_t line, column; /* of the comment's "straggler:ignore" */
    uint32_t applies_to;   /* line */
    Str names;             /* between the brackets; empty: all */
    Str reason;            /* after "--"; may be empty */
    bool used;
} Suppression;

typedef struct {
    ARRAY_OF(Suppression);
} SuppressionArray;

/* Appends the suppressions of one file, in order; they borrow from `text`. */
void suppress_find(SuppressionArray *list, Str text, const LineIndex *lines);

/* The first suppression that accepts `finding`, now marked as used; NULL if there is none. */
Suppression *suppress_match(SuppressionArray *list, const Finding *finding);

/*
 * Applies the comments of every file that has findings, and adds one finding
 * `unused-suppression` for each comment there that accepts nothing. Call with
 * a judged report, before baselines; sorts again. Reads those files below
 * `root_fd`.
 */
void suppress_report(Report *report, int root_fd);

#endif
