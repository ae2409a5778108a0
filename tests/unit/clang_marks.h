/*
 * clang_marks.h: what the marks in C and C++ fixtures ask for, and what was found,
 * both as sorted lines "path:line item", so that two strings are compared.
 *
 * A mark is `#! item, item` in a comment; an item is
 * [rival|dependent] read|write|declare MODEL.FIELD [accessor|deprecated], or blind MODEL.
 */
#ifndef STRAGGLER_TESTS_CLANG_MARKS_H
#define STRAGGLER_TESTS_CLANG_MARKS_H

#include "base/array.h"
#include "parse/clang.h"

typedef struct MarkList { ARRAY_OF(char *); } MarkList;

static inline int mark_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Joins and releases. */
static inline char *marks_text(MarkList *list, Arena *arena)
{
    StrBuf text = {0};
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, mark_compare);
    for (size_t i = 0; i < list->count; i++)
        strbuf_printf(&text, "%s\n", list->items[i]);
    char *copy = arena_strdup(arena, text.data, text.length);
    strbuf_release(&text);
    array_release(list);
    return copy;
}

static inline void marks_of_line(MarkList *list, const char *path, unsigned line, Str text,
                                 Arena *arena)
{
    size_t at = str_find(text, str_lit("#! "), 0);
    if (at == SIZE_MAX)
        return;
    Str rest = str_slice(text, at + 3, text.length);
    size_t close = str_find(rest, str_lit("*/"), 0);
    rest = str_slice(rest, 0, close);
    while (rest.length) {
        size_t comma = str_find_byte(rest, ',', 0);
        Str item = str_trim(str_slice(rest, 0, comma));
        array_push(list, arena_printf(arena, "%s:%u %.*s", path, line, STR_ARG(item)));
        rest = comma == SIZE_MAX ? (Str){0} : str_slice(rest, comma + 1, rest.length);
    }
}

/* The marks of `path` below `folder`. */
static inline void marks_of_file(MarkList *list, const char *folder, const char *path, Arena *arena)
{
    FILE *file = fopen(arena_printf(arena, "%s/%s", folder, path), "r");
    char line[1024];
    for (unsigned number = 1; file && fgets(line, sizeof line, file); number++)
        marks_of_line(list, path, number, str_trim(str_of(line)), arena);
    if (file)
        fclose(file);
}

static inline void marks_found(MarkList *list, const ClangRequest *request,
                               const ClangAccesses *found, Arena *arena)
{
    static const char *const kinds[] = {"read", "write", "declare"};
    for (size_t i = 0; i < found->count; i++) {
        const ClangAccess *access = &found->items[i];
        const ClangTarget *target = &request->targets[access->target];
        array_push(list,
                   arena_printf(arena, "%s:%u %s%s%s %s.%s%s%s", access->path, access->line,
                                access->rival ? "rival " : "",
                                access->dependent ? "dependent " : "", kinds[access->kind],
                                target->model, target->fields[access->field],
                                access->accessor_call ? " accessor" : "",
                                access->deprecated ? " deprecated" : ""));
    }
    for (size_t i = 0; i < found->blind_count; i++) {
        const ClangBlindSpot *spot = &found->blind_spots[i];
        array_push(list, arena_printf(arena, "%s:%u blind %s", spot->path, spot->line,
                                      request->targets[spot->target].model));
    }
}

#endif
