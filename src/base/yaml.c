/*
 * A tree from libyaml's events, with our own limits: libyaml bounds neither
 * depth nor size, and its document API expands aliases. Containers are built on
 * a fixed stack of frames, so nothing recurses on the input. Cost is linear,
 * plus a sort per map for the duplicate keys.
 *
 * libyaml counts columns in characters; users and editors are told bytes. A
 * cursor runs along the text with the events and converts.
 */
/* libyaml's document API, not used here, has an enumerator of our name. */
#define YAML_SCALAR_NODE LIBYAML_SCALAR_NODE
#include <yaml.h>
#undef YAML_SCALAR_NODE

#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 64, MAX_BYTES = 1 << 20, MAX_EVENTS = 100000, SHOWN_BYTES = 60 };

/* A container that is being filled. */
typedef struct Frame {
    YamlNode *node;
    size_t capacity;
    YamlNode *key; /* map: the key whose value comes next */
} Frame;

/* A place in the text, in libyaml's terms and in bytes. */
typedef struct Cursor {
    size_t offset;           /* byte */
    size_t line, column;     /* 0-based; column in characters */
    size_t line_start;       /* byte where the line starts */
} Cursor;

typedef struct Reader {
    yaml_parser_t parser;
    const char *path;
    Str text;
    Cursor cursor;
    Arena *arena;
    Diag *diag;
    Frame frames[MAX_DEPTH];
    unsigned depth;
    YamlNode *root;
    unsigned documents;
} Reader;

/* Bytes of the line break at `offset` as YAML 1.1 has it, or 0. */
static size_t break_length(Str text, size_t offset)
{
    const unsigned char *p = (const unsigned char *)text.data + offset;
    size_t left = text.length - offset;
    if (p[0] == '\r')
        return left > 1 && p[1] == '\n' ? 2 : 1;
    if (p[0] == '\n')
        return 1;
    if (left > 1 && p[0] == 0xC2 && p[1] == 0x85)
        return 2;
    if (left > 2 && p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9))
        return 3;
    return 0;
}

static void cursor_step(Cursor *cursor, Str text)
{
    size_t length = break_length(text, cursor->offset);
    if (length) {
        cursor->offset += length;
        cursor->line_start = cursor->offset;
        cursor->line++;
        cursor->column = 0;
        return;
    }
    cursor->offset++;
    while (cursor->offset < text.length && ((unsigned char)text.data[cursor->offset] & 0xC0) == 0x80)
        cursor->offset++;
    cursor->column++;
}

/* The 1-based byte column of a mark. Marks of events only go forward. */
static unsigned mark_column(Reader *reader, yaml_mark_t mark)
{
    Cursor *cursor = &reader->cursor;
    if (mark.line < cursor->line || (mark.line == cursor->line && mark.column < cursor->column))
        *cursor = (Cursor){0};
    while (cursor->offset < reader->text.length &&
           (cursor->line < mark.line ||
            (cursor->line == mark.line && cursor->column < mark.column)))
        cursor_step(cursor, reader->text);
    return (unsigned)(cursor->offset - cursor->line_start) + 1;
}

#define FAIL_AT_MARK(reader, mark, ...)                                                            \
    diag_fail_at((reader)->diag, (reader)->path, (unsigned)(mark).line + 1,                        \
                 mark_column((reader), (mark)), __VA_ARGS__)

/* Reports what libyaml did not like. */
static bool fail_syntax(Reader *reader)
{
    yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem ? parser->problem : "not readable as YAML";
    if (parser->error == YAML_READER_ERROR) {
        Cursor at = {0};
        while (at.offset < reader->text.length && at.offset < parser->problem_offset)
            cursor_step(&at, reader->text);
        return diag_fail_at(reader->diag, reader->path, (unsigned)at.line + 1,
                            (unsigned)(at.offset - at.line_start) + 1, "%s", problem);
    }
    return FAIL_AT_MARK(reader, parser->problem_mark, "%s%s%s", problem,
                        parser->context ? ", " : "", parser->context ? parser->context : "");
}

/* Hangs a finished or just opened node into the innermost container. */
static bool attach(Reader *reader, YamlNode *node)
{
    if (reader->depth == 0) {
        reader->root = node;
        return true;
    }
    Frame *frame = &reader->frames[reader->depth - 1];
    YamlNode *parent = frame->node;
    if (parent->kind == YAML_MAP_NODE && !frame->key) {
        if (node->kind != YAML_SCALAR_NODE)
            return diag_fail_at(reader->diag, reader->path, node->line, node->column,
                                "a key must be a text");
        frame->key = node;
        return true;
    }
    if (parent->count == frame->capacity) {
        size_t grown = frame->capacity ? frame->capacity * 2 : 8;
        YamlNode **items = ARENA_ARRAY(reader->arena, YamlNode *, grown);
        YamlNode **keys = ARENA_ARRAY(reader->arena, YamlNode *, grown);
        if (parent->count) {
            memcpy(items, parent->items, parent->count * sizeof *items);
            memcpy(keys, parent->keys, parent->count * sizeof *keys);
        }
        parent->items = items;
        parent->keys = keys;
        frame->capacity = grown;
    }
    parent->items[parent->count] = node;
    parent->keys[parent->count++] = frame->key;
    frame->key = NULL;
    return true;
}

static YamlNode *new_node(Reader *reader, YamlKind kind, yaml_mark_t mark)
{
    YamlNode *node = ARENA_NEW(reader->arena, YamlNode);
    node->kind = kind;
    node->line = (unsigned)mark.line + 1;
    node->column = mark_column(reader, mark);
    return node;
}

static bool open_container(Reader *reader, YamlKind kind, yaml_mark_t mark)
{
    YamlNode *node = new_node(reader, kind, mark);
    if (reader->depth == MAX_DEPTH)
        return diag_fail_at(reader->diag, reader->path, node->line, node->column,
                            "nested more than %d levels deep", MAX_DEPTH);
    if (!attach(reader, node))
        return false;
    reader->frames[reader->depth++] = (Frame){.node = node};
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    const YamlNode *left = *(YamlNode *const *)a;
    const YamlNode *right = *(YamlNode *const *)b;
    int order = str_compare(left->text, right->text);
    if (order == 0 && left->line != right->line)
        order = left->line < right->line ? -1 : 1;
    if (order == 0 && left->column != right->column)
        order = left->column < right->column ? -1 : 1;
    return order;
}

/* Refuses a map that says the same key twice: which one counts would be a guess. */
static bool check_duplicates(Reader *reader, const YamlNode *map)
{
    if (map->count < 2)
        return true;
    YamlNode **sorted = mem_alloc(map->count * sizeof *sorted);
    memcpy(sorted, map->keys, map->count * sizeof *sorted);
    qsort(sorted, map->count, sizeof *sorted, compare_keys);
    const YamlNode *first = NULL;
    const YamlNode *second = NULL;
    for (size_t i = 1; i < map->count && !second; i++) {
        if (str_eq(sorted[i - 1]->text, sorted[i]->text)) {
            first = sorted[i - 1];
            second = sorted[i];
        }
    }
    free(sorted);
    if (!second)
        return true;
    Str shown = str_slice(second->text, 0, SHOWN_BYTES);
    return diag_fail_at(reader->diag, reader->path, second->line, second->column,
                        "key `%.*s` is already given in line %u", STR_ARG(shown), first->line);
}

static bool close_container(Reader *reader)
{
    YamlNode *node = reader->frames[--reader->depth].node;
    return node->kind != YAML_MAP_NODE || check_duplicates(reader, node);
}

static bool add_scalar(Reader *reader, const yaml_event_t *event)
{
    YamlNode *node = new_node(reader, YAML_SCALAR_NODE, event->start_mark);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    size_t length = event->data.scalar.length;
    node->text =
        (Str){arena_strdup(reader->arena, (const char *)event->data.scalar.value, length), length};
    return attach(reader, node);
}

static bool start_document(Reader *reader, const yaml_event_t *event)
{
    if (reader->documents++ == 0)
        return true;
    return FAIL_AT_MARK(reader, event->start_mark, "only one document per file is read");
}

/* Anchors and tags: nothing of ours needs them, and they are how small files grow large. */
static bool refuse_decorations(Reader *reader, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return FAIL_AT_MARK(reader, event->start_mark, "aliases (*name) are not supported");
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (anchor)
        return FAIL_AT_MARK(reader, event->start_mark, "anchors (&name) are not supported");
    if (tag)
        return FAIL_AT_MARK(reader, event->start_mark, "tags (!name) are not supported");
    return true;
}

static bool handle_event(Reader *reader, const yaml_event_t *event)
{
    if (!refuse_decorations(reader, event))
        return false;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return start_document(reader, event);
    case YAML_SCALAR_EVENT:
        return add_scalar(reader, event);
    case YAML_SEQUENCE_START_EVENT:
        return open_container(reader, YAML_LIST_NODE, event->start_mark);
    case YAML_MAPPING_START_EVENT:
        return open_container(reader, YAML_MAP_NODE, event->start_mark);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_container(reader);
    default:
        return true;
    }
}

static bool read_events(Reader *reader)
{
    bool done = false;
    for (unsigned count = 0; !done; count++) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader->parser, &event))
            return fail_syntax(reader);
        done = event.type == YAML_STREAM_END_EVENT;
        bool good = count < MAX_EVENTS
                        ? handle_event(reader, &event)
                        : FAIL_AT_MARK(reader, event.start_mark, "more than %d elements",
                                       MAX_EVENTS);
        yaml_event_delete(&event);
        if (!good)
            return false;
    }
    return true;
}

const YamlNode *yaml_parse(const char *path, Str text, Arena *arena, Diag *diag)
{
    if (text.length > MAX_BYTES) {
        diag_fail_at(diag, path, 0, 0, "larger than %d bytes", MAX_BYTES);
        return NULL;
    }
    Reader *reader = mem_alloc(sizeof *reader);
    *reader = (Reader){.path = path, .text = text, .arena = arena, .diag = diag};
    if (!yaml_parser_initialize(&reader->parser)) {
        free(reader);
        diag_fail_at(diag, path, 0, 0, "the YAML reader could not start");
        return NULL;
    }
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser,
                                 (const unsigned char *)(text.data ? text.data : ""), text.length);
    bool good = read_events(reader);
    YamlNode *root = reader->root;
    yaml_parser_delete(&reader->parser);
    free(reader);
    if (!good)
        return NULL;
    bool empty = !root || (root->kind == YAML_SCALAR_NODE && !root->quoted && !root->text.length);
    if (empty) {
        root = ARENA_NEW(arena, YamlNode);
        *root = (YamlNode){.kind = YAML_MAP_NODE, .line = 1, .column = 1};
    }
    return root;
}

const YamlNode *yaml_get(const YamlNode *node, const char *key)
{
    if (!node || node->kind != YAML_MAP_NODE)
        return NULL;
    for (size_t i = 0; i < node->count; i++) {
        if (str_eq_c(node->keys[i]->text, key))
            return node->items[i];
    }
    return NULL;
}

static bool is_allowed(Str key, const char *const *allowed)
{
    for (size_t i = 0; allowed[i]; i++) {
        if (str_eq_c(key, allowed[i]))
            return true;
    }
    return false;
}

/* Advice for an unknown key: the nearest allowed one, else the whole list. */
static void hint_allowed(Str key, const char *const *allowed, Diag *diag)
{
    enum { NEAR = 2 };
    size_t best = NEAR + 1;
    const char *nearest = NULL;
    StrBuf list = {0};
    for (size_t i = 0; allowed[i]; i++) {
        size_t distance = str_distance(key, str_of(allowed[i]), NEAR);
        if (distance < best) {
            best = distance;
            nearest = allowed[i];
        }
        strbuf_printf(&list, "%s%s", i ? ", " : "", allowed[i]);
    }
    if (nearest)
        diag_hint(diag, "did you mean `%s`?", nearest);
    else if (list.length)
        diag_hint(diag, "known here: %s", list.data);
    strbuf_release(&list);
}

bool yaml_check_keys(const YamlNode *node, const char *path, const char *const *allowed, Diag *diag)
{
    if (!node || node->kind != YAML_MAP_NODE)
        return true;
    for (size_t i = 0; i < node->count; i++) {
        const YamlNode *key = node->keys[i];
        if (is_allowed(key->text, allowed))
            continue;
        if (diag->failed)
            return false;
        Str shown = str_slice(key->text, 0, SHOWN_BYTES);
        diag_fail_at(diag, path, key->line, key->column, "unknown key `%.*s`", STR_ARG(shown));
        hint_allowed(shown, allowed, diag);
        return false;
    }
    return true;
}

bool yaml_expect(const YamlNode *node, const char *path, YamlKind kind, const char *what, Diag *diag)
{
    static const char *const names[] = {
        [YAML_SCALAR_NODE] = "a text", [YAML_LIST_NODE] = "a list", [YAML_MAP_NODE] = "a map"};
    if (!node)
        return diag_fail_at(diag, path, 0, 0, "`%s` is missing", what);
    if (node->kind == kind)
        return true;
    return diag_fail_at(diag, path, node->line, node->column, "`%s` must be %s, not %s", what,
                        names[kind], names[node->kind]);
}

bool yaml_bool(const YamlNode *node, const char *path, bool *value, Diag *diag)
{
    if (node && node->kind == YAML_SCALAR_NODE && !node->quoted) {
        *value = str_eq_c(node->text, "true");
        if (*value || str_eq_c(node->text, "false"))
            return true;
    }
    return diag_fail_at(diag, path, node ? node->line : 0, node ? node->column : 0,
                        "expected true or false");
}
