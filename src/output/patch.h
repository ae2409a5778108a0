/*
 * patch.h: edits applied to a text, and shown as a unified diff.
 *
 *     patch_apply(old, edits, count, &new);
 *     patch_diff("app/x.rb", old, edits, count, &out);
 */
#ifndef STRAGGLER_OUTPUT_PATCH_H
#define STRAGGLER_OUTPUT_PATCH_H

#include "output/finding.h"

/*
 * Edits must be sorted by start and must not overlap: false, appending nothing,
 * when they do, or lie outside of the text.
 */
bool patch_apply(Str old, const Edit *edits, size_t count, StrBuf *out);

/* Appends a diff that `git apply` and `patch -p1` take. The same conditions hold. */
bool patch_diff(const char *path, Str old, const Edit *edits, size_t count, StrBuf *out);

#endif
