/*
 * Input: an ignore file, a NUL byte, a path. Whatever the patterns, matching ends
 * (the time limit is the oracle for hostile stars), stays inside its bytes, and
 * a path that is a pattern's own plain text is matched by it.
 */
#include "input/ignore.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *split = size ? memchr(data, '\0', size) : NULL;
    Str text = {(const char *)data, split ? (size_t)(split - data) : size};
    Str path = split ? (Str){(const char *)split + 1, size - text.length - 1} : str_lit("a/b");
    Arena arena;
    arena_init(&arena);
    IgnoreRules *rules = ignore_parse(&arena, text);
    ignore_match(rules, path, false);
    ignore_match(rules, path, true);
    glob_match(text, path);
    bool plain = true;
    for (size_t i = 0; i < path.length; i++)
        plain &= !memchr("*?[\\", path.data[i], 4);
    assert(!plain || glob_match(path, path));
    arena_release(&arena);
    return 0;
}
