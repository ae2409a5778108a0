/*
 * merge: the reports of several runs as one.
 */
#include "cli/commands.h"
#include "cli/run.h"
#include "output/report_read.h"
#include "output/shard.h"
#include "output/summary.h"
#include "output/write.h"

#include <unistd.h>

enum { LARGEST_REPORT = 1 << 30 };

static const Option own_options[] = {
    {0, "root", OPT_TEXT, "FOLDER", NULL, "folder that the paths in the reports are relative to",
     offsetof(RunSettings, root)},
    {0, "allow-incomplete", OPT_FLAG, NULL, NULL, "merge even if a shard is missing or a run was incomplete",
     offsetof(RunSettings, allow_incomplete)},
};

static const OptGroup own_group = {"Merging", own_options, sizeof own_options / sizeof *own_options};
static const OptGroup *const groups[] = {&run_output_options, &own_group, NULL};

static const char about[] =
    "Reads reports in the forms json or jsonl (- is standard input) and writes them as one,\n"
    "sorted, without repeats, in any form. A jsonl report holds findings only; json also\n"
    "carries blind spots, skipped files and totals, which are added up.\n"
    "\n"
    "Reports made with --shard are parts of a whole: a missing part is an error, and the exit\n"
    "code is the one that a single run would have ended with.\n"
    "\n"
    "Examples:\n"
    "  straggler check --shard=2/4 -f json > 2.json         on the second of four machines\n"
    "  straggler merge 1.json 2.json 3.json 4.json -f sarif > all.sarif\n"
    "  straggler merge one.json -f html > one.html          the same report in another form\n"
    "\n"
    "Exit codes: 0 done; 1 the runs found stragglers; 2 an error, a missing shard, or one of the\n"
    "runs was incomplete.\n";

static bool read_reports(Run *run, const Arguments *arguments, Report *report)
{
    if (!arguments->list.count) {
        diag_fail(&run->diag, "no report: what should be merged?");
        return diag_hint(&run->diag, "straggler merge shard-1.json shard-2.json");
    }
    for (size_t i = 0; i < arguments->list.count; i++) {
        const char *path = arguments->list.items[i];
        StrBuf text = {0};
        bool good = read_file(&text, path, LARGEST_REPORT, &run->diag) &&
                    report_read(report, path, strbuf_str(&text), &run->diag);
        strbuf_release(&text);
        if (!good)
            return false;
    }
    report_sort(report);
    return run->settings->allow_incomplete || shards_are_whole(&report->shards, &run->diag);
}

/* As the runs would have ended; what `saves` finds is judged by no phase. */
static int status_of(const Report *report)
{
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (finding->severity >= SEVERITY_WARNING && (finding->migration || finding->kind != ACCESS_SAVE))
            return EXIT_FOUND;
    }
    return EXIT_CLEAN;
}

static int merge(Run *run, const Arguments *arguments, Report *report)
{
    if (!read_reports(run, arguments, report))
        return run_fail(run);
    run->scan.root = run->settings->root ? run->settings->root : ".";
    int root_fd = run_open_root(run);
    bool good = run_write_reports(run, report, root_fd, stdout);
    if (root_fd >= 0)
        close(root_fd);
    if (!good)
        return run_fail(run);
    StrBuf text = {0};
    SummaryOptions options = {.noun = run->noun, .min_confidence = CONFIDENCE_LIKELY,
                              .allow_incomplete = run->settings->allow_incomplete};
    summary_write(report, &options, &text);
    fflush(stdout);
    if (!run->settings->quiet)
        fputs(text.data, stderr);
    strbuf_release(&text);
    bool incomplete = report->totals.incomplete && !run->settings->allow_incomplete;
    return incomplete ? EXIT_TROUBLE : status_of(report);
}

static int run_merge(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    Report report = {0};
    arena_init(&report.arena);
    int status = run_init(&run, table, settings) ? merge(&run, arguments, &report)
                                                 : run_fail(&run);
    report_release(&report);
    run_release(&run);
    return status;
}

const Command cmd_merge = {
    .name = "merge",
    .summary = "the reports of several runs as one",
    .usage = "REPORT...",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(RunSettings),
    .takes_files = true,
    .run = run_merge,
};
