/*
 * The edits say which lines change, so no longest common subsequence is looked
 * for: lines that hold edits become one hunk each, joined when their contexts
 * touch. Paths are quoted as git does it. Cost: linear in the text.
 */
#include "output/patch.h"

#include "base/array.h"

#include <string.h>

enum { CONTEXT = 3 };

static bool is_sound(Str old, const Edit *edits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (edits[i].start > edits[i].end || edits[i].end > old.length ||
            (i && edits[i].start < edits[i - 1].end))
            return false;
    }
    return true;
}

/* Appends the bytes [from, to) with the edits that lie in them. */
static void add_edited(Str old, size_t from, size_t to, const Edit *edits, size_t count, StrBuf *out)
{
    size_t at = from;
    for (size_t i = 0; i < count; i++) {
        if (edits[i].start < from || edits[i].end > to)
            continue;
        strbuf_add_str(out, str_slice(old, at, edits[i].start));
        strbuf_add_c(out, edits[i].text);
        at = edits[i].end;
    }
    strbuf_add_str(out, str_slice(old, at, to));
}

bool patch_apply(Str old, const Edit *edits, size_t count, StrBuf *out)
{
    if (!is_sound(old, edits, count))
        return false;
    add_edited(old, 0, old.length, edits, count, out);
    return true;
}

typedef struct Lines {
    ARRAY_OF(size_t); /* start of each line, and the end of the text */
} Lines;

/* Lines [first, end) are replaced. */
typedef struct Change {
    size_t first, end;
    size_t new_lines;
    StrBuf text;
} Change;

typedef struct Changes {
    ARRAY_OF(Change);
} Changes;

static void find_lines(Str text, Lines *lines)
{
    for (size_t at = 0; at < text.length;) {
        size_t end = str_find_byte(text, '\n', at);
        array_push(lines, at);
        at = end == SIZE_MAX ? text.length : end + 1;
    }
    array_push(lines, text.length);
}

static size_t line_of(const Lines *lines, size_t offset)
{
    size_t low = 0, high = lines->count - 1;
    while (low + 1 < high) {
        size_t middle = (low + high) / 2;
        if (lines->items[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static size_t count_lines(Str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += text.data[i] == '\n';
    return count + (text.length && text.data[text.length - 1] != '\n');
}

static void find_changes(Str old, const Lines *lines, const Edit *edits, size_t count,
                         Changes *changes)
{
    for (size_t i = 0; i < count; i++) {
        size_t first = line_of(lines, edits[i].start);
        size_t last = line_of(lines, edits[i].end > edits[i].start ? edits[i].end - 1 : edits[i].end);
        Change *before = changes->count ? &changes->items[changes->count - 1] : NULL;
        if (before && first < before->end)
            before->end = last + 1 > before->end ? last + 1 : before->end;
        else
            array_push(changes, ((Change){.first = first, .end = last + 1}));
    }
    for (size_t i = 0; i < changes->count; i++) {
        Change *change = &changes->items[i];
        add_edited(old, lines->items[change->first], lines->items[change->end], edits, count,
                   &change->text);
        change->new_lines = count_lines(strbuf_str(&change->text));
    }
}

static void add_path(StrBuf *out, const char *sign, const char *prefix, const char *path)
{
    bool plain = true;
    for (const char *c = path; *c; c++)
        plain &= (unsigned char)*c >= ' ' && *c != '"' && *c != '\\' && *c != 0x7f;
    strbuf_printf(out, plain ? "%s %s" : "%s \"%s", sign, prefix);
    for (const char *c = path; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte < ' ' || byte == 0x7f)
            strbuf_printf(out, "\\%03o", byte);
        else if (!plain && (byte == '"' || byte == '\\'))
            strbuf_printf(out, "\\%c", byte);
        else
            strbuf_add_byte(out, *c);
    }
    strbuf_add_c(out, plain ? "\n" : "\"\n");
}

static void add_lines(StrBuf *out, char sign, Str text)
{
    for (size_t at = 0; at < text.length;) {
        size_t end = str_find_byte(text, '\n', at);
        strbuf_add_byte(out, sign);
        strbuf_add_str(out, str_slice(text, at, end == SIZE_MAX ? text.length : end + 1));
        if (end == SIZE_MAX) {
            strbuf_add_c(out, "\n\\ No newline at end of file\n");
            return;
        }
        at = end + 1;
    }
}

/* One hunk: changes [from, to), which stand close together. `shift`: new minus old lines before. */
static void add_hunk(StrBuf *out, Str old, const Lines *lines, const Changes *changes, size_t from,
                     size_t to, long shift)
{
    size_t last = lines->count - 1;
    size_t start = changes->items[from].first > CONTEXT ? changes->items[from].first - CONTEXT : 0;
    size_t end = changes->items[to - 1].end + CONTEXT < last ? changes->items[to - 1].end + CONTEXT
                                                              : last;
    size_t new_lines = end - start;
    for (size_t i = from; i < to; i++)
        new_lines += changes->items[i].new_lines - (changes->items[i].end - changes->items[i].first);
    strbuf_printf(out, "@@ -%zu,%zu +%ld,%zu @@\n", start + 1, end - start, (long)start + 1 + shift,
                  new_lines);
    size_t at = start;
    for (size_t i = from; i < to; i++) {
        const Change *change = &changes->items[i];
        add_lines(out, ' ', str_slice(old, lines->items[at], lines->items[change->first]));
        add_lines(out, '-', str_slice(old, lines->items[change->first], lines->items[change->end]));
        add_lines(out, '+', strbuf_str(&change->text));
        at = change->end;
    }
    add_lines(out, ' ', str_slice(old, lines->items[at], lines->items[end]));
}

bool patch_diff(const char *path, Str old, const Edit *edits, size_t count, StrBuf *out)
{
    Lines lines = {0};
    Changes changes = {0};
    if (!is_sound(old, edits, count))
        return false;
    find_lines(old, &lines);
    find_changes(old, &lines, edits, count, &changes);
    add_path(out, "---", "a/", path);
    add_path(out, "+++", "b/", path);
    long shift = 0;
    for (size_t from = 0; from < changes.count;) {
        size_t to = from + 1;
        while (to < changes.count &&
               changes.items[to].first <= changes.items[to - 1].end + 2 * CONTEXT)
            to++;
        add_hunk(out, old, &lines, &changes, from, to, shift);
        for (; from < to; from++)
            shift += (long)changes.items[from].new_lines -
                     (long)(changes.items[from].end - changes.items[from].first);
    }
    for (size_t i = 0; i < changes.count; i++)
        strbuf_release(&changes.items[i].text);
    array_release(&changes);
    array_release(&lines);
    return true;
}
