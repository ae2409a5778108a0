/*
 * report.h: the table of report formats.
 *
 * A reporter turns a sorted, fingerprinted Report into bytes that are valid in
 * its format whatever paths and source lines hold, and that depend on nothing
 * but the Report: no time, no machine, no thread order. Adding a format is one
 * file report_<name>.c, one line in REPORTERS, and one page in docs/output.md.
 *
 * Findings that a comment or a baseline covers are left out (SARIF lists them
 * as suppressed).
 */
#ifndef STRAGGLER_OUTPUT_REPORT_H
#define STRAGGLER_OUTPUT_REPORT_H

#include "output/finding.h"
#include "output/rule_text.h"

typedef struct ReportOptions {
    bool color;
    int root_fd;         /* the folder that paths are relative to, for formats that need a
                            file's text; -1: there is none */
    const char *version; /* of straggler */
} ReportOptions;

/* X(name, "what it is for") */
#define REPORTERS(X)                                                                               \
    X(text, "for reading: source excerpt, caret and the reason for each finding")                  \
    X(json, "one object: findings, blind spots, files and totals")                                 \
    X(jsonl, "one finding a line")                                                                 \
    X(sarif, "SARIF 2.1.0, for code scanning")                                                     \
    X(github, "annotations of a GitHub Actions job")                                               \
    X(gitlab, "GitLab code quality report")                                                        \
    X(junit, "JUnit XML test report")                                                              \
    X(checkstyle, "Checkstyle XML")                                                                \
    X(rdjson, "reviewdog diagnostics")                                                             \
    X(markdown, "GitHub Markdown, for summaries and comments")                                     \
    X(html, "one page without scripts or references")                                              \
    X(csv, "a table for spreadsheets")                                                             \
    X(gcc, "path:line:column: message, as compilers write it")

typedef struct Reporter {
    const char *name;
    const char *about;
    void (*write)(const Report *report, const ReportOptions *options, StrBuf *out);
} Reporter;

/* NULL when there is no such format. */
const Reporter *reporter_named(Str name);
size_t reporter_count(void);
const Reporter *reporter_at(size_t index);

#define X(name, about)                                                                             \
    void report_##name(const Report *report, const ReportOptions *options, StrBuf *out);
REPORTERS(X)
#undef X

/* --- what reporters share --- */

/* False for findings that a comment or the baseline covers. */
bool finding_shown(const Finding *finding);
size_t report_shown(const Report *report);

/* The rule that was broken, or the kind of access when nothing was judged. */
const char *finding_rule(const Finding *finding);

/* "error", "warning" or "info"; findings that nothing judged are "info". */
const char *finding_severity(const Finding *finding);

/* One sentence without the place: "read of Merchant.owner_first_name (certain)". */
void finding_message(StrBuf *out, const Finding *finding);

/* "path:line: text", or only the text when the reason has no place. */
void evidence_message(StrBuf *out, const Evidence *evidence);

/*
 * The 1-based byte columns [from, to) of an edit that lies on the finding's own
 * line; false for edits elsewhere.
 */
bool edit_columns(const Finding *finding, const Edit *edit, uint32_t *from, uint32_t *to);

/* The fingerprint, as 16 hexadecimal digits. */
void finding_fingerprint_text(StrBuf *out, const Finding *finding);

#endif
