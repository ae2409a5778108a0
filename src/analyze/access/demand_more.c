/*
 * Later rounds: what the resolver could not find is searched for in the bytes that
 * are already there. A search costs a hundredth of parsing what it finds, so needs that
 * many files answer are answered by a few of them, or not at all.
 */
#include "analyze/access/demand_private.h"

#include "analyze/access/lead.h"
#include "analyze/program/naming.h"
#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_PER_ROUND = 400, /* files that one round of needs may add */
    FEW_FILES = 3,        /* that may declare a function which tells nothing when many do */
    CALLER_FILES = 8      /* that tell what a function is given; the others will give the like */
};

static void search_again(void *context, unsigned thread, size_t item)
{
    Search *s = context;
    Source *source = &s->demand->sources->items[item];
    if (s->demand->marks[item].chosen || !source->language)
        return;
    if (source->state == SOURCE_RELEASED)
        source_load(source, s->demand->sources->root_fd);
    if (source->state != SOURCE_LOADED)
        return;
    memset(s->found[thread], 0, s->words * sizeof *s->found[thread]);
    if (!prefilter_scan(s->prefilter, s->scratch[thread], source->text, s->found[thread]))
        return;
    size_t noted = SIZE_MAX; /* a need's literals follow one another */
    for (size_t i = 0; i < s->literals.count; i++) {
        const Literal *literal = &s->literals.items[i];
        if (!search_found(s, thread, literal, source))
            continue;
        if (literal->purpose != PURPOSE_COUNTED) {
            s->file_bits[item] |= 1u << literal->purpose;
        } else if (literal->need != noted) {
            noted = literal->need;
            array_push(&s->hits[thread], ((FileHit){noted, item}));
        }
    }
}

static int by_need(const void *a, const void *b)
{
    const FileHit *x = a, *y = b;
    return x->need != y->need ? (x->need > y->need) - (x->need < y->need)
                              : (x->file > y->file) - (x->file < y->file);
}

/* Chooses by need, in the order of paths: all files when there are few enough, some, or none. */
static void choose_counted(Search *s, const Need *needs)
{
    FileHits *all = &s->hits[0];
    for (unsigned t = 1; t < s->demand->threads; t++) {
        for (size_t i = 0; i < s->hits[t].count; i++)
            array_push(all, s->hits[t].items[i]);
    }
    if (all->count)
        qsort(all->items, all->count, sizeof *all->items, by_need);
    for (size_t from = 0, to = 0; from < all->count; from = to) {
        const Need *need = &needs[all->items[from].need];
        while (to < all->count && all->items[to].need == all->items[from].need)
            to++;
        size_t most = need->kind == NEED_CALLERS    ? CALLER_FILES
                      : to - from <= FEW_FILES      ? FEW_FILES
                                                    : 0;
        for (size_t i = from; i < to && i - from < most; i++)
            s->file_bits[all->items[i].file] |= 1u << PURPOSE_DECLARES;
    }
}

/*
 * A class can inherit from a model only if some class says that it does: as long
 * as no file that is not parsed yet says so, doubts need not be looked into.
 */
static bool is_gated(const Need *need)
{
    return need->doubt && need->language->class_extends.count;
}

static void add_heirs(Search *s, ClassId id)
{
    const Analysis *a = s->demand->analysis;
    Str last = name_last(names_str(a->program->names, a->program->classes.items[id]->name));
    for (size_t m = 0; m < a->models.count; m++) {
        const TargetModel *model = &a->models.items[m];
        bool heir = false;
        for (size_t i = 0; i < model->class_count && !heir; i++)
            heir = program_is_a(a->program, id, model->classes[i]);
        for (size_t l = 0; heir && l < languages_count(s->demand->languages); l++) {
            const Language *language = languages_at(s->demand->languages, l);
            search_add_declarations(s, last, &language->class_extends, language->family,
                                    PURPOSE_EXTENDS);
        }
    }
}

static void add_doubts(Search *s, const Need *needs, size_t count)
{
    bool gated = false;
    for (size_t n = 0; n < count; n++)
        gated |= is_gated(&needs[n]);
    for (ClassId id = 1; gated && id < s->demand->analysis->program->classes.count; id++)
        add_heirs(s, id);
}

/* The purposes that choose a file in this round. */
static uint64_t purposes_that_choose(const Search *s)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < s->demand->sources->count; i++)
        seen |= s->file_bits[i];
    uint64_t chosen = 1u << PURPOSE_DECLARES;
    return seen & 1u << PURPOSE_EXTENDS ? chosen | 1u << PURPOSE_DOUBT : chosen;
}

/* The purposes that choose this file besides, for what else it holds. */
static uint64_t purposes_of_file(const Demand *d, size_t index)
{
    const FileMark *mark = &d->marks[index];
    bool types = mark->accessor || source_is_interface(&d->sources->items[index]);
    return (mark->evidence ? 1u << PURPOSE_ALIAS : 0) |
           (mark->accessor ? 1u << PURPOSE_LEADS : 0) | (types ? 1u << PURPOSE_TYPES : 0);
}

/* What declares a function or class that is needed, by its language and by the packs. */
static void add_declared(Search *s, const Need *need, Purpose purpose)
{
    Str name = names_str(s->demand->analysis->program->names, need->name);
    const char *family = need->language->family;
    const DeclareList *list = need->kind == NEED_CLASS ? &need->language->class_declares
                                                       : &need->language->function_declares;
    search_add_declarations(s, name, list, family, purpose);
    for (size_t p = 0; purpose != PURPOSE_DOUBT && p < s->demand->rules->packs.count; p++) {
        const RulePack *pack = s->demand->rules->packs.items[p];
        if (strcmp(pack->family, family) == 0)
            search_add_declarations(s, name, &pack->declares, family, purpose);
    }
}

static void add_need(Search *s, const Need *need)
{
    static DeclarePattern call = {.after = {"(", 1}}, given = {.after = {" = ", 3}};
    const DeclareList calls = {&call, 1}, assignments = {&given, 1};
    Str name = names_str(s->demand->analysis->program->names, need->name);
    const char *family = need->language ? need->language->family : NULL;
    switch (need->kind) {
    case NEED_MODULE: break; /* chosen by path */
    case NEED_TEXT: search_add_literal(s, name, PREFILTER_WORD, PURPOSE_DECLARES, 0, family); break;
    case NEED_ALIAS: search_add_literal(s, name, PREFILTER_WORD, PURPOSE_ALIAS, 0, family); break;
    case NEED_CALLERS: search_add_declarations(s, name, &calls, family, PURPOSE_COUNTED); break;
    case NEED_GIVEN: search_add_declarations(s, name, &assignments, family, PURPOSE_DECLARES); break;
    case NEED_FEW: add_declared(s, need, PURPOSE_COUNTED); break;
    default: add_declared(s, need, is_gated(need) ? PURPOSE_DOUBT : PURPOSE_DECLARES);
    }
}

static void add_needs(Search *s, const Need *needs, size_t count)
{
    for (size_t n = 0; n < count; n++) {
        size_t first = s->literals.count;
        add_need(s, &needs[n]);
        for (size_t i = first; i < s->literals.count; i++)
            s->literals.items[i].need = n;
    }
}

/* A path's last part without its extension; of an index file, its folder's. */
static Str module_stem(Str path)
{
    size_t end = path.length, start = end;
    while (start && path.data[start - 1] != '/')
        start--;
    size_t dot = str_find_byte(path, '.', start + 1);
    end = dot == SIZE_MAX ? end : dot;
    Str stem = str_slice(path, start, end);
    return str_eq_c(stem, "index") && start ? module_stem(str_slice(path, 0, start - 1)) : stem;
}

/* Chooses the files that imported modules can be. */
static void mark_modules(Search *s, const Need *needs, size_t count)
{
    Names *names = s->demand->analysis->program->names;
    Map stems = {0}; /* stem -> index + 1 of the last need with it */
    uint32_t *before = ARENA_ARRAY(&s->demand->arena, uint32_t, count + 1);
    for (size_t n = 0; n < count; n++) {
        if (needs[n].kind != NEED_MODULE)
            continue;
        Sym key = names_intern(names, module_stem(names_str(names, needs[n].name)));
        uint64_t *last = map_get(&stems, key);
        before[n] = last ? (uint32_t)*last : 0;
        map_put(&stems, key, n + 1);
    }
    for (size_t i = 0; stems.count && i < s->demand->sources->count; i++) {
        const Source *source = &s->demand->sources->items[i];
        if (s->demand->marks[i].chosen || !source->language || source->state != SOURCE_LOADED)
            continue;
        Str path = str_of(source->path);
        Sym stem = names_lookup(names, module_stem(path));
        uint64_t *last = stem ? map_get(&stems, stem) : NULL;
        for (uint32_t n = last ? (uint32_t)*last : 0; n; n = before[n - 1]) {
            if (family_is(source, needs[n - 1].language->family) &&
                path_in_module(path, names_str(names, needs[n - 1].name)))
                s->file_bits[i] |= 1u << PURPOSE_DECLARES;
        }
    }
    map_release(&stems);
}

/*
 * Files that were passed over for want of the model's name may hold a name that leads to it. The
 * shortest are in nearly every file.
 */
static void add_leads(Search *s)
{
    enum { SHORTEST_LEAD = 3 };
    Leads leads = {0};
    if (s->demand->unseen)
        leads_find(s->demand->analysis, &leads);
    for (size_t i = 0; i < leads.count; i++) {
        Str name = names_str(s->demand->analysis->program->names, leads.items[i].name);
        if (name.length >= SHORTEST_LEAD)
            search_add_literal(s, name, PREFILTER_WORD,
                               leads.items[i].kind == LEAD_TYPE ? PURPOSE_TYPES : PURPOSE_LEADS, 0,
                               leads.items[i].family);
    }
    array_release(&leads);
}

static size_t choose(Demand *d, size_t index, uint32_t *out, size_t chosen)
{
    d->marks[index].chosen = true;
    out[chosen] = (uint32_t)index;
    return chosen + 1;
}

/* Those that waited for what the headers say. */
static size_t choose_deferred(Demand *d, uint32_t *out, size_t chosen)
{
    for (size_t i = 0; i < d->sources->count && d->deferred; i++) {
        FileMark *mark = &d->marks[i];
        if (!mark->deferred)
            continue;
        mark->deferred = false;
        mark->may_pass = true;
        d->deferred--;
        if (!mark->chosen)
            chosen = choose(d, i, out, chosen);
    }
    return chosen;
}

size_t demand_more(Demand *d, const Need *needs, size_t count, uint32_t *out, Diag *diag)
{
    if (!count && !d->unseen)
        return choose_deferred(d, out, 0);
    Search s = {.demand = d, .prefilter = prefilter_new(d->bytes)};
    size_t chosen = 0;
    add_leads(&s);
    add_needs(&s, needs, count);
    add_doubts(&s, needs, count);
    if (search_start(&s, diag)) {
        s.file_bits = ARENA_ARRAY(&d->arena, uint64_t, d->sources->count);
        mark_modules(&s, needs, count);
        if (s.literals.count)
            parallel_for(d->threads, d->sources->count, search_again, &s);
        choose_counted(&s, needs);
        uint64_t purposes = purposes_that_choose(&s);
        for (size_t i = 0; i < d->sources->count && chosen < MOST_PER_ROUND; i++) {
            if (!(s.file_bits[i] & (purposes | purposes_of_file(d, i))))
                continue;
            d->unseen -= d->unseen && d->marks[i].accessor;
            d->marks[i].may_pass = !(s.file_bits[i] & purposes);
            chosen = choose(d, i, out, chosen);
        }
        chosen = choose_deferred(d, out, chosen);
    }
    search_end(&s);
    return chosen;
}
