/*
 * Read ahead of everything else, like field maps: files that hold one of the words
 * are parsed, each alone, and their calls, assignments and decorators of that name
 * give the fields; so do fields that a decorator of the language marks as deprecated.
 * The class is the one written around them. Cost: one search over
 * the bytes for each word, and the parse of the few files that hold one.
 */
#include "analyze/phase/retired.h"


#include <string.h>

typedef struct Retired {
    const FieldMapSearch *read;
    const RuleSet *rules;
    MigrationList *found;
    ParserPool *pool;
} Retired;

static bool retires(const Rule *rule)
{
    return rule->retires.length > 0;
}

static bool holds_word(const RuleSet *rules, const Source *source)
{
    const StrList *marks = &source->language->deprecated;
    for (size_t i = 0; i < marks->count; i++) {
        if (str_find(source->text, marks->items[i], 0) != SIZE_MAX)
            return true;
    }
    return rules_asked_in(rules, source->language->family, source->text, retires);
}

static void add(Retired *r, const Facts *facts, NodeId node, Phase phase, Str field)
{
    NodeId around = fact_ancestor(facts, node, FACT_CLASS);
    Migration like = {.phase = phase, .accessors = true};
    if (!around || !facts->nodes[around].name)
        return;
    Str model = names_str(r->read->names, facts->nodes[around].name);
    like.model = arena_strdup(r->read->arena, model.data, model.length);
    migrations_add_field(r->found, &like, field, r->read->arena);
}

/* The names that are spelled inside of `given`: arguments, lists, what is assigned. */
static void add_spelled(Retired *r, const Facts *facts, NodeId given, Phase phase)
{
    uint32_t end = facts->nodes[given].end;
    for (NodeId n = given; n < facts->count && facts->nodes[n].start < end; n++) {
        if (facts->nodes[n].kind == FACT_STRING || facts->nodes[n].kind == FACT_SYMBOL)
            add(r, facts, n, phase, names_str(r->read->names, facts->nodes[n].name));
    }
}

/* ignored_columns(...), self.ignored_columns = [...] */
static void read_call(Retired *r, const Facts *facts, NodeId node, const char *family)
{
    const Node *n = &facts->nodes[node];
    NodeId target = n->kind == FACT_ASSIGN ? fact_child(facts, node, ROLE_TARGET) : 0;
    Sym name = target ? facts->nodes[target].name : n->name;
    const Rule *rule =
        name ? rules_asked(r->rules, family, names_str(r->read->names, name), retires) : NULL;
    Phase phase;
    if (!rule || !phase_parse(rule->retires, &phase))
        return;
    for (NodeId c = n->child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].role == ROLE_ARGUMENT || facts->nodes[c].role == ROLE_VALUE)
            add_spelled(r, facts, c, phase);
    }
}

/* @Deprecated on a field, or on a function that is read like one. */
static void read_decorator(Retired *r, const Facts *facts, NodeId node, const Language *language)
{
    const Node *n = &facts->nodes[node], *owner = &facts->nodes[n->parent];
    Sym name = n->name || !n->child ? n->name : facts->nodes[n->child].name;
    bool field = owner->kind == FACT_FIELD ||
                 (owner->kind == FACT_FUNCTION && (owner->flags & FLAG_PROPERTY));
    if (field && name && strlist_has(&language->deprecated, names_str(r->read->names, name)))
        add(r, facts, node, PHASE_READ_NEW, names_str(r->read->names, owner->name));
}

static void read_facts(Retired *r, const Facts *facts, const Language *language)
{
    for (NodeId node = 1; node < facts->count; node++) {
        FactKind kind = (FactKind)facts->nodes[node].kind;
        if (kind == FACT_CALL || kind == FACT_ASSIGN)
            read_call(r, facts, node, language->family);
        else if (kind == FACT_DECORATOR)
            read_decorator(r, facts, node, language);
    }
}

static bool read_source(Retired *r, const Source *source, Diag *diag)
{
    const FieldMapSearch *read = r->read;
    Facts facts;
    Arena arena;
    if (!fieldmap_parse(read, r->pool, source, &facts, &arena, diag))
        return false;
    read_facts(r, &facts, source->language);
    arena_release(&arena);
    return true;
}

bool retired_read(const FieldMapSearch *read, const RuleSet *rules, MigrationList *found,
                  Diag *diag)
{
    Retired r = {read, rules, found, parser_pool_new(read->names)};
    bool good = true;
    for (size_t i = 0; good && i < read->sources->count; i++) {
        Source *source = &read->sources->items[i];
        if (source->language && source_load(source, read->sources->root_fd) &&
            holds_word(rules, source))
            good = read_source(&r, source, diag);
    }
    parser_pool_free(r.pool);
    return good;
}
