/*
 * HAML to Ruby, line by line. A tag's attributes come out as a bracketed hash,
 * its "= code" as a statement, "#{}" in text as statements; nesting closes
 * blocks (template_out.c). What HAML only prints is dropped.
 *
 *     %li{class: order.state}= order.email      ({class: order.state})
 *                                               order.email
 *
 * Limits: an attribute hash of more than 16 KiB is taken as text; ":erb" filters
 * are read for "#{}" only.
 */
#include "parse/template_out.h"

#include <string.h>

/* The value of name=value in "(...)" attributes: a quoted text or a bare Ruby expression. */
static size_t html_value(TemplateOut *out, size_t at, size_t end)
{
    Str text = out->source;
    if (text.data[at] == '"' || text.data[at] == '\'') {
        size_t close = template_balanced(out, at, end);
        if (close == SIZE_MAX)
            return end;
        template_out_interpolations(out, at, close);
        return close;
    }
    size_t stop = template_word_end(text, at, end, "@.$:?!");
    if (stop < end && (text.data[stop] == '[' || text.data[stop] == '(')) {
        size_t close = template_balanced(out, stop, end);
        stop = close == SIZE_MAX ? stop : close;
    }
    template_out_statement(out, at, stop);
    return stop > at ? stop : at + 1;
}

/* "(name=value ...)" from `at` (after the bracket) to `end` (the closing one). */
static void html_attributes(TemplateOut *out, size_t at, size_t end)
{
    while (at < end) {
        size_t equals = str_find_byte(str_slice(out->source, 0, end), '=', at);
        if (equals == SIZE_MAX)
            return;
        at = template_skip_blanks(out->source, equals + 1, end);
        if (at < end)
            at = html_value(out, at, end);
    }
}

/* "{a: b}" is a hash, "{attributes_of(x), y}" a list of hashes. */
static void attribute_hash(TemplateOut *out, size_t open, size_t close)
{
    Str inside = str_slice(out->source, open + 1, close - 1);
    bool pairs = str_find_byte(inside, ':', 0) != SIZE_MAX ||
                 str_find(inside, str_lit("=>"), 0) != SIZE_MAX;
    bool list = out->source.data[open] == '{' && !pairs;
    template_out_glue(out, list ? "([" : "(");
    template_out_code(out, open + list, close - list);
    template_out_glue(out, list ? "])\n" : ")\n");
}

/* The brackets after a tag's name; returns the offset after them. */
static size_t tag_brackets(TemplateOut *out, size_t at)
{
    Str text = out->source;
    while (at < text.length && byte_in(text.data[at], "{([")) {
        size_t close = template_balanced(out, at, text.length);
        if (close == SIZE_MAX)
            return at;
        if (text.data[at] == '(')
            html_attributes(out, at + 1, close - 1);
        else
            attribute_hash(out, at, close);
        at = close;
    }
    return at;
}

/* What a line or a tag prints: "= code", "!= code", "== text", "text". */
static size_t content(LineTemplate *self, size_t at, unsigned indent)
{
    Str text = self->out.source;
    size_t end = template_line_end(text, at);
    Str rest = str_slice(text, at, end);
    size_t marks = 0;
    while (marks < rest.length && marks < 3 && byte_in(rest.data[marks], "!&=~"))
        marks++;
    bool prints_text = marks >= 2 && str_slice(rest, marks - 2, marks).data[0] == '=';
    bool prints_code = marks && !prints_text && byte_in(rest.data[marks - 1], "=~");
    if (prints_code)
        return line_template_code(self, at + marks, indent);
    template_out_interpolations(&self->out, at, end);
    return end;
}

static size_t tag_line(LineTemplate *self, size_t at, unsigned indent)
{
    Str text = self->out.source;
    size_t end = template_line_end(text, at);
    while (at < end && byte_in(text.data[at], "%.#") && !(at + 1 < end && text.data[at + 1] == '{'))
        at = template_word_end(text, at + 1, end, "-:");
    at = tag_brackets(&self->out, at);
    while (at < text.length && byte_in(text.data[at], "<>/"))
        at++;
    return content(self, at, indent);
}

/* ":ruby" is code, any other filter text. */
static size_t filter(LineTemplate *self, size_t at, size_t end, unsigned indent)
{
    Str name = str_trim(str_slice(self->out.source, at + 1, end));
    size_t after = line_template_nested_end(self, end, indent);
    if (str_eq_c(name, "ruby"))
        template_out_statement(&self->out, end, after);
    else
        template_out_interpolations(&self->out, end, after);
    return after > end ? after - 1 : end;
}

/* True for ".name", "#name", "%name", but not for text that starts with such a byte. */
static bool is_tag(Str rest)
{
    return rest.length > 1 && byte_in(rest.data[0], "%.#") &&
           (byte_is_word((unsigned char)rest.data[1]) || rest.data[1] == '-');
}

static size_t haml_line(LineTemplate *self, size_t at, unsigned indent)
{
    Str text = self->out.source;
    size_t end = template_line_end(text, at);
    Str rest = str_slice(text, at, end);
    if (str_starts(rest, "-#")) {
        size_t after = line_template_nested_end(self, end, indent);
        return after > end ? after - 1 : end;
    }
    if (text.data[at] == '-')
        return line_template_code(self, at + 1, indent);
    if (text.data[at] == ':' && rest.length > 1 && byte_is_word((unsigned char)rest.data[1]))
        return filter(self, at, end, indent);
    if (is_tag(rest))
        return tag_line(self, at, indent);
    if (text.data[at] == '\\' || str_starts(rest, "!!!")) {
        template_out_interpolations(&self->out, at, end);
        return end;
    }
    return content(self, at, indent);
}

void haml_to_ruby(TemplateOut *out, Str text)
{
    LineTemplate self = {.out = *out, .line = haml_line};
    line_template_run(&self, text);
    *out = self.out;
}
