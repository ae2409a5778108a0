/*
 * Whatever the bytes, every front end leaves a sound tree of facts: pre-order,
 * links that agree, places inside the text, whether bodies are left out or not. The first
 * byte picks the language.
 */
#include "parse/frontend.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEADLINE_MS = 2000 };

typedef struct World {
    Names *names;
    Languages *languages;
    ParserPool *pool;
    SkimWords words;
} World;

/* Made once: loading every language costs more than most inputs. */
static const World *world(void)
{
    static World made;
    if (made.names)
        return &made;
    Diag diag = {0};
    made.names = names_new();
    made.languages = languages_new(made.names, &diag);
    made.pool = parser_pool_new(made.names);
    skim_words_add(&made.words, str_lit("email"), SKIM_WANTED);
    for (size_t i = 0; i < languages_count(made.languages); i++) {
        bool ok = language_prepare(made.languages, languages_at(made.languages, i), &diag);
        assert(ok);
    }
    return &made;
}

static void check(const Facts *facts, size_t length)
{
    uint32_t errors = 0;
    for (NodeId id = 1; id < facts->count; id++) {
        const Node *node = &facts->nodes[id];
        assert(id == 1 ? node->parent == 0 : node->parent > 0 && node->parent < id);
        assert(node->child == 0 || node->child == id + 1);
        assert(node->next == 0 || (node->next > id && node->next < facts->count));
        assert(!node->child || facts->nodes[node->child].parent == id);
        assert(!node->next || facts->nodes[node->next].parent == node->parent);
        assert(node->start <= node->end && node->end <= length);
        assert(node->at <= node->at_end && node->at_end <= length);
        assert(node->kind > FACT_NONE && node->kind < FACT_KIND_COUNT);
        assert(node->role < FACT_ROLE_COUNT);
        errors += node->kind == FACT_ERROR;
    }
    assert(errors == facts->error_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const World *w = world();
    const Language *language =
        languages_at(w->languages, data[0] % languages_count(w->languages));
    Arena arena;
    arena_init(&arena);
    Facts facts;
    Str text = {(const char *)data + 1, size - 1};
    for (int skims = 0; skims < 2; skims++) {
        parser_pool_skim(w->pool, skims ? &w->words : NULL, false, false);
        frontend_parse(w->pool, language, text, DEADLINE_MS, &facts, &arena);
        check(&facts, text.length);
    }
    arena_release(&arena);
    return 0;
}
