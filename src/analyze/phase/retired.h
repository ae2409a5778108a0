/*
 * retired.h: fields that the code itself says are on their way out.
 *
 *     self.ignored_columns = %w[email]      @Deprecated private String email;
 *
 * Which calls say so, and which phase a migration of such fields is in, is told by the `retires`
 * key of rule packs; which decorators, by `deprecated` of a language. `straggler init` writes its first straggler.yml from them.
 */
#ifndef STRAGGLER_ANALYZE_RETIRED_H
#define STRAGGLER_ANALYZE_RETIRED_H

#include "analyze/phase/fieldmap.h"
#include "analyze/program/rules.h"

/*
 * Appends one Migration for each class and phase to `found`, its fields in the order of the
 * files; texts from read->arena. False after setting diag.
 */
bool retired_read(const FieldMapSearch *read, const RuleSet *rules, MigrationList *found,
                  Diag *diag);

#endif
