/*
 * Slim to Ruby, line by line. Attribute values and "=" are Ruby code, quoted
 * values and text may hold "#{}"; nesting closes blocks (template_out.c).
 *
 *     a.row href=order_path(order) title="#{order.email}" = order.state
 *
 * Limits: a wrapped attribute list of more than 16 KiB is taken as text.
 */
#include "parse/template_out.h"

#include <string.h>

/* The end of an attribute's Ruby code: a blank outside brackets. */
static size_t code_value_end(TemplateOut *out, size_t at, size_t end)
{
    Str text = out->source;
    while (at < end && !byte_in(text.data[at], " \t\r\n")) {
        bool opens = byte_in(text.data[at], "([{\"'");
        size_t close = opens ? template_balanced(out, at, end) : SIZE_MAX;
        at = close == SIZE_MAX ? at + 1 : close;
    }
    return at;
}

/* One attribute at `at`: name=value or *splat. Returns the offset after it, or `at`. */
static size_t attribute(TemplateOut *out, size_t at, size_t end)
{
    Str text = out->source;
    if (text.data[at] == '*') {
        size_t stop = code_value_end(out, at + 1, end);
        template_out_statement(out, at + 1, stop);
        return stop;
    }
    size_t value = template_word_end(text, at, end, "-:@.");
    if (value == at)
        return at;
    value = template_skip_blanks(text, value, end);
    if (value >= end || text.data[value] != '=')
        return at;
    value++;
    if (value < end && text.data[value] == '=')
        value++;
    value = template_skip_blanks(text, value, end);
    if (value >= end)
        return at;
    size_t stop = code_value_end(out, value, end);
    if (text.data[value] == '"' || text.data[value] == '\'')
        template_out_interpolations(out, value, stop);
    else
        template_out_statement(out, value, stop);
    return stop > value ? stop : value + 1;
}

/* "[a=b c=d]" over any lines; returns the offset after it, or `at` when there is no wrapper. */
static size_t wrapped_attributes(TemplateOut *out, size_t at)
{
    Str text = out->source;
    if (at >= text.length || !text.data[at] || !byte_in(text.data[at], "[({"))
        return at;
    size_t close = template_balanced(out, at, text.length);
    if (close == SIZE_MAX)
        return at;
    for (size_t inside = at + 1; inside < close - 1;) {
        size_t after = attribute(out, inside, close - 1);
        inside = after > inside ? after : inside + 1;
    }
    return close;
}

static size_t attributes(TemplateOut *out, size_t at, size_t end)
{
    for (;;) {
        size_t start = template_skip_blanks(out->source, at, end);
        size_t after = start < end ? attribute(out, start, end) : start;
        if (after == start)
            return at;
        at = after;
    }
}

/* What follows a tag's attributes, or a line's first mark: code, an inline tag, or text. */
static size_t content(LineTemplate *self, size_t at, unsigned indent)
{
    Str text = self->out.source;
    size_t end = template_line_end(text, at);
    size_t start = template_skip_blanks(text, at, end);
    if (start < end && text.data[start] == '=') {
        while (start < end && byte_in(text.data[start], "=<>'"))
            start++;
        return line_template_code(self, start, indent);
    }
    template_out_interpolations(&self->out, at, end);
    return end;
}

/* A tag; "li: a href=x" holds the next one on the same line. */
static size_t tag_line(LineTemplate *self, size_t at, unsigned indent)
{
    Str text = self->out.source;
    size_t end = template_line_end(text, at);
    for (;;) {
        at = template_word_end(text, at, end, "-.#@");
        size_t name_end = at;
        while (at < end && byte_in(text.data[at], "<>"))
            at++;
        bool inline_tag = at < end && text.data[at] == ':';
        if (!inline_tag) {
            at = wrapped_attributes(&self->out, at);
            if (at > end)
                end = template_line_end(text, at);
            at = attributes(&self->out, at, end);
            inline_tag = at < end && text.data[at] == ':' && at > name_end;
        }
        if (!inline_tag)
            return content(self, at, indent);
        at = template_skip_blanks(text, at + 1, end);
        if (at < end && byte_in(text.data[at], "=-"))
            return content(self, at, indent);
    }
}

/* Text, comments and embedded engines take all the lines nested in them. */
static size_t nested(LineTemplate *self, size_t at, size_t end, unsigned indent, bool code)
{
    size_t after = line_template_nested_end(self, end, indent);
    if (code)
        template_out_statement(&self->out, at, after);
    else
        template_out_interpolations(&self->out, at, after);
    return after > end ? after - 1 : end;
}

static bool is_engine(Str word)
{
    static const char *const ENGINES[] = {"javascript:", "css:",  "scss:", "sass:",
                                          "less:",       "coffee:", "markdown:", "textile:",
                                          "rdoc:",       "erb:",  "builder:", NULL};
    for (const char *const *engine = ENGINES; *engine; engine++) {
        if (str_eq_c(word, *engine))
            return true;
    }
    return false;
}

static size_t slim_line(LineTemplate *self, size_t at, unsigned indent)
{
    Str text = self->out.source;
    size_t end = template_line_end(text, at);
    Str rest = str_trim(str_slice(text, at, end));
    switch (text.data[at]) {
    case '-':
        return line_template_code(self, at + 1, indent);
    case '=':
        return content(self, at, indent);
    case '|':
    case '\'':
        return nested(self, at, end, indent, false);
    case '/':
        if (str_starts(rest, "/!") || str_starts(rest, "/["))
            return content(self, at, indent);
        at = line_template_nested_end(self, end, indent);
        return at > end ? at - 1 : end;
    case '<':
        return content(self, at, indent);
    default:
        break;
    }
    if (str_eq_c(rest, "ruby:"))
        return nested(self, end, end, indent, true);
    if (is_engine(rest))
        return nested(self, end, end, indent, false);
    if (str_starts(rest, "doctype "))
        return end;
    return tag_line(self, at, indent);
}

void slim_to_ruby(TemplateOut *out, Str text)
{
    LineTemplate self = {.out = *out, .line = slim_line};
    line_template_run(&self, text);
    *out = self.out;
}
