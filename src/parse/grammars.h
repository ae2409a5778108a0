/*
 * grammars.h: the generated parsers that are compiled in.
 *
 * The table is made by the build from `parser:` and `source:` of each
 * grammars/<language>/language.yml, so a new language touches no C.
 */
#ifndef STRAGGLER_PARSE_GRAMMARS_H
#define STRAGGLER_PARSE_GRAMMARS_H

#include <tree_sitter/api.h>

/* The grammar that `symbol` ("tree_sitter_ruby") names; NULL if it was not compiled in. */
const TSLanguage *embedded_grammar(const char *symbol);

#endif
