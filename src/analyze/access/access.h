/*
 * access.h: the accesses of the targets, found in the parsed files.
 *
 * An Analysis joins a Program, its Resolver and the migrations' targets.
 * analysis_run looks at every node that carries an accessor's name (or a string
 * that holds one), finds what it belongs to, and records a Hit or a blind spot.
 *
 *     Analysis *a = analysis_new(program, resolver, migrations, count, both_sides);
 *     analysis_prepare(a);      // after each program_link: finds the target classes
 *     analysis_run(a);          // fills a->hits
 *     analysis_ask(a);          // leaves in resolver->needs what to parse next
 */
#ifndef STRAGGLER_ANALYZE_ACCESS_H
#define STRAGGLER_ANALYZE_ACCESS_H

#include "analyze/types/receiver.h"
#include "input/target.h"

enum { MODEL_CLASSES_MAX = 8 };

/* The classes that a migration's model means. */
typedef struct TargetModel {
    const Migration *migration;
    Sym name;  /* as written */
    Sym last;  /* last segment */
    Sym table;
    ClassId classes[MODEL_CLASSES_MAX];
    size_t class_count;
} TargetModel;

typedef struct TargetField {
    uint32_t model; /* index into models */
    const FieldMap *map;
    Sym name;
    Sym column; /* its name in the database, where that is another one; 0 */
    const char *target; /* "Merchant.owner_first_name" */
    bool is_new;  /* the field that replaces the old one */
    bool unique;  /* no other class in the program has a member of this name */
    bool only_column; /* other classes may have methods of this name, but no stored field */
    bool elsewhere;   /* another table has a column of this name, or an object that is nobody's a key */
    bool seen_elsewhere; /* one was met in the pass that is running */
} TargetField;

/* One name under which one target field is reached. */
typedef struct Accessor {
    uint32_t field; /* index into fields */
    Sym name;
    const Rule *rule; /* NULL: the field's own name */
    Meaning kind;     /* NONE: by use */
    uint32_t on;      /* shapes and ON_ bits */
    bool partial;       /* names one of its values, not the field: only a known receiver counts */
    uint32_t next;    /* index + 1 of the next accessor of the same name */
} Accessor;

/* One access, before it becomes a Finding. */
typedef struct Hit {
    uint32_t field;
    FileId file;
    NodeId node;
    uint32_t start, end; /* bytes of the accessor's own name */
    AccessKind kind;
    Confidence confidence;
    Sym accessor;
    NodeId receiver;     /* 0: none */
    ClassId receiver_class; /* 0: unknown */
    ReasonId reason;
    const char *why;     /* what was needed beyond proof; NULL */
} Hit;

typedef struct Blind {
    uint32_t field;
    FileId file;
    uint32_t start;
    const char *what; /* "dynamic-name", "whole-row" ... */
    const char *text;
} Blind;

typedef struct Analysis {
    Program *program;
    Resolver *resolver;
    Arena arena;
    struct { ARRAY_OF(TargetModel); } models;
    struct { ARRAY_OF(TargetField); } fields;
    struct { ARRAY_OF(Accessor); } accessors;
    Map accessor_by_name; /* name -> index + 1 */
    struct { ARRAY_OF(Hit); } hits;
    struct { ARRAY_OF(Blind); } blinds;
    struct { ARRAY_OF(Need); } doubts; /* classes nobody declared yet that turned an access down */
    Map doubted; /* name -> 1: for heirs of the model, 2: for any model; asked for once */
    Map hit_at; /* (file, start) -> index + 1, for the strongest per field */
} Analysis;

/* `both_sides`: the fields that replace the old ones are targets too, for the judgement. */
Analysis *analysis_new(Program *program, Resolver *resolver, const Migration *migrations,
                       size_t count, bool both_sides);
void analysis_free(Analysis *analysis);

/* Derives the accessors of `family` from the active packs; idempotent per family. */
void analysis_add_family(Analysis *analysis, const char *family);

/* Adds the names that members of the model's classes are declared to be for a field. */
void accessor_add_aliases(Analysis *analysis);

/* False for a name that only the model's class declares (`on: body`): it is not searched for. */
bool accessor_has_uses(const Accessor *accessor);

/* Finds what the fields' columns are called in the database; asks for the files that hold these names. */
void accessor_add_columns(Analysis *analysis);

/* True when a column of a query is the field's, whatever its case. */
bool analysis_is_column(const Analysis *analysis, uint32_t field, Str column);

/* True when the receiver is a class that carries the accessor besides the model: builders, query helpers. */
bool accessor_on_other_class(Analysis *analysis, const Accessor *accessor, const TypeSet *types);

/* Chooses the classes that a target's model means: target_class.c. */
void target_find_classes(Analysis *a, uint32_t model);

/* Finds the target classes among the linked ones and sets conventions and uniqueness. */
void analysis_prepare(Analysis *analysis);

/* Looks at every node of every parsed file. Clears earlier hits. */
void analysis_run(Analysis *analysis);

/*
 * Leaves in resolver->needs only what could change a hit: asks again for the receivers that are
 * not yet certain. Fields that no other class has are sure enough without.
 */
void analysis_ask(Analysis *analysis);

/* --- for the parts of the analysis --- */

/* How a receiver's type speaks for a field: false when it is proved to be something else. */
typedef struct Verdict {
    Confidence confidence;
    ClassId class_id;
    ReasonId reason;
    const char *why;
} Verdict;

/* Asks for the declarations of classes that a rule for models was not applied to. */
void analysis_doubt(Analysis *analysis, const TypeSet *types);

bool analysis_judge(Analysis *analysis, uint32_t field, uint32_t shapes, const TypeSet *types,
                    Verdict *verdict);

/* True when the file is of another family of languages than every declaration of the field's model. */
bool analysis_foreign(const Analysis *analysis, uint32_t field, FileId file);

/* True when the class is, inherits from, or is mixed into the field's model; weaker cases lower *confidence. */
bool analysis_in_family(const Analysis *analysis, uint32_t model, ClassId class_id,
                        Confidence *confidence);

/*
 * Types below the model that declare a field of the accessor's name themselves become OTHER,
 * where languages let such a field hide the one above.
 */
void analysis_drop_hidden(const Analysis *analysis, const Accessor *accessor, TypeSet *types);

/*
 * What the value beside an access tells of its owner: in `x.state == Job.RUNNING`, `state=Job.DONE`
 * or `x.state = Job.NEW` the constant's class. Empty when there is no such value.
 */
TypeSet hint_of_value(Analysis *analysis, FileId file, NodeId node);

/* Records a hit; of two at one place for one field the surer stays. */
void analysis_hit(Analysis *analysis, Hit hit);

void analysis_blind(Analysis *analysis, uint32_t field, FileId file, uint32_t start,
                    const char *what, const char *text);

/* A symbol, string, keyword or pair that spells the accessor: finds what it is given to. */
void mention_check(Analysis *analysis, const Accessor *accessor, FileId file, NodeId node);

/* A method written in an object literal, which may be a member of what is expected there. */
void mention_method(Analysis *analysis, const Accessor *accessor, FileId file, NodeId node);

/*
 * What a string or keyword at `node` is given to: the classes that the first rule that knows the
 * call speaks about, and what the rule says of it (SQL included). False when no rule knows.
 */
bool mention_context(Analysis *analysis, FileId file, NodeId node, Meaning *meaning,
                     TypeSet *types);

/* What a call of the name that a string is given to would mean, whatever it is called on. */
Meaning mention_meaning_by_name(const Analysis *analysis, FileId file, NodeId node);

/* A string that lists names, "position, title": true when it is nothing else. */
bool mention_check_list(Analysis *analysis, FileId file, NodeId node, Str text, uint32_t start);

/* A string that holds a field's name among other text: SQL, lookups, paths. */
void embedded_check(Analysis *analysis, FileId file, NodeId node);

/* A relation path such as job__health__in that starts at `types`; `start`: its place in the file. */
void embedded_path(Analysis *analysis, FileId file, NodeId node, Str path, uint32_t start,
                   TypeSet types, Meaning meaning);

/* Makes `likely` what a certain access in the same function explains. */
void promote_hits(Analysis *analysis);

/* A file of no known language: `table.field` in its text. */
void text_check(Analysis *analysis, FileId file);

/* A call that hides which field it uses, or uses them all. */
void blind_check(Analysis *analysis, FileId file, NodeId node);

/* A key of a data file (fixtures): the file's place or its neighbours tell the model. */
void data_check(Analysis *analysis, const Accessor *accessor, FileId file, NodeId node);

/* A column that the SQL front end found in a file. */
void column_check(Analysis *analysis, const Accessor *accessor, FileId file, NodeId node);

/* Members that declare the fields (declaration.c). */
void declarations_check(Analysis *analysis);

/* Records a hit at a node's own name. */
void analysis_record(Analysis *analysis, const Accessor *accessor, FileId file, NodeId node,
                     AccessKind kind, const Verdict *verdict, NodeId receiver);

/* Records a hit at a node that carries the accessor's name; `kind` NONE: a write if it is assigned. */
void analysis_hit_node(Analysis *analysis, const Accessor *accessor, FileId file, NodeId node,
                       Meaning kind, const Verdict *verdict, NodeId receiver);

/* True when the text holds the name of a target field. */
bool analysis_holds_field(const Analysis *analysis, Str text);

AccessKind meaning_access(Meaning meaning);

#endif
