/*
 * Only a literal that is kept or given back counts, and only one that has a function: a hash of
 * values is an argument or a row more often than an object, and what it holds is told by where it
 * goes. One walk over the nodes of a file.
 */
#include "analyze/program/object.h"

#include "analyze/program/definition.h"

static bool has_function(const Facts *facts, NodeId map)
{
    for (NodeId c = facts->nodes[map].child; c; c = facts->nodes[c].next) {
        NodeId value = facts->nodes[c].kind == FACT_PAIR ? fact_child(facts, c, ROLE_VALUE) : c;
        FactKind kind = value ? (FactKind)facts->nodes[value].kind : FACT_NONE;
        if (kind == FACT_FUNCTION || kind == FACT_LAMBDA)
            return true;
    }
    return false;
}

/* const x = {...}, x.y = {...}, return {...} */
static bool is_kept(const Facts *facts, NodeId map)
{
    FactKind around = (FactKind)facts->nodes[facts->nodes[map].parent].kind;
    return facts->nodes[map].role == ROLE_VALUE &&
           (around == FACT_VARIABLE || around == FACT_ASSIGN || around == FACT_RETURN);
}

static Sym class_name(Program *program, const Facts *facts, NodeId map)
{
    NodeId around = facts->nodes[map].parent;
    NodeId target = fact_child(facts, around, ROLE_TARGET);
    StrBuf buf = {0};
    strbuf_add_c(&buf, "{");
    strbuf_add_str(&buf, names_str(program->names, facts->nodes[target ? target : around].name));
    strbuf_add_c(&buf, "}");
    Sym name = names_intern(program->names, strbuf_str(&buf));
    strbuf_release(&buf);
    return name;
}

void object_link(Program *program, FileId file)
{
    const Facts *facts = &program->files.items[file]->facts;
    if (!program->files.items[file]->language->plain_objects)
        return;
    for (NodeId map = 1; map < facts->count; map++) {
        bool is_static;
        if (facts->nodes[map].kind != FACT_MAP || !is_kept(facts, map) ||
            !has_function(facts, map) || definition_of(program, file, map, &is_static))
            continue;
        ClassId around = program_enclosing_class(program, file, map);
        ClassId id = program_declare_class(program, (Place){file, map},
                                           class_name(program, facts, map));
        program->classes.items[id]->outer = around;
        definition_members(program, id, file, map);
    }
}

ClassId object_class(const Program *program, FileId file, NodeId map)
{
    bool is_static;
    ClassId id = definition_of(program, file, map, &is_static);
    const Class *class = program->classes.items[id];
    bool object = id && class->places.count == 1 && class->places.items[0].file == file &&
                  class->places.items[0].node == map;
    return object ? id : 0;
}
