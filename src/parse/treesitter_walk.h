/*
 * treesitter_walk.h: the state of one cursor walk. Private to treesitter*.c.
 *
 * The stack has a Frame for each open node of the syntax tree. A transparent
 * node's frame points at the fact of its parent, so its children land there.
 */
#ifndef STRAGGLER_PARSE_TREESITTER_WALK_H
#define STRAGGLER_PARSE_TREESITTER_WALK_H

#include "base/array.h"
#include "parse/lowering.h"

typedef struct Frame {
    const Mapping *mapping; /* NULL: none */
    Edge edge;              /* what children get that no edge of the mapping names */
    NodeId fact;            /* where children go */
    NodeId previous;        /* sibling of `fact` before it, when own */
    NodeId first;           /* first of the facts made by `repeat` */
    uint32_t inherit;       /* flags for functions and members below */
    uint32_t end;           /* of the syntax node */
    uint16_t position;      /* unnamed children seen; delimiters seen, in a string */
    bool own;               /* `fact` was made for this node */
    bool key;               /* reached by a key edge: folded into the parent when plain */
    bool repeated;          /* `repeat` was seen */
} Frame;

typedef struct Walk {
    const Lowering *lowering;
    const Language *language;
    Names *names;
    Str text;   /* names are cut out of it */
    Str parsed; /* what the parser reads: the same, with blanks */
    FactBuilder builder;
    TSTreeCursor cursor;
    struct {
        ARRAY_OF(Frame);
    } frames;
    struct {
        ARRAY_OF(NodeId);
    } heredocs; /* openings whose text has not come yet */
    size_t heredoc_next;
    TSParser *parser;
    uint64_t deadline; /* of the clock in treesitter.c */
    bool reparsing;    /* inside walk_reparse: syntax errors are not told */
    uint32_t *hits;    /* by pattern; NULL: not counted */
    bool too_deep;
} Walk;

/* The syntax node in hand. */
typedef struct Here {
    TSSymbol symbol;
    bool leaf;
    bool word; /* the whole node is one name: its children are not looked at */
    bool constant; /* named by a qualified name */
    uint32_t start, end;
    const Mapping *mapping;
    Edge edge;
    FactKind kind; /* what it becomes; FACT_NONE: nothing of its own */
} Here;

static inline Frame *walk_top(Walk *walk)
{
    return &walk->frames.items[walk->frames.count - 1];
}

static inline Node *walk_node(Walk *walk, NodeId id)
{
    return &walk->builder.facts->nodes[id];
}

/*
 * Facts that cannot be named or become something else: where the parser recovered
 * from an error, parts of a construct stand directly in one of these.
 */
static inline bool walk_is_container(Walk *walk, NodeId id)
{
    FactKind kind = (FactKind)walk_node(walk, id)->kind;
    return kind == FACT_FILE || kind == FACT_BLOCK || kind == FACT_ERROR;
}

static inline void walk_hit(Walk *walk, uint32_t pattern)
{
    if (walk->hits)
        walk->hits[pattern]++;
}

/* Appends a fact; an ERROR marks what it is in. */
NodeId walk_add(Walk *walk, NodeId parent, FactKind kind, FactRole role, uint32_t start,
                uint32_t end);


/* Looks at the cursor's node. True when a frame was pushed and its children are to be visited. */
bool walk_enter(Walk *walk);

/* Finishes the top frame and pops it. */
void walk_exit(Walk *walk);

/* Lowers [start, end), which the parser took as plain text, as code of its own, below `fact`. */
void walk_reparse(Walk *walk, NodeId fact, uint32_t start, uint32_t end);

/* treesitter_name.c */

/* Gives `id` the text [start, end) as its name, split at the last separator where that matters. */
void walk_set_name(Walk *walk, NodeId id, uint32_t start, uint32_t end);

/* Names `id` by the text of `here`, without what the mapping strips. */
void walk_name_by(Walk *walk, NodeId id, const Here *here);

/* True when the text consists of words and separators only, so that it is one name. */
bool walk_is_qualified(const Walk *walk, const Here *here);

/* The name that a fact made of a node without children has by its text. */
void walk_name_leaf(Walk *walk, NodeId id, const Here *here);

/* The text [start, end) is the operator of `id`; of an ASSIGN it means COMPOUND unless plain. */
void walk_set_operator(Walk *walk, NodeId id, uint32_t start, uint32_t end);

/* A delimiter: what stands between the first and the last is the string's text. */
void walk_see_quote(Walk *walk, Frame *frame, uint32_t start, uint32_t end);

/* Anonymous tokens delimit strings, set flags, or name an operator. */
void walk_see_token(Walk *walk, TSNode node, TSSymbol symbol);

/* treesitter_finish.c: what can be said of a fact once its children are known. */
void walk_finish(Walk *walk, Frame *frame);

/* treesitter_type.c */

/* Lowers the text of a type expression; `previous` as in Frame. */
void type_read_text(Walk *walk, NodeId parent, FactRole role, uint32_t start, uint32_t end);

/* Applies what the language says of type constructors to a TYPE that ends the array. */
void type_finish(Walk *walk, NodeId id, NodeId previous);

#endif
