/*
 * Substitution of type parameters, without ever copying a declaration: a chain
 * of links tells what each parameter stands for, and written types are read by
 * it. Arguments of a call are matched with the types of the parameters they are
 * given for, one level of structure at a time; what does not match says nothing.
 * Inference asks for the types of arguments, which may need inference again, so
 * it is cut at MOST_INFERENCES.
 */
#include "analyze/types/generic.h"

#include "analyze/program/naming.h"
#include "analyze/types/receiver_private.h"

enum { MOST_HOPS = 8, MOST_LINKS = 64, MOST_INFERENCES = 3 };

bool generic_lookup(const Resolver *r, FileId file, NodeId parameter, TypeSet *set)
{
    int seen = 0;
    for (uint32_t link = r->given; link && seen < MOST_LINKS; link = r->links.items[link].outer, seen++) {
        const GivenType *given = &r->links.items[link];
        if (given->file != file || given->parameter != parameter)
            continue;
        *set = resolver_remembered(r, given->set);
        return true;
    }
    return false;
}

static uint32_t add_link(Resolver *r, uint32_t outer, Place parameter, const TypeSet *set)
{
    uint32_t index = resolver_remember(r, set);
    if (!r->links.count)
        array_push(&r->links, ((GivenType){0}));
    array_push(&r->links, ((GivenType){outer, parameter.file, parameter.node, index}));
    return (uint32_t)r->links.count - 1;
}

/* The first type parameter of a declaration, which an alias has for the type it stands for; 0. */
static NodeId first_parameter(const Resolver *r, Place declaration)
{
    const Facts *facts = facts_of(r, declaration.file);
    for (NodeId p = declaration.node; p; p = facts->nodes[p].parent) {
        NodeId found = fact_child(facts, p, ROLE_TYPE_PARAM);
        FactKind kind = (FactKind)facts->nodes[p].kind;
        bool part = kind == FACT_TYPE || (kind == FACT_CLASS && !facts->nodes[p].name);
        if (found || !part)
            return found;
    }
    return 0;
}

/* The next sibling with that role. */
static NodeId next_of(const Resolver *r, FileId file, NodeId node, FactRole role)
{
    do
        node = node_at(r, file, node)->next;
    while (node && node_at(r, file, node)->role != role);
    return node;
}

/* The first type argument of a TYPE, CALL or NEW; 0. */
static NodeId first_argument(const Resolver *r, FileId file, NodeId node)
{
    NodeId argument = child_of(r, file, node, ROLE_ELEMENT);
    return argument && node_at(r, file, argument)->kind == FACT_TYPE ? argument : 0;
}

uint32_t generic_extend(Resolver *r, uint32_t outer, Place declaration, FileId file, NodeId node)
{
    NodeId parameter = first_parameter(r, declaration);
    NodeId argument = first_argument(r, file, node);
    while (parameter && argument) {
        TypeSet set = resolver_declared(r, file, argument);
        outer = add_link(r, outer, (Place){declaration.file, parameter}, &set);
        parameter = next_of(r, declaration.file, parameter, ROLE_TYPE_PARAM);
        argument = next_of(r, file, argument, ROLE_ELEMENT);
    }
    return outer;
}

uint32_t generic_class(Resolver *r, ClassId class_id, FileId file, NodeId node)
{
    const Class *class = r->program->classes.items[class_id];
    uint32_t given = 0;
    for (size_t i = 0; i < class->places.count && i < MOST_HOPS; i++)
        given = generic_extend(r, given, class->places.items[i], file, node);
    return given;
}

static bool is_generic(const Resolver *r, ClassId class_id)
{
    const Class *class = r->program->classes.items[class_id];
    return class->places.count && first_parameter(r, class->places.items[0]);
}

/* The supertype of a class that is `owner` or leads to it; NULL: none does. */
static const Super *super_towards(const Resolver *r, ClassId class_id, ClassId owner)
{
    const Class *class = r->program->classes.items[class_id];
    for (size_t i = 0; i < class->supers.count; i++) {
        const Super *super = &class->supers.items[i];
        if (super->class_id && program_is_a(r->program, super->class_id, owner))
            return super;
    }
    return NULL;
}

uint32_t generic_owner(Resolver *r, Type type, ClassId owner)
{
    uint32_t given = type.given, saved = r->given;
    ClassId at = type.class_id;
    for (int hops = 0; at != owner && hops < MOST_HOPS && is_generic(r, owner); hops++) {
        const Super *super = super_towards(r, at, owner);
        if (!super)
            break;
        at = super->class_id;
        r->given = given;
        given = generic_class(r, at, super->file, super->node);
    }
    r->given = saved;
    return given;
}

bool generic_base(Resolver *r, Type type, Callee *base)
{
    uint32_t given = type.given, saved = r->given;
    ClassId at = type.class_id;
    for (int hops = 0; at && hops < MOST_HOPS; hops++) {
        const Class *class = r->program->classes.items[at];
        const Super *next = NULL;
        for (size_t i = 0; i < class->supers.count; i++) {
            const Super *super = &class->supers.items[i];
            Str name = name_last(names_str(r->program->names, super->name));
            if (!super->class_id && first_argument(r, super->file, super->node) &&
                strlist_has(&language_of(r, super->file)->function_types, name)) {
                *base = (Callee){super->file, super->node, given};
                return true;
            }
            if (super->class_id && !next)
                next = super;
        }
        at = next ? next->class_id : 0;
        r->given = given;
        given = at ? generic_class(r, at, next->file, next->node) : 0;
        r->given = saved;
    }
    return false;
}

TypeSet generic_argument(Resolver *r, Callee generic, size_t index)
{
    NodeId argument = first_argument(r, generic.file, generic.node);
    uint32_t saved = r->given;
    TypeSet set = {0};
    while (argument && index--)
        argument = next_of(r, generic.file, argument, ROLE_ELEMENT);
    r->given = generic.given;
    if (argument)
        set = resolver_declared(r, generic.file, argument);
    r->given = saved;
    return set;
}

/* --- inference --- */

/* One question: what does a type parameter, called `name`, stand for? */
typedef struct Inference {
    Resolver *r;
    FileId home; /* the file of the declaration */
    Sym name;
    FileId file; /* the file of the call */
} Inference;

/* What the type at `type` says of the parameter when an expression of the types `given` is put there. */
static TypeSet match(const Inference *in, NodeId type, const TypeSet *given, int depth);

/* Box<T> is given a Box: what that one's parameter stands for. */
static TypeSet match_arguments(const Inference *in, NodeId type, const TypeSet *given)
{
    Resolver *r = in->r;
    TypeSet set = {0};
    size_t index = 0;
    NodeId argument = first_argument(r, in->home, type);
    while (argument && node_at(r, in->home, argument)->name != in->name) {
        argument = next_of(r, in->home, argument, ROLE_ELEMENT);
        index++;
    }
    TypeSet written = {0};
    if (argument)
        written = resolver_named_class(r, in->home, type, node_at(r, in->home, type)->name,
                                       SHAPE_INSTANCE);
    for (uint32_t i = 0; i < given->count && written.count; i++) {
        const Class *class = r->program->classes.items[written.items[0].class_id];
        if (!given->items[i].class_id || !class->places.count ||
            !program_is_a(r->program, given->items[i].class_id, class->id))
            continue;
        Place place = class->places.items[0];
        NodeId parameter = first_parameter(r, place);
        for (size_t k = 0; parameter && k < index; k++)
            parameter = next_of(r, place.file, parameter, ROLE_TYPE_PARAM);
        uint32_t saved = r->given;
        TypeSet part = {0};
        r->given = generic_owner(r, given->items[i], class->id);
        if (parameter && generic_lookup(r, place.file, parameter, &part))
            typeset_join(&set, &part);
        r->given = saved;
    }
    return set;
}

static TypeSet match(const Inference *in, NodeId type, const TypeSet *given, int depth)
{
    const Node *node = node_at(in->r, in->home, type);
    NodeId element = child_of(in->r, in->home, type, ROLE_ELEMENT);
    TypeSet set = {0};
    if (node->kind != FACT_TYPE || !given->count || depth > MOST_HOPS)
        return set;
    if (node->name == in->name && !element)
        return *given;
    if (element && (node->flags & FLAG_COLLECTION)) {
        set = resolver_element(given);
        return match(in, element, &set, depth + 1);
    }
    if (node->name)
        return match_arguments(in, type, given);
    for (; element && !set.count; element = next_of(in->r, in->home, element, ROLE_ELEMENT))
        set = match(in, element, given, depth + 1);
    return set;
}

/* A function that is given for a parameter tells what it returns: `make: () => T`. */
static TypeSet match_argument(const Inference *in, NodeId type, NodeId argument)
{
    Resolver *r = in->r;
    Callee function;
    bool lambda = node_at(r, in->file, argument)->kind == FACT_LAMBDA;
    TypeSet given = {0};
    if (lambda && callee_of_type(r, (Callee){.file = in->home, .node = type}, &function) && function.file == in->home) {
        type = child_of(r, in->home, function.node, ROLE_RETURN);
        if (type)
            given = resolver_returns(r, in->file, argument);
    } else if (!lambda) {
        given = resolver_type(r, in->file, argument);
    }
    return type ? match(in, type, &given, 0) : (TypeSet){0};
}

/* What the arguments of a call say of one type parameter. */
static TypeSet infer(const Inference *in, NodeId function, NodeId call, NodeId except)
{
    Resolver *r = in->r;
    TypeSet set = {0};
    NodeId argument = child_of(r, in->file, call, ROLE_ARGUMENT);
    NodeId parameter = child_of(r, in->home, function, ROLE_PARAM);
    while (argument && parameter && !set.count) {
        NodeId type = child_of(r, in->home, parameter, ROLE_TYPE);
        if (type && argument != except)
            set = match_argument(in, type, argument);
        argument = next_of(r, in->file, argument, ROLE_ARGUMENT);
        parameter = next_of(r, in->home, parameter, ROLE_PARAM);
    }
    return set;
}

/* Links what a call's arguments say of each parameter from `parameter` on. */
static uint32_t infer_all(Resolver *r, uint32_t given, Place parameter, NodeId function, Place call,
                          NodeId except)
{
    if (r->inferences == MOST_INFERENCES)
        return given;
    r->inferences++;
    for (; parameter.node;
         parameter.node = next_of(r, parameter.file, parameter.node, ROLE_TYPE_PARAM)) {
        Inference in = {r, parameter.file, node_at(r, parameter.file, parameter.node)->name, call.file};
        TypeSet set = infer(&in, function, call.node, except);
        if (set.count)
            given = add_link(r, given, parameter, &set);
    }
    r->inferences--;
    return given;
}

void generic_call(Resolver *r, FileId file, NodeId call, NodeId except, Callee *callee)
{
    Place place = {callee->file, callee->node};
    NodeId parameter = child_of(r, place.file, place.node, ROLE_TYPE_PARAM);
    if (!parameter)
        return;
    if (first_argument(r, file, call))
        callee->given = generic_extend(r, callee->given, place, file, call);
    else
        callee->given = infer_all(r, callee->given, (Place){place.file, parameter}, place.node,
                                  (Place){file, call}, except);
}

uint32_t generic_new(Resolver *r, FileId file, NodeId node, ClassId class_id)
{
    const Class *class = r->program->classes.items[class_id];
    if (first_argument(r, file, node))
        return generic_class(r, class_id, file, node);
    Callee constructor[MOST_CALLEES];
    if (!class->places.count || !is_generic(r, class_id) ||
        !callee_constructors(r, class_id, constructor))
        return 0;
    Place place = class->places.items[0];
    return infer_all(r, 0, (Place){place.file, first_parameter(r, place)}, constructor[0].node,
                     (Place){file, node}, 0);
}
