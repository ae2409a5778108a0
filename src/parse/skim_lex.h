/*
 * skim_lex.h: what the skimmer must know of a language's text; private to parse/skim*.
 *
 * Comments, strings and lines of the preprocessor are opaque. All else is bytes, of which the
 * brackets and semicolons matter: skim_tokens lists them, and pairs the braces. Braces under
 * #if are paired branch by branch, since the branches share what is before and behind them.
 */
#ifndef STRAGGLER_PARSE_SKIM_LEX_H
#define STRAGGLER_PARSE_SKIM_LEX_H

#include "parse/skim.h"

typedef enum SkimTokenKind {
    SKIM_OPEN,    /* ( or [ */
    SKIM_CLOSE,   /* ) or ] */
    SKIM_BRACE,   /* { */
    SKIM_UNBRACE, /* } */
    SKIM_END,     /* ; */
    SKIM_STRING,
    SKIM_COMMENT,
    SKIM_DIRECTIVE
} SkimTokenKind;

typedef struct SkimToken {
    uint32_t at, end; /* of a brace: behind the one that closes it, 0 if none does */
    SkimTokenKind kind;
    bool whole;       /* of a brace: no branch of an #if is begun or ended between it and its end */
    bool asked, headed; /* for the skimmer: what is before this brace was looked at, and is a head */
} SkimToken;

typedef struct SkimTokens {
    ARRAY_OF(SkimToken);
} SkimTokens;

/* Appends the tokens of `text`. False when a string or comment does not end. */
bool skim_tokens(const SkimRules *rules, Str text, SkimTokens *tokens);

/* True when nothing but blanks is before `at` in its line. */
bool skim_begins_line(Str text, size_t at);

/* The end of the line, after lines that end in a backslash. */
size_t skim_logical_line_end(const SkimRules *rules, Str text, size_t at);

/* The next word of `text` at or after *to is [*from, *to). */
bool skim_next_word(Str text, size_t *from, size_t *to);

#endif
