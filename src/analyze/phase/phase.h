/*
 * phase.h: from accesses to judgements.
 *
 * A migration's phase says what is wrong today. phase_judge looks at every hit
 * of both sides, old and new, and appends a finding for each old access; those
 * that the phase forbids carry a rule and a severity, the others have none.
 * An access of a new field is a finding only when a rule is broken.
 *
 *     Judge judge = {.config = &config, .config_path = "straggler.yml", .today = "2027-01-31"};
 *     phase_judge(analysis, &judge, CONFIDENCE_LIKELY, report);
 */
#ifndef STRAGGLER_ANALYZE_PHASE_H
#define STRAGGLER_ANALYZE_PHASE_H

#include "analyze/access/access.h"
#include "input/config.h"

typedef struct Judge {
    const Config *config;
    const char *config_path; /* relative to the root, for findings about a migration itself */
    const char *today;       /* YYYY-MM-DD */
} Judge;

/* How bad a broken rule is for a migration, after straggler.yml; NONE: not reported. */
Severity phase_severity(const Config *config, const Migration *migration, const char *rule);

/* True when a migration's phase judges saves, so that they must be looked for. */
bool phase_wants_saves(const Config *config);

/* phase_severity before straggler.yml. */
Severity phase_default_severity(Phase phase, const char *rule);

/* Notes what would help to judge: files that hold further calls of a helper that writes. */
void phase_ask(Analysis *analysis, const Judge *judge, Confidence weakest);

/* Appends findings and blind spots; hits weaker than `weakest` are only counted. */
void phase_judge(Analysis *analysis, const Judge *judge, Confidence weakest, Report *report);

/*
 * Says of findings of kind SAVE, which the dirty tracking made, how bad they are; drops those of
 * rules that are off. Adds `finished` and `overdue`. Call after every other finding was added.
 */
void phase_conclude(const Judge *judge, Report *report);

#endif
