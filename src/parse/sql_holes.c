/*
 * Holes that show by their spelling: placeholders of database drivers, format
 * strings, string templates of a dozen languages, Jinja. None of them needs to
 * be told apart from the others; what matters is where the hole ends, and
 * whether it is glued to a name.
 */
#include "parse/sql_lexer.h"

enum { LONGEST_BRACE = 200 };

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return byte_is_word((unsigned char)byte) && !is_digit(byte);
}

void lexer_emit_hole(Lexer *lexer, uint32_t hole, size_t start, size_t end)
{
    lexer->at = end;
    SqlToken *last = lexer->out->count ? &lexer->out->items[lexer->out->count - 1] : NULL;
    if (last && last->end == start && !last->quoted &&
        (last->kind == SQL_TOKEN_HOLE ||
         (last->kind == SQL_TOKEN_NAME && !lexer_stands_alone((SqlWord)last->word)))) {
        if (last->kind != SQL_TOKEN_HOLE || last->hole == SQL_NO_HOLE)
            last->hole = hole;
        last->kind = SQL_TOKEN_HOLE;
        last->end = (uint32_t)end;
        return;
    }
    lexer_emit(lexer, (SqlToken){.start = (uint32_t)start,
                           .end = (uint32_t)end,
                           .hole = hole,
                           .kind = SQL_TOKEN_HOLE});
}

/* `{{ ref('x') }}` and `{{ source('a', 'x') }}` are the table x; other expressions are holes. */
static void emit_jinja(Lexer *lexer, size_t start, size_t end)
{
    Str inside = str_trim(str_slice(lexer->text, start + 2, end - 2));
    bool table = str_starts(inside, "ref(") || str_starts(inside, "source(");
    size_t close = inside.length;
    while (table && close && inside.data[close - 1] != '\'' && inside.data[close - 1] != '"')
        close--;
    size_t open = close ? close - 1 : 0;
    while (table && open && inside.data[open - 1] != inside.data[close - 1])
        open--;
    if (!table || !open || !close) {
        lexer_emit_hole(lexer, SQL_NO_HOLE, start, end);
        return;
    }
    size_t base = (size_t)(inside.data - lexer->text.data);
    lexer_emit(lexer, (SqlToken){.start = (uint32_t)(base + open),
                           .end = (uint32_t)(base + close - 1),
                           .hole = SQL_NO_HOLE,
                           .kind = SQL_TOKEN_NAME,
                           .quoted = true});
    lexer->at = end;
}

/* {{ expression }}, {% statement %}, {# comment #} */
static bool lex_jinja(Lexer *lexer)
{
    static const struct {
        char sign;
        uint8_t sought;
        const char *closing;
    } KINDS[] = {{'{', SOUGHT_JINJA, "}}"}, {'%', SOUGHT_BLOCK, "%}"}, {'#', SOUGHT_NOTE, "#}"}};
    size_t open = lexer->at;
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (lexer_byte(lexer, open + 1) != KINDS[i].sign)
            continue;
        size_t end = lexer_seek(lexer, (Sought)KINDS[i].sought, str_of(KINDS[i].closing), open + 2);
        if (end == SIZE_MAX)
            return false;
        lexer->at = end + 2;
        if (KINDS[i].sign == '{')
            emit_jinja(lexer, open, end + 2);
        return true;
    }
    return false;
}

/* At '{', or at the '{' of "${" and "#{" that starts at `start`. */
bool lexer_brace(Lexer *lexer, size_t start)
{
    size_t open = lexer->at;
    if (start == open && lex_jinja(lexer))
        return true;
    for (size_t i = open + 1; i < open + LONGEST_BRACE; i++) {
        char byte = lexer_byte(lexer, i);
        if (byte == '}') {
            lexer_emit_hole(lexer, SQL_NO_HOLE, start, i + 1);
            return true;
        }
        if (byte == '\0' || byte == '\n' || byte == '{' || (start == open && byte == '\''))
            return false;
    }
    return false;
}

/* $1, $name, $object->member, $tag$body$tag$, ${...} */
bool lexer_dollar(Lexer *lexer)
{
    size_t start = lexer->at, end = lexer_word_end(lexer, start + 1);
    if (lexer_byte(lexer, start + 1) == '{') {
        lexer->at++;
        return lexer_brace(lexer, start);
    }
    if (lexer_byte(lexer, end) == '$' && !is_digit(lexer_byte(lexer, start + 1))) {
        Str tag = str_slice(lexer->text, start, end + 1);
        size_t close = lexer_seek(lexer, SOUGHT_DOLLAR, tag, end + 1);
        if (close == SIZE_MAX)
            return false;
        SqlWord before = (SqlWord)lexer_previous(lexer, 0)->word;
        SqlWord second = (SqlWord)lexer_previous(lexer, 2)->word; /* DO LANGUAGE name $$ */
        if (!lexer->body_tag && (before == WORD_AS || before == WORD_DO || second == WORD_DO)) {
            lexer_emit_plain(lexer, SQL_TOKEN_BREAK, start, end + 1);
            lexer->body_tag = tag.length;
            lexer->text.length = close;
            lexer->given_up_outside = lexer->given_up;
            lexer->given_up = 0;
        } else {
            lexer_emit_plain(lexer, SQL_TOKEN_STRING, start, close + tag.length);
        }
        return true;
    }
    while (lexer_byte(lexer, end) == '-' && lexer_byte(lexer, end + 1) == '>' &&
           is_letter(lexer_byte(lexer, end + 2)))
        end = lexer_word_end(lexer, end + 2);
    if (end == start + 1)
        return false;
    lexer_emit_hole(lexer, SQL_NO_HOLE, start, end);
    return true;
}

/* %s, %d, %(name)s, %[1]s, %1$s */
bool lexer_percent(Lexer *lexer)
{
    size_t at = lexer->at + 1;
    char open = lexer_byte(lexer, at);
    if (open == '(' || open == '[') {
        char close = open == '(' ? ')' : ']';
        at = lexer_word_end(lexer, at + 1);
        if (lexer_byte(lexer, at) != close)
            return false;
        at++;
    } else if (is_digit(open)) {
        at = lexer_word_end(lexer, at);
        if (lexer_byte(lexer, at) != '$')
            return false;
        at++;
    }
    char verb = lexer_byte(lexer, at);
    if (verb == '\0' || !strchr("sdifqvxtwc", verb) ||
        byte_is_word((unsigned char)lexer_byte(lexer, at + 1)))
        return false;
    lexer_emit_hole(lexer, SQL_NO_HOLE, lexer->at, at + 1);
    return true;
}

/* A placeholder that one sign starts: ?, ?1, :name, @name. */
bool lexer_placeholder(Lexer *lexer)
{
    size_t start = lexer->at;
    char sign = lexer->text.data[start], next = lexer_byte(lexer, start + 1);
    if (sign == '?' && (next == '?' || next == '|' || next == '&'))
        return false;
    size_t from = start + 1 + (sign == '@' && next == '@');
    size_t end = lexer_word_end(lexer, from);
    if (sign != '?' && end == from)
        return false;
    lexer_emit_plain(lexer, SQL_TOKEN_HOLE, start, end);
    return true;
}

