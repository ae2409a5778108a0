/*
 * The report for people: each finding opens with path:line:column, as grep and
 * compilers write it, so that editors and terminals can jump there; below come
 * the source line with a caret and the chain of reasons. Everything from files
 * is masked (escape.h).
 */
#include "output/escape.h"
#include "output/excerpt.h"
#include "output/report.h"

#include <stdio.h>

enum { EXCERPT_WIDTH = 120, BLIND_SPOTS_SHOWN = 20 };

typedef enum Paint { PLAIN, BOLD, DIM, RED, YELLOW, GREEN, BLUE } Paint;

static void paint(StrBuf *out, const ReportOptions *options, Paint paint)
{
    static const char *const codes[] = {"0", "1", "2", "1;31", "1;33", "32", "1;34"};
    if (options->color)
        strbuf_printf(out, "\x1b[%sm", codes[paint]);
}

static void add_painted(StrBuf *out, const ReportOptions *options, Paint color, const char *text)
{
    paint(out, options, color);
    escape_text(out, str_of(text));
    paint(out, options, PLAIN);
}

static Paint severity_paint(const Finding *finding)
{
    if (finding->severity == SEVERITY_ERROR)
        return RED;
    return finding->severity == SEVERITY_WARNING ? YELLOW : BLUE;
}

static void add_headline(StrBuf *out, const ReportOptions *options, const Finding *finding)
{
    char place[32];
    snprintf(place, sizeof place, ":%u:%u: ", finding->line, finding->column);
    add_painted(out, options, BOLD, finding->path);
    strbuf_add_c(out, place);
    if (finding->rule) {
        char label[128];
        snprintf(label, sizeof label, "%s[%s]", finding_severity(finding), finding->rule);
        add_painted(out, options, severity_paint(finding), label);
        strbuf_add_byte(out, ' ');
    }
    add_painted(out, options, finding->kind == ACCESS_WRITE ? RED : BLUE,
                access_kind_name(finding->kind));
    strbuf_add_byte(out, ' ');
    add_painted(out, options, BOLD, finding->target);
    strbuf_printf(out, " [%s]", confidence_name(finding->confidence));
    if (finding->message) {
        strbuf_add_c(out, ": ");
        escape_text(out, str_of(finding->message));
    }
    strbuf_add_byte(out, '\n');
}

static void add_excerpt(StrBuf *out, const ReportOptions *options, const Finding *finding,
                        int gutter)
{
    if (!finding->line_text)
        return;
    Str line = str_of(finding->line_text);
    size_t from = finding->column ? finding->column - 1 : 0;
    bool one_line = finding->end_line == finding->line;
    size_t to = one_line && finding->end_column ? finding->end_column - 1 : line.length;
    Excerpt excerpt;
    excerpt_make(&excerpt, line, from, to, EXCERPT_WIDTH);
    paint(out, options, DIM);
    strbuf_printf(out, "%*u | ", gutter, finding->line);
    paint(out, options, PLAIN);
    strbuf_add_str(out, strbuf_str(&excerpt.text));
    strbuf_printf(out, "\n%*s ", gutter, "");
    add_painted(out, options, DIM, "|");
    strbuf_printf(out, " %*s", (int)excerpt.caret_column, "");
    paint(out, options, severity_paint(finding));
    for (uint32_t i = 0; i < excerpt.caret_width; i++)
        strbuf_add_byte(out, '^');
    paint(out, options, PLAIN);
    strbuf_add_byte(out, '\n');
    excerpt_release(&excerpt);
}

static void add_note(StrBuf *out, const ReportOptions *options, int gutter, const char *label,
                     Str text)
{
    strbuf_printf(out, "%*s ", gutter, "");
    add_painted(out, options, DIM, "=");
    strbuf_printf(out, " %s", label);
    Excerpt excerpt;
    excerpt_make(&excerpt, text, 0, 0, EXCERPT_WIDTH);
    strbuf_add_str(out, strbuf_str(&excerpt.text));
    excerpt_release(&excerpt);
    strbuf_add_byte(out, '\n');
}

static void add_reasons(StrBuf *out, const ReportOptions *options, const Finding *finding,
                        int gutter)
{
    StrBuf text = {0};
    for (size_t i = 0; i < finding->evidence_count; i++) {
        strbuf_clear(&text);
        evidence_message(&text, &finding->evidence[i]);
        add_note(out, options, gutter, i ? "    and " : "because ", strbuf_str(&text));
    }
    for (size_t i = 0; i < finding->edit_count; i++) {
        const char *label = finding->edits_safe ? "instead " : "perhaps ";
        add_note(out, options, gutter, label, str_of(finding->edits[i].text));
    }
    strbuf_release(&text);
}

static int digits(uint32_t number)
{
    int count = 1;
    for (; number >= 10; number /= 10)
        count++;
    return count;
}

static void add_blind_spots(StrBuf *out, const Report *report, const ReportOptions *options)
{
    size_t count = report->blind_spots.count;
    if (!count)
        return;
    strbuf_printf(out, "%zu blind spot%s: what static reading cannot decide\n", count,
                  count == 1 ? "" : "s");
    for (size_t i = 0; i < count && i < BLIND_SPOTS_SHOWN; i++) {
        const BlindSpot *spot = &report->blind_spots.items[i];
        strbuf_add_c(out, "  ");
        escape_text(out, str_of(spot->path));
        if (spot->line)
            strbuf_printf(out, ":%u", spot->line);
        if (spot->line && spot->column)
            strbuf_printf(out, ":%u", spot->column);
        strbuf_add_c(out, ": ");
        add_painted(out, options, YELLOW, spot->what);
        strbuf_add_byte(out, ' ');
        escape_text(out, str_of(spot->target));
        if (spot->text && spot->text[0]) {
            strbuf_add_c(out, ": ");
            escape_text(out, str_of(spot->text));
        }
        strbuf_add_byte(out, '\n');
    }
    if (count > BLIND_SPOTS_SHOWN)
        strbuf_printf(out, "  and %zu more: --format json lists all\n", count - BLIND_SPOTS_SHOWN);
}

void report_text(const Report *report, const ReportOptions *options, StrBuf *out)
{
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (!finding_shown(finding))
            continue;
        int gutter = digits(finding->line);
        gutter = gutter < 4 ? 4 : gutter;
        add_headline(out, options, finding);
        add_excerpt(out, options, finding, gutter);
        add_reasons(out, options, finding, gutter);
        strbuf_add_byte(out, '\n');
    }
    add_blind_spots(out, report, options);
}
