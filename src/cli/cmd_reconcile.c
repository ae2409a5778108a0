/*
 * reconcile: what the logs saw against what was found.
 */
#include "cli/commands.h"
#include "cli/run.h"
#include "output/reconcile.h"
#include "output/write.h"

#include <unistd.h>

enum { LARGEST_LOG = 1 << 30 };

typedef struct ReconcileSettings {
    RunSettings run;
    const char *pattern;
} ReconcileSettings;

typedef struct ReconcileRun {
    const Arguments *logs;
    const char *pattern;
} ReconcileRun;

static const Option own_options[] = {
    {'p', "pattern", OPT_TEXT, "TEXT", NULL,
     "what a message about an old access contains (`reconcile: {pattern: ...}`)",
     offsetof(ReconcileSettings, pattern)},
};

static const OptGroup own_group = {"Logs", own_options, sizeof own_options / sizeof *own_options};
static const OptGroup *const groups[] = {&own_group, &run_config_options, &run_finding_options,
                                         &run_analysis_options, NULL};

static const char about[] =
    "Reads application logs (- is standard input) for messages about deprecated fields, each\n"
    "with the field's name (`Merchant#owner_dob`) and stack frames or `path:line`, and compares\n"
    "the places with what a scan finds: first what was seen and not found (a hole of the\n"
    "analysis), then what was seen and is known, then what was never seen.\n"
    "\n"
    "Example:\n"
    "  straggler reconcile log/production.log --pattern 'Deprecated method called'\n"
    "\n"
    "Exit codes: 0 every place that was seen is known; 1 there are holes; 2 an error.\n";

static int after_scan(Run *run, Report *report, void *context)
{
    const ReconcileRun *own = context;
    ReconcileLog log = {.pattern = own->pattern, .root_fd = run_open_root(run)};
    StrBuf text = {0}, out = {0};
    bool good = true;
    for (size_t i = 0; good && i < own->logs->list.count; i++) {
        strbuf_clear(&text);
        good = read_file(&text, own->logs->list.items[i], LARGEST_LOG, &run->diag);
        if (good)
            reconcile_read(&log, strbuf_str(&text), &run->arena);
    }
    size_t holes = good ? reconcile_write(&log, report, &out) : 0;
    if (out.length)
        fwrite(out.data, 1, out.length, run->out);
    if (log.root_fd >= 0)
        close(log.root_fd);
    reconcile_release(&log);
    strbuf_release(&text);
    strbuf_release(&out);
    return holes ? EXIT_FOUND : EXIT_CLEAN;
}

static bool check_arguments(Run *run, ReconcileRun *own)
{
    if (!own->logs->list.count) {
        diag_fail(&run->diag, "no log: what was seen?");
        return diag_hint(&run->diag, "straggler reconcile log/production.log");
    }
    if (!own->pattern || !*own->pattern) {
        diag_fail(&run->diag, "what does a message about an old access contain?");
        return diag_hint(&run->diag, "--pattern, or `reconcile: {pattern: ...}` in straggler.yml");
    }
    return true;
}

static int run_reconcile(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    ReconcileSettings *own = settings;
    ReconcileRun context = {.logs = arguments};
    bool good = run_init(&run, table, &own->run) && run_load_config(&run, true) &&
                run_paths(&run, NULL, 0);
    if (good) {
        context.pattern = own->pattern ? own->pattern : run.config.reconcile_pattern;
        good = check_arguments(&run, &context);
        run.after = after_scan;
        run.context = &context;
        run.no_reports = true;
    }
    int status = good ? run_execute(&run) : run_fail(&run);
    run_release(&run);
    return status;
}

const Command cmd_reconcile = {
    .name = "reconcile",
    .summary = "what logs saw at run time against what is found statically",
    .usage = "LOG...",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(ReconcileSettings),
    .takes_files = true,
    .run = run_reconcile,
};
