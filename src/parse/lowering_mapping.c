/*
 * One node kind's mapping: what it becomes, and the edges of its children. A
 * mapping is read into small arrays in the language's arena; only edges by field
 * get a table, as every child with a field is looked up in it.
 */
#include "parse/lowering_load.h"

#include <string.h>

bool loader_fail(Loader *l, const YamlNode *at, const char *what, Str text)
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
    loader_fail(l, at, what, text);
    return best ? diag_hint(l->diag, "did you mean `%s`?", best) : false;
}

uint64_t loader_symbol_key(Sym name, bool named)
{
    return map_key2(name, named ? 2 : 1);
}

/* The first symbol of that name; one name may have several symbols. */
static bool find_symbol(Loader *l, const YamlNode *at, Str text, bool named, TSSymbol *symbol)
{
    Sym name = names_lookup(l->names, text);
    const uint64_t *found = name ? map_get(&l->symbols, loader_symbol_key(name, named)) : NULL;
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
            return loader_fail(l, node->items[i], "flag", node->items[i]->text);
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
            return loader_fail(l, node, "role, fact or flag", word);
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
        return loader_fail(l, node, "fact", node->text);
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
    if (str_eq_c(key->text, "adds"))
        return true; /* see loader_read_node */
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

/* Room for the edges by kind that `mapping` has and for `extra` more. */
static SymbolEdge *grow_edges(Loader *l, Mapping *mapping, size_t extra)
{
    SymbolEdge *edges = ARENA_ARRAY(l->arena, SymbolEdge, mapping->symbol_count + extra);
    if (mapping->symbol_count)
        memcpy(edges, mapping->by_symbol, mapping->symbol_count * sizeof *edges);
    mapping->by_symbol = edges;
    return edges;
}

static bool read_mapping(Loader *l, const YamlNode *node, Mapping *mapping)
{
    mapping->pattern = add_pattern(l, node, "");
    if (node->kind == YAML_SCALAR_NODE)
        return read_fact(l, node, mapping);
    if (!yaml_expect(node, l->path, YAML_MAP_NODE, "a mapping", l->diag))
        return false;
    SymbolEdge *edges = grow_edges(l, mapping, node->count);
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

/* `adds: true`: the base's mapping of this kind, and what is written here. */
static void start_from_base(Loader *l, const Mapping *base, Mapping *mapping)
{
    *mapping = *base;
    if (!base->by_field)
        return;
    uint32_t count = ts_language_field_count(l->lowering->grammar) + 1;
    mapping->by_field = ARENA_ARRAY(l->arena, const Edge *, count);
    memcpy(mapping->by_field, base->by_field, count * sizeof *base->by_field);
}

bool loader_read_node(Loader *l, const YamlNode *key, const YamlNode *value)
{
    Lowering *lowering = l->lowering;
    TSSymbol first;
    if (!find_symbol(l, key, key->text, true, &first))
        return forgive(l);
    l->node = arena_strdup(l->arena, key->text.data, key->text.length);
    Mapping *mapping = ARENA_NEW(l->arena, Mapping);
    bool adds = false;
    const YamlNode *setting = yaml_get(value, "adds");
    if (setting && !yaml_bool(setting, l->path, &adds, l->diag))
        return false;
    const Mapping *base = lowering->mappings[first];
    if (adds && !base)
        return diag_fail_at(l->diag, l->path, setting->line, setting->column,
                            "`adds`: no base language maps `%s`", l->node);
    if (adds)
        start_from_base(l, base, mapping);
    if (!read_mapping(l, value, mapping))
        return false;
    lowering->mappings[first] = mapping;
    return true;
}
