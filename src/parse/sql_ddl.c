/*
 * CREATE, ALTER, DROP, COMMENT, GRANT, COPY. A definition's columns are
 * declared; the columns inside its expressions (CHECK, index, policy) are
 * declared too, since the schema is what must change for them.
 *
 * The statement's table is put into the scope, and bare names resolve to it
 * when the statement ends, also those that come before it (UPDATE OF c ON t).
 */
#include "parse/sql_reader.h"

enum { LONGEST_HEAD = 24 }; /* words between CREATE and the kind of thing */

static bool at_name(const Reader *reader)
{
    uint8_t kind = token_at(reader, 0)->kind;
    return kind == SQL_TOKEN_NAME || kind == SQL_TOKEN_HOLE;
}

static bool named(const Reader *reader, uint32_t ahead, const char *name)
{
    const SqlToken *token = token_at(reader, ahead);
    return token->kind == SQL_TOKEN_NAME && !token->quoted &&
           sql_name_is(token_text(reader, token), name);
}

/* IF [NOT] EXISTS */
static void skip_if_exists(Reader *reader)
{
    if (word_at(reader, 0) != WORD_IF)
        return;
    reader->at++;
    skip_word(reader, WORD_NOT);
    skip_word(reader, WORD_EXISTS);
}

/* [IF NOT EXISTS] [ONLY] name: declared, and owner of the statement's bare names. */
static bool read_table(Reader *reader)
{
    skip_if_exists(reader);
    skip_word(reader, WORD_ONLY);
    if (!at_name(reader))
        return false;
    add_table(reader, read_chain(reader), SQL_DECLARE, (Str){0});
    top_frame(reader)->fresh = false;
    return true;
}

static bool create_table(Reader *reader, Frame *frame)
{
    if (!read_table(reader))
        return false;
    enter_clause(frame, CLAUSE_REST, SQL_DECLARE);
    bool query = word_at(reader, 1) == WORD_SELECT || word_at(reader, 1) == WORD_LIKE;
    if (token_at(reader, 0)->kind == SQL_TOKEN_OPEN && !query) {
        push_frame(reader, FRAME_DEFS, CLAUSE_ITEM)->access = SQL_DECLARE;
        reader->at++;
    }
    return true;
}

/* Up to the query: a view's own columns are outputs, not a table's. */
static bool create_view(Reader *reader, Frame *frame)
{
    skip_if_exists(reader);
    if (!at_name(reader))
        return false;
    read_chain(reader);
    if (token_at(reader, 0)->kind == SQL_TOKEN_OPEN)
        skip_parens(reader);
    enter_clause(frame, CLAUSE_REST, SQL_QUERY);
    return true;
}

/* [name] ON t [USING m] (expressions) [INCLUDE (columns)] [WHERE condition] */
static bool create_index(Reader *reader, Frame *frame)
{
    for (int i = 0; i < LONGEST_HEAD && word_at(reader, 0) != WORD_ON; i++) {
        if (!at_name(reader))
            return false;
        read_chain(reader);
    }
    if (!skip_word(reader, WORD_ON) || !read_table(reader))
        return false;
    enter_clause(frame, CLAUSE_REST, SQL_DECLARE);
    return true;
}

/* name BEFORE UPDATE OF a, b ON t ...: then code, in which NEW and OLD are rows of t. */
static bool create_trigger(Reader *reader, Frame *frame)
{
    bool columns = false;
    for (; word_at(reader, 0) != WORD_ON; reader->at++) {
        uint8_t kind = token_at(reader, 0)->kind;
        if (kind == SQL_TOKEN_END || kind == SQL_TOKEN_SEMICOLON || kind == SQL_TOKEN_BREAK)
            return false;
        if (columns && kind == SQL_TOKEN_NAME && word_at(reader, 0) != WORD_OR &&
            word_at(reader, 0) != WORD_INSERT && word_at(reader, 0) != WORD_DELETE) {
            add_column(reader, (Chain){.first = token_at(reader, 0),
                                       .last = token_at(reader, 0), .parts = 1},
                       SQL_DECLARE, 0);
        }
        columns = word_at(reader, 0) == WORD_OF || (columns && word_at(reader, 0) != WORD_OR);
    }
    reader->at++;
    if (!at_name(reader))
        return false;
    reader->scopes.trigger_table = token_text(reader, token_at(reader, 0));
    read_table(reader);
    enter_clause(frame, CLAUSE_SKIM, SQL_QUERY);
    return true;
}

/* name ON t FOR SELECT USING (condition) WITH CHECK (condition) */
static bool create_policy(Reader *reader, Frame *frame)
{
    if (!create_index(reader, frame))
        return false;
    while (at_name(reader) && word_at(reader, 0) != WORD_USING && word_at(reader, 0) != WORD_WITH)
        reader->at++;
    frame->access = SQL_QUERY;
    return true;
}

static bool start_create(Reader *reader, Frame *frame)
{
    reader->scopes.trigger_table = (Str){0};
    for (int i = 0; i < LONGEST_HEAD && at_name(reader); i++) {
        SqlWord word = word_at(reader, 0);
        reader->at++;
        switch (word) {
        case WORD_TABLE:
            return create_table(reader, frame);
        case WORD_VIEW:
            return create_view(reader, frame);
        case WORD_INDEX:
            return create_index(reader, frame);
        case WORD_TRIGGER:
            return create_trigger(reader, frame);
        case WORD_POLICY:
            return create_policy(reader, frame);
        default:
            break;
        }
        if (named(reader, 0, "function") || named(reader, 0, "procedure"))
            return false;
    }
    return false;
}

static bool start_alter(Reader *reader, Frame *frame)
{
    if (word_at(reader, 1) != WORD_TABLE && !named(reader, 2, "table"))
        return false;
    reader->at += word_at(reader, 1) == WORD_TABLE ? 2 : 3;
    if (!read_table(reader))
        return false;
    enter_clause(frame, CLAUSE_ALTER, SQL_DECLARE);
    frame->altering = true;
    return true;
}

static bool start_drop(Reader *reader, Frame *frame)
{
    if (word_at(reader, 1) != WORD_TABLE)
        return false;
    reader->at += 2;
    read_table(reader);
    enter_clause(frame, CLAUSE_SKIP, SQL_DECLARE);
    return true;
}

/* COMMENT ON COLUMN t.c IS '...' */
static bool start_comment(Reader *reader, Frame *frame)
{
    if (word_at(reader, 1) != WORD_ON || word_at(reader, 2) != WORD_COLUMN)
        return false;
    reader->at += 3;
    if (!at_name(reader))
        return false;
    Chain chain = read_chain(reader);
    UseId id = add_column(reader, chain, SQL_DECLARE, 0);
    if (id && chain.qualifier)
        use_set_owner(&reader->scopes, &reader->scopes.uses.items[id - 1],
                      token_text(reader, chain.qualifier), chain.qualifier->hole);
    enter_clause(frame, CLAUSE_SKIP, SQL_DECLARE);
    return true;
}

/* GRANT SELECT (a), UPDATE (b) ON t TO role */
static bool start_grant(Reader *reader, Frame *frame)
{
    while (word_at(reader, 0) != WORD_ON) {
        uint8_t kind = token_at(reader, 0)->kind;
        if (kind == SQL_TOKEN_END || kind == SQL_TOKEN_SEMICOLON)
            return false;
        if (kind == SQL_TOKEN_OPEN)
            read_names(reader, SQL_DECLARE, 0, NULL);
        else
            reader->at++;
    }
    reader->at++;
    skip_word(reader, WORD_TABLE);
    read_table(reader);
    enter_clause(frame, CLAUSE_SKIP, SQL_DECLARE);
    return true;
}

/* COPY t (columns) FROM ... writes; TO reads. COPY (query) TO. */
static bool start_copy(Reader *reader, Frame *frame)
{
    reader->at++;
    enter_clause(frame, CLAUSE_SKIP, SQL_QUERY);
    if (!at_name(reader)) {
        frame->clause = CLAUSE_SKIM;
        return true;
    }
    Chain chain = read_chain(reader);
    add_table(reader, chain, SQL_WRITE, (Str){0});
    size_t first = reader->scopes.uses.count;
    if (token_at(reader, 0)->kind == SQL_TOKEN_OPEN)
        read_names(reader, SQL_WRITE, 0, NULL);
    else
        add_row(reader, chain.last, SQL_WRITE);
    for (size_t i = first; word_at(reader, 0) == WORD_TO && i < reader->scopes.uses.count; i++)
        reader->scopes.uses.items[i].ref.access = SQL_QUERY;
    return true;
}

bool start_definition(Reader *reader, Frame *frame)
{
    static bool (*const STARTS[WORD_COUNT])(Reader *, Frame *) = {
        [WORD_CREATE] = start_create,   [WORD_ALTER] = start_alter, [WORD_DROP] = start_drop,
        [WORD_COMMENT] = start_comment, [WORD_GRANT] = start_grant, [WORD_REVOKE] = start_grant,
        [WORD_COPY] = start_copy,       [WORD_TRUNCATE] = start_drop,
    };
    SqlWord word = word_at(reader, 0);
    uint32_t at = reader->at;
    if (!STARTS[word])
        return false;
    if (STARTS[word](reader, frame))
        return true;
    if (reader->at == at)
        reader->at++;
    frame->clause = CLAUSE_SKIM;
    return true;
}

/* Is this the start of a table constraint, and not a column named `key`? */
static bool at_constraint(const Reader *reader)
{
    SqlWord next = word_at(reader, 1);
    bool opens = token_at(reader, 1)->kind == SQL_TOKEN_OPEN;
    switch (word_at(reader, 0)) {
    case WORD_PRIMARY:
    case WORD_FOREIGN:
        return next == WORD_KEY;
    case WORD_CONSTRAINT:
    case WORD_FULLTEXT:
    case WORD_SPATIAL:
        return true;
    case WORD_LIKE:
        return token_at(reader, 1)->kind == SQL_TOKEN_NAME;
    case WORD_CHECK:
    case WORD_PERIOD:
        return opens || next == WORD_FOR;
    case WORD_EXCLUDE:
        return opens || next == WORD_USING;
    case WORD_UNIQUE:
    case WORD_KEY:
    case WORD_INDEX:
        if (opens || next == WORD_KEY || next == WORD_INDEX || next == WORD_USING)
            return true;
        return (token_at(reader, 2)->kind == SQL_TOKEN_OPEN &&
                token_at(reader, 3)->kind != SQL_TOKEN_NUMBER) ||
               word_at(reader, 2) == WORD_USING;
    default:
        return false;
    }
}

static UseId declare_column(Reader *reader)
{
    skip_if_exists(reader);
    if (!at_name(reader))
        return 0;
    return add_column(reader, read_chain(reader), SQL_DECLARE, 0);
}

static void define_column(Reader *reader, Frame *frame)
{
    frame->declared = declare_column(reader);
    frame->clause = CLAUSE_DEF;
    if (at_name(reader) && word_at(reader, 0) != WORD_NOT && word_at(reader, 0) != WORD_NULL)
        read_chain(reader); /* the type */
}

void read_item(Reader *reader, Frame *frame)
{
    frame->declared = 0;
    if (at_constraint(reader))
        enter_clause(frame, CLAUSE_REST, SQL_DECLARE);
    else
        define_column(reader, frame);
}

static void read_references(Reader *reader)
{
    reader->at++;
    if (!at_name(reader))
        return;
    Chain table = read_chain(reader);
    if (token_at(reader, 0)->kind == SQL_TOKEN_OPEN)
        read_names(reader, SQL_DECLARE, 0, &table);
}

static SqlRef *declared_ref(Reader *reader, const Frame *frame)
{
    return frame->declared ? &reader->scopes.uses.items[frame->declared - 1].ref : NULL;
}

/* NOT NULL, DEFAULT ... after their first word. */
static void read_constraint(Reader *reader, SqlRef *ref, SqlWord word)
{
    SqlWord next = word_at(reader, 0);
    switch (word) {
    case WORD_NOT:
        ref->not_null |= next == WORD_NULL;
        reader->at += next == WORD_NULL;
        break;
    case WORD_NULL:
        ref->nullable = true;
        break;
    case WORD_DROP: /* NOT NULL, DEFAULT */
        ref->nullable |= next == WORD_NOT;
        reader->at += next == WORD_NOT ? 2 : 1;
        break;
    case WORD_GENERATED:
        ref->has_default = true;
        break;
    case WORD_DEFAULT:
        ref->has_default = next != WORD_NULL;
        reader->at += next == WORD_NULL;
        break;
    default:
        break;
    }
}

void read_definition_word(Reader *reader, Frame *frame)
{
    SqlRef *ref = declared_ref(reader, frame);
    SqlWord word = word_at(reader, 0);
    bool opens = token_at(reader, 1)->kind == SQL_TOKEN_OPEN;
    if (word == WORD_REFERENCES) {
        read_references(reader);
        return;
    }
    reader->at++;
    if ((word == WORD_CHECK || word == WORD_AS) && opens && reader->depth < SQL_DEEPEST) {
        push_frame(reader, FRAME_GROUP, CLAUSE_EXPR)->access = SQL_DECLARE;
        reader->at++;
    }
    if (ref)
        read_constraint(reader, ref, word);
}

/* Words between brackets of a constraint, an index or an INSERT. */
void read_rest_word(Reader *reader, Frame *frame)
{
    SqlWord word = word_at(reader, 0);
    if (word == WORD_REFERENCES && frame->access == SQL_DECLARE) {
        read_references(reader);
    } else if (word == WORD_LIKE && frame->kind == FRAME_DEFS) {
        reader->at++;
        if (at_name(reader))
            read_chain(reader);
    } else {
        reader->at++;
        frame->operand = true;
    }
}

static void alter_rename(Reader *reader, Frame *frame)
{
    SqlWord word = word_at(reader, 0);
    enter_clause(frame, CLAUSE_REST, SQL_DECLARE);
    if (word == WORD_TO || word == WORD_AS || word == WORD_CONSTRAINT || word == WORD_INDEX ||
        word == WORD_KEY)
        return;
    skip_word(reader, WORD_COLUMN);
    frame->declared = declare_column(reader);
    SqlRef *ref = declared_ref(reader, frame);
    if (ref)
        ref->renamed = true;
    if (skip_word(reader, WORD_TO))
        frame->declared = declare_column(reader);
}

static void alter_drop(Reader *reader, Frame *frame)
{
    static const unsigned char OTHERS[] = {WORD_CONSTRAINT, WORD_INDEX,     WORD_KEY,
                                           WORD_PRIMARY,    WORD_FOREIGN,   WORD_CHECK,
                                           WORD_PARTITION,  WORD_PERIOD,    WORD_POLICY};
    enter_clause(frame, CLAUSE_REST, SQL_DECLARE);
    for (size_t i = 0; i < sizeof OTHERS; i++) {
        if (word_at(reader, 0) == OTHERS[i])
            return;
    }
    skip_word(reader, WORD_COLUMN);
    do {
        if (token_at(reader, 0)->kind == SQL_TOKEN_OPEN)
            reader->at++;
        frame->declared = declare_column(reader);
        SqlRef *ref = declared_ref(reader, frame);
        if (ref)
            ref->dropped = true;
        /* DROP COLUMN a, b: a name after the comma that is no action */
    } while (token_at(reader, 0)->kind == SQL_TOKEN_COMMA &&
             token_at(reader, 1)->kind == SQL_TOKEN_NAME &&
             (token_at(reader, 2)->kind == SQL_TOKEN_COMMA ||
              token_at(reader, 2)->kind == SQL_TOKEN_SEMICOLON ||
              token_at(reader, 2)->kind == SQL_TOKEN_CLOSE ||
              token_at(reader, 2)->kind == SQL_TOKEN_END) &&
             reader->at++ > 0);
}

static void alter_add(Reader *reader, Frame *frame)
{
    bool column = skip_word(reader, WORD_COLUMN);
    if (token_at(reader, 0)->kind == SQL_TOKEN_OPEN) { /* ADD (a int, b int) */
        enter_clause(frame, CLAUSE_REST, SQL_DECLARE);
        if (reader->depth < SQL_DEEPEST) {
            push_frame(reader, FRAME_DEFS, CLAUSE_ITEM)->access = SQL_DECLARE;
            reader->at++;
        }
        return;
    }
    if (!column && (at_constraint(reader) || word_at(reader, 0) == WORD_PARTITION)) {
        enter_clause(frame, CLAUSE_REST, SQL_DECLARE);
        frame->declared = 0;
        reader->at++;
        return;
    }
    define_column(reader, frame);
}

/* CHANGE old new type: a rename, unless the names are the same. */
static void alter_change(Reader *reader, Frame *frame)
{
    skip_word(reader, WORD_COLUMN);
    UseId old = declare_column(reader);
    define_column(reader, frame);
    Use *uses = reader->scopes.uses.items;
    if (old && frame->declared)
        uses[old - 1].ref.renamed =
            !sql_name_eq(uses[old - 1].ref.column, uses[frame->declared - 1].ref.column);
}

void read_alter(Reader *reader, Frame *frame)
{
    SqlWord word = word_at(reader, 0);
    frame->declared = 0;
    reader->at++;
    switch (word) {
    case WORD_ADD:
        alter_add(reader, frame);
        break;
    case WORD_DROP:
        alter_drop(reader, frame);
        break;
    case WORD_RENAME:
        alter_rename(reader, frame);
        break;
    case WORD_CHANGE:
        alter_change(reader, frame);
        break;
    case WORD_ALTER:
    case WORD_MODIFY:
        if (word_at(reader, 0) == WORD_CONSTRAINT || word_at(reader, 0) == WORD_INDEX) {
            enter_clause(frame, CLAUSE_REST, SQL_DECLARE);
            break;
        }
        skip_word(reader, WORD_COLUMN);
        frame->declared = declare_column(reader);
        frame->clause = CLAUSE_DEF;
        break;
    default:
        break; /* OWNER TO, ENABLE TRIGGER, IF EXISTS ... */
    }
}
