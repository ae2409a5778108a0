/*
 * One function per part of the file, each reading a YamlNode that knows its
 * place. Keys are checked against closed lists before anything is read, so a
 * misspelled key stops the run instead of being ignored.
 */
#include "input/config.h"

#include "base/array.h"
#include "base/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_CONFIG = 1 << 20 /* bytes, as yaml.h */ };

typedef struct {
    ARRAY_OF(SeverityOverride);
} SeverityArray;

typedef struct {
    ARRAY_OF(FieldMap);
} FieldArray;

/* What every part needs to read and to complain. */
typedef struct Reader {
    Config *config;
    const char *path;
    Arena *arena;
    Diag *diag;
    SeverityArray severities;
} Reader;

static bool fail_at(Reader *reader, const YamlNode *node, const char *message)
{
    return diag_fail_at(reader->diag, reader->path, node->line, node->column, "%s", message);
}

static const char *text_of(Reader *reader, const YamlNode *node)
{
    return arena_strdup(reader->arena, node->text.data, node->text.length);
}

static bool is_null(const YamlNode *node)
{
    return node->kind == YAML_SCALAR_NODE && !node->quoted &&
           (!node->text.length || str_eq_c(node->text, "~") || str_eq_c(node->text, "null"));
}

/* What YAML reads as null, true or a number is no text unless it is quoted. */
static bool is_text(const YamlNode *node)
{
    if (node->kind != YAML_SCALAR_NODE || !node->text.length || is_null(node))
        return false;
    bool number = true;
    for (size_t i = 0; i < node->text.length; i++)
        number &= node->text.data[i] >= '0' && node->text.data[i] <= '9';
    bool truth = str_eq_c(node->text, "true") || str_eq_c(node->text, "false");
    return node->quoted || (!number && !truth);
}

/* Reads an optional text; absent leaves *text alone. */
static bool read_text(Reader *reader, const YamlNode *parent, const char *key, const char **text)
{
    const YamlNode *node = yaml_get(parent, key);
    if (!node)
        return true;
    if (!yaml_expect(node, reader->path, YAML_SCALAR_NODE, key, reader->diag))
        return false;
    if (!node->text.length)
        return diag_fail_at(reader->diag, reader->path, node->line, node->column,
                            "`%s` must not be empty", key);
    if (!is_text(node))
        return diag_fail_at(reader->diag, reader->path, node->line, node->column,
                            "`%s` must be a text: put it in quotes", key);
    *text = text_of(reader, node);
    return true;
}

static bool read_list(Reader *reader, const YamlNode *parent, const char *key, TextList *list)
{
    const YamlNode *node = yaml_get(parent, key);
    if (!node)
        return true;
    if (!yaml_expect(node, reader->path, YAML_LIST_NODE, key, reader->diag))
        return false;
    list->items = ARENA_ARRAY(reader->arena, const char *, node->count);
    for (size_t i = 0; i < node->count; i++) {
        const YamlNode *item = node->items[i];
        if (!is_text(item))
            return diag_fail_at(reader->diag, reader->path, item->line, item->column,
                                "`%s` must be a list of texts", key);
        list->items[list->count++] = text_of(reader, item);
    }
    return true;
}

/* Fails with the nearest of `names` ("a", "b", NULL) as advice. */
static bool fail_choice(Reader *reader, const YamlNode *node, const char *what,
                        const char *const *names)
{
    StrBuf list = {0};
    const char *best = NULL;
    size_t limit = 4;
    for (; *names; names++) {
        strbuf_printf(&list, "%s%s", list.length ? ", " : "", *names);
        size_t distance = str_distance(node->text, str_of(*names), limit);
        if (distance < limit) {
            limit = distance;
            best = *names;
        }
    }
    diag_fail_at(reader->diag, reader->path, node->line, node->column, "`%.*s` is no %s",
                 STR_ARG(node->text), what);
    if (best)
        diag_hint(reader->diag, "did you mean `%s`?", best);
    else
        diag_hint(reader->diag, "it is one of: %s", list.data);
    strbuf_release(&list);
    return false;
}

static bool read_phase_name(Reader *reader, const YamlNode *node, Phase *phase)
{
    static const char *const names[] = {
#define X(name, text) text,
        PHASES(X)
#undef X
        NULL};
    if (node->kind == YAML_SCALAR_NODE && phase_parse(node->text, phase))
        return true;
    return fail_choice(reader, node, "phase", names);
}

static bool add_severity(Reader *reader, const YamlNode *key, const YamlNode *value,
                         SeverityOverride item)
{
    static const char *const names[] = {"off", "info", "warning", "error", NULL};
    for (size_t i = 0; names[i]; i++) {
        if (value->kind == YAML_SCALAR_NODE && str_eq_c(value->text, names[i]))
            item.severity = names[i];
    }
    if (!item.severity)
        return fail_choice(reader, value, "severity", names);
    item.line = key->line;
    item.column = key->column;
    array_push(&reader->severities, item);
    return true;
}

/* rule: severity, or rule: {phase: severity} */
static bool read_severities(Reader *reader, const YamlNode *parent, const char *migration)
{
    const YamlNode *node = yaml_get(parent, "severity");
    if (!node)
        return true;
    if (!yaml_expect(node, reader->path, YAML_MAP_NODE, "severity", reader->diag))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const YamlNode *value = node->items[i];
        SeverityOverride item = {.rule = text_of(reader, node->keys[i]),
                                 .migration = migration, .any_phase = true};
        if (value->kind != YAML_MAP_NODE) {
            if (!add_severity(reader, node->keys[i], value, item))
                return false;
            continue;
        }
        item.any_phase = false;
        for (size_t j = 0; j < value->count; j++) {
            if (!read_phase_name(reader, value->keys[j], &item.phase) ||
                !add_severity(reader, node->keys[i], value->items[j], item))
                return false;
        }
    }
    return true;
}

static bool read_field_name(Reader *reader, const YamlNode *node, const char **name)
{
    if (node->kind != YAML_SCALAR_NODE || !name_is_identifier(node->text))
        return fail_at(reader, node, "a field name is expected here: letters, digits and `_`");
    *name = text_of(reader, node);
    return true;
}

/* name, null, or {to, read, write} */
static bool read_field_value(Reader *reader, const YamlNode *node, FieldMap *field)
{
    static const char *const keys[] = {"to", "read", "write", NULL};
    if (is_null(node))
        return true;
    if (node->kind == YAML_LIST_NODE)
        return fail_at(reader, node, "a field name or a map of `to`, `read` and `write` is "
                                     "expected here");
    if (node->kind == YAML_SCALAR_NODE)
        return read_field_name(reader, node, &field->to);
    const YamlNode *to = yaml_get(node, "to");
    return yaml_check_keys(node, reader->path, keys, reader->diag) &&
           (!to || read_field_name(reader, to, &field->to)) &&
           read_text(reader, node, "read", &field->read) &&
           read_text(reader, node, "write", &field->write);
}

static bool push_field(Reader *reader, FieldArray *fields, const YamlNode *at, FieldMap field)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->items[i].from, field.from) == 0)
            return diag_fail_at(reader->diag, reader->path, at->line, at->column,
                                "field `%s` is named twice", field.from);
    }
    field.line = at->line;
    array_push(fields, field);
    return true;
}

/* One key of `fields`: a name, or "{a,b}" for several that share the value. */
static bool add_fields(Reader *reader, FieldArray *fields, const YamlNode *key, FieldMap field)
{
    Str list = key->text;
    if (!str_starts(list, "{") || !str_ends(list, "}"))
        return read_field_name(reader, key, &field.from) && push_field(reader, fields, key, field);
    list = str_slice(list, 1, list.length - 1);
    for (;;) {
        size_t comma = str_find_byte(list, ',', 0);
        YamlNode part = *key;
        part.text = str_trim(str_slice(list, 0, comma));
        if (!read_field_name(reader, &part, &field.from) ||
            !push_field(reader, fields, key, field))
            return false;
        if (comma == SIZE_MAX)
            return true;
        list = str_slice(list, comma + 1, list.length);
    }
}

static bool collect_fields(Reader *reader, const YamlNode *node, FieldArray *fields)
{
    if (node->kind == YAML_SCALAR_NODE)
        return fail_at(reader, node, "`fields` must be a map of old to new names, or a list of "
                                     "old names");
    if (!node->count)
        return fail_at(reader, node, "`fields` must not be empty");
    for (size_t i = 0; i < node->count; i++) {
        FieldMap field = {0};
        const YamlNode *name = node->kind == YAML_MAP_NODE ? node->keys[i] : node->items[i];
        if (name->kind != YAML_SCALAR_NODE)
            return fail_at(reader, name, "a field name is expected here");
        if (node->kind == YAML_MAP_NODE && !read_field_value(reader, node->items[i], &field))
            return false;
        if (!add_fields(reader, fields, name, field))
            return false;
    }
    return true;
}

static void keep_fields(Reader *reader, const FieldArray *fields, Migration *migration)
{
    migration->field_count = fields->count;
    migration->fields = ARENA_ARRAY(reader->arena, FieldMap, fields->count);
    if (fields->count)
        memcpy(migration->fields, fields->items, fields->count * sizeof *fields->items);
}

static bool read_fields(Reader *reader, const YamlNode *node, Migration *migration)
{
    FieldArray fields = {0};
    bool good = collect_fields(reader, node, &fields);
    if (good)
        keep_fields(reader, &fields, migration);
    array_release(&fields);
    return good;
}

/* A model as text, or {model, table}; the scalar node of the model is returned through *at. */
static bool read_model(Reader *reader, const YamlNode *node, const char **model,
                       const char **table, const YamlNode **at)
{
    static const char *const keys[] = {"model", "table", NULL};
    *at = node;
    if (node->kind == YAML_LIST_NODE)
        return fail_at(reader, node, "a model's name or a map of `model` and `table` is expected "
                                     "here");
    if (node->kind == YAML_MAP_NODE) {
        if (!yaml_check_keys(node, reader->path, keys, reader->diag))
            return false;
        *at = yaml_get(node, "model");
        if (!*at)
            return fail_at(reader, node, "`model` is missing");
        if (!read_text(reader, node, "table", table))
            return false;
    }
    if (!is_text(*at))
        return fail_at(reader, *at, "a model's name is expected here");
    *model = text_of(reader, *at);
    return true;
}

/* `from: Model.field` and `to: Model.field`, when there is no `fields`. */
static bool read_short_form(Reader *reader, const YamlNode *at, Migration *migration)
{
    Diag inner = {0};
    Migration target;
    if (!target_parse(migration->model, &target, reader->arena, &inner)) {
        fail_at(reader, at, "without `fields` or `fields_from`, `from` must name fields too");
        return diag_hint(reader->diag, "write `from: %s.field`, or add `fields`",
                         migration->model);
    }
    migration->model = target.model;
    migration->fields = target.fields;
    migration->field_count = target.field_count;
    for (size_t i = 0; i < target.field_count; i++)
        target.fields[i].line = at->line;
    return true;
}

static bool read_short_to(Reader *reader, const YamlNode *at, Migration *migration)
{
    Diag inner = {0};
    Migration target;
    if (!target_parse(migration->to_model, &target, reader->arena, &inner) ||
        target.field_count != 1)
        return fail_at(reader, at, "`to` must be one field here, as in Invoice.tax_type");
    migration->to_model = target.model;
    for (size_t i = 0; i < migration->field_count; i++)
        migration->fields[i].to = target.fields[0].from;
    return true;
}

static bool check_model(Reader *reader, const YamlNode *at, const char *model)
{
    return name_is_model(str_of(model)) ||
           diag_fail_at(reader->diag, reader->path, at->line, at->column,
                        "`%s` is no model's name", model);
}

static bool read_models(Reader *reader, const YamlNode *node, Migration *migration)
{
    const YamlNode *from = yaml_get(node, "from"), *to = yaml_get(node, "to"), *at;
    const YamlNode *fields = yaml_get(node, "fields");
    const char *to_table = NULL;
    bool short_form = !fields && !yaml_get(node, "fields_from");
    if (!from)
        return fail_at(reader, node, "`from` is missing: the model whose fields move");
    if (!read_model(reader, from, &migration->model, &migration->table, &at))
        return false;
    if (short_form ? !read_short_form(reader, at, migration)
                   : !check_model(reader, at, migration->model))
        return false;
    if (fields && !read_fields(reader, fields, migration))
        return false;
    if (!to)
        return true;
    if (!read_model(reader, to, &migration->to_model, &to_table, &at))
        return false;
    return short_form ? read_short_to(reader, at, migration)
                      : check_model(reader, at, migration->to_model);
}

static bool is_date(Str text)
{
    static const char shape[] = "dddd-dd-dd";
    if (text.length != sizeof shape - 1)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (shape[i] == 'd' ? !digit : text.data[i] != '-')
            return false;
    }
    int month = (text.data[5] - '0') * 10 + text.data[6] - '0';
    int day = (text.data[8] - '0') * 10 + text.data[9] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool read_due(Reader *reader, const YamlNode *node, Migration *migration)
{
    const YamlNode *due = yaml_get(node, "due");
    if (!read_text(reader, node, "due", &migration->due))
        return false;
    if (due && !is_date(due->text))
        return fail_at(reader, due, "`due` must be a date: YYYY-MM-DD");
    return true;
}

static bool read_funnel(Reader *reader, const YamlNode *node, Migration *migration)
{
    static const char *const keys[] = {"write", "read", NULL};
    const YamlNode *funnel = yaml_get(node, "funnel");
    if (!funnel)
        return true;
    return yaml_expect(funnel, reader->path, YAML_MAP_NODE, "funnel", reader->diag) &&
           yaml_check_keys(funnel, reader->path, keys, reader->diag) &&
           read_text(reader, funnel, "write", &migration->funnel_write) &&
           read_text(reader, funnel, "read", &migration->funnel_read);
}

/* The texts that say who and why, and those that say how values travel. */
static bool read_texts(Reader *reader, const YamlNode *node, Migration *migration)
{
    return read_text(reader, node, "because", &migration->because) &&
           read_text(reader, node, "owner", &migration->owner) &&
           read_due(reader, node, migration) &&
           read_text(reader, node, "through", &migration->through) &&
           read_text(reader, node, "fields_from", &migration->fields_from);
}

static bool read_allow(Reader *reader, const YamlNode *node, Migration *migration)
{
    TextList allow = {0};
    bool good = read_list(reader, node, "allow", &allow);
    migration->allow = allow.items;
    migration->allow_count = allow.count;
    return good;
}

static bool read_migration(Reader *reader, const YamlNode *key, const YamlNode *node,
                           Migration *migration)
{
    static const char *const keys[] = {
        "phase",  "because",     "owner",  "due",   "from",      "to",       "through",
        "fields", "fields_from", "funnel", "allow", "accessors", "severity", NULL};
    *migration = (Migration){.name = text_of(reader, key), .line = key->line, .accessors = true};
    if (!yaml_expect(node, reader->path, YAML_MAP_NODE, migration->name, reader->diag) ||
        !yaml_check_keys(node, reader->path, keys, reader->diag))
        return false;
    const YamlNode *phase = yaml_get(node, "phase"), *accessors = yaml_get(node, "accessors");
    if (!phase)
        return diag_fail_at(reader->diag, reader->path, key->line, key->column,
                            "migration `%s` has no `phase`", migration->name) ||
               diag_hint(reader->diag, "one of: accept, dual-write, backfill, read-new, "
                                       "write-new, drop");
    if (accessors && !yaml_bool(accessors, reader->path, &migration->accessors, reader->diag))
        return false;
    return read_phase_name(reader, phase, &migration->phase) &&
           read_texts(reader, node, migration) && read_models(reader, node, migration) &&
           read_funnel(reader, node, migration) && read_allow(reader, node, migration) &&
           read_severities(reader, node, migration->name);
}

static bool read_migrations(Reader *reader, const YamlNode *root)
{
    const YamlNode *node = yaml_get(root, "migrations");
    Config *config = reader->config;
    if (!node)
        return true;
    if (!yaml_expect(node, reader->path, YAML_MAP_NODE, "migrations", reader->diag))
        return false;
    config->migrations = ARENA_ARRAY(reader->arena, Migration, node->count);
    for (size_t i = 0; i < node->count; i++) {
        if (!read_migration(reader, node->keys[i], node->items[i], &config->migrations[i]))
            return false;
        config->migration_count++;
    }
    return true;
}

static bool read_pairs(Reader *reader, const YamlNode *root)
{
    const YamlNode *node = yaml_get(root, "pairs");
    Config *config = reader->config;
    if (!node)
        return true;
    if (!yaml_expect(node, reader->path, YAML_LIST_NODE, "pairs", reader->diag))
        return false;
    config->pairs = ARENA_ARRAY(reader->arena, ModelPair, node->count);
    for (size_t i = 0; i < node->count; i++) {
        const YamlNode *pair = node->items[i];
        if (pair->kind != YAML_LIST_NODE || pair->count != 2 ||
            pair->items[0]->kind != YAML_SCALAR_NODE || pair->items[1]->kind != YAML_SCALAR_NODE ||
            !name_is_model(pair->items[0]->text) || !name_is_model(pair->items[1]->text))
            return fail_at(reader, pair, "a pair is a list of two models' names");
        config->pairs[config->pair_count++] = (ModelPair){
            text_of(reader, pair->items[0]), text_of(reader, pair->items[1]), pair->line};
    }
    return true;
}

static bool read_reconcile(Reader *reader, const YamlNode *root)
{
    static const char *const keys[] = {"pattern", NULL};
    const YamlNode *node = yaml_get(root, "reconcile");
    if (!node)
        return true;
    return yaml_expect(node, reader->path, YAML_MAP_NODE, "reconcile", reader->diag) &&
           yaml_check_keys(node, reader->path, keys, reader->diag) &&
           read_text(reader, node, "pattern", &reader->config->reconcile_pattern);
}

static bool read_version(Reader *reader, const YamlNode *root)
{
    const YamlNode *version = yaml_get(root, "version");
    if (!version)
        return diag_fail_at(reader->diag, reader->path, 1, 1, "`version` is missing") ||
               diag_hint(reader->diag, "begin the file with `version: 1`");
    if (version->kind != YAML_SCALAR_NODE || version->quoted || !str_eq_c(version->text, "1"))
        return fail_at(reader, version, "`version` must be 1");
    return true;
}

static bool read_root(Reader *reader, const YamlNode *root)
{
    static const char *const keys[] = {"version",    "include", "exclude",   "rules",
                                       "migrations", "pairs",   "reconcile", "severity",
                                       "baseline",   NULL};
    Config *config = reader->config;
    return yaml_expect(root, reader->path, YAML_MAP_NODE, "the file", reader->diag) &&
           yaml_check_keys(root, reader->path, keys, reader->diag) &&
           read_version(reader, root) && read_list(reader, root, "include", &config->include) &&
           read_list(reader, root, "exclude", &config->exclude) &&
           read_list(reader, root, "rules", &config->rules) &&
           read_severities(reader, root, NULL) &&
           read_text(reader, root, "baseline", &config->baseline) && read_pairs(reader, root) &&
           read_reconcile(reader, root) && read_migrations(reader, root);
}

bool config_parse(Config *config, const char *path, Str text, Arena *arena, Diag *diag)
{
    *config = (Config){.path = path};
    const YamlNode *root = yaml_parse(path, text, arena, diag);
    if (!root)
        return false;
    Reader reader = {.config = config, .path = path, .arena = arena, .diag = diag};
    bool good = read_root(&reader, root);
    if (good && reader.severities.count) {
        config->severity_count = reader.severities.count;
        config->severities = ARENA_ARRAY(arena, SeverityOverride, config->severity_count);
        memcpy(config->severities, reader.severities.items,
               config->severity_count * sizeof *config->severities);
    }
    array_release(&reader.severities);
    return good;
}

bool config_load(Config *config, const char *path, Arena *arena, Diag *diag)
{
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 || fstat(file, &info) != 0) {
        int error = errno;
        if (file >= 0)
            close(file);
        return diag_fail_at(diag, path, 0, 0, "cannot be read: %s", strerror(error));
    }
    StrBuf text = {0};
    ssize_t got = -1;
    if (S_ISREG(info.st_mode)) {
        do {
            strbuf_reserve(&text, 1 << 16);
            got = read(file, text.data + text.length, 1 << 16);
            text.length += got > 0 ? (size_t)got : 0;
        } while (got > 0 && text.length <= LARGEST_CONFIG);
    }
    close(file);
    bool good = got == 0 ? config_parse(config, arena_strdup(arena, path, strlen(path)),
                                        strbuf_str(&text), arena, diag)
                         : diag_fail_at(diag, path, 0, 0, "is no file of at most 1 MiB");
    strbuf_release(&text);
    return good;
}

/* Whether `folder` is the top of the file system: it is its own parent. */
static bool is_top(const char *folder, const char *parent)
{
    struct stat own, above;
    return stat(folder, &own) != 0 || stat(parent, &above) != 0 ||
           (own.st_dev == above.st_dev && own.st_ino == above.st_ino);
}

const char *config_find(const char *folder, Arena *arena)
{
    const char *at = strcmp(folder, ".") == 0 ? "" : arena_printf(arena, "%s/", folder);
    for (;;) {
        const char *path = arena_printf(arena, "%sstraggler.yml", at);
        if (access(path, F_OK) == 0)
            return path;
        const char *parent = arena_printf(arena, "%s../", at);
        if (access(arena_printf(arena, "%s.git", at), F_OK) == 0 ||
            is_top(at[0] ? at : ".", parent))
            return NULL;
        at = parent;
    }
}
