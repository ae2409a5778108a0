/*
 * sql_reader.h: the state of reading one text; private to the SQL reader.
 *
 * The tokens are read once, left to right. What is open at a token is a stack
 * of frames: the statement, and one frame per bracket. A frame knows its clause,
 * and whether an operand has just ended, which is what tells a column from an
 * alias without a grammar. Functions named start_* and read_* consume tokens.
 */
#ifndef STRAGGLER_PARSE_SQL_READER_H
#define STRAGGLER_PARSE_SQL_READER_H

#include "parse/sql_scope.h"

enum { SQL_DEEPEST = 200 }; /* open brackets; deeper ones are read as if they were not there */

typedef enum FrameKind {
    FRAME_STATEMENT,
    FRAME_QUERY,  /* (SELECT ...) */
    FRAME_GROUP,  /* arguments, or an expression in brackets */
    FRAME_TABLES, /* FROM (a JOIN b) */
    FRAME_DEFS,   /* CREATE TABLE t (...) */
    FRAME_SKIP    /* nothing in it matters */
} FrameKind;

typedef enum Clause {
    CLAUSE_START,  /* a statement begins here */
    CLAUSE_WITH,   /* between the queries of a WITH list */
    CLAUSE_SELECT, /* select list, RETURNING */
    CLAUSE_FROM,
    CLAUSE_EXPR, /* WHERE, ON, GROUP BY, VALUES ... */
    CLAUSE_SET,
    CLAUSE_REST,  /* words say nothing, brackets hold expressions */
    CLAUSE_SKIM,  /* procedural code: look for statements and a.b */
    CLAUSE_ITEM,  /* a column or constraint is about to be defined */
    CLAUSE_DEF,   /* after the column's name: its type and constraints */
    CLAUSE_ALTER, /* an action of ALTER TABLE is about to begin */
    CLAUSE_SKIP
} Clause;

/* What the function whose arguments are read does with names. */
typedef enum CallKind { CALL_PLAIN, CALL_ROW, CALL_UNIT } CallKind;

typedef struct Frame {
    uint8_t kind, clause, access, call;
    bool operand;       /* an operand has just ended */
    bool target;        /* SET: left of the = */
    bool fresh;         /* the scope is still unused: SELECT may take it */
    bool outputs;       /* names may be outputs: ORDER BY, GROUP BY, HAVING */
    bool joining;       /* FROM or ON: a hole may hold further joins */
    bool merge;         /* inside MERGE */
    bool one_target;    /* SET: bare targets belong to the first table */
    bool recursive;     /* after WITH RECURSIVE */
    bool distinct_on;   /* SELECT DISTINCT ON: its bracket is no item */
    bool writing;       /* FROM: its first table is written */
    bool altering;      /* inside ALTER TABLE: a comma starts the next action */
    bool function;      /* FROM: the open bracket is a function's */
    uint32_t case_depth;
    uint32_t item_start; /* first token of the select item */
    UseId item_use;      /* the item is this column and nothing else */
    Str item_alias;
    uint32_t names_at;   /* WITH x (a, b): token of the next output's name; 0 when not given */
    UseId declared;      /* DEF: the column being defined */
    ScopeId scope;
    ScopeId outer;       /* the scope around the frame; not the frame's to close */
    ScopeId base;        /* the frame's first scope; further ones are its children */
    ScopeId target_scope; /* of INSERT ... SELECT: the insert */
    ScopeId subquery;    /* FROM: the subquery that has just closed */
} Frame;

typedef struct Reader {
    Str text;
    SqlTokens tokens;
    SqlScopes scopes;
    uint32_t at; /* the current token */
    Frame frames[SQL_DEEPEST + 1];
    uint32_t depth;    /* index of the innermost frame */
    uint32_t overflow; /* open brackets beyond SQL_DEEPEST */
    bool lost;         /* the statement's structure was lost */
    uint32_t first_use; /* uses.count when the statement began */
    uint32_t statement_start;
    SqlMode mode;
    uint8_t call; /* CallKind of the function named just before '(' */
    struct { ARRAY_OF(SqlTable); } tables;
    struct { ARRAY_OF(SqlStatement); } statements;
} Reader;

/* a, a.b, a.b.c, a.*, #{hole}.b */
typedef struct Chain {
    const SqlToken *first, *qualifier, *last; /* qualifier is NULL for a bare name */
    uint32_t parts;
} Chain;

/* sql_read.c: tokens, frames, references */
const SqlToken *token_at(const Reader *reader, uint32_t ahead);
SqlWord word_at(const Reader *reader, uint32_t ahead); /* WORD_NONE for quoted and other tokens */
bool skip_word(Reader *reader, SqlWord word);
Str token_text(const Reader *reader, const SqlToken *token);
Frame *top_frame(Reader *reader);
Frame *push_frame(Reader *reader, FrameKind kind, Clause clause);
Chain read_chain(Reader *reader);
UseId add_column(Reader *reader, Chain chain, SqlAccess access, unsigned flags);
UseId add_row(Reader *reader, const SqlToken *at, SqlAccess access);
void read_names(Reader *reader, SqlAccess access, unsigned flags, const Chain *owner);
void skip_parens(Reader *reader);
void end_statement(Reader *reader);
void enter_clause(Frame *frame, Clause clause, SqlAccess access);

/* sql_change.c: how statements begin */
bool start_query_statement(Reader *reader, Frame *frame);

/* sql_query.c: the clauses of a query */
void open_query_scope(Reader *reader, Frame *frame); /* a scope for the query that begins */
bool enter_values(Reader *reader, Frame *frame);
bool read_clause_word(Reader *reader, Frame *frame);
void read_from_name(Reader *reader, Frame *frame);
void add_table(Reader *reader, Chain chain, SqlAccess access, Str alias);
Str read_alias(Reader *reader);
void close_from_item(Reader *reader, Frame *frame);
void read_cte(Reader *reader, Frame *frame);
bool at_cte(const Reader *reader, uint32_t ahead);
void start_select(Reader *reader, Frame *frame);

/* sql_expr.c: expressions and select items */
void read_expression_name(Reader *reader, Frame *frame);
void read_star(Reader *reader, Frame *frame);
void read_type(Reader *reader);
void finish_item(Reader *reader, Frame *frame);
void begin_item(Reader *reader, Frame *frame);

/* sql_ddl.c: CREATE, ALTER, COMMENT, GRANT, COPY; definitions */
bool start_definition(Reader *reader, Frame *frame);
void read_item(Reader *reader, Frame *frame);
void read_definition_word(Reader *reader, Frame *frame);
void read_rest_word(Reader *reader, Frame *frame);
void read_alter(Reader *reader, Frame *frame);

#endif
