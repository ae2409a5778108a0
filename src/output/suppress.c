/*
 * One memmem per file; a file without the word costs nothing more. Whether a
 * comment stands alone is decided by what is before it on its line: comment
 * marks are made of punctuation in every language at hand.
 */
#include "output/suppress.h"

#include "output/report.h"

static const Str keyword = {"straggler:ignore", 16};

static bool stands_alone(Str before)
{
    for (size_t i = 0; i < before.length; i++) {
        if (byte_is_word((unsigned char)before.data[i]))
            return false;
    }
    return true;
}

/* The text after "--", without what closes a block comment. */
static Str reason_of(Str rest)
{
    static const char *const closers[] = {"*/", "-->", "%>", "#}", "}}"};
    Str text = str_trim(rest);
    if (!str_starts(text, "--"))
        return (Str){0};
    text = str_slice(text, 2, text.length);
    for (size_t i = 0; i < sizeof closers / sizeof *closers; i++) {
        size_t at = str_find(text, str_of(closers[i]), 0);
        text = str_slice(text, 0, at);
    }
    return str_trim(text);
}

/* Reads the comment whose keyword is at `column0` of `line`. False when it is another word. */
static bool parse_comment(Suppression *item, Str line, size_t column0)
{
    Str rest = str_slice(line, column0 + keyword.length, line.length);
    if (rest.length && byte_is_word((unsigned char)rest.data[0]))
        return false;
    if (str_starts(rest, "[")) {
        size_t close = str_find_byte(rest, ']', 0);
        if (close == SIZE_MAX)
            return false;
        item->names = str_slice(rest, 1, close);
        rest = str_slice(rest, close + 1, rest.length);
    }
    item->reason = reason_of(rest);
    return true;
}

void suppress_find(SuppressionArray *list, Str text, const LineIndex *lines)
{
    size_t first = list->count;
    for (size_t at = 0; (at = str_find(text, keyword, at)) != SIZE_MAX; at += keyword.length) {
        Suppression item = {0};
        source_position(lines, (uint32_t)at, &item.line, &item.column);
        Str line = source_line(lines, text, item.line);
        if (!parse_comment(&item, line, item.column - 1))
            continue;
        bool alone = stands_alone(str_slice(line, 0, item.column - 1));
        item.applies_to = alone ? item.line + 1 : item.line;
        array_push(list, item);
    }
    for (size_t i = list->count; i-- > first + 1;) { /* comments stacked above one line */
        Suppression *above = &list->items[i - 1], *below = &list->items[i];
        if (above->applies_to == below->line && below->applies_to != below->line)
            above->applies_to = below->applies_to;
    }
}

static bool names_match(Str names, const Finding *finding)
{
    if (!names.length)
        return true;
    for (;;) {
        size_t comma = str_find_byte(names, ',', 0);
        Str name = str_trim(str_slice(names, 0, comma));
        if (str_eq_c(name, finding_rule(finding)) || str_eq_c(name, finding->target) ||
            str_eq_c(name, access_kind_name(finding->kind)) ||
            (finding->migration && str_eq_c(name, finding->migration)))
            return true;
        if (comma == SIZE_MAX)
            return false;
        names = str_slice(names, comma + 1, names.length);
    }
}

Suppression *suppress_match(SuppressionArray *list, const Finding *finding)
{
    for (size_t i = 0; i < list->count; i++) {
        Suppression *item = &list->items[i];
        if (item->applies_to != finding->line || !names_match(item->names, finding))
            continue;
        item->used = true;
        return item;
    }
    return NULL;
}

static void add_unused(Report *report, const char *path, const Suppression *item, Str line)
{
    Finding finding = {.path = path, .line = item->line, .column = item->column,
                       .end_line = item->line,
                       .end_column = item->column + (uint32_t)keyword.length,
                       .kind = ACCESS_READ, .confidence = CONFIDENCE_CERTAIN,
                       .rule = "unused-suppression", .severity = SEVERITY_WARNING};
    finding.accessor = "straggler:ignore";
    finding.target = item->names.length
                         ? arena_strdup(&report->arena, item->names.data, item->names.length)
                         : "*";
    finding.message = "this comment suppresses nothing: remove it";
    finding.line_text = arena_strdup(&report->arena, line.data, line.length);
    array_push(&report->findings, finding);
}

/* Findings [from, to) are those of one file. */
static void apply_to_file(Report *report, size_t from, size_t to, int root_fd)
{
    const char *path = report->findings.items[from].path;
    Source source = {.path = path, .named = true};
    if (!source_load(&source, root_fd))
        return;
    Arena arena;
    arena_init(&arena);
    LineIndex lines;
    SuppressionArray list = {0};
    source_lines(&lines, source.text, &arena);
    suppress_find(&list, source.text, &lines);
    for (size_t i = from; list.count && i < to; i++) {
        Finding *finding = &report->findings.items[i];
        Suppression *item = suppress_match(&list, finding);
        if (!item)
            continue;
        finding->suppressed = true;
        finding->reason = arena_strdup(&report->arena, item->reason.data, item->reason.length);
        report->totals.suppressed++;
    }
    for (size_t i = 0; i < list.count; i++) {
        if (!list.items[i].used)
            add_unused(report, path, &list.items[i],
                       source_line(&lines, source.text, list.items[i].line));
    }
    array_release(&list);
    arena_release(&arena);
    source_release(&source);
}

void suppress_report(Report *report, int root_fd)
{
    size_t count = report->findings.count;
    for (size_t from = 0, to; from < count; from = to) {
        const char *path = report->findings.items[from].path;
        for (to = from + 1; to < count; to++) {
            if (strcmp(path, report->findings.items[to].path) != 0)
                break;
        }
        apply_to_file(report, from, to, root_fd);
    }
    report_sort(report);
    report_fingerprint(report);
}
