/*
 * report_read.h: a report, read back from its json or jsonl form.
 */
#ifndef STRAGGLER_OUTPUT_REPORT_READ_H
#define STRAGGLER_OUTPUT_REPORT_READ_H

#include "base/diag.h"
#include "output/finding.h"

/*
 * Adds the findings (and, from json, the blind spots, files and totals) in
 * `text` to `report`. `path` is for messages. Unknown keys are ignored: they may
 * come from a newer straggler. The caller sorts.
 */
bool report_read(Report *report, const char *path, Str text, Diag *diag);

#endif
