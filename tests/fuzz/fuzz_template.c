/*
 * Templates and data files of any bytes. The first byte chooses the reader. Places
 * must lie in the file, and pieces of host code must be the template's bytes.
 */
#include "parse/data.h"
#include "parse/template.h"
#include "parse/template_django.h"

#include <stdlib.h>
#include <string.h>

static const char *const HOSTED[] = {"erb", "ejs", "haml", "slim", "vue", "svelte"};
static const char *const FORMATS[] = {"yaml", "json"};

enum { HOSTED_COUNT = sizeof HOSTED / sizeof *HOSTED };

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void read_hosted(const char *kind, Str text, Arena *arena)
{
    Str host;
    OffsetMap map;
    check(template_to_host(kind, text, &host, &map, arena));
    check(!map.identity || host.length == text.length);
    for (size_t i = 0; i < map.count; i++) {
        const OffsetSegment *segment = &map.segments[i];
        check(segment->source_start + segment->length <= text.length);
        check(memcmp(host.data + segment->host_start, text.data + segment->source_start,
                     segment->length) == 0);
        check(i == 0 || segment[-1].host_start + segment[-1].length < segment->host_start);
    }
}

static void read_facts(unsigned reader, Str text, Arena *arena)
{
    Names *names = names_new();
    Facts facts;
    ParseResult result =
        reader == 0 ? django_frontend_parse(names, text, &facts, arena)
                    : data_frontend_parse(FORMATS[reader - 1], names, text, 1000, &facts, arena);
    for (NodeId id = 1; result != PARSE_FAILED && id < facts.count; id++) {
        const Node *node = &facts.nodes[id], *parent = &facts.nodes[node->parent];
        check(node->start <= node->at && node->at <= node->at_end && node->at_end <= node->end);
        check(node->end <= text.length && node->parent < id);
        check(id == 1 || (parent->start <= node->start && node->end <= parent->end));
    }
    names_free(names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    unsigned reader = data[0] % (HOSTED_COUNT + 3);
    Str text = {(const char *)data + 1, size - 1};
    Arena arena;
    arena_init(&arena);
    if (reader < HOSTED_COUNT)
        read_hosted(HOSTED[reader], text, &arena);
    else
        read_facts(reader - HOSTED_COUNT, text, &arena);
    arena_release(&arena);
    return 0;
}
