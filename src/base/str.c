/*
 * Plain byte strings. Lengths are explicit everywhere because source files and
 * paths may hold NUL and invalid UTF-8.
 */
#include "base/str.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Str str_of(const char *text)
{
    return (Str){text, text ? strlen(text) : 0};
}

bool str_eq(Str a, Str b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

bool str_eq_c(Str a, const char *b)
{
    return str_eq(a, str_of(b));
}

int str_compare(Str a, Str b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    if (order)
        return order;
    return a.length < b.length ? -1 : a.length > b.length;
}

bool str_starts(Str text, const char *prefix)
{
    size_t length = strlen(prefix);
    return !length || (text.length >= length && memcmp(text.data, prefix, length) == 0);
}

bool str_ends(Str text, const char *suffix)
{
    size_t length = strlen(suffix);
    return !length || (text.length >= length &&
                       memcmp(text.data + text.length - length, suffix, length) == 0);
}

Str str_slice(Str text, size_t start, size_t end)
{
    if (end > text.length)
        end = text.length;
    if (start > end)
        start = end;
    return (Str){start ? text.data + start : text.data, end - start}; /* NULL + 0 is undefined */
}

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

Str str_trim(Str text)
{
    while (text.length && is_space(text.data[0])) {
        text.data++;
        text.length--;
    }
    while (text.length && is_space(text.data[text.length - 1]))
        text.length--;
    return text;
}

size_t str_find_byte(Str text, char byte, size_t from)
{
    if (from >= text.length)
        return SIZE_MAX;
    const char *at = memchr(text.data + from, byte, text.length - from);
    return at ? (size_t)(at - text.data) : SIZE_MAX;
}

size_t str_find(Str text, Str needle, size_t from)
{
    if (needle.length == 0)
        return from <= text.length ? from : SIZE_MAX;
    if (from >= text.length)
        return SIZE_MAX;
    const char *at = memmem(text.data + from, text.length - from, needle.data, needle.length);
    return at ? (size_t)(at - text.data) : SIZE_MAX;
}

bool byte_is_word(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte >= 0x80;
}

enum { LONGEST_COMPARED = 128 };

size_t str_distance(Str a, Str b, size_t limit)
{
    if (a.length > LONGEST_COMPARED || b.length > LONGEST_COMPARED)
        return limit + 1;
    size_t row[LONGEST_COMPARED + 1];
    for (size_t j = 0; j <= b.length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0], best = row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t cost = diagonal + (a.data[i - 1] != b.data[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < cost)
                cost = row[j] + 1;
            if (row[j - 1] + 1 < cost)
                cost = row[j - 1] + 1;
            row[j] = cost;
            if (cost < best)
                best = cost;
        }
        if (best > limit)
            return limit + 1;
    }
    return row[b.length] > limit ? limit + 1 : row[b.length];
}

void strbuf_release(StrBuf *buf)
{
    free(buf->data);
    *buf = (StrBuf){0};
}

void strbuf_clear(StrBuf *buf)
{
    buf->length = 0;
    if (buf->data)
        buf->data[0] = '\0';
}

void strbuf_reserve(StrBuf *buf, size_t extra)
{
    if (extra > PTRDIFF_MAX) /* no text is so long; tells the compiler too */
        abort();
    size_t needed = buf->length + extra + 1;
    if (needed <= buf->capacity)
        return;
    size_t grown = buf->capacity ? buf->capacity * 2 : 64;
    buf->capacity = grown > needed ? grown : needed;
    buf->data = mem_realloc(buf->data, buf->capacity);
}

void strbuf_add(StrBuf *buf, const char *data, size_t length)
{
    strbuf_reserve(buf, length);
    if (length)
        memcpy(buf->data + buf->length, data, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void strbuf_add_str(StrBuf *buf, Str text)
{
    strbuf_add(buf, text.data, text.length);
}

void strbuf_add_c(StrBuf *buf, const char *text)
{
    strbuf_add(buf, text, strlen(text));
}

void strbuf_add_byte(StrBuf *buf, char byte)
{
    strbuf_add(buf, &byte, 1);
}

void strbuf_printf(StrBuf *buf, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0) {
        strbuf_reserve(buf, (size_t)length);
        vsnprintf(buf->data + buf->length, (size_t)length + 1, format, again);
        buf->length += (size_t)length;
    }
    va_end(again);
}

Str strbuf_str(const StrBuf *buf)
{
    return (Str){buf->data, buf->length};
}
