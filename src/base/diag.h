/*
 * diag.h: what went wrong, told to the user once.
 *
 * The one error idiom: functions that can fail on bad input return bool and
 * take a Diag*; the message is written where the cause is known. A Diag holds
 * the first error only. Internal mistakes are asserts, never Diags.
 *
 *     Diag diag = {0};
 *     if (!config_load(&config, path, &arena, &diag)) { diag_print(&diag, stderr); return 2; }
 */
#ifndef STRAGGLER_BASE_DIAG_H
#define STRAGGLER_BASE_DIAG_H

#include <stdbool.h>
#include <stdio.h>

typedef struct Diag {
    bool failed;
    char path[1024];   /* "" when the error is not about a file */
    unsigned line;     /* 1-based; 0 when unknown */
    unsigned column;   /* 1-based, in bytes; 0 when unknown */
    char message[768]; /* one sentence, no full stop */
    char hint[512];    /* what to do about it; may be "" */
} Diag;

/* Records an error (if none is yet) and returns false. */
bool diag_fail(Diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same, with its place. `path` may be NULL. */
bool diag_fail_at(Diag *diag, const char *path, unsigned line, unsigned column, const char *format,
                  ...) __attribute__((format(printf, 5, 6)));

/* Adds advice to the error that was just recorded. Returns false. */
bool diag_hint(Diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes "straggler: error: path:line:column: message" and "  hint: ..."; control bytes are masked. */
void diag_print(const Diag *diag, FILE *out);

#endif
