/*
 * What to write instead. An access becomes the same access of the new field: the
 * field's name inside the accessor is replaced (`email?` -> `contact_email?`), the
 * way to another model is put before it with the operator that stands there
 * (`merchant&.email` -> `merchant&.legal_entity&.email`), and mapped values come
 * from the templates of straggler.yml.
 *
 * Safe are reads whose receiver is proved and whose value is copied, or mapped by
 * a template. Writes and queries are suggestions: what else writes the new field,
 * and whether a query reaches the other table, is not proved.
 */
#include "analyze/phase/phase_private.h"

#include <string.h>

static const char *text_of(Report *report, const StrBuf *buf)
{
    return arena_strdup(&report->arena, buf->data ? buf->data : "", buf->length);
}

/* The accessor with the old field's name replaced; false when it does not hold it as it is. */
static bool renamed_accessor(Str accessor, Str from, const char *to, StrBuf *out)
{
    size_t at = str_find(accessor, from, 0);
    if (at == SIZE_MAX)
        return false;
    strbuf_add_str(out, str_slice(accessor, 0, at));
    strbuf_add_c(out, to);
    strbuf_add_str(out, str_slice(accessor, at + from.length, accessor.length));
    return true;
}

/* What joins receiver and name in the source: ".", "?.", "&.", "->". */
static Str operator_before(const Judging *j, const Hit *hit)
{
    const File *file = hit_file(j, hit);
    const Node *receiver = &file->facts.nodes[hit->receiver];
    if (!hit->receiver || receiver->end >= hit->start)
        return str_lit(".");
    Str between = str_trim(str_slice(file->source->text, receiver->end, hit->start));
    return between.length && between.length <= 3 ? between : str_lit(".");
}

static bool crosses(const Migration *migration)
{
    return migration->to_model && strcmp(migration->to_model, migration->model) != 0;
}

/* "legal_entity." or, of "application.enrolment", each step with the operator of the place. */
static void add_way(const Migration *migration, Str operator, StrBuf *out)
{
    Str rest = str_of(migration->through);
    while (rest.length) {
        size_t dot = str_find_byte(rest, '.', 0);
        strbuf_add_str(out, str_slice(rest, 0, dot));
        strbuf_add_str(out, operator);
        rest = dot == SIZE_MAX ? (Str){"", 0} : str_slice(rest, dot + 1, rest.length);
    }
}

static void expand_template(const char *template, Str receiver, StrBuf *out)
{
    static const char hole[] = "{receiver}";
    Str rest = str_of(template);
    for (;;) {
        size_t at = str_find(rest, str_lit("{receiver}"), 0);
        strbuf_add_str(out, str_slice(rest, 0, at));
        if (at == SIZE_MAX)
            return;
        strbuf_add_str(out, receiver);
        rest = str_slice(rest, at + sizeof hole - 1, rest.length);
    }
}

/* A read of a mapped value: receiver and name become the template. */
static bool suggest_mapped(const Judging *j, const Hit *hit, Edit *edit, Report *report)
{
    const File *file = hit_file(j, hit);
    const FieldMap *map = hit_field(j, hit)->map;
    const Node *receiver = &file->facts.nodes[hit->receiver];
    Str accessor = str_slice(file->source->text, hit->start, hit->end);
    /* the template is written in a program's language, not in that of a page's tags */
    bool program = file->language->host || strcmp(file->language->frontend, "tree-sitter") == 0;
    if (hit->kind != ACCESS_READ || !program || !hit->receiver || receiver->start >= hit->start ||
        !str_eq_c(accessor, map->from))
        return false;
    StrBuf text = {0};
    expand_template(map->read, program_text(j->analysis->program, hit->file, hit->receiver), &text);
    *edit = (Edit){receiver->start, hit->end, text_of(report, &text)};
    strbuf_release(&text);
    return true;
}

static bool suggest_renamed(const Judging *j, const Hit *hit, Edit *edit, Report *report)
{
    const File *file = hit_file(j, hit);
    const Migration *migration = hit_migration(j, hit);
    const FieldMap *map = hit_field(j, hit)->map;
    const Node *node = &file->facts.nodes[hit->node];
    bool member = node->kind == FACT_MEMBER || node->kind == FACT_CALL ||
                  (node->kind == FACT_NAME && !(node->flags & FLAG_INSTANCE));
    if (crosses(migration) && (!member || !migration->through || hit->kind == ACCESS_QUERY))
        return false;
    StrBuf text = {0};
    if (crosses(migration))
        add_way(migration, operator_before(j, hit), &text);
    bool good = renamed_accessor(str_slice(file->source->text, hit->start, hit->end),
                                 str_of(map->from), map->to, &text);
    if (good)
        *edit = (Edit){hit->start, hit->end, text_of(report, &text)};
    strbuf_release(&text);
    return good;
}

void fix_suggest(const Judging *j, const Hit *hit, Finding *finding, Report *report)
{
    const TargetField *field = hit_field(j, hit);
    const FieldMap *map = field->map;
    Edit edit;
    bool mapped = map->read || map->write;
    if (field->is_new || !map->to || hit->kind == ACCESS_DECLARE ||
        !(map->read ? suggest_mapped(j, hit, &edit, report)
                    : !mapped && suggest_renamed(j, hit, &edit, report)))
        return;
    Edit *kept = ARENA_NEW(&report->arena, Edit);
    *kept = edit;
    finding->edits = kept;
    finding->edit_count = 1;
    finding->edits_safe = hit->kind == ACCESS_READ && hit->confidence == CONFIDENCE_CERTAIN &&
                          !hit_file(j, hit)->source->transcoded;
}
