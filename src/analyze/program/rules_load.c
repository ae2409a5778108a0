/*
 * The schema of rule packs is one table of keys: each says in which sections it
 * may stand and how its value is read into a Rule. A key that is not in the
 * table, or not for its section, stops the load with its place; so a pack can
 * never be half understood.
 */
#include "analyze/program/rules.h"

#include "analyze/program/naming.h"
#include "base/yaml.h"
#include "input/target.h"

#include <stddef.h>
#include <string.h>

typedef struct Loader {
    RuleSet *rules;
    const char *path;
    Arena *arena;
    Diag *diag;
} Loader;

typedef enum ValueType {
    VALUE_STRS,      /* text or list of texts */
    VALUE_TEMPLATES, /* the same, braces checked */
    VALUE_STR,
    VALUE_TEMPLATE,
    VALUE_REFS, /* class references */
    VALUE_ON,
    VALUE_SHAPE,
    VALUE_MEANING,
    VALUE_VALUES,
    VALUE_POSITIONS,
    VALUE_DOES,
    VALUE_PHASE,
    VALUE_BOOL
} ValueType;

#define IN(section) (1u << RULE_##section)
#define IN_ALL 0xffffu

static const char *const SECTION_NAMES[] = {
#define X(name, text) text,
    RULE_SECTIONS(X)
#undef X
};

static const struct {
    const char *key;
    uint32_t sections;
    ValueType type;
    size_t offset;
    bool required;
} KEYS[] = {
    {"names", IN(CALL) | IN(ALIAS) | IN(LOCAL) | IN(BLIND) | IN(MEMBER) | IN(MIXIN) | IN(ATTRIBUTE) | IN(SAVE) | IN(CONSTRAINT),
     VALUE_STRS, offsetof(Rule, names), true},
    {"names", IN(PARAMETER), VALUE_STRS, offsetof(Rule, names), false},
    {"names", IN(ACCESSOR) | IN(VARIABLE), VALUE_TEMPLATES, offsetof(Rule, names), true},
    {"on", IN(CALL) | IN(BLIND) | IN(ACCESSOR) | IN(MEMBER) | IN(MIXIN) | IN(SAVE) | IN(CONSTRAINT) | IN(DEFINITION), VALUE_ON,
     offsetof(Rule, on), false},
    {"class", IN_ALL, VALUE_REFS, offsetof(Rule, class_of), false},
    {"result", IN(CALL), VALUE_REFS, offsetof(Rule, result), false},
    {"keywords", IN(CALL) | IN(ACCESSOR) | IN(MEMBER) | IN(VARIABLE), VALUE_MEANING, offsetof(Rule, keywords), false},
    {"symbols", IN(CALL) | IN(ATTRIBUTE), VALUE_MEANING, offsetof(Rule, symbols), false},
    {"strings", IN(CALL) | IN(ATTRIBUTE), VALUE_MEANING, offsetof(Rule, strings), false},
    {"members", IN(COMPANION) | IN(FILE), VALUE_MEANING, offsetof(Rule, members), false},
    {"block", IN(CALL), VALUE_MEANING, offsetof(Rule, block), false},
    {"kind", IN(ACCESSOR) | IN(MEMBER), VALUE_MEANING, offsetof(Rule, kind), false},
    {"values", IN(CALL) | IN(MEMBER) | IN(DEFINITION), VALUE_VALUES, offsetof(Rule, values), false},
    {"keywords_at", IN(CALL), VALUE_POSITIONS, offsetof(Rule, keywords_at), false},
    {"alias_at", IN(CALL), VALUE_POSITIONS, offsetof(Rule, alias_at), false},
    {"positions", IN(CALL) | IN(BLIND), VALUE_POSITIONS, offsetof(Rule, positions), false},
    {"returns", IN(CALL) | IN(ACCESSOR) | IN(MEMBER), VALUE_SHAPE, offsetof(Rule, returns), false},
    {"yields", IN(CALL), VALUE_SHAPE, offsetof(Rule, yields), false},
    {"yields_at", IN(CALL), VALUE_POSITIONS, offsetof(Rule, yields_at), false},
    {"index", IN(CALL), VALUE_BOOL, offsetof(Rule, index), false},
    {"makes_keys", IN(CALL), VALUE_BOOL, offsetof(Rule, makes_keys), false},
    {"merges", IN(CALL), VALUE_BOOL, offsetof(Rule, merges), false},
    {"raw", IN(CALL), VALUE_BOOL, offsetof(Rule, raw), false},
    {"drops", IN(CALL), VALUE_BOOL, offsetof(Rule, drops), false},
    {"retires", IN(CALL) | IN(ATTRIBUTE), VALUE_PHASE, offsetof(Rule, retires), false},
    {"instances", IN(COMPANION) | IN(FILE), VALUE_STRS, offsetof(Rule, instances), false},
    {"collections", IN(COMPANION) | IN(FILE), VALUE_STRS, offsetof(Rule, collections), false},
    {"mappings", IN(COMPANION), VALUE_STRS, offsetof(Rule, mappings), false},
    {"bound", IN(COMPANION), VALUE_BOOL, offsetof(Rule, bound), false},
    {"repository", IN(COMPANION), VALUE_BOOL, offsetof(Rule, repository), false},
    {"makes", IN(COMPANION), VALUE_BOOL, offsetof(Rule, makes), false},
    {"collects", IN(COMPANION), VALUE_BOOL, offsetof(Rule, collects), false},
    {"providers", IN(PARAMETER), VALUE_STRS, offsetof(Rule, providers), false},
    {"shape", IN(MEMBER) | IN(VARIABLE) | IN(PARAMETER), VALUE_SHAPE, offsetof(Rule, shape), false},
    {"member", IN(MEMBER) | IN(ALIAS) | IN(LOCAL), VALUE_TEMPLATES, offsetof(Rule, member), true},
    {"called", IN(VARIABLE), VALUE_BOOL, offsetof(Rule, called), false},
    {"each_key", IN(MEMBER), VALUE_BOOL, offsetof(Rule, each_key), false},
    {"alias", IN(MEMBER), VALUE_TEMPLATE, offsetof(Rule, alias), false},
    {"each", IN(MEMBER) | IN(DEFINITION), VALUE_BOOL, offsetof(Rule, each), false},
    {"static", IN(MEMBER), VALUE_BOOL, offsetof(Rule, is_static), false},
    {"column", IN(MEMBER) | IN(DEFINITION), VALUE_BOOL, offsetof(Rule, column), false},
    {"reverse", IN(MEMBER), VALUE_TEMPLATES, offsetof(Rule, reverse), false},
    {"reverse_shape", IN(MEMBER), VALUE_SHAPE, offsetof(Rule, reverse_shape), false},
    {"delegate", IN(MEMBER), VALUE_TEMPLATE, offsetof(Rule, delegate), false},
    {"on_class", IN(ACCESSOR), VALUE_TEMPLATES, offsetof(Rule, on_class), false},
    {"supertypes", IN(COMPANION), VALUE_STRS, offsetof(Rule, supertypes), true},
    {"supertypes", IN(ATTRIBUTE) | IN(MODEL) | IN(CALL), VALUE_STRS, offsetof(Rule, supertypes), false},
    {"decorators", IN(MODEL), VALUE_STRS, offsetof(Rule, decorators), false},
    {"generated", IN(MODEL), VALUE_STRS, offsetof(Rule, generated), false},
    {"renders", IN(CALL) | IN(ATTRIBUTE), VALUE_BOOL, offsetof(Rule, renders), false},
    {"columns", IN(MODEL), VALUE_BOOL, offsetof(Rule, columns), false},
    {"table_decorator", IN(MODEL), VALUE_STRS, offsetof(Rule, table_decorator), false},
    {"column_name", IN(MODEL), VALUE_TEMPLATE, offsetof(Rule, column_name), false},
    {"column_decorator", IN(MODEL), VALUE_STRS, offsetof(Rule, column_decorator), false},
    {"table_member", IN(MODEL), VALUE_STRS, offsetof(Rule, table_member), false},
    {"names", IN(DEFINITION), VALUE_STRS, offsetof(Rule, names), true},
    {"members_at", IN(DEFINITION), VALUE_POSITIONS, offsetof(Rule, members_at), false},
    {"statics_at", IN(DEFINITION), VALUE_POSITIONS, offsetof(Rule, statics_at), false},
    {"columns_at", IN(DEFINITION), VALUE_POSITIONS, offsetof(Rule, columns_at), false},
    {"inherits", IN(DEFINITION), VALUE_BOOL, offsetof(Rule, inherits), false},
    {"receivers", IN(CALL) | IN(SAVE) | IN(DEFINITION), VALUE_STRS, offsetof(Rule, receivers), false},
    {"table", IN(MODEL), VALUE_TEMPLATE, offsetof(Rule, table), false},
    {"path", IN(FILE), VALUE_STR, offsetof(Rule, path), true},
    {"under", IN(FILE), VALUE_STRS, offsetof(Rule, under), false},
    {"block_self", IN(CALL), VALUE_SHAPE, offsetof(Rule, block_self), false},
    {"narrows", IN(CALL), VALUE_STR, offsetof(Rule, narrows), false},
    {"what", IN(BLIND), VALUE_STR, offsetof(Rule, what), true},
    {"stands_for", IN(SAVE), VALUE_STR, offsetof(Rule, stands_for), false},
    {"with", IN(SAVE), VALUE_STRS, offsetof(Rule, with), false},
    {"without", IN(SAVE), VALUE_STRS, offsetof(Rule, without), false},
    {"key", IN(SAVE), VALUE_TEMPLATE, offsetof(Rule, key), false},
    {"via", IN(SAVE), VALUE_STR, offsetof(Rule, via), false},
    {"parameter", IN(SAVE), VALUE_STR, offsetof(Rule, parameter), false},
    {"does", IN(SAVE), VALUE_DOES, offsetof(Rule, does), true},
    {"when", IN(SAVE) | IN(CONSTRAINT), VALUE_STR, offsetof(Rule, when), false},
};
enum { KEY_COUNT = sizeof KEYS / sizeof *KEYS };

static const char *const SHAPE_NAMES[] = {
#define X(name, text) text,
    SHAPES(X)
#undef X
};

static const char *const MEANING_NAMES[] = {"none",    "read", "write", "query",
                                            "declare", "sql",  "set",
                                            "path"};

const char *shape_name(Shape shape)
{
    return SHAPE_NAMES[shape];
}

static bool bad_value(Loader *l, const YamlNode *node, const char *wanted)
{
    Str found = node->kind == YAML_SCALAR_NODE ? node->text : str_lit("a list or map");
    return diag_fail_at(l->diag, l->path, node->line, node->column, "expected %s, found `%.*s`",
                        wanted, STR_ARG(found));
}

static int index_of(const char *const *names, size_t count, Str text)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq_c(text, names[i]))
            return (int)i;
    }
    return -1;
}

static bool read_shape(Loader *l, const YamlNode *node, Shape *shape)
{
    int index = node->kind == YAML_SCALAR_NODE ? index_of(SHAPE_NAMES, SHAPE_COUNT, node->text) : -1;
    if (index < 0)
        return bad_value(l, node, "a shape (instance, class, collection, builder, table, other ...)");
    *shape = (Shape)index;
    return true;
}

static bool read_meaning(Loader *l, const YamlNode *node, Meaning *meaning)
{
    int index = node->kind == YAML_SCALAR_NODE
                    ? index_of(MEANING_NAMES, sizeof MEANING_NAMES / sizeof *MEANING_NAMES, node->text)
                    : -1;
    if (index < 0)
        return bad_value(l, node, "read, write, query, declare, sql, set, path or none");
    *meaning = (Meaning)index;
    return true;
}

static bool check_template(Loader *l, const YamlNode *node)
{
    Str bad;
    if (template_check(node->text, &bad))
        return true;
    return diag_fail_at(l->diag, l->path, node->line, node->column, "bad template near `%.*s`",
                        STR_ARG(bad));
}

/* A text, or a list of texts, in either spelling. */
static bool read_strs(Loader *l, const YamlNode *node, bool templates, StrList *list)
{
    size_t count = node->kind == YAML_LIST_NODE ? node->count : 1;
    list->items = ARENA_ARRAY(l->arena, Str, count);
    for (size_t i = 0; i < count; i++) {
        const YamlNode *item = node->kind == YAML_LIST_NODE ? node->items[i] : node;
        if (item->kind != YAML_SCALAR_NODE || !item->text.length)
            return bad_value(l, item, "a name or a list of names");
        if (templates && !check_template(l, item))
            return false;
        list->items[list->count++] = item->text;
    }
    return true;
}

static void split_words(ClassRef *ref)
{
    size_t at = 0;
    while (at < ref->text.length && ref->word_count < 4) {
        size_t end = str_find_byte(ref->text, ' ', at);
        Str word = str_slice(ref->text, at, end);
        if (word.length)
            ref->words[ref->word_count++] = word;
        at = end == SIZE_MAX ? ref->text.length : end + 1;
    }
}

static const char *const REF_WORDS[] = {"receiver", "enclosing", "outer",     "argument",
                                        "keyword",  "body",      "inner",     "decorator",
                                        "registered", "table",   "self",      "context",
                                        "method",   "later",     "other",
                                        "block",    "constant",  "named",     "path"};

static bool read_refs(Loader *l, const YamlNode *node, ClassRefs *refs)
{
    StrList list = {0};
    if (!read_strs(l, node, true, &list))
        return false;
    refs->items = ARENA_ARRAY(l->arena, ClassRef, list.count);
    for (size_t i = 0; i < list.count; i++) {
        ClassRef *ref = &refs->items[refs->count++];
        ref->text = list.items[i];
        ref->is_template = str_find_byte(ref->text, '{', 0) != SIZE_MAX ||
                           (ref->text.data[0] >= 'A' && ref->text.data[0] <= 'Z');
        if (ref->is_template)
            continue;
        split_words(ref);
        if (index_of(REF_WORDS, sizeof REF_WORDS / sizeof *REF_WORDS, ref->words[0]) < 0)
            return diag_fail_at(l->diag, l->path, node->line, node->column,
                                "`%.*s` does not say where a class comes from", STR_ARG(ref->text));
    }
    return true;
}

static bool read_on(Loader *l, const YamlNode *node, uint32_t *on)
{
    StrList list = {0};
    if (!read_strs(l, node, false, &list))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        int shape = index_of(SHAPE_NAMES, SHAPE_COUNT, list.items[i]);
        if (str_eq_c(list.items[i], "none"))
            *on |= ON_NONE;
        else if (str_eq_c(list.items[i], "body"))
            *on |= ON_BODY;
        else if (str_eq_c(list.items[i], "member"))
            *on |= ON_MEMBER;
        else if (str_eq_c(list.items[i], "any"))
            *on |= ON_ANY;
        else if (shape >= 0)
            *on |= 1u << shape;
        else
            return bad_value(l, node, "shapes of the receiver, none, body or any");
    }
    return true;
}

static bool read_values(Loader *l, const YamlNode *node, NamedMeanings *values)
{
    if (!yaml_expect(node, l->path, YAML_MAP_NODE, "`values`", l->diag))
        return false;
    values->items = ARENA_ARRAY(l->arena, NamedMeaning, node->count);
    for (size_t i = 0; i < node->count; i++) {
        values->items[i].name = node->keys[i]->text;
        if (!read_meaning(l, node->items[i], &values->items[i].meaning))
            return false;
    }
    values->count = node->count;
    return true;
}

static bool read_positions(Loader *l, const YamlNode *node, uint32_t *positions)
{
    StrList list = {0};
    if (!read_strs(l, node, false, &list))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        Str text = list.items[i];
        if (text.length != 1 || text.data[0] < '0' || text.data[0] > '9')
            return bad_value(l, node, "argument positions from 0 to 9");
        *positions |= 1u << (text.data[0] - '0');
    }
    return true;
}

static const char *const DOES_NAMES[] = {
#define X(name, text) text,
    SAVE_DOES(X)
#undef X
};

static bool read_does(Loader *l, const YamlNode *node, uint32_t *does)
{
    StrList list = {0};
    if (!read_strs(l, node, false, &list))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        int index = index_of(DOES_NAMES, DOES_COUNT, list.items[i]);
        if (index < 0)
            return bad_value(l, node, "what a call does: save, assign, build, chain-new, run ...");
        *does |= 1u << index;
    }
    return true;
}

/* The name of a phase; kept as text, so that an empty one means none. */
static bool read_phase(Loader *l, const YamlNode *node, Str *name)
{
    Phase phase;
    if (node->kind != YAML_SCALAR_NODE || !phase_parse(node->text, &phase))
        return bad_value(l, node, "a phase (accept, dual-write ... drop)");
    *name = node->text;
    return true;
}

static bool read_value(Loader *l, ValueType type, const YamlNode *node, void *place)
{
    StrList one = {0};
    switch (type) {
    case VALUE_STRS: return read_strs(l, node, false, place);
    case VALUE_TEMPLATES: return read_strs(l, node, true, place);
    case VALUE_STR:
    case VALUE_TEMPLATE:
        if (!read_strs(l, node, type == VALUE_TEMPLATE, &one) || one.count != 1)
            return bad_value(l, node, "one text");
        *(Str *)place = one.items[0];
        return true;
    case VALUE_REFS: return read_refs(l, node, place);
    case VALUE_ON: return read_on(l, node, place);
    case VALUE_SHAPE: return read_shape(l, node, place);
    case VALUE_MEANING: return read_meaning(l, node, place);
    case VALUE_VALUES: return read_values(l, node, place);
    case VALUE_POSITIONS: return read_positions(l, node, place);
    case VALUE_DOES: return read_does(l, node, place);
    case VALUE_PHASE: return read_phase(l, node, place);
    case VALUE_BOOL: return yaml_bool(node, l->path, place, l->diag);
    }
    return false;
}

static int find_key(RuleSection section, Str key)
{
    for (int i = 0; i < KEY_COUNT; i++) {
        if ((KEYS[i].sections & (1u << section)) && str_eq_c(key, KEYS[i].key))
            return i;
    }
    return -1;
}

static bool unknown_key(Loader *l, RuleSection section, const YamlNode *key)
{
    diag_fail_at(l->diag, l->path, key->line, key->column, "unknown key `%.*s` in `%s`",
                 STR_ARG(key->text), SECTION_NAMES[section]);
    const char *best = NULL;
    size_t distance = 3;
    for (int i = 0; i < KEY_COUNT; i++) {
        size_t d = str_distance(key->text, str_of(KEYS[i].key), distance);
        if ((KEYS[i].sections & (1u << section)) && d < distance) {
            distance = d;
            best = KEYS[i].key;
        }
    }
    if (best)
        return diag_hint(l->diag, "did you mean `%s`?", best);
    return diag_hint(l->diag, "docs/rule-packs.md lists the keys of each section");
}

static bool read_rule(Loader *l, RuleSection section, const YamlNode *node, Rule *rule)
{
    if (!yaml_expect(node, l->path, YAML_MAP_NODE, "a rule", l->diag))
        return false;
    rule->section = section;
    rule->line = node->line;
    rule->id = l->rules->rule_count++;
    for (size_t i = 0; i < node->count; i++) {
        int key = find_key(section, node->keys[i]->text);
        if (key < 0)
            return unknown_key(l, section, node->keys[i]);
        if (!read_value(l, KEYS[key].type, node->items[i], (char *)rule + KEYS[key].offset))
            return false;
    }
    for (int i = 0; i < KEY_COUNT; i++) {
        if (KEYS[i].required && (KEYS[i].sections & (1u << section)) && !yaml_get(node, KEYS[i].key))
            return diag_fail_at(l->diag, l->path, node->line, node->column,
                                "a rule in `%s` needs `%s`", SECTION_NAMES[section], KEYS[i].key);
    }
    return true;
}

static bool read_section(Loader *l, RulePack *pack, RuleSection section, const YamlNode *list)
{
    if (!yaml_expect(list, l->path, YAML_LIST_NODE, SECTION_NAMES[section], l->diag))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        Rule *rule = &pack->rules[pack->rule_count++];
        rule->pack = pack;
        if (!read_rule(l, section, list->items[i], rule))
            return false;
    }
    return true;
}

static const char *const PACK_KEYS[] = {"pack", "family", "about", "detect", "lookup", "declares",
#define X(name, text) text,
                                        RULE_SECTIONS(X)
#undef X
                                            NULL};

static bool read_text(Loader *l, const YamlNode *root, const char *key, bool required,
                      const char **text)
{
    const YamlNode *node = yaml_get(root, key);
    if (!node)
        return !required || diag_fail_at(l->diag, l->path, root->line, root->column,
                                         "a rule pack needs `%s`", key);
    if (!yaml_expect(node, l->path, YAML_SCALAR_NODE, key, l->diag))
        return false;
    *text = arena_strdup(l->arena, node->text.data, node->text.length);
    return true;
}

/* "belongs_to :{}": the literal text before and after a name. */
static bool read_declares(Loader *l, const YamlNode *node, DeclareList *list)
{
    StrList texts = {0};
    if (!read_strs(l, node, false, &texts))
        return false;
    list->items = ARENA_ARRAY(l->arena, DeclarePattern, texts.count);
    for (size_t i = 0; i < texts.count; i++) {
        size_t hole = str_find(texts.items[i], str_lit("{}"), 0);
        if (hole == SIZE_MAX)
            return bad_value(l, node, "a spelling with {} for the name");
        list->items[list->count++] =
            (DeclarePattern){.before = str_slice(texts.items[i], 0, hole),
                             .after = str_slice(texts.items[i], hole + 2, texts.items[i].length)};
    }
    return true;
}

static size_t count_rules(const YamlNode *root)
{
    size_t count = 0;
    for (size_t i = 0; i < root->count; i++)
        count += root->items[i]->kind == YAML_LIST_NODE ? root->items[i]->count : 0;
    return count;
}

static bool read_pack(Loader *l, const YamlNode *root, RulePack *pack)
{
    const char *lookup = NULL;
    if (!yaml_expect(root, l->path, YAML_MAP_NODE, "a rule pack", l->diag) ||
        !yaml_check_keys(root, l->path, PACK_KEYS, l->diag) ||
        !read_text(l, root, "pack", true, &pack->name) ||
        !read_text(l, root, "family", true, &pack->family) ||
        !read_text(l, root, "lookup", false, &lookup))
        return false;
    pack->lookup = str_of(lookup);
    const YamlNode *detect = yaml_get(root, "detect");
    if (detect && !read_strs(l, detect, false, &pack->detect))
        return false;
    const YamlNode *declares = yaml_get(root, "declares");
    if (declares && !read_declares(l, declares, &pack->declares))
        return false;
    pack->rules = ARENA_ARRAY(l->arena, Rule, count_rules(root));
    for (int section = 0; section < RULE_SECTION_COUNT; section++) {
        const YamlNode *list = yaml_get(root, SECTION_NAMES[section]);
        if (list && !read_section(l, pack, (RuleSection)section, list))
            return false;
    }
    return true;
}

bool rules_load_text(RuleSet *rules, const char *path, Str text, bool user, Diag *diag)
{
    Loader loader = {rules, arena_strdup(&rules->arena, path, strlen(path)), &rules->arena, diag};
    const YamlNode *root = yaml_parse(loader.path, text, &rules->arena, diag);
    if (!root)
        return false;
    RulePack *pack = ARENA_NEW(&rules->arena, RulePack);
    pack->path = loader.path;
    pack->user = user;
    if (!read_pack(&loader, root, pack))
        return false;
    array_push(&rules->packs, pack);
    return true;
}
