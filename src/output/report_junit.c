/*
 * JUnit XML: one failing case per finding. Consumers drop cases of the same
 * name, so the name holds the place; GitLab reads "[[ATTACHMENT|" in text as a
 * command, so it is broken up. A run without findings has one passing case:
 * an empty suite counts as a failure in some.
 */
#include "output/escape.h"
#include "output/report.h"

static void add_safe(StrBuf *out, Str text)
{
    static const Str mark = {"[[", 2};
    for (size_t at; (at = str_find(text, mark, 0)) != SIZE_MAX;) {
        escape_xml(out, str_slice(text, 0, at + 1));
        strbuf_add_byte(out, ' ');
        text = str_slice(text, at + 1, text.length);
    }
    escape_xml(out, text);
}

static void add_case(StrBuf *out, const Finding *finding)
{
    StrBuf text = {0};
    strbuf_add_c(out, "    <testcase classname=\"");
    add_safe(out, str_of(finding->path));
    strbuf_add_c(out, "\" name=\"");
    add_safe(out, str_of(finding->path));
    strbuf_printf(out, ":%u:%u %s ", finding->line, finding->column, finding_rule(finding));
    add_safe(out, str_of(finding->target));
    strbuf_printf(out, "\">\n      <failure type=\"%s\" message=\"", finding_rule(finding));
    finding_message(&text, finding);
    add_safe(out, strbuf_str(&text));
    strbuf_add_c(out, "\">");
    add_safe(out, str_trim(str_of(finding->line_text)));
    for (size_t i = 0; i < finding->evidence_count; i++) {
        strbuf_clear(&text);
        strbuf_add_c(&text, "\nbecause ");
        evidence_message(&text, &finding->evidence[i]);
        add_safe(out, strbuf_str(&text));
    }
    strbuf_add_c(out, "</failure>\n    </testcase>\n");
    strbuf_release(&text);
}

void report_junit(const Report *report, const ReportOptions *options, StrBuf *out)
{
    (void)options;
    size_t shown = report_shown(report);
    strbuf_printf(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<testsuites name=\"straggler\" tests=\"%zu\" failures=\"%zu\">\n"
                  "  <testsuite name=\"straggler\" tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n",
                  shown ? shown : 1, shown, shown ? shown : 1, shown);
    if (!shown)
        strbuf_add_c(out, "    <testcase classname=\"straggler\" name=\"no findings\"/>\n");
    for (size_t i = 0; i < report->findings.count; i++) {
        if (finding_shown(&report->findings.items[i]))
            add_case(out, &report->findings.items[i]);
    }
    strbuf_add_c(out, "  </testsuite>\n</testsuites>\n");
}
