/*
 * Any bytes give a tree or a message, never both, and the tree's places lie in the text.
 */
#include "base/yaml.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena;
    arena_init(&arena);
    Diag diag = {0};
    const YamlNode *root = yaml_parse("fuzz.yml", (Str){(const char *)data, size}, &arena, &diag);
    assert(!root == diag.failed);
    if (root) {
        assert(root->line >= 1 && root->line <= size + 1);
        assert(root->column >= 1 && root->column <= size + 1);
        for (size_t i = 0; i < root->count; i++)
            assert(root->items[i]->column <= size + 1);
    }
    arena_release(&arena);
    return 0;
}
