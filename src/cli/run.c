/*
 * The order of a run: scan in a supervised child, filter, judge, report. The
 * child prints into memory that the supervisor hands on when it ends well, so a
 * crash costs a rerun and never half a report.
 *
 * Exit codes: 2 beats 1 beats 0 (see EXIT_*); incomplete is 2 unless allowed.
 */
#include "cli/run.h"

#include "input/supervisor.h"
#include "output/report.h"
#include "output/shard.h"
#include "output/summary.h"
#include "output/write.h"

#include <unistd.h>

int run_fail(Run *run)
{
    diag_print(&run->diag, stderr);
    return EXIT_TROUBLE;
}

/* FORMAT=FILE of --output; *path is the file. */
static const Reporter *parse_output(const char *text, const char **path)
{
    const char *equals = strchr(text, '=');
    if (!equals || !equals[1])
        return NULL;
    *path = equals + 1;
    return reporter_named((Str){text, (size_t)(equals - text)});
}

static bool check_outputs(Run *run)
{
    const char *path;
    for (size_t i = 0; i < run->settings->outputs.count; i++) {
        const char *text = run->settings->outputs.items[i];
        if (parse_output(text, &path))
            continue;
        diag_fail(&run->diag, "`--output %s` is not FORMAT=FILE", text);
        return diag_hint(&run->diag, "for example --output sarif=straggler.sarif");
    }
    return true;
}

bool run_init(Run *run, const CommandTable *table, const RunSettings *settings)
{
    *run = (Run){.table = table, .settings = settings, .noun = "access"};
    arena_init(&run->arena);
    ScanOptions *scan = &run->scan;
    scan->min_confidence = CONFIDENCE_LIKELY;
    if (settings->min_confidence)
        confidence_parse(str_of(settings->min_confidence), &scan->min_confidence);
    scan->want_possible = scan->min_confidence == CONFIDENCE_POSSIBLE;
    scan->include = settings->include.items;
    scan->include_count = settings->include.count;
    scan->exclude = settings->exclude.items;
    scan->exclude_count = settings->exclude.count;
    scan->rules = settings->rules.items;
    scan->rule_count = settings->rules.count;
    scan->compile_commands = settings->compile_commands;
    scan->threads = settings->threads;
    scan->no_ignore = settings->no_ignore;
    scan->hidden = settings->hidden;
    scan->progress = !settings->quiet;
    scan->parse_whole = settings->parse_whole;
    return check_outputs(run) &&
           (!settings->shard || shard_parse(&run->shard, settings->shard, &run->diag));
}

void run_release(Run *run)
{
    arena_release(&run->arena);
}

static const char *const *join_lists(Run *run, const TextArray *first, const TextList *second,
                                     size_t *count)
{
    *count = first->count + second->count;
    const char **all = ARENA_ARRAY(&run->arena, const char *, *count + 1);
    for (size_t i = 0; i < first->count; i++)
        all[i] = first->items[i];
    for (size_t i = 0; i < second->count; i++)
        all[first->count + i] = second->items[i];
    return all;
}

static bool check_severities(Run *run)
{
    for (size_t i = 0; i < run->config.severity_count; i++) {
        const SeverityOverride *item = &run->config.severities[i];
        if (rule_is_known(item->rule))
            continue;
        diag_fail_at(&run->diag, run->config.path, item->line, item->column,
                     "`%s` is no rule", item->rule);
        Str best = opt_closest(rule_names(), str_of(item->rule));
        return best.length ? diag_hint(&run->diag, "did you mean `%.*s`?", STR_ARG(best))
                           : diag_hint(&run->diag, "docs/configuration.md lists the rules");
    }
    return true;
}

bool run_load_config(Run *run, bool required)
{
    const char *path = run->settings->config;
    if (!path)
        path = config_find(run->settings->root ? run->settings->root : ".", &run->arena);
    if (!path && required) {
        diag_fail(&run->diag, "no straggler.yml here or in a folder above");
        return diag_hint(&run->diag, "write one (docs/configuration.md), name it with --config, "
                                     "or try `straggler find Model.field`");
    }
    if (!path)
        return true;
    if (!config_load(&run->config, path, &run->arena, &run->diag) || !check_severities(run))
        return false;
    if (required && !run->config.migration_count) {
        diag_fail_at(&run->diag, path, 1, 1, "no migration is declared");
        return diag_hint(&run->diag, "add one under `migrations:`");
    }
    ScanOptions *scan = &run->scan;
    scan->migrations = run->config.migrations;
    scan->migration_count = run->config.migration_count;
    scan->include = join_lists(run, &run->settings->include, &run->config.include,
                               &scan->include_count);
    scan->exclude = join_lists(run, &run->settings->exclude, &run->config.exclude,
                               &scan->exclude_count);
    scan->rules = join_lists(run, &run->settings->rules, &run->config.rules, &scan->rule_count);
    return true;
}

bool run_borrow_rules(Run *run)
{
    const char *path = config_find(run->settings->root ? run->settings->root : ".", &run->arena);
    Config config = {0};
    if (!path || run->settings->rules.count)
        return true;
    if (!config_load(&config, path, &run->arena, &run->diag))
        return false;
    const char *slash = strrchr(path, '/');
    run->scan.rules = config.rules.items;
    run->scan.rule_count = config.rules.count;
    run->scan.rules_root = slash ? arena_strdup(&run->arena, path, (size_t)(slash - path) + 1) : ".";
    return true;
}

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

/* --color, then NO_COLOR, then CLICOLOR_FORCE and FORCE_COLOR, then the terminal. */
static bool wants_color(const Run *run)
{
    const char *color = run->settings->color;
    if (color && strcmp(color, "auto") != 0)
        return strcmp(color, "always") == 0;
    if (is_set("NO_COLOR"))
        return false;
    const char *forcing[] = {"CLICOLOR_FORCE", "FORCE_COLOR"};
    for (size_t i = 0; i < 2; i++) {
        if (is_set(forcing[i]) && strcmp(getenv(forcing[i]), "0") != 0)
            return true;
    }
    const char *terminal = getenv("TERM"), *clicolor = getenv("CLICOLOR");
    if (!terminal || strcmp(terminal, "dumb") == 0 || (clicolor && strcmp(clicolor, "0") == 0))
        return false;
    return isatty(STDOUT_FILENO);
}

bool run_write_reports(Run *run, const Report *report, int root_fd, FILE *out)
{
    ReportOptions options = {wants_color(run), root_fd, run->table->version};
    const char *format = run->settings->format ? run->settings->format : "text";
    StrBuf text = {0};
    reporter_named(str_of(format))->write(report, &options, &text);
    if (text.length)
        fwrite(text.data, 1, text.length, out);
    bool good = true;
    options.color = false;
    for (size_t i = 0; good && i < run->settings->outputs.count; i++) {
        const char *path;
        const Reporter *reporter = parse_output(run->settings->outputs.items[i], &path);
        strbuf_clear(&text);
        reporter->write(report, &options, &text);
        good = write_file(path, strbuf_str(&text), &run->diag);
    }
    strbuf_release(&text);
    return good;
}

static void keep_kinds(const Run *run, Report *report)
{
    const TextArray *wanted = &run->settings->kinds;
    if (!wanted->count)
        return;
    unsigned mask = 0;
    for (size_t i = 0; i < wanted->count; i++) {
        AccessKind kind;
        if (access_kind_parse(str_of(wanted->items[i]), &kind))
            mask |= 1u << kind;
    }
    size_t kept = 0;
    for (size_t i = 0; i < report->findings.count; i++) {
        if (mask >> report->findings.items[i].kind & 1)
            report->findings.items[kept++] = report->findings.items[i];
    }
    report->findings.count = kept;
}

/* Drops what lies outside of the paths that were asked for, or falls to another shard. */
static void keep_asked(const Run *run, Report *report)
{
    size_t kept = 0;
    if (run->shard.count)
        array_push(&report->shards, run->shard);
    if (!run->only_count && !run->shard.count)
        return;
    for (size_t i = 0; i < report->findings.count; i++) {
        if (run_reports_path(run, report->findings.items[i].path))
            report->findings.items[kept++] = report->findings.items[i];
    }
    report->findings.count = kept;
    kept = 0;
    for (size_t i = 0; i < report->blind_spots.count; i++) {
        if (run_reports_path(run, report->blind_spots.items[i].path))
            report->blind_spots.items[kept++] = report->blind_spots.items[i];
    }
    report->blind_spots.count = kept;
    kept = 0;
    report->totals.incomplete = 0;
    for (size_t i = 0; i < report->notes.count; i++) {
        if (!run_reports_path(run, report->notes.items[i].path))
            continue;
        report->totals.incomplete += report->notes.items[i].holds_accessor;
        report->notes.items[kept++] = report->notes.items[i];
    }
    report->notes.count = kept;
}

static void print_summary(const Run *run, const Report *report)
{
    if (run->settings->quiet && !run->settings->stats)
        return;
    StrBuf text = {0};
    SummaryOptions options = {run->noun, run->scan.min_confidence, run->settings->stats,
                              run->settings->allow_incomplete};
    summary_write(report, &options, &text);
    fwrite(text.data, 1, text.length, run->closing);
    strbuf_release(&text);
}

/* Everything after the scan. Returns the exit code. */
static int finish(Run *run, Report *report, FILE *out)
{
    keep_asked(run, report);
    keep_kinds(run, report);
    run->out = out;
    int status = run->after ? run->after(run, report, run->context) : EXIT_CLEAN;
    if (run->diag.failed)
        return run_fail(run);
    if (!run->no_reports) {
        int root_fd = run_open_root(run);
        bool good = run_write_reports(run, report, root_fd, out);
        if (root_fd >= 0)
            close(root_fd);
        if (!good)
            return run_fail(run);
        print_summary(run, report);
    }
    if (report->totals.incomplete && !run->settings->allow_incomplete)
        return EXIT_TROUBLE;
    return status == EXIT_FOUND && run->settings->exit_zero ? EXIT_CLEAN : status;
}

static int run_child(void *context, SharedPage *page, const char *const *set_aside, size_t count)
{
    Run *run = context;
    Report report = {0};
    arena_init(&report.arena);
    ScanOptions options = run->scan;
    options.page = page;
    options.set_aside = set_aside;
    options.set_aside_count = count;
    rewind(run->closing); /* an earlier try may have written */
    bool good = run->nothing || scan_run(&options, &report, &run->diag);
    int status = good ? finish(run, &report, page_output(page)) : run_fail(run);
    report_release(&report);
    if (fflush(run->closing) == 0 && run->closing != stderr)
        (void)!ftruncate(fileno(run->closing), ftell(run->closing));
    return status;
}

/* Copies what the child left to say. */
static void print_closing(FILE *closing)
{
    char piece[4096];
    rewind(closing);
    for (size_t got; (got = fread(piece, 1, sizeof piece, closing)) > 0;)
        fwrite(piece, 1, got, stderr);
    fclose(closing);
}

int run_execute(Run *run)
{
    SuperviseOptions options = {.in_process = run->settings->no_fork};
    FILE *closing = tmpfile();
    run->closing = closing ? closing : stderr;
    int status = supervise(&options, run_child, run);
    fflush(stdout);
    if (closing)
        print_closing(closing);
    return status;
}

int print_text(StrBuf *text)
{
    Diag diag = {0};
    bool good = write_output(strbuf_str(text), &diag);
    strbuf_release(text);
    if (!good)
        diag_print(&diag, stderr);
    return good ? EXIT_CLEAN : EXIT_TROUBLE;
}
