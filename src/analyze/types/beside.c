/*
 * A macro's arguments are no expressions to a grammar, so a type comes as a bare
 * name and a path (a.b) as an error with names in it. Both are read by what
 * they resolve to: a name right behind one that is no variable but a class with
 * such a member is that member. Cost: the arguments before it.
 */
#include "analyze/types/beside.h"

#include "analyze/program/binding.h"
#include "analyze/types/receiver_private.h"

static bool names_class(Resolver *r, FileId file, NodeId node, Sym member, ClassId *found)
{
    bool excluded;
    const Node *n = node_at(r, file, node);
    const Binding *binding;
    if (!n->name || map_get(&r->program->globals_by_name, n->name) ||
        (n->kind == FACT_NAME && binding_lookup(r->program->files.items[file], node, &binding, 1)))
        return false;
    return (n->kind == FACT_NAME || n->kind == FACT_TYPE) &&
           program_resolve_class(r->program, file, node, n->name, found, 1, &excluded) &&
           program_member(r->program, *found, member);
}

/* Follows the names of an error, up to `end`, from member to member. */
static TypeSet follow_names(Resolver *r, FileId file, NodeId error, NodeId end, TypeSet types)
{
    for (NodeId c = node_at(r, file, error)->child; c && c != end; c = node_at(r, file, c)->next) {
        TypeSet next = {0};
        for (uint32_t i = 0; i < types.count; i++) {
            TypeSet part = resolver_member(r, types.items[i], node_at(r, file, c)->name, file, c);
            typeset_join(&next, &part);
        }
        types = next;
    }
    return types;
}

TypeSet beside_receiver(Resolver *r, FileId file, NodeId member, NodeId receiver)
{
    TypeSet types = resolver_type(r, file, receiver);
    if (node_at(r, file, receiver)->kind != FACT_TYPE)
        return types;
    for (NodeId c = node_at(r, file, member)->child; c; c = node_at(r, file, c)->next) {
        if (node_at(r, file, c)->kind == FACT_ERROR)
            types = follow_names(r, file, c, 0, types);
    }
    return types;
}

TypeSet beside_type(Resolver *r, FileId file, NodeId name)
{
    TypeSet set = {0};
    const Node *n = node_at(r, file, name), *parent = node_at(r, file, n->parent);
    if (!language_of(r, file)->typed)
        return set;
    if (parent->kind == FACT_ERROR && node_at(r, file, parent->parent)->kind == FACT_MEMBER) {
        NodeId receiver = child_of(r, file, parent->parent, ROLE_RECEIVER);
        if (receiver && node_at(r, file, receiver)->kind == FACT_TYPE)
            set = follow_names(r, file, n->parent, name, resolver_type(r, file, receiver));
        return set;
    }
    NodeId before = 0;
    ClassId found;
    for (NodeId c = parent->kind == FACT_CALL ? parent->child : 0; c && c != name;
         c = node_at(r, file, c)->next)
        before = node_at(r, file, c)->role == ROLE_ARGUMENT ? c : 0;
    if (before && n->role == ROLE_ARGUMENT && names_class(r, file, before, n->name, &found))
        typeset_add(&set, (Type){.shape = SHAPE_INSTANCE, .class_id = found,
                                 .reason = resolver_reason(r, file, before, NULL, 0)});
    return set;
}
