/*
 * ERB and EJS keep every byte of code where it is: markup becomes blanks, so no
 * map is needed and a place in the host code is the place in the template. The
 * end of a tag becomes a line end, not only a ";": code may end in a comment.
 * The other kinds are rewritten piece by piece into a TemplateOut.
 *
 * Cost: one pass. Not done: ERB's "%" lines, which Rails does not use.
 */
#include "parse/template.h"

#include "parse/template_out.h"

#include <string.h>

typedef struct TagStyle {
    const char *opening;  /* bytes after "<%" that only say how the value is printed */
    const char *trims;    /* bytes before "%>" that only trim white space */
    bool semicolon;       /* a line end does not always end a statement (JavaScript) */
} TagStyle;

static const TagStyle ERB = {"=-|", "-", false};
static const TagStyle EJS = {"=-_", "-_", true};

static const struct {
    const char *kind;
    const TagStyle *tags;                    /* same-length, or ... */
    void (*convert)(TemplateOut *, Str text); /* ... rewritten */
} KINDS[] = {
    {"erb", &ERB, NULL},          {"ejs", &EJS, NULL},           {"haml", NULL, haml_to_ruby},
    {"slim", NULL, slim_to_ruby}, {"blade", NULL, blade_to_php}, {"vue", NULL, vue_to_script}, {"svelte", NULL, svelte_to_script},
};

enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS, LONGEST_TEMPLATE = 1 << 30 };

/* The offset of the "%>" that ends the tag whose code starts at `at`; "%%>" is an escape. */
static size_t tag_close(Str text, size_t at)
{
    size_t from = at, close;
    do {
        close = str_find(text, str_lit("%>"), from);
        from = close + 1;
    } while (close != SIZE_MAX && close > at && text.data[close - 1] == '%');
    return close == SIZE_MAX ? text.length : close;
}

/* Copies the code in [at, close) to its place and ends the statement inside the tag's end. */
static void copy_tag(const TagStyle *style, Str text, size_t at, size_t close, char *host)
{
    size_t end = close;
    if (end > at && byte_in(text.data[end - 1], style->trims) && close < text.length)
        end--;
    memcpy(host + at, text.data + at, end - at);
    if (close + 1 >= text.length)
        return;
    Str code = str_trim(str_slice(text, at, end));
    if (style->semicolon && code.length && !byte_in(code.data[code.length - 1], "{:,("))
        host[close] = ';';
    host[close + 1] = '\n';
}

static Str blank_markup(const TagStyle *style, Str text, Arena *arena)
{
    char *host = arena_alloc(arena, text.length + 1);
    memset(host, ' ', text.length);
    for (size_t at = str_find_byte(text, '\n', 0); at != SIZE_MAX;
         at = str_find_byte(text, '\n', at + 1))
        host[at] = '\n';
    for (size_t open = 0; (open = str_find(text, str_lit("<%"), open)) != SIZE_MAX;) {
        size_t at = open + 2;
        if (at < text.length && text.data[at] == '%') {
            open = at + 1;
            continue;
        }
        bool comment = at < text.length && text.data[at] == '#';
        while (at < text.length && byte_in(text.data[at], style->opening))
            at++;
        size_t close = tag_close(text, at);
        if (!comment)
            copy_tag(style, text, at, close, host);
        open = close;
    }
    return (Str){host, text.length};
}

static void convert(void (*converter)(TemplateOut *, Str), Str text, Str *host, OffsetMap *map,
                    Arena *arena)
{
    TemplateOut out = {.source = text};
    converter(&out, text);
    *host = (Str){arena_strdup(arena, out.host.data, out.host.length), out.host.length};
    OffsetSegment *segments = ARENA_ARRAY(arena, OffsetSegment, out.segments.count + 1);
    if (out.segments.count)
        memcpy(segments, out.segments.items, out.segments.count * sizeof *segments);
    *map = (OffsetMap){.segments = segments, .count = out.segments.count};
    strbuf_release(&out.host);
    array_release(&out.segments);
}

bool template_to_host(const char *kind, Str text, Str *host, OffsetMap *map, Arena *arena)
{
    if (text.length >= LONGEST_TEMPLATE)
        return false;
    for (int i = 0; i < KIND_COUNT; i++) {
        if (strcmp(KINDS[i].kind, kind) != 0)
            continue;
        if (KINDS[i].tags) {
            *host = blank_markup(KINDS[i].tags, text, arena);
            *map = (OffsetMap){.identity = true};
        } else {
            convert(KINDS[i].convert, text, host, map, arena);
        }
        return true;
    }
    return false;
}

bool template_kind_known(const char *kind)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        if (strcmp(KINDS[i].kind, kind) == 0)
            return true;
    }
    return false;
}

uint32_t offset_map_source(const OffsetMap *map, uint32_t host_offset)
{
    if (map->identity)
        return host_offset;
    size_t low = 0, high = map->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (map->segments[middle].host_start <= host_offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return 0;
    const OffsetSegment *segment = &map->segments[low - 1];
    uint32_t inside = host_offset - segment->host_start;
    return segment->source_start + (inside < segment->length ? inside : segment->length);
}
