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
    mark->optional = str_eq_c(word, "may") || str_eq_c(word, "may-check");
    if (str_eq_c(word, "may"))
        word = next_word(&rest);
    if (str_eq_c(word, "none")) {
        mark->what = MARK_NONE;
        return true;
    }
    if (str_eq_c(word, "blind")) {
        mark->what = MARK_BLIND;
    } else if (str_eq_c(word, "check") || str_eq_c(word, "may-check")) {
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
    if (mark->line != finding->line || strcmp(mark->path, finding->path) != 0)
        return false;
    bool same_target = mark->target && strcmp(mark->target, finding->target) == 0;
    if (mark->what == MARK_CHECK)
        return finding->rule && strcmp(mark->rule, finding->rule) == 0 &&
               (same_target || !mark->target[0]);
    return mark->what == MARK_ACCESS && mark->kind == finding->kind && same_target;
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

static const char *mark_word(const Mark *mark)
{
    return mark->what == MARK_BLIND   ? "blind"
           : mark->what == MARK_CHECK ? mark->rule
                                      : access_kind_name(mark->kind);
}

static size_t report_mark(const Mark *mark, bool judged, StrBuf *out)
{
    bool compared = mark->what != MARK_NONE && !mark->optional &&
                    (judged || mark->what != MARK_CHECK);
    if (!compared || mark->met != mark->todo)
        return 0;
    add_place(out, mark->path, mark->line);
    strbuf_printf(out, "%s: ", mark->todo ? "no longer a gap, drop `todo`" : "not found");
    escape_text(out, str_of(mark_word(mark)));
    strbuf_add_byte(out, ' ');
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

/* A broken rule needs a mark of its own; that of the access alone does not expect it. */
static bool expects(const Mark *mark, const Finding *finding, bool judged)
{
    return !judged || !finding->rule || mark->what == MARK_CHECK ||
           (mark->optional && strncmp(finding->rule, "old-", 4) == 0);
}

static bool meet_marks(MarkArray *marks, const Finding *finding, bool judged)
{
    bool expected = false;
    for (size_t j = 0; j < marks->count; j++) {
        Mark *mark = &marks->items[j];
        if (!is_met_by(mark, finding))
            continue;
        mark->met = true;
        expected |= expects(mark, finding, judged);
    }
    return expected;
}

size_t marks_compare(MarkArray *marks, const Report *report, bool judged, StrBuf *out)
{
    size_t wrong = 0;
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (meet_marks(marks, finding, judged))
            continue;
        add_place(out, finding->path, finding->line);
        strbuf_printf(out, "not expected: %s ",
                      judged && finding->rule ? finding->rule : access_kind_name(finding->kind));
        escape_text(out, str_of(finding->target));
        strbuf_printf(out, " [%s]\n", confidence_name(finding->confidence));
        wrong++;
    }
    wrong += compare_spots(marks, report, out);
    for (size_t j = 0; j < marks->count; j++)
        wrong += report_mark(&marks->items[j], judged, out);
    return wrong;
}
