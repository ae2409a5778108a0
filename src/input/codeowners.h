/*
 * codeowners.h: who owns a file, as forges read it.
 *
 * CODEOWNERS lists one pattern a line, in the meaning of .gitignore, followed by
 * its owners; the last pattern that matches wins, and one without owners says
 * "nobody". Sections of GitLab ("[Database] @dba") name the owners of the lines
 * below that name none.
 */
#ifndef STRAGGLER_INPUT_CODEOWNERS_H
#define STRAGGLER_INPUT_CODEOWNERS_H

#include "base/arena.h"
#include "base/str.h"

typedef struct CodeOwners CodeOwners;

CodeOwners *codeowners_parse(Str text, Arena *arena);

/* Reads CODEOWNERS, .github/CODEOWNERS, .gitlab/CODEOWNERS or docs/CODEOWNERS; NULL: there is none. */
CodeOwners *codeowners_load(int root_fd, Arena *arena);

/* The owners as written, or NULL. */
const char *codeowners_of(const CodeOwners *owners, const char *path);

#endif
