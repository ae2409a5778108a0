/*
 * Small look-ups around one call. They walk the call's children each time:
 * calls have few arguments, and only calls that a rule knows are asked.
 */
#include "analyze/callsite.h"

#include "analyze/naming.h"

NodeId callsite_argument(const Facts *facts, NodeId call, size_t index)
{
    for (NodeId c = facts->nodes[call].child; c; c = facts->nodes[c].next) {
        const Node *node = &facts->nodes[c];
        if (node->role != ROLE_ARGUMENT || node->kind == FACT_KEYWORD)
            continue;
        if (index-- == 0)
            return c;
    }
    return 0;
}

static NodeId pair_value(const Facts *facts, NodeId map, Sym name)
{
    for (NodeId c = facts->nodes[map].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].kind == FACT_PAIR && facts->nodes[c].name == name)
            return fact_child(facts, c, ROLE_VALUE);
    }
    return 0;
}

NodeId callsite_keyword(const Program *program, FileId file, NodeId call, Str name)
{
    const Facts *facts = &program->files.items[file]->facts;
    Sym sym = names_lookup(program->names, name);
    if (!sym)
        return 0;
    for (NodeId c = facts->nodes[call].child; c; c = facts->nodes[c].next) {
        const Node *node = &facts->nodes[c];
        if (node->kind == FACT_KEYWORD && node->name == sym)
            return fact_child(facts, c, ROLE_VALUE);
        if (node->kind == FACT_MAP && node->role == ROLE_ARGUMENT) {
            NodeId value = pair_value(facts, c, sym);
            if (value)
                return value;
        }
    }
    return 0;
}

NodeId callsite_block(const Facts *facts, NodeId call)
{
    NodeId last = 0;
    for (NodeId c = facts->nodes[call].child; c; c = facts->nodes[c].next) {
        const Node *node = &facts->nodes[c];
        if (node->role == ROLE_BLOCK)
            return c;
        if (node->role == ROLE_ARGUMENT && node->kind == FACT_LAMBDA)
            last = c;
    }
    return last;
}

Str callsite_spelled(const Program *program, FileId file, NodeId node)
{
    const Node *n = node ? program_node(program, file, node) : NULL;
    if (!n)
        return (Str){"", 0};
    if (n->kind == FACT_SYMBOL || n->kind == FACT_STRING || n->kind == FACT_NAME ||
        n->kind == FACT_TYPE)
        return names_str(program->names, n->name);
    if (n->kind == FACT_MEMBER)
        return program_text(program, file, node);
    return (Str){"", 0};
}

static bool is_number(Str text)
{
    return text.length == 1 && text.data[0] >= '0' && text.data[0] <= '9';
}

/* The name of a file without its folders and its extension. */
static Str file_stem(const File *file)
{
    Str whole = str_of(file->source->path);
    Str last = name_last(whole); /* the extension, or the whole path when it has none */
    bool cut = last.length < whole.length;
    return name_last(str_slice(whole, 0, whole.length - last.length - cut));
}

/* What is known of the place itself, with or without a call; false: `name` is no such thing. */
static bool place_variable(const CallSite *site, Str name, Str *value)
{
    const Program *program = site->program;
    const Class *around = site->around ? program->classes.items[site->around] : NULL;
    if (str_eq_c(name, "target"))
        *value = names_str(program->names, site->target);
    else if (str_eq_c(name, "member"))
        *value = names_str(program->names, site->member);
    else if (str_eq_c(name, "enclosing") || str_eq_c(name, "model"))
        *value = around ? names_str(program->names, around->name) : *value;
    else if (str_eq_c(name, "qualified"))
        *value = around ? names_str(program->names, around->qualified) : *value;
    else if (str_eq_c(name, "file") && site->file)
        *value = file_stem(program->files.items[site->file]);
    else
        return false;
    return true;
}

bool callsite_variable(void *context, Str name, Str *value)
{
    CallSite *site = context;
    const Program *program = site->program;
    *value = (Str){"", 0};
    if (place_variable(site, name, value))
        return value->length > 0;
    if (!site->call)
        return false;
    const Facts *facts = &program->files.items[site->file]->facts;
    NodeId receiver = fact_child(facts, site->call, ROLE_RECEIVER);
    NodeId node = 0;
    if (str_eq_c(name, "receiver")) {
        *value = receiver ? names_str(program->names, facts->nodes[receiver].name) : *value;
        return value->length > 0;
    }
    if (is_number(name))
        node = callsite_argument(facts, site->call, (size_t)(name.data[0] - '0'));
    else if (str_starts(name, "receiver.") && name.length == 10)
        node = receiver ? callsite_argument(facts, receiver, (size_t)(name.data[9] - '0')) : 0;
    else
        node = callsite_keyword(program, site->file, site->call, name);
    *value = callsite_spelled(program, site->file, node);
    return value->length > 0;
}

Sym callsite_expand(CallSite *site, Str template)
{
    StrBuf buf = {0};
    Sym sym = 0;
    if (template_expand(template, callsite_variable, site, &buf))
        sym = names_intern(site->program->names, strbuf_str(&buf));
    strbuf_release(&buf);
    return sym;
}
