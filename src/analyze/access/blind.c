/*
 * What static reading cannot decide about the targets: a name that is computed
 * (`order.send(name)`), and uses of the whole row (`order.attributes`,
 * `SELECT *`). They are listed only where the object is known to be the
 * model's: an unknown receiver would make every `send` one.
 */
#include "analyze/access/access.h"

#include <string.h>

static bool is_plain_name(const Facts *facts, NodeId node)
{
    const Node *n = &facts->nodes[node];
    return (n->kind == FACT_SYMBOL || n->kind == FACT_STRING) && !(n->flags & FLAG_INTERPOLATED);
}

/* True when an argument that should be a name is computed. */
static bool name_is_computed(const Facts *facts, const Rule *rule, NodeId node)
{
    NodeId index = fact_child(facts, node, ROLE_INDEX);
    if (facts->nodes[node].kind == FACT_ELEMENT)
        return index && !is_plain_name(facts, index) && facts->nodes[index].kind != FACT_LITERAL;
    for (size_t i = 0; i < 10; i++) {
        NodeId argument = rule->positions & (1u << i) ? callsite_argument(facts, node, i) : 0;
        if (argument)
            return !is_plain_name(facts, argument) &&
                   facts->nodes[argument].kind != FACT_LITERAL;
    }
    return false;
}

/* The first field of each model that the types belong to; calls back through analysis_blind. */
static void report(Analysis *a, const TypeSet *types, const Rule *rule, FileId file, NodeId node)
{
    const Node *n = program_node(a->program, file, node);
    for (uint32_t f = 0; f < a->fields.count; f++) {
        Verdict verdict;
        bool first = f == 0 || a->fields.items[f].model != a->fields.items[f - 1].model;
        if (!first || a->fields.items[f].is_new || !types->count ||
            !analysis_judge(a, f, rule->on & 0xffff, types, &verdict))
            continue;
        bool row = str_eq_c(rule->what, "whole-row");
        program_fired(a->program, rule);
        analysis_blind(a, f, file, n->at, row ? "whole-row" : "dynamic-name",
                       row ? "the whole row is used, this field with it"
                           : "the name is computed; it may be this field's");
    }
}

void blind_check(Analysis *a, FileId file, NodeId node)
{
    const Program *program = a->program;
    const Facts *facts = &program->files.items[file]->facts;
    if (facts->nodes[node].role == ROLE_TARGET && facts->nodes[node].kind == FACT_MEMBER)
        return; /* order.attributes = {...} names them */
    Sym name = facts->nodes[node].kind == FACT_ELEMENT ? names_lookup(program->names, str_lit("[]"))
                                                       : facts->nodes[node].name;
    for (const Rule *rule = rules_find(&program->rules->blinds, name); rule;
         rule = rule->next_same_name) {
        if (strcmp(rule->pack->family, program->files.items[file]->language->family) != 0)
            continue;
        if (rule->positions && !name_is_computed(facts, rule, node))
            continue;
        NodeId base = fact_child(facts, node, ROLE_RECEIVER);
        TypeSet types = {0};
        if (base)
            types = resolver_type(a->resolver, file, base);
        else if (rule->on & ON_NONE) {
            NodeId subject = callsite_argument(facts, node, 0); /* getattr(x, name) */
            if (subject)
                types = resolver_type(a->resolver, file, subject);
        } else if (program->files.items[file]->language->implicit_self) {
            types = resolver_self(a->resolver, file, node);
        }
        report(a, &types, rule, file, node);
    }
}
