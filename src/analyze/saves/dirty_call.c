/*
 * Calls: first what a rule pack says of the name, then what the function called
 * does (its summary), then the plain meaning: a member is read.
 */
#include "analyze/saves/dirty_private.h"

#include <string.h>

/* --- rules --- */

/* "Session~FullAssociations": a call of that name whose text holds the rest. */
static bool is_call_of(const CallStep *step, NodeId at, Str wanted)
{
    const Program *program = step->walk->dirty->program;
    size_t tilde = str_find_byte(wanted, '~', 0);
    Sym name = step->walk->facts->nodes[at].name;
    return str_eq(names_str(program->names, name), str_slice(wanted, 0, tilde)) &&
           (tilde == SIZE_MAX || str_find(program_text(program, step->walk->file, at),
                                          str_slice(wanted, tilde + 1, wanted.length), 0) != SIZE_MAX);
}

/* A call of the list stands before this one in its chain: `db.Omit("Items").Create(&order)`. */
static bool follows_one_of(const CallStep *step, const StrList *calls)
{
    for (NodeId at = step->receiver; at && calls->count;
         at = fact_child(step->walk->facts, at, ROLE_RECEIVER)) {
        for (size_t i = 0; i < calls->count; i++) {
            if (is_call_of(step, at, calls->items[i]))
                return true;
        }
    }
    return false;
}

/* What saves the object that its receiver stands for, and is not redefined there, means nothing else. */
static bool means_receiver(const CallStep *step, const Rule *rule)
{
    Dirty *d = step->walk->dirty;
    if (!(rule->does & DOES_SAVE))
        return true;
    bool stands = stand_in_model(d, step->class_id) != 0;
    if (!rule->stands_for.length || !stands)
        return !rule->stands_for.length && !stands;
    return step->overridden || !function_of(d->program, step->class_id, step->name).file;
}

/* A model's own method of the name, which never goes on to the framework's: `update!(order)`. */
static bool is_replaced(const CallStep *step, const Rule *rule)
{
    const Program *program = step->walk->dirty->program;
    if (!(rule->does & (DOES_SAVE | DOES_ASSIGN | DOES_CHANGE)))
        return false;
    Place own = function_of(program, step->class_id, step->name);
    ClassId owner = own.file ? program_enclosing_class(program, own.file, own.node) : 0;
    return owner && program->classes.items[owner]->is_model && !goes_on(program, own);
}

bool save_rule_matches(CallStep *step, const Rule *rule)
{
    return !is_replaced(step, rule) && !follows_one_of(step, &rule->without) &&
           (!rule->with.count || follows_one_of(step, &rule->with)) &&
           resolver_rule_applies(step->walk->dirty->resolver, rule, step->walk->file, step->site,
                                 &step->types, false) &&
           means_receiver(step, rule);
}

static Objects build(CallStep *step)
{
    Walk *w = step->walk;
    Objects made = {0};
    ObjectId object = object_root(w, ROOT_NODE, step->site);
    objects_add(&made, object);
    w->objects.items[object].class_id = step->class_id;
    state_forget(w, &w->state, object);
    state_mark(&w->state, object, OBJECT_NEW, walk_place(w, step->site));
    for (uint32_t i = 0; i < step->receivers.count; i++) {
        ObjectId path = step->receivers.items[i];
        if (step->receiver && w->objects.items[path].parent)
            state_bind(&w->state, path, &made, walk_place(w, step->site), true);
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

/* Objects given to a call that saves them, or to a session. */
static void do_arguments(CallStep *step, const Rule *rule, Objects *result)
{
    Walk *w = step->walk;
    for (NodeId c = w->facts->nodes[step->site].child; c; c = w->facts->nodes[c].next) {
        Confidence confidence;
        if (w->facts->nodes[c].role != ROLE_ARGUMENT)
            continue;
        Objects objects = *value_of(w, c);
        ClassId class_id = class_at(w, c, &confidence);
        objects_are(w, &objects, class_id);
        objects_join(result, &objects);
        if (rule->does & DOES_SAVE_ARGUMENTS) {
            if (rule->does & DOES_SAVE_ALL)
                record_save_all(w, &objects, class_id, confidence, walk_place(w, step->site));
            record_save(w, &objects, class_id, confidence, walk_place(w, step->site), (Place){0});
            continue;
        }
        if (rule->does & DOES_STORE_ARGUMENTS) {
            for (uint32_t i = 0; i < objects.count; i++)
                state_clear(&w->state, objects.items[i], OBJECT_NEW | OBJECT_CHANGED | OBJECT_MAYBE);
            continue;
        }
        mark_all(step, &objects, OBJECT_HANDED);
        Effect effect = {.kind = EFFECT_FLAGS, .flags = OBJECT_HANDED, .class_id = class_id,
                         .place = walk_place(w, c)};
        for (uint32_t i = 0; i < objects.count; i++) {
            if (effect_path(w, objects.items[i], &effect.path))
                record_effect(w, effect);
        }
    }
}

static void do_rule(CallStep *step, const Rule *rule, Objects *result)
{
    Walk *w = step->walk;
    Objects subject = step->receivers;
    ClassId subject_class = step->class_id;
    program_fired(w->dirty->program, rule);
    if (rule->stands_for.length) {
        subject = *result = stand_in_objects(step, rule);
        subject_class = stand_in_model(w->dirty, step->class_id);
        objects_are(w, &subject, subject_class);
        if (!save_condition(w->dirty, rule, w->file, step->site))
            return;
    }
    if (rule->does & DOES_BUILD)
        subject = *result = build(step);
    if (rule->does & DOES_LOAD) {
        ObjectId object = object_root(w, ROOT_NODE, step->site);
        objects_add(result, object);
        state_forget(w, &w->state, object);
        state_mark(&w->state, object, OBJECT_STORED, walk_place(w, step->site));
    }
    if (rule->does & DOES_ADD) {
        Objects values = argument_values(step);
        add_to_collection(w, step->site, &step->receivers, &values, rule->does & DOES_AT_ONCE);
        *result = step->receivers;
    }
    if (rule->does & DOES_ASSIGN)
        assign_all(step, &subject, step->class_id);
    if (rule->does & DOES_CHANGE)
        mark_all(step, &subject, OBJECT_CHANGED);
    if (rule->does & DOES_SAVE)
        record_save(w, &subject, subject_class, step->confidence, walk_place(w, step->site), (Place){0});
    if ((rule->does & DOES_SAVE_ALL) && !(rule->does & DOES_SAVE_ARGUMENTS))
        record_save_all(w, &subject, step->class_id, step->confidence, walk_place(w, step->site));
    if (rule->does & (DOES_SAVE_ARGUMENTS | DOES_STORE_ARGUMENTS | DOES_HAND))
        do_arguments(step, rule, result);
    if (rule->does & (DOES_RELOAD | DOES_ROLLBACK))
        state_settle(w, &w->state, rule->does & DOES_RELOAD ? &subject : NULL);
    if (rule->does & DOES_FLUSH)
        record_flush(w, walk_place(w, step->site), (Place){0});
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
            if (association_of(program, step->class_id, *member) && save_rule_matches(step, rule))
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
            state_bind(&w->state, path, result, walk_place(w, step->site), owners.count > 1);
    }
    return true;
}

/* --- reading --- */

/* What a call gives by the rules for calls. */
static Shape given_shape(CallStep *step)
{
    const Program *program = step->walk->dirty->program;
    for (const Rule *rule = rules_find(&program->rules->calls, step->name); rule;
         rule = rule->next_same_name) {
        bool bare = !step->receiver && (rule->on & ON_NONE) && rule_speaks(step->walk, rule);
        if (rule->returns && (bare || save_rule_matches(step, rule)))
            return rule->returns;
    }
    return SHAPE_UNKNOWN;
}

/* `Order(...)` where classes are called to make objects. */
static bool constructs(CallStep *step)
{
    Walk *w = step->walk;
    const Program *program = w->dirty->program;
    if (w->facts->nodes[step->site].kind != FACT_CALL || !step->name ||
        !program_class_named(program, step->name))
        return false;
    TypeSet types = resolver_type(w->dirty->resolver, w->file, step->site);
    for (uint32_t i = 0; i < types.count; i++) {
        const Type *type = &types.items[i];
        if (type->shape != SHAPE_INSTANCE || !type->class_id ||
            program->classes.items[type->class_id]->name != step->name)
            continue;
        step->class_id = type->class_id;
        step->receiver = 0;
        return true;
    }
    return false;
}

static void read_plain(CallStep *step, Objects *result)
{
    Walk *w = step->walk;
    const Node *site = &w->facts->nodes[step->site];
    Shape shape = given_shape(step);
    if (shape == SHAPE_SAME || shape == SHAPE_ARGUMENT) {
        *result = shape == SHAPE_SAME ? step->receivers : argument_values(step);
        return;
    }
    bool plain = site->kind == FACT_MEMBER || site->kind == FACT_NAME;
    bool member = is_link(w->dirty, step->class_id, step->name);
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

void call_start(CallStep *step, Walk *w, NodeId site)
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
        if (!(rule->on & ON_BODY) && (rule->does & DOES_ACTS) && save_rule_matches(step, rule)) {
            do_rule(step, rule, result);
            return true;
        }
    }
    return do_template(step, result);
}

/* What is known of the objects themselves, where the expression's type is not; 0: nothing, or several. */
static ClassId class_of_objects(const Walk *w, const Objects *objects)
{
    ClassId found = objects->count ? w->objects.items[objects->items[0]].class_id : 0;
    for (uint32_t i = 1; i < objects->count; i++) {
        if (w->objects.items[objects->items[i]].class_id != found)
            return 0;
    }
    return found;
}

/* `x.save` on an object of unknown type: whatever it is, it is saved. */
static bool saves_unknown(CallStep *step)
{
    Walk *w = step->walk;
    if (!step->receiver || step->class_id || step->types.count)
        return false;
    for (const Rule *rule = rules_find(&w->dirty->program->rules->saves, step->name); rule;
         rule = rule->next_same_name) {
        if (!(rule->does & DOES_SAVE) || !(rule->on & (1u << SHAPE_INSTANCE)) || !rule_speaks(w, rule))
            continue;
        record_save(w, &step->receivers, class_of_objects(w, &step->receivers), CONFIDENCE_LIKELY, walk_place(w, step->site), (Place){0});
        return true;
    }
    return false;
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
    call_start(&step, w, site);
    Place function = function_of(w->dirty->program, step.class_id, step.name);
    if (!function.file && !step.receiver)
        function = only_function(w->dirty->program, step.name);
    if (!function.file && !step.class_id && step.receiver) {
        function = only_method(w->dirty->program, step.name);
        step.maybe = true;
    }
    if (w->facts->nodes[site].kind == FACT_NEW || constructs(&step)) {
        result = build(&step);
        assign_all(&step, &result, step.class_id);
        stand_in_made(&step, &result);
    } else if (!step_rules(&step, &result) && !saves_unknown(&step)) {
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
    call_start(&step, w, node);
    step.receivers = (Objects){0};
    objects_add(&step.receivers, object_root(w, ROOT_SELF, 0));
    step.types = resolver_self(w->dirty->resolver, w->file, node);
    step.class_id = class_of_types(&step.types, &step.confidence);
    if (!step.name)
        step.name = w->facts->nodes[function].name;
    ClassId above[ABOVE_MAX];
    size_t count = program_ancestors(program, around, above, ABOVE_MAX);
    for (size_t i = 1; i < count; i++) {
        Place place = function_of(program, above[i], step.name);
        if (!place.file || (place.file == w->file && place.node == function))
            continue;
        apply_summary(&step, place, &result);
        *value_of(w, node) = result;
        return;
    }
    step.overridden = true;
    if (!step_rules(&step, &result))
        return;
    *value_of(w, node) = result;
}
