/*
 * What a test around a name tells of it: inside `if x.is_a?(Order)`,
 * `case x when Order`, `isinstance(x, Order)` or `x instanceof Order`, x is an
 * Order. Tests by call are data (`narrows` in rule packs). What encloses the use
 * counts, and `if (!test) return;` before it in the same block; of a longer
 * block only the first MOST_STATEMENTS are looked at.
 */
#include "analyze/program/naming.h"
#include "analyze/types/receiver_private.h"

enum { MOST_LEVELS = 24, MOST_STATEMENTS = 100 };

static bool is_name(const Facts *facts, NodeId node, Sym name)
{
    return node && facts->nodes[node].kind == FACT_NAME && facts->nodes[node].name == name;
}

/* The class that a tested value names: a constant, or its name in a string. */
static TypeSet tested_class(Resolver *r, FileId file, NodeId node)
{
    TypeSet set = {0}, result = {0};
    const Node *n = node ? node_at(r, file, node) : NULL;
    if (!n)
        return result;
    if (n->kind == FACT_STRING && n->name &&
        program_class_named(r->program,
                            names_lookup(r->program->names,
                                         name_last(names_str(r->program->names, n->name)))))
        set = resolver_named_class(r, file, node, n->name, SHAPE_CLASS);
    else if (n->kind == FACT_TYPE)
        return resolver_declared(r, file, node);
    else if (n->kind == FACT_NAME || n->kind == FACT_MEMBER)
        set = resolver_type(r, file, node);
    for (uint32_t i = 0; i < set.count; i++) {
        Type type = set.items[i];
        if (type.shape != SHAPE_CLASS)
            continue;
        type.shape = SHAPE_INSTANCE;
        typeset_add(&result, type);
    }
    return result;
}

static TypeSet by_call(Resolver *r, FileId file, NodeId call, Sym name)
{
    const Facts *facts = facts_of(r, file);
    const RuleSet *rules = r->program->rules;
    for (const Rule *rule = rules_find(&rules->calls, facts->nodes[call].name); rule;
         rule = rule->next_same_name) {
        if (!rule->narrows.length ||
            strcmp(rule->pack->family, language_of(r, file)->family) != 0)
            continue;
        bool of_receiver = str_eq_c(rule->narrows, "receiver");
        NodeId subject = of_receiver ? fact_child(facts, call, ROLE_RECEIVER)
                                     : callsite_argument(facts, call, 0);
        if (!is_name(facts, subject, name))
            continue;
        program_fired(r->program, rule);
        return tested_class(r, file, callsite_argument(facts, call, of_receiver ? 0 : 1));
    }
    return (TypeSet){0};
}

/* What a condition proves of `name` when it is true; both sides of `and` are looked at. */
static TypeSet by_condition(Resolver *r, FileId file, NodeId condition, Sym name, int depth)
{
    const Facts *facts = facts_of(r, file);
    const Node *node = &facts->nodes[condition];
    TypeSet set = {0};
    if (node->kind == FACT_CALL)
        return by_call(r, file, condition, name);
    if (node->kind != FACT_BINARY || depth > 8)
        return set;
    Str op = names_str(r->program->names, node->name);
    NodeId left = fact_child(facts, condition, ROLE_LEFT);
    NodeId right = fact_child(facts, condition, ROLE_RIGHT);
    if (str_eq_c(op, "instanceof") && is_name(facts, left, name))
        return tested_class(r, file, right);
    if (!str_eq_c(op, "&&") && !str_eq_c(op, "and"))
        return set;
    if (left)
        set = by_condition(r, file, left, name, depth + 1);
    if (!set.count && right)
        set = by_condition(r, file, right, name, depth + 1);
    return set;
}

/* case x when Order; case x.class.name when "Order" */
static TypeSet by_case(Resolver *r, FileId file, NodeId node, Sym name)
{
    const Facts *facts = facts_of(r, file);
    NodeId value = fact_child(facts, facts->nodes[node].parent, ROLE_VALUE);
    TypeSet set = {0};
    bool typed = language_of(r, file)->typed; /* there x.member is not x's own class */
    while (value && !typed && facts->nodes[value].kind == FACT_MEMBER)
        value = fact_child(facts, value, ROLE_RECEIVER);
    if (!is_name(facts, value, name))
        return set;
    for (NodeId c = facts->nodes[node].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].role != ROLE_CONDITION)
            continue;
        TypeSet part = tested_class(r, file, c);
        typeset_join(&set, &part);
    }
    return set;
}

/* What a condition proves of `name` when it is false: !test, and either side of `or`. */
static TypeSet by_refusal(Resolver *r, FileId file, NodeId condition, Sym name, int depth)
{
    const Facts *facts = facts_of(r, file);
    const Node *node = &facts->nodes[condition];
    Str op = names_str(r->program->names, node->name);
    TypeSet set = {0};
    const OperatorWords *words = &language_of(r, file)->operators;
    if (node->kind == FACT_UNARY && strlist_has(&words->negate, op)) {
        NodeId value = fact_child(facts, condition, ROLE_VALUE);
        return value ? by_condition(r, file, value, name, 0) : set;
    }
    bool either = node->kind == FACT_BINARY || node->kind == FACT_CHOICE;
    if (!either || depth > 8 || !strlist_has(&words->either, op))
        return set;
    for (NodeId c = node->child; c && !set.count; c = facts->nodes[c].next)
        set = by_refusal(r, file, c, name, depth + 1);
    return set;
}

/* True when what follows the block is reached only without it. */
static bool leaves(const Facts *facts, NodeId block)
{
    NodeId last = block ? facts->nodes[block].child : 0;
    while (last && facts->nodes[last].next)
        last = facts->nodes[last].next;
    FactKind kind = (FactKind)facts->nodes[last].kind;
    return kind == FACT_RETURN || kind == FACT_THROW || kind == FACT_CONTINUE || kind == FACT_BREAK;
}

/* if (!x instanceof Order) return; before the statement, in the same block */
static TypeSet by_guard(Resolver *r, FileId file, NodeId block, NodeId statement, Sym name)
{
    const Facts *facts = facts_of(r, file);
    TypeSet set = {0};
    int seen = 0;
    for (NodeId c = facts->nodes[block].child; c && c != statement && seen < MOST_STATEMENTS;
         c = facts->nodes[c].next, seen++) {
        NodeId condition =
            facts->nodes[c].kind == FACT_IF ? fact_child(facts, c, ROLE_CONDITION) : 0;
        if (!condition || fact_child(facts, c, ROLE_ELSE) ||
            !leaves(facts, fact_child(facts, c, ROLE_THEN)))
            continue;
        TypeSet proved = by_refusal(r, file, condition, name, 0);
        set = proved.count ? proved : set;
    }
    return set;
}

TypeSet resolver_narrowed(Resolver *r, FileId file, NodeId node, Sym name)
{
    const Facts *facts = facts_of(r, file);
    TypeSet set = {0};
    NodeId child = node;
    int levels = 0;
    for (NodeId p = facts->nodes[node].parent; p && levels < MOST_LEVELS && !set.count;
         child = p, p = facts->nodes[p].parent, levels++) {
        FactKind kind = (FactKind)facts->nodes[p].kind;
        FactRole role = (FactRole)facts->nodes[child].role;
        if (kind == FACT_FUNCTION || kind == FACT_CLASS)
            break;
        NodeId condition = 0;
        if ((kind == FACT_IF || kind == FACT_CHOICE) && role == ROLE_THEN)
            condition = fact_child(facts, p, ROLE_CONDITION);
        else if (kind == FACT_BINARY && role == ROLE_RIGHT)
            condition = fact_child(facts, p, ROLE_LEFT);
        if (condition)
            set = by_condition(r, file, condition, name, 0);
        else if (kind == FACT_BLOCK)
            set = by_guard(r, file, p, child, name);
        else if (kind == FACT_CASE && role == ROLE_BODY)
            set = by_case(r, file, p, name);
    }
    return set;
}
