/*
 * lowering_load.h: the state of reading one language.yml. Private to lowering*.c.
 */
#ifndef STRAGGLER_PARSE_LOWERING_LOAD_H
#define STRAGGLER_PARSE_LOWERING_LOAD_H

#include "base/array.h"
#include "base/yaml.h"
#include "parse/lowering.h"

typedef struct Loader {
    Lowering *lowering;
    const Languages *languages;
    Names *names;
    Arena *arena;
    Diag *diag;
    const char *path; /* of the file being read */
    bool lenient;     /* in a base: unknown kinds and fields are left out */
    const char *node; /* of the mapping being read, for patterns */
    Map symbols;      /* (name, named) -> first symbol */
    struct {
        ARRAY_OF(Pattern);
    } patterns;
} Loader;

/* "unknown WHAT `text`", at the place of `at`. Returns false. */
bool loader_fail(Loader *l, const YamlNode *at, const char *what, Str text);

/* The key in Loader.symbols. */
uint64_t loader_symbol_key(Sym name, bool named);

/* Reads `kind: mapping` of `nodes:`. */
bool loader_read_node(Loader *l, const YamlNode *key, const YamlNode *value);

#endif
