/*
 * baseline: accept what is there, so that only new findings fail. Three verbs
 * that never do each other's work: create makes the file, update writes it
 * anew, prune only takes out what is gone.
 */
#include "cli/commands.h"
#include "cli/judged.h"
#include "output/baseline.h"
#include "output/report.h"
#include "output/write.h"

#include <unistd.h>

enum { LARGEST_BASELINE = 256 << 20 };

typedef struct BaselineSettings {
    RunSettings run;
    const char *file;
    bool force;
} BaselineSettings;

static const Option own_options[] = {
    {'b', "baseline", OPT_TEXT, "FILE", NULL,
     "the baseline (`baseline:` of straggler.yml, else straggler-baseline.txt)",
     offsetof(BaselineSettings, file)},
    {'q', "quiet", OPT_FLAG, NULL, NULL, "print nothing", offsetof(BaselineSettings, run.quiet)},
    {0, "force", OPT_FLAG, NULL, NULL, "create: replace a baseline that exists",
     offsetof(BaselineSettings, force)},
};

static const OptGroup own_group = {"Baseline", own_options, sizeof own_options / sizeof *own_options};
static const OptGroup *const groups[] = {&own_group,          &run_config_options,
                                         &run_file_options,   &run_analysis_options, NULL};

static const char about[] =
    "A baseline is a file of findings that were there before. It holds one sorted line for\n"
    "each, keyed by a fingerprint without line numbers: moving code changes nothing, and two\n"
    "branches that fix different places merge without conflict.\n"
    "\n"
    "  create   writes the first one; refuses to replace one\n"
    "  update   writes it anew from what is found now\n"
    "  prune    takes out what is no longer found, and never adds\n"
    "\n"
    "Examples:\n"
    "  straggler baseline create\n"
    "  straggler baseline prune && git diff --exit-code straggler-baseline.txt\n";

typedef enum Verb { CREATE, UPDATE, PRUNE } Verb;

typedef struct BaselineRun {
    Verb verb;
    const char *file;
} BaselineRun;

static bool load(const char *path, Baseline *baseline, Diag *diag)
{
    StrBuf text = {0};
    bool good = read_file(&text, path, LARGEST_BASELINE, diag) &&
                baseline_parse(baseline, path, strbuf_str(&text), diag);
    strbuf_release(&text);
    return good;
}

static int after_scan(Run *run, Report *report, void *context)
{
    const BaselineRun *own = context;
    Baseline known = {0};
    StrBuf text = {0};
    bool exists = access(own->file, F_OK) == 0;
    bool good = true;
    if (report->totals.incomplete && !run->settings->allow_incomplete)
        good = diag_fail(&run->diag, "the run is incomplete, so the baseline was left alone") ||
               diag_hint(&run->diag, "--allow-incomplete writes it all the same");
    if (good && (own->verb == PRUNE || (exists && own->verb == UPDATE)))
        good = load(own->file, &known, &run->diag);
    if (good) {
        judged_keep_stragglers(run, report);
        baseline_apply(&known, report);
        baseline_write(report, own->verb == PRUNE ? &known : NULL, &text);
        good = write_file(own->file, strbuf_str(&text), &run->diag);
    }
    if (good && !run->settings->quiet) {
        size_t added = own->verb == PRUNE ? 0 : report_shown(report);
        fprintf(run->closing, "%s: %zu added, %zu removed, %llu kept\n", own->file, added,
                baseline_stale(&known), (unsigned long long)report->totals.baselined);
    }
    baseline_release(&known);
    strbuf_release(&text);
    return good ? EXIT_CLEAN : EXIT_TROUBLE;
}

static bool parse_verb(Run *run, const Arguments *arguments, Verb *verb)
{
    static const char verbs[] = "create|update|prune";
    const char *given = arguments->list.count ? arguments->list.items[0] : "";
    const char *rest = verbs;
    for (int i = 0; i <= PRUNE; i++) {
        if (!str_eq_c(opt_choice_next(&rest), given))
            continue;
        *verb = (Verb)i;
        if (arguments->list.count == 1)
            return true;
        diag_fail(&run->diag, "`baseline %s` takes no paths", given);
        return diag_hint(&run->diag, "a baseline is about everything that straggler.yml includes");
    }
    diag_fail(&run->diag, "`baseline` needs one of: create, update, prune");
    Str best = opt_closest(verbs, str_of(given));
    return best.length && diag_hint(&run->diag, "did you mean `%.*s`?", STR_ARG(best));
}

static int run_baseline_verb(Run *run, const BaselineSettings *settings,
                             const Arguments *arguments)
{
    BaselineRun own = {0};
    Judge judge;
    if (!parse_verb(run, arguments, &own.verb) || !run_load_config(run, true) ||
        !run_paths(run, NULL, 0))
        return run_fail(run);
    own.file = run_display_path(run, judged_baseline_path(run, settings->file));
    if (own.verb == CREATE && !settings->force && access(own.file, F_OK) == 0) {
        diag_fail_at(&run->diag, own.file, 0, 0, "exists already");
        diag_hint(&run->diag, "`straggler baseline update` writes it anew");
        return run_fail(run);
    }
    judged_prepare(run, &judge);
    run->after = after_scan;
    run->context = &own;
    run->no_reports = true;
    return run_execute(run);
}

static int run_baseline(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    const BaselineSettings *own = settings;
    int status = run_init(&run, table, &own->run) ? run_baseline_verb(&run, own, arguments)
                                                  : run_fail(&run);
    run_release(&run);
    return status;
}

const Command cmd_baseline = {
    .name = "baseline",
    .summary = "accept the findings of today, so that only new ones fail",
    .usage = "create|update|prune",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(BaselineSettings),
    .words = "create|update|prune",
    .run = run_baseline,
};
