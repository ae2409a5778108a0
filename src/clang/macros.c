/*
 * Only macros that the scanner named are kept; it searched every file for them.
 * Arguments of nested macros are not followed: a name that one body passes to
 * another counts where it is spelled, in the outer body.
 */
#include "clang/macros.h"

#include "parse/clang_names.h"

#include <ctype.h>

enum { DEEPEST_NESTING = 16, MOST_TOKENS = 100000 };

/* One body that is being read; nested macros push another. */
typedef struct Frame {
    size_t file;
    Str text; /* the whole file */
    size_t at, end;
    Str parameters;
} Frame;

void macros_init(Macros *macros, UnitFiles *files)
{
    *macros = (Macros){.files = files};
}

void macros_release(Macros *macros)
{
    array_release(&macros->bodies);
    array_release(&macros->uses);
    map_release(&macros->use_at);
}

static uint64_t use_key(size_t file, unsigned offset)
{
    return ((uint64_t)(file + 1) << 32) | offset;
}

/* Latest definition first: at this point of the unit it is the one in force. */
static size_t body_named(const Macros *macros, Str name)
{
    for (size_t i = macros->bodies.count; i > 0; i--)
        if (str_eq(macros->bodies.items[i - 1].name, name))
            return i - 1;
    return SIZE_MAX;
}

static Str word_at(Str text, size_t at, size_t end)
{
    size_t stop = at;
    while (stop < end && byte_is_word((unsigned char)text.data[stop]))
        stop++;
    return str_slice(text, at, stop);
}

void macros_add(Macros *macros, CXCursor cursor)
{
    CXSourceRange extent = clang_getCursorExtent(cursor);
    Place start = unit_files_place(macros->files, clang_getRangeStart(extent));
    if (start.file == SIZE_MAX)
        return;
    Str text = macros->files->files.items[start.file].text;
    Str name = word_at(text, start.offset, text.length);
    if (!wanted_is_macro(macros->files->wanted, name))
        return;
    if (clang_getCursorKind(cursor) == CXCursor_MacroDefinition) {
        Place end = unit_files_place(macros->files, clang_getRangeEnd(extent));
        array_push(&macros->bodies,
                   ((MacroBody){name, start.file, start.offset, end.offset}));
        return;
    }
    size_t body = body_named(macros, name);
    if (body == SIZE_MAX)
        return;
    array_push(&macros->uses, ((MacroUse){start.file, start.offset, body, 0}));
    map_put(&macros->use_at, use_key(start.file, start.offset), macros->uses.count - 1);
}

static Frame frame_of(const Macros *macros, size_t body)
{
    const MacroBody *macro = &macros->bodies.items[body];
    Str text = macros->files->files.items[macro->file].text;
    Frame frame = {.file = macro->file, .text = text, .end = macro->end};
    frame.at = macro->start + macro->name.length;
    if (frame.at < frame.end && text.data[frame.at] == '(') {
        size_t close = str_find_byte(text, ')', frame.at);
        if (close == SIZE_MAX || close > frame.end)
            close = frame.end;
        frame.parameters = str_slice(text, frame.at, close);
        frame.at = close;
    }
    return frame;
}

static size_t skip_quoted(const Frame *frame, size_t at)
{
    char quote = frame->text.data[at++];
    while (at < frame->end && frame->text.data[at] != quote)
        at += frame->text.data[at] == '\\' ? 2 : 1;
    return at + 1;
}

static size_t skip_comment(const Frame *frame, size_t at)
{
    size_t close = frame->text.data[at + 1] == '*' ? str_find(frame->text, str_lit("*/"), at + 2)
                                                   : str_find_byte(frame->text, '\n', at);
    return close == SIZE_MAX ? frame->end : close + 2;
}

/* Moves past anything but an identifier; gives the next identifier, or an empty Str at the end. */
static Str next_word(Frame *frame)
{
    while (frame->at < frame->end) {
        unsigned char byte = (unsigned char)frame->text.data[frame->at];
        Str word = word_at(frame->text, frame->at, frame->end);
        bool comment = byte == '/' && frame->at + 1 < frame->end &&
                       (frame->text.data[frame->at + 1] == '*' ||
                        frame->text.data[frame->at + 1] == '/');
        if (byte == '"' || byte == '\'') {
            frame->at = skip_quoted(frame, frame->at);
        } else if (comment) {
            frame->at = skip_comment(frame, frame->at);
        } else if (word.length && !isdigit(byte)) {
            frame->at += word.length;
            return word;
        } else {
            frame->at += word.length ? word.length : 1;
        }
    }
    return (Str){0};
}

typedef struct Found {
    size_t file;
    size_t offset;
    bool any;
} Found;

/* The `nth` (from 0) spelling of `name` in a macro's body; the last one when there are fewer. */
static Found nth_spelling(const Macros *macros, size_t body, const char *name, unsigned nth)
{
    Frame stack[DEEPEST_NESTING];
    size_t depth = 0;
    Found found = {0};
    unsigned seen = 0;
    stack[depth++] = frame_of(macros, body);
    for (unsigned tokens = 0; depth > 0 && tokens < MOST_TOKENS; tokens++) {
        Frame *top = &stack[depth - 1];
        Str word = next_word(top);
        if (!word.length) {
            depth--;
            continue;
        }
        if (clang_has_word(top->parameters, word))
            continue;
        if (str_eq_c(word, name)) {
            found = (Found){top->file, top->at - word.length, true};
            if (seen++ == nth)
                return found;
        }
        size_t nested = body_named(macros, word);
        if (nested != SIZE_MAX && depth < DEEPEST_NESTING)
            stack[depth++] = frame_of(macros, nested);
    }
    return found;
}

bool macros_locate(Macros *macros, Place use, const char *name, Place *spelled)
{
    uint64_t *index = map_get(&macros->use_at, use_key(use.file, use.offset));
    if (!index)
        return false;
    MacroUse *one = &macros->uses.items[*index];
    Found found = nth_spelling(macros, one->body, name, one->seen++);
    if (!found.any)
        return false;
    *spelled = unit_files_place_at(macros->files, found.file, (unsigned)found.offset);
    return true;
}
