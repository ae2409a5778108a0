/*
 * source.h: one file as it was read.
 *
 * A Source is made by the walk for every regular file that may be analysed; its
 * bytes are loaded once, looked at by the prefilter, and kept while later
 * rounds may still ask for them. Editors hand in buffers instead of files.
 */
#ifndef STRAGGLER_INPUT_SOURCE_H
#define STRAGGLER_INPUT_SOURCE_H

#include "base/arena.h"
#include "base/str.h"

typedef struct Language Language;

/* X(NAME, "as reported") */
#define SOURCE_STATES(X)                                                                           \
    X(UNREAD, "unread")             /* known, not loaded yet */                                    \
    X(LOADED, "loaded")             /* text holds its bytes */                                     \
    X(RELEASED, "released")         /* was loaded; may be loaded again */                          \
    X(BINARY, "binary")             /* a NUL byte near its start */                                \
    X(TOO_LARGE, "too large")       /* over the size limit */                                      \
    X(UNREADABLE, "unreadable")     /* open or read failed; `error` says why */                    \
    X(CHANGED, "changed while read")                                                               \
    X(MINIFIED, "minified")         /* made by a program from source, of very long lines */        \
    X(SET_ASIDE, "set aside")       /* crashed or hung its parser in an earlier try */

typedef enum SourceState {
#define X(name, text) SOURCE_##name,
    SOURCE_STATES(X)
#undef X
} SourceState;

typedef struct Source {
    const char *path;         /* relative to the scanned root, '/' separated; any bytes but NUL */
    Str text;                 /* UTF-8 (or unknown 8-bit) bytes, valid while LOADED */
    const Language *language; /* NULL: no front end; searched as text only */
    SourceState state;
    SourceState refused;      /* TOO_LARGE or SET_ASIDE while loaded for searching only, else 0 */
    int error;        /* errno when UNREADABLE */
    bool named;       /* given on the command line: never skipped as binary or ignored */
    bool transcoded;  /* was UTF-16: offsets are those of the UTF-8 form; never fixed */
    uint64_t size;    /* bytes on disk */
    uint64_t hash;    /* XXH3 of the bytes on disk, for fixes; 0 until loaded for a fix */
} Source;

enum {
    SOURCE_LARGEST = 4 << 20, /* bytes; larger files are skipped unless named */
    SOURCE_LARGEST_SEARCHED = 256 << 20, /* bytes; still searched, though never parsed */
    SOURCE_MINIFIED_LINE = 500,      /* bytes of a line, on average */
    SOURCE_MINIFIED_LOOK = 64 << 10, /* bytes that are looked at; smaller files than an eighth never */
    SOURCE_PADDING = 64,      /* zero bytes behind the text, for parsers that read on */
};

/*
 * Reads `source->path` below the folder open as `root_fd` (O_NOFOLLOW, regular
 * files only). Sets state and text. UTF-16 with a byte order mark is turned
 * into UTF-8. Returns true when LOADED: at once if it is already, never for one
 * SET_ASIDE. The bytes are malloc'ed, as those that an editor hands in must be.
 * Safe to call from several threads for different sources.
 */
bool source_load(Source *source, int root_fd);

/*
 * Loads one that is TOO_LARGE or SET_ASIDE all the same, so that it can be
 * searched for names: skipping a file that holds one must be told. `refused`
 * keeps the state, which source_release brings back. Never parse its text.
 */
bool source_load_refused(Source *source, int root_fd);

/* Gives the bytes back; the state becomes RELEASED, or again what it was refused for. */
void source_release(Source *source);

/* True when the lines are far longer than people write them, by the file's first 64 KiB. */
bool source_is_minified(const Source *source);

/* "binary", "too large" ... */
const char *source_state_name(SourceState state);

/*
 * 1-based line and 1-based column in bytes of `offset`. `line_starts` is made
 * by source_lines. Cost: one binary search.
 */
typedef struct LineIndex {
    uint32_t *starts; /* offset of each line's first byte */
    uint32_t count;
} LineIndex;

void source_lines(LineIndex *index, Str text, Arena *arena);
void source_position(const LineIndex *index, uint32_t offset, uint32_t *line, uint32_t *column);

/* The bytes of a 1-based line without its line ending; empty when out of range. */
Str source_line(const LineIndex *index, Str text, uint32_t line);

#endif
