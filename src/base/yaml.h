/*
 * yaml.h: YAML as a tree with positions, read through libyaml's event API.
 *
 * Refuses what our files never need and attackers like: anchors, aliases, tags,
 * duplicate keys, more than 64 levels, 1 MiB or 100,000 events, invalid UTF-8.
 * All memory comes from the caller's arena; strings borrow from it.
 *
 *     const YamlNode *root = yaml_parse(path, text, &arena, &diag);
 *     if (!root) return false;                                   // diag tells file:line:column
 *     const YamlNode *phase = yaml_get(root, "phase");
 */
#ifndef STRAGGLER_BASE_YAML_H
#define STRAGGLER_BASE_YAML_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"

typedef enum YamlKind { YAML_SCALAR_NODE, YAML_LIST_NODE, YAML_MAP_NODE } YamlKind;

typedef struct YamlNode {
    YamlKind kind;
    bool quoted;           /* scalar written in quotes or as a block */
    unsigned line, column; /* 1-based */
    Str text;              /* scalar */
    struct YamlNode **items; /* list: items; map: values */
    struct YamlNode **keys;  /* map: scalar keys, same order as written */
    size_t count;
} YamlNode;

/* `path` is kept for messages. Returns NULL after setting diag. An empty document is an empty map. */
const YamlNode *yaml_parse(const char *path, Str text, Arena *arena, Diag *diag);

/* The value of `key` in a map; NULL when absent or when `node` is NULL or no map. */
const YamlNode *yaml_get(const YamlNode *node, const char *key);

/* Fails, naming the first key of map `node` that is not in `allowed` (NULL-terminated), with a "did you mean". */
bool yaml_check_keys(const YamlNode *node, const char *path, const char *const *allowed, Diag *diag);

/* Fails unless node has the kind; `what` names it in the message ("`phase` must be a text"). */
bool yaml_expect(const YamlNode *node, const char *path, YamlKind kind, const char *what, Diag *diag);

/* Reads true/false. */
bool yaml_bool(const YamlNode *node, const char *path, bool *value, Diag *diag);

#endif
