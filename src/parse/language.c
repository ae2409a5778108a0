/*
 * Startup reads only the head of each embedded language.yml (the lines above
 * `lowering:`, some 500 bytes), so that a run that parses two languages does not
 * pay for ten. Look-ups by path are linear: there are tens of extensions, and a
 * path is asked about once.
 */
#include "parse/language.h"

#include "base/array.h"
#include "base/embedded.h"
#include "base/yaml.h"
#include "parse/lowering.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>

struct Languages {
    Arena arena;
    Names *names;
    pthread_mutex_t lock; /* of language_prepare */
    struct {
        ARRAY_OF(Language);
    } list;
};

static bool read_list(const YamlNode *node, const char *path, const char *what, Arena *arena,
                      StrList *list, Diag *diag)
{
    if (!node)
        return true;
    if (!yaml_expect(node, path, YAML_LIST_NODE, what, diag))
        return false;
    list->items = ARENA_ARRAY(arena, Str, node->count);
    list->count = node->count;
    for (size_t i = 0; i < node->count; i++) {
        if (!yaml_expect(node->items[i], path, YAML_SCALAR_NODE, what, diag))
            return false;
        list->items[i] = node->items[i]->text;
    }
    return true;
}

static bool read_declares(const YamlNode *node, const char *path, const char *what, Arena *arena,
                          DeclareList *list, Diag *diag)
{
    StrList texts = {0};
    if (!read_list(node, path, what, arena, &texts, diag))
        return false;
    list->items = ARENA_ARRAY(arena, DeclarePattern, texts.count);
    list->count = texts.count;
    for (size_t i = 0; i < texts.count; i++) {
        size_t hole = str_find(texts.items[i], str_lit("{}"), 0);
        if (hole == SIZE_MAX)
            return diag_fail_at(diag, path, node->items[i]->line, node->items[i]->column,
                                "%s: `%.*s` has no {} where the name stands", what,
                                STR_ARG(texts.items[i]));
        size_t dots = str_find(str_slice(texts.items[i], 0, hole), str_lit("..."), 0);
        size_t from = dots == SIZE_MAX ? 0 : dots + 3;
        list->items[i] =
            (DeclarePattern){.line = str_slice(texts.items[i], 0, from ? dots : 0),
                             .before = str_slice(texts.items[i], from, hole),
                             .after = str_slice(texts.items[i], hole + 2, texts.items[i].length)};
    }
    return true;
}

static bool read_text(const YamlNode *root, const char *path, const char *key, Str *text,
                      Diag *diag)
{
    const YamlNode *node = yaml_get(root, key);
    if (!node)
        return true;
    if (!yaml_expect(node, path, YAML_SCALAR_NODE, key, diag))
        return false;
    *text = node->text;
    return true;
}

static const char *const HEAD_KEYS[] = {
    "name", "family", "frontend", "parser", "source", "template", "host", "format", "extensions",
    "filenames", "interfaces", "shebangs", "line_comment", "block_comment", "separator",
    "value_member", "class_declares", "function_declares", "implicit_self", "bare_call",
    "implicit_return", "typed", "open_classes", "body_names", "first_param_is_self",
    "keys_are_members", "plain_objects", "doc_params", "doc_returns", "doc_values", "doc_members",
    "doc_untyped", "doc_plain", "folder_scope", "package_scope", "import_calls", "prototype",
    "inherit_calls", "function_types", "argument_members", "exports", "module_scope",
    "declared_locals", "library_members", "class_extends", "operators", "exits", "nothing",
    "setter", "closed_types", "module_file", "module_line", "fields_hide", "deprecated",
    "never_begins", "minified", NULL,
};

static bool read_texts(const YamlNode *root, const char *path, Arena *arena, Language *language,
                       Diag *diag)
{
    struct {
        const char *key;
        const char **place;
    } texts[] = {
        {"name", &language->name},         {"family", &language->family},
        {"frontend", &language->frontend}, {"parser", &language->parser},
        {"host", &language->host},         {"template", &language->template_kind},
        {"format", &language->data_format},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Str text = {0};
        if (!read_text(root, path, texts[i].key, &text, diag))
            return false;
        if (text.data)
            *texts[i].place = arena_strdup(arena, text.data, text.length);
    }
    return read_text(root, path, "line_comment", &language->line_comment, diag) &&
           read_text(root, path, "module_file", &language->module_file, diag) &&
           read_text(root, path, "module_line", &language->module_line, diag) &&
           read_text(root, path, "prototype", &language->prototype, diag) &&
           read_text(root, path, "separator", &language->separator, diag) &&
           read_text(root, path, "value_member", &language->value_member, diag);
}

static bool read_switches(const YamlNode *root, const char *path, Language *language, Diag *diag)
{
    struct {
        const char *key;
        bool *place;
    } switches[] = {
        {"implicit_self", &language->implicit_self},
        {"implicit_return", &language->implicit_return},
        {"bare_call", &language->bare_call},
        {"open_classes", &language->open_classes},
        {"typed", &language->typed},
        {"folder_scope", &language->folder_scope},
        {"package_scope", &language->package_scope},
        {"closed_types", &language->closed_types},
        {"minified", &language->minified},
        {"fields_hide", &language->fields_hide},
        {"body_names", &language->body_names},
        {"first_param_is_self", &language->first_param_is_self},
        {"keys_are_members", &language->keys_are_members},
        {"plain_objects", &language->plain_objects},
        {"module_scope", &language->module_scope},
        {"declared_locals", &language->declared_locals},
    };
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        const YamlNode *node = yaml_get(root, switches[i].key);
        if (node && !yaml_bool(node, path, switches[i].place, diag))
            return false;
    }
    return true;
}

static bool check_frontend(const Language *language, const char *path, Diag *diag)
{
    struct {
        const char *frontend, *key, *value;
    } needs[] = {
        {"tree-sitter", "parser", language->parser},
        {"template", "template", language->template_kind},
        {"data", "format", language->data_format},
        {"sql", NULL, NULL},
        {"django-template", NULL, NULL},
        {"text", NULL, NULL},
    };
    if (!language->name || !language->frontend)
        return diag_fail_at(diag, path, 1, 1, "a language needs `name` and `frontend`");
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        if (strcmp(language->frontend, needs[i].frontend) != 0)
            continue;
        if (needs[i].key && !needs[i].value)
            return diag_fail_at(diag, path, 1, 1, "`frontend: %s` needs `%s`", language->frontend,
                                needs[i].key);
        return true;
    }
    diag_fail_at(diag, path, 1, 1, "unknown front end `%s`", language->frontend);
    return diag_hint(diag, "it is one of tree-sitter, template, django-template, sql, data, text");
}

/* The lines above `lowering:`. */
static Str head_of(Str text)
{
    size_t end = str_find(text, str_lit("\nlowering:"), 0);
    return end == SIZE_MAX ? text : str_slice(text, 0, end + 1);
}

static bool read_operators(const YamlNode *root, const char *path, Arena *arena, Language *language,
                           Diag *diag)
{
    static const char *const keys[] = {"and", "or", "not", "equal", "unequal", NULL};
    OperatorWords *words = &language->operators;
    StrList *const places[] = {&words->both, &words->either, &words->negate, &words->equal,
                               &words->unequal};
    const YamlNode *node = yaml_get(root, "operators");
    if (node && (!yaml_expect(node, path, YAML_MAP_NODE, "operators", diag) ||
                 !yaml_check_keys(node, path, keys, diag)))
        return false;
    for (size_t i = 0; node && keys[i]; i++) {
        if (!read_list(yaml_get(node, keys[i]), path, keys[i], arena, places[i], diag))
            return false;
    }
    return true;
}

static bool read_setter(const YamlNode *root, const char *path, Arena *arena, Language *language,
                        Diag *diag)
{
    DeclareList list = {0};
    if (!read_declares(yaml_get(root, "setter"), path, "setter", arena, &list, diag))
        return false;
    if (list.count)
        language->setter = list.items[0];
    return true;
}

static bool read_lists(const YamlNode *root, const char *path, Arena *arena, Language *language,
                       Diag *diag)
{
    struct {
        const char *key;
        StrList *place;
    } lists[] = {
        {"extensions", &language->extensions},
        {"interfaces", &language->interfaces},
        {"filenames", &language->filenames},
        {"shebangs", &language->shebangs},
        {"never_begins", &language->never_begins},
        {"block_comment", &language->block_comment},
        {"exits", &language->exits},
        {"nothing", &language->nothing},
        {"deprecated", &language->deprecated},
        {"import_calls", &language->import_calls},
        {"function_types", &language->function_types},
        {"argument_members", &language->argument_members},
        {"exports", &language->exports},
        {"inherit_calls", &language->inherit_calls},
        {"library_members", &language->library_members},
        {"doc_params", &language->doc_params},
        {"doc_returns", &language->doc_returns},
        {"doc_values", &language->doc_values},
        {"doc_members", &language->doc_members},
        {"doc_untyped", &language->doc_untyped},
        {"doc_plain", &language->doc_plain},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const YamlNode *node = yaml_get(root, lists[i].key);
        if (!read_list(node, path, lists[i].key, arena, lists[i].place, diag))
            return false;
    }
    return read_declares(yaml_get(root, "class_declares"), path, "class_declares", arena,
                         &language->class_declares, diag) &&
           read_declares(yaml_get(root, "class_extends"), path, "class_extends", arena,
                         &language->class_extends, diag) &&
           read_declares(yaml_get(root, "function_declares"), path, "function_declares", arena,
                         &language->function_declares, diag);
}

static bool read_language(Languages *languages, const EmbeddedFile *file, Diag *diag)
{
    Arena *arena = &languages->arena;
    const char *path = file->path;
    const YamlNode *root = yaml_parse(path, head_of((Str){file->data, file->length}), arena, diag);
    if (!root || !yaml_expect(root, path, YAML_MAP_NODE, "a language", diag) ||
        !yaml_check_keys(root, path, HEAD_KEYS, diag))
        return false;
    Language language = {.source_file = str_of(path)};
    bool ok = read_texts(root, path, arena, &language, diag) &&
              read_switches(root, path, &language, diag) &&
              check_frontend(&language, path, diag) &&
              read_lists(root, path, arena, &language, diag) &&
              read_operators(root, path, arena, &language, diag) &&
              read_setter(root, path, arena, &language, diag);
    if (!ok)
        return false;
    if (!language.family)
        language.family = language.host ? language.host : language.name;
    array_push(&languages->list, language);
    return true;
}

/* Hosts are known by name once the whole list is read. */
static bool link_hosts(Languages *languages, Diag *diag)
{
    for (size_t i = 0; i < languages->list.count; i++) {
        Language *language = &languages->list.items[i];
        if (!language->host)
            continue;
        language->host_language = languages_named(languages, language->host);
        if (!language->host_language)
            return diag_fail_at(diag, language->source_file.data, 1, 1,
                                "unknown host language `%s`", language->host);
    }
    return true;
}

Languages *languages_new(Names *names, Diag *diag)
{
    Languages *languages = mem_alloc(sizeof *languages);
    memset(languages, 0, sizeof *languages);
    arena_init(&languages->arena);
    languages->names = names;
    pthread_mutex_init(&languages->lock, NULL);
    for (size_t i = 0; i < embedded_file_count; i++) {
        Str path = str_of(embedded_files[i].path);
        if (!str_starts(path, "grammars/") || !str_ends(path, "/language.yml"))
            continue;
        if (!read_language(languages, &embedded_files[i], diag)) {
            languages_free(languages);
            return NULL;
        }
    }
    if (!link_hosts(languages, diag)) {
        languages_free(languages);
        return NULL;
    }
    return languages;
}

void languages_free(Languages *languages)
{
    if (!languages)
        return;
    for (size_t i = 0; i < languages->list.count; i++)
        lowering_release((Lowering *)languages->list.items[i].lowering);
    array_release(&languages->list);
    pthread_mutex_destroy(&languages->lock);
    arena_release(&languages->arena);
    free(languages);
}

/* True when `name` ends in "." and `extension`, with something before it. */
static bool has_extension(Str name, Str extension)
{
    if (name.length < extension.length + 2)
        return false;
    const char *end = name.data + name.length - extension.length;
    return end[-1] == '.' && strncasecmp(end, extension.data, extension.length) == 0;
}

bool strlist_has(const StrList *list, Str text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (str_eq(list->items[i], text))
            return true;
    }
    return false;
}

const Language *languages_for_path(const Languages *languages, const char *path)
{
    const char *slash = strrchr(path, '/');
    Str name = str_of(slash ? slash + 1 : path);
    const Language *best = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < languages->list.count; i++) {
        const Language *language = &languages->list.items[i];
        for (size_t e = 0; e < language->extensions.count; e++) {
            Str extension = language->extensions.items[e];
            if (extension.length > longest && has_extension(name, extension)) {
                longest = extension.length;
                best = language;
            }
        }
    }
    for (size_t i = 0; !best && i < languages->list.count; i++) {
        if (strlist_has(&languages->list.items[i].filenames, name))
            best = &languages->list.items[i];
    }
    return best;
}

/* The program's name in "#!/usr/bin/env -S ruby3.1 -w", without its version: "ruby". */
static Str shebang_program(Str line)
{
    size_t at = 2;
    for (;;) {
        while (at < line.length && (line.data[at] == ' ' || line.data[at] == '\t'))
            at++;
        size_t end = at;
        while (end < line.length && !strchr(" \t\r\n", line.data[end]))
            end++;
        Str word = str_slice(line, at, end);
        for (size_t slash; (slash = str_find_byte(word, '/', 0)) != SIZE_MAX;)
            word = str_slice(word, slash + 1, word.length);
        bool passes_on = str_eq_c(word, "env") || str_starts(word, "-") ||
                         str_find_byte(word, '=', 0) != SIZE_MAX;
        if (word.length && passes_on) {
            at = end;
            continue;
        }
        while (word.length && strchr("0123456789.", word.data[word.length - 1]))
            word.length--;
        return word;
    }
}

const Language *languages_for_shebang(const Languages *languages, Str first_line)
{
    if (!str_starts(first_line, "#!"))
        return NULL;
    size_t end = str_find_byte(first_line, '\n', 0);
    Str program = shebang_program(str_slice(first_line, 0, end));
    for (size_t i = 0; program.length && i < languages->list.count; i++) {
        if (strlist_has(&languages->list.items[i].shebangs, program))
            return &languages->list.items[i];
    }
    return NULL;
}

const Language *languages_named(const Languages *languages, const char *name)
{
    for (size_t i = 0; i < languages->list.count; i++) {
        if (strcmp(languages->list.items[i].name, name) == 0)
            return &languages->list.items[i];
    }
    return NULL;
}

bool language_fits(const Language *language, Str text)
{
    static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";
    Str start = str_slice(text, str_starts(text, BYTE_ORDER_MARK) ? 3 : 0, text.length);
    for (size_t i = 0; i < language->never_begins.count; i++) {
        Str other = language->never_begins.items[i];
        if (start.length >= other.length && memcmp(start.data, other.data, other.length) == 0)
            return false;
    }
    return true;
}

size_t languages_count(const Languages *languages)
{
    return languages->list.count;
}

const Language *languages_at(const Languages *languages, size_t index)
{
    return &languages->list.items[index];
}

bool language_prepare(Languages *languages, const Language *language, Diag *diag)
{
    const Language *parsed = language_of_code(language);
    if (strcmp(parsed->frontend, "tree-sitter") != 0)
        return true;
    Language *slot = &languages->list.items[parsed - languages->list.items];
    pthread_mutex_lock(&languages->lock);
    bool ok = slot->lowering != NULL;
    if (!ok) {
        slot->lowering = lowering_load(languages, slot, languages->names, &languages->arena, diag);
        ok = slot->lowering != NULL;
    }
    pthread_mutex_unlock(&languages->lock);
    return ok;
}
