/*
 * A name is often not given to the call that knows it, but to something that
 * hands it on:
 *
 *     def make(**values): return Order.objects.create(**values)
 *     make(email="a")                                     a function's rest
 *     values["email"] = "a"; values.update({"email": e})  a mapping that is spread later
 *     for name in ("email", "state"): getattr(order, name) a loop
 *
 * Both are followed through the facts, forwards only, at most DEEPEST steps and
 * MOST_USES uses of a variable each. What all calls at the ends say is joined,
 * so that a mapping given to two models speaks for neither alone.
 */
#include "analyze/access/access.h"

#include "analyze/access/mention_private.h"
#include "analyze/program/binding.h"

#include <string.h>

enum { DEEPEST = 4, MOST_USES = 12, MOST_CALLEES = 4, MOST_LOOKED_AT = 4000 };

typedef struct Quest {
    Analysis *a;
    Sym key;
    bool as_key; /* the name is a key of what is handed on; else it is its value */
    int depth;
    bool kept;   /* a function has a parameter of that name */
    bool found;
    Meaning meaning;
    TypeSet types;
} Quest;

static const Facts *facts_of(const Quest *q, FileId file)
{
    return &q->a->program->files.items[file]->facts;
}

static void to_call(Quest *q, FileId file, NodeId call, NodeId argument);

/* The call's rule that says `merges`, or `makes_keys` of names that are no keys yet. */
static const Rule *keeping(const Quest *q, FileId file, Sym name, bool makes_keys)
{
    const Program *program = q->a->program;
    const Rule *rule = rules_find(&program->rules->calls, name);
    while (rule && !((makes_keys ? rule->makes_keys : rule->merges) &&
                     strcmp(rule->pack->family, program->files.items[file]->language->family) == 0))
        rule = rule->next_same_name;
    return rule;
}

static const Rule *merging(const Quest *q, FileId file, Sym name)
{
    return keeping(q, file, name, false);
}

bool mention_builds_mapping(const Analysis *a, FileId file, NodeId call)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    Quest quest = {.a = (Analysis *)a};
    return facts->nodes[call].kind == FACT_CALL && !fact_child(facts, call, ROLE_RECEIVER) &&
           merging(&quest, file, facts->nodes[call].name);
}

bool mention_makes_keys(const Analysis *a, FileId file, NodeId call)
{
    Quest quest = {.a = (Analysis *)a};
    const Rule *rule = keeping(&quest, file, facts_of(&quest, file)->nodes[call].name, true);
    program_fired(a->program, rule);
    return rule != NULL;
}

/* kwargs.pop("email"): the function keeps the key for itself. */
static bool takes_key(const Quest *q, FileId file, NodeId name)
{
    const Facts *facts = facts_of(q, file);
    NodeId call = facts->nodes[name].parent;
    NodeId argument = facts->nodes[call].kind == FACT_CALL && facts->nodes[name].role == ROLE_RECEIVER
                          ? fact_child(facts, call, ROLE_ARGUMENT) : 0;
    if (!argument || facts->nodes[argument].name != q->key || merging(q, file, facts->nodes[call].name))
        return false;
    const Rule *rule = rules_find(&q->a->program->rules->calls, facts->nodes[call].name);
    while (rule && !rule->index)
        rule = rule->next_same_name;
    return rule != NULL;
}

static void to_variable(Quest *q, FileId file, NodeId scope, NodeId from, Sym name);

/* What is built at `value` goes to a call, or to a variable. */
static void to_place(Quest *q, FileId file, NodeId value)
{
    const Facts *facts = facts_of(q, file);
    Route route = mention_climb(q->a->program->files.items[file], value);
    FactKind kind = route.taker ? (FactKind)facts->nodes[route.taker].kind : FACT_NONE;
    if ((kind == FACT_CALL || kind == FACT_NEW) && facts->nodes[route.argument].role == ROLE_ARGUMENT) {
        to_call(q, file, route.taker, route.argument);
    } else if ((kind == FACT_ASSIGN || kind == FACT_VARIABLE) && route.argument &&
               facts->nodes[route.argument].role == ROLE_VALUE) {
        NodeId target = fact_child(facts, route.taker, ROLE_TARGET);
        NodeId function = program_enclosing_function(q->a->program, file, route.taker);
        bool plain = !target || facts->nodes[target].kind == FACT_NAME;
        Sym name = target ? facts->nodes[target].name : facts->nodes[route.taker].name;
        if (plain && function)
            to_variable(q, file, function, route.taker + 1, name);
    }
}

/* compact("email"), array_flip($names): what the call gives has the names as its keys. */
static bool to_keys(Quest *q, FileId file, NodeId call)
{
    const Facts *facts = facts_of(q, file);
    const Rule *rule = !q->as_key && facts->nodes[call].kind == FACT_CALL
                           ? keeping(q, file, facts->nodes[call].name, true) : NULL;
    if (!rule)
        return false;
    program_fired(q->a->program, rule);
    q->as_key = true;
    to_place(q, file, call);
    q->as_key = false;
    return true;
}

/* values[name] = 1, for each of the names: they are keys of what is written to. */
static void to_index(Quest *q, FileId file, NodeId element, NodeId index)
{
    const Facts *facts = facts_of(q, file);
    NodeId base = fact_child(facts, element, ROLE_RECEIVER);
    NodeId function = program_enclosing_function(q->a->program, file, element);
    if (q->as_key || !base || !function || facts->nodes[index].role != ROLE_INDEX ||
        facts->nodes[element].role != ROLE_TARGET || facts->nodes[base].kind != FACT_NAME)
        return;
    q->as_key = true;
    to_variable(q, file, function, element + 1, facts->nodes[base].name);
    q->as_key = false;
}

/* for key, value in values.items(): the loop over what the mapping is asked for, or 0. */
static NodeId loop_over(const Facts *facts, NodeId call, NodeId argument)
{
    NodeId parent = facts->nodes[call].parent;
    return facts->nodes[argument].role == ROLE_RECEIVER && facts->nodes[parent].kind == FACT_EACH &&
                   facts->nodes[call].role == ROLE_SOURCE
               ? parent : 0;
}

/* The names of a list, or the keys of a mapping, one by one. */
static void to_loop(Quest *q, FileId file, NodeId each)
{
    const Facts *facts = facts_of(q, file);
    NodeId target = fact_child(facts, each, ROLE_TARGET);
    if (target && facts->nodes[target].kind == FACT_LIST)
        target = facts->nodes[target].child; /* for key, value in ... */
    if (!target || facts->nodes[target].kind != FACT_NAME)
        return;
    NodeId around = facts->nodes[each].parent;
    bool inside = facts->nodes[around].kind == FACT_COMPREHENSION;
    bool was_key = q->as_key;
    q->as_key = false;
    to_variable(q, file, inside ? around : each, inside ? around + 1 : each + 1,
                facts->nodes[target].name);
    q->as_key = was_key;
}

/* The variable is given to a call, or the call is made on it. */
static void to_call_of_use(Quest *q, FileId file, NodeId use, const Route *route)
{
    const Facts *facts = facts_of(q, file);
    FactRole role = (FactRole)facts->nodes[route->argument].role;
    bool was_key = q->as_key;
    q->as_key |= route->as_key;
    if (role == ROLE_ARGUMENT && !route->inside_count && !route->keyword) {
        to_call(q, file, route->taker, route->argument);
    } else if (role == ROLE_RECEIVER && route->argument == use && q->as_key) {
        NodeId each = loop_over(facts, route->taker, use);
        if (each)
            to_loop(q, file, each);
        else if (merging(q, file, facts->nodes[route->taker].name))
            to_place(q, file, route->taker); /* options.merge(state: 1) */
    }
    q->as_key = was_key;
}

static void to_use(Quest *q, FileId file, NodeId use)
{
    const Facts *facts = facts_of(q, file);
    Route route = mention_climb(q->a->program->files.items[file], use);
    const Node *argument = &facts->nodes[route.argument];
    switch (route.taker ? facts->nodes[route.taker].kind : FACT_NONE) {
    case FACT_CALL:
    case FACT_NEW: to_call_of_use(q, file, use, &route); return;
    case FACT_EACH:
        if (argument->role == ROLE_SOURCE && route.argument == use)
            to_loop(q, file, route.taker);
        return;
    case FACT_ELEMENT:
        to_index(q, file, route.taker, route.argument);
        return;
    case FACT_ASSIGN:
    case FACT_VARIABLE:
        if (argument->role == ROLE_VALUE && q->as_key && !route.inside_count)
            to_place(q, file, use);
        return;
    default: return;
    }
}

/* Every use of the variable in its scope, after `from`. */
static void to_variable(Quest *q, FileId file, NodeId scope, NodeId from, Sym name)
{
    const Facts *facts = facts_of(q, file);
    uint32_t end = facts->nodes[scope].end;
    int seen = 0;
    if (!name || q->depth >= DEEPEST)
        return;
    q->depth++;
    for (NodeId n = from; n < facts->count && n < from + MOST_LOOKED_AT &&
                          facts->nodes[n].start < end && seen < MOST_USES; n++) {
        const Node *node = &facts->nodes[n];
        if (node->kind != FACT_NAME || node->name != name || node->role == ROLE_TARGET)
            continue;
        if (q->as_key && takes_key(q, file, n))
            break;
        seen++;
        to_use(q, file, n);
    }
    q->depth--;
}

/* --- constructors --- */

/* cls(email=1): the callee is a local name that holds a class. */
static bool is_local_class(Analysis *a, FileId file, NodeId call)
{
    const Binding *binding;
    if (!binding_lookup(a->program->files.items[file], call, &binding, 1))
        return false;
    TypeSet set = resolver_binding(a->resolver, file, binding);
    return set.count && set.items[0].shape == SHAPE_CLASS;
}

/* super().__init__(email=e): the object is the one at hand. */
static bool constructs_above(Analysis *a, FileId file, NodeId call, TypeSet *made)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId base = fact_child(facts, call, ROLE_RECEIVER);
    if (base)
        *made = resolver_type(a->resolver, file, base);
    MemberId id = made->count && made->items[0].class_id
                      ? program_member(a->program, made->items[0].class_id, facts->nodes[call].name) : 0;
    const Member *member = &a->program->members.items[id];
    made->items[0].shape = SHAPE_INSTANCE;
    return id && member->kind == MEMBER_METHOD &&
           (program_node(a->program, member->place.file, member->place.node)->flags & FLAG_CONSTRUCTOR);
}

bool mention_makes(Analysis *a, FileId file, NodeId call, TypeSet *made)
{
    const File *f = a->program->files.items[file];
    const Node *node = &f->facts.nodes[call];
    TypeSet above = {0};
    if (node->kind == FACT_CALL && (f->language->bare_call || !node->name))
        return false;
    if (node->kind == FACT_CALL && constructs_above(a, file, call, &above)) {
        *made = above;
        return true;
    }
    if (node->kind != FACT_NEW &&
        (node->kind != FACT_CALL ||
         !(program_class_named(a->program, node->name) || is_local_class(a, file, call) ||
           resolver_constructs(a->resolver, file, call))))
        return false;
    *made = resolver_type(a->resolver, file, call);
    return true;
}

/* --- functions --- */

static bool imported_from(const Program *program, FileId file, Sym name, FileId other)
{
    const File *f = program->files.items[file];
    for (size_t i = 0; i < f->imports.count; i++) {
        if (f->imports.items[i].local == name && f->imports.items[i].module)
            return program_in_module(program, other, f->imports.items[i].module);
    }
    return true;
}

/* The functions of the code base, outside classes, that a call may mean. */
static size_t plain_callees(Quest *q, FileId file, NodeId call, Sym module, Place *out)
{
    Program *program = q->a->program;
    Sym name = facts_of(q, file)->nodes[call].name;
    uint64_t *first = map_get(&program->functions_by_name, name);
    size_t count = 0;
    if (!first)
        resolver_need(q->a->resolver, NEED_FUNCTION, name, file);
    for (uint32_t i = first ? (uint32_t)*first : 0; i && count < MOST_CALLEES;
         i = program->function_next.items[i - 1]) {
        Place place = program->functions.items[i - 1];
        bool same = strcmp(program->files.items[place.file]->language->family,
                           program->files.items[file]->language->family) == 0;
        bool meant = module ? program_in_module(program, place.file, module)
                            : place.file == file || imported_from(program, file, name, place.file);
        if (same && meant)
            out[count++] = place;
    }
    return count;
}

static size_t callees(Quest *q, FileId file, NodeId call, Place *out)
{
    Program *program = q->a->program;
    const Facts *facts = facts_of(q, file);
    NodeId base = fact_child(facts, call, ROLE_RECEIVER);
    size_t count = 0;
    if (!facts->nodes[call].name || facts->nodes[call].kind != FACT_CALL)
        return 0;
    TypeSet set = {0};
    if (base)
        set = resolver_type(q->a->resolver, file, base);
    else if (program->files.items[file]->language->implicit_self)
        set = resolver_self(q->a->resolver, file, call);
    for (uint32_t i = 0; i < set.count && count < MOST_CALLEES; i++) {
        Type type = set.items[i];
        if (type.shape == SHAPE_MODULE)
            return plain_callees(q, file, call, type.module, out);
        MemberId id = type.class_id ? program_member(program, type.class_id, facts->nodes[call].name) : 0;
        if (id && program->members.items[id].kind == MEMBER_METHOD)
            out[count++] = program->members.items[id].place;
    }
    return base || count ? count : plain_callees(q, file, call, 0, out);
}

static size_t position_of(const Facts *facts, NodeId call, NodeId argument)
{
    size_t index = 0;
    for (NodeId c = facts->nodes[call].child; c && c != argument; c = facts->nodes[c].next)
        index += facts->nodes[c].role == ROLE_ARGUMENT && facts->nodes[c].kind != FACT_KEYWORD;
    return index;
}

/*
 * The parameter of `function` that holds what is given: by position, or for keywords its rest;
 * in `def make(kind, options = {})` what would be the next by position. 0: it is none, or a
 * parameter of its own.
 */
static NodeId parameter_for(Quest *q, Place function, size_t position, bool spread)
{
    const Program *program = q->a->program;
    const Facts *facts = facts_of(q, function.file);
    bool method = program->files.items[function.file]->language->first_param_is_self &&
                  program_enclosing_class(program, function.file, function.node);
    size_t index = 0;
    NodeId rest = 0, next = 0;
    for (NodeId c = facts->nodes[function.node].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].kind != FACT_PARAM)
            continue;
        if (spread && facts->nodes[c].name == q->key) {
            q->kept = true;
            return 0;
        }
        if (facts->nodes[c].flags & FLAG_VARIADIC)
            rest = c;
        else if (index == position + (method ? 1 : 0) && !(facts->nodes[c].flags & FLAG_KEYWORD_ONLY))
            next = c;
        index++;
    }
    return spread && rest ? rest : next;
}

static void to_functions(Quest *q, FileId file, NodeId call, NodeId argument)
{
    const Facts *facts = facts_of(q, file);
    FactKind kind = (FactKind)facts->nodes[argument].kind;
    bool spread = kind == FACT_KEYWORD || kind == FACT_SPLAT;
    Place places[MOST_CALLEES];
    size_t position = position_of(facts, call, argument);
    size_t count = q->depth < DEEPEST ? callees(q, file, call, places) : 0;
    for (size_t i = 0; i < count; i++) {
        NodeId param = parameter_for(q, places[i], position, spread);
        Sym name = param ? facts_of(q, places[i].file)->nodes[param].name : 0;
        if (name)
            to_variable(q, places[i].file, places[i].node, param + 1, name);
    }
}

/* values.update(more), array_merge($values, $more): the mapping goes on in the receiver or the result. */
static bool to_merged(Quest *q, FileId file, NodeId call)
{
    const Facts *facts = facts_of(q, file);
    const Rule *merge = q->as_key ? merging(q, file, facts->nodes[call].name) : NULL;
    if (!merge)
        return false;
    program_fired(q->a->program, merge);
    NodeId base = fact_child(facts, call, ROLE_RECEIVER);
    NodeId function = program_enclosing_function(q->a->program, file, call);
    to_place(q, file, call);
    if (base && function && facts->nodes[base].kind == FACT_NAME)
        to_variable(q, file, function, call + 1, facts->nodes[base].name);
    return true;
}

/* One of the classes has a member that is called like the key, or is not known well enough to tell. */
static bool has_key(const Quest *q, const TypeSet *types)
{
    const Program *program = q->a->program;
    for (uint32_t i = 0; i < types->count; i++) {
        ClassId id = types->items[i].class_id;
        if (!id || !program->classes.items[id]->declared || program_member(program, id, q->key) ||
            program_has_unknown_super(program, id))
            return true;
    }
    return !types->count;
}

static void to_call(Quest *q, FileId file, NodeId call, NodeId argument)
{
    const Facts *facts = facts_of(q, file);
    Route route = {.taker = call, .argument = argument, .as_key = q->as_key};
    Meaning meaning = MEANING_NONE;
    TypeSet types = {0};
    if (to_keys(q, file, call))
        return;
    if (to_merged(q, file, call))
        return;
    if (q->as_key && mention_makes(q->a, file, call, &types)) {
        if (!has_key(q, &types))
            return; /* an array of options */
        meaning = MEANING_WRITE;
    } else if (facts->nodes[call].kind != FACT_CALL ||
             !mention_call_context(q->a, file, argument, &route, &meaning, &types)) {
        to_functions(q, file, call, argument);
        return;
    }
    if (meaning == MEANING_SQL || meaning == MEANING_SET)
        return;
    if (!q->found || !q->meaning)
        q->meaning = meaning;
    q->found = true;
    typeset_join(&q->types, &types);
}

/* values["email"] = e, values.update(email=e), values.setdefault("email", e) */
static NodeId merged_into(Quest *q, FileId file, const Route *route)
{
    const Facts *facts = facts_of(q, file);
    const Node *taker = &facts->nodes[route->taker];
    NodeId base = fact_child(facts, route->taker, ROLE_RECEIVER);
    bool index = taker->kind == FACT_ELEMENT && facts->nodes[route->argument].role == ROLE_INDEX;
    const Rule *call = taker->kind == FACT_CALL ? merging(q, file, taker->name) : NULL;
    if (call)
        program_fired(q->a->program, call);
    return base && (index || call) && facts->nodes[base].kind == FACT_NAME ? base : 0;
}

/* Given to a call of somebody who hands it on. */
static void from_call(Quest *q, FileId file, const Route *route)
{
    const Facts *facts = facts_of(q, file);
    if (!q->as_key) {
        to_keys(q, file, route->taker);
        return;
    }
    NodeId each = loop_over(facts, route->taker, route->argument);
    const Rule *merge = merging(q, file, facts->nodes[route->taker].name);
    if (merge) {
        program_fired(q->a->program, merge);
        to_place(q, file, route->taker);
    }
    if (each)
        to_loop(q, file, each);
    else if (!merge)
        to_functions(q, file, route->taker, route->argument);
}

static void from_variable(Quest *q, FileId file, const Route *route, NodeId function)
{
    const Facts *facts = facts_of(q, file);
    NodeId target = fact_child(facts, route->taker, ROLE_TARGET);
    bool plain = !target || facts->nodes[target].kind == FACT_NAME;
    if (plain && facts->nodes[route->argument].role == ROLE_VALUE)
        to_variable(q, file, function, route->taker + 1,
                    target ? facts->nodes[target].name : facts->nodes[route->taker].name);
}

static Handed outcome_of(const Quest *q)
{
    if (q->found)
        return HANDED_ON;
    return q->kept ? HANDED_KEPT : HANDED_NOWHERE;
}

Handed mention_handed(Analysis *a, FileId file, NodeId node, const Route *route, Meaning *meaning,
                      TypeSet *types)
{
    Quest q = {.a = a, .key = program_node(a->program, file, node)->name, .as_key = route->as_key};
    const Facts *facts = facts_of(&q, file);
    if (!route->taker || route->inside_count || route->keyword)
        return HANDED_NOWHERE;
    FactKind kind = (FactKind)facts->nodes[route->taker].kind;
    NodeId base = merged_into(&q, file, route);
    NodeId function = program_enclosing_function(a->program, file, node);
    if (base && function) {
        q.as_key = true;
        to_variable(&q, file, function, route->taker, facts->nodes[base].name);
    } else if (kind == FACT_EACH && facts->nodes[route->argument].role == ROLE_SOURCE) {
        to_loop(&q, file, route->taker);
    } else if (kind == FACT_CALL) {
        from_call(&q, file, route);
    } else if ((kind == FACT_ASSIGN || kind == FACT_VARIABLE) && function) {
        from_variable(&q, file, route, function);
    }
    bool looked_up = kind == FACT_ELEMENT && facts->nodes[route->taker].role != ROLE_TARGET;
    *meaning = looked_up ? MEANING_READ : q.meaning;
    *types = q.types;
    return outcome_of(&q);
}
