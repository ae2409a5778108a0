/*
 * Reads the `lowering:` part of language.yml into tables indexed by the grammar's
 * numbers, once per language and run. Everything is checked against the compiled
 * grammar, because data that silently never fires is worse than none: a node
 * kind, field, token, fact, role or key that does not exist stops the load at its
 * line. A language may build on the mappings of a base language (TypeScript on
 * JavaScript); what the base names and this grammar lacks is then left out.
 */
#include "parse/lowering.h"

#include "base/array.h"
#include "base/embedded.h"
#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>

enum { BASES_MAX = 4 };

typedef struct Loader {
    Lowering *lowering;
    const Languages *languages;
    Names *names;
    Arena *arena;
    Diag *diag;
    const char *path; /* of the file being read */
    bool lenient;     /* in a base: unknown kinds and fields are left out */
    const char *node; /* of the mapping being read, for patterns */
    Map symbols;      /* (name, named) -> first symbol */
    struct {
        ARRAY_OF(Pattern);
    } patterns;
} Loader;

static bool fail(Loader *l, const YamlNode *at, const char *what, Str text)
{
    return diag_fail_at(l->diag, l->path, at->line, at->column, "unknown %s `%.*s`", what,
                        STR_ARG(text));
}

static uint32_t add_pattern(Loader *l, const YamlNode *at, const char *part)
{
    array_push(&l->patterns, ((Pattern){l->path, l->node, part, at->line}));
    return (uint32_t)l->patterns.count - 1;
}

/* Keeps the nearest of several names, for "did you mean". */
static void nearer(Str text, const char *candidate, size_t *distance, const char **best)
{
    size_t d = str_distance(text, str_of(candidate), *distance);
    if (d < *distance) {
        *distance = d;
        *best = candidate;
    }
}

static bool fail_with_hint(Loader *l, const YamlNode *at, const char *what, Str text,
                           const char *best)
{
    fail(l, at, what, text);
    return best ? diag_hint(l->diag, "did you mean `%s`?", best) : false;
}

static uint64_t symbol_key(Sym name, bool named)
{
    return map_key2(name, named ? 2 : 1);
}

/* The first symbol of that name; one name may have several symbols. */
static bool find_symbol(Loader *l, const YamlNode *at, Str text, bool named, TSSymbol *symbol)
{
    Sym name = names_lookup(l->names, text);
    const uint64_t *found = name ? map_get(&l->symbols, symbol_key(name, named)) : NULL;
    if (found) {
        *symbol = (TSSymbol)*found;
        return true;
    }
    const char *best = NULL;
    size_t distance = 4;
    for (size_t i = 0; i < l->symbols.count && !l->lenient; i++) {
        TSSymbol other = (TSSymbol)l->symbols.items[i].value;
        if (l->lowering->named[other] == named)
            nearer(text, ts_language_symbol_name(l->lowering->grammar, other), &distance, &best);
    }
    return fail_with_hint(l, at, named ? "node kind" : "token", text, best);
}

static bool find_field(Loader *l, const YamlNode *at, Str text, TSFieldId *field)
{
    const TSLanguage *grammar = l->lowering->grammar;
    *field = ts_language_field_id_for_name(grammar, text.data, (uint32_t)text.length);
    if (*field)
        return true;
    const char *best = NULL;
    size_t distance = 4;
    for (TSFieldId i = 1; i <= ts_language_field_count(grammar); i++)
        nearer(text, ts_language_field_name_for_id(grammar, i), &distance, &best);
    return fail_with_hint(l, at, "field or key", text, best);
}

/* Handles what a base names and this grammar lacks. */
static bool forgive(Loader *l)
{
    if (!l->lenient)
        return false;
    *l->diag = (Diag){0};
    return true;
}

static bool read_flags(Loader *l, const YamlNode *node, uint32_t *flags)
{
    if (!node)
        return true;
    if (!yaml_expect(node, l->path, YAML_LIST_NODE, "a list of flags", l->diag))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        uint32_t flag;
        if (!fact_flag_parse(node->items[i]->text, &flag))
            return fail(l, node->items[i], "flag", node->items[i]->text);
        *flags |= flag;
    }
    return true;
}

static bool edge_word(Str word, Edge *edge, bool first)
{
    static const char *const ACTIONS[] = {
#define X(name, text) text,
        EDGE_ACTIONS(X)
#undef X
    };
    FactKind kind;
    FactRole role;
    if (word.data[0] == '+')
        return fact_flag_parse(str_slice(word, 1, word.length), &(uint32_t){0});
    if (word.data[0] == '=') {
        if (!fact_kind_parse(str_slice(word, 1, word.length), &kind))
            return false;
        edge->becomes = (uint8_t)kind;
        return true;
    }
    if (!first) {
        if (!fact_kind_parse(word, &kind))
            return false;
        edge->kind = (uint8_t)kind;
        return true;
    }
    for (size_t i = 1; i < sizeof ACTIONS / sizeof *ACTIONS; i++) {
        if (str_eq_c(word, ACTIONS[i])) {
            edge->action = (uint8_t)i;
            return true;
        }
    }
    if (!fact_role_parse(word, &role))
        return false;
    edge->role = (uint8_t)role;
    return true;
}

/* "argument keyword +safe =call": role or action, fact of the child, flags, fact of the parent. */
static bool read_edge(Loader *l, const YamlNode *node, const char *part, Edge *edge)
{
    if (!yaml_expect(node, l->path, YAML_SCALAR_NODE, "a role", l->diag))
        return false;
    *edge = (Edge){.action = EDGE_NODE};
    bool first = true;
    for (size_t at = 0; at < node->text.length;) {
        size_t end = str_find_byte(node->text, ' ', at);
        Str word = str_slice(node->text, at, end);
        at = end == SIZE_MAX ? node->text.length : end + 1;
        if (!word.length)
            continue;
        if (!edge_word(word, edge, first))
            return fail(l, node, "role, fact or flag", word);
        uint32_t flag;
        if (word.data[0] == '+' && fact_flag_parse(str_slice(word, 1, word.length), &flag))
            edge->flags |= flag;
        first = first && (word.data[0] == '+' || word.data[0] == '=' || str_eq_c(word, "wrap"));
    }
    edge->pattern = add_pattern(l, node, part);
    return true;
}

static const char *part_of(Loader *l, const char *prefix, Str key)
{
    return arena_printf(l->arena, "%s%.*s", prefix, STR_ARG(key));
}

static bool read_tokens(Loader *l, const YamlNode *node, Mapping *mapping)
{
    if (!yaml_expect(node, l->path, YAML_MAP_NODE, "tokens", l->diag))
        return false;
    SymbolEdge *tokens = ARENA_ARRAY(l->arena, SymbolEdge, node->count);
    for (size_t i = 0; i < node->count; i++) {
        SymbolEdge *token = &tokens[mapping->token_count];
        if (!find_symbol(l, node->keys[i], node->keys[i]->text, false, &token->symbol)) {
            if (forgive(l))
                continue;
            return false;
        }
        const char *part = part_of(l, "tokens.", node->keys[i]->text);
        if (!read_edge(l, node->items[i], part, &token->edge))
            return false;
        mapping->token_count++;
    }
    mapping->tokens = tokens;
    return true;
}

static bool read_order(Loader *l, const YamlNode *node, Mapping *mapping)
{
    if (!yaml_expect(node, l->path, YAML_LIST_NODE, "order", l->diag))
        return false;
    Edge *order = ARENA_ARRAY(l->arena, Edge, node->count);
    for (size_t i = 0; i < node->count; i++) {
        const char *part = arena_printf(l->arena, "order.%zu", i);
        if (!read_edge(l, node->items[i], part, &order[i]))
            return false;
    }
    mapping->order = order;
    mapping->order_count = node->count;
    return true;
}

static bool read_field_edge(Loader *l, const YamlNode *key, const YamlNode *value,
                            Mapping *mapping)
{
    TSFieldId field;
    if (!find_field(l, key, key->text, &field))
        return forgive(l);
    Edge *edge = ARENA_NEW(l->arena, Edge);
    if (!read_edge(l, value, part_of(l, "", key->text), edge))
        return false;
    if (!mapping->by_field) {
        uint32_t count = ts_language_field_count(l->lowering->grammar) + 1;
        mapping->by_field = ARENA_ARRAY(l->arena, const Edge *, count);
    }
    mapping->by_field[field] = edge;
    return true;
}

static bool read_kind_edge(Loader *l, const YamlNode *key, const YamlNode *value,
                           Mapping *mapping, SymbolEdge *edges)
{
    SymbolEdge *edge = &edges[mapping->symbol_count];
    if (!find_symbol(l, key, str_slice(key->text, 1, key->text.length), true, &edge->symbol))
        return forgive(l);
    if (!read_edge(l, value, part_of(l, "", key->text), &edge->edge))
        return false;
    mapping->symbol_count++;
    return true;
}

static bool read_fact(Loader *l, const YamlNode *node, Mapping *mapping)
{
    static const struct {
        const char *word;
        FactKind kind;
        MappingDuty duty;
    } DUTIES[] = {
        {"skip", FACT_NONE, DUTY_SKIP},
        {"quote", FACT_NONE, DUTY_QUOTE},
        {"text", FACT_NONE, DUTY_TEXT},
        {"interpolation", FACT_NONE, DUTY_HOLE},
        {"heredoc_opens", FACT_STRING, DUTY_HEREDOC_OPENS},
        {"heredoc_fills", FACT_STRING, DUTY_HEREDOC_FILLS},
    };
    for (size_t i = 0; i < sizeof DUTIES / sizeof *DUTIES; i++) {
        if (str_eq_c(node->text, DUTIES[i].word)) {
            mapping->kind = (uint8_t)DUTIES[i].kind;
            mapping->duty = (uint8_t)DUTIES[i].duty;
            return true;
        }
    }
    FactKind kind;
    if (!fact_kind_parse(node->text, &kind))
        return fail(l, node, "fact", node->text);
    mapping->kind = (uint8_t)kind;
    return true;
}

static bool read_mapping(Loader *l, const YamlNode *node, Mapping *mapping);

static bool read_presence(Loader *l, const YamlNode *list, Variant *variant)
{
    if (!yaml_expect(list, l->path, YAML_LIST_NODE, "a list of fields and @kinds", l->diag))
        return false;
    TSFieldId *fields = ARENA_ARRAY(l->arena, TSFieldId, list->count);
    TSSymbol *symbols = ARENA_ARRAY(l->arena, TSSymbol, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const YamlNode *item = list->items[i];
        bool ok;
        if (str_starts(item->text, "tokens.")) {
            Str token = str_slice(item->text, strlen("tokens."), item->text.length);
            ok = find_symbol(l, item, token, false, &symbols[variant->symbol_count]);
            variant->symbol_count += ok;
        } else if (str_starts(item->text, "@")) {
            Str kind = str_slice(item->text, 1, item->text.length);
            ok = find_symbol(l, item, kind, true, &symbols[variant->symbol_count]);
            variant->symbol_count += ok;
        } else {
            ok = find_field(l, item, item->text, &fields[variant->field_count]);
            variant->field_count += ok;
        }
        if (!ok && !forgive(l))
            return false;
    }
    variant->fields = fields;
    variant->symbols = symbols;
    return true;
}

/* `when:` is a list of {has or lacks: [...], use: mapping}. */
static bool read_variants(Loader *l, const YamlNode *node, Mapping *mapping)
{
    static const char *const KEYS[] = {"has", "lacks", "use", NULL};
    if (!yaml_expect(node, l->path, YAML_LIST_NODE, "when", l->diag))
        return false;
    Variant *variants = ARENA_ARRAY(l->arena, Variant, node->count);
    for (size_t i = 0; i < node->count; i++) {
        const YamlNode *item = node->items[i];
        if (!yaml_expect(item, l->path, YAML_MAP_NODE, "a variant", l->diag) ||
            !yaml_check_keys(item, l->path, KEYS, l->diag))
            return false;
        const YamlNode *has = yaml_get(item, "has");
        const YamlNode *lacks = yaml_get(item, "lacks");
        const YamlNode *use = yaml_get(item, "use");
        if (!use || !has == !lacks)
            return diag_fail_at(l->diag, l->path, item->line, item->column,
                                "a variant needs `use`, and `has` or `lacks`");
        Mapping *other = ARENA_NEW(l->arena, Mapping);
        variants[i].lacks = lacks != NULL;
        variants[i].mapping = other;
        if (!read_presence(l, has ? has : lacks, &variants[i]) || !read_mapping(l, use, other))
            return false;
        if (other->variants)
            return diag_fail_at(l->diag, l->path, use->line, use->column,
                                "a variant cannot have variants");
    }
    mapping->variants = variants;
    mapping->variant_count = node->count;
    return true;
}

/* Keys of a mapping that are neither fields nor @kinds. Sets *known. */
static bool read_setting(Loader *l, const YamlNode *key, const YamlNode *value, Mapping *mapping,
                         bool *known)
{
    struct {
        const char *key;
        bool *place;
    } switches[] = {
        {"whole", &mapping->whole},       {"qualified", &mapping->qualified},
        {"collapse", &mapping->collapse}, {"chain", &mapping->chain},
        {"text_type", &mapping->text_type}, {"reparse", &mapping->reparse},
    };
    *known = true;
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        if (str_eq_c(key->text, switches[i].key))
            return yaml_bool(value, l->path, switches[i].place, l->diag);
    }
    if (str_eq_c(key->text, "fact"))
        return read_fact(l, value, mapping);
    if (str_eq_c(key->text, "flags"))
        return read_flags(l, value, &mapping->flags);
    if (str_eq_c(key->text, "inherit"))
        return read_flags(l, value, &mapping->inherit);
    if (str_eq_c(key->text, "tokens"))
        return read_tokens(l, value, mapping);
    if (str_eq_c(key->text, "order"))
        return read_order(l, value, mapping);
    if (str_eq_c(key->text, "when"))
        return read_variants(l, value, mapping);
    if (str_eq_c(key->text, "named")) {
        mapping->named = names_intern(l->names, value->text);
        return true;
    }
    if (str_eq_c(key->text, "strip")) {
        mapping->strip = value->text.length ? value->text.data[0] : 0;
        return true;
    }
    if (str_eq_c(key->text, "default")) {
        Edge *edge = ARENA_NEW(l->arena, Edge);
        mapping->otherwise = edge;
        return read_edge(l, value, "default", edge);
    }
    *known = false;
    return true;
}

static bool read_mapping(Loader *l, const YamlNode *node, Mapping *mapping)
{
    mapping->pattern = add_pattern(l, node, "");
    if (node->kind == YAML_SCALAR_NODE)
        return read_fact(l, node, mapping);
    if (!yaml_expect(node, l->path, YAML_MAP_NODE, "a mapping", l->diag))
        return false;
    SymbolEdge *edges = ARENA_ARRAY(l->arena, SymbolEdge, node->count);
    mapping->by_symbol = edges;
    for (size_t i = 0; i < node->count; i++) {
        const YamlNode *key = node->keys[i];
        const YamlNode *value = node->items[i];
        bool known = false;
        bool ok = str_starts(key->text, "@")
                      ? read_kind_edge(l, key, value, mapping, edges)
                      : read_setting(l, key, value, mapping, &known) &&
                            (known || read_field_edge(l, key, value, mapping));
        if (!ok)
            return false;
    }
    return true;
}

static bool read_node(Loader *l, const YamlNode *key, const YamlNode *value)
{
    Lowering *lowering = l->lowering;
    TSSymbol first;
    if (!find_symbol(l, key, key->text, true, &first))
        return forgive(l);
    l->node = arena_strdup(l->arena, key->text.data, key->text.length);
    Mapping *mapping = ARENA_NEW(l->arena, Mapping);
    if (!read_mapping(l, value, mapping))
        return false;
    lowering->mappings[first] = mapping;
    return true;
}

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
                                       "null",       "inferred", "union",       NULL};
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
            return fail(l, node->items[i], "flag", node->items[i]->text);
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
            return fail(l, node->items[i], "fact", node->items[i]->text);
        map_put(&l->lowering->typed_calls, names_intern(l->names, node->keys[i]->text), kind);
    }
    return true;
}

static bool read_part(Loader *l, const YamlNode *root)
{
    static const char *const KEYS[] = {"base",  "constructors", "choice_operators", "constants",
                                       "types", "decorator_flags", "typed_calls", "nodes",
                                       "self_names", "super_names", NULL};
    Lowering *lowering = l->lowering;
    if (!yaml_expect(root, l->path, YAML_MAP_NODE, "lowering", l->diag) ||
        !yaml_check_keys(root, l->path, KEYS, l->diag) ||
        !read_names(l, root, "constructors", &lowering->constructors, 1) ||
        !read_names(l, root, "choice_operators", &lowering->choice_operators, 1) ||
        !read_names(l, root, "self_names", &lowering->self_names, FACT_SELF) ||
        !read_names(l, root, "super_names", &lowering->self_names, FACT_SUPER) ||
        !read_types(l, yaml_get(root, "types")) ||
        !read_decorator_flags(l, yaml_get(root, "decorator_flags")) ||
        !read_typed_calls(l, yaml_get(root, "typed_calls")))
        return false;
    const YamlNode *constants = yaml_get(root, "constants");
    if (constants && !str_eq_c(constants->text, "capital"))
        return fail(l, constants, "spelling of constants", constants->text);
    lowering->capital_constants |= constants != NULL;
    const YamlNode *nodes = yaml_get(root, "nodes");
    if (nodes && !yaml_expect(nodes, l->path, YAML_MAP_NODE, "nodes", l->diag))
        return false;
    for (size_t i = 0; nodes && i < nodes->count; i++) {
        if (!read_node(l, nodes->keys[i], nodes->items[i]))
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
        const uint64_t *first = map_get(&l->symbols, symbol_key(name, lowering->named[i]));
        if (first)
            lowering->canonical[i] = (TSSymbol)*first;
        else
            map_put(&l->symbols, symbol_key(name, lowering->named[i]), i);
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
    map_release(&lowering->choice_operators);
    map_release(&lowering->constructors);
    map_release(&lowering->decorator_flags);
    map_release(&lowering->type_rules);
    map_release(&lowering->typed_calls);
    map_release(&lowering->self_names);
}
