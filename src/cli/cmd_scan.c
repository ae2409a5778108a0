/*
 * scan: every access of every migration in straggler.yml.
 */
#include "cli/commands.h"
#include "cli/run.h"

static const OptGroup *const groups[] = {&run_config_options,   &run_output_options,
                                         &run_finding_options,  &run_file_options,
                                         &run_shard_options,    &run_analysis_options, NULL};

static const char about[] =
    "Reads straggler.yml (here or in a folder above, up to the repository root) and reports\n"
    "every access of every field that its migrations move away from, whatever their phase.\n"
    "Paths in the report are relative to the configuration's folder.\n"
    "\n"
    "Examples:\n"
    "  straggler scan                                 everything\n"
    "  straggler scan app/models                      one folder\n"
    "  straggler scan -f markdown >> \"$GITHUB_STEP_SUMMARY\"\n"
    "  straggler scan -o sarif=s.sarif -o junit=s.xml several reports of one run\n"
    "\n"
    "Exit codes: 0 done; 2 an error, or a file that holds a name could not be analysed.\n";

static int run_scan(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    bool good = run_init(&run, table, settings) && run_load_config(&run, true) &&
                run_paths(&run, arguments->list.items, arguments->list.count);
    int status = good ? run_execute(&run) : run_fail(&run);
    run_release(&run);
    return status;
}

const Command cmd_scan = {
    .name = "scan",
    .summary = "every access of every migration in straggler.yml",
    .usage = "[PATH...]",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(RunSettings),
    .takes_files = true,
    .run = run_scan,
};
