/*
 * One small table of code points per question, and one loop per format. The
 * terminal rules are rustc's and ruff's: what could move the cursor or reorder
 * the line is shown as a picture of itself instead.
 */
#include "output/escape.h"

enum { REPLACEMENT = 0xFFFD, CONTROL_PICTURES = 0x2400 };

typedef struct Range {
    uint32_t first, last;
} Range;

static bool in_ranges(uint32_t code_point, const Range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (code_point >= ranges[i].first && code_point <= ranges[i].last)
            return true;
    }
    return false;
}

#define IN(code_point, ranges) in_ranges(code_point, ranges, sizeof(ranges) / sizeof *(ranges))

/* How many bytes a lead byte announces; 0 for a byte that cannot lead. */
static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

uint32_t utf8_next(Str *rest)
{
    const unsigned char *bytes = (const unsigned char *)rest->data;
    size_t length = sequence_length(bytes[0]);
    uint32_t code_point = length == 1 ? bytes[0] : bytes[0] & (0x7Fu >> length);
    bool valid = length != 0 && length <= rest->length;
    for (size_t i = 1; valid && i < length; i++) {
        valid = (bytes[i] & 0xC0) == 0x80;
        code_point = code_point << 6 | (bytes[i] & 0x3F);
    }
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (valid && (code_point < smallest[length] || code_point > 0x10FFFF ||
                  (code_point >= 0xD800 && code_point <= 0xDFFF)))
        valid = false;
    if (!valid) {
        length = 1;
        code_point = REPLACEMENT;
    }
    *rest = str_slice(*rest, length, rest->length);
    return code_point;
}

void utf8_add(StrBuf *out, uint32_t code_point)
{
    char bytes[4];
    size_t length = 0;
    if (code_point < 0x80) {
        bytes[length++] = (char)code_point;
    } else if (code_point < 0x800) {
        bytes[length++] = (char)(0xC0 | code_point >> 6);
    } else if (code_point < 0x10000) {
        bytes[length++] = (char)(0xE0 | code_point >> 12);
        bytes[length++] = (char)(0x80 | (code_point >> 6 & 0x3F));
    } else {
        bytes[length++] = (char)(0xF0 | code_point >> 18);
        bytes[length++] = (char)(0x80 | (code_point >> 12 & 0x3F));
        bytes[length++] = (char)(0x80 | (code_point >> 6 & 0x3F));
    }
    if (code_point >= 0x80)
        bytes[length++] = (char)(0x80 | (code_point & 0x3F));
    strbuf_add(out, bytes, length);
}

unsigned utf8_width(uint32_t code_point)
{
    static const Range zero[] = {{0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                                 {0x200B, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
                                 {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF}};
    static const Range wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},
                                 {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE4F},
                                 {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
                                 {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    if (code_point < 0x300)
        return 1;
    if (IN(code_point, zero))
        return 0;
    return IN(code_point, wide) ? 2 : 1;
}

uint32_t utf16_units(Str line, size_t offset)
{
    uint32_t units = 0;
    Str rest = str_slice(line, 0, offset);
    while (rest.length)
        units += utf8_next(&rest) >= 0x10000 ? 2 : 1;
    return units;
}

uint32_t printable(uint32_t code_point)
{
    static const Range hidden[] = {{0x80, 0x9F},     {0x061C, 0x061C}, {0x200E, 0x200F},
                                   {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFFF9, 0xFFFB}};
    if (code_point < 0x20)
        return CONTROL_PICTURES + code_point;
    if (code_point == 0x7F)
        return 0x2421;
    return code_point >= 0x80 && IN(code_point, hidden) ? REPLACEMENT : code_point;
}

void escape_text(StrBuf *out, Str text)
{
    while (text.length)
        utf8_add(out, printable(utf8_next(&text)));
}

static void add_markup(StrBuf *out, uint32_t code_point)
{
    switch (code_point) {
    case '<': strbuf_add_c(out, "&lt;"); break;
    case '>': strbuf_add_c(out, "&gt;"); break;
    case '&': strbuf_add_c(out, "&amp;"); break;
    case '"': strbuf_add_c(out, "&quot;"); break;
    case '\'': strbuf_add_c(out, "&#39;"); break;
    default: utf8_add(out, code_point);
    }
}

void escape_xml(StrBuf *out, Str text)
{
    while (text.length) {
        uint32_t code_point = utf8_next(&text);
        bool control = code_point < 0x20 && code_point != '\t' && code_point != '\n';
        if (control || code_point == 0xFFFE || code_point == 0xFFFF ||
            (code_point >= 0x7F && code_point <= 0x9F))
            code_point = REPLACEMENT;
        if (code_point == '\t' || code_point == '\n')
            strbuf_printf(out, "&#%u;", (unsigned)code_point); /* kept in attributes too */
        else
            add_markup(out, code_point);
    }
}

void escape_html(StrBuf *out, Str text)
{
    while (text.length)
        add_markup(out, printable(utf8_next(&text)));
}

static bool is_word(uint32_t code_point)
{
    return code_point < 0x80 && byte_is_word((unsigned char)code_point);
}

/* `snake_case` is no emphasis, and a colon before a blank starts neither link nor emoji. */
static bool is_plain_there(uint32_t code_point, uint32_t before, Str after)
{
    unsigned char next = after.length ? (unsigned char)after.data[0] : ' ';
    return (code_point == '_' && is_word(before) && is_word(next)) ||
           (code_point == ':' && next == ' ');
}

void escape_markdown(StrBuf *out, Str text)
{
    static const Str special = {"\\`*_[]<>&|~@#$:", 15};
    uint32_t last = 0;
    while (text.length) {
        uint32_t code_point = printable(utf8_next(&text));
        bool link = code_point == '.' && (last | 0x20) == 'w'; /* "www." starts a link */
        bool markup = code_point < 0x80 &&
                      str_find_byte(special, (char)code_point, 0) != SIZE_MAX;
        if ((markup || link) && !is_plain_there(code_point, last, text))
            strbuf_printf(out, "&#%u;", (unsigned)code_point);
        else
            utf8_add(out, code_point);
        last = code_point;
    }
}

void escape_uri(StrBuf *out, Str path)
{
    for (size_t i = 0; i < path.length; i++) {
        unsigned char byte = (unsigned char)path.data[i];
        bool plain = (byte < 0x80 && byte_is_word(byte)) || byte == '-' || byte == '.' ||
                     byte == '~' || byte == '/';
        if (plain)
            strbuf_add_byte(out, (char)byte);
        else
            strbuf_printf(out, "%%%02X", (unsigned)byte);
    }
}

void escape_csv(StrBuf *out, Str text)
{
    strbuf_add_byte(out, '"');
    if (text.length && str_find_byte(str_lit("=+-@\t\r"), text.data[0], 0) != SIZE_MAX)
        strbuf_add_byte(out, '\'');
    while (text.length) {
        uint32_t code_point = printable(utf8_next(&text));
        if (code_point == '"')
            strbuf_add_byte(out, '"');
        utf8_add(out, code_point);
    }
    strbuf_add_byte(out, '"');
}

void escape_github(StrBuf *out, Str text, bool property)
{
    while (text.length) {
        uint32_t code_point = utf8_next(&text);
        bool escaped = code_point == '%' || code_point == '\r' || code_point == '\n' ||
                       (property && (code_point == ':' || code_point == ','));
        if (escaped)
            strbuf_printf(out, "%%%02X", (unsigned)code_point);
        else
            utf8_add(out, printable(code_point));
    }
}

void escape_markdown_code(StrBuf *out, Str text)
{
    bool plain = text.length > 0;
    for (size_t i = 0; i < text.length && plain; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        plain = byte >= ' ' && byte < 0x7f && byte != '`' && byte != '|';
    }
    if (!plain) {
        escape_markdown(out, text);
        return;
    }
    strbuf_add_byte(out, '`');
    strbuf_add_str(out, text);
    strbuf_add_byte(out, '`');
}
