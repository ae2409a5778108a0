/*
 * find: every access of a field, ad hoc.
 */
#include "cli/commands.h"
#include "cli/suggest.h"
#include "cli/targets.h"

static const OptGroup *const groups[] = {&run_output_options, &run_finding_options,
                                         &run_file_options, &run_shard_options,
                                         &run_analysis_options, NULL};

static const char about[] =
    "Finds each read, write, query and declaration of a field, in every spelling that the\n"
    "language and its ORM give it, and nothing else. Needs no configuration;\n"
    "of a straggler.yml that is there, only `rules` is read.\n"
    "\n"
    "A TARGET is a model and a field: Order.email, Spree::Order#email, client::flags. Braces\n"
    "list several fields. An argument that names an existing file or folder is a PATH; any\n"
    "other is a target; what follows -- is a path.\n"
    "\n"
    "Examples:\n"
    "  straggler find Order.email                     in the current folder\n"
    "  straggler find 'Invoice.{is_taxable,is_tax_inclusive}' app lib\n"
    "  straggler find Order.email --kind write        only what writes it\n"
    "  straggler find Order.email --min-confidence possible\n"
    "                                                 also where the receiver is unknown\n"
    "  straggler find Order.email -f jsonl | jq -r .path | sort | uniq -c\n"
    "  git ls-files -z '*.rb' | straggler find Order.email --files-from - -0\n"
    "  straggler find Order.email -o sarif=o.sarif -o html=o.html\n"
    "\n"
    "Confidence: `certain` is proved by declarations, constructors, finders, associations or\n"
    "the compiler; `likely` needed one convention, such as a variable named after the model;\n"
    "`possible` means that the receiver is unknown. A receiver proved to be something else is\n"
    "never reported.\n"
    "\n"
    "Exit codes: 0 done, whether or not anything was found; 2 an error, a model that occurs\n"
    "nowhere, or a file that holds the name and could not be analysed.\n";

/* Nothing at all may be a misspelled target. */
static int after_scan(Run *run, Report *report, void *context)
{
    (void)context;
    bool nothing = !report->findings.count && !run->only_count && report->totals.files;
    StrBuf notes = {0};
    if (nothing && suggest_targets(run, &notes) && notes.length && !run->settings->quiet)
        fputs(notes.data, run->closing);
    strbuf_release(&notes);
    return EXIT_CLEAN;
}

static int find(Run *run, const Arguments *arguments, TargetList *list)
{
    if (!targets_sort(run, arguments, list))
        return run_fail(run);
    if (!list->targets.count) {
        diag_fail(&run->diag, "no target: what should be found?");
        diag_hint(&run->diag, "straggler find Order.email");
        return run_fail(run);
    }
    targets_use(run, list);
    if (!run_borrow_rules(run) || !run_paths(run, list->paths.items, list->paths.count))
        return run_fail(run);
    run->after = after_scan;
    return run_execute(run);
}

static int run_find(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    TargetList list = {0};
    int status = run_init(&run, table, settings) ? find(&run, arguments, &list) : run_fail(&run);
    targets_release(&list);
    run_release(&run);
    return status;
}

const Command cmd_find = {
    .name = "find",
    .summary = "every access of a field, without configuration",
    .usage = "TARGET... [PATH...]",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(RunSettings),
    .takes_files = true,
    .run = run_find,
};
