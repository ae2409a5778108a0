/*
 * One pass over the bytes that knows just enough of the language to stay right: comments,
 * strings, lines of the preprocessor and brackets. Braces are paired with a stack. Each branch
 * of an #if starts with the stack as it was before the #if; where branches leave it at different
 * depths nothing is known of what is open then, and none of that is called whole.
 */
#include "parse/skim_lex.h"

#include <string.h>

enum { LONGEST_DELIMITER = 16 };

#define BROKEN SIZE_MAX

/* An #if that is open. */
typedef struct Conditional {
    uint32_t branch; /* number of the branch outside of it */
    uint32_t depth;  /* of braces before it, and */
    uint32_t left;   /* behind its first branch */
    bool again;      /* a second branch was begun */
} Conditional;

typedef struct Brace {
    uint32_t token, branch;
} Brace;

typedef struct Lexer {
    const SkimRules *rules;
    Str text;
    SkimTokens *tokens;
    bool special[256];
    struct {
        ARRAY_OF(Brace);
    } braces; /* room; `depth` of them are open */
    struct {
        ARRAY_OF(Conditional);
    } conditionals;
    uint32_t depth, branch, branches;
} Lexer;

bool skim_next_word(Str text, size_t *from, size_t *to)
{
    for (*from = *to; *from < text.length && !byte_is_word((unsigned char)text.data[*from]);)
        ++*from;
    for (*to = *from; *to < text.length && byte_is_word((unsigned char)text.data[*to]);)
        ++*to;
    return *to > *from;
}

static bool is_at(Str text, size_t at, Str what)
{
    return what.length && text.length - at >= what.length &&
           memcmp(text.data + at, what.data, what.length) == 0;
}

size_t skim_logical_line_end(const SkimRules *rules, Str text, size_t at)
{
    for (;; at++) {
        at = str_find_byte(text, '\n', at);
        if (at == SIZE_MAX)
            return text.length;
        size_t last = at - (at > 0 && text.data[at - 1] == '\r');
        if (!rules->directives || !last || text.data[last - 1] != '\\')
            return at;
    }
}

bool skim_begins_line(Str text, size_t at)
{
    while (at && (text.data[at - 1] == ' ' || text.data[at - 1] == '\t'))
        at--;
    return !at || text.data[at - 1] == '\n';
}

/* Behind the string that ends with `close`; BROKEN when it does not end. */
static size_t string_end(Str text, size_t at, Str close, SkimQuoteKind kind)
{
    for (; at < text.length; at++) {
        char byte = text.data[at];
        if (byte == '\\' && kind != SKIM_RAW)
            at++;
        else if (byte == '\n' && kind == SKIM_LINE)
            return BROKEN;
        else if (byte == close.data[0] && is_at(text, at, close))
            return at + close.length;
    }
    return BROKEN;
}

/* R"x( ... )x"; 0 when it is no such string. */
static size_t delimited_end(Str text, size_t at, const SkimQuote *quote)
{
    char close[LONGEST_DELIMITER + 2] = ")";
    size_t start = at + quote->open.length, open = start;
    while (open < text.length && open - start < LONGEST_DELIMITER && text.data[open] != '(')
        open++;
    if (open == text.length || text.data[open] != '(')
        return 0;
    size_t length = open - start;
    memcpy(close + 1, text.data + start, length);
    close[length + 1] = quote->open.data[quote->open.length - 1];
    size_t end = str_find(text, (Str){close, length + 2}, open);
    return end == SIZE_MAX ? BROKEN : end + length + 2;
}

static size_t comment_end(const Lexer *l, size_t at)
{
    const SkimRules *rules = l->rules;
    if (is_at(l->text, at, rules->line_comment))
        return skim_logical_line_end(rules, l->text, at);
    if (!is_at(l->text, at, rules->comment_open))
        return at;
    size_t end = str_find(l->text, rules->comment_close, at + rules->comment_open.length);
    return end == SIZE_MAX ? BROKEN : end + rules->comment_close.length;
}

static size_t any_string_end(const Lexer *l, size_t at)
{
    const SkimRules *rules = l->rules;
    for (size_t i = 0; i < rules->quote_count; i++) {
        const SkimQuote *quote = &rules->quotes[i];
        if (!is_at(l->text, at, quote->open))
            continue;
        if (quote->kind == SKIM_DELIMITED) {
            size_t end = delimited_end(l->text, at, quote);
            if (end)
                return end;
            continue;
        }
        char before = at ? l->text.data[at - 1] : ' ';
        if (quote->open.length == 1 && before >= '0' && before <= '9')
            continue; /* 1'000'000 */
        return string_end(l->text, at + quote->open.length, quote->open, quote->kind);
    }
    return at;
}

static void add(Lexer *l, size_t at, size_t end, SkimTokenKind kind)
{
    array_push(l->tokens, ((SkimToken){.at = (uint32_t)at, .end = (uint32_t)end, .kind = kind}));
}

/* Nothing is known any more of the braces that are open from `depth` on. */
static void distrust(Lexer *l, uint32_t depth)
{
    for (uint32_t i = depth; i < l->depth; i++)
        l->braces.items[i].branch = UINT32_MAX;
}

static void open_brace(Lexer *l, size_t at)
{
    Brace brace = {(uint32_t)l->tokens->count, l->branch};
    if (l->depth == l->braces.count)
        array_push(&l->braces, brace);
    else
        l->braces.items[l->depth] = brace;
    l->depth++;
    add(l, at, 0, SKIM_BRACE);
}

static void close_brace(Lexer *l, size_t at)
{
    if (l->depth) {
        const Brace *brace = &l->braces.items[--l->depth];
        SkimToken *token = &l->tokens->items[brace->token];
        token->whole = !token->end && brace->branch == l->branch;
        token->end = (uint32_t)at + 1;
    }
    add(l, at, at + 1, SKIM_UNBRACE);
}

static void begin_conditional(Lexer *l)
{
    array_push(&l->conditionals, ((Conditional){.branch = l->branch, .depth = l->depth}));
    l->branch = ++l->branches;
}

/* Ends a branch; where it leaves the braces like the first one all is well. */
static void end_branch(Lexer *l, Conditional *c)
{
    if (!c->again)
        c->left = l->depth;
    if (l->depth != c->left)
        distrust(l, 0);
}

static void next_branch(Lexer *l)
{
    if (!l->conditionals.count)
        return;
    Conditional *c = &l->conditionals.items[l->conditionals.count - 1];
    end_branch(l, c);
    if (l->depth < c->depth) { /* what it closed is open again */
        uint32_t from = l->depth;
        l->depth = c->depth;
        distrust(l, from);
    }
    l->depth = c->depth;
    c->again = true;
    l->branch = ++l->branches;
}

static void end_conditional(Lexer *l)
{
    if (!l->conditionals.count)
        return;
    Conditional c = l->conditionals.items[--l->conditionals.count];
    end_branch(l, &c);
    if (!c.again && l->depth != c.depth)
        distrust(l, 0);
    l->branch = c.branch;
}

/* Behind the line of the preprocessor; a comment that begins in it may go on. */
static size_t directive_end(const Lexer *l, size_t at)
{
    size_t end = skim_logical_line_end(l->rules, l->text, at);
    Str line = str_slice(l->text, at, end);
    size_t open = l->rules->comment_open.length ? str_find(line, l->rules->comment_open, 0) : SIZE_MAX;
    size_t plain = l->rules->line_comment.length ? str_find(line, l->rules->line_comment, 0) : SIZE_MAX;
    if (open == SIZE_MAX || plain < open || str_find_byte(line, '"', 0) < open)
        return end;
    size_t close = comment_end(l, at + open);
    return close == BROKEN || close < end ? end : close;
}

static size_t see_directive(Lexer *l, size_t at)
{
    size_t end = directive_end(l, at);
    Str line = str_slice(l->text, at + 1, end);
    size_t from = 0, to = 0;
    Str word = skim_next_word(line, &from, &to) ? str_slice(line, from, to) : str_lit("");
    if (str_starts(word, "if"))
        begin_conditional(l);
    else if (str_starts(word, "el"))
        next_branch(l);
    else if (str_eq_c(word, "endif"))
        end_conditional(l);
    add(l, at, end, SKIM_DIRECTIVE);
    return end;
}

/* At a byte outside of comments and strings; returns where to go on. */
static size_t see_byte(Lexer *l, size_t at)
{
    switch (l->text.data[at]) {
    case '(':
    case '[': add(l, at, at + 1, SKIM_OPEN); break;
    case ')':
    case ']': add(l, at, at + 1, SKIM_CLOSE); break;
    case '{': open_brace(l, at); break;
    case '}': close_brace(l, at); break;
    case ';': add(l, at, at + 1, SKIM_END); break;
    case '#':
        if (l->rules->directives && skim_begins_line(l->text, at))
            return see_directive(l, at);
        break;
    }
    return at + 1;
}

static void set_special(Lexer *l)
{
    for (const char *byte = "{}()[];#"; *byte; byte++)
        l->special[(unsigned char)*byte] = true;
    for (size_t i = 0; i < l->rules->quote_count; i++)
        l->special[(unsigned char)l->rules->quotes[i].open.data[0]] = true;
    if (l->rules->line_comment.length)
        l->special[(unsigned char)l->rules->line_comment.data[0]] = true;
    if (l->rules->comment_open.length)
        l->special[(unsigned char)l->rules->comment_open.data[0]] = true;
}

/* Behind the comment or string at `at`, which becomes a token; `at` when there is none; BROKEN. */
static size_t see_opaque(Lexer *l, size_t at)
{
    size_t end = comment_end(l, at);
    SkimTokenKind kind = end != at ? SKIM_COMMENT : SKIM_STRING;
    if (end == at)
        end = any_string_end(l, at);
    if (end != at && end != BROKEN)
        add(l, at, end, kind);
    return end;
}

bool skim_tokens(const SkimRules *rules, Str text, SkimTokens *tokens)
{
    Lexer l = {.rules = rules, .text = text, .tokens = tokens};
    size_t at = 0;
    set_special(&l);
    while (at < text.length) {
        if (!l.special[(unsigned char)text.data[at]]) {
            at++;
            continue;
        }
        size_t end = see_opaque(&l, at);
        if (end == BROKEN)
            break;
        at = end != at ? end : see_byte(&l, at);
    }
    array_release(&l.braces);
    array_release(&l.conditionals);
    return at >= text.length;
}
