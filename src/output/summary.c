/*
 * A count that is zero is left out, except the number of findings: silence must
 * not look like a clean run. Reasons of skipped files are counted, and files
 * that make the run incomplete are named.
 */
#include "output/summary.h"

#include "output/escape.h"
#include "output/report.h"

#include <string.h>

enum { NAMED_FILES = 10, DIFFERENT_REASONS = 16 };

/* `noun`: what a finding is called; it need not be said again when all are of that kind. */
static void add_counts(StrBuf *out, const Report *report, const char *noun)
{
    size_t kinds[ACCESS_KIND_COUNT] = {0}, confidences[CONFIDENCE_COUNT] = {0};
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (!finding_shown(finding))
            continue;
        bool about_migration = finding->rule && (strcmp(finding->rule, "overdue") == 0 ||
                                                 strcmp(finding->rule, "finished") == 0);
        kinds[finding->kind] += !about_migration;
        confidences[finding->confidence]++;
    }
    const char *separator = ": ";
    for (int i = 0; i < ACCESS_KIND_COUNT; i++) {
        if (!kinds[i] || strcmp(noun, access_kind_name((AccessKind)i)) == 0)
            continue;
        strbuf_printf(out, "%s%zu %s", separator, kinds[i], access_kind_name((AccessKind)i));
        separator = ", ";
    }
    separator = " (";
    for (int i = 0; i < CONFIDENCE_COUNT; i++) {
        if (!confidences[i])
            continue;
        strbuf_printf(out, "%s%zu %s", separator, confidences[i], confidence_name((Confidence)i));
        separator = ", ";
    }
    strbuf_add_c(out, separator[0] == ',' ? ")\n" : "\n");
}

static void add_reasons(StrBuf *out, const Report *report)
{
    const char *reasons[DIFFERENT_REASONS];
    size_t counts[DIFFERENT_REASONS], different = 0, others = 0;
    for (size_t i = 0; i < report->notes.count; i++) {
        const char *reason = report->notes.items[i].reason;
        size_t at = 0;
        while (at < different && strcmp(reasons[at], reason) != 0)
            at++;
        if (at == DIFFERENT_REASONS) {
            others++;
            continue;
        }
        if (at == different) {
            reasons[different] = reason;
            counts[different++] = 0;
        }
        counts[at]++;
    }
    for (size_t i = 0; i < different; i++) {
        strbuf_printf(out, "%s%zu ", i ? ", " : ": ", counts[i]);
        escape_text(out, str_of(reasons[i]));
    }
    if (others)
        strbuf_printf(out, ", %zu for other reasons", others);
}

static void add_files(StrBuf *out, const Report *report)
{
    const RunTotals *totals = &report->totals;
    strbuf_printf(out, "%llu of %llu file%s analysed", (unsigned long long)totals->parsed,
                  (unsigned long long)totals->files, totals->files == 1 ? "" : "s");
    if (totals->skipped)
        strbuf_printf(out, ", %llu skipped", (unsigned long long)totals->skipped);
    if (totals->incomplete)
        strbuf_printf(out, ", %llu incomplete", (unsigned long long)totals->incomplete);
    add_reasons(out, report);
    strbuf_add_byte(out, '\n');
}

static void add_incomplete(StrBuf *out, const Report *report, const SummaryOptions *options)
{
    size_t named = 0;
    for (size_t i = 0; i < report->notes.count; i++) {
        const FileNote *note = &report->notes.items[i];
        if (!note->holds_accessor || named++ >= NAMED_FILES)
            continue;
        strbuf_add_c(out, "incomplete: ");
        escape_text(out, str_of(note->path));
        strbuf_add_c(out, ": ");
        escape_text(out, str_of(note->reason));
        strbuf_add_byte(out, '\n');
    }
    if (named > NAMED_FILES)
        strbuf_printf(out, "incomplete: and %zu more files\n", named - NAMED_FILES);
    if (named && !options->allow_incomplete)
        strbuf_add_c(out, "these files hold the name, so the report may lack places "
                          "(--allow-incomplete accepts that)\n");
}

static void add_stats(StrBuf *out, const RunTotals *totals)
{
    strbuf_printf(out, "%-12s %9s %9s %10s\n", "stage", "seconds", "files", "KiB");
    for (size_t i = 0; i < totals->stage_count; i++) {
        const StageStat *stage = &totals->stages[i];
        strbuf_printf(out, "%-12s %9.4f %9llu %10llu\n", stage->name, stage->seconds,
                      (unsigned long long)stage->files, (unsigned long long)stage->bytes >> 10);
    }
    strbuf_printf(out, "%-12s %9.4f %9llu %10llu\n", "all", totals->seconds,
                  (unsigned long long)totals->files, (unsigned long long)totals->bytes >> 10);
    strbuf_printf(out, "searched %llu KiB, %llu files held a name, peak memory %llu KiB\n",
                  (unsigned long long)totals->searched >> 10,
                  (unsigned long long)totals->candidates,
                  (unsigned long long)totals->peak_memory >> 10);
}

void summary_write(const Report *report, const SummaryOptions *options, StrBuf *out)
{
    const RunTotals *totals = &report->totals;
    size_t shown = report_shown(report);
    bool ends_in_s = str_ends(str_of(options->noun), "s");
    strbuf_printf(out, "%zu %s%s", shown, options->noun,
                  shown == 1 ? "" : ends_in_s ? "es" : "s");
    add_counts(out, report, options->noun);
    if (totals->baselined || totals->suppressed)
        strbuf_printf(out, "%llu in the baseline, %llu suppressed by comments\n",
                      (unsigned long long)totals->baselined,
                      (unsigned long long)totals->suppressed);
    for (size_t i = 0; i < report->hints.count; i++) {
        strbuf_add_c(out, "hint: ");
        escape_text(out, str_of(report->hints.items[i]));
        strbuf_add_byte(out, '\n');
    }
    add_files(out, report);
    add_incomplete(out, report, options);
    if (report->blind_spots.count)
        strbuf_printf(out, "%zu blind spot%s\n", report->blind_spots.count,
                      report->blind_spots.count == 1 ? "" : "s");
    if (totals->below_threshold)
        strbuf_printf(out, "%llu more %s: --min-confidence %s\n",
                      (unsigned long long)totals->below_threshold,
                      options->min_confidence == CONFIDENCE_CERTAIN ? "likely or possible"
                                                                    : "possible",
                      confidence_name(CONFIDENCE_POSSIBLE));
    if (options->stats)
        add_stats(out, totals);
}
