/*
 * git.h: asking the git program.
 *
 * git reads configuration and hooks that a repository brings along, so it is
 * started with those that run programs turned off, without a shell, without a
 * terminal, and never from a relative folder of PATH.
 */
#ifndef STRAGGLER_INPUT_GIT_H
#define STRAGGLER_INPUT_GIT_H

#include "base/array.h"
#include "base/diag.h"
#include "base/str.h"

typedef struct {
    ARRAY_OF(const char *);
} GitPaths;

/*
 * Runs `git -C folder arguments...` (NULL-terminated) and appends what it
 * writes to `out`. False after setting diag when git is missing, fails, or
 * writes more than GIT_MOST_OUTPUT bytes.
 */
bool git_run(const char *folder, const char *const *arguments, StrBuf *out, Diag *diag);

/* The same, with `input` as git's standard input. */
bool git_ask(const char *folder, const char *const *arguments, Str input, StrBuf *out, Diag *diag);

/* The commit that `revision` means, as its full name, in the arena; NULL after setting diag. */
const char *git_commit(const char *folder, const char *revision, Arena *arena, Diag *diag);

/*
 * The files below `folder`, relative to it, that differ between the working tree and the point
 * where it left `revision`, new files included. The array is the caller's, its texts the arena's.
 */
bool git_changed(const char *folder, const char *revision, GitPaths *paths, Arena *arena,
                 Diag *diag);

enum { GIT_MOST_OUTPUT = 1 << 28 };

#endif
