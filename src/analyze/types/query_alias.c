/*
 * An alias is looked for as a string of its own in the code around: in the function, where queries
 * are mostly built, then in the whole class, whose helpers add conditions to a query that another
 * of its methods began. Aliases of joins lead on through other aliases, a few steps at most. If the
 * class uses one alias for several classes, all of them are given.
 */
#include "analyze/types/query_alias.h"

#include "analyze/types/companion.h"
#include "analyze/types/receiver_private.h"

#include <string.h>

enum { MOST_JOINS = 4, MOST_PLACES = 24 };

static TypeSet alias_types(Resolver *r, FileId file, NodeId node, Sym alias, int joins);

static uint32_t position_bit(const Facts *facts, NodeId call, NodeId argument)
{
    for (size_t i = 0; i < 10; i++) {
        if (callsite_argument(facts, call, i) == argument)
            return 1u << i;
    }
    return 0;
}

static bool refers_to_path(const Rule *rule)
{
    return rule->class_of.count && !rule->class_of.items[0].is_template &&
           str_eq_c(rule->class_of.items[0].words[0], "path");
}

static TypeSet path_types(Resolver *r, FileId file, NodeId path, int joins)
{
    const Node *n = program_node(r->program, file, path);
    TypeSet set = {0};
    Str text = n->kind == FACT_STRING ? names_str(r->program->names, n->name) : str_lit("");
    size_t dot = str_find_byte(text, '.', 0);
    Sym alias = dot != SIZE_MAX ? names_lookup(r->program->names, str_slice(text, 0, dot)) : 0;
    Sym member = dot != SIZE_MAX
                     ? names_lookup(r->program->names, str_slice(text, dot + 1, text.length)) : 0;
    if (!alias || !member || joins >= MOST_JOINS)
        return set;
    TypeSet owners = alias_types(r, file, path, alias, joins + 1);
    for (uint32_t i = 0; i < owners.count; i++) {
        MemberId id = owners.items[i].class_id
                          ? program_member(r->program, owners.items[i].class_id, member) : 0;
        TypeSet part = {0};
        if (id)
            part = resolver_member_type(r, id);
        part = resolver_element(&part);
        typeset_join(&set, &part);
    }
    return set;
}

/* What the call says that its argument, a string, stands for from then on. */
static TypeSet named_by_call(Resolver *r, FileId file, NodeId call, NodeId argument, int joins)
{
    const File *f = r->program->files.items[file];
    uint32_t bit = position_bit(&f->facts, call, argument);
    TypeSet set = {0}, receiver = {0};
    for (const Rule *rule = rules_find(&r->program->rules->calls, f->facts.nodes[call].name);
         rule && !set.count; rule = rule->next_same_name) {
        if (!(rule->alias_at & bit) || strcmp(rule->pack->family, f->language->family) != 0)
            continue;
        NodeId base = fact_child(&f->facts, call, ROLE_RECEIVER);
        if (refers_to_path(rule)) {
            set = path_types(r, file, callsite_argument(&f->facts, call, 0), joins);
        } else {
            if (base)
                receiver = resolver_type(r, file, base);
            receiver = collection_served(r, &receiver);
            if (resolver_rule_applies(r, rule, file, call, base ? &receiver : NULL, false))
                set = resolver_rule_class(r, rule, &rule->class_of, file, call, base ? &receiver : NULL);
        }
        if (set.count)
            program_fired(r->program, rule);
    }
    return set;
}

/* All that the strings below `scope` which spell the alias are said to stand for. */
static TypeSet named_below(Resolver *r, FileId file, NodeId scope, Sym alias, int joins)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    uint32_t end = facts->nodes[scope].end;
    TypeSet set = {0};
    int places = 0;
    for (NodeId n = scope; n < facts->count && facts->nodes[n].start < end && places < MOST_PLACES;
         n++) {
        const Node *node = &facts->nodes[n];
        if (node->kind != FACT_STRING || node->name != alias || node->role != ROLE_ARGUMENT ||
            facts->nodes[node->parent].kind != FACT_CALL)
            continue;
        places++;
        TypeSet part = named_by_call(r, file, node->parent, n, joins);
        typeset_join(&set, &part);
    }
    return set;
}

static TypeSet alias_types(Resolver *r, FileId file, NodeId node, Sym alias, int joins)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    NodeId function = program_enclosing_function(r->program, file, node);
    NodeId class_node = fact_ancestor(facts, node, FACT_CLASS);
    TypeSet set = {0};
    if (function)
        set = named_below(r, file, function, alias, joins);
    if (!set.count && class_node)
        set = named_below(r, file, class_node, alias, joins);
    return set;
}

TypeSet query_alias(Resolver *r, FileId file, NodeId node, Sym alias)
{
    return alias_types(r, file, node, alias, 0);
}

TypeSet query_path(Resolver *r, FileId file, NodeId path)
{
    return path ? path_types(r, file, path, 0) : (TypeSet){0};
}
