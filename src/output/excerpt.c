/*
 * Two passes over the line: the first measures where the marked part lies in
 * terminal columns, the second prints the columns of a window around it. A
 * minified line of megabytes costs two scans and prints `width` columns.
 */
#include "output/excerpt.h"

#include "output/escape.h"

enum { TAB_WIDTH = 4, CONTEXT_BEFORE = 3 };

static uint32_t next_cell(Str *rest, uint32_t *shown)
{
    uint32_t code_point = utf8_next(rest);
    if (code_point == '\t') {
        *shown = ' ';
        return TAB_WIDTH;
    }
    *shown = printable(code_point);
    return utf8_width(*shown);
}

static uint32_t columns_of(Str text)
{
    uint32_t columns = 0, shown;
    while (text.length)
        columns += next_cell(&text, &shown);
    return columns;
}

/* Appends the cells of `line` that lie in terminal columns [first, last). */
static void add_window(StrBuf *out, Str line, uint32_t first, uint32_t last)
{
    uint32_t column = 0;
    while (line.length && column < last) {
        uint32_t shown, width = next_cell(&line, &shown);
        bool tab = width == TAB_WIDTH;
        for (uint32_t i = 0; tab && i < width; i++) {
            if (column + i >= first && column + i < last)
                strbuf_add_byte(out, ' ');
        }
        if (!tab && column >= first && column + width <= last)
            utf8_add(out, shown);
        column += width;
    }
}

void excerpt_make(Excerpt *excerpt, Str line, size_t from, size_t to, uint32_t width)
{
    *excerpt = (Excerpt){0};
    if (to > line.length)
        to = line.length;
    if (from > to)
        from = to;
    uint32_t before = columns_of(str_slice(line, 0, from));
    uint32_t marked = columns_of(str_slice(line, from, to));
    uint32_t total = before + marked + columns_of(str_slice(line, to, line.length));
    uint32_t first = 0, last = total;
    if (total > width) {
        uint32_t lead = width / CONTEXT_BEFORE;
        first = before > lead ? before - lead : 0;
        last = first + width < total ? first + width : total;
    }
    if (first)
        strbuf_add_c(&excerpt->text, "...");
    add_window(&excerpt->text, line, first, last);
    if (last < total)
        strbuf_add_c(&excerpt->text, "...");
    excerpt->caret_column = before - first + (first ? 3 : 0);
    uint32_t room = last > before ? last - before : 1;
    excerpt->caret_width = marked == 0 ? 1 : marked < room ? marked : room;
}

void excerpt_release(Excerpt *excerpt)
{
    strbuf_release(&excerpt->text);
}
