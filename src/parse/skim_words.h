/*
 * skim_words.h: which of the known words a text holds, and where; private to parse/skim*.
 */
#ifndef STRAGGLER_PARSE_SKIM_WORDS_H
#define STRAGGLER_PARSE_SKIM_WORDS_H

#include "parse/skim_lex.h"

typedef struct SkimFound {
    uint32_t at, length;
    uint8_t roles; /* as they apply at this place */
    bool quoted;   /* in a string: counts only beside a word of SQL */
} SkimFound;

typedef struct SkimFoundList {
    ARRAY_OF(SkimFound);
    size_t next; /* the first at or after the last range asked for */
} SkimFoundList;

/* Fills the list with the words of `text` that `ask` or `local` (or NULL) knows; none of comments. */
void skim_find(SkimFoundList *found, Str text, const SkimAsk *ask, const SkimWords *local,
               const SkimTokens *tokens);

/*
 * The roles of the words in [from, to); SKIM_REACHED and SKIM_CALLED come as SKIM_FAMILY. Asked
 * with growing `from`.
 */
unsigned skim_roles(SkimFoundList *found, size_t from, size_t to);

/* `text` ends with a declaration from `head` on that names the family: adds what it declares. */
void skim_learn(const SkimFoundList *found, Str text, size_t head, SkimWords *local);

#endif
