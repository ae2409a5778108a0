/*
 * Findings from hits: both facts are shown, where the second object was changed
 * and what makes the save go on to it.
 */
#include "analyze/saves/dirty_private.h"

static const char *class_name(const Dirty *d, ClassId class_id)
{
    return class_id ? names_c(d->program->names, d->program->classes.items[class_id]->name) : "?";
}

static const char *copy_line(const File *file, uint32_t line, bool trim, Report *report)
{
    Str text = source_line(&file->lines, file->source->text, line);
    if (trim)
        text = str_trim(text);
    return arena_strdup(&report->arena, text.data, text.length > 400 ? 400 : text.length);
}

static void add_evidence(const Dirty *d, Place place, Report *report, Evidence *list, size_t *count)
{
    if (!place.file)
        return;
    const File *file = d->program->files.items[place.file];
    uint32_t column;
    Evidence *link = &list[(*count)++];
    source_position(&file->lines, file->facts.nodes[place.node].start, &link->line, &column);
    link->path = arena_strdup(&report->arena, file->source->path, strlen(file->source->path));
    link->text = copy_line(file, link->line, true, report);
}

static const char *symbol_of(const Dirty *d, Place place, Report *report)
{
    ClassId class_id = program_enclosing_class(d->program, place.file, place.node);
    NodeId function = program_enclosing_function(d->program, place.file, place.node);
    if (!class_id && !function)
        return NULL;
    const char *name =
        function ? names_c(d->program->names, program_node(d->program, place.file, function)->name) : "";
    return class_id ? arena_printf(&report->arena, "%s.%s",
                                   names_c(d->program->names,
                                           d->program->classes.items[class_id]->qualified),
                                   name)
                    : arena_printf(&report->arena, "%s", name);
}

static const char *message_of(const Dirty *d, const SaveHit *hit, const char *other, Report *report)
{
    const char *saved = class_name(d, hit->saved);
    if (hit->definition)
        return arena_printf(&report->arena, "every save of %s also saves its %s", saved, other);
    return arena_printf(&report->arena, "saving %s also saves %s, which was changed or made before",
                        saved, other);
}

static Finding finding_of(const Dirty *d, const SaveHit *hit, Report *report)
{
    const File *file = d->program->files.items[hit->place.file];
    const Node *node = &file->facts.nodes[hit->place.node];
    const char *other = hit->other ? class_name(d, hit->other)
                                   : names_c(d->program->names, hit->member);
    Finding finding = {.path = arena_strdup(&report->arena, file->source->path, strlen(file->source->path)),
                       .start = node->at,
                       .end = node->at_end,
                       .kind = ACCESS_SAVE,
                       .confidence = hit->confidence,
                       .rule = hit->definition ? "chained-save" : "multi-save",
                       .severity = SEVERITY_WARNING};
    finding.target = arena_printf(&report->arena, "%s->%s", class_name(d, hit->saved), other);
    finding.accessor = arena_strdup(&report->arena, file->source->text.data + node->at,
                                    node->at_end - node->at);
    finding.message = message_of(d, hit, other, report);
    source_position(&file->lines, finding.start, &finding.line, &finding.column);
    source_position(&file->lines, finding.end, &finding.end_line, &finding.end_column);
    finding.line_text = copy_line(file, finding.line, false, report);
    finding.receiver_type = arena_printf(&report->arena, "%s", class_name(d, hit->saved));
    NodeId receiver = fact_child(&file->facts, hit->place.node, ROLE_RECEIVER);
    if (receiver) {
        Str text = program_text(d->program, hit->place.file, receiver);
        finding.receiver_text =
            arena_strdup(&report->arena, text.data, text.length > 120 ? 120 : text.length);
    }
    finding.symbol = symbol_of(d, hit->place, report);
    Evidence *links = ARENA_ARRAY(&report->arena, Evidence, 3);
    add_evidence(d, hit->changed, report, links, &finding.evidence_count);
    add_evidence(d, hit->chain, report, links, &finding.evidence_count);
    add_evidence(d, hit->call, report, links, &finding.evidence_count);
    finding.evidence = links;
    return finding;
}

void dirty_emit(const Dirty *d, Confidence weakest, Report *report)
{
    for (size_t i = 0; i < d->hits.count; i++) {
        if (d->hits.items[i].confidence > weakest) {
            report->totals.below_threshold++;
            continue;
        }
        Finding finding = finding_of(d, &d->hits.items[i], report);
        array_push(&report->findings, finding);
    }
}
