/*
 * rules_coverage.h: which rules of the packs no marked file needed.
 *
 *     RulesCoverage *coverage = rules_coverage_new();
 *     rules_coverage_add(coverage, report);      // for each report, in this process or a child
 *     rules_coverage_write(coverage, rules, of_user, stdout);
 *     rules_coverage_free(coverage);
 */
#ifndef STRAGGLER_CLI_RULES_COVERAGE_H
#define STRAGGLER_CLI_RULES_COVERAGE_H

#include "analyze/program/rules.h"
#include "output/finding.h"

#include <stdio.h>

typedef struct RulesCoverage RulesCoverage;

/* NULL when the place for its notes cannot be made. */
RulesCoverage *rules_coverage_new(void);
void rules_coverage_free(RulesCoverage *coverage);

/* Notes the rules that the report used. */
void rules_coverage_add(RulesCoverage *coverage, const Report *report);

/*
 * Writes "PACK:LINE: never fired: SECTION NAME" for each rule of the user's own
 * packs, or of the program's, that no report used. Returns how many.
 */
size_t rules_coverage_write(RulesCoverage *coverage, const RuleSet *rules, bool of_user, FILE *out);

#endif
