/*
 * References become facts: FACT_SQL per statement, and in it, in source order,
 * the tables it names and the columns, each with the tables that may own it.
 * An output that is computed in a subquery (derived, with no table) is no
 * table's column and makes no fact.
 */
#include "parse/sql.h"

static uint16_t column_bits(const SqlRef *ref)
{
    const struct {
        bool set;
        unsigned bit;
    } bits[] = {{ref->not_null, COLUMN_NOT_NULL}, {ref->nullable, COLUMN_NULLABLE},
                {ref->has_default, COLUMN_HAS_DEFAULT}, {ref->dropped, COLUMN_DROPPED},
                {ref->renamed, COLUMN_RENAMED}, {ref->derived, COLUMN_DERIVED},
                {ref->all_tables, COLUMN_ALL_TABLES}, {ref->implied, COLUMN_IMPLIED}};
    unsigned all = (unsigned)ref->access;
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
        all |= bits[i].set ? bits[i].bit : 0;
    return (uint16_t)all;
}

static void add_owners(FactBuilder *builder, NodeId column, const SqlRef *ref,
                       const SqlSource *source)
{
    for (size_t i = 0; i < ref->table_count; i++) {
        uint32_t hole = ref->table_holes[i];
        uint32_t start = ref->start, end = ref->end;
        if (hole != SQL_NO_HOLE) {
            start = source->holes[hole].start;
            end = source->holes[hole].end;
        }
        NodeId table = fact_add(builder, column, FACT_TABLE, ROLE_RECEIVER, source->base + start,
                                source->base + end);
        if (hole == SQL_NO_HOLE)
            builder->facts->nodes[table].name = names_intern(builder->names, ref->tables[i]);
    }
}

static void add_column(FactBuilder *builder, NodeId parent, const SqlRef *ref,
                       const SqlSource *source)
{
    NodeId id = fact_add(builder, parent, FACT_COLUMN, ROLE_NONE, source->base + ref->start,
                         source->base + ref->end);
    Node *node = &builder->facts->nodes[id];
    node->name = names_intern(builder->names, ref->column);
    node->spare = column_bits(ref);
    if (ref->token_scan)
        node->flags |= FLAG_TEXT;
    add_owners(builder, id, ref, source);
}

static void add_table(FactBuilder *builder, NodeId parent, const SqlTable *table, uint32_t base)
{
    NodeId id = fact_add(builder, parent, FACT_TABLE, ROLE_NONE, base + table->start,
                         base + table->end);
    Node *node = &builder->facts->nodes[id];
    node->spare = (uint16_t)table->access;
    if (table->hole == SQL_NO_HOLE)
        node->name = names_intern(builder->names, table->name);
}

size_t sql_lower(FactBuilder *builder, NodeId parent, FactRole role, const SqlSource *source)
{
    SqlRefs refs;
    size_t added = 0, column = 0, table = 0;
    sql_read(source->text, source->holes, source->hole_count, source->mode, &refs, builder->arena);
    for (size_t i = 0; i < refs.statement_count; i++) {
        const SqlStatement *statement = &refs.statements[i];
        NodeId sql = fact_add(builder, parent, FACT_SQL, role, source->base + statement->start,
                              source->base + statement->end);
        while (column < refs.count || table < refs.table_count) {
            const SqlRef *ref = column < refs.count ? &refs.items[column] : NULL;
            const SqlTable *named = table < refs.table_count ? &refs.tables[table] : NULL;
            bool take_table = named && (!ref || named->start <= ref->start);
            if ((take_table ? named->start : ref->start) >= statement->end)
                break;
            if (take_table) {
                add_table(builder, sql, named, source->base);
                table++;
                continue;
            }
            column++;
            if (ref->derived && !ref->table_count)
                continue;
            add_column(builder, sql, ref, source);
            added++;
        }
    }
    return added;
}

ParseResult sql_frontend_parse(Names *names, Str text, Facts *facts, Arena *arena)
{
    FactBuilder builder;
    fact_builder_init(&builder, facts, arena, names);
    NodeId file = fact_add(&builder, 0, FACT_FILE, ROLE_NONE, 0, (uint32_t)text.length);
    SqlSource source = {.text = text, .mode = SQL_WHOLE};
    sql_lower(&builder, file, ROLE_NONE, &source);
    return PARSE_OK;
}
