/*
 * Pairs: two models that straggler.yml couples. A function that changes objects
 * of both and saves one of them must save the other. Changes are assignments to
 * members of objects whose class is proved or conventional; saves are calls that
 * the rule packs list. An object that is handed to another call after the change
 * may be saved there, and is left alone.
 *
 * Cost: only with pairs; one look at every assignment of the parsed files, and
 * for each changed object one walk over its function.
 */
#include "analyze/phase/phase_private.h"

#include "analyze/access/emit.h"
#include "analyze/program/naming.h"

#include <string.h>

typedef struct Change {
    FileId file;
    NodeId function, target, object; /* target: the member; object: its receiver */
    ClassId class_id;
    size_t pair;
    bool second; /* side of the pair */
} Change;

typedef struct Changes {
    ARRAY_OF(Change);
} Changes;

static bool is_model(const Program *program, ClassId class_id, const char *name)
{
    Sym last = names_lookup(program->names, name_last(str_of(name)));
    for (ClassId id = last ? program_class_named(program, last) : 0; id;
         id = program->class_next.items[id]) {
        if (program_is_a(program, class_id, id))
            return true;
    }
    return false;
}

static void note_change(const Judging *j, FileId file, NodeId target, NodeId object,
                        Changes *changes)
{
    const Program *program = j->analysis->program;
    NodeId function = program_enclosing_function(program, file, target);
    TypeSet types = {0};
    if (function)
        types = resolver_type(j->analysis->resolver, file, object);
    for (size_t p = 0; types.count && p < j->judge->config->pair_count; p++) {
        const ModelPair *pair = &j->judge->config->pairs[p];
        for (int side = 0; side < 2; side++) {
            Type type = types.items[0];
            if (type.shape == SHAPE_INSTANCE && type.class_id &&
                is_model(program, type.class_id, side ? pair->second : pair->first))
                array_push(changes, ((Change){file, function, target, object, type.class_id, p,
                                              side == 1}));
        }
    }
}

static void find_changes(const Judging *j, Changes *changes)
{
    for (FileId file = 1; file < j->analysis->program->files.count; file++) {
        const Facts *facts = &j->analysis->program->files.items[file]->facts;
        for (NodeId id = 1; id < facts->count; id++) {
            NodeId target = facts->nodes[id].kind == FACT_ASSIGN
                                ? fact_child(facts, id, ROLE_TARGET)
                                : 0;
            NodeId object = target && facts->nodes[target].kind == FACT_MEMBER
                                ? fact_child(facts, target, ROLE_RECEIVER)
                                : 0;
            if (object)
                note_change(j, file, target, object, changes);
        }
    }
}

static bool is_save(const Judging *j, FileId file, const Node *node)
{
    const Program *program = j->analysis->program;
    const RuleSet *rules = program->rules;
    if (node->kind != FACT_CALL && node->kind != FACT_MEMBER)
        return false;
    for (size_t i = 0; i < rules->sections[RULE_SAVE].count; i++) {
        const Rule *rule = rules->sections[RULE_SAVE].items[i];
        for (size_t n = 0; (rule->does & DOES_SAVE) && n < rule->names.count; n++) {
            if (str_eq(rule->names.items[n], names_str(program->names, node->name)) &&
                strcmp(rule->pack->family, program->files.items[file]->language->family) == 0)
                return true;
        }
    }
    return false;
}

/* Whether the changed object is saved in its function, or handed on to where it may be. */
static bool is_saved(const Judging *j, const Change *change, bool count_handed)
{
    const Facts *facts = &j->analysis->program->files.items[change->file]->facts;
    for (NodeId n = change->function; n < facts->count &&
                                      facts->nodes[n].start < facts->nodes[change->function].end;
         n++) {
        const Node *node = &facts->nodes[n];
        NodeId receiver = fact_child(facts, n, ROLE_RECEIVER);
        if (receiver && is_save(j, change->file, node) &&
            pair_same_path(j, change->file, receiver, change->object))
            return true;
        if (count_handed && n > change->target && node->role == ROLE_ARGUMENT &&
            (node->kind == FACT_NAME || node->kind == FACT_MEMBER) &&
            pair_same_path(j, change->file, n, change->object))
            return true;
    }
    return false;
}

/* True when the other side of the pair is changed and saved in the same function. */
static bool other_is_saved(const Judging *j, const Changes *changes, const Change *change)
{
    for (size_t i = 0; i < changes->count; i++) {
        const Change *other = &changes->items[i];
        if (other->file == change->file && other->function == change->function &&
            other->pair == change->pair && other->second != change->second &&
            is_saved(j, other, false))
            return true;
    }
    return false;
}

static void push(const Judging *j, const Change *change, Severity severity, const char *migration,
                 Report *report)
{
    const Program *program = j->analysis->program;
    const Node *node = program_node(program, change->file, change->target);
    const ModelPair *pair = &j->judge->config->pairs[change->pair];
    const char *own = change->second ? pair->second : pair->first;
    const char *other = change->second ? pair->first : pair->second;
    Place place = {change->file, change->target};
    Finding finding = emit_place(program, place, node->at, node->at_end, report);
    finding.migration = migration;
    finding.target = arena_printf(&report->arena, "%s.%s", own, names_c(program->names, node->name));
    finding.kind = ACCESS_WRITE;
    finding.rule = "split-save";
    finding.severity = severity;
    finding.message = arena_printf(&report->arena,
                                   "%s is changed here and not saved, though %s is", own, other);
    array_push(&report->findings, finding);
}

/* A pair has no phase of its own: the migration that it belongs to is the one of either model. */
static const Migration *migration_of(const Judging *j, const ModelPair *pair)
{
    const Config *config = j->judge->config;
    for (size_t m = 0; m < config->migration_count; m++) {
        const Migration *migration = &config->migrations[m];
        const char *models[] = {migration->model, migration->to_model};
        for (int i = 0; i < 2; i++) {
            if (models[i] && (strcmp(models[i], pair->first) == 0 ||
                              strcmp(models[i], pair->second) == 0))
                return migration;
        }
    }
    return config->migration_count ? &config->migrations[0] : NULL;
}

void split_judge(const Judging *j, Report *report)
{
    Changes changes = {0};
    if (!j->judge->config->pair_count)
        return;
    find_changes(j, &changes);
    for (size_t i = 0; i < changes.count; i++) {
        const Change *change = &changes.items[i];
        const Migration *migration = migration_of(j, &j->judge->config->pairs[change->pair]);
        Severity severity =
            migration ? phase_severity(j->judge->config, migration, "split-save") : SEVERITY_NONE;
        if (severity != SEVERITY_NONE && !is_saved(j, change, true) &&
            other_is_saved(j, &changes, change))
            push(j, change, severity, migration->name, report);
    }
    array_release(&changes);
}
