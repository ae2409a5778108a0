/*
 * The whole pipeline on one screen: see scan_run at the end.
 *
 *     walk -> search -> parse -> facts -> link -> resolve -> report
 *
 * Work goes backwards, by demand: the files that hold an accessor are parsed;
 * what their receivers need and nobody has declared yet is searched for in the
 * bytes already read; the files that declare it are parsed; and again, until
 * nothing new is asked. Searching is parallel over files, parsing too; linking
 * and resolving are one thread's work, which keeps the output the same for any
 * number of threads.
 */
#include "scan.h"

#include "analyze/access/access.h"
#include "analyze/access/compiled.h"
#include "analyze/access/demand.h"
#include "analyze/access/emit.h"
#include "analyze/access/wanted.h"
#include "analyze/phase/fieldmap.h"
#include "analyze/phase/gate.h"
#include "analyze/phase/phase.h"
#include "analyze/phase/retired.h"
#include "analyze/program/module_root.h"
#include "analyze/saves/dirty.h"
#include "base/parallel.h"
#include "input/supervisor.h"
#include "input/walk.h"
#include "output/progress.h"
#include "parse/frontend.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { MOST_ROUNDS = 6, DEADLINE_MS = 10000, GRACE_MS = 2000, MOST_THREADS = 64, MOST_FAMILIES = 64 };

/* One parsed file on its way into the program. */
typedef struct Parsed {
    Facts facts;
    Arena arena;
    ParseResult result;
} Parsed;

typedef struct Turn {
    size_t size, item;
} Turn;

typedef struct Scan {
    const ScanOptions *options;
    Report *report;
    Diag *diag;
    unsigned threads;
    Names *names;
    Languages *languages;
    RuleSet *rules;
    const char *families[MOST_FAMILIES]; /* of the languages of the tree */
    size_t family_count;
    SourceList sources;
    bool walked;
    Migration *migrations; /* the options', with the fields that are read from the code */
    size_t migration_count;
    Program *program;
    Resolver *resolver;
    Analysis *analysis;
    Compiled compiled; /* what the compiler says of C and C++ */
    Dirty *dirty; /* NULL: saves are not wanted */
    Demand demand;
    ParserPool *pools[MOST_THREADS];
    SkimWords wanted; /* bodies of functions without these are not parsed */
    Progress *progress;
    double stage_start;
    /* the round being parsed */
    uint32_t *chosen;
    size_t chosen_count;
    Parsed *parsed;
    Turn *turns; /* the order in which they are parsed; they are added as chosen */
} Scan;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Ends a stage: adds its time to --stats. Stages of the same name add up. */
static void stage(Scan *s, const char *name, uint64_t files, uint64_t bytes)
{
    RunTotals *totals = &s->report->totals;
    size_t i = 0;
    while (i < totals->stage_count && strcmp(totals->stages[i].name, name) != 0)
        i++;
    if (i == totals->stage_count && i < sizeof totals->stages / sizeof *totals->stages)
        totals->stages[totals->stage_count++].name = name;
    if (i < totals->stage_count) {
        totals->stages[i].seconds += now() - s->stage_start;
        totals->stages[i].files += files;
        totals->stages[i].bytes += bytes;
    }
    s->stage_start = now();
}

static const Language *language_of(void *context, const char *path)
{
    return languages_for_path(context, path);
}

static bool walk_files(Scan *s, SourceList *list, bool everything)
{
    const ScanOptions *o = s->options;
    WalkOptions walk = {.root = o->root,
                        .paths = everything ? NULL : o->paths,
                        .path_count = everything ? 0 : o->path_count,
                        .include = o->include,
                        .include_count = o->include_count,
                        .exclude = o->exclude,
                        .exclude_count = o->exclude_count,
                        .no_ignore = o->no_ignore,
                        .hidden = o->hidden,
                        .threads = s->threads,
                        .language_of = language_of,
                        .context = s->languages};
    return walk_list(list, &walk, s->diag);
}

static bool list_files(Scan *s)
{
    const ScanOptions *o = s->options;
    s->walked = walk_files(s, &s->sources, false);
    for (size_t i = 0; s->walked && i < o->set_aside_count; i++) {
        Source *source = source_list_find(&s->sources, o->set_aside[i]);
        if (source)
            source->state = SOURCE_SET_ASIDE;
    }
    stage(s, "walk", s->sources.count, 0);
    return s->walked;
}

/* What is read ahead of the pipeline is read so. */
static FieldMapSearch ahead(Scan *s)
{
    return (FieldMapSearch){.sources = &s->sources,
                            .languages = s->languages,
                            .names = s->names,
                            .page = s->options->page,
                            .deadline_ms = DEADLINE_MS,
                            .arena = &s->report->arena};
}

/* Field maps that the code itself holds; the whole root may be asked, whatever the paths. */
static bool read_field_maps(Scan *s)
{
    const ScanOptions *o = s->options;
    s->migration_count = o->migration_count;
    s->migrations = ARENA_ARRAY(&s->report->arena, Migration, o->migration_count + 1);
    if (o->migration_count)
        memcpy(s->migrations, o->migrations, o->migration_count * sizeof *s->migrations);
    if (!fieldmap_wanted(s->migrations, o->migration_count))
        return true;
    FieldMapSearch search = ahead(s);
    bool good = fieldmap_read(&search, s->migrations, o->migration_count, s->diag);
    if (good && o->path_count && fieldmap_wanted(s->migrations, o->migration_count)) {
        SourceList all = {0};
        search.sources = &all;
        good = walk_files(s, &all, true);
        if (good) {
            good = fieldmap_read(&search, s->migrations, o->migration_count, s->diag);
            source_list_release(&all);
        }
    }
    for (size_t i = 0; good && i < o->migration_count; i++) {
        const Migration *migration = &s->migrations[i];
        if (!migration->field_count)
            good = diag_fail(s->diag, "migration `%s`: no call of `%s` in class `%s` names its fields",
                             migration->name, migration->fields_from, migration->model);
    }
    stage(s, "field maps", 0, 0);
    return good;
}

/* What the schema migrations of this run take away becomes what is looked for. */
static bool read_drops(Scan *s)
{
    MigrationList drops = {0};
    GateSearch search = {.read = ahead(s),
                         .rules = s->rules,
                         .files = s->options->gate_files,
                         .file_count = s->options->gate_file_count};
    bool good = gate_read(&search, &drops, s->diag);
    s->migration_count = drops.count;
    s->migrations = ARENA_ARRAY(&s->report->arena, Migration, drops.count + 1);
    if (drops.count)
        memcpy(s->migrations, drops.items, drops.count * sizeof *drops.items);
    array_release(&drops);
    stage(s, "gate", 0, 0);
    return good;
}

/* Loads the rule packs of the languages that the tree has, and the user's own. */
static bool load_packs(Scan *s)
{
    for (size_t i = 0; i < s->sources.count; i++) {
        const Language *language = s->sources.items[i].language;
        bool seen = !language || s->family_count == MOST_FAMILIES;
        for (size_t k = 0; k < s->family_count && !seen; k++)
            seen = strcmp(s->families[k], language->family) == 0;
        if (seen)
            continue;
        s->families[s->family_count++] = language->family;
        if (!rules_load_embedded(s->rules, language->family, s->diag))
            return false;
    }
    const char *rules_root = s->options->rules_root ? s->options->rules_root : s->options->root;
    for (size_t i = 0; i < s->options->rule_count; i++) {
        if (!rules_load_option(s->rules, rules_root, s->options->rules[i], s->diag))
            return false;
    }
    return true;
}

static bool prepare(Scan *s)
{
    if (!load_packs(s) || (s->options->gate && !read_drops(s)))
        return false;
    s->program = program_new(s->names, s->rules);
    s->resolver = resolver_new(s->program);
    s->analysis = analysis_new(s->program, s->resolver, s->migrations,
                               s->migration_count, s->options->judge != NULL);
    module_roots_read(s->program, &s->sources);
    if (s->options->want_saves)
        s->dirty = dirty_new(s->program, s->resolver);
    rules_list_sections(s->rules);
    for (size_t k = 0; k < s->family_count; k++)
        analysis_add_family(s->analysis, s->families[k]);
    stage(s, "rules", 0, 0);
    return true;
}

static bool search_files(Scan *s)
{
    progress_stage(s->progress, "searching", s->sources.count);
    demand_init(&s->demand, &s->sources, s->languages, s->rules, s->analysis, s->threads);
    s->demand.saves = s->options->want_saves;
    if (!demand_search(&s->demand, s->diag))
        return false;
    for (size_t i = 0; i < s->rules->packs.count; i++) {
        const RulePack *pack = s->rules->packs.items[i];
        s->demand.detected[i] |= pack->user || !pack->detect.count;
    }
    rules_activate(s->rules, s->demand.detected);
    wanted_by_targets(&s->wanted, s->analysis, s->rules);
    s->chosen = ARENA_ARRAY(&s->demand.arena, uint32_t, s->sources.count + 1);
    s->demand.defers = !s->options->want_possible && !s->options->parse_whole && !s->dirty &&
                       demand_is_common(&s->demand);
    s->chosen_count = demand_first(&s->demand, s->options->want_possible || s->dirty, s->chosen);
    stage(s, "search", s->sources.count, s->demand.bytes);
    return true;
}

/* Asks the compiler about C and C++; files where it sees an access are parsed too. */
static bool ask_compiler(Scan *s)
{
    const ScanOptions *o = s->options;
    const char **paths = ARENA_ARRAY(&s->demand.arena, const char *, s->sources.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < s->sources.count; i++) {
        if (s->demand.marks[i].accessor && s->sources.items[i].state == SOURCE_LOADED)
            paths[count++] = s->sources.items[i].path;
    }
    CompiledOptions options = {.root = o->root,
                               .compile_commands = o->compile_commands,
                               .threads = s->threads};
    if (!compiled_find(&s->compiled, s->analysis, &options, paths, count, s->diag))
        return false;
    for (size_t i = 0; i < s->sources.count; i++) {
        if (s->demand.marks[i].chosen || !s->sources.items[i].language ||
            !compiled_has_access(&s->compiled, s->sources.items[i].path))
            continue;
        s->demand.marks[i].chosen = true;
        s->chosen[s->chosen_count++] = (uint32_t)i;
    }
    stage(s, "compile", s->compiled.found.units, 0);
    return true;
}

/* The largest first, so that all threads end together. */
static int by_size(const void *a, const void *b)
{
    const Turn *x = a, *y = b;
    return x->size != y->size ? (x->size < y->size) - (x->size > y->size)
                              : (x->item > y->item) - (x->item < y->item);
}

static void order_files(Scan *s)
{
    s->turns = ARENA_ARRAY(&s->demand.arena, Turn, s->chosen_count + 1);
    for (size_t i = 0; i < s->chosen_count; i++)
        s->turns[i] = (Turn){s->sources.items[s->chosen[i]].text.length, i};
    qsort(s->turns, s->chosen_count, sizeof *s->turns, by_size);
}

static void parse_one(void *context, unsigned thread, size_t turn)
{
    Scan *s = context;
    size_t item = s->turns[turn].item;
    const Source *source = &s->sources.items[s->chosen[item]];
    Parsed *parsed = &s->parsed[item];
    if (!s->pools[thread])
        s->pools[thread] = parser_pool_new(s->names);
    bool skims = !s->options->parse_whole && !s->dirty && wanted_is_enough(s->rules, source->language);
    parser_pool_skim(s->pools[thread], skims ? &s->wanted : NULL,
                     wanted_in_strings(s->rules, source->language),
                     s->demand.marks[s->chosen[item]].may_pass);
    arena_init(&parsed->arena);
    unsigned deadline = s->options->file_deadline_ms ? s->options->file_deadline_ms : DEADLINE_MS;
    page_enter(s->options->page, thread, source->path, deadline + GRACE_MS);
    parsed->result = frontend_parse(s->pools[thread], source->language, source->text, deadline,
                                    &parsed->facts, &parsed->arena);
    page_leave(s->options->page, thread);
    progress_add(s->progress, 1);
}

static void note_file(Scan *s, const Source *source, const char *reason, bool holds)
{
    FileNote note = {arena_strdup(&s->report->arena, source->path, strlen(source->path)), reason,
                     holds};
    array_push(&s->report->notes, note);
}

static bool prepare_languages(Scan *s)
{
    for (size_t i = 0; i < s->chosen_count; i++) {
        if (!language_prepare(s->languages, s->sources.items[s->chosen[i]].language, s->diag))
            return false;
    }
    return true;
}

/* Macros that hold a wanted word, and those that call them. */
static void follow_macros(Scan *s)
{
    bool grown = !s->dirty;
    for (int round = 0; grown && round < MOST_ROUNDS; round++) {
        grown = false;
        for (size_t i = 0; i < s->chosen_count; i++) {
            const Source *source = &s->sources.items[s->chosen[i]];
            grown |= frontend_follow(source->language, source->text, &s->wanted);
        }
    }
}

static bool parse_chosen(Scan *s)
{
    uint64_t bytes = 0;
    if (!prepare_languages(s))
        return false;
    follow_macros(s);
    progress_stage(s->progress, "parsing", s->chosen_count);
    s->parsed = ARENA_ARRAY(&s->demand.arena, Parsed, s->chosen_count + 1);
    order_files(s);
    parallel_for(s->threads, s->chosen_count, parse_one, s);
    for (size_t i = 0; i < s->chosen_count; i++) {
        const Source *source = &s->sources.items[s->chosen[i]];
        Parsed *parsed = &s->parsed[i];
        bytes += source->text.length;
        if (parsed->result == PARSE_PASSED)
            demand_passed(&s->demand, s->chosen[i]);
        else if (parsed->result != PARSE_OK)
            note_file(s, source, parse_result_name(parsed->result),
                      s->demand.marks[s->chosen[i]].accessor);
        if (parsed->facts.count > 1)
            program_add_file(s->program, source, source->language, parsed->facts, parsed->arena);
        else
            arena_release(&parsed->arena);
    }
    s->report->totals.parsed += s->chosen_count;
    stage(s, "parse", s->chosen_count, bytes);
    return true;
}

static void resolve(Scan *s)
{
    program_link(s->program);
    stage(s, "link", 0, 0);
    resolver_reset(s->resolver);
    analysis_prepare(s->analysis);
    analysis_run(s->analysis);
    compiled_apply(&s->compiled, s->analysis);
    stage(s, "resolve", 0, 0);
}

/* Parses what the resolver could not find a declaration of. False: nothing new. */
static bool ask_for_more(Scan *s)
{
    analysis_ask(s->analysis);
    if (s->dirty)
        dirty_run(s->dirty);
    if (s->options->judge)
        phase_ask(s->analysis, s->options->judge, s->options->min_confidence);
    if (s->demand.defers) { /* what leads to the model is told by what is parsed so far */
        wanted_by_leads(&s->wanted, s->analysis);
        s->wanted.paired = wanted_in_pairs(s->analysis);
    }
    if (!s->wanted.paired) /* else a need's name would keep bodies that none of it is in */
        wanted_by_needs(&s->wanted, s->names, s->resolver->needs.items, s->resolver->needs.count);
    s->chosen_count = demand_more(&s->demand, s->resolver->needs.items, s->resolver->needs.count,
                                  s->chosen, s->diag);
    stage(s, "demand", s->chosen_count, 0);
    return s->chosen_count > 0;
}

/* Why a file was not analysed; what crashed its parser in an earlier try is told in full. */
static const char *skip_reason(const Scan *s, const Source *source)
{
    for (size_t i = 0; source->state == SOURCE_SET_ASIDE && i < s->options->set_aside_count; i++) {
        if (strcmp(s->options->set_aside[i], source->path) == 0)
            return s->options->page ? page_reason(s->options->page, i) : "set aside";
    }
    return source_state_name(source->state);
}

static void note_skipped(Scan *s)
{
    RunTotals *totals = &s->report->totals;
    for (size_t i = 0; i < s->sources.count; i++) {
        const Source *source = &s->sources.items[i];
        totals->bytes += source->size;
        if (source->state >= SOURCE_BINARY) {
            totals->skipped++;
            note_file(s, source, skip_reason(s, source),
                      s->demand.marks[i].accessor && source->state != SOURCE_MINIFIED);
        }
    }
    for (size_t i = 0; i < s->sources.unreadable_count; i++) {
        const char *path = s->sources.unreadable[i];
        FileNote note = {arena_strdup(&s->report->arena, path, strlen(path)),
                         source_state_name(SOURCE_UNREADABLE), true};
        array_push(&s->report->notes, note);
    }
}

static void note_rules(Scan *s)
{
    Arena *arena = &s->report->arena;
    for (size_t i = 0; i < s->rules->packs.count; i++) {
        const RulePack *pack = s->rules->packs.items[i];
        for (size_t r = 0; r < pack->rule_count; r++) {
            const Rule *rule = &pack->rules[r];
            if (s->program->fired[rule->id])
                array_push(&s->report->rule_uses,
                           ((RuleUse){arena_strdup(arena, pack->path, strlen(pack->path)),
                                      rule->line}));
        }
    }
}

static void make_report(Scan *s)
{
    RunTotals *totals = &s->report->totals;
    struct rusage usage;
    if (s->options->judge)
        phase_judge(s->analysis, s->options->judge, s->options->min_confidence, s->report);
    else
        emit_findings(s->analysis, s->options->min_confidence, s->report);
    emit_namesakes(s->analysis, s->report);
    if (s->dirty)
        dirty_emit(s->dirty, s->options->min_confidence, s->report);
    note_skipped(s);
    compiled_report(&s->compiled, s->report);
    if (s->options->want_rule_uses)
        note_rules(s);
    totals->files = s->sources.count;
    totals->searched = s->demand.bytes;
    totals->candidates = s->demand.accessor_files;
    for (size_t i = 0; i < s->report->notes.count; i++)
        totals->incomplete += s->report->notes.items[i].holds_accessor;
    if (s->options->judge)
        phase_conclude(s->options->judge, s->report);
    report_sort(s->report);
    report_fingerprint(s->report);
    stage(s, "report", 0, 0);
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        totals->peak_memory = (uint64_t)usage.ru_maxrss * 1024;
}

static void release(Scan *s)
{
    progress_free(s->progress);
    skim_words_release(&s->wanted);
    for (unsigned t = 0; t < s->threads; t++)
        parser_pool_free(s->pools[t]);
    if (s->demand.sources)
        demand_release(&s->demand);
    dirty_free(s->dirty);
    compiled_release(&s->compiled);
    analysis_free(s->analysis);
    resolver_free(s->resolver);
    program_free(s->program);
    if (s->walked)
        source_list_release(&s->sources);
    rules_free(s->rules);
    languages_free(s->languages);
    names_free(s->names);
}

bool scan_run(const ScanOptions *options, Report *report, Diag *diag)
{
    double start = now();
    Scan s = {.options = options, .report = report, .diag = diag, .stage_start = start};
    s.threads = options->threads ? options->threads : parallel_cores();
    if (s.threads > MOST_THREADS)
        s.threads = MOST_THREADS;
    s.names = names_new();
    s.rules = rules_new(s.names);
    s.languages = languages_new(s.names, diag);
    s.progress = progress_new(options->progress);
    bool ok = s.languages && list_files(&s) && read_field_maps(&s) && prepare(&s) &&
              search_files(&s) && ask_compiler(&s);
    for (int round = 0; ok && round < MOST_ROUNDS; round++) {
        ok = parse_chosen(&s);
        if (!ok)
            break;
        resolve(&s);
        if (!ask_for_more(&s))
            break;
    }
    if (ok && !diag->failed)
        make_report(&s);
    report->totals.seconds = now() - start;
    release(&s);
    return ok && !diag->failed;
}

bool scan_field_maps(ScanOptions *options, Arena *arena, Diag *diag)
{
    Report report = {.arena = *arena};
    Scan s = {.options = options, .report = &report, .diag = diag, .stage_start = now()};
    if (!fieldmap_wanted(options->migrations, options->migration_count))
        return true;
    s.names = names_new();
    s.languages = languages_new(s.names, diag);
    bool good = s.languages && list_files(&s) && read_field_maps(&s);
    *arena = report.arena;
    if (good)
        options->migrations = s.migrations;
    release(&s);
    return good;
}

bool scan_retired(const ScanOptions *options, MigrationList *found, Arena *arena, Diag *diag)
{
    Report report = {.arena = *arena};
    Scan s = {.options = options, .report = &report, .diag = diag, .stage_start = now()};
    s.names = names_new();
    s.languages = languages_new(s.names, diag);
    s.rules = rules_new(s.names);
    bool good = s.languages && list_files(&s) && load_packs(&s);
    if (good) {
        FieldMapSearch read = ahead(&s);
        good = retired_read(&read, s.rules, found, diag);
    }
    *arena = report.arena;
    release(&s);
    return good;
}
