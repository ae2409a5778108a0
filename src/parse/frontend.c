/*
 * The table of front ends. Each turns a file's bytes into the same facts; adding
 * one is a function and a row.
 */
#include "parse/frontend.h"

#include "parse/data.h"
#include "parse/sql.h"
#include "parse/template.h"
#include "parse/template_django.h"
#include "parse/treesitter.h"

#include <stdlib.h>
#include <string.h>

struct ParserPool {
    Names *names;
    TreeSitter *treesitter;
};

typedef ParseResult (*FrontendParse)(ParserPool *pool, const Language *language, Str text,
                                     unsigned deadline_ms, Facts *facts, Arena *arena);

const char *parse_result_name(ParseResult result)
{
    static const char *const names[] = {
#define X(name, text) text,
        PARSE_RESULTS(X)
#undef X
    };
    return names[result];
}

ParserPool *parser_pool_new(Names *names)
{
    ParserPool *pool = mem_alloc(sizeof *pool);
    *pool = (ParserPool){.names = names, .treesitter = treesitter_new(names)};
    return pool;
}

void parser_pool_free(ParserPool *pool)
{
    if (!pool)
        return;
    treesitter_free(pool->treesitter);
    free(pool);
}

static ParseResult parse_treesitter(ParserPool *pool, const Language *language, Str text,
                                    unsigned deadline_ms, Facts *facts, Arena *arena)
{
    return treesitter_parse(pool->treesitter, language, text, deadline_ms, facts, arena);
}

/* Brings the places of the host code back to the template's bytes. */
static void map_places(Facts *facts, const OffsetMap *map)
{
    for (NodeId id = 1; id < facts->count; id++) {
        Node *node = &facts->nodes[id];
        node->flags |= FLAG_TEMPLATE;
        if (map->identity)
            continue;
        node->start = offset_map_source(map, node->start);
        node->end = offset_map_source(map, node->end);
        node->at = offset_map_source(map, node->at);
        node->at_end = offset_map_source(map, node->at_end);
    }
}

static ParseResult parse_template(ParserPool *pool, const Language *language, Str text,
                                  unsigned deadline_ms, Facts *facts, Arena *arena)
{
    Str host;
    OffsetMap map;
    if (!template_to_host(language->template_kind, text, &host, &map, arena))
        return PARSE_FAILED;
    ParseResult result =
        treesitter_parse(pool->treesitter, language->host_language, host, deadline_ms, facts,
                         arena);
    map_places(facts, &map);
    if (facts->count > 1) { /* pieces of a template may be moved, the file is still all of it */
        Node *file = &facts->nodes[1];
        file->start = file->at = 0;
        file->end = file->at_end = (uint32_t)text.length;
    }
    return result;
}

static ParseResult parse_django(ParserPool *pool, const Language *language, Str text,
                                unsigned deadline_ms, Facts *facts, Arena *arena)
{
    (void)language, (void)deadline_ms; /* linear: ends in time */
    return django_frontend_parse(pool->names, text, facts, arena);
}

static ParseResult parse_data(ParserPool *pool, const Language *language, Str text,
                              unsigned deadline_ms, Facts *facts, Arena *arena)
{
    return data_frontend_parse(language->data_format, pool->names, text, deadline_ms, facts,
                               arena);
}

static ParseResult parse_sql(ParserPool *pool, const Language *language, Str text,
                             unsigned deadline_ms, Facts *facts, Arena *arena)
{
    (void)language, (void)deadline_ms; /* linear: ends in time */
    return sql_frontend_parse(pool->names, text, facts, arena);
}

/* Languages we do not read: the file is there, and its bytes can be searched. */
static ParseResult parse_text(ParserPool *pool, const Language *language, Str text,
                              unsigned deadline_ms, Facts *facts, Arena *arena)
{
    (void)language, (void)deadline_ms;
    FactBuilder builder;
    fact_builder_init(&builder, facts, arena, pool->names);
    fact_add(&builder, 0, FACT_FILE, ROLE_NONE, 0, (uint32_t)text.length);
    return PARSE_OK;
}

static const struct {
    const char *name;
    FrontendParse parse;
} FRONTENDS[] = {
    {"tree-sitter", parse_treesitter},
    {"template", parse_template},
    {"django-template", parse_django},
    {"data", parse_data},
    {"sql", parse_sql},
    {"text", parse_text},
};

ParseResult frontend_parse(ParserPool *pool, const Language *language, Str text,
                           unsigned deadline_ms, Facts *facts, Arena *arena)
{
    for (size_t i = 0; i < sizeof FRONTENDS / sizeof *FRONTENDS; i++) {
        if (strcmp(language->frontend, FRONTENDS[i].name) == 0)
            return FRONTENDS[i].parse(pool, language, text, deadline_ms, facts, arena);
    }
    *facts = (Facts){.count = 1};
    return PARSE_FAILED;
}
