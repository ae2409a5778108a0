/*
 * The keys of a hash that mass assignment is given: spelled out in a literal, in calls that choose
 * keys (`permit(:name)`, `slice`), in a local variable, or in the function that gives the hash.
 * Whatever is not understood leaves the set open.
 */
#include "analyze/saves/dirty_private.h"

#include "analyze/program/binding.h"
#include "analyze/program/local.h"

enum { KEYS_DEPTH = 6, KEYS_MAX = 64 };

typedef struct KeyReader {
    Walk *walk;
    FileId file;
    const Facts *facts;
    Keys *keys;
} KeyReader;

static void read_keys(const KeyReader *r, NodeId node, int depth);

static void add_key(const KeyReader *r, Sym key)
{
    r->keys->open |= !key || r->keys->names.count >= KEYS_MAX;
    if (!r->keys->open)
        array_push(&r->keys->names, key);
}

static void read_map(const KeyReader *r, NodeId map)
{
    for (NodeId c = r->facts->nodes[map].child; c; c = r->facts->nodes[c].next) {
        const Node *pair = &r->facts->nodes[c];
        NodeId key = fact_child(r->facts, c, ROLE_KEY);
        bool plain = key && !(r->facts->nodes[key].flags & FLAG_INTERPOLATED) &&
                     (r->facts->nodes[key].kind == FACT_STRING || r->facts->nodes[key].kind == FACT_SYMBOL);
        add_key(r, pair->kind != FACT_PAIR ? 0 : pair->name ? pair->name
                                             : plain        ? r->facts->nodes[key].name
                                                            : 0);
    }
}

/* The arguments of `permit(:name, tag_ids: [])`, `merge(user: user)`. */
static void read_arguments(const KeyReader *r, NodeId call)
{
    for (NodeId c = r->facts->nodes[call].child; c; c = r->facts->nodes[c].next) {
        const Node *n = &r->facts->nodes[c];
        if (n->role != ROLE_ARGUMENT)
            continue;
        if (n->kind == FACT_MAP)
            read_map(r, c);
        else if (n->kind == FACT_LIST)
            for (NodeId e = n->child; e; e = r->facts->nodes[e].next)
                add_key(r, r->facts->nodes[e].kind == FACT_SYMBOL || r->facts->nodes[e].kind == FACT_STRING
                               ? r->facts->nodes[e].name
                               : 0);
        else
            add_key(r, n->kind == FACT_KEYWORD || n->kind == FACT_SYMBOL || n->kind == FACT_STRING ? n->name : 0);
    }
}

static const Rule *keys_rule(const KeyReader *r, Sym name)
{
    const Program *program = r->walk->dirty->program;
    const Rule *rule = rules_find(&program->rules->saves, name);
    while (rule && (!(rule->does & (DOES_KEYS | DOES_MORE_KEYS | DOES_LESS_KEYS)) || !rule_speaks(r->walk, rule)))
        rule = rule->next_same_name;
    return rule;
}

static NodeId last_statement(const KeyReader *r, NodeId node)
{
    NodeId body = fact_child(r->facts, node, ROLE_BODY), last = 0;
    for (NodeId c = body ? r->facts->nodes[body].child : 0; c; c = r->facts->nodes[c].next)
        last = c;
    return last;
}

/* A block that gives the hash. */
static void read_body(const KeyReader *r, NodeId block, int depth)
{
    NodeId last = last_statement(r, block);
    if (last)
        read_keys(r, last, depth + 1);
    else
        r->keys->open = true;
}

/* What the last statement gives, or the only `return`. */
static void read_function(const KeyReader *r, Place place, int depth)
{
    const Program *program = r->walk->dirty->program;
    const File *file = program->files.items[place.file];
    KeyReader inner = *r;
    inner.file = place.file;
    inner.facts = &file->facts;
    NodeId last = last_statement(&inner, place.node), end = flow_end(inner.facts, place.node);
    size_t returns = 0;
    for (NodeId id = place.node + 1; id < end; id++)
        returns += inner.facts->nodes[id].kind == FACT_RETURN;
    if (last && inner.facts->nodes[last].kind == FACT_RETURN && returns-- == 1)
        last = fact_child(inner.facts, last, ROLE_VALUE);
    else if (!file->language->implicit_return)
        last = 0;
    if (!last || returns)
        r->keys->open = true;
    else
        read_keys(&inner, last, depth + 1);
}

/* `attributes[:name] = x` after `attributes = {}`. */
static void read_elements(const KeyReader *r, NodeId name, NodeId since)
{
    NodeId function = program_enclosing_function(r->walk->dirty->program, r->file, name);
    for (NodeId id = since; id < flow_end(r->facts, function ? function : 1); id++) {
        const Node *n = &r->facts->nodes[id];
        NodeId receiver = fact_child(r->facts, id, ROLE_RECEIVER);
        if (!receiver || r->facts->nodes[receiver].kind != FACT_NAME ||
            r->facts->nodes[receiver].name != r->facts->nodes[name].name)
            continue;
        NodeId index = fact_child(r->facts, id, ROLE_INDEX);
        FactKind kind = index ? (FactKind)r->facts->nodes[index].kind : FACT_GROUP;
        if (n->kind == FACT_ELEMENT && n->role == ROLE_TARGET)
            add_key(r, kind == FACT_STRING || kind == FACT_SYMBOL ? r->facts->nodes[index].name : 0);
        else if (n->kind == FACT_CALL)
            r->keys->open = true; /* it may add to it */
    }
}

/* `params.delete(:name)`: an open hash is still without that key. */
static void read_removed(const KeyReader *r, NodeId name)
{
    NodeId function = program_enclosing_function(r->walk->dirty->program, r->file, name);
    for (NodeId id = function + 1; id < name; id++) {
        NodeId receiver = fact_child(r->facts, id, ROLE_RECEIVER);
        const Rule *rule = r->facts->nodes[id].kind == FACT_CALL && receiver &&
                                   r->facts->nodes[receiver].kind == FACT_NAME &&
                                   r->facts->nodes[receiver].name == r->facts->nodes[name].name
                               ? keys_rule(r, r->facts->nodes[id].name)
                               : NULL;
        NodeId argument = callsite_argument(r->facts, id, 0);
        if (!rule || !(rule->does & DOES_LESS_KEYS) || !argument ||
            (r->facts->nodes[argument].kind != FACT_SYMBOL && r->facts->nodes[argument].kind != FACT_STRING))
            continue;
        program_fired(r->walk->dirty->program, rule);
        array_push(&r->keys->without, r->facts->nodes[argument].name);
    }
}

static void read_name(const KeyReader *r, NodeId node, int depth)
{
    Program *program = r->walk->dirty->program;
    const Binding *bindings[2];
    size_t count = binding_lookup(program->files.items[r->file], node, bindings, 2);
    if (count == 1 && bindings[0]->kind == BINDING_VALUE && bindings[0]->value) {
        read_keys(r, bindings[0]->value, depth + 1);
        read_elements(r, node, bindings[0]->value);
        return;
    }
    r->keys->open |= count > 0;
    if (count)
        return;
    NodeId given;
    if (local_lookup(program, r->file, node, r->facts->nodes[node].name, &given, 1)) {
        read_keys(r, given, depth + 1);
        return;
    }
    Confidence confidence;
    TypeSet self = resolver_self(r->walk->dirty->resolver, r->file, node);
    Place place = function_of(program, class_of_types(&self, &confidence), r->facts->nodes[node].name);
    if (place.file)
        read_function(r, place, depth);
    else
        r->keys->open = true;
}

static void read_keys(const KeyReader *r, NodeId node, int depth)
{
    const Node *n = &r->facts->nodes[node];
    NodeId receiver = fact_child(r->facts, node, ROLE_RECEIVER);
    const Rule *rule = receiver && (n->kind == FACT_CALL || n->kind == FACT_MEMBER) ? keys_rule(r, n->name) : NULL;
    if (depth > KEYS_DEPTH || r->keys->open) {
        r->keys->open = true;
    } else if (n->kind == FACT_MAP) {
        read_map(r, node);
    } else if (n->kind == FACT_LAMBDA) {
        read_body(r, node, depth);
    } else if (rule && !(rule->does & DOES_LESS_KEYS)) {
        program_fired(r->walk->dirty->program, rule);
        read_arguments(r, node);
        if (rule->does & DOES_MORE_KEYS)
            read_keys(r, receiver, depth + 1);
    } else if (n->kind == FACT_NAME || (n->kind == FACT_CALL && !receiver)) {
        read_name(r, node, depth);
    } else {
        r->keys->open = true;
    }
}

void keys_of_value(Walk *w, NodeId value, Keys *keys)
{
    KeyReader reader = {.walk = w, .file = w->file, .facts = w->facts, .keys = keys};
    read_keys(&reader, value, 0);
    if (keys->open && w->facts->nodes[value].kind == FACT_NAME)
        read_removed(&reader, value);
}

void keys_release(Keys *keys)
{
    array_release(&keys->names);
    array_release(&keys->without);
}
