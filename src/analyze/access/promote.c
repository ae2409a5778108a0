/*
 * A name given as text to an unknown call says little alone. Beside a certain
 * access of the same field in the same function it is surely meant:
 *
 *     sort_init 'email'
 *     sort_update 'email' => "orders.email"
 */
#include "analyze/access/access.h"

/* Not data.get("email"): that is a key of some mapping. */
static bool is_given_name(const Analysis *a, const Hit *hit)
{
    const Facts *facts = &a->program->files.items[hit->file]->facts;
    const Node *node = &facts->nodes[hit->node];
    for (const Rule *rule = rules_find(&a->program->rules->calls, facts->nodes[node->parent].name);
         rule; rule = rule->next_same_name) {
        if (rule->index)
            return false;
    }
    return (node->kind == FACT_STRING || node->kind == FACT_SYMBOL) && node->role == ROLE_ARGUMENT;
}

static bool has_certain(const Analysis *a, const Hit *hit, NodeId function)
{
    const Node *around = program_node(a->program, hit->file, function);
    for (size_t i = 0; i < a->hits.count; i++) {
        const Hit *other = &a->hits.items[i];
        if (other->file == hit->file && other->field == hit->field &&
            other->confidence == CONFIDENCE_CERTAIN && other->start >= around->start &&
            other->end <= around->end)
            return true;
    }
    return false;
}

void promote_hits(Analysis *a)
{
    for (size_t i = 0; i < a->hits.count; i++) {
        Hit *hit = &a->hits.items[i];
        if (hit->confidence != CONFIDENCE_POSSIBLE ||
            !is_given_name(a, hit))
            continue;
        NodeId function = program_enclosing_function(a->program, hit->file, hit->node);
        if (!function || !has_certain(a, hit, function))
            continue;
        hit->confidence = CONFIDENCE_LIKELY;
        hit->why = "a certain access of the field stands in the same function";
    }
}
