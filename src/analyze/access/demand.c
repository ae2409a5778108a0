/*
 * Parsing costs a hundred times as much per byte as searching, so everything
 * is decided by searching. For a common field name (a third of all files may
 * hold `name`), a file with an accessor but no evidence name of the model can
 * only hold `possible` accesses: it is counted, not parsed, unless asked for.
 */
#include "analyze/access/demand.h"

#include "analyze/access/lead.h"
#include "analyze/program/filerule.h"
#include "analyze/program/naming.h"
#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

enum {
    RARE_FILES = 200,       /* a name in fewer files is always parsed everywhere */
    MOST_PER_ROUND = 400,   /* files that one round of needs may add */
    MOST_LITERALS = 4000,
    USUAL_FILE = 6 << 10, /* bytes; sizes are not known before files are read */
    KEPT_BYTES = 512 << 20, /* file contents kept in memory between rounds */
    FEW_FILES = 3,
    THREADS_MAX = 64
};

typedef enum Purpose {
    PURPOSE_ACCESSOR,
    PURPOSE_EVIDENCE,
    PURPOSE_DECLARES,
    PURPOSE_DOUBT,   /* declares a class that matters only if it inherits from a model */
    PURPOSE_ALIAS,   /* another name of a field: chosen if the file names the model too */
    PURPOSE_EXTENDS, /* inherits from a model, or from a class that does */
    PURPOSE_LEADS,   /* names what gives an object of the model */
    PURPOSE_FEW,     /* declares a function that counts only if few files do */
    PURPOSE_PACK
} Purpose;

typedef struct Literal {
    uint32_t number;
    Purpose purpose;
    size_t pack;
    size_t few; /* FEW: index into `few` of the search */
    const char *family; /* NULL: any */
    Str line, text;     /* what a line that has the text must begin with; empty: anything */
} Literal;

/* The files found for one function that only a few may declare. */
typedef struct Few {
    _Atomic uint32_t count;
    uint32_t files[FEW_FILES];
} Few;

typedef struct Search {
    Demand *demand;
    Prefilter *prefilter;
    struct { ARRAY_OF(Literal); } literals;
    PrefilterScratch *scratch[THREADS_MAX];
    uint64_t *found[THREADS_MAX];
    size_t words;
    Few *few;            /* later rounds: by need */
    uint64_t *file_bits; /* later rounds: by source, the purposes of what was found */
    _Atomic uint64_t bytes, kept;
    bool *pack_seen; /* per thread and pack */
} Search;

void demand_init(Demand *d, SourceList *sources, const Languages *languages, RuleSet *rules,
                 const Analysis *analysis, unsigned threads)
{
    *d = (Demand){.sources = sources,
                  .languages = languages,
                  .analysis = analysis,
                  .rules = rules,
                  .threads = threads > THREADS_MAX ? THREADS_MAX : threads};
    arena_init(&d->arena);
    d->marks = ARENA_ARRAY(&d->arena, FileMark, sources->count + 1);
    d->detected = ARENA_ARRAY(&d->arena, bool, rules->packs.count + 1);
}

void demand_release(Demand *d)
{
    arena_release(&d->arena);
}

static void add_literal(Search *s, Str text, unsigned flags, Purpose purpose, size_t pack,
                        const char *family)
{
    if (!text.length || s->literals.count >= MOST_LITERALS)
        return;
    uint32_t number = prefilter_add(s->prefilter, text, flags);
    array_push(&s->literals, ((Literal){.number = number, .purpose = purpose, .pack = pack, .family = family}));
}

static void add_filtered(Search *s, Str name, void (*filter)(Str, StrBuf *), Purpose purpose)
{
    StrBuf buf = {0};
    filter(name, &buf);
    add_literal(s, strbuf_str(&buf), PREFILTER_WORD, purpose, 0, NULL);
    strbuf_release(&buf);
}

static void lower_camel(Str name, StrBuf *out)
{
    name_camel(name, false, out);
}

static void snake_plural(Str name, StrBuf *out)
{
    StrBuf snake = {0};
    name_snake(name, &snake);
    name_plural(strbuf_str(&snake), out);
    strbuf_release(&snake);
}

/* Variables that end with the model's name: current_user. */
static void add_suffix(Search *s, Str name)
{
    StrBuf buf = {0};
    strbuf_add_byte(&buf, '_');
    name_snake(name, &buf);
    add_literal(s, strbuf_str(&buf), PREFILTER_WORD_END, PURPOSE_EVIDENCE, 0, NULL);
    strbuf_release(&buf);
}

static void add_declarations(Search *s, Str name, const DeclareList *list, const char *family,
                             Purpose purpose)
{
    for (size_t i = 0; i < list->count; i++) {
        StrBuf buf = {0};
        strbuf_add_str(&buf, list->items[i].before);
        strbuf_add_str(&buf, name);
        strbuf_add_str(&buf, list->items[i].after);
        unsigned flags = list->items[i].after.length ? 0 : PREFILTER_WORD_END;
        size_t count = s->literals.count;
        add_literal(s, strbuf_str(&buf), flags, purpose, 0, family);
        if (list->items[i].line.length && s->literals.count > count) {
            Arena *arena = &s->demand->arena;
            s->literals.items[count].line = list->items[i].line;
            s->literals.items[count].text =
                (Str){arena_strdup(arena, buf.data, buf.length), buf.length};
        }
        strbuf_release(&buf);
    }
}

static void add_lookups(Search *s, Str field)
{
    for (size_t p = 0; p < s->demand->rules->packs.count; p++) {
        Str separator = s->demand->rules->packs.items[p]->lookup;
        if (!separator.length)
            continue;
        StrBuf before = {0}, after = {0};
        strbuf_add_str(&before, separator);
        strbuf_add_str(&before, field);
        strbuf_add_str(&after, field);
        strbuf_add_str(&after, separator);
        add_literal(s, strbuf_str(&before), PREFILTER_WORD_END, PURPOSE_ACCESSOR, 0, NULL);
        add_literal(s, strbuf_str(&after), PREFILTER_WORD_START, PURPOSE_ACCESSOR, 0, NULL);
        strbuf_release(&before);
        strbuf_release(&after);
    }
}

static void add_target_literals(Search *s)
{
    const Analysis *a = s->demand->analysis;
    const Names *names = a->program->names;
    for (size_t i = 0; i < a->accessors.count; i++) {
        if (accessor_has_uses(&a->accessors.items[i]))
            add_literal(s, names_str(names, a->accessors.items[i].name), PREFILTER_WORD,
                        PURPOSE_ACCESSOR, 0, NULL);
    }
    for (size_t i = 0; i < a->fields.count; i++)
        add_lookups(s, names_str(names, a->fields.items[i].name));
    for (size_t i = 0; i < a->models.count; i++) {
        Str last = names_str(names, a->models.items[i].last);
        add_literal(s, last, PREFILTER_WORD_START, PURPOSE_EVIDENCE, 0, NULL);
        add_literal(s, names_str(names, a->models.items[i].table), PREFILTER_WORD, PURPOSE_EVIDENCE,
                    0, NULL);
        add_filtered(s, last, name_snake, PURPOSE_EVIDENCE);
        add_filtered(s, last, lower_camel, PURPOSE_EVIDENCE);
        add_filtered(s, last, snake_plural, PURPOSE_EVIDENCE);
        add_suffix(s, last);
        for (size_t l = 0; l < languages_count(s->demand->languages); l++) {
            const Language *language = languages_at(s->demand->languages, l);
            add_declarations(s, last, &language->class_declares, language->family,
                             PURPOSE_DECLARES);
        }
    }
    for (size_t p = 0; p < s->demand->rules->packs.count; p++) {
        const RulePack *pack = s->demand->rules->packs.items[p];
        for (size_t i = 0; i < pack->detect.count; i++)
            add_literal(s, pack->detect.items[i], 0, PURPOSE_PACK, p, pack->family);
    }
}

/* Calls that save, and the classes whose objects are saved. */
static void add_save_literals(Search *s)
{
    const RuleSet *rules = s->demand->rules;
    for (size_t i = 0; i < rules->sections[RULE_SAVE].count; i++) {
        const Rule *rule = rules->sections[RULE_SAVE].items[i];
        for (size_t n = 0; n < rule->names.count; n++) {
            bool saves = rule->does & DOES_SAVES;
            if (saves && str_find_byte(rule->names.items[n], '{', 0) == SIZE_MAX)
                add_literal(s, rule->names.items[n], PREFILTER_WORD, PURPOSE_ACCESSOR, 0,
                            rule->pack->family);
        }
    }
    for (size_t i = 0; i < rules->sections[RULE_MODEL].count; i++) {
        const Rule *rule = rules->sections[RULE_MODEL].items[i];
        for (size_t n = 0; n < rule->supertypes.count; n++)
            add_literal(s, rule->supertypes.items[n], PREFILTER_WORD, PURPOSE_DECLARES, 0,
                        rule->pack->family);
        for (size_t n = 0; n < rule->decorators.count; n++)
            add_literal(s, rule->decorators.items[n], PREFILTER_WORD, PURPOSE_DECLARES, 0,
                        rule->pack->family);
    }
}

static bool start_search(Search *s, Diag *diag)
{
    if (!prefilter_compile(s->prefilter, diag))
        return false;
    s->words = prefilter_count(s->prefilter) / 64 + 1;
    for (unsigned t = 0; t < s->demand->threads; t++) {
        s->scratch[t] = prefilter_scratch_new(s->prefilter);
        s->found[t] = ARENA_ARRAY(&s->demand->arena, uint64_t, s->words);
    }
    return true;
}

static void end_search(Search *s)
{
    for (unsigned t = 0; t < s->demand->threads; t++) {
        if (s->scratch[t])
            prefilter_scratch_free(s->scratch[t]);
    }
    prefilter_free(s->prefilter);
    array_release(&s->literals);
}

static bool family_is(const Source *source, const char *family)
{
    return !family || (source->language && strcmp(source->language->family, family) == 0);
}

/* True when a line that begins as the literal asks holds its text as a word. */
static bool stands_in_line(const Literal *literal, Str text)
{
    for (size_t at = str_find(text, literal->text, 0); at != SIZE_MAX;
         at = str_find(text, literal->text, at + 1)) {
        size_t start = at;
        while (start && text.data[start - 1] != '\n')
            start--;
        while (start < at && (text.data[start] == ' ' || text.data[start] == '\t'))
            start++;
        if ((!at || !byte_is_word((unsigned char)text.data[at - 1])) &&
            str_eq(str_slice(text, start, start + literal->line.length), literal->line))
            return true;
    }
    return false;
}

static bool is_found(const Search *s, unsigned thread, const Literal *literal, const Source *source)
{
    return s->found[thread][literal->number / 64] >> (literal->number % 64) & 1 &&
           family_is(source, literal->family) &&
           (!literal->line.length || stands_in_line(literal, source->text));
}

static void mark_file(Search *s, unsigned thread, size_t item)
{
    Source *source = &s->demand->sources->items[item];
    FileMark *mark = &s->demand->marks[item];
    for (size_t i = 0; i < s->literals.count; i++) {
        const Literal *literal = &s->literals.items[i];
        if (!is_found(s, thread, literal, source))
            continue;
        switch (literal->purpose) {
        case PURPOSE_ACCESSOR: mark->accessor = true; break;
        case PURPOSE_EVIDENCE: mark->evidence = true; break;
        case PURPOSE_DECLARES: mark->declares = true; break;
        case PURPOSE_PACK: s->demand->detected[literal->pack] = true; break;
        case PURPOSE_DOUBT:
        case PURPOSE_ALIAS:
        case PURPOSE_LEADS:
        case PURPOSE_FEW:
        case PURPOSE_EXTENDS: break; /* of later rounds */
        }
    }
}

/* Reads a file that is to be searched. False when there is nothing to search. */
static bool load_source(Source *source, int root)
{
    if (source->state != SOURCE_UNREAD && source->state != SOURCE_LOADED &&
        source->state != SOURCE_SET_ASIDE)
        return false;
    if (source->state == SOURCE_SET_ASIDE || !source_load(source, root)) {
        /* searched all the same: a file that holds the name makes the run incomplete */
        if (!source_load_refused(source, root))
            return false;
    }
    if (source->language && !language_fits(source->language, source->text))
        source->language = NULL;
    return true;
}

static void search_file(void *context, unsigned thread, size_t item)
{
    Search *s = context;
    Source *source = &s->demand->sources->items[item];
    if (!load_source(source, s->demand->sources->root_fd))
        return;
    memset(s->found[thread], 0, s->words * sizeof *s->found[thread]);
    size_t hits = prefilter_scan(s->prefilter, s->scratch[thread], source->text, s->found[thread]);
    s->bytes += source->text.length;
    if (hits)
        mark_file(s, thread, item);
    if (hits && source->language && source->language->minified && !source->named &&
        !source->refused && source_is_minified(source)) {
        source_release(source);
        source->state = SOURCE_MINIFIED;
        return;
    }
    bool keep = source->language && !source->refused && (s->kept += source->text.length) < KEPT_BYTES;
    bool chosen = s->demand->marks[item].accessor || s->demand->marks[item].declares;
    if (source->refused || (!keep && !chosen))
        source_release(source);
}

bool demand_search(Demand *d, Diag *diag)
{
    if (!d->sources->count)
        return true;
    Search s = {.demand = d, .prefilter = prefilter_new(d->sources->count * (uint64_t)USUAL_FILE)};
    add_target_literals(&s);
    if (d->saves)
        add_save_literals(&s);
    bool ok = start_search(&s, diag);
    if (ok)
        parallel_for(d->threads, d->sources->count, search_file, &s);
    d->bytes = s.bytes;
    end_search(&s);
    for (size_t i = 0; i < d->sources->count; i++)
        d->accessor_files += d->marks[i].accessor;
    for (size_t i = 0; i < d->sources->count; i++)
        d->declared |= d->marks[i].declares;
    return ok;
}

/* True for a file that declares what others use (a header). */
static bool is_interface(const Source *source)
{
    Str path = str_of(source->path);
    const Language *language = source->language;
    for (size_t i = 0; language && i < language->interfaces.count; i++) {
        Str extension = language->interfaces.items[i];
        size_t dot = path.length > extension.length ? path.length - extension.length - 1 : 0;
        if (dot && path.data[dot] == '.' &&
            str_eq(str_slice(path, dot + 1, path.length), extension))
            return true;
    }
    return false;
}

/* True when a file is wanted in the first round, as far as its names tell. */
static bool is_wanted(Demand *d, size_t index, bool want_possible)
{
    const FileMark *mark = &d->marks[index];
    if (mark->declares)
        return true;
    bool rare = d->accessor_files <= RARE_FILES;
    if (mark->evidence && (!rare || !d->declared) && is_interface(&d->sources->items[index]))
        return true; /* it may tell another name of the model, or who has a member of it */
    if (mark->accessor && (rare || want_possible || mark->evidence))
        return true;
    d->unseen += mark->accessor;
    return false;
}

/* True when a file can be read: in a known language, or data in a place that a rule knows. */
static bool is_readable(const Demand *d, const Source *source)
{
    Captures captures;
    if (!source->language || source->state != SOURCE_LOADED)
        return false;
    return strcmp(source->language->frontend, "data") != 0 ||
           filerule_next(d->rules, NULL, source->path, NULL, &captures) != NULL;
}

size_t demand_first(Demand *d, bool want_possible, uint32_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < d->sources->count; i++) {
        FileMark *mark = &d->marks[i];
        Source *source = &d->sources->items[i];
        if (!is_wanted(d, i, want_possible))
            continue;
        if (!source->language && mark->evidence)
            source->language = languages_named(d->languages, "text");
        if (!is_readable(d, source))
            continue;
        mark->chosen = true;
        out[count++] = (uint32_t)i;
    }
    return count;
}

static void note_few(Few *few, size_t item)
{
    uint32_t at = few->count++;
    if (at < FEW_FILES)
        few->files[at] = (uint32_t)item;
}

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
    size_t noted = SIZE_MAX; /* a function's literals follow one another */
    for (size_t i = 0; i < s->literals.count; i++) {
        const Literal *literal = &s->literals.items[i];
        if (!is_found(s, thread, literal, source))
            continue;
        if (literal->purpose != PURPOSE_FEW) {
            s->file_bits[item] |= 1u << literal->purpose;
        } else if (literal->few != noted) {
            noted = literal->few;
            note_few(&s->few[noted], item);
        }
    }
}

static void choose_few(Search *s, size_t need_count)
{
    for (size_t n = 0; n < need_count; n++) {
        const Few *few = &s->few[n];
        for (size_t i = 0; few->count <= FEW_FILES && i < few->count; i++)
            s->file_bits[few->files[i]] |= 1u << PURPOSE_DECLARES;
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
            add_declarations(s, last, &language->class_extends, language->family,
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
    bool leads = mark->accessor || is_interface(&d->sources->items[index]);
    return (mark->evidence ? 1u << PURPOSE_ALIAS : 0) | (leads ? 1u << PURPOSE_LEADS : 0);
}

/* What declares a function or class that is needed, by its language and by the packs. */
static void add_declared(Search *s, const Need *need, Purpose purpose)
{
    Str name = names_str(s->demand->analysis->program->names, need->name);
    const char *family = need->language->family;
    const DeclareList *list = need->kind == NEED_CLASS ? &need->language->class_declares
                                                       : &need->language->function_declares;
    add_declarations(s, name, list, family, purpose);
    for (size_t p = 0; purpose != PURPOSE_DOUBT && p < s->demand->rules->packs.count; p++) {
        const RulePack *pack = s->demand->rules->packs.items[p];
        if (strcmp(pack->family, family) == 0)
            add_declarations(s, name, &pack->declares, family, purpose);
    }
}

static void add_needs(Search *s, const Need *needs, size_t count)
{
    const Names *names = s->demand->analysis->program->names;
    for (size_t n = 0; n < count; n++) {
        Str name = names_str(names, needs[n].name);
        const char *family = needs[n].language->family;
        if (needs[n].kind == NEED_MODULE)
            continue; /* chosen by path */
        if (needs[n].kind == NEED_TEXT) {
            add_literal(s, name, PREFILTER_WORD, PURPOSE_DECLARES, 0, family);
            continue;
        }
        if (needs[n].kind == NEED_ALIAS) {
            add_literal(s, name, PREFILTER_WORD, PURPOSE_ALIAS, 0, family);
            continue;
        }
        if (needs[n].kind == NEED_CALLERS || needs[n].kind == NEED_GIVEN) {
            static const DeclarePattern CALL = {.after = {"(", 1}}, GIVEN = {.after = {" = ", 3}};
            const DeclarePattern *spelled = needs[n].kind == NEED_CALLERS ? &CALL : &GIVEN;
            add_declarations(s, name, &(DeclareList){(DeclarePattern *)spelled, 1}, family,
                             PURPOSE_DECLARES);
            continue;
        }
        size_t first = s->literals.count;
        add_declared(s, &needs[n], needs[n].kind == NEED_FEW ? PURPOSE_FEW
                                   : is_gated(&needs[n])     ? PURPOSE_DOUBT
                                                             : PURPOSE_DECLARES);
        for (size_t i = first; i < s->literals.count; i++)
            s->literals.items[i].few = n;
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

/* Files that were passed over for want of the model's name may hold a name that leads to it. */
static void add_leads(Search *s)
{
    Leads leads = {0};
    if (s->demand->unseen)
        leads_find(s->demand->analysis, &leads);
    for (size_t i = 0; i < leads.count; i++)
        add_literal(s, names_str(s->demand->analysis->program->names, leads.items[i].name),
                    PREFILTER_WORD, PURPOSE_LEADS, 0, leads.items[i].family);
    array_release(&leads);
}

size_t demand_more(Demand *d, const Need *needs, size_t count, uint32_t *out, Diag *diag)
{
    if (!count && !d->unseen)
        return 0;
    Search s = {.demand = d, .prefilter = prefilter_new(d->bytes)};
    size_t chosen = 0;
    add_leads(&s);
    add_needs(&s, needs, count);
    add_doubts(&s, needs, count);
    if (start_search(&s, diag)) {
        s.file_bits = ARENA_ARRAY(&d->arena, uint64_t, d->sources->count);
        s.few = ARENA_ARRAY(&d->arena, Few, count + 1);
        mark_modules(&s, needs, count);
        if (s.literals.count)
            parallel_for(d->threads, d->sources->count, search_again, &s);
        choose_few(&s, count);
        uint64_t purposes = purposes_that_choose(&s);
        for (size_t i = 0; i < d->sources->count && chosen < MOST_PER_ROUND; i++) {
            if (!(s.file_bits[i] & (purposes | purposes_of_file(d, i))))
                continue;
            d->marks[i].chosen = true;
            d->unseen -= d->unseen && d->marks[i].accessor;
            out[chosen++] = (uint32_t)i;
        }
    }
    end_search(&s);
    return chosen;
}
