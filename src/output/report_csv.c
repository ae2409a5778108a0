/*
 * One row a finding, for spreadsheets (RFC 4180, CRLF). Cells that a
 * spreadsheet would run as a formula are defused.
 */
#include "output/escape.h"
#include "output/report.h"

static void add_cell(StrBuf *out, const char *text)
{
    strbuf_add_byte(out, ',');
    escape_csv(out, str_of(text));
}

void report_csv(const Report *report, const ReportOptions *options, StrBuf *out)
{
    (void)options;
    strbuf_add_c(out, "path,line,column,migration,target,accessor,kind,confidence,rule,severity,"
                      "receiver,type,owner,text,fingerprint\r\n");
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (!finding_shown(finding))
            continue;
        escape_csv(out, str_of(finding->path));
        strbuf_printf(out, ",%u,%u", finding->line, finding->column);
        add_cell(out, finding->migration);
        add_cell(out, finding->target);
        add_cell(out, finding->accessor);
        add_cell(out, access_kind_name(finding->kind));
        add_cell(out, confidence_name(finding->confidence));
        add_cell(out, finding->rule);
        add_cell(out, finding->rule ? finding_severity(finding) : NULL);
        add_cell(out, finding->receiver_text);
        add_cell(out, finding->receiver_type);
        add_cell(out, finding->owner);
        Str line = str_trim(str_of(finding->line_text));
        strbuf_add_byte(out, ',');
        escape_csv(out, line);
        strbuf_add_byte(out, ',');
        finding_fingerprint_text(out, finding);
        strbuf_add_c(out, "\r\n");
    }
}
