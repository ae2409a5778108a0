/*
 * progress.h: a bar on stderr for runs that take long.
 *
 * Workers add to counters; one thread of its own draws ten times a second,
 * beginning half a second after the start, and wipes the line at the end.
 * Nothing is drawn, and no thread is made, when `enabled` is false or stderr is
 * no terminal; every function accepts NULL.
 *
 *     Progress *progress = progress_new(options->progress);
 *     progress_stage(progress, "parsing", file_count);   // one thread at a time
 *     progress_add(progress, 1);                         // any thread
 *     progress_free(progress);
 */
#ifndef STRAGGLER_OUTPUT_PROGRESS_H
#define STRAGGLER_OUTPUT_PROGRESS_H

#include "base/str.h"

typedef struct Progress Progress;

/* Returns NULL when there is nothing to draw on. */
Progress *progress_new(bool enabled);

/* Names what is being done; `name` must outlive the Progress. `total` 0: unknown. */
void progress_stage(Progress *progress, const char *name, uint64_t total);
void progress_add(Progress *progress, uint64_t done);

/* Wipes the bar and ends the thread. */
void progress_free(Progress *progress);

/* One line of at most `width` columns: "parsing  [#####     ] 120/240". Pure, for the tests. */
void progress_draw(StrBuf *out, const char *name, uint64_t done, uint64_t total, unsigned width);

#endif
