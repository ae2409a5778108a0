/*
 * Keywords of a call that no rule knows and whose function hands them on where we cannot follow:
 * create_order(email=e), make(Order, email=e, state=s). What the function is called, or the class
 * that it is given, tells whose fields they are. A function of the code base must take any
 * keyword and have no parameter of that name; else the keyword is a parameter. And keys of a
 * mapping that goes nowhere known, most of which are members of one model.
 */
#include "analyze/access/mention_private.h"

enum { MOST_LOOKED_AT = 40, FUNCTION_ASKED = 0x40000000 };

typedef struct Taker {
    bool declared; /* the code base has a function of that name */
    bool takes;    /* one takes any keyword, and none has this one as a parameter */
} Taker;

static void look_at(const Program *program, Place place, Sym keyword, Taker *taker)
{
    const Facts *facts = &program->files.items[place.file]->facts;
    taker->declared = true;
    for (NodeId c = facts->nodes[place.node].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].role != ROLE_PARAM)
            continue;
        taker->takes |= (facts->nodes[c].flags & FLAG_VARIADIC) != 0;
        if (facts->nodes[c].name == keyword) {
            taker->takes = false;
            return;
        }
    }
}

/* What the functions and methods of that name say of the keyword. */
static Taker takers_named(const Program *program, Sym name, Sym keyword)
{
    Taker taker = {0};
    uint64_t *function = map_get(&program->functions_by_name, name);
    uint64_t *method = map_get(&program->methods_by_name, name);
    for (uint32_t i = function ? (uint32_t)*function : 0; i; i = program->function_next.items[i - 1])
        look_at(program, program->functions.items[i - 1], keyword, &taker);
    MemberId id = method ? (MemberId)*method : 0;
    for (int seen = 0; id && seen < MOST_LOOKED_AT; seen++) {
        uint64_t *next = map_get(&program->method_next, id);
        look_at(program, program->members.items[id].place, keyword, &taker);
        id = next ? (MemberId)*next : 0;
    }
    return taker;
}

/* Asks once for the files that declare the function. */
static void ask_for(Analysis *a, FileId file, Sym name)
{
    uint64_t key = map_key2(FUNCTION_ASKED, name);
    if (map_get(&a->doubted, key))
        return;
    map_put(&a->doubted, key, 1);
    const Language *language = language_of_code(a->program->files.items[file]->language);
    array_push(&a->doubts, ((Need){NEED_FUNCTION, name, language, false}));
}

/* create_order(email=e): a function that the packs know by its name. */
static bool named_after_model(Analysis *a, FileId file, NodeId node, const Route *route,
                              Meaning *meaning, TypeSet *types)
{
    const Node *call = program_node(a->program, file, route->taker);
    *types = resolver_called_after(a->resolver, file, route->taker, meaning);
    if (!types->count || !*meaning)
        return false;
    Taker taker = takers_named(a->program, call->name, program_node(a->program, file, node)->name);
    if (!taker.declared)
        ask_for(a, file, call->name);
    return taker.takes;
}

/* True when another keyword of the call is called like a member of the class too. */
static bool has_more_members(const Analysis *a, FileId file, NodeId call, NodeId keyword, ClassId id)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    for (NodeId c = facts->nodes[call].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].kind == FACT_KEYWORD && c != keyword &&
            program_member(a->program, id, facts->nodes[c].name))
            return true;
    }
    return false;
}

/* make(Order, email=e, state=s): the first argument is a class with members of all these names. */
static bool given_class(Analysis *a, FileId file, NodeId node, const Route *route, TypeSet *types)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId first = fact_child(facts, route->taker, ROLE_ARGUMENT);
    Sym keyword = facts->nodes[node].name;
    if (!first || facts->nodes[first].kind == FACT_KEYWORD)
        return false;
    TypeSet set = resolver_type(a->resolver, file, first);
    for (uint32_t i = 0; i < set.count; i++) {
        Type type = set.items[i];
        if (type.shape != SHAPE_CLASS || !program_member(a->program, type.class_id, keyword) ||
            !has_more_members(a, file, route->taker, node, type.class_id))
            continue;
        type.shape = SHAPE_INSTANCE;
        type.confidence = CONFIDENCE_LIKELY;
        typeset_add(types, type);
    }
    Taker taker = takers_named(a->program, facts->nodes[route->taker].name, keyword);
    return types->count && (taker.takes || !taker.declared);
}

bool mention_named(Analysis *a, FileId file, NodeId node, const Route *route, Meaning *meaning,
                   TypeSet *types)
{
    *types = (TypeSet){0};
    if (program_node(a->program, file, node)->kind != FACT_KEYWORD || route->inside_count ||
        route->keyword)
        return false;
    if (named_after_model(a, file, node, route, meaning, types))
        return true;
    *types = (TypeSet){0};
    *meaning = MEANING_WRITE;
    return given_class(a, file, node, route, types);
}

/* --- mappings whose keys are a model's members --- */

enum { FEWEST_MEMBERS = 6, MOST_KEYS = 256 };

/* How many of the keys beside `key`, and it, are members of the class; *total: all keys. Of the first MOST_KEYS. */
static size_t count_members(const Program *program, FileId file, NodeId key, ClassId id, size_t *total)
{
    const Facts *facts = &program->files.items[file]->facts;
    size_t members = 0;
    *total = 0;
    for (NodeId c = facts->nodes[facts->nodes[key].parent].child; c && *total < MOST_KEYS;
         c = facts->nodes[c].next) {
        if ((facts->nodes[c].kind != FACT_KEYWORD && facts->nodes[c].kind != FACT_PAIR) ||
            !facts->nodes[c].name)
            continue;
        ++*total;
        members += program_member(program, id, facts->nodes[c].name) != 0;
    }
    return members;
}

/* True when a class outside the model's family has as many of the keys: they are not the model's own. */
static bool has_rival(const Analysis *a, const Accessor *accessor, FileId file, NodeId key, size_t members)
{
    const Program *program = a->program;
    for (ClassId id = 1; id < program->classes.count; id++) {
        Confidence confidence = CONFIDENCE_CERTAIN;
        size_t total;
        if (map_get(&program->classes.items[id]->members, accessor->name) &&
            !analysis_in_family(a, a->fields.items[accessor->field].model, id, &confidence) &&
            count_members(program, file, key, id, &total) >= members)
            return true;
    }
    return false;
}

bool mention_keys_of_model(const Analysis *a, const Accessor *accessor, FileId file, NodeId key,
                           Meaning *meaning, TypeSet *types)
{
    const Node *node = program_node(a->program, file, key);
    const TargetModel *model = &a->models.items[a->fields.items[accessor->field].model];
    bool listed = node->kind == FACT_PAIR ||
                  (node->kind == FACT_KEYWORD && mention_builds_mapping(a, file, node->parent));
    NodeId value = fact_child(&a->program->files.items[file]->facts, key, ROLE_VALUE);
    bool shown = value && program_node(a->program, file, value)->name == node->name;
    size_t total;
    *types = (TypeSet){0};
    *meaning = shown ? MEANING_READ : MEANING_WRITE; /* email=order.email */
    for (size_t i = 0; i < model->class_count && listed; i++) {
        size_t members = count_members(a->program, file, key, model->classes[i], &total);
        if (members < FEWEST_MEMBERS || members * 4 < total * 3 ||
            has_rival(a, accessor, file, key, members))
            continue;
        typeset_add(types, (Type){.shape = SHAPE_INSTANCE, .class_id = model->classes[i],
                                  .confidence = CONFIDENCE_LIKELY,
                                  .reason = resolver_reason(a->resolver, file, key,
                                                            "most keys beside it are the model's members", 0)});
        return true;
    }
    return false;
}
