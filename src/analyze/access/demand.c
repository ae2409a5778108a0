/*
 * Parsing costs a hundred times as much per byte as searching, so everything
 * is decided by searching. For a common field name (a third of all files may
 * hold `name`), a file with an accessor but no evidence name of the model can
 * only hold `possible` accesses: it is counted, not parsed, unless asked for.
 */
#include "analyze/access/demand_private.h"

#include "analyze/program/filerule.h"
#include "analyze/program/naming.h"
#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

enum {
    COMMON_FILES = 30,      /* a name in no more is parsed at once everywhere */
    RARE_FILES = 200,       /* a name in fewer files is always parsed everywhere */
    MOST_LITERALS = 4000,
    USUAL_FILE = 6 << 10, /* bytes; sizes are not known before files are read */
    KEPT_BYTES = 512 << 20 /* file contents kept in memory between rounds */
};

void demand_init(Demand *d, SourceList *sources, const Languages *languages, RuleSet *rules,
                 const Analysis *analysis, unsigned threads)
{
    *d = (Demand){.sources = sources,
                  .languages = languages,
                  .analysis = analysis,
                  .rules = rules,
                  .threads = threads > DEMAND_THREADS ? DEMAND_THREADS : threads};
    arena_init(&d->arena);
    d->marks = ARENA_ARRAY(&d->arena, FileMark, sources->count + 1);
    d->detected = ARENA_ARRAY(&d->arena, bool, rules->packs.count + 1);
}

void demand_release(Demand *d)
{
    arena_release(&d->arena);
}

void search_add_literal(Search *s, Str text, unsigned flags, Purpose purpose, size_t pack,
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
    search_add_literal(s, strbuf_str(&buf), PREFILTER_WORD, purpose, 0, NULL);
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
    search_add_literal(s, strbuf_str(&buf), PREFILTER_WORD_END, PURPOSE_EVIDENCE, 0, NULL);
    strbuf_release(&buf);
}

void search_add_declarations(Search *s, Str name, const DeclareList *list, const char *family,
                             Purpose purpose)
{
    for (size_t i = 0; i < list->count; i++) {
        StrBuf buf = {0};
        strbuf_add_str(&buf, list->items[i].before);
        strbuf_add_str(&buf, name);
        strbuf_add_str(&buf, list->items[i].after);
        unsigned flags = list->items[i].after.length ? 0 : PREFILTER_WORD_END;
        size_t count = s->literals.count;
        search_add_literal(s, strbuf_str(&buf), flags, purpose, 0, family);
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
        search_add_literal(s, strbuf_str(&before), PREFILTER_WORD_END, PURPOSE_ACCESSOR, 0, NULL);
        search_add_literal(s, strbuf_str(&after), PREFILTER_WORD_START, PURPOSE_ACCESSOR, 0, NULL);
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
            search_add_literal(s, names_str(names, a->accessors.items[i].name), PREFILTER_WORD,
                               PURPOSE_ACCESSOR, 0, NULL);
    }
    for (size_t i = 0; i < a->fields.count; i++)
        add_lookups(s, names_str(names, a->fields.items[i].name));
    for (size_t i = 0; i < a->models.count; i++) {
        Str last = names_str(names, a->models.items[i].last);
        search_add_literal(s, last, PREFILTER_WORD_START, PURPOSE_EVIDENCE, 0, NULL);
        search_add_literal(s, names_str(names, a->models.items[i].table), PREFILTER_WORD, PURPOSE_EVIDENCE,
                           0, NULL);
        add_filtered(s, last, name_snake, PURPOSE_EVIDENCE);
        add_filtered(s, last, lower_camel, PURPOSE_EVIDENCE);
        add_filtered(s, last, snake_plural, PURPOSE_EVIDENCE);
        add_suffix(s, last);
        for (size_t l = 0; l < languages_count(s->demand->languages); l++) {
            const Language *language = languages_at(s->demand->languages, l);
            search_add_declarations(s, last, &language->class_declares, language->family,
                                    PURPOSE_DECLARES);
        }
    }
    for (size_t p = 0; p < s->demand->rules->packs.count; p++) {
        const RulePack *pack = s->demand->rules->packs.items[p];
        for (size_t i = 0; i < pack->detect.count; i++)
            search_add_literal(s, pack->detect.items[i], 0, PURPOSE_PACK, p, pack->family);
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
                search_add_literal(s, rule->names.items[n], PREFILTER_WORD, PURPOSE_ACCESSOR, 0,
                                   rule->pack->family);
        }
    }
    for (size_t i = 0; i < rules->sections[RULE_MODEL].count; i++) {
        const Rule *rule = rules->sections[RULE_MODEL].items[i];
        for (size_t n = 0; n < rule->supertypes.count; n++)
            search_add_literal(s, rule->supertypes.items[n], PREFILTER_WORD, PURPOSE_DECLARES, 0,
                               rule->pack->family);
        for (size_t n = 0; n < rule->decorators.count; n++)
            search_add_literal(s, rule->decorators.items[n], PREFILTER_WORD, PURPOSE_DECLARES, 0,
                               rule->pack->family);
    }
}

bool search_start(Search *s, Diag *diag)
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

void search_end(Search *s)
{
    for (unsigned t = 0; t < s->demand->threads; t++) {
        if (s->scratch[t])
            prefilter_scratch_free(s->scratch[t]);
    }
    for (unsigned t = 0; t < s->demand->threads; t++)
        array_release(&s->hits[t]);
    prefilter_free(s->prefilter);
    array_release(&s->literals);
}

bool family_is(const Source *source, const char *family)
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

bool search_found(const Search *s, unsigned thread, const Literal *literal, const Source *source)
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
        if (!search_found(s, thread, literal, source))
            continue;
        switch (literal->purpose) {
        case PURPOSE_ACCESSOR: mark->accessor = true; break;
        case PURPOSE_EVIDENCE: mark->evidence = true; break;
        case PURPOSE_DECLARES: mark->declares = true; break;
        case PURPOSE_PACK: s->demand->detected[literal->pack] = true; break;
        case PURPOSE_DOUBT:
        case PURPOSE_ALIAS:
        case PURPOSE_LEADS:
        case PURPOSE_TYPES:
        case PURPOSE_COUNTED:
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
    bool ok = search_start(&s, diag);
    if (ok)
        parallel_for(d->threads, d->sources->count, search_file, &s);
    d->bytes = s.bytes;
    search_end(&s);
    for (size_t i = 0; i < d->sources->count; i++)
        d->accessor_files += d->marks[i].accessor;
    for (size_t i = 0; i < d->sources->count; i++)
        d->declared |= d->marks[i].declares;
    return ok;
}

/* True for a file that declares what others use (a header). */
bool source_is_interface(const Source *source)
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
    if (mark->evidence && (!rare || !d->declared || d->defers) && source_is_interface(&d->sources->items[index]))
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

bool demand_is_common(const Demand *d)
{
    return d->accessor_files > COMMON_FILES;
}

/* True when headers of the language's family tell what leads to a model, and this is none. */
static bool is_deferred(const Demand *d, size_t index)
{
    const Source *source = &d->sources->items[index];
    bool headers = false;
    if (!d->defers || d->marks[index].declares || source_is_interface(source))
        return false;
    for (size_t l = 0; l < languages_count(d->languages) && !headers; l++) {
        const Language *language = languages_at(d->languages, l);
        headers = language->interfaces.count && family_is(source, language->family);
    }
    return headers;
}

void demand_passed(Demand *d, size_t index)
{
    d->marks[index].chosen = d->marks[index].may_pass = false;
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
        mark->deferred = is_deferred(d, i);
        mark->chosen = !mark->deferred;
        d->deferred += mark->deferred;
        if (mark->chosen)
            out[count++] = (uint32_t)i;
    }
    return count;
}
