/*
 * What functions are about and give back: self by the class around and the
 * blocks between, results by declaration, by documentation, else by the values
 * of their return statements, of which only the first few count.
 */
#include "analyze/program/definition.h"
#include "analyze/types/callee.h"
#include "analyze/types/companion.h"
#include "analyze/types/doc_type.h"
#include "analyze/types/generic.h"
#include "analyze/types/receiver_private.h"

/*
 * Methods in the block of an association (`has_many :lines do ... end`) belong to what it gives,
 * and so does its scope (`has_many :lines, -> { order(:id) }`).
 */
static bool extension_self(Resolver *r, FileId file, NodeId lambda, TypeSet *set)
{
    const Node *nodes = r->program->files.items[file]->facts.nodes;
    NodeId call = nodes[lambda].parent;
    if (nodes[call].kind != FACT_CALL || !rules_find(&r->program->rules->members, nodes[call].name))
        return false;
    ClassId owner = program_enclosing_class(r->program, file, call);
    NodeId argument = callsite_argument(&r->program->files.items[file]->facts, call, 0);
    Sym name = argument ? nodes[argument].name : 0;
    MemberId id = owner && name ? program_member(r->program, owner, name) : 0;
    if (!id || r->program->members.items[id].place.node != call ||
        r->program->members.items[id].kind != MEMBER_ASSOCIATION)
        return false;
    *set = resolver_member_type(r, id);
    return set->count > 0;
}

/* The class, or the method put on a class from outside, that a node stands for. */
static ClassId class_at(const Resolver *r, FileId file, NodeId node)
{
    uint64_t *found = map_get(&r->program->class_of_node, map_key2(file, node));
    return found ? (ClassId)*found : 0;
}

/* The call without receiver that takes `value`, by itself or in keywords and hashes; 0: none. */
static NodeId call_taking(const Facts *facts, NodeId value)
{
    NodeId call = facts->nodes[value].parent;
    while (call && (facts->nodes[call].kind == FACT_KEYWORD || facts->nodes[call].kind == FACT_PAIR ||
                    facts->nodes[call].kind == FACT_MAP))
        call = facts->nodes[call].parent;
    bool bare = call && facts->nodes[call].kind == FACT_CALL && !fact_child(facts, call, ROLE_RECEIVER);
    return bare ? call : 0;
}

/*
 * What self is in a block that a call in a class body takes: before_save { email },
 * if: -> { email }, presence: {if: proc { email }}.
 */
static Shape block_self(const Resolver *r, FileId file, NodeId lambda)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    if (facts->nodes[lambda].role != ROLE_BLOCK && class_at(r, file, lambda)) /* a prototype's method */
        return SHAPE_INSTANCE;
    for (NodeId call = call_taking(facts, lambda); call;) {
        const Rule *rule = rules_find(&r->program->rules->calls, facts->nodes[call].name);
        while (rule && (!rule->block_self || !resolver_rule_applies(r, rule, file, call, NULL, true)))
            rule = rule->next_same_name;
        if (!rule)
            break;
        program_fired(r->program, rule);
        if (rule->block_self != SHAPE_SAME)
            return rule->block_self;
        call = call_taking(facts, call); /* proc { } is as good as its block */
    }
    return SHAPE_UNKNOWN;
}

/* In a hash of members, self is what the hash defines. */
static bool defined_self(Resolver *r, FileId file, NodeId map, TypeSet *set)
{
    bool is_static;
    ClassId class_id = definition_of(r->program, file, map, &is_static);
    if (class_id)
        typeset_add(set, (Type){.shape = is_static ? SHAPE_CLASS : SHAPE_INSTANCE,
                                .class_id = class_id,
                                .reason = resolver_reason(r, file, map, NULL, 0)});
    return class_id != 0;
}

/* A function whose self is that of the object it is called on, and not that around it. */
static bool has_own_self(const Node *node)
{
    return node->kind == FACT_FUNCTION ||
           (node->kind == FACT_LAMBDA && !(node->flags & FLAG_BOUND));
}

/* What self is in a function or a member of the class, by its place. */
static Shape placed_self(const Resolver *r, FileId file, NodeId place)
{
    const Node *n = node_at(r, file, place);
    if (n->kind == FACT_FUNCTION || n->kind == FACT_FIELD)
        return n->flags & FLAG_STATIC ? SHAPE_CLASS : SHAPE_INSTANCE;
    return n->kind == FACT_LAMBDA ? block_self(r, file, place) : SHAPE_UNKNOWN;
}

/*
 * Goes up from *place to the class around it and sets *shape to what self is there. True when
 * something on the way says what self is, in *set: an object of the framework's, an extension.
 */
static bool climb_to_class(Resolver *r, FileId file, NodeId *place, Shape *shape, TypeSet *set)
{
    const Node *nodes = r->program->files.items[file]->facts.nodes;
    bool own = false;
    for (; *place; *place = nodes[*place].parent) {
        FactKind kind = (FactKind)nodes[*place].kind;
        own |= has_own_self(&nodes[*place]);
        if (kind == FACT_MAP && own && defined_self(r, file, *place, set))
            return true;
        if (kind == FACT_LAMBDA && *shape != SHAPE_CLASS && extension_self(r, file, *place, set))
            return true;
        if (*shape == SHAPE_UNKNOWN)
            *shape = placed_self(r, file, *place);
        if (kind == FACT_CLASS || class_at(r, file, *place))
            return false;
    }
    return false;
}

TypeSet resolver_self(Resolver *r, FileId file, NodeId node)
{
    TypeSet set = {0};
    Shape shape = SHAPE_UNKNOWN;
    NodeId place = program_node(r->program, file, node)->parent;
    if (climb_to_class(r, file, &place, &shape, &set))
        return set;
    ClassId class_id = place ? class_at(r, file, place) : 0;
    if (shape == SHAPE_UNKNOWN && language_of(r, file)->typed)
        shape = SHAPE_INSTANCE; /* values of fields, blocks that initialize */
    if (class_id)
        typeset_add(&set, (Type){.shape = (uint8_t)(shape == SHAPE_UNKNOWN ? SHAPE_CLASS : shape),
                                 .class_id = class_id,
                                 .reason = resolver_reason(r, file, place, NULL, 0)});
    return collection_of(r, &set, 0);
}

void resolver_last_value(Resolver *r, FileId file, NodeId node, TypeSet *set, int depth)
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
            resolver_last_value(r, file, last, set, depth + 1);
        return;
    }
    case FACT_IF:
    case FACT_SWITCH:
        for (NodeId c = n->child; c; c = facts->nodes[c].next) {
            FactRole role = (FactRole)facts->nodes[c].role;
            if (role == ROLE_THEN || role == ROLE_ELSE || facts->nodes[c].kind == FACT_CASE)
                resolver_last_value(r, file, c, set, depth + 1);
        }
        return;
    case FACT_RETURN: return; /* counted with the return statements */
    default: {
        TypeSet value = resolver_type(r, file, node);
        typeset_join(set, &value);
    }
    }
}

static bool inside_nested_function(const Facts *facts, NodeId node, NodeId function, bool lambdas)
{
    for (NodeId p = facts->nodes[node].parent; p && p != function; p = facts->nodes[p].parent) {
        if (facts->nodes[p].kind == FACT_FUNCTION ||
            (lambdas && facts->nodes[p].kind == FACT_LAMBDA))
            return true;
    }
    return false;
}

/* What a generator gives is a collection of what it yields. */
static void collect_yielded(TypeSet *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->items[i].shape == SHAPE_INSTANCE)
            set->items[i].shape = SHAPE_COLLECTION;
    }
}

TypeSet resolver_super(Resolver *r, FileId file, NodeId node)
{
    TypeSet self = resolver_self(r, file, node), set = {0};
    if (language_of(r, file)->bare_call)
        return set; /* super is a call of the method above */
    for (uint32_t i = 0; i < self.count; i++) {
        ClassId class_id = self.items[i].class_id;
        for (size_t s = 0; class_id && s < r->program->classes.items[class_id]->supers.count; s++) {
            Type above = self.items[i];
            above.class_id = r->program->classes.items[class_id]->supers.items[s].class_id;
            if (above.class_id)
                typeset_add(&set, above);
        }
    }
    return set;
}

/* What the return and yield statements of a function give. */
static void add_returned(Resolver *r, FileId file, NodeId function, TypeSet *set)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    bool implicit_return = language_of(r, file)->implicit_return;
    uint32_t end = facts->nodes[function].end;
    int found = 0;
    for (NodeId n = function + 1;
         n < facts->count && facts->nodes[n].start < end && found < MOST_RETURNS; n++) {
        if (facts->nodes[n].kind != FACT_RETURN && facts->nodes[n].kind != FACT_YIELD)
            continue;
        NodeId value = facts->nodes[n].child;
        if (!value || inside_nested_function(facts, n, function, !implicit_return))
            continue;
        TypeSet part = resolver_type(r, file, value);
        if (facts->nodes[n].kind == FACT_YIELD && !implicit_return)
            collect_yielded(&part);
        typeset_join(set, &part);
        found++;
    }
}

/* What `function` hands to its block as argument `index`: `yield order, 1`. */
static void add_yielded(Resolver *r, FileId file, NodeId function, size_t index, TypeSet *set)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    int found = 0;
    for (NodeId n = function + 1; n < facts->count && found < MOST_RETURNS &&
                                  facts->nodes[n].start < facts->nodes[function].end; n++) {
        if (facts->nodes[n].kind != FACT_YIELD || inside_nested_function(facts, n, function, false))
            continue;
        NodeId value = callsite_argument(facts, n, index);
        TypeSet part = {0};
        if (value)
            part = resolver_type(r, file, value);
        typeset_join(set, &part);
        found++;
    }
}

TypeSet resolver_yielded(Resolver *r, FileId file, NodeId call, size_t index)
{
    TypeSet set = {0};
    Callee callees[MOST_CALLEES];
    size_t count = language_of(r, file)->implicit_return ? callee_find(r, file, call, callees) : 0;
    for (size_t i = 0; i < count; i++)
        add_yielded(r, callees[i].file, callees[i].node, index, &set);
    return set;
}

/* True when what the code gives has nothing to do with what its documentation says. */
static bool belies(const Program *program, const TypeSet *code, const TypeSet *doc)
{
    bool known = false;
    for (uint32_t i = 0; i < code->count; i++) {
        ClassId class_id = code->items[i].class_id;
        known |= class_id != 0;
        for (uint32_t k = 0; k < doc->count && class_id; k++) {
            if (program_is_a(program, class_id, doc->items[k].class_id) ||
                program_is_a(program, doc->items[k].class_id, class_id))
                return false;
        }
    }
    return known;
}

bool resolver_is_outside(const Resolver *r, FileId file, const TypeSet *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        ClassId id = set->items[i].class_id;
        if (!id || r->program->classes.items[id]->declared)
            return false;
    }
    return !language_of(r, file)->typed;
}

TypeSet resolver_returns(Resolver *r, FileId file, NodeId function)
{
    TypeSet set = {0}, given = {0};
    const Facts *facts = &r->program->files.items[file]->facts;
    NodeId declared = fact_child(facts, function, ROLE_RETURN);
    if (declared)
        set = resolver_declared(r, file, declared);
    TypeSet doc = doc_return(r, file, function);
    set = set.count ? resolver_documented(r, &set, &doc) : set;
    if (set.count && !resolver_is_outside(r, file, &set))
        return set;
    add_returned(r, file, function, &given);
    NodeId body = fact_child(facts, function, ROLE_BODY);
    if (body && (language_of(r, file)->implicit_return || facts->nodes[body].kind != FACT_BLOCK))
        resolver_last_value(r, file, body, &given, 0);
    if (set.count)
        return resolver_documented(r, &set, &given);
    if (doc.count && !belies(r->program, &given, &doc))
        return doc;
    typeset_join(&given, &doc);
    return given;
}

TypeSet resolver_called(Resolver *r, FileId file, NodeId call, Callee callee)
{
    generic_call(r, file, call, 0, &callee);
    uint32_t given = r->given;
    r->given = callee.given;
    TypeSet set = resolver_returns(r, callee.file, callee.node);
    r->given = given;
    return set;
}

TypeSet resolver_function(Resolver *r, FileId file, NodeId call)
{
    TypeSet set = {0};
    Sym name = node_at(r, file, call)->name;
    Callee callees[MOST_CALLEES];
    size_t count = callee_named(r, file, name, callees);
    for (size_t i = 0; i < count; i++) {
        TypeSet part = resolver_called(r, file, call, callees[i]);
        typeset_join(&set, &part);
    }
    return set;
}
