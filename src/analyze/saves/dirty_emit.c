/*
 * Findings from hits: both facts are shown, where the second object was changed
 * and what makes the save go on to it.
 */
#include "analyze/saves/dirty_private.h"

#include "analyze/access/emit.h"

static const char *class_name(const Dirty *d, ClassId class_id)
{
    return class_id ? names_c(d->program->names, d->program->classes.items[class_id]->name) : "?";
}

static void add_evidence(const Dirty *d, Place place, Report *report, Evidence *list, size_t *count)
{
    if (place.file)
        list[(*count)++] = emit_evidence(d->program, place, report);
}

static const char *message_of(const Dirty *d, const SaveHit *hit, const char *other, Report *report)
{
    const char *saved = class_name(d, hit->saved);
    if (hit->definition)
        return arena_printf(&report->arena, "a save of %s also saves its %s", saved, other);
    return arena_printf(&report->arena, "saving %s also saves %s, which was changed or made before: save that first",
                        saved, other);
}

static Finding finding_of(const Dirty *d, const SaveHit *hit, Report *report)
{
    const File *file = d->program->files.items[hit->place.file];
    const Node *node = &file->facts.nodes[hit->place.node];
    const char *saved = class_name(d, hit->saved);
    const char *other = hit->other ? class_name(d, hit->other)
                                   : names_c(d->program->names, hit->member);
    Finding finding = emit_place(d->program, hit->place, node->at, node->at_end, report);
    finding.kind = ACCESS_SAVE;
    finding.confidence = hit->confidence;
    finding.rule = hit->definition ? "chained-save" : "multi-save";
    finding.severity = SEVERITY_WARNING;
    finding.target = arena_printf(&report->arena, "%s->%s", saved, other);
    finding.message = message_of(d, hit, other, report);
    finding.receiver_type = arena_printf(&report->arena, "%s", saved);
    NodeId receiver = fact_child(&file->facts, hit->place.node, ROLE_RECEIVER);
    if (receiver)
        finding.receiver_text = emit_receiver(d->program, (Place){hit->place.file, receiver}, report);
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
