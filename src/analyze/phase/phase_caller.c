/*
 * A write in a helper, whose twin is written by whoever calls it: no straggler as long as every
 * call pairs it. That is only believed when every place that speaks of the helper's name is
 * understood: an unknown receiver, or the name as a symbol (a callback), leaves the write unpaired.
 *
 * One pass over the nodes of all files finds the places, when the first write asks.
 */
#include "analyze/phase/phase_private.h"

static void note_site(Judging *j, FileId file, NodeId node, Sym name)
{
    uint64_t *first = map_get(&j->sites, name);
    if (!first)
        return;
    array_push(&j->site_places, ((Place){file, node}));
    array_push(&j->site_next, (uint32_t)*first);
    map_put(&j->sites, name, j->site_places.count);
}

static bool speaks_of_function(const Node *node)
{
    return node->kind == FACT_CALL || node->kind == FACT_MEMBER || node->kind == FACT_NAME ||
           node->kind == FACT_SYMBOL;
}

static void find_sites(Judging *j)
{
    const Program *program = j->analysis->program;
    for (size_t i = 0; i < j->analysis->hits.count; i++) {
        const Hit *hit = &j->analysis->hits.items[i];
        NodeId function = program_enclosing_function(program, hit->file, hit->node);
        Sym name = function ? program_node(program, hit->file, function)->name : 0;
        if (name && hit->kind == ACCESS_WRITE)
            map_put(&j->sites, name, 0);
    }
    for (FileId f = 1; f < program->files.count; f++) {
        const Facts *facts = &program->files.items[f]->facts;
        for (NodeId id = 1; id < facts->count; id++) {
            if (speaks_of_function(&facts->nodes[id]) && facts->nodes[id].name)
                note_site(j, f, id, facts->nodes[id].name);
        }
    }
}

typedef enum SiteKind { SITE_OTHER, SITE_CALL, SITE_UNKNOWN } SiteKind;

static SiteKind site_kind(const Judging *j, Place site, Place function)
{
    const Node *node = program_node(j->analysis->program, site.file, site.node);
    Place callee;
    if (node->kind == FACT_SYMBOL)
        return SITE_UNKNOWN;
    if (!pair_callee(j, site.file, site.node, &callee))
        return node->kind == FACT_CALL ? SITE_UNKNOWN : SITE_OTHER;
    return callee.file == function.file && callee.node == function.node ? SITE_CALL : SITE_OTHER;
}

bool callers_pair(Judging *j, const Hit *hit)
{
    const Program *program = j->analysis->program;
    Place function = {hit->file, program_enclosing_function(program, hit->file, hit->node)};
    Sym name = function.node ? program_node(program, function.file, function.node)->name : 0;
    bool called = false;
    if (!name)
        return false;
    if (!j->sites.count)
        find_sites(j);
    uint64_t *first = map_get(&j->sites, name);
    for (uint32_t i = first ? (uint32_t)*first : 0; i; i = j->site_next.items[i - 1]) {
        Place site = j->site_places.items[i - 1];
        SiteKind kind = site_kind(j, site, function);
        if (kind == SITE_OTHER)
            continue;
        if (kind == SITE_UNKNOWN || !pair_stands_at(j, hit, site.file, site.node, true))
            return false;
        called = true;
    }
    return called;
}

void phase_ask(Analysis *analysis, const Judge *judge, Confidence weakest)
{
    Judging j = {.analysis = analysis, .judge = judge, .weakest = weakest};
    pair_prepare(&j);
    for (size_t i = 0; i < analysis->hits.count; i++) {
        const Hit *hit = &analysis->hits.items[i];
        const Migration *migration = hit_migration(&j, hit);
        if (hit->kind != ACCESS_WRITE || hit->confidence > weakest ||
            !phase_severity(judge->config, migration, "unpaired-write") ||
            pair_stands_at(&j, hit, hit->file, hit->node, false) || !callers_pair(&j, hit))
            continue;
        NodeId function = program_enclosing_function(analysis->program, hit->file, hit->node);
        resolver_need(analysis->resolver, NEED_TEXT,
                      program_node(analysis->program, hit->file, function)->name, hit->file);
    }
    pair_release(&j);
}

void callers_release(Judging *j)
{
    map_release(&j->sites);
    array_release(&j->site_places);
    array_release(&j->site_next);
}
