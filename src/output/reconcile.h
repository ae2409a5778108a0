/*
 * reconcile.h: run-time evidence against what was found statically.
 *
 * A log message about a deprecated field names it and is followed by stack
 * frames; the first frame inside the code base is the place. What was seen but
 * not found is a hole of the analysis, and comes first.
 *
 *     ReconcileLog log = {.pattern = "Deprecated method called", .root_fd = fd};
 *     reconcile_read(&log, text, &arena);
 *     size_t holes = reconcile_write(&log, report, &out);
 */
#ifndef STRAGGLER_OUTPUT_RECONCILE_H
#define STRAGGLER_OUTPUT_RECONCILE_H

#include "base/array.h"
#include "output/finding.h"

typedef struct Sighting {
    const char *path;   /* below the root; NULL: no frame was inside of it */
    uint32_t line;
    const char *target; /* "Merchant.owner_dob", as the message names it; NULL */
    size_t count;
} Sighting;

typedef struct ReconcileLog {
    const char *pattern; /* what a message contains */
    int root_fd;         /* frames are looked up below it */
    size_t lines, messages;
    struct { ARRAY_OF(Sighting); } sightings; /* each place and target once, in order of first sight */
} ReconcileLog;

/* Adds the messages of one log. Texts go to the arena. Cost: linear. */
void reconcile_read(ReconcileLog *log, Str text, Arena *arena);
void reconcile_release(ReconcileLog *log);

/* Appends the comparison as Markdown; returns how many places were seen and not found. */
size_t reconcile_write(const ReconcileLog *log, const Report *report, StrBuf *out);

#endif
