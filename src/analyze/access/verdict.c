/*
 * How a receiver's type speaks for a field. A type in the model's family speaks
 * for it, any other against it; no type at all leaves the access possible. A
 * class that speaks against it, but whose declaration or supertypes no parsed
 * file holds, is noted as a doubt: the next round looks for it.
 */
#include "analyze/access/access.h"

#include "analyze/program/naming.h"

#include <string.h>

static bool all_users_in_family(const Analysis *a, uint32_t model, const Class *mixin)
{
    const TargetModel *m = &a->models.items[model];
    for (size_t s = 0; s < mixin->subs.count; s++) {
        bool in = false;
        for (size_t i = 0; i < m->class_count; i++)
            in |= program_is_a(a->program, mixin->subs.items[s], m->classes[i]);
        if (!in)
            return false;
    }
    return true;
}

bool analysis_in_family(const Analysis *a, uint32_t model, ClassId class_id, Confidence *confidence)
{
    const TargetModel *m = &a->models.items[model];
    for (size_t i = 0; i < m->class_count; i++) {
        if (program_is_a(a->program, class_id, m->classes[i]))
            return true;
        if (!program_is_a(a->program, m->classes[i], class_id))
            continue;
        const Class *class = a->program->classes.items[class_id];
        bool sure = class->mixin && all_users_in_family(a, model, class);
        if (!sure && *confidence < CONFIDENCE_LIKELY)
            *confidence = CONFIDENCE_LIKELY;
        return true;
    }
    return false;
}

/*
 * A class above the model that has no such member: where members are declared, an object of it
 * is not used by that name, so what is known of the object is too little.
 */
static bool is_bare_above(const Analysis *a, const TargetModel *m, ClassId class_id)
{
    bool above = false;
    for (size_t i = 0; i < m->class_count; i++) {
        const Class *class = a->program->classes.items[m->classes[i]];
        if (class->id == class_id || !class->places.count ||
            !a->program->files.items[class->places.items[0].file]->language->fields_hide)
            return false;
        above |= program_is_a(a->program, class->id, class_id) &&
                 !program_is_a(a->program, class_id, class->id);
    }
    return above && !program_has_unknown_super(a->program, class_id);
}

/* True when `name` on the class is another field than on the model. */
static bool is_hidden(const Analysis *a, uint32_t model, ClassId class_id, Sym name)
{
    const TargetModel *m = &a->models.items[model];
    MemberId id = program_member(a->program, class_id, name);
    const Member *member = &a->program->members.items[id];
    if (!id)
        return is_bare_above(a, m, class_id);
    if (member->kind != MEMBER_FIELD || !member->place.file ||
        !a->program->files.items[member->place.file]->language->fields_hide)
        return false;
    for (size_t i = 0; i < m->class_count; i++) {
        MemberId meant = program_member(a->program, m->classes[i], name);
        if (!meant || a->program->members.items[meant].owner == member->owner)
            return false;
    }
    return m->class_count > 0;
}

void analysis_drop_hidden(const Analysis *a, const Accessor *accessor, TypeSet *types)
{
    for (uint32_t i = 0; i < types->count && !accessor->kind; i++) {
        Type *type = &types->items[i];
        if (type->class_id && is_hidden(a, a->fields.items[accessor->field].model, type->class_id,
                                        accessor->name))
            type->shape = SHAPE_OTHER;
    }
}

/* True when a model is declared in that family of languages, or is not known yet. */
static bool may_have_heirs(const Analysis *a, const char *family)
{
    for (size_t m = 0; m < a->models.count; m++) {
        const TargetModel *model = &a->models.items[m];
        if (!model->class_count)
            return true;
        for (size_t i = 0; i < model->class_count; i++) {
            const Class *class = a->program->classes.items[model->classes[i]];
            if (!class->places.count)
                return true;
            const File *file = a->program->files.items[class->places.items[0].file];
            if (strcmp(file->language->family, family) == 0)
                return true;
        }
    }
    return false;
}

/* `firm`: whether it is a model at all matters, not only whether it is the one looked for. */
static void doubt(Analysis *a, Sym written, bool firm)
{
    Names *names = a->program->names;
    Sym name = names_intern(names, name_last(names_str(names, written)));
    const uint64_t *seen = name ? map_get(&a->doubted, name) : NULL;
    uint64_t strength = firm ? 2 : 1;
    if (!name || (seen && *seen >= strength))
        return;
    map_put(&a->doubted, name, strength);
    for (size_t i = 1; i < a->program->files.count; i++) {
        const Language *language = a->program->files.items[i]->language;
        bool seen = !may_have_heirs(a, language->family);
        for (size_t k = 1; k < i && !seen; k++)
            seen = strcmp(a->program->files.items[k]->language->family, language->family) == 0;
        if (!seen)
            array_push(&a->doubts, ((Need){NEED_CLASS, name, language_of_code(language), !firm}));
    }
}

/* A class outside the family that may turn out to inherit from it: its file is not parsed yet. */
static void doubt_class(Analysis *a, ClassId class_id, bool firm, int depth)
{
    const Class *class = a->program->classes.items[class_id];
    if (!class->declared)
        doubt(a, class->name, firm);
    for (size_t i = 0; i < class->supers.count && depth < 8; i++) {
        const Super *super = &class->supers.items[i];
        if (super->mixin)
            continue; /* what it mixes in is no model */
        if (super->class_id)
            doubt_class(a, super->class_id, firm, depth + 1);
        else if (!class->is_model || class->model_rule == NULL)
            doubt(a, super->name, firm);
    }
}

void analysis_doubt(Analysis *a, const TypeSet *types)
{
    for (uint32_t i = 0; i < types->count; i++) {
        if (types->items[i].class_id)
            doubt_class(a, types->items[i].class_id, true, 0);
    }
}

bool analysis_foreign(const Analysis *a, uint32_t field, FileId file)
{
    const Program *program = a->program;
    const TargetModel *model = &a->models.items[a->fields.items[field].model];
    const char *family = program->files.items[file]->language->family;
    bool declared = false;
    for (size_t i = 0; i < model->class_count; i++) {
        const Class *class = program->classes.items[model->classes[i]];
        for (size_t p = 0; p < class->places.count; p++) {
            declared = true;
            if (strcmp(program->files.items[class->places.items[p].file]->language->family,
                       family) == 0)
                return false;
        }
    }
    return declared;
}

/* A receiver of unknown type: only a field that nobody else has speaks for itself. */
static void judge_unknown(const TargetField *field, Verdict *verdict)
{
    if (!field->unique)
        return;
    verdict->confidence = CONFIDENCE_LIKELY;
    verdict->why = "no other class of the code base has such a member";
}

/* The receiver may be something else too, as sure as `other`. */
static void weigh_other(Verdict *verdict, Confidence other)
{
    if (other < verdict->confidence) {
        verdict->confidence = CONFIDENCE_POSSIBLE;
        verdict->why = "it is surely another class on another path";
    } else if (verdict->confidence < CONFIDENCE_LIKELY) {
        verdict->confidence = CONFIDENCE_LIKELY;
        verdict->why = "it may be another class on another path";
    }
}

bool analysis_judge(Analysis *a, uint32_t field, uint32_t shapes, const TypeSet *types,
                    Verdict *verdict)
{
    const TargetField *target = &a->fields.items[field];
    *verdict = (Verdict){.confidence = CONFIDENCE_POSSIBLE};
    if (!types->count) {
        judge_unknown(target, verdict);
        return true;
    }
    bool found = false, others = false;
    Confidence surest_other = CONFIDENCE_COUNT;
    for (uint32_t i = 0; i < types->count; i++) {
        Type type = types->items[i];
        Confidence confidence = (Confidence)type.confidence;
        if ((shapes & (1u << type.shape)) && type.class_id &&
            analysis_in_family(a, target->model, type.class_id, &confidence)) {
            if (!found || confidence < verdict->confidence)
                *verdict = (Verdict){confidence, type.class_id, type.reason, NULL};
            found = true;
            continue;
        }
        confidence = CONFIDENCE_CERTAIN;
        if (type.shape == SHAPE_COLLECTION && type.class_id &&
            analysis_in_family(a, target->model, type.class_id, &confidence))
            continue; /* one or many of them: the use shows that it is one */
        others = true;
        if (type.class_id)
            doubt_class(a, type.class_id, false, 0);
        if (type.confidence < surest_other)
            surest_other = (Confidence)type.confidence;
    }
    if (found && others)
        weigh_other(verdict, surest_other);
    return found;
}
