/*
 * An alias of types that are written out is a class: its members are those of
 * every object type in the union or intersection. `type Order = Base & {email: string}`
 * inherits from Base; of `{kind: 'a'} | {kind: 'b'}` either part is the class, and
 * `Base | {kind: 'a'}` is one of two classes. Object types
 * deeper inside (what a list holds) stay classes of their own, without a name.
 */
#include "analyze/program/alias.h"

/* A union (nameless, and no list) or an intersection, which is named `&`. */
static bool joins_types(const Program *program, const Node *node)
{
    return node->kind == FACT_TYPE && !(node->flags & FLAG_COLLECTION) &&
           (!node->name || str_eq_c(names_str(program->names, node->name), "&"));
}

/* True when only unions and intersections stand between `node` and the alias's own TYPE. */
static bool is_part(const Program *program, const Facts *facts, NodeId node, NodeId type)
{
    while (node != type) {
        if (facts->nodes[node].role != ROLE_ELEMENT)
            return false;
        node = facts->nodes[node].parent;
        if (!joins_types(program, &facts->nodes[node]) || node < type)
            return false;
    }
    return true;
}

static void add_part(Program *program, File *file, ClassId id, NodeId node)
{
    Class *class = program->classes.items[id];
    const Node *n = &file->facts.nodes[node];
    if (n->kind == FACT_CLASS) {
        map_put(&program->class_of_node, map_key2(file->id, node), id);
        class->mixin |= (n->flags & FLAG_MIXIN) != 0;
        if (class->places.items[0].node != node)
            array_push(&class->places, ((Place){file->id, node}));
    } else if (n->kind == FACT_TYPE && n->name && n->name != class->name &&
               file->facts.nodes[n->parent].name) { /* of an intersection */
        array_push(&class->supers, ((Super){.name = n->name, .file = file->id, .node = node}));
    }
}

/* The first type that is written out as a part of the alias; else the first inside it. */
static NodeId written_out(const Program *program, const Facts *facts, NodeId type, bool *part)
{
    NodeId first = 0;
    for (NodeId n = type; n < facts->count && facts->nodes[n].start < facts->nodes[type].end; n++) {
        if (facts->nodes[n].kind != FACT_CLASS)
            continue;
        *part = is_part(program, facts, n, type);
        if (*part)
            return n;
        first = first ? first : n;
    }
    return first;
}

/* typedef struct {...} Name, type Name = {...} & Base: the class has no other name. */
static void name_class(Program *program, File *file, NodeId type, NodeId class_node, Sym name)
{
    const Facts *facts = &file->facts;
    ClassId id = program_declare_class(program, (Place){file->id, class_node}, name);
    add_part(program, file, id, class_node);
    for (NodeId n = type; n < facts->count && facts->nodes[n].start < facts->nodes[type].end; n++) {
        bool named = facts->nodes[n].kind == FACT_CLASS && facts->nodes[n].name;
        if (n != class_node && !named && is_part(program, facts, n, type))
            add_part(program, file, id, n);
    }
}

static void add_meaning(Program *program, Place type, Sym name)
{
    uint64_t *first = map_get(&program->alias_types, name);
    array_push(&program->alias_places, type);
    array_push(&program->alias_next, first ? (uint32_t)*first : 0);
    map_put(&program->alias_types, name, program->alias_places.count);
}

/* Types written out in the alias; true when they are all that it stands for. */
static bool declare_inside(Program *program, File *file, NodeId type, Sym name)
{
    const Facts *facts = &file->facts;
    bool part = false;
    NodeId inside = written_out(program, facts, type, &part);
    uint64_t *class_id = inside ? map_get(&program->class_of_node, map_key2(file->id, inside)) : NULL;
    if (!class_id || (!part && fact_child(facts, type, ROLE_ELEMENT)))
        return false;
    const Class *class = program->classes.items[*class_id];
    if (!facts->nodes[inside].name)
        name_class(program, file, type, inside, name);
    else if (class->name != name)
        map_put(&program->aliases, map_key2(0x80000000u, name), class->qualified);
    return inside == type || facts->nodes[type].name; /* of a union, the class is one part */
}

void alias_declare(Program *program, File *file, NodeId node)
{
    const Facts *facts = &file->facts;
    Sym name = facts->nodes[node].name;
    NodeId type = fact_child(facts, node, ROLE_TYPE);
    if (!type || !name || declare_inside(program, file, type, name))
        return;
    if (fact_child(facts, type, ROLE_ELEMENT) || fact_child(facts, type, ROLE_RETURN) ||
        fact_child(facts, type, ROLE_PARAM))
        add_meaning(program, (Place){file->id, type}, name);
    if (facts->nodes[type].name && facts->nodes[type].name != name &&
        !joins_types(program, &facts->nodes[type]))
        map_put(&program->aliases, map_key2(0x80000000u, name), facts->nodes[type].name);
}
