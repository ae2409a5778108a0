/*
 * Vue and Svelte components to script. The <script> parts come first, then the
 * markup's expressions in order; a loop of the markup becomes a loop around what
 * is inside it, so that its variable has a scope.
 *
 *     <li v-for="(order, i) in orders" :key="order.id">{{ order.email }}</li>
 *
 *     for (const order of (orders)) {
 *     (order.id);
 *     (order.email);
 *     }
 *
 * Two-way bindings (v-model, bind:) come out as assignments. Limits: elements
 * nested deeper than DEEPEST_ELEMENT are not told apart, slot parameters and
 * "in DOM" templates are not read.
 */
#include "parse/template_out.h"

#include <string.h>
#include <strings.h>

enum { DEEPEST_ELEMENT = 512, MOST_ATTRIBUTES = 64 };

typedef struct OpenPart {
    Str name;  /* of the element (Vue) or block (Svelte) */
    bool loop; /* a brace of the host code is open for it */
} OpenPart;

typedef struct Attribute {
    Str name;
    size_t start, end; /* of the value, without quotes; equal when there is none */
} Attribute;

typedef struct Markup Markup;

struct Markup {
    TemplateOut *out;
    Str text;
    struct {
        ARRAY_OF(OpenPart);
    } open;
    void (*element)(Markup *self, Str name, const Attribute *attributes, size_t count, bool empty);
    void (*element_end)(Markup *self, Str name);
    size_t (*hole)(Markup *self, size_t at); /* at "{"; returns the offset after the hole */
};

static Str slice(const Markup *self, size_t start, size_t end)
{
    return str_slice(self->text, start, end);
}

static size_t find(const Markup *self, const char *needle, size_t from)
{
    size_t found = str_find(self->text, str_of(needle), from);
    return found == SIZE_MAX ? self->text.length : found;
}

/* before code after */
static void emit(Markup *self, const char *before, size_t start, size_t end, const char *after)
{
    if (str_trim(slice(self, start, end)).length == 0)
        return;
    template_out_glue(self->out, before);
    template_out_code(self->out, start, end);
    template_out_glue(self->out, after);
}

static bool is_space(char byte)
{
    return byte_in(byte, " \t\r\n\f");
}

static size_t skip_spaces(Str text, size_t at)
{
    while (at < text.length && is_space(text.data[at]))
        at++;
    return at;
}

/* The value at `at` (after "="); fills start and end, returns the offset after it. */
static size_t attribute_value(TemplateOut *out, size_t at, Attribute *attribute)
{
    Str text = out->source;
    char quote = text.data[at];
    if (quote == '"' || quote == '\'') {
        size_t close = str_find_byte(text, quote, at + 1);
        attribute->start = at + 1;
        attribute->end = close == SIZE_MAX ? text.length : close;
        return close == SIZE_MAX ? text.length : close + 1;
    }
    attribute->start = at;
    size_t close = quote == '{' ? template_balanced(out, at, text.length) : SIZE_MAX;
    if (close == SIZE_MAX) {
        while (at < text.length && !is_space(text.data[at]) && text.data[at] != '>')
            at++;
        close = at;
    }
    attribute->end = close;
    return close;
}

/* One attribute at `at`; always moves on. A Svelte "{...}" has no name. */
static size_t attribute_at(TemplateOut *out, size_t at, Attribute *attribute)
{
    Str text = out->source;
    size_t start = at;
    if (text.data[at] == '{') {
        *attribute = (Attribute){.start = at};
        size_t close = template_balanced(out, at, text.length);
        return attribute->end = close == SIZE_MAX ? at + 1 : close;
    }
    while (at < text.length && !is_space(text.data[at]) && !byte_in(text.data[at], "=>"))
        at++;
    if (at == start)
        at++;
    *attribute = (Attribute){.name = str_slice(text, start, at)};
    size_t equals = skip_spaces(text, at);
    if (equals >= text.length || text.data[equals] != '=')
        return at;
    at = skip_spaces(text, equals + 1);
    return at < text.length ? attribute_value(out, at, attribute) : at;
}

/* A tag whose name starts at `at`; returns the offset after its ">". */
static size_t read_tag(Markup *self, size_t at, bool report)
{
    Str text = self->text;
    size_t name_end = template_word_end(text, at, text.length, "-:.");
    Str name = str_slice(text, at, name_end);
    Attribute attributes[MOST_ATTRIBUTES];
    size_t count = 0;
    bool empty = false;
    for (at = name_end; (at = skip_spaces(text, at)) < text.length && text.data[at] != '>';) {
        empty = text.data[at] == '/';
        if (empty) {
            at++;
            continue;
        }
        Attribute attribute;
        at = attribute_at(self->out, at, &attribute);
        if (count < MOST_ATTRIBUTES)
            attributes[count++] = attribute;
    }
    if (report)
        self->element(self, name, attributes, count, empty);
    return at < text.length ? at + 1 : at;
}

static bool starts_tag(Str rest, const char *name)
{
    size_t length = strlen(name);
    return rest.length > length && strncasecmp(rest.data, name, length) == 0 &&
           (is_space(rest.data[length]) || rest.data[length] == '>');
}

/* After <script> or <style>: the offset of its end tag. */
static size_t raw_end(const Markup *self, size_t at, bool script)
{
    return find(self, script ? "</script" : "</style", at);
}

static void read_scripts(Markup *self)
{
    for (size_t at = 0; (at = find(self, "<", at)) < self->text.length;) {
        Str rest = slice(self, at, self->text.length);
        if (str_starts(rest, "<!--")) {
            at = find(self, "-->", at);
        } else if (starts_tag(rest, "<script")) {
            size_t start = read_tag(self, at + 1, false);
            at = raw_end(self, start, true);
            template_out_statement(self->out, start, at);
            template_out_glue(self->out, ";\n"); /* or a "(" that follows would call */
        } else {
            at++;
        }
    }
}

static size_t read_angle(Markup *self, size_t at)
{
    Str rest = slice(self, at, self->text.length);
    if (str_starts(rest, "<!--"))
        return find(self, "-->", at);
    bool script = starts_tag(rest, "<script");
    if (script || starts_tag(rest, "<style"))
        return raw_end(self, read_tag(self, at + 1, false), script);
    if (str_starts(rest, "</")) {
        size_t end = template_word_end(self->text, at + 2, self->text.length, "-:.");
        self->element_end(self, slice(self, at + 2, end));
        return end;
    }
    if (rest.length > 1 && byte_is_word((unsigned char)rest.data[1]))
        return read_tag(self, at + 1, true);
    return at + 1;
}

static void run(Markup *self)
{
    read_scripts(self);
    for (size_t at = 0; at < self->text.length;) {
        if (self->text.data[at] == '<')
            at = read_angle(self, at);
        else if (self->text.data[at] == '{')
            at = self->hole(self, at);
        else
            at++;
    }
    while (self->open.count) {
        if (self->open.items[--self->open.count].loop)
            template_out_glue(self->out, "}\n");
    }
    array_release(&self->open);
}

/* The first `needle` between `start` and `end` outside brackets and quotes; `end` if none. */
static size_t find_outside(TemplateOut *out, const char *needle, size_t start, size_t end)
{
    for (size_t at = start; at < end;) {
        if (str_starts(str_slice(out->source, at, end), needle))
            return at;
        bool opens = byte_in(out->source.data[at], "([{\"'`");
        size_t close = opens ? template_balanced(out, at, end) : SIZE_MAX;
        at = close == SIZE_MAX ? at + 1 : close;
    }
    return end;
}

/* for (const TARGET of (SOURCE)) { */
static void emit_loop(Markup *self, size_t target, size_t target_end, size_t source,
                      size_t source_end)
{
    template_out_glue(self->out, "for (const ");
    template_out_code(self->out, target, target_end);
    template_out_glue(self->out, " of (");
    template_out_code(self->out, source, source_end);
    template_out_glue(self->out, ")) {\n");
}

/* Vue: "(item, index) in items", "{ id } of items". Returns false when it is neither. */
static bool vue_for(Markup *self, size_t start, size_t end)
{
    size_t word = find_outside(self->out, " in ", start, end);
    if (word == end)
        word = find_outside(self->out, " of ", start, end);
    if (word == end)
        return false;
    size_t target = skip_spaces(self->text, start), target_end = word;
    if (self->text.data[target] == '(') {
        size_t close = template_balanced(self->out, target, word);
        target = skip_spaces(self->text, target + 1);
        target_end = close == SIZE_MAX ? word : close - 1;
    }
    target_end = find_outside(self->out, ",", target, target_end);
    if (target >= target_end)
        return false;
    emit_loop(self, target, target_end, word + 4, end);
    return true;
}

static void vue_attribute(Markup *self, const Attribute *attribute)
{
    Str name = attribute->name;
    size_t start = attribute->start, end = attribute->end;
    bool handler = str_starts(name, "@") || str_starts(name, "v-on:");
    bool function = str_starts(str_trim(slice(self, start, end)), "function");
    if (str_starts(name, "v-model"))
        emit(self, "", start, end, " = $event;\n");
    else if (handler && !function)
        emit(self, "", start, end, ";\n");
    else if (handler || str_starts(name, ":") ||
             (str_starts(name, "v-") && !str_starts(name, "v-slot")))
        emit(self, "(", start, end, ");\n");
}

static bool is_void(Str name)
{
    static const char *const VOID[] = {"area", "base", "br",    "col",    "embed", "hr",    "img",
                                       "input", "link", "meta", "source", "track", "wbr", NULL};
    for (const char *const *element = VOID; *element; element++) {
        if (str_eq_c(name, *element))
            return true;
    }
    return false;
}

static void vue_element(Markup *self, Str name, const Attribute *attributes, size_t count,
                        bool empty)
{
    bool loop = false;
    for (size_t i = 0; i < count; i++) {
        if (!loop && str_eq_c(attributes[i].name, "v-for"))
            loop = vue_for(self, attributes[i].start, attributes[i].end);
    }
    for (size_t i = 0; i < count; i++) {
        if (!str_eq_c(attributes[i].name, "v-for"))
            vue_attribute(self, &attributes[i]);
    }
    if (!empty && !is_void(name) && self->open.count < DEEPEST_ELEMENT)
        array_push(&self->open, ((OpenPart){name, loop}));
    else if (loop)
        template_out_glue(self->out, "}\n");
}

static void vue_element_end(Markup *self, Str name)
{
    size_t depth = self->open.count;
    while (depth && !str_eq(self->open.items[depth - 1].name, name))
        depth--;
    if (!depth)
        return;
    while (self->open.count >= depth) {
        if (self->open.items[--self->open.count].loop)
            template_out_glue(self->out, "}\n");
    }
}

static size_t vue_hole(Markup *self, size_t at)
{
    if (!str_starts(slice(self, at, self->text.length), "{{"))
        return at + 1;
    size_t close = find(self, "}}", at + 2);
    emit(self, "(", at + 2, close, ");\n");
    return close;
}

void vue_to_script(TemplateOut *out, Str text)
{
    Markup self = {.out = out,
                   .text = text,
                   .element = vue_element,
                   .element_end = vue_element_end,
                   .hole = vue_hole};
    run(&self);
}

/* Svelte: "{#each ITEMS as ITEM, i (key)}". */
static void svelte_each(Markup *self, size_t start, size_t end)
{
    size_t word = find_outside(self->out, " as ", start, end);
    size_t target = word < end ? skip_spaces(self->text, word + 4) : end;
    size_t target_end = find_outside(self->out, ",", target, end);
    size_t key = find_outside(self->out, " (", target, end);
    if (key < target_end)
        target_end = key;
    if (target < target_end)
        emit_loop(self, target, target_end, start, word);
    else
        emit(self, "{ (", start, word, ");\n");
}

static void svelte_open(Markup *self, Str word, size_t start, size_t end)
{
    if (self->open.count == DEEPEST_ELEMENT)
        return;
    size_t before = self->out->host.length;
    if (str_eq_c(word, "each")) {
        svelte_each(self, start, end);
    } else if (str_eq_c(word, "if")) {
        emit(self, "if (", start, end, ") {\n");
    } else if (str_eq_c(word, "snippet")) {
        emit(self, "function ", start, end, " {\n");
    } else { /* await, key */
        emit(self, "{ (", start, find_outside(self->out, " then ", start, end), ");\n");
    }
    array_push(&self->open, ((OpenPart){word, self->out->host.length > before}));
}

/* "{:else if x}", "{:then value}" */
static void svelte_middle(Markup *self, size_t start, size_t end)
{
    OpenPart *block = self->open.count ? &self->open.items[self->open.count - 1] : NULL;
    if (!block || !block->loop)
        return;
    bool branch = str_eq_c(block->name, "if");
    Str code = str_trim(slice(self, start, end));
    if (branch && str_starts(code, "else if ")) {
        size_t condition = (size_t)(code.data - self->text.data) + 8;
        template_out_glue(self->out, "} else ");
        emit(self, "if (", condition, end, ") ");
        template_out_glue(self->out, "{\n");
    } else {
        template_out_glue(self->out, branch ? "} else {\n" : "} {\n");
    }
}

/* "{@html x}", "{@const a = b}" */
static void svelte_command(Markup *self, size_t start, size_t end)
{
    size_t word = template_word_end(self->text, start, end, "");
    if (str_eq_c(slice(self, start, word), "const"))
        emit(self, "", start, end, ";\n");
    else
        emit(self, "(", word, end, ");\n");
}

static size_t svelte_hole(Markup *self, size_t at)
{
    size_t close = template_balanced(self->out, at, self->text.length);
    if (close == SIZE_MAX)
        return at + 1;
    size_t start = skip_spaces(self->text, at + 1), end = close - 1;
    size_t word = template_word_end(self->text, start + 1, end, "");
    switch (start < end ? self->text.data[start] : '}') {
    case '#':
        svelte_open(self, slice(self, start + 1, word), word, end);
        break;
    case ':':
        svelte_middle(self, start + 1, end);
        break;
    case '/':
        if (self->open.count && self->open.items[--self->open.count].loop)
            template_out_glue(self->out, "}\n");
        break;
    case '@':
        svelte_command(self, start + 1, end);
        break;
    case '.':
        emit(self, "([", start, end, "]);\n");
        break;
    default:
        emit(self, "(", start, end, ");\n");
    }
    return close;
}

static void svelte_element(Markup *self, Str name, const Attribute *attributes, size_t count,
                           bool empty)
{
    (void)name, (void)empty;
    for (size_t i = 0; i < count; i++) {
        Str value = slice(self, attributes[i].start, attributes[i].end);
        bool whole = str_starts(value, "{") && str_ends(value, "}");
        if (whole && str_starts(attributes[i].name, "bind:")) {
            emit(self, "", attributes[i].start + 1, attributes[i].end - 1, " = $$value;\n");
            continue;
        }
        for (size_t at = attributes[i].start; at < attributes[i].end;)
            at = self->text.data[at] == '{' ? svelte_hole(self, at) : at + 1;
    }
}

static void svelte_element_end(Markup *self, Str name)
{
    (void)self, (void)name; /* blocks, not elements, have scopes */
}

void svelte_to_script(TemplateOut *out, Str text)
{
    Markup self = {.out = out,
                   .text = text,
                   .element = svelte_element,
                   .element_end = svelte_element_end,
                   .hole = svelte_hole};
    run(&self);
}
