/*
 * Django ends a tag at the first "%}", Jinja lets a tag hold strings and maps with
 * braces in them. So a tag with quotes or braces is read twice: for an end outside
 * them, and if there is none, for the first end.
 *
 * Cost: linear; looking ahead in vain is limited for one tag and for the file.
 */
#include "parse/template_tags.h"

#include <string.h>

enum {
    LONGEST_LOOK = 16 << 10, /* bytes in which an end outside quotes and braces is looked for */
    MOST_WASTED = 16 << 20,  /* bytes looked at in vain, per file */
};

typedef struct Nesting {
    char quote; /* that is open, or 0 */
    size_t braces;
} Nesting;

/* Takes text[at]; returns how many bytes it was. */
static size_t nesting_take(Nesting *nesting, char byte)
{
    if (nesting->quote) {
        if (byte == nesting->quote)
            nesting->quote = 0;
        return byte == '\\' ? 2 : 1;
    }
    if (byte == '"' || byte == '\'')
        nesting->quote = byte;
    else if (byte == '{')
        nesting->braces++;
    else if (byte == '}' && nesting->braces)
        nesting->braces--;
    return 1;
}

/* The closer ("%}", "}}") that is outside quotes and inner braces, or SIZE_MAX. */
static size_t closer_outside(TagScanner *self, size_t start, const char *closer)
{
    Str text = self->text;
    size_t limit = text.length - start > LONGEST_LOOK ? start + LONGEST_LOOK : text.length;
    if (self->wasted > MOST_WASTED)
        return SIZE_MAX;
    Nesting nesting = {0};
    for (size_t at = start; at + 1 < limit; at += nesting_take(&nesting, text.data[at])) {
        bool outside = !nesting.quote && !nesting.braces;
        if (nesting.quote && text.data[at] == '\n') { /* an apostrophe, not a quote */
            limit = at;
            break;
        }
        if (outside && text.data[at] == closer[0] && text.data[at + 1] == closer[1])
            return at;
    }
    self->wasted += limit - start;
    return SIZE_MAX;
}

/* The offset behind the tag whose inside starts at `at`, or SIZE_MAX. */
static size_t tag_end(TagScanner *self, size_t at, const char *closer)
{
    size_t first = str_find(self->text, str_of(closer), at);
    if (first == SIZE_MAX)
        return SIZE_MAX;
    Str inside = str_slice(self->text, at, first);
    bool plain = str_find_byte(inside, '{', 0) == SIZE_MAX &&
                 str_find_byte(inside, '"', 0) == SIZE_MAX &&
                 str_find_byte(inside, '\'', 0) == SIZE_MAX;
    size_t outside = plain ? first : closer_outside(self, at, closer);
    return (outside == SIZE_MAX ? first : outside) + 2;
}

/* "{#" opens a comment of one line, or of several when a blank follows ("a{#b" is style sheet). */
static size_t comment_end(TagScanner *self, size_t at)
{
    char next = at < self->text.length ? self->text.data[at] : 0;
    bool several = next == ' ' || next == '-' || next == '#' || (next >= '\t' && next <= '\r');
    size_t limit = several ? SIZE_MAX : str_find_byte(self->text, '\n', at);
    Str rest = str_slice(self->text, 0, limit);
    size_t close = self->wasted < MOST_WASTED ? str_find(rest, str_lit("#}"), at) : SIZE_MAX;
    if (close != SIZE_MAX)
        return close + 2;
    self->wasted += rest.length - at;
    return several ? SIZE_MAX : at;
}

/* Reads what opens at `at`, a "{". Returns true for a tag; moves `self->at` on in any case. */
static bool tag_at(TagScanner *self, size_t at, TagSpan *span)
{
    static const char OPENERS[] = "{%#";
    static const char *const CLOSERS[] = {"}}", "%}", "#}"};
    char byte = self->text.data[at + 1];
    const char *opener = byte ? strchr(OPENERS, byte) : NULL;
    self->at = at + 1;
    if (!opener || self->missing[opener - OPENERS])
        return false;
    size_t end = byte == '#' ? comment_end(self, at + 2)
                             : tag_end(self, at + 2, CLOSERS[opener - OPENERS]);
    if (end == SIZE_MAX) {
        self->missing[opener - OPENERS] = true;
        return false;
    }
    self->at = end;
    *span = (TagSpan){.start = at, .end = end, .statement = byte == '%'};
    return byte != '#';
}

bool tag_scanner_next(TagScanner *self, TagSpan *span)
{
    for (;;) {
        size_t at = str_find_byte(self->text, '{', self->at);
        if (at == SIZE_MAX || at + 1 >= self->text.length)
            return false;
        if (tag_at(self, at, span))
            return true;
    }
}
