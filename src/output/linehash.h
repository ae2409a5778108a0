/*
 * linehash.h: the fingerprint by which GitHub code scanning knows a line again.
 *
 * GitHub reads one fingerprint only, `primaryLocationLineHash`, written
 * `<hash in hex>:<n>`; an upload without it gets one from the upload action, an
 * upload by other ways gets duplicates. It is a 64-bit rolling hash over the
 * 100 UTF-16 units that follow the line's start, blanks and tabs left out and
 * line endings normalized; n counts equal hashes in the file.
 */
#ifndef STRAGGLER_OUTPUT_LINEHASH_H
#define STRAGGLER_OUTPUT_LINEHASH_H

#include "base/array.h"
#include "base/str.h"

typedef struct LineHash {
    uint64_t hash;
    uint64_t ordinal; /* from 1 */
} LineHash;

typedef struct {
    ARRAY_OF(LineHash); /* items[line - 1] */
} LineHashArray;

/* Appends the hash of every line of `text`. Cost: linear. */
void line_hashes(LineHashArray *hashes, Str text);

#endif
