/*
 * Reads the `lowering:` part of language.yml into tables indexed by the grammar's
 * numbers, once per language and run. Everything is checked against the compiled
 * grammar, because data that silently never fires is worse than none: a node
 * kind, field, token, fact, role or key that does not exist stops the load at its
 * line. A language may build on the mappings of a base language (TypeScript on
 * JavaScript); what the base names and this grammar lacks is then left out.
 */
#include "parse/lowering_load.h"

#include "base/array.h"
#include "base/embedded.h"
#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>

enum { BASES_MAX = 4 };

static bool read_names(Loader *l, const YamlNode *root, const char *key, Map *map, uint64_t value)
{
    const YamlNode *node = yaml_get(root, key);
    if (!node)
        return true;
    if (!yaml_expect(node, l->path, YAML_LIST_NODE, key, l->diag))
        return false;
    for (size_t i = 0; i < node->count; i++)
        map_put(map, names_intern(l->names, node->items[i]->text), value);
    return true;
}

static bool read_types(Loader *l, const YamlNode *node)
{
    static const char *const KEYS[] = {"collection", "nullable", "transparent",
                                       "null",       "inferred", "union",
                                       "class",      NULL};
    if (!node)
        return true;
    if (!yaml_expect(node, l->path, YAML_MAP_NODE, "types", l->diag) ||
        !yaml_check_keys(node, l->path, KEYS, l->diag))
        return false;
    for (size_t i = 0; KEYS[i]; i++) {
        if (!read_names(l, node, KEYS[i], &l->lowering->type_rules, TYPE_RULE_COLLECTION + i))
            return false;
    }
    return true;
}

static bool read_decorator_flags(Loader *l, const YamlNode *node)
{
    if (!node)
        return true;
    if (!yaml_expect(node, l->path, YAML_MAP_NODE, "decorator_flags", l->diag))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        uint32_t flag;
        if (!fact_flag_parse(node->items[i]->text, &flag))
            return loader_fail(l, node->items[i], "flag", node->items[i]->text);
        map_put(&l->lowering->decorator_flags, names_intern(l->names, node->keys[i]->text), flag);
    }
    return true;
}

static bool read_typed_calls(Loader *l, const YamlNode *node)
{
    if (!node)
        return true;
    if (!yaml_expect(node, l->path, YAML_MAP_NODE, "typed_calls", l->diag))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        FactKind kind;
        if (!fact_kind_parse(node->items[i]->text, &kind))
            return loader_fail(l, node->items[i], "fact", node->items[i]->text);
        map_put(&l->lowering->typed_calls, names_intern(l->names, node->keys[i]->text), kind);
    }
    return true;
}

/* Patterns whose first group is blanked before parsing. */
static bool read_blanks(Loader *l, const YamlNode *node)
{
    if (!node)
        return true;
    if (!yaml_expect(node, l->path, YAML_LIST_NODE, "blank", l->diag))
        return false;
    BlankList *list = &l->lowering->blanks;
    Regex **grown = ARENA_ARRAY(l->arena, Regex *, list->count + node->count);
    for (size_t i = 0; i < list->count; i++)
        grown[i] = list->items[i];
    list->items = grown;
    for (size_t i = 0; i < node->count; i++) {
        Diag bad = {0};
        Regex *regex = regex_new(node->items[i]->text, &bad);
        if (!regex)
            return diag_fail_at(l->diag, l->path, node->items[i]->line, node->items[i]->column,
                                "%s", bad.message);
        list->items[list->count++] = regex;
    }
    return true;
}

static bool read_regex(Loader *l, const YamlNode *node, Regex **regex)
{
    if (!node)
        return true;
    Diag bad = {0};
    if (*regex)
        regex_free(*regex);
    *regex = regex_new(node->text, &bad);
    return *regex ||
           diag_fail_at(l->diag, l->path, node->line, node->column, "%s", bad.message);
}

static bool read_quotes(Loader *l, const YamlNode *node)
{
    static const char *const NAMES[] = {
#define X(name, text) text,
        SKIM_QUOTES(X)
#undef X
    };
    SkimRules *skim = &l->lowering->skim;
    if (node && !yaml_expect(node, l->path, YAML_MAP_NODE, "quotes", l->diag))
        return false;
    for (size_t i = 0; node && i < node->count; i++) {
        int kind = 0;
        while (kind < SKIM_QUOTE_COUNT && !str_eq_c(node->items[i]->text, NAMES[kind]))
            kind++;
        if (kind == SKIM_QUOTE_COUNT || !node->keys[i]->text.length ||
            skim->quote_count == SKIM_QUOTES_MAX)
            return loader_fail(l, node->items[i], "kind of quote", node->items[i]->text);
        Str open = node->keys[i]->text;
        skim->quotes[skim->quote_count++] = (SkimQuote){
            {arena_strdup(l->arena, open.data, open.length), open.length}, (SkimQuoteKind)kind};
    }
    return true;
}

/* How the bodies of functions are found in the text (skim.h). A language's own replace the base's. */
static bool read_bodies(Loader *l, const YamlNode *node)
{
    static const char *const KEYS[] = {"head", "other", "nested", "quotes", "directives", NULL};
    SkimRules *skim = &l->lowering->skim;
    if (!node)
        return true;
    if (!yaml_expect(node, l->path, YAML_MAP_NODE, "bodies", l->diag) ||
        !yaml_check_keys(node, l->path, KEYS, l->diag))
        return false;
    const YamlNode *directives = yaml_get(node, "directives"), *nested = yaml_get(node, "nested");
    if (yaml_get(node, "quotes"))
        skim->quote_count = 0;
    return (!directives || yaml_bool(directives, l->path, &skim->directives, l->diag)) &&
           (!nested || yaml_bool(nested, l->path, &skim->nested, l->diag)) &&
           read_regex(l, yaml_get(node, "head"), &skim->head) &&
           read_regex(l, yaml_get(node, "other"), &skim->other) &&
           read_quotes(l, yaml_get(node, "quotes"));
}

/* What a language says of names and types, apart from its nodes. */
static bool read_words(Loader *l, const YamlNode *root)
{
    Lowering *lowering = l->lowering;
    return read_names(l, root, "constructors", &lowering->constructors, 1) &&
           read_names(l, root, "choice_operators", &lowering->choice_operators, 1) &&
           read_names(l, root, "code_calls", &lowering->code_calls, 1) &&
           read_names(l, root, "self_names", &lowering->self_names, FACT_SELF) &&
           read_names(l, root, "super_names", &lowering->self_names, FACT_SUPER) &&
           read_types(l, yaml_get(root, "types")) &&
           read_decorator_flags(l, yaml_get(root, "decorator_flags")) &&
           read_typed_calls(l, yaml_get(root, "typed_calls")) &&
           read_blanks(l, yaml_get(root, "blank")) && read_bodies(l, yaml_get(root, "bodies"));
}

static bool read_part(Loader *l, const YamlNode *root)
{
    static const char *const KEYS[] = {"base",        "constructors",    "choice_operators",
                                       "self_names",  "super_names",     "constants",
                                       "types",       "decorator_flags", "typed_calls",
                                       "nodes",       "blank",           "bodies",
                                       "code_calls",  NULL};
    if (!yaml_expect(root, l->path, YAML_MAP_NODE, "lowering", l->diag) ||
        !yaml_check_keys(root, l->path, KEYS, l->diag) || !read_words(l, root))
        return false;
    const YamlNode *constants = yaml_get(root, "constants");
    if (constants && !str_eq_c(constants->text, "capital"))
        return loader_fail(l, constants, "spelling of constants", constants->text);
    l->lowering->capital_constants |= constants != NULL;
    const YamlNode *nodes = yaml_get(root, "nodes");
    if (nodes && !yaml_expect(nodes, l->path, YAML_MAP_NODE, "nodes", l->diag))
        return false;
    for (size_t i = 0; nodes && i < nodes->count; i++) {
        if (!loader_read_node(l, nodes->keys[i], nodes->items[i]))
            return false;
    }
    return true;
}

/* The whole file's `lowering`, or NULL after setting diag. */
static const YamlNode *parse_file(Loader *l, const char *path)
{
    const EmbeddedFile *file = embedded_find(path);
    const YamlNode *root =
        yaml_parse(path, (Str){file->data, file->length}, l->arena, l->diag);
    const YamlNode *part = yaml_get(root, "lowering");
    if (root && !part)
        diag_fail_at(l->diag, path, 1, 1, "a tree-sitter language needs `lowering`");
    return part;
}

/* Bases first, so that the language's own mappings replace theirs. */
static bool read_with_bases(Loader *l, const Language *language)
{
    const YamlNode *parts[BASES_MAX];
    const char *paths[BASES_MAX];
    size_t count = 0;
    for (const Language *at = language; at;) {
        paths[count] = at->source_file.data;
        const YamlNode *part = parts[count] = parse_file(l, at->source_file.data);
        if (!part)
            return false;
        count++;
        const YamlNode *base = yaml_get(part, "base");
        if (!base)
            break;
        at = languages_named(l->languages, arena_strdup(l->arena, base->text.data,
                                                        base->text.length));
        if (!at || count == BASES_MAX)
            return diag_fail_at(l->diag, paths[count - 1], base->line, base->column,
                                at ? "too many bases below `%.*s`" : "unknown language `%.*s`",
                                STR_ARG(base->text));
    }
    while (count--) {
        l->path = paths[count];
        l->lenient = count > 0;
        if (!read_part(l, parts[count]))
            return false;
    }
    return true;
}

static void fill_symbols(Loader *l)
{
    Lowering *lowering = l->lowering;
    const TSLanguage *grammar = lowering->grammar;
    for (uint32_t i = 0; i < lowering->symbol_count; i++) {
        Sym name = names_intern_c(l->names, ts_language_symbol_name(grammar, (TSSymbol)i));
        lowering->named[i] =
            ts_language_symbol_type(grammar, (TSSymbol)i) == TSSymbolTypeRegular;
        bool visible = lowering->named[i] ||
                       ts_language_symbol_type(grammar, (TSSymbol)i) == TSSymbolTypeAnonymous;
        lowering->canonical[i] = (TSSymbol)i;
        if (!name || !visible)
            continue;
        const uint64_t *first = map_get(&l->symbols, loader_symbol_key(name, lowering->named[i]));
        if (first)
            lowering->canonical[i] = (TSSymbol)*first;
        else
            map_put(&l->symbols, loader_symbol_key(name, lowering->named[i]), i);
    }
}

Lowering *lowering_load(const Languages *languages, const Language *language, Names *names,
                        Arena *arena, Diag *diag)
{
    const TSLanguage *grammar = embedded_grammar(language->parser);
    if (!grammar) {
        diag_fail_at(diag, language->source_file.data, 1, 1, "parser `%s` is not compiled in",
                     language->parser);
        return NULL;
    }
    Lowering *lowering = ARENA_NEW(arena, Lowering);
    lowering->grammar = grammar;
    lowering->symbol_count = ts_language_symbol_count(grammar);
    lowering->mappings = ARENA_ARRAY(arena, const Mapping *, lowering->symbol_count);
    lowering->named = ARENA_ARRAY(arena, bool, lowering->symbol_count);
    lowering->canonical = ARENA_ARRAY(arena, TSSymbol, lowering->symbol_count);
    Loader loader = {.lowering = lowering,
                     .languages = languages,
                     .names = names,
                     .arena = arena,
                     .diag = diag};
    array_push(&loader.patterns, ((Pattern){"", "", "", 0}));
    fill_symbols(&loader);
    bool ok = read_with_bases(&loader, language);
    lowering->skim.line_comment = language->line_comment;
    if (language->block_comment.count == 2) {
        lowering->skim.comment_open = language->block_comment.items[0];
        lowering->skim.comment_close = language->block_comment.items[1];
    }
    lowering->pattern_count = (uint32_t)loader.patterns.count;
    lowering->patterns = ARENA_ARRAY(arena, Pattern, loader.patterns.count);
    memcpy(lowering->patterns, loader.patterns.items, loader.patterns.count * sizeof(Pattern));
    array_release(&loader.patterns);
    map_release(&loader.symbols);
    if (ok)
        return lowering;
    lowering_release(lowering);
    return NULL;
}

void lowering_release(Lowering *lowering)
{
    if (!lowering)
        return;
    for (size_t i = 0; i < lowering->blanks.count; i++)
        regex_free(lowering->blanks.items[i]);
    skim_rules_release(&lowering->skim);
    map_release(&lowering->choice_operators);
    map_release(&lowering->constructors);
    map_release(&lowering->code_calls);
    map_release(&lowering->decorator_flags);
    map_release(&lowering->type_rules);
    map_release(&lowering->typed_calls);
    map_release(&lowering->self_names);
}
