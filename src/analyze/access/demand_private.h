/*
 * demand_private.h: one search of a Demand's files for literals, of the first round
 * (demand.c) or of a later one (demand_more.c).
 */
#ifndef STRAGGLER_ANALYZE_DEMAND_PRIVATE_H
#define STRAGGLER_ANALYZE_DEMAND_PRIVATE_H

#include "analyze/access/demand.h"

enum { DEMAND_THREADS = 64 };

typedef enum Purpose {
    PURPOSE_ACCESSOR, /* first round: FileMark.accessor */
    PURPOSE_EVIDENCE, /* first round: FileMark.evidence */
    PURPOSE_DECLARES, /* first round: FileMark.declares; later: declares what a need asks for */
    PURPOSE_DOUBT,   /* declares a class that matters only if it inherits from a model */
    PURPOSE_ALIAS,   /* another name of a field: chosen if the file names the model too */
    PURPOSE_EXTENDS, /* inherits from a model, or from a class that does */
    PURPOSE_LEADS,   /* names what gives an object of the model */
    PURPOSE_TYPES,   /* names a type made from the model */
    PURPOSE_COUNTED, /* chosen or not by how many files hold it too: see choose_counted */
    PURPOSE_PACK     /* first round: turns a rule pack on */
} Purpose;

typedef struct Literal {
    uint32_t number;    /* in the prefilter */
    Purpose purpose;
    size_t pack;        /* PURPOSE_PACK: which */
    size_t need;        /* later rounds: which need asks for it */
    const char *family; /* NULL: any */
    Str line, text;     /* what a line that has the text must begin with; empty: anything */
} Literal;

/* A file that holds what a need whose files are counted asks for. */
typedef struct FileHit {
    size_t need, file;
} FileHit;

typedef struct FileHits {
    ARRAY_OF(FileHit);
} FileHits;

typedef struct Search {
    Demand *demand;
    Prefilter *prefilter;
    struct { ARRAY_OF(Literal); } literals;
    PrefilterScratch *scratch[DEMAND_THREADS];
    uint64_t *found[DEMAND_THREADS]; /* bits by number, of the file just scanned */
    size_t words;                    /* of `found` */
    FileHits hits[DEMAND_THREADS]; /* later rounds */
    uint64_t *file_bits; /* later rounds: by source, the purposes of what was found */
    _Atomic uint64_t bytes, kept; /* searched; of them still in memory */
} Search;

/* The literal in files of the language family (NULL: any); empty ones are left out. */
void search_add_literal(Search *search, Str text, unsigned flags, Purpose purpose, size_t pack,
                        const char *family);

/* `name` as each pattern spells the declaration of it. */
void search_add_declarations(Search *search, Str name, const DeclareList *list, const char *family,
                             Purpose purpose);

/* After the last literal, before the first scan; false on error. search_end releases everything, also then. */
bool search_start(Search *search, Diag *diag);
void search_end(Search *search);

/* True when the file, just scanned by this thread, holds the literal. */
bool search_found(const Search *search, unsigned thread, const Literal *literal,
                  const Source *source);

/* True for a file of that family of languages; NULL: any. */
bool family_is(const Source *source, const char *family);

/* True for a file that declares what others use (a header). */
bool source_is_interface(const Source *source);

#endif
