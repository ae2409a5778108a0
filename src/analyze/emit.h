/*
 * emit.h: hits become findings.
 */
#ifndef STRAGGLER_ANALYZE_EMIT_H
#define STRAGGLER_ANALYZE_EMIT_H

#include "analyze/access.h"
#include "output/finding.h"

/*
 * Appends the analysis' hits and blind spots to `report`, with places, evidence
 * and excerpts; all text is copied to the report's arena. Hits weaker than
 * `weakest` are only counted.
 */
void emit_findings(const Analysis *analysis, Confidence weakest, Report *report);

/* One hit as a finding, not yet pushed; and all blind spots. */
Finding emit_finding(const Analysis *analysis, const Hit *hit, Report *report);
void emit_blind_spots(const Analysis *analysis, Report *report);

#endif
