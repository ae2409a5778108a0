/*
 * sql.h: which columns a piece of SQL names, and whose they are.
 *
 * Reads statements, scripts and fragments of any dialect, with holes where the
 * host language or a template fills something in. Never fails: what cannot be
 * understood gives fewer references, or references marked `token_scan`.
 * Linear in the length of the text; no recursion.
 *
 *     SqlRefs refs;
 *     sql_read(str_lit("SELECT i.status FROM incidents i"), NULL, 0, SQL_WHOLE, &refs, &arena);
 *     // refs.items[0]: column "status" at [9, 15), read, tables {"incidents"}
 *
 * Escapes of the host language (\n, \", \') may still be in the text, so that
 * offsets stay those of the source file.
 */
#ifndef STRAGGLER_PARSE_SQL_H
#define STRAGGLER_PARSE_SQL_H

#include "base/arena.h"
#include "base/str.h"
#include "facts/fact.h"
#include "parse/frontend.h"

/* A stretch of the text that is not SQL: "#{...}", "%s", "{name}". Sorted, not overlapping. */
typedef struct SqlHole {
    uint32_t start, end;
} SqlHole;

enum { SQL_NO_HOLE = UINT32_MAX };

typedef enum SqlMode {
    SQL_WHOLE,      /* statements */
    SQL_FRAGMENT,   /* condition, order list, join ...: the query's own model is implied */
    SQL_PROJECTION, /* a fragment that is a select list */
    SQL_ASSIGNMENT, /* a fragment that is a SET list: its targets are written */
    SQL_GUESS       /* WHOLE or FRAGMENT by its looks; nothing when it does not look like SQL */
} SqlMode;

typedef enum SqlQualifier {
    SQL_QUALIFIER_NONE,
    SQL_QUALIFIER_NAME,
    SQL_QUALIFIER_HOLE
} SqlQualifier;

/*
 * Numbered as AccessKind is, and as FACT_COLUMN carries it. A column that is not
 * written or declared builds the query, in a select list too; READ is what
 * procedural code does (NEW.status), and a table that is not written.
 */
typedef enum SqlAccess { SQL_READ, SQL_WRITE, SQL_QUERY, SQL_DECLARE } SqlAccess;

/*
 * One column named in the text. tables: 1 = its owner; several = one of them
 * (with all_tables: each of them); 0 = unknown, or the implied model.
 */
typedef struct SqlRef {
    uint32_t start, end; /* the column's name, without quotes */
    Str column;          /* "*" for a whole-row use */
    SqlAccess access;
    SqlQualifier qualifier_kind;
    Str qualifier;               /* as written, without quotes */
    uint32_t hole;               /* SQL_QUALIFIER_HOLE: index; SQL_NO_HOLE: found by spelling */
    const Str *tables;           /* names without schema and quotes; a hole's text as written */
    const uint32_t *table_holes; /* index of the hole that is the table, or SQL_NO_HOLE */
    size_t table_count;
    uint32_t statement; /* index into SqlRefs.statements */
    bool implied;       /* the fragment's own model may be the owner too */
    bool all_tables;    /* USING (column): it belongs to every one of `tables` */
    bool derived;       /* reached through a subquery's or CTE's output; with no table it is an
                           output that is computed there, so not a table's column at all */
    bool token_scan;    /* structure was lost: `tables` is a guess */
    /* DECLARE only */
    bool not_null, nullable; /* NOT NULL here; DROP NOT NULL (or an explicit NULL) here */
    bool has_default;
    bool dropped, renamed; /* ALTER TABLE ... DROP / RENAME this column */
} SqlRef;

/* A table named in the text. */
typedef struct SqlTable {
    uint32_t start, end; /* its name, without schema and quotes */
    Str name;
    uint32_t hole;    /* SQL_NO_HOLE for a plain name */
    SqlAccess access; /* READ; WRITE for the target of INSERT, UPDATE ...; DECLARE in DDL */
} SqlTable;

typedef struct SqlStatement {
    uint32_t start, end;
} SqlStatement;

typedef struct SqlRefs { /* all three in source order; memory from the arena */
    SqlRef *items;
    size_t count;
    SqlTable *tables;
    size_t table_count;
    SqlStatement *statements;
    size_t statement_count;
} SqlRefs;

/* Fills `out`, which borrows from `text` and `arena`. Returns out->count. */
size_t sql_read(Str text, const SqlHole *holes, size_t hole_count, SqlMode mode, SqlRefs *out,
                Arena *arena);

/*
 * True if `text` is probably SQL: a statement with the shape of one, or a
 * condition, join or order list that English does not produce. For strings
 * whose use is unknown. Looks at the first few hundred words only.
 */
bool sql_looks_like(Str text, const SqlHole *holes, size_t hole_count);

/* SQL inside a file: where it starts, and what its holes are, in bytes of `text`. */
typedef struct SqlSource {
    Str text;
    uint32_t base; /* added to every offset */
    const SqlHole *holes;
    size_t hole_count;
    SqlMode mode;
} SqlSource;

/*
 * Appends one FACT_SQL per statement under `parent`, with FACT_TABLE and
 * FACT_COLUMN children (see COLUMN_ACCESS in fact.h). Returns how many columns.
 * A table that is a hole is a FACT_TABLE without a name, at the hole's place.
 */
size_t sql_lower(FactBuilder *builder, NodeId parent, FactRole role, const SqlSource *source);

/* Front end of whole .sql files. */
ParseResult sql_frontend_parse(Names *names, Str text, Facts *facts, Arena *arena);

#endif
