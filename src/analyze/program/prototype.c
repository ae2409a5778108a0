/*
 * A function is a class when its prototype is used in the file, or when it is
 * named like a class and sets members of `this`. Three walks over the nodes:
 * functions by name, which of them are classes, what their prototypes are given.
 * Only what one file says is joined; a prototype that another file extends is not.
 */
#include "analyze/program/prototype.h"

#include "analyze/program/definition.h"

typedef struct Prototypes {
    Program *program;
    File *file;
    const Facts *facts;
    Sym prototype;
    Map functions; /* name -> its FUNCTION or LAMBDA */
    Map classes;   /* name, or name of a variable that holds the prototype -> ClassId */
} Prototypes;

/* The name that a function is given: its own, or that of what it is assigned to. */
static Sym function_name(const Facts *facts, NodeId node)
{
    const Node *n = &facts->nodes[node], *parent = &facts->nodes[n->parent];
    NodeId target = fact_child(facts, n->parent, ROLE_TARGET);
    if (n->kind == FACT_FUNCTION)
        return n->name;
    if (n->role == ROLE_VALUE && parent->kind == FACT_VARIABLE)
        return parent->name;
    bool assigned = n->role == ROLE_VALUE && parent->kind == FACT_ASSIGN && target;
    Sym name = assigned ? facts->nodes[target].name : 0;
    return name && n->name ? n->name : name;
}

static void collect_functions(Prototypes *p)
{
    for (NodeId id = 1; id < p->facts->count; id++) {
        FactKind kind = (FactKind)p->facts->nodes[id].kind;
        if (kind != FACT_FUNCTION && kind != FACT_LAMBDA)
            continue;
        Sym name = function_name(p->facts, id);
        if (name && !map_get(&p->functions, name) &&
            !program_enclosing_class(p->program, p->file->id, id))
            map_put(&p->functions, name, id);
    }
}

static ClassId class_named(const Prototypes *p, Sym name)
{
    uint64_t *found = name ? map_get(&p->classes, name) : NULL;
    return found ? (ClassId)*found : 0;
}

static void declare(Prototypes *p, Sym name)
{
    uint64_t *function = map_get(&p->functions, name);
    if (!function || class_named(p, name))
        return;
    Place place = {p->file->id, (NodeId)*function};
    ClassId id = program_declare_class(p->program, place, name);
    map_put(&p->program->class_of_node, map_key2(place.file, place.node), id);
    map_put(&p->classes, name, id);
}

/* The name of what `node` is the prototype of; 0: it is no prototype. */
static Sym prototype_of(const Prototypes *p, NodeId node)
{
    const Node *n = &p->facts->nodes[node];
    NodeId receiver = n->kind == FACT_MEMBER && n->name == p->prototype
                          ? fact_child(p->facts, node, ROLE_RECEIVER) : 0;
    return receiver ? p->facts->nodes[receiver].name : 0;
}

static bool is_capital(const Prototypes *p, Sym name)
{
    Str text = names_str(p->program->names, name);
    return text.length > 1 && text.data[0] >= 'A' && text.data[0] <= 'Z';
}

/* this.email = e: the function around, named like a class, makes objects. */
static void declare_maker(Prototypes *p, NodeId assign)
{
    NodeId target = fact_child(p->facts, assign, ROLE_TARGET);
    NodeId receiver = target ? fact_child(p->facts, target, ROLE_RECEIVER) : 0;
    if (!receiver || p->facts->nodes[receiver].kind != FACT_SELF)
        return;
    for (NodeId n = p->facts->nodes[assign].parent; n; n = p->facts->nodes[n].parent) {
        FactKind kind = (FactKind)p->facts->nodes[n].kind;
        if (kind == FACT_CLASS)
            return;
        Sym name = kind == FACT_FUNCTION || kind == FACT_LAMBDA ? function_name(p->facts, n) : 0;
        if (name && is_capital(p, name))
            declare(p, name);
        if (name)
            return;
    }
}

static void declare_classes(Prototypes *p)
{
    for (NodeId id = 1; id < p->facts->count; id++) {
        const Node *n = &p->facts->nodes[id];
        Sym name = prototype_of(p, id);
        if (name)
            declare(p, name);
        if (n->kind == FACT_ASSIGN)
            declare_maker(p, id);
        ClassId of = name && p->facts->nodes[n->parent].kind == FACT_VARIABLE ? class_named(p, name) : 0;
        if (of) /* var proto = Order.prototype */
            map_put(&p->classes, p->facts->nodes[n->parent].name, of);
    }
}

/* Order.prototype.send = function () {...} or = send; Order.create = ... */
static void add_member(Prototypes *p, ClassId owner, NodeId target, NodeId value, bool is_static)
{
    const Node *v = &p->facts->nodes[value];
    uint64_t *named = v->kind == FACT_NAME ? map_get(&p->functions, v->name) : NULL;
    NodeId function = v->kind == FACT_LAMBDA ? value : named ? (NodeId)*named : 0;
    uint64_t key = map_key2(p->file->id, function);
    if (function && !is_static && !map_get(&p->program->class_of_node, key))
        map_put(&p->program->class_of_node, key, owner);
    program_add_member(p->program, owner,
                       (Member){.name = p->facts->nodes[target].name,
                                .kind = function ? MEMBER_METHOD : MEMBER_FIELD,
                                .is_static = is_static,
                                .place = {p->file->id, function ? function : target},
                                .value = function ? 0 : value});
}

static void add_super(Prototypes *p, ClassId owner, NodeId node)
{
    Sym name = prototype_of(p, node);
    name = name ? name : p->facts->nodes[node].name;
    Class *class = p->program->classes.items[owner];
    if (name && name != class->name)
        array_push(&class->supers, ((Super){.name = name, .file = p->file->id, .node = node}));
}

/* What is given to the whole prototype: a hash of members, or an object of the class above. */
static void add_whole(Prototypes *p, ClassId owner, NodeId value)
{
    const Node *v = &p->facts->nodes[value];
    if (v->kind == FACT_MAP)
        definition_members(p->program, owner, p->file->id, value);
    NodeId type = v->kind == FACT_NEW ? fact_child(p->facts, value, ROLE_TYPE) : 0;
    if (v->kind == FACT_CALL)
        type = fact_child(p->facts, value, ROLE_ARGUMENT);
    if (type && (v->kind == FACT_NEW || prototype_of(p, type)))
        add_super(p, owner, type);
}

static void look_at_assign(Prototypes *p, NodeId assign)
{
    NodeId target = fact_child(p->facts, assign, ROLE_TARGET);
    NodeId value = fact_child(p->facts, assign, ROLE_VALUE);
    NodeId receiver = target ? fact_child(p->facts, target, ROLE_RECEIVER) : 0;
    while (value && p->facts->nodes[value].kind == FACT_ASSIGN)
        value = fact_child(p->facts, value, ROLE_VALUE); /* a.b = a.c = function */
    if (!value || !receiver || p->facts->nodes[target].kind != FACT_MEMBER)
        return;
    ClassId whole = class_named(p, prototype_of(p, target));
    if (whole) {
        add_whole(p, whole, value);
        return;
    }
    Sym of = prototype_of(p, receiver);
    Sym name = of ? of : p->facts->nodes[receiver].name;
    ClassId owner = class_named(p, name);
    if (!owner || (!of && p->facts->nodes[receiver].kind == FACT_SELF))
        return;
    bool own_name = p->program->classes.items[owner]->name == name;
    add_member(p, owner, target, value, !of && own_name);
}

/* inherits(Line, Order), Object.assign(Order.prototype, {...}) */
static void look_at_call(Prototypes *p, NodeId call)
{
    NodeId first = fact_child(p->facts, call, ROLE_ARGUMENT);
    NodeId second = first ? p->facts->nodes[first].next : 0;
    Sym of = first ? prototype_of(p, first) : 0;
    ClassId owner = first ? class_named(p, of ? of : p->facts->nodes[first].name) : 0;
    if (!owner || !second)
        return;
    for (NodeId c = second; of && c; c = p->facts->nodes[c].next) {
        if (p->facts->nodes[c].kind == FACT_MAP)
            add_whole(p, owner, c);
    }
    Str name = names_str(p->program->names, p->facts->nodes[call].name);
    const StrList *inherit = &p->file->language->inherit_calls;
    for (size_t i = 0; i < inherit->count; i++) {
        if (str_eq(inherit->items[i], name))
            add_super(p, owner, second);
    }
}

void prototype_declare(Program *program, File *file)
{
    if (!file->language->prototype.length)
        return;
    Prototypes p = {.program = program,
                    .file = file,
                    .facts = &file->facts,
                    .prototype = names_intern(program->names, file->language->prototype)};
    collect_functions(&p);
    if (p.functions.count)
        declare_classes(&p);
    for (NodeId id = 1; p.classes.count && id < file->facts.count; id++) {
        if (file->facts.nodes[id].kind == FACT_ASSIGN)
            look_at_assign(&p, id);
        else if (file->facts.nodes[id].kind == FACT_CALL)
            look_at_call(&p, id);
    }
    map_release(&p.functions);
    map_release(&p.classes);
}
