/*
 * rule_text.h: every rule of the lint, and every kind of access, in words.
 *
 * The list is the one place that knows the rules' names; severities per phase
 * belong to the judgement (analyze/), pages to docs/rules/.
 */
#ifndef STRAGGLER_OUTPUT_RULE_TEXT_H
#define STRAGGLER_OUTPUT_RULE_TEXT_H

#include <stdbool.h>

/* X("id", "title: one phrase", "why it matters and what to do") */
#define LINT_RULES(X)                                                                              \
    X("unpaired-write", "A write of one representation without its twin",                          \
      "While both representations are written, a function that writes one must write the other, "  \
      "or they drift apart. Write both, best through the declared funnel.")                        \
    X("bypassed-funnel", "A write outside the declared funnel",                                    \
      "During the migration all writes go through one function, so that both representations "     \
      "change together. Call it here.")                                                            \
    X("early-read", "A read of the new representation before it is filled",                        \
      "Rows that were not backfilled yet give wrong answers. Read the old field until the phase "  \
      "is read-new.")                                                                              \
    X("old-read", "The old field is still read",                                                   \
      "The new representation is the truth in this phase. Read that instead.")                     \
    X("old-query", "The old field is still queried",                                               \
      "Queries must use the new representation in this phase.")                                    \
    X("old-write", "The old field is still written",                                               \
      "Only the new representation is written in this phase. Remove this write.")                  \
    X("old-declare", "The old field is still declared",                                            \
      "The column is being dropped: remove this reference.")                                       \
    X("blocking-constraint", "A constraint still demands the old field",                           \
      "Nothing writes the field any more, so a mandatory constraint on it makes saves fail. Lift " \
      "it first.")                                                                                 \
    X("multi-save", "A save that also saves a second, changed object",                             \
      "Save the second object just before, on its own, so that each save does one thing.")         \
    X("chained-save", "A definition that chains saves",                                            \
      "A callback, signal, overridden save or autosave saves another model behind the caller's "   \
      "back. Unwind it once callers save both.")                                                   \
    X("split-save", "Two coupled models, only one of them saved",                                  \
      "The models are declared as a pair: a function that changes both must save both.")           \
    X("premature-drop", "A column is dropped while it is still used",                              \
      "Remove the remaining accesses before the schema migration that drops the column.")          \
    X("overdue", "The migration's due date has passed",                                            \
      "Finish the migration, or move the date in straggler.yml.")                                  \
    X("finished", "Nothing is left of this phase",                                                 \
      "Advance the migration to its next phase in straggler.yml.")                                 \
    X("unused-suppression", "A suppression comment that suppresses nothing",                       \
      "Remove the comment.")

typedef struct RuleText {
    const char *id;
    const char *title;
    const char *help;
} RuleText;

/* The text of a rule or of an access kind; never NULL. */
const RuleText *rule_text(const char *id);

/* Whether `severity:` in straggler.yml may name it: a rule, not an access kind. */
bool rule_is_known(const char *id);

/* All rules: "a|b|c". */
const char *rule_names(void);

#endif
