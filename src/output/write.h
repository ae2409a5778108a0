/*
 * write.h: whole files, in and out.
 */
#ifndef STRAGGLER_OUTPUT_WRITE_H
#define STRAGGLER_OUTPUT_WRITE_H

#include "base/diag.h"
#include "base/str.h"

/*
 * Writes `text` to `path` so that a reader sees the old file or the new one,
 * never a part: a new file beside it, then a rename. What is there and is no
 * regular file (a terminal, a pipe) is written to as it is.
 */
bool write_file(const char *path, Str text, Diag *diag);

/* Appends the whole of `path` ("-": standard input) to `out`; fails beyond `limit` bytes. */
bool read_file(StrBuf *out, const char *path, size_t limit, Diag *diag);

/* Writes to standard output. A closed pipe is no error; a full disk is. */
bool write_output(Str text, Diag *diag);

#endif
