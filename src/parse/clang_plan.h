/*
 * clang_plan.h: which translation units have to be parsed.
 *
 * A unit is parsed when its own text may access a wanted member and it can see
 * the model; a header that may access one is parsed with one unit that includes
 * it. Macros that hold a member's name in their bodies make the units that use
 * them worth parsing too.
 */
#ifndef STRAGGLER_PARSE_CLANG_PLAN_H
#define STRAGGLER_PARSE_CLANG_PLAN_H

#include "parse/clang.h"
#include "parse/clang_graph.h"
#include "parse/clang_receiver.h"

typedef struct PlanFile {
    size_t file;       /* index into the graph; SIZE_MAX: cannot be read */
    bool in_request;   /* asked about; others use a macro */
    bool is_unit;      /* the database compiles it */
    bool interesting;  /* its text may hold an access */
    bool needs_record; /* uses a macro that holds a member, or a condition may hide one */
    bool planned;      /* some unit that is parsed sees it */
    bool included;     /* by some unit, whether or not that sees the model */
    unsigned tries;    /* units chosen only for it */
} PlanFile;

typedef struct PlanUnit {
    CompileCommand command;
    bool planned;
    bool needs_record;    /* so does one of its files */
    bool delay_templates; /* no template that is included can hold an access */
    size_t weight;
} PlanUnit;

typedef struct Plan {
    const ClangRequest *request;
    const CompileDatabase *database;
    Graph graph;
    Arena *arena;
    struct { ARRAY_OF(PlanFile); } files; /* the request's first, in its order */
    struct { ARRAY_OF(PlanUnit); } units; /* all the database has, in its order */
    struct { ARRAY_OF(const char *); } words;  /* fields and accessors */
    struct { ARRAY_OF(const char *); } macros; /* whose bodies hold one of the words */
    Map types;        /* names of the models, their typedefs, macros that spell them, and of
                         classes derived from them */
    struct { ARRAY_OF(CMacro); } function_macros;
    Map functions;    /* their names -> may an argument become a member's name? */
    size_t judged;    /* function_macros that `functions` knows */
    size_t field_words; /* the first of `words`; the others are accessors */
    Map defines;      /* names of all macros */
    Map known_types;  /* that the project's files define */
    struct { ARRAY_OF(CNames); } names; /* by graph file, as far as they were asked for */
    Map names_read;   /* graph file + 1 -> 1 */
    Map definers;     /* graph files that define a model */
    Map wanted_files; /* graph file + 1 -> index into files */
    Map macro_names;
    size_t examined;  /* graph files that the maps above know */
    bool cxx;         /* some unit is C++ */
    GraphClosure closure;
} Plan;

void plan_init(Plan *plan, const ClangRequest *request, const CompileDatabase *database,
               Arena *arena);
void plan_release(Plan *plan);

/*
 * Appends the numbers of the units to parse to `chosen`. Called again, chooses
 * other units for the headers that are not `planned` any more; nothing is
 * appended when there is nothing left to try.
 */
typedef struct PlanChoice { ARRAY_OF(size_t); } PlanChoice;
void plan_choose(Plan *plan, PlanChoice *chosen);

#endif
