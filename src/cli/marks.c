/*
 * A line may hold several accesses of one target and kind (a.email + b.email);
 * one mark expects all of them.
 */
#include "cli/marks.h"

#include "output/escape.h"

static Str next_word(Str *rest)
{
    *rest = str_trim(*rest);
    size_t end = 0;
    while (end < rest->length && rest->data[end] != ' ' && rest->data[end] != '\t')
        end++;
    Str word = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end, rest->length);
    return word;
}

static bool parse_words(Mark *mark, Str rest, Arena *arena)
{
    Str word = next_word(&rest);
    mark->todo = str_eq_c(word, "todo");
    if (mark->todo)
        word = next_word(&rest);
    if (str_eq_c(word, "none")) {
        mark->what = MARK_NONE;
        return true;
    }
    if (str_eq_c(word, "blind")) {
        mark->what = MARK_BLIND;
    } else if (str_eq_c(word, "check")) {
        mark->what = MARK_CHECK;
        Str rule = next_word(&rest);
        mark->rule = arena_strdup(arena, rule.data, rule.length);
    } else if (!access_kind_parse(word, &mark->kind)) {
        return false;
    }
    Str target = next_word(&rest);
    mark->target = arena_strdup(arena, target.data, target.length);
    return target.length > 0 || mark->what == MARK_CHECK;
}

/* The marks of one line: what follows "#! ", split at " ; ". */
static bool parse_line(MarkArray *marks, Mark mark, Str text, Arena *arena, Diag *diag)
{
    static const Str separator = {" ; ", 3};
    for (;;) {
        size_t end = str_find(text, separator, 0);
        Mark item = mark;
        if (!parse_words(&item, str_slice(text, 0, end), arena)) {
            diag_fail_at(diag, mark.path, mark.line, 0, "this mark cannot be read");
            return diag_hint(diag, "marks look like `#! read Order.email` or `#! none`");
        }
        array_push(marks, item);
        if (end == SIZE_MAX)
            return true;
        text = str_slice(text, end + separator.length, text.length);
    }
}

/* "LINE: mark" of a side file. */
static bool parse_side_line(MarkArray *marks, Mark mark, Str line, Arena *arena, Diag *diag)
{
    size_t colon = str_find_byte(line, ':', 0);
    mark.line = (uint32_t)strtoul(arena_strdup(arena, line.data, line.length), NULL, 10);
    if (colon == SIZE_MAX || !mark.line)
        return true;
    return parse_line(marks, mark, str_slice(line, colon + 1, line.length), arena, diag);
}

bool marks_read(MarkArray *marks, const char *path, Str text, Arena *arena, Diag *diag)
{
    static const Str sign = {"#! ", 3};
    Str name = str_of(path);
    bool side = str_ends(name, ".marks");
    size_t length = side ? name.length - 6 : name.length;
    Mark mark = {.path = arena_strdup(arena, path, length)};
    while (text.length) {
        size_t end = str_find_byte(text, '\n', 0);
        Str line = str_slice(text, 0, end);
        text = end == SIZE_MAX ? (Str){0} : str_slice(text, end + 1, text.length);
        mark.line++;
        size_t at = str_find(line, sign, 0);
        bool good = true;
        if (side)
            good = parse_side_line(marks, mark, line, arena, diag);
        else if (at != SIZE_MAX)
            good = parse_line(marks, mark, str_slice(line, at + 3, line.length), arena, diag);
        if (!good)
            return false;
    }
    return true;
}

static bool is_met_by(const Mark *mark, const Finding *finding)
{
    return mark->what == MARK_ACCESS && mark->line == finding->line &&
           mark->kind == finding->kind && strcmp(mark->path, finding->path) == 0 &&
           strcmp(mark->target, finding->target) == 0;
}

/* `blind Order` is met by a spot of any of its fields. */
static bool is_met_by_spot(const Mark *mark, const BlindSpot *spot)
{
    if (mark->what != MARK_BLIND || mark->line != spot->line || strcmp(mark->path, spot->path) != 0)
        return false;
    size_t length = strlen(mark->target);
    return strncmp(spot->target, mark->target, length) == 0 &&
           (!spot->target[length] || spot->target[length] == '.');
}

static void add_place(StrBuf *out, const char *path, uint32_t line)
{
    escape_text(out, str_of(path));
    strbuf_printf(out, ":%u: ", line);
}

static size_t report_mark(const Mark *mark, StrBuf *out)
{
    bool judged = mark->what == MARK_ACCESS || mark->what == MARK_BLIND;
    if (!judged || mark->met != mark->todo)
        return 0;
    add_place(out, mark->path, mark->line);
    strbuf_printf(out, "%s: %s ", mark->todo ? "no longer a gap, drop `todo`" : "not found",
                  mark->what == MARK_BLIND ? "blind" : access_kind_name(mark->kind));
    escape_text(out, str_of(mark->target));
    strbuf_add_byte(out, '\n');
    return 1;
}

/* Blind spots that no mark expects. */
static size_t compare_spots(MarkArray *marks, const Report *report, StrBuf *out)
{
    size_t wrong = 0;
    for (size_t i = 0; i < report->blind_spots.count; i++) {
        const BlindSpot *spot = &report->blind_spots.items[i];
        bool expected = !spot->target;
        for (size_t j = 0; j < marks->count && spot->target; j++) {
            if (is_met_by_spot(&marks->items[j], spot))
                expected = marks->items[j].met = true;
        }
        if (expected)
            continue;
        add_place(out, spot->path, spot->line);
        strbuf_add_c(out, "not expected: blind ");
        escape_text(out, str_of(spot->target));
        strbuf_printf(out, " [%s]\n", spot->what);
        wrong++;
    }
    return wrong;
}

size_t marks_compare(MarkArray *marks, const Report *report, StrBuf *out)
{
    size_t wrong = 0;
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        bool expected = false;
        for (size_t j = 0; j < marks->count; j++) {
            if (is_met_by(&marks->items[j], finding))
                expected = marks->items[j].met = true;
        }
        if (expected)
            continue;
        add_place(out, finding->path, finding->line);
        strbuf_printf(out, "not expected: %s ", access_kind_name(finding->kind));
        escape_text(out, str_of(finding->target));
        strbuf_printf(out, " [%s]\n", confidence_name(finding->confidence));
        wrong++;
    }
    wrong += compare_spots(marks, report, out);
    for (size_t j = 0; j < marks->count; j++)
        wrong += report_mark(&marks->items[j], out);
    return wrong;
}
