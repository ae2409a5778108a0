/*
 * rules.h: what a framework means by names, as data.
 *
 * A rule pack is rules/<family>/<pack>.yml, or a file of the user's own. It
 * tells which classes are models, which calls return an instance or take field
 * names, which declare associations, which accessors a field grows. It runs no
 * code. docs/rule-packs.md is the manual of every key.
 *
 * A pack is a list of Rules in sections. All strings borrow from the RuleSet.
 * A RuleSet is read-only once loaded and may be used by several threads.
 *
 *     RuleSet *rules = rules_new(names);
 *     rules_load_text(rules, "rules/ruby/activerecord.yml", text, false, &diag);
 *     rules_activate(rules, active);
 *     for (const Rule *r = rules_find(&rules->calls, name); r; r = r->next_same_name) ...
 */
#ifndef STRAGGLER_ANALYZE_RULES_H
#define STRAGGLER_ANALYZE_RULES_H

#include "base/arena.h"
#include "base/array.h"
#include "base/diag.h"
#include "base/intern.h"
#include "base/map.h"
#include "parse/language.h"

/* What an expression is, seen by the rules. X(NAME, "in packs") */
#define SHAPES(X)                                                                                  \
    X(UNKNOWN, "unknown")                                                                          \
    X(INSTANCE, "instance")     /* one object of a class */                                        \
    X(CLASS, "class")           /* the class itself */                                             \
    X(COLLECTION, "collection") /* list, relation, query set, map of instances */                  \
    X(BUILDER, "builder")       /* speaks about a class by field names: form builder, factory */   \
    X(TABLE, "table")           /* the table of a class: schema blocks, quoted table names */      \
    X(MODULE, "module")         /* an imported module or package */                                \
    X(OTHER, "other")           /* proved to be no object of the code base's classes */            \
    /* only as the result of a rule: */                                                            \
    X(SAME, "same")             /* the receiver's own type */                                      \
    X(ELEMENT, "element")       /* what the receiver holds */                                      \
    X(ARGUMENT, "argument")     /* the type of the first argument */                               \
    X(VALUE, "value")           /* what the block or function argument gives */                    \
    X(LIST, "list")             /* a collection of what the block gives */

typedef enum Shape {
#define X(name, text) SHAPE_##name,
    SHAPES(X)
#undef X
    SHAPE_COUNT
} Shape;

/* What a call does to objects that are saved. X(NAME, "in packs") */
#define SAVE_DOES(X)                                                                               \
    X(SAVE, "save")           /* saves its receiver, or what it makes */                           \
    X(ASSIGN, "assign")       /* mass assignment: its arguments name fields */                     \
    X(CHANGE, "change")       /* changes its receiver */                                           \
    X(BUILD, "build")         /* makes a new object, and adds it to its receiver */                \
    X(LOAD, "load")           /* gives an object from the database */                              \
    X(ADD, "add")             /* adds its arguments to its receiver */                             \
    X(AT_ONCE, "at-once")     /* and saves them there and then, when the receiver's owner is stored */ \
    X(SAVE_ARGUMENTS, "save-arguments") /* saves what it is given */                               \
    X(SAVE_ALL, "save-all")   /* saves its receiver and all that is associated with it */          \
    X(STORE_ARGUMENTS, "store-arguments") /* stores what it is given, past all chains */           \
    X(HAND, "hand")           /* gives its arguments to a session, to be saved with it */          \
    X(FLUSH, "flush")         /* saves whatever was changed in its session */                      \
    X(RELOAD, "reload")       /* its receiver is as the database has it again */                   \
    X(ROLLBACK, "rollback")   /* all in its session is */                                          \
    X(CHAIN_NEW, "chain-new") /* class bodies: the member is saved with its owner if it is new */  \
    X(CHAIN_CHANGED, "chain-changed") /* class bodies: ... if it was changed */                    \
    X(CHAIN_PLACED, "chain-placed") /* class bodies: ... if it was put there while the owner is new */ \
    X(RUN, "run")             /* class bodies: the named methods or the block run at a save */     \
    X(PREPARE, "prepare")     /* its block runs before those of the calls after it */              \
    X(KEYS, "keys")           /* gives a hash of the keys that it names, and no others */          \
    X(MORE_KEYS, "more-keys") /* gives its receiver's keys and those that it names */              \
    X(LESS_KEYS, "less-keys") /* takes the keys that it names out of its receiver */               \
    X(PROVES_NEW, "proves-new") /* true when the receiver is not in the database yet */            \
    X(PROVES_STORED, "proves-stored") /* true when it is */                                        \
    X(PROVES_CHANGED, "proves-changed") /* true when a field of the receiver was written */        \
    X(PROVES_KEY, "key")      /* a member that is nothing as long as the object is new */

typedef enum SaveDoes {
#define X(name, text) DOES_BIT_##name,
    SAVE_DOES(X)
#undef X
    DOES_COUNT
} SaveDoes;

enum {
#define X(name, text) DOES_##name = 1u << DOES_BIT_##name,
    SAVE_DOES(X)
#undef X
};

enum {
    DOES_SAVES = DOES_SAVE | DOES_SAVE_ARGUMENTS | DOES_SAVE_ALL | DOES_FLUSH,
    DOES_ACTS = DOES_SAVES | DOES_ASSIGN | DOES_CHANGE | DOES_BUILD | DOES_LOAD | DOES_ADD |
                DOES_HAND | DOES_RELOAD | DOES_ROLLBACK | DOES_STORE_ARGUMENTS
};

/* Where a call may stand: bits 1 << Shape of the receiver, and these. */
enum {
    ON_NONE = 1u << 20, /* "none": without receiver */
    ON_BODY = 1u << 21, /* "body": in a class body */
    ON_ANY = 1u << 22,  /* "any" */
    ON_MEMBER = 1u << 23 /* "member": beside the declaration of a member, or as its value */
};

/* What a name given to a call means. */
typedef enum Meaning {
    MEANING_NONE,
    MEANING_READ,
    MEANING_WRITE,
    MEANING_QUERY,
    MEANING_DECLARE,
    MEANING_SQL, /* the string is SQL */
    MEANING_SET, /* the string is a SET list of SQL: its columns are written */
    MEANING_PATH /* the string is a dotted path to a field */
} Meaning;

/*
 * How to find the class that a rule speaks about. With braces it is a template
 * for a class name ("{0|camel}"), else words: "receiver", "enclosing", "outer",
 * "argument 0", "keyword model", "body model", "inner Meta model",
 * "decorator register 0", "registered register 0 1", "table 0", "self",
 * "method get_queryset" (what the class's method gives), "named" (the model that the class's own
 * name begins with),
 * "context" (what the call around this one speaks about),
 * "block" (what the call speaks about in whose block this one stands),
 * "constant 0" (argument 0 if it is written as a class),
 * "path 0" (what argument 0, `o.lines`, leads to from the alias `o`), "other" (no class of the
 * code base), "later 0" (what a later call of the same chain is given). After `decorator NAME`
 * and `registered NAME` a word instead of a position is a keyword argument.
 */
typedef struct ClassRef {
    Str text;
    bool is_template;
    Str words[4];
    size_t word_count;
} ClassRef;

typedef struct ClassRefs {
    ClassRef *items; /* tried in order */
    size_t count;
} ClassRefs;

typedef struct NamedMeaning {
    Str name;
    Meaning meaning;
} NamedMeaning;

typedef struct NamedMeanings {
    NamedMeaning *items;
    size_t count;
} NamedMeanings;

#define RULE_SECTIONS(X)                                                                           \
    X(MODEL, "models")           /* which classes are models, and their tables */                  \
    X(ACCESSOR, "accessors")     /* names under which a field is reached */                        \
    X(CALL, "calls")             /* calls that take field names or return models */                \
    X(MEMBER, "members")         /* class-body calls that declare members */                       \
    X(DEFINITION, "definitions") /* calls that make a class from hashes of members */               \
    X(MIXIN, "mixins")           /* class-body calls that add a supertype */                       \
    X(ATTRIBUTE, "attributes")   /* class-body attributes that list fields */                      \
    X(COMPANION, "companions")   /* classes that stand for a model */                              \
    X(PARAMETER, "parameters")   /* parameters that a framework fills */                           \
    X(VARIABLE, "variables")     /* conventional names of variables */                             \
    X(FILE, "files")             /* files tied to a class by their place */                        \
    X(SAVE, "saves")             /* calls that save, and what they chain */                        \
    X(ALIAS, "aliases")          /* calls that give a class another name: factories */              \
    X(LOCAL, "locals")           /* calls that give what their block gives a name: let(:x) { } */  \
    X(BLIND, "blinds")           /* calls that hide which field they use */                        \
    X(CONSTRAINT, "constraints") /* what makes a field mandatory */

typedef enum RuleSection {
#define X(name, text) RULE_##name,
    RULE_SECTIONS(X)
#undef X
    RULE_SECTION_COUNT
} RuleSection;

typedef struct RulePack RulePack;
typedef struct Rule Rule;

struct Rule {
    RuleSection section;
    unsigned id; /* 0, 1, 2 ... over all packs; for counting which rules fired */
    unsigned line;
    const RulePack *pack;
    const Rule *next_same_name; /* in the map of its section: RuleSet.calls, .members ... */

    StrList names;      /* of the calls, accessors (templates), attributes, variables */
    uint32_t on;        /* shapes and ON_ bits; 0 means the section's default */
    ClassRefs class_of; /* empty: the receiver's class, else the enclosing one */
    ClassRefs result;   /* class of returns / yields, when it is not class_of's */

    Meaning keywords;  /* keyword arguments and keys of hashes */
    Meaning symbols;   /* symbols and lists of them */
    Meaning strings;   /* strings and lists of them */
    Meaning members;   /* companions: members named like the field; files: keys */
    Meaning block;     /* bare names called in the call's block */
    Meaning kind;      /* accessors; members with `alias` */
    NamedMeanings values; /* what names in the value of a keyword argument mean */
    uint32_t yields_at; /* bit i: the block's parameter i is what is yielded; 0 means every one */
    uint32_t keywords_at; /* bit i: keys of hash argument i are meant; 0 means every one's */
    uint32_t alias_at; /* bit i: argument i names the class in the query's texts: from(Order, "o") */
    uint32_t positions; /* bit i: argument i may name fields; 0 means every one */

    bool index;         /* calls: its string is a key of a mapping, as in x[key] */
    bool merges;        /* calls: its arguments go into its receiver, or without one into its result */
    bool makes_keys;    /* calls: the names it is given are the keys of what it gives */
    bool raw;           /* calls: writes past setters and callbacks */
    bool drops;         /* calls: a schema migration that takes the named column away */
    Str retires;        /* calls, attributes: says that the named fields go; the phase they are in */

    Shape returns, yields;
    Shape block_self;    /* calls: what self is in the block: "instance" for callbacks */
    Str narrows;         /* calls: true proves that the "receiver" or "argument" is of a class */
    Shape shape;         /* members: what the member is */
    StrList member;      /* members, aliases, locals: templates of the name: "{0}", "{target}" */
    bool called;         /* variables: a function of that name, given names: orders(:first) */
    bool each_key;       /* members: one for every key or name of the hash or list it is given */
    Str alias;           /* members: template of the field that the member is another name of */
    bool each;           /* members: one for every positional argument; definitions: for every name */
    bool is_static;
    bool column;         /* members: it is a stored field */
    StrList reverse;     /* members: templates of the member it gives the other class */
    Shape reverse_shape;
    Str delegate;        /* members: template of the member that really has it */
    StrList on_class;    /* accessors: templates of other classes that carry it */
    StrList supertypes;  /* models, companions: names of supertypes; attributes, calls: of the class around */
    StrList instances, collections; /* companions: members and parameters that hold the model; files: names */
    StrList mappings;    /* companions: members that are mappings keyed by field names */
    bool bound;          /* companions: an instance has a member for each field */
    bool collects;       /* companions: an instance is a collection of the model */
    bool repository;     /* companions: calls on an instance are calls on a collection of the model */
    bool makes;          /* companions: constructing one makes the model: factories */
    StrList providers;   /* parameters: decorators of functions that provide what is named like them */
    StrList decorators;  /* models: of the class or one of its fields; a key of a struct tag */
    StrList generated;   /* models: folders, from the model's own, with code made from it */
    bool renders;        /* calls, attributes: a string given to it names a template */
    bool columns;        /* models: so is every class with a stored field by a rule of this pack */
    StrList table_decorator; /* models: decorators that spell the table: @Table(name = "orders") */
    Str column_name; /* models: template of a field's column: {f|snake} */
    StrList column_decorator; /* models: decorators of a member that spell its column: @Column(name = "email") */
    StrList table_member; /* models: members that spell the table: "__tablename__", "Meta.db_table" */
    uint32_t members_at, statics_at, columns_at; /* definitions: arguments that are hashes of those */
    bool inherits;       /* definitions: from the receiver */
    StrList receivers;   /* calls: names of the receiver, without which the rule is not meant */
    Str table;           /* models: template of the table's name */
    Str path;            /* files: pattern with {captures} */
    StrList under;       /* files: keys below which fields stand */
    Str what;            /* blinds: "dynamic-name" or "whole-row" */
    uint32_t does;       /* saves: SaveDoes bits */
    Str stands_for;      /* saves: the member of a companion that holds the object meant */
    StrList with;        /* saves: only when one of these, "name" or "name~text", stands before it in the chain */
    StrList without;     /* saves: not when one of these stands before it in the chain of calls */
    Str key;             /* saves: template of the key under which mass assignment reaches a member */
    Str via;             /* saves: keyword that names the member which holds the linking objects */
    Str parameter;       /* saves: of a function that runs at a save: holds the object saved */
    Str when;            /* saves, constraints: a condition on an argument: "autosave=true" */
};

struct RulePack {
    const char *name;   /* "activerecord" */
    const char *family; /* "ruby" */
    const char *path;   /* for messages */
    StrList detect;     /* literals; any of them in the tree turns the pack on; none: always on */
    Str lookup;         /* separator of relation paths in keyword names: "__"; may be empty */
    DeclareList declares; /* how macros declare a member: "belongs_to :{}" */
    bool user;          /* from the repository, or asked for by name: always on */
    bool active;        /* set by rules_activate */
    Rule *rules;
    size_t rule_count;
};

typedef struct RuleSet {
    Arena arena;
    Names *names;
    struct { ARRAY_OF(RulePack *); } packs; /* in order of path */
    unsigned rule_count;
    struct { ARRAY_OF(const Rule *); } sections[RULE_SECTION_COUNT]; /* active rules in order */
    Map aliases; /* the same, of section `aliases` */
    Map locals; /* the same, of section `locals` */
    Map blinds; /* the same, of section `blinds` */
    Map calls, members, attributes, saves, definitions; /* name Sym -> const Rule * chain (of active packs) */
} RuleSet;

RuleSet *rules_new(Names *names);
void rules_free(RuleSet *rules);

/* Adds the pack in `text`; `path` is for messages. Checks every key and value. */
bool rules_load_text(RuleSet *rules, const char *path, Str text, bool user, Diag *diag);

/* Adds the packs that are embedded in the program for `family` (NULL: all). */
bool rules_load_embedded(RuleSet *rules, const char *family, Diag *diag);

/*
 * Adds what `--rules` or straggler.yml names: a pack of the program by its name,
 * or a file relative to `root`.
 */
bool rules_load_option(RuleSet *rules, const char *root, const char *option, Diag *diag);

/*
 * Lists the rules of all loaded packs by section, so that accessors are known
 * before the search tells which packs are in use.
 */
void rules_list_sections(RuleSet *rules);

/*
 * Chooses the packs in use: all whose `active` entry is set (by position in
 * rules->packs), and builds the name maps. Call once, before any look-up.
 */
void rules_activate(RuleSet *rules, const bool *active);

/* Chains of active rules for a call's / member macro's / attribute's name; NULL when none. */
const Rule *rules_find(const Map *map, Sym name);

const char *shape_name(Shape shape);

/*
 * For what is read before packs are told apart: every pack of the family is asked, active or not.
 * The first rule with that name that passes `test` (NULL: none); whether the text holds the name
 * of one.
 */
typedef bool (*RuleTest)(const Rule *rule);
const Rule *rules_asked(const RuleSet *rules, const char *family, Str name, RuleTest test);
bool rules_asked_in(const RuleSet *rules, const char *family, Str text, RuleTest test);

#endif
