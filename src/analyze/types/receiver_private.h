/*
 * receiver_private.h: what the parts of the resolver share. Only receiver*.c include it.
 */
#ifndef STRAGGLER_ANALYZE_RECEIVER_PRIVATE_H
#define STRAGGLER_ANALYZE_RECEIVER_PRIVATE_H

#include "analyze/types/callee.h"
#include "analyze/types/receiver.h"

enum { MOST_BINDINGS = 6, MOST_RETURNS = 8, MOST_CALL_SITES = 12, MOST_CALLS_LOOKED_AT = 20000 };

static inline const Node *node_at(const Resolver *r, FileId file, NodeId node)
{
    return program_node(r->program, file, node);
}

static inline const Facts *facts_of(const Resolver *r, FileId file)
{
    return &r->program->files.items[file]->facts;
}

static inline NodeId child_of(const Resolver *r, FileId file, NodeId node, FactRole role)
{
    return fact_child(&r->program->files.items[file]->facts, node, role);
}

static inline const Language *language_of(const Resolver *r, FileId file)
{
    return r->program->files.items[file]->language;
}

/* The class that `name` means at `node`, as CLASS or INSTANCE; notes a need when it is unknown. */
TypeSet resolver_named_class(Resolver *r, FileId file, NodeId node, Sym name, Shape shape);

/* An object of the class around: what `self` and `static` are as types. */
TypeSet resolver_own_instance(Resolver *r, FileId file, NodeId node);

/*
 * Declared types that are no classes of ours (query builders): where types need not be declared,
 * what is returned or passed says more.
 */
bool resolver_is_outside(const Resolver *r, FileId file, const TypeSet *set);

/* What documentation adds to a declared type: a class below it, what a list or somebody's class holds. */
TypeSet resolver_documented(const Resolver *r, const TypeSet *declared, const TypeSet *documented);

/*
 * A generic of somebody else's: what its arguments (`element`: the first) name may come out of
 * it, classes of ours before others.
 */
TypeSet resolver_held_by(Resolver *r, FileId file, NodeId element);

/*
 * The TYPE that a name stands for when it is an alias of more than a name: a generic, a union, a
 * function. *file: where the name is written; then the alias's file. 0: it is none.
 */
NodeId resolver_alias(const Resolver *r, Sym name, FileId *file);

/* Joins the values that a block of statements may end with; returns count elsewhere. */
void resolver_last_value(Resolver *r, FileId file, NodeId node, TypeSet *set, int depth);

/* The class that one reference of a rule pack means at a call, as INSTANCE; empty when none. */
TypeSet resolver_class_ref(Resolver *r, const ClassRef *ref, FileId file, NodeId call,
                           const TypeSet *receiver);

/* The same types as objects: classes and collections become instances. */
TypeSet resolver_as_instances(TypeSet set);
/* What `super` is at a node: self as one of the classes above. */
TypeSet resolver_super(Resolver *r, FileId file, NodeId node);

/*
 * What a MEMBER or CALL on `base` gives that nothing else tells of. Where a language's types are
 * closed (`closed_types`), what a library's own members give is the library's too, unless
 * something of the code base went in: OTHER, or unknown.
 */
TypeSet resolver_outside(Resolver *r, FileId file, NodeId node, const TypeSet *base);

/* What any key of an object gives, by its class's index signature ([key: string]: Order); empty: it has none. */
TypeSet resolver_index_signature(Resolver *r, Type type);

/* The types of x[key], of a LIST or COMPREHENSION, and of a MAP. */
TypeSet resolver_indexed(Resolver *r, FileId file, NodeId node);
TypeSet resolver_list(Resolver *r, FileId file, NodeId node);
TypeSet resolver_map(Resolver *r, FileId file, NodeId node);

/* The type of a NAME. */
TypeSet resolver_name(Resolver *r, FileId file, NodeId node);

/* The union of what the local bindings of a name or callee give; *found: there are any. */
TypeSet resolver_local(Resolver *r, FileId file, NodeId node, bool *found);

/* What the tests around a use of `name` prove of it; empty when nothing. */
TypeSet resolver_narrowed(Resolver *r, FileId file, NodeId node, Sym name);

/* Whose table the name spelled at `argument` is: an INSTANCE of its class, OTHER, or unknown. */
TypeSet resolver_table(Resolver *r, FileId file, NodeId argument);

/* What `name` gives as a member of self. */
TypeSet resolver_implicit_self(Resolver *r, FileId file, NodeId node, Sym name);

/* What the functions, outside classes, that a bare CALL or NAME may mean give back. */
TypeSet resolver_function(Resolver *r, FileId file, NodeId call);

/* What a variable of the whole program is, that another file declares (in `module`, unless 0). */
TypeSet resolver_global(Resolver *r, FileId file, Sym name, Sym module);

/* What the code base puts elsewhere into this member of an object that is handed around: request.order. */
TypeSet resolver_given(Resolver *r, FileId file, NodeId site);

/* True when a parsed file can be the module; remembered. */
bool resolver_has_module(Resolver *r, Sym module);

/* The collection that a variable still is when it went through a function of somebody else's. */
TypeSet resolver_passed_through(Resolver *r, FileId file, const Binding *binding);

/* A literal without a type of its own: the literal around it tells. */
TypeSet resolver_literal(Resolver *r, FileId file, NodeId node);

/* What a call of `callee` gives, by what its type parameters are given there. */
TypeSet resolver_called(Resolver *r, FileId file, NodeId call, Callee callee);

/* True when a local name that is called holds a function; *set: what it gives. */
bool resolver_called_value(Resolver *r, FileId file, NodeId call, TypeSet *set);

/* One of the results of a call with several: `order, err := load()`. */
TypeSet resolver_result(Resolver *r, FileId file, NodeId value, uint32_t index);

/* May `file` mean what `other` declares, by its bare name or through `module` (0: none)? */
bool resolver_sees(const Resolver *r, FileId file, FileId other, Sym module);

/* True when the program declares a class, or another name of a type, that is called so. */
static inline bool names_a_type(const Resolver *r, Sym name)
{
    for (ClassId id = program_class_named(r->program, name); id;
         id = r->program->class_next.items[id]) {
        if (r->program->classes.items[id]->declared)
            return true;
    }
    return map_get(&r->program->aliases, map_key2(0x80000000u, name)) ||
           map_get(&r->program->alias_types, name);
}

/* Notes that the file which declares `name`, a type, function or variable, would help. */
static inline TypeSet resolver_need_any(Resolver *r, FileId file, Sym name)
{
    resolver_need(r, NEED_CLASS, name, file);
    resolver_need(r, NEED_FUNCTION, name, file);
    return (TypeSet){0};
}

/* What a function that hands through its arguments gives this caller: of several types, the one passed. */
TypeSet resolver_handed(Resolver *r, FileId file, NodeId call, const TypeSet *set);

/*
 * What functions of the code base that `call` means hand to its block as argument `index`, where
 * blocks are what functions yield to.
 */
TypeSet resolver_yielded(Resolver *r, FileId file, NodeId call, size_t index);

#endif
