/*
 * JSON with exact positions (jansson gives none), as lenient as editors are:
 * comments, trailing commas and several roots are fine, escapes in strings are
 * kept as written. A byte that fits nowhere becomes a FACT_ERROR and is passed
 * over. Cost: linear; the deadline cannot be missed on files under the size
 * limit.
 */
#include "parse/data_formats.h"

#include <string.h>

typedef struct Reader {
    DataBuilder *builder;
    Str text;
    size_t at;
} Reader;

/* The offset of the closing quote, or the end of the text. */
static size_t string_end(Str text, size_t at)
{
    char quote = text.data[at];
    for (at++; at < text.length && text.data[at] != quote; at++) {
        if (text.data[at] == '\\')
            at++;
    }
    return at < text.length ? at : text.length;
}

static void read_string(Reader *self)
{
    size_t close = string_end(self->text, self->at);
    bool closed = close < self->text.length;
    DataScalar scalar = {.value = str_slice(self->text, self->at + 1, close),
                         .start = self->at,
                         .end = closed ? close + 1 : close,
                         .at = self->at + 1,
                         .at_end = close,
                         .text = true};
    if (closed)
        data_scalar(self->builder, &scalar);
    else
        data_error(self->builder, self->at, close);
    self->at = scalar.end;
}

static bool is_word(char byte)
{
    return byte_is_word((unsigned char)byte) || byte == '-' || byte == '+' || byte == '.';
}

/* A number, true, false, null; or a key without quotes (JSON5). */
static void read_word(Reader *self)
{
    size_t start = self->at;
    while (self->at < self->text.length && is_word(self->text.data[self->at]))
        self->at++;
    DataScalar scalar = {.value = str_slice(self->text, start, self->at),
                         .start = start,
                         .end = self->at,
                         .at = start,
                         .at_end = self->at,
                         .text = false};
    data_scalar(self->builder, &scalar);
}

/* Passes over a comment; returns false if there is none. */
static bool skip_comment(Reader *self)
{
    Str rest = str_slice(self->text, self->at, self->text.length);
    bool block = str_starts(rest, "/*");
    if (!block && !str_starts(rest, "//") && !str_starts(rest, "#"))
        return false;
    size_t end = block ? str_find(rest, str_lit("*/"), 2) : str_find_byte(rest, '\n', 0);
    self->at = end == SIZE_MAX ? self->text.length : self->at + end + (block ? 2 : 1);
    return true;
}

static void read_close(Reader *self, char byte)
{
    DataBuilder *builder = self->builder;
    if (!data_wants_key(builder))
        data_no_value(builder);
    FactKind kind = byte == '}' ? FACT_MAP : FACT_LIST;
    size_t open = builder->open.count;
    bool matches = open && builder->facts.facts->nodes[builder->open.items[open - 1]].kind == kind;
    if (matches)
        data_close(builder, self->at + 1);
    else
        data_error(builder, self->at, self->at + 1);
    self->at++;
}

/* Everything but blanks, comments, strings and words. */
static void read_mark(Reader *self)
{
    char byte = self->text.data[self->at];
    switch (byte) {
    case '{':
    case '[':
        data_open(self->builder, byte == '{' ? FACT_MAP : FACT_LIST, self->at++);
        break;
    case '}':
    case ']':
        read_close(self, byte);
        break;
    case ',':
        data_no_value(self->builder);
        self->at++;
        break;
    case ':':
        self->at++;
        break;
    default:
        data_error(self->builder, self->at, self->at + 1);
        self->at++;
    }
}

ParseResult data_read_json(DataBuilder *builder, Str text, unsigned deadline_ms)
{
    (void)deadline_ms;
    Reader self = {.builder = builder, .text = text};
    if (str_starts(text, "\xEF\xBB\xBF"))
        self.at = 3;
    while (self.at < text.length && !builder->failed) {
        char byte = text.data[self.at];
        if (byte == ' ' || (byte >= '\t' && byte <= '\r'))
            self.at++;
        else if (byte == '"' || byte == '\'')
            read_string(&self);
        else if (is_word(byte))
            read_word(&self);
        else if (!skip_comment(&self))
            read_mark(&self);
    }
    return builder->failed ? PARSE_TOO_DEEP : PARSE_OK;
}
