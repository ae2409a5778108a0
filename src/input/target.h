/*
 * target.h: what is migrated: models, fields and their map.
 *
 * `find` makes one Migration without a name from its arguments; `scan`, `check`
 * and the rest read them from straggler.yml (config.h). Everything borrows from
 * the arena of whoever made it.
 */
#ifndef STRAGGLER_INPUT_TARGET_H
#define STRAGGLER_INPUT_TARGET_H

#include "base/arena.h"
#include "base/array.h"
#include "base/diag.h"
#include "base/str.h"

#define PHASES(X)                                                                                  \
    X(ACCEPT, "accept") X(DUAL_WRITE, "dual-write") X(BACKFILL, "backfill")                        \
    X(READ_NEW, "read-new") X(WRITE_NEW, "write-new") X(DROP, "drop")
typedef enum Phase {
#define X(name, text) PHASE_##name,
    PHASES(X)
#undef X
    PHASE_COUNT
} Phase;

/* One old field and where its value lives now. */
typedef struct FieldMap {
    const char *from;        /* "owner_first_name" */
    const char *to;          /* "first_name"; NULL when only found, or dropped for good */
    const char *read;        /* rewrite template of a read: "{receiver}.tax_type != ..."; or NULL */
    const char *write;       /* rewrite template of a write, {receiver} and {value}; or NULL */
    unsigned line;           /* in straggler.yml, for messages; 0 for find */
} FieldMap;

typedef struct Migration {
    const char *name;     /* NULL for find */
    const char *model;    /* as written: "Merchant", "Spree::Order", "client", "app.Invoice" */
    const char *table;    /* NULL: derived by the rule pack's convention */
    const char *to_model; /* NULL: the same model */
    const char *through;  /* "legal_entity": how a model reaches to_model; NULL */
    const char *because, *owner, *due; /* due is YYYY-MM-DD; all may be NULL */
    Phase phase;
    FieldMap *fields;
    size_t field_count;
    const char *fields_from; /* macro whose calls are the map; NULL */
    const char *funnel_read, *funnel_write;
    const char **allow;      /* globs of files where stragglers are expected */
    size_t allow_count;
    bool accessors;          /* count getters and setters of the member too (C++, Java): default true */
    unsigned line;           /* in straggler.yml */
} Migration;

typedef struct MigrationList {
    ARRAY_OF(Migration);
} MigrationList;

/*
 * Adds `field` to the migration of `list` that has like's model and phase, or to a copy of
 * `like` put at its end; a field that is there already, or is no identifier, changes nothing.
 * Texts from `arena`.
 */
void migrations_add_field(MigrationList *list, const Migration *like, Str field, Arena *arena);

/*
 * Parses "Merchant.owner_first_name", "Spree::Order#email", "client::flags",
 * "Invoice.{a,b}". The last '.', '#' or '::' separates model from field. Fails
 * with a message and a hint on anything else.
 */
bool target_parse(const char *text, Migration *migration, Arena *arena, Diag *diag);

/* Word bytes, no digit first. */
bool name_is_identifier(Str name);

/* Identifiers joined by '.', '::', '/' or '\\': "Spree::Order", "app.Invoice". */
bool name_is_model(Str model);

const char *phase_name(Phase phase);
bool phase_parse(Str text, Phase *phase);

#endif
