/*
 * scan.h: one run, from paths to a Report.
 */
#ifndef STRAGGLER_SCAN_H
#define STRAGGLER_SCAN_H

#include "base/diag.h"
#include "input/target.h"
#include "output/finding.h"

typedef struct ScanOptions {
    const char *root;         /* folder that paths in the report are relative to */
    const char *const *paths; /* relative to root; count 0: all of it */
    size_t path_count;
    const char *const *include;
    size_t include_count;
    const char *const *exclude;
    size_t exclude_count;
    const char *const *rules; /* rule packs: names, or files relative to root; count 0: detect */
    size_t rule_count;
    const char *rules_root;   /* what files of `rules` are relative to; NULL: root */
    const Migration *migrations;
    size_t migration_count;
    Confidence min_confidence;
    bool want_possible;       /* parse files that can only hold `possible` accesses */
    const struct Judge *judge; /* analyze/phase/phase.h; NULL: accesses only, of old fields only */
    bool gate;                /* the migrations are what schema migrations drop (analyze/phase/gate.h) */
    const char *const *gate_files; /* these schema migrations; count 0: the newest ones */
    size_t gate_file_count;
    bool want_rule_uses;      /* list the rules that were used */
    bool want_saves;          /* run the dirty-object dataflow */
    const char *compile_commands; /* NULL: looked for */
    unsigned threads;         /* 0: all cores */
    unsigned file_deadline_ms; /* 0: the default */
    bool no_ignore, hidden;
    bool parse_whole;         /* never leave bodies of functions out (parse/skim.h) */
    const char *const *set_aside; /* files that crashed a parser in an earlier try */
    size_t set_aside_count;
    struct SharedPage *page;  /* of the supervisor (input/supervisor.h); NULL without one */
    bool progress;            /* draw a bar on stderr when the run takes long */
} ScanOptions;

/* Fills `report` (findings sorted, fingerprinted; judged by phase if asked to). False after setting diag. */
bool scan_run(const ScanOptions *options, Report *report, Diag *diag);

/*
 * Reads the field maps that the code holds (`fields_from`) into options->migrations, so that
 * scans of other trees use the same; memory from `arena`. False after setting diag.
 */
bool scan_field_maps(ScanOptions *options, Arena *arena, Diag *diag);

/*
 * Appends to `found` what the code itself says is on its way out (analyze/phase/retired.h); memory from
 * `arena`. The page of `options` may be NULL. False after setting diag.
 */
bool scan_retired(const ScanOptions *options, MigrationList *found, Arena *arena, Diag *diag);

#endif
