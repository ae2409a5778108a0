/*
 * The value beside an access is a hint: who compares `x.state` with
 * `Job.RUNNING` speaks of a Job. Constants of a class (and of enums nested in
 * it or named after it) are nearly always the values of that class's own
 * fields, so an unknown receiver becomes `likely`, or is another class's.
 */
#include "analyze/access/access.h"

#include "analyze/program/naming.h"

/* Job::RUNNING written as one name. */
static ClassId class_of_qualified(Analysis *a, FileId file, NodeId node)
{
    Str name = names_str(a->program->names, program_node(a->program, file, node)->name);
    Str last = name_last(name);
    if (last.length + 2 >= name.length)
        return 0;
    Sym owner = names_intern(a->program->names, str_slice(name, 0, name.length - last.length - 2));
    ClassId found[1];
    bool excluded;
    return program_resolve_class(a->program, file, node, owner, found, 1, &excluded) ? found[0] : 0;
}

/* The class whose constant `value` is; 0 when it is none. */
static ClassId class_of_constant(Analysis *a, FileId file, NodeId value)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    while (facts->nodes[value].kind == FACT_LIST || facts->nodes[value].kind == FACT_SPLAT) {
        value = facts->nodes[value].child;
        if (!value)
            return 0;
    }
    const Node *node = &facts->nodes[value];
    NodeId owner = 0;
    if (node->kind == FACT_MEMBER)
        owner = fact_child(facts, value, ROLE_RECEIVER);
    TypeSet types = {0};
    if (owner)
        types = resolver_type(a->resolver, file, owner);
    if (node->kind == FACT_NAME)
        return class_of_qualified(a, file, value);
    for (uint32_t i = 0; i < types.count; i++) {
        const Class *class = a->program->classes.items[types.items[i].class_id];
        if (types.items[i].shape != SHAPE_CLASS || !class->declared)
            continue;
        return class->outer ? class->outer : class->id; /* Job.State.RUNNING */
    }
    return 0;
}

static NodeId sibling(const Facts *facts, NodeId node)
{
    for (NodeId c = facts->nodes[facts->nodes[node].parent].child; c; c = facts->nodes[c].next) {
        if (c != node)
            return c;
    }
    return 0;
}

static NodeId value_beside(const Facts *facts, NodeId node)
{
    const Node *n = &facts->nodes[node];
    const Node *parent = &facts->nodes[n->parent];
    if (n->kind == FACT_KEYWORD || n->kind == FACT_PAIR)
        return fact_child(facts, node, ROLE_VALUE);
    if (parent->kind == FACT_BINARY)
        return sibling(facts, node);
    if (parent->kind == FACT_ASSIGN && n->role == ROLE_TARGET)
        return fact_child(facts, n->parent, ROLE_VALUE);
    if (parent->kind == FACT_SWITCH && n->role == ROLE_VALUE) {
        NodeId first = fact_child(facts, n->parent, ROLE_NONE);
        return first ? fact_child(facts, first, ROLE_CONDITION) : 0;
    }
    return 0;
}

TypeSet hint_of_value(Analysis *a, FileId file, NodeId node)
{
    TypeSet set = {0};
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId value = value_beside(facts, node);
    ClassId class_id = value ? class_of_constant(a, file, value) : 0;
    if (class_id)
        typeset_add(&set, (Type){.shape = SHAPE_INSTANCE,
                                 .confidence = CONFIDENCE_LIKELY,
                                 .class_id = class_id,
                                 .reason = resolver_reason(a->resolver, file, value,
                                                           "the value beside it is a constant of the model", 0)});
    return set;
}
