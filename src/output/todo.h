/*
 * todo.h: the migration report for people: what is left, where, in which order.
 *
 * One Markdown document over all migrations: a verdict for each, the work that
 * is due now and that the later phases will ask for, counts by field, owner and
 * folder, what could not be seen, and a positive control. It depends on the
 * report and the configuration only, so that two runs compare.
 */
#ifndef STRAGGLER_OUTPUT_TODO_H
#define STRAGGLER_OUTPUT_TODO_H

#include "input/config.h"
#include "output/finding.h"

/*
 * `report` holds every access, judged (analyze/phase/phase.h). Findings that a comment
 * or a baseline accepts count as work, but forbid nothing.
 */
void todo_write(const Report *report, const Config *config, StrBuf *out);

#endif
