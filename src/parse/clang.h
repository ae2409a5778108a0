/*
 * clang.h: accesses of C and C++ members, as the compiler resolves them.
 *
 * Chooses the translation units that can see a wanted member, has helper
 * processes (straggler-clang) parse them, several at once, and merges what they
 * say. A helper that crashes, hangs or eats memory costs its unit: retried
 * once, then listed as failed. Nothing that a compilation database names is run.
 *
 *     ClangAccesses found;
 *     if (!clang_find(&request, &found, &arena, &diag)) ...      // broken database
 *     if (!found.available) ...                                  // no helper, or no database
 *     for (size_t i = 0; i < found.count; i++) use(&found.items[i]);
 *
 * `files[i].state` says, for each file that was asked about, whether the answer
 * is complete, so that the caller knows where to fall back on its own parser.
 */
#ifndef STRAGGLER_PARSE_CLANG_H
#define STRAGGLER_PARSE_CLANG_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"

typedef struct ClangTarget {
    const char *model;         /* "session", "struct session", "ns::Function", a typedef's name */
    const char *const *fields;
    size_t field_count;
    bool accessors;            /* count C++ getters and setters too */
} ClangTarget;

typedef struct ClangRequest {
    const char *root;             /* the scanned folder */
    const char *compile_commands; /* NULL: looked for in root, its build folders and above */
    const char *const *files;     /* relative to root: C and C++ files that hold a field's name */
    size_t file_count;
    const ClangTarget *targets;
    size_t target_count;
    unsigned threads;     /* helpers at once; 0: one */
    unsigned deadline_ms; /* for each unit; 0: 60 s */
    size_t memory_limit;  /* bytes for each helper; 0: 4 GiB */
    const char *helper;   /* NULL: $STRAGGLER_CLANG, or beside the running program */
} ClangRequest;

typedef enum ClangKind { CLANG_READ, CLANG_WRITE, CLANG_DECLARE } ClangKind;

typedef struct ClangAccess {
    const char *path;      /* relative to root */
    unsigned line, column; /* 1-based, column in bytes */
    unsigned start, end;   /* bytes: the member's (or accessor's) own name */
    ClangKind kind;
    size_t target, field;      /* indexes into the request */
    const char *accessor;      /* as written */
    const char *receiver_text; /* "" when there is none */
    const char *receiver_type; /* "" when unknown */
    const char *symbol;        /* enclosing "Class::method", function or class; "" */
    const char *owner_path;    /* where the class is defined; relative to root if inside; "" */
    unsigned owner_line;
    bool in_macro;   /* spelled in a macro's body */
    bool dependent;  /* in a template, on a type that depends on a parameter: `possible` */
    bool accessor_call; /* through a getter or setter */
    bool inherited;  /* declared by a base class, reached through the model */
    bool deprecated; /* the member is marked deprecated */
    bool rival;      /* of another class with the model's name, private to one source file, while
                        the model itself is in a header: `possible` */
} ClangAccess;

/* A use of whole objects that static reading cannot split into members. */
typedef struct ClangBlindSpot {
    const char *path;
    unsigned line, column;
    size_t target;
    const char *text; /* "copies, clears or compares the whole object as bytes" ... */
} ClangBlindSpot;

/* Bytes that a condition of the preprocessor left out of every unit that saw the file. */
typedef struct ClangSkipped {
    const char *path; /* relative to root */
    unsigned start, end;
} ClangSkipped;

/* X(NAME, "as reported") */
#define CLANG_FILE_STATES(X)                                                                       \
    X(EXACT, "compiled")                      /* every access is in the answer */                  \
    X(RULED_OUT, "cannot see the member")     /* shown by its text: there is no access */          \
    X(ERRORS, "compiled with errors")         /* accesses may be missing */                        \
    X(FAILED, "crashed or hung the compiler") /* twice */                                          \
    X(UNKNOWN, "in no translation unit")      /* not in the database, included by nothing in it */

typedef enum ClangFileState {
#define X(name, text) CLANG_FILE_##name,
    CLANG_FILE_STATES(X)
#undef X
} ClangFileState;

typedef struct ClangFile {
    ClangFileState state;
    const char *reason; /* "timeout", "killed by signal 11", the first error ...; "" */
} ClangFile;

typedef struct ClangRefused {
    const char *name; /* "-fplugin" */
    const char *value;
    const char *file; /* its first occurrence */
    size_t count;
    bool ordinary;    /* only names an output, as every build does */
} ClangRefused;

typedef struct ClangAccesses {
    bool available;       /* false: no helper program or no database; nothing else is set */
    const char *database; /* path of what was read */
    ClangAccess *items;   /* sorted by path, start, target, field */
    size_t count;
    ClangBlindSpot *blind_spots; /* sorted alike */
    size_t blind_count;
    ClangSkipped *skipped;       /* sorted by path and start; of files that hold a name */
    size_t skipped_count;
    ClangFile *files;     /* as request.files */
    ClangRefused *refused;
    size_t refused_count;
    size_t units, failed_units;  /* parsed; of which failed */
    double seconds;
    uint64_t peak_memory; /* bytes, of the largest helper */
} ClangAccesses;

/* False after setting diag when the database cannot be used. All memory is `arena`'s. */
bool clang_find(const ClangRequest *request, ClangAccesses *out, Arena *arena, Diag *diag);

const char *clang_file_state_name(ClangFileState state);

/* Is it a C or C++ file, by its name? */
bool clang_reads(const char *path);

/* The access at a place, or NULL; and whether a place was left out. `found` is sorted. */
const ClangAccess *clang_access_at(const ClangAccesses *found, const char *path, unsigned start,
                                   size_t target, size_t field);
bool clang_is_skipped(const ClangAccesses *found, const char *path, unsigned start);

#endif
