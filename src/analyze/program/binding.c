/*
 * One pass over the nodes collects the declaring places; sorting by scope and
 * name makes look-up a binary search. Control flow is approximated: of the
 * assignments before a use, the last one whose block encloses the use hides the
 * earlier ones; later ones in sibling branches are kept beside it. That is
 * right for straight-line code and errs towards more candidates elsewhere.
 */
#include "analyze/program/binding.h"

#include <stdlib.h>
#include <string.h>

typedef struct BindingArray {
    ARRAY_OF(Binding);
} BindingArray;

static bool is_scope(const Node *node)
{
    return node->kind == FACT_FUNCTION || node->kind == FACT_LAMBDA ||
           node->kind == FACT_COMPREHENSION || node->kind == FACT_FILE || node->kind == FACT_CLASS;
}

static NodeId scope_of(const Facts *facts, NodeId node)
{
    NodeId p = facts->nodes[node].parent;
    while (p && !is_scope(&facts->nodes[p]))
        p = facts->nodes[p].parent;
    return p ? p : 1;
}

static void add(BindingArray *list, const Facts *facts, Binding binding)
{
    if (!binding.name)
        return;
    if (!binding.scope)
        binding.scope = scope_of(facts, binding.node);
    binding.at = facts->nodes[binding.node].end;
    array_push(list, binding);
}

/* a, (b, c) = value; {x, y: z} = value; [a, b] = value. Nesting deeper than one is left out. */
static void add_parts(BindingArray *list, const Facts *facts, NodeId target, Binding base)
{
    uint32_t index = 0;
    for (NodeId c = facts->nodes[target].child; c; c = facts->nodes[c].next, index++) {
        const Node *node = &facts->nodes[c];
        Binding part = base;
        part.kind = base.kind == BINDING_EACH ? BINDING_EACH : BINDING_PART;
        part.index = index;
        if (node->kind == FACT_NAME || node->kind == FACT_PARAM || node->kind == FACT_VARIABLE) {
            part.name = node->name;
            /* `for key, value in ...`: the last target is the element */
            if (base.kind == BINDING_EACH)
                part.index = node->next ? EACH_KEY : EACH_ELEMENT;
        } else if (node->kind == FACT_PAIR) {
            NodeId value = fact_child(facts, c, ROLE_VALUE);
            part.index = UINT32_MAX;
            part.key = node->name;
            part.name = value ? facts->nodes[value].name : node->name;
        }
        add(list, facts, part);
    }
}

static void add_target(BindingArray *list, const Facts *facts, NodeId target, Binding base)
{
    const Node *node = &facts->nodes[target];
    if (node->kind == FACT_NAME && !(node->flags & FLAG_INSTANCE)) {
        base.name = node->name;
        add(list, facts, base);
    } else if (node->kind == FACT_VARIABLE || node->kind == FACT_PARAM) {
        base.name = node->name;
        NodeId type = fact_child(facts, target, ROLE_TYPE);
        base.type = type ? type : base.type;
        add(list, facts, base);
    } else if (node->kind == FACT_LIST || node->kind == FACT_MAP) {
        add_parts(list, facts, target, base);
    }
}

/* The declared type; of `list<Order>::iterator` the part that says what it leads to. */
static NodeId type_child(const Facts *facts, NodeId node)
{
    for (NodeId c = facts->nodes[node].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].kind == FACT_TYPE && facts->nodes[c].role == ROLE_ELEMENT)
            return c;
    }
    return fact_child(facts, node, ROLE_TYPE);
}

/* switch x := y.(type): in the case of one type, x is of that type. */
static void add_cases(BindingArray *list, const Facts *facts, NodeId id)
{
    NodeId target = fact_child(facts, id, ROLE_TARGET);
    for (NodeId c = target ? facts->nodes[id].child : 0; c; c = facts->nodes[c].next) {
        NodeId type = facts->nodes[c].kind == FACT_CASE ? fact_child(facts, c, ROLE_CONDITION) : 0;
        if (!type || facts->nodes[type].kind != FACT_TYPE)
            continue;
        NodeId other = facts->nodes[type].next;
        if (!other || facts->nodes[other].role != ROLE_CONDITION)
            add(list, facts, (Binding){.kind = BINDING_EACH, .node = c, .type = type,
                                       .name = facts->nodes[target].name});
    }
}

static void collect(BindingArray *list, const Facts *facts, NodeId id)
{
    const Node *node = &facts->nodes[id];
    Binding base = {.node = id};
    NodeId target = 0;
    switch (node->kind) {
    case FACT_ASSIGN:
        base.value = fact_child(facts, id, ROLE_VALUE);
        target = fact_child(facts, id, ROLE_TARGET);
        break;
    case FACT_VARIABLE:
        base.value = fact_child(facts, id, ROLE_VALUE);
        base.type = type_child(facts, id);
        base.name = node->name;
        target = node->name ? 0 : fact_child(facts, id, ROLE_TARGET);
        if (node->name && facts->nodes[node->parent].kind != FACT_EACH)
            add(list, facts, base);
        break;
    case FACT_PARAM:
        base.kind = BINDING_PARAM;
        base.name = node->name;
        base.value = fact_child(facts, id, ROLE_VALUE);
        base.type = type_child(facts, id);
        target = node->name ? 0 : fact_child(facts, id, ROLE_TARGET);
        add(list, facts, base);
        break;
    case FACT_EACH:
        base.kind = BINDING_EACH;
        base.value = fact_child(facts, id, ROLE_SOURCE);
        base.type = type_child(facts, id);
        target = fact_child(facts, id, ROLE_TARGET);
        break;
    case FACT_SWITCH: add_cases(list, facts, id); return;
    default: return;
    }
    if (target)
        add_target(list, facts, target, base);
}

static int compare(const void *a, const void *b)
{
    const Binding *x = a, *y = b;
    if (x->scope != y->scope)
        return x->scope < y->scope ? -1 : 1;
    if (x->name != y->name)
        return x->name < y->name ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* The declaration that an assigned name means: in its own scope or one around it; NULL when none is seen. */
static const Binding *declaration_of(const Facts *facts, const Binding *sorted, size_t count,
                                     const Binding *assigned)
{
    for (NodeId scope = assigned->scope;; scope = scope_of(facts, scope)) {
        Binding wanted = {.scope = scope, .name = assigned->name};
        size_t low = 0, high = count;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (compare(&sorted[middle], &wanted) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < count && sorted[low].scope == scope && sorted[low].name == wanted.name; low++) {
            if (facts->nodes[sorted[low].node].kind != FACT_ASSIGN)
                return &sorted[low];
        }
        if (scope == 1)
            return NULL;
    }
}

/* Assignments go to the scope that declares their name; where the declaration has a type, they tell nothing. */
static void place_assignments(BindingArray *list, const Facts *facts)
{
    size_t kept = 0, count = list->count;
    Binding *placed = mem_alloc((count + 1) * sizeof *placed);
    for (size_t i = 0; i < count; i++) {
        Binding binding = list->items[i];
        const Binding *declared = facts->nodes[binding.node].kind == FACT_ASSIGN
                                      ? declaration_of(facts, list->items, count, &binding)
                                      : NULL;
        if (declared && declared->type)
            continue;
        binding.scope = declared ? declared->scope : binding.scope;
        placed[kept++] = binding;
    }
    memcpy(list->items, placed, kept * sizeof *placed);
    list->count = kept;
    free(placed);
}

static void make_table(File *file)
{
    BindingArray list = {0};
    for (NodeId id = 1; id < file->facts.count; id++) {
        /* where types are declared, an assignment declares nothing */
        if (!file->language->typed || file->facts.nodes[id].kind != FACT_ASSIGN)
            collect(&list, &file->facts, id);
    }
    if (list.count)
        qsort(list.items, list.count, sizeof *list.items, compare);
    if (list.count && file->language->declared_locals) {
        place_assignments(&list, &file->facts);
        qsort(list.items, list.count, sizeof *list.items, compare);
    }
    file->bindings = list.items;
    file->binding_count = list.count;
    file->bound = true;
}

const Binding *binding_table(File *file, size_t *count)
{
    if (!file->bound)
        make_table(file);
    *count = file->binding_count;
    return file->bindings;
}

static size_t lower_bound(const File *file, NodeId scope, Sym name)
{
    size_t low = 0, high = file->binding_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const Binding *b = &file->bindings[middle];
        if (b->scope < scope || (b->scope == scope && b->name < name))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_block(const Node *node)
{
    return node->kind == FACT_BLOCK || node->kind == FACT_LOOP || node->kind == FACT_EACH ||
           node->kind == FACT_IF || node->kind == FACT_HANDLER || is_scope(node);
}

/* The nearest block (or scope) around a declaration: where its name is known. */
static NodeId block_of(const Facts *facts, NodeId node)
{
    if (facts->nodes[node].kind == FACT_EACH || facts->nodes[node].kind == FACT_CASE)
        return node;
    NodeId p = facts->nodes[node].parent;
    while (p && !is_block(&facts->nodes[p]))
        p = facts->nodes[p].parent;
    return p;
}

static bool encloses(const Facts *facts, NodeId outer, NodeId node)
{
    return facts->nodes[outer].start <= facts->nodes[node].start &&
           facts->nodes[node].end <= facts->nodes[outer].end && outer <= node;
}

/* True when a binding cannot reach a use: it comes later, or its block has ended. */
static bool out_of_reach(const File *file, const Binding *b, NodeId block, NodeId use)
{
    const Facts *facts = &file->facts;
    uint32_t at = facts->nodes[use].start;
    if (b->kind == BINDING_EACH ? facts->nodes[b->node].start > at : b->at > at)
        return true;
    if (b->kind != BINDING_EACH && b->kind != BINDING_PARAM && encloses(facts, b->node, use))
        return true; /* x = x.y: its own value comes from earlier ones */
    return file->language->typed && block && !encloses(facts, block, use);
}

/* Chooses among bindings [from, to) of one scope and name. */
static size_t choose(const File *file, size_t from, size_t to, NodeId use, const Binding **out,
                     size_t max)
{
    const Facts *facts = &file->facts;
    size_t count = 0;
    for (size_t i = to; i > from && count < max; i--) {
        const Binding *b = &file->bindings[i - 1];
        NodeId block = block_of(facts, b->node);
        if (out_of_reach(file, b, block, use))
            continue;
        out[count++] = b;
        if (b->kind == BINDING_PARAM || (block && encloses(facts, block, use)))
            return count;
    }
    if (count == 0 && from < to && !file->language->typed &&
        !encloses(facts, file->bindings[to - 1].node, use))
        out[count++] = &file->bindings[to - 1]; /* a loop may have assigned it in an earlier turn */
    return count;
}

size_t binding_lookup_name(File *file, NodeId node, Sym name, const Binding **out, size_t max)
{
    if (!file->bound)
        make_table(file);
    const Facts *facts = &file->facts;
    for (NodeId scope = scope_of(facts, node); scope; scope = scope_of(facts, scope)) {
        if (facts->nodes[scope].kind != FACT_CLASS) {
            size_t from = lower_bound(file, scope, name), to = from;
            while (to < file->binding_count && file->bindings[to].scope == scope &&
                   file->bindings[to].name == name)
                to++;
            if (to > from) {
                size_t count = choose(file, from, to, node, out, max);
                if (count)
                    return count;
            }
        }
        if (scope == 1)
            break;
    }
    return 0;
}

size_t binding_lookup(File *file, NodeId node, const Binding **out, size_t max)
{
    return binding_lookup_name(file, node, file->facts.nodes[node].name, out, max);
}
