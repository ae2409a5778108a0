/*
 * First the names that matter are collected: receivers of accessors. Then every
 * binding of such a name, and every member called so, is typed without any
 * convention, and the proofs are counted. A name is learned when the proofs
 * speak of one class only, are not outnumbered by bindings of unknown type, and
 * are several, or one when the name looks like the class's (`mlist` for
 * MailingList). The cost is that of typing those bindings.
 */
#include "analyze/access/learn.h"

#include "analyze/program/binding.h"
#include "analyze/program/naming.h"

#include <string.h>

enum { SHORTEST_NAME = 2, ENOUGH_PROOFS = 3 };

typedef struct Learned {
    Sym name;
    ClassId class_id; /* 0: no proof yet */
    Shape shape;
    uint32_t proofs, unknown;
    bool conflict;
} Learned;

typedef struct Learning {
    Analysis *analysis;
    struct { ARRAY_OF(Learned); } names;
    Map index; /* name without sigils -> position + 1 */
} Learning;

/* The name without @, $ and _ in front. */
static Sym bare_name(const Program *program, Sym name)
{
    Str text = names_str(program->names, name);
    while (text.length && (text.data[0] == '@' || text.data[0] == '$' || text.data[0] == '_'))
        text = str_slice(text, 1, text.length);
    return text.length >= SHORTEST_NAME ? names_intern(program->names, text) : 0;
}

static Learned *learned(const Learning *l, Sym name)
{
    Sym bare = name ? bare_name(l->analysis->program, name) : 0;
    uint64_t *found = bare ? map_get(&l->index, bare) : NULL;
    return found ? &l->names.items[*found - 1] : NULL;
}

static void want(Learning *l, Sym name)
{
    Sym bare = name ? bare_name(l->analysis->program, name) : 0;
    if (!bare || map_get(&l->index, bare))
        return;
    array_push(&l->names, ((Learned){.name = bare}));
    map_put(&l->index, bare, l->names.count);
}

static void want_receivers(Learning *l, const File *file)
{
    const Facts *facts = &file->facts;
    for (NodeId id = 1; id < facts->count; id++) {
        const Node *node = &facts->nodes[id];
        if ((node->kind != FACT_MEMBER && node->kind != FACT_CALL) || !node->name ||
            !map_get(&l->analysis->accessor_by_name, node->name))
            continue;
        NodeId receiver = fact_child(facts, id, ROLE_RECEIVER);
        FactKind kind = receiver ? (FactKind)facts->nodes[receiver].kind : FACT_NONE;
        if (kind == FACT_NAME || kind == FACT_MEMBER || kind == FACT_CALL)
            want(l, facts->nodes[receiver].name);
    }
}

/* The class of the two that the other inherits from; 0: they are strangers. */
static ClassId common(const Program *program, ClassId a, ClassId b)
{
    if (program_is_a(program, a, b))
        return b;
    return program_is_a(program, b, a) ? a : 0;
}

static void count_proof(const Program *program, Learned *name, const TypeSet *set)
{
    if (!set->count) {
        name->unknown++;
        return;
    }
    for (uint32_t i = 0; i < set->count; i++) {
        const Type *type = &set->items[i];
        bool object = type->class_id && (type->shape == SHAPE_INSTANCE || type->shape == SHAPE_COLLECTION);
        if (type->confidence > CONFIDENCE_CERTAIN) {
            name->unknown++;
            continue;
        }
        ClassId one = object && name->class_id ? common(program, name->class_id, type->class_id)
                                               : type->class_id;
        if (!object || !one || (name->class_id && name->shape != type->shape)) {
            name->conflict = true;
            return;
        }
        name->class_id = one;
        name->shape = (Shape)type->shape;
        name->proofs++;
    }
}

static void count_bindings(Learning *l, File *file)
{
    size_t count;
    const Binding *bindings = binding_table(file, &count);
    for (size_t i = 0; i < count; i++) {
        Learned *name = learned(l, bindings[i].name);
        if (!name || name->conflict)
            continue;
        TypeSet set = resolver_binding(l->analysis->resolver, file->id, &bindings[i]);
        if (set.count || bindings[i].kind != BINDING_PARAM)
            count_proof(l->analysis->program, name, &set);
    }
}

static void count_members(Learning *l)
{
    const Program *program = l->analysis->program;
    for (MemberId id = 1; id < program->members.count; id++) {
        const Member *member = &program->members.items[id];
        Learned *name = member->kind == MEMBER_METHOD ? NULL : learned(l, member->name);
        if (!name || name->conflict || program->files.items[member->place.file]->language->typed)
            continue;
        TypeSet set = resolver_member_type(l->analysis->resolver, id);
        if (set.count)
            count_proof(program, name, &set);
    }
}

/* True when the letters of `name` stand in `class` in this order: mlist, MailingList. */
static bool looks_like(Str name, Str class)
{
    size_t at = 0;
    for (size_t i = 0; i < class.length && at < name.length; i++)
        at += (name.data[at] | 32) == (class.data[i] | 32);
    return at == name.length;
}

static bool is_enough(const Program *program, const Learned *name)
{
    if (name->conflict || !name->class_id || name->unknown > name->proofs)
        return false;
    return name->proofs >= ENOUGH_PROOFS ||
           looks_like(names_str(program->names, name->name),
                      names_str(program->names, program->classes.items[name->class_id]->name));
}

void learn_names(Analysis *a)
{
    Learning l = {.analysis = a};
    Program *program = a->program;
    a->resolver->conventions = false;
    for (FileId id = 1; id < program->files.count; id++) {
        if (!program->files.items[id]->language->typed)
            want_receivers(&l, program->files.items[id]);
    }
    for (FileId id = 1; id < program->files.count && l.names.count; id++) {
        if (!program->files.items[id]->language->typed)
            count_bindings(&l, program->files.items[id]);
    }
    if (l.names.count)
        count_members(&l);
    a->resolver->conventions = true;
    resolver_forget_types(a->resolver);
    for (size_t i = 0; i < l.names.count; i++) {
        if (is_enough(program, &l.names.items[i]))
            resolver_learn(a->resolver, l.names.items[i].name, l.names.items[i].shape,
                           l.names.items[i].class_id);
    }
    array_release(&l.names);
    map_release(&l.index);
}
