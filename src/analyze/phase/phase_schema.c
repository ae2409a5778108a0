/*
 * What declarations mean to a migration: whether they still demand the field,
 * whether they drop it, and whether they are history. Schema migrations are kept
 * forever; those that lie in one folder with the migration that drops the
 * column, and come before it by name, say nothing about today.
 */
#include "analyze/phase/phase_private.h"

#include "analyze/phase/gate.h"

#include <string.h>
#include <strings.h>

/* --- conditions of rule packs --- */

static bool same_text(Str a, Str b)
{
    return a.length == b.length && strncasecmp(a.data, b.data, a.length) == 0;
}

static Str keyword_text(const Judging *j, FileId file, NodeId call, Str key)
{
    NodeId value = callsite_keyword(j->analysis->program, file, call, key);
    return value ? program_text(j->analysis->program, file, value) : (Str){"", 0};
}

/* True when `text` holds `part`, whatever blanks stand between. */
static bool holds_text(Str text, Str part)
{
    StrBuf packed = {0};
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] != ' ' && text.data[i] != '\t' && text.data[i] != '\n' && text.data[i] != '\r')
            strbuf_add_byte(&packed, text.data[i]);
    }
    bool found = str_find(strbuf_str(&packed), part, 0) != SIZE_MAX;
    strbuf_release(&packed);
    return found;
}

/* True when a decorator, struct tag or type (as `role` says) of the declaration holds the text. */
static bool part_holds(const Judging *j, FileId file, NodeId declaration, FactRole role, Str text)
{
    const Program *program = j->analysis->program;
    const Facts *facts = &program->files.items[file]->facts;
    for (NodeId c = declaration ? facts->nodes[declaration].child : 0; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].role == role && holds_text(program_text(program, file, c), text))
            return true;
    }
    return false;
}

/* True when the declared type, or what a wrapper around it holds, may be absent. */
static bool may_be_null(const Facts *facts, NodeId declaration)
{
    NodeId type = declaration ? fact_child(facts, declaration, ROLE_TYPE) : 0;
    NodeId held = type ? fact_child(facts, type, ROLE_ELEMENT) : 0;
    return type && ((facts->nodes[type].flags & FLAG_NULLABLE) ||
                    (held && (facts->nodes[held].flags & FLAG_NULLABLE)));
}

/*
 * One condition: "key=value", "key!=value", "key" (given), "!key" (not given), or "tag:text" (an
 * annotation or struct tag holds it), "type:text" (the written type does), and their opposites
 * with "!". The texts are without blanks. "no-call": the declaration calls nothing; "!null-type":
 * its type does not allow for nothing.
 */
static bool condition_holds(const Judging *j, FileId file, NodeId call, NodeId declaration, Str word)
{
    if (str_eq_c(word, "no-call"))
        return !call;
    if (str_eq_c(word, "!null-type"))
        return !may_be_null(&j->analysis->program->files.items[file]->facts, declaration);
    bool opposite = str_starts(word, "!");
    Str plain = str_slice(word, opposite ? 1 : 0, word.length);
    if (str_starts(plain, "tag:"))
        return part_holds(j, file, declaration, ROLE_DECORATOR, str_slice(plain, 4, plain.length)) != opposite;
    if (str_starts(plain, "type:"))
        return part_holds(j, file, declaration, ROLE_TYPE, str_slice(plain, 5, plain.length)) != opposite;
    size_t equals = str_find_byte(word, '=', 0);
    if (equals == SIZE_MAX) {
        bool absent = str_starts(word, "!");
        Str key = str_slice(word, absent ? 1 : 0, word.length);
        return (call && keyword_text(j, file, call, key).length) != absent;
    }
    bool not = equals > 0 && word.data[equals - 1] == '!';
    Str given = {"", 0};
    if (call)
        given = keyword_text(j, file, call, str_slice(word, 0, equals - (not ? 1 : 0)));
    return same_text(given, str_slice(word, equals + 1, word.length)) != not;
}

static bool conditions_hold(const Judging *j, FileId file, NodeId call, NodeId declaration, Str when)
{
    for (size_t at = 0; at < when.length;) {
        size_t end = str_find_byte(when, ' ', at);
        Str word = str_slice(when, at, end);
        if (word.length && !condition_holds(j, file, call, declaration, word))
            return false;
        at = end == SIZE_MAX ? when.length : end + 1;
    }
    return true;
}

/* The FIELD, VARIABLE or ASSIGN that declares the member named at `node`. */
static NodeId declaration_of(const Facts *facts, NodeId node)
{
    const Node *n = &facts->nodes[node];
    if (n->kind == FACT_FIELD || n->kind == FACT_VARIABLE || n->kind == FACT_ASSIGN)
        return node;
    return n->role == ROLE_TARGET ? n->parent : 0;
}

static bool names_hold(const Judging *j, const Rule *rule, Sym name)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        if (str_eq(rule->names.items[i], names_str(j->analysis->program->names, name)) ||
            str_eq_c(rule->names.items[i], "*"))
            return true;
    }
    return false;
}

bool schema_blocks(const Judging *j, const Hit *hit)
{
    const Program *program = j->analysis->program;
    const Facts *facts = &hit_file(j, hit)->facts;
    const Node *node = &facts->nodes[hit->node];
    if (node->kind == FACT_COLUMN)
        return (node->spare & COLUMN_NOT_NULL) && !(node->spare & COLUMN_HAS_DEFAULT);
    NodeId declaration = declaration_of(facts, hit->node);
    NodeId call = declaration ? fact_child(facts, declaration, ROLE_VALUE)
                              : phase_taker(j, hit->file, hit->node);
    if (call && facts->nodes[call].kind != FACT_CALL)
        call = 0;
    for (size_t i = 0; i < program->rules->sections[RULE_CONSTRAINT].count; i++) {
        const Rule *rule = program->rules->sections[RULE_CONSTRAINT].items[i];
        bool named = names_hold(j, rule, call ? facts->nodes[call].name : 0);
        if (!named || strcmp(rule->pack->family, hit_file(j, hit)->language->family) != 0 ||
            !conditions_hold(j, hit->file, call, declaration, rule->when))
            continue;
        program_fired(j->analysis->program, rule);
        return true;
    }
    return false;
}

/* --- drops and history --- */

bool schema_drops(const Judging *j, const Hit *hit)
{
    const Program *program = j->analysis->program;
    const File *file = hit_file(j, hit);
    const Node *node = program_node(program, hit->file, hit->node);
    if (hit->kind != ACCESS_DECLARE ||
        gate_is_rollback(program->names, &file->facts, hit->node, file->source->text,
                         file->source->path))
        return false;
    if (node->kind == FACT_COLUMN)
        return (node->spare & (COLUMN_DROPPED | COLUMN_RENAMED)) != 0;
    NodeId call = phase_taker(j, hit->file, hit->node);
    if (!call)
        return false;
    for (const Rule *rule =
             rules_find(&program->rules->calls, program_node(program, hit->file, call)->name);
         rule; rule = rule->next_same_name) {
        if (rule->drops && strcmp(rule->pack->family, hit_file(j, hit)->language->family) == 0)
            return true;
    }
    return false;
}

/* The path without its last part. */
static Str folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (Str){path, (size_t)(slash - path)} : (Str){"", 0};
}

/* A column named in DDL: no member of a class that is the model. */
static bool is_schema(const Judging *j, const Hit *hit)
{
    const Program *program = j->analysis->program;
    const Facts *facts = &hit_file(j, hit)->facts;
    if (facts->nodes[hit->node].kind == FACT_COLUMN)
        return true;
    ClassId around = program_enclosing_class(program, hit->file, hit->node);
    Confidence confidence = CONFIDENCE_CERTAIN;
    return !around || !analysis_in_family(j->analysis, hit_field(j, hit)->model, around, &confidence);
}

bool schema_is_history(const Judging *j, const Hit *hit)
{
    if (!is_schema(j, hit))
        return false;
    const char *path = hit_file(j, hit)->source->path;
    for (size_t i = 0; i < j->analysis->hits.count; i++) {
        const Hit *other = &j->analysis->hits.items[i];
        if (other->field != hit->field || other->kind != ACCESS_DECLARE || !schema_drops(j, other))
            continue;
        const char *later = hit_file(j, other)->source->path;
        if (strcmp(path, later) <= 0 && str_eq(folder_of(path), folder_of(later)))
            return true;
    }
    return false;
}

bool schema_needs_column(const Judging *j, const Hit *hit)
{
    if (hit_field(j, hit)->is_new || schema_drops(j, hit))
        return false;
    return hit->kind != ACCESS_DECLARE || !is_schema(j, hit);
}
