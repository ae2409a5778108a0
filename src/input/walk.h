/*
 * walk.h: which files there are.
 *
 * Lists the regular files below a root, honouring .gitignore, .ignore,
 * .git/info/exclude and the user's global excludes the way git and ripgrep do.
 * Hidden files and folders (".x") are skipped as ripgrep does; symbolic links
 * are never followed (a root or named folder may be reached through one).
 * Several threads read folders at once; the list comes back sorted by path
 * bytes, so its order never depends on timing.
 */
#ifndef STRAGGLER_INPUT_WALK_H
#define STRAGGLER_INPUT_WALK_H

#include "base/arena.h"
#include "base/diag.h"
#include "input/source.h"

typedef struct WalkOptions {
    const char *root;             /* folder the report's paths are relative to */
    const char *const *paths;     /* files and folders below root, relative to it; count 0: all of it */
    size_t path_count;
    const char *const *include;   /* globs (gitignore syntax) a file, or a folder above it, must match
                                     one of; may be empty */
    size_t include_count;
    const char *const *exclude;   /* globs that leave a file or folder out */
    size_t exclude_count;
    bool no_ignore;               /* do not read ignore files */
    bool hidden;                  /* look into hidden files and folders too, .git excepted */
    unsigned threads;             /* at most; fewer are started for small trees */
    /* Gives a file its language; called from several threads. May return NULL, or be NULL. */
    const Language *(*language_of)(void *context, const char *path);
    void *context;
} WalkOptions;

typedef struct SourceList {
    Source *items; /* sorted by path */
    size_t count;
    size_t ignored_folders; /* for --stats: left out by a rule or a glob */
    const char **unreadable; /* folders that could not be opened or read, sorted */
    size_t unreadable_count;
    Arena arena;            /* owns items, unreadable and the paths of named files */
    Arena *path_arenas;     /* one for each thread; own the other paths */
    size_t path_arena_count;
    int root_fd;            /* the root folder, open for source_load; -1 when released */
} SourceList;

/*
 * Fills `list`. Named files are always in it, whatever the rules say (`named` is
 * set); a named folder is walked even if it is ignored. Returns false, with a
 * message and nothing to release, when root or a named path does not exist or
 * root cannot be read. Folders below that cannot be read are in `unreadable`.
 */
bool walk_list(SourceList *list, const WalkOptions *options, Diag *diag);

/* The file of that path, or NULL. Cost: one binary search. */
Source *source_list_find(const SourceList *list, const char *path);

void source_list_release(SourceList *list);

#endif
