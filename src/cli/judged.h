/*
 * judged.h: what the commands that judge by phase share.
 *
 *     Judge judge;
 *     judged_prepare(&run, &judge);       // after the configuration is loaded
 *     ...in `after`: judged_keep_stragglers(run, report)
 */
#ifndef STRAGGLER_CLI_JUDGED_H
#define STRAGGLER_CLI_JUDGED_H

#include "analyze/phase/phase.h"
#include "cli/run.h"

/* Makes the scan judge its accesses; `judge` must live as long as the run. */
void judged_prepare(Run *run, Judge *judge);

/* Leaves only stragglers in the report, and applies the comments that accept some. */
void judged_keep_stragglers(const Run *run, Report *report);

/* Applies the comments that accept findings, and CODEOWNERS. */
void judged_accept(const Run *run, Report *report);

/*
 * Applies `file`, else the configuration's baseline, when there is one. False after setting
 * run->diag.
 */
bool judged_apply_baseline(Run *run, const char *file, Report *report);

/* The baseline's file: `given`, else the configuration's, else straggler-baseline.txt. */
const char *judged_baseline_path(Run *run, const char *given);

/* EXIT_FOUND when a finding of at least a warning is shown. */
int judged_status(const Report *report);

#endif
