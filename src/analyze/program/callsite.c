/*
 * Small look-ups around one call. They walk the call's children each time:
 * calls have few arguments, and only calls that a rule knows are asked.
 */
#include "analyze/program/callsite.h"

#include "analyze/program/naming.h"

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

/* The hash or list that a value is, is made from (`[...].freeze`), or is named by; 0: none is seen. */
static NodeId literal_of(const Facts *facts, NodeId value)
{
    enum { MOST_HOPS = 4 };
    for (int hops = 0; value && hops < MOST_HOPS; hops++) {
        const Node *node = &facts->nodes[value];
        if (node->kind == FACT_MAP || node->kind == FACT_LIST)
            return value;
        if (node->kind == FACT_MEMBER || node->kind == FACT_CALL) {
            value = fact_child(facts, value, ROLE_RECEIVER);
            continue;
        }
        NodeId found = 0;
        for (NodeId n = 1; node->kind == FACT_NAME && (node->flags & FLAG_CONSTANT) && n < value; n++) {
            NodeId target = facts->nodes[n].kind == FACT_ASSIGN ? fact_child(facts, n, ROLE_TARGET) : 0;
            if (target && facts->nodes[target].name == node->name)
                found = fact_child(facts, n, ROLE_VALUE);
        }
        value = found;
    }
    return 0;
}

static void tell_keys(const Facts *facts, NodeId literal, Sym field, CallsiteKey each, void *context)
{
    for (NodeId c = facts->nodes[literal].child; field && c; c = facts->nodes[c].next) {
        NodeId key = facts->nodes[c].kind == FACT_PAIR && !facts->nodes[c].name
                         ? fact_child(facts, c, ROLE_KEY) : c;
        FactKind kind = (FactKind)facts->nodes[key].kind;
        if ((kind == FACT_PAIR || kind == FACT_SYMBOL || kind == FACT_STRING) && facts->nodes[key].name)
            each(context, field, facts->nodes[key].name);
    }
}

/* open: 0 in enum :state, open: 0, prefix: true */
static bool is_numbered(const Program *program, FileId file, NodeId value)
{
    Str text = program_text(program, file, value);
    return program_node(program, file, value)->kind == FACT_LITERAL && text.length &&
           text.data[0] >= '0' && text.data[0] <= '9';
}

void callsite_keys(const Program *program, FileId file, NodeId call, CallsiteKey each, void *context)
{
    const Facts *facts = &program->files.items[file]->facts;
    NodeId first = callsite_argument(facts, call, 0);
    Sym field = first && facts->nodes[first].kind == FACT_SYMBOL ? facts->nodes[first].name : 0;
    for (NodeId c = facts->nodes[call].child; c; c = facts->nodes[c].next) {
        const Node *node = &facts->nodes[c];
        NodeId value = node->kind == FACT_KEYWORD ? fact_child(facts, c, ROLE_VALUE) : c;
        if (node->role != ROLE_ARGUMENT || c == first || !value)
            continue;
        NodeId literal = literal_of(facts, value);
        if (literal)
            tell_keys(facts, literal, node->kind == FACT_KEYWORD ? node->name : field, each, context);
        else if (node->kind == FACT_KEYWORD && field && is_numbered(program, file, value))
            each(context, field, node->name);
    }
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
    else if (str_eq_c(name, "field"))
        *value = names_str(program->names, site->field);
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
    if (node && site->field && facts->nodes[node].kind == FACT_LITERAL &&
        str_eq_c(program_text(program, site->file, node), "true"))
        *value = names_str(program->names, site->field);
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
