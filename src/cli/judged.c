/*
 * Judging needs the date and where the configuration lies; accepting findings
 * needs comments and baselines. Both are the same for check, todo and baseline.
 */
#include "cli/judged.h"

#include "input/codeowners.h"
#include "output/baseline.h"
#include "output/report.h"
#include "output/suppress.h"
#include "output/write.h"

#include <time.h>
#include <unistd.h>

enum { LARGEST_BASELINE = 256 << 20 };

static const char *today(Run *run)
{
    time_t now = time(NULL);
    struct tm parts;
    char text[16];
    if (!gmtime_r(&now, &parts) || !strftime(text, sizeof text, "%Y-%m-%d", &parts))
        return NULL;
    return arena_strdup(&run->arena, text, strlen(text));
}

void judged_prepare(Run *run, Judge *judge)
{
    const char *path = run->config.path ? run->config.path : "straggler.yml";
    const char *slash = strrchr(path, '/');
    *judge = (Judge){&run->config, slash ? slash + 1 : path, today(run)};
    run->scan.judge = judge;
    run->scan.want_saves = phase_wants_saves(&run->config);
}

void judged_keep_stragglers(const Run *run, Report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->findings.count; i++) {
        if (report->findings.items[i].rule)
            report->findings.items[kept++] = report->findings.items[i];
    }
    report->findings.count = kept;
    judged_accept(run, report);
}

void judged_accept(const Run *run, Report *report)
{
    int root = run_open_root(run);
    if (root < 0)
        return;
    suppress_report(report, root);
    CodeOwners *owners = codeowners_load(root, &report->arena);
    for (size_t i = 0; owners && i < report->findings.count; i++) {
        Finding *finding = &report->findings.items[i];
        const char *owner = codeowners_of(owners, finding->path);
        finding->owner = owner ? owner : finding->owner;
    }
    close(root);
}

const char *judged_baseline_path(Run *run, const char *given)
{
    if (given)
        return given;
    const char *name = run->config.baseline ? run->config.baseline : "straggler-baseline.txt";
    return arena_printf(&run->arena, "%s/%s", run->scan.root, name);
}

bool judged_apply_baseline(Run *run, const char *file, Report *report)
{
    const char *path = judged_baseline_path(run, file);
    if (!file && !run->config.baseline && access(path, F_OK) != 0)
        return true;
    Baseline known = {0};
    StrBuf text = {0};
    bool good = read_file(&text, path, LARGEST_BASELINE, &run->diag) &&
                baseline_parse(&known, path, strbuf_str(&text), &run->diag);
    if (good)
        baseline_apply(&known, report);
    else if (access(path, F_OK) != 0)
        diag_hint(&run->diag, "`straggler baseline create` writes it");
    baseline_release(&known);
    strbuf_release(&text);
    return good;
}

int judged_status(const Report *report)
{
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (finding_shown(finding) && finding->severity >= SEVERITY_WARNING)
            return EXIT_FOUND;
    }
    return EXIT_CLEAN;
}
