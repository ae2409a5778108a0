/*
 * The tree is an array so that a file's facts cost one allocation to grow, walk
 * in order without recursion, and end with the file's arena.
 */
#include "facts/fact.h"

#include <string.h>

static const char *const KIND_NAMES[] = {
#define X(name, text) text,
    FACT_KINDS(X)
#undef X
};

static const char *const ROLE_NAMES[] = {
#define X(name, text) text,
    FACT_ROLES(X)
#undef X
};

static const struct {
    const char *text;
    uint32_t flag;
} FLAG_NAMES[] = {
#define X(name, bit, text) {text, 1u << bit},
    FACT_FLAGS(X)
#undef X
};

const char *fact_kind_name(FactKind kind)
{
    return KIND_NAMES[kind];
}

const char *fact_role_name(FactRole role)
{
    return ROLE_NAMES[role];
}

bool fact_kind_parse(Str text, FactKind *kind)
{
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        if (str_eq_c(text, KIND_NAMES[i])) {
            *kind = (FactKind)i;
            return true;
        }
    }
    return false;
}

bool fact_role_parse(Str text, FactRole *role)
{
    for (int i = 0; i < FACT_ROLE_COUNT; i++) {
        if (str_eq_c(text, ROLE_NAMES[i])) {
            *role = (FactRole)i;
            return true;
        }
    }
    return false;
}

bool fact_flag_parse(Str text, uint32_t *flag)
{
    for (size_t i = 0; i < sizeof FLAG_NAMES / sizeof *FLAG_NAMES; i++) {
        if (str_eq_c(text, FLAG_NAMES[i].text)) {
            *flag = FLAG_NAMES[i].flag;
            return true;
        }
    }
    return false;
}

void fact_builder_init(FactBuilder *builder, Facts *facts, Arena *arena, Names *names)
{
    *facts = (Facts){.count = 1};
    *builder = (FactBuilder){.facts = facts, .arena = arena, .names = names, .capacity = 256};
    facts->nodes = ARENA_ARRAY(arena, Node, builder->capacity);
    builder->last_child = ARENA_ARRAY(arena, NodeId, builder->capacity);
}

static void grow(FactBuilder *builder)
{
    uint32_t count = builder->facts->count;
    builder->capacity *= 2;
    Node *nodes = ARENA_ARRAY(builder->arena, Node, builder->capacity);
    NodeId *last = ARENA_ARRAY(builder->arena, NodeId, builder->capacity);
    memcpy(nodes, builder->facts->nodes, count * sizeof *nodes);
    memcpy(last, builder->last_child, count * sizeof *last);
    builder->facts->nodes = nodes;
    builder->last_child = last;
}

NodeId fact_add(FactBuilder *builder, NodeId parent, FactKind kind, FactRole role, uint32_t start,
                uint32_t end)
{
    if (builder->facts->count == builder->capacity)
        grow(builder);
    NodeId id = builder->facts->count++;
    Node *nodes = builder->facts->nodes;
    nodes[id] = (Node){.kind = (uint8_t)kind,
                       .role = (uint8_t)role,
                       .start = start,
                       .end = end,
                       .at = start,
                       .at_end = end,
                       .parent = parent};
    if (parent) {
        NodeId last = builder->last_child[parent];
        if (last)
            nodes[last].next = id;
        else
            nodes[parent].child = id;
        builder->last_child[parent] = id;
    }
    if (kind == FACT_ERROR)
        builder->facts->error_count++;
    return id;
}

NodeId fact_child(const Facts *facts, NodeId id, FactRole role)
{
    for (NodeId c = facts->nodes[id].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].role == role)
            return c;
    }
    return 0;
}

NodeId fact_ancestor(const Facts *facts, NodeId id, FactKind kind)
{
    for (NodeId p = facts->nodes[id].parent; p; p = facts->nodes[p].parent) {
        if (facts->nodes[p].kind == kind)
            return p;
    }
    return 0;
}

static void dump_node(const Facts *facts, const Names *names, NodeId id, int depth, StrBuf *out)
{
    const Node *node = &facts->nodes[id];
    for (int i = 0; i < depth; i++)
        strbuf_add_c(out, "  ");
    strbuf_add_c(out, KIND_NAMES[node->kind]);
    if (node->name)
        strbuf_printf(out, " %s", names_c(names, node->name));
    if (node->role)
        strbuf_printf(out, " role=%s", ROLE_NAMES[node->role]);
    for (size_t i = 0; i < sizeof FLAG_NAMES / sizeof *FLAG_NAMES; i++) {
        if (node->flags & FLAG_NAMES[i].flag)
            strbuf_printf(out, " %s", FLAG_NAMES[i].text);
    }
    strbuf_printf(out, " %u-%u\n", node->start, node->end);
}

void fact_dump(const Facts *facts, const Names *names, StrBuf *out)
{
    int depth = 0;
    for (NodeId id = facts->count > 1 ? 1 : 0; id;) {
        const Node *node = &facts->nodes[id];
        dump_node(facts, names, id, depth, out);
        if (node->child) {
            id = node->child;
            depth++;
            continue;
        }
        while (id && !facts->nodes[id].next) {
            id = facts->nodes[id].parent;
            depth--;
        }
        if (id)
            id = facts->nodes[id].next;
    }
}
