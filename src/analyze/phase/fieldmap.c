/*
 * The map must be known before anything is searched for, so it is read ahead
 * of the pipeline: the files that hold the macro's name are parsed, and its
 * calls listed. Cost: one search over the bytes for each macro, and the parse of
 * the few files that hold it.
 */
#include "analyze/phase/fieldmap.h"

#include "analyze/program/naming.h"
#include "base/array.h"

#include <string.h>

typedef struct Pairs {
    ARRAY_OF(FieldMap);
} Pairs;

bool fieldmap_wanted(const Migration *migrations, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (migrations[i].fields_from && !migrations[i].field_count)
            return true;
    }
    return false;
}

static void add_pair(Pairs *pairs, const char *old, const char *new)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (strcmp(pairs->items[i].from, old) == 0)
            return;
    }
    array_push(pairs, ((FieldMap){.from = old, .to = new}));
}

static const char *spelled(const FieldMapSearch *s, const Node *node)
{
    Str name = names_str(s->names, node->name);
    bool names = node->kind == FACT_SYMBOL || node->kind == FACT_STRING;
    return names && name.length ? arena_strdup(s->arena, name.data, name.length) : NULL;
}

static const char *keyword(const FieldMapSearch *s, const Facts *facts, NodeId call,
                           const char *name, bool *given)
{
    for (NodeId c = facts->nodes[call].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].kind != FACT_KEYWORD ||
            !str_eq_c(names_str(s->names, facts->nodes[c].name), name))
            continue;
        *given = true;
        NodeId value = fact_child(facts, c, ROLE_VALUE);
        return value ? spelled(s, &facts->nodes[value]) : NULL;
    }
    return NULL;
}

/* True when the call speaks of the model: in its class' body, or on the class by name. */
static bool is_of_model(const FieldMapSearch *s, const Facts *facts, NodeId call, Str model)
{
    NodeId receiver = fact_child(facts, call, ROLE_RECEIVER);
    if (receiver && facts->nodes[receiver].kind == FACT_NAME)
        return str_eq(name_last(names_str(s->names, facts->nodes[receiver].name)), model);
    NodeId around = fact_ancestor(facts, call, FACT_CLASS);
    return around && str_eq(name_last(names_str(s->names, facts->nodes[around].name)), model);
}

static void read_call(const FieldMapSearch *s, const Facts *facts, NodeId call, Pairs *pairs)
{
    bool delegates = false, prefixed = false;
    const char *to = keyword(s, facts, call, "to", &delegates);
    const char *prefix = keyword(s, facts, call, "prefix", &prefixed);
    const char *first = NULL;
    if (prefixed && !prefix)
        prefix = to;
    for (NodeId c = facts->nodes[call].child; c; c = facts->nodes[c].next) {
        const Node *node = &facts->nodes[c];
        const char *name = node->role == ROLE_ARGUMENT ? spelled(s, node) : NULL;
        if (!name)
            continue;
        if (delegates) {
            add_pair(pairs, prefix ? arena_printf(s->arena, "%s_%s", prefix, name) : name, name);
        } else if (!first) {
            first = name;
        } else {
            add_pair(pairs, first, name);
            return;
        }
    }
}

static void read_facts(const FieldMapSearch *s, const Facts *facts, const Migration *migration,
                       Pairs *pairs)
{
    Sym macro = names_intern_c(s->names, migration->fields_from);
    Str model = name_last(str_of(migration->model));
    for (NodeId id = 1; id < facts->count; id++) {
        if (facts->nodes[id].kind == FACT_CALL && facts->nodes[id].name == macro &&
            is_of_model(s, facts, id, model))
            read_call(s, facts, id, pairs);
    }
}

bool fieldmap_parse(const FieldMapSearch *search, ParserPool *pool, const Source *source,
                    Facts *facts, Arena *arena, Diag *diag)
{
    *facts = (Facts){0};
    if (!language_prepare(search->languages, source->language, diag))
        return false;
    arena_init(arena);
    page_enter(search->page, 0, source->path, search->deadline_ms * 2);
    frontend_parse(pool, source->language, source->text, search->deadline_ms, facts, arena);
    page_leave(search->page, 0);
    return true;
}

static bool read_source(const FieldMapSearch *s, ParserPool *pool, const Source *source,
                        const Migration *migration, Pairs *pairs, Diag *diag)
{
    Facts facts;
    Arena arena;
    if (!fieldmap_parse(s, pool, source, &facts, &arena, diag))
        return false;
    read_facts(s, &facts, migration, pairs);
    arena_release(&arena);
    return true;
}

static void keep(const FieldMapSearch *s, const Pairs *pairs, Migration *migration)
{
    size_t known = migration->field_count;
    FieldMap *all = ARENA_ARRAY(s->arena, FieldMap, known + pairs->count);
    if (known)
        memcpy(all, migration->fields, known * sizeof *all);
    for (size_t i = 0; i < pairs->count; i++) {
        bool named = false;
        for (size_t k = 0; k < known && !named; k++)
            named = strcmp(all[k].from, pairs->items[i].from) == 0;
        if (!named)
            all[migration->field_count++] = pairs->items[i];
    }
    migration->fields = all;
}

bool fieldmap_read(const FieldMapSearch *search, Migration *migrations, size_t count, Diag *diag)
{
    ParserPool *pool = parser_pool_new(search->names);
    bool good = true;
    for (size_t m = 0; good && m < count; m++) {
        Pairs pairs = {0};
        for (size_t i = 0; good && migrations[m].fields_from && i < search->sources->count; i++) {
            Source *source = &search->sources->items[i];
            if (source->language && source_load(source, search->sources->root_fd) &&
                str_find(source->text, str_of(migrations[m].fields_from), 0) != SIZE_MAX)
                good = read_source(search, pool, source, &migrations[m], &pairs, diag);
        }
        keep(search, &pairs, &migrations[m]);
        array_release(&pairs);
    }
    parser_pool_free(pool);
    return good;
}
