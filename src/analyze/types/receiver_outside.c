/*
 * A receiver of a library's type ends the search for what its members give: a
 * field that looks alone in the code base is still no field of url.URL. The
 * answer keeps the library's class, so that a later round may find that it is
 * declared in the code base after all.
 */
#include "analyze/types/receiver_private.h"

#include "analyze/program/module_root.h"

/* A library's type: of a class that no file declares, or what came out of one. */
static bool is_foreign(const Resolver *r, FileId file, Type type)
{
    switch ((Shape)type.shape) {
    case SHAPE_INSTANCE:
    case SHAPE_CLASS: return type.class_id && !r->program->classes.items[type.class_id]->declared;
    case SHAPE_OTHER: return true;
    case SHAPE_MODULE: return module_is_outside(r->program, language_of(r, file), type.module);
    default: return false;
    }
}

/* An argument that may come out again: something of the code base, a function, or unknown. */
static bool may_come_back(Resolver *r, FileId file, NodeId argument)
{
    const Node *n = node_at(r, file, argument);
    if (n->kind == FACT_LITERAL || n->kind == FACT_STRING)
        return false;
    TypeSet set = resolver_type(r, file, argument);
    bool foreign = set.count > 0 && n->kind != FACT_LAMBDA;
    for (uint32_t i = 0; i < set.count; i++)
        foreign &= is_foreign(r, file, set.items[i]);
    return !foreign;
}

TypeSet resolver_outside(Resolver *r, FileId file, NodeId node, const TypeSet *base)
{
    const Facts *facts = facts_of(r, file);
    if (!language_of(r, file)->closed_types || !base->count)
        return (TypeSet){0};
    for (uint32_t i = 0; i < base->count; i++) {
        if (!is_foreign(r, file, base->items[i]))
            return (TypeSet){0};
    }
    for (NodeId c = facts->nodes[node].child; c; c = facts->nodes[c].next) {
        FactRole role = (FactRole)facts->nodes[c].role;
        if (role == ROLE_ELEMENT || role == ROLE_BLOCK ||
            (role == ROLE_ARGUMENT && may_come_back(r, file, c)))
            return (TypeSet){0};
    }
    return (TypeSet){1, {{.shape = SHAPE_OTHER,
                          .confidence = CONFIDENCE_LIKELY,
                          .class_id = base->items[0].class_id,
                          .reason = base->items[0].reason}}};
}
