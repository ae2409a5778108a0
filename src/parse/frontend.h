/*
 * frontend.h: turns the bytes of a file into Facts.
 *
 * A front end is a row of a table. `tree-sitter` is driven by the data under
 * grammars/; `sql`, `template`, `django-template` and `data` (YAML, JSON) are code of
 * ours; `text` gives an empty FILE. Past this point nobody knows which one made the Facts.
 */
#ifndef STRAGGLER_PARSE_FRONTEND_H
#define STRAGGLER_PARSE_FRONTEND_H

#include "base/diag.h"
#include "facts/fact.h"
#include "parse/language.h"
#include "parse/skim.h"

/* Per-thread parser state: parsers are made once per language and thread. */
typedef struct ParserPool ParserPool;

ParserPool *parser_pool_new(Names *names);
void parser_pool_free(ParserPool *pool);

/*
 * From now on bodies of functions without any of these words may be left out (skim.h). NULL:
 * none. `in_strings`: words in all strings count. `may_pass`: a file where nothing is wanted need
 * not be parsed at all.
 */
void parser_pool_skim(ParserPool *pool, const SkimWords *wanted, bool in_strings, bool may_pass);

/* skim_words_follow for a file of `language`. */
bool frontend_follow(const Language *language, Str text, SkimWords *wanted);

/* X(NAME, "as reported"): why a parse gave nothing, or less than everything. */
#define PARSE_RESULTS(X)                                                                           \
    X(OK, "ok")                                                                                    \
    X(PASSED, "passed over")    /* holds nothing that is wanted: no facts */                       \
    X(TIMEOUT, "timeout")       /* over the deadline */                                            \
    X(TOO_DEEP, "too deep")     /* nesting or node count over the limit */                         \
    X(FAILED, "failed")

typedef enum ParseResult {
#define X(name, text) PARSE_##name,
    PARSE_RESULTS(X)
#undef X
} ParseResult;

/*
 * Lowers `text` (a whole file of `language`) into `facts`; memory from `arena`.
 * Offsets in facts are bytes of `text`, for templates too. `deadline_ms` limits
 * the parse of this file. Never fails on bad syntax: unreadable regions become
 * FACT_ERROR nodes.
 */
ParseResult frontend_parse(ParserPool *pool, const Language *language, Str text,
                           unsigned deadline_ms, Facts *facts, Arena *arena);

const char *parse_result_name(ParseResult result);

#endif
