/*
 * compile_commands.h: how each C and C++ file is compiled, made safe.
 *
 * Reads compile_commands.json or compile_flags.txt. What is written there is
 * data from whoever wrote the repository: no command in it is ever run, response
 * files are never opened, and only flags of an allow-list are kept (include
 * paths, macros, language, standard, target, and the switches that change what
 * the code means). The rest is dropped; what could have read, written or run
 * something is listed in `refused`.
 *
 *     CompileDatabase database;
 *     if (!compile_database_find(&database, root, NULL, &arena, &diag)) ...   // broken file
 *     if (!database.path) ...                                                 // there is none
 */
#ifndef STRAGGLER_INPUT_COMPILE_COMMANDS_H
#define STRAGGLER_INPUT_COMPILE_COMMANDS_H

#include "base/array.h"
#include "base/diag.h"
#include "base/str.h"

typedef struct CompileFlags {
    const char **items;
    size_t count;
} CompileFlags;

typedef struct CompileCommand {
    const char *directory; /* absolute */
    const char *file;      /* absolute, links resolved where the file exists */
    CompileFlags flags;    /* allow-listed, without the compiler and the file */
    size_t entry;          /* its number in the database, from 0 */
} CompileCommand;

/* A flag that was dropped because it could read, write or run something. */
typedef struct RefusedFlag {
    const char *name;  /* "-fplugin", "@file" ... */
    const char *value; /* of its first occurrence; "" when it has none */
    const char *file;  /* where that was */
    size_t count;
    bool ordinary; /* names an output, as every build does: no sign of malice */
} RefusedFlag;

typedef struct CompileDatabase {
    const char *path; /* of the file that was read; NULL: there is none */
    struct { ARRAY_OF(CompileCommand); } commands; /* sorted by file; distinct in what they mean */
    struct { ARRAY_OF(RefusedFlag); } refused;
    bool for_any_file;     /* compile_flags.txt: `fallback` is for every file */
    CompileCommand fallback;
} CompileDatabase;

/*
 * Reads `given`, or else the first compile_commands.json or compile_flags.txt
 * in `root`, its build folders or a folder above. Without one, `path` is NULL
 * and the result true. False, with a message, when the file cannot be used.
 * Strings live in `arena`; compile_database_release frees the lists.
 */
bool compile_database_find(CompileDatabase *database, const char *root, const char *given,
                           Arena *arena, Diag *diag);
void compile_database_release(CompileDatabase *database);

/* The first command for an absolute, resolved path, and how many follow it; NULL if there is none. */
const CompileCommand *compile_database_get(const CompileDatabase *database, const char *file,
                                           size_t *count);

/* Splits a command as a POSIX shell would split words, without expanding or running anything. */
CompileFlags compile_split(const char *command, Arena *arena);

/*
 * Appends the allowed flags of one command to `command->flags` and the others
 * to `database->refused`. arguments[0] is the compiler. `inside` is the folder
 * that files forced in by -include and -imacros must lie in.
 */
void compile_filter(CompileDatabase *database, CompileCommand *command,
                    const CompileFlags *arguments, const char *inside, Arena *arena);

#endif
