/*
 * The judgement. One table says how bad each rule is in each phase; what an
 * access is (read, write, paired, dropped ...) decides which rules it breaks. A
 * place may break two: a lone write outside the funnel. Cost: linear in hits,
 * but for the search of twins (phase_pair.c).
 */
#include "analyze/phase/phase_private.h"

#include "analyze/access/emit.h"
#include "analyze/program/naming.h"
#include "input/ignore.h"

#include <string.h>

enum { MOST_RULES = 4, USES_SHOWN = 10 };

#define OFF SEVERITY_NONE
#define INF SEVERITY_INFO
#define WRN SEVERITY_WARNING
#define ERR SEVERITY_ERROR

/* In order of phases: accept, dual-write, backfill, read-new, write-new, drop. */
static const struct {
    const char *rule;
    Severity by_phase[PHASE_COUNT];
} SEVERITIES[] = {
    {"unpaired-write", {OFF, ERR, ERR, ERR, OFF, OFF}},
    {"bypassed-funnel", {OFF, WRN, WRN, WRN, OFF, OFF}},
    {"early-read", {OFF, ERR, ERR, OFF, OFF, OFF}},
    {"old-read", {OFF, OFF, OFF, ERR, ERR, ERR}},
    {"old-query", {OFF, OFF, OFF, ERR, ERR, ERR}},
    {"old-write", {OFF, OFF, OFF, OFF, ERR, ERR}},
    {"old-declare", {OFF, OFF, OFF, OFF, OFF, ERR}},
    {"blocking-constraint", {OFF, OFF, OFF, OFF, ERR, OFF}},
    {"multi-save", {OFF, OFF, OFF, OFF, WRN, WRN}},
    {"chained-save", {OFF, OFF, OFF, OFF, WRN, WRN}},
    {"split-save", {OFF, WRN, WRN, WRN, OFF, OFF}},
    {"premature-drop", {ERR, ERR, ERR, ERR, ERR, ERR}},
    {"overdue", {WRN, WRN, WRN, WRN, WRN, WRN}},
    {"finished", {OFF, INF, OFF, INF, INF, INF}},
};

Severity phase_default_severity(Phase phase, const char *rule)
{
    for (size_t i = 0; i < sizeof SEVERITIES / sizeof *SEVERITIES; i++) {
        if (strcmp(SEVERITIES[i].rule, rule) == 0)
            return SEVERITIES[i].by_phase[phase];
    }
    return SEVERITY_NONE;
}

static Severity severity_parse(const char *text)
{
    for (int s = SEVERITY_NONE; s <= SEVERITY_ERROR; s++) {
        if (strcmp(severity_name((Severity)s), text) == 0)
            return (Severity)s;
    }
    return SEVERITY_NONE;
}

/* The most special setting wins: migration and phase, migration, phase, all. */
Severity phase_severity(const Config *config, const Migration *migration, const char *rule)
{
    Severity severity = phase_default_severity(migration->phase, rule);
    int best = severity == SEVERITY_NONE ? 1 : 0; /* what a phase does not judge is only turned on by name */
    for (size_t i = 0; i < config->severity_count; i++) {
        const SeverityOverride *item = &config->severities[i];
        bool fits = strcmp(item->rule, rule) == 0 &&
                    (!item->migration ||
                     (migration->name && strcmp(item->migration, migration->name) == 0)) &&
                    (item->any_phase || item->phase == migration->phase);
        int rank = (item->migration ? 2 : 0) + (item->any_phase ? 0 : 1);
        if (!fits || rank < best)
            continue;
        best = rank;
        severity = severity_parse(item->severity);
    }
    return severity;
}

NodeId phase_taker(const Judging *j, FileId file, NodeId node)
{
    const Facts *facts = &j->analysis->program->files.items[file]->facts;
    for (NodeId p = facts->nodes[node].parent; p; p = facts->nodes[p].parent) {
        switch (facts->nodes[p].kind) {
        case FACT_CALL:
        case FACT_NEW: return p;
        case FACT_LIST:
        case FACT_MAP:
        case FACT_PAIR:
        case FACT_KEYWORD:
        case FACT_SPLAT:
        case FACT_GROUP: continue;
        default: return 0;
        }
    }
    return 0;
}

/* --- which rules an access breaks --- */

/* The accesses that a dropped column would break: how many, and the first by path and place. */
typedef struct Uses {
    size_t count, shown;
    const Hit *first[USES_SHOWN];
} Uses;

typedef struct Broken {
    const char *rules[MOST_RULES];
    const char *messages[MOST_RULES];
    size_t count;
    const Uses *uses; /* of a column that is dropped; NULL */
} Broken;

static void broke(Broken *broken, const char *rule, const char *message)
{
    if (broken->count == MOST_RULES)
        return;
    broken->rules[broken->count] = rule;
    broken->messages[broken->count++] = message;
}

static bool is_allowed(const Judging *j, const Hit *hit)
{
    const Migration *migration = hit_migration(j, hit);
    if (!migration->allow_count)
        return false;
    Arena arena;
    arena_init(&arena);
    const IgnoreRules *globs =
        ignore_from_globs(&arena, migration->allow, migration->allow_count);
    Str path = str_of(hit_file(j, hit)->source->path);
    bool found = ignore_match(globs, path, false) == IGNORE_OUT;
    for (size_t i = 0; i < path.length && !found; i++) {
        if (path.data[i] == '/')
            found = ignore_match(globs, str_slice(path, 0, i), true) == IGNORE_OUT;
    }
    arena_release(&arena);
    return found;
}

static bool inside_function(const Judging *j, const Hit *hit, const char *name)
{
    const Program *program = j->analysis->program;
    for (NodeId f = program_enclosing_function(program, hit->file, hit->node); name && f;
         f = program_enclosing_function(program, hit->file, f)) {
        if (str_eq_c(names_str(program->names, program_node(program, hit->file, f)->name), name))
            return true;
    }
    return false;
}

const TargetField *phase_successor(const Judging *j, const TargetField *old)
{
    const Migration *migration = j->analysis->models.items[old->model].migration;
    for (size_t f = 0; f < j->analysis->fields.count; f++) {
        const TargetField *field = &j->analysis->fields.items[f];
        if (field->is_new && j->analysis->models.items[field->model].migration == migration &&
            old->map->to && str_eq_c(names_str(j->analysis->program->names, field->name),
                                     old->map->to))
            return field;
    }
    return NULL;
}

static void judge_old_write(Judging *j, const Hit *hit, Broken *broken, Report *report)
{
    const Migration *migration = hit_migration(j, hit);
    const TargetField *twin = phase_successor(j, hit_field(j, hit));
    broke(broken, "old-write", NULL);
    if (migration->funnel_write && !inside_function(j, hit, migration->funnel_write))
        broke(broken, "bypassed-funnel",
              arena_printf(&report->arena, "%s is written outside of `%s`",
                           hit_field(j, hit)->target, migration->funnel_write));
    if (twin && pair_is_missing(j, hit))
        broke(broken, "unpaired-write",
              arena_printf(&report->arena, "%s is written here, but %s is not",
                           hit_field(j, hit)->target, twin->target));
}

/* A validation that demands the field is a read, but what matters is the demand. */
static void judge_old_read(Judging *j, const Hit *hit, Broken *broken)
{
    bool demands = schema_blocks(j, hit) &&
                   phase_severity(j->judge->config, hit_migration(j, hit), "blocking-constraint");
    broke(broken, demands ? "blocking-constraint" : "old-read", NULL);
}

static void judge_drop(const Judging *j, const Hit *hit, Broken *broken, Report *report,
                       const Uses *uses)
{
    if (!uses->count)
        return;
    const Hit *first = uses->first[0];
    const File *file = hit_file(j, first);
    uint32_t line, column;
    source_position(&file->lines, first->start, &line, &column);
    broken->uses = uses;
    broke(broken, "premature-drop",
          arena_printf(&report->arena, "%s is dropped while %zu place%s still use%s it: %s:%u%s",
                       hit_field(j, hit)->target, uses->count, uses->count == 1 ? "" : "s",
                       uses->count == 1 ? "s" : "", file->source->path, line,
                       uses->count == 1 ? "" : " and others"));
}

static void judge_old(Judging *j, const Hit *hit, Broken *broken, Report *report, const Uses *uses)
{
    if (schema_drops(j, hit)) {
        judge_drop(j, hit, broken, report, uses);
        return;
    }
    switch (hit->kind) {
    case ACCESS_READ: judge_old_read(j, hit, broken); break;
    case ACCESS_QUERY: broke(broken, "old-query", NULL); break;
    case ACCESS_WRITE: judge_old_write(j, hit, broken, report); break;
    case ACCESS_DECLARE:
        if (schema_is_history(j, hit))
            break;
        broke(broken, "old-declare", NULL);
        if (schema_blocks(j, hit))
            broke(broken, "blocking-constraint", NULL);
        break;
    default: break;
    }
}

/*
 * A new field that several migrations lead to belongs to the one whose owner is
 * in sight; to the first, when none is.
 */
static bool belongs_here(const Judging *j, const Hit *hit)
{
    const TargetField *field = hit_field(j, hit);
    bool first = true, reached = pair_reaches_owner(j, hit), by_other = false;
    for (uint32_t f = 0; f < j->analysis->fields.count; f++) {
        const TargetField *other = &j->analysis->fields.items[f];
        if (f == hit->field || !other->is_new || strcmp(other->target, field->target) != 0)
            continue;
        Hit as_other = *hit;
        as_other.field = f;
        by_other |= pair_reaches_owner(j, &as_other);
        first &= f > hit->field;
    }
    return reached || (first && !by_other);
}

static void judge_new(Judging *j, const Hit *hit, Broken *broken, Report *report)
{
    const TargetField *field = hit_field(j, hit);
    const Migration *migration = hit_migration(j, hit);
    if (inside_function(j, hit, migration->funnel_write))
        return;
    if (hit->kind == ACCESS_READ || hit->kind == ACCESS_QUERY) {
        if (belongs_here(j, hit))
            broke(broken, "early-read", NULL);
    } else if (hit->kind == ACCESS_WRITE && pair_reaches_owner(j, hit) && pair_is_missing(j, hit)) {
        broke(broken, "unpaired-write",
              arena_printf(&report->arena, "%s is written here, but %s.%s is not", field->target,
                           migration->model, field->map->from));
    }
}

/* --- findings --- */

/* Only what goes for good is rewritten; a write that lacks its twin is completed. */
static bool is_replaced(const char *rule)
{
    return strcmp(rule, "old-read") == 0 || strcmp(rule, "old-query") == 0 ||
           strcmp(rule, "old-write") == 0;
}

/* The places that use a dropped column are its evidence. */
static void show_uses(const Judging *j, const Uses *uses, Finding *finding, Report *report)
{
    Evidence *links = ARENA_ARRAY(&report->arena, Evidence, uses->shown);
    for (size_t i = 0; i < uses->shown; i++)
        links[i] = emit_evidence(j->analysis->program, (Place){uses->first[i]->file, uses->first[i]->node}, report);
    finding->evidence = links;
    finding->evidence_count = uses->shown;
}

static void push(Judging *j, const Hit *hit, const Broken *broken, Report *report)
{
    const Config *config = j->judge->config;
    const Migration *migration = hit_migration(j, hit);
    Finding finding = emit_finding(j->analysis, hit, report);
    bool reported = false;
    if (broken->uses)
        show_uses(j, broken->uses, &finding, report);
    for (size_t i = 0; i < broken->count; i++) {
        Finding straggler = finding;
        straggler.rule = broken->rules[i];
        straggler.severity = phase_severity(config, migration, straggler.rule);
        if (straggler.severity == SEVERITY_NONE)
            continue;
        straggler.message = broken->messages[i] ? broken->messages[i]
                                                : phase_message(j, hit, straggler.rule, report);
        if (is_replaced(straggler.rule))
            fix_suggest(j, hit, &straggler, report);
        array_push(&report->findings, straggler);
        reported = true;
    }
    if (reported || hit_field(j, hit)->is_new)
        return;
    array_push(&report->findings, finding);
}

static bool comes_before(const Judging *j, const Hit *a, const Hit *b)
{
    int order = strcmp(hit_file(j, a)->source->path, hit_file(j, b)->source->path);
    return order < 0 || (!order && a->start < b->start);
}

static void add_use(const Judging *j, Uses *uses, const Hit *hit)
{
    size_t at = uses->shown;
    uses->count++;
    while (at > 0 && comes_before(j, hit, uses->first[at - 1]))
        at--;
    if (at == USES_SHOWN)
        return;
    size_t moved = uses->shown < USES_SHOWN ? uses->shown++ - at : USES_SHOWN - 1 - at;
    memmove(&uses->first[at + 1], &uses->first[at], moved * sizeof(const Hit *));
    uses->first[at] = hit;
}

/* By field: what breaks when the column goes. */
static Uses *used_fields(const Judging *j, Arena *arena)
{
    Uses *uses = ARENA_ARRAY(arena, Uses, j->analysis->fields.count + 1);
    bool drops = false;
    for (size_t i = 0; i < j->analysis->hits.count && !drops; i++)
        drops = schema_drops(j, &j->analysis->hits.items[i]);
    for (size_t i = 0; i < j->analysis->hits.count && drops; i++) {
        const Hit *hit = &j->analysis->hits.items[i];
        /* what ran in a schema migration before the column went is over */
        if (hit->confidence <= j->weakest && schema_needs_column(j, hit) && !schema_is_history(j, hit))
            add_use(j, &uses[hit->field], hit);
    }
    return uses;
}

void phase_judge(Analysis *analysis, const Judge *judge, Confidence weakest, Report *report)
{
    Judging j = {.analysis = analysis, .judge = judge, .weakest = weakest};
    Arena arena;
    arena_init(&arena);
    pair_prepare(&j);
    Uses *uses = used_fields(&j, &arena);
    for (size_t i = 0; i < analysis->hits.count; i++) {
        const Hit *hit = &analysis->hits.items[i];
        Broken broken = {0};
        bool is_new = hit_field(&j, hit)->is_new;
        if (hit->confidence > weakest) {
            report->totals.below_threshold += !is_new;
            continue;
        }
        if (!is_allowed(&j, hit)) {
            if (is_new)
                judge_new(&j, hit, &broken, report);
            else
                judge_old(&j, hit, &broken, report, &uses[hit->field]);
        }
        push(&j, hit, &broken, report);
    }
    split_judge(&j, report);
    emit_blind_spots(analysis, report);
    pair_release(&j);
    arena_release(&arena);
}

/* --- about a migration as a whole --- */

static void push_about(const Judge *judge, const Migration *migration, const char *rule,
                       const char *message, Report *report)
{
    Severity severity = phase_severity(judge->config, migration, rule);
    if (severity == SEVERITY_NONE)
        return;
    Finding finding = {.path = judge->config_path,
                       .line = migration->line,
                       .column = 1,
                       .end_line = migration->line,
                       .end_column = 1,
                       .migration = migration->name,
                       .target = migration->name,
                       .accessor = migration->name,
                       .kind = ACCESS_DECLARE,
                       .confidence = CONFIDENCE_CERTAIN,
                       .rule = rule,
                       .severity = severity,
                       .message = message,
                       .line_text = migration->name,
                       .owner = migration->owner};
    array_push(&report->findings, finding);
}

static bool has_stragglers(const Report *report, const Migration *migration)
{
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (finding->rule && strcmp(finding->rule, "overdue") != 0 && finding->migration &&
            strcmp(finding->migration, migration->name) == 0)
            return true;
    }
    return false;
}

/* Before the drop something must be found, or nothing of the model was seen at all. */
static bool was_seen(const Report *report, const Migration *migration)
{
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (finding->migration && finding->kind != ACCESS_SAVE &&
            strcmp(finding->migration, migration->name) == 0)
            return true;
    }
    return migration->phase == PHASE_DROP;
}

static bool is_model_name(Str text, const char *model)
{
    return model && str_eq(name_last(text), name_last(str_of(model)));
}

/* A save belongs to a migration when one of its objects, "Order->Customer", is of its models. */
static bool save_concerns(const Finding *finding, const Migration *migration)
{
    Str target = str_of(finding->target);
    size_t arrow = str_find(target, str_lit("->"), 0);
    Str saved = str_trim(str_slice(target, 0, arrow));
    Str other = arrow == SIZE_MAX ? saved : str_trim(str_slice(target, arrow + 2, target.length));
    return is_model_name(saved, migration->model) || is_model_name(other, migration->model) ||
           is_model_name(saved, migration->to_model) || is_model_name(other, migration->to_model);
}

static void judge_saves(const Judge *judge, Report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->findings.count; i++) {
        Finding finding = report->findings.items[i];
        const Migration *by = NULL;
        for (size_t m = 0; m < judge->config->migration_count && finding.kind == ACCESS_SAVE; m++) {
            const Migration *migration = &judge->config->migrations[m];
            Severity severity = save_concerns(&finding, migration)
                                    ? phase_severity(judge->config, migration, finding.rule)
                                    : SEVERITY_NONE;
            if (severity == SEVERITY_NONE || (by && severity <= finding.severity))
                continue;
            by = migration;
            finding.severity = severity;
        }
        if (finding.kind == ACCESS_SAVE && !by)
            continue;
        if (by) {
            finding.migration = by->name;
            finding.owner = by->owner;
        }
        report->findings.items[kept++] = finding;
    }
    report->findings.count = kept;
}

bool phase_wants_saves(const Config *config)
{
    for (size_t m = 0; m < config->migration_count; m++) {
        if (phase_severity(config, &config->migrations[m], "multi-save") ||
            phase_severity(config, &config->migrations[m], "chained-save"))
            return true;
    }
    return false;
}

void phase_conclude(const Judge *judge, Report *report)
{
    judge_saves(judge, report);
    for (size_t m = 0; m < judge->config->migration_count; m++) {
        const Migration *migration = &judge->config->migrations[m];
        if (migration->due && judge->today && strcmp(migration->due, judge->today) < 0)
            push_about(judge, migration, "overdue",
                       arena_printf(&report->arena, "%s was due on %s, and is still in phase %s",
                                    migration->name, migration->due, phase_name(migration->phase)),
                       report);
    }
    for (size_t m = 0; m < judge->config->migration_count; m++) {
        const Migration *migration = &judge->config->migrations[m];
        if (has_stragglers(report, migration) || !was_seen(report, migration))
            continue;
        bool last = migration->phase == PHASE_DROP;
        push_about(judge, migration, "finished",
                   last ? arena_printf(&report->arena,
                                       "nothing of %s is left: remove it from straggler.yml",
                                       migration->name)
                        : arena_printf(&report->arena,
                                       "%s has nothing left of phase %s: it may advance to %s",
                                       migration->name, phase_name(migration->phase),
                                       phase_name((Phase)(migration->phase + 1))),
                   report);
    }
}
