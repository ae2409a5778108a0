/*
 * prefilter_engine.h: what finds many literals at once. Private to prefilter*.c.
 *
 * An engine reports every place where a literal's bytes occur, overlapping ones
 * too; word boundaries, numbering and early stop are prefilter.c's.
 */
#ifndef STRAGGLER_INPUT_PREFILTER_ENGINE_H
#define STRAGGLER_INPUT_PREFILTER_ENGINE_H

#include "input/prefilter.h"

typedef struct Literal {
    Str text;
    unsigned flags; /* PrefilterFlag */
} Literal;

/* Called with the literal's number and one past its last byte. False stops the search. */
typedef bool (*EngineHit)(void *context, uint32_t literal, size_t end);

typedef struct LiteralEngine {
    const char *name;
    /* Compiles at least one literal, which stay where they are. NULL after setting diag. */
    void *(*compile)(const Literal *literals, size_t count, Diag *diag);
    void (*free)(void *compiled);
    /* What one thread needs for searching; NULL when memory ran out. */
    void *(*scratch_new)(const void *compiled);
    void (*scratch_free)(void *scratch);
    /* Calls back in order of the ends. */
    void (*search)(const void *compiled, void *scratch, Str text, EngineHit hit, void *context);
} LiteralEngine;

#ifdef STRAGGLER_VECTORSCAN
extern const LiteralEngine vectorscan_engine;
#endif
extern const LiteralEngine portable_engine;

/* prefilter_new with an engine other than the default, for comparing the two. */
Prefilter *prefilter_new_with(const LiteralEngine *engine);

#endif
