/*
 * baseline.h: findings that were there before, so that only new ones fail.
 *
 * The file holds one line per finding, sorted, keyed by fingerprint: moving code
 * changes nothing, and two branches that fix different places merge without
 * conflict. Lines carry path, rule and target for people; only the fingerprint
 * (the first word) is read back.
 *
 *     # straggler baseline 1
 *     9a3f... app/models/charge.rb old-read Merchant.email
 */
#ifndef STRAGGLER_OUTPUT_BASELINE_H
#define STRAGGLER_OUTPUT_BASELINE_H

#include "base/diag.h"
#include "base/map.h"
#include "output/finding.h"

typedef struct Baseline {
    Map known;   /* fingerprint -> 1 once a finding has matched it, else 0 */
    size_t count;
} Baseline;

/* Parses the file's text; `path` is kept for messages. */
bool baseline_parse(Baseline *baseline, const char *path, Str text, Diag *diag);
void baseline_release(Baseline *baseline);

/* Marks findings that are known as baselined. */
void baseline_apply(Baseline *baseline, Report *report);

/* Entries that no finding matched. Only right after a run over everything. */
size_t baseline_stale(const Baseline *baseline);

/* Writes the file's text. `known`: keep only findings it holds (prune); NULL: all of them. */
void baseline_write(const Report *report, const Baseline *known, StrBuf *out);

#endif
