/*
 * Objects that stand for another one, which their save saves: a form made with `instance=order`
 * saves the order. Rules of saves with `stands_for` name the member that holds it; which classes
 * are meant, and of which model, the companions say. Without an object given the form makes one.
 */
#include "analyze/saves/dirty_private.h"

#include "analyze/types/companion.h"

ClassId stand_in_model(Dirty *d, ClassId class_id)
{
    TypeSet own = {0};
    Confidence confidence;
    if (!class_id || d->program->classes.items[class_id]->is_model)
        return 0;
    typeset_add(&own, (Type){.class_id = class_id, .shape = SHAPE_INSTANCE});
    TypeSet model = companion_fields(d->resolver, &own);
    ClassId found = class_of_types(&model, &confidence);
    return found == class_id ? 0 : found;
}

/* The member of the first rule that speaks about this language's stand-ins; empty: there is none. */
static Str member_name(const Walk *w)
{
    const RuleSet *rules = w->dirty->program->rules;
    for (size_t i = 0; i < rules->sections[RULE_SAVE].count; i++) {
        const Rule *rule = rules->sections[RULE_SAVE].items[i];
        if (rule->stands_for.length && rule_speaks(w, rule))
            return rule->stands_for;
    }
    return (Str){0};
}

/* The object given to a constructor: by the member's name, or as an argument of the model's class. */
static NodeId given_object(Walk *w, NodeId site, Str member, ClassId model)
{
    NodeId named = callsite_keyword(w->dirty->program, w->file, site, member);
    for (NodeId c = named ? 0 : w->facts->nodes[site].child; c; c = w->facts->nodes[c].next) {
        Confidence confidence;
        ClassId given = w->facts->nodes[c].role == ROLE_ARGUMENT ? class_at(w, c, &confidence) : 0;
        if (given && program_is_a(w->dirty->program, given, model))
            return c;
    }
    return named;
}

void stand_in_made(CallStep *step, const Objects *made)
{
    Walk *w = step->walk;
    Str member = member_name(w);
    ClassId model = member.length ? stand_in_model(w->dirty, step->class_id) : 0;
    NodeId given = model ? given_object(w, step->site, member, model) : 0;
    for (uint32_t i = 0; model && i < made->count; i++) {
        ObjectId path = object_member(w, made->items[i], names_intern(w->dirty->program->names, member));
        Objects at = {.count = path != 0, .items = {path}};
        objects_are(w, &at, model);
        if (given)
            state_bind(&w->state, path, value_of(w, given), walk_place(w, step->site), false);
        else
            state_mark(&w->state, path, OBJECT_NEW, walk_place(w, step->site));
    }
}

Objects stand_in_objects(const CallStep *step, const Rule *rule)
{
    Walk *w = step->walk;
    Objects meant = {0};
    for (uint32_t i = 0; i < step->receivers.count; i++) {
        ObjectId path = object_member(w, step->receivers.items[i],
                                      names_intern(w->dirty->program->names, rule->stands_for));
        Objects at = path ? state_at(&w->state, path) : (Objects){0};
        objects_join(&meant, &at);
    }
    return meant;
}
