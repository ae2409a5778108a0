/*
 * ignore_scope.h: which ignore files speak about a folder's contents.
 *
 * A scope is a folder that has ignore rules, chained to the nearest ancestor
 * that has any. Paths are absolute, without the leading '/'. Order of power, as
 * in ripgrep: .ignore, .gitignore, .git/info/exclude, the user's global file;
 * within each the deepest folder that says something decides. Git's files count
 * only inside a repository, and never reach into another one nested in it.
 */
#ifndef STRAGGLER_INPUT_IGNORE_SCOPE_H
#define STRAGGLER_INPUT_IGNORE_SCOPE_H

#include "input/ignore.h"

typedef struct IgnoreScope IgnoreScope;

/* What of interest a folder's entries are. */
typedef enum FolderHolds {
    HOLDS_IGNORE = 1,    /* .ignore */
    HOLDS_GITIGNORE = 2, /* .gitignore */
    HOLDS_GIT = 4,       /* .git: the top of a repository */
} FolderHolds;

/*
 * The scope of the contents of the folder open as `folder_fd`, whose path is
 * `path`: a new one when the folder has rules (`holds`: FolderHolds bits), else
 * `up`, which is its parent's and may be NULL. Memory from `arena`.
 */
const IgnoreScope *ignore_scope_enter(Arena *arena, const IgnoreScope *up, int folder_fd, Str path,
                                      unsigned holds);

/* The scope above the folder `path`: all its ancestors, from the file system's root down. */
const IgnoreScope *ignore_scope_above(Arena *arena, Str path);

/* The rules in the user's global file (git's default place), or NULL. */
const IgnoreRules *ignore_global(Arena *arena);

/* What the rules of `scope` (NULL: none) and of all above it say of the entry `path`. */
IgnoreVerdict ignore_scope_judge(const IgnoreScope *scope, const IgnoreRules *global, Str path,
                                 bool is_folder);

#endif
