/*
 * One step outwards per level of nesting: what is expected of a pair's value is
 * the type of the member of what is expected of its hash. Parameters are found
 * through the callee: a method of the receiver's class, a constructor, or the
 * functions of that name. Nesting deeper than DEEPEST is left unknown.
 */
#include "analyze/types/contextual.h"

#include "analyze/program/binding.h"
#include "analyze/types/callee.h"
#include "analyze/types/generic.h"
#include "analyze/types/receiver_private.h"

#include <string.h>

enum { DEEPEST = 8, FARTHEST_TEST = 40, MOST_TESTED = 64 };

static TypeSet expected(Resolver *r, FileId file, NodeId node, int depth);

static TypeSet declared_child(Resolver *r, FileId file, NodeId node)
{
    NodeId type = node ? child_of(r, file, node, ROLE_TYPE) : 0;
    return type ? resolver_declared(r, file, type) : (TypeSet){0};
}

static TypeSet member_of_each(Resolver *r, const TypeSet *whole, Sym name)
{
    TypeSet set = {0};
    for (uint32_t i = 0; i < whole->count; i++) {
        MemberId id = program_member(r->program, whole->items[i].class_id, name);
        TypeSet part = {0};
        if (id)
            part = resolver_member_of(r, whole->items[i], id);
        typeset_weaken(&part, (Confidence)whole->items[i].confidence);
        typeset_join(&set, &part);
    }
    return set;
}

/* --- parameters --- */

/* f<Order>(..., {...}): the only type argument is what the literals are about. */
static TypeSet type_argument(Resolver *r, FileId file, NodeId call)
{
    TypeSet set = {0};
    size_t count = 0;
    for (NodeId c = node_at(r, file, call)->child; c; c = node_at(r, file, c)->next) {
        if (node_at(r, file, c)->role != ROLE_ELEMENT || node_at(r, file, c)->kind != FACT_TYPE)
            continue;
        if (count++ == 0)
            set = resolver_declared(r, file, c);
    }
    typeset_weaken(&set, CONFIDENCE_LIKELY);
    return count == 1 ? set : (TypeSet){0};
}

static size_t argument_index(const Resolver *r, FileId file, NodeId call, NodeId argument)
{
    size_t index = 0;
    for (NodeId c = node_at(r, file, call)->child; c && c != argument; c = node_at(r, file, c)->next)
        index += node_at(r, file, c)->role == ROLE_ARGUMENT;
    return index;
}

static TypeSet argument_type(Resolver *r, FileId file, NodeId call, NodeId argument)
{
    TypeSet set = {0};
    Callee callees[MOST_CALLEES];
    size_t index = argument_index(r, file, call, argument);
    size_t count = callee_find(r, file, call, callees);
    for (size_t i = 0; i < count; i++) {
        generic_call(r, file, call, argument, &callees[i]);
        TypeSet part = callee_parameter(r, callees[i], index);
        typeset_join(&set, &part);
    }
    return set.count || node_at(r, file, call)->kind == FACT_NEW ? set : type_argument(r, file, call);
}

static bool has_parameter(const Resolver *r, Callee callee, Sym name)
{
    for (NodeId c = node_at(r, callee.file, callee.node)->child; c;
         c = node_at(r, callee.file, c)->next) {
        const Node *n = node_at(r, callee.file, c);
        if (n->role == ROLE_PARAM && (n->name == name || (n->flags & FLAG_VARIADIC)))
            return true;
    }
    return false;
}

TypeSet resolver_keyword_owner(Resolver *r, FileId file, NodeId keyword)
{
    TypeSet set = {0};
    Callee callees[MOST_CALLEES];
    NodeId call = node_at(r, file, keyword)->parent;
    size_t count = node_at(r, file, call)->kind == FACT_CALL ? callee_find(r, file, call, callees) : 0;
    for (size_t i = 0; i < count; i++) {
        if (has_parameter(r, callees[i], node_at(r, file, keyword)->name))
            return (TypeSet){0};
        TypeSet part = callee_parameter(r, callees[i], 0);
        typeset_join(&set, &part);
    }
    return set;
}

/* --- places --- */

static bool signature(Resolver *r, FileId file, NodeId node, int depth, Callee *callee);

/* What a function is declared to give back, by itself or by the place where it is written. */
static TypeSet returned_type(Resolver *r, FileId file, NodeId node, int depth)
{
    const Facts *facts = facts_of(r, file);
    NodeId p = facts->nodes[node].parent;
    while (p && facts->nodes[p].kind != FACT_FUNCTION && facts->nodes[p].kind != FACT_LAMBDA)
        p = facts->nodes[p].parent;
    NodeId type = p ? fact_child(facts, p, ROLE_RETURN) : 0;
    Callee callee;
    if (type)
        return resolver_declared(r, file, type);
    return p && signature(r, file, p, depth + 1, &callee) ? callee_result(r, callee) : (TypeSet){0};
}

static TypeSet pair_value_type(Resolver *r, FileId file, NodeId pair, int depth)
{
    TypeSet whole = expected(r, file, node_at(r, file, pair)->parent, depth + 1);
    bool by_key = whole.count && whole.items[0].shape == SHAPE_COLLECTION;
    return by_key ? resolver_element(&whole)
                  : member_of_each(r, &whole, node_at(r, file, pair)->name);
}

static TypeSet expected(Resolver *r, FileId file, NodeId node, int depth)
{
    TypeSet set = {0};
    const Node *n = node_at(r, file, node);
    if (depth > DEEPEST || !n->parent)
        return set;
    switch (node_at(r, file, n->parent)->kind) {
    case FACT_VARIABLE:
    case FACT_FIELD:
    case FACT_PARAM:
    case FACT_CAST:
        return n->role == ROLE_VALUE ? declared_child(r, file, n->parent) : set;
    case FACT_ASSIGN: {
        NodeId target = child_of(r, file, n->parent, ROLE_TARGET);
        bool typed = target && target != node && node_at(r, file, target)->kind == FACT_MEMBER;
        return typed ? resolver_type(r, file, target) : set;
    }
    case FACT_RETURN: return returned_type(r, file, n->parent, depth);
    case FACT_PAIR:
        return n->role == ROLE_VALUE ? pair_value_type(r, file, n->parent, depth) : set;
    case FACT_KEYWORD: {
        TypeSet whole = resolver_keyword_owner(r, file, n->parent);
        return member_of_each(r, &whole, node_at(r, file, n->parent)->name);
    }
    case FACT_LIST:
        set = expected(r, file, n->parent, depth + 1);
        return resolver_element(&set);
    case FACT_GROUP:
    case FACT_SPLAT:
    case FACT_CHOICE: return expected(r, file, n->parent, depth + 1);
    case FACT_CALL:
    case FACT_NEW: return n->role == ROLE_ARGUMENT ? argument_type(r, file, n->parent, node) : set;
    default: return set;
    }
}

TypeSet resolver_expected(Resolver *r, FileId file, NodeId node)
{
    return expected(r, file, node, 0);
}

/* --- functions --- */

static bool member_signature(Resolver *r, const TypeSet *whole, Sym name, Callee *callee)
{
    for (uint32_t i = 0; i < whole->count; i++) {
        MemberId id = program_member(r->program, whole->items[i].class_id, name);
        if (id && callee_of_member(r, whole->items[i], id, callee))
            return true;
    }
    return false;
}

static bool argument_signature(Resolver *r, FileId file, NodeId call, NodeId argument, Callee *callee)
{
    Callee callees[MOST_CALLEES];
    size_t index = argument_index(r, file, call, argument);
    size_t count = callee_find(r, file, call, callees);
    for (size_t i = 0; i < count; i++) {
        generic_call(r, file, call, argument, &callees[i]);
        Callee type = {callees[i].file, callee_parameter_node(r, callees[i], index),
                       callees[i].given};
        if (callee_of_type(r, type, callee))
            return true;
    }
    return false;
}

/* What is declared of the place where the function stands: a variable's, parameter's or member's type. */
static bool signature(Resolver *r, FileId file, NodeId node, int depth, Callee *callee)
{
    const Node *n = node_at(r, file, node);
    NodeId parent = n->parent;
    TypeSet whole;
    switch (parent && depth < DEEPEST ? node_at(r, file, parent)->kind : FACT_NONE) {
    case FACT_VARIABLE:
    case FACT_FIELD:
    case FACT_PARAM:
    case FACT_CAST:
        return callee_of_type(r, (Callee){.file = file, .node = child_of(r, file, parent, ROLE_TYPE)}, callee);
    case FACT_MAP: /* a method of the literal */
        whole = expected(r, file, parent, depth);
        return member_signature(r, &whole, n->name, callee);
    case FACT_PAIR:
        whole = expected(r, file, node_at(r, file, parent)->parent, depth);
        return member_signature(r, &whole, node_at(r, file, parent)->name, callee);
    case FACT_KEYWORD:
        whole = resolver_keyword_owner(r, file, parent);
        return member_signature(r, &whole, node_at(r, file, parent)->name, callee);
    case FACT_ASSIGN: {
        NodeId target = child_of(r, file, parent, ROLE_TARGET);
        NodeId base = target ? child_of(r, file, target, ROLE_RECEIVER) : 0;
        if (!base)
            return false;
        whole = resolver_type(r, file, base);
        return member_signature(r, &whole, node_at(r, file, target)->name, callee);
    }
    case FACT_CALL:
    case FACT_NEW:
        if (n->role != ROLE_ARGUMENT)
            return false;
        return argument_signature(r, file, parent, node, callee) ||
               signature(r, file, parent, depth + 1, callee); /* memo((props) => ...) wraps it */
    case FACT_GROUP:
    case FACT_CHOICE: return signature(r, file, parent, depth + 1, callee);
    default: return false;
    }
}

TypeSet resolver_expected_parameter(Resolver *r, FileId file, NodeId function, size_t index)
{
    Callee callee;
    if (!signature(r, file, function, 0, &callee) ||
        (callee.file == file && callee.node == function))
        return (TypeSet){0};
    return callee_parameter(r, callee, index);
}

/* The function that an interface with a single one leaves open; 0: none. */
static NodeId open_function(const Resolver *r, Place class)
{
    NodeId body = child_of(r, class.file, class.node, ROLE_BODY), found = 0;
    for (NodeId c = body ? node_at(r, class.file, body)->child : 0; c;
         c = node_at(r, class.file, c)->next) {
        const Node *n = node_at(r, class.file, c);
        if (n->kind != FACT_FUNCTION || n->flags & FLAG_STATIC ||
            child_of(r, class.file, c, ROLE_BODY))
            continue;
        if (found)
            return 0;
        found = c;
    }
    return found;
}

TypeSet resolver_handler_parameter(Resolver *r, FileId file, NodeId lambda, size_t index)
{
    TypeSet set = {0}, wanted = {0};
    if (language_of(r, file)->typed)
        wanted = resolver_expected(r, file, lambda);
    for (uint32_t i = 0; i < wanted.count; i++) {
        const Class *class = r->program->classes.items[wanted.items[i].class_id];
        for (size_t p = 0; class->mixin && p < class->places.count; p++) {
            Callee place = {class->places.items[p].file, open_function(r, class->places.items[p]),
                            wanted.items[i].given};
            TypeSet part = {0};
            if (place.node)
                part = callee_parameter(r, place, index);
            typeset_join(&set, &part);
        }
    }
    return set;
}

/* --- patterns --- */

static bool pattern(Resolver *r, FileId file, NodeId map, int depth, TypeSet *whole)
{
    const Node *n = node_at(r, file, map);
    NodeId parent = n->parent;
    Binding from = {.node = parent, .type = child_of(r, file, parent, ROLE_TYPE)};
    switch (node_at(r, file, parent)->kind) {
    case FACT_VARIABLE:
    case FACT_ASSIGN: from.value = child_of(r, file, parent, ROLE_VALUE); break;
    case FACT_PARAM:
        from.kind = BINDING_PARAM;
        from.value = child_of(r, file, parent, ROLE_VALUE);
        break;
    case FACT_EACH:
        from.kind = BINDING_EACH;
        from.value = child_of(r, file, parent, ROLE_SOURCE);
        break;
    case FACT_PAIR: {
        TypeSet outer = {0};
        if (n->role != ROLE_VALUE || depth > DEEPEST ||
            !pattern(r, file, node_at(r, file, parent)->parent, depth + 1, &outer))
            return false;
        *whole = member_of_each(r, &outer, node_at(r, file, parent)->name);
        return true;
    }
    default: return false;
    }
    if (n->role != ROLE_TARGET)
        return false;
    *whole = resolver_binding(r, file, &from);
    return true;
}

bool resolver_pattern(Resolver *r, FileId file, NodeId map, TypeSet *whole)
{
    *whole = (TypeSet){0};
    return node_at(r, file, map)->kind == FACT_MAP && pattern(r, file, map, 0, whole);
}

/* --- tests --- */

static bool is_operator(const Resolver *r, const Node *node, const char *a, const char *b)
{
    Str name = names_str(r->program->names, node->name);
    return node->kind == FACT_BINARY && (str_eq_c(name, a) || str_eq_c(name, b));
}

/* `name instanceof Class`: the node of the class; 0 when the test is another. */
static NodeId class_of_test(const Resolver *r, FileId file, NodeId left, NodeId right, Sym name)
{
    const Node *tested = node_at(r, file, left);
    bool meant = tested->kind == FACT_NAME && tested->name == name &&
                 node_at(r, file, right)->kind == FACT_NAME;
    return meant ? right : 0;
}

/* The class that a condition which has held tests `name` for; 0 when it does not. */
static NodeId tested_class(const Resolver *r, FileId file, NodeId condition, Sym name)
{
    NodeId stack[8];
    size_t count = 0;
    stack[count++] = condition;
    for (int steps = 0; count && steps < MOST_TESTED; steps++) {
        NodeId id = stack[--count];
        const Node *n = node_at(r, file, id);
        NodeId left = child_of(r, file, id, ROLE_LEFT), right = child_of(r, file, id, ROLE_RIGHT);
        if (is_operator(r, n, "instanceof", "is") && left && right) {
            NodeId found = class_of_test(r, file, left, right, name);
            if (found)
                return found;
        } else if (is_operator(r, n, "&&", "and") && left && right && count + 2 <= 8) {
            stack[count++] = right;
            stack[count++] = left;
        } else if (n->kind == FACT_GROUP && n->child && count < 8) {
            stack[count++] = n->child;
        }
    }
    return 0;
}

TypeSet resolver_tested(Resolver *r, FileId file, NodeId name)
{
    const Facts *facts = facts_of(r, file);
    Sym sym = facts->nodes[name].name;
    NodeId child = name;
    int steps = 0;
    for (NodeId p = facts->nodes[child].parent; p && steps < FARTHEST_TEST;
         child = p, p = facts->nodes[p].parent, steps++) {
        const Node *n = &facts->nodes[p];
        NodeId condition = 0;
        if (n->kind == FACT_FUNCTION)
            break;
        if ((n->kind == FACT_IF || n->kind == FACT_CHOICE) && facts->nodes[child].role == ROLE_THEN)
            condition = fact_child(facts, p, ROLE_CONDITION);
        else if (is_operator(r, n, "&&", "and") && facts->nodes[child].role == ROLE_RIGHT)
            condition = fact_child(facts, p, ROLE_LEFT);
        NodeId found = condition ? tested_class(r, file, condition, sym) : 0;
        if (found)
            return resolver_named_class(r, file, found, facts->nodes[found].name, SHAPE_INSTANCE);
    }
    return (TypeSet){0};
}
