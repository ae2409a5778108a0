/*
 * What an import makes known in its file: a name, and where it comes from.
 * Languages differ in which part of a path the file sees; the last one is
 * right for most, and the whole path is kept beside it.
 */
#include "analyze/program/import.h"

#include "analyze/program/naming.h"

static Sym node_or_text(const Program *program, const File *file, NodeId node)
{
    if (!node)
        return 0;
    Sym name = file->facts.nodes[node].name;
    return name ? name : names_intern(program->names, program_text(program, file->id, node));
}

/*
 * The name that importing a whole module gives the file: the path's last part,
 * but not a version ("github.com/lib/pq", "example.org/orders/v2", "gopkg.in/yaml.v3").
 */
static Sym local_of_module(Program *program, Str module)
{
    while (module.length && !byte_is_word((unsigned char)module.data[module.length - 1]))
        module.length--;
    for (;;) {
        size_t start = module.length;
        while (start && byte_is_word((unsigned char)module.data[start - 1]))
            start--;
        Str last = str_slice(module, start, module.length);
        bool version = last.length > 1 && last.data[0] == 'v' && start > 1;
        for (size_t i = 1; i < last.length && version; i++)
            version = last.data[i] >= '0' && last.data[i] <= '9';
        if (!version)
            return names_intern(program->names, last);
        module = str_slice(module, 0, start - 1);
    }
}

void import_declared(Program *program, File *file, NodeId node)
{
    const Facts *facts = &file->facts;
    Sym name = facts->nodes[node].name;
    Sym module = node_or_text(program, file, fact_child(facts, node, ROLE_SOURCE));
    Sym alias = node_or_text(program, file, fact_child(facts, node, ROLE_ALIAS));
    Str text = names_str(program->names, name);
    ImportEntry entry = {alias ? alias : name, name, module};
    if (!module) {
        /* import a.b.C: the last segment is what the file sees; it may be a class or a module */
        Str last = name_last(text);
        Str owner = str_slice(text, 0, text.length - last.length);
        while (owner.length && !byte_is_word((unsigned char)owner.data[owner.length - 1]))
            owner.length--;
        if (owner.length && str_eq(name_last(owner), last))
            return; /* using Order::Order: constructors */
        entry.module = name;
        entry.name = 0;
        if (!alias)
            entry.local = names_intern(program->names, last);
    } else if (!name && !alias) {
        entry.local = local_of_module(program, names_str(program->names, module));
    }
    array_push(&file->imports, entry);
}

/* const Order = require("./order"); const {Order, Line: L} = require("./models") */
void import_call(Program *program, File *file, NodeId variable)
{
    const Facts *facts = &file->facts;
    NodeId call = fact_child(facts, variable, ROLE_VALUE);
    NodeId module = call && facts->nodes[call].kind == FACT_CALL
                        ? fact_child(facts, call, ROLE_ARGUMENT) : 0;
    if (!module || facts->nodes[module].kind != FACT_STRING || !facts->nodes[module].name ||
        fact_child(facts, call, ROLE_RECEIVER))
        return;
    Str callee = names_str(program->names, facts->nodes[call].name);
    bool imports = false;
    for (size_t i = 0; i < file->language->import_calls.count; i++)
        imports |= str_eq(callee, file->language->import_calls.items[i]);
    NodeId target = fact_child(facts, variable, ROLE_TARGET);
    Sym path = facts->nodes[module].name;
    if (!imports)
        return;
    if (facts->nodes[variable].name)
        array_push(&file->imports, ((ImportEntry){facts->nodes[variable].name, 0, path}));
    for (NodeId c = target ? facts->nodes[target].child : 0; c; c = facts->nodes[c].next) {
        NodeId local = fact_child(facts, c, ROLE_VALUE);
        if (facts->nodes[c].kind == FACT_PAIR && local)
            array_push(&file->imports, ((ImportEntry){facts->nodes[local].name, facts->nodes[c].name,
                                                      path}));
    }
}
