/*
 * Two readers of the same format must agree: every sample goes through the
 * loader and through share/straggler.schema.json, read by a small validator of
 * the part of JSON Schema that it uses. Bad samples also fix the place and the
 * wording of the message.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/yaml.h"
#include "input/config.h"

#include <jansson.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIGRATION "version: 1\nmigrations:\n  m:\n    phase: drop\n    from: Order\n"

typedef struct Sample {
    const char *text;
    const char *message; /* NULL: the sample is good */
    unsigned line, column;
} Sample;

static const Sample samples[] = {
    {"version: 1\n", NULL, 0, 0},
    {MIGRATION "    fields: {email: address}\n", NULL, 0, 0},
    {MIGRATION "    fields: [email, phone]\n", NULL, 0, 0},
    {MIGRATION "    fields:\n      '{a,b}': c\n      d: ~\n", NULL, 0, 0},
    {MIGRATION "    fields:\n      a: {to: b, read: \"{receiver}.b != 1\", write: x}\n", NULL, 0, 0},
    {MIGRATION "    fields_from: legal_entity_proxy\n    to: LegalEntity\n    through: le\n", NULL,
     0, 0},
    {"version: 1\nmigrations:\n  m: {phase: accept, from: \"Invoice.{a,b}\", to: Invoice.c}\n",
     NULL, 0, 0},
    {"version: 1\nmigrations:\n  m:\n    phase: accept\n    from: {model: 'Spree::Order', table: o}\n"
     "    to: {model: N}\n    fields: [a]\n    due: 2027-01-31\n    owner: '@a'\n    because: why\n"
     "    funnel: {write: w, read: r}\n    allow: [x/*.rb]\n    accessors: false\n"
     "    severity: {old-read: off}\n",
     NULL, 0, 0},
    {"version: 1\ninclude: [app]\nexclude: [vendor]\nrules: [activerecord]\nbaseline: b.txt\n"
     "severity:\n  old-read: warning\n  old-write: {backfill: info, drop: error}\n"
     "pairs: [[A, B]]\nreconcile: {pattern: Deprecated}\n",
     NULL, 0, 0},

    {"include: [app]\n", "`version` is missing", 1, 1},
    {"version: 2\n", "`version` must be 1", 1, 10},
    {"version: '1'\n", "`version` must be 1", 1, 10},
    {"version: 1\nmigration: {}\n", "migration", 2, 1},
    {"version: 1\ninclude: app\n", "`include` must be a list", 2, 10},
    {"version: 1\ninclude: [1]\n", "`include` must be a list of texts", 2, 11},
    {"version: 1\nbaseline: 12\n", "must be a text: put it in quotes", 2, 11},
    {"version: 1\npairs: [[A]]\n", "a pair is a list of two", 2, 9},
    {"version: 1\nseverity: {old-read: bad}\n", "`bad` is no severity", 2, 22},
    {"version: 1\nseverity: {old-read: {never: off}}\n", "`never` is no phase", 2, 23},
    {"version: 1\nreconcile: {regex: a}\n", "regex", 2, 13},
    {"version: 1\nmigrations: {m: {from: Order, fields: [a]}}\n", "migration `m` has no `phase`",
     2, 14},
    {"version: 1\nmigrations: {m: {phase: drop, fields: [a]}}\n", "`from` is missing", 2, 17},
    {"version: 1\nmigrations: {m: {phase: dropp, from: Order, fields: [a]}}\n",
     "`dropp` is no phase", 2, 25},
    {MIGRATION "    fields: {}\n", "`fields` must not be empty", 6, 13},
    {MIGRATION "    fields: email\n", "`fields` must be a map", 6, 13},
    {MIGRATION "    fields: {e-mail: a}\n", "a field name is expected", 6, 14},
    {MIGRATION "    fields: {email: a.b}\n", "a field name is expected", 6, 21},
    {MIGRATION "    fields: {email: [a]}\n", "a field name or a map", 6, 21},
    {MIGRATION "    fields: {email: {too: a}}\n", "too", 6, 22},
    {MIGRATION "    fields: [a]\n    due: 31.1.2027\n", "`due` must be a date", 7, 10},
    {MIGRATION "    fields: [a]\n    due: 2027-13-01\n", "`due` must be a date", 7, 10},
    {MIGRATION "    fields: [a]\n    accessors: maybe\n", "expected true or false", 7, 16},
    {MIGRATION "    fields: [a]\n    funnel: set\n", "`funnel` must be", 7, 13},
    {MIGRATION "    fields: [a]\n    phases: drop\n", "phases", 7, 5},
    {"version: 1\nmigrations: {m: {phase: drop, from: [A], fields: [a]}}\n", "a model's name", 2, 37},
    {"version: 1\nmigrations: {m: {phase: drop, from: {table: a}, fields: [a]}}\n",
     "`model` is missing", 2, 37},
};

enum { SAMPLES = sizeof samples / sizeof *samples };

/* What only the loader can know: the schema has no words for it. */
static const Sample loader_only[] = {
    {MIGRATION, "`from` must name fields too", 5, 11},
    {MIGRATION "    fields: [a, b, a]\n", "field `a` is named twice", 6, 20},
    {"version: 1\nmigrations: {m: {phase: drop, from: 'a b', fields: [a]}}\n",
     "`a b` is no model's name", 2, 37},
    {"version: 1\nmigrations: {m: {phase: drop, from: A.b, to: c}}\n", "`to` must be one field",
     2, 46},
};

enum { LOADER_ONLY = sizeof loader_only / sizeof *loader_only };

static bool load(const char *text, Config *config, Arena *arena, Diag *diag)
{
    *diag = (Diag){0};
    return config_parse(config, "straggler.yml", str_of(text), arena, diag);
}

static void check_sample(const Sample *sample)
{
    Arena arena;
    Config config;
    Diag diag;
    arena_init(&arena);
    bool good = load(sample->text, &config, &arena, &diag);
    if (good != !sample->message)
        fail_msg("%s\n-> %s", sample->text, good ? "accepted" : diag.message);
    if (!good && !strstr(diag.message, sample->message))
        fail_msg("%s\n-> %s", sample->text, diag.message);
    if (!good && (diag.line != sample->line || diag.column != sample->column))
        fail_msg("%s\n-> %u:%u: %s", sample->text, diag.line, diag.column, diag.message);
    arena_release(&arena);
}

static void test_samples(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++)
        check_sample(&samples[i]);
    for (size_t i = 0; i < LOADER_ONLY; i++)
        check_sample(&loader_only[i]);
}

/* --- the part of JSON Schema draft-07 that the schema uses --- */

typedef struct Schema {
    json_t *root;
} Schema;

static bool valid(const Schema *schema, const json_t *rule, const json_t *value);

static bool matches(const char *pattern, const char *text)
{
    int code;
    PCRE2_SIZE offset;
    pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF,
                                         &code, &offset, NULL);
    assert_non_null(compiled);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    bool found = pcre2_match(compiled, (PCRE2_SPTR)text, strlen(text), 0, 0, data, NULL) >= 0;
    pcre2_match_data_free(data);
    pcre2_code_free(compiled);
    return found;
}

static bool valid_type(const char *type, const json_t *value)
{
    if (strcmp(type, "object") == 0)
        return json_is_object(value);
    if (strcmp(type, "array") == 0)
        return json_is_array(value);
    if (strcmp(type, "string") == 0)
        return json_is_string(value);
    if (strcmp(type, "null") == 0)
        return json_is_null(value);
    assert_string_equal(type, "boolean");
    return json_is_boolean(value);
}

static bool valid_object(const Schema *schema, const json_t *rule, const json_t *value)
{
    const json_t *properties = json_object_get(rule, "properties");
    const json_t *others = json_object_get(rule, "additionalProperties");
    const json_t *names = json_object_get(rule, "propertyNames");
    const char *key;
    json_t *item;
    json_object_foreach((json_t *)value, key, item) {
        const json_t *property = json_object_get(properties, key);
        if (names && !matches(json_string_value(json_object_get(names, "pattern")), key))
            return false;
        if (property ? !valid(schema, property, item)
                     : json_is_false(others) || (others && !valid(schema, others, item)))
            return false;
    }
    size_t index;
    json_array_foreach(json_object_get(rule, "required"), index, item) {
        if (!json_object_get(value, json_string_value(item)))
            return false;
    }
    const json_t *least = json_object_get(rule, "minProperties");
    return !least || (json_int_t)json_object_size(value) >= json_integer_value(least);
}

static bool valid_array(const Schema *schema, const json_t *rule, const json_t *value)
{
    const json_t *items = json_object_get(rule, "items");
    const json_t *least = json_object_get(rule, "minItems"), *most;
    most = json_object_get(rule, "maxItems");
    json_int_t count = (json_int_t)json_array_size(value);
    for (size_t i = 0; items && i < json_array_size(value); i++) {
        if (!valid(schema, items, json_array_get(value, i)))
            return false;
    }
    return (!least || count >= json_integer_value(least)) &&
           (!most || count <= json_integer_value(most));
}

static bool valid_string(const json_t *rule, const json_t *value)
{
    const json_t *pattern = json_object_get(rule, "pattern");
    const json_t *least = json_object_get(rule, "minLength");
    return (!pattern || matches(json_string_value(pattern), json_string_value(value))) &&
           (!least || (json_int_t)json_string_length(value) >= json_integer_value(least));
}

static bool valid_choice(const Schema *schema, const json_t *rule, const json_t *value)
{
    size_t index, count = 0;
    json_t *item;
    const json_t *choices = json_object_get(rule, "enum"), *kinds = json_object_get(rule, "oneOf");
    json_array_foreach(choices, index, item)
        count += json_equal(item, value) ? 1 : 0;
    if (choices && !count)
        return false;
    count = 0;
    json_array_foreach(kinds, index, item)
        count += valid(schema, item, value) ? 1 : 0;
    return !kinds || count == 1;
}

static bool valid(const Schema *schema, const json_t *rule, const json_t *value)
{
    const json_t *reference = json_object_get(rule, "$ref");
    if (reference) {
        const char *name = json_string_value(reference) + strlen("#/definitions/");
        rule = json_object_get(json_object_get(schema->root, "definitions"), name);
        assert_non_null(rule);
    }
    const json_t *type = json_object_get(rule, "type"), *fixed = json_object_get(rule, "const");
    if (type && !valid_type(json_string_value(type), value))
        return false;
    if (fixed && !json_equal(fixed, value))
        return false;
    if (json_is_object(value) && !valid_object(schema, rule, value))
        return false;
    if (json_is_array(value) && !valid_array(schema, rule, value))
        return false;
    if (json_is_string(value) && !valid_string(rule, value))
        return false;
    return valid_choice(schema, rule, value);
}

/* The value that a YAML reader of an editor would see. */
static json_t *to_json(const YamlNode *node)
{
    if (node->kind == YAML_LIST_NODE) {
        json_t *list = json_array();
        for (size_t i = 0; i < node->count; i++)
            json_array_append_new(list, to_json(node->items[i]));
        return list;
    }
    if (node->kind == YAML_MAP_NODE) {
        json_t *map = json_object();
        for (size_t i = 0; i < node->count; i++) {
            char *key = strndup(node->keys[i]->text.data, node->keys[i]->text.length);
            json_object_set_new(map, key, to_json(node->items[i]));
            free(key);
        }
        return map;
    }
    char *end, *text = strndup(node->text.data ? node->text.data : "", node->text.length);
    json_t *value = NULL;
    long number = strtol(text, &end, 10);
    if (!node->quoted && (!*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0))
        value = json_null();
    else if (!node->quoted && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
        value = json_boolean(text[0] == 't');
    else if (!node->quoted && !*end)
        value = json_integer(number);
    else
        value = json_string(text);
    free(text);
    return value;
}

static void test_schema_agrees(void **state)
{
    (void)state;
    json_error_t error;
    Schema schema = {json_load_file("share/straggler.schema.json", 0, &error)};
    if (!schema.root)
        fail_msg("%s", error.text);
    for (size_t i = 0; i < SAMPLES; i++) {
        Arena arena;
        Diag diag = {0};
        arena_init(&arena);
        const YamlNode *node = yaml_parse("s", str_of(samples[i].text), &arena, &diag);
        assert_non_null(node);
        json_t *value = to_json(node);
        if (valid(&schema, schema.root, value) != !samples[i].message)
            fail_msg("the schema and the loader disagree about:\n%s", samples[i].text);
        json_decref(value);
        arena_release(&arena);
    }
    json_decref(schema.root);
}

static void test_values(void **state)
{
    (void)state;
    Arena arena;
    Config config;
    Diag diag;
    arena_init(&arena);
    assert_true(load("version: 1\nseverity: {old-read: {drop: off}}\nmigrations:\n"
                     "  le:\n    phase: read-new\n    from: {model: Merchant, table: ms}\n"
                     "    to: LegalEntity\n    through: legal_entity\n    fields:\n"
                     "      '{a, b}': c\n      d: {to: e, read: r}\n      f: ~\n"
                     "  short: {phase: drop, from: 'I.{x,y}', to: J.z}\n",
                     &config, &arena, &diag));
    assert_int_equal(config.migration_count, 2);
    const Migration *le = &config.migrations[0];
    assert_string_equal(le->name, "le");
    assert_string_equal(le->table, "ms");
    assert_int_equal(le->phase, PHASE_READ_NEW);
    assert_true(le->accessors);
    assert_int_equal(le->field_count, 4);
    assert_string_equal(le->fields[1].from, "b");
    assert_string_equal(le->fields[1].to, "c");
    assert_string_equal(le->fields[2].read, "r");
    assert_int_equal(le->fields[2].line, 11);
    assert_null(le->fields[3].to);
    const Migration *brief = &config.migrations[1];
    assert_string_equal(brief->model, "I");
    assert_string_equal(brief->to_model, "J");
    assert_string_equal(brief->fields[1].from, "y");
    assert_string_equal(brief->fields[1].to, "z");
    assert_int_equal(config.severity_count, 1);
    assert_int_equal(config.severities[0].phase, PHASE_DROP);
    assert_false(config.severities[0].any_phase);
    arena_release(&arena);
}

static void make_file(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("version: 1\n", file);
    fclose(file);
}

static void test_find_stops_at_repository(void **state)
{
    (void)state;
    char folder[] = "straggler-config-XXXXXX";
    assert_int_equal(chdir(P_tmpdir), 0);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkdir("a", 0700), 0);
    assert_int_equal(mkdir("a/b", 0700), 0);
    make_file("straggler.yml");
    Arena arena;
    arena_init(&arena);
    const char *found = config_find("a/b", &arena);
    assert_non_null(found);
    assert_string_equal(found, "a/b/../../straggler.yml");
    assert_int_equal(mkdir("a/.git", 0700), 0);
    assert_null(config_find("a/b", &arena)); /* the repository ends the search */
    make_file("a/straggler.yml");
    assert_string_equal(config_find("a/b", &arena), "a/b/../straggler.yml");
    arena_release(&arena);
    unlink("a/straggler.yml");
    unlink("straggler.yml");
    rmdir("a/.git");
    rmdir("a/b");
    rmdir("a");
    assert_int_equal(chdir(".."), 0);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_schema_agrees),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_find_stops_at_repository),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
