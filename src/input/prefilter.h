/*
 * prefilter.h: which files hold which words, in one pass over their bytes.
 *
 * A Prefilter is a set of literals, compiled once (Vectorscan's hs_compile_lit_multi;
 * prefilter_portable.c for little text, or when built without it), then run over many
 * files by many threads. Literals match anywhere, inside longer words
 * too; callers that need whole words say so per literal.
 *
 *     Prefilter *p = prefilter_new(bytes);
 *     prefilter_add(p, str_lit("email"), PREFILTER_WORD);   // literal 0
 *     prefilter_add(p, str_lit("class Order"), 0);          // literal 1
 *     prefilter_compile(p, &diag);
 *     PrefilterScratch *s = prefilter_scratch_new(p);       // one per thread
 *     prefilter_scan(p, s, text, found);                    // bit i set: literal i occurs
 */
#ifndef STRAGGLER_INPUT_PREFILTER_H
#define STRAGGLER_INPUT_PREFILTER_H

#include "base/diag.h"
#include "base/str.h"

typedef struct Prefilter Prefilter;
typedef struct PrefilterScratch PrefilterScratch;

typedef enum PrefilterFlag {
    PREFILTER_WORD = 1,     /* no identifier byte before or after the literal */
    PREFILTER_CASELESS = 2, /* ASCII case is ignored */
    PREFILTER_WORD_START = 4, /* no identifier byte before it */
    PREFILTER_WORD_END = 8,   /* no identifier byte after it */
} PrefilterFlag;

/*
 * `bytes`: about how much is to be searched. Vectorscan searches six times as fast as the
 * engine of our own, but compiles its literals first: that pays from some megabytes on.
 */
Prefilter *prefilter_new(uint64_t bytes);
void prefilter_free(Prefilter *prefilter);

/* Adds a literal and returns its number (0, 1, 2 ...). The same literal with the same flags gives the same number. */
uint32_t prefilter_add(Prefilter *prefilter, Str literal, unsigned flags);
uint32_t prefilter_count(const Prefilter *prefilter);

/* Must be called once, after the last prefilter_add. */
bool prefilter_compile(Prefilter *prefilter, Diag *diag);

PrefilterScratch *prefilter_scratch_new(const Prefilter *prefilter);
void prefilter_scratch_free(PrefilterScratch *scratch);

/*
 * Sets found[i / 64] bit i % 64 for each literal i that occurs in `text`; the
 * caller zeroes `found` ((count + 63) / 64 words). Stops early once every
 * literal has been found. Returns how many different literals were found.
 */
size_t prefilter_scan(const Prefilter *prefilter, PrefilterScratch *scratch, Str text,
                      uint64_t *found);

/* Calls back for every occurrence, in order of its end; `from` and `to` are byte offsets. */
typedef bool (*PrefilterHit)(void *context, uint32_t literal, size_t from, size_t to);
void prefilter_each(const Prefilter *prefilter, PrefilterScratch *scratch, Str text,
                    PrefilterHit hit, void *context);

#endif
