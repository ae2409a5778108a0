/*
 * template_out.h: what the template converters share; private to parse/template*.
 *
 * A TemplateOut collects host code from pieces of the template and generated
 * glue, and remembers where each piece came from. LineTemplate is the common
 * part of the languages whose blocks are indentation (HAML, Slim).
 */
#ifndef STRAGGLER_PARSE_TEMPLATE_OUT_H
#define STRAGGLER_PARSE_TEMPLATE_OUT_H

#include "base/array.h"
#include "parse/template.h"

/* True when `byte` is in `set`; NUL never is. */
static inline bool byte_in(char byte, const char *set)
{
    return byte && strchr(set, byte);
}

typedef struct TemplateOut {
    Str source;
    StrBuf host;
    struct {
        ARRAY_OF(OffsetSegment);
    } segments;
    size_t wasted; /* bytes looked at for brackets that were never closed */
} TemplateOut;

/* Appends bytes that are not in the template. */
void template_out_glue(TemplateOut *out, const char *code);

/* Appends source[start, end). Two pieces need glue between them. */
void template_out_code(TemplateOut *out, size_t start, size_t end);

/* The same, followed by a line end; nothing for blank code. */
void template_out_statement(TemplateOut *out, size_t start, size_t end);

/* Appends a statement for each "#{...}" in source[start, end). */
void template_out_interpolations(TemplateOut *out, size_t start, size_t end);

/*
 * The offset after the bracket or quote that closes the one at `open` in the
 * template, knowing quoted strings and "#{}" in them; SIZE_MAX if it is not closed
 * before `limit` or within 16 KiB. A file that wastes megabytes on brackets that
 * are not closed gets no more looks ahead: hostile input stays linear.
 */
size_t template_balanced(TemplateOut *out, size_t open, size_t limit);

/* The offset of the line end (its "\n", or the end of the text) at or after `at`. */
size_t template_line_end(Str text, size_t at);

/* Skips spaces and tabs, not past `end`. */
size_t template_skip_blanks(Str text, size_t at, size_t end);

/* The first offset in [at, end) whose byte is neither part of a word nor in `also`. */
size_t template_word_end(Str text, size_t at, size_t end, const char *also);

typedef struct LineTemplate LineTemplate;

struct LineTemplate {
    TemplateOut out;
    struct {
        ARRAY_OF(unsigned);
    } blocks; /* indentation of each open Ruby block, outermost first */
    /* Handles one logical line whose first byte is at `at`; returns the offset of its line end. */
    size_t (*line)(LineTemplate *self, size_t at, unsigned indent);
};

/* Runs `self->line` over every line that is not blank, and closes blocks by indentation. */
void line_template_run(LineTemplate *self, Str text);

/* Code of a line at `indent`, "if x" or "f do |y|": opens a block when it is an opener. Continues
   over lines that end in ",", "\\" or " |". Returns the line end of its last line. */
size_t line_template_code(LineTemplate *self, size_t at, unsigned indent);

/* The start of the first line after `line_end` that is not nested deeper than `indent`. */
size_t line_template_nested_end(const LineTemplate *self, size_t line_end, unsigned indent);

void haml_to_ruby(TemplateOut *out, Str text);
void slim_to_ruby(TemplateOut *out, Str text);
void blade_to_php(TemplateOut *out, Str text);
void vue_to_script(TemplateOut *out, Str text);
void svelte_to_script(TemplateOut *out, Str text);

#endif
