/*
 * What a function that is called does, seen from the call: its summary's effects, with the
 * callee's paths (self, a parameter, the result) put in terms of the caller's objects.
 */
#include "analyze/saves/dirty_private.h"

ClassId class_of_types(const TypeSet *types, Confidence *confidence)
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

Place function_of(const Program *program, ClassId class_id, Sym name)
{
    MemberId id = member_of_kind(program, class_id, name, MEMBER_METHOD);
    if (!id)
        return (Place){0};
    Place place = program->members.items[id].place;
    return program_node(program, place.file, place.node)->kind == FACT_FUNCTION ? place : (Place){0};
}

MemberId association_of(const Program *program, ClassId class_id, Sym name)
{
    return member_of_kind(program, class_id, name, MEMBER_ASSOCIATION);
}

bool is_link(Dirty *dirty, ClassId class_id, Sym name)
{
    if (!class_id || association_of(dirty->program, class_id, name))
        return class_id != 0;
    const ClassChains *chains = chains_of(dirty, class_id);
    for (size_t i = 0; i < chains->chains.count; i++) {
        if (chains->chains.items[i].member == name)
            return true;
    }
    return false;
}

Sym setter_name(const Walk *w, Sym name)
{
    Names *names = w->dirty->program->names;
    const DeclarePattern *form = &w->language->setter;
    StrBuf buf = {0};
    strbuf_add_str(&buf, form->before);
    strbuf_add_str(&buf, names_str(names, name));
    strbuf_add_str(&buf, form->after);
    Sym setter = form->before.length + form->after.length ? names_lookup(names, strbuf_str(&buf)) : 0;
    strbuf_release(&buf);
    return setter;
}

bool is_setter_name(const Language *language, Str name)
{
    const DeclarePattern *form = &language->setter;
    size_t around = form->before.length + form->after.length;
    return around && name.length > around &&
           str_eq(str_slice(name, 0, form->before.length), form->before) &&
           str_eq(str_slice(name, name.length - form->after.length, name.length), form->after);
}

Place setter_of(const Walk *w, ClassId class_id, Sym name)
{
    const Program *program = w->dirty->program;
    Place place = function_of(program, class_id, setter_name(w, name));
    if (place.file)
        return place;
    place = function_of(program, class_id, name);
    if (place.file && program_node(program, place.file, place.node)->flags & FLAG_SETTER)
        return place;
    return (Place){0};
}

Place only_setter(const Walk *w, Sym name)
{
    return only_method(w->dirty->program, setter_name(w, name));
}

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

/* A helper that saves whatever it is given is no place to look at: its call is. */
static void apply_save(CallStep *step, Place function, const Effect *effect, const Objects *objects)
{
    ClassId class_id = class_of_effect(step, function, effect);
    Confidence confidence = effect->confidence;
    Place here = walk_place(step->walk, step->site);
    bool knows = class_id == effect->class_id;
    if (!knows && step->class_id == class_id)
        confidence = step->confidence;
    record_save(step->walk, objects, class_id, confidence, knows ? effect->place : here,
                knows ? here : effect->place);
}

static void apply_flags(CallStep *step, ObjectId object, const Effect *effect)
{
    Walk *w = step->walk;
    state_mark(&w->state, object, effect->flags | (step->maybe ? OBJECT_MAYBE : 0), effect->place);
    objects_are(w, &(Objects){.count = 1, .items = {object}}, effect->class_id);
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
                apply_flags(step, at.items[k], effect);
        }
        break;
    case EFFECT_PUT:
        alias = root_objects(step, function, &effect->alias);
        alias = follow(w, alias, &effect->alias);
        for (uint32_t i = 0; i < paths.count && alias.count; i++)
            state_bind(&w->state, paths.items[i], &alias, walk_place(w, step->site), true);
        break;
    case EFFECT_FLUSH: record_flush(w, walk_place(w, step->site), effect->place); break;
    case EFFECT_SAVE: apply_save(step, function, effect, &paths); break;
    case EFFECT_ASSIGN:
        for (uint32_t i = 0; i < paths.count; i++)
            state_mark(&w->state, paths.items[i], OBJECT_CHANGED | OBJECT_MAYBE, effect->place);
        assign_unknown(step, &paths, class_of_effect(step, function, effect), NULL);
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

void apply_summary(CallStep *step, Place function, Objects *result)
{
    Walk *w = step->walk;
    Dirty *d = w->dirty;
    if (d->depth >= CALL_DEPTH_MAX)
        return;
    d->depth++;
    const Summary *summary = summary_of(d, function.file, function.node);
    for (size_t i = 0; i < summary->effects.count; i++) {
        const Effect *effect = &summary->effects.items[i];
        if (effect->kind != EFFECT_ALIAS && effect->path.root == EFFECT_RESULT && !effect->path.length)
            objects_add(result, object_root(w, ROOT_NODE, step->site));
        apply_effect(step, function, effect, result);
    }
    d->depth--;
}

