/*
 * git_tree.h: the files of a past commit, written to a folder.
 *
 * The bytes are those that were committed: no filter runs, no link is made. Only
 * files that `wanted` takes are written; git's own paths and those that would
 * leave the folder never are.
 */
#ifndef STRAGGLER_INPUT_GIT_TREE_H
#define STRAGGLER_INPUT_GIT_TREE_H

#include "base/diag.h"
#include "base/str.h"

typedef bool (*GitTreeWanted)(const void *context, const char *path);

/* Writes the tree of `commit` (a full name), as far as it lies below `root`, into `folder`. */
bool git_tree_write(const char *root, const char *commit, const char *folder,
                    GitTreeWanted wanted, const void *context, Diag *diag);

#endif
