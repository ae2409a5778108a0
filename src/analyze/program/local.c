/*
 * Names are indexed by file while linking, so that a look-up costs the few
 * places of one name in one file. What a name stands for is decided by blocks
 * alone: order does not matter, since such blocks run later than they stand.
 */
#include "analyze/program/local.h"

#include "analyze/program/callsite.h"

#include <string.h>

static void add(Program *program, FileId file, NodeId node, Sym name)
{
    uint64_t key = map_key2(file, name);
    uint64_t *first = map_get(&program->locals_by_name, key);
    array_push(&program->locals, ((Place){file, node}));
    array_push(&program->local_next, first ? (uint32_t)*first : 0);
    map_put(&program->locals_by_name, key, program->locals.count);
}

static const Rule *rule_of(const Program *program, FileId file, NodeId call)
{
    const Node *node = program_node(program, file, call);
    const Rule *rule = node->kind == FACT_CALL ? rules_find(&program->rules->locals, node->name)
                                               : NULL;
    while (rule && strcmp(rule->pack->family, program->files.items[file]->language->family) != 0)
        rule = rule->next_same_name;
    return rule;
}

void local_link(Program *program, FileId file, NodeId node)
{
    const Facts *facts = &program->files.items[file]->facts;
    if (facts->nodes[node].kind == FACT_ASSIGN) {
        NodeId target = fact_child(facts, node, ROLE_TARGET);
        if (target && facts->nodes[target].kind == FACT_NAME &&
            (facts->nodes[target].flags & FLAG_INSTANCE) && fact_child(facts, node, ROLE_VALUE) &&
            !program_enclosing_class(program, file, node))
            add(program, file, node, facts->nodes[target].name);
        return;
    }
    const Rule *rule = rule_of(program, file, node);
    CallSite site = {.program = program, .file = file, .call = node};
    for (size_t i = 0; rule && i < rule->member.count && callsite_block(facts, node); i++) {
        Sym name = callsite_expand(&site, rule->member.items[i]);
        if (!name)
            continue;
        add(program, file, node, name);
        program_fired(program, rule);
    }
}

/* The block that a naming call, or the block that assigns, stands in; 1: the file. */
static NodeId block_around(const Facts *facts, NodeId node)
{
    NodeId p = fact_ancestor(facts, node, FACT_LAMBDA);
    if (p && facts->nodes[node].kind == FACT_ASSIGN)
        p = fact_ancestor(facts, p, FACT_LAMBDA);
    return p ? p : 1;
}

size_t local_lookup(const Program *program, FileId file, NodeId node, Sym name, NodeId *values,
                    size_t max)
{
    const Facts *facts = &program->files.items[file]->facts;
    uint64_t *first = map_get(&program->locals_by_name, map_key2(file, name));
    uint32_t at = facts->nodes[node].start;
    NodeId innermost = 0;
    size_t count = 0;
    for (uint32_t i = first ? (uint32_t)*first : 0; i; i = program->local_next.items[i - 1]) {
        NodeId place = program->locals.items[i - 1].node;
        NodeId block = block_around(facts, place);
        if (at < facts->nodes[block].start || at >= facts->nodes[block].end || block < innermost)
            continue;
        if (block > innermost)
            count = 0;
        innermost = block;
        bool assigned = facts->nodes[place].kind == FACT_ASSIGN;
        if (count < max)
            values[count++] = assigned ? fact_child(facts, place, ROLE_VALUE)
                                       : callsite_block(facts, place);
    }
    return count;
}

Sym local_of_block(const Program *program, FileId file, NodeId block, uint32_t *end)
{
    const Facts *facts = &program->files.items[file]->facts;
    NodeId lambda = facts->nodes[block].parent;
    NodeId call = facts->nodes[lambda].kind == FACT_LAMBDA ? facts->nodes[lambda].parent : 0;
    const Rule *rule = call ? rule_of(program, file, call) : NULL;
    CallSite site = {.program = program, .file = file, .call = call};
    Sym name = 0;
    *end = call ? facts->nodes[block_around(facts, call)].end : 0;
    for (size_t i = 0; rule && i < rule->member.count && !name; i++)
        name = callsite_expand(&site, rule->member.items[i]);
    return name;
}

bool local_is_name(const Program *program, FileId file, NodeId call, NodeId argument)
{
    const Facts *facts = &program->files.items[file]->facts;
    return rule_of(program, file, call) && callsite_block(facts, call) &&
           callsite_argument(facts, call, 0) == argument;
}
