/*
 * merge: the reports of several runs as one.
 */
#include "cli/commands.h"
#include "cli/run.h"
#include "output/report_read.h"
#include "output/summary.h"
#include "output/write.h"

#include <unistd.h>

enum { LARGEST_REPORT = 1 << 30 };

static const Option own_options[] = {
    {0, "root", OPT_TEXT, "FOLDER", NULL, "folder that the paths in the reports are relative to",
     offsetof(RunSettings, root)},
    {0, "allow-incomplete", OPT_FLAG, NULL, NULL, "exit 0 even if one of the runs was incomplete",
     offsetof(RunSettings, allow_incomplete)},
};

static const OptGroup own_group = {"Merging", own_options, sizeof own_options / sizeof *own_options};
static const OptGroup *const groups[] = {&run_output_options, &own_group, NULL};

static const char about[] =
    "Reads reports in the forms json or jsonl (- is standard input) and writes them as one,\n"
    "sorted, without repeats, in any form. A jsonl report holds findings only; json also\n"
    "carries blind spots, skipped files and totals, which are added up.\n"
    "\n"
    "Examples:\n"
    "  straggler merge shard-1.json shard-2.json -f sarif > all.sarif\n"
    "  straggler merge one.json -f html > one.html          the same report in another form\n"
    "\n"
    "Exit codes: 0 done; 2 an error, or one of the runs was incomplete.\n";

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
    return true;
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
    return incomplete ? EXIT_TROUBLE : EXIT_CLEAN;
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
