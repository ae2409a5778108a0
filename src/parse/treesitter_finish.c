/*
 * What can be said of a fact only when all of its children are there: whether a
 * string is plain, whether a key is just a name, what a decorator means for what
 * it decorates. All of it looks at direct children only, so the cost stays
 * linear; facts that are rebuilt end the array (see treesitter_edit.h).
 */
#include "parse/treesitter_edit.h"
#include "parse/treesitter_walk.h"

enum {
    STRING_NAME_MAX = 512,  /* bytes; longer texts are read through `at` and `at_end` */
};

static Str text_at(const Walk *walk, const Node *node)
{
    return str_slice(walk->text, node->at, node->at_end);
}

/* True for "Order.count" in assert_difference("Order.count"), also in a list of such strings. */
static bool holds_code(const Walk *walk, const Node *string)
{
    const Node *nodes = walk->builder.facts->nodes;
    const Node *value = string;
    while (value->role == ROLE_ELEMENT && nodes[value->parent].kind == FACT_LIST)
        value = &nodes[value->parent];
    const Node *call = &nodes[value->parent];
    return string->kind == FACT_STRING && value->role == ROLE_ARGUMENT && call->kind == FACT_CALL &&
           call->name && map_get(&walk->lowering->code_calls, call->name);
}

static void finish_string(Walk *walk, NodeId id)
{
    Node *node = walk_node(walk, id);
    if (!node->child && holds_code(walk, node)) {
        walk_reparse(walk, id, node->at, node->at_end);
        node = walk_node(walk, id);
    }
    if (node->child)
        node->flags |= FLAG_INTERPOLATED;
    if (node->flags & FLAG_INTERPOLATED || node->name || node->at_end < node->at ||
        node->at_end - node->at > STRING_NAME_MAX)
        return;
    node->name = names_intern(walk->names, text_at(walk, node));
}

static void renumber_frames(Walk *walk, NodeId to, NodeId from, NodeId end)
{
    for (size_t i = 0; i < walk->frames.count; i++) {
        Frame *frame = &walk->frames.items[i];
        frame->fact = facts_moved(frame->fact, to, from, end);
        frame->first = facts_moved(frame->first, to, from, end);
        frame->previous = facts_moved(frame->previous, to, from, end);
    }
    for (size_t i = walk->heredoc_next; i < walk->heredocs.count; i++)
        walk->heredocs.items[i] = facts_moved(walk->heredocs.items[i], to, from, end);
}

/* Gives the text of a heredoc to the string that opened it. */
static void finish_heredoc(Walk *walk, const Frame *frame)
{
    NodeId id = frame->fact;
    Node body = *walk_node(walk, id);
    if (body.at < body.at_end && walk->text.data[body.at] == '\n')
        body.at++;
    if (walk->heredoc_next == walk->heredocs.count)
        return;
    NodeId opening = walk->heredocs.items[walk->heredoc_next++];
    Node *node = walk_node(walk, opening);
    node->at = body.at;
    node->at_end = body.at_end > body.at ? body.at_end : body.at;
    node->flags |= body.flags & FLAG_INTERPOLATED;
    if (!body.child) {
        finish_string(walk, opening);
        facts_truncate(&walk->builder, id, frame->previous);
        return;
    }
    node->flags |= FLAG_INTERPOLATED;
    walk_node(walk, id)->kind = FACT_GROUP;
    NodeId end = walk->builder.facts->count;
    if (facts_move_below(&walk->builder, opening, id, frame->previous)) {
        walk_node(walk, opening + 1)->role = ROLE_VALUE;
        renumber_frames(walk, opening, id, end);
    }
}

/* A list of pairs is a map, where the language writes both alike (PHP). */
static void finish_list(Walk *walk, NodeId id)
{
    Node *node = walk_node(walk, id);
    if (!node->child || walk_node(walk, node->child)->kind != FACT_PAIR)
        return;
    node->kind = FACT_MAP;
    for (NodeId c = node->child; c; c = walk_node(walk, c)->next)
        walk_node(walk, c)->role = ROLE_NONE;
}

static void finish_binary(Walk *walk, NodeId id)
{
    Node *node = walk_node(walk, id);
    if (!map_get(&walk->lowering->choice_operators, node->name))
        return;
    node->kind = FACT_CHOICE;
    for (NodeId c = node->child; c; c = walk_node(walk, c)->next) {
        Node *child = walk_node(walk, c);
        if (child->role == ROLE_LEFT)
            child->role = ROLE_THEN;
        else if (child->role == ROLE_RIGHT)
            child->role = ROLE_ELSE;
    }
}

/* `{type}` and `type:` without a value stand for the variable of that name. */
static void finish_pair(Walk *walk, NodeId id)
{
    Node pair = *walk_node(walk, id);
    if (pair.child || !pair.name)
        return;
    NodeId value = walk_add(walk, id, FACT_NAME, ROLE_VALUE, pair.at, pair.at_end);
    walk_node(walk, value)->name = pair.name;
}

static void finish_name(Walk *walk, Node *node)
{
    const uint64_t *kind = node->name ? map_get(&walk->lowering->self_names, node->name) : NULL;
    if (kind) {
        node->kind = (uint8_t)*kind;
        node->name = 0;
        node->flags &= ~(uint32_t)FLAG_CONSTANT;
        return;
    }
    if (walk->lowering->capital_constants && node->name) {
        char first = names_c(walk->names, node->name)[0];
        if (first >= 'A' && first <= 'Z')
            node->flags |= FLAG_CONSTANT;
    }
}

static void finish_decorator(Walk *walk, NodeId id)
{
    const Node *node = walk_node(walk, id);
    Sym name = node->name;
    if (!name && node->child)
        name = walk_node(walk, node->child)->name;
    const uint64_t *flags = name ? map_get(&walk->lowering->decorator_flags, name) : NULL;
    if (flags)
        walk_node(walk, node->parent)->flags |= (uint32_t)*flags;
}

/*
 * A::~A, A::operator!, List<T>::Iterator::next: qualifiers that are no part of the name as
 * text were lowered as elements; together they name the class that the function belongs to.
 */
static void finish_owner(Walk *walk, NodeId function)
{
    NodeId owner = 0;
    StrBuf name = {0};
    for (NodeId c = walk_node(walk, function)->child; c; c = walk_node(walk, c)->next) {
        const Node *child = walk_node(walk, c);
        bool qualifier = child->role == ROLE_ELEMENT ||
                         (child->role == ROLE_RECEIVER && child->kind == FACT_TYPE);
        if (child->role == ROLE_RETURN && child->end <= walk_node(walk, function)->at) {
            name.length = 0; /* what came before qualifies the result's type */
            owner = 0;
        }
        if (!qualifier || !child->name)
            continue;
        if (name.length)
            strbuf_add_str(&name, walk->language->separator);
        strbuf_add_str(&name, names_str(walk->names, child->name));
        owner = c;
    }
    if (owner) {
        Node *node = walk_node(walk, owner);
        node->kind = FACT_TYPE;
        node->role = ROLE_RECEIVER;
        node->flags &= ~(uint32_t)FLAG_CONSTANT;
        node->name = names_intern(walk->names, strbuf_str(&name));
    }
    strbuf_release(&name);
}

/* What the name or the type of a declaration tells of it. */
static void finish_declaration(Walk *walk, NodeId id)
{
    Node *node = walk_node(walk, id);
    NodeId type = fact_child(walk->builder.facts, id, ROLE_TYPE);
    if (node->kind == FACT_FUNCTION) {
        if (type)
            walk_node(walk, type)->role = ROLE_RETURN;
        finish_owner(walk, id);
        if (node->name && map_get(&walk->lowering->constructors, node->name))
            node->flags |= FLAG_CONSTRUCTOR;
    }
    if (!(node->flags & FLAG_ANONYMOUS) || node->name || !type ||
        walk_node(walk, type)->kind != FACT_TYPE)
        return;
    if (walk_node(walk, type)->flags & FLAG_ELABORATED) { /* class Line; declares no member */
        node->kind = FACT_GROUP;
        return;
    }
    const Node *of = walk_node(walk, type); /* an embedded struct is named like its type */
    Str name = names_str(walk->names, of->name);
    size_t start = name.length;
    while (start && byte_is_word((unsigned char)name.data[start - 1]))
        start--;
    node->name = names_intern(walk->names, str_slice(name, start, name.length));
    node->at = of->at_end - (uint32_t)(name.length - start);
    node->at_end = of->at_end;
}

/*
 * Wrappers that say nothing: an unnamed result is its type, and a class declared
 * inside a class is not a member of its type.
 */
static void unwrap(Walk *walk, const Frame *frame)
{
    const Node *node = walk_node(walk, frame->first);
    NodeId type = fact_child(walk->builder.facts, frame->first, ROLE_TYPE);
    if (!type)
        return;
    const Node *of = walk_node(walk, type);
    bool result = node->kind == FACT_PARAM && node->role == ROLE_RETURN && !node->name;
    bool nested = node->flags & FLAG_ANONYMOUS && of->kind == FACT_CLASS && of->name;
    if (result || nested)
        facts_hoist(&walk->builder, frame->first, frame->previous, type);
}

/* Facts of one declaration: `int a, b[3]` is two, and the second holds a collection. */
static void finish_declarations(Walk *walk, const Frame *frame)
{
    bool shares = frame->fact != frame->first;
    for (NodeId id = frame->first; id && !shares; id = walk_node(walk, id)->next)
        shares = walk_node(walk, id)->flags & FLAG_COLLECTION;
    if (shares)
        facts_share(&walk->builder, frame->first, frame->previous);
    for (NodeId id = frame->first; id; id = walk_node(walk, id)->next)
        finish_declaration(walk, id);
    unwrap(walk, frame);
}

/* `static_cast<T>(x)` is a CAST, `make_shared<T>(x)` a NEW: the language says so by name. */
static void finish_call(Walk *walk, NodeId id)
{
    Node *node = walk_node(walk, id);
    const uint64_t *kind = node->name ? map_get(&walk->lowering->typed_calls, node->name) : NULL;
    if (!kind || !fact_child(walk->builder.facts, id, ROLE_TYPE))
        return;
    node->kind = (uint8_t)*kind;
    node->name = 0;
    for (NodeId c = node->child; *kind == FACT_CAST && c; c = walk_node(walk, c)->next) {
        if (walk_node(walk, c)->role == ROLE_ARGUMENT)
            walk_node(walk, c)->role = ROLE_VALUE;
    }
}

/* A plain key is the name of its pair. */
static void fold_key(Walk *walk, const Frame *frame)
{
    Node *node = walk_node(walk, frame->fact);
    if ((node->kind != FACT_STRING && node->kind != FACT_SYMBOL) || !node->name || node->child)
        return;
    Node *parent = walk_node(walk, node->parent);
    parent->name = node->name;
    parent->at = node->at;
    parent->at_end = node->at_end;
    facts_truncate(&walk->builder, frame->fact, frame->previous);
}

/*
 * #define NODE_FIELDS int id; char *name: a named text that holds declarations. Structs that
 * name it have its members, so it is a mixin; any other text has no name.
 */
static void finish_group(Walk *walk, const Frame *frame)
{
    NodeId id = frame->fact, body = fact_child(walk->builder.facts, id, ROLE_BODY);
    if (!walk_node(walk, id)->name)
        return;
    bool declares = false;
    for (NodeId c = body ? walk_node(walk, body)->child : 0; c; c = walk_node(walk, c)->next) {
        Node *node = walk_node(walk, c);
        if (node->kind != FACT_VARIABLE || !node->name || fact_child(walk->builder.facts, c, ROLE_VALUE))
            continue;
        node->kind = FACT_FIELD;
        declares = true;
    }
    walk_node(walk, id)->kind = declares ? FACT_CLASS : FACT_GROUP;
    walk_node(walk, id)->flags |= declares ? FLAG_MIXIN : 0;
    if (declares)
        return;
    walk_node(walk, id)->name = 0;
    NodeId child = walk_node(walk, id)->child;
    if (!child || (child == body && !walk_node(walk, body)->child))
        facts_truncate(&walk->builder, id, frame->previous);
}

void walk_finish(Walk *walk, Frame *frame)
{
    NodeId id = frame->fact;
    switch (walk_node(walk, id)->kind) {
    case FACT_STRING:
        if (frame->mapping && frame->mapping->duty == DUTY_HEREDOC_FILLS) {
            finish_heredoc(walk, frame);
            return;
        }
        finish_string(walk, id);
        break;
    case FACT_SYMBOL:
        finish_string(walk, id);
        break;
    case FACT_CALL:
        finish_call(walk, id);
        break;
    case FACT_LIST:
        finish_list(walk, id);
        break;
    case FACT_BINARY:
        finish_binary(walk, id);
        break;
    case FACT_PAIR:
    case FACT_KEYWORD:
        finish_pair(walk, id);
        break;
    case FACT_NAME:
        finish_name(walk, walk_node(walk, id));
        break;
    case FACT_TYPE:
        type_finish(walk, id, frame->previous);
        return;
    case FACT_DECORATOR:
        finish_decorator(walk, id);
        break;
    case FACT_GROUP:
        finish_group(walk, frame);
        return;
    case FACT_FUNCTION:
    case FACT_PARAM:
    case FACT_FIELD:
    case FACT_VARIABLE:
    case FACT_ALIAS:
    case FACT_IMPORT:
        finish_declarations(walk, frame);
        return;
    default:
        break;
    }
    if (frame->key)
        fold_key(walk, frame);
}
