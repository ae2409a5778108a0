/*
 * Decorators are looked at where a class is linked or asked about, and are few: each question walks
 * the direct children of one declaration.
 */
#include "analyze/program/decorated.h"

#include "analyze/program/naming.h"

/* A decorator by its name, a struct tag by one of its keys. */
static bool decorator_is(const Program *program, const File *file, NodeId decorator,
                         const StrList *names)
{
    const Node *node = &file->facts.nodes[decorator];
    Str text = program_text(program, file->id, decorator);
    Sym name = node->name || !node->child ? node->name : file->facts.nodes[node->child].name;
    for (size_t i = 0; i < names->count; i++) {
        size_t at = node->kind == FACT_STRING ? str_find(text, names->items[i], 0) : SIZE_MAX;
        size_t end = at + names->items[i].length;
        if (at != SIZE_MAX && at && !byte_is_word((unsigned char)text.data[at - 1]) &&
            end < text.length && text.data[end] == ':')
            return true;
        if (node->kind != FACT_STRING && name_ends_in(names_str(program->names, name), names->items[i]))
            return true;
    }
    return false;
}

static bool is_decorated(const Program *program, Place place, const Rule *rule)
{
    const File *file = program->files.items[place.file];
    const Node *nodes = file->facts.nodes;
    NodeId body = fact_child(&file->facts, place.node, ROLE_BODY);
    NodeId first[] = {nodes[place.node].child, body ? nodes[body].child : 0};
    for (NodeId c = first[0]; c; c = nodes[c].next) {
        if (nodes[c].role == ROLE_DECORATOR && decorator_is(program, file, c, &rule->decorators))
            return true;
    }
    for (NodeId f = first[1]; f; f = nodes[f].next) {
        for (NodeId c = nodes[f].kind == FACT_FIELD ? nodes[f].child : 0; c; c = nodes[c].next) {
            if (nodes[c].role == ROLE_DECORATOR && decorator_is(program, file, c, &rule->decorators))
                return true;
        }
    }
    return false;
}

const Rule *decorated_model_rule(const Program *program, const Class *class)
{
    for (size_t r = 0; r < program->rules->sections[RULE_MODEL].count; r++) {
        const Rule *rule = program->rules->sections[RULE_MODEL].items[r];
        for (size_t p = 0; rule->decorators.count && p < class->places.count; p++) {
            Place place = class->places.items[p];
            if (str_eq_c(str_of(rule->pack->family), program->files.items[place.file]->language->family) &&
                is_decorated(program, place, rule))
                return rule;
        }
    }
    return NULL;
}

/* `name: "x"` of a keyword argument or of a hash, a plain "x", or 0. */
static NodeId naming_text(const Program *program, const Facts *facts, NodeId argument)
{
    const Node *n = &facts->nodes[argument];
    NodeId value = n->kind == FACT_STRING && n->role == ROLE_ARGUMENT ? argument : 0;
    if ((n->kind == FACT_KEYWORD || n->kind == FACT_PAIR) &&
        str_eq_c(names_str(program->names, n->name), "name"))
        value = fact_child(facts, argument, ROLE_VALUE);
    for (NodeId c = n->kind == FACT_MAP ? n->child : 0; c && !value; c = facts->nodes[c].next)
        value = naming_text(program, facts, c);
    return value && facts->nodes[value].kind == FACT_STRING ? value : 0;
}

NodeId decorated_text(const Program *program, FileId file, NodeId node, const StrList *names)
{
    const File *f = program->files.items[file];
    const Facts *facts = &f->facts;
    for (NodeId c = facts->nodes[node].child; c && names->count; c = facts->nodes[c].next) {
        if (facts->nodes[c].role != ROLE_DECORATOR || !decorator_is(program, f, c, names))
            continue;
        NodeId first = facts->nodes[c].child;
        if (first && facts->nodes[first].kind == FACT_CALL)
            first = facts->nodes[first].child;
        for (NodeId argument = first; argument; argument = facts->nodes[argument].next) {
            NodeId text = naming_text(program, facts, argument);
            if (text)
                return text;
        }
    }
    return 0;
}

NodeId decorated_column(const Program *program, const Class *class, Sym name, FileId *file)
{
    uint64_t *first = class->model_rule ? map_get(&class->members, name) : NULL;
    for (MemberId id = first ? (MemberId)*first : 0; id; id = program->members.items[id].next) {
        const Member *member = &program->members.items[id];
        NodeId text = member->kind == MEMBER_FIELD
                          ? decorated_text(program, member->place.file, member->place.node,
                                           &class->model_rule->column_decorator) : 0;
        *file = member->place.file;
        if (text)
            return text;
    }
    return 0;
}
