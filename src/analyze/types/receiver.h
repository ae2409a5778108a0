/*
 * receiver.h: the type of an expression, by demand.
 *
 * resolver_type answers for one node and remembers; it asks for the types of
 * other nodes, in other files too, only as far as needed. Cycles are cut: a
 * node that is being asked answers "unknown". What could not be answered
 * because a declaration was in no parsed file is noted as a Need, so that the
 * next round can parse the file that has it.
 *
 *     Resolver *r = resolver_new(program);
 *     TypeSet set = resolver_type(r, file, node);
 */
#ifndef STRAGGLER_ANALYZE_RECEIVER_H
#define STRAGGLER_ANALYZE_RECEIVER_H

#include "analyze/program/callsite.h"
#include "analyze/program/type.h"

/*
 * What must be parsed. NEED_CLASS, NEED_FUNCTION: files that may declare one of that name.
 * NEED_FEW: a function that tells nothing when many declare one of its name. NEED_TEXT: files that
 * hold the name, as a template's path or a function's. NEED_CALLERS: files that call a function,
 * for what they pass. NEED_ALIAS: files that hold another name of a field, and the model's.
 * NEED_GIVEN: files that assign to a member, spelled with its receiver (`request.order`).
 * NEED_MODULE: those an import can mean.
 */
typedef enum NeedKind {
    NEED_CLASS,
    NEED_FUNCTION,
    NEED_FEW,
    NEED_CALLERS,
    NEED_GIVEN,
    NEED_TEXT,
    NEED_ALIAS,
    NEED_MODULE
} NeedKind;

typedef struct Need {
    NeedKind kind;
    Sym name;
    const Language *language; /* of the files; NULL (only NEED_ALIAS): any */
    bool doubt; /* needed only if it may turn out to inherit from a model */
} Need;

/* A set is remembered as a run of `types`: most hold one type or none. */
typedef struct RememberedSet {
    uint32_t first, count;
} RememberedSet;

/* What one type parameter stands for, and those before: see generic.h. */
typedef struct GivenType {
    uint32_t outer; /* the next link of the chain; 0: none */
    FileId file;
    NodeId parameter;
    uint32_t set; /* a remembered set */
} GivenType;

typedef struct Resolver {
    Program *program;
    struct { ARRAY_OF(Type); } types;      /* the types of all remembered sets, one after another */
    struct { ARRAY_OF(RememberedSet); } sets; /* items[0]: not asked, items[1]: being asked */
    struct { ARRAY_OF(GivenType); } links; /* items[0] unused */
    uint32_t given;      /* by which chain written types are read */
    unsigned inferences; /* of type parameters, being made */
    struct { ARRAY_OF(Reason); } reasons;  /* items[0] unused */
    struct { ARRAY_OF(Need); } needs;
    Map need_seen;
    Map variable_rules; /* name -> the rule that made it one of `variables` */
    Map variables;  /* name -> class by convention: MapEntry value = shape << 32 | ClassId */
    Map targets;    /* ClassIds whose fields are looked for: every language may speak of them */
    Map learned;    /* the same, by what the code base proves elsewhere */
    Map member_types; /* MemberId -> set index */
    Map caseless;     /* class name in any case -> ClassId, or 0 */
    Map param_types;  /* (file, PARAM node) -> set index */
    Map served;       /* ClassId of a collection class -> index into sets: what it collects */
    Map modules;      /* name of a module -> 1: no parsed file can be it, 2: one can */
    Map rendered;     /* FileId of a template -> who renders it */
    unsigned includes; /* templates being followed to those that include them */
    unsigned depth;
    unsigned bounds; /* bounds of type parameters being followed */
    bool conventions; /* use conventional names */
} Resolver;

Resolver *resolver_new(Program *program);
void resolver_free(Resolver *resolver);

/* Forgets every answer (after files were added). Reasons stay valid. */
void resolver_reset(Resolver *resolver);

/* Forgets every answer and every need, so that the needs of some questions can be told apart. */
void resolver_forget(Resolver *resolver);

/* Forgets the types, but not what is needed. */
void resolver_forget_types(Resolver *resolver);

/* Keeps an answer for this round; gives the index by which it is known. */
uint32_t resolver_remember(Resolver *resolver, const TypeSet *set);

/* A kept answer. */
TypeSet resolver_remembered(const Resolver *resolver, uint64_t index);

/* The type of an expression node. */
TypeSet resolver_type(Resolver *resolver, FileId file, NodeId node);

/* The type named by a TYPE (or name) node: always an INSTANCE or COLLECTION. */
TypeSet resolver_declared(Resolver *resolver, FileId file, NodeId type);

/* The type of `self` at a node. */
TypeSet resolver_self(Resolver *resolver, FileId file, NodeId node);

/* What reading member `name` of a `receiver` gives. `site` is the MEMBER or CALL. */
TypeSet resolver_member(Resolver *resolver, Type receiver, Sym name, FileId file, NodeId site);

/* The class(es) that a rule speaks about at a call; INSTANCE types. */
TypeSet resolver_rule_class(Resolver *resolver, const Rule *rule, const ClassRefs *refs, FileId file,
                            NodeId call, const TypeSet *receiver);

/* True when a rule may be meant at a call whose receiver is `set` (NULL: no receiver). */
bool resolver_rule_applies(const Resolver *resolver, const Rule *rule, FileId file, NodeId call,
                           const TypeSet *receiver, bool in_body);

/* Notes that a declaration would help. */
void resolver_need(Resolver *resolver, NeedKind kind, Sym name, FileId file);

/* Notes that the declarations of the classes above would help, as far as they are unknown. */
void resolver_need_supers(Resolver *resolver, ClassId class_id);

/* Adds a link to a chain of reasons. */
ReasonId resolver_reason(Resolver *resolver, FileId file, NodeId node, const char *text,
                         ReasonId before);

/* Tells the resolver which variable names stand for a class by convention. */
void resolver_add_convention(Resolver *resolver, Sym variable, const Rule *rule, ClassId class_id);

/* What a call is of by its function's conventional name, and what its keywords mean then. */
TypeSet resolver_called_after(Resolver *resolver, FileId file, NodeId call, Meaning *keywords);

/* True when a name is written as a type's or constant's would be. */
bool resolver_spelled_as_class(const Resolver *resolver, const Node *node);

/* The same for a name that the code base itself uses so; goes before other conventions. */
void resolver_learn(Resolver *resolver, Sym variable, Shape shape, ClassId class_id);

/* What a name stands for by that; empty when it was not learned. */
TypeSet resolver_learned(Resolver *resolver, FileId file, NodeId node, Sym name);

/* The type that one binding gives its name. */
TypeSet resolver_binding(Resolver *resolver, FileId file, const Binding *binding);

/* What a function gives back: its declared type, else what its return statements give. */
TypeSet resolver_returns(Resolver *resolver, FileId file, NodeId function);

/* The type of a member of an object: of a generic class by what its parameters stand for. */
TypeSet resolver_member_of(Resolver *resolver, Type receiver, MemberId id);

/* The type of a member of a class. */
TypeSet resolver_member_type(Resolver *resolver, MemberId id);

/* The types, with what really has the member where it is delegated: cart.email is its order's. */
TypeSet resolver_delegated(Resolver *resolver, const TypeSet *types, Sym name);

/* True when the call is of a class that a module or a member of an object holds. */
bool resolver_constructs(Resolver *resolver, FileId file, NodeId call);

/* What a known call of name `name` on `receiver` (NULL: none) gives, by the rules; empty: they do not say. */
TypeSet resolver_rule_result(Resolver *resolver, const TypeSet *receiver, Sym name, FileId file,
                             NodeId site);

/* The type that parameter `index` of `lambda` has, by the rules of the call it is given to. */
TypeSet resolver_yields(Resolver *resolver, FileId file, NodeId lambda, size_t index);

/* What a conventional variable name stands for; empty when nothing. */
TypeSet resolver_convention(Resolver *resolver, FileId file, NodeId node, Sym name);

/* COLLECTION types become INSTANCE, others are kept. */
TypeSet resolver_element(const TypeSet *set);

#endif
