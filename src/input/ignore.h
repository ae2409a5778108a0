/*
 * ignore.h: patterns that leave files out, with the meaning git gives them.
 *
 * An IgnoreRules holds the patterns of one .gitignore, .ignore or list of
 * globs. The last pattern that matches decides. Paths are relative to the
 * folder that the patterns belong to, without a leading '/'. Whether a parent
 * folder is ignored is for the caller to ask first, from the top down, as git
 * does: nothing below an ignored folder can be taken back.
 *
 *     IgnoreRules *rules = ignore_parse(&arena, str_lit("*.log\n!keep.log\n/build/\n"));
 *     ignore_match(rules, str_lit("a/x.log"), false)      -> IGNORE_OUT
 *     ignore_match(rules, str_lit("a/keep.log"), false)   -> IGNORE_KEEP
 *     ignore_match(rules, str_lit("a/x.c"), false)        -> IGNORE_SILENT
 *
 * Rules are read-only once parsed; any number of threads may match.
 */
#ifndef STRAGGLER_INPUT_IGNORE_H
#define STRAGGLER_INPUT_IGNORE_H

#include "base/arena.h"
#include "base/str.h"

typedef struct IgnoreRules IgnoreRules;

typedef enum IgnoreVerdict {
    IGNORE_SILENT, /* no pattern matches */
    IGNORE_OUT,    /* ignored */
    IGNORE_KEEP,   /* taken back by a "!" pattern */
} IgnoreVerdict;

/* Parses the text of an ignore file. Returns NULL when it holds no pattern. */
IgnoreRules *ignore_parse(Arena *arena, Str text);

/* The same from a list of globs, one pattern each; NULL when `count` is 0. */
IgnoreRules *ignore_from_globs(Arena *arena, const char *const *globs, size_t count);

/* What `rules` (NULL: none) say of `path`. */
IgnoreVerdict ignore_match(const IgnoreRules *rules, Str path, bool is_folder);

/*
 * Does `glob` match the whole of `text`? '*', '?' and [classes] stop at '/';
 * "**" between slashes spans folders. Cost: at most length(glob) * length(text)
 * steps for each of the two kinds of star; no recursion.
 */
bool glob_match(Str glob, Str text);

#endif
