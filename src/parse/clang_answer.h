/*
 * clang_answer.h: reads helpers' answers and merges them.
 *
 * What several units say about one place becomes one access: the first unit's
 * words, the strongest kind. An answer is not trusted: the helper parsed hostile
 * code, so numbers out of range and records out of order are dropped.
 */
#ifndef STRAGGLER_PARSE_CLANG_ANSWER_H
#define STRAGGLER_PARSE_CLANG_ANSWER_H

#include "base/map.h"
#include "parse/clang.h"
#include "parse/clang_plan.h"

typedef struct ClangMerge {
    const ClangRequest *request;
    Arena *arena;
    const char *root; /* resolved */
    struct { ARRAY_OF(ClangAccess); } accesses;
    struct { ARRAY_OF(ClangBlindSpot); } blind_spots;
    struct { ARRAY_OF(ClangSkipped); } skipped; /* one for each unit that left it out */
    Map visits; /* Sym of a path -> units that saw the file */
    Map known;   /* hash of path, place and target -> index into accesses */
    Names *names;
} ClangMerge;

typedef struct UnitAnswer {
    const char *failure; /* NULL or "": parsed */
    const char *errors;  /* NULL: none */
    struct { ARRAY_OF(const char *); } visited; /* absolute paths */
} UnitAnswer;

void clang_merge_init(ClangMerge *merge, const ClangRequest *request, Arena *arena);
void clang_merge_release(ClangMerge *merge);

/* Adds one unit's answer. Strings in `answer` are the arena's; the caller releases its list. */
void clang_merge_answer(ClangMerge *merge, Str records, UnitAnswer *answer);

/* Sorts, marks rivals and hands everything over. */
void clang_merge_finish(ClangMerge *merge, const Plan *plan, ClangAccesses *out);

#endif
