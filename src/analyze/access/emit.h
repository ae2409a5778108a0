/*
 * emit.h: hits become findings.
 */
#ifndef STRAGGLER_ANALYZE_EMIT_H
#define STRAGGLER_ANALYZE_EMIT_H

#include "analyze/access/access.h"
#include "output/finding.h"

/*
 * Appends the analysis' hits and blind spots to `report`, with places, evidence
 * and excerpts; all text is copied to the report's arena. Hits weaker than
 * `weakest` are only counted.
 */
void emit_findings(const Analysis *analysis, Confidence weakest, Report *report);

/*
 * A finding at bytes [start, end) of a file, with the text around it; the caller
 * fills in what it is about.
 */
Finding emit_place(const Program *program, Place place, uint32_t start, uint32_t end,
                   Report *report);

/* The line of a place as a reason. */
Evidence emit_evidence(const Program *program, Place place, Report *report);

/* The text of a receiver, cut. */
const char *emit_receiver(const Program *program, Place receiver, Report *report);

/* Says of each target whose name several unrelated models have that all of them are meant. */
void emit_namesakes(const Analysis *analysis, Report *report);

/* One hit as a finding, not yet pushed; and all blind spots. */
Finding emit_finding(const Analysis *analysis, const Hit *hit, Report *report);
void emit_blind_spots(const Analysis *analysis, Report *report);

#endif
