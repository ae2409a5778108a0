/*
 * One pass over the bytes. The dialects disagree about quotes, comments and
 * placeholders; each rule below takes the reading that fits all of them, or
 * decides by what stands around it:
 *
 * - "x" is a name if some "x" in the text stands where only a name can. Else it
 *   is a string when it is compared with something, or the text quotes names by `.
 * - # starts a comment at a line's start or between spaces; #> and #- are
 *   operators, #tmp is a table.
 * - \n, \" and \' are what a host language left in the text: a quote opened
 *   as \' is closed by \'.
 * - A hole glued to a name (#{prefix}status) makes one opaque token.
 *
 * Every search that may fail to find its end is given up for good after it
 * failed once, so that hostile text cannot make the pass quadratic.
 */
#include "parse/sql_lexer.h"

char lexer_byte(const Lexer *lexer, size_t at)
{
    return at < lexer->text.length ? lexer->text.data[at] : '\0';
}

static bool is_letter(char byte)
{
    return byte_is_word((unsigned char)byte) && !(byte >= '0' && byte <= '9');
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

const SqlToken *lexer_previous(const Lexer *lexer, size_t back)
{
    static const SqlToken none = {.kind = SQL_TOKEN_END};
    return lexer->out->count > back ? &lexer->out->items[lexer->out->count - 1 - back] : &none;
}

void lexer_emit(Lexer *lexer, SqlToken token)
{
    token.line_start = lexer->line_start;
    lexer->line_start = false;
    if (token.kind == SQL_TOKEN_SEMICOLON || token.kind == SQL_TOKEN_BREAK)
        lexer->statement_start = true;
    else
        lexer->statement_start = false;
    array_push(lexer->out, token);
}

void lexer_emit_plain(Lexer *lexer, SqlTokenKind kind, size_t start, size_t end)
{
    lexer_emit(lexer, (SqlToken){.start = (uint32_t)start,
                           .end = (uint32_t)end,
                           .hole = SQL_NO_HOLE,
                           .kind = (uint8_t)kind});
    lexer->at = end;
}

/* A word that glues to no hole: "WHERE#{x}" is two tokens, "status#{x}" is one. */
bool lexer_stands_alone(SqlWord word)
{
    return word && (sql_word_flags(word) & (WORD_NO_ALIAS | WORD_OPERATOR));
}

/* Index of `needle` at or after `from`, or SIZE_MAX; gives up for good when it is missing. */
size_t lexer_seek(Lexer *lexer, Sought what, Str needle, size_t from)
{
    if (lexer->given_up & (1u << what))
        return SIZE_MAX;
    size_t found = str_find(lexer->text, needle, from);
    if (found == SIZE_MAX)
        lexer->given_up |= 1u << what;
    return found;
}

static void skip_line(Lexer *lexer)
{
    while (lexer->at < lexer->text.length && lexer->text.data[lexer->at] != '\n')
        lexer->at++;
}

/* A comment to the end of the line; a host language's escaped newline ends it too. */
static void skip_line_comment(Lexer *lexer)
{
    while (lexer->at < lexer->text.length) {
        char byte = lexer->text.data[lexer->at];
        if (byte == '\n' || (byte == '\\' && lexer_byte(lexer, lexer->at + 1) == 'n'))
            return;
        lexer->at++;
    }
}

/* Does the quote at `at` stand where only a name can? After a dot, FROM, INTO ... */
static bool opens_name(const Lexer *lexer, size_t at)
{
    size_t end = at;
    while (end && (lexer->text.data[end - 1] == '\\' || is_blank(lexer->text.data[end - 1])))
        end--;
    size_t start = end;
    while (start && is_letter(lexer->text.data[start - 1]))
        start--;
    SqlWord word = sql_word(str_slice(lexer->text, start, end));
    return word == WORD_FROM || word == WORD_JOIN || word == WORD_INTO || word == WORD_TABLE ||
           word == WORD_UPDATE || (end && lexer->text.data[end - 1] == '.');
}

/* True if the text uses " for names somewhere. */
static bool quotes_names(Lexer *lexer)
{
    size_t open = 0, close = 0;
    if (lexer->quoted_names >= 0)
        return lexer->quoted_names;
    lexer->quoted_names = 0;
    while (!lexer->quoted_names) {
        open = str_find_byte(lexer->text, '"', open);
        close = open == SIZE_MAX ? open : str_find_byte(lexer->text, '"', open + 1);
        if (close == SIZE_MAX)
            break;
        lexer->quoted_names = opens_name(lexer, open);
        open = close + 1;
    }
    return lexer->quoted_names;
}

static bool holds_letter(Str text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (is_letter(text.data[i]))
            return true;
    }
    return false;
}

/* Is the next token the right side of a comparison, or in a list of strings? */
static bool is_compared(const Lexer *lexer)
{
    const SqlToken *before = lexer_previous(lexer, 0), *second = lexer_previous(lexer, 1);
    switch (before->kind) {
    case SQL_TOKEN_OPERATOR:
        return true;
    case SQL_TOKEN_COMMA:
        return second->kind == SQL_TOKEN_STRING;
    case SQL_TOKEN_OPEN:
        return second->word == WORD_IN;
    default:
        return before->word == WORD_LIKE || before->word == WORD_ILIKE ||
               before->word == WORD_DEFAULT;
    }
}

/* Is the "text" that ends before `end` a string, not a name? */
static bool is_string(Lexer *lexer, size_t start, size_t end)
{
    const SqlToken *before = lexer_previous(lexer, 0);
    if (!holds_letter(str_slice(lexer->text, start, end)))
        return true;
    if (before->kind == SQL_TOKEN_DOT || lexer_byte(lexer, end + 1) == '.')
        return false;
    return (lexer->backticks || is_compared(lexer)) && !quotes_names(lexer);
}

/* Does the next given hole start at `at`? */
static bool at_hole(Lexer *lexer, size_t at)
{
    while (lexer->next_hole < lexer->hole_count && lexer->holes[lexer->next_hole].start < at)
        lexer->next_hole++;
    return lexer->next_hole < lexer->hole_count && lexer->holes[lexer->next_hole].start == at;
}

/* Goes past the next hole; returns its end, at least one byte on. */
static size_t take_hole(Lexer *lexer)
{
    SqlHole hole = lexer->holes[lexer->next_hole++];
    size_t end = hole.end > hole.start ? hole.end : hole.start + 1;
    return end > lexer->text.length ? lexer->text.length : end;
}

/*
 * The end of quoted text whose first byte is at `from`: the closing quote's
 * index (its backslash's when escaped), or the end of the text. Sets *hole to
 * the first hole inside.
 */
static size_t find_quote(Lexer *lexer, size_t from, char quote, bool escaped, uint32_t *hole)
{
    size_t at = from;
    while (at < lexer->text.length) {
        if (at_hole(lexer, at)) {
            if (*hole == SQL_NO_HOLE)
                *hole = (uint32_t)lexer->next_hole;
            at = take_hole(lexer);
            continue;
        }
        char byte = lexer->text.data[at], next = lexer_byte(lexer, at + 1);
        if (byte == '\\' && escaped && next == quote)
            return at;
        bool lone_backslash = at == from && next == quote && lexer_byte(lexer, at + 2) != quote;
        if (byte == '\\' && quote != ']' && !lone_backslash) {
            at += 2;
        } else if (byte == quote) {
            if (next != quote)
                return at;
            at += 2;
        } else {
            at++;
        }
    }
    return lexer->text.length;
}

static void lex_quoted(Lexer *lexer, bool escaped)
{
    char quote = lexer->text.data[lexer->at];
    size_t start = lexer->at + 1;
    uint32_t hole = SQL_NO_HOLE;
    size_t end = find_quote(lexer, start, quote == '[' ? ']' : quote, escaped, &hole);
    if (end > lexer->text.length)
        end = lexer->text.length;
    size_t after = end + 1 + escaped;
    if (after > lexer->text.length)
        after = lexer->text.length;
    SqlToken token = {.start = (uint32_t)start,
                      .end = (uint32_t)end,
                      .hole = hole,
                      .kind = SQL_TOKEN_NAME,
                      .quoted = true};
    if (quote == '\'' || (quote == '"' && is_string(lexer, start, end)))
        token.kind = SQL_TOKEN_STRING;
    else if (hole != SQL_NO_HOLE)
        token.kind = SQL_TOKEN_HOLE;
    lexer_emit(lexer, token);
    lexer->at = after;
}

/* Past the backslashes in App\Entity\Order, also escaped; `at` when none parts a class's name there. */
static size_t class_separator_end(Str text, size_t at, size_t limit)
{
    size_t end = at;
    while (end < limit && end < at + 2 && text.data[end] == '\\')
        end++;
    bool class_follows = end > at && end < limit && text.data[end] >= 'A' && text.data[end] <= 'Z';
    return class_follows ? end : at;
}

size_t lexer_word_end(const Lexer *lexer, size_t at)
{
    size_t limit = lexer->next_hole < lexer->hole_count ? lexer->holes[lexer->next_hole].start
                                                        : lexer->text.length;
    if (limit > lexer->text.length)
        limit = lexer->text.length;
    size_t end = at;
    while (at < limit) {
        while (at < limit && byte_is_word((unsigned char)lexer->text.data[at]))
            at++;
        end = at;
        at = class_separator_end(lexer->text, end, limit);
        if (at == end)
            break;
    }
    return end;
}

static bool rest_of_line_blank(const Lexer *lexer, size_t at)
{
    while (is_blank(lexer_byte(lexer, at)) && lexer_byte(lexer, at) != '\n')
        at++;
    char byte = lexer_byte(lexer, at);
    return at >= lexer->text.length || byte == '\n' || byte == ';';
}

static void set_delimiter(Lexer *lexer, size_t at)
{
    lexer->at = at;
    skip_line(lexer);
    lexer->delimiter = str_trim(str_slice(lexer->text, at, lexer->at));
    if (str_eq_c(lexer->delimiter, ";"))
        lexer->delimiter = (Str){0};
}

/* Words for the client program, not the server: GO, DELIMITER. */
static bool lex_client_word(Lexer *lexer, SqlWord word, Str text, size_t end)
{
    if (word == WORD_GO && rest_of_line_blank(lexer, end)) {
        lexer_emit_plain(lexer, SQL_TOKEN_SEMICOLON, lexer->at, end);
        return true;
    }
    if (!sql_name_is(text, "delimiter"))
        return false;
    set_delimiter(lexer, end);
    return true;
}

static void lex_word(Lexer *lexer)
{
    size_t start = lexer->at, end = lexer_word_end(lexer, start + 1);
    Str text = str_slice(lexer->text, start, end);
    if (text.length == 1 && lexer_byte(lexer, end) == '\'' && strchr("eEnNxXbB", text.data[0])) {
        lexer->at = end;
        lex_quoted(lexer, false);
        return;
    }
    SqlWord word = sql_word(text);
    if (lexer->line_start && lex_client_word(lexer, word, text, end))
        return;
    if (lexer->statement_start)
        lexer->copying = word == WORD_COPY;
    if (word == WORD_STDIN && lexer_previous(lexer, 0)->word == WORD_FROM)
        lexer->from_stdin = true;
    SqlToken *last = lexer->out->count ? &lexer->out->items[lexer->out->count - 1] : NULL;
    if (last && last->kind == SQL_TOKEN_HOLE && last->end == start && !last->quoted &&
        !lexer_stands_alone(word)) {
        last->end = (uint32_t)end;
        lexer->at = end;
        return;
    }
    lexer_emit(lexer, (SqlToken){.start = (uint32_t)start,
                           .end = (uint32_t)end,
                           .hole = SQL_NO_HOLE,
                           .kind = SQL_TOKEN_NAME,
                           .word = (uint8_t)word});
    lexer->at = end;
}

/* The rows after COPY ... FROM stdin; up to the line "\." */
static void skip_copy_data(Lexer *lexer)
{
    bool data = lexer->copying && lexer->from_stdin;
    lexer->copying = lexer->from_stdin = false;
    size_t end = data ? lexer_seek(lexer, SOUGHT_COPY, str_lit("\n\\."), lexer->at) : SIZE_MAX;
    if (end != SIZE_MAX)
        lexer->at = end + 3;
}

/* psql's own commands: the rest of the line is not SQL. */
static bool is_meta_command(const Lexer *lexer, size_t at)
{
    static const char *const COMMANDS[] = {"connect", "c",        "set",        "unset", "echo",
                                           "i",       "ir",       "restrict",   "copy",  "if",
                                           "endif",   "unrestrict", "pset",     "gexec", "timing",
                                           "encoding", "else",    "qecho",      "q",     NULL};
    if (!lexer->line_start)
        return false;
    Str word = str_slice(lexer->text, at, lexer_word_end(lexer, at));
    for (size_t i = 0; COMMANDS[i]; i++) {
        if (str_eq_c(word, COMMANDS[i]))
            return true;
    }
    return false;
}

static void lex_backslash(Lexer *lexer)
{
    char next = lexer_byte(lexer, lexer->at + 1);
    if (is_meta_command(lexer, lexer->at + 1)) {
        skip_line(lexer);
    } else if (next == '\'' || next == '"' || next == '`') {
        lexer->at++;
        lex_quoted(lexer, true);
    } else {
        if (next == 'n')
            lexer->line_start = true;
        lexer->at += next == 'n' || next == 'r' || next == 't' ? 2 : 1;
    }
}

/* White space and comments. True if something was skipped. */
static bool skip_trivia(Lexer *lexer)
{
    char byte = lexer->text.data[lexer->at], next = lexer_byte(lexer, lexer->at + 1);
    if (is_blank(byte)) {
        if (byte == '\n')
            lexer->line_start = true;
        lexer->at++;
        return true;
    }
    if (byte == '-' && next == '-') {
        skip_line_comment(lexer);
        return true;
    }
    if (byte == '/' && next == '*') {
        size_t end = str_find(lexer->text, str_lit("*/"), lexer->at + 2);
        lexer->at = end == SIZE_MAX ? lexer->text.length : end + 2;
        return true;
    }
    bool spaced = is_blank(next) || next == '\0';
    bool glued = lexer->at && !is_blank(lexer->text.data[lexer->at - 1]);
    if (byte == '#' && !glued && next != '{' && (spaced || lexer->line_start)) {
        skip_line_comment(lexer);
        return true;
    }
    return false;
}

/* Is '[' at the lexer's place a quote around a name? */
static bool brackets_name(const Lexer *lexer)
{
    const SqlToken *before = lexer_previous(lexer, 0);
    bool glued = before->end == lexer->at && before->kind != SQL_TOKEN_DOT &&
                 before->kind != SQL_TOKEN_OPEN && before->kind != SQL_TOKEN_COMMA &&
                 before->kind != SQL_TOKEN_OPERATOR && before->kind != SQL_TOKEN_END;
    size_t at = lexer->at + 1;
    if (glued || !is_letter(lexer_byte(lexer, at)))
        return false;
    while (byte_is_word((unsigned char)lexer_byte(lexer, at)) || lexer_byte(lexer, at) == ' ')
        at++;
    return lexer_byte(lexer, at) == ']';
}

static bool lex_sign(Lexer *lexer, char byte)
{
    switch (byte) {
    case '\\':
        lex_backslash(lexer);
        return true;
    case '\'':
    case '"':
    case '`':
        lex_quoted(lexer, false);
        return true;
    case '[':
        if (!brackets_name(lexer))
            return false;
        lex_quoted(lexer, false);
        return true;
    case '$':
        return lexer_dollar(lexer);
    case '%':
        return lexer_percent(lexer);
    case '{':
        return lexer_brace(lexer, lexer->at);
    case '?':
    case ':':
    case '@':
        return lexer_placeholder(lexer);
    default:
        return false;
    }
}

static bool lex_hash(Lexer *lexer)
{
    size_t start = lexer->at;
    if (lexer_byte(lexer, start + 1) == '{') {
        lexer->at++;
        if (lexer_brace(lexer, start))
            return true;
        lexer->at = start;
        return false;
    }
    size_t end = lexer_word_end(lexer, start + 1);
    if (end == start + 1)
        return false;
    lexer_emit_plain(lexer, SQL_TOKEN_NAME, start, end);
    return true;
}

static void lex_punctuation(Lexer *lexer, char byte)
{
    static const struct {
        char byte;
        uint8_t kind;
    } SIGNS[] = {{'*', SQL_TOKEN_STAR},  {'.', SQL_TOKEN_DOT},   {',', SQL_TOKEN_COMMA},
                 {'(', SQL_TOKEN_OPEN},  {')', SQL_TOKEN_CLOSE}, {';', SQL_TOKEN_SEMICOLON}};
    size_t start = lexer->at;
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++) {
        if (SIGNS[i].byte == byte) {
            lexer_emit_plain(lexer, (SqlTokenKind)SIGNS[i].kind, start, start + 1);
            if (byte == ';')
                skip_copy_data(lexer);
            return;
        }
    }
    if (byte == ':' && lexer_byte(lexer, start + 1) == ':') {
        lexer_emit_plain(lexer, SQL_TOKEN_CAST, start, start + 2);
        return;
    }
    size_t end = start + 1;
    while (lexer_byte(lexer, end) && strchr("<>=!|&~", lexer_byte(lexer, end)) && byte != '[' &&
           byte != ']')
        end++;
    if (lexer->text.data[end - 1] == '~' && lexer_byte(lexer, end) == '*')
        end++;
    lexer_emit_plain(lexer, SQL_TOKEN_OPERATOR, start, end);
}

/* What the surroundings decide before the byte does: holes and delimiters. */
static bool lex_boundary(Lexer *lexer)
{
    if (at_hole(lexer, lexer->at)) {
        uint32_t hole = (uint32_t)lexer->next_hole;
        lexer_emit_hole(lexer, hole, lexer->at, take_hole(lexer));
        return true;
    }
    Str rest = str_slice(lexer->text, lexer->at, lexer->at + lexer->delimiter.length);
    if (lexer->delimiter.length && str_eq(rest, lexer->delimiter)) {
        lexer_emit_plain(lexer, SQL_TOKEN_BREAK, lexer->at, lexer->at + rest.length);
        return true;
    }
    return false;
}

static void lex_one(Lexer *lexer)
{
    if (lex_boundary(lexer) || skip_trivia(lexer))
        return;
    char byte = lexer->text.data[lexer->at];
    bool fraction = byte == '.' && is_digit(lexer_byte(lexer, lexer->at + 1)) &&
                    lexer_previous(lexer, 0)->end != lexer->at;
    if (is_digit(byte) || fraction) {
        size_t end = lexer_word_end(lexer, lexer->at + 1);
        if (lexer_byte(lexer, end) == '.' && is_digit(lexer_byte(lexer, end + 1)))
            end = lexer_word_end(lexer, end + 1);
        lexer_emit_plain(lexer, SQL_TOKEN_NUMBER, lexer->at, end);
    } else if (is_letter(byte)) {
        lex_word(lexer);
    } else if (!(byte == '#' ? lex_hash(lexer) : lex_sign(lexer, byte))) {
        lex_punctuation(lexer, lexer_byte(lexer, lexer->at));
    }
}

/* At the end of a dollar-quoted body: back to the text around it. False if none is open. */
static bool end_body(Lexer *lexer)
{
    if (!lexer->body_tag)
        return false;
    size_t start = lexer->text.length;
    lexer_emit_plain(lexer, SQL_TOKEN_BREAK, start, start + lexer->body_tag);
    lexer->text.length = lexer->full_length;
    lexer->given_up = lexer->given_up_outside;
    lexer->body_tag = 0;
    return true;
}

void sql_lex(Str text, const SqlHole *holes, size_t hole_count, size_t limit, SqlTokens *out)
{
    Lexer lexer = {.text = text,
                   .full_length = text.length,
                   .holes = holes,
                   .hole_count = hole_count,
                   .limit = limit,
                   .out = out,
                   .backticks = str_find_byte(text, '`', 0) != SIZE_MAX,
                   .quoted_names = -1,
                   .line_start = true,
                   .statement_start = true};
    if (str_starts(text, "\xef\xbb\xbf"))
        lexer.at = 3;
    while (out->count < limit && (lexer.at < lexer.text.length || end_body(&lexer))) {
        if (lexer.at < lexer.text.length)
            lex_one(&lexer);
    }
    uint32_t end = (uint32_t)text.length;
    array_push(out, ((SqlToken){.start = end, .end = end, .hole = SQL_NO_HOLE}));
}
