/*
 * Shared by the converters that rewrite: pieces of code with their origin,
 * "#{}" holes, and blocks by indentation (HAML and Slim have the same rules:
 * a nested part closes the Ruby block above it, unless "else" and the like
 * continue it).
 *
 * Cost: linear; a bracket's end is looked for at most LONGEST_BRACKET bytes ahead,
 * and MOST_WASTED bytes in all, so unclosed ones cannot make it quadratic.
 */
#include "parse/template_out.h"

#include <string.h>

void template_out_glue(TemplateOut *out, const char *code)
{
    strbuf_add_c(&out->host, code);
}

void template_out_code(TemplateOut *out, size_t start, size_t end)
{
    if (end <= start)
        return;
    OffsetSegment segment = {.host_start = (uint32_t)out->host.length,
                             .source_start = (uint32_t)start,
                             .length = (uint32_t)(end - start)};
    array_push(&out->segments, segment);
    strbuf_add(&out->host, out->source.data + start, end - start);
}

void template_out_statement(TemplateOut *out, size_t start, size_t end)
{
    if (str_trim(str_slice(out->source, start, end)).length == 0)
        return;
    template_out_code(out, start, end);
    template_out_glue(out, "\n");
}

void template_out_interpolations(TemplateOut *out, size_t start, size_t end)
{
    Str text = str_slice(out->source, 0, end);
    for (size_t at = start; (at = str_find(text, str_lit("#{"), at)) != SIZE_MAX;) {
        bool escaped = at > start && text.data[at - 1] == '\\';
        size_t close = escaped ? SIZE_MAX : template_balanced(out, at + 1, end);
        if (close == SIZE_MAX) {
            at += 2;
            continue;
        }
        template_out_statement(out, at + 2, close - 1);
        at = close;
    }
}

enum { DEEPEST_BRACKET = 64, LONGEST_BRACKET = 16 << 10, MOST_WASTED = 16 << 20 };

/* What closes the thing that `byte` opens, or 0. */
static char closer_of(char byte)
{
    switch (byte) {
    case '(':
        return ')';
    case '[':
        return ']';
    case '{':
        return '}';
    case '"':
    case '\'':
    case '`':
        return byte;
    default:
        return 0;
    }
}

static bool is_quote(char byte)
{
    return byte == '"' || byte == '\'' || byte == '`';
}

typedef struct Brackets {
    char waiting[DEEPEST_BRACKET]; /* the closers of what is open */
    size_t depth;
} Brackets;

/* In a quoted string at `at`: what is passed over, one byte, an escape or the start of a hole. */
static size_t string_step(Brackets *open, Str text, size_t at)
{
    char byte = text.data[at], quote = open->waiting[open->depth - 1];
    if (byte == '\\')
        return 2;
    bool hole = (byte == '#' || byte == '$') && at + 1 < text.length && text.data[at + 1] == '{';
    if (!hole || quote == '\'' || open->depth == DEEPEST_BRACKET)
        return 1;
    open->waiting[open->depth++] = '}';
    return 2;
}

static size_t closing_bracket(Str text, size_t start, size_t limit)
{
    Brackets open = {.depth = 0};
    for (size_t at = start; at < limit;) {
        char byte = text.data[at], close = closer_of(byte);
        if (open.depth && byte == open.waiting[open.depth - 1]) {
            if (--open.depth == 0)
                return at + 1;
            at++;
        } else if (open.depth && is_quote(open.waiting[open.depth - 1])) {
            at += string_step(&open, text, at);
        } else {
            if (close && open.depth == DEEPEST_BRACKET)
                return SIZE_MAX;
            if (close)
                open.waiting[open.depth++] = close;
            at++;
        }
    }
    return SIZE_MAX;
}

size_t template_balanced(TemplateOut *out, size_t open, size_t limit)
{
    if (limit > out->source.length)
        limit = out->source.length;
    if (limit > open + LONGEST_BRACKET)
        limit = open + LONGEST_BRACKET;
    if (out->wasted > MOST_WASTED)
        return SIZE_MAX;
    size_t after = closing_bracket(out->source, open, limit);
    if (after == SIZE_MAX)
        out->wasted += limit - open;
    return after;
}

size_t template_line_end(Str text, size_t at)
{
    size_t end = str_find_byte(text, '\n', at);
    return end == SIZE_MAX ? text.length : end;
}

size_t template_skip_blanks(Str text, size_t at, size_t end)
{
    while (at < end && (text.data[at] == ' ' || text.data[at] == '\t'))
        at++;
    return at;
}

size_t template_word_end(Str text, size_t at, size_t end, const char *also)
{
    while (at < end &&
           (byte_is_word((unsigned char)text.data[at]) || byte_in(text.data[at], also)))
        at++;
    return at;
}

static bool is_word_of(Str word, const char *const *words)
{
    for (; *words; words++) {
        if (str_eq_c(word, *words))
            return true;
    }
    return false;
}

static Str first_word(Str code)
{
    return str_slice(code, 0, template_word_end(code, 0, code.length, ""));
}

/* "else", "when x": goes on with the block that is open at its indentation. */
static bool continues_block(Str code)
{
    static const char *const WORDS[] = {"else", "elsif", "when", "in", "rescue", "ensure", NULL};
    return is_word_of(first_word(code), WORDS);
}

/* The code before block parameters: "f do |x, y|" gives "f do". */
static Str without_parameters(Str code)
{
    if (code.length < 2 || code.data[code.length - 1] != '|')
        return code;
    size_t at = code.length - 1;
    while (at > 0 && code.data[at - 1] != '|')
        at--;
    return at ? str_trim(str_slice(code, 0, at - 1)) : code;
}

/* True when `word` ends `code` and is neither part of a longer word nor a method (".end"). */
static bool ends_in_word(Str code, const char *word)
{
    size_t length = strlen(word);
    if (!str_ends(code, word))
        return false;
    if (code.length == length)
        return true;
    char before = code.data[code.length - length - 1];
    return before != '.' && !byte_is_word((unsigned char)before);
}

/* Code without the comment at its end. */
static Str without_comment(Str code)
{
    char quote = 0;
    for (size_t at = 0; at < code.length; at++) {
        char byte = code.data[at];
        if (quote && byte == '\\')
            at++;
        else if (quote)
            quote = byte == quote ? 0 : quote;
        else if (byte == '"' || byte == '\'')
            quote = byte;
        else if (byte == '#' && at && byte_in(code.data[at - 1], " \t"))
            return str_trim(str_slice(code, 0, at));
    }
    return code;
}

static bool opens_block(Str code)
{
    static const char *const WORDS[] = {"if",    "unless", "case", "while",
                                        "until", "for",    "begin", NULL};
    if (ends_in_word(code, "end"))
        return false;
    if (is_word_of(first_word(code), WORDS) || ends_in_word(without_parameters(code), "do"))
        return true;
    size_t equals = str_find(code, str_lit("= "), 0); /* x = if y */
    return equals != SIZE_MAX &&
           is_word_of(first_word(str_trim(str_slice(code, equals + 2, code.length))), WORDS);
}

static unsigned indent_of(Str text, size_t start, size_t end, size_t *at)
{
    unsigned indent = 0;
    for (*at = start; *at < end; ++*at) {
        char byte = text.data[*at];
        if (byte != ' ' && byte != '\t' && byte != '\r')
            break;
        indent += byte == '\t' ? 8 : 1;
    }
    return indent;
}

/* Ends the blocks that the line at `indent` is no longer in; `goes_on` keeps the one at it. */
static void close_blocks(LineTemplate *self, unsigned indent, bool goes_on)
{
    while (self->blocks.count) {
        unsigned open = self->blocks.items[self->blocks.count - 1];
        if (open < indent || (goes_on && open == indent))
            return;
        template_out_glue(&self->out, "end\n");
        self->blocks.count--;
    }
}

void line_template_run(LineTemplate *self, Str text)
{
    self->out.source = text;
    for (size_t start = 0; start < text.length;) {
        size_t at, end = template_line_end(text, start);
        unsigned indent = indent_of(text, start, end, &at);
        if (at < end) {
            Str rest = str_slice(text, at, end);
            bool code = str_starts(rest, "-");
            close_blocks(self, indent,
                         code && continues_block(str_trim(str_slice(rest, 1, rest.length))));
            end = self->line(self, at, indent);
        }
        start = end + 1;
    }
    close_blocks(self, 0, false);
    array_release(&self->blocks);
}

size_t line_template_nested_end(const LineTemplate *self, size_t line_end, unsigned indent)
{
    Str text = self->out.source;
    size_t start = line_end < text.length ? line_end + 1 : text.length;
    while (start < text.length) {
        size_t at, end = template_line_end(text, start);
        unsigned found = indent_of(text, start, end, &at);
        if (at < end && found <= indent)
            break;
        start = end < text.length ? end + 1 : end;
    }
    return start;
}

static size_t offset_in(Str text, Str part)
{
    return (size_t)(part.data - text.data);
}

/* Emits code whose lines end in " |" (HAML) as one line; returns the line end of its last line. */
static size_t joined_lines(TemplateOut *out, size_t at)
{
    Str text = out->source;
    size_t last = template_line_end(text, at);
    for (size_t start = at; start < text.length;) {
        size_t end = template_line_end(text, start);
        Str line = str_trim(str_slice(text, start, end));
        if (!str_ends(line, " |"))
            break;
        template_out_code(out, offset_in(text, line), offset_in(text, line) + line.length - 1);
        template_out_glue(out, " ");
        last = end;
        start = end + 1;
    }
    template_out_glue(out, "\n");
    return last;
}

size_t line_template_code(LineTemplate *self, size_t at, unsigned indent)
{
    Str text = self->out.source;
    size_t end = template_line_end(text, at);
    Str line = str_trim(str_slice(text, at, end));
    if (str_ends(line, " |") && !ends_in_word(without_parameters(line), "do"))
        return joined_lines(&self->out, at);
    while (end < text.length && (str_ends(line, ",") || str_ends(line, "\\"))) {
        size_t next = end + 1;
        end = template_line_end(text, next);
        line = str_trim(str_slice(text, next, end));
    }
    Str code = str_trim(str_slice(text, at, end));
    template_out_statement(&self->out, offset_in(text, code), offset_in(text, code) + code.length);
    if (code.length && !continues_block(code) && opens_block(without_comment(code)))
        array_push(&self->blocks, indent);
    return end;
}
