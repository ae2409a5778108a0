/*
 * Checkstyle XML: findings grouped by file (they are sorted by path).
 */
#include "output/escape.h"
#include "output/report.h"

void report_checkstyle(const Report *report, const ReportOptions *options, StrBuf *out)
{
    (void)options;
    strbuf_add_c(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"8.0\">\n");
    const char *path = NULL;
    StrBuf message = {0};
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (!finding_shown(finding))
            continue;
        if (!path || strcmp(path, finding->path) != 0) {
            strbuf_add_c(out, path ? "  </file>\n  <file name=\"" : "  <file name=\"");
            path = finding->path;
            escape_xml(out, str_of(path));
            strbuf_add_c(out, "\">\n");
        }
        strbuf_printf(out, "    <error line=\"%u\" column=\"%u\" severity=\"%s\" message=\"",
                      finding->line, finding->column, finding_severity(finding));
        strbuf_clear(&message);
        finding_message(&message, finding);
        escape_xml(out, strbuf_str(&message));
        strbuf_printf(out, "\" source=\"straggler.%s\"/>\n", finding_rule(finding));
    }
    strbuf_add_c(out, path ? "  </file>\n</checkstyle>\n" : "</checkstyle>\n");
    strbuf_release(&message);
}
