/*
 * Templates of directives (Blade) to PHP: {{ }} and {!! !!} hold expressions, an
 * at sign starts a directive whose brackets hold PHP. Directives that open a
 * block become its statement, so that loop variables and conditions keep their
 * scope; the others become calls of their
 * name, on an object.
 *
 *     @foreach($orders as $order) {{ $order->email }} @endforeach
 *
 *     foreach($orders as $order) {
 *     $order->email ;
 *     }
 *
 * Values of attributes that hold a variable (:order="$order") are expressions
 * too. Cost: linear; what is not closed is passed over.
 */
#include "parse/template_out.h"

#include <string.h>

enum { DEEPEST_BLADE = 200, LONGEST_VALUE = 2000 };

/* What becomes of a directive: before and after its brackets, and of open blocks. */
typedef struct Directive {
    const char *name;
    const char *before, *after;
    bool closes, opens;
} Directive;

static const Directive DIRECTIVES[] = {
    {"foreach", "foreach(", ") {\n", false, true},   {"forelse", "foreach(", ") {\n", false, true},
    {"for", "for(", ") {\n", false, true},           {"while", "while(", ") {\n", false, true},
    {"if", "if(", ") {\n", false, true},             {"unless", "if(!(", ")) {\n", false, true},
    {"isset", "if(isset(", ")) {\n", false, true},   {"empty", "if(empty(", ")) {\n", false, true},
    {"elseif", "} elseif(", ") {\n", true, true},    {"switch", "switch(", ") {\n", false, true},
    {"case", "case(", "):\n", false, false},         {"php", "", ";\n", false, false},
};

/* Directives without brackets; "empty" parts a loop from what is shown without it. */
static const Directive BARE[] = {
    {"else", "} else {\n", "", true, true},  {"empty", "}\nif(true) {\n", "", true, true},
    {"endforeach", "}\n", "", true, false},  {"endforelse", "}\n", "", true, false},
    {"endfor", "}\n", "", true, false},      {"endwhile", "}\n", "", true, false},
    {"endif", "}\n", "", true, false},       {"endunless", "}\n", "", true, false},
    {"endisset", "}\n", "", true, false},    {"endempty", "}\n", "", true, false},
    {"endswitch", "}\n", "", true, false},   {"default", "default:\n", "", false, false},
};

typedef struct Blade {
    TemplateOut *out;
    Str text;
    size_t depth; /* blocks that are open */
} Blade;

static const Directive *directive_named(const Directive *list, size_t count, Str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq_c(name, list[i].name))
            return &list[i];
    }
    return NULL;
}

/* Emits [start, end) as a statement. */
static void emit_expression(Blade *self, size_t start, size_t end)
{
    if (!str_trim(str_slice(self->text, start, end)).length)
        return;
    template_out_code(self->out, start, end);
    template_out_glue(self->out, ";\n");
}

/* What `open` at `at` and `close` enclose; returns the offset after it. */
static size_t enclosed(Blade *self, size_t at, const char *open, const char *close, bool code)
{
    size_t start = at + strlen(open), end = str_find(self->text, str_of(close), start);
    if (end == SIZE_MAX)
        return start;
    if (code)
        emit_expression(self, start, end);
    return end + strlen(close);
}

static bool opens_or_closes(Blade *self, const Directive *directive)
{
    if ((directive->closes && !self->depth) ||
        (directive->opens && !directive->closes && self->depth == DEEPEST_BLADE))
        return false;
    self->depth += directive->opens;
    self->depth -= directive->closes;
    return true;
}

static void emit_call(Blade *self, Str name, size_t start, size_t end)
{
    size_t at = (size_t)(name.data - self->text.data);
    template_out_glue(self->out, "$_->"); /* a method may be called "include" */
    template_out_code(self->out, at, at + name.length);
    template_out_glue(self->out, "(");
    template_out_code(self->out, start, end);
    template_out_glue(self->out, ");\n");
}

/* A directive whose "@" is at `at`; returns the offset after it. */
static size_t read_directive(Blade *self, size_t at)
{
    Str text = self->text;
    size_t end = template_word_end(text, at + 1, text.length, "");
    Str name = str_slice(text, at + 1, end);
    if (!name.length)
        return at + 1;
    size_t open = template_skip_blanks(text, end, text.length);
    size_t after = open < text.length && text.data[open] == '('
                       ? template_balanced(self->out, open, text.length)
                       : SIZE_MAX;
    if (after == SIZE_MAX) {
        const Directive *bare = directive_named(BARE, sizeof BARE / sizeof *BARE, name);
        if (str_eq_c(name, "php"))
            return enclosed(self, at, "@php", "@endphp", true);
        if (str_eq_c(name, "verbatim"))
            return enclosed(self, at, "@verbatim", "@endverbatim", false);
        if (bare && opens_or_closes(self, bare))
            template_out_glue(self->out, bare->before);
        return end;
    }
    const Directive *known = directive_named(DIRECTIVES, sizeof DIRECTIVES / sizeof *DIRECTIVES, name);
    if (!known) {
        emit_call(self, name, open + 1, after - 1);
    } else if (opens_or_closes(self, known)) {
        template_out_glue(self->out, known->before);
        template_out_code(self->out, open + 1, after - 1);
        template_out_glue(self->out, known->after);
    }
    return after;
}

/* :name="$value" of a component's tag, at its colon; returns the offset to go on from. */
static size_t read_attribute(Blade *self, size_t at)
{
    Str text = self->text;
    size_t name_end = template_word_end(text, at + 1, text.length, "-.");
    bool valued = name_end > at + 1 && name_end + 1 < text.length && text.data[name_end] == '=' &&
                  text.data[name_end + 1] == '"';
    if (!valued)
        return at + 1;
    size_t start = name_end + 2, limit = start + LONGEST_VALUE;
    size_t close = str_find_byte(str_slice(text, 0, limit), '"', start);
    if (close != SIZE_MAX && str_find_byte(str_slice(text, start, close), '$', 0) != SIZE_MAX)
        emit_expression(self, start, close);
    return close == SIZE_MAX ? start : close;
}

static bool starts_at(Str text, size_t at, const char *sign)
{
    size_t length = strlen(sign);
    return at + length <= text.length && memcmp(text.data + at, sign, length) == 0;
}

/* Handles what may start at `at`; returns the offset to go on from. */
static size_t step(Blade *self, size_t at)
{
    static const struct {
        const char *open, *close;
        bool code;
    } PARTS[] = {
        {"{{--", "--}}", false}, {"@{{", "}}", false},    {"{{", "}}", true},
        {"{!!", "!!}", true},    {"<?php", "?>", true},  {"<?=", "?>", true},
    };
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        if (starts_at(self->text, at, PARTS[i].open))
            return enclosed(self, at, PARTS[i].open, PARTS[i].close, PARTS[i].code);
    }
    char byte = self->text.data[at], before = at ? self->text.data[at - 1] : '\n';
    if (byte == '@' && !byte_is_word((unsigned char)before) && before != '@')
        return read_directive(self, at);
    if (byte == ':' && byte_in(before, " \t\n"))
        return read_attribute(self, at);
    return at + 1;
}

void blade_to_php(TemplateOut *out, Str text)
{
    Blade self = {.out = out, .text = text};
    template_out_glue(out, "<?php\n");
    for (size_t at = 0; at < text.length;)
        at = step(&self, at);
    for (; self.depth; self.depth--)
        template_out_glue(out, "}\n");
}
