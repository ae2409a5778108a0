/*
 * A lexer of six kinds of token; that is all these questions need. Errors lean
 * to one side: what it cannot read well makes a file look interesting.
 */
#include "parse/clang_text.h"

#include "parse/clang_names.h"

#include <ctype.h>

typedef struct CLexer {
    Str text;
    size_t at;
    bool line_start; /* nothing but white space since the last line ending */
} CLexer;

static char byte_at(const CLexer *lexer, size_t at)
{
    return at < lexer->text.length ? lexer->text.data[at] : '\0';
}

static size_t end_of_comment(const CLexer *lexer, size_t at)
{
    if (byte_at(lexer, at + 1) == '/') {
        size_t end = str_find_byte(lexer->text, '\n', at);
        return end == SIZE_MAX ? lexer->text.length : end;
    }
    size_t end = str_find(lexer->text, str_lit("*/"), at + 2);
    return end == SIZE_MAX ? lexer->text.length : end + 2;
}

static void skip_blank(CLexer *lexer)
{
    for (;;) {
        char byte = byte_at(lexer, lexer->at);
        char next = byte_at(lexer, lexer->at + 1);
        if (lexer->at >= lexer->text.length)
            return;
        if (byte == '\n')
            lexer->line_start = true;
        if (byte == '\\' && (next == '\n' || next == '\r'))
            lexer->at += next == '\r' && byte_at(lexer, lexer->at + 2) == '\n' ? 3 : 2;
        else if (byte == '/' && (next == '/' || next == '*'))
            lexer->at = end_of_comment(lexer, lexer->at);
        else if (isspace((unsigned char)byte))
            lexer->at++;
        else
            return;
    }
}

/* A string or character; one left open ends with its line. */
static void skip_quoted(CLexer *lexer)
{
    char quote = lexer->text.data[lexer->at++];
    while (lexer->at < lexer->text.length) {
        char byte = lexer->text.data[lexer->at++];
        if (byte == '\\')
            lexer->at++;
        else if (byte == quote || byte == '\n')
            return;
    }
}

/* R"delimiter( ... )delimiter" */
static bool skip_raw_string(CLexer *lexer)
{
    size_t open = str_find_byte(lexer->text, '(', lexer->at);
    if (open == SIZE_MAX || open - lexer->at > 17)
        return false;
    char close[24] = ")";
    size_t length = open - lexer->at - 1;
    memcpy(close + 1, lexer->text.data + lexer->at + 1, length);
    close[length + 1] = '"';
    size_t end = str_find(lexer->text, (Str){close, length + 2}, open);
    lexer->at = end == SIZE_MAX ? lexer->text.length : end + length + 2;
    return true;
}

static CTokenKind lex_word(CLexer *lexer)
{
    CTokenKind kind = isdigit((unsigned char)lexer->text.data[lexer->at]) ? C_NUMBER : C_WORD;
    while (byte_is_word((unsigned char)byte_at(lexer, lexer->at)))
        lexer->at++;
    bool raw = lexer->text.data[lexer->at - 1] == 'R' && byte_at(lexer, lexer->at) == '"';
    return raw && skip_raw_string(lexer) ? C_STRING : kind;
}

static CTokenKind lex_punctuation(CLexer *lexer, bool first_on_line)
{
    char byte = lexer->text.data[lexer->at], next = byte_at(lexer, lexer->at + 1);
    lexer->at += (byte == '-' && next == '>') || (byte == ':' && next == ':') ? 2 : 1;
    return byte == '#' && first_on_line ? C_HASH : C_PUNCTUATION;
}

static CToken lex(CLexer *lexer)
{
    skip_blank(lexer);
    size_t start = lexer->at;
    if (start >= lexer->text.length)
        return (CToken){.kind = C_END};
    unsigned char byte = (unsigned char)lexer->text.data[start];
    CTokenKind kind = C_STRING;
    bool first = lexer->line_start;
    lexer->line_start = false;
    if (byte_is_word(byte))
        kind = lex_word(lexer);
    else if (byte == '"' || byte == '\'')
        skip_quoted(lexer);
    else
        kind = lex_punctuation(lexer, first);
    if (lexer->at > lexer->text.length)
        lexer->at = lexer->text.length;
    return (CToken){.kind = kind, .text = str_slice(lexer->text, start, lexer->at)};
}

static bool is_punctuation(const CToken *token, const char *text)
{
    return token->kind == C_PUNCTUATION && str_eq_c(token->text, text);
}

/* The end of a directive's line; continued lines and comments are part of it. */
static size_t end_of_line(const CLexer *lexer, size_t at)
{
    while (at < lexer->text.length && lexer->text.data[at] != '\n') {
        char next = byte_at(lexer, at + 1);
        if (lexer->text.data[at] == '/' && next == '*')
            at = end_of_comment(lexer, at);
        else if (lexer->text.data[at] == '\\' && next == '\r' && byte_at(lexer, at + 2) == '\n')
            at += 3;
        else
            at += lexer->text.data[at] == '\\' && next ? 2 : 1;
    }
    return at < lexer->text.length ? at : lexer->text.length;
}

/* The word after a `#`, if it is on the same line; and where that line ends. */
static Str lex_directive(CLexer *lexer, size_t *end)
{
    *end = end_of_line(lexer, lexer->at);
    CLexer ahead = *lexer;
    CToken name = lex(&ahead);
    if (name.kind != C_WORD || ahead.at > *end)
        return (Str){0};
    *lexer = ahead;
    return name.text;
}

void c_tokens(Str text, CTokens *out)
{
    CLexer lexer = {.text = text, .line_start = true};
    size_t define_end = 0;
    for (CToken token = lex(&lexer); token.kind != C_END; token = lex(&lexer)) {
        if (token.kind == C_HASH) {
            Str name = lex_directive(&lexer, &define_end);
            if (!str_eq_c(name, "define"))
                lexer.at = define_end;
            continue;
        }
        token.in_define = token.text.data < text.data + define_end;
        array_push(out, token);
    }
    array_reserve(out, 2);
    memset(out->items + out->count, 0, 2 * sizeof *out->items);
}

bool c_include_of(Str text, CInclude *include)
{
    text = str_trim(text);
    if (text.length < 2 || (text.data[0] != '<' && text.data[0] != '"'))
        return false;
    size_t end = str_find_byte(text, text.data[0] == '<' ? '>' : '"', 1);
    *include = (CInclude){.brackets = text.data[0] == '<'};
    include->name = str_slice(text, 1, end);
    return end != SIZE_MAX && end > 1;
}

static void read_include(CLexer *lexer, size_t line_end, CDirectives *out)
{
    CInclude include = {0};
    if (!c_include_of(str_slice(lexer->text, lexer->at, line_end), &include))
        include = (CInclude){.name = lex(lexer).text, .computed = true};
    array_push(&out->includes, include);
}

static void read_define(CLexer *lexer, CDirectives *out)
{
    CToken name = lex(lexer);
    size_t end = end_of_line(lexer, lexer->at);
    if (name.kind != C_WORD)
        return;
    CMacro macro = {.name = name.text};
    size_t body = lexer->at;
    if (byte_at(lexer, body) == '(') {
        size_t close = str_find_byte(lexer->text, ')', body);
        if (close >= end)
            return;
        macro.parameters = str_slice(lexer->text, body, close + 1);
        body = close + 1;
    }
    macro.body = str_slice(lexer->text, body, end);
    array_push(&out->macros, macro);
}

void c_directives(Str text, CDirectives *out)
{
    CLexer lexer = {.text = text, .line_start = true};
    for (CToken token = lex(&lexer); token.kind != C_END; token = lex(&lexer)) {
        if (token.kind != C_HASH)
            continue;
        size_t end;
        Str name = lex_directive(&lexer, &end);
        if (str_eq_c(name, "include") || str_eq_c(name, "include_next") ||
            str_eq_c(name, "import"))
            read_include(&lexer, end, out);
        else if (str_eq_c(name, "define"))
            read_define(&lexer, out);
        lexer.at = end;
    }
}

void c_directives_release(CDirectives *directives)
{
    array_release(&directives->includes);
    array_release(&directives->macros);
}

bool c_macro_holds(const CMacro *macro, Str word)
{
    if (!clang_has_word(macro->body, word) || clang_has_word(macro->parameters, word))
        return false;
    CLexer lexer = {.text = macro->body};
    for (CToken token = lex(&lexer); token.kind != C_END; token = lex(&lexer))
        if (token.kind == C_WORD && str_eq(token.text, word))
            return true;
    return false;
}

bool c_conditional_word(Str text, Str word)
{
    if (!clang_has_word(text, word))
        return false;
    CLexer lexer = {.text = text, .line_start = true};
    size_t depth = 0;
    bool first = true, guarded = false;
    for (CToken token = lex(&lexer); token.kind != C_END; token = lex(&lexer)) {
        if (token.kind == C_WORD && depth > guarded && str_eq(token.text, word))
            return true;
        if (token.kind != C_HASH)
            continue;
        size_t end;
        Str name = lex_directive(&lexer, &end);
        if (str_starts(name, "if")) {
            depth++;
            guarded = guarded || (first && str_eq_c(name, "ifndef"));
        } else if (str_eq_c(name, "endif") && depth > 0) {
            depth--;
        }
        first = false;
        lexer.at = end;
    }
    return false;
}

static bool looks_like_macro(Str name, const CAccessTest *test)
{
    static const char *const known[] = {"offsetof", "__builtin_offsetof", "container_of"};
    bool capitals = name.length > 0;
    for (size_t i = 0; i < name.length; i++)
        capitals = capitals && !islower((unsigned char)name.data[i]);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq_c(name, known[i]))
            return true;
    if (test->is_plain && test->is_plain(test->context, name))
        return false;
    return capitals || (test->is_macro && test->is_macro(test->context, name));
}

bool c_macro_is_plain(const CMacro *macro, CNameTest is_macro, const void *context)
{
    CTokens tokens = {0};
    bool plain = true;
    c_tokens(macro->body, &tokens);
    for (size_t i = 0; i < tokens.count && plain; i++) {
        const CToken *token = &tokens.items[i];
        bool member = i > 0 && (is_punctuation(token - 1, ".") || is_punctuation(token - 1, "->") ||
                                is_punctuation(token - 1, "::"));
        if (is_punctuation(token, "#"))
            plain = false;
        else if (token->kind == C_WORD && member)
            plain = !clang_has_word(macro->parameters, token->text);
        else if (token->kind == C_WORD && is_punctuation(token + 1, "("))
            plain = !looks_like_macro(token->text,
                                      &(CAccessTest){.is_macro = is_macro, .context = context});
    }
    array_release(&tokens);
    return plain;
}

/* What has been seen of a declaration since the last `;`, `{` or `}`. */
typedef struct TypeHead {
    bool tag;    /* struct, class, union */
    bool alias;  /* typedef, using */
    bool closed; /* it began with a `}`: the end of a struct that may get a name */
    bool named;  /* the type's name, with nothing after it that makes it a use */
} TypeHead;

static void skip_brackets(CLexer *lexer)
{
    size_t depth = 1;
    while (depth > 0) {
        CToken token = lex(lexer);
        if (token.kind == C_END)
            return;
        depth += is_punctuation(&token, "(");
        depth -= is_punctuation(&token, ")");
    }
}

static bool is_attribute(const CToken *token)
{
    return str_starts(token->text, "__attribute") || str_eq_c(token->text, "alignas") ||
           str_eq_c(token->text, "__declspec") || str_eq_c(token->text, "_Alignas");
}

static void read_head_word(TypeHead *head, Str word, Str name, const CToken *before)
{
    bool declarator = before->text.length && strchr("},*()", before->text.data[0]);
    bool tag = str_eq_c(word, "struct") || str_eq_c(word, "class") || str_eq_c(word, "union");
    bool alias = str_eq_c(word, "typedef") || str_eq_c(word, "using");
    if (head->closed && (head->named || !declarator || tag || alias))
        *head = (TypeHead){0}; /* a statement after a block */
    if (str_eq(word, name))
        head->named = head->tag || head->alias || head->closed;
    head->tag |= tag;
    head->alias |= alias;
}

/* Does the punctuation complete a definition of the name? */
static bool completes(const TypeHead *head, const CToken *token, bool after_name)
{
    if (!head->named)
        return false;
    if (is_punctuation(token, "{"))
        return head->tag;
    if (is_punctuation(token, ";"))
        return head->closed || (head->alias && after_name);
    return is_punctuation(token, "=") && head->alias;
}

static void read_head_punctuation(TypeHead *head, const CToken *token)
{
    if (is_punctuation(token, "{") || is_punctuation(token, ";"))
        *head = (TypeHead){0};
    else if (is_punctuation(token, "}"))
        *head = (TypeHead){.closed = true};
    else if (head->closed && strchr("(=.-+<>?:&!|", token->text.data[0]))
        *head = (TypeHead){0};
    else if (!head->closed && strchr("(*&=)", token->text.data[0]))
        head->named = false;
}

bool c_defines_type(Str text, Str name)
{
    if (!clang_has_word(text, name))
        return false;
    CLexer lexer = {.text = text, .line_start = true};
    CToken before = {0};
    TypeHead head = {0};
    for (CToken token = lex(&lexer); token.kind != C_END; token = lex(&lexer)) {
        if (token.kind == C_WORD)
            read_head_word(&head, token.text, name, &before);
        else if (is_punctuation(&token, "(") && is_attribute(&before))
            skip_brackets(&lexer);
        else if (completes(&head, &token, str_eq(before.text, name)))
            return true;
        else if (token.kind == C_PUNCTUATION)
            read_head_punctuation(&head, &token);
        before = token;
    }
    return false;
}

/* Reads `Name : public Base, ... {` after `class`; the lexer is left at the end of it. */
static void read_class_head(CLexer *lexer, CNameTest is_base, CNameFound found, void *context)
{
    Str name = {0};
    bool bases = false, derived = false;
    for (CToken token = lex(lexer); token.kind != C_END; token = lex(lexer)) {
        if (token.kind == C_WORD && !bases && !str_eq_c(token.text, "final"))
            name = token.text;
        else if (token.kind == C_WORD)
            derived = derived || (bases && is_base(context, token.text));
        else if (is_punctuation(&token, ":"))
            bases = true;
        else if (is_punctuation(&token, "{") || is_punctuation(&token, ";") ||
                 is_punctuation(&token, ")"))
            break;
    }
    if (derived && name.length)
        found(context, name);
}

void c_derived_types(Str text, CNameTest is_base, CNameFound found, void *context)
{
    CLexer lexer = {.text = text, .line_start = true};
    for (CToken token = lex(&lexer); token.kind != C_END; token = lex(&lexer))
        if (str_eq_c(token.text, "class") || str_eq_c(token.text, "struct"))
            read_class_head(&lexer, is_base, found, context);
}

/* Calls that a use is inside of: is any of them perhaps a macro? */
enum { DEEPEST_CALL = 64 };

typedef struct CallStack {
    bool macro[DEEPEST_CALL];
    size_t depth; /* may exceed DEEPEST_CALL: those count as macros */
} CallStack;

static bool inside_macro(const CallStack *calls)
{
    if (calls->depth > DEEPEST_CALL)
        return true;
    for (size_t i = 0; i < calls->depth; i++)
        if (calls->macro[i])
            return true;
    return false;
}

static void follow_brackets(CallStack *calls, const CToken *token, const CToken *before,
                            const CAccessTest *test)
{
    if (is_punctuation(token, "(")) {
        bool macro = before->kind == C_WORD && looks_like_macro(before->text, test);
        if (calls->depth < DEEPEST_CALL)
            calls->macro[calls->depth] = macro;
        calls->depth++;
    } else if (is_punctuation(token, ")") && calls->depth > 0) {
        calls->depth--;
    }
}

/* Is the word at tokens[at] perhaps a member? */
static bool use_may_access(const CTokens *tokens, size_t at, const CallStack *calls,
                           const CAccessTest *test)
{
    if (test->call && !is_punctuation(&tokens->items[at + 1], "("))
        return false;
    if (test->bare || inside_macro(calls) || is_punctuation(&tokens->items[at + 1], ":"))
        return true; /* the last: GNU's old `{ word: value }` */
    if (at == 0 || (!is_punctuation(&tokens->items[at - 1], ".") &&
                    !is_punctuation(&tokens->items[at - 1], "->")))
        return false;
    CTokens before = {.items = tokens->items, .count = at};
    return !test->is_other || !test->is_other(test->context, &before);
}

bool c_may_access(Str text, Str word, const CAccessTest *test)
{
    if (!clang_has_word(text, word))
        return false;
    CTokens tokens = {0};
    CToken before = {0};
    CallStack calls = {0};
    bool found = false;
    c_tokens(text, &tokens);
    for (size_t i = 0; i < tokens.count && !found; i++) {
        const CToken *token = &tokens.items[i];
        if (token->kind == C_WORD && str_eq(token->text, word))
            found = use_may_access(&tokens, i, &calls, test);
        follow_brackets(&calls, token, &before, test);
        before = *token;
    }
    array_release(&tokens);
    return found;
}
