/*
 * compiled.h: the compiler's word on C and C++ takes the place of our own.
 *
 * compiled_find asks straggler-clang about the C and C++ files that hold an
 * accessor. compiled_apply then corrects the hits of an analysis: in files that
 * the compiler saw whole, what it resolves is certain and what it does not
 * resolve is dropped, except for strings and for code that a condition of the
 * preprocessor left out (`likely`). Elsewhere the hits stay as they are.
 *
 *     Compiled compiled;
 *     compiled_find(&compiled, analysis, &options, paths, count, &diag) // before parsing: may name files
 *     compiled_apply(&compiled, analysis)                               // after each analysis_run
 *     compiled_report(&compiled, report)                                // what could not be compiled
 *     compiled_release(&compiled)
 */
#ifndef STRAGGLER_ANALYZE_COMPILED_H
#define STRAGGLER_ANALYZE_COMPILED_H

#include "analyze/access/access.h"
#include "parse/clang.h"

typedef struct CompiledOptions {
    const char *root;
    const char *compile_commands; /* NULL: looked for */
    unsigned threads;
    unsigned deadline_ms; /* for each translation unit; 0: the default */
} CompiledOptions;

typedef struct Compiled {
    Arena arena;
    ClangAccesses found;  /* its target numbers are the analysis' field numbers */
    const char **paths;   /* sorted; as found.files */
    size_t path_count;
} Compiled;

/*
 * `paths`: the files that hold an accessor, relative to root; those that are no
 * C or C++ are passed over. True without an answer when there is nothing to ask
 * or no database or no helper; false, with a message, for a broken database.
 */
bool compiled_find(Compiled *compiled, const Analysis *analysis, const CompiledOptions *options,
                   const char *const *paths, size_t count, Diag *diag);
void compiled_release(Compiled *compiled);

/* Does the compiler know of an access in this file? It must be parsed then. */
bool compiled_has_access(const Compiled *compiled, const char *path);

void compiled_apply(const Compiled *compiled, Analysis *analysis);

/* Adds notes on files that no unit could show, and on refused flags. */
void compiled_report(const Compiled *compiled, Report *report);

#endif
