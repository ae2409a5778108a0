/*
 * Which operator reaches a member is read from the source's bytes: facts do not
 * tell `.` from `->`. What an address is given to may be declared as pointer to
 * const; that is looked for in the text of the declaration, as far as one is parsed.
 */
#include "analyze/program/place.h"

static bool reaches_value(const File *file, const Node *member)
{
    Str text = file->source->text, operator = file->language->value_member;
    uint32_t at = member->at;
    while (at && (text.data[at - 1] == ' ' || text.data[at - 1] == '\n'))
        at--;
    return operator.length && at >= operator.length &&
           str_eq(str_slice(text, at - operator.length, at), operator);
}

NodeId place_whole(const Program *program, FileId file, NodeId node, bool array)
{
    const File *f = program->files.items[file];
    const Node *nodes = f->facts.nodes;
    for (NodeId p = nodes[node].parent; p && nodes[node].role == ROLE_RECEIVER;
         p = nodes[node].parent) {
        bool part = nodes[p].kind == FACT_MEMBER && reaches_value(f, &nodes[p]);
        bool item = nodes[p].kind == FACT_ELEMENT && array;
        if (!part && !item)
            break;
        array = false;
        node = p;
    }
    return node;
}

static bool says_const(const Program *program, FileId file, NodeId declaration)
{
    return str_find(program_text(program, file, declaration), str_lit("const"), 0) != SIZE_MAX;
}

/* True when every parsed declaration of the called function takes the argument as const. */
static bool is_taken_as_const(const Program *program, FileId file, NodeId call, NodeId argument)
{
    const Node *nodes = program->files.items[file]->facts.nodes;
    size_t index = 0;
    for (NodeId c = nodes[call].child; c && c != argument; c = nodes[c].next)
        index += nodes[c].role == ROLE_ARGUMENT;
    const uint64_t *first = nodes[call].name
                                ? map_get(&program->functions_by_name, nodes[call].name) : NULL;
    if (!first)
        return false;
    Place place = program->functions.items[*first - 1];
    const Node *declared = program->files.items[place.file]->facts.nodes;
    for (NodeId c = declared[place.node].child; c; c = declared[c].next) {
        if (declared[c].role == ROLE_PARAM && index-- == 0)
            return says_const(program, place.file, c);
    }
    return false;
}

bool place_is_lent(const Program *program, FileId file, NodeId node)
{
    const File *f = program->files.items[file];
    const Node *nodes = f->facts.nodes;
    NodeId up = nodes[node].parent;
    if (!f->language->value_member.length || nodes[up].kind != FACT_ADDRESS)
        return false;
    while (nodes[nodes[up].parent].kind == FACT_CAST)
        up = nodes[up].parent;
    NodeId taker = nodes[up].parent;
    if (nodes[taker].kind == FACT_CALL && nodes[up].role == ROLE_ARGUMENT)
        return !is_taken_as_const(program, file, taker, up);
    return nodes[up].role == ROLE_VALUE && nodes[taker].kind == FACT_VARIABLE &&
           !says_const(program, file, taker);
}
