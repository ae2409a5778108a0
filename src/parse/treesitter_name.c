/*
 * What the text of a node says: names, operators, the quotes of strings, tokens
 * that are flags. Names are cut out of the file's bytes, so their places are
 * exact.
 */
#include "parse/treesitter_walk.h"

#include <string.h>

enum { LITERAL_NAME_MAX = 24 }; /* bytes: true, nil, 0, not long numbers */

static bool name_is_split(const Walk *walk, NodeId id)
{
    FactKind kind = (FactKind)walk->builder.facts->nodes[id].kind;
    return kind == FACT_FUNCTION || kind == FACT_CALL || kind == FACT_MEMBER;
}

/* Index behind the last separator in `text`; 0 if there is none. */
static size_t behind_separator(Str text, Str separator)
{
    for (size_t i = text.length; separator.length && i >= separator.length; i--) {
        if (memcmp(text.data + i - separator.length, separator.data, separator.length) == 0)
            return i;
    }
    return 0;
}

void walk_set_name(Walk *walk, NodeId id, uint32_t start, uint32_t end)
{
    Str text = str_slice(walk->text, start, end);
    Str separator = walk->language->separator;
    size_t split = name_is_split(walk, id) ? behind_separator(text, separator) : 0;
    if (split > separator.length) { /* A::b: b, of A */
        FactKind kind = walk_node(walk, id)->kind == FACT_FUNCTION ? FACT_TYPE : FACT_NAME;
        uint32_t owner_end = start + (uint32_t)(split - separator.length);
        NodeId owner = walk_add(walk, id, kind, ROLE_RECEIVER, start, owner_end);
        Node *node = walk_node(walk, owner);
        node->name = names_intern(walk->names, str_slice(walk->text, start, owner_end));
        node->flags |= kind == FACT_NAME ? FLAG_CONSTANT : 0;
    }
    start += (uint32_t)split;
    Node *node = walk_node(walk, id);
    node->name = names_intern(walk->names, str_slice(walk->text, start, end));
    node->at = start;
    node->at_end = end;
}

/* Names `id` by the text of `here`, without what the mapping strips. */
void walk_name_by(Walk *walk, NodeId id, const Here *here)
{
    uint32_t start = here->start;
    const Mapping *mapping = here->mapping;
    Str separator = walk->language->separator;
    if (mapping && mapping->strip && start < here->end && walk->text.data[start] == mapping->strip)
        start++;
    if (mapping && mapping->qualified && separator.length < here->end - start &&
        memcmp(walk->text.data + start, separator.data, separator.length) == 0)
        start += (uint32_t)separator.length; /* ::A is A */
    walk_set_name(walk, id, start, here->end);
}

/* True when the text consists of words and separators only, so that it is one name. */
bool walk_is_qualified(const Walk *walk, const Here *here)
{
    Str separator = walk->language->separator;
    for (uint32_t i = here->start; i < here->end; i++) {
        char byte = walk->text.data[i];
        if (!byte_is_word((unsigned char)byte) &&
            !(separator.length && memchr(separator.data, byte, separator.length)))
            return false;
    }
    return true;
}

void walk_set_operator(Walk *walk, NodeId id, uint32_t start, uint32_t end)
{
    Node *node = walk_node(walk, id);
    Str text = str_slice(walk->text, start, end);
    if (node->kind == FACT_ASSIGN) {
        if (str_eq_c(text, "=") || str_eq_c(text, ":="))
            return;
        node->flags |= FLAG_COMPOUND;
    }
    if (!node->name)
        node->name = names_intern(walk->names, text);
}

/* A delimiter: what stands between the first and the last is the string's text. */
void walk_see_quote(Walk *walk, Frame *frame, uint32_t start, uint32_t end)
{
    Node *node = walk_node(walk, frame->fact);
    if (frame->position == UINT16_MAX)
        return;
    if (frame->position == 0 && frame->mapping->duty != DUTY_HEREDOC_FILLS)
        node->at = end;
    else
        node->at_end = start;
    frame->position = 1;
}

/* What an edge does with a token: only names and operators are left to see. */
static void take_token(Walk *walk, const Edge *edge, NodeId id, TSNode node)
{
    uint32_t start = ts_node_start_byte(node);
    uint32_t end = ts_node_end_byte(node);
    walk_hit(walk, edge->pattern);
    if (edge->action == EDGE_OPERATOR)
        walk_set_operator(walk, id, start, end);
    else if (edge->action == EDGE_NAME || edge->action == EDGE_CALLEE)
        walk_set_name(walk, id, start, end);
}

void walk_see_token(Walk *walk, TSNode node, TSSymbol symbol)
{
    Frame *frame = walk_top(walk);
    const Mapping *mapping = frame->mapping;
    if (!mapping)
        return;
    if (frame->own && (mapping->kind == FACT_STRING || mapping->kind == FACT_SYMBOL)) {
        walk_see_quote(walk, frame, ts_node_start_byte(node), ts_node_end_byte(node));
        return;
    }
    for (size_t i = 0; i < mapping->token_count; i++) {
        const Edge *edge = &mapping->tokens[i].edge;
        if (mapping->tokens[i].symbol != symbol)
            continue;
        walk_node(walk, frame->fact)->flags |= edge->flags;
        if (edge->becomes && !walk_is_container(walk, frame->fact))
            walk_node(walk, frame->fact)->kind = edge->becomes;
        take_token(walk, edge, frame->fact, node);
    }
    TSFieldId field = mapping->by_field ? ts_tree_cursor_current_field_id(&walk->cursor) : 0;
    const Edge *edge = field ? mapping->by_field[field] : NULL;
    if (edge)
        take_token(walk, edge, frame->fact, node);
}

/* Strips the quotes of a string that the grammar gives no parts. */
static void trim_quotes(Walk *walk, Node *node)
{
    const char *text = walk->text.data;
    if (node->at_end - node->at >= 2 && strchr("\"'`<", text[node->at])) {
        node->at++;
        node->at_end--;
    }
}

void walk_name_leaf(Walk *walk, NodeId id, const Here *here)
{
    Node *node = walk_node(walk, id);
    switch (here->kind) {
    case FACT_STRING:
        trim_quotes(walk, node);
        break;
    case FACT_LITERAL:
        if (here->end - here->start <= LITERAL_NAME_MAX)
            node->name =
                names_intern(walk->names, str_slice(walk->text, here->start, here->end));
        break;
    case FACT_NAME:
    case FACT_SYMBOL:
    case FACT_TYPE:
    case FACT_PARAM:
    case FACT_PAIR:
    case FACT_KEYWORD:
    case FACT_IMPORT:
    case FACT_VARIABLE:
    case FACT_FIELD:
    case FACT_MEMBER:
    case FACT_CALL:
        if (!node->name)
            walk_name_by(walk, id, here);
        break;
    default:
        break;
    }
}
