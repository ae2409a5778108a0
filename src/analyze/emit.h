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

#endif
