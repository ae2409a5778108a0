/*
 * lowering.h: the lowering data of one tree-sitter language, loaded and checked.
 * Private to parse/. The format is described in docs/adding-a-language.md.
 *
 * A Lowering is a table indexed by the grammar's symbol id. Its Mapping says
 * which fact a node becomes, and its Edges what becomes of the node's children:
 * by field, by kind, by position, or the default.
 */
#ifndef STRAGGLER_PARSE_LOWERING_H
#define STRAGGLER_PARSE_LOWERING_H

#include "base/map.h"
#include "facts/fact.h"
#include "parse/blank.h"
#include "parse/skim.h"
#include "parse/language.h"

#include "parse/grammars.h"

/* X(NAME, "word in language.yml"): what is done with a child. Role names make EDGE_NODE. */
#define EDGE_ACTIONS(X)                                                                            \
    X(NODE, "")             /* a fact of its own, in `role` */                                     \
    X(SKIP, "skip")         /* not looked at; flags go to the parent */                            \
    X(WRAP, "wrap")         /* a role and a fact follow: that fact, named by the child */          \
    X(NAME, "name")         /* gives its text as the name; a pattern becomes TARGET */             \
    X(REPEAT, "repeat")     /* as name; from the second on, of a new fact that shares the type */  \
    X(CALLEE, "callee")     /* as name; a MEMBER melts into the CALL; else RECEIVER */             \
    X(KEY, "literal_key")   /* a plain symbol or string gives the name; else KEY */                \
    X(WORD_KEY, "word_key") /* as literal_key, and a bare word is a name too (Go's fields) */      \
    X(ABSORB, "absorb")     /* the child's own edges, filling this fact */                         \
    X(OPERATOR, "operator") /* text is the operator; of an ASSIGN it means COMPOUND unless = */    \
    X(RESULT, "result")     /* BODY; an expression is returned */

typedef enum EdgeAction {
#define X(name, text) EDGE_##name,
    EDGE_ACTIONS(X)
#undef X
} EdgeAction;

typedef struct Edge {
    uint8_t action;  /* EdgeAction */
    uint8_t role;    /* FactRole, for EDGE_NODE */
    uint8_t kind;    /* FactKind the child becomes whatever its mapping says; 0: as mapped */
    uint8_t becomes; /* FactKind the parent turns into; 0: unchanged */
    uint32_t flags;  /* of the child (of the fact itself, for tokens) */
    uint32_t pattern;
} Edge;

typedef struct SymbolEdge {
    TSSymbol symbol;
    Edge edge;
} SymbolEdge;

typedef struct Mapping Mapping;

/* A mapping used instead, when a child is there or is not. */
typedef struct Variant {
    bool lacks;
    const TSFieldId *fields;
    size_t field_count;
    const TSSymbol *symbols;
    size_t symbol_count;
    const Mapping *mapping;
} Variant;

typedef enum MappingDuty {
    DUTY_PLAIN,
    DUTY_SKIP,          /* node and children are not looked at */
    DUTY_QUOTE,         /* a delimiter of the string it is in */
    DUTY_TEXT,          /* is the text of the string it is in */
    DUTY_HOLE,          /* interpolation: its children fill a string */
    DUTY_HEREDOC_OPENS, /* a string whose text comes later */
    DUTY_HEREDOC_FILLS,
} MappingDuty;

struct Mapping {
    uint8_t kind; /* FactKind; FACT_NONE: transparent, its children belong to its parent */
    uint8_t duty; /* MappingDuty */
    char strip;   /* leading byte that is not part of the name (":a", "$x"); 0: none */
    bool whole;     /* the whole text is the name, children are not looked at */
    bool qualified; /* if the text is words and separators only, it is a constant's name */
    bool text_type; /* the text is a type expression, read by type_read_text */
    bool collapse;  /* transparent when it has a single child */
    bool reparse;   /* the text is code of its own (a macro's body) */
    bool chain;     /* later siblings belong to this fact (elif) */
    uint32_t flags;
    uint32_t inherit; /* flags of the functions and members inside */
    Sym named;        /* a fixed name */
    const Edge **by_field; /* by TSFieldId; NULL: none */
    const SymbolEdge *by_symbol;
    size_t symbol_count;
    const SymbolEdge *tokens; /* anonymous children that set flags or the kind */
    size_t token_count;
    const Edge *order; /* unnamed children by position; the last repeats */
    size_t order_count;
    const Edge *otherwise; /* NULL: inherited if transparent, else plain child */
    const Variant *variants;
    size_t variant_count;
    uint32_t pattern;
};

/* What a type constructor's name means. */
typedef enum TypeRule {
    TYPE_RULE_NONE,
    TYPE_RULE_COLLECTION,  /* holds its arguments: List<T> */
    TYPE_RULE_NULLABLE,    /* T or nothing: Optional[T] */
    TYPE_RULE_TRANSPARENT, /* as good as its first argument: Annotated[T, ...] */
    TYPE_RULE_NULL,        /* the absent member of a union: None */
    TYPE_RULE_INFERRED,    /* says nothing: auto, var */
    TYPE_RULE_UNION,       /* one of its arguments: Union[A, B] */
    TYPE_RULE_CLASS,       /* the class itself that it names: type[T] */
} TypeRule;

/* One line of language.yml that must fire in some test. */
typedef struct Pattern {
    const char *path; /* the language.yml that holds it */
    const char *node; /* "call" */
    const char *part; /* "receiver", "@pair", "tokens.&.", "" for the node itself */
    unsigned line;
} Pattern;

struct Lowering {
    const TSLanguage *grammar;
    const Mapping **mappings; /* by TSSymbol; NULL: transparent */
    bool *named;              /* by TSSymbol */
    TSSymbol *canonical;      /* by TSSymbol: the first of those with the same name */
    uint32_t symbol_count;
    Map choice_operators; /* Sym: BINARY with this operator is a CHOICE */
    Map constructors;     /* Sym: FUNCTION of this name is a CONSTRUCTOR */
    Map decorator_flags;  /* Sym -> FactFlag bits of the decorated */
    Map type_rules;       /* Sym -> TypeRule */
    Map self_names;       /* Sym -> FactKind: a NAME that is SELF or SUPER */
    Map typed_calls;      /* Sym -> FactKind of a CALL of that name with type arguments */
    Map code_calls;       /* Sym: the plain strings that a CALL of this name is given are code */
    bool capital_constants;
    BlankList blanks; /* of the language and its bases */
    SkimRules skim;
    Pattern *patterns; /* by Edge.pattern, Mapping.pattern; [0] is unused */
    uint32_t pattern_count;
};

/*
 * Loads the part under `lowering:` of `language`'s file, and of its bases, with
 * memory from `arena`. NULL after setting diag.
 */
Lowering *lowering_load(const Languages *languages, const Language *language, Names *names,
                        Arena *arena, Diag *diag);
void lowering_release(Lowering *lowering);

#endif
