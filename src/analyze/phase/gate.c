/*
 * A file is a candidate when it holds a word that drops: SQL's, or the name of a
 * call that a rule pack marks `drops`. Without a list of files, only the newest
 * few of each folder are read, when its files are numbered: what was dropped long
 * ago is settled. Names compare with their digits as numbers.
 *
 * Packs cannot be told apart before the tree is searched, so every pack of the
 * file's family is asked. Cost: one search of every file for the words, and the
 * parse of the candidates.
 */
#include "analyze/phase/gate.h"

#include "analyze/program/callsite.h"
#include "analyze/program/naming.h"
#include "parse/sql.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { NEWEST = 3 }; /* files of a folder that are read without a list */

typedef struct Gate {
    const GateSearch *search;
    MigrationList *drops;
    Program *program; /* of the file being read */
    ParserPool *pool;
} Gate;

/* --- names --- */

static bool contains_caseless(Str text, Str word)
{
    for (size_t i = 0; i + word.length <= text.length; i++) {
        if (strncasecmp(text.data + i, word.data, word.length) == 0)
            return true;
    }
    return false;
}

/* Compares the numbers at the start of both, and skips them. */
static int compare_numbers(const char **a, const char **b)
{
    *a += strspn(*a, "0");
    *b += strspn(*b, "0");
    size_t na = strspn(*a, "0123456789"), nb = strspn(*b, "0123456789");
    int order = na != nb ? (na < nb ? -1 : 1) : strncmp(*a, *b, na);
    *a += na;
    *b += nb;
    return order;
}

/* Digits compare as numbers: 0009 < 10. */
static int natural_compare(const char *a, const char *b)
{
    while (*a && *b) {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            int order = compare_numbers(&a, &b);
            if (order)
                return order;
        } else if (*a != *b) {
            break;
        } else {
            a++;
            b++;
        }
    }
    return (int)(unsigned char)*a - (int)(unsigned char)*b;
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool same_folder(const char *a, const char *b)
{
    size_t length = (size_t)(file_name(a) - a);
    return length == (size_t)(file_name(b) - b) && memcmp(a, b, length) == 0;
}

/* --- rollbacks --- */

/* "-- +goose Down", "-- migrate:down": the newest marker before `offset` says down. */
static bool after_down_marker(Str text, size_t offset)
{
    bool down = false;
    for (size_t at = 0; at < offset && at < text.length;) {
        size_t end = str_find_byte(text, '\n', at);
        Str line = str_trim(str_slice(text, at, end));
        bool marker = str_starts(line, "--") &&
                      (str_find(line, str_lit("+"), 0) != SIZE_MAX ||
                       str_find(line, str_lit(":"), 0) != SIZE_MAX || line.length < 16);
        if (marker && contains_caseless(line, str_lit("down")))
            down = true;
        else if (marker && contains_caseless(line, str_lit("up")))
            down = false;
        if (end == SIZE_MAX)
            break;
        at = end + 1;
    }
    return down;
}

bool gate_is_rollback(const Names *names, const Facts *facts, NodeId node, Str text,
                      const char *path)
{
    static const char *const undo[] = {"down", "downgrade", "backwards", "rollback", "revert"};
    if (strstr(file_name(path), ".down."))
        return true;
    for (NodeId f = fact_ancestor(facts, node, FACT_FUNCTION); f;
         f = fact_ancestor(facts, f, FACT_FUNCTION)) {
        Str name = names_str(names, facts->nodes[f].name);
        for (size_t i = 0; i < sizeof undo / sizeof *undo; i++) {
            if (name.length == strlen(undo[i]) &&
                strncasecmp(name.data, undo[i], name.length) == 0)
                return true;
        }
    }
    NodeId sql = fact_ancestor(facts, node, FACT_SQL);
    return sql && after_down_marker(text, facts->nodes[sql].start);
}

/* --- what is dropped --- */

/* 0009_drop_email.sql, 20270131_drop.rb, V12__drop.sql */
static bool is_numbered(const char *path)
{
    const char *name = file_name(path);
    return isdigit((unsigned char)name[0]) || (name[0] == 'V' && isdigit((unsigned char)name[1]));
}

/* Without a list: a numbered file, or one in a folder that says what it is for. */
static bool is_schema_migration(const Source *source)
{
    Str folder = {source->path, (size_t)(file_name(source->path) - source->path)};
    return is_numbered(source->path) || contains_caseless(folder, str_lit("migrat")) ||
           contains_caseless(folder, str_lit("alembic/versions"));
}

/*
 * The spelling that a class declaration of the tree gives to `name`, which may be in lower case;
 * NULL when there is none. `family`: of the language; NULL for any. Classes that schema migrations
 * make for themselves do not count.
 */
static const char *declared_as(const Gate *g, const char *family, const char *name)
{
    const FieldMapSearch *read = &g->search->read;
    size_t length = strlen(name);
    for (size_t i = 0; i < read->sources->count; i++) {
        Source *source = &read->sources->items[i];
        if (!source->language || is_schema_migration(source) || (family && strcmp(source->language->family, family) != 0) ||
            !source_load(source, read->sources->root_fd))
            continue;
        Str text = source->text;
        for (size_t at = str_find(text, str_lit("class "), 0); at != SIZE_MAX;
             at = str_find(text, str_lit("class "), at + 1)) {
            size_t start = at + 6, end = start + length;
            if (end < text.length && strncasecmp(text.data + start, name, length) == 0 &&
                !byte_is_word((unsigned char)text.data[end]))
                return arena_strdup(read->arena, text.data + start, length);
        }
    }
    return NULL;
}

static const char *class_name(Arena *arena, Str words)
{
    StrBuf camel = {0};
    name_camel(words, true, &camel);
    const char *name = arena_strdup(arena, camel.data ? camel.data : "", camel.length);
    strbuf_release(&camel);
    return name;
}

/*
 * The class of a table, as most frameworks name it: `orders` is Order; if no class SpreeOrder is
 * declared, `spree_orders` is the Order of the module Spree.
 */
static const char *class_of_table(const Gate *g, Str table)
{
    Arena *arena = g->search->read.arena;
    StrBuf singular = {0};
    name_singular(table, &singular);
    Str one = strbuf_str(&singular);
    const char *whole = class_name(arena, one), *found = declared_as(g, NULL, whole);
    for (size_t bar = str_find_byte(one, '_', 0); !found && bar != SIZE_MAX;
         bar = str_find_byte(one, '_', bar + 1)) {
        const char *last = class_name(arena, str_slice(one, bar + 1, one.length));
        if (declared_as(g, NULL, last))
            found = arena_printf(arena, "%s.%s", class_name(arena, str_slice(one, 0, bar)), last);
    }
    strbuf_release(&singular);
    return found ? found : whole;
}

static void add_drop(Gate *g, const char *model, const char *table, Str column)
{
    Migration like = {.name = "gate",
                      .model = model,
                      .table = table,
                      .phase = PHASE_DROP,
                      .accessors = true};
    migrations_add_field(g->drops, &like, column, g->search->read.arena);
}

static void drop_in_table(Gate *g, Str table, Str column)
{
    Arena *arena = g->search->read.arena;
    if (table.length)
        add_drop(g, class_of_table(g, table), arena_strdup(arena, table.data, table.length),
                 column);
}

static void read_sql_column(Gate *g, const Facts *facts, NodeId node)
{
    const Names *names = g->search->read.names;
    const Node *n = &facts->nodes[node];
    NodeId table = fact_child(facts, node, ROLE_RECEIVER);
    if ((n->spare & (COLUMN_DROPPED | COLUMN_RENAMED)) && table)
        drop_in_table(g, names_str(names, facts->nodes[table].name), names_str(names, n->name));
}

/* execute "ALTER TABLE users DROP COLUMN email" */
static void read_sql_string(Gate *g, const Node *node, Str text)
{
    SqlRefs refs;
    Arena *arena = g->search->read.arena;
    Str sql = str_slice(text, node->at, node->at_end);
    if (!contains_caseless(sql, str_lit("alter")) || !sql_looks_like(sql, NULL, 0))
        return;
    sql_read(sql, NULL, 0, SQL_WHOLE, &refs, arena);
    for (size_t i = 0; i < refs.count; i++) {
        const SqlRef *ref = &refs.items[i];
        if ((ref->dropped || ref->renamed) && ref->table_count == 1)
            drop_in_table(g, ref->tables[0], ref->column);
    }
}

/* The model that a call speaks about: named by its class, or by its table. */
static bool model_of_call(Gate *g, const Rule *rule, FileId file, NodeId call, Str *table,
                          const char **model)
{
    const Facts *facts = &g->program->files.items[file]->facts;
    for (size_t i = 0; i < rule->class_of.count; i++) {
        const ClassRef *ref = &rule->class_of.items[i];
        CallSite site = {.program = g->program, .file = file, .call = call};
        if (ref->is_template) {
            Sym name = callsite_expand(&site, ref->text);
            if (!name)
                continue;
            const char *declared =
                declared_as(g, rule->pack->family, names_c(g->program->names, name));
            *model = declared ? declared : names_c(g->program->names, name);
            return true;
        } else if (str_eq_c(ref->words[0], "table")) {
            *table = callsite_spelled(g->program, file, callsite_argument(facts, call, 0));
            return table->length > 0;
        }
    }
    /* t.remove :email below change_table :users */
    NodeId outer = fact_ancestor(facts, call, FACT_CALL);
    if (!rule->class_of.count && outer)
        *table = callsite_spelled(g->program, file, callsite_argument(facts, outer, 0));
    return table->length > 0;
}

static void read_call(Gate *g, const Rule *rule, FileId file, NodeId call)
{
    Str table = {"", 0};
    const char *model = NULL;
    const Facts *facts = &g->program->files.items[file]->facts;
    if (!model_of_call(g, rule, file, call, &table, &model))
        return;
    for (size_t i = 0; i < 10; i++) {
        if (rule->positions && !(rule->positions >> i & 1))
            continue;
        Str column =
            callsite_spelled(g->program, file, callsite_argument(facts, call, i));
        if (model)
            add_drop(g, model, NULL, column);
        else
            drop_in_table(g, table, column);
    }
    for (size_t i = 0; i < rule->values.count; i++) {
        NodeId value = callsite_keyword(g->program, file, call, rule->values.items[i].name);
        Str column = callsite_spelled(g->program, file, value);
        if (rule->values.items[i].meaning == MEANING_DECLARE && model)
            add_drop(g, model, NULL, column);
    }
}

static bool drops(const Rule *rule)
{
    return rule->drops;
}

static void read_facts(Gate *g, FileId file)
{
    const File *f = g->program->files.items[file];
    const Names *names = g->search->read.names;
    for (NodeId id = 1; id < f->facts.count; id++) {
        const Node *node = &f->facts.nodes[id];
        const Rule *rule =
            node->kind == FACT_CALL
                ? rules_asked(g->search->rules, f->language->family, names_str(names, node->name), drops)
                : NULL;
        bool sql = node->kind == FACT_COLUMN || node->kind == FACT_STRING;
        if ((!rule && !sql) ||
            gate_is_rollback(names, &f->facts, id, f->source->text, f->source->path))
            continue;
        if (rule)
            read_call(g, rule, file, id);
        else if (node->kind == FACT_COLUMN)
            read_sql_column(g, &f->facts, id);
        else
            read_sql_string(g, node, f->source->text);
    }
}

/* --- which files --- */

static bool holds_drop(const Gate *g, const Source *source)
{
    return contains_caseless(source->text, str_lit("drop")) ||
           contains_caseless(source->text, str_lit("rename")) ||
           rules_asked_in(g->search->rules, source->language->family, source->text, drops);
}

/* Numbered files: the last few of the folder. Others: all. */
static bool is_newest(const Gate *g, const Source *source)
{
    const SourceList *sources = g->search->read.sources;
    size_t newer = 0;
    for (size_t i = 0; i < sources->count && is_numbered(source->path); i++) {
        const Source *other = &sources->items[i];
        newer += other->language == source->language && is_numbered(other->path) &&
                 same_folder(other->path, source->path) &&
                 !strstr(file_name(other->path), ".down.") &&
                 natural_compare(file_name(other->path), file_name(source->path)) > 0;
    }
    return newer < NEWEST;
}

static bool is_listed(const Gate *g, const Source *source)
{
    for (size_t i = 0; i < g->search->file_count; i++) {
        if (strcmp(g->search->files[i], source->path) == 0)
            return true;
    }
    return false;
}

static bool read_source(Gate *g, const Source *source, Diag *diag)
{
    const FieldMapSearch *read = &g->search->read;
    Facts facts;
    Arena arena;
    if (!fieldmap_parse(read, g->pool, source, &facts, &arena, diag))
        return false;
    if (facts.count > 1) {
        g->program = program_new(read->names, g->search->rules);
        read_facts(g, program_add_file(g->program, source, source->language, facts, arena));
        program_free(g->program);
    } else {
        arena_release(&arena);
    }
    return true;
}

bool gate_read(const GateSearch *search, MigrationList *drops, Diag *diag)
{
    Gate gate = {.search = search, .drops = drops, .pool = parser_pool_new(search->read.names)};
    bool good = true;
    for (size_t i = 0; good && i < search->read.sources->count; i++) {
        Source *source = &search->read.sources->items[i];
        bool wanted = source->language && (search->files ? is_listed(&gate, source)
                                                         : is_schema_migration(source) &&
                                                               is_newest(&gate, source));
        if (wanted && source_load(source, search->read.sources->root_fd) &&
            holds_drop(&gate, source))
            good = read_source(&gate, source, diag);
    }
    parser_pool_free(gate.pool);
    return good;
}
