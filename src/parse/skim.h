/*
 * skim.h: a text without the bodies of functions that cannot matter.
 *
 * Parsing costs a hundred times as much as looking at bytes. In a language whose
 * members, parameters and results are declared, the body of a function that holds
 * none of the wanted words says nothing about them: it is cut out before the
 * parser sees it, as `int f() {}`. `bodies:` in language.yml tells how to find
 * them; a language without it is always parsed whole.
 *
 *     SkimWords words = {0};
 *     skim_words_add(&words, str_lit("email"), SKIM_WANTED);
 *     Skimmed left;
 *     if (skim_text(rules, text, &(SkimAsk){.words = &words}, &left, arena))
 *         ... parse left.host; bring places back with left.map ...
 *
 * Comments are left out too. With `nested` rules the blocks of a body that is kept are looked
 * at alike, and tables and enumerations without a wanted word are cut.
 *
 * A word in a comment counts for nothing. One in a string counts if some rule reads strings
 * (`in_strings`), if the string has no blank or holds a `=` or `?`, or if a string of the same
 * body has a word of SQL.
 *
 * A cut is always a pair of braces, by the lexical rules, behind what looks like a head;
 * with branches of an #if only whole ones. Whatever cannot be told apart is left in; a text
 * whose quotes do not match is not skimmed.
 */
#ifndef STRAGGLER_PARSE_SKIM_H
#define STRAGGLER_PARSE_SKIM_H

#include "base/array.h"
#include "base/map.h"
#include "base/pattern.h"
#include "parse/template.h"

/* X(NAME, "as in language.yml"): where a string ends */
#define SKIM_QUOTES(X)                                                                             \
    X(LINE, "line")       /* with its line; a backslash protects the next byte */                  \
    X(LINES, "lines")     /* anywhere; a backslash protects the next byte */                       \
    X(RAW, "raw")         /* anywhere; backslashes are bytes like others */                        \
    X(DELIMITED, "delimited") /* R"x(...)x" */

typedef enum SkimQuoteKind {
#define X(name, text) SKIM_##name,
    SKIM_QUOTES(X)
#undef X
    SKIM_QUOTE_COUNT
} SkimQuoteKind;

typedef struct SkimQuote {
    Str open; /* all but the last byte are left away at the end of DELIMITED */
    SkimQuoteKind kind;
} SkimQuote;

enum { SKIM_QUOTES_MAX = 8 };

typedef struct SkimRules {
    Regex *head;      /* what stands before the brace of a function's body; NULL: never skim */
    Regex *other;     /* what looks the same and is something else; NULL: nothing */
    bool nested;      /* the same is looked for inside of bodies that are kept */
    bool directives;  /* lines that begin with # are not code, and can define macros */
    SkimQuote quotes[SKIM_QUOTES_MAX]; /* longer ones first */
    size_t quote_count;
    Str line_comment, comment_open, comment_close;
} SkimRules;

/*
 * What a word says about the body that holds it. An object of the model comes from somewhere:
 * a declared type, or a member, function or variable that gives it. Where all these names are
 * known, an accessor without any of them beside it is another class's (`paired`).
 */
typedef enum SkimRole {
    SKIM_WANTED = 1,   /* the body is kept */
    SKIM_ACCESSOR = 2, /* as above; if `paired`, only with one of the next three */
    SKIM_FAMILY = 4,   /* a name of the model */
    SKIM_REACHED = 8,  /* the same, where a member can be meant: o.order */
    SKIM_CALLED = 16,  /* the same, where it is called: find_order( */
    SKIM_SQL = 32      /* of SQL: wanted words in the strings of the body count */
} SkimRole;

/* The words for whose sake a body is kept. */
typedef struct SkimWords {
    Map words;             /* hash of the text -> SkimRoles */
    uint64_t lengths[256]; /* by first byte: the lengths that occur, as bits */
    bool paired;
} SkimWords;

/* Adds each word of `name`. */
void skim_words_add(SkimWords *words, Str name, unsigned roles);
void skim_words_release(SkimWords *words);

/*
 * Adds the macros of `text` that hold known words, in the same roles: only their calls tell the
 * types of what they are given. True when there were new ones: other macros may call them.
 */
bool skim_words_follow(const SkimRules *rules, Str text, SkimWords *words);

typedef struct SkimAsk {
    const SkimWords *words;
    bool in_strings; /* words in all strings count too */
    bool implicit_self; /* a bare name can be a member */
    const struct SkimBraces *left_in; /* bodies that are not cut; NULL: none */
} SkimAsk;

/* Offsets of opening braces in the text, ascending. */
typedef struct SkimBraces {
    ARRAY_OF(uint32_t);
} SkimBraces;

/* What is left between a pair of braces: `source` is the offset of the first in the text. */
typedef struct SkimCut {
    uint32_t source, host, host_end; /* behind the second */
} SkimCut;

typedef struct Skimmed {
    Str host;
    OffsetMap map; /* both as in template.h */
    const SkimCut *cuts;
    size_t cut_count;
    bool idle; /* nothing that is left holds what is wanted: it need not be parsed */
} Skimmed;

/* False when nothing is cut and the text is not idle. */
bool skim_text(const SkimRules *rules, Str text, const SkimAsk *ask, Skimmed *out, Arena *arena);

void skim_rules_release(SkimRules *rules);

#endif
