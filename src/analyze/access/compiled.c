/*
 * One target is asked for per field of the analysis, so their numbers agree. A
 * hit and an access are the same when their file and first byte are.
 */
#include "analyze/access/compiled.h"

#include <stdlib.h>
#include <string.h>

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const ClangTarget *targets_of(Compiled *compiled, const Analysis *a)
{
    ClangTarget *targets = ARENA_ARRAY(&compiled->arena, ClangTarget, a->fields.count + 1);
    for (size_t i = 0; i < a->fields.count; i++) {
        const TargetField *field = &a->fields.items[i];
        const TargetModel *model = &a->models.items[field->model];
        const char **name = ARENA_NEW(&compiled->arena, const char *);
        *name = names_c(a->program->names, field->name);
        targets[i] = (ClangTarget){.model = names_c(a->program->names, model->name),
                                   .fields = name,
                                   .field_count = 1,
                                   .accessors = model->migration->accessors};
    }
    return targets;
}

bool compiled_find(Compiled *compiled, const Analysis *analysis, const CompiledOptions *options,
                   const char *const *paths, size_t count, Diag *diag)
{
    *compiled = (Compiled){0};
    compiled->paths = ARENA_ARRAY(&compiled->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        if (clang_reads(paths[i]))
            compiled->paths[compiled->path_count++] = paths[i];
    if (compiled->path_count == 0)
        return true;
    qsort(compiled->paths, compiled->path_count, sizeof *compiled->paths, compare_paths);
    ClangRequest request = {.root = options->root,
                            .compile_commands = options->compile_commands,
                            .files = compiled->paths,
                            .file_count = compiled->path_count,
                            .targets = targets_of(compiled, analysis),
                            .target_count = analysis->fields.count,
                            .threads = options->threads,
                            .deadline_ms = options->deadline_ms};
    return clang_find(&request, &compiled->found, &compiled->arena, diag);
}

void compiled_release(Compiled *compiled)
{
    arena_release(&compiled->arena);
    *compiled = (Compiled){0};
}

/* The first access in `path`, or where it would be. */
static size_t first_access(const ClangAccesses *found, const char *path)
{
    size_t low = 0, high = found->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(found->items[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool compiled_has_access(const Compiled *compiled, const char *path)
{
    size_t first = first_access(&compiled->found, path);
    return first < compiled->found.count && strcmp(compiled->found.items[first].path, path) == 0;
}

/* Was every access of this file, outside of what was left out, given? */
static bool is_settled(const Compiled *compiled, const char *path)
{
    const char **at = compiled->found.available
                          ? bsearch(&path, compiled->paths, compiled->path_count,
                                    sizeof *compiled->paths, compare_paths)
                          : NULL;
    if (!at)
        return false;
    ClangFileState state = compiled->found.files[at - compiled->paths].state;
    return state == CLANG_FILE_EXACT || state == CLANG_FILE_RULED_OUT;
}

/* --- hits --- */

static bool is_text(const Analysis *a, const Hit *hit)
{
    FactKind kind = (FactKind)program_node(a->program, hit->file, hit->node)->kind;
    return kind == FACT_STRING || kind == FACT_SQL || kind == FACT_COLUMN || kind == FACT_TABLE ||
           kind == FACT_SYMBOL;
}

static void correct(const ClangAccess *access, Hit *hit)
{
    static const AccessKind kinds[] = {[CLANG_READ] = ACCESS_READ,
                                       [CLANG_WRITE] = ACCESS_WRITE,
                                       [CLANG_DECLARE] = ACCESS_DECLARE};
    hit->kind = kinds[access->kind];
    hit->confidence = CONFIDENCE_CERTAIN;
    hit->why = "the compiler resolves it";
    if (access->dependent)
        hit->why = "in a template, on a type that is not known yet";
    else if (access->rival)
        hit->why = "another type of this name, private to one source file";
    if (access->dependent || access->rival)
        hit->confidence = CONFIDENCE_POSSIBLE;
}

/* The smallest node whose name or text begins at `start`: an access of the same place. */
static NodeId node_at(const File *file, uint32_t start)
{
    NodeId best = 1;
    for (NodeId i = 1; i < file->facts.count; i++) {
        const Node *node = &file->facts.nodes[i];
        if (node->at == start)
            return i;
        if (node->start <= start && start < node->end)
            best = i; /* children come later, so the innermost stays */
    }
    return best;
}

static void add_hit(const ClangAccess *access, Analysis *a, const File *file)
{
    Hit hit = {.field = (uint32_t)access->target,
               .file = file->id,
               .node = node_at(file, access->start),
               .start = access->start,
               .end = access->end,
               .accessor = names_intern_c(a->program->names, access->accessor)};
    correct(access, &hit);
    hit.receiver = fact_child(&file->facts, hit.node, ROLE_RECEIVER);
    if (access->receiver_type[0])
        hit.receiver_class = program_class_named(
            a->program, names_lookup(a->program->names, str_of(access->receiver_type)));
    analysis_hit(a, hit);
}

static void add_missing(const Compiled *compiled, Analysis *a)
{
    const ClangAccesses *found = &compiled->found;
    for (size_t f = 1; f < a->program->files.count; f++) {
        const File *file = a->program->files.items[f];
        for (size_t i = first_access(found, file->source->path);
             i < found->count && strcmp(found->items[i].path, file->source->path) == 0; i++)
            if (found->items[i].end <= file->source->text.length)
                add_hit(&found->items[i], a, file);
    }
}

static void add_blind_spots(const Compiled *compiled, Analysis *a)
{
    for (size_t i = 0; i < compiled->found.blind_count; i++) {
        const ClangBlindSpot *spot = &compiled->found.blind_spots[i];
        for (size_t f = 1; f < a->program->files.count; f++) {
            const File *file = a->program->files.items[f];
            if (strcmp(file->source->path, spot->path) != 0 || spot->line > file->lines.count)
                continue;
            analysis_blind(a, (uint32_t)spot->target, file->id,
                           file->lines.starts[spot->line - 1] + spot->column - 1, "whole-row",
                           spot->text);
        }
    }
}

void compiled_apply(const Compiled *compiled, Analysis *a)
{
    if (!compiled->found.available)
        return;
    size_t count = a->hits.count;
    Hit *old = mem_alloc((count + 1) * sizeof *old);
    if (count)
        memcpy(old, a->hits.items, count * sizeof *old);
    a->hits.count = 0;
    map_clear(&a->hit_at);
    for (size_t i = 0; i < count; i++) {
        Hit hit = old[i];
        const char *path = a->program->files.items[hit.file]->source->path;
        const ClangAccess *access =
            clang_access_at(&compiled->found, path, hit.start, hit.field, 0);
        if (access) {
            correct(access, &hit);
        } else if (clang_is_skipped(&compiled->found, path, hit.start)) {
            hit.confidence = hit.confidence > CONFIDENCE_LIKELY ? hit.confidence
                                                                : CONFIDENCE_LIKELY;
            hit.why = "in code that a condition of the preprocessor leaves out of this build";
        } else if (is_settled(compiled, path) && !is_text(a, &hit)) {
            continue;
        }
        analysis_hit(a, hit);
    }
    free(old);
    add_missing(compiled, a);
    add_blind_spots(compiled, a);
}

/* --- notes --- */

static void note(Report *report, const char *path, const char *reason, bool incomplete)
{
    array_push(&report->notes,
               ((FileNote){arena_strdup(&report->arena, path, strlen(path)), reason, incomplete}));
}

void compiled_report(const Compiled *compiled, Report *report)
{
    const ClangAccesses *found = &compiled->found;
    for (size_t i = 0; found->available && i < compiled->path_count; i++) {
        const ClangFile *file = &found->files[i];
        if (file->state == CLANG_FILE_FAILED || file->state == CLANG_FILE_ERRORS)
            note(report, compiled->paths[i],
                 arena_printf(&report->arena, "%s: %s", clang_file_state_name(file->state),
                              file->reason),
                 file->state == CLANG_FILE_FAILED);
    }
    for (size_t i = 0; i < found->refused_count; i++) {
        const ClangRefused *flag = &found->refused[i];
        if (!flag->ordinary)
            note(report, flag->file,
                 arena_printf(&report->arena, "compile flag refused: %s %s", flag->name,
                              flag->value),
                 false);
    }
}
