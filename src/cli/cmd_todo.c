/*
 * todo: what is left of every migration, as Markdown.
 */
#include "cli/commands.h"
#include "cli/judged.h"
#include "output/todo.h"


static const OptGroup *const groups[] = {&run_config_options, &run_finding_options,
                                         &run_file_options, &run_analysis_options, NULL};

static const char about[] =
    "Writes a Markdown report to standard output: for each migration the verdict (may it\n"
    "advance to its next phase, or how many places forbid it), the work that is due now and\n"
    "what the later phases will ask for, counts by field, owner and folder, what could not\n"
    "be seen, and whether an access that must be found was found.\n"
    "\n"
    "Owners come from CODEOWNERS, else from the migration's `owner`.\n"
    "\n"
    "Examples:\n"
    "  straggler todo > TODO.md\n"
    "  straggler todo >> \"$GITHUB_STEP_SUMMARY\"\n"
    "\n"
    "Exit codes: 0 done; 2 an error, or a file that holds a name could not be analysed.\n";

static int after_scan(Run *run, Report *report, void *context)
{
    StrBuf text = {0};
    (void)context;
    judged_accept(run, report);
    if (!judged_apply_baseline(run, NULL, report))
        return EXIT_TROUBLE;
    todo_write(report, &run->config, &text);
    fwrite(text.data, 1, text.length, run->out);
    strbuf_release(&text);
    return EXIT_CLEAN;
}

static int run_todo(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    Judge judge;
    bool good = run_init(&run, table, settings) && run_load_config(&run, true) &&
                run_paths(&run, arguments->list.items, arguments->list.count);
    if (good) {
        judged_prepare(&run, &judge);
        run.after = after_scan;
        run.no_reports = true;
    }
    int status = good ? run_execute(&run) : run_fail(&run);
    run_release(&run);
    return status;
}

const Command cmd_todo = {
    .name = "todo",
    .summary = "what is left of every migration, and in which order",
    .usage = "[PATH...]",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(RunSettings),
    .takes_files = true,
    .run = run_todo,
};
