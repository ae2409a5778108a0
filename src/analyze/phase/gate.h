/*
 * gate.h: what a schema migration takes away, read from the migration itself.
 *
 *     DROP COLUMN in SQL, remove_column :users, :email, RemoveField("invoice", "is_taxable"),
 *     op.drop_column("users", "email")
 *
 * Each dropped or renamed column becomes a Migration in phase `drop`, so that
 * the ordinary judgement tells whether something still uses it. What a rollback
 * does (`down`, `downgrade`, "-- +goose Down") is left out.
 */
#ifndef STRAGGLER_ANALYZE_GATE_H
#define STRAGGLER_ANALYZE_GATE_H

#include "analyze/phase/fieldmap.h"
#include "analyze/program/rules.h"
#include "base/array.h"
#include "facts/fact.h"

typedef struct GateSearch {
    FieldMapSearch read;   /* sources, languages, names, memory */
    RuleSet *rules;        /* loaded, all packs */
    const char *const *files; /* schema migrations to read; count 0: the newest of each folder */
    size_t file_count;
} GateSearch;

/* Fills `drops`, one for each table; texts from the arena. False after setting diag. */
bool gate_read(const GateSearch *search, MigrationList *drops, Diag *diag);

/* True when `node` stands in what a migration does to undo itself. */
bool gate_is_rollback(const Names *names, const Facts *facts, NodeId node, Str text,
                      const char *path);

#endif
