/*
 * What compilers print, for editors and tools that already parse it.
 */
#include "output/escape.h"
#include "output/report.h"

void report_gcc(const Report *report, const ReportOptions *options, StrBuf *out)
{
    (void)options;
    StrBuf message = {0};
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (!finding_shown(finding))
            continue;
        const char *severity = finding->severity == SEVERITY_ERROR     ? "error"
                               : finding->severity == SEVERITY_WARNING ? "warning"
                                                                       : "note";
        escape_text(out, str_of(finding->path));
        strbuf_printf(out, ":%u:%u: %s: ", finding->line, finding->column, severity);
        strbuf_clear(&message);
        finding_message(&message, finding);
        escape_text(out, strbuf_str(&message));
        strbuf_printf(out, " [%s]\n", finding_rule(finding));
    }
    strbuf_release(&message);
}
