/*
 * demand.h: which files must be parsed.
 *
 * A Demand holds every source of the run with its bytes, and answers by
 * searching them: first for the accessors and the model's evidence names, then,
 * round by round, for the declarations that the resolver could not find.
 *
 *     demand_init(&d, sources, languages, rules, analysis, threads);
 *     demand_search(&d, diag);                         // reads all files once
 *     n = demand_first(&d, want_possible, out);        // files to parse first
 *     n = demand_more(&d, needs, count, out, diag);    // files that declare what was asked for
 *     demand_release(&d);
 *
 * `out` has room for every source.
 */
#ifndef STRAGGLER_ANALYZE_DEMAND_H
#define STRAGGLER_ANALYZE_DEMAND_H

#include "analyze/access/access.h"
#include "input/prefilter.h"
#include "input/walk.h"

typedef struct FileMark {
    bool accessor;  /* holds a name under which a target is reached */
    bool evidence;  /* holds a name of the model */
    bool declares;  /* may declare the model */
    bool chosen;    /* parsed, or about to be */
    bool deferred;  /* waits for what headers say of the model */
    bool may_pass;  /* chosen for its accessor alone: passed over if nothing beside it leads to a model */
} FileMark;

typedef struct Demand {
    SourceList *sources;
    const Languages *languages;
    const Analysis *analysis; /* its accessors and models */
    RuleSet *rules;
    unsigned threads;
    bool saves;           /* files that save, and models, are wanted too */
    FileMark *marks;      /* by source */
    bool *detected;       /* by pack of `rules` */
    size_t accessor_files;
    bool declared;        /* some file seems to declare a model */
    bool defers;          /* what is not a header waits; set before demand_first */
    size_t deferred;      /* files that wait */
    size_t unseen;        /* files with an accessor that are not parsed for want of evidence */
    uint64_t bytes;       /* searched */
    Arena arena;
} Demand;

void demand_init(Demand *demand, SourceList *sources, const Languages *languages, RuleSet *rules,
                 const Analysis *analysis, unsigned threads);
void demand_release(Demand *demand);

/* Reads every file and sets the marks and `detected`. */
bool demand_search(Demand *demand, Diag *diag);

/* The files to parse first, as indexes into sources; `want_possible` takes all with an accessor. */
size_t demand_first(Demand *demand, bool want_possible, uint32_t *out);

/* True when the field's name is common, so that waiting for what leads to the model pays. */
bool demand_is_common(const Demand *demand);

/* A file was passed over (parse/frontend.h): others may still need what it declares. */
void demand_passed(Demand *demand, size_t index);

/*
 * The files that may declare what is needed, those that hold what leads to a model, and those that
 * waited for the headers. 0: nothing new, or an error that is in diag.
 */
size_t demand_more(Demand *demand, const Need *needs, size_t count, uint32_t *out, Diag *diag);

#endif
