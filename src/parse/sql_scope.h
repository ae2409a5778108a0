/*
 * sql_scope.h: which table a name means; private to the SQL reader.
 *
 * A scope is one SELECT (UPDATE, INSERT ...): its tables, its output columns and
 * the names used in it. A name is resolved when its scope closes, because FROM
 * comes after the select list; what is not found there waits for the scope
 * around it (correlation). Scopes are numbered; 0 means none.
 */
#ifndef STRAGGLER_PARSE_SQL_SCOPE_H
#define STRAGGLER_PARSE_SQL_SCOPE_H

#include "base/map.h"
#include "parse/sql_lex.h"

typedef uint32_t ScopeId;
typedef uint32_t UseId; /* index + 1 into SqlScopes.uses */

/* Where a scope's name comes from. */
typedef struct ScopeTable {
    Str name;       /* of a table; a hole's text; empty for others */
    uint32_t hole;  /* SQL_NO_HOLE unless the table is a hole */
    ScopeId query;  /* a subquery or CTE */
    bool opaque;    /* a function, VALUES list ...: has columns nobody knows */
    uint32_t next;  /* index + 1 */
} ScopeTable;

typedef struct Scope {
    ScopeId parent;
    uint32_t first_table, last_table; /* index + 1 into tables */
    uint32_t table_count;
    UseId first_use, last_use; /* waiting for resolution, linked by Use.next */
    ScopeId head;              /* of a UNION: the SELECT that names the outputs */
    bool implied;              /* a fragment's outermost scope */
    bool open;                 /* a hole may have joined more tables */
    bool star;                 /* SELECT *: passes every column through */
    bool procedural;           /* outside any statement we know */
    bool closed;
    bool hidden; /* a CTE without RECURSIVE, inside its own body: the name means a table there */
    const Str *names; /* its tables, each once; made when it closes */
    const uint32_t *holes;
    size_t name_count;
    uint32_t queries[8]; /* its first subqueries, for bare columns */
    uint32_t query_count;
} Scope;

/* What resolution must know of a reference beyond the reference. */
enum {
    USE_TARGET = 1,  /* bare: belongs to the statement's target */
    USE_OUTPUT = 2,  /* ORDER BY and the like: may name an output */
    USE_ROW_ARG = 4, /* argument of to_json: may name a table */
    USE_FIXED = 8    /* its owner is known already */
};

typedef struct Use {
    SqlRef ref;
    Str head; /* a.b.c: a */
    uint32_t middle_start, middle_end;
    UseId next;
    unsigned flags;
} Use;

typedef struct Output {
    Str name;
    UseId use; /* the column that it passes through; 0: computed */
    bool alias;
} Output;

typedef struct SqlScopes {
    Arena *arena;
    Str text;
    struct { ARRAY_OF(Scope); } scopes;
    struct { ARRAY_OF(ScopeTable); } tables;
    struct { ARRAY_OF(Use); } uses;
    struct { ARRAY_OF(Output); } outputs;
    Map aliases, ctes, output_ids; /* (scope, hash of the name) -> index + 1 */
    Str trigger_table;             /* whose rows NEW and OLD are */
    bool whole;                    /* not a fragment */
} SqlScopes;

void scopes_init(SqlScopes *scopes, Str text, Arena *arena);
void scopes_release(SqlScopes *scopes);

ScopeId scope_open(SqlScopes *scopes, ScopeId parent);
Scope *scope_at(SqlScopes *scopes, ScopeId id);

/* Adds a table under its alias (or its name). */
void scope_add_table(SqlScopes *scopes, ScopeId id, ScopeTable table, Str alias);

void scope_add_cte(SqlScopes *scopes, ScopeId id, Str name, ScopeId query);
ScopeId scope_find_cte(SqlScopes *scopes, ScopeId id, Str name);

/* Names an output column of the scope. */
void scope_add_output(SqlScopes *scopes, ScopeId id, Output output);

UseId scope_add_use(SqlScopes *scopes, ScopeId id, Use use);

/* Gives `use` its one owner. */
void use_set_owner(SqlScopes *scopes, Use *use, Str name, uint32_t hole);

/* Resolves what was used in the scope; call once, when all of it is read. */
void scope_close(SqlScopes *scopes, ScopeId id);

#endif
