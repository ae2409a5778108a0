/*
 * dirty.h: saves that silently save a second, changed object.
 *
 * A Dirty looks at every function of the parsed files: which objects it changes
 * or makes, which it saves, and what a save of one saves with it (rule packs,
 * section `saves`). docs/measurements.md tells how well.
 *
 *     Dirty *d = dirty_new(program, resolver);
 *     dirty_run(d);              // resolver->needs tells what to parse next
 *     dirty_emit(d, weakest, report);
 */
#ifndef STRAGGLER_ANALYZE_DIRTY_H
#define STRAGGLER_ANALYZE_DIRTY_H

#include "analyze/types/receiver.h"
#include "output/finding.h"

typedef struct Dirty Dirty;

Dirty *dirty_new(Program *program, Resolver *resolver);
void dirty_free(Dirty *dirty);

/* Analyses all functions of the program. Forgets earlier results. */
void dirty_run(Dirty *dirty);

/* Appends findings of kind `save`; those weaker than `weakest` are only counted. */
void dirty_emit(const Dirty *dirty, Confidence weakest, Report *report);

#endif
