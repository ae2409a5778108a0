/*
 * The keys of a hash that mass assignment is given: spelled out in a literal, in calls that choose
 * keys (`permit(:name)`, `slice`), in a local variable, or in the function that gives the hash. The
 * lists of keys that such calls are given are read alike: `permit(Order.editable + [:note])`.
 * Whatever is not understood leaves the set open.
 */
#include "analyze/saves/dirty_private.h"

#include "analyze/program/binding.h"
#include "analyze/program/local.h"

enum { KEYS_DEPTH = 16, KEYS_MAX = 512 };

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

/* A key, or what holds several: in a list, or as an argument of `permit(:name, tag_ids: [])`. */
static void read_item(const KeyReader *r, NodeId node, int depth)
{
    const Node *n = &r->facts->nodes[node];
    if (n->kind == FACT_KEYWORD || n->kind == FACT_SYMBOL || n->kind == FACT_STRING)
        add_key(r, n->name);
    else
        read_keys(r, n->kind == FACT_SPLAT ? n->child : node, depth + 1);
}

static void read_items(const KeyReader *r, NodeId parent, FactRole role, int depth)
{
    for (NodeId c = r->facts->nodes[parent].child; c; c = r->facts->nodes[c].next) {
        if (role == ROLE_NONE || r->facts->nodes[c].role == role)
            read_item(r, c, depth);
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

/* `return x if x.blank?`: there is nothing in it. */
static bool is_guard(const KeyReader *r, NodeId value)
{
    const Program *program = r->walk->dirty->program;
    NodeId branch = fact_ancestor(r->facts, value, FACT_IF);
    NodeId condition = branch ? fact_child(r->facts, branch, ROLE_CONDITION) : 0;
    NodeId tested = condition ? fact_child(r->facts, condition, ROLE_RECEIVER) : 0;
    return tested && str_eq(program_text(program, r->file, tested), program_text(program, r->file, value));
}

/* What the function returns: at each `return`, and by its last statement. */
static void read_function(const KeyReader *r, Place place, int depth)
{
    const Program *program = r->walk->dirty->program;
    const File *file = program->files.items[place.file];
    KeyReader inner = *r;
    inner.file = place.file;
    inner.facts = &file->facts;
    NodeId last = last_statement(&inner, place.node), end = flow_end(inner.facts, place.node);
    size_t returns = 0;
    for (NodeId id = place.node + 1; id < end; id++) {
        NodeId value = inner.facts->nodes[id].kind == FACT_RETURN ? fact_child(inner.facts, id, ROLE_VALUE) : 0;
        if (!value || is_guard(&inner, value))
            continue;
        returns++;
        read_keys(&inner, value, depth + 1);
    }
    bool gives = last && inner.facts->nodes[last].kind != FACT_RETURN && file->language->implicit_return;
    if (gives)
        read_keys(&inner, last, depth + 1);
    r->keys->open |= !gives && !returns;
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
    if (count == 1 && bindings[0]->kind == BINDING_PARAM) { /* its callers' lists are read at the call */
        NodeId usual = fact_child(r->facts, bindings[0]->node, ROLE_VALUE);
        if (usual)
            read_keys(r, usual, depth + 1);
        r->keys->open |= !usual;
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

/* A method of another object: `Permitted.new(params).call([:extra])`, `self.class.attributes`. */
static void read_method(const KeyReader *r, NodeId call, NodeId receiver, int depth)
{
    Confidence confidence;
    TypeSet types = resolver_type(r->walk->dirty->resolver, r->file, receiver);
    Place place = function_of(r->walk->dirty->program, class_of_types(&types, &confidence),
                              r->facts->nodes[call].name);
    if (!place.file) {
        r->keys->open = true;
        return;
    }
    read_function(r, place, depth + 1);
    for (NodeId c = r->facts->nodes[call].child; c; c = r->facts->nodes[c].next) {
        if (r->facts->nodes[c].role == ROLE_ARGUMENT && r->facts->nodes[c].kind == FACT_LIST)
            read_items(r, c, ROLE_NONE, depth);
    }
}

/* A call or member of another object: one that chooses keys by a rule, or a method. */
static void read_call(const KeyReader *r, NodeId node, NodeId receiver, int depth)
{
    const Rule *rule = keys_rule(r, r->facts->nodes[node].name);
    if (!rule || (rule->does & DOES_LESS_KEYS)) {
        read_method(r, node, receiver, depth);
        return;
    }
    program_fired(r->walk->dirty->program, rule);
    read_items(r, node, ROLE_ARGUMENT, depth);
    if (rule->does & DOES_MORE_KEYS)
        read_keys(r, receiver, depth + 1);
}

static void read_keys(const KeyReader *r, NodeId node, int depth)
{
    NodeId receiver = fact_child(r->facts, node, ROLE_RECEIVER);
    NodeId value = fact_child(r->facts, node, ROLE_VALUE);
    bool open = depth > KEYS_DEPTH || r->keys->open;
    switch (open ? FACT_NONE : (FactKind)r->facts->nodes[node].kind) {
    case FACT_MAP: read_map(r, node); break;
    case FACT_LAMBDA: read_body(r, node, depth); break;
    case FACT_NAME: read_name(r, node, depth); break;
    case FACT_LIST:
    case FACT_BINARY: read_items(r, node, ROLE_NONE, depth); break;
    case FACT_CALL:
    case FACT_MEMBER:
        if (receiver)
            read_call(r, node, receiver, depth);
        else
            read_name(r, node, depth);
        break;
    case FACT_ASSIGN:
        if (value)
            read_keys(r, value, depth + 1);
        r->keys->open |= !value;
        break;
    default: r->keys->open = true; break;
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
