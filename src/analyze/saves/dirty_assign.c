/*
 * Assignments: to a member, by a setter that is a function, and mass assignment, whose keys are
 * spelled out or unknown. Unknown keys may reach any setter and any member that is open to nested
 * attributes, and the marks say "maybe".
 */
#include "analyze/saves/dirty_private.h"

enum { SETTERS_MAX = 256 };

void mark_all(CallStep *step, const Objects *objects, uint32_t flags)
{
    Walk *w = step->walk;
    for (uint32_t i = 0; i < objects->count; i++)
        state_mark(&w->state, objects->items[i], flags | (step->maybe ? OBJECT_MAYBE : 0),
                   walk_place(w, step->site));
}

static const Rule *assigning_rule(CallStep *step, Sym name)
{
    const Program *program = step->walk->dirty->program;
    for (const Rule *rule = rules_find(&program->rules->saves, setter_name(step->walk, name)); rule;
         rule = rule->next_same_name) {
        if ((rule->does & DOES_ASSIGN) && save_rule_matches(step, rule))
            return rule;
    }
    return NULL;
}

static bool is_nothing(const Walk *w, NodeId value)
{
    const Node *node = &w->facts->nodes[value];
    return !value || node->kind == FACT_LITERAL || ((node->kind == FACT_LIST || node->kind == FACT_MAP) && !node->child);
}

/* An object put at an association of a new owner is saved with it, to set its key. */
static void place_value(CallStep *step, ObjectId owner, ObjectId path, NodeId value)
{
    Walk *w = step->walk;
    const StateEntry *entry = state_flags(&w->state, owner);
    if (path && entry && (entry->flags & OBJECT_NEW) && !is_nothing(w, value))
        state_mark(&w->state, path, OBJECT_PLACED, walk_place(w, step->site));
}

/* An object put at an association of a stored owner is saved there and then. */
static bool saves_at_once(CallStep *step, ObjectId owner, ClassId class_id, Sym member)
{
    Walk *w = step->walk;
    const StateEntry *entry = state_flags(&w->state, owner);
    const ClassChains *chains = class_id ? chains_of(w->dirty, class_id) : NULL;
    for (size_t i = 0; chains && entry && (entry->flags & OBJECT_STORED) && i < chains->chains.count; i++) {
        if (chains->chains.items[i].member == member && chains->chains.items[i].when_placed)
            return true;
    }
    return false;
}

/* Runs a setter on its owners; what it returns is not used. */
static void run_setter(CallStep run, const Objects *owners, Place setter)
{
    Objects ignored = {0};
    run.receivers = *owners;
    apply_summary(&run, setter, &ignored);
}

static void assign_one(CallStep *step, const Objects *owners, ClassId class_id, Sym member,
                       const Objects *values, NodeId value, bool compound)
{
    Walk *w = step->walk;
    Place setter = setter_of(w, class_id, member);
    if (setter.file) {
        CallStep run = *step;
        run.class_id = class_id;
        run_setter(run, owners, setter);
        mark_all(step, owners, OBJECT_CHANGED);
        return;
    }
    if (!class_id) {
        Place only = only_setter(w, member);
        if (only.file) {
            CallStep run = *step;
            run.maybe = true;
            run_setter(run, owners, only);
        }
    }
    bool association = is_link(w->dirty, class_id, member) || (!class_id && values->count);
    for (uint32_t i = 0; association && i < owners->count; i++) {
        ObjectId path = object_member(w, owners->items[i], member);
        if (saves_at_once(step, owners->items[i], class_id, member))
            continue;
        if (path && values->count)
            state_bind(&w->state, path, values, walk_place(w, step->site),
                       compound || owners->count > 1 || step->maybe);
        place_value(step, owners->items[i], path, value);
    }
    objects_are(w, owners, class_id);
    mark_all(step, owners, OBJECT_CHANGED);
}

void assign_member(Walk *w, NodeId site, const Objects *owners, ClassId owner_class, Sym member,
                   const Objects *values, bool compound)
{
    CallStep step = {.walk = w, .site = site, .receivers = *owners, .class_id = owner_class,
                     .name = member};
    NodeId target = fact_child(w->facts, site, ROLE_TARGET);
    step.receiver = target ? fact_child(w->facts, target, ROLE_RECEIVER) : 0;
    if (step.receiver)
        step.types = resolver_type(w->dirty->resolver, w->file, step.receiver);
    const Rule *rule = assigning_rule(&step, member);
    if (rule && !setter_of(w, owner_class, member).file) {
        program_fired(w->dirty->program, rule);
        assign_all(&step, owners, owner_class);
    } else {
        assign_one(&step, owners, owner_class, member, values,
                   fact_child(w->facts, site, ROLE_VALUE), compound);
    }
}

static bool is_without(const Keys *keys, Sym key)
{
    for (size_t i = 0; keys && i < keys->without.count; i++) {
        if (keys->without.items[i] == key)
            return true;
    }
    return false;
}

/* The members that nested attributes name. */
static void assign_nested(CallStep *maybe, const Objects *owners, const Keys *without)
{
    Walk *w = maybe->walk;
    const ClassChains *chains = chains_of(w->dirty, maybe->class_id);
    for (size_t c = 0; c < chains->chains.count; c++) {
        const Chain *chain = &chains->chains.items[c];
        if (!chain->nested || is_without(without, chain->nested))
            continue;
        for (uint32_t i = 0; i < owners->count; i++) {
            Objects at = state_at(&w->state, object_member(w, owners->items[i], chain->member));
            mark_all(maybe, &at, OBJECT_NEW | OBJECT_CHANGED);
        }
    }
}

/* A setter that mass assignment may run; file 0: the name is none, or assigns all itself. */
static Place any_setter(CallStep *maybe, Sym name)
{
    Program *program = maybe->walk->dirty->program;
    Place function = function_of(program, maybe->class_id, name);
    if (!function.file || assigning_rule(maybe, name))
        return (Place){0};
    bool setter = is_setter_name(maybe->walk->language, names_str(program->names, name)) ||
                  (program_node(program, function.file, function.node)->flags & FLAG_SETTER);
    return setter ? function : (Place){0};
}

static void assign_setters(CallStep *maybe)
{
    Program *program = maybe->walk->dirty->program;
    ClassId above[ABOVE_MAX];
    size_t count = program_ancestors(program, maybe->class_id, above, ABOVE_MAX);
    for (size_t a = 0, seen = 0; a < count; a++) {
        const Map *members = &program->classes.items[above[a]]->members;
        for (size_t m = 0; m < members->count && seen < SETTERS_MAX; m++) {
            Place function = any_setter(maybe, (Sym)members->items[m].key);
            Objects ignored = {0};
            if (!function.file)
                continue;
            seen++;
            apply_summary(maybe, function, &ignored);
        }
    }
}

/* Mass assignment may reach the members that nested attributes name, and any setter. */
void assign_unknown(CallStep *step, const Objects *owners, ClassId class_id, const Keys *without)
{
    Walk *w = step->walk;
    for (uint32_t i = 0; i < owners->count; i++) {
        Effect effect = {.kind = EFFECT_ASSIGN, .class_id = class_id, .place = walk_place(w, step->site)};
        if (effect_path(w, owners->items[i], &effect.path))
            record_effect(w, effect);
    }
    if (step->maybe || !class_id)
        return; /* a setter that assigns in turn: its setters are reached already */
    CallStep maybe = *step;
    maybe.maybe = true;
    maybe.receivers = *owners;
    maybe.class_id = class_id;
    assign_nested(&maybe, owners, without);
    assign_setters(&maybe);
}

/* One literal key: `name:`, `"name" =>`, `name_attributes:`. */
static void assign_key(CallStep *step, const Objects *owners, ClassId class_id, Sym key, NodeId value)
{
    Walk *w = step->walk;
    const ClassChains *chains = class_id ? chains_of(w->dirty, class_id) : NULL;
    Objects values = {0};
    for (size_t c = 0; chains && c < chains->chains.count; c++) {
        const Chain *chain = &chains->chains.items[c];
        if (!chain->nested || chain->nested != key)
            continue;
        for (uint32_t i = 0; i < owners->count; i++) {
            Objects at = state_at(&w->state, object_member(w, owners->items[i], chain->member));
            mark_all(step, &at, OBJECT_NEW | OBJECT_CHANGED);
        }
        return;
    }
    if (value)
        values = *value_of(w, value);
    assign_one(step, owners, class_id, key, &values, value, false);
}

/* A hash from elsewhere, whose keys may be spelled out there. */
static void assign_value(CallStep *step, const Objects *owners, ClassId class_id, NodeId value)
{
    Keys keys = {0};
    CallStep maybe = *step;
    maybe.maybe = true;
    keys_of_value(step->walk, value, &keys);
    for (size_t i = 0; i < keys.names.count && !keys.open; i++)
        assign_key(&maybe, owners, class_id, keys.names.items[i], 0);
    if (keys.open)
        assign_unknown(step, owners, class_id, &keys);
    keys_release(&keys);
}

static Sym key_of(const Walk *w, NodeId pair)
{
    const Node *node = &w->facts->nodes[pair];
    NodeId key = fact_child(w->facts, pair, ROLE_KEY);
    if (node->name || !key)
        return node->name;
    FactKind kind = (FactKind)w->facts->nodes[key].kind;
    return kind == FACT_STRING || kind == FACT_SYMBOL ? w->facts->nodes[key].name : 0;
}

static void assign_map(CallStep *step, const Objects *owners, ClassId class_id, NodeId map)
{
    Walk *w = step->walk;
    for (NodeId c = w->facts->nodes[map].child; c; c = w->facts->nodes[c].next) {
        Sym key = w->facts->nodes[c].kind == FACT_PAIR ? key_of(w, c) : 0;
        if (key)
            assign_key(step, owners, class_id, key, fact_child(w->facts, c, ROLE_VALUE));
        else
            assign_unknown(step, owners, class_id, NULL);
    }
}

/* A hash, a list of hashes, or what gives one. */
static void assign_argument(CallStep *step, const Objects *owners, ClassId class_id, NodeId node)
{
    const Facts *facts = step->walk->facts;
    bool list = facts->nodes[node].kind == FACT_LIST;
    for (NodeId c = list ? facts->nodes[node].child : node; c; c = list ? facts->nodes[c].next : 0) {
        if (facts->nodes[c].kind == FACT_MAP)
            assign_map(step, owners, class_id, c);
        else
            assign_value(step, owners, class_id, c);
    }
}

void assign_all(CallStep *step, const Objects *owners, ClassId class_id)
{
    Walk *w = step->walk;
    for (NodeId c = w->facts->nodes[step->site].child; c; c = w->facts->nodes[c].next) {
        const Node *node = &w->facts->nodes[c];
        bool value = w->facts->nodes[step->site].kind == FACT_ASSIGN && node->role == ROLE_VALUE;
        if ((node->role != ROLE_ARGUMENT && node->kind != FACT_PAIR && !value) || node->kind == FACT_LITERAL)
            continue;
        if (node->kind == FACT_KEYWORD || node->kind == FACT_PAIR)
            assign_key(step, owners, class_id, node->name, fact_child(w->facts, c, ROLE_VALUE));
        else if (node->kind != FACT_LAMBDA)
            assign_argument(step, owners, class_id, c);
    }
    mark_all(step, owners, OBJECT_CHANGED);
}

void add_to_collection(Walk *w, NodeId site, const Objects *collections, const Objects *values,
                       bool at_once)
{
    for (uint32_t i = 0; i < collections->count; i++) {
        ObjectId path = collections->items[i];
        ObjectId owner = w->objects.items[path].parent;
        const StateEntry *entry = owner ? state_flags(&w->state, owner) : NULL;
        if (!owner || (at_once && entry && (entry->flags & OBJECT_STORED)))
            continue;
        state_bind(&w->state, path, values, walk_place(w, site), true);
        bool known = false;
        for (uint32_t k = 0; k < values->count; k++)
            known |= state_flags(&w->state, values->items[k]) != NULL;
        if (!known)
            state_mark(&w->state, path, OBJECT_PLACED | OBJECT_MAYBE, walk_place(w, site));
    }
}

