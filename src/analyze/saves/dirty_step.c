/*
 * Transfer functions: one node in, a changed state out. Values of operands were
 * recorded when their own steps ran, so nothing here walks an expression.
 */
#include "analyze/saves/dirty_private.h"

#include "analyze/program/binding.h"

Objects *value_of(Walk *w, NodeId node)
{
    return &w->values[node - w->root];
}

static ObjectId self_of(Walk *w)
{
    return object_root(w, ROOT_SELF, 0);
}

static bool is_local(Walk *w, NodeId node)
{
    const Binding *binding;
    return binding_lookup(w->dirty->program->files.items[w->file], node, &binding, 1) > 0;
}

/* The path that a NAME stands for; 0: it is none. */
static ObjectId path_of_name(Walk *w, NodeId node, bool target)
{
    const Node *n = &w->facts->nodes[node];
    if (n->flags & FLAG_INSTANCE)
        return object_member(w, self_of(w), n->name);
    if (n->name == w->self_name)
        return self_of(w);
    if (target || is_local(w, node))
        return object_root(w, ROOT_NAME, n->name);
    return 0;
}

static void step_name(Walk *w, NodeId node)
{
    const Node *n = &w->facts->nodes[node];
    if (n->role == ROLE_TARGET)
        return;
    ObjectId path = path_of_name(w, node, false);
    if (path)
        *value_of(w, node) = state_at(&w->state, path);
    else if (!(n->flags & FLAG_CONSTANT) && w->implicit_self)
        step_call(w, node);
}

/* What stands behind `a = b`: a name, a member, an element of a member, a list of such. */
static void assign_to(Walk *w, NodeId site, NodeId target, const Objects *values, bool compound)
{
    const Node *n = &w->facts->nodes[target];
    NodeId receiver = fact_child(w->facts, target, ROLE_RECEIVER);
    if (n->kind == FACT_NAME || n->kind == FACT_PARAM || n->kind == FACT_VARIABLE) {
        ObjectId path = path_of_name(w, target, true);
        state_bind(&w->state, path, values, walk_place(w, site), compound);
        if (!values->count && !compound)
            state_forget(w, &w->state, path);
    } else if (n->kind == FACT_MEMBER && receiver) {
        Confidence confidence;
        Objects owners = *value_of(w, receiver);
        assign_member(w, site, &owners, class_at(w, receiver, &confidence), n->name, values,
                      compound);
    } else if (n->kind == FACT_ELEMENT && receiver && !(w->facts->nodes[receiver].flags & FLAG_INSTANCE)) {
        Objects owners = *value_of(w, receiver);
        for (uint32_t i = 0; i < owners.count; i++) {
            ObjectId owner = w->objects.items[owners.items[i]].parent;
            state_mark(&w->state, owner ? owner : owners.items[i], OBJECT_CHANGED, walk_place(w, site));
        }
    }
}

static void step_assign(Walk *w, NodeId node)
{
    NodeId target = fact_child(w->facts, node, ROLE_TARGET);
    NodeId value = fact_child(w->facts, node, ROLE_VALUE);
    bool compound = w->facts->nodes[node].flags & FLAG_COMPOUND;
    Objects values = {0};
    if (value)
        values = *value_of(w, value);
    if (w->facts->nodes[node].kind == FACT_VARIABLE && !target) {
        if (value)
            state_bind(&w->state, object_root(w, ROOT_NAME, w->facts->nodes[node].name), &values,
                       walk_place(w, node), false);
        return;
    }
    if (!target)
        return;
    if (w->facts->nodes[target].kind == FACT_LIST) {
        Objects none = {0};
        NodeId from = value && w->facts->nodes[value].kind == FACT_LIST ? w->facts->nodes[value].child : 0;
        for (NodeId c = w->facts->nodes[target].child; c; c = w->facts->nodes[c].next) {
            Objects part = from ? *value_of(w, from) : none;
            assign_to(w, node, c, &part, compound);
            from = from ? w->facts->nodes[from].next : 0;
        }
        return;
    }
    assign_to(w, node, target, &values, compound);
    objects_join(&values, value_of(w, target));
    *value_of(w, node) = values;
}

/* Binds a name to the elements of collections: another object at each turn. */
static void bind_element(Walk *w, NodeId target, const Objects *sources)
{
    const Node *n = &w->facts->nodes[target];
    if (n->kind != FACT_NAME && n->kind != FACT_PARAM && n->kind != FACT_VARIABLE)
        return;
    Objects elements = *sources;
    bool paths = elements.count > 0;
    for (uint32_t i = 0; i < elements.count; i++)
        paths &= w->objects.items[elements.items[i]].parent != 0;
    if (!paths) {
        ObjectId fresh = object_root(w, ROOT_NODE, target);
        uint32_t stored = 0;
        for (uint32_t i = 0; i < elements.count; i++) {
            const StateEntry *entry = state_flags(&w->state, elements.items[i]);
            stored |= entry ? entry->flags & OBJECT_STORED : 0;
        }
        state_forget(w, &w->state, fresh);
        if (stored)
            state_mark(&w->state, fresh, OBJECT_STORED, walk_place(w, target));
        elements = (Objects){.count = 1, .items = {fresh}};
    }
    ObjectId path = n->flags & FLAG_INSTANCE ? object_member(w, self_of(w), n->name)
                                             : object_root(w, ROOT_NAME, n->name);
    state_bind(&w->state, path, &elements, walk_place(w, target), false);
}

static void step_lambda(Walk *w, NodeId node)
{
    NodeId call = w->facts->nodes[node].parent;
    NodeId receiver = call >= w->root ? fact_child(w->facts, call, ROLE_RECEIVER) : 0;
    Objects from = {0}, made = {0};
    if (receiver)
        from = *value_of(w, receiver);
    if (call >= w->root)
        made = *value_of(w, call);
    bool first = true, makes = false; /* `Order.new { |order| ... }` */
    for (uint32_t i = 0; i < made.count; i++) {
        const StateEntry *entry = state_flags(&w->state, made.items[i]);
        makes |= entry && (entry->flags & OBJECT_NEW) &&
                 w->objects.items[made.items[i]].key == call;
    }
    for (NodeId c = w->facts->nodes[node].child; c; c = w->facts->nodes[c].next) {
        Objects none = {0};
        if (w->facts->nodes[c].kind != FACT_PARAM)
            continue;
        if (first && makes)
            state_bind(&w->state, object_root(w, ROOT_NAME, w->facts->nodes[c].name), &made,
                       walk_place(w, c), false);
        else
            bind_element(w, c, first ? &from : &none);
        first = false;
    }
}

static void join_children(Walk *w, NodeId node, bool last_only)
{
    Objects set = {0};
    for (NodeId c = w->facts->nodes[node].child; c; c = w->facts->nodes[c].next) {
        if (last_only)
            set = (Objects){0};
        objects_join(&set, value_of(w, c));
    }
    *value_of(w, node) = set;
}

static void give_back(Walk *w, NodeId node, const Objects *values)
{
    state_bind(&w->state, object_root(w, ROOT_RETURN, 0), values, walk_place(w, node), true);
}

/* The last statement of a body: what a function may give back, or a block to its call. */
static void step_block(Walk *w, NodeId node)
{
    const Node *n = &w->facts->nodes[node];
    join_children(w, node, true);
    if (n->role != ROLE_BODY)
        return;
    if (n->parent == w->root)
        give_back(w, node, value_of(w, node));
    else if (w->facts->nodes[n->parent].kind == FACT_LAMBDA)
        objects_join(value_of(w, w->facts->nodes[n->parent].parent), value_of(w, node));
}

static void step_binary(Walk *w, NodeId node)
{
    NodeId left = fact_child(w->facts, node, ROLE_LEFT);
    NodeId right = fact_child(w->facts, node, ROLE_RIGHT);
    for (const Rule *rule = rules_find(&w->dirty->program->rules->saves, w->facts->nodes[node].name);
         left && right && rule; rule = rule->next_same_name) {
        if (!(rule->does & DOES_ADD) || !rule_speaks(w, rule))
            continue;
        Objects collections = *value_of(w, left), values = *value_of(w, right);
        program_fired(w->dirty->program, rule);
        add_to_collection(w, node, &collections, &values, rule->does & DOES_AT_ONCE);
        *value_of(w, node) = collections;
        return;
    }
    *value_of(w, node) = (Objects){0};
    if (flow_short_circuit(&w->input, &w->facts->nodes[node]))
        join_children(w, node, false);
}

void step_node(Walk *w, NodeId node)
{
    const Node *n = &w->facts->nodes[node];
    NodeId child;
    switch (n->kind) {
    case FACT_NAME: step_name(w, node); break;
    case FACT_SELF:
        *value_of(w, node) = (Objects){0};
        objects_add(value_of(w, node), self_of(w));
        break;
    case FACT_MEMBER:
        if (n->role == ROLE_TARGET && !(w->facts->nodes[n->parent].flags & FLAG_COMPOUND))
            break;
        step_call(w, node);
        break;
    case FACT_CALL:
    case FACT_NEW: step_call(w, node); break;
    case FACT_SUPER: step_super(w, node); break;
    case FACT_ASSIGN:
    case FACT_VARIABLE: step_assign(w, node); break;
    case FACT_EACH:
        child = fact_child(w->facts, node, ROLE_SOURCE);
        if (child && fact_child(w->facts, node, ROLE_TARGET))
            bind_element(w, fact_child(w->facts, node, ROLE_TARGET), value_of(w, child));
        break;
    case FACT_LAMBDA: step_lambda(w, node); break;
    case FACT_RETURN:
        child = fact_child(w->facts, node, ROLE_VALUE);
        if (child)
            give_back(w, node, value_of(w, child));
        break;
    case FACT_ELEMENT:
        child = fact_child(w->facts, node, ROLE_RECEIVER);
        if (child)
            *value_of(w, node) = *value_of(w, child);
        break;
    case FACT_BINARY: step_binary(w, node); break;
    case FACT_BLOCK: step_block(w, node); break;
    case FACT_LIST:
    case FACT_CHOICE:
    case FACT_IF: join_children(w, node, false); break;
    case FACT_GROUP:
    case FACT_CAST:
    case FACT_UNARY:
    case FACT_ADDRESS:
    case FACT_SPLAT: join_children(w, node, true); break;
    default: break;
    }
}
