/*
 * A bare name is looked for where scoping would: locals of the file, its own
 * functions, what it imports, and only then everything of that name. A value
 * that wraps a function (memo(() => ...), debounce(save)) counts as the function:
 * what takes it gives back something that is called the same way.
 */
#include "analyze/types/callee.h"

#include "analyze/program/binding.h"
#include "analyze/program/naming.h"
#include "analyze/types/generic.h"
#include "analyze/types/receiver_private.h"

#include <string.h>

enum { MOST_HOPS = 6 };

typedef struct Callees {
    Callee *items;
    size_t count;
} Callees;

static void add_callee(Callees *out, Callee callee)
{
    for (size_t i = 0; i < out->count; i++) {
        if (out->items[i].file == callee.file && out->items[i].node == callee.node)
            return;
    }
    if (callee.node && out->count < MOST_CALLEES)
        out->items[out->count++] = callee;
}

static void add(Callees *out, Place place)
{
    add_callee(out, (Callee){.file = place.file, .node = place.node});
}

/* --- types --- */

/* FC<Props>: a function of what it is a generic of. */
static bool is_function_type(const Resolver *r, Callee type)
{
    const Node *node = node_at(r, type.file, type.node);
    if (node->kind != FACT_TYPE)
        return false;
    if (node->name)
        return child_of(r, type.file, type.node, ROLE_ELEMENT) &&
               strlist_has(&language_of(r, type.file)->function_types,
                         name_last(names_str(r->program->names, node->name)));
    return child_of(r, type.file, type.node, ROLE_RETURN) ||
           child_of(r, type.file, type.node, ROLE_PARAM);
}

static bool of_type(Resolver *r, Callee type, Callee *callee, int hops)
{
    const Node *node = node_at(r, type.file, type.node);
    if (hops > MOST_HOPS || node->kind != FACT_TYPE || (node->flags & FLAG_COLLECTION))
        return false;
    if (is_function_type(r, type)) {
        *callee = type;
        return true;
    }
    if (node->name) {
        FileId file = type.file;
        NodeId meant = resolver_alias(r, node->name, &file);
        if (!meant)
            return false;
        uint32_t given = r->given;
        r->given = type.given;
        Callee alias = {file, meant,
                        generic_extend(r, type.given, (Place){file, meant}, type.file, type.node)};
        r->given = given;
        return of_type(r, alias, callee, hops + 1);
    }
    for (NodeId c = node->child; c; c = node_at(r, type.file, c)->next) {
        if (of_type(r, (Callee){type.file, c, type.given}, callee, hops + 1))
            return true;
    }
    return false;
}

bool callee_of_type(Resolver *r, Callee type, Callee *callee)
{
    return type.node && of_type(r, type, callee, 0);
}

NodeId callee_parameter_node(const Resolver *r, Callee callee, size_t index)
{
    const Node *node = node_at(r, callee.file, callee.node);
    if (node->kind == FACT_TYPE && (node->name || child_of(r, callee.file, callee.node, ROLE_TARGET)))
        return index == 0 ? child_of(r, callee.file, callee.node, ROLE_ELEMENT) : 0;
    for (NodeId c = node->child; c; c = node_at(r, callee.file, c)->next) {
        if (node_at(r, callee.file, c)->role == ROLE_PARAM && index-- == 0)
            return child_of(r, callee.file, c, ROLE_TYPE);
    }
    return 0;
}

/* A written type, read by what the callee's type parameters stand for. */
static TypeSet read_type(Resolver *r, Callee callee, NodeId type)
{
    uint32_t given = r->given;
    r->given = callee.given;
    TypeSet set = resolver_declared(r, callee.file, type);
    r->given = given;
    return set;
}

TypeSet callee_parameter(Resolver *r, Callee callee, size_t index)
{
    NodeId type = callee_parameter_node(r, callee, index);
    return type ? read_type(r, callee, type) : (TypeSet){0};
}

TypeSet callee_result(Resolver *r, Callee callee)
{
    NodeId type = child_of(r, callee.file, callee.node, ROLE_RETURN);
    return type ? read_type(r, callee, type) : (TypeSet){0};
}

/* --- values --- */

/* The function that an expression is, wraps, or names in its own file. */
static void add_value(const Resolver *r, FileId file, NodeId value, Callees *out, int hops)
{
    const Facts *facts = facts_of(r, file);
    const Node *node = &facts->nodes[value];
    if (node->kind == FACT_LAMBDA || node->kind == FACT_FUNCTION)
        add(out, (Place){file, value});
    if (hops > MOST_HOPS)
        return;
    if (node->kind == FACT_GROUP || node->kind == FACT_CAST)
        for (NodeId c = node->child; c; c = facts->nodes[c].next)
            add_value(r, file, c, out, hops + 1);
    if (node->kind == FACT_CALL)
        for (NodeId c = node->child; c; c = facts->nodes[c].next) {
            if (facts->nodes[c].role == ROLE_ARGUMENT)
                add_value(r, file, c, out, hops + 1);
        }
    if (node->kind != FACT_NAME)
        return;
    uint64_t *first = map_get(&r->program->functions_by_name, node->name);
    for (uint32_t i = first ? (uint32_t)*first : 0; i; i = r->program->function_next.items[i - 1]) {
        if (r->program->functions.items[i - 1].file == file)
            add(out, r->program->functions.items[i - 1]);
    }
}

bool callee_of_member(Resolver *r, Type receiver, MemberId id, Callee *callee)
{
    const Member *member = &r->program->members.items[id];
    Place place = member->place;
    uint32_t given = generic_owner(r, receiver, member->owner);
    *callee = (Callee){place.file, place.node, given};
    if (member->kind == MEMBER_METHOD)
        return true;
    NodeId type = child_of(r, place.file, place.node, ROLE_TYPE);
    if (callee_of_type(r, (Callee){place.file, type, given}, callee))
        return true;
    if (!member->value || node_at(r, place.file, member->value)->kind != FACT_LAMBDA)
        return false;
    callee->node = member->value;
    return true;
}

/* --- names --- */

/* A function that a name holds takes what is declared of the name: const Row: FC<RowProps> = ... */
static Callee as_declared(Resolver *r, Place place)
{
    const Facts *facts = facts_of(r, place.file);
    Callee callee = {.file = place.file, .node = place.node};
    NodeId holder = facts->nodes[place.node].kind == FACT_LAMBDA ? facts->nodes[place.node].parent : 0;
    while (facts->nodes[holder].kind == FACT_GROUP || facts->nodes[holder].kind == FACT_CALL)
        holder = facts->nodes[holder].parent;
    NodeId type = facts->nodes[holder].kind == FACT_VARIABLE ? fact_child(facts, holder, ROLE_TYPE) : 0;
    callee_of_type(r, (Callee){.file = place.file, .node = type}, &callee);
    return callee;
}

static void add_functions(Resolver *r, FileId file, Sym name, FileId only, Sym module,
                          Callees *out)
{
    const Program *program = r->program;
    uint64_t *first = name ? map_get(&program->functions_by_name, name) : NULL;
    for (uint32_t i = first ? (uint32_t)*first : 0; i; i = program->function_next.items[i - 1]) {
        Place place = program->functions.items[i - 1];
        if ((!only || place.file == only) &&
            (!module || program_in_module(program, place.file, module)) &&
            strcmp(language_of(r, place.file)->family, language_of(r, file)->family) == 0)
            add_callee(out, as_declared(r, place));
    }
}

/* What a module gives under a name; its default when it has nothing so called. */
static void add_exported(const Resolver *r, Sym name, Sym module, Callees *out)
{
    const Program *program = r->program;
    Sym names[] = {name, names_lookup(program->names, str_lit("default"))};
    for (size_t n = 0; n < 2 && !out->count; n++) {
        uint64_t *first = names[n] ? map_get(&program->globals_by_name, names[n]) : NULL;
        for (uint32_t i = first ? (uint32_t)*first : 0; i; i = program->global_next.items[i - 1]) {
            Place place = program->globals.items[i - 1];
            NodeId value = child_of(r, place.file, place.node, ROLE_VALUE);
            if (value && program_in_module(program, place.file, module))
                add_value(r, place.file, value, out, 0);
        }
    }
}

static const ImportEntry *import_of(const Resolver *r, FileId file, Sym name)
{
    const File *f = r->program->files.items[file];
    for (size_t i = 0; i < f->imports.count; i++) {
        if (f->imports.items[i].local == name && f->imports.items[i].module)
            return &f->imports.items[i];
    }
    return NULL;
}

size_t callee_named(Resolver *r, FileId file, Sym name, Callee out[MOST_CALLEES])
{
    Callees found = {out, 0};
    const ImportEntry *import = import_of(r, file, name);
    add_functions(r, file, name, file, 0, &found);
    if (!found.count && import) {
        Sym there = import->name ? import->name : name;
        add_functions(r, file, there, 0, import->module, &found);
        if (!found.count)
            add_exported(r, there, import->module, &found);
        name = there;
    }
    if (!found.count)
        add_functions(r, file, name, 0, 0, &found);
    if (!found.count)
        resolver_need(r, import ? NEED_FUNCTION : NEED_FEW, name, file);
    return found.count;
}

static void add_bound(Resolver *r, FileId file, NodeId call, Callees *out, bool *local)
{
    const Binding *bindings[MOST_BINDINGS];
    size_t count = binding_lookup(r->program->files.items[file], call, bindings, MOST_BINDINGS);
    *local = count > 0;
    for (size_t i = 0; i < count; i++) {
        Callee type = {.file = file, .node = bindings[i]->type}, callee;
        if (callee_of_type(r, type, &callee))
            add_callee(out, callee);
        else if (bindings[i]->value && bindings[i]->kind == BINDING_VALUE)
            add_value(r, file, bindings[i]->value, out, 0);
    }
}

/* --- members --- */

/* A method in all its forms: overloads. */
static void add_methods(Resolver *r, Type receiver, Sym name, Callees *out)
{
    Callee callee;
    ClassId class_id = receiver.class_id;
    for (MemberId id = class_id ? program_member(r->program, class_id, name) : 0; id;
         id = r->program->members.items[id].next) {
        if (callee_of_member(r, receiver, id, &callee))
            add_callee(out, callee);
    }
}

static void add_members(Resolver *r, FileId file, NodeId receiver, Sym name, Callees *out)
{
    TypeSet base = resolver_type(r, file, receiver);
    for (uint32_t i = 0; i < base.count; i++) {
        if (base.items[i].shape == SHAPE_MODULE) {
            add_functions(r, file, name, 0, base.items[i].module, out);
            continue;
        }
        add_methods(r, base.items[i], name, out);
    }
}

/* A bare call of a method: of self, or of the nearest object around that has one. */
static void add_own_methods(Resolver *r, FileId file, NodeId call, Callees *out)
{
    TypeSet self = resolver_self(r, file, call);
    Type around = self.count ? self.items[0] : (Type){0};
    for (int depth = 0; around.class_id && !out->count && depth < MOST_HOPS; depth++) {
        add_methods(r, around, node_at(r, file, call)->name, out);
        around = (Type){.class_id = r->program->classes.items[around.class_id]->outer};
    }
}

size_t callee_constructors(const Resolver *r, ClassId class_id, Callee out[MOST_CALLEES])
{
    Callees found = {out, 0};
    const Class *class = r->program->classes.items[class_id];
    for (size_t p = 0; p < class->places.count; p++) {
        Place place = class->places.items[p];
        NodeId body = child_of(r, place.file, place.node, ROLE_BODY);
        for (NodeId c = body ? node_at(r, place.file, body)->child : 0; c;
             c = node_at(r, place.file, c)->next) {
            const Node *n = node_at(r, place.file, c);
            if (n->kind == FACT_FUNCTION && (n->flags & FLAG_CONSTRUCTOR))
                add(&found, (Place){place.file, c});
        }
    }
    return found.count;
}

/* The constructors of what a NEW makes, its own or the nearest inherited. */
static void add_constructors(Resolver *r, const TypeSet *made, Callees *out)
{
    for (uint32_t i = 0; i < made->count; i++) {
        ClassId line[MOST_HOPS];
        size_t count = made->items[i].class_id
                           ? program_ancestors(r->program, made->items[i].class_id, line, MOST_HOPS) : 0;
        Callee found[MOST_CALLEES];
        size_t constructors = 0;
        for (size_t k = 0; k < count && !constructors; k++) {
            constructors = callee_constructors(r, line[k], found);
            for (size_t c = 0; c < constructors; c++) {
                found[c].given = generic_owner(r, made->items[i], line[k]);
                add_callee(out, found[c]);
            }
        }
    }
}

/* <Row email={e}/>: a class that is used like the generic it is below. */
static void add_classes(Resolver *r, FileId file, NodeId call, Callees *out)
{
    const Node *node = node_at(r, file, call);
    Callee base;
    TypeSet classes = {0};
    if (language_of(r, file)->argument_members.count && resolver_spelled_as_class(r, node))
        classes = resolver_named_class(r, file, call, node->name, SHAPE_CLASS);
    for (uint32_t i = 0; i < classes.count; i++) {
        if (generic_base(r, classes.items[i], &base))
            add_callee(out, base);
    }
}

size_t callee_find(Resolver *r, FileId file, NodeId call, Callee out[MOST_CALLEES])
{
    Callees found = {out, 0};
    const Node *node = node_at(r, file, call);
    NodeId receiver = child_of(r, file, call, ROLE_RECEIVER);
    if (node->kind == FACT_NEW) {
        TypeSet made = resolver_type(r, file, call);
        add_constructors(r, &made, &found);
    } else if (receiver && node->name) {
        add_members(r, file, receiver, node->name, &found);
    } else if (node->name) {
        bool local;
        add_bound(r, file, call, &found, &local);
        if (!found.count && language_of(r, file)->implicit_self)
            add_own_methods(r, file, call, &found);
        if (!found.count)
            found.count = callee_named(r, file, node->name, out);
        if (!found.count)
            add_classes(r, file, call, &found);
    }
    return found.count;
}
