/*
 * clang_graph.h: which files a translation unit includes, by reading #include lines.
 *
 * Every branch of #if counts, so a unit seems to see too much rather than too
 * little. Files are read once. A unit with an #include that a macro computes is
 * `open`: it may see anything.
 */
#ifndef STRAGGLER_PARSE_CLANG_GRAPH_H
#define STRAGGLER_PARSE_CLANG_GRAPH_H

#include "base/intern.h"
#include "base/map.h"
#include "input/compile_commands.h"
#include "parse/clang_text.h"

typedef struct GraphFile {
    const char *path; /* absolute, links resolved */
    Str text;
    CDirectives directives;
    bool readable;
    unsigned mark;      /* number of the closure that last saw it */
} GraphFile;

/* Where a kind of command looks for its headers. */
typedef struct GraphDirs {
    struct { ARRAY_OF(const char *); } quoted, angled; /* absolute */
    struct { ARRAY_OF(const char *); } forced;         /* -include */
    Map resolved; /* including folder and spelled name -> file + 1, or 0 */
} GraphDirs;

typedef struct Graph {
    Arena *arena;
    Names *names;
    struct { ARRAY_OF(GraphFile); } files;
    Map by_path; /* Sym of the path -> index + 1; 0 for none there */
    struct { ARRAY_OF(GraphDirs); } dirs;
    Map by_flags; /* Sym of a command's include flags -> index into dirs */
    unsigned marks;
} Graph;

/* The files that a unit sees, itself first. */
typedef struct GraphClosure {
    struct { ARRAY_OF(size_t); } files;
    bool open;
} GraphClosure;

void graph_init(Graph *graph, Arena *arena);
void graph_release(Graph *graph);

/* The file at an absolute path; SIZE_MAX when there is none that can be read. */
size_t graph_file(Graph *graph, const char *path);

/* Replaces the contents of `closure`. */
void graph_closure(Graph *graph, const CompileCommand *command, GraphClosure *closure);

#endif
