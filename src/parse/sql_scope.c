/*
 * Scopes form a tree by parent; names are found through hash maps keyed by
 * scope, so a lookup costs one probe per enclosing scope, and nesting is
 * limited by the reader. A bare column belongs to the innermost scope that has
 * tables; among several tables it stays ambiguous, since the schema is not
 * known here. Two names with the same 32-bit hash in one scope: the later one
 * is not found, which makes its uses unknown, never wrong.
 */
#include "parse/sql_scope.h"

#include <ctype.h>

enum { MOST_CANDIDATES = 64 };

void scopes_init(SqlScopes *scopes, Str text, Arena *arena)
{
    *scopes = (SqlScopes){.arena = arena, .text = text};
}

void scopes_release(SqlScopes *scopes)
{
    array_release(&scopes->scopes);
    array_release(&scopes->tables);
    array_release(&scopes->uses);
    array_release(&scopes->outputs);
    map_release(&scopes->aliases);
    map_release(&scopes->ctes);
    map_release(&scopes->output_ids);
}

/* FNV-1a of the name without regard to case. */
static uint64_t key_of(ScopeId scope, Str name)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < name.length; i++)
        hash = (hash ^ (uint32_t)tolower((unsigned char)name.data[i])) * 16777619u;
    return map_key2(scope, hash);
}

Scope *scope_at(SqlScopes *scopes, ScopeId id)
{
    return &scopes->scopes.items[id - 1];
}

ScopeId scope_open(SqlScopes *scopes, ScopeId parent)
{
    array_push(&scopes->scopes, ((Scope){.parent = parent}));
    ScopeId id = (ScopeId)scopes->scopes.count;
    scope_at(scopes, id)->head = id;
    return id;
}

void scope_add_table(SqlScopes *scopes, ScopeId id, ScopeTable table, Str alias)
{
    table.next = 0;
    uint64_t *known = alias.length ? map_get(&scopes->aliases, key_of(id, alias)) : NULL;
    ScopeTable *target = known ? &scopes->tables.items[*known - 1] : NULL;
    if (target && sql_name_eq(target->name, alias) && !table.query) {
        target->name = table.name; /* UPDATE a SET ... FROM t a */
        target->hole = table.hole;
        return;
    }
    array_push(&scopes->tables, table);
    uint32_t index = (uint32_t)scopes->tables.count;
    Scope *scope = scope_at(scopes, id);
    if (scope->last_table)
        scopes->tables.items[scope->last_table - 1].next = index;
    else
        scope->first_table = index;
    scope->last_table = index;
    scope->table_count++;
    if (table.query && scope->query_count < sizeof scope->queries / sizeof *scope->queries)
        scope->queries[scope->query_count++] = table.query;
    Str known_as = alias.length ? alias : table.name;
    if (known_as.length && !map_get(&scopes->aliases, key_of(id, known_as)))
        map_put(&scopes->aliases, key_of(id, known_as), index);
}

void scope_add_cte(SqlScopes *scopes, ScopeId id, Str name, ScopeId query)
{
    map_put(&scopes->ctes, key_of(id, name), query);
}

ScopeId scope_find_cte(SqlScopes *scopes, ScopeId id, Str name)
{
    for (; id; id = scope_at(scopes, id)->parent) {
        uint64_t *found = map_get(&scopes->ctes, key_of(id, name));
        if (found && !scope_at(scopes, (ScopeId)*found)->hidden)
            return (ScopeId)*found;
    }
    return 0;
}

void scope_add_output(SqlScopes *scopes, ScopeId id, Output output)
{
    ScopeId head = scope_at(scopes, id)->head;
    uint64_t key = key_of(head, output.name);
    if (map_get(&scopes->output_ids, key))
        return;
    array_push(&scopes->outputs, output);
    map_put(&scopes->output_ids, key, scopes->outputs.count);
}

static const Output *find_output(const SqlScopes *scopes, ScopeId id, Str name)
{
    uint64_t *found = map_get(&scopes->output_ids, key_of(id, name));
    const Output *output = found ? &scopes->outputs.items[*found - 1] : NULL;
    return output && sql_name_eq(output->name, name) ? output : NULL;
}

UseId scope_add_use(SqlScopes *scopes, ScopeId id, Use use)
{
    use.next = 0;
    array_push(&scopes->uses, use);
    UseId added = (UseId)scopes->uses.count;
    Scope *scope = scope_at(scopes, id);
    if (scope->last_use)
        scopes->uses.items[scope->last_use - 1].next = added;
    else
        scope->first_use = added;
    scope->last_use = added;
    return added;
}

void use_set_owner(SqlScopes *scopes, Use *use, Str name, uint32_t hole)
{
    Str *names = ARENA_NEW(scopes->arena, Str);
    uint32_t *holes = ARENA_NEW(scopes->arena, uint32_t);
    *names = name;
    *holes = hole;
    use->ref.tables = names;
    use->ref.table_holes = holes;
    use->ref.table_count = 1;
    use->flags |= USE_FIXED;
}

static void take_tables(Use *use, const Scope *from)
{
    use->ref.tables = from->names;
    use->ref.table_holes = from->holes;
    use->ref.table_count = from->name_count;
}

/* The column is an output of `query`: whose is it there? */
static void pass_through(SqlScopes *scopes, Use *use, ScopeId query)
{
    const Output *output = find_output(scopes, query, use->ref.column);
    use->ref.derived = true;
    if (output && output->use) {
        const SqlRef *origin = &scopes->uses.items[output->use - 1].ref;
        if (!sql_name_eq(origin->column, use->ref.column))
            return;
        use->ref.tables = origin->tables;
        use->ref.table_holes = origin->table_holes;
        use->ref.table_count = origin->table_count;
        use->ref.implied = origin->implied;
    } else if (!output && scope_at(scopes, query)->star) {
        take_tables(use, scope_at(scopes, query));
    }
}

static bool passes(const SqlScopes *scopes, ScopeId query, Str column)
{
    return find_output(scopes, query, column) || scopes->scopes.items[query - 1].star;
}

static void assign(SqlScopes *scopes, Use *use, const ScopeTable *table)
{
    if (table->query)
        pass_through(scopes, use, table->query);
    else if (table->opaque)
        use->ref.derived = true;
    else
        use_set_owner(scopes, use, table->name, table->hole);
}

static const ScopeTable *find_alias(const SqlScopes *scopes, ScopeId id, Str name)
{
    uint64_t *found = map_get(&scopes->aliases, key_of(id, name));
    return found ? &scopes->tables.items[*found - 1] : NULL;
}

/* a.b.c where a is a table of this scope: b is the column, c a field of its value. */
static bool resolve_path(SqlScopes *scopes, Use *use, ScopeId id)
{
    const ScopeTable *table = use->head.length ? find_alias(scopes, id, use->head) : NULL;
    if (!table)
        return false;
    use->ref.start = use->middle_start;
    use->ref.end = use->middle_end;
    use->ref.column = str_slice(scopes->text, use->middle_start, use->middle_end);
    use->ref.qualifier = use->head;
    assign(scopes, use, table);
    return true;
}

static bool resolve_bare(SqlScopes *scopes, Use *use, ScopeId id)
{
    Scope *scope = scope_at(scopes, id);
    const Output *output =
        use->flags & USE_OUTPUT ? find_output(scopes, scope->head, use->ref.column) : NULL;
    if (output && (output->alias || scope->head != id)) {
        pass_through(scopes, use, scope->head);
        return true;
    }
    if (use->flags & USE_ROW_ARG) {
        const ScopeTable *table = find_alias(scopes, id, use->ref.column);
        if (table) {
            use->ref.column = str_lit("*");
            assign(scopes, use, table);
            return true;
        }
    }
    if (!scope->table_count)
        return false;
    if (use->flags & USE_TARGET) {
        assign(scopes, use, &scopes->tables.items[scope->first_table - 1]);
        return true;
    }
    for (uint32_t i = 0; i < scope->query_count; i++) {
        if (find_output(scopes, scope->queries[i], use->ref.column) ||
            (scope->table_count == 1 && passes(scopes, scope->queries[i], use->ref.column))) {
            pass_through(scopes, use, scope->queries[i]);
            return true;
        }
    }
    take_tables(use, scope);
    use->ref.derived = scope->name_count == 0;
    use->ref.implied = scope->implied;
    use->ref.token_scan |= scope->open && !str_eq_c(use->ref.column, "*");
    return true;
}

static bool resolve(SqlScopes *scopes, Use *use, ScopeId id)
{
    if (use->flags & USE_FIXED)
        return true;
    if (use->ref.qualifier_kind == SQL_QUALIFIER_NONE)
        return resolve_bare(scopes, use, id);
    const ScopeTable *table = find_alias(scopes, id, use->ref.qualifier);
    if (!table)
        return resolve_path(scopes, use, id);
    assign(scopes, use, table);
    return true;
}

static bool is_row_of_trigger(Str name)
{
    return sql_name_is(name, "new") || sql_name_is(name, "old") || sql_name_is(name, "inserted") ||
           sql_name_is(name, "deleted");
}

/* Nothing around knows the name: take the most natural reading. */
static void resolve_last(SqlScopes *scopes, Use *use, const Scope *root)
{
    if (use->ref.qualifier_kind == SQL_QUALIFIER_HOLE) {
        use_set_owner(scopes, use, use->ref.qualifier, use->ref.hole);
    } else if (use->ref.qualifier_kind == SQL_QUALIFIER_NONE) {
        use->ref.implied = !scopes->whole;
        use->ref.token_scan |= scopes->whole;
    } else if (is_row_of_trigger(use->ref.qualifier)) {
        use->ref.token_scan |= !scopes->trigger_table.length;
        if (scopes->trigger_table.length)
            use_set_owner(scopes, use, scopes->trigger_table, SQL_NO_HOLE);
    } else {
        use->ref.token_scan |= scopes->whole;
        if (!root->procedural)
            use_set_owner(scopes, use, use->ref.qualifier, SQL_NO_HOLE);
    }
}

static bool listed(const Str *names, size_t count, Str name)
{
    for (size_t i = 0; i < count; i++) {
        if (sql_name_eq(names[i], name))
            return true;
    }
    return false;
}

typedef struct Candidates {
    Str names[MOST_CANDIDATES];
    uint32_t holes[MOST_CANDIDATES];
    size_t count;
} Candidates;

static void add_candidate(Candidates *all, Str name, uint32_t hole)
{
    if (all->count == MOST_CANDIDATES || listed(all->names, all->count, name))
        return;
    all->names[all->count] = name;
    all->holes[all->count++] = hole;
}

/* Fills names: each table of the scope once, those behind SELECT * too. */
static void collect_candidates(SqlScopes *scopes, Scope *scope)
{
    Candidates all = {.count = 0};
    for (uint32_t i = scope->first_table; i && all.count < MOST_CANDIDATES;) {
        const ScopeTable *table = &scopes->tables.items[i - 1];
        const Scope *query = table->query ? scope_at(scopes, table->query) : NULL;
        for (size_t k = 0; query && query->star && k < query->name_count; k++)
            add_candidate(&all, query->names[k], query->holes[k]);
        if (!query && !table->opaque)
            add_candidate(&all, table->name, table->hole);
        i = table->next;
    }
    Str *names = ARENA_ARRAY(scopes->arena, Str, all.count);
    uint32_t *holes = ARENA_ARRAY(scopes->arena, uint32_t, all.count);
    for (size_t i = 0; i < all.count; i++) {
        names[i] = all.names[i];
        holes[i] = all.holes[i];
    }
    scope->names = names;
    scope->holes = holes;
    scope->name_count = all.count;
}

static void hand_to_parent(SqlScopes *scopes, ScopeId parent, UseId first, UseId last)
{
    Scope *scope = scope_at(scopes, parent);
    if (scope->last_use)
        scopes->uses.items[scope->last_use - 1].next = first;
    else
        scope->first_use = first;
    scope->last_use = last;
}

void scope_close(SqlScopes *scopes, ScopeId id)
{
    Scope *scope = scope_at(scopes, id);
    if (scope->closed)
        return;
    scope->closed = true;
    collect_candidates(scopes, scope);
    ScopeId parent = scope->parent;
    if (parent && scope_at(scopes, parent)->closed)
        parent = 0;
    UseId first = 0, last = 0;
    for (UseId i = scope->first_use, next; i; i = next) {
        Use *use = &scopes->uses.items[i - 1];
        next = use->next;
        if (resolve(scopes, use, id))
            continue;
        if (!parent) {
            resolve_last(scopes, use, scope);
            continue;
        }
        use->next = 0;
        if (last)
            scopes->uses.items[last - 1].next = i;
        else
            first = i;
        last = i;
    }
    scope->first_use = scope->last_use = 0;
    if (first)
        hand_to_parent(scopes, parent, first, last);
}
