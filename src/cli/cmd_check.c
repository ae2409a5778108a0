/*
 * check: the lint. Only what the migrations' phases forbid today.
 */
#include "cli/commands.h"
#include "cli/judged.h"

typedef struct CheckSettings {
    RunSettings run;
    const char *baseline;
    bool no_baseline;
} CheckSettings;

static const Option own_options[] = {
    {'b', "baseline", OPT_TEXT, "FILE", NULL,
     "findings to accept (`baseline:` of straggler.yml, else straggler-baseline.txt)",
     offsetof(CheckSettings, baseline)},
    {0, "no-baseline", OPT_FLAG, NULL, NULL, "report what the baseline accepts, too",
     offsetof(CheckSettings, no_baseline)},
};

static const OptGroup own_group = {"Baseline", own_options, sizeof own_options / sizeof *own_options};
static const OptGroup *const groups[] = {&own_group,           &run_config_options,
                                         &run_output_options,  &run_finding_options,
                                         &run_file_options,    &run_shard_options,
                                         &run_analysis_options, NULL};

static const char about[] =
    "Reports the places that a migration's current phase forbids, and nothing else: reads of\n"
    "the old field once the new one is the truth, writes of one copy without the other while\n"
    "both are kept, constraints that block a save, columns dropped under code that uses them.\n"
    "docs/rules/ has a page for each rule; `severity:` in straggler.yml ranks them anew.\n"
    "\n"
    "A comment `straggler:ignore[rule] -- reason`, on the line or the one before, accepts a\n"
    "place; `straggler baseline create` accepts all of today's.\n"
    "\n"
    "Examples:\n"
    "  straggler check\n"
    "  straggler check app/models -f github\n"
    "  git diff --name-only -z --diff-filter=d | straggler check --files-from - -0\n"
    "\n"
    "Exit codes: 0 nothing is wrong; 1 there are stragglers (warnings or errors); 2 an error,\n"
    "or a file that holds a name could not be analysed.\n";

static int after_scan(Run *run, Report *report, void *context)
{
    const CheckSettings *own = context;
    judged_keep_stragglers(run, report);
    if (!own->no_baseline && !judged_apply_baseline(run, own->baseline, report))
        return EXIT_TROUBLE;
    return judged_status(report);
}

static int run_check(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    Judge judge;
    CheckSettings *own = settings;
    bool good = run_init(&run, table, &own->run) && run_load_config(&run, true) &&
                run_paths(&run, arguments->list.items, arguments->list.count);
    if (good) {
        judged_prepare(&run, &judge);
        run.noun = "straggler";
        run.after = after_scan;
        run.context = own;
    }
    int status = good ? run_execute(&run) : run_fail(&run);
    run_release(&run);
    return status;
}

const Command cmd_check = {
    .name = "check",
    .summary = "the lint: what the migrations' phases forbid today",
    .usage = "[PATH...]",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(CheckSettings),
    .takes_files = true,
    .run = run_check,
};
