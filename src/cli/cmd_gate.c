/*
 * gate: may this schema migration be merged? Needs no configuration.
 */
#include "cli/commands.h"
#include "cli/judged.h"
#include "input/git.h"
#include "output/report.h"

typedef struct GateSettings {
    RunSettings run;
    const char *base;
} GateSettings;

static const Option own_options[] = {
    {'b', "base", OPT_TEXT, "REV", NULL,
     "read the schema migrations that changed since the work left this revision",
     offsetof(GateSettings, base)},
};

static const OptGroup own_group = {"Migrations", own_options, sizeof own_options / sizeof *own_options};
static const OptGroup *const groups[] = {&own_group,           &run_config_options,
                                         &run_output_options,  &run_finding_options,
                                         &run_file_options,    &run_analysis_options,
                                         NULL};

static const char about[] =
    "Reads schema migrations that drop or rename columns (SQL, Active Record, Django, Alembic\n"
    "and whatever the rule packs mark as dropping), and reports each column that the code still\n"
    "uses. Needs no straggler.yml; `severity` and `rules` are read from one that is there.\n"
    "\n"
    "Without --base the newest three files of each folder of numbered migrations are read, and\n"
    "every file of other folders named after migrations. With --base, those that changed since the\n"
    "work left that revision, uncommitted and new ones included. What a rollback drops (`down`,\n"
    "`downgrade`, *.down.sql) does not count.\n"
    "\n"
    "Examples:\n"
    "  straggler gate\n"
    "  straggler gate --base origin/main\n"
    "\n"
    "Exit codes: 0 nothing that is dropped is used; 1 something is; 2 an error.\n";

static int after_scan(Run *run, Report *report, void *context)
{
    (void)context;
    size_t kept = 0;
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (finding->rule && strcmp(finding->rule, "premature-drop") == 0)
            report->findings.items[kept++] = *finding;
    }
    report->findings.count = kept;
    judged_accept(run, report);
    return judged_status(report);
}

/* The files of --base. False after setting diag; `nothing` when none changed. */
static bool choose_files(Run *run, const char *base)
{
    GitPaths changed = {0};
    if (!git_changed(run->scan.root, base, &changed, &run->arena, &run->diag)) {
        array_release(&changed);
        return false;
    }
    run->nothing = changed.count == 0;
    const char **files = ARENA_ARRAY(&run->arena, const char *, changed.count + 1);
    if (changed.count)
        memcpy(files, changed.items, changed.count * sizeof *files);
    run->scan.gate_files = files;
    run->scan.gate_file_count = changed.count;
    array_release(&changed);
    return true;
}

static int run_gate(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    Judge judge;
    GateSettings *own = settings;
    bool good = run_init(&run, table, &own->run) && run_load_config(&run, false) &&
                run_paths(&run, arguments->list.items, arguments->list.count) &&
                (!own->base || choose_files(&run, own->base));
    if (good) {
        run.config.migration_count = 0; /* only what the schema migrations say */
        run.scan.migration_count = 0;
        run.scan.gate = true;
        run.noun = "premature drop";
        judged_prepare(&run, &judge);
        run.after = after_scan;
    }
    int status = good ? run_execute(&run) : run_fail(&run);
    run_release(&run);
    return status;
}

const Command cmd_gate = {
    .name = "gate",
    .summary = "does a schema migration drop a column that is still used?",
    .usage = "[--base REV] [PATH...]",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(GateSettings),
    .takes_files = true,
    .run = run_gate,
};
