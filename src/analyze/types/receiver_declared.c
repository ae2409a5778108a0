/*
 * Types as they are written: annotations, fields, parameters, results, casts.
 * Recursion follows a written type inwards, which the parser's depth bounds.
 */
#include "analyze/program/naming.h"
#include "analyze/types/generic.h"
#include "analyze/types/receiver_private.h"

#include <string.h>

enum { DEEPEST_ALIAS = 90, DEEPEST_BOUND = 3 };

TypeSet resolver_named_class(Resolver *r, FileId file, NodeId node, Sym name, Shape shape)
{
    TypeSet set = {0};
    ClassId found[TYPE_SET_MAX];
    bool excluded;
    Program *program = r->program;
    size_t count = program_resolve_class(program, file, node, name, found, TYPE_SET_MAX, &excluded);
    ReasonId reason = resolver_reason(r, file, node, NULL, 0);
    for (size_t i = 0; i < count; i++)
        typeset_add(&set, (Type){.shape = (uint8_t)shape, .class_id = found[i], .reason = reason});
    if (count)
        return set;
    resolver_need(r, NEED_CLASS,
                  names_intern(program->names, name_last(names_str(program->names, name))), file);
    typeset_add(&set, (Type){.shape = (uint8_t)shape,
                             .class_id = program_mention_class(program, name),
                             .reason = reason});
    return set;
}

/* The declaration of the type parameter that `name` is at `node`; 0: it is none. */
static NodeId type_parameter(const Resolver *r, FileId file, NodeId node, Sym name)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    for (NodeId p = facts->nodes[node].parent; p; p = facts->nodes[p].parent) {
        for (NodeId c = facts->nodes[p].child; c; c = facts->nodes[c].next) {
            if (facts->nodes[c].role == ROLE_TYPE_PARAM && facts->nodes[c].name == name)
                return c;
        }
    }
    return 0;
}

TypeSet resolver_held_by(Resolver *r, FileId file, NodeId element)
{
    TypeSet ours = {0}, first = {0};
    for (NodeId c = element; c; c = node_at(r, file, c)->next) {
        if (node_at(r, file, c)->role != ROLE_ELEMENT)
            continue;
        TypeSet held = resolver_declared(r, file, c);
        for (uint32_t i = 0; i < held.count; i++) {
            if (held.items[i].shape != SHAPE_INSTANCE && held.items[i].shape != SHAPE_COLLECTION)
                continue;
            held.items[i].shape = SHAPE_COLLECTION;
            held.items[i].confidence = CONFIDENCE_LIKELY;
            if (r->program->classes.items[held.items[i].class_id]->declared)
                typeset_add(&ours, held.items[i]);
        }
        if (c == element)
            first = held;
    }
    return ours.count ? ours : first;
}

TypeSet resolver_own_instance(Resolver *r, FileId file, NodeId node)
{
    TypeSet set = resolver_self(r, file, node);
    for (uint32_t i = 0; i < set.count; i++) {
        if (set.items[i].shape == SHAPE_CLASS)
            set.items[i].shape = SHAPE_INSTANCE;
    }
    return set;
}

/* True when `type` says more than `declared`: a class below it, or what a class of others holds. */
static bool says_more(const Resolver *r, Type type, const TypeSet *declared)
{
    for (uint32_t i = 0; i < declared->count; i++) {
        ClassId known = declared->items[i].class_id;
        if (!known || !r->program->classes.items[known]->declared ||
            type.shape == SHAPE_COLLECTION || program_is_a(r->program, type.class_id, known))
            return true;
    }
    return declared->count == 0;
}

TypeSet resolver_documented(const Resolver *r, const TypeSet *declared, const TypeSet *documented)
{
    bool more = documented->count > 0;
    for (uint32_t i = 0; i < documented->count; i++)
        more &= says_more(r, documented->items[i], declared);
    return more ? *documented : *declared;
}

/* The class that a type's own node declares: an inline struct or object type. */
static ClassId class_in_place(const Resolver *r, FileId file, NodeId type)
{
    uint64_t *found = map_get(&r->program->class_of_node, map_key2(file, type));
    NodeId inner = node_at(r, file, type)->child;
    if (!found && inner && node_at(r, file, inner)->kind == FACT_CLASS &&
        !node_at(r, file, inner)->next)
        found = map_get(&r->program->class_of_node, map_key2(file, inner));
    return found ? (ClassId)*found : 0;
}

/* A list, map or dictionary by its arguments, of which the last is what it holds. */
static TypeSet declared_collection(Resolver *r, FileId file, NodeId type, NodeId element)
{
    NodeId held = element, key = child_of(r, file, type, ROLE_KEY);
    TypeSet keys = {0};
    if (key)
        keys = resolver_declared(r, file, key);
    for (NodeId c = element; c; c = node_at(r, file, c)->next) {
        if (node_at(r, file, c)->role == ROLE_ELEMENT)
            held = c;
    }
    TypeSet set = resolver_declared(r, file, held);
    if (!set.count && keys.count) /* map[Order]struct{}: only the keys say something */
        typeset_add(&set, (Type){.shape = SHAPE_COLLECTION,
                                 .class_id = program_mention_class(
                                     r->program, names_intern(r->program->names,
                                                              program_text(r->program, file, held)))});
    for (uint32_t i = 0; i < set.count; i++) {
        if (set.items[i].shape == SHAPE_INSTANCE)
            set.items[i].shape = SHAPE_COLLECTION;
        set.items[i].key = keys.count == 1 ? keys.items[0].class_id : 0;
    }
    return set;
}

/* One of several types: a union, or something that may be absent. */
static TypeSet declared_union(Resolver *r, FileId file, NodeId element)
{
    TypeSet set = {0};
    for (NodeId c = element; c; c = node_at(r, file, c)->next) {
        TypeSet part = resolver_declared(r, file, c);
        typeset_join(&set, &part);
    }
    return set;
}

/* The module that the first part of a qualified name stands for, by the file's imports; 0. */
static Sym written_module(const Resolver *r, FileId file, Str name)
{
    const File *f = r->program->files.items[file];
    size_t end = 0;
    while (end < name.length && byte_is_word((unsigned char)name.data[end]))
        end++;
    Sym local = end < name.length ? names_lookup(r->program->names, str_slice(name, 0, end)) : 0;
    for (size_t i = 0; local && i < f->imports.count; i++) {
        if (f->imports.items[i].local == local)
            return f->imports.items[i].module;
    }
    return 0;
}

NodeId resolver_alias(const Resolver *r, Sym name, FileId *file)
{
    const Program *program = r->program;
    Str text = names_str(program->names, name), last = name_last(text);
    Sym whole = names_lookup(program->names, last);
    uint64_t *found = whole ? map_get(&program->alias_types, whole) : NULL;
    if (!found && last.length < text.length) {
        Str owner = str_slice(text, 0, text.length - last.length);
        while (owner.length && !byte_is_word((unsigned char)owner.data[owner.length - 1]))
            owner.length--;
        Sym sym = names_lookup(program->names, name_last(owner));
        found = sym ? map_get(&program->alias_types, sym) : NULL;
    }
    Sym module = written_module(r, *file, text);
    for (uint32_t i = found ? (uint32_t)*found : 0; i; i = program->alias_next.items[i - 1]) {
        Place place = program->alias_places.items[i - 1];
        if (!resolver_sees(r, *file, place.file, module))
            continue;
        *file = place.file;
        return place.node;
    }
    return 0;
}

/* What a type parameter stands for here, else what it is bound to, <T extends Order>, or has by default. */
static TypeSet declared_bound(Resolver *r, FileId file, NodeId parameter)
{
    NodeId bound = child_of(r, file, parameter, ROLE_TYPE);
    TypeSet set = {0};
    if (generic_lookup(r, file, parameter, &set))
        return set;
    if (!bound)
        bound = child_of(r, file, parameter, ROLE_VALUE);
    if (!bound || r->bounds == DEEPEST_BOUND)
        return set; /* <T extends Comparable<T>> ends */
    r->bounds++;
    set = resolver_declared(r, file, bound);
    r->bounds--;
    return set;
}

/* A type written with a name: a type parameter, an alias, or a class. */
static TypeSet declared_by_name(Resolver *r, FileId file, NodeId type)
{
    Sym name = node_at(r, file, type)->name;
    NodeId parameter = type_parameter(r, file, type, name);
    TypeSet set = {0};
    if (parameter)
        return declared_bound(r, file, parameter);
    FileId home = file;
    NodeId meant = resolver_alias(r, name, &home);
    if (meant && r->depth < DEEPEST_ALIAS) { /* using A = list<A> ends */
        uint32_t given = r->given;
        r->given = generic_extend(r, given, (Place){home, meant}, file, type);
        r->depth++;
        set = resolver_declared(r, home, meant);
        r->depth--;
        r->given = given;
        return set;
    }
    NodeId element = child_of(r, file, type, ROLE_ELEMENT);
    set = resolver_named_class(r, file, type, name, SHAPE_INSTANCE);
    if (element && set.count == 1 && !r->program->classes.items[set.items[0].class_id]->declared)
        return resolver_held_by(r, file, element);
    for (uint32_t i = 0; element && i < set.count; i++)
        set.items[i].given = generic_class(r, set.items[i].class_id, file, type);
    return set;
}

/* Order["lines"][number]: the type of a member, or of what is held. */
static TypeSet indexed_type(Resolver *r, FileId file, NodeId element)
{
    TypeSet set = resolver_declared(r, file, element);
    while ((element = node_at(r, file, element)->next)) {
        Str key = names_str(r->program->names, node_at(r, file, element)->name);
        bool literal = key.length > 2 && (key.data[0] == '"' || key.data[0] == '\'');
        Sym name = literal ? names_lookup(r->program->names, str_slice(key, 1, key.length - 1)) : 0;
        TypeSet next = {0};
        for (uint32_t i = 0; i < set.count; i++) {
            MemberId id = name && set.items[i].class_id
                              ? program_member(r->program, set.items[i].class_id, name) : 0;
            TypeSet part = {0};
            if (id)
                part = resolver_member_of(r, set.items[i], id);
            else if (!literal && set.items[i].shape == SHAPE_COLLECTION)
                part = resolver_element(&(TypeSet){1, {set.items[i]}});
            else if (!literal)
                part = resolver_index_signature(r, set.items[i]);
            typeset_join(&next, &part);
        }
        set = next;
    }
    return set;
}

/* A type that is made by an operator: T["key"], typeof value; a test, `x is Order`, is a bool. */
static bool declared_operator(Resolver *r, FileId file, NodeId type, TypeSet *set)
{
    Str name = names_str(r->program->names, node_at(r, file, type)->name);
    NodeId value = child_of(r, file, type, ROLE_VALUE);
    NodeId element = child_of(r, file, type, ROLE_ELEMENT);
    if (str_eq_c(name, "[]") && element)
        *set = indexed_type(r, file, element);
    else if (str_eq_c(name, "typeof") && value)
        *set = resolver_type(r, file, value);
    else
        return str_eq_c(name, "is") && element;
    return true;
}

static TypeSet declared_type(Resolver *r, FileId file, NodeId type)
{
    if (node_at(r, file, type)->kind == FACT_PARAM) { /* a result with a name */
        type = child_of(r, file, type, ROLE_TYPE);
        if (!type)
            return (TypeSet){0};
    }
    const Node *node = node_at(r, file, type);
    NodeId element = child_of(r, file, type, ROLE_ELEMENT);
    TypeSet set = {0};
    if (node->kind == FACT_SELF)
        return resolver_own_instance(r, file, type);
    if (node->kind == FACT_SUPER || declared_operator(r, file, type, &set))
        return set;
    ClassId class_id = class_in_place(r, file, type);
    if (class_id) {
        typeset_add(&set, (Type){.shape = SHAPE_INSTANCE,
                                 .class_id = class_id,
                                 .given = r->given,
                                 .reason = resolver_reason(r, file, type, NULL, 0)});
        return set;
    }
    if (element && (node->flags & FLAG_COLLECTION))
        return declared_collection(r, file, type, element);
    bool intersection = str_eq_c(names_str(r->program->names, node->name), "&");
    if (element && (!node->name || (node->flags & FLAG_NULLABLE) || intersection))
        return declared_union(r, file, element);
    if (node->name)
        return declared_by_name(r, file, type);
    NodeId result = child_of(r, file, type, ROLE_RETURN);
    return result ? resolver_declared(r, file, result) : set; /* a function: what calling it gives */
}

TypeSet resolver_declared(Resolver *r, FileId file, NodeId type)
{
    TypeSet set = declared_type(r, file, type);
    for (uint32_t i = 0; i < set.count && (node_at(r, file, type)->flags & FLAG_STATIC); i++) {
        if (set.items[i].shape == SHAPE_INSTANCE)
            set.items[i].shape = SHAPE_CLASS; /* type[Order] */
    }
    return set;
}
