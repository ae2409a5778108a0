/*
 * A copy is made only when some pattern matches; most files are parsed as they
 * are. Every match is looked for in the original text: blanks never make new ones.
 */
#include "parse/blank.h"

#include <string.h>

Str blank_text(const BlankList *list, Str text, Arena *arena)
{
    char *copy = NULL;
    for (size_t i = 0; i < list->count; i++) {
        RegexMatch match;
        for (size_t at = 0; regex_next(list->items[i], text, at, &match); at = match.end[0]) {
            if (match.count < 2 || match.start[1] == SIZE_MAX)
                continue;
            if (!copy)
                copy = arena_strdup(arena, text.data, text.length);
            memset(copy + match.start[1], ' ', match.end[1] - match.start[1]);
            if (match.start[1] == match.end[1] && match.count > 2 && match.start[2] != SIZE_MAX)
                copy[match.start[2]] = ';';
        }
    }
    return copy ? (Str){copy, text.length} : text;
}
