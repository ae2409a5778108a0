/*
 * data.h: YAML and JSON files to Facts, for fixtures and the like.
 *
 *     first:                  MAP
 *       email: a@b.c            PAIR first
 *       tags: [x, 1]              MAP                  role=VALUE
 *                                   PAIR email
 *                                     STRING a@b.c     role=VALUE
 *                                   PAIR tags
 *                                     LIST             role=VALUE
 *                                       STRING x       role=ELEMENT
 *                                       LITERAL 1      role=ELEMENT
 *
 * A PAIR's place is its key, without quotes (and without the ":" of ":key");
 * a STRING's is its text without quotes. Each document is a child of FACT_FILE.
 * What such a file means is up to the rule packs.
 */
#ifndef STRAGGLER_PARSE_DATA_H
#define STRAGGLER_PARSE_DATA_H

#include "parse/frontend.h"

/*
 * Lowers a whole file of `format` ("yaml" or "json"). From the first place that
 * cannot be read on, YAML gives one FACT_ERROR; JSON goes on behind the mistake.
 * ERB and other template tags in YAML are left out. Nesting over 256 levels gives
 * PARSE_TOO_DEEP; an unknown format PARSE_FAILED.
 */
ParseResult data_frontend_parse(const char *format, Names *names, Str text, unsigned deadline_ms,
                                Facts *facts, Arena *arena);

#endif
