/*
 * A Finding outlives the program that it was found in, so every text is copied
 * into the report. Excerpts are cut: a minified line would fill the screen.
 */
#include "analyze/access/emit.h"

#include <string.h>

enum { LONGEST_EXCERPT = 400, LONGEST_RECEIVER = 120, MOST_EVIDENCE = 6 };

static const char *copy(Report *report, Str text, size_t longest)
{
    if (text.length > longest)
        text.length = longest;
    return arena_strdup(&report->arena, text.data, text.length);
}

static const char *copy_c(Report *report, const char *text)
{
    return text ? copy(report, str_of(text), SIZE_MAX) : NULL;
}

static const char *line_text(Report *report, const File *file, uint32_t line)
{
    return copy(report, source_line(&file->lines, file->source->text, line), LONGEST_EXCERPT);
}

Evidence emit_evidence(const Program *program, Place place, Report *report)
{
    const File *file = program->files.items[place.file];
    Evidence link = {.path = copy_c(report, file->source->path)};
    uint32_t column;
    source_position(&file->lines, file->facts.nodes[place.node].start, &link.line, &column);
    Str line = source_line(&file->lines, file->source->text, link.line);
    link.text = copy(report, str_trim(line), LONGEST_EXCERPT);
    return link;
}

static void add_evidence(const Analysis *a, const Hit *hit, Report *report, Finding *finding)
{
    Evidence links[MOST_EVIDENCE];
    size_t count = 0;
    if (hit->why)
        links[count++] = (Evidence){NULL, 0, copy_c(report, hit->why)};
    for (ReasonId id = hit->reason; id && count < MOST_EVIDENCE;) {
        const Reason *reason = &a->resolver->reasons.items[id];
        Evidence link = {NULL, 0, copy_c(report, reason->text)};
        if (reason->file) {
            Evidence place = emit_evidence(a->program, (Place){reason->file, reason->node}, report);
            link = (Evidence){place.path, place.line, link.text ? link.text : place.text};
        }
        links[count++] = link;
        id = reason->before == id ? 0 : reason->before;
    }
    Evidence *kept = ARENA_ARRAY(&report->arena, Evidence, count);
    memcpy(kept, links, count * sizeof *kept);
    finding->evidence = kept;
    finding->evidence_count = count;
}

/* "Order.total", for fingerprints that survive moved lines. */
static const char *enclosing_symbol(const Program *program, Place place, Report *report)
{
    ClassId class_id = program_enclosing_class(program, place.file, place.node);
    NodeId function = program_enclosing_function(program, place.file, place.node);
    const char *class_name =
        class_id ? names_c(program->names, program->classes.items[class_id]->qualified) : NULL;
    const char *function_name =
        function ? names_c(program->names, program_node(program, place.file, function)->name) : NULL;
    if (class_name && function_name)
        return arena_printf(&report->arena, "%s.%s", class_name, function_name);
    return copy_c(report, class_name ? class_name : function_name);
}

Finding emit_place(const Program *program, Place place, uint32_t start, uint32_t end,
                   Report *report)
{
    const File *file = program->files.items[place.file];
    Finding finding = {.path = copy_c(report, file->source->path),
                       .start = start,
                       .end = end,
                       .accessor = copy(report, str_slice(file->source->text, start, end),
                                        LONGEST_RECEIVER)};
    source_position(&file->lines, start, &finding.line, &finding.column);
    source_position(&file->lines, end, &finding.end_line, &finding.end_column);
    finding.line_text = line_text(report, file, finding.line);
    finding.symbol = enclosing_symbol(program, place, report);
    return finding;
}

const char *emit_receiver(const Program *program, Place receiver, Report *report)
{
    return copy(report, program_text(program, receiver.file, receiver.node), LONGEST_RECEIVER);
}

Finding emit_finding(const Analysis *a, const Hit *hit, Report *report)
{
    const Program *program = a->program;
    const TargetField *field = &a->fields.items[hit->field];
    const Migration *migration = a->models.items[field->model].migration;
    Finding finding =
        emit_place(program, (Place){hit->file, hit->node}, hit->start, hit->end, report);
    finding.migration = copy_c(report, migration->name);
    finding.target = copy_c(report, field->target);
    finding.kind = hit->kind;
    finding.confidence = hit->confidence;
    finding.owner = copy_c(report, migration->owner);
    if (hit->receiver)
        finding.receiver_text = emit_receiver(program, (Place){hit->file, hit->receiver}, report);
    if (hit->receiver_class)
        finding.receiver_type = copy_c(
            report, names_c(program->names, program->classes.items[hit->receiver_class]->qualified));
    add_evidence(a, hit, report, &finding);
    return finding;
}

void emit_findings(const Analysis *a, Confidence weakest, Report *report)
{
    for (size_t i = 0; i < a->hits.count; i++) {
        const Hit *hit = &a->hits.items[i];
        if (hit->confidence > weakest) {
            report->totals.below_threshold++;
            continue;
        }
        Finding finding = emit_finding(a, hit, report);
        array_push(&report->findings, finding);
    }
    emit_blind_spots(a, report);
}

void emit_blind_spots(const Analysis *a, Report *report)
{
    for (size_t i = 0; i < a->blinds.count; i++) {
        const Blind *blind = &a->blinds.items[i];
        const File *file = a->program->files.items[blind->file];
        BlindSpot spot = {.path = copy_c(report, file->source->path),
                          .target = copy_c(report, a->fields.items[blind->field].target),
                          .what = blind->what,
                          .text = copy_c(report, blind->text)};
        source_position(&file->lines, blind->start, &spot.line, &spot.column);
        spot.line_text = line_text(report, file, spot.line);
        array_push(&report->blind_spots, spot);
    }
}

/* Stored models that share nothing but the name; the first two in *one and *two. */
static size_t count_namesakes(const Program *program, const TargetModel *model, ClassId *one, ClassId *two)
{
    size_t count = 0;
    for (size_t i = 0; i < model->class_count; i++) {
        ClassId id = model->classes[i];
        bool related = !program->classes.items[id]->is_model || !program->classes.items[id]->places.count;
        for (size_t k = 0; k < i; k++)
            related |= program_is_a(program, id, model->classes[k]) || program_is_a(program, model->classes[k], id);
        if (related)
            continue;
        *(count++ ? two : one) = id;
    }
    return count;
}

static const char *path_of(const Program *program, ClassId id)
{
    return program->files.items[program->classes.items[id]->places.items[0].file]->source->path;
}

void emit_namesakes(const Analysis *a, Report *report)
{
    for (size_t m = 0; m < a->models.count; m++) {
        const TargetModel *model = &a->models.items[m];
        ClassId one = 0, two = 0;
        size_t count = count_namesakes(a->program, model, &one, &two);
        if (count < 2 || strcmp(path_of(a->program, one), path_of(a->program, two)) == 0)
            continue;
        const char *hint = arena_printf(
            &report->arena, "%zu models are called %s, in %s and %s%s: put a module or folder before the name to mean one",
            count, names_c(a->program->names, model->name), path_of(a->program, one),
            path_of(a->program, two), count > 2 ? " and elsewhere" : "");
        array_push(&report->hints, hint);
    }
}
