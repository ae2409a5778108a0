/*
 * The clauses of a query: the words that start them, FROM lists and WITH.
 *
 * Many clause words are columns somewhere (`offset`, `limit`, `window`): those
 * count only after an operand, where no column can stand.
 */
#include "parse/sql_reader.h"

static ScopeId head_of(Reader *reader, const Frame *frame)
{
    return scope_at(&reader->scopes, frame->scope)->head;
}

void open_query_scope(Reader *reader, Frame *frame)
{
    if (frame->fresh)
        return;
    if (frame->scope != frame->base)
        scope_close(&reader->scopes, frame->scope);
    frame->scope = scope_open(&reader->scopes, frame->base);
    frame->fresh = true;
}

void start_select(Reader *reader, Frame *frame)
{
    reader->at++;
    open_query_scope(reader, frame);
    frame->fresh = false;
    enter_clause(frame, CLAUSE_SELECT, SQL_QUERY);
    while (word_at(reader, 0) == WORD_DISTINCT || word_at(reader, 0) == WORD_ALL)
        reader->at++;
    frame->distinct_on = skip_word(reader, WORD_ON);
    if (word_at(reader, 0) == WORD_TOP && token_at(reader, 1)->kind == SQL_TOKEN_NUMBER)
        reader->at += 2;
    begin_item(reader, frame);
}

/* name AS ( or name (a, b) AS ( */
bool at_cte(const Reader *reader, uint32_t ahead)
{
    if (word_at(reader, ahead) == WORD_RECURSIVE)
        return true;
    uint8_t kind = token_at(reader, ahead)->kind;
    if (kind != SQL_TOKEN_NAME && kind != SQL_TOKEN_HOLE)
        return false;
    return word_at(reader, ahead + 1) == WORD_AS ||
           token_at(reader, ahead + 1)->kind == SQL_TOKEN_OPEN;
}

void read_cte(Reader *reader, Frame *frame)
{
    bool recursive = skip_word(reader, WORD_RECURSIVE) || frame->recursive;
    frame->recursive = recursive;
    Str name = token_text(reader, token_at(reader, 0));
    uint32_t names_at = 0;
    reader->at++;
    if (token_at(reader, 0)->kind == SQL_TOKEN_OPEN) {
        names_at = reader->at + 1;
        skip_parens(reader);
    }
    bool as = skip_word(reader, WORD_AS);
    skip_word(reader, WORD_NOT);
    skip_word(reader, WORD_MATERIALIZED);
    if (!as || token_at(reader, 0)->kind != SQL_TOKEN_OPEN || reader->depth == SQL_DEEPEST) {
        frame->clause = CLAUSE_START;
        return;
    }
    frame->clause = CLAUSE_WITH;
    reader->at++;
    Frame *body = push_frame(reader, FRAME_QUERY, CLAUSE_START);
    body->names_at = names_at;
    scope_at(&reader->scopes, body->scope)->hidden = !recursive;
    scope_add_cte(&reader->scopes, body->outer, name, body->scope);
}

Str read_alias(Reader *reader)
{
    bool as = skip_word(reader, WORD_AS);
    const SqlToken *token = token_at(reader, 0);
    if (token->kind != SQL_TOKEN_NAME)
        return (Str){0};
    if (!as && !token->quoted && (sql_word_flags((SqlWord)token->word) & WORD_NO_ALIAS))
        return (Str){0};
    reader->at++;
    return token_text(reader, token);
}

static void list_table(Reader *reader, const SqlToken *token, SqlAccess access)
{
    array_push(&reader->tables,
               ((SqlTable){.start = token->start,
                           .end = token->end,
                           .name = token_text(reader, token),
                           .hole = token->kind == SQL_TOKEN_HOLE ? token->hole : SQL_NO_HOLE,
                           .access = access}));
}

void add_table(Reader *reader, Chain chain, SqlAccess access, Str alias)
{
    ScopeId scope = top_frame(reader)->scope;
    ScopeTable table = {.name = token_text(reader, chain.last), .hole = SQL_NO_HOLE};
    if (chain.last->kind == SQL_TOKEN_HOLE)
        table.hole = chain.last->hole;
    if (chain.parts == 1 && access == SQL_READ)
        table.query = scope_find_cte(&reader->scopes, scope, table.name);
    if (!table.query)
        list_table(reader, chain.last, access);
    scope_add_table(&reader->scopes, scope, table, alias);
}

/* After a table or subquery: its alias, and the columns the alias renames. */
static Str read_from_alias(Reader *reader, bool *renamed)
{
    Str alias = read_alias(reader);
    *renamed = alias.length && token_at(reader, 0)->kind == SQL_TOKEN_OPEN;
    if (*renamed)
        skip_parens(reader);
    return alias;
}

void close_from_item(Reader *reader, Frame *frame)
{
    bool renamed = false;
    if (!frame->function && !frame->subquery)
        return;
    ScopeTable table = {.hole = SQL_NO_HOLE, .query = frame->subquery};
    if (frame->function && sql_name_is(token_text(reader, token_at(reader, 1)), "ordinality"))
        reader->at += 2;
    Str alias = read_from_alias(reader, &renamed);
    if (renamed || !table.query) {
        table.query = 0;
        table.opaque = true;
    }
    scope_add_table(&reader->scopes, frame->scope, table, alias);
    frame->function = false;
    frame->subquery = 0;
    frame->operand = true;
}

void read_from_name(Reader *reader, Frame *frame)
{
    SqlWord word = word_at(reader, 0);
    bool opens = token_at(reader, 1)->kind == SQL_TOKEN_OPEN;
    if (frame->operand || word == WORD_ONLY || (word == WORD_TABLE && !opens)) {
        reader->at++;
        return;
    }
    Chain chain = read_chain(reader);
    if (token_at(reader, 0)->kind == SQL_TOKEN_OPEN && chain.last->kind == SQL_TOKEN_NAME) {
        frame->function = true;
        return;
    }
    bool renamed;
    Str alias = read_from_alias(reader, &renamed);
    const SqlToken *next = token_at(reader, 0);
    if (!alias.length && next->kind == SQL_TOKEN_HOLE &&
        token_at(reader, 1)->kind != SQL_TOKEN_DOT) {
        /* #{table} #{alias} ON ...; or further joins, unless something shows it is an alias */
        SqlWord after = word_at(reader, 1);
        alias = token_text(reader, next);
        reader->at++;
        scope_at(&reader->scopes, frame->scope)->open |=
            after != WORD_ON && after != WORD_SET && after != WORD_USING && !next->quoted;
    }
    add_table(reader, chain, frame->writing ? SQL_WRITE : SQL_READ, alias);
    frame->writing = false;
    frame->operand = true;
}

static bool enter_from(Reader *reader, Frame *frame)
{
    /* IS [NOT] DISTINCT FROM */
    const SqlToken *token = token_at(reader, 0);
    if (reader->at > 1 && token[-1].word == WORD_DISTINCT &&
        (token[-2].word == WORD_IS || token[-2].word == WORD_NOT)) {
        frame->operand = false;
        reader->at++;
        return true;
    }
    finish_item(reader, frame);
    reader->at++;
    enter_clause(frame, CLAUSE_FROM, SQL_QUERY);
    frame->joining = true;
    return true;
}

static bool enter_condition(Reader *reader, Frame *frame)
{
    SqlWord word = word_at(reader, 0);
    SqlAccess access = frame->access == SQL_DECLARE ? SQL_DECLARE : SQL_QUERY;
    finish_item(reader, frame);
    reader->at++;
    enter_clause(frame, CLAUSE_EXPR, access);
    frame->outputs = word == WORD_HAVING || word == WORD_QUALIFY;
    return true;
}

static bool enter_soft_condition(Reader *reader, Frame *frame)
{
    return frame->operand && enter_condition(reader, frame);
}

/* ORDER BY, GROUP BY ...; GROUP BY prefers a table's column to an output of the same name. */
static bool enter_list(Reader *reader, Frame *frame)
{
    SqlWord word = word_at(reader, 0);
    if (word_at(reader, 1) != WORD_BY)
        return false;
    finish_item(reader, frame);
    reader->at += 2;
    enter_clause(frame, CLAUSE_EXPR, frame->access == SQL_DECLARE ? SQL_DECLARE : SQL_QUERY);
    frame->outputs = word == WORD_ORDER || word == WORD_SORT;
    return true;
}

static bool enter_rest(Reader *reader, Frame *frame)
{
    if (!frame->operand)
        return false;
    finish_item(reader, frame);
    reader->at++;
    enter_clause(frame, CLAUSE_REST, SQL_QUERY);
    return true;
}

/* SELECT ... INTO variables or a new table: names that are no columns, then FROM. */
static bool enter_into(Reader *reader, Frame *frame)
{
    if (!frame->operand || frame->clause != CLAUSE_SELECT)
        return enter_rest(reader, frame);
    finish_item(reader, frame);
    reader->at++;
    enter_clause(frame, CLAUSE_REST, SQL_QUERY);
    frame->declared = 0;
    return true;
}

static bool enter_union(Reader *reader, Frame *frame)
{
    bool lists_columns = token_at(reader, 1)->kind == SQL_TOKEN_OPEN && !frame->operand;
    if (lists_columns || (word_at(reader, 0) == WORD_MINUS && !frame->operand))
        return false;
    finish_item(reader, frame);
    reader->at++;
    while (word_at(reader, 0) == WORD_ALL || word_at(reader, 0) == WORD_DISTINCT)
        reader->at++;
    ScopeId head = head_of(reader, frame);
    ScopeId parent = scope_at(&reader->scopes, frame->scope)->parent;
    bool implied = scope_at(&reader->scopes, frame->scope)->implied;
    if (implied)
        parent = frame->scope; /* a fragment's own scope stays open to its end */
    else
        scope_close(&reader->scopes, frame->scope);
    frame->scope = scope_open(&reader->scopes, parent);
    scope_at(&reader->scopes, frame->scope)->head = head;
    frame->fresh = true;
    enter_clause(frame, CLAUSE_START, SQL_QUERY);
    return true;
}

static bool is_join_word(SqlWord word)
{
    static const unsigned char WORDS[] = {WORD_JOIN,    WORD_INNER, WORD_LEFT,  WORD_RIGHT,
                                          WORD_FULL,    WORD_CROSS, WORD_OUTER, WORD_NATURAL,
                                          WORD_LATERAL, WORD_ANTI,  WORD_SEMI,  WORD_ASOF,
                                          WORD_ANY,     WORD_ALL,   WORD_GLOBAL};
    for (size_t i = 0; i < sizeof WORDS; i++) {
        if (word == WORDS[i])
            return true;
    }
    return false;
}

/* LEFT OUTER JOIN LATERAL ...: up to the joined table. */
static bool enter_join(Reader *reader, Frame *frame)
{
    uint32_t length = 0;
    bool joins = false;
    while (is_join_word(word_at(reader, length)) || word_at(reader, length) == WORD_STRAIGHT_JOIN) {
        SqlWord word = word_at(reader, length);
        joins |= word == WORD_JOIN || word == WORD_STRAIGHT_JOIN || word == WORD_LATERAL;
        length++;
    }
    if (sql_name_is(token_text(reader, token_at(reader, length)), "apply")) {
        joins = true;
        length++;
    }
    if (!joins)
        return false;
    finish_item(reader, frame);
    bool hive_view = word_at(reader, length) == WORD_VIEW;
    reader->at += length + hive_view;
    skip_word(reader, WORD_OUTER);
    enter_clause(frame, CLAUSE_FROM, SQL_QUERY);
    frame->joining = true;
    return true;
}

static void return_to_target(Reader *reader, Frame *frame)
{
    if (!frame->target_scope || frame->scope == frame->target_scope)
        return;
    scope_close(&reader->scopes, frame->scope);
    frame->scope = frame->target_scope;
}

/* ON condition; ON CONFLICT ... DO UPDATE; ON DUPLICATE KEY UPDATE */
static bool enter_on(Reader *reader, Frame *frame)
{
    SqlWord next = word_at(reader, 1);
    if (next == WORD_DUPLICATE) {
        return_to_target(reader, frame);
        reader->at += 4;
        enter_clause(frame, CLAUSE_SET, SQL_QUERY);
        frame->target = frame->one_target = true;
        return true;
    }
    if (next == WORD_CONFLICT) {
        finish_item(reader, frame);
        return_to_target(reader, frame);
        bool constraint = word_at(reader, 2) == WORD_ON && word_at(reader, 3) == WORD_CONSTRAINT;
        reader->at += constraint ? 5 : 2;
        enter_clause(frame, CLAUSE_REST, SQL_QUERY);
        return true;
    }
    reader->at++;
    enter_clause(frame, CLAUSE_EXPR, SQL_QUERY);
    frame->joining = true;
    return true;
}

/* USING (a, b) of a join; USING table of DELETE and MERGE. */
static bool enter_using(Reader *reader, Frame *frame)
{
    if (frame->clause != CLAUSE_FROM && frame->clause != CLAUSE_EXPR)
        return false;
    reader->at++;
    if (token_at(reader, 0)->kind != SQL_TOKEN_OPEN || word_at(reader, 1) == WORD_SELECT) {
        enter_clause(frame, CLAUSE_FROM, SQL_QUERY);
        return true;
    }
    size_t first = reader->scopes.uses.count;
    read_names(reader, SQL_QUERY, 0, NULL);
    for (size_t i = first; i < reader->scopes.uses.count; i++)
        reader->scopes.uses.items[i].ref.all_tables = true;
    frame->operand = true;
    return true;
}

static bool enter_set(Reader *reader, Frame *frame)
{
    bool insert = frame->clause == CLAUSE_REST;
    if (frame->clause != CLAUSE_FROM && !insert && frame->clause != CLAUSE_EXPR)
        return false;
    reader->at++;
    bool single = scope_at(&reader->scopes, frame->scope)->table_count <= 1;
    enter_clause(frame, CLAUSE_SET, SQL_QUERY);
    frame->target = true;
    frame->one_target = single || insert || frame->merge;
    return true;
}

bool enter_values(Reader *reader, Frame *frame)
{
    if (frame->clause != CLAUSE_REST && frame->clause != CLAUSE_START)
        return false;
    reader->at++;
    frame->fresh = false;
    enter_clause(frame, CLAUSE_EXPR, SQL_QUERY);
    return true;
}

static bool enter_returning(Reader *reader, Frame *frame)
{
    if (!frame->operand)
        return false;
    finish_item(reader, frame);
    return_to_target(reader, frame);
    reader->at++;
    enter_clause(frame, CLAUSE_SELECT, SQL_QUERY);
    begin_item(reader, frame);
    return true;
}

static bool enter_with(Reader *reader, Frame *frame)
{
    reader->at++;
    if (token_at(reader, 0)->kind == SQL_TOKEN_OPEN) /* (NOLOCK), (fillfactor = 70) */
        skip_parens(reader);
    else if (frame->clause == CLAUSE_REST && frame->target_scope && at_cte(reader, 0))
        read_cte(reader, frame); /* INSERT INTO t WITH x AS (...) SELECT */
    else if (token_at(reader, 0)->kind == SQL_TOKEN_NAME)
        reader->at++;
    return true;
}

static bool enter_query(Reader *reader, Frame *frame)
{
    finish_item(reader, frame);
    start_select(reader, frame);
    return true;
}

/* WHEN MATCHED AND ... THEN UPDATE SET ... | INSERT (...) VALUES ... | DELETE */
static bool enter_when(Reader *reader, Frame *frame)
{
    if (!frame->merge || frame->case_depth)
        return false;
    if (word_at(reader, 0) == WORD_WHEN) {
        static const char *const NOISE[] = {"not", "matched", "by", "source", "target"};
        size_t i = 0;
        reader->at++;
        while (i < sizeof NOISE / sizeof *NOISE) {
            bool found = sql_name_is(token_text(reader, token_at(reader, 0)), NOISE[i++]);
            reader->at += found;
        }
        enter_clause(frame, CLAUSE_EXPR, SQL_QUERY);
        return true;
    }
    reader->at++;
    enter_clause(frame, CLAUSE_REST, SQL_QUERY);
    if (skip_word(reader, WORD_INSERT) && token_at(reader, 0)->kind == SQL_TOKEN_OPEN)
        read_names(reader, SQL_WRITE, USE_TARGET, NULL);
    return true;
}

/* LOOP, THEN, ELSE of procedural code end the statement before them. */
static bool enter_code(Reader *reader, Frame *frame)
{
    if (frame->case_depth || frame->kind != FRAME_STATEMENT || !reader->scopes.whole)
        return false;
    reader->at++;
    end_statement(reader);
    return true;
}

static bool enter_then(Reader *reader, Frame *frame)
{
    return enter_when(reader, frame) || enter_code(reader, frame);
}

static bool skip_hint(Reader *reader, Frame *frame)
{
    if (frame->clause != CLAUSE_FROM || !frame->operand)
        return false;
    while (token_at(reader, 0)->kind == SQL_TOKEN_NAME)
        reader->at++;
    if (token_at(reader, 0)->kind == SQL_TOKEN_OPEN)
        skip_parens(reader);
    return true;
}

/* The clauses that a definition may have; ON DELETE SET NULL is none. */
static bool in_definition(SqlWord word)
{
    return word == WORD_WHERE || word == WORD_SELECT || word == WORD_WITH ||
           word == WORD_PARTITION || word == WORD_ORDER || word == WORD_CLUSTER;
}

bool read_clause_word(Reader *reader, Frame *frame)
{
    static bool (*const RULES[WORD_COUNT])(Reader *, Frame *) = {
        [WORD_SELECT] = enter_query, [WORD_FROM] = enter_from, [WORD_WHERE] = enter_condition,
        [WORD_HAVING] = enter_condition, [WORD_QUALIFY] = enter_soft_condition,
        [WORD_LIMIT] = enter_soft_condition, [WORD_OFFSET] = enter_soft_condition,
        [WORD_ORDER] = enter_list, [WORD_GROUP] = enter_list, [WORD_SORT] = enter_list,
        [WORD_CLUSTER] = enter_list, [WORD_DISTRIBUTE] = enter_list, [WORD_PARTITION] = enter_list,
        [WORD_FETCH] = enter_rest, [WORD_FOR] = enter_rest, [WORD_WINDOW] = enter_rest,
        [WORD_INTO] = enter_into, [WORD_UNION] = enter_union, [WORD_INTERSECT] = enter_union,
        [WORD_EXCEPT] = enter_union, [WORD_MINUS] = enter_union, [WORD_JOIN] = enter_join,
        [WORD_INNER] = enter_join, [WORD_LEFT] = enter_join, [WORD_RIGHT] = enter_join,
        [WORD_FULL] = enter_join, [WORD_CROSS] = enter_join, [WORD_OUTER] = enter_join,
        [WORD_NATURAL] = enter_join, [WORD_LATERAL] = enter_join, [WORD_ANTI] = enter_join,
        [WORD_SEMI] = enter_join, [WORD_ASOF] = enter_join, [WORD_STRAIGHT_JOIN] = enter_join,
        [WORD_ON] = enter_on, [WORD_USING] = enter_using, [WORD_SET] = enter_set,
        [WORD_VALUES] = enter_values, [WORD_RETURNING] = enter_returning, [WORD_WITH] = enter_with,
        [WORD_WHEN] = enter_when, [WORD_THEN] = enter_then, [WORD_ELSE] = enter_code,
        [WORD_ELSIF] = enter_code, [WORD_LOOP] = enter_code, [WORD_USE] = skip_hint,
        [WORD_FORCE] = skip_hint, [WORD_IGNORE] = skip_hint, [WORD_TABLESAMPLE] = skip_hint,
        [WORD_PIVOT] = skip_hint, [WORD_UNPIVOT] = skip_hint,
    };
    SqlWord word = word_at(reader, 0);
    uint8_t next = token_at(reader, 1)->kind;
    bool function = next == SQL_TOKEN_OPEN && (word == WORD_LEFT || word == WORD_RIGHT);
    if (frame->clause == CLAUSE_REST && frame->access == SQL_DECLARE && !in_definition(word))
        return false;
    return RULES[word] && next != SQL_TOKEN_DOT && !function && RULES[word](reader, frame);
}
