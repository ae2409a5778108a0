/*
 * Counts are over places: an access that breaks two rules is one. Groups are
 * kept in order of first sight, which is the report's own order, so nothing here
 * depends on hashing. Cost: findings times groups, of which there are few.
 */
#include "output/todo.h"

#include "base/array.h"
#include "output/escape.h"
#include "output/report.h"

#include <string.h>

enum { MOST_PLACES = 2000, MOST_BLIND = 200, FOLDER_DEPTH = 2 };

/* A row of a table: a field, an owner, a folder. */
typedef struct Group {
    Str name;
    size_t kinds[ACCESS_KIND_COUNT];
    size_t total;
} Group;

typedef struct Groups {
    ARRAY_OF(Group);
} Groups;

/* What a finding is work for. */
typedef enum Step { STEP_NOW, STEP_READS, STEP_WRITES, STEP_DROP, STEP_NONE, STEP_COUNT } Step;

static const char *const STEP_TITLES[] = {
    "Now", "Before `read-new`: reads and queries", "Before `write-new`: writes",
    "Before `drop`: declarations", "No work: schema migrations, and what `allow` accepts"};

static bool is_about_migration(const Finding *finding)
{
    return finding->rule && (strcmp(finding->rule, "finished") == 0 ||
                             strcmp(finding->rule, "overdue") == 0 ||
                             strcmp(finding->rule, "unused-suppression") == 0);
}

static bool belongs(const Finding *finding, const Migration *migration)
{
    return finding->migration && strcmp(finding->migration, migration->name) == 0 &&
           !is_about_migration(finding);
}

/* True for a straggler that forbids to advance. */
static bool forbids(const Finding *finding)
{
    return finding->rule && finding->severity >= SEVERITY_WARNING && finding_shown(finding);
}

/* The finding before it is of the same place: it was counted. */
static bool is_repeat(const Report *report, size_t i)
{
    if (!i)
        return false;
    const Finding *a = &report->findings.items[i - 1], *b = &report->findings.items[i];
    return strcmp(a->path, b->path) == 0 && a->start == b->start && a->line == b->line &&
           strcmp(a->target, b->target) == 0;
}

/* In the last phase, what breaks no rule stays: the schema migrations that made and drop the column. */
static Step step_of(const Finding *finding, const Migration *migration)
{
    if (finding->rule)
        return STEP_NOW;
    if (migration->phase == PHASE_DROP)
        return STEP_NONE;
    switch (finding->kind) {
    case ACCESS_READ:
    case ACCESS_QUERY: return STEP_READS;
    case ACCESS_WRITE: return STEP_WRITES;
    default: return STEP_DROP;
    }
}

/* True for the first finding of a place that is work. */
static bool is_left(const Report *report, size_t i, const Migration *migration)
{
    const Finding *finding = &report->findings.items[i];
    return belongs(finding, migration) && step_of(finding, migration) != STEP_NONE &&
           !is_repeat(report, i);
}

/* --- groups --- */

static void count_in(Groups *groups, Str name, AccessKind kind)
{
    size_t i = 0;
    while (i < groups->count && !str_eq(groups->items[i].name, name))
        i++;
    if (i == groups->count)
        array_push(groups, ((Group){.name = name}));
    groups->items[i].kinds[kind]++;
    groups->items[i].total++;
}

/* The first folders of a path; "." for a file at the root. */
static Str folder_of(const char *path)
{
    Str text = str_of(path);
    size_t end = 0, depth = 0;
    for (size_t i = 0; i < text.length && depth < FOLDER_DEPTH; i++) {
        if (text.data[i] == '/') {
            end = i;
            depth++;
        }
    }
    return end ? str_slice(text, 0, end) : str_lit(".");
}

typedef Str (*GroupName)(const Finding *finding);

static Str by_field(const Finding *finding)
{
    return str_of(finding->target);
}

static Str by_owner(const Finding *finding)
{
    return finding->owner ? str_of(finding->owner) : str_lit("nobody");
}

static Str by_folder(const Finding *finding)
{
    return folder_of(finding->path);
}

static Groups group(const Report *report, const Migration *migration, GroupName name)
{
    Groups groups = {0};
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (is_left(report, i, migration))
            count_in(&groups, name(finding), finding->kind);
    }
    return groups;
}

static void add_table(StrBuf *out, const char *title, Groups *groups)
{
    if (groups->count) {
        strbuf_printf(out, "\n| %s | read | query | write | declare | save | all |\n"
                           "| --- | --: | --: | --: | --: | --: | --: |\n",
                      title);
    }
    for (size_t i = 0; i < groups->count; i++) {
        const Group *g = &groups->items[i];
        strbuf_add_c(out, "| ");
        escape_markdown_code(out, g->name);
        strbuf_printf(out, " | %zu | %zu | %zu | %zu | %zu | %zu |\n", g->kinds[ACCESS_READ],
                      g->kinds[ACCESS_QUERY], g->kinds[ACCESS_WRITE], g->kinds[ACCESS_DECLARE],
                      g->kinds[ACCESS_SAVE], g->total);
    }
    array_release(groups);
}

static void add_totals(StrBuf *out, const Report *report, const Migration *migration)
{
    size_t counts[ACCESS_KIND_COUNT][CONFIDENCE_COUNT] = {0};
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (is_left(report, i, migration))
            counts[finding->kind][finding->confidence]++;
    }
    strbuf_add_c(out, "\n| what is left | certain | likely | possible |\n"
                      "| --- | --: | --: | --: |\n");
    for (int k = 0; k < ACCESS_KIND_COUNT; k++)
        strbuf_printf(out, "| %s | %zu | %zu | %zu |\n", access_kind_name((AccessKind)k),
                      counts[k][CONFIDENCE_CERTAIN], counts[k][CONFIDENCE_LIKELY],
                      counts[k][CONFIDENCE_POSSIBLE]);
}

/* --- the verdict --- */

typedef struct Counts {
    size_t forbidding, left;
} Counts;

static Counts count_places(const Report *report, const Migration *migration)
{
    Counts counts = {0};
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (!belongs(finding, migration))
            continue;
        counts.left += is_left(report, i, migration);
        counts.forbidding += forbids(finding) && !(is_repeat(report, i) && forbids(finding - 1));
    }
    return counts;
}

/* May the migration go on? */
static void add_advice(StrBuf *out, Counts counts, const Migration *migration)
{
    bool last = migration->phase == PHASE_DROP;
    const char *next = last ? "done" : phase_name((Phase)(migration->phase + 1));
    const char *plural = counts.forbidding == 1 ? "" : "s", *verb = *plural ? "" : "s";
    strbuf_printf(out, "Phase **%s**: ", phase_name(migration->phase));
    if (counts.forbidding && last)
        strbuf_printf(out, "%zu place%s forbid%s calling it done.\n", counts.forbidding, plural, verb);
    else if (counts.forbidding)
        strbuf_printf(out, "%zu place%s forbid%s advancing to **%s**.\n", counts.forbidding, plural,
                      verb, next);
    else if (!counts.left && !last)
        strbuf_add_c(out, "nothing of it was found, so nothing can be said.\n");
    else if (last)
        strbuf_add_c(out, "done, it may be taken out of straggler.yml.\n");
    else
        strbuf_printf(out, "may advance to **%s**.\n", next);
}

static void add_verdict(StrBuf *out, const Report *report, const Migration *migration)
{
    Counts counts = count_places(report, migration);
    add_advice(out, counts, migration);
    if (counts.left)
        strbuf_printf(out, "%zu place%s still use%s the old fields.\n", counts.left,
                      counts.left == 1 ? "" : "s", counts.left == 1 ? "s" : "");
    if (migration->due)
        strbuf_printf(out, "Due %s.\n", migration->due);
    if (report->totals.incomplete && !counts.forbidding)
        strbuf_add_c(out, "**The run is incomplete: files that hold a name were not analysed.**\n");
}

/* The declaration of each field must be found, or the analysis saw nothing of the model. */
static void add_control(StrBuf *out, const Report *report, const Migration *migration)
{
    const Finding *control = NULL;
    for (size_t i = 0; i < report->findings.count && !control; i++) {
        const Finding *finding = &report->findings.items[i];
        if (belongs(finding, migration) && finding->kind == ACCESS_DECLARE &&
            finding->confidence == CONFIDENCE_CERTAIN)
            control = finding;
    }
    if (control) {
        strbuf_add_c(out, "\nPositive control: the declaration of ");
        escape_markdown_code(out, str_of(control->target));
        strbuf_add_c(out, " was found (");
        escape_markdown_code(out, str_of(control->path));
        strbuf_printf(out, ":%u).\n", control->line);
    } else if (migration->phase == PHASE_DROP) {
        strbuf_add_c(out, "\nPositive control: none, no declaration is left.\n");
    } else {
        strbuf_add_c(out, "\nPositive control **failed**: no declaration of an old field was found. "
                          "Is the model's name right, and is its file included?\n");
    }
}

/* --- the work --- */

static void add_place(StrBuf *out, const Finding *finding)
{
    strbuf_add_c(out, "- [ ] ");
    escape_markdown_code(out, str_of(finding->path));
    strbuf_printf(out, ":%u ", finding->line);
    strbuf_printf(out, "%s ", finding_rule(finding));
    escape_markdown_code(out, str_of(finding->target));
    if (finding->confidence != CONFIDENCE_CERTAIN)
        strbuf_printf(out, " (%s)", confidence_name(finding->confidence));
    if (finding->suppressed || finding->baselined)
        strbuf_add_c(out, finding->suppressed ? " (accepted by a comment)" : " (in the baseline)");
    if (finding->rule && finding->message) {
        strbuf_add_c(out, ": ");
        escape_markdown(out, str_of(finding->message));
    }
    strbuf_add_byte(out, '\n');
}

static void add_step(StrBuf *out, const Report *report, const Migration *migration, Step step)
{
    size_t listed = 0, left_out = 0;
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (!belongs(finding, migration) || step_of(finding, migration) != step)
            continue;
        if (listed == MOST_PLACES) {
            left_out++;
            continue;
        }
        if (!listed++)
            strbuf_printf(out, "\n### %s\n\n", STEP_TITLES[step]);
        add_place(out, finding);
    }
    if (left_out)
        strbuf_printf(out, "\n%zu more are left out here.\n", left_out);
}

static void add_migration(StrBuf *out, const Report *report, const Migration *migration)
{
    Groups fields = group(report, migration, by_field);
    Groups owners = group(report, migration, by_owner);
    Groups folders = group(report, migration, by_folder);
    strbuf_add_c(out, "\n## ");
    escape_markdown(out, str_of(migration->name));
    strbuf_add_c(out, "\n\n");
    if (migration->because) {
        escape_markdown(out, str_of(migration->because));
        strbuf_add_c(out, ".\n\n");
    }
    add_verdict(out, report, migration);
    add_control(out, report, migration);
    add_totals(out, report, migration);
    add_table(out, "field", &fields);
    add_table(out, "owner", &owners);
    add_table(out, "folder", &folders);
    for (int step = 0; step < STEP_COUNT; step++)
        add_step(out, report, migration, (Step)step);
}

/* --- what was seen, and what not --- */

static void add_coverage(StrBuf *out, const Report *report)
{
    const RunTotals *totals = &report->totals;
    strbuf_printf(out, "%llu files seen, %llu held a name, %llu analysed, %llu skipped, "
                       "%llu incomplete, %zu blind spots.\n",
                  (unsigned long long)totals->files, (unsigned long long)totals->candidates,
                  (unsigned long long)totals->parsed, (unsigned long long)totals->skipped,
                  (unsigned long long)totals->incomplete, report->blind_spots.count);
    if (totals->below_threshold)
        strbuf_printf(out, "%llu weaker accesses are not listed (`--min-confidence possible`).\n",
                      (unsigned long long)totals->below_threshold);
}

static void add_unseen(StrBuf *out, const Report *report)
{
    if (!report->blind_spots.count && !report->notes.count)
        return;
    strbuf_add_c(out, "\n## What static reading cannot see\n\n");
    for (size_t i = 0; i < report->blind_spots.count && i < MOST_BLIND; i++) {
        const BlindSpot *spot = &report->blind_spots.items[i];
        strbuf_add_c(out, "- ");
        escape_markdown_code(out, str_of(spot->path));
        strbuf_printf(out, ":%u %s ", spot->line, spot->what);
        escape_markdown_code(out, str_of(spot->target));
        strbuf_add_c(out, ": ");
        escape_markdown(out, str_of(spot->text));
        strbuf_add_byte(out, '\n');
    }
    if (report->blind_spots.count > MOST_BLIND)
        strbuf_printf(out, "- and %zu more\n", report->blind_spots.count - MOST_BLIND);
    for (size_t i = 0; i < report->notes.count; i++) {
        const FileNote *note = &report->notes.items[i];
        strbuf_add_c(out, "- ");
        escape_markdown_code(out, str_of(note->path));
        strbuf_add_c(out, " was not analysed: ");
        escape_markdown(out, str_of(note->reason));
        strbuf_add_c(out, note->holds_accessor ? " (it holds a name)\n" : "\n");
    }
}

void todo_write(const Report *report, const Config *config, StrBuf *out)
{
    strbuf_add_c(out, "# Migrations: what is left\n\n");
    add_coverage(out, report);
    for (size_t m = 0; m < config->migration_count; m++)
        add_migration(out, report, &config->migrations[m]);
    add_unseen(out, report);
}
