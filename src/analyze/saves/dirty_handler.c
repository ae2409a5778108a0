/*
 * Functions that a framework runs at the saves of a class's objects without being called by name:
 * tied to the class by a decorator (`@receiver(post_save, sender=Order)`), or by a call that is
 * given them (`post_save.connect(handler, sender=Order)`, `static::saving(function ($order) ...)`).
 */
#include "analyze/saves/dirty_private.h"

/* The index of the parameter that holds the object: spelled as a number, or found by its name. */
static bool param_at(const Program *program, Place function, Str parameter, uint32_t *index)
{
    const Facts *facts = &program->files.items[function.file]->facts;
    bool number = parameter.data[0] >= '0' && parameter.data[0] <= '9';
    Sym name = number ? 0 : names_lookup(program->names, parameter);
    *index = 0;
    for (NodeId c = facts->nodes[function.node].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].role != ROLE_PARAM)
            continue;
        if (number ? *index == (uint32_t)(parameter.data[0] - '0') : facts->nodes[c].name == name)
            return true;
        ++*index;
    }
    return false;
}

/* `call` is the decorator, the call in it, or a call that is given the function. */
static void add_handlers(Dirty *d, Place function, FileId file, NodeId call, const Rule *rule)
{
    Program *program = d->program;
    SaveHandler handler = {.function = function};
    if (!function.file || !param_at(program, function, rule->parameter, &handler.param))
        return;
    TypeSet classes = rule->class_of.count
                          ? resolver_rule_class(d->resolver, rule, &rule->class_of, file, call, NULL)
                          : resolver_self(d->resolver, file, call);
    program_fired(program, rule);
    for (uint32_t i = 0; i < classes.count; i++) {
        handler.class_id = classes.items[i].class_id;
        array_push(&d->handlers, handler);
    }
}

/* The function that a call is given: written out, or by name. */
static Place given_function(const Dirty *d, FileId file, NodeId call)
{
    const Facts *facts = &d->program->files.items[file]->facts;
    NodeId argument = callsite_argument(facts, call, 0);
    if (argument && facts->nodes[argument].kind == FACT_LAMBDA)
        return (Place){file, argument};
    if (!argument || facts->nodes[argument].kind != FACT_NAME)
        return (Place){0};
    uint64_t *first = map_get(&d->program->functions_by_name, facts->nodes[argument].name);
    for (uint32_t i = first ? (uint32_t)*first : 0; i; i = d->program->function_next.items[i - 1]) {
        if (d->program->functions.items[i - 1].file == file)
            return d->program->functions.items[i - 1];
    }
    return only_function(d->program, facts->nodes[argument].name);
}

static void read_decorator(Dirty *d, FileId file, NodeId decorator)
{
    const Facts *facts = &d->program->files.items[file]->facts;
    NodeId call = facts->nodes[decorator].name ? decorator : facts->nodes[decorator].child;
    Place function = {file, facts->nodes[decorator].parent};
    if (!call || facts->nodes[function.node].kind != FACT_FUNCTION)
        return;
    for (const Rule *rule = rules_find(&d->program->rules->saves, facts->nodes[call].name); rule;
         rule = rule->next_same_name) {
        if ((rule->does & DOES_RUN) && rule->parameter.length && (rule->on & ON_BODY))
            add_handlers(d, function, file, call, rule);
    }
}

static void read_call(Dirty *d, FileId file, NodeId call)
{
    const Facts *facts = &d->program->files.items[file]->facts;
    NodeId receiver = fact_child(facts, call, ROLE_RECEIVER);
    if (!receiver || facts->nodes[call].role == ROLE_DECORATOR)
        return;
    for (const Rule *rule = rules_find(&d->program->rules->saves, facts->nodes[call].name); rule;
         rule = rule->next_same_name) {
        if (!(rule->does & DOES_RUN) || !rule->parameter.length || (rule->on & ON_BODY))
            continue;
        TypeSet types = resolver_type(d->resolver, file, receiver);
        if (resolver_rule_applies(d->resolver, rule, file, call, &types, false))
            add_handlers(d, given_function(d, file, call), file, call, rule);
    }
}

void handlers_find(Dirty *d)
{
    d->handlers.count = 0;
    for (FileId f = 1; f < d->program->files.count; f++) {
        const Facts *facts = &d->program->files.items[f]->facts;
        for (NodeId id = 1; id < facts->count; id++) {
            if (facts->nodes[id].kind == FACT_DECORATOR)
                read_decorator(d, f, id);
            else if (facts->nodes[id].kind == FACT_CALL)
                read_call(d, f, id);
        }
    }
}
