/*
 * Is this string SQL? Asked of every string whose use is unknown, so it must
 * not take English for SQL: "Select the status from the list" has the words of
 * a statement in their order. What English lacks is the shape: a FROM list that
 * ends where it may, "=" after SET, placeholders, qualified names that are
 * compared. A few words no query uses ("the", "your") rule it out at once.
 *
 * Cost: at most MOST_TOKENS tokens are read.
 */
#include "parse/sql_lex.h"

enum { MOST_TOKENS = 400, PROSE_TOKENS = 80 };

typedef struct Looker {
    Str text;
    SqlTokens tokens;
} Looker;

static const SqlToken *token_at(const Looker *looker, size_t index)
{
    size_t last = looker->tokens.count - 1;
    return &looker->tokens.items[index < last ? index : last];
}

static SqlWord word_at(const Looker *looker, size_t index)
{
    const SqlToken *token = token_at(looker, index);
    return token->kind == SQL_TOKEN_NAME ? (SqlWord)token->word : WORD_NONE;
}

static uint8_t kind_at(const Looker *looker, size_t index)
{
    return token_at(looker, index)->kind;
}

static Str text_at(const Looker *looker, size_t index)
{
    const SqlToken *token = token_at(looker, index);
    return str_slice(looker->text, token->start, token->end);
}

static bool names_something(const Looker *looker, size_t index)
{
    return kind_at(looker, index) == SQL_TOKEN_NAME || kind_at(looker, index) == SQL_TOKEN_HOLE;
}

static bool is_upper(const Looker *looker, size_t index)
{
    Str text = text_at(looker, index);
    return text.length > 1 && text.data[1] >= 'A' && text.data[1] <= 'Z';
}

static bool is_capitalized(const Looker *looker, size_t index)
{
    Str text = text_at(looker, index);
    return text.length > 1 && text.data[0] >= 'A' && text.data[0] <= 'Z' &&
           !is_upper(looker, index);
}

static bool is_prose(const Looker *looker)
{
    static const char *const WORDS[] = {"the",   "an",    "your",  "these", "those",
                                        "please", "you", "its",   "which", "cannot", NULL};
    for (size_t i = 0; i < looker->tokens.count && i < PROSE_TOKENS; i++) {
        if (kind_at(looker, i) != SQL_TOKEN_NAME || token_at(looker, i)->quoted)
            continue;
        for (size_t k = 0; WORDS[k]; k++) {
            if (sql_name_is(text_at(looker, i), WORDS[k]))
                return true;
        }
    }
    return false;
}

/* The index after a.b.c that starts at `index`. */
static size_t after_chain(const Looker *looker, size_t index)
{
    index++;
    while (kind_at(looker, index) == SQL_TOKEN_DOT && names_something(looker, index + 1))
        index += 2;
    return index;
}

/* What may follow a table or its alias. */
static bool ends_table(const Looker *looker, size_t index)
{
    switch (kind_at(looker, index)) {
    case SQL_TOKEN_END:
    case SQL_TOKEN_SEMICOLON:
    case SQL_TOKEN_CLOSE:
    case SQL_TOKEN_COMMA:
    case SQL_TOKEN_HOLE:
        return true;
    default:
        return sql_word_flags(word_at(looker, index)) & WORD_NO_ALIAS;
    }
}

static bool is_from_list(const Looker *looker, size_t index)
{
    if (kind_at(looker, index) == SQL_TOKEN_OPEN)
        return true;
    if (!names_something(looker, index))
        return false;
    index = after_chain(looker, index);
    if (ends_table(looker, index) || kind_at(looker, index) == SQL_TOKEN_OPEN)
        return true;
    index += word_at(looker, index) == WORD_AS;
    return kind_at(looker, index) == SQL_TOKEN_NAME && ends_table(looker, index + 1);
}

static bool is_select(const Looker *looker, size_t index)
{
    bool signs = false;
    size_t run = 0; /* names in a row */
    for (size_t i = index + 1; i < looker->tokens.count; i++) {
        uint8_t kind = kind_at(looker, i);
        SqlWord word = word_at(looker, i);
        if (word == WORD_FROM && (signs || !is_capitalized(looker, index)))
            return is_from_list(looker, i + 1);
        bool plain = kind == SQL_TOKEN_NAME && !(sql_word_flags(word) & WORD_OPERATOR) &&
                     word != WORD_AS && word != WORD_END;
        run = plain ? run + 1 : 0;
        if (run > 2)
            return false;
        signs |= kind == SQL_TOKEN_COMMA || kind == SQL_TOKEN_STAR || kind == SQL_TOKEN_DOT ||
                 kind == SQL_TOKEN_OPEN || kind == SQL_TOKEN_HOLE;
    }
    return signs && is_upper(looker, index); /* half a statement */
}

static bool is_insert(const Looker *looker, size_t index)
{
    size_t at = index + 1;
    while (at < index + 4 && word_at(looker, at) != WORD_INTO && names_something(looker, at))
        at++;
    if (word_at(looker, at) != WORD_INTO || !names_something(looker, at + 1))
        return false;
    at = after_chain(looker, at + 1);
    SqlWord word = word_at(looker, at);
    return kind_at(looker, at) == SQL_TOKEN_OPEN || word == WORD_VALUES || word == WORD_SELECT ||
           word == WORD_SET || word == WORD_DEFAULT ||
           (kind_at(looker, at) == SQL_TOKEN_END && is_upper(looker, index));
}

static bool is_update(const Looker *looker, size_t index)
{
    for (size_t i = index + 2; i < index + 40 && i < looker->tokens.count; i++) {
        if (word_at(looker, i) != WORD_SET)
            continue;
        if (kind_at(looker, i + 1) == SQL_TOKEN_OPEN || kind_at(looker, i + 1) == SQL_TOKEN_HOLE)
            return true;
        size_t after = after_chain(looker, i + 1);
        if (kind_at(looker, after) == SQL_TOKEN_OPERATOR && str_starts(text_at(looker, after), "="))
            return true;
        return kind_at(looker, i + 1) == SQL_TOKEN_END && is_upper(looker, index);
    }
    return false;
}

static bool is_delete(const Looker *looker, size_t index)
{
    size_t at = index + 1;
    if (word_at(looker, at) != WORD_FROM || !is_from_list(looker, at + 1))
        return false;
    return is_upper(looker, at) || kind_at(looker, after_chain(looker, at + 1)) != SQL_TOKEN_END;
}

static bool is_with(const Looker *looker, size_t index)
{
    index += word_at(looker, index + 1) == WORD_RECURSIVE;
    return names_something(looker, index + 1) &&
           ((word_at(looker, index + 2) == WORD_AS &&
             kind_at(looker, index + 3) == SQL_TOKEN_OPEN) ||
            (kind_at(looker, index + 2) == SQL_TOKEN_OPEN && is_upper(looker, index)));
}

static bool one_of(const unsigned char *words, SqlWord word)
{
    while (*words && *words != word)
        words++;
    return *words != 0;
}

static bool is_definition(const Looker *looker, size_t index)
{
    static const unsigned char THINGS[] = {WORD_TABLE,   WORD_VIEW,   WORD_INDEX,
                                           WORD_TRIGGER, WORD_COLUMN, 0};
    static const unsigned char SHAPES[] = {WORD_ADD,    WORD_ALTER,  WORD_DROP, WORD_RENAME,
                                           WORD_MODIFY, WORD_CHANGE, WORD_AS,   WORD_IS,
                                           WORD_ON,     0};
    bool thing = false, shape = false;
    for (size_t i = index + 1; i < index + 16; i++) {
        thing |= i < index + 6 && one_of(THINGS, word_at(looker, i));
        shape |= kind_at(looker, i) == SQL_TOKEN_OPEN || one_of(SHAPES, word_at(looker, i));
    }
    return thing && shape && is_upper(looker, index);
}

static bool is_merge(const Looker *looker, size_t index)
{
    for (size_t i = index + 2; i < index + 8; i++) {
        if (word_at(looker, i) == WORD_USING)
            return word_at(looker, index + 1) == WORD_INTO;
    }
    return false;
}

/* A placeholder of a database driver; %s alone is any format string's. */
static bool is_placeholder(const Looker *looker, size_t index)
{
    if (kind_at(looker, index) == SQL_TOKEN_OPEN)
        index++;
    Str text = text_at(looker, index);
    return kind_at(looker, index) == SQL_TOKEN_HOLE && text.length && strchr("?:$@", text.data[0]);
}

static bool is_value(const Looker *looker, size_t index)
{
    uint8_t kind = kind_at(looker, index);
    SqlWord word = word_at(looker, index);
    return kind == SQL_TOKEN_HOLE || kind == SQL_TOKEN_STRING || kind == SQL_TOKEN_NUMBER ||
           kind == SQL_TOKEN_OPEN || (sql_word_flags(word) & WORD_VALUE) || word == WORD_ANY ||
           (kind == SQL_TOKEN_NAME && (kind_at(looker, index + 1) == SQL_TOKEN_DOT ||
                                       kind_at(looker, index + 1) == SQL_TOKEN_OPEN));
}

static bool compares(Str sign)
{
    static const char *const SIGNS[] = {"=", "<>", "!=", "<", ">", "<=", ">=", NULL};
    for (size_t i = 0; SIGNS[i]; i++) {
        if (str_eq_c(sign, SIGNS[i]))
            return true;
    }
    return false;
}

/* What is compared: a column, or a call. Sets *sure if no English looks like it. */
static size_t after_operand(const Looker *looker, size_t index, bool *sure)
{
    size_t at = after_chain(looker, index);
    *sure |= at > index + 1;
    if (kind_at(looker, at) != SQL_TOKEN_OPEN)
        return at;
    *sure |= is_upper(looker, index);
    for (size_t open = 0; at < looker->tokens.count; at++) {
        uint8_t kind = kind_at(looker, at);
        open += kind == SQL_TOKEN_OPEN;
        if (kind == SQL_TOKEN_CLOSE && --open == 0)
            return at + 1;
    }
    return at;
}

/* The part after the operand: = ?, IS NULL, IN (...), LIKE 'x' */
static bool is_predicate(const Looker *looker, size_t at, bool sure)
{
    SqlWord word = word_at(looker, at);
    if (word == WORD_NOT)
        word = word_at(looker, ++at);
    if (kind_at(looker, at) == SQL_TOKEN_OPERATOR && compares(text_at(looker, at)))
        return is_placeholder(looker, at + 1) ||
               (sure && (is_value(looker, at + 1) || kind_at(looker, at + 1) == SQL_TOKEN_END));
    bool firm = sure || is_upper(looker, at);
    switch (word) {
    case WORD_IS:
        at += word_at(looker, at + 1) == WORD_NOT;
        return word_at(looker, at + 1) == WORD_NULL && firm;
    case WORD_IN:
        return kind_at(looker, at + 1) == SQL_TOKEN_OPEN && firm;
    case WORD_LIKE:
    case WORD_ILIKE:
    case WORD_BETWEEN:
        return is_value(looker, at + 1) && (sure || is_placeholder(looker, at + 1));
    default:
        return false;
    }
}

/* column = ?, t.column IS NULL, LOWER(x) LIKE ?. `sure`: after WHERE or the like. */
static bool is_condition(const Looker *looker, size_t index, bool sure)
{
    while (word_at(looker, index) == WORD_NOT || kind_at(looker, index) == SQL_TOKEN_OPEN)
        index++;
    if (!names_something(looker, index))
        return sure && kind_at(looker, index) == SQL_TOKEN_NUMBER;
    size_t at = after_operand(looker, index, &sure);
    return is_predicate(looker, at, sure);
}

static bool expects_query(const Looker *looker, size_t index)
{
    SqlWord word = word_at(looker, index);
    return word == WORD_EXISTS || word == WORD_IN || kind_at(looker, index) == SQL_TOKEN_OPERATOR;
}

/* A condition or a (SELECT ...) somewhere inside: after AND, EXISTS (, CASE WHEN. */
static bool holds_condition(const Looker *looker)
{
    for (size_t i = 0; i + 1 < looker->tokens.count; i++) {
        SqlWord word = word_at(looker, i);
        bool joins = word == WORD_AND || word == WORD_OR || word == WORD_WHEN;
        if (joins && is_upper(looker, i) && is_condition(looker, i + 1, false))
            return true;
        bool nested = kind_at(looker, i) == SQL_TOKEN_OPEN && word_at(looker, i + 1) == WORD_SELECT;
        bool firm = nested && (is_upper(looker, i + 1) || (i && expects_query(looker, i - 1)));
        if (firm && is_select(looker, i + 1))
            return true;
    }
    return false;
}

/* t.column DESC, status ASC */
static bool is_order(const Looker *looker, size_t index, bool led)
{
    if (!names_something(looker, index))
        return false;
    size_t at = after_chain(looker, index);
    Str word = text_at(looker, at);
    bool direction = sql_name_is(word, "asc") || sql_name_is(word, "desc");
    bool ends = ends_table(looker, at) || direction;
    return (led && ends) || (direction && (at > index + 1 || is_upper(looker, at)));
}

static bool is_join(const Looker *looker, size_t index)
{
    for (size_t i = index; i < index + 5; i++) {
        if (word_at(looker, i) != WORD_JOIN)
            continue;
        for (size_t k = i + 2; k < i + 9; k++) {
            if (word_at(looker, k) == WORD_ON)
                return is_condition(looker, k + 1, true);
            if (word_at(looker, k) == WORD_USING)
                return kind_at(looker, k + 1) == SQL_TOKEN_OPEN;
        }
        return false;
    }
    return false;
}

/* COALESCE(status, ...), SUM(hours): functions that only SQL spells in capitals. */
static bool is_sql_call(const Looker *looker, size_t index)
{
    static const char *const NAMES[] = {"COALESCE", "SUM",   "COUNT",  "MAX",      "MIN",   "AVG",
                                        "LOWER",    "UPPER", "NULLIF", "GREATEST", "LEAST", "CONCAT",
                                        "IFNULL",   "ROUND", "CAST",   "EXTRACT",  "DATE",  NULL};
    if (kind_at(looker, index + 1) != SQL_TOKEN_OPEN || !names_something(looker, index + 2))
        return false;
    for (size_t i = 0; NAMES[i]; i++) {
        if (str_eq_c(text_at(looker, index), NAMES[i]))
            return true;
    }
    return false;
}

static bool is_fragment(const Looker *looker)
{
    switch (word_at(looker, 0)) {
    case WORD_WHERE:
    case WORD_AND:
    case WORD_OR:
    case WORD_ON:
    case WORD_HAVING:
    case WORD_SET:
        return is_condition(looker, 1, true) || holds_condition(looker);
    case WORD_ORDER:
    case WORD_GROUP:
        return word_at(looker, 1) == WORD_BY && is_order(looker, 2, is_upper(looker, 0));
    case WORD_FROM:
        return is_upper(looker, 0) && is_from_list(looker, 1) &&
               kind_at(looker, after_chain(looker, 1)) != SQL_TOKEN_END;
    case WORD_JOIN:
    case WORD_INNER:
    case WORD_LEFT:
    case WORD_RIGHT:
    case WORD_FULL:
    case WORD_CROSS:
    case WORD_NATURAL:
        return is_join(looker, 0);
    default:
        return is_condition(looker, 0, false) || is_order(looker, 0, false) ||
               holds_condition(looker) || is_sql_call(looker, 0);
    }
}

static bool is_statement(const Looker *looker)
{
    static bool (*const SHAPES[WORD_COUNT])(const Looker *, size_t) = {
        [WORD_SELECT] = is_select,     [WORD_INSERT] = is_insert,  [WORD_REPLACE] = is_insert,
        [WORD_UPDATE] = is_update,     [WORD_DELETE] = is_delete,  [WORD_WITH] = is_with,
        [WORD_CREATE] = is_definition, [WORD_ALTER] = is_definition,
        [WORD_COMMENT] = is_definition, [WORD_MERGE] = is_merge,
    };
    size_t index = 0;
    while (kind_at(looker, index) == SQL_TOKEN_OPEN || word_at(looker, index) == WORD_EXPLAIN)
        index++;
    SqlWord word = word_at(looker, index);
    return SHAPES[word] && SHAPES[word](looker, index);
}

bool sql_looks_like(Str text, const SqlHole *holes, size_t hole_count)
{
    Looker looker = {.text = text};
    sql_lex(text, holes, hole_count, MOST_TOKENS, &looker.tokens);
    bool found = looker.tokens.count > 2 && (is_statement(&looker) || is_fragment(&looker)) &&
                 !is_prose(&looker);
    array_release(&looker.tokens);
    return found;
}
