/*
 * Expressions: a name where an operand may begin is a column, unless a bracket
 * or a string follows it; a name right after an operand is an alias or noise
 * (ASC, COLLATE x, AT TIME ZONE). No operator precedence is needed for that.
 */
#include "parse/sql_reader.h"

static bool one_of(Str name, const char *const *list)
{
    for (size_t i = 0; list[i]; i++) {
        if (sql_name_is(name, list[i]))
            return true;
    }
    return false;
}

void begin_item(Reader *reader, Frame *frame)
{
    frame->item_start = reader->at;
    frame->item_use = 0;
    frame->item_alias = (Str){0};
    frame->operand = false;
}

/* Takes the next name of WITH x (a, b). */
static Str next_given_name(Reader *reader, Frame *frame)
{
    const SqlToken *token = &reader->tokens.items[frame->names_at];
    if (token->kind != SQL_TOKEN_NAME) {
        frame->names_at = 0;
        return (Str){0};
    }
    frame->names_at += token[1].kind == SQL_TOKEN_COMMA ? 2 : 1;
    return token_text(reader, token);
}

void finish_item(Reader *reader, Frame *frame)
{
    if (frame->clause != CLAUSE_SELECT || frame->item_start == reader->at ||
        frame->kind == FRAME_GROUP)
        return;
    Output output = {.name = frame->item_alias, .use = frame->item_use};
    output.alias = output.name.length > 0;
    Str given = frame->names_at ? next_given_name(reader, frame) : (Str){0};
    if (given.length)
        output.name = given;
    if (!output.name.length && output.use)
        output.name = reader->scopes.uses.items[output.use - 1].ref.column;
    if (output.name.length)
        scope_add_output(&reader->scopes, frame->scope, output);
    frame->item_use = 0;
    frame->item_alias = (Str){0};
}

void read_type(Reader *reader)
{
    uint8_t kind = token_at(reader, 0)->kind;
    if (kind != SQL_TOKEN_NAME && kind != SQL_TOKEN_HOLE)
        return;
    read_chain(reader);
    if (word_at(reader, 0) == WORD_PRECISION || sql_name_is(token_text(reader, token_at(reader, 0)),
                                                            "varying"))
        reader->at++;
    if (token_at(reader, 0)->kind == SQL_TOKEN_OPEN)
        skip_parens(reader);
    SqlWord word = word_at(reader, 0);
    bool zone = sql_name_is(token_text(reader, token_at(reader, 1)), "time");
    if ((word == WORD_WITH || word == WORD_WITHOUT) && zone)
        reader->at += 3;
}

/* AS alias, or the type in CAST(x AS type). */
static void read_as(Reader *reader, Frame *frame)
{
    reader->at++;
    if (frame->kind == FRAME_GROUP) {
        read_type(reader);
        frame->operand = true;
        return;
    }
    const SqlToken *alias = token_at(reader, 0);
    if (alias->kind != SQL_TOKEN_NAME && alias->kind != SQL_TOKEN_STRING &&
        alias->kind != SQL_TOKEN_HOLE)
        return;
    frame->item_alias = alias->kind == SQL_TOKEN_HOLE ? (Str){0} : token_text(reader, alias);
    if (alias->kind == SQL_TOKEN_HOLE)
        frame->item_use = 0;
    reader->at++;
    frame->operand = true;
}

/* ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW: no columns in it. */
static bool read_window_frame(Reader *reader, Frame *frame)
{
    static const char *const UNITS[] = {"rows", "range", "groups", NULL};
    static const char *const BOUNDS[] = {"unbounded", "current", "between", NULL};
    const SqlToken *next = token_at(reader, 1);
    if (frame->kind != FRAME_GROUP || !one_of(token_text(reader, token_at(reader, 0)), UNITS))
        return false;
    if (next->kind != SQL_TOKEN_NUMBER && !one_of(token_text(reader, next), BOUNDS))
        return false;
    frame->clause = CLAUSE_SKIP;
    return true;
}

/* Words that mean something inside brackets: OVER (PARTITION BY ...), TRIM(x FROM y). */
static bool read_group_word(Reader *reader, Frame *frame, SqlWord word)
{
    if (frame->kind != FRAME_GROUP)
        return false;
    switch (word) {
    case WORD_PARTITION:
    case WORD_ORDER:
    case WORD_GROUP:
        if (word_at(reader, 1) != WORD_BY)
            return false;
        reader->at += 2;
        break;
    case WORD_WHERE:
        reader->at++;
        break;
    case WORD_USING: /* CONVERT(x USING utf8) */
        reader->at += 2;
        frame->operand = true;
        return true;
    case WORD_FROM:
    case WORD_FOR:
        if (!frame->operand)
            return false;
        reader->at++;
        break;
    default:
        return false;
    }
    frame->operand = false;
    return true;
}

/* CASE, AND, NULL ...: words that are no names. */
static bool read_operator_word(Reader *reader, Frame *frame, SqlWord word)
{
    unsigned flags = sql_word_flags(word);
    bool named = token_at(reader, 1)->kind == SQL_TOKEN_DOT;
    if (named || !(flags & (WORD_OPERATOR | WORD_VALUE)))
        return false;
    if (word == WORD_CASE)
        frame->case_depth++;
    if (word == WORD_END && frame->case_depth)
        frame->case_depth--;
    frame->operand = (flags & WORD_VALUE) != 0;
    frame->item_use = 0;
    reader->at++;
    return true;
}

static CallKind call_kind(Str name)
{
    static const char *const ROWS[] = {"to_json",   "to_jsonb",   "row_to_json", "json_agg",
                                       "jsonb_agg", "array_agg", "hstore",      NULL};
    static const char *const UNITS[] = {"extract",   "timestampdiff", "timestampadd", "dateadd",
                                        "datediff",  "date_diff",     "datepart",     "datename",
                                        "date_trunc", "date_add",     "date_sub",
                                        "timestamp_diff", "timestamp_trunc", NULL};
    return one_of(name, ROWS) ? CALL_ROW : one_of(name, UNITS) ? CALL_UNIT : CALL_PLAIN;
}

/* EXTRACT(year FROM x), DATEDIFF(day, a, b), DATE_TRUNC(x, MONTH) */
static bool is_unit(const Reader *reader, const Frame *frame)
{
    static const char *const UNITS[] = {
        "microsecond", "millisecond", "second", "minute", "hour", "day",  "week",    "month",
        "quarter",     "year",        "epoch",  "dow",    "doy",  "decade", "isodow", "isoyear",
        "century",     "date",        "weekday", NULL};
    const SqlToken *next = token_at(reader, 1);
    bool alone = next->kind == SQL_TOKEN_COMMA || next->kind == SQL_TOKEN_CLOSE ||
                 word_at(reader, 1) == WORD_FROM;
    return frame->call == CALL_UNIT && alone &&
           one_of(token_text(reader, token_at(reader, 0)), UNITS);
}

/* DATE '2020-01-01', ARRAY[1], argument => 1 */
static bool follows_as_literal(const Reader *reader, const Frame *frame, Chain chain)
{
    static const char *const TYPES[] = {"date", "time", "timestamp", "timestamptz", NULL};
    const SqlToken *next = token_at(reader, 0);
    Str name = token_text(reader, chain.last), sign = token_text(reader, next);
    if (next->kind == SQL_TOKEN_STRING)
        return sign.length && (frame->clause != CLAUSE_SELECT || one_of(name, TYPES));
    if (next->kind != SQL_TOKEN_OPERATOR)
        return false;
    return str_eq_c(sign, "=>") || str_eq_c(sign, ":=") ||
           (str_eq_c(sign, "[") && sql_name_is(name, "array"));
}

/* True if what follows the names makes them something else than a column. */
static bool read_non_column(Reader *reader, Frame *frame, Chain chain)
{
    const SqlToken *next = token_at(reader, 0);
    bool prefix = frame->access == SQL_DECLARE && token_at(reader, 1)->kind == SQL_TOKEN_NUMBER &&
                  token_at(reader, 2)->kind == SQL_TOKEN_CLOSE;
    if (next->kind == SQL_TOKEN_OPEN && !prefix) {
        reader->call = (uint8_t)call_kind(token_text(reader, chain.last));
        frame->operand = false;
        return true;
    }
    if (next->kind == SQL_TOKEN_OPEN) { /* an index over the first bytes: name(10) */
        add_column(reader, chain, SQL_DECLARE, 0);
        reader->at += 3;
        frame->operand = true;
        return true;
    }
    return chain.parts == 1 && !chain.first->quoted && follows_as_literal(reader, frame, chain);
}

/* After an operand: an alias, or a word without meaning for us. */
static void read_after_operand(Reader *reader, Frame *frame)
{
    const SqlToken *token = token_at(reader, 0);
    if (frame->clause == CLAUSE_SELECT && frame->kind != FRAME_GROUP && !frame->item_alias.length)
        frame->item_alias = token_text(reader, token);
    read_chain(reader);
}

/* The query passes its tables' columns through. */
static void mark_star(Reader *reader, const Frame *frame)
{
    ScopeId head = scope_at(&reader->scopes, frame->scope)->head;
    scope_at(&reader->scopes, head)->star = true;
}

/* A hole may be a whole clause: what follows is a column if it is compared. */
static bool begins_operand(const Reader *reader, const Frame *frame)
{
    const SqlToken *token = token_at(reader, 0);
    bool after_hole = reader->at > 0 && token[-1].kind == SQL_TOKEN_HOLE && !token[-1].quoted;
    if (!frame->operand || !after_hole || frame->clause == CLAUSE_SELECT)
        return !frame->operand;
    const SqlToken *next = token_at(reader, 1);
    unsigned flags = sql_word_flags(word_at(reader, 1));
    return next->kind == SQL_TOKEN_DOT || next->kind == SQL_TOKEN_OPERATOR ||
           (flags & (WORD_OPERATOR | WORD_NO_ALIAS)) == (WORD_OPERATOR | WORD_NO_ALIAS);
}

static void read_column(Reader *reader, Frame *frame)
{
    bool whole_item = reader->at == frame->item_start && frame->clause == CLAUSE_SELECT;
    Chain chain = read_chain(reader);
    frame->item_use = 0;
    if (read_non_column(reader, frame, chain))
        return;
    bool target = frame->clause == CLAUSE_SET && frame->target;
    unsigned flags = frame->outputs ? USE_OUTPUT : 0;
    if (frame->call == CALL_ROW)
        flags |= USE_ROW_ARG;
    if (target && frame->one_target && !chain.qualifier)
        flags |= USE_TARGET;
    UseId use = add_column(reader, chain, target ? SQL_WRITE : (SqlAccess)frame->access, flags);
    frame->operand = true;
    if (chain.last->kind == SQL_TOKEN_STAR && frame->clause == CLAUSE_SELECT)
        mark_star(reader, frame);
    else if (whole_item)
        frame->item_use = use;
}

void read_expression_name(Reader *reader, Frame *frame)
{
    SqlWord word = word_at(reader, 0);
    if (word == WORD_AS) {
        read_as(reader, frame);
        return;
    }
    if (read_group_word(reader, frame, word) || read_operator_word(reader, frame, word) ||
        read_window_frame(reader, frame))
        return;
    if (!begins_operand(reader, frame)) {
        read_after_operand(reader, frame);
        return;
    }
    if (is_unit(reader, frame)) {
        reader->at++;
        frame->operand = true;
        return;
    }
    read_column(reader, frame);
}

void read_star(Reader *reader, Frame *frame)
{
    const SqlToken *star = token_at(reader, 0);
    reader->at++;
    frame->item_use = 0;
    if (frame->operand) {
        frame->operand = false;
        return;
    }
    frame->operand = true;
    if (frame->clause != CLAUSE_SELECT || frame->kind == FRAME_GROUP)
        return; /* count(*) */
    add_row(reader, star, SQL_QUERY);
    mark_star(reader, frame);
    SqlWord next = word_at(reader, 0);
    bool listed = next == WORD_EXCEPT || next == WORD_EXCLUDE;
    if (listed && token_at(reader, 1)->kind == SQL_TOKEN_OPEN &&
        word_at(reader, 2) != WORD_SELECT) {
        reader->at++;
        read_names(reader, SQL_QUERY, 0, NULL);
    }
}
