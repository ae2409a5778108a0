/*
 * By words, not by facts: the scan parses only files that hold the field's
 * name, so of a misspelled one it knows no classes. Names of models are compared
 * without case and underscores, and with a plural "s", because a model may show
 * itself only as a table. Which words are declared classes is told by the
 * languages' declaration patterns. Cost: one pass over the bytes of the tree,
 * only when there is nothing to report.
 */
#include "cli/suggest.h"

#include "input/walk.h"
#include "parse/language.h"

enum { MOST_NEAR = 64, LONGEST_WORD = 100 };

typedef struct Near {
    Str word;
    size_t distance, count;
} Near;

/* The best few words that look like `wanted`. */
typedef struct NearList {
    Str wanted;
    size_t limit;
    Near items[MOST_NEAR];
    size_t count;
} NearList;

typedef struct Search {
    const Migration *target;
    Arena *arena;
    Str model; /* last part of the model's name */
    bool model_seen;
    NearList models;
    NearList *fields; /* by field */
    bool *field_seen;
} Search;

static size_t limit_for(Str word)
{
    return word.length < 4 ? 1 : word.length < 8 ? 2 : 3;
}

static void offer(NearList *list, Str word, Arena *arena)
{
    size_t longer = word.length > list->wanted.length ? word.length : list->wanted.length;
    size_t shorter = word.length + list->wanted.length - longer;
    if (longer - shorter > list->limit || word.length > LONGEST_WORD)
        return;
    for (size_t i = 0; i < list->count; i++) {
        if (str_eq(list->items[i].word, word)) {
            list->items[i].count++;
            return;
        }
    }
    size_t distance = str_distance(word, list->wanted, list->limit);
    if (distance > list->limit || list->count == MOST_NEAR)
        return;
    Str kept = {arena_strdup(arena, word.data, word.length), word.length};
    list->items[list->count++] = (Near){kept, distance, 1};
}

/* Nearest first, then most frequent, then by bytes. */
static const Near *best_of(const NearList *list)
{
    const Near *best = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const Near *item = &list->items[i];
        bool better = !best || item->distance < best->distance;
        if (best && item->distance == best->distance)
            better = item->count > best->count ||
                     (item->count == best->count && str_compare(item->word, best->word) < 0);
        if (better)
            best = item;
    }
    return best;
}

static bool next_word(Str text, size_t *at, Str *word)
{
    size_t i = *at;
    while (i < text.length && !byte_is_word((unsigned char)text.data[i]))
        i++;
    size_t start = i;
    while (i < text.length && byte_is_word((unsigned char)text.data[i]))
        i++;
    *at = i;
    *word = str_slice(text, start, i);
    return word->length > 0;
}

static char fold(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* Equal without case and underscores; `word` may have one more "s". */
static bool names_model(Str word, Str model)
{
    size_t i = 0, j = 0;
    while (i < word.length && j < model.length) {
        if (word.data[i] == '_') {
            i++;
        } else if (model.data[j] == '_') {
            j++;
        } else if (fold(word.data[i++]) != fold(model.data[j++])) {
            return false;
        }
    }
    return j == model.length && (i == word.length || (i + 1 == word.length &&
                                                      fold(word.data[i]) == 's'));
}

static bool is_declared(const Language *language, Str text, Str word)
{
    Str before = {text.data, (size_t)(word.data - text.data)};
    for (size_t i = 0; language && i < language->class_declares.count; i++) {
        Str pattern = language->class_declares.items[i].before;
        size_t from = before.length < pattern.length ? 0 : before.length - pattern.length;
        if (pattern.length && str_eq(str_slice(before, from, before.length), pattern))
            return true;
    }
    return false;
}

static void search_file(Search *search, const Source *source)
{
    Str text = source->text, word;
    bool here = false;
    for (size_t at = 0; next_word(text, &at, &word);) {
        here = here || names_model(word, search->model);
        if (!search->model_seen && is_declared(source->language, text, word))
            offer(&search->models, word, search->arena);
    }
    search->model_seen |= here;
    for (size_t at = 0; next_word(text, &at, &word);) {
        for (size_t i = 0; i < search->target->field_count; i++) {
            if (str_eq(word, search->fields[i].wanted))
                search->field_seen[i] = true;
            else if (here && !search->field_seen[i])
                offer(&search->fields[i], word, search->arena);
        }
    }
}

static Str last_part(const char *model)
{
    Str part = str_of(model);
    for (size_t i = part.length; i-- > 0;) {
        if (!byte_is_word((unsigned char)part.data[i]))
            return str_slice(part, i + 1, part.length);
    }
    return part;
}

static bool report_search(Run *run, const Search *search, StrBuf *out)
{
    const Migration *target = search->target;
    const Near *near = best_of(&search->models);
    if (!search->model_seen) {
        diag_fail(&run->diag, "`%s` occurs nowhere here", target->model);
        if (near)
            diag_hint(&run->diag, "did you mean `%.*s`?", STR_ARG(near->word));
        return false;
    }
    for (size_t i = 0; i < target->field_count; i++) {
        if (search->field_seen[i])
            continue;
        strbuf_printf(out, "note: `%s` occurs nowhere here", target->fields[i].from);
        near = best_of(&search->fields[i]);
        if (near)
            strbuf_printf(out, ": did you mean `%s.%.*s`?", target->model, STR_ARG(near->word));
        strbuf_add_byte(out, '\n');
    }
    return true;
}

static bool search_tree(Run *run, SourceList *list, const Migration *target, StrBuf *out)
{
    Search search = {.target = target, .arena = &run->arena, .model = last_part(target->model)};
    search.models.wanted = search.model;
    search.models.limit = limit_for(search.model);
    search.fields = ARENA_ARRAY(&run->arena, NearList, target->field_count);
    search.field_seen = ARENA_ARRAY(&run->arena, bool, target->field_count);
    for (size_t i = 0; i < target->field_count; i++) {
        search.fields[i].wanted = str_of(target->fields[i].from);
        search.fields[i].limit = limit_for(search.fields[i].wanted);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!source_load(&list->items[i], list->root_fd))
            continue;
        search_file(&search, &list->items[i]);
        source_release(&list->items[i]);
    }
    return report_search(run, &search, out);
}

static const Language *language_of(void *context, const char *path)
{
    return languages_for_path(context, path);
}

bool suggest_targets(Run *run, StrBuf *out)
{
    Names *names = names_new();
    Languages *languages = languages_new(names, &run->diag);
    SourceList list = {0};
    WalkOptions walk = {.root = run->scan.root, .paths = run->scan.paths,
                        .path_count = run->scan.path_count, .no_ignore = run->scan.no_ignore,
                        .hidden = run->scan.hidden, .threads = 1, .language_of = language_of,
                        .context = languages};
    bool good = languages && walk_list(&list, &walk, &run->diag);
    for (size_t i = 0; good && i < run->scan.migration_count; i++)
        good = search_tree(run, &list, &run->scan.migrations[i], out);
    source_list_release(&list);
    if (languages)
        languages_free(languages);
    names_free(names);
    return good;
}
