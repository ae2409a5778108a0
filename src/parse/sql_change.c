/*
 * How statements begin: INSERT, UPDATE, DELETE, MERGE, and the queries. Heads
 * are read in one go, since they hold names only; everything with expressions
 * in it is left to the driver's loop.
 */
#include "parse/sql_reader.h"

enum { LONGEST_HEAD = 64 }; /* tokens looked at for DELETE a, b FROM */

static bool at_name(const Reader *reader)
{
    uint8_t kind = token_at(reader, 0)->kind;
    return kind == SQL_TOKEN_NAME || kind == SQL_TOKEN_HOLE;
}

/* INSERT [INTO] t [(columns)]; also REPLACE. */
static bool start_insert(Reader *reader, Frame *frame)
{
    uint32_t ahead = 1;
    while (ahead < 5 && token_at(reader, ahead)->kind == SQL_TOKEN_NAME &&
           word_at(reader, ahead) != WORD_INTO && word_at(reader, ahead) != WORD_OVERWRITE)
        ahead++;
    bool into = word_at(reader, ahead) == WORD_INTO || word_at(reader, ahead) == WORD_OVERWRITE;
    reader->at += into ? ahead + 1 : 1;
    skip_word(reader, WORD_TABLE);
    if (!at_name(reader))
        return false;
    Chain chain = read_chain(reader);
    add_table(reader, chain, SQL_WRITE, read_alias(reader));
    ScopeTable excluded = {.name = token_text(reader, chain.last), .hole = SQL_NO_HOLE};
    if (chain.last->kind == SQL_TOKEN_HOLE)
        excluded.hole = chain.last->hole;
    scope_add_table(&reader->scopes, frame->scope, excluded, str_lit("excluded"));
    frame->target_scope = frame->scope;
    frame->fresh = false;
    enter_clause(frame, CLAUSE_REST, SQL_QUERY);
    bool query = word_at(reader, 1) == WORD_SELECT || word_at(reader, 1) == WORD_WITH;
    if (token_at(reader, 0)->kind == SQL_TOKEN_OPEN && !query) {
        read_names(reader, SQL_WRITE, USE_TARGET, NULL);
    } else if (query || word_at(reader, 0) == WORD_VALUES || word_at(reader, 0) == WORD_SELECT) {
        UseId row = add_row(reader, chain.last, SQL_WRITE);
        reader->scopes.uses.items[row - 1].flags |= USE_TARGET;
    }
    return true;
}

static bool start_update(Reader *reader, Frame *frame)
{
    reader->at++;
    while (word_at(reader, 0) == WORD_ONLY || word_at(reader, 0) == WORD_IGNORE ||
           word_at(reader, 0) == WORD_LOW_PRIORITY)
        reader->at++;
    enter_clause(frame, CLAUSE_FROM, SQL_QUERY);
    frame->fresh = false;
    frame->writing = frame->joining = true;
    return true;
}

static bool start_delete(Reader *reader, Frame *frame)
{
    for (uint32_t i = 1; i < LONGEST_HEAD; i++) {
        uint8_t kind = token_at(reader, i)->kind;
        if (word_at(reader, i) == WORD_FROM) {
            reader->at += i;
            break;
        }
        if (kind != SQL_TOKEN_NAME && kind != SQL_TOKEN_COMMA && kind != SQL_TOKEN_DOT &&
            kind != SQL_TOKEN_STAR && kind != SQL_TOKEN_HOLE)
            break;
    }
    return start_update(reader, frame);
}

static bool start_merge(Reader *reader, Frame *frame)
{
    reader->at++;
    skip_word(reader, WORD_INTO);
    if (!at_name(reader))
        return false;
    Chain chain = read_chain(reader);
    add_table(reader, chain, SQL_WRITE, read_alias(reader));
    frame->fresh = false;
    frame->merge = true;
    enter_clause(frame, CLAUSE_FROM, SQL_QUERY);
    frame->operand = true;
    return true;
}

static bool start_with(Reader *reader, Frame *frame)
{
    if (!at_cte(reader, 1))
        return false;
    reader->at++;
    read_cte(reader, frame);
    return true;
}

/* Is this UPDATE, INSERT ... a statement's first word, and not part of some other phrase? */
static bool begins_change(const Reader *reader, SqlWord word)
{
    switch (word) {
    case WORD_INSERT:
    case WORD_REPLACE:
    case WORD_MERGE:
    case WORD_DELETE: {
        uint8_t next = token_at(reader, 1)->kind;
        return next == SQL_TOKEN_NAME || next == SQL_TOKEN_HOLE;
    }
    case WORD_UPDATE:
        for (uint32_t i = 1; i < LONGEST_HEAD; i++) {
            uint8_t kind = token_at(reader, i)->kind;
            if (word_at(reader, i) == WORD_SET)
                return i > 1;
            if (kind == SQL_TOKEN_END || kind == SQL_TOKEN_SEMICOLON || kind == SQL_TOKEN_BREAK)
                return false;
        }
        return false;
    default:
        return false;
    }
}

bool start_query_statement(Reader *reader, Frame *frame)
{
    SqlWord word = word_at(reader, 0);
    switch (word) {
    case WORD_SELECT:
    case WORD_PERFORM:
        start_select(reader, frame);
        return true;
    case WORD_WITH:
        return start_with(reader, frame);
    case WORD_VALUES:
        return token_at(reader, 1)->kind == SQL_TOKEN_OPEN && frame->clause == CLAUSE_START &&
               enter_values(reader, frame);
    default:
        break;
    }
    if (!begins_change(reader, word))
        return false;
    open_query_scope(reader, frame);
    switch (word) {
    case WORD_UPDATE:
        return start_update(reader, frame);
    case WORD_DELETE:
        return start_delete(reader, frame);
    case WORD_MERGE:
        return start_merge(reader, frame);
    default:
        return start_insert(reader, frame);
    }
}
