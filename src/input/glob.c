/*
 * One glob against one path, with the meaning of git's wildmatch (WM_PATHNAME).
 *
 * Git's own matcher recurses at every star and can take exponential time; this
 * one remembers only the newest "*" and the newest spanning "**" and moves them
 * on when a match fails. That is enough: once a later star has been reached, an
 * earlier one of the same kind can win nothing by taking more. A malformed
 * class or a trailing backslash matches nothing, as in git.
 */
#include "input/ignore.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

typedef struct Cursor {
    const unsigned char *glob, *glob_start, *glob_end;
    const unsigned char *text, *text_end;
    const unsigned char *star_glob, *star_text; /* where to go on after the newest '*'; or NULL */
    const unsigned char *span_glob, *span_text; /* the same for the newest spanning "**" */
} Cursor;

static bool in_named_class(Str name, unsigned char byte, bool *known)
{
    static const struct {
        const char *name;
        int (*test)(int);
    } classes[] = {
        {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
        {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
        {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
    };
    *known = true;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (str_eq_c(name, classes[i].name))
            return byte < 0x80 && classes[i].test(byte);
    *known = false;
    return false;
}

/* "[:name:]" at p (which points to its '['). Returns one past it, NULL when it is no such thing. */
static const unsigned char *named_class_end(const unsigned char *p, const unsigned char *end,
                                            Str *name)
{
    const unsigned char *from = p + 2, *close;
    if (end - p < 4 || p[1] != ':')
        return NULL;
    close = memchr(from, ']', (size_t)(end - from));
    if (!close || close == from || close[-1] != ':')
        return NULL;
    *name = (Str){(const char *)from, (size_t)(close - from - 1)};
    return close + 1;
}

/* One byte of a class, its backslash taken off. False at the end of the glob. */
static bool class_byte(const unsigned char **p, const unsigned char *end, unsigned char *byte)
{
    if (*p < end && **p == '\\')
        ++*p;
    if (*p >= end)
        return false;
    *byte = *(*p)++;
    return true;
}

/* A class being read: what it has matched, and the byte that a '-' would continue. */
typedef struct ClassReader {
    const unsigned char *at, *end;
    int previous; /* -1: no range can start here */
    bool matched;
} ClassReader;

/* Reads one item: "[:name:]", the rest of a range, or a byte. False when malformed. */
static bool class_item(ClassReader *reader, unsigned char byte)
{
    Str name;
    unsigned char item;
    const unsigned char *p = reader->at;
    const unsigned char *after = *p == '[' ? named_class_end(p, reader->end, &name) : NULL;
    if (after) {
        bool known;
        reader->matched |= in_named_class(name, byte, &known);
        reader->at = after;
        reader->previous = -1;
        return known;
    }
    bool range = *p == '-' && reader->previous >= 0 && p + 1 < reader->end && p[1] != ']';
    reader->at += range;
    if (!class_byte(&reader->at, reader->end, &item))
        return false;
    reader->matched |= byte <= item && byte >= (range ? reader->previous : item);
    reader->previous = range ? -1 : item;
    return true;
}

/*
 * Is `byte` in the class whose '[' is before *at? Moves *at past its ']'.
 * Returns false, too, when the class is malformed.
 */
static bool class_holds(const unsigned char **at, const unsigned char *end, unsigned char byte)
{
    bool negated = *at < end && (**at == '!' || **at == '^'), first = true;
    ClassReader reader = {*at + negated, end, -1, false};
    for (; reader.at < end && (first || *reader.at != ']'); first = false)
        if (!class_item(&reader, byte))
            return false;
    if (reader.at >= end)
        return false;
    *at = reader.at + 1;
    return reader.matched != negated;
}

/* Steps over a run of stars: a '*', or a "**" that spans folders when slashes bound it. */
static void take_stars(Cursor *c)
{
    const unsigned char *first = c->glob;
    while (c->glob < c->glob_end && *c->glob == '*')
        c->glob++;
    size_t left = (size_t)(c->glob_end - c->glob);
    bool slash = left >= 1 && c->glob[0] == '/';
    bool escaped_slash = left >= 2 && c->glob[0] == '\\' && c->glob[1] == '/';
    bool spans = c->glob - first >= 2 && (first == c->glob_start || first[-1] == '/') &&
                 (left == 0 || slash || escaped_slash);
    if (!spans) {
        c->star_glob = c->glob;
        c->star_text = c->text;
        return;
    }
    c->star_glob = NULL;
    if (left == 0) {
        c->text = c->text_end;
        return;
    }
    c->span_glob = c->glob + escaped_slash; /* its '/' */
    c->span_text = c->text;
    if (slash)
        c->glob++; /* "**" may also stand for nothing, slash included */
}

/* After a mismatch: lets the newest star that still can take more. False: no match at all. */
static bool take_more(Cursor *c)
{
    if (c->star_glob && c->star_text < c->text_end && *c->star_text != '/') {
        c->text = ++c->star_text;
        c->glob = c->star_glob;
        return true;
    }
    c->star_glob = NULL;
    if (!c->span_glob)
        return false;
    const unsigned char *slash =
        memchr(c->span_text, '/', (size_t)(c->text_end - c->span_text));
    if (!slash)
        return false;
    c->span_text = c->text = slash + 1;
    c->glob = c->span_glob + 1;
    return true;
}

/* Matches one byte of text against one item of the glob that is not a star. */
static bool take_one(Cursor *c)
{
    if (c->text == c->text_end)
        return false;
    unsigned char byte = *c->text;
    if (*c->glob == '?' || *c->glob == '[') {
        bool any = *c->glob++ == '?';
        if (byte == '/' || (!any && !class_holds(&c->glob, c->glob_end, byte)))
            return false;
    } else {
        if (*c->glob == '\\' && ++c->glob == c->glob_end)
            return false;
        if (*c->glob++ != byte)
            return false;
    }
    c->text++;
    return true;
}

bool glob_match(Str glob, Str text)
{
    Cursor c = {0};
    c.glob = c.glob_start = (const unsigned char *)glob.data;
    c.glob_end = c.glob + glob.length;
    c.text = (const unsigned char *)text.data;
    c.text_end = c.text + text.length;
    for (;;) {
        if (c.glob < c.glob_end && *c.glob == '*') {
            take_stars(&c);
        } else if (c.glob == c.glob_end) {
            if (c.text == c.text_end)
                return true;
            if (!take_more(&c))
                return false;
        } else if (!take_one(&c) && !take_more(&c)) {
            return false;
        }
    }
}
