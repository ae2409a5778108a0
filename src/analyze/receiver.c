/*
 * Types of expressions, one case per kind of fact. Recursion follows the
 * program's own structure (a receiver's receiver, a variable's value) and is
 * bounded by DEEPEST, so that hostile chains end as "unknown".
 */
#include "analyze/receiver.h"

#include "analyze/binding.h"
#include "analyze/naming.h"

#include <stdlib.h>

enum { DEEPEST = 100, SET_BUSY = 1, MOST_BINDINGS = 6, MOST_RETURNS = 8, MOST_CALL_SITES = 12 };

Resolver *resolver_new(Program *program)
{
    Resolver *r = mem_alloc(sizeof *r);
    *r = (Resolver){.program = program, .conventions = true};
    array_push(&r->sets, ((TypeSet){0}));
    array_push(&r->sets, ((TypeSet){0}));
    array_push(&r->reasons, ((Reason){0}));
    return r;
}

void resolver_free(Resolver *r)
{
    if (!r)
        return;
    array_release(&r->sets);
    array_release(&r->reasons);
    array_release(&r->needs);
    map_release(&r->need_seen);
    map_release(&r->variables);
    map_release(&r->member_types);
    map_release(&r->param_types);
    free(r);
}

void resolver_reset(Resolver *r)
{
    for (size_t i = 1; i < r->program->files.count; i++) {
        File *file = r->program->files.items[i];
        memset(file->types, 0, file->facts.count * sizeof *file->types);
    }
    r->sets.count = 2;
    r->needs.count = 0;
    map_clear(&r->member_types);
    map_clear(&r->param_types);
}

ReasonId resolver_reason(Resolver *r, FileId file, NodeId node, const char *text, ReasonId before)
{
    array_push(&r->reasons, ((Reason){file, node, text, before}));
    return (ReasonId)r->reasons.count - 1;
}

void resolver_need(Resolver *r, NeedKind kind, Sym name, FileId file)
{
    uint64_t key = map_key2((uint32_t)kind + 1, name);
    if (!name || map_get(&r->need_seen, key))
        return;
    map_put(&r->need_seen, key, 1);
    array_push(&r->needs, ((Need){kind, name, r->program->files.items[file]->language}));
}

void resolver_add_convention(Resolver *r, Sym variable, Shape shape, ClassId class_id)
{
    if (variable && !map_get(&r->variables, variable))
        map_put(&r->variables, variable, map_key2((uint32_t)shape, class_id));
}

TypeSet resolver_element(const TypeSet *set)
{
    TypeSet result = {0};
    for (uint32_t i = 0; i < set->count; i++) {
        Type type = set->items[i];
        if (type.shape == SHAPE_COLLECTION)
            type.shape = SHAPE_INSTANCE;
        else if (type.shape != SHAPE_OTHER && type.shape != SHAPE_INSTANCE)
            continue;
        typeset_add(&result, type);
    }
    return result;
}

static const Node *node_at(const Resolver *r, FileId file, NodeId node)
{
    return program_node(r->program, file, node);
}

static NodeId child_of(const Resolver *r, FileId file, NodeId node, FactRole role)
{
    return fact_child(&r->program->files.items[file]->facts, node, role);
}

static const Language *language_of(const Resolver *r, FileId file)
{
    return r->program->files.items[file]->language;
}

/* --- conventions --- */

/* Looks for the longest known name that `name` ends with after an underscore: new_issue -> issue. */
static uint64_t *find_variable(Resolver *r, Str name)
{
    while (name.length && (name.data[0] == '@' || name.data[0] == '$' || name.data[0] == '_'))
        name = str_slice(name, 1, name.length);
    for (;;) {
        Sym sym = names_lookup(r->program->names, name);
        uint64_t *found = sym ? map_get(&r->variables, sym) : NULL;
        if (found)
            return found;
        size_t bar = str_find_byte(name, '_', 0);
        if (bar == SIZE_MAX)
            return NULL;
        name = str_slice(name, bar + 1, name.length);
    }
}

TypeSet resolver_convention(Resolver *r, FileId file, NodeId node, Sym name)
{
    TypeSet set = {0};
    if (!r->conventions || !name || language_of(r, file)->typed)
        return set;
    uint64_t *found = find_variable(r, names_str(r->program->names, name));
    if (!found)
        return set;
    typeset_add(&set, (Type){.shape = (uint8_t)(*found >> 32),
                             .confidence = CONFIDENCE_LIKELY,
                             .class_id = (ClassId)*found,
                             .reason = resolver_reason(r, file, node, "named after the model", 0)});
    return set;
}

/* --- declared types --- */

static TypeSet class_set(Resolver *r, FileId file, NodeId node, Sym name, Shape shape)
{
    TypeSet set = {0};
    ClassId found[TYPE_SET_MAX];
    bool excluded;
    Program *program = r->program;
    size_t count = program_resolve_class(program, file, node, name, found, TYPE_SET_MAX, &excluded);
    ReasonId reason = resolver_reason(r, file, node, NULL, 0);
    for (size_t i = 0; i < count; i++)
        typeset_add(&set, (Type){.shape = (uint8_t)shape, .class_id = found[i], .reason = reason});
    if (count)
        return set;
    resolver_need(r, NEED_CLASS,
                  names_intern(program->names, name_last(names_str(program->names, name))), file);
    if (shape == SHAPE_CLASS)
        typeset_add(&set, (Type){.shape = SHAPE_CLASS,
                                 .class_id = program_mention_class(program, name),
                                 .reason = reason});
    else
        typeset_add(&set, (Type){.shape = SHAPE_OTHER, .reason = reason});
    return set;
}

static bool is_type_parameter(const Resolver *r, FileId file, NodeId node, Sym name)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    for (NodeId p = facts->nodes[node].parent; p; p = facts->nodes[p].parent) {
        for (NodeId c = facts->nodes[p].child; c; c = facts->nodes[c].next) {
            if (facts->nodes[c].role == ROLE_TYPE_PARAM && facts->nodes[c].name == name)
                return true;
        }
    }
    return false;
}

TypeSet resolver_declared(Resolver *r, FileId file, NodeId type)
{
    const Node *node = node_at(r, file, type);
    NodeId element = child_of(r, file, type, ROLE_ELEMENT);
    TypeSet set = {0};
    uint64_t *class_id = map_get(&r->program->class_of_node, map_key2(file, type));
    NodeId inner = node->child;
    if (!class_id && inner && node_at(r, file, inner)->kind == FACT_CLASS)
        class_id = map_get(&r->program->class_of_node, map_key2(file, inner));
    if (class_id) {
        typeset_add(&set, (Type){.shape = SHAPE_INSTANCE,
                                 .class_id = (ClassId)*class_id,
                                 .reason = resolver_reason(r, file, type, NULL, 0)});
        return set;
    }
    if (element && (node->flags & FLAG_COLLECTION)) {
        /* the last argument is what a map or dictionary holds */
        NodeId held = element;
        for (NodeId c = element; c; c = node_at(r, file, c)->next) {
            if (node_at(r, file, c)->role == ROLE_ELEMENT)
                held = c;
        }
        set = resolver_declared(r, file, held);
        for (uint32_t i = 0; i < set.count; i++) {
            if (set.items[i].shape == SHAPE_INSTANCE)
                set.items[i].shape = SHAPE_COLLECTION;
        }
        return set;
    }
    if (element && (!node->name || (node->flags & FLAG_NULLABLE))) {
        for (NodeId c = element; c; c = node_at(r, file, c)->next) {
            TypeSet part = resolver_declared(r, file, c);
            typeset_join(&set, &part);
        }
        return set;
    }
    if (!node->name || is_type_parameter(r, file, type, node->name))
        return set;
    set = class_set(r, file, type, node->name, SHAPE_INSTANCE);
    if (element && set.count == 1 && set.items[0].shape == SHAPE_OTHER) {
        /* a generic of somebody else's: what it holds may come out of it */
        TypeSet held = resolver_declared(r, file, element);
        for (uint32_t i = 0; i < held.count; i++) {
            if (held.items[i].shape == SHAPE_INSTANCE) {
                held.items[i].shape = SHAPE_COLLECTION;
                held.items[i].confidence = CONFIDENCE_LIKELY;
            }
        }
        return held;
    }
    return set;
}

/* --- self --- */

TypeSet resolver_self(Resolver *r, FileId file, NodeId node)
{
    TypeSet set = {0};
    const Node *nodes = r->program->files.items[file]->facts.nodes;
    Shape shape = SHAPE_UNKNOWN;
    NodeId place = 0;
    for (NodeId p = nodes[node].parent; p && !place; p = nodes[p].parent) {
        if (nodes[p].kind == FACT_FUNCTION && shape == SHAPE_UNKNOWN)
            shape = nodes[p].flags & FLAG_STATIC ? SHAPE_CLASS : SHAPE_INSTANCE;
        if (nodes[p].kind == FACT_CLASS ||
            map_get(&r->program->class_of_node, map_key2(file, p)))
            place = p;
    }
    uint64_t *class_id =
        place ? map_get(&r->program->class_of_node, map_key2(file, place)) : NULL;
    if (class_id)
        typeset_add(&set, (Type){.shape = (uint8_t)(shape == SHAPE_UNKNOWN ? SHAPE_CLASS : shape),
                                 .class_id = (ClassId)*class_id,
                                 .reason = resolver_reason(r, file, place, NULL, 0)});
    return set;
}

/* --- functions --- */

/* The values a block of statements may end with, for languages whose functions return those. */
static void add_last_value(Resolver *r, FileId file, NodeId node, TypeSet *set, int depth)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    const Node *n = &facts->nodes[node];
    if (depth > 12)
        return;
    switch (n->kind) {
    case FACT_BLOCK:
    case FACT_GROUP:
    case FACT_TRY:
    case FACT_CASE: {
        NodeId last = 0;
        for (NodeId c = n->child; c; c = facts->nodes[c].next) {
            if (facts->nodes[c].role != ROLE_HANDLER && facts->nodes[c].role != ROLE_FINALLY)
                last = c;
        }
        if (last)
            add_last_value(r, file, last, set, depth + 1);
        return;
    }
    case FACT_IF:
    case FACT_SWITCH:
        for (NodeId c = n->child; c; c = facts->nodes[c].next) {
            FactRole role = (FactRole)facts->nodes[c].role;
            if (role == ROLE_THEN || role == ROLE_ELSE || facts->nodes[c].kind == FACT_CASE)
                add_last_value(r, file, c, set, depth + 1);
        }
        return;
    case FACT_RETURN: return; /* counted with the return statements */
    default: {
        TypeSet value = resolver_type(r, file, node);
        typeset_join(set, &value);
    }
    }
}

static bool inside_nested_function(const Facts *facts, NodeId node, NodeId function)
{
    for (NodeId p = facts->nodes[node].parent; p && p != function; p = facts->nodes[p].parent) {
        if (facts->nodes[p].kind == FACT_FUNCTION)
            return true;
    }
    return false;
}

TypeSet resolver_returns(Resolver *r, FileId file, NodeId function)
{
    TypeSet set = {0};
    const Facts *facts = &r->program->files.items[file]->facts;
    NodeId declared = fact_child(facts, function, ROLE_RETURN);
    if (declared) {
        set = resolver_declared(r, file, declared);
        if (set.count)
            return set;
    }
    uint32_t end = facts->nodes[function].end;
    int found = 0;
    for (NodeId n = function + 1;
         n < facts->count && facts->nodes[n].start < end && found < MOST_RETURNS; n++) {
        if (facts->nodes[n].kind != FACT_RETURN && facts->nodes[n].kind != FACT_YIELD)
            continue;
        NodeId value = facts->nodes[n].child;
        if (!value || inside_nested_function(facts, n, function))
            continue;
        TypeSet part = resolver_type(r, file, value);
        if (facts->nodes[n].kind == FACT_YIELD && !language_of(r, file)->implicit_return) {
            for (uint32_t i = 0; i < part.count; i++) {
                if (part.items[i].shape == SHAPE_INSTANCE)
                    part.items[i].shape = SHAPE_COLLECTION;
            }
        }
        typeset_join(&set, &part);
        found++;
    }
    NodeId body = fact_child(facts, function, ROLE_BODY);
    if (body && (language_of(r, file)->implicit_return || facts->nodes[body].kind != FACT_BLOCK))
        add_last_value(r, file, body, &set, 0);
    return set;
}

/* --- names --- */

static size_t param_index(const Facts *facts, NodeId param)
{
    size_t index = 0;
    for (NodeId c = facts->nodes[facts->nodes[param].parent].child; c && c != param;
         c = facts->nodes[c].next) {
        if (facts->nodes[c].role == ROLE_PARAM)
            index++;
    }
    return index;
}

/* What is passed for a parameter, by the calls of the function's name in parsed files. */
static TypeSet type_from_calls(Resolver *r, FileId file, NodeId function, NodeId param)
{
    TypeSet set = {0};
    Program *program = r->program;
    const Facts *facts = &program->files.items[file]->facts;
    Sym name = facts->nodes[function].name;
    size_t index = param_index(facts, param);
    bool method = program_enclosing_class(program, file, function) != 0;
    if (method && language_of(r, file)->first_param_is_self && index-- == 0)
        return set;
    uint64_t *first = name ? map_get(&program->calls_by_name, name) : NULL;
    int seen = 0;
    for (uint32_t i = first ? (uint32_t)*first : 0; i && seen < MOST_CALL_SITES;
         i = program->call_next.items[i - 1], seen++) {
        Place call = program->calls.items[i - 1];
        const Facts *there = &program->files.items[call.file]->facts;
        NodeId argument = callsite_keyword(program, call.file, call.node,
                                           names_str(program->names, facts->nodes[param].name));
        if (!argument)
            argument = callsite_argument(there, call.node, index);
        if (!argument || language_of(r, call.file)->family != language_of(r, file)->family)
            continue;
        TypeSet part = resolver_type(r, call.file, argument);
        typeset_join(&set, &part);
    }
    typeset_weaken(&set, CONFIDENCE_LIKELY);
    return set;
}

static TypeSet param_type(Resolver *r, FileId file, const Binding *binding)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    NodeId param = binding->node, function = facts->nodes[param].parent;
    TypeSet set = {0};
    if (facts->nodes[function].kind == FACT_LAMBDA)
        return resolver_yields(r, file, function);
    bool method = facts->nodes[function].kind == FACT_FUNCTION &&
                  map_get(&r->program->class_of_node, map_key2(file, function));
    if (facts->nodes[param].role == ROLE_RECEIVER && method)
        return resolver_self(r, file, param);
    if (language_of(r, file)->first_param_is_self && param_index(facts, param) == 0 &&
        facts->nodes[function].kind == FACT_FUNCTION &&
        program_enclosing_class(r->program, file, function) &&
        !program_enclosing_function(r->program, file, function)) {
        set = resolver_self(r, file, param);
        if (str_eq_c(names_str(r->program->names, facts->nodes[param].name), "cls") && set.count)
            set.items[0].shape = SHAPE_CLASS;
        return set;
    }
    if (binding->value)
        set = resolver_type(r, file, binding->value);
    if (!set.count)
        set = type_from_calls(r, file, function, param);
    return set;
}

static TypeSet part_type(Resolver *r, FileId file, const Binding *binding)
{
    TypeSet set = {0};
    const Facts *facts = &r->program->files.items[file]->facts;
    if (!binding->value)
        return set;
    if (binding->index != UINT32_MAX && facts->nodes[binding->value].kind == FACT_LIST) {
        uint32_t index = 0;
        for (NodeId c = facts->nodes[binding->value].child; c; c = facts->nodes[c].next, index++) {
            if (index == binding->index)
                return resolver_type(r, file, c);
        }
        return set;
    }
    TypeSet whole = resolver_type(r, file, binding->value);
    for (uint32_t i = 0; i < whole.count; i++) {
        TypeSet part = {0};
        if (binding->index == UINT32_MAX)
            part = resolver_member(r, whole.items[i], binding->key, file, binding->node);
        else if (binding->index == 0 || whole.items[i].shape == SHAPE_COLLECTION)
            part = resolver_element(&(TypeSet){1, {whole.items[i]}});
        typeset_join(&set, &part);
    }
    return set;
}

static TypeSet binding_type(Resolver *r, FileId file, const Binding *binding)
{
    TypeSet set = {0};
    if (binding->type) {
        set = resolver_declared(r, file, binding->type);
        if (set.count)
            return set;
    }
    switch (binding->kind) {
    case BINDING_PARAM: return param_type(r, file, binding);
    case BINDING_PART: return part_type(r, file, binding);
    case BINDING_VALUE: return binding->value ? resolver_type(r, file, binding->value) : set;
    case BINDING_EACH:
        if (binding->value)
            set = resolver_type(r, file, binding->value);
        return resolver_element(&set);
    }
    return set;
}

static TypeSet instance_variable_type(Resolver *r, FileId file, NodeId node, Sym name)
{
    TypeSet set = {0};
    TypeSet self = resolver_self(r, file, node);
    MemberId id = self.count ? program_member(r->program, self.items[0].class_id, name) : 0;
    if (id)
        set = resolver_member_type(r, id);
    if (!set.count)
        set = resolver_convention(r, file, node, name);
    return set;
}

static TypeSet import_type(Resolver *r, FileId file, NodeId node, Sym name)
{
    TypeSet set = {0};
    const File *f = r->program->files.items[file];
    for (size_t i = 0; i < f->imports.count; i++) {
        const ImportEntry *entry = &f->imports.items[i];
        if (entry->local == name && !entry->name)
            typeset_add(&set, (Type){.shape = SHAPE_MODULE,
                                     .module = entry->module,
                                     .reason = resolver_reason(r, file, node, NULL, 0)});
    }
    return set;
}

static bool spelled_as_class(const Resolver *r, const Node *node)
{
    Str name = names_str(r->program->names, node->name);
    Str last = name_last(name);
    return (node->flags & FLAG_CONSTANT) ||
           (last.length > 1 && last.data[0] >= 'A' && last.data[0] <= 'Z');
}

static TypeSet implicit_self(Resolver *r, FileId file, NodeId node, Sym name)
{
    TypeSet set = {0};
    TypeSet self = resolver_self(r, file, node);
    for (uint32_t i = 0; i < self.count; i++) {
        TypeSet part = resolver_member(r, self.items[i], name, file, node);
        typeset_join(&set, &part);
    }
    return set;
}

static TypeSet function_result(Resolver *r, FileId file, Sym name)
{
    TypeSet set = {0};
    Program *program = r->program;
    uint64_t *first = map_get(&program->functions_by_name, name);
    int seen = 0;
    if (!first) {
        resolver_need(r, NEED_FUNCTION, name, file);
        return set;
    }
    for (uint32_t i = (uint32_t)*first; i && seen < MOST_RETURNS;
         i = program->function_next.items[i - 1], seen++) {
        Place place = program->functions.items[i - 1];
        if (language_of(r, place.file)->family != language_of(r, file)->family)
            continue;
        TypeSet part = resolver_returns(r, place.file, place.node);
        typeset_join(&set, &part);
    }
    return set;
}

static TypeSet name_type(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node_at(r, file, node);
    const Language *language = language_of(r, file);
    TypeSet set = {0};
    if (n->flags & FLAG_INSTANCE)
        return instance_variable_type(r, file, node, n->name);
    const Binding *bindings[MOST_BINDINGS];
    size_t count = binding_lookup(r->program->files.items[file], node, bindings, MOST_BINDINGS);
    for (size_t i = 0; i < count; i++) {
        TypeSet part = binding_type(r, file, bindings[i]);
        typeset_join(&set, &part);
    }
    if (count && !set.count)
        return resolver_convention(r, file, node, n->name);
    if (count)
        return set;
    set = import_type(r, file, node, n->name);
    if (set.count)
        return set;
    if (spelled_as_class(r, n) || program_class_named(r->program, n->name))
        return class_set(r, file, node, n->name, SHAPE_CLASS);
    if (language->implicit_self)
        set = implicit_self(r, file, node, n->name);
    if (!set.count && language->bare_call) {
        set = resolver_rule_result(r, NULL, n->name, file, node);
        if (!set.count)
            set = function_result(r, file, n->name);
    }
    return set.count ? set : resolver_convention(r, file, node, n->name);
}

/* --- calls --- */

static TypeSet construct(const TypeSet *callee)
{
    TypeSet set = {0};
    for (uint32_t i = 0; i < callee->count; i++) {
        Type type = callee->items[i];
        if (type.shape != SHAPE_CLASS)
            continue;
        type.shape = SHAPE_INSTANCE;
        typeset_add(&set, type);
    }
    return set;
}

static TypeSet bare_call_type(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node_at(r, file, node);
    const Language *language = language_of(r, file);
    TypeSet set = {0};
    const Binding *bindings[MOST_BINDINGS];
    size_t count = binding_lookup(r->program->files.items[file], node, bindings, MOST_BINDINGS);
    for (size_t i = 0; i < count; i++) {
        TypeSet part = binding_type(r, file, bindings[i]);
        part = construct(&part);
        typeset_join(&set, &part);
    }
    if (set.count)
        return set;
    set = resolver_rule_result(r, NULL, n->name, file, node);
    if (!set.count && language->implicit_self)
        set = implicit_self(r, file, node, n->name);
    if (!set.count && !language->bare_call && program_class_named(r->program, n->name)) {
        TypeSet class_types = class_set(r, file, node, n->name, SHAPE_CLASS);
        set = construct(&class_types);
    }
    if (!set.count)
        set = function_result(r, file, n->name);
    if (!set.count && !language->bare_call && spelled_as_class(r, n)) {
        TypeSet class_types = class_set(r, file, node, n->name, SHAPE_CLASS);
        set = construct(&class_types);
    }
    return set;
}

static TypeSet access_type(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node_at(r, file, node);
    NodeId receiver = child_of(r, file, node, ROLE_RECEIVER);
    TypeSet set = {0};
    if (!receiver)
        return n->name ? bare_call_type(r, file, node) : set;
    TypeSet base = resolver_type(r, file, receiver);
    if (!n->name)
        return construct(&base);
    for (uint32_t i = 0; i < base.count; i++) {
        TypeSet part = resolver_member(r, base.items[i], n->name, file, node);
        typeset_join(&set, &part);
    }
    if (!base.count) {
        set = resolver_rule_result(r, &base, n->name, file, node);
        if (!set.count)
            set = resolver_member(r, (Type){.shape = SHAPE_UNKNOWN}, n->name, file, node);
    }
    return set;
}

static TypeSet element_type(Resolver *r, FileId file, NodeId node)
{
    NodeId receiver = child_of(r, file, node, ROLE_RECEIVER);
    TypeSet set = {0};
    if (!receiver)
        return set;
    TypeSet base = resolver_type(r, file, receiver);
    for (uint32_t i = 0; i < base.count; i++) {
        TypeSet part = resolver_element(&(TypeSet){1, {base.items[i]}});
        if (part.count && part.items[0].shape == SHAPE_INSTANCE &&
            base.items[i].shape == SHAPE_COLLECTION)
            typeset_join(&set, &part);
    }
    return set;
}

static TypeSet list_type(Resolver *r, FileId file, NodeId node)
{
    TypeSet set = {0};
    const Facts *facts = &r->program->files.items[file]->facts;
    bool comprehension = facts->nodes[node].kind == FACT_COMPREHENSION;
    int seen = 0;
    for (NodeId c = facts->nodes[node].child; c && seen < 8; c = facts->nodes[c].next, seen++) {
        if (comprehension && facts->nodes[c].role != ROLE_VALUE)
            continue;
        TypeSet part = resolver_type(r, file, c);
        for (uint32_t i = 0; i < part.count; i++) {
            if (part.items[i].shape == SHAPE_INSTANCE) {
                part.items[i].shape = SHAPE_COLLECTION;
                typeset_add(&set, part.items[i]);
            }
        }
    }
    return set;
}

static TypeSet joined(Resolver *r, FileId file, NodeId a, NodeId b)
{
    TypeSet set = {0};
    if (a)
        set = resolver_type(r, file, a);
    if (b) {
        TypeSet part = resolver_type(r, file, b);
        typeset_join(&set, &part);
    }
    return set;
}

static TypeSet binary_type(Resolver *r, FileId file, NodeId node)
{
    Str op = names_str(r->program->names, node_at(r, file, node)->name);
    NodeId left = child_of(r, file, node, ROLE_LEFT), right = child_of(r, file, node, ROLE_RIGHT);
    if (str_eq_c(op, "||") || str_eq_c(op, "or") || str_eq_c(op, "??"))
        return joined(r, file, left, right);
    if (str_eq_c(op, "&&") || str_eq_c(op, "and"))
        return joined(r, file, right, 0);
    TypeSet set = {0}, both = joined(r, file, left, right);
    for (uint32_t i = 0; i < both.count; i++) {
        if (both.items[i].shape == SHAPE_COLLECTION ||
            (both.items[i].shape == SHAPE_INSTANCE && language_of(r, file)->typed))
            typeset_add(&set, both.items[i]); /* list + list, pointer + 1 */
    }
    return set;
}

static TypeSet new_type(Resolver *r, FileId file, NodeId node)
{
    NodeId type = child_of(r, file, node, ROLE_TYPE);
    TypeSet set = {0};
    if (!type)
        return set;
    if (node_at(r, file, type)->kind == FACT_TYPE)
        return resolver_declared(r, file, type);
    TypeSet callee = resolver_type(r, file, type);
    return construct(&callee);
}

static TypeSet other(void)
{
    return (TypeSet){1, {{.shape = SHAPE_OTHER}}};
}

static TypeSet compute(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node_at(r, file, node);
    TypeSet set = {0};
    switch (n->kind) {
    case FACT_NAME: return name_type(r, file, node);
    case FACT_SELF: return resolver_self(r, file, node);
    case FACT_MEMBER:
    case FACT_CALL: return access_type(r, file, node);
    case FACT_NEW: return new_type(r, file, node);
    case FACT_ELEMENT: return element_type(r, file, node);
    case FACT_LIST:
    case FACT_COMPREHENSION: return list_type(r, file, node);
    case FACT_CHOICE:
        return joined(r, file, child_of(r, file, node, ROLE_THEN),
                      child_of(r, file, node, ROLE_ELSE));
    case FACT_BINARY: return binary_type(r, file, node);
    case FACT_CAST: {
        NodeId type = child_of(r, file, node, ROLE_TYPE);
        return type ? resolver_declared(r, file, type) : set;
    }
    case FACT_TYPE: return resolver_declared(r, file, node);
    case FACT_ASSIGN:
    case FACT_UNARY:
    case FACT_ADDRESS:
    case FACT_KEYWORD:
    case FACT_SPLAT:
    case FACT_PAIR: return joined(r, file, child_of(r, file, node, ROLE_VALUE), 0);
    case FACT_GROUP:
    case FACT_BLOCK:
    case FACT_IF:
    case FACT_SWITCH:
    case FACT_TRY: add_last_value(r, file, node, &set, 0); return set;
    case FACT_STRING:
    case FACT_SYMBOL:
    case FACT_LAMBDA: return other();
    default: return set;
    }
}

TypeSet resolver_type(Resolver *r, FileId file, NodeId node)
{
    uint32_t *memo = &r->program->files.items[file]->types[node];
    if (*memo)
        return r->sets.items[*memo];
    if (r->depth > DEEPEST)
        return (TypeSet){0};
    *memo = SET_BUSY;
    r->depth++;
    TypeSet set = compute(r, file, node);
    r->depth--;
    *memo = (uint32_t)r->sets.count;
    array_push(&r->sets, set);
    return set;
}
