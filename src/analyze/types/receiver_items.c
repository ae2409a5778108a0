/*
 * Collections as they are written and indexed: lists, maps, comprehensions, x[key].
 * Of a written list only the first few items are asked.
 */
#include "analyze/program/binding.h"
#include "analyze/program/object.h"
#include "analyze/types/companion.h"
#include "analyze/types/receiver_private.h"

TypeSet resolver_index_signature(Resolver *r, Type type)
{
    Sym name = names_lookup(r->program->names, str_lit("[]"));
    MemberId id = name && type.class_id && type.shape == SHAPE_INSTANCE
                      ? program_member(r->program, type.class_id, name) : 0;
    return id ? resolver_member_of(r, type, id) : (TypeSet){0};
}

/* kwargs["instance"]: what a framework passes under that name. */
static TypeSet rest_element(Resolver *r, FileId file, NodeId receiver, NodeId index)
{
    const Binding *binding;
    File *f = r->program->files.items[file];
    if (!index || node_at(r, file, index)->kind != FACT_STRING || !node_at(r, file, index)->name ||
        node_at(r, file, receiver)->kind != FACT_NAME || !binding_lookup(f, receiver, &binding, 1) ||
        binding->kind != BINDING_PARAM || !(node_at(r, file, binding->node)->flags & FLAG_VARIADIC))
        return (TypeSet){0};
    return companion_parameter(r, file, node_at(r, file, binding->node)->parent,
                               node_at(r, file, index)->name);
}

static void join_likely(TypeSet *set, TypeSet part)
{
    typeset_weaken(&part, CONFIDENCE_LIKELY);
    typeset_join(set, &part);
}

TypeSet resolver_indexed(Resolver *r, FileId file, NodeId node)
{
    NodeId receiver = child_of(r, file, node, ROLE_RECEIVER);
    TypeSet set = {0};
    if (!receiver)
        return set;
    TypeSet base = resolver_type(r, file, receiver);
    if (!base.count)
        return rest_element(r, file, receiver, child_of(r, file, node, ROLE_INDEX));
    for (uint32_t i = 0; i < base.count; i++) {
        TypeSet part = resolver_index_signature(r, base.items[i]);
        typeset_join(&set, &part);
        part = resolver_element(&(TypeSet){1, {base.items[i]}});
        if (part.count && part.items[0].shape == SHAPE_INSTANCE &&
            base.items[i].shape == SHAPE_COLLECTION)
            typeset_join(&set, &part);
        else if (part.count && language_of(r, file)->typed)
            join_likely(&set, part); /* a list of lists */
    }
    return set;
}

TypeSet resolver_list(Resolver *r, FileId file, NodeId node)
{
    TypeSet set = {0};
    const Facts *facts = &r->program->files.items[file]->facts;
    bool comprehension = facts->nodes[node].kind == FACT_COMPREHENSION;
    int seen = 0;
    for (NodeId c = facts->nodes[node].child; c && seen < 8; c = facts->nodes[c].next, seen++) {
        if (comprehension && facts->nodes[c].role != ROLE_VALUE)
            continue;
        TypeSet part = resolver_type(r, file, c);
        for (uint32_t i = 0; i < part.count; i++) {
            if (part.items[i].shape == SHAPE_INSTANCE) {
                part.items[i].shape = SHAPE_COLLECTION;
                typeset_add(&set, part.items[i]);
            }
        }
    }
    return set;
}

/* ['a' => $order, 'b' => $other]: a collection, where maps are lists and all are of one class of ours. */
TypeSet resolver_map(Resolver *r, FileId file, NodeId node)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    TypeSet none = {0};
    ClassId object = object_class(r->program, file, node);
    if (object)
        return (TypeSet){1, {{.shape = SHAPE_INSTANCE,
                              .class_id = object,
                              .reason = resolver_reason(r, file, node, NULL, 0)}}};
    if (!language_of(r, file)->keys_are_members)
        return none;
    TypeSet set = resolver_list(r, file, node);
    int seen = 0;
    for (NodeId c = facts->nodes[node].child; c && set.count == 1 && seen < 8;
         c = facts->nodes[c].next, seen++) {
        TypeSet part = resolver_type(r, file, c);
        if (!part.count || part.items[0].shape != SHAPE_INSTANCE)
            return none;
    }
    bool ours = set.count == 1 && r->program->classes.items[set.items[0].class_id]->declared;
    return ours ? set : none;
}
