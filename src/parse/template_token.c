/*
 * Tokens of template expressions. One lexer serves all dialects: what only one of
 * them has ("??", "//") is an operator in all.
 */
#include "parse/template_expr.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static size_t string_end(Str text, size_t at, size_t end)
{
    char quote = text.data[at];
    for (at++; at < end && text.data[at] != quote; at++) {
        if (text.data[at] == '\\')
            at++;
    }
    return at < end ? at : end;
}

static size_t operator_length(Str rest)
{
    static const char *const TWO[] = {"==", "!=", "<=", ">=", "//", "**", "&&",
                                      "||", "??", "?.", "..", "<>", NULL};
    for (const char *const *two = TWO; *two; two++) {
        if (str_starts(rest, *two))
            return 2;
    }
    return 1;
}

/* The end of the number or name that starts at `at`. */
static size_t word_end(const ExprParser *parser, size_t at)
{
    Str text = parser->text;
    bool number = is_digit(text.data[at]);
    while (at < parser->end && byte_is_word((unsigned char)text.data[at]))
        at++;
    if (number && at + 1 < parser->end && text.data[at] == '.' && is_digit(text.data[at + 1])) {
        for (at++; at < parser->end && is_digit(text.data[at]);)
            at++;
    }
    return at;
}

static ExprToken token_at(const ExprParser *parser, size_t at)
{
    Str text = parser->text;
    while (at < parser->end && (unsigned char)text.data[at] <= ' ')
        at++;
    ExprToken token = {.kind = EXPR_END, .start = at, .end = at};
    if (at >= parser->end)
        return token;
    unsigned char byte = (unsigned char)text.data[at];
    if (byte == '"' || byte == '\'') {
        size_t close = string_end(text, at, parser->end);
        token.kind = EXPR_STRING;
        token.text = str_slice(text, at + 1, close);
        token.end = close < parser->end ? close + 1 : close;
        return token;
    }
    if (byte_is_word(byte)) {
        token.kind = is_digit((char)byte) ? EXPR_NUMBER : EXPR_NAME;
        token.end = word_end(parser, at);
    } else {
        token.kind = EXPR_OPERATOR;
        token.end = at + operator_length(str_slice(text, at, parser->end));
    }
    token.text = str_slice(text, token.start, token.end);
    return token;
}

ExprToken expr_peek(const ExprParser *parser)
{
    return token_at(parser, parser->at);
}

ExprToken expr_next(ExprParser *parser)
{
    ExprToken token = token_at(parser, parser->at);
    parser->at = token.end;
    return token;
}

bool expr_token_is(ExprToken token, const char *word)
{
    return (token.kind == EXPR_NAME || token.kind == EXPR_OPERATOR) && str_eq_c(token.text, word);
}

bool expr_accept(ExprParser *parser, const char *word)
{
    ExprToken token = expr_peek(parser);
    if (!expr_token_is(token, word))
        return false;
    parser->at = token.end;
    return true;
}
