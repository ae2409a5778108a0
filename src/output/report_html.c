/*
 * One page that needs nothing else: no scripts, no references, and a content
 * security policy that forbids both, so that hostile source lines stay text.
 */
#include "output/escape.h"
#include "output/report.h"

static void add_head(StrBuf *out, size_t shown)
{
    strbuf_add_c(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>straggler</title>\n"
        "<style>\nbody{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;"
        "padding:0 1em;color:#222;background:#fff}\nh2{font-size:1em;margin:2em 0 .5em;"
        "font-family:monospace}\npre{background:#f5f5f5;padding:.5em;overflow-x:auto;margin:.3em "
        "0}\nmark{background:#ffe08a;font-weight:bold}\n.error{color:#b00020}.warning{color:"
        "#8a5a00}.info{color:#1a4fa0}\nul{margin:.2em 0 1em;color:#555}\ntable{border-collapse:"
        "collapse}td,th{padding:.2em .8em;border:1px solid #ddd;text-align:left}\n"
        "@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}pre{background:"
        "#262626}mark{background:#6b5200;color:#fff}ul{color:#aaa}.error{color:#ff8a80}"
        ".warning{color:#ffd180}.info{color:#90caf9}td,th{border-color:#444}}\n"
        "</style>\n</head>\n<body>\n");
    strbuf_printf(out, "<h1>straggler: %zu finding%s</h1>\n", shown, shown == 1 ? "" : "s");
}

static void add_totals(StrBuf *out, const Report *report)
{
    const RunTotals *totals = &report->totals;
    strbuf_printf(out,
                  "<table><tr><th>files</th><th>analysed</th><th>skipped</th><th>incomplete</th>"
                  "<th>blind spots</th></tr>\n<tr><td>%llu</td><td>%llu</td><td>%llu</td>"
                  "<td>%llu</td><td>%zu</td></tr></table>\n",
                  (unsigned long long)totals->files, (unsigned long long)totals->parsed,
                  (unsigned long long)totals->skipped, (unsigned long long)totals->incomplete,
                  report->blind_spots.count);
}

static void add_code(StrBuf *out, const Finding *finding)
{
    Str line = str_of(finding->line_text);
    size_t from = finding->column ? finding->column - 1 : 0;
    size_t to = finding->end_line == finding->line && finding->end_column > finding->column
                    ? finding->end_column - 1
                    : line.length;
    from = from > line.length ? line.length : from;
    strbuf_add_c(out, "<pre>");
    escape_html(out, str_slice(line, 0, from));
    strbuf_add_c(out, "<mark>");
    escape_html(out, str_slice(line, from, to));
    strbuf_add_c(out, "</mark>");
    escape_html(out, str_slice(line, to, line.length));
    strbuf_add_c(out, "</pre>\n");
}

static void add_finding(StrBuf *out, const Finding *finding)
{
    StrBuf text = {0};
    const char *severity = finding_severity(finding);
    strbuf_printf(out, "<p>%u:%u <strong class=\"%s\">", finding->line, finding->column, severity);
    escape_html(out, str_of(finding_rule(finding)));
    strbuf_add_c(out, "</strong> ");
    finding_message(&text, finding);
    escape_html(out, strbuf_str(&text));
    strbuf_add_c(out, "</p>\n");
    if (finding->line_text)
        add_code(out, finding);
    if (finding->evidence_count)
        strbuf_add_c(out, "<ul>\n");
    for (size_t i = 0; i < finding->evidence_count; i++) {
        strbuf_clear(&text);
        evidence_message(&text, &finding->evidence[i]);
        strbuf_add_c(out, "<li>");
        escape_html(out, strbuf_str(&text));
        strbuf_add_c(out, "</li>\n");
    }
    if (finding->evidence_count)
        strbuf_add_c(out, "</ul>\n");
    strbuf_release(&text);
}

static void add_blind_spots(StrBuf *out, const Report *report)
{
    if (!report->blind_spots.count)
        return;
    strbuf_add_c(out, "<h1>Blind spots</h1>\n<p>What static reading cannot decide.</p>\n<ul>\n");
    for (size_t i = 0; i < report->blind_spots.count; i++) {
        const BlindSpot *spot = &report->blind_spots.items[i];
        strbuf_add_c(out, "<li>");
        escape_html(out, str_of(spot->path));
        strbuf_printf(out, ":%u:%u ", spot->line, spot->column);
        escape_html(out, str_of(spot->what));
        strbuf_add_c(out, " of ");
        escape_html(out, str_of(spot->target));
        strbuf_add_c(out, ": ");
        escape_html(out, str_of(spot->text));
        strbuf_add_c(out, "</li>\n");
    }
    strbuf_add_c(out, "</ul>\n");
}

void report_html(const Report *report, const ReportOptions *options, StrBuf *out)
{
    (void)options;
    add_head(out, report_shown(report));
    add_totals(out, report);
    const char *path = NULL;
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (!finding_shown(finding))
            continue;
        if (!path || strcmp(path, finding->path) != 0) {
            path = finding->path;
            strbuf_add_c(out, "<h2>");
            escape_html(out, str_of(path));
            strbuf_add_c(out, "</h2>\n");
        }
        add_finding(out, finding);
    }
    add_blind_spots(out, report);
    strbuf_add_c(out, "</body>\n</html>\n");
}
