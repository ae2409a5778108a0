/*
 * A writer and not a tree: reports can be large, and are written once, in order.
 * Nesting is at most 63 levels, which our own formats fix, never the input.
 */
#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

enum { MAX_DEPTH = 63 };

void json_init(JsonWriter *json, StrBuf *out)
{
    *json = (JsonWriter){.out = out};
}

/* Writes the comma that a new element of the current container needs. */
static void separate(JsonWriter *json)
{
    uint64_t bit = UINT64_C(1) << json->depth;
    if (json->after_key)
        json->after_key = false;
    else if (json->depth && (json->has_items & bit))
        strbuf_add_byte(json->out, ',');
    json->has_items |= bit;
}

static void begin(JsonWriter *json, char bracket)
{
    separate(json);
    assert(json->depth < MAX_DEPTH);
    strbuf_add_byte(json->out, bracket);
    json->depth++;
    json->has_items &= ~(UINT64_C(1) << json->depth);
}

static void end(JsonWriter *json, char bracket)
{
    assert(json->depth > 0 && !json->after_key);
    json->depth--;
    strbuf_add_byte(json->out, bracket);
}

void json_object_begin(JsonWriter *json)
{
    begin(json, '{');
}

void json_object_end(JsonWriter *json)
{
    end(json, '}');
}

void json_array_begin(JsonWriter *json)
{
    begin(json, '[');
}

void json_array_end(JsonWriter *json)
{
    end(json, ']');
}

/* Length that the first byte of a UTF-8 sequence announces, or 0. */
static size_t announced_length(unsigned char byte)
{
    if (byte < 0x80)
        return 1;
    if (byte < 0xC2 || byte > 0xF4)
        return 0;
    return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/* Length of the valid UTF-8 sequence at `p`, or 0. Surrogates and overlong forms are invalid. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    size_t length = announced_length(p[0]);
    if (length > left)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    }
    bool bad = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
               (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F);
    return bad ? 0 : length;
}

static void write_escape(StrBuf *out, unsigned char byte)
{
    switch (byte) {
    case '"':
        strbuf_add_c(out, "\\\"");
        break;
    case '\\':
        strbuf_add_c(out, "\\\\");
        break;
    case '\n':
        strbuf_add_c(out, "\\n");
        break;
    case '\r':
        strbuf_add_c(out, "\\r");
        break;
    case '\t':
        strbuf_add_c(out, "\\t");
        break;
    default:
        strbuf_printf(out, "\\u%04x", byte);
        break;
    }
}

static void write_string(StrBuf *out, Str text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    strbuf_add_byte(out, '"');
    size_t plain = 0; /* start of the run that can be copied as it is */
    size_t i = 0;
    while (i < text.length) {
        unsigned char byte = bytes[i];
        size_t length = utf8_length(bytes + i, text.length - i);
        bool escape = byte < 0x20 || byte == 0x7F || byte == '"' || byte == '\\';
        if (length && !escape) {
            i += length;
            continue;
        }
        if (i > plain)
            strbuf_add(out, text.data + plain, i - plain);
        if (escape)
            write_escape(out, byte);
        else
            strbuf_add_c(out, "\xEF\xBF\xBD");
        plain = ++i;
    }
    if (i > plain)
        strbuf_add(out, text.data + plain, i - plain);
    strbuf_add_byte(out, '"');
}

void json_key(JsonWriter *json, const char *key)
{
    assert(!json->after_key);
    separate(json);
    write_string(json->out, str_of(key));
    strbuf_add_byte(json->out, ':');
    json->after_key = true;
}

void json_str(JsonWriter *json, Str text)
{
    separate(json);
    write_string(json->out, text);
}

void json_c(JsonWriter *json, const char *text)
{
    if (text)
        json_str(json, str_of(text));
    else
        json_nil(json);
}

void json_uint(JsonWriter *json, uint64_t number)
{
    separate(json);
    strbuf_printf(json->out, "%" PRIu64, number);
}

void json_double(JsonWriter *json, double number)
{
    if (!isfinite(number)) { /* JSON has no such numbers */
        json_nil(json);
        return;
    }
    separate(json);
    strbuf_printf(json->out, "%.10g", number);
}

void json_bool(JsonWriter *json, bool value)
{
    separate(json);
    strbuf_add_c(json->out, value ? "true" : "false");
}

void json_nil(JsonWriter *json)
{
    separate(json);
    strbuf_add_c(json->out, "null");
}
