/*
 * program.h: everything the parsed files declare, linked across files.
 *
 * A Program grows by rounds: program_add_file takes a file's Facts and indexes
 * its classes, members, functions and imports; program_link then joins
 * reopened classes, resolves supertypes and mixins, and applies the member
 * rules of the packs (associations, attributes made by macros). Nothing here
 * knows a language or a framework.
 *
 * Ids are positions in arrays and stay valid as the program grows; 0 is none.
 */
#ifndef STRAGGLER_ANALYZE_PROGRAM_H
#define STRAGGLER_ANALYZE_PROGRAM_H

#include "analyze/program/rules.h"
#include "base/array.h"
#include "base/map.h"
#include "facts/fact.h"
#include "input/source.h"
#include "output/finding.h"
#include "parse/language.h"

typedef uint32_t FileId;
typedef uint32_t ClassId;
typedef uint32_t MemberId;

/* A place in the program. */
typedef struct Place {
    FileId file;
    NodeId node;
} Place;

typedef struct { ARRAY_OF(Place); } PlaceArray;
typedef struct { ARRAY_OF(uint32_t); } IndexArray;

typedef struct ImportEntry {
    Sym local;  /* the name it has in this file */
    Sym name;   /* the name it has there; 0: the module itself */
    Sym module; /* dotted or slashed path as written; 0: none */
} ImportEntry;

/* One place that gives a local name a value: see binding.h. */
typedef struct Binding Binding;

typedef struct File {
    FileId id;
    const Source *source;
    const Language *language;
    Facts facts;
    Arena arena; /* owns facts, lines, memo */
    LineIndex lines;
    struct { ARRAY_OF(ImportEntry); } imports;
    Binding *bindings; /* sorted by (scope, name, position); made on first use */
    size_t binding_count;
    bool bound;
    uint32_t *types; /* memo: by node, index into the resolver's type sets, 0 = not asked */
    Sym package;     /* declared package or namespace of the whole file; 0 */
} File;

typedef enum MemberKind {
    MEMBER_FIELD,       /* declared attribute, column, struct member */
    MEMBER_METHOD,      /* function with a body or signature */
    MEMBER_ASSOCIATION, /* made by a member rule */
    MEMBER_ASSIGNED     /* only assigned: self.x = ..., @x = ... */
} MemberKind;

typedef struct Member {
    Sym name;
    MemberKind kind;
    bool is_static;
    bool column;      /* a stored field, by a member rule or a schema */
    Place place;      /* declaration */
    Shape shape;      /* ASSOCIATION: what it gives */
    ClassId target;   /* ASSOCIATION: class, once linked; 0 unknown */
    Sym target_name;  /* as the rule spelled it */
    Sym alias_of;     /* the field that it is another name of, or names a value of; 0 */
    Sym delegate;     /* the member of the same class that really has it */
    const Rule *rule; /* the member rule that made it, or NULL */
    NodeId value;     /* node whose type is the member's; 0 */
    MemberId next;    /* further member of the same name in the class */
    ClassId owner;
} Member;

typedef struct Super {
    Sym name;   /* as written */
    FileId file;
    NodeId node;
    ClassId class_id; /* once linked; 0 when the class is not in the program */
    bool mixin;
} Super;

typedef struct Class {
    ClassId id;
    Sym name;      /* last segment */
    Sym qualified; /* with the enclosing classes and namespaces, "::" between */
    bool declared; /* false: only mentioned */
    bool mixin;
    bool is_model;
    const Rule *model_rule;
    const RulePack *stores; /* the pack whose rule made a stored field of it; NULL */
    const Rule *defined_by; /* the definition that made it; NULL: a class declaration */
    Sym table;     /* 0: none */
    struct { ARRAY_OF(Place); } places;   /* the CLASS nodes */
    struct { ARRAY_OF(Super); } supers;
    struct { ARRAY_OF(ClassId); } subs;   /* direct subclasses and including classes */
    Map members;   /* name -> first MemberId */
    ClassId outer; /* enclosing class */
} Class;

/* Where a source tree's import path begins: see module_root.h. */
typedef struct ModuleRoot {
    const Language *language;
    Str folder; /* relative to the scanned root */
    Str module;
} ModuleRoot;

typedef struct Program {
    Names *names;
    const RuleSet *rules;
    Arena arena;
    struct { ARRAY_OF(File *); } files;     /* items[0] is NULL */
    struct { ARRAY_OF(Class *); } classes;  /* items[0] is NULL */
    struct { ARRAY_OF(Member); } members;   /* items[0] is unused */
    struct { ARRAY_OF(Place); } functions;  /* functions outside classes */
    Map classes_by_name;     /* last segment -> first ClassId; chained by class_next */
    struct { ARRAY_OF(ClassId); } class_next; /* by ClassId: next class of the same last segment */
    Map classes_by_qualified; /* qualified -> ClassId */
    Map class_of_map;        /* (file, MAP of members) -> ClassId << 1 | static; see definition.h */
    Map class_of_node;       /* (file, CLASS node) -> ClassId */
    Map functions_by_name;   /* name -> first index + 1 into functions; chained by function_next */
    struct { ARRAY_OF(uint32_t); } function_next;
    struct { ARRAY_OF(Place); } globals; /* variables outside classes and functions */
    Map globals_by_name;     /* name -> first index + 1 into globals; chained by global_next */
    struct { ARRAY_OF(uint32_t); } global_next;
    Map methods_by_name;     /* name -> first MemberId of kind METHOD; chained by method_next */
    Map method_next;
    Map calls_by_name;       /* name -> first index + 1 into calls */
    PlaceArray calls;        /* every CALL with a name and arguments */
    IndexArray call_next;
    Map given_by_name;       /* member's name -> first index + 1 into given */
    PlaceArray given;        /* every ASSIGN to a member of something else than self */
    IndexArray given_next;
    Map locals_by_name;      /* (file, name) -> first index + 1 into locals; see local.h */
    struct { ARRAY_OF(Place); } locals; /* calls and assignments that name a value */
    struct { ARRAY_OF(uint32_t); } local_next;
    Map alias_types;         /* name of a generic's or collection's alias -> first index + 1 */
    struct { ARRAY_OF(Place); } alias_places; /* their TYPE nodes */
    struct { ARRAY_OF(uint32_t); } alias_next;
    Map aliases;             /* (file, local type name) and (0, name) -> Sym of the type meant */
    struct { ARRAY_OF(Place); } detached; /* methods declared outside their class: Go, C++ */
    Map classes_by_table;    /* table Sym (lower case) -> ClassId */
    struct { ARRAY_OF(ModuleRoot); } module_roots;
    struct { ARRAY_OF(const Language *); } module_languages;
    size_t linked_files;     /* how many files program_link has seen */
    uint32_t *fired;         /* by rule id: how often it was used */
} Program;

Program *program_new(Names *names, const RuleSet *rules);
void program_free(Program *program);

/*
 * Adds a parsed file; takes `facts` and `arena` over (moves them). Not thread
 * safe. The source and language must outlive the program.
 */
FileId program_add_file(Program *program, const Source *source, const Language *language,
                        Facts facts, Arena arena);

/* Resolves supertypes, mixins, models and associations after files were added. */
void program_link(Program *program);

static inline const Node *program_node(const Program *program, FileId file, NodeId node)
{
    return &program->files.items[file]->facts.nodes[node];
}

/* First class with this last segment, then program->class_next.items[id]; 0 when none. */
ClassId program_class_named(const Program *program, Sym last_segment);

/*
 * Resolves a class name as written at `node` in `file`: lexical nesting, imports,
 * qualifiers, same file, same folder. Returns how many of `out` (at most `max`) were filled,
 * best first; all are equally good. 0: no declared class fits. *excluded is set when an
 * import or qualifier proves that it is a class from outside the code base.
 */
size_t program_resolve_class(const Program *program, FileId file, NodeId node, Sym written,
                             ClassId *out, size_t max, bool *excluded);

/* What a typedef or alias of this name means in the end; the name itself when there is none. */
Sym program_follow_alias(const Program *program, Sym name);

/* The class whose body or methods enclose `node` (not node itself); 0 at top level. */
ClassId program_enclosing_class(const Program *program, FileId file, NodeId node);

/* The nearest enclosing FUNCTION, 0 when none. */
NodeId program_enclosing_function(const Program *program, FileId file, NodeId node);

/* The class `name` declared at a place that is no CLASS fact. */
ClassId program_declare_class(Program *program, Place place, Sym name);

/* Adds a function outside classes (a FUNCTION, or a LAMBDA that the name holds). */
void program_add_function(Program *program, Place place, Sym name);

/* Adds a member to a class; its `owner` and `next` are set here. */
MemberId program_add_member(Program *program, ClassId owner, Member member);

/* The first member `name` of the class or, breadth first, of its mixins and supertypes; 0 when none. */
MemberId program_member(const Program *program, ClassId class_id, Sym name);

/* The class and those above it, breadth first, in `out` (at most `max`); returns how many. */
size_t program_ancestors(const Program *program, ClassId class_id, ClassId *out, size_t max);

/* True when a supertype of the class, direct or not, has one of the names (or ends with it). */
bool program_has_super(const Program *program, ClassId class_id, const StrList *names);

/* True when a supertype of the class is not in the program (its members are unknown). */
bool program_has_unknown_super(const Program *program, ClassId class_id);

/* True when `sub` is `super` or inherits from it or includes it. */
bool program_is_a(const Program *program, ClassId sub, ClassId super);

/* The ClassId for a name that no parsed file declares, made on first use. */
ClassId program_mention_class(Program *program, Sym name);

/* The text of a node / of its name, from the source's bytes. */
Str program_text(const Program *program, FileId file, NodeId node);

/* True when a file can be (part of) the module of an import; the same for its path. */
bool path_in_module(Str path, Str module);
bool program_in_module(const Program *program, FileId file, Sym module);

/* Marks a rule as used. */
void program_fired(Program *program, const Rule *rule);

#endif
