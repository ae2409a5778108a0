/*
 * Which names are exported is language data (`exports`). A function that a name
 * holds is a function of that name; one that is only given to a wrapper
 * (memo(() => ...)) too.
 */
#include "analyze/program/export.h"

static bool is_top(const Node *nodes, NodeId node)
{
    for (NodeId p = nodes[node].parent; p; p = nodes[p].parent) {
        if (nodes[p].kind != FACT_GROUP && nodes[p].kind != FACT_NAMESPACE &&
            nodes[p].kind != FACT_BLOCK && nodes[p].kind != FACT_FILE)
            return false;
    }
    return true;
}

static void add_global(Program *program, File *file, NodeId node, Sym name)
{
    uint64_t *first = map_get(&program->globals_by_name, name);
    array_push(&program->globals, ((Place){file->id, node}));
    array_push(&program->global_next, first ? (uint32_t)*first : 0);
    map_put(&program->globals_by_name, name, program->globals.count);
}

/* The function that an expression is, or is the first that it wraps; 0 when it is none. */
static NodeId function_in(const Facts *facts, NodeId value)
{
    for (int hops = 0; value && hops < 4; hops++) {
        if (facts->nodes[value].kind == FACT_LAMBDA)
            return value;
        if (facts->nodes[value].kind != FACT_CALL)
            return 0;
        value = fact_child(facts, value, ROLE_ARGUMENT);
    }
    return 0;
}

static void add_value(Program *program, File *file, NodeId node, Sym name, NodeId value)
{
    NodeId function = function_in(&file->facts, value);
    add_global(program, file, node, name);
    if (function && file->language->module_scope)
        program_add_function(program, (Place){file->id, function}, name);
}

void export_variable(Program *program, File *file, NodeId node)
{
    Sym name = file->facts.nodes[node].name;
    const Language *language = file->language;
    if (name && (language->typed || language->module_scope) && is_top(file->facts.nodes, node))
        add_value(program, file, node, name, fact_child(&file->facts, node, ROLE_VALUE));
}

static bool is_exports(const Program *program, const File *file, NodeId node)
{
    Str text = program_text(program, file->id, node);
    for (size_t i = 0; i < file->language->exports.count; i++) {
        if (str_eq(file->language->exports.items[i], text))
            return true;
    }
    return false;
}

void export_assigned(Program *program, File *file, NodeId node)
{
    const Facts *facts = &file->facts;
    NodeId target = fact_child(facts, node, ROLE_TARGET), value = fact_child(facts, node, ROLE_VALUE);
    if (!target || !value || !file->language->exports.count)
        return;
    NodeId receiver = fact_child(facts, target, ROLE_RECEIVER);
    if (receiver && facts->nodes[target].kind == FACT_MEMBER && is_exports(program, file, receiver))
        add_value(program, file, node, facts->nodes[target].name, value);
    if (!is_exports(program, file, target))
        return;
    add_value(program, file, node, names_intern_c(program->names, "default"), value);
    for (NodeId c = facts->nodes[value].kind == FACT_MAP ? facts->nodes[value].child : 0; c;
         c = facts->nodes[c].next) {
        NodeId held = fact_child(facts, c, ROLE_VALUE);
        if (facts->nodes[c].kind == FACT_PAIR && facts->nodes[c].name && held)
            add_value(program, file, c, facts->nodes[c].name, held);
    }
}
