/*
 * excerpt.h: a source line with a marked part, cut and masked for a terminal.
 */
#ifndef STRAGGLER_OUTPUT_EXCERPT_H
#define STRAGGLER_OUTPUT_EXCERPT_H

#include "base/str.h"

typedef struct Excerpt {
    StrBuf text;            /* printable UTF-8; "..." where the line was cut */
    uint32_t caret_column;  /* terminal columns before the marked part */
    uint32_t caret_width;   /* terminal columns of the marked part, at least 1 */
} Excerpt;

/*
 * Marks bytes [from, to) of `line` (clamped), showing at most `width` terminal
 * columns around them. Tabs become four blanks.
 */
void excerpt_make(Excerpt *excerpt, Str line, size_t from, size_t to, uint32_t width);
void excerpt_release(Excerpt *excerpt);

#endif
