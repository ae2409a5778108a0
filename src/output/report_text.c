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
#include <string.h>

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
        strbuf_add_c(out, finding->message ? ": " : " ");
    }
    if (finding->message) {
        escape_text(out, str_of(finding->message));
    } else {
        add_painted(out, options, finding->kind == ACCESS_WRITE ? RED : BLUE,
                    access_kind_name(finding->kind));
        strbuf_add_byte(out, ' ');
        add_painted(out, options, BOLD, finding->target);
    }
    strbuf_printf(out, " [%s]\n", confidence_name(finding->confidence));
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
                     Str text, size_t from, size_t to)
{
    strbuf_printf(out, "%*s ", gutter, "");
    add_painted(out, options, DIM, "=");
    strbuf_printf(out, " %s", label);
    Excerpt excerpt;
    excerpt_make(&excerpt, text, from, to, EXCERPT_WIDTH);
    strbuf_add_str(out, strbuf_str(&excerpt.text));
    excerpt_release(&excerpt);
    strbuf_add_byte(out, '\n');
}

/* A reason that is the line shown above says nothing new. */
static bool is_own_line(const Finding *finding, const Evidence *evidence)
{
    return evidence->line == finding->line && evidence->path && finding->line_text &&
           strcmp(evidence->path, finding->path) == 0 &&
           str_eq(str_trim(str_of(evidence->text)), str_trim(str_of(finding->line_text)));
}

/* The line as it would be after the edit; the edit alone when it leaves the line. */
static void add_edit(StrBuf *out, const ReportOptions *options, const Finding *finding,
                     const Edit *edit, int gutter)
{
    const char *label = finding->edits_safe ? "instead " : "perhaps ";
    Str new = str_of(edit->text);
    uint32_t from, to;
    if (!edit_columns(finding, edit, &from, &to)) {
        add_note(out, options, gutter, label, new, 0, 0);
        return;
    }
    StrBuf text = {0};
    Str line = str_of(finding->line_text);
    strbuf_add_str(&text, str_slice(line, 0, from - 1));
    strbuf_add_str(&text, new);
    strbuf_add_str(&text, str_slice(line, to - 1, line.length));
    Str changed = str_trim(strbuf_str(&text));
    size_t at = from - 1 - (size_t)(changed.data - text.data);
    add_note(out, options, gutter, label, changed, at, at + new.length);
    strbuf_release(&text);
}

static void add_reasons(StrBuf *out, const ReportOptions *options, const Finding *finding,
                        int gutter)
{
    StrBuf text = {0};
    bool first = true;
    for (size_t i = 0; i < finding->evidence_count; i++) {
        if (is_own_line(finding, &finding->evidence[i]))
            continue;
        strbuf_clear(&text);
        evidence_message(&text, &finding->evidence[i]);
        add_note(out, options, gutter, first ? "because " : "    and ", strbuf_str(&text), 0, 0);
        first = false;
    }
    for (size_t i = 0; i < finding->edit_count; i++)
        add_edit(out, options, finding, &finding->edits[i], gutter);
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
