/*
 * saves: every save that saves a second, changed object.
 */
#include "cli/commands.h"
#include "cli/run.h"

static const OptGroup *const groups[] = {&run_output_options, &run_finding_options,
                                         &run_file_options, &run_shard_options,
                                         &run_analysis_options, NULL};

static const char about[] =
    "Finds each save that silently saves a second object, which was changed or made before\n"
    "(multi-save), and each callback or redefined save that saves another object whenever its\n"
    "own is saved (chained-save). Needs no configuration: what saves what is known from the\n"
    "rule packs of the frameworks in use; of a straggler.yml only `rules` is read.\n"
    "\n"
    "Each finding shows where the second object was changed and what makes the save go on to\n"
    "it. The way out is to save the second object first, on its own.\n"
    "\n"
    "Examples:\n"
    "  straggler saves                                in the current folder\n"
    "  straggler saves app/models                     only what is saved there\n"
    "  straggler saves -f markdown > saves.md\n"
    "\n"
    "Exit codes: 0 done, whether or not anything was found; 2 an error, or a file that saves\n"
    "could not be analysed.\n";

static int run_saves(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    bool good = run_init(&run, table, settings) && run_borrow_rules(&run) &&
                run_paths(&run, arguments->list.items, arguments->list.count);
    run.scan.want_saves = true;
    run.noun = "save";
    int status = good ? run_execute(&run) : run_fail(&run);
    run_release(&run);
    return status;
}

const Command cmd_saves = {
    .name = "saves",
    .summary = "every save that also saves a second, changed object",
    .usage = "[PATH...]",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(RunSettings),
    .takes_files = true,
    .run = run_saves,
};
