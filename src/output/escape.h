/*
 * escape.h: any bytes, made safe for one kind of output.
 *
 * Paths and source lines may hold every byte. Each function appends to `out` a
 * form that the target format can hold and that cannot be mistaken for markup
 * or for commands. Invalid UTF-8 becomes U+FFFD, one per bad byte.
 */
#ifndef STRAGGLER_OUTPUT_ESCAPE_H
#define STRAGGLER_OUTPUT_ESCAPE_H

#include "base/str.h"

/*
 * Takes one code point off the front of `rest` (which must not be empty).
 * Returns U+FFFD, taking one byte, when the bytes are no valid UTF-8.
 */
uint32_t utf8_next(Str *rest);
void utf8_add(StrBuf *out, uint32_t code_point);

/* Columns that a terminal gives to a code point: 0, 1 or 2. */
unsigned utf8_width(uint32_t code_point);

/* UTF-16 code units before byte `offset` of `line`; what SARIF counts columns in. */
uint32_t utf16_units(Str line, size_t offset);

/*
 * The printable stand-in of a code point: control pictures for C0 and DEL,
 * U+FFFD for C1 and for the bidirectional controls that can reorder a line.
 */
uint32_t printable(uint32_t code_point);

/* For terminals and logs: one line of printable UTF-8. */
void escape_text(StrBuf *out, Str text);

/* For XML 1.0 text and double-quoted attributes; characters XML cannot hold become U+FFFD. */
void escape_xml(StrBuf *out, Str text);

/* For HTML text and double-quoted attributes: as escape_text, with markup escaped. */
void escape_html(StrBuf *out, Str text);

/* For Markdown table cells and text (GitHub flavour): nothing in it is markup. */
void escape_markdown(StrBuf *out, Str text);

/* The same as a code span, where the text can stand in one: names and paths stay readable. */
void escape_markdown_code(StrBuf *out, Str text);

/* A path as a relative URI: every byte but unreserved ones and '/' percent-encoded. */
void escape_uri(StrBuf *out, Str path);

/* A field of CSV (RFC 4180), quoted, with formulas of spreadsheets defused by a leading quote. */
void escape_csv(StrBuf *out, Str text);

/* Data of a GitHub workflow command; `property`: the stricter escaping of its properties. */
void escape_github(StrBuf *out, Str text, bool property);

#endif
