/*
 * The driver of the SQL reader: one loop over the tokens, one handler per kind.
 *
 * Why no grammar: most SQL in real programs is not a statement. It is a
 * condition, a join, half a query with #{...} or %s in it, in a dialect that is
 * written down nowhere; a grammar gives an error node there, and an error node
 * says nothing about whose column a name is. What decides that is little: the
 * clause, whether an operand has just ended, and the tables in scope. So the
 * reader tracks just those, and every token sequence means something.
 *
 * Cost: linear; one frame per open bracket, at most SQL_DEEPEST. Known limits:
 * variables of procedural code that are named like columns are taken for them;
 * dialects' own statements (BULK INSERT, pipes) are skimmed for a.b only.
 */
#include "parse/sql_reader.h"

const SqlToken *token_at(const Reader *reader, uint32_t ahead)
{
    size_t last = reader->tokens.count - 1, index = (size_t)reader->at + ahead;
    return &reader->tokens.items[index < last ? index : last];
}

SqlWord word_at(const Reader *reader, uint32_t ahead)
{
    const SqlToken *token = token_at(reader, ahead);
    return token->kind == SQL_TOKEN_NAME ? (SqlWord)token->word : WORD_NONE;
}

bool skip_word(Reader *reader, SqlWord word)
{
    if (word_at(reader, 0) != word)
        return false;
    reader->at++;
    return true;
}

Str token_text(const Reader *reader, const SqlToken *token)
{
    return str_slice(reader->text, token->start, token->end);
}

Frame *top_frame(Reader *reader)
{
    return &reader->frames[reader->depth];
}

Frame *push_frame(Reader *reader, FrameKind kind, Clause clause)
{
    Frame *parent = top_frame(reader);
    Frame *frame = &reader->frames[++reader->depth];
    *frame = (Frame){.kind = (uint8_t)kind,
                     .clause = (uint8_t)clause,
                     .access = parent->access,
                     .call = reader->call,
                     .outputs = kind == FRAME_GROUP && parent->outputs,
                     .item_start = reader->at,
                     .scope = parent->scope,
                     .outer = parent->scope};
    reader->call = CALL_PLAIN;
    if (kind == FRAME_QUERY) {
        frame->scope = scope_open(&reader->scopes, parent->scope);
        frame->fresh = true;
        frame->access = SQL_QUERY;
    }
    frame->base = frame->scope;
    return frame;
}

void enter_clause(Frame *frame, Clause clause, SqlAccess access)
{
    frame->clause = (uint8_t)clause;
    frame->access = (uint8_t)access;
    frame->operand = frame->target = frame->outputs = frame->joining = false;
}

Chain read_chain(Reader *reader)
{
    Chain chain = {.first = token_at(reader, 0), .last = token_at(reader, 0), .parts = 1};
    reader->at++;
    while (token_at(reader, 0)->kind == SQL_TOKEN_DOT) {
        uint32_t dots = token_at(reader, 1)->kind == SQL_TOKEN_DOT ? 2 : 1; /* db..table */
        const SqlToken *part = token_at(reader, dots);
        if (part->kind != SQL_TOKEN_NAME && part->kind != SQL_TOKEN_HOLE &&
            part->kind != SQL_TOKEN_STAR)
            break;
        chain.qualifier = chain.last;
        chain.last = part;
        chain.parts++;
        reader->at += dots + 1;
        if (part->kind == SQL_TOKEN_STAR)
            break;
    }
    return chain;
}

UseId add_column(Reader *reader, Chain chain, SqlAccess access, unsigned flags)
{
    if (chain.last->kind == SQL_TOKEN_HOLE)
        return 0;
    bool star = chain.last->kind == SQL_TOKEN_STAR;
    Use use = {.flags = flags,
               .ref = {.start = chain.last->start,
                       .end = chain.last->end,
                       .column = star ? str_lit("*") : token_text(reader, chain.last),
                       .access = access,
                       .hole = SQL_NO_HOLE,
                       .statement = (uint32_t)reader->statements.count}};
    const SqlToken *qualifier = chain.qualifier;
    if (qualifier) {
        use.ref.qualifier = token_text(reader, qualifier);
        use.ref.qualifier_kind = SQL_QUALIFIER_NAME;
    }
    if (qualifier && qualifier->kind == SQL_TOKEN_HOLE) {
        use.ref.qualifier_kind = SQL_QUALIFIER_HOLE;
        use.ref.hole = qualifier->hole;
    }
    if (chain.parts >= 3) {
        use.head = token_text(reader, chain.first);
        use.middle_start = qualifier->start;
        use.middle_end = qualifier->end;
    }
    return scope_add_use(&reader->scopes, top_frame(reader)->scope, use);
}

UseId add_row(Reader *reader, const SqlToken *at, SqlAccess access)
{
    Use use = {.ref = {.start = at->start,
                       .end = at->end,
                       .column = str_lit("*"),
                       .access = access,
                       .hole = SQL_NO_HOLE,
                       .statement = (uint32_t)reader->statements.count}};
    return scope_add_use(&reader->scopes, top_frame(reader)->scope, use);
}

void skip_parens(Reader *reader)
{
    uint32_t open = 0;
    for (;; reader->at++) {
        uint8_t kind = token_at(reader, 0)->kind;
        if (kind == SQL_TOKEN_END || kind == SQL_TOKEN_SEMICOLON || kind == SQL_TOKEN_BREAK)
            return;
        if (kind == SQL_TOKEN_OPEN)
            open++;
        if (kind == SQL_TOKEN_CLOSE && --open == 0) {
            reader->at++;
            return;
        }
    }
}

/* (a, b DESC, c(10)): each item's first name. With `owner`, they are that table's. */
void read_names(Reader *reader, SqlAccess access, unsigned flags, const Chain *owner)
{
    uint32_t open = 0;
    bool item = true;
    while (token_at(reader, 0)->kind != SQL_TOKEN_END) {
        const SqlToken *token = token_at(reader, 0);
        if (token->kind == SQL_TOKEN_SEMICOLON || token->kind == SQL_TOKEN_BREAK)
            return;
        if (token->kind == SQL_TOKEN_NAME && open == 1 && item) {
            UseId id = add_column(reader, read_chain(reader), access, flags);
            if (owner && id)
                use_set_owner(&reader->scopes, &reader->scopes.uses.items[id - 1],
                              token_text(reader, owner->last), owner->last->hole);
            item = false;
            continue;
        }
        if (token->kind == SQL_TOKEN_OPEN)
            open++;
        item = item || token->kind == SQL_TOKEN_COMMA;
        reader->at++;
        if (token->kind == SQL_TOKEN_CLOSE && --open == 0)
            return;
    }
}

/* Ends what the frame still has open, innermost scope first. */
static void finish_frame(Reader *reader, Frame *frame)
{
    finish_item(reader, frame);
    for (ScopeId id = frame->scope; id && id != frame->outer;) {
        ScopeId parent = scope_at(&reader->scopes, id)->parent;
        scope_close(&reader->scopes, id);
        id = parent;
    }
}

static void begin_statement(Reader *reader, Clause clause)
{
    reader->depth = 0;
    reader->overflow = 0;
    reader->lost = false;
    reader->first_use = (uint32_t)reader->scopes.uses.count;
    reader->statement_start = reader->at;
    reader->frames[0] = (Frame){.kind = FRAME_STATEMENT,
                                .clause = (uint8_t)clause,
                                .access = SQL_QUERY,
                                .fresh = true,
                                .item_start = reader->at,
                                .scope = scope_open(&reader->scopes, 0)};
    reader->frames[0].base = reader->frames[0].scope;
}

/* Ends the statement before the current token. */
static void close_statement(Reader *reader)
{
    /* Text that just ends is a part of something; a bracket open at ';' is a mistake of ours. */
    bool ends = token_at(reader, 0)->kind == SQL_TOKEN_END;
    reader->lost |= reader->overflow > 0 || (reader->depth && !ends);
    while (reader->depth) {
        finish_frame(reader, top_frame(reader));
        reader->depth--;
    }
    finish_frame(reader, top_frame(reader));
    for (size_t i = reader->first_use; reader->lost && i < reader->scopes.uses.count; i++)
        reader->scopes.uses.items[i].ref.token_scan = true;
    if (reader->at > reader->statement_start) {
        const SqlToken *first = &reader->tokens.items[reader->statement_start];
        const SqlToken *last = &reader->tokens.items[reader->at - 1];
        array_push(&reader->statements, ((SqlStatement){first->start, last->end}));
    }
}

void end_statement(Reader *reader)
{
    close_statement(reader);
    begin_statement(reader, CLAUSE_START);
    reader->scopes.whole = true;
}

static bool begins_block(SqlWord word)
{
    return word == WORD_BEGIN || word == WORD_THEN || word == WORD_ELSE || word == WORD_LOOP ||
           word == WORD_DO;
}

/* NEW.status, row.status := 1, t.c%TYPE; a bare name is a variable. */
static void read_variable(Reader *reader)
{
    Chain chain = read_chain(reader);
    const SqlToken *next = token_at(reader, 0);
    if (!chain.qualifier || next->kind == SQL_TOKEN_OPEN || chain.last->kind == SQL_TOKEN_STAR)
        return;
    Str sign = next->kind == SQL_TOKEN_OPERATOR ? token_text(reader, next) : (Str){0};
    bool first = chain.first == &reader->tokens.items[reader->statement_start] ||
                 chain.first[-1].word == WORD_SET;
    bool written = str_eq_c(sign, ":=") || (first && str_eq_c(sign, "="));
    UseId id = add_column(reader, chain, written ? SQL_WRITE : SQL_READ, 0);
    if (id && str_eq_c(sign, "%")) { /* t.c%TYPE */
        Use *use = &reader->scopes.uses.items[id - 1];
        use->ref.access = SQL_DECLARE;
        use_set_owner(&reader->scopes, use, use->ref.qualifier, SQL_NO_HOLE);
    }
}

/* Code between statements: DECLARE, IF, variables. */
static void read_skimmed(Reader *reader, Frame *frame)
{
    SqlWord word = word_at(reader, 0);
    if (frame->kind == FRAME_STATEMENT && begins_block(word)) {
        reader->at++;
        end_statement(reader);
        return;
    }
    bool selects = word == WORD_SELECT || word == WORD_PERFORM;
    if (selects || (frame->kind == FRAME_STATEMENT && start_query_statement(reader, frame))) {
        if (selects)
            start_select(reader, frame);
        return;
    }
    scope_at(&reader->scopes, frame->scope)->procedural = true;
    read_variable(reader);
}

static void read_start(Reader *reader, Frame *frame)
{
    if (skip_word(reader, WORD_BEGIN) || skip_word(reader, WORD_EXPLAIN))
        return;
    if (start_query_statement(reader, frame) || start_definition(reader, frame))
        return;
    frame->clause = CLAUSE_SKIM;
}

static void on_name(Reader *reader, Frame *frame)
{
    switch ((Clause)frame->clause) {
    case CLAUSE_START:
        read_start(reader, frame);
        return;
    case CLAUSE_SKIM:
        read_skimmed(reader, frame);
        return;
    case CLAUSE_ITEM:
        read_item(reader, frame);
        return;
    case CLAUSE_ALTER:
        read_alter(reader, frame);
        return;
    case CLAUSE_DEF:
        read_definition_word(reader, frame);
        return;
    case CLAUSE_SKIP:
        reader->at++;
        return;
    default:
        break;
    }
    if (frame->kind != FRAME_GROUP && read_clause_word(reader, frame))
        return;
    if (frame->clause == CLAUSE_FROM)
        read_from_name(reader, frame);
    else if (frame->clause == CLAUSE_REST || frame->clause == CLAUSE_WITH)
        read_rest_word(reader, frame);
    else
        read_expression_name(reader, frame);
}

static void on_hole(Reader *reader, Frame *frame)
{
    bool dotted = token_at(reader, 1)->kind == SQL_TOKEN_DOT;
    if (frame->clause == CLAUSE_FROM && !frame->operand) {
        read_from_name(reader, frame);
        return;
    }
    bool expression = frame->clause == CLAUSE_EXPR || frame->clause == CLAUSE_SELECT ||
                      frame->clause == CLAUSE_SET;
    if (dotted && expression) {
        read_expression_name(reader, frame);
        return;
    }
    if (frame->operand && frame->joining)
        scope_at(&reader->scopes, frame->scope)->open = true;
    frame->item_use = 0;
    frame->operand = true;
    if (frame->clause == CLAUSE_ITEM)
        frame->clause = CLAUSE_DEF;
    reader->at++;
}

/* True if the bracket that opens here holds a query. */
static bool opens_query(const Reader *reader, const Frame *frame)
{
    switch (word_at(reader, 1)) {
    case WORD_SELECT:
        return true;
    case WORD_WITH:
        return at_cte(reader, 2);
    case WORD_VALUES:
        return frame->clause == CLAUSE_FROM;
    default:
        return false;
    }
}

static Clause clause_inside(const Frame *frame)
{
    switch ((Clause)frame->clause) {
    case CLAUSE_SKIM:
    case CLAUSE_START:
        return CLAUSE_SKIM;
    case CLAUSE_SKIP:
    case CLAUSE_DEF:
    case CLAUSE_ITEM:
    case CLAUSE_ALTER:
        return CLAUSE_SKIP;
    default:
        return CLAUSE_EXPR;
    }
}

static void on_open(Reader *reader, Frame *frame)
{
    if (reader->depth == SQL_DEEPEST) {
        reader->overflow++;
        reader->at++;
        frame->operand = false;
        return;
    }
    bool call = frame->operand || frame->function;
    if (frame->clause != CLAUSE_SKIP && opens_query(reader, frame)) {
        push_frame(reader, FRAME_QUERY, CLAUSE_START);
    } else if (frame->clause == CLAUSE_FROM && !call) {
        push_frame(reader, FRAME_TABLES, CLAUSE_FROM);
    } else if (frame->clause == CLAUSE_FROM) {
        Frame *inner =
            push_frame(reader, FRAME_GROUP, frame->function ? CLAUSE_EXPR : CLAUSE_SKIP);
        inner->access = SQL_QUERY;
    } else if (frame->clause == CLAUSE_SET && frame->target) {
        read_names(reader, SQL_WRITE, frame->one_target ? USE_TARGET : 0, NULL);
        frame->operand = true;
        return;
    } else {
        push_frame(reader, FRAME_GROUP, clause_inside(frame));
    }
    frame->item_use = 0;
    reader->at++;
    top_frame(reader)->item_start = reader->at;
}

static void on_close(Reader *reader, Frame *frame)
{
    reader->at++;
    if (reader->overflow) {
        reader->overflow--;
        frame->operand = true;
        return;
    }
    if (!reader->depth) { /* the text is the tail of something */
        frame->operand = true;
        return;
    }
    uint8_t kind = frame->kind;
    ScopeId query = kind == FRAME_QUERY ? scope_at(&reader->scopes, frame->scope)->head
                                        : frame->subquery;
    finish_frame(reader, frame);
    if (kind == FRAME_QUERY)
        scope_at(&reader->scopes, query)->hidden = false;
    reader->depth--;
    Frame *parent = top_frame(reader);
    parent->subquery = kind == FRAME_QUERY || kind == FRAME_TABLES ? query : 0;
    parent->operand = true;
    if (parent->clause == CLAUSE_WITH && kind == FRAME_QUERY) {
        parent->operand = false;
        parent->clause = CLAUSE_START;
        if (token_at(reader, 0)->kind == SQL_TOKEN_COMMA) {
            reader->at++;
            read_cte(reader, parent);
        }
    } else if (parent->clause == CLAUSE_FROM) {
        close_from_item(reader, parent);
    } else if (kind == FRAME_DEFS) {
        enter_clause(parent, CLAUSE_REST, SQL_DECLARE);
    } else if (parent->clause == CLAUSE_START && kind == FRAME_QUERY) {
        parent->clause = CLAUSE_EXPR; /* (SELECT ...) UNION ... */
    } else if (parent->distinct_on) {
        parent->distinct_on = false;
        begin_item(reader, parent);
    }
}

static void on_comma(Reader *reader, Frame *frame)
{
    reader->at++;
    frame->operand = false;
    switch ((Clause)frame->clause) {
    case CLAUSE_SELECT:
        finish_item(reader, frame);
        begin_item(reader, frame);
        break;
    case CLAUSE_SET:
        frame->target = frame->kind != FRAME_GROUP;
        break;
    case CLAUSE_DEF:
        frame->clause = frame->altering ? CLAUSE_ALTER : CLAUSE_ITEM;
        break;
    case CLAUSE_REST:
        if (frame->kind == FRAME_DEFS)
            frame->clause = CLAUSE_ITEM;
        else if (frame->altering)
            frame->clause = CLAUSE_ALTER;
        break;
    default:
        break;
    }
}

static void on_operator(Reader *reader, Frame *frame)
{
    Str sign = token_text(reader, token_at(reader, 0));
    if (frame->clause == CLAUSE_SET && (str_eq_c(sign, "=") || str_eq_c(sign, ":=")))
        frame->target = false;
    frame->operand = str_eq_c(sign, "]");
    frame->item_use = 0;
    reader->at++;
}

static void on_value(Reader *reader, Frame *frame)
{
    frame->operand = true;
    frame->item_use = 0;
    reader->at++;
}

static void on_cast(Reader *reader, Frame *frame)
{
    reader->at++;
    read_type(reader);
    frame->operand = true;
}

static void on_dot(Reader *reader, Frame *frame)
{
    reader->at++; /* (expression).member: whose, nobody knows */
    if (frame->operand && token_at(reader, 0)->kind == SQL_TOKEN_NAME)
        reader->at++;
}

static void on_end(Reader *reader, Frame *frame)
{
    (void)frame;
    if (reader->at != reader->statement_start)
        end_statement(reader);
    reader->at++;
    reader->statement_start = reader->at;
    reader->frames[0].item_start = reader->at;
}

static void read_tokens(Reader *reader)
{
    static void (*const HANDLERS[])(Reader *, Frame *) = {
        [SQL_TOKEN_NAME] = on_name,         [SQL_TOKEN_HOLE] = on_hole,
        [SQL_TOKEN_STRING] = on_value,      [SQL_TOKEN_NUMBER] = on_value,
        [SQL_TOKEN_OPERATOR] = on_operator, [SQL_TOKEN_CAST] = on_cast,
        [SQL_TOKEN_STAR] = read_star,       [SQL_TOKEN_DOT] = on_dot,
        [SQL_TOKEN_COMMA] = on_comma,       [SQL_TOKEN_OPEN] = on_open,
        [SQL_TOKEN_CLOSE] = on_close,       [SQL_TOKEN_SEMICOLON] = on_end,
        [SQL_TOKEN_BREAK] = on_end};
    while (token_at(reader, 0)->kind != SQL_TOKEN_END)
        HANDLERS[token_at(reader, 0)->kind](reader, top_frame(reader));
}

static void begin_text(Reader *reader)
{
    begin_statement(reader, CLAUSE_START);
    Frame *frame = top_frame(reader);
    SqlWord first = word_at(reader, 0);
    bool statement = first == WORD_INSERT || first == WORD_UPDATE || first == WORD_DELETE ||
                     first == WORD_CREATE || first == WORD_ALTER ||
                     (first == WORD_WITH && at_cte(reader, 1)) || first == WORD_SELECT;
    reader->scopes.whole = reader->mode == SQL_WHOLE || statement;
    if (reader->scopes.whole)
        return;
    scope_at(&reader->scopes, frame->scope)->implied = true;
    frame->fresh = false;
    if (reader->mode == SQL_PROJECTION) {
        enter_clause(frame, CLAUSE_SELECT, SQL_QUERY);
    } else if (reader->mode == SQL_ASSIGNMENT) {
        enter_clause(frame, CLAUSE_SET, SQL_QUERY);
        frame->target = true;
    } else {
        enter_clause(frame, CLAUSE_EXPR, SQL_QUERY);
    }
}

static void copy_results(Reader *reader, SqlRefs *out, Arena *arena)
{
    SqlScopes *scopes = &reader->scopes;
    *out = (SqlRefs){.count = scopes->uses.count,
                     .table_count = reader->tables.count,
                     .statement_count = reader->statements.count};
    out->items = ARENA_ARRAY(arena, SqlRef, out->count);
    for (size_t i = 0; i < out->count; i++)
        out->items[i] = scopes->uses.items[i].ref;
    out->tables = ARENA_ARRAY(arena, SqlTable, out->table_count);
    if (out->table_count)
        memcpy(out->tables, reader->tables.items, out->table_count * sizeof *out->tables);
    out->statements = ARENA_ARRAY(arena, SqlStatement, out->statement_count);
    if (out->statement_count)
        memcpy(out->statements, reader->statements.items,
               out->statement_count * sizeof *out->statements);
}

size_t sql_read(Str text, const SqlHole *holes, size_t hole_count, SqlMode mode, SqlRefs *out,
                Arena *arena)
{
    *out = (SqlRefs){0};
    if (text.length >= UINT32_MAX)
        return 0;
    if (mode == SQL_GUESS && !sql_looks_like(text, holes, hole_count))
        return 0;
    Reader *reader = mem_alloc(sizeof *reader);
    *reader = (Reader){.text = text, .mode = mode};
    scopes_init(&reader->scopes, text, arena);
    sql_lex(text, holes, hole_count, SIZE_MAX, &reader->tokens);
    begin_text(reader);
    read_tokens(reader);
    close_statement(reader);
    copy_results(reader, out, arena);
    array_release(&reader->tokens);
    array_release(&reader->tables);
    array_release(&reader->statements);
    scopes_release(&reader->scopes);
    free(reader);
    return out->count;
}
