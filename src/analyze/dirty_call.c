/*
 * Calls: first what a rule pack says of the name, then what the function called
 * does (its summary), then the plain meaning: a member is read.
 */
#include "analyze/dirty_private.h"

#include <string.h>

enum { SETTERS_MAX = 256, ANCESTORS_MAX = 16 };

/* One call, or an assignment that runs a function. */
typedef struct CallStep {
    Walk *walk;
    NodeId site;
    NodeId receiver;   /* 0: self */
    Sym name;
    TypeSet types;     /* of the receiver */
    ClassId class_id;  /* of the receiver's object; 0 unknown */
    Confidence confidence;
    Objects receivers;
    bool maybe;        /* it need not happen: marks become weaker */
} CallStep;

static void assign_unknown(CallStep *step, const Objects *owners, ClassId class_id);
static void assign_all(CallStep *step, const Objects *owners, ClassId class_id);

static Place here(const Walk *w, NodeId node)
{
    return (Place){w->file, node};
}

static ClassId class_of_types(const TypeSet *types, Confidence *confidence)
{
    *confidence = CONFIDENCE_POSSIBLE;
    for (uint32_t i = 0; i < types->count; i++) {
        const Type *type = &types->items[i];
        if (!type->class_id || type->shape == SHAPE_OTHER || type->shape == SHAPE_MODULE)
            continue;
        *confidence = (Confidence)type->confidence;
        return type->class_id;
    }
    return 0;
}

ClassId class_at(Walk *w, NodeId node, Confidence *confidence)
{
    TypeSet types = resolver_type(w->dirty->resolver, w->file, node);
    return class_of_types(&types, confidence);
}

ClassId class_self(Walk *w, NodeId node)
{
    Confidence confidence;
    TypeSet types = resolver_self(w->dirty->resolver, w->file, node);
    return class_of_types(&types, &confidence);
}

/* The FUNCTION behind a member; file 0: there is none. */
static Place function_of(const Program *program, ClassId class_id, Sym name)
{
    MemberId id = member_of_kind(program, class_id, name, MEMBER_METHOD);
    if (!id)
        return (Place){0};
    Place place = program->members.items[id].place;
    return program_node(program, place.file, place.node)->kind == FACT_FUNCTION ? place : (Place){0};
}

static MemberId association_of(const Program *program, ClassId class_id, Sym name)
{
    return member_of_kind(program, class_id, name, MEMBER_ASSOCIATION);
}

/* The function that runs when `name` is assigned: `name=`, or a member marked as setter. */
static Place setter_of(const Program *program, ClassId class_id, Sym name)
{
    StrBuf buf = {0};
    strbuf_add_str(&buf, names_str(program->names, name));
    strbuf_add(&buf, "=", 1);
    Sym setter = names_lookup(program->names, strbuf_str(&buf));
    strbuf_release(&buf);
    Place place = function_of(program, class_id, setter);
    if (place.file)
        return place;
    place = function_of(program, class_id, name);
    if (place.file && program_node(program, place.file, place.node)->flags & FLAG_SETTER)
        return place;
    return (Place){0};
}

/* A setter that only one class has, for receivers of unknown class. */
static Place only_setter(const Program *program, Sym name)
{
    StrBuf buf = {0};
    strbuf_add_str(&buf, names_str(program->names, name));
    strbuf_add(&buf, "=", 1);
    Sym setter = names_lookup(program->names, strbuf_str(&buf));
    strbuf_release(&buf);
    return only_method(program, setter);
}

/* --- summaries at a call --- */

static Objects follow(Walk *w, Objects from, const EffectPath *path)
{
    for (uint32_t m = 0; m < path->length; m++) {
        Objects next = {0};
        for (uint32_t i = 0; i < from.count; i++) {
            ObjectId member = object_member(w, from.items[i], path->members[m]);
            if (member && m + 1 < path->length) {
                Objects at = state_at(&w->state, member);
                objects_join(&next, &at);
            } else if (member) {
                objects_add(&next, member);
            }
        }
        from = next;
    }
    return from;
}

static NodeId argument_of(CallStep *step, Place function, uint32_t index)
{
    Walk *w = step->walk;
    const Node *site = &w->facts->nodes[step->site];
    if (site->kind == FACT_ASSIGN)
        return index == 0 ? fact_child(w->facts, step->site, ROLE_VALUE) : 0;
    if (site->kind != FACT_CALL && site->kind != FACT_NEW)
        return 0;
    const Facts *facts = &w->dirty->program->files.items[function.file]->facts;
    uint32_t skipped = takes_self(w->dirty->program, function);
    Sym name = 0;
    uint32_t i = 0;
    for (NodeId c = facts->nodes[function.node].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].role == ROLE_PARAM && i++ == index)
            name = facts->nodes[c].name;
    }
    NodeId named = name ? callsite_keyword(w->dirty->program, w->file, step->site,
                                           names_str(w->dirty->program->names, name))
                        : 0;
    if (index < skipped)
        return 0;
    return named ? named : callsite_argument(w->facts, step->site, index - skipped);
}

static Objects root_objects(CallStep *step, Place function, const EffectPath *path)
{
    Walk *w = step->walk;
    Objects none = {0};
    if (path->root == EFFECT_SELF)
        return step->receivers;
    if (path->root == EFFECT_PARAM) {
        NodeId argument = argument_of(step, function, path->param);
        return argument ? *value_of(w, argument) : none;
    }
    objects_add(&none, object_root(w, ROOT_NODE, step->site));
    return none;
}

/* The caller may know better than the function called what the object's class is. */
static ClassId class_of_effect(CallStep *step, Place function, const Effect *effect)
{
    Confidence confidence;
    ClassId known = 0;
    if (!effect->path.length && effect->path.root == EFFECT_SELF)
        known = step->class_id;
    else if (!effect->path.length && effect->path.root == EFFECT_PARAM) {
        NodeId argument = argument_of(step, function, effect->path.param);
        known = argument ? class_at(step->walk, argument, &confidence) : 0;
    }
    return known ? known : effect->class_id;
}

static void apply_effect(CallStep *step, Place function, const Effect *effect, Objects *result)
{
    Walk *w = step->walk;
    Objects roots = root_objects(step, function, &effect->path);
    Objects paths = follow(w, roots, &effect->path);
    Objects alias;
    switch (effect->kind) {
    case EFFECT_FLAGS:
        for (uint32_t i = 0; i < paths.count; i++) {
            Objects at = state_at(&w->state, paths.items[i]);
            for (uint32_t k = 0; k < at.count; k++)
                state_mark(&w->state, at.items[k], effect->flags | (step->maybe ? OBJECT_MAYBE : 0),
                           effect->place);
        }
        break;
    case EFFECT_SAVE:
        record_save(w, &paths, class_of_effect(step, function, effect), effect->confidence, effect->place,
                    here(w, step->site));
        break;
    case EFFECT_ASSIGN:
        for (uint32_t i = 0; i < paths.count; i++)
            state_mark(&w->state, paths.items[i], OBJECT_CHANGED | OBJECT_MAYBE, effect->place);
        assign_unknown(step, &paths, class_of_effect(step, function, effect));
        break;
    case EFFECT_ALIAS:
        alias = root_objects(step, function, &effect->alias);
        alias = follow(w, alias, &effect->alias);
        for (uint32_t i = 0; i < alias.count; i++) {
            Objects at = state_at(&w->state, alias.items[i]);
            objects_join(result, &at);
        }
        break;
    }
}

/* What the function at `function` does, seen from here. */
static void apply_summary(CallStep *step, Place function, Objects *result)
{
    Walk *w = step->walk;
    Dirty *d = w->dirty;
    if (d->depth >= CALL_DEPTH_MAX)
        return;
    d->depth++;
    const Summary *summary = summary_of(d, function.file, function.node);
    for (size_t i = 0; i < summary->effects.count; i++) {
        const Effect *effect = &summary->effects.items[i];
        if (effect->path.root == EFFECT_RESULT && !effect->path.length)
            objects_add(result, object_root(w, ROOT_NODE, step->site));
        apply_effect(step, function, effect, result);
    }
    d->depth--;
}

/* --- assignments --- */

static bool rule_matches(CallStep *step, const Rule *rule)
{
    return resolver_rule_applies(step->walk->dirty->resolver, rule, step->walk->file, step->site,
                                 &step->types, false);
}

static void mark_all(CallStep *step, const Objects *objects, uint32_t flags)
{
    Walk *w = step->walk;
    for (uint32_t i = 0; i < objects->count; i++)
        state_mark(&w->state, objects->items[i], flags | (step->maybe ? OBJECT_MAYBE : 0),
                   here(w, step->site));
}

static const Rule *assigning_rule(CallStep *step, Sym name)
{
    const Program *program = step->walk->dirty->program;
    StrBuf buf = {0};
    strbuf_add_str(&buf, names_str(program->names, name));
    strbuf_add(&buf, "=", 1);
    Sym setter = names_lookup(program->names, strbuf_str(&buf));
    strbuf_release(&buf);
    for (const Rule *rule = rules_find(&program->rules->saves, setter); rule;
         rule = rule->next_same_name) {
        if ((rule->does & DOES_ASSIGN) && rule_matches(step, rule))
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
        state_mark(&w->state, path, OBJECT_PLACED, here(w, step->site));
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

static void assign_one(CallStep *step, const Objects *owners, ClassId class_id, Sym member,
                       const Objects *values, NodeId value, bool compound)
{
    Walk *w = step->walk;
    Program *program = w->dirty->program;
    Place setter = setter_of(program, class_id, member);
    if (setter.file) {
        CallStep run = *step;
        Objects ignored = {0};
        run.receivers = *owners;
        run.class_id = class_id;
        apply_summary(&run, setter, &ignored);
        mark_all(step, owners, OBJECT_CHANGED);
        return;
    }
    if (!setter.file && !class_id) {
        Place only = only_setter(program, member);
        if (only.file) {
            CallStep run = *step;
            Objects ignored = {0};
            run.receivers = *owners;
            run.maybe = true;
            apply_summary(&run, only, &ignored);
        }
    }
    bool association = association_of(program, class_id, member) || (!class_id && values->count);
    for (uint32_t i = 0; association && i < owners->count; i++) {
        ObjectId path = object_member(w, owners->items[i], member);
        if (saves_at_once(step, owners->items[i], class_id, member))
            continue;
        if (path && values->count)
            state_bind(&w->state, path, values, here(w, step->site),
                       compound || owners->count > 1 || step->maybe);
        place_value(step, owners->items[i], path, value);
    }
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
    if (rule && !setter_of(w->dirty->program, owner_class, member).file) {
        program_fired(w->dirty->program, rule);
        assign_all(&step, owners, owner_class);
    } else {
        assign_one(&step, owners, owner_class, member, values,
                   fact_child(w->facts, site, ROLE_VALUE), compound);
    }
}

/* Mass assignment may reach the members that nested attributes name, and any setter. */
static void assign_unknown(CallStep *step, const Objects *owners, ClassId class_id)
{
    Walk *w = step->walk;
    Program *program = w->dirty->program;
    ClassId above[ANCESTORS_MAX];
    CallStep maybe = *step;
    maybe.maybe = true;
    maybe.receivers = *owners;
    maybe.class_id = class_id;
    for (uint32_t i = 0; i < owners->count; i++) {
        Effect effect = {.kind = EFFECT_ASSIGN, .class_id = class_id, .place = here(w, step->site)};
        if (effect_path(w, owners->items[i], &effect.path))
            record_effect(w, effect);
    }
    if (step->maybe)
        return; /* a setter that assigns in turn: its setters are reached already */
    const ClassChains *chains = class_id ? chains_of(w->dirty, class_id) : NULL;
    for (size_t c = 0; chains && c < chains->chains.count; c++) {
        const Chain *chain = &chains->chains.items[c];
        for (uint32_t i = 0; chain->nested && i < owners->count; i++) {
            Objects at = state_at(&w->state, object_member(w, owners->items[i], chain->member));
            mark_all(&maybe, &at, OBJECT_NEW | OBJECT_CHANGED);
        }
    }
    size_t count = class_id ? program_ancestors(program, class_id, above, ANCESTORS_MAX) : 0;
    for (size_t a = 0, seen = 0; a < count; a++) {
        const Map *members = &program->classes.items[above[a]]->members;
        for (size_t m = 0; m < members->count && seen < SETTERS_MAX; m++) {
            Sym name = (Sym)members->items[m].key;
            Place function = function_of(program, class_id, name);
            if (!function.file || assigning_rule(&maybe, name))
                continue;
            bool setter = str_ends(names_str(program->names, name), "=") ||
                          (program_node(program, function.file, function.node)->flags & FLAG_SETTER);
            Objects ignored = {0};
            seen += setter;
            if (setter && function_of(program, class_id, name).node)
                apply_summary(&maybe, function, &ignored);
        }
    }
}

/* One literal key: `name:`, `"name" =>`, `name_attributes:`. */
static void assign_key(CallStep *step, const Objects *owners, ClassId class_id, Sym key, NodeId value)
{
    Walk *w = step->walk;
    Str text = names_str(w->dirty->program->names, key);
    const ClassChains *chains = class_id ? chains_of(w->dirty, class_id) : NULL;
    Objects values = {0};
    for (size_t c = 0; chains && c < chains->chains.count; c++) {
        const Chain *chain = &chains->chains.items[c];
        Str member = names_str(w->dirty->program->names, chain->member);
        if (!chain->nested || text.length <= member.length || text.data[member.length] != '_' ||
            !str_eq(str_slice(text, 0, member.length), member))
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
            assign_unknown(step, owners, class_id);
    }
}

/* All arguments of a call (or the value of an assignment) as mass assignment. */
static void assign_all(CallStep *step, const Objects *owners, ClassId class_id)
{
    Walk *w = step->walk;
    for (NodeId c = w->facts->nodes[step->site].child; c; c = w->facts->nodes[c].next) {
        const Node *node = &w->facts->nodes[c];
        bool value = w->facts->nodes[step->site].kind == FACT_ASSIGN && node->role == ROLE_VALUE;
        if ((node->role != ROLE_ARGUMENT && !value) || node->kind == FACT_LITERAL)
            continue;
        if (node->kind == FACT_KEYWORD)
            assign_key(step, owners, class_id, node->name, fact_child(w->facts, c, ROLE_VALUE));
        else if (node->kind == FACT_MAP)
            assign_map(step, owners, class_id, c);
        else if (node->kind != FACT_LAMBDA)
            assign_unknown(step, owners, class_id);
    }
    mark_all(step, owners, OBJECT_CHANGED);
}

void add_to_collection(Walk *w, NodeId site, const Objects *collections, const Objects *values)
{
    for (uint32_t i = 0; i < collections->count; i++) {
        ObjectId path = collections->items[i];
        ObjectId owner = w->objects.items[path].parent;
        const StateEntry *entry = owner ? state_flags(&w->state, owner) : NULL;
        if (!owner || (entry && (entry->flags & OBJECT_STORED)))
            continue; /* `<<` on a stored owner saves at once */
        state_bind(&w->state, path, values, here(w, site), true);
        bool known = false;
        for (uint32_t k = 0; k < values->count; k++)
            known |= state_flags(&w->state, values->items[k]) != NULL;
        if (!known)
            state_mark(&w->state, path, OBJECT_NEW | OBJECT_MAYBE, here(w, site));
    }
}

/* --- rules --- */

static Objects build(CallStep *step)
{
    Walk *w = step->walk;
    Objects made = {0};
    ObjectId object = object_root(w, ROOT_NODE, step->site);
    objects_add(&made, object);
    state_forget(w, &w->state, object);
    state_mark(&w->state, object, OBJECT_NEW, here(w, step->site));
    for (uint32_t i = 0; i < step->receivers.count; i++) {
        ObjectId path = step->receivers.items[i];
        if (step->receiver && w->objects.items[path].parent)
            state_bind(&w->state, path, &made, here(w, step->site), true);
    }
    return made;
}

static Objects argument_values(CallStep *step)
{
    Walk *w = step->walk;
    Objects values = {0};
    for (NodeId c = w->facts->nodes[step->site].child; c; c = w->facts->nodes[c].next) {
        if (w->facts->nodes[c].role == ROLE_ARGUMENT)
            objects_join(&values, value_of(w, c));
    }
    return values;
}

static void do_rule(CallStep *step, const Rule *rule, Objects *result)
{
    Walk *w = step->walk;
    Objects subject = step->receivers;
    program_fired(w->dirty->program, rule);
    if (rule->does & DOES_BUILD)
        subject = *result = build(step);
    if (rule->does & DOES_LOAD) {
        ObjectId object = object_root(w, ROOT_NODE, step->site);
        objects_add(result, object);
        state_forget(w, &w->state, object);
        state_mark(&w->state, object, OBJECT_STORED, here(w, step->site));
    }
    if (rule->does & DOES_ADD) {
        Objects values = argument_values(step);
        add_to_collection(w, step->site, &step->receivers, &values);
        *result = step->receivers;
    }
    if (rule->does & DOES_ASSIGN)
        assign_all(step, &subject, step->class_id);
    if (rule->does & DOES_CHANGE)
        mark_all(step, &subject, OBJECT_CHANGED);
    if (rule->does & DOES_SAVE)
        record_save(w, &subject, step->class_id, step->confidence, here(w, step->site), (Place){0});
}

/* `build_{m}`: makes the member `m`. The rule, and the member in *member. */
static const Rule *templated_rule(CallStep *step, Sym *member)
{
    Program *program = step->walk->dirty->program;
    Str name = names_str(program->names, step->name);
    for (size_t i = 0; i < program->rules->sections[RULE_SAVE].count; i++) {
        const Rule *rule = program->rules->sections[RULE_SAVE].items[i];
        for (size_t n = 0; n < rule->names.count; n++) {
            Str text = rule->names.items[n];
            size_t hole = str_find(text, str_lit("{m}"), 0);
            if (hole == SIZE_MAX || name.length + 3 <= text.length ||
                !str_eq(str_slice(name, 0, hole), str_slice(text, 0, hole)) ||
                !str_eq(str_slice(name, name.length - (text.length - hole - 3), name.length),
                        str_slice(text, hole + 3, text.length)))
                continue;
            *member = names_lookup(program->names,
                                   str_slice(name, hole, name.length - (text.length - hole - 3)));
            if (association_of(program, step->class_id, *member) && rule_matches(step, rule))
                return rule;
        }
    }
    return NULL;
}

static bool do_template(CallStep *step, Objects *result)
{
    Walk *w = step->walk;
    Sym member = 0;
    const Rule *rule = step->class_id ? templated_rule(step, &member) : NULL;
    if (!rule)
        return false;
    CallStep inner = *step;
    Objects owners = step->receivers;
    inner.receivers = (Objects){0};
    inner.class_id = w->dirty->program->members
                         .items[association_of(w->dirty->program, step->class_id, member)]
                         .target;
    do_rule(&inner, rule, result);
    for (uint32_t i = 0; i < owners.count; i++) {
        ObjectId path = object_member(w, owners.items[i], member);
        if (path)
            state_bind(&w->state, path, result, here(w, step->site), owners.count > 1);
    }
    return true;
}

/* --- reading --- */

/* A call whose result is its receiver, by the rules for calls. */
static bool gives_receiver(CallStep *step)
{
    const Program *program = step->walk->dirty->program;
    for (const Rule *rule = rules_find(&program->rules->calls, step->name); rule;
         rule = rule->next_same_name) {
        if (rule->returns && rule_matches(step, rule))
            return rule->returns == SHAPE_SAME;
    }
    return false;
}

static void read_plain(CallStep *step, Objects *result)
{
    Walk *w = step->walk;
    const Node *site = &w->facts->nodes[step->site];
    if (gives_receiver(step)) {
        *result = step->receivers;
        return;
    }
    bool plain = site->kind == FACT_MEMBER || site->kind == FACT_NAME;
    bool member = association_of(w->dirty->program, step->class_id, step->name) != 0;
    for (uint32_t i = 0; (plain || member) && i < step->receivers.count; i++) {
        ObjectId path = object_member(w, step->receivers.items[i], step->name);
        if (path) {
            Objects at = state_at(&w->state, path);
            objects_join(result, &at);
        }
    }
    if (!result->count) {
        ObjectId object = object_root(w, ROOT_NODE, step->site);
        state_forget(w, &w->state, object);
        objects_add(result, object);
    }
}

static void start(CallStep *step, Walk *w, NodeId site)
{
    *step = (CallStep){.walk = w, .site = site, .name = w->facts->nodes[site].name};
    step->receiver = fact_child(w->facts, site, ROLE_RECEIVER);
    if (w->facts->nodes[site].kind == FACT_NEW)
        step->types = resolver_type(w->dirty->resolver, w->file, site);
    else if (step->receiver)
        step->types = resolver_type(w->dirty->resolver, w->file, step->receiver);
    else
        step->types = resolver_self(w->dirty->resolver, w->file, site);
    step->class_id = class_of_types(&step->types, &step->confidence);
    if (step->receiver)
        step->receivers = *value_of(w, step->receiver);
    else
        objects_add(&step->receivers, object_root(w, ROOT_SELF, 0));
}

static bool step_rules(CallStep *step, Objects *result)
{
    for (const Rule *rule = rules_find(&step->walk->dirty->program->rules->saves, step->name); rule;
         rule = rule->next_same_name) {
        if (!(rule->on & ON_BODY) && rule_matches(step, rule)) {
            do_rule(step, rule, result);
            return true;
        }
    }
    return do_template(step, result);
}

void step_call(Walk *w, NodeId site)
{
    CallStep step;
    Objects result = {0};
    NodeId receiver = fact_child(w->facts, site, ROLE_RECEIVER);
    if (receiver && w->facts->nodes[receiver].kind == FACT_SUPER) {
        step_super(w, site);
        return;
    }
    start(&step, w, site);
    Place function = function_of(w->dirty->program, step.class_id, step.name);
    if (!function.file && !step.receiver)
        function = only_function(w->dirty->program, step.name);
    if (!function.file && !step.class_id && step.receiver) {
        function = only_method(w->dirty->program, step.name);
        step.maybe = true;
    }
    if (w->facts->nodes[site].kind == FACT_NEW) {
        result = build(&step);
        assign_all(&step, &result, step.class_id);
    } else if (!step_rules(&step, &result)) {
        if (function.file)
            apply_summary(&step, function, &result);
        if (!result.count)
            read_plain(&step, &result);
    }
    *value_of(w, site) = result;
}

void step_super(Walk *w, NodeId node)
{
    Program *program = w->dirty->program;
    NodeId function = program_enclosing_function(program, w->file, node);
    ClassId around = program_enclosing_class(program, w->file, node);
    if (!function || !around || w->facts->nodes[node].role == ROLE_RECEIVER)
        return;
    CallStep step;
    Objects result = {0};
    start(&step, w, node);
    step.receivers = (Objects){0};
    objects_add(&step.receivers, object_root(w, ROOT_SELF, 0));
    step.types = resolver_self(w->dirty->resolver, w->file, node);
    step.class_id = class_of_types(&step.types, &step.confidence);
    if (!step.name)
        step.name = w->facts->nodes[function].name;
    ClassId above[ANCESTORS_MAX];
    size_t count = program_ancestors(program, around, above, ANCESTORS_MAX);
    for (size_t i = 1; i < count; i++) {
        Place place = function_of(program, above[i], step.name);
        if (!place.file || (place.file == w->file && place.node == function))
            continue;
        apply_summary(&step, place, &result);
        *value_of(w, node) = result;
        return;
    }
    if (!step_rules(&step, &result))
        return;
    *value_of(w, node) = result;
}
