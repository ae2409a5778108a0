/*
 * fact.h: what a file says, in one small language-free form.
 *
 * Every front end (tree-sitter data, SQL, templates, data files) lowers a file
 * to a tree of Nodes. The tree is the program with its syntax taken away:
 * declarations, bindings, expressions that can be a receiver, arguments, and
 * statements with branches and loops. Nothing past this point may ask which
 * language a file is written in.
 *
 * Nodes live in one array in pre-order: a node comes before its children, and
 * the children of a node come in source order. Index 0 means "none"; index 1
 * is the FACT_FILE node.
 *
 *     order.update(email: e)
 *
 *     1 FILE
 *     2   CALL name=update
 *     3     NAME name=order              role=RECEIVER
 *     4     KEYWORD name=email           role=ARGUMENT
 *     5       NAME name=e                role=VALUE
 *
 * Walk children with:  for (NodeId c = n->child; c; c = facts->nodes[c].next)
 */
#ifndef STRAGGLER_FACTS_FACT_H
#define STRAGGLER_FACTS_FACT_H

#include "base/arena.h"
#include "base/intern.h"
#include "base/str.h"

typedef uint32_t NodeId;

/* X(NAME, "name in grammars/<language>/language.yml") */
#define FACT_KINDS(X)                                                                              \
    X(NONE, "none")                                                                                \
    X(FILE, "file")                                                                                \
    X(GROUP, "group")           /* no meaning of its own; look at the children */                  \
    X(ERROR, "error")           /* the parser could not read this region */                        \
    /* declarations */                                                                             \
    X(NAMESPACE, "namespace")   /* name (may be dotted), BODY */                                   \
    X(CLASS, "class")           /* name, SUPER*, DECORATOR*, TYPE_PARAM*, BODY */                  \
    X(FUNCTION, "function")     /* name, RECEIVER (Go's), PARAM*, RETURN, DECORATOR*, BODY */      \
    X(PARAM, "param")           /* name, TYPE, VALUE (default) */                                  \
    X(FIELD, "field")           /* member: name, TYPE, VALUE, DECORATOR* */                        \
    X(VARIABLE, "variable")     /* local or global declaration: name, TYPE, VALUE */               \
    X(IMPORT, "import")         /* name, SOURCE (module), ALIAS */                                 \
    X(ALIAS, "alias")           /* another name of a type: name, TYPE */                           \
    X(DECORATOR, "decorator")   /* decorator, annotation, attribute, struct tag */                 \
    X(TYPE, "type")             /* name; ELEMENT children are type arguments, RECEIVER qualifier */\
    /* expressions */                                                                              \
    X(NAME, "name")             /* a use of a local, instance variable, global or constant */      \
    X(MEMBER, "member")         /* RECEIVER.name, without call brackets */                         \
    X(CALL, "call")             /* RECEIVER.name(ARGUMENT*) {BLOCK}; RECEIVER may be absent;       \
                                   name 0: the RECEIVER itself is called */                        \
    X(NEW, "new")               /* constructs: TYPE, ARGUMENT*; composite literals: PAIR ELEMENTs */\
    X(SELF, "self")             /* self, this */                                                   \
    X(SUPER, "super")                                                                              \
    X(ELEMENT, "element")       /* RECEIVER[INDEX] */                                              \
    X(STRING, "string")         /* name: the text if it has no interpolation; else children */     \
    X(SYMBOL, "symbol")         /* name: the text, without colon */                                \
    X(LITERAL, "literal")       /* number, true, nil, regular expression ... */                    \
    X(LIST, "list")             /* ELEMENT*: array, tuple, set; also targets of a, b = ... */      \
    X(MAP, "map")               /* PAIR children */                                                \
    X(PAIR, "pair")             /* KEY, VALUE; or name and VALUE when the key is a bare word */    \
    X(KEYWORD, "keyword")       /* keyword argument: name, VALUE */                                \
    X(SPLAT, "splat")           /* *VALUE, **VALUE, ...VALUE */                                    \
    X(LAMBDA, "lambda")         /* block, closure, arrow function: PARAM*, BODY */                 \
    X(UNARY, "unary")           /* VALUE; name: the operator */                                    \
    X(BINARY, "binary")         /* LEFT, RIGHT; name: the operator */                              \
    X(CHOICE, "choice")         /* value is one of THEN / ELSE: ?:, a || b, x if c else y */       \
    X(CAST, "cast")             /* TYPE, VALUE */                                                  \
    X(COMPREHENSION, "comprehension") /* VALUE, EACH children */                                   \
    X(ASSIGN, "assign")         /* TARGET, VALUE; name: operator unless plain */                   \
    X(ADDRESS, "address")       /* &VALUE */                                                       \
    /* statements */                                                                               \
    X(BLOCK, "block")           /* statements in order */                                          \
    X(IF, "if")                 /* CONDITION, THEN, ELSE */                                        \
    X(LOOP, "loop")             /* CONDITION, BODY */                                              \
    X(EACH, "each")             /* TARGET (binding), SOURCE (collection), BODY */                  \
    X(SWITCH, "switch")         /* VALUE, CASE children */                                         \
    X(CASE, "case")             /* CONDITION* (patterns), BODY */                                  \
    X(RETURN, "return")         /* VALUE */                                                        \
    X(THROW, "throw")                                                                              \
    X(BREAK, "break")                                                                              \
    X(CONTINUE, "continue")                                                                        \
    X(TRY, "try")               /* BODY, HANDLER*, FINALLY */                                      \
    X(HANDLER, "handler")                                                                          \
    X(YIELD, "yield")                                                                              \
    /* query text, made by the SQL reader */                                                       \
    X(SQL, "sql")               /* one statement or fragment found in a string or file */          \
    X(TABLE, "table")           /* a table named in it: name */                                    \
    X(COLUMN, "column")         /* a column named in it: name; RECEIVER TABLEs: one, or which of them */

typedef enum FactKind {
#define X(name, text) FACT_##name,
    FACT_KINDS(X)
#undef X
    FACT_KIND_COUNT
} FactKind;

/* How a node takes part in its parent. */
#define FACT_ROLES(X)                                                                              \
    X(NONE, "child")                                                                               \
    X(RECEIVER, "receiver")                                                                        \
    X(ARGUMENT, "argument")                                                                        \
    X(BLOCK, "block")                                                                              \
    X(KEY, "key")                                                                                  \
    X(VALUE, "value")                                                                              \
    X(TARGET, "target")                                                                            \
    X(SOURCE, "source")                                                                            \
    X(ALIAS, "alias")                                                                              \
    X(TYPE, "type")                                                                                \
    X(SUPER, "super")                                                                              \
    X(TYPE_PARAM, "type_param")                                                                    \
    X(PARAM, "param")                                                                              \
    X(RETURN, "return")                                                                            \
    X(DECORATOR, "decorator")                                                                      \
    X(BODY, "body")                                                                                \
    X(CONDITION, "condition")                                                                      \
    X(THEN, "then")                                                                                \
    X(ELSE, "else")                                                                                \
    X(HANDLER, "handler")                                                                          \
    X(FINALLY, "finally")                                                                          \
    X(ELEMENT, "element")                                                                          \
    X(INDEX, "index")                                                                              \
    X(LEFT, "left")                                                                                \
    X(RIGHT, "right")

typedef enum FactRole {
#define X(name, text) ROLE_##name,
    FACT_ROLES(X)
#undef X
    FACT_ROLE_COUNT
} FactRole;

/* Properties of a node; the lowering data sets them by these names. */
#define FACT_FLAGS(X)                                                                              \
    X(STATIC, 0, "static")           /* FUNCTION, FIELD: of the class, not an instance; TYPE: the class */ \
    X(PROPERTY, 1, "property")       /* FUNCTION: read like a member */                            \
    X(SETTER, 2, "setter")           /* FUNCTION: runs when the member is assigned */              \
    X(CONSTRUCTOR, 3, "constructor") /* FUNCTION */                                                \
    X(MIXIN, 4, "mixin")             /* CLASS: module, trait, interface */                         \
    X(ENUM, 5, "enum")               /* CLASS */                                                   \
    X(COMPOUND, 6, "compound")       /* ASSIGN: the target is read too (+=, ||=, ++) */            \
    X(INSTANCE, 7, "instance")       /* NAME: an instance variable (@x) */                         \
    X(CONSTANT, 8, "constant")       /* NAME: a constant or type name by its spelling */           \
    X(COLLECTION, 9, "collection")   /* TYPE: ELEMENT is what it holds (list, array, slice) */     \
    X(NULLABLE, 10, "nullable")      /* TYPE: Optional, pointer, union with null */                \
    X(INTERPOLATED, 11, "interpolated") /* STRING: has holes; children fill them */                \
    X(GLOBAL, 12, "global")                                                                        \
    X(VARIADIC, 13, "variadic")      /* PARAM: collects the rest */                                \
    X(KEYWORD_ONLY, 14, "keyword_only") /* PARAM: passed by name */                                \
    X(DISABLED, 15, "disabled")      /* in code that a condition of the preprocessor removes */    \
    X(TEMPLATE, 16, "template")      /* made from a template's expression */                       \
    X(EXPORTED, 17, "exported")                                                                    \
    X(SAFE, 18, "safe")              /* MEMBER, CALL: ?. or &. */                                  \
    X(CONTAINS_ERROR, 19, "contains_error")                                                        \
    X(DOC, 20, "doc")                /* STRING that stands alone as a statement */                 \
    X(ANONYMOUS, 21, "anonymous")    /* FIELD: embedded or unnamed member */                       \
    X(TEXT, 22, "text")              /* STRING/SQL found by token scan after a parse error */      \
    X(ELABORATED, 23, "elaborated")  /* TYPE: with the word struct or class, which declares it too */ \
    X(BOUND, 24, "bound")            /* LAMBDA: self is what it is around it (an arrow function) */

typedef enum FactFlag {
#define X(name, bit, text) FLAG_##name = 1u << bit,
    FACT_FLAGS(X)
#undef X
} FactFlag;

/* Node.spare of a COLUMN (name "*": the whole row); of a TABLE only the access. */
enum FactColumnBits {
    COLUMN_ACCESS = 3, /* mask: 0 read, 1 write, 2 query, 3 declare */
    COLUMN_NOT_NULL = 1 << 2,
    COLUMN_NULLABLE = 1 << 3, /* declared NULL, or DROP NOT NULL */
    COLUMN_HAS_DEFAULT = 1 << 4,
    COLUMN_DROPPED = 1 << 5,
    COLUMN_RENAMED = 1 << 6,
    COLUMN_DERIVED = 1 << 7,    /* reached through a subquery that passes it on */
    COLUMN_ALL_TABLES = 1 << 8, /* belongs to each of its TABLEs, not to one of them */
    COLUMN_IMPLIED = 1 << 9     /* a fragment's own model may own it too */
};

typedef struct Node {
    uint8_t kind; /* FactKind */
    uint8_t role; /* FactRole in the parent */
    uint16_t spare;
    uint32_t flags;      /* FactFlag bits */
    Sym name;            /* see FACT_KINDS; 0 if it has none */
    uint32_t start, end; /* bytes in the file: the whole construct */
    uint32_t at, at_end; /* bytes in the file: the name itself (= start, end if there is none) */
    NodeId parent, child, next;
} Node;

typedef struct Facts {
    Node *nodes; /* nodes[0] is unused; owned by the arena */
    uint32_t count;
    uint32_t error_count; /* FACT_ERROR nodes */
} Facts;

/* Builds a Facts in pre-order. All memory comes from `arena`. */
typedef struct FactBuilder {
    Facts *facts;
    Arena *arena;
    Names *names;
    uint32_t capacity;
    NodeId *last_child; /* by node: its newest child, for O(1) appends */
} FactBuilder;

void fact_builder_init(FactBuilder *builder, Facts *facts, Arena *arena, Names *names);

/*
 * Appends a node under `parent` (0 only for the FACT_FILE node). Its place is
 * [start, end); `at` and `at_end` start out the same. Returns its id, and never
 * moves earlier ids; pointers into nodes[] end at the next call.
 */
NodeId fact_add(FactBuilder *builder, NodeId parent, FactKind kind, FactRole role, uint32_t start,
                uint32_t end);

/* The first child of `id` with `role`, or 0. */
NodeId fact_child(const Facts *facts, NodeId id, FactRole role);

/* The nearest ancestor of `id` (not itself) of `kind`, or 0. */
NodeId fact_ancestor(const Facts *facts, NodeId id, FactKind kind);

const char *fact_kind_name(FactKind kind);
const char *fact_role_name(FactRole role);
bool fact_kind_parse(Str text, FactKind *kind);
bool fact_role_parse(Str text, FactRole *role);
bool fact_flag_parse(Str text, uint32_t *flag);

/* Appends an indented, one-node-a-line dump, for `straggler rules facts FILE` and tests. */
void fact_dump(const Facts *facts, const Names *names, StrBuf *out);

#endif
