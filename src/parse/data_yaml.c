/*
 * YAML through libyaml's events. libyaml counts characters, facts count bytes,
 * so a table says where each STRIDEth character starts. What libyaml refuses but
 * real files hold is blanked first, at the same length: bytes that are not UTF-8
 * or not printable, "<% %>" tags (Rails fixtures are ERB) and, if the file cannot
 * be read with them, "{{ }}" and "{% %}" tags (Ansible, Helm).
 *
 * Aliases are not expanded, so they cost nothing. libyaml is slow on deep flow
 * nesting and on thousands of directives: both are watched here, and the clock.
 */
#include "parse/data_formats.h"

#include <string.h>
#include <time.h>
#include <yaml.h>

enum {
    STRIDE = 64,
    EVENTS_BETWEEN_CLOCKS = 512,
    MOST_DIRECTIVES = 256,
    LONGEST_LINE = 256,
    FILLER = '_',
};

typedef struct Reader {
    DataBuilder *builder;
    Str text;         /* cleaned */
    size_t base;      /* bytes of the byte order mark, which libyaml does not see */
    uint32_t *places; /* byte of each STRIDEth character; NULL when all are ASCII */
    size_t last_end;  /* of the last scalar or bracket; the start of what was opened last */
    uint64_t deadline;
} Reader;

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The characters that YAML calls printable. */
static bool is_printable(uint32_t point)
{
    if (point < 0x80)
        return (point >= ' ' && point < 0x7F) || point == '\t' || point == '\n' || point == '\r';
    if (point < 0xA0)
        return point == 0x85;
    return point < 0xD800 || (point >= 0xE000 && point <= 0xFFFD && point != 0xFEFF) ||
           (point >= 0x10000 && point <= 0x10FFFF);
}

/* The length of the printable UTF-8 character at `at`; 0 if there is none. */
static size_t character_length(Str text, size_t at)
{
    static const uint32_t SMALLEST[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text.data + at;
    if (*bytes < 0x80)
        return is_printable(*bytes);
    size_t length = *bytes >= 0xF0 ? 4 : *bytes >= 0xE0 ? 3 : 2;
    if (*bytes < 0xC2 || *bytes > 0xF4 || length > text.length - at)
        return 0;
    uint32_t point = *bytes & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (bytes[i] & 0x3F);
    }
    return point >= SMALLEST[length] && is_printable(point) ? length : 0;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* True when nothing else stands on the lines of [start, end). Looks at most LONGEST_LINE bytes. */
static bool stands_alone(Str text, size_t start, size_t end)
{
    size_t first = start, last = end;
    while (first > 0 && start - first < LONGEST_LINE && text.data[first - 1] != '\n' &&
           is_blank(text.data[first - 1]))
        first--;
    while (last < text.length && last - end < LONGEST_LINE && text.data[last] != '\n' &&
           is_blank(text.data[last]))
        last++;
    return (first == 0 || text.data[first - 1] == '\n') &&
           (last == text.length || text.data[last] == '\n');
}

/*
 * Takes out every `open` ... `close`, keeping line ends. A tag inside a line becomes
 * FILLER, for blanks would change what is around it ("a:<%= b %>" is text); its further lines
 * become blank, whatever their indentation.
 */
static void blank_tags(char *data, size_t length, const char *open, const char *close)
{
    Str text = {data, length};
    for (size_t at = 0; (at = str_find(text, str_of(open), at)) != SIZE_MAX;) {
        size_t end = str_find(text, str_of(close), at + 2);
        if (end == SIZE_MAX)
            return;
        end += 2;
        char fill = stands_alone(text, at, end) ? ' ' : FILLER;
        for (; at < end; at++) {
            if (data[at] == '\n')
                fill = ' ';
            else if (data[at] != '\r')
                data[at] = fill;
        }
    }
}

/* Sets the cleaned text and the table of places; false for text that libyaml would choke on. */
static bool clean(Reader *self, Str text, bool braces, Arena *arena)
{
    char *data = arena_strdup(arena, text.data, text.length);
    blank_tags(data, text.length, "<%", "%>");
    if (braces) {
        blank_tags(data, text.length, "{{", "}}");
        blank_tags(data, text.length, "{%", "%}");
    }
    self->base = str_starts(text, "\xEF\xBB\xBF") ? 3 : 0;
    self->text = (Str){data, text.length};
    size_t directives = 0, characters = 0;
    uint32_t *places = ARENA_ARRAY(arena, uint32_t, text.length / STRIDE + 1);
    bool ascii = true;
    for (size_t at = self->base; at < text.length; characters++) {
        if (characters % STRIDE == 0)
            places[characters / STRIDE] = (uint32_t)at;
        directives += data[at] == '%' && (at == self->base || data[at - 1] == '\n');
        size_t length = character_length(self->text, at);
        if (!length) {
            data[at] = (unsigned char)data[at] < 0x80 ? ' ' : FILLER; /* control, Latin-1 */
            length = 1;
        }
        ascii = ascii && length == 1;
        at += length;
    }
    if (characters % STRIDE == 0)
        places[characters / STRIDE] = (uint32_t)text.length;
    self->places = ascii ? NULL : places;
    return directives <= MOST_DIRECTIVES;
}

static size_t byte_of(const Reader *self, size_t character)
{
    if (!self->places)
        return self->base + character;
    size_t at = self->places[character / STRIDE];
    for (size_t left = character % STRIDE; left && at < self->text.length; left--)
        at += character_length(self->text, at);
    return at < self->text.length ? at : self->text.length;
}

/* True for a plain scalar that is a number, a date, a truth value or nothing. */
static bool is_literal(Str value)
{
    static const char *const WORDS[] = {"~",   "null", "Null", "NULL", "true", "True", "TRUE",
                                        "no",  "yes",  "No",   "Yes",  "on",   "off",  "false",
                                        "False", "FALSE", NULL};
    if (strspn(value.data, "_") >= value.length) /* nothing, or a tag */
        return true;
    for (const char *const *word = WORDS; *word; word++) {
        if (str_eq_c(value, *word))
            return true;
    }
    bool sign = strchr("+-.", value.data[0]) && value.length > 1;
    if (value.data[sign] < '0' || value.data[sign] > '9')
        return false;
    return strspn(value.data, "0123456789.eE+-_:xabcdfABCDF TZ") >= value.length;
}

static void read_scalar(Reader *self, const yaml_event_t *event, size_t start, size_t end)
{
    Str value = {(const char *)event->data.scalar.value, event->data.scalar.length};
    bool quoted = event->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
                  event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (plain && !value.length && start == end)
        start = end = self->last_end; /* a missing value stands behind its key */
    DataScalar scalar = {.value = value,
                         .start = start,
                         .end = end,
                         .at = start,
                         .at_end = end,
                         .text = !plain || !is_literal(value)};
    if (quoted && end - start >= 2) {
        scalar.at++;
        scalar.at_end--;
    }
    /* An anchor or a tag may stand before the text. */
    Str tail = str_slice(self->text, scalar.at_end - value.length, scalar.at_end);
    if (scalar.at_end - scalar.at >= value.length && str_eq(tail, value))
        scalar.at = scalar.at_end - value.length;
    data_scalar(self->builder, &scalar);
    self->last_end = end;
}

static void read_alias(Reader *self, size_t start, size_t end)
{
    DataScalar scalar = {.start = start, .end = end, .at = start, .at_end = end};
    data_scalar(self->builder, &scalar);
    self->last_end = end;
}

static void read_event(Reader *self, const yaml_event_t *event)
{
    size_t start = byte_of(self, event->start_mark.index);
    size_t end = byte_of(self, event->end_mark.index);
    switch (event->type) {
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        data_open(self->builder, event->type == YAML_MAPPING_START_EVENT ? FACT_MAP : FACT_LIST,
                  start);
        self->last_end = start;
        break;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        if (end > start) /* a bracket; the end of a block has no place of its own */
            self->last_end = end;
        data_close(self->builder, self->last_end);
        break;
    case YAML_SCALAR_EVENT:
        read_scalar(self, event, start, end);
        break;
    case YAML_ALIAS_EVENT:
        read_alias(self, start, end);
        break;
    default:
        break;
    }
}

/* Reads events to the end. PARSE_FAILED: libyaml refused the text at `*failed_at`. */
static ParseResult read_events(Reader *self, yaml_parser_t *parser, size_t *failed_at)
{
    for (size_t count = 1;; count++) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            *failed_at = byte_of(self, parser->problem_mark.index);
            return PARSE_FAILED;
        }
        bool last = event.type == YAML_STREAM_END_EVENT;
        read_event(self, &event);
        yaml_event_delete(&event);
        if (last)
            return PARSE_OK;
        if (self->builder->failed)
            return PARSE_TOO_DEEP;
        if (count % EVENTS_BETWEEN_CLOCKS == 0 && now_ms() > self->deadline)
            return PARSE_TIMEOUT;
    }
}

static ParseResult read_text(Reader *self, size_t *failed_at)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return PARSE_FAILED;
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)self->text.data + self->base,
                                 self->text.length - self->base);
    ParseResult result = read_events(self, &parser, failed_at);
    yaml_parser_delete(&parser);
    return result;
}

ParseResult data_read_yaml(DataBuilder *builder, Str text, unsigned deadline_ms)
{
    Reader self = {.builder = builder, .deadline = now_ms() + deadline_ms};
    size_t failed_at = 0;
    if (!clean(&self, text, false, builder->facts.arena))
        return PARSE_FAILED;
    ParseResult result = read_text(&self, &failed_at);
    bool tags = str_find(text, str_lit("{{"), 0) != SIZE_MAX ||
                str_find(text, str_lit("{%"), 0) != SIZE_MAX;
    if (result == PARSE_FAILED && tags && clean(&self, text, true, builder->facts.arena)) {
        self.last_end = 0;
        data_builder_restart(builder, text.length);
        result = read_text(&self, &failed_at);
    }
    if (result != PARSE_FAILED)
        return result;
    data_error(builder, failed_at < self.last_end ? self.last_end : failed_at, text.length);
    return PARSE_OK;
}
