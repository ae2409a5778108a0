/*
 * phase_private.h: what the parts of the judgement share. Only phase*.c include it.
 */
#ifndef STRAGGLER_ANALYZE_PHASE_PRIVATE_H
#define STRAGGLER_ANALYZE_PHASE_PRIVATE_H

#include "analyze/phase/phase.h"

/* Hits of one function, class body, statement or file, for looking up twins. */
typedef struct Judging {
    Analysis *analysis;
    const Judge *judge;
    Confidence weakest;
    Map by_file;      /* (field + 1, file) -> first write hit + 1 */
    uint32_t *next;   /* by hit: the next write of the same field in the file, + 1 */
    Map helpers;      /* (field, function) -> 1: calling it surely writes the field */
    Map helper_names; /* name of a helper -> 1 */
    Map sites;        /* name of a function with a write -> first place that speaks of it + 1 */
    struct { ARRAY_OF(Place); } site_places;
    struct { ARRAY_OF(uint32_t); } site_next; /* + 1 */
    bool *wanted;     /* by field: a write of it is a twin of the write being judged */
    uint8_t *covered; /* scratch, by node of one file */
    uint8_t *exits;
    size_t scratch;
} Judging;

static inline const TargetField *hit_field(const Judging *j, const Hit *hit)
{
    return &j->analysis->fields.items[hit->field];
}

static inline const Migration *hit_migration(const Judging *j, const Hit *hit)
{
    return j->analysis->models.items[hit_field(j, hit)->model].migration;
}

static inline const File *hit_file(const Judging *j, const Hit *hit)
{
    return j->analysis->program->files.items[hit->file];
}

/* The CALL that takes the name at `node` as an argument, key or keyword; 0 when there is none. */
NodeId phase_taker(const Judging *j, FileId file, NodeId node);

/* The field that replaces an old one; NULL when nothing does. */
const TargetField *phase_successor(const Judging *j, const TargetField *old);

/* --- phase_message.c --- */

/* What the broken rule asks for at the place; NULL: the rule has its own message. */
const char *phase_message(const Judging *j, const Hit *hit, const char *rule, Report *report);

/* --- phase_pair.c --- */

void pair_prepare(Judging *j);
void pair_release(Judging *j);

/* True when the write at `hit` has no twin on some path through its function, or its callers'. */
bool pair_is_missing(Judging *j, const Hit *hit);

/* True when a twin of `hit` stands on every path through `node` in the function around it. */
bool pair_stands_at(Judging *j, const Hit *hit, FileId file, NodeId node, bool any_object);

/* The function that a call surely means, if the program has it. */
bool pair_callee(const Judging *j, FileId file, NodeId call, Place *callee);

/* True when a new field's object is reached from one of the migration's old model, or is it. */
bool pair_reaches_owner(const Judging *j, const Hit *hit);

/* True when two expressions of a file are the same plain path (`a.b`), behind any local names. */
bool pair_same_path(const Judging *j, FileId file, NodeId a, NodeId b);

/* --- phase_caller.c --- */

/* True when a write is in a helper, and every call of it stands with a twin of the write. */
bool callers_pair(Judging *j, const Hit *hit);
void callers_release(Judging *j);

/* --- phase_split.c --- */

/* Appends the split saves of coupled models. */
void split_judge(const Judging *j, Report *report);

/* --- phase_fix.c --- */

/* Fills in the edits that turn an old access into one of the new field, where there are any. */
void fix_suggest(const Judging *j, const Hit *hit, Finding *finding, Report *report);

/* --- phase_schema.c --- */

/* True when a declaration makes the old field mandatory. */
bool schema_blocks(const Judging *j, const Hit *hit);

/* True when the hit drops or renames the column. */
bool schema_drops(const Judging *j, const Hit *hit);

/* True when a declaration belongs to the past: a schema migration before the one that drops it. */
bool schema_is_history(const Judging *j, const Hit *hit);

/* True when a hit breaks once the column is gone. */
bool schema_needs_column(const Judging *j, const Hit *hit);

#endif
