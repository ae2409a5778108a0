/*
 * A hash that defines members becomes the place of a class: what stands in its
 * functions is inside that class. The hash may be written elsewhere in the file
 * and passed by name, or be wrapped in another construction (new Schema({...})).
 */
#include "analyze/program/definition.h"

#include "analyze/program/callsite.h"
#include "analyze/program/naming.h"

#include <string.h>

enum { MOST_HOPS = 4, MOST_MAPS = 10 };

/* `receivers: [Struct]`: what the call is on is spelled so. */
static bool receiver_is_named(const Program *program, const Rule *rule, FileId file, NodeId call)
{
    NodeId receiver = fact_child(&program->files.items[file]->facts, call, ROLE_RECEIVER);
    Str name = names_str(program->names, receiver ? program_node(program, file, receiver)->name : 0);
    for (size_t i = 0; i < rule->receivers.count; i++) {
        if (str_eq(name_last(name), rule->receivers.items[i]))
            return true;
    }
    return !rule->receivers.count;
}

/* `on: class`: what the call is on is written as a class, Layer.extend and not $.extend. */
static bool receiver_is_class(const Program *program, const Rule *rule, FileId file, NodeId call)
{
    NodeId receiver = fact_child(&program->files.items[file]->facts, call, ROLE_RECEIVER);
    Str name = name_last(names_str(program->names, receiver ? program_node(program, file, receiver)->name : 0));
    return !rule->on || (name.length > 1 && name.data[0] >= 'A' && name.data[0] <= 'Z');
}

const Rule *definition_rule(const Program *program, FileId file, NodeId call)
{
    const Node *node = program_node(program, file, call);
    if (node->kind != FACT_CALL || !node->name)
        return NULL;
    for (const Rule *rule = rules_find(&program->rules->definitions, node->name); rule;
         rule = rule->next_same_name) {
        if (strcmp(rule->pack->family, program->files.items[file]->language->family) == 0 &&
            receiver_is_named(program, rule, file, call) &&
            receiver_is_class(program, rule, file, call))
            return rule;
    }
    return NULL;
}

ClassId definition_of(const Program *program, FileId file, NodeId map, bool *is_static)
{
    uint64_t *found = map_get(&program->class_of_map, map_key2(file, map));
    *is_static = found && (*found & 1);
    return found ? (ClassId)(*found >> 1) : 0;
}

/* The value last given to `name` at the top of the file before `use`; 0 when none is seen. */
static NodeId value_named(const Facts *facts, Sym name, NodeId use)
{
    NodeId value = 0;
    for (NodeId n = 1; n < use; n++) {
        if (facts->nodes[n].kind == FACT_VARIABLE && facts->nodes[n].name == name &&
            fact_child(facts, n, ROLE_VALUE))
            value = fact_child(facts, n, ROLE_VALUE);
    }
    return value;
}

/* The hash that an argument is, is called, or is made from; 0 when it is none. */
static NodeId hash_of(const Facts *facts, NodeId argument)
{
    for (int hops = 0; argument && hops < MOST_HOPS; hops++) {
        const Node *node = &facts->nodes[argument];
        switch (node->kind) {
        case FACT_MAP: return argument;
        case FACT_NAME: argument = value_named(facts, node->name, argument); break;
        case FACT_CALL:
        case FACT_NEW: argument = callsite_argument(facts, argument, 0); break;
        case FACT_CAST: argument = fact_child(facts, argument, ROLE_VALUE); break;
        default: return 0;
        }
    }
    return 0;
}

static void add_member(Program *program, ClassId class_id, FileId file, NodeId node, bool is_static,
                       bool column)
{
    const Facts *facts = &program->files.items[file]->facts;
    const Node *n = &facts->nodes[node];
    if (!n->name || (n->kind != FACT_PAIR && n->kind != FACT_FUNCTION))
        return;
    NodeId value = n->kind == FACT_PAIR ? fact_child(facts, node, ROLE_VALUE) : 0;
    bool function = n->kind == FACT_FUNCTION || (value && facts->nodes[value].kind == FACT_LAMBDA);
    Member member = {.name = n->name,
                     .kind = function && !column ? MEMBER_METHOD : MEMBER_FIELD,
                     .is_static = is_static,
                     .column = column,
                     .place = {file, function && value ? value : node},
                     .value = function ? 0 : value};
    program_add_member(program, class_id, member);
}

static void add_hash(Program *program, ClassId class_id, FileId file, NodeId map, bool is_static,
                     bool column)
{
    const Facts *facts = &program->files.items[file]->facts;
    if (map_get(&program->class_of_map, map_key2(file, map)))
        return;
    map_put(&program->class_of_map, map_key2(file, map), ((uint64_t)class_id << 1) | is_static);
    for (NodeId c = facts->nodes[map].child; c; c = facts->nodes[c].next)
        add_member(program, class_id, file, c, is_static, column);
}

void definition_members(Program *program, ClassId class_id, FileId file, NodeId map)
{
    add_hash(program, class_id, file, map, false, false);
}

/* The name that a call's value is given: const Order = ..., Order = ..., exports.Order = ... */
static Sym target_of(const Facts *facts, NodeId call)
{
    for (NodeId p = facts->nodes[call].parent, hops = 0; p && hops < MOST_HOPS;
         p = facts->nodes[p].parent, hops++) {
        NodeId target = fact_child(facts, p, ROLE_TARGET);
        if (facts->nodes[p].kind == FACT_VARIABLE)
            return facts->nodes[p].name;
        if (facts->nodes[p].kind == FACT_ASSIGN)
            return target && facts->nodes[target].kind != FACT_ELEMENT ? facts->nodes[target].name : 0;
        if (facts->nodes[p].kind == FACT_BLOCK || facts->nodes[p].kind == FACT_LAMBDA)
            return 0;
    }
    return 0;
}

static Sym class_name(Program *program, const Rule *rule, FileId file, NodeId call)
{
    CallSite site = {.program = program,
                     .file = file,
                     .call = call,
                     .target = target_of(&program->files.items[file]->facts, call)};
    for (size_t i = 0; i < rule->class_of.count; i++) {
        Sym name = callsite_expand(&site, rule->class_of.items[i].text);
        Str text = names_str(program->names, name);
        if (name && text.length && text.data[0] >= 'A' && text.data[0] <= 'Z')
            return name;
    }
    return 0;
}

static void add_super(Program *program, Class *class, FileId file, NodeId call)
{
    const Facts *facts = &program->files.items[file]->facts;
    NodeId receiver = fact_child(facts, call, ROLE_RECEIVER);
    if (receiver && facts->nodes[receiver].name && facts->nodes[receiver].name != class->name)
        array_push(&class->supers, ((Super){.name = facts->nodes[receiver].name,
                                            .file = file,
                                            .node = receiver}));
}

/* The class that a call names its members of: class Point < Struct.new(:x), Point = Struct.new(:x). */
static ClassId listed_class(Program *program, const Rule *rule, FileId file, NodeId call)
{
    const Node *node = program_node(program, file, call);
    uint64_t *heir = node->role == ROLE_SUPER
                         ? map_get(&program->class_of_node, map_key2(file, node->parent)) : NULL;
    Sym name = heir ? 0 : class_name(program, rule, file, call);
    if (heir || !name)
        return heir ? (ClassId)*heir : 0;
    ClassId around = program_enclosing_class(program, file, call);
    StrBuf qualified = {0};
    if (around) {
        strbuf_add_str(&qualified, names_str(program->names, program->classes.items[around]->qualified));
        strbuf_add_c(&qualified, "::");
    }
    strbuf_add_str(&qualified, names_str(program->names, name));
    ClassId id = program_declare_class(program, (Place){file, call},
                                       names_intern(program->names, strbuf_str(&qualified)));
    strbuf_release(&qualified);
    program->classes.items[id]->outer = around;
    return id;
}

/* The methods in the block of a definition. */
static void add_block(Program *program, ClassId id, FileId file, NodeId call)
{
    const Facts *facts = &program->files.items[file]->facts;
    NodeId block = callsite_block(facts, call);
    NodeId body = block ? fact_child(facts, block, ROLE_BODY) : 0;
    if (body)
        map_put(&program->class_of_node, map_key2(file, block), id);
    for (NodeId c = body ? facts->nodes[body].child : 0; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].kind == FACT_FUNCTION && facts->nodes[c].name)
            program_add_member(program, id,
                               (Member){.name = facts->nodes[c].name,
                                        .kind = MEMBER_METHOD,
                                        .is_static = (facts->nodes[c].flags & FLAG_STATIC) != 0,
                                        .place = {file, c}});
    }
}

/* Struct.new(:email, :name) { ... }: the names are members, the block is the class's body. */
static void link_listed(Program *program, const Rule *rule, FileId file, NodeId call)
{
    const Facts *facts = &program->files.items[file]->facts;
    ClassId id = listed_class(program, rule, file, call);
    if (!id)
        return;
    program_fired(program, rule);
    map_put(&program->class_of_node, map_key2(file, call), id);
    for (NodeId c = facts->nodes[call].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].kind == FACT_SYMBOL && facts->nodes[c].role == ROLE_ARGUMENT)
            program_add_member(program, id, (Member){.name = facts->nodes[c].name,
                                                     .kind = MEMBER_FIELD,
                                                     .column = rule->column,
                                                     .place = {file, c}});
    }
    add_block(program, id, file, call);
}

bool definition_lists(const Program *program, FileId file, NodeId call, NodeId name)
{
    const Rule *rule = definition_rule(program, file, call);
    return rule && rule->each && program_node(program, file, name)->kind == FACT_SYMBOL &&
           program_node(program, file, name)->parent == call;
}

void definition_link(Program *program, FileId file, NodeId call)
{
    const Rule *rule = definition_rule(program, file, call);
    if (rule && rule->each) {
        link_listed(program, rule, file, call);
        return;
    }
    const Facts *facts = &program->files.items[file]->facts;
    NodeId maps[MOST_MAPS];
    bool any = false;
    for (uint32_t i = 0; rule && i < MOST_MAPS; i++) {
        bool wanted = (rule->members_at | rule->statics_at | rule->columns_at) & (1u << i);
        NodeId argument = wanted ? callsite_argument(facts, call, i) : 0;
        maps[i] = argument ? hash_of(facts, argument) : 0;
        any |= maps[i] != 0;
    }
    Sym name = any ? class_name(program, rule, file, call) : 0;
    if (!name)
        return;
    ClassId found[1];
    bool excluded;
    ClassId id = program_resolve_class(program, file, call, name, found, 1, &excluded) &&
                         program->classes.items[found[0]]->places.items[0].file == file
                     ? found[0]
                     : program_declare_class(program, (Place){file, call}, name);
    program_fired(program, rule);
    map_put(&program->class_of_node, map_key2(file, call), id);
    program->classes.items[id]->defined_by = rule;
    if (rule->inherits)
        add_super(program, program->classes.items[id], file, call);
    for (uint32_t i = 0; i < MOST_MAPS; i++) {
        if (maps[i])
            add_hash(program, id, file, maps[i], (rule->statics_at & (1u << i)) != 0,
                     (rule->columns_at & (1u << i)) != 0);
    }
}
