/*
 * What a string or keyword is given to, asked from outside: the reader of SQL
 * and of relation paths in strings needs the classes that the call speaks
 * about, not the name itself.
 */
#include "analyze/access/mention_private.h"
#include "analyze/types/companion.h"

#include <string.h>

static bool context_of_rules(Analysis *a, const Map *map, FileId file, NodeId node,
                             const Route *route, const TypeSet *receiver, bool in_body,
                             Meaning *meaning, TypeSet *types)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    bool known = false;
    for (const Rule *rule = rules_find(map, facts->nodes[route->taker].name); rule;
         rule = types->count ? NULL : rule->next_same_name) {
        Meaning said = mention_rule_meaning(a, rule, facts, route, node);
        if (!said || !resolver_rule_applies(a->resolver, rule, file, route->taker, receiver, in_body))
            continue;
        *types = resolver_rule_class(a->resolver, rule, &rule->class_of, file, route->taker, receiver);
        program_fired(a->program, rule);
        if (route->inside_count && said == MEANING_WRITE && types->count) {
            TypeSet below = mention_follow_keys(a, rule, route, *types, file);
            if (!below.count)
                continue; /* below a key that is no relation: something else */
        }
        *meaning = said;
        known = true;
    }
    return known;
}

/* What an attribute's rule says of a mention in a class body; NONE when the rule is not meant there. */
Meaning mention_attribute_meaning(const Analysis *a, const Rule *rule, FileId file, NodeId node,
                                 NodeId taker)
{
    const Program *program = a->program;
    if (strcmp(rule->pack->family, program->files.items[file]->language->family) != 0)
        return MEANING_NONE;
    bool meant = !rule->supertypes.count;
    for (ClassId id = program_enclosing_class(program, file, taker); id && !meant;
         id = program->classes.items[id]->outer)
        meant = program_has_super(program, id, &rule->supertypes);
    if (!meant)
        return MEANING_NONE;
    return program_node(program, file, node)->kind == FACT_SYMBOL ? rule->symbols : rule->strings;
}

/* The attribute that a string in a class body is listed in. */
static bool context_of_attribute(Analysis *a, FileId file, NodeId node, const Route *route,
                                 Meaning *meaning, TypeSet *types)
{
    Sym name = mention_attribute(a->program, file, route);
    bool known = false;
    for (const Rule *rule = rules_find(&a->program->rules->attributes, name); rule;
         rule = types->count ? NULL : rule->next_same_name) {
        Meaning said = mention_attribute_meaning(a, rule, file, node, route->taker);
        if (!said)
            continue;
        *meaning = said;
        *types = resolver_rule_class(a->resolver, rule, &rule->class_of, file, route->taker, NULL);
        *types = companion_fields(a->resolver, types);
        program_fired(a->program, rule);
        known = true;
    }
    return known;
}

/* A call of this name takes SQL, whatever its receiver is. */
static bool knows_sql(const Analysis *a, FileId file, NodeId node, const Route *route)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    for (const Rule *rule = rules_find(&a->program->rules->calls, facts->nodes[route->taker].name);
         rule; rule = rule->next_same_name) {
        if (mention_rule_meaning(a, rule, facts, route, node) == MEANING_SQL &&
            strcmp(rule->pack->family, a->program->files.items[file]->language->family) == 0)
            return true;
    }
    return false;
}

bool mention_call_context(Analysis *a, FileId file, NodeId node, const Route *route,
                          Meaning *meaning, TypeSet *types)
{
    File *f = a->program->files.items[file];
    const Map *calls = &a->program->rules->calls;
    NodeId base = fact_child(&f->facts, route->taker, ROLE_RECEIVER);
    bool in_body = program_enclosing_class(a->program, file, route->taker) &&
                   !program_enclosing_function(a->program, file, route->taker);
    TypeSet receiver = {0};
    if (base) {
        receiver = resolver_type(a->resolver, file, base);
        receiver = collection_served(a->resolver, &receiver);
    }
    if (context_of_rules(a, calls, file, node, route, base ? &receiver : NULL, in_body, meaning,
                         types))
        return true;
    if (base && !receiver.count && knows_sql(a, file, node, route)) {
        *meaning = MEANING_SQL;
        return true;
    }
    if (base || !f->language->implicit_self)
        return false;
    receiver = resolver_self(a->resolver, file, route->taker);
    return context_of_rules(a, calls, file, node, route, &receiver, false, meaning, types);
}

bool mention_context(Analysis *a, FileId file, NodeId node, Meaning *meaning, TypeSet *types)
{
    File *f = a->program->files.items[file];
    Route route = mention_climb(f, node);
    FactKind kind = route.taker ? (FactKind)f->facts.nodes[route.taker].kind : FACT_NONE;
    if (kind == FACT_ASSIGN || kind == FACT_VARIABLE || kind == FACT_FIELD || kind == FACT_RETURN)
        return context_of_attribute(a, file, node, &route, meaning, types);
    return kind == FACT_CALL && mention_call_context(a, file, node, &route, meaning, types);
}

void mention_drop_refuted(const Analysis *a, const Accessor *accessor, TypeSet *types)
{
    TypeSet kept = {0};
    for (uint32_t i = 0; i < types->count; i++) {
        Type type = types->items[i];
        bool named = type.reason && a->resolver->reasons.items[type.reason].text;
        Confidence confidence = CONFIDENCE_CERTAIN;
        if (!named || !type.class_id || program_member(a->program, type.class_id, accessor->name) ||
            analysis_in_family(a, a->fields.items[accessor->field].model, type.class_id,
                               &confidence))
            typeset_add(&kept, type);
    }
    *types = kept;
}

Meaning mention_meaning_of_name(const Analysis *a, FileId file, NodeId node, const Route *route)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    for (const Rule *rule = rules_find(&a->program->rules->calls, facts->nodes[route->taker].name);
         rule; rule = rule->next_same_name) {
        Meaning meaning = mention_rule_meaning(a, rule, facts, route, node);
        bool own = strcmp(rule->pack->family, a->program->files.items[file]->language->family) == 0;
        if (own && meaning && meaning != MEANING_SQL && !(rule->on & ON_ANY))
            return meaning;
    }
    return MEANING_NONE;
}

Meaning mention_meaning_by_name(const Analysis *a, FileId file, NodeId node)
{
    Route route = mention_climb(a->program->files.items[file], node);
    bool call = route.taker && program_node(a->program, file, route.taker)->kind == FACT_CALL;
    return call ? mention_meaning_of_name(a, file, node, &route) : MEANING_NONE;
}

/* A literal is an object to store, unless the call it is given to takes it as a pattern. */
Meaning mention_literal_meaning(const Analysis *a, FileId file, NodeId literal)
{
    const Program *program = a->program;
    const Facts *facts = &program->files.items[file]->facts;
    NodeId node = literal;
    while (facts->nodes[facts->nodes[node].parent].kind == FACT_ADDRESS)
        node = facts->nodes[node].parent;
    const Node *call = &facts->nodes[facts->nodes[node].parent];
    if (call->kind != FACT_CALL || facts->nodes[node].role != ROLE_ARGUMENT)
        return MEANING_WRITE;
    for (const Rule *rule = rules_find(&program->rules->calls, call->name); rule;
         rule = rule->next_same_name) {
        if (rule->keywords &&
            strcmp(rule->pack->family, program->files.items[file]->language->family) == 0)
            return rule->keywords;
    }
    return MEANING_WRITE;
}
