/*
 * What happens at each node of the walk: find the edge by which its parent takes
 * it, then make a fact, give its text to the parent as a name, or pass through.
 *
 * Decisions that need a node's children are left to its exit; the few that must
 * be made before (`when:`) look at the direct children with the same cursor.
 */
#include "parse/treesitter_walk.h"

#include <string.h>

/* Says of `id` and all it is in that something was not understood there. */
static void mark_error(Walk *walk, NodeId id)
{
    for (; id && !(walk_node(walk, id)->flags & FLAG_CONTAINS_ERROR);
         id = walk_node(walk, id)->parent)
        walk_node(walk, id)->flags |= FLAG_CONTAINS_ERROR;
}

NodeId walk_add(Walk *walk, NodeId parent, FactKind kind, FactRole role, uint32_t start,
                uint32_t end)
{
    if (kind == FACT_ERROR && walk->reparsing)
        kind = FACT_GROUP;
    if (kind == FACT_ERROR)
        mark_error(walk, parent);
    return fact_add(&walk->builder, parent, kind, role, start, end);
}

/* Pushes a frame that takes over `like`'s place in the tree of facts. */
static Frame *push(Walk *walk, const Here *here, NodeId fact, bool own)
{
    uint32_t inherit = walk_top(walk)->inherit;
    if (here->mapping && here->mapping->inherit)
        inherit = here->mapping->inherit;
    else if (own && (here->kind == FACT_FUNCTION || here->kind == FACT_CLASS))
        inherit = 0;
    array_push(&walk->frames, ((Frame){.mapping = here->mapping,
                                       .fact = fact,
                                       .inherit = inherit,
                                       .end = here->end,
                                       .own = own}));
    return walk_top(walk);
}

/* Passes through: children belong to `fact`, and get the edge unless the mapping has its own. */
static bool pass(Walk *walk, const Here *here, NodeId fact, Edge edge)
{
    if (here->kind == FACT_NONE && here->mapping) {
        walk_node(walk, fact)->flags |= here->mapping->flags;
        if (here->mapping->reparse)
            walk_reparse(walk, fact, here->start, here->end);
    }
    if (here->leaf)
        return false;
    Frame *frame = push(walk, here, fact, false);
    frame->edge = edge;
    return true;
}

static bool has_child(Walk *walk, const Variant *variant)
{
    if (!ts_tree_cursor_goto_first_child(&walk->cursor))
        return false;
    bool found = false;
    do {
        TSFieldId field =
            variant->field_count ? ts_tree_cursor_current_field_id(&walk->cursor) : 0;
        for (size_t i = 0; field && i < variant->field_count; i++)
            found |= variant->fields[i] == field;
        TSSymbol symbol = ts_node_symbol(ts_tree_cursor_current_node(&walk->cursor));
        for (size_t i = 0; symbol != (TSSymbol)-1 && i < variant->symbol_count; i++)
            found |= variant->symbols[i] == walk->lowering->canonical[symbol];
    } while (!found && ts_tree_cursor_goto_next_sibling(&walk->cursor));
    ts_tree_cursor_goto_parent(&walk->cursor);
    return found;
}

static const Mapping *find_mapping(Walk *walk, TSSymbol symbol)
{
    const Mapping *mapping = walk->lowering->mappings[symbol];
    for (size_t i = 0; mapping && i < mapping->variant_count; i++) {
        const Variant *variant = &mapping->variants[i];
        if (has_child(walk, variant) != variant->lacks) {
            mapping = variant->mapping;
            break;
        }
    }
    if (mapping)
        walk_hit(walk, mapping->pattern);
    return mapping;
}

static const Edge *named_edge(Frame *frame, TSSymbol symbol, TSFieldId field)
{
    const Mapping *mapping = frame->mapping;
    if (!mapping)
        return NULL;
    if (field && mapping->by_field && mapping->by_field[field])
        return mapping->by_field[field];
    for (size_t i = 0; i < mapping->symbol_count; i++) {
        if (mapping->by_symbol[i].symbol == symbol)
            return &mapping->by_symbol[i].edge;
    }
    return NULL;
}

/* How the top frame takes a child. Also applies what the edge does to the parent's fact. */
static Edge find_edge(Walk *walk, Frame *frame, TSSymbol symbol, TSFieldId field)
{
    const Mapping *mapping = frame->mapping;
    const Edge *edge = named_edge(frame, symbol, field);
    if (!edge && mapping && mapping->order_count) {
        size_t index = frame->position < mapping->order_count ? frame->position
                                                              : mapping->order_count - 1;
        edge = &mapping->order[index];
        frame->position += index == frame->position; /* the last one stays: no overflow */
    }
    if (!edge && mapping)
        edge = mapping->otherwise;
    if (!edge)
        return frame->edge;
    walk_hit(walk, edge->pattern);
    if (edge->becomes && !walk_is_container(walk, frame->fact))
        walk_node(walk, frame->fact)->kind = edge->becomes;
    return *edge;
}

static bool takes_inherited_flags(FactKind kind)
{
    return kind == FACT_FUNCTION || kind == FACT_FIELD || kind == FACT_VARIABLE;
}

/* A union in a union is one: A | (B | C). */
static bool is_nested_union(const Walk *walk, const Here *here, NodeId parent)
{
    const Node *node = &walk->builder.facts->nodes[parent];
    return here->kind == FACT_TYPE && here->mapping && here->mapping->named &&
           node->kind == FACT_TYPE && node->name == here->mapping->named;
}

/* Where a name means a type. */
static bool is_type_place(const Walk *walk, NodeId parent, FactRole role)
{
    return role == ROLE_TYPE || role == ROLE_RETURN ||
           (role == ROLE_ELEMENT && walk->builder.facts->nodes[parent].kind == FACT_TYPE);
}

/* Makes the fact of `here` below `parent`; true when its children are to be visited. */
static bool make(Walk *walk, Here *here, NodeId parent, FactRole role)
{
    const Mapping *mapping = here->mapping;
    if (here->kind == FACT_NAME && here->word && is_type_place(walk, parent, role)) {
        here->kind = FACT_TYPE;
        here->constant = false;
    }
    if (mapping && mapping->text_type) {
        type_read_text(walk, parent, role, here->start, here->end);
        return false;
    }
    NodeId previous = walk->builder.last_child[parent];
    NodeId id = walk_add(walk, parent, here->kind, role, here->start, here->end);
    Node *node = walk_node(walk, id);
    node->flags |= here->edge.flags | (mapping ? mapping->flags : 0);
    node->flags |= here->constant ? FLAG_CONSTANT : 0;
    node->name = mapping ? mapping->named : 0;
    if (takes_inherited_flags(here->kind))
        node->flags |= walk_top(walk)->inherit;
    if (mapping && mapping->duty == DUTY_HEREDOC_OPENS) {
        array_push(&walk->heredocs, id);
        return false;
    }
    if (here->word)
        walk_name_leaf(walk, id, here);
    Frame *frame = push(walk, here, id, true);
    frame->previous = previous;
    frame->first = id;
    frame->key = here->edge.action == EDGE_KEY || here->edge.action == EDGE_WORD_KEY;
    if (!here->word)
        return true;
    walk_exit(walk);
    return false;
}

static bool is_block_role(FactRole role)
{
    return role == ROLE_BODY || role == ROLE_THEN || role == ROLE_ELSE || role == ROLE_FINALLY;
}

/* The BLOCK of `parent` in `role`: the one just made, or a new one. */
static NodeId open_block(Walk *walk, NodeId parent, FactRole role, const Here *here)
{
    if (walk_node(walk, parent)->kind == FACT_BLOCK && role == ROLE_BODY)
        return parent;
    NodeId last = walk->builder.last_child[parent];
    if (last && walk_node(walk, last)->kind == FACT_BLOCK && walk_node(walk, last)->role == role) {
        walk_node(walk, last)->end = here->end;
        walk_node(walk, last)->at_end = here->end;
        return last;
    }
    return walk_add(walk, parent, FACT_BLOCK, role, here->start, here->end);
}

static bool enter_block(Walk *walk, Here *here, NodeId parent)
{
    if (here->kind == FACT_NONE && here->leaf && !here->mapping)
        return false;
    NodeId block = open_block(walk, parent, (FactRole)here->edge.role, here);
    if (here->kind == FACT_NONE || here->kind == FACT_BLOCK)
        return pass(walk, here, block, (Edge){0});
    if (here->edge.action == EDGE_RESULT) {
        block = walk_add(walk, block, FACT_RETURN, ROLE_NONE, here->start, here->end);
        return make(walk, here, block, ROLE_VALUE);
    }
    return make(walk, here, block, ROLE_NONE);
}

static bool enter_plain(Walk *walk, Here *here, NodeId parent)
{
    FactRole role = (FactRole)here->edge.role;
    if (is_block_role(role) && walk_node(walk, parent)->kind != FACT_CHOICE)
        return enter_block(walk, here, parent);
    if (here->kind == FACT_NONE || is_nested_union(walk, here, parent))
        return pass(walk, here, parent, here->edge);
    return make(walk, here, parent, role);
}

/* An expression body is returned; a block is the body. */
static bool enter_result(Walk *walk, Here *here, NodeId parent)
{
    here->edge.role = ROLE_BODY;
    if (here->kind == FACT_NONE && !here->leaf) { /* in parentheses */
        NodeId block = open_block(walk, parent, ROLE_BODY, here);
        block = walk_add(walk, block, FACT_RETURN, ROLE_NONE, here->start, here->end);
        return pass(walk, here, block, (Edge){.role = ROLE_VALUE});
    }
    return enter_block(walk, here, parent);
}

/* From the second name on, a new fact beside the first. */
static void repeat(Walk *walk, const Here *here)
{
    size_t owner = walk->frames.count - 1;
    while (owner && !walk->frames.items[owner].own)
        owner--;
    Frame *frame = &walk->frames.items[owner];
    bool first = !frame->repeated;
    frame->repeated = true;
    if (first || !frame->own)
        return;
    Node like = *walk_node(walk, frame->first);
    NodeId id = walk_add(walk, like.parent, (FactKind)like.kind, (FactRole)like.role, here->start,
                         here->end);
    walk_node(walk, id)->flags =
        (like.flags & ~(uint32_t)FLAG_COLLECTION) | frame->mapping->flags;
    for (size_t i = owner; i < walk->frames.count; i++)
        walk->frames.items[i].fact = id;
}

static bool takes_name(const Here *here)
{
    bool nameable = here->kind == FACT_NAME || here->kind == FACT_NONE ||
                    here->kind == FACT_SYMBOL || here->kind == FACT_TYPE ||
                    here->kind == FACT_MEMBER;
    return nameable && here->word;
}

static bool enter_name(Walk *walk, Here *here, NodeId parent)
{
    here->edge.action = EDGE_NAME;
    if (walk_is_container(walk, parent)) {
        here->edge = (Edge){0};
        return enter_plain(walk, here, parent);
    }
    if (takes_name(here)) {
        walk_node(walk, parent)->flags |= here->edge.flags;
        walk_name_by(walk, parent, here);
        return false;
    }
    if (here->kind == FACT_NONE)
        return pass(walk, here, parent, here->edge);
    here->edge = (Edge){.flags = here->edge.flags};
    return make(walk, here, parent, ROLE_TARGET);
}

/* A fact of its own around the child, which names it or is its pattern. */
static bool enter_wrap(Walk *walk, Here *here)
{
    NodeId id = walk_add(walk, walk_top(walk)->fact, (FactKind)here->edge.kind,
                         (FactRole)here->edge.role, here->start, here->end);
    walk_node(walk, id)->flags |= here->edge.flags;
    here->kind = here->mapping ? (FactKind)here->mapping->kind : FACT_NONE;
    here->edge = (Edge){0};
    return enter_name(walk, here, id);
}

static bool enter_callee(Walk *walk, Here *here)
{
    NodeId parent = walk_top(walk)->fact;
    if ((here->kind == FACT_NAME || here->kind == FACT_NONE) && here->word) {
        walk_name_by(walk, parent, here);
        return false;
    }
    if (here->kind == FACT_NONE)
        return pass(walk, here, parent, here->edge);
    if (here->kind == FACT_MEMBER) {
        walk_node(walk, parent)->flags |= here->mapping->flags;
        return pass(walk, here, parent, (Edge){0});
    }
    return make(walk, here, parent, ROLE_RECEIVER);
}

static bool enter_key(Walk *walk, Here *here)
{
    NodeId parent = walk_top(walk)->fact;
    bool word = here->edge.action == EDGE_WORD_KEY && here->kind == FACT_NAME;
    if ((word || here->kind == FACT_NONE) && here->word) {
        walk_name_by(walk, parent, here);
        return false;
    }
    if (here->kind == FACT_NONE)
        return pass(walk, here, parent, here->edge);
    return make(walk, here, parent, ROLE_KEY);
}

/* The child's own edges fill the parent's fact; a GROUP waits for what it will be. */
static bool enter_absorb(Walk *walk, Here *here)
{
    Node *parent = walk_node(walk, walk_top(walk)->fact);
    parent->flags |= here->edge.flags | (here->mapping ? here->mapping->flags : 0);
    if (parent->kind == FACT_GROUP && here->kind) {
        parent->kind = (uint8_t)here->kind;
        if (takes_inherited_flags(here->kind))
            parent->flags |= walk_top(walk)->inherit;
    }
    return pass(walk, here, walk_top(walk)->fact, (Edge){0});
}

static bool dispatch(Walk *walk, Here *here)
{
    switch ((EdgeAction)here->edge.action) {
    case EDGE_SKIP:
        walk_node(walk, walk_top(walk)->fact)->flags |= here->edge.flags;
        return false;
    case EDGE_NODE:
        return enter_plain(walk, here, walk_top(walk)->fact);
    case EDGE_REPEAT:
        repeat(walk, here);
        return enter_name(walk, here, walk_top(walk)->fact);
    case EDGE_NAME:
        return enter_name(walk, here, walk_top(walk)->fact);
    case EDGE_WRAP:
        return enter_wrap(walk, here);
    case EDGE_CALLEE:
        return enter_callee(walk, here);
    case EDGE_KEY:
    case EDGE_WORD_KEY:
        return enter_key(walk, here);
    case EDGE_ABSORB:
        return enter_absorb(walk, here);
    case EDGE_OPERATOR:
        walk_set_operator(walk, walk_top(walk)->fact, here->start, here->end);
        return false;
    case EDGE_RESULT:
        return enter_result(walk, here, walk_top(walk)->fact);
    }
    return false;
}

static bool enter_error(Walk *walk, TSNode node)
{
    Here here = {.start = ts_node_start_byte(node), .end = ts_node_end_byte(node)};
    NodeId id = walk_add(walk, walk_top(walk)->fact, FACT_ERROR, ROLE_NONE, here.start, here.end);
    push(walk, &here, id, false);
    return true;
}

/* A missing name is an error; a missing bracket or semicolon loses nothing but certainty. */
static void enter_missing(Walk *walk, TSSymbol symbol, uint32_t at)
{
    if (walk->lowering->named[symbol])
        walk_add(walk, walk_top(walk)->fact, FACT_ERROR, ROLE_NONE, at, at);
    else if (!walk->reparsing)
        mark_error(walk, walk_top(walk)->fact);
}

/* Mappings that do not make facts. Returns true when the node is dealt with. */
static bool see_duty(Walk *walk, const Here *here)
{
    Frame *frame = walk_top(walk);
    if (here->mapping->duty == DUTY_QUOTE) {
        if (frame->mapping && frame->own)
            walk_see_quote(walk, frame, here->start, here->end);
        return true;
    }
    if (here->mapping->duty == DUTY_TEXT) {
        bool line = here->start < here->end && walk->text.data[here->start] == '\n';
        walk_node(walk, frame->fact)->at = here->start + line; /* a heredoc's first line break */
        walk_node(walk, frame->fact)->at_end = here->end;
        frame->position = UINT16_MAX;
    }
    if (here->mapping->duty == DUTY_HOLE)
        walk_node(walk, frame->fact)->flags |= FLAG_INTERPOLATED;
    return here->mapping->duty == DUTY_SKIP;
}

/* What the node becomes: as its edge says, else its mapping, else nothing of its own. */
static void find_kind(Walk *walk, Here *here)
{
    const Mapping *mapping = here->mapping;
    here->kind = mapping ? (FactKind)mapping->kind : FACT_NONE;
    here->word = here->leaf || (mapping && mapping->whole);
    if (mapping && mapping->qualified && walk_is_qualified(walk, here)) {
        here->word = true;
        here->kind = FACT_NAME;
        here->constant = true;
    }
    if (here->edge.kind)
        here->kind = (FactKind)here->edge.kind;
}

bool walk_enter(Walk *walk)
{
    TSNode node = ts_tree_cursor_current_node(&walk->cursor);
    TSSymbol symbol = ts_node_symbol(node);
    if (symbol == (TSSymbol)-1)
        return enter_error(walk, node);
    symbol = walk->lowering->canonical[symbol];
    Here here = {.symbol = symbol,
                 .start = ts_node_start_byte(node),
                 .end = ts_node_end_byte(node)};
    if (here.start == here.end && ts_node_is_missing(node)) {
        enter_missing(walk, symbol, here.start);
        return false;
    }
    if (!walk->lowering->named[symbol]) {
        walk_see_token(walk, node, symbol);
        return false;
    }
    here.mapping = find_mapping(walk, symbol);
    if (here.mapping && here.mapping->duty != DUTY_PLAIN && see_duty(walk, &here))
        return false;
    Frame *frame = walk_top(walk);
    TSFieldId field = frame->mapping && frame->mapping->by_field
                          ? ts_tree_cursor_current_field_id(&walk->cursor)
                          : 0;
    here.edge = find_edge(walk, frame, symbol, field);
    here.leaf = ts_node_child_count(node) == 0;
    if (here.mapping && here.mapping->collapse && ts_node_named_child_count(node) == 1)
        here.mapping = NULL;
    find_kind(walk, &here);
    return dispatch(walk, &here);
}

/* What follows in the parent's syntax node belongs to `id`. */
static void chain(Walk *walk, NodeId id)
{
    Frame *frame = walk_top(walk);
    for (NodeId p = id; p != frame->fact; p = walk_node(walk, p)->parent)
        walk_node(walk, p)->end = frame->end;
    frame->fact = id;
}

void walk_exit(Walk *walk)
{
    Frame frame = *walk_top(walk);
    walk->frames.count--;
    if (frame.own)
        walk_finish(walk, &frame);
    if (frame.own && frame.mapping && frame.mapping->chain)
        chain(walk, frame.fact);
}
