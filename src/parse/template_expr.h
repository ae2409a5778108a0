/*
 * template_expr.h: expressions of {{ }} and {% %} tags; private to parse/template_django.
 *
 * An expression is parsed into a small tree first, because Facts want a node
 * before its children and `a.b|f == c` shows its outermost operator last.
 *
 *     expr_region(&parser, start, end);
 *     ExprId id = expr_parse(&parser, 0);
 *     expr_emit(&parser, id, &builder, parent, ROLE_CONDITION);
 */
#ifndef STRAGGLER_PARSE_TEMPLATE_EXPR_H
#define STRAGGLER_PARSE_TEMPLATE_EXPR_H

#include "base/array.h"
#include "facts/fact.h"

typedef uint32_t ExprId; /* 0: none; ids end at the next expr_region */

typedef enum ExprTokenKind {
    EXPR_END,
    EXPR_NAME,
    EXPR_STRING,
    EXPR_NUMBER,
    EXPR_OPERATOR,
} ExprTokenKind;

typedef struct ExprToken {
    ExprTokenKind kind;
    size_t start, end;
    Str text; /* of a string: without quotes */
} ExprToken;

typedef struct ExprNode {
    FactKind kind;
    FactRole role;
    Str name;
    size_t start, end, at, at_end;
    ExprId parent, child, last, next;
} ExprNode;

typedef struct ExprParser {
    Str text;
    size_t at, end; /* what is left of the region */
    struct {
        ARRAY_OF(ExprNode);
    } nodes;
} ExprParser;

/* How expr_parse reads; may be combined. */
enum {
    EXPR_KEYWORDS = 1, /* name=value gives a KEYWORD */
    EXPR_NO_IF = 2,    /* `if` ends the expression: {% for x in xs if x.paid %} */
};

void expr_init(ExprParser *parser, Str text);
void expr_release(ExprParser *parser);

/* Starts on [start, end) of the text and forgets all nodes. */
void expr_region(ExprParser *parser, size_t start, size_t end);

/* The next token without, and with, moving on. */
ExprToken expr_peek(const ExprParser *parser);
ExprToken expr_next(ExprParser *parser);

/* True for the name or operator `word`. */
bool expr_token_is(ExprToken token, const char *word);

/* Moves on and returns true if the next token is the name or operator `word`. */
bool expr_accept(ExprParser *parser, const char *word);

/*
 * Parses one expression and stops before the first token that cannot belong to
 * it. Returns 0, without moving, if there is none.
 */
ExprId expr_parse(ExprParser *parser, unsigned options);

const ExprNode *expr_node(const ExprParser *parser, ExprId id);

/* Appends the expression's facts under `parent`; returns the outermost one, or 0 for 0. */
NodeId expr_emit(ExprParser *parser, ExprId id, FactBuilder *builder, NodeId parent,
                 FactRole role);

#endif
