/*
 * What languages with declared types need besides: variables of the whole
 * program that another file declares, literals whose type only the literal
 * around them tells, values that are functions, and calls with several results.
 */
#include "analyze/program/binding.h"
#include "analyze/types/callee.h"
#include "analyze/types/receiver_private.h"

#include <string.h>

enum { MOST_GLOBALS = 8 };

static Str folder_of(const Resolver *r, FileId file)
{
    Str path = str_of(r->program->files.items[file]->source->path);
    while (path.length && path.data[path.length - 1] != '/')
        path.length--;
    return path;
}

bool resolver_sees(const Resolver *r, FileId file, FileId other, Sym module)
{
    if (strcmp(language_of(r, other)->family, language_of(r, file)->family) != 0)
        return false;
    if (module)
        return program_in_module(r->program, other, module);
    return !language_of(r, file)->folder_scope ||
           str_eq(folder_of(r, file), folder_of(r, other));
}

TypeSet resolver_global(Resolver *r, FileId file, Sym name, Sym module)
{
    TypeSet set = {0};
    const Program *program = r->program;
    uint64_t *first = map_get(&program->globals_by_name, name);
    int seen = 0;
    if (!module && language_of(r, file)->module_scope)
        return set;
    for (uint32_t i = first ? (uint32_t)*first : 0; i && seen < MOST_GLOBALS;
         i = program->global_next.items[i - 1]) {
        Place place = program->globals.items[i - 1];
        if (!resolver_sees(r, file, place.file, module))
            continue;
        Binding binding = {.node = place.node,
                           .type = child_of(r, place.file, place.node, ROLE_TYPE),
                           .value = child_of(r, place.file, place.node, ROLE_VALUE)};
        TypeSet part = resolver_binding(r, place.file, &binding);
        typeset_join(&set, &part);
        seen++;
    }
    if (!seen && language_of(r, file)->module_scope)
        resolver_need(r, NEED_MODULE, module, file);
    else if (!seen)
        resolver_need(r, NEED_FUNCTION, name, file);
    return set;
}

/* {Email: e} in []Order{...}, map[string]Order{...} or a member of a typed literal. */
TypeSet resolver_literal(Resolver *r, FileId file, NodeId node)
{
    TypeSet set = {0};
    NodeId around = node_at(r, file, node)->parent;
    Sym key = 0;
    if (node_at(r, file, around)->kind == FACT_PAIR) {
        key = node_at(r, file, around)->name;
        around = node_at(r, file, around)->parent;
    }
    FactKind kind = (FactKind)node_at(r, file, around)->kind;
    bool declared = kind == FACT_VARIABLE || kind == FACT_FIELD;
    NodeId type = declared ? child_of(r, file, around, ROLE_TYPE) : 0;
    if (type)
        return resolver_declared(r, file, type);
    if (kind != FACT_NEW)
        return set;
    TypeSet whole = resolver_type(r, file, around);
    for (uint32_t i = 0; i < whole.count; i++) {
        MemberId member = key && whole.items[i].shape == SHAPE_INSTANCE
                              ? program_member(r->program, whole.items[i].class_id, key)
                              : 0;
        TypeSet part = member ? resolver_member_of(r, whole.items[i], member)
                              : resolver_element(&(TypeSet){1, {whole.items[i]}});
        typeset_join(&set, &part);
    }
    return set;
}

bool resolver_called_value(Resolver *r, FileId file, NodeId call, TypeSet *set)
{
    const Binding *binding;
    Callee callee;
    if (!binding_lookup(r->program->files.items[file], call, &binding, 1))
        return false;
    if (!callee_of_type(r, (Callee){.file = file, .node = binding->type}, &callee)) {
        if (binding->type || !binding->value ||
            node_at(r, file, binding->value)->kind != FACT_LAMBDA)
            return false;
        callee = (Callee){.file = file, .node = binding->value};
    }
    *set = resolver_called(r, file, call, callee);
    return true;
}

TypeSet resolver_result(Resolver *r, FileId file, NodeId value, uint32_t index)
{
    TypeSet set = {0};
    if (index == 0)
        return resolver_type(r, file, value);
    if (node_at(r, file, value)->kind != FACT_CALL)
        return set;
    Callee places[MOST_CALLEES];
    size_t count = callee_find(r, file, value, places);
    for (size_t i = 0; i < count; i++) {
        uint32_t at = 0;
        for (NodeId c = node_at(r, places[i].file, places[i].node)->child; c;
             c = node_at(r, places[i].file, c)->next) {
            if (node_at(r, places[i].file, c)->role != ROLE_RETURN || at++ != index)
                continue;
            TypeSet part = resolver_declared(r, places[i].file, c);
            typeset_join(&set, &part);
        }
    }
    return set;
}
