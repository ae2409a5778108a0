/*
 * The table of front ends. Each turns a file's bytes into the same facts; adding
 * one is a function and a row.
 */
#include "parse/frontend.h"

#include "parse/data.h"
#include "parse/lowering.h"
#include "parse/sql.h"
#include "parse/template.h"
#include "parse/template_django.h"
#include "parse/treesitter.h"

#include <stdlib.h>
#include <string.h>

struct ParserPool {
    Names *names;
    TreeSitter *treesitter;
    const SkimWords *wanted; /* NULL: files are parsed whole */
    bool in_strings, may_pass;
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

void parser_pool_skim(ParserPool *pool, const SkimWords *wanted, bool in_strings, bool may_pass)
{
    pool->wanted = wanted;
    pool->in_strings = in_strings;
    pool->may_pass = may_pass;
}

bool frontend_follow(const Language *language, Str text, SkimWords *wanted)
{
    return language->lowering && skim_words_follow(&language->lowering->skim, text, wanted);
}

/* Brings the places of the host code back to the bytes it was made of. */
static void map_places(Facts *facts, const OffsetMap *map, size_t length, uint32_t flags)
{
    for (NodeId id = 1; id < facts->count; id++) {
        Node *node = &facts->nodes[id];
        node->flags |= flags;
        if (map->identity)
            continue;
        node->start = offset_map_source(map, node->start);
        node->end = offset_map_source(map, node->end);
        node->at = offset_map_source(map, node->at);
        node->at_end = offset_map_source(map, node->at_end);
    }
    if (facts->count > 1) { /* pieces may be moved or missing, the file is still all of it */
        Node *file = &facts->nodes[1];
        file->start = file->at = 0;
        file->end = file->at_end = (uint32_t)length;
    }
}

/*
 * Collects the cuts where the parser found no block, list or switch that ends there: it does not
 * take for a body what was taken for one, or looks into none there (friend functions in C++).
 */
static void doubt_cuts(const Facts *facts, const Skimmed *left, SkimBraces *doubted)
{
    Map starts = {0}; /* by the end of what braces may hold */
    for (NodeId id = 1; id < facts->count; id++) {
        const Node *node = &facts->nodes[id];
        bool braced = node->kind == FACT_BLOCK || node->kind == FACT_NEW || node->kind == FACT_SWITCH;
        if (braced && node->end && !map_get(&starts, node->end))
            map_put(&starts, node->end, node->start);
    }
    for (size_t i = 0; i < left->cut_count; i++) {
        const uint64_t *start = map_get(&starts, left->cuts[i].host_end);
        if (!start || *start > left->cuts[i].host)
            array_push(doubted, left->cuts[i].source);
    }
    map_release(&starts);
}

/*
 * Gives FAILED when the facts of a skimmed text cannot be trusted, with the cuts that are to be
 * left in, or when nothing is cut.
 */
static ParseResult parse_skimmed(ParserPool *pool, const Language *language, Str text,
                                 unsigned deadline_ms, SkimBraces *left_in, Facts *facts,
                                 Arena *arena)
{
    Skimmed left;
    SkimAsk ask = {.words = pool->wanted,
                   .in_strings = pool->in_strings,
                   .implicit_self = language->implicit_self,
                   .left_in = left_in};
    SkimBraces doubted = {0};
    if (!skim_text(&language->lowering->skim, text, &ask, &left, arena))
        return PARSE_FAILED;
    if (left.idle && pool->may_pass) {
        *facts = (Facts){.count = 1};
        return PARSE_PASSED;
    }
    if (treesitter_parse(pool->treesitter, language, left.host, deadline_ms, facts, arena) != PARSE_OK)
        return PARSE_FAILED;
    doubt_cuts(facts, &left, &doubted);
    bool good = !doubted.count;
    if (good)
        map_places(facts, &left.map, text.length, 0);
    array_release(left_in);
    *left_in = doubted;
    return good ? PARSE_OK : PARSE_FAILED;
}

/*
 * Where the parser sees something else than the skimmer did, the text is parsed again with
 * those bodies, and at last whole.
 */
static ParseResult parse_treesitter(ParserPool *pool, const Language *language, Str text,
                                    unsigned deadline_ms, Facts *facts, Arena *arena)
{
    SkimBraces left_in = {0};
    ParseResult result = PARSE_FAILED;
    if (pool->wanted)
        result = parse_skimmed(pool, language, text, deadline_ms, &left_in, facts, arena);
    if (result == PARSE_FAILED && left_in.count)
        result = parse_skimmed(pool, language, text, deadline_ms, &left_in, facts, arena);
    array_release(&left_in);
    return result != PARSE_FAILED
               ? result
               : treesitter_parse(pool->treesitter, language, text, deadline_ms, facts, arena);
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
    map_places(facts, &map, text.length, FLAG_TEMPLATE);
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
