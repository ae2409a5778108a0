/*
 * sql_lex.h: SQL text as tokens; private to the SQL reader.
 *
 * Comments, white space, COPY data and template control blocks are gone;
 * dollar-quoted bodies that follow AS or DO are opened up, between SQL_TOKEN_BREAKs.
 */
#ifndef STRAGGLER_PARSE_SQL_LEX_H
#define STRAGGLER_PARSE_SQL_LEX_H

#include "base/array.h"
#include "parse/sql.h"

/* What a word may do in an expression or a FROM list. */
enum {
    WORD_OPERATOR = 1, /* an operand follows */
    WORD_VALUE = 2,    /* is an operand: NULL, CURRENT_DATE */
    WORD_NO_ALIAS = 4  /* never the implicit alias of a table */
};

/* X(NAME, flags), in byte order of the names. */
#define SQL_WORDS(X)                                                                               \
    X(ADD, 0) X(AFTER, 0) X(ALL, 1) X(ALTER, 0) X(AND, 5) X(ANTI, 4) X(ANY, 1) X(AS, 4)            \
    X(ASOF, 4) X(BEGIN, 0) X(BETWEEN, 5) X(BY, 0) X(CASE, 1) X(CAST, 0) X(CHANGE, 0)               \
    X(CHARACTER, 0) X(CHECK, 0) X(CLUSTER, 0) X(COLUMN, 0) X(COMMENT, 0) X(CONCURRENTLY, 0)        \
    X(CONFLICT, 0) X(CONSTRAINT, 0) X(COPY, 0) X(CREATE, 0) X(CROSS, 4) X(CURRENT_DATE, 2)         \
    X(CURRENT_TIME, 2) X(CURRENT_TIMESTAMP, 2) X(CURRENT_USER, 2) X(DECLARE, 0) X(DEFAULT, 6)      \
    X(DELETE, 0) X(DISTINCT, 1) X(DISTINCTROW, 1) X(DISTRIBUTE, 4) X(DIV, 5) X(DO, 4)              \
    X(DOUBLE, 0) X(DROP, 0) X(DUPLICATE, 0) X(ELSE, 1) X(ELSIF, 0) X(END, 2) X(ESCAPE, 5)          \
    X(EXCEPT, 4) X(EXCLUDE, 0) X(EXISTS, 1) X(EXPLAIN, 0) X(FALSE, 2) X(FETCH, 4) X(FOR, 4)        \
    X(FORCE, 4) X(FOREIGN, 0) X(FROM, 4) X(FULL, 4) X(FULLTEXT, 0) X(GENERATED, 0)                 \
    X(GLOBAL, 0) X(GO, 4) X(GRANT, 0) X(GROUP, 4) X(GROUPING, 1) X(HAVING, 4)                      \
    X(HIGH_PRIORITY, 1) X(IF, 0) X(IGNORE, 4) X(ILIKE, 5) X(IN, 5) X(INDEX, 0) X(INNER, 4)         \
    X(INSERT, 0) X(INTERSECT, 4) X(INTERVAL, 1) X(INTO, 4) X(IS, 5) X(ISNULL, 2) X(JOIN, 4)        \
    X(KEY, 0) X(LATERAL, 4) X(LEFT, 4) X(LIKE, 5) X(LIMIT, 4) X(LOOP, 4) X(LOW_PRIORITY, 0)        \
    X(MATCH, 0) X(MATERIALIZED, 0) X(MERGE, 0) X(MINUS, 4) X(MOD, 0) X(MODIFY, 0)                  \
    X(NATURAL, 4) X(NOT, 5) X(NOTNULL, 2) X(NULL, 2) X(OF, 0) X(OFFSET, 4) X(ON, 4)                \
    X(ONLY, 0) X(OR, 5) X(ORDER, 4) X(OUTER, 4) X(OVERWRITE, 0) X(PARTITION, 4)                    \
    X(PERFORM, 0) X(PERIOD, 0) X(PIVOT, 4) X(POLICY, 0) X(PRECISION, 0) X(PRIMARY, 0)              \
    X(QUALIFY, 4) X(RECURSIVE, 0) X(REFERENCES, 0) X(REGEXP, 5) X(RENAME, 0) X(REPLACE, 0)         \
    X(RETURNING, 4) X(REVOKE, 0) X(RIGHT, 4) X(RLIKE, 5) X(SELECT, 4) X(SEMI, 4) X(SET, 4)         \
    X(SIMILAR, 5) X(SOME, 1) X(SORT, 4) X(SPATIAL, 0) X(SQL_CALC_FOUND_ROWS, 1)                    \
    X(SQL_NO_CACHE, 1) X(STDIN, 0) X(STRAIGHT_JOIN, 4) X(TABLE, 0) X(TABLESAMPLE, 4)               \
    X(TEMPORARY, 0) X(THEN, 5) X(TO, 0) X(TOP, 0) X(TRIGGER, 0) X(TRUE, 2) X(TRUNCATE, 0)          \
    X(UNION, 4) X(UNIQUE, 0) X(UNPIVOT, 4) X(UPDATE, 0) X(USE, 4) X(USING, 4) X(VALUES, 4)         \
    X(VIEW, 0) X(WHEN, 5) X(WHERE, 4) X(WINDOW, 4) X(WITH, 4) X(WITHOUT, 0) X(XOR, 5)

typedef enum SqlWord {
    WORD_NONE,
#define X(name, flags) WORD_##name,
    SQL_WORDS(X)
#undef X
    WORD_COUNT
} SqlWord;

typedef enum SqlTokenKind {
    SQL_TOKEN_END,
    SQL_TOKEN_NAME, /* word says which keyword it may be; WORD_NONE when quoted or none */
    SQL_TOKEN_HOLE,
    SQL_TOKEN_STRING,
    SQL_TOKEN_NUMBER,
    SQL_TOKEN_OPERATOR, /* one run of operator characters */
    SQL_TOKEN_CAST,     /* :: */
    SQL_TOKEN_STAR,
    SQL_TOKEN_DOT,
    SQL_TOKEN_COMMA,
    SQL_TOKEN_OPEN,
    SQL_TOKEN_CLOSE,
    SQL_TOKEN_SEMICOLON,
    SQL_TOKEN_BREAK /* a body begins or ends */
} SqlTokenKind;

typedef struct SqlToken {
    uint32_t start, end; /* without quotes */
    uint32_t hole;       /* HOLE: index or SQL_NO_HOLE */
    uint8_t kind;
    uint8_t word;
    bool quoted;
    bool line_start; /* first on its line */
} SqlToken;

typedef struct SqlTokens {
    ARRAY_OF(SqlToken);
} SqlTokens;

/* Appends at most `limit` tokens and one SQL_TOKEN_END. The array is the caller's to release. */
void sql_lex(Str text, const SqlHole *holes, size_t hole_count, size_t limit, SqlTokens *out);

SqlWord sql_word(Str text);
unsigned sql_word_flags(SqlWord word);

/* ASCII case-insensitive. */
bool sql_name_eq(Str a, Str b);
bool sql_name_is(Str a, const char *b);

#endif
