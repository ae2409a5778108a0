/*
 * GitHub Markdown for job summaries and comments. A summary takes 1 MiB, so the
 * table stops well before and says how many rows are missing.
 */
#include "output/escape.h"
#include "output/report.h"

enum { LARGEST = 900 << 10 /* bytes */ };

static void add_cell(StrBuf *out, Str text)
{
    strbuf_add_c(out, " ");
    escape_markdown(out, text);
    strbuf_add_c(out, " |");
}

static void add_row(StrBuf *out, const Finding *finding)
{
    StrBuf text = {0};
    strbuf_add_byte(out, '|');
    strbuf_printf(&text, "%s:%u:%u", finding->path, finding->line, finding->column);
    add_cell(out, strbuf_str(&text));
    add_cell(out, str_of(finding_rule(finding)));
    add_cell(out, str_of(finding->target));
    add_cell(out, str_of(confidence_name(finding->confidence)));
    add_cell(out, str_slice(str_trim(str_of(finding->line_text)), 0, 160));
    strbuf_clear(&text);
    if (finding->evidence_count)
        evidence_message(&text, &finding->evidence[0]);
    add_cell(out, str_slice(strbuf_str(&text), 0, 160));
    strbuf_add_byte(out, '\n');
    strbuf_release(&text);
}

void report_markdown(const Report *report, const ReportOptions *options, StrBuf *out)
{
    (void)options;
    size_t shown = report_shown(report), written = 0;
    const RunTotals *totals = &report->totals;
    strbuf_printf(out, "### straggler: %zu finding%s\n\n", shown, shown == 1 ? "" : "s");
    strbuf_printf(out,
                  "%llu files seen, %llu analysed, %llu skipped, %llu incomplete, %zu blind "
                  "spots.\n\n",
                  (unsigned long long)totals->files, (unsigned long long)totals->parsed,
                  (unsigned long long)totals->skipped, (unsigned long long)totals->incomplete,
                  report->blind_spots.count);
    if (!shown)
        return;
    strbuf_add_c(out, "| place | rule | target | confidence | code | because |\n"
                      "| --- | --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < report->findings.count && out->length < LARGEST; i++) {
        if (!finding_shown(&report->findings.items[i]))
            continue;
        add_row(out, &report->findings.items[i]);
        written++;
    }
    if (written < shown)
        strbuf_printf(out, "\n%zu more findings are left out here.\n", shown - written);
}
