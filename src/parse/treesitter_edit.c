/*
 * Each change copies the newest subtree aside, cuts the array off, and appends
 * what is wanted: ids stay in pre-order by construction, and nothing before the
 * cut moves. Changes nest (a type in a type in a type), so each is refused above
 * FACTS_EDIT_MAX facts: hostile nesting then costs its length times a constant.
 */
#include "parse/treesitter_edit.h"

#include "base/array.h"

#include <string.h>

/* A stretch of nodes set aside; `base` is the id its first node had. */
typedef struct Aside {
    Node *nodes; /* malloc */
    NodeId base;
    uint32_t count;
} Aside;

static Node *node_at(FactBuilder *builder, NodeId id)
{
    return &builder->facts->nodes[id];
}

void facts_truncate(FactBuilder *builder, NodeId id, NodeId previous)
{
    Facts *facts = builder->facts;
    NodeId parent = facts->nodes[id].parent;
    for (NodeId i = id; i < facts->count; i++) {
        builder->last_child[i] = 0;
        facts->error_count -= facts->nodes[i].kind == FACT_ERROR;
    }
    facts->count = id;
    builder->last_child[parent] = previous;
    if (previous)
        facts->nodes[previous].next = 0;
    else
        facts->nodes[parent].child = 0;
}

static Aside set_aside(FactBuilder *builder, NodeId from)
{
    uint32_t count = builder->facts->count - from;
    Node *copy = mem_alloc(count * sizeof *copy);
    memcpy(copy, node_at(builder, from), count * sizeof *copy);
    return (Aside){copy, from, count};
}

static const Node *aside_node(const Aside *aside, NodeId id)
{
    return &aside->nodes[id - aside->base];
}

/* One past the last id of the subtree of `id`. */
static NodeId subtree_end(const Aside *aside, NodeId id)
{
    NodeId end = id + 1;
    while (end < aside->base + aside->count && aside_node(aside, end)->parent >= id)
        end++;
    return end;
}

/* Appends a copy of one node, without children. */
static NodeId copy_node(FactBuilder *builder, const Node *from, NodeId parent, FactRole role)
{
    NodeId id = fact_add(builder, parent, (FactKind)from->kind, role, from->start, from->end);
    Node *node = node_at(builder, id);
    node->flags = from->flags;
    node->name = from->name;
    node->spare = from->spare;
    node->at = from->at;
    node->at_end = from->at_end;
    return id;
}

static NodeId copy_tree(FactBuilder *builder, const Aside *aside, NodeId id, NodeId parent,
                        FactRole role)
{
    NodeId end = subtree_end(aside, id);
    NodeId root = copy_node(builder, aside_node(aside, id), parent, role);
    for (NodeId i = id + 1; i < end; i++) {
        const Node *from = aside_node(aside, i);
        copy_node(builder, from, root + (from->parent - id), (FactRole)from->role);
    }
    return root;
}

static bool is_too_large(const FactBuilder *builder, NodeId from)
{
    return builder->facts->count - from > FACTS_EDIT_MAX;
}

NodeId facts_hoist(FactBuilder *builder, NodeId id, NodeId previous, NodeId child)
{
    NodeId parent = node_at(builder, id)->parent;
    FactRole role = (FactRole)node_at(builder, id)->role;
    if (is_too_large(builder, id))
        return id;
    Aside aside = set_aside(builder, id);
    facts_truncate(builder, id, previous);
    copy_tree(builder, &aside, child, parent, role);
    free(aside.nodes);
    return id;
}

NodeId facts_wrap(FactBuilder *builder, NodeId id, NodeId previous, FactKind kind)
{
    Node like = *node_at(builder, id);
    Aside aside = set_aside(builder, id);
    facts_truncate(builder, id, previous);
    NodeId wrapper =
        fact_add(builder, like.parent, kind, (FactRole)like.role, like.start, like.end);
    copy_tree(builder, &aside, id, wrapper, ROLE_ELEMENT);
    free(aside.nodes);
    return wrapper;
}

void facts_drop_children(FactBuilder *builder, NodeId id,
                         bool (*drop)(const Node *child, void *context), void *context)
{
    NodeId first = node_at(builder, id)->child;
    if (!first || is_too_large(builder, first))
        return;
    Aside aside = set_aside(builder, first);
    facts_truncate(builder, first, 0);
    for (NodeId c = first; c; c = aside_node(&aside, c)->next) {
        const Node *child = aside_node(&aside, c);
        if (!drop(child, context))
            copy_tree(builder, &aside, c, id, (FactRole)child->role);
    }
    free(aside.nodes);
}

static bool is_shared(FactRole role)
{
    return role == ROLE_TYPE || role == ROLE_SOURCE || role == ROLE_DECORATOR;
}

static bool has_role(const Aside *aside, NodeId id, FactRole role)
{
    for (NodeId c = aside_node(aside, id)->child; c; c = aside_node(aside, c)->next) {
        if (aside_node(aside, c)->role == role)
            return true;
    }
    return false;
}

/* Copies child `c` of some sibling; `wrap`: a TYPE becomes what a collection holds. */
static void copy_child(FactBuilder *builder, const Aside *aside, NodeId c, NodeId parent,
                       bool wrap)
{
    const Node *child = aside_node(aside, c);
    if (wrap && child->role == ROLE_TYPE) {
        NodeId type = fact_add(builder, parent, FACT_TYPE, ROLE_TYPE, child->start, child->end);
        node_at(builder, type)->flags |= FLAG_COLLECTION;
        copy_tree(builder, aside, c, type, ROLE_ELEMENT);
        return;
    }
    copy_tree(builder, aside, c, parent, (FactRole)child->role);
}

/* The shared children of sibling `donor` that sibling `s` lacks. */
static void lend(FactBuilder *builder, const Aside *aside, NodeId donor, NodeId s, NodeId to,
                 bool wrap)
{
    for (NodeId c = aside_node(aside, donor)->child; c; c = aside_node(aside, c)->next) {
        FactRole role = (FactRole)aside_node(aside, c)->role;
        if (is_shared(role) && !has_role(aside, s, role))
            copy_child(builder, aside, c, to, wrap);
    }
}

void facts_share(FactBuilder *builder, NodeId first, NodeId previous)
{
    NodeId parent = node_at(builder, first)->parent;
    if (is_too_large(builder, first))
        return;
    Aside aside = set_aside(builder, first);
    NodeId last = first;
    while (aside_node(&aside, last)->next)
        last = aside_node(&aside, last)->next;
    facts_truncate(builder, first, previous);
    for (NodeId s = first; s; s = aside_node(&aside, s)->next) {
        const Node *sibling = aside_node(&aside, s);
        bool wrap = (sibling->flags & FLAG_COLLECTION) != 0;
        NodeId copy = copy_node(builder, sibling, parent, (FactRole)sibling->role);
        node_at(builder, copy)->flags &= ~(uint32_t)FLAG_COLLECTION;
        if (s != first)
            lend(builder, &aside, first, s, copy, wrap);
        for (NodeId c = sibling->child; c; c = aside_node(&aside, c)->next)
            copy_child(builder, &aside, c, copy, wrap);
        if (s != last)
            lend(builder, &aside, last, s, copy, wrap);
    }
    free(aside.nodes);
}

NodeId facts_moved(NodeId id, NodeId to, NodeId from, NodeId end)
{
    if (id <= to || id >= end)
        return id;
    return id >= from ? id - (from - to - 1) : id + (end - from);
}

bool facts_move_below(FactBuilder *builder, NodeId to, NodeId from, NodeId previous)
{
    Facts *facts = builder->facts;
    NodeId end = facts->count;
    if (is_too_large(builder, to) || facts->nodes[to].child)
        return false;
    /* Cut `from` out of its siblings. */
    NodeId parent = facts->nodes[from].parent;
    builder->last_child[parent] = previous;
    if (previous)
        facts->nodes[previous].next = 0;
    else
        facts->nodes[parent].child = 0;
    facts->nodes[from].parent = to;
    facts->nodes[to].child = from;
    builder->last_child[to] = from;

    Aside aside = set_aside(builder, to + 1);
    NodeId *last = mem_alloc((end - to) * sizeof *last);
    memcpy(last, &builder->last_child[to + 1], (end - to - 1) * sizeof *last);
    for (NodeId old = to + 1; old < end; old++) {
        NodeId id = facts_moved(old, to, from, end);
        facts->nodes[id] = *aside_node(&aside, old);
        builder->last_child[id] = last[old - to - 1];
    }
    free(aside.nodes);
    free(last);
    /* References into the moved stretch come from it, from `to`, and from the ancestors of both. */
    for (NodeId id = to + 1; id < end; id++) {
        Node *node = &facts->nodes[id];
        node->parent = facts_moved(node->parent, to, from, end);
        node->child = facts_moved(node->child, to, from, end);
        node->next = facts_moved(node->next, to, from, end);
        builder->last_child[id] = facts_moved(builder->last_child[id], to, from, end);
    }
    for (NodeId id = to; id; id = facts->nodes[id].parent) {
        facts->nodes[id].next = facts_moved(facts->nodes[id].next, to, from, end);
        facts->nodes[id].child = facts_moved(facts->nodes[id].child, to, from, end);
        builder->last_child[id] = facts_moved(builder->last_child[id], to, from, end);
    }
    return true;
}
