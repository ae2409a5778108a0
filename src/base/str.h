/*
 * str.h: views of bytes, and a growable buffer.
 *
 * A Str borrows: whoever made the bytes keeps them alive. It is not
 * NUL-terminated and may hold any byte. A StrBuf owns its bytes, which are
 * always NUL-terminated.
 *
 *     Str name = str_lit("owner_first_name");
 *     StrBuf buf = {0};
 *     strbuf_printf(&buf, "%.*s=", STR_ARG(name));
 *     strbuf_release(&buf);
 */
#ifndef STRAGGLER_BASE_STR_H
#define STRAGGLER_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Str {
    const char *data;
    size_t length; /* bytes */
} Str;

#define str_lit(literal) ((Str){"" literal, sizeof(literal) - 1})
#define STR_ARG(str) (int)(str).length, (str).data ? (str).data : ""

Str str_of(const char *text); /* NULL gives the empty Str */
bool str_eq(Str a, Str b);
bool str_eq_c(Str a, const char *b);
int str_compare(Str a, Str b); /* byte order; a prefix sorts first */
bool str_starts(Str text, const char *prefix);
bool str_ends(Str text, const char *suffix);
Str str_slice(Str text, size_t start, size_t end); /* clamped */
Str str_trim(Str text);                            /* ASCII white space, both ends */

/* Index of the first `byte`, or of `needle`, at or after `from`; SIZE_MAX if there is none. */
size_t str_find_byte(Str text, char byte, size_t from);
size_t str_find(Str text, Str needle, size_t from);

/* Letters, digits, '_' and every byte >= 0x80: what an identifier is made of everywhere. */
bool byte_is_word(unsigned char byte);

/* Edit distance, capped: returns limit + 1 as soon as it must exceed `limit`. For "did you mean". */
size_t str_distance(Str a, Str b, size_t limit);

typedef struct StrBuf {
    char *data; /* NULL while empty */
    size_t length;
    size_t capacity;
} StrBuf;

void strbuf_release(StrBuf *buf);
void strbuf_clear(StrBuf *buf);
void strbuf_reserve(StrBuf *buf, size_t extra);
void strbuf_add(StrBuf *buf, const char *data, size_t length);
void strbuf_add_str(StrBuf *buf, Str text);
void strbuf_add_c(StrBuf *buf, const char *text);
void strbuf_add_byte(StrBuf *buf, char byte);
void strbuf_printf(StrBuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
Str strbuf_str(const StrBuf *buf);

#endif
