/*
 * Workflow commands of GitHub Actions. The runner keeps ten annotations of each
 * level per step, first come first served, so the worst come first and a last
 * notice says how many were cut. Lines are masked, so that no path or source
 * line can start a command of its own.
 */
#include "output/escape.h"
#include "output/report.h"

enum { ANNOTATIONS_KEPT = 10, LEVELS = 3 };

static unsigned level_of(const Finding *finding)
{
    return finding->severity == SEVERITY_ERROR     ? 0
           : finding->severity == SEVERITY_WARNING ? 1
                                                   : 2;
}

static void add_annotation(StrBuf *out, const Finding *finding)
{
    static const char *const commands[LEVELS] = {"error", "warning", "notice"};
    strbuf_printf(out, "::%s file=", commands[level_of(finding)]);
    escape_github(out, str_of(finding->path), true);
    strbuf_printf(out, ",line=%u", finding->line);
    if (finding->end_line == finding->line)
        strbuf_printf(out, ",col=%u,endColumn=%u", finding->column, finding->end_column);
    else
        strbuf_printf(out, ",endLine=%u", finding->end_line);
    strbuf_add_c(out, ",title=");
    StrBuf text = {0};
    strbuf_printf(&text, "straggler %s", finding_rule(finding));
    escape_github(out, strbuf_str(&text), true);
    strbuf_add_c(out, "::");
    strbuf_clear(&text);
    finding_message(&text, finding);
    for (size_t i = 0; i < finding->evidence_count; i++) {
        strbuf_add_c(&text, "\nbecause ");
        evidence_message(&text, &finding->evidence[i]);
    }
    escape_github(out, strbuf_str(&text), false);
    strbuf_add_byte(out, '\n');
    strbuf_release(&text);
}

void report_github(const Report *report, const ReportOptions *options, StrBuf *out)
{
    (void)options;
    size_t cut = 0;
    for (unsigned level = 0; level < LEVELS; level++) {
        size_t written = 0, room = level == LEVELS - 1 ? ANNOTATIONS_KEPT - 1 : ANNOTATIONS_KEPT;
        for (size_t i = 0; i < report->findings.count; i++) {
            const Finding *finding = &report->findings.items[i];
            if (!finding_shown(finding) || level_of(finding) != level)
                continue;
            if (written++ < room)
                add_annotation(out, finding);
        }
        cut += written > room ? written - room : 0;
    }
    if (cut)
        strbuf_printf(out,
                      "::notice title=straggler::%zu more not shown: GitHub keeps %d annotations "
                      "of each level per step; see the job's summary or the full report\n",
                      cut, ANNOTATIONS_KEPT);
}
