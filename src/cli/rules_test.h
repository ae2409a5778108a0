/*
 * rules_test.h: marked files against what is found in them.
 */
#ifndef STRAGGLER_CLI_RULES_TEST_H
#define STRAGGLER_CLI_RULES_TEST_H

#include "cli/rules_coverage.h"
#include "cli/run.h"

/*
 * Scans each path (a folder as one code base, a file as one of its own) for the
 * targets that its marks name, and prints every difference. Returns 0 when there
 * is none, 1 when there is, 2 after an error. `coverage`, if not NULL, learns which rules were used.
 */
int rules_test(const CommandTable *table, const RunSettings *settings, const char *const *paths,
               size_t count, RulesCoverage *coverage);

#endif
