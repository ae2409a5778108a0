/*
 * blank.h: text that a grammar cannot read is blanked before it is parsed.
 *
 * `blank:` in language.yml lists patterns; what their first group matches
 * becomes spaces, or, if it is
 * empty, the first byte of the second becomes a semicolon, so offsets stay. C++ needs it for `class EXPORT_MACRO Name {`,
 * which its grammar takes for a function.
 */
#ifndef STRAGGLER_PARSE_BLANK_H
#define STRAGGLER_PARSE_BLANK_H

#include "base/arena.h"
#include "base/pattern.h"

typedef struct BlankList {
    Regex **items;
    size_t count;
} BlankList;

/* `text` itself when nothing matches, else a copy from `arena` of the same length. */
Str blank_text(const BlankList *list, Str text, Arena *arena);

#endif
