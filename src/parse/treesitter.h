/*
 * treesitter.h: the front end for languages whose lowering is data.
 *
 * One TreeSitter per thread keeps a parser for each language. A cursor walks the
 * parsed tree once; each node costs a look-up by symbol id and, when its parent
 * names fields, one by field id.
 */
#ifndef STRAGGLER_PARSE_TREESITTER_H
#define STRAGGLER_PARSE_TREESITTER_H

#include "parse/frontend.h"

typedef struct TreeSitter TreeSitter;

enum {
    TREESITTER_DEPTH_MAX = 20000,   /* levels that are walked; deeper nodes are left out */
    TREESITTER_NODES_MAX = 8000000, /* facts of one file */
};

TreeSitter *treesitter_new(Names *names);
void treesitter_free(TreeSitter *self);

/* frontend_parse for one such language, which must have been prepared. */
ParseResult treesitter_parse(TreeSitter *self, const Language *language, Str text,
                             unsigned deadline_ms, Facts *facts, Arena *arena);

/*
 * Counts how often each pattern of a Lowering fires (see lowering.h), in `hits`,
 * which has lowering->pattern_count places and is kept by the caller. NULL stops.
 */
void treesitter_count(TreeSitter *self, uint32_t *hits);

#endif
