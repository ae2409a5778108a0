/*
 * Classes of the code base whose instances are collections of a model: own
 * managers and query sets (`companions` rules with `collects`). Such a class
 * serves the models in whose bodies it is named (`objects = OrderManager()`),
 * and what the collection classes serve that construct it; else those that its rule names. Looking for them
 * reads every member once for each collection class that is asked about; the
 * answer is kept.
 */
#include "analyze/types/companion.h"

#include <string.h>

enum { SERVED_BUSY = 1, MOST_METHODS = 40 };

/* The rule by which instances of the class are (`repository`: give) collections, or NULL. */
static const Rule *rule_for(const Resolver *r, ClassId class_id, bool repository)
{
    const Program *program = r->program;
    const Class *class = class_id ? program->classes.items[class_id] : NULL;
    if (!class || !class->declared || !class->supers.count)
        return NULL;
    for (size_t i = 0; i < program->rules->sections[RULE_COMPANION].count; i++) {
        const Rule *rule = program->rules->sections[RULE_COMPANION].items[i];
        if ((repository ? rule->repository : rule->collects) && program_has_super(program, class_id, &rule->supertypes)) {
            program_fired(r->program, rule);
            return rule;
        }
    }
    return NULL;
}

static const Rule *collecting(const Resolver *r, ClassId class_id)
{
    return rule_for(r, class_id, false);
}

static bool collects(const Resolver *r, ClassId class_id)
{
    return collecting(r, class_id) != NULL;
}

/* The model whose repository the class is, as COLLECTION types; none when it is no repository. */
static TypeSet repository_of(Resolver *r, ClassId class_id)
{
    const Rule *rule = rule_for(r, class_id, true);
    TypeSet set = {0};
    if (rule)
        set = companion_named(r, rule, class_id);
    for (uint32_t i = 0; i < set.count; i++)
        set.items[i].shape = SHAPE_COLLECTION;
    return set;
}

TypeSet collection_served(Resolver *r, const TypeSet *set)
{
    TypeSet result = {0};
    for (uint32_t i = 0; i < set->count; i++) {
        Type type = set->items[i];
        TypeSet served = {0};
        if (type.shape == SHAPE_INSTANCE)
            served = repository_of(r, type.class_id);
        if (!served.count)
            typeset_add(&served, type);
        typeset_join(&result, &served);
    }
    return result;
}

/* True when the expression at `node` names the class: Foo(), Foo.as_manager(), Base.from_queryset(Foo)(). */
static bool names_class(const Program *program, FileId file, NodeId node, Sym name)
{
    const Facts *facts = &program->files.items[file]->facts;
    uint32_t end = facts->nodes[node].end;
    for (NodeId n = node; n < facts->count && facts->nodes[n].start < end; n++) {
        bool spelled = facts->nodes[n].kind == FACT_NAME || facts->nodes[n].kind == FACT_CALL ||
                       facts->nodes[n].kind == FACT_MEMBER || facts->nodes[n].kind == FACT_NEW;
        if (spelled && facts->nodes[n].name == name)
            return true;
    }
    return false;
}

static void add_owners(const Resolver *r, Sym name, TypeSet *set)
{
    const Program *program = r->program;
    for (size_t i = 1; i < program->members.count; i++) {
        const Member *member = &program->members.items[i];
        if (member->kind != MEMBER_FIELD || !member->value || !member->owner ||
            !names_class(program, member->place.file, member->value, name))
            continue;
        bool made = program_node(program, member->place.file, member->value)->kind != FACT_NAME;
        if (!made && !program->classes.items[member->owner]->is_model)
            continue; /* the class itself is kept, by anybody */
        typeset_add(set, (Type){.shape = SHAPE_COLLECTION, .class_id = member->owner});
    }
}

/* What the class's rule says it serves, when nobody names the class: OrderQuerySet is Order's. */
static TypeSet served_by_rule(Resolver *r, ClassId class_id)
{
    const Rule *rule = collecting(r, class_id);
    const Class *class = r->program->classes.items[class_id];
    TypeSet set = {0};
    if (rule && rule->class_of.count && class->places.count)
        set = resolver_rule_class(r, rule, &rule->class_of, class->places.items[0].file,
                                  class->places.items[0].node, NULL);
    for (uint32_t t = 0; t < set.count; t++)
        set.items[t].shape = SHAPE_COLLECTION;
    return set;
}

/* What the class serves, as COLLECTION types; none when nothing is known. */
static TypeSet served_by(Resolver *r, ClassId class_id, int depth)
{
    Program *program = r->program;
    uint64_t *memo = map_get(&r->served, class_id);
    TypeSet set = {0};
    if (memo || depth > 6)
        return memo ? resolver_remembered(r, *memo) : set;
    map_put(&r->served, class_id, SERVED_BUSY);
    Sym name = program->classes.items[class_id]->name;
    add_owners(r, name, &set);
    uint64_t *first = map_get(&program->calls_by_name, name);
    for (uint32_t i = first ? (uint32_t)*first : 0; i && !set.count; i = program->call_next.items[i - 1]) {
        Place call = program->calls.items[i - 1];
        ClassId maker = program_enclosing_class(program, call.file, call.node);
        if (maker && maker != class_id && collects(r, maker))
            set = served_by(r, maker, depth + 1);
    }
    for (size_t i = 0; i < program->classes.items[class_id]->subs.count; i++) {
        TypeSet part = served_by(r, program->classes.items[class_id]->subs.items[i], depth + 1);
        typeset_join(&set, &part);
    }
    if (!set.count)
        set = served_by_rule(r, class_id);
    map_put(&r->served, class_id, resolver_remember(r, &set));
    return set;
}

TypeSet collection_of(Resolver *r, const TypeSet *set, ClassId owner)
{
    TypeSet result = {0};
    for (uint32_t i = 0; i < set->count; i++) {
        Type type = set->items[i];
        if (type.shape != SHAPE_INSTANCE || !collects(r, type.class_id)) {
            typeset_add(&result, type);
            continue;
        }
        TypeSet served = {1, {{.shape = SHAPE_COLLECTION, .class_id = owner}}};
        if (!owner)
            served = served_by(r, type.class_id, 0);
        for (uint32_t s = 0; s < served.count; s++) {
            served.items[s].reason = type.reason;
            served.items[s].confidence = type.confidence;
        }
        if (!served.count)
            typeset_add(&served, type);
        typeset_join(&result, &served);
    }
    return result;
}

/* True when the model, or a class above it, names the collection class or one below it in its body. */
static bool serves(Resolver *r, ClassId collection, ClassId model)
{
    Program *program = r->program;
    uint64_t key = map_key2(collection | 0x80000000u, model);
    uint64_t *memo = map_get(&r->served, key);
    if (memo)
        return *memo != 0;
    bool found = false;
    for (size_t i = 1; i < program->members.count && !found; i++) {
        const Member *member = &program->members.items[i];
        if (member->kind != MEMBER_FIELD || !member->value || !program_is_a(program, model, member->owner))
            continue;
        TypeSet set = resolver_member_type(r, (MemberId)i);
        for (uint32_t t = 0; t < set.count; t++)
            found |= set.items[t].shape == SHAPE_INSTANCE &&
                     program_is_a(program, set.items[t].class_id, collection);
        if (!found)
            found = names_class(program, member->place.file, member->value,
                                program->classes.items[collection]->name);
    }
    map_put(&r->served, key, found);
    return found;
}

/* A collection class that serves several models gives, on one of them, that one. */
static TypeSet narrowed(TypeSet gives, const TypeSet *served, Type receiver)
{
    TypeSet set = {0};
    for (uint32_t i = 0; i < gives.count; i++) {
        Type type = gives.items[i];
        for (uint32_t s = 0; s < served->count; s++) {
            if (type.class_id && served->items[s].class_id == type.class_id)
                type.class_id = receiver.class_id;
        }
        typeset_add(&set, type);
    }
    return set;
}

TypeSet collection_method(Resolver *r, Type receiver, Sym name)
{
    TypeSet set = {0};
    Program *program = r->program;
    uint64_t *first = map_get(&program->methods_by_name, name);
    int seen = 0;
    for (MemberId id = first ? (MemberId)*first : 0; id && seen < MOST_METHODS; seen++) {
        ClassId owner = program->members.items[id].owner;
        TypeSet served = repository_of(r, owner);
        bool repository = served.count && program_is_a(program, receiver.class_id, served.items[0].class_id);
        if (repository || (collects(r, owner) && serves(r, owner, receiver.class_id))) {
            if (!repository)
                served = served_by(r, owner, 0);
            TypeSet part = narrowed(resolver_member_type(r, id), &served, receiver);
            typeset_join(&set, &part);
        }
        uint64_t *next = map_get(&program->method_next, id);
        id = next ? (MemberId)*next : 0;
    }
    const Class *class = program->classes.items[receiver.class_id];
    if (!first && class->places.count)
        resolver_need(r, NEED_FUNCTION, name, class->places.items[0].file);
    return set;
}
