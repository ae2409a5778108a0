/*
 * Uniqueness is a weak proof, and how weak depends on the language. Where every object has a class
 * the declared members tell all. Where objects are written out ({level: "info"}) or handed around
 * as options, a name that is a key somewhere belongs to nobody; only what a framework stores
 * (Class.is_model) keeps its names, because rows and their copies are written out too.
 */
#include "analyze/access/unique.h"

#include "analyze/program/binding.h"
#include "analyze/program/naming.h"

static bool is_stored(const Member *member)
{
    return member->column || member->kind == MEMBER_FIELD || member->kind == MEMBER_ASSOCIATION;
}

/* `status` and its other spellings (`Status`, `getStatus`), but no helper made from it. */
static bool is_spelling(const Analysis *a, uint32_t field, Sym name, bool stored_only)
{
    uint64_t *first = map_get(&a->accessor_by_name, name);
    for (uint32_t k = first ? (uint32_t)*first : 0; k; k = a->accessors.items[k - 1].next) {
        const Accessor *accessor = &a->accessors.items[k - 1];
        const Rule *rule = accessor->rule;
        bool plain = !rule || (rule->pack->active && !rule->on_class.count &&
                               (!rule->kind || (rule->kind == MEANING_READ && !stored_only)));
        if (accessor->field == field && plain && !accessor->partial)
            return true;
    }
    return false;
}

/* An object of a library may well have such a member: that no class here has it says nothing. */
static bool is_of_libraries(const Analysis *a, const TargetField *field)
{
    const TargetModel *model = &a->models.items[field->model];
    Str name = names_str(a->program->names, field->name);
    for (size_t i = 0; i < model->class_count; i++) {
        const Class *class = a->program->classes.items[model->classes[i]];
        for (size_t p = 0; p < class->places.count; p++) {
            const StrList *list =
                &a->program->files.items[class->places.items[p].file]->language->library_members;
            for (size_t n = 0; n < list->count; n++) {
                if (str_eq(list->items[n], name))
                    return true;
            }
        }
    }
    return false;
}

static bool declared_elsewhere(const Analysis *a, uint32_t index, bool stored_only)
{
    const TargetField *field = &a->fields.items[index];
    const Program *program = a->program;
    if (field->elsewhere || is_of_libraries(a, field))
        return true;
    for (size_t i = 1; i < program->members.count; i++) {
        const Member *member = &program->members.items[i];
        if (!member->owner || (stored_only && !is_stored(member)) ||
            !is_spelling(a, index, member->name, stored_only) ||
            analysis_foreign(a, index, member->place.file))
            continue;
        Confidence confidence = CONFIDENCE_CERTAIN;
        if (!analysis_in_family(a, field->model, member->owner, &confidence))
            return true;
    }
    return false;
}

void unique_find(Analysis *a)
{
    for (uint32_t f = 0; f < a->fields.count; f++) {
        TargetField *field = &a->fields.items[f];
        field->unique = !declared_elsewhere(a, f, false);
        field->only_column = !declared_elsewhere(a, f, true);
    }
}

static bool is_stored_model(const Analysis *a, const Accessor *accessor)
{
    const TargetModel *model = &a->models.items[a->fields.items[accessor->field].model];
    for (size_t i = 0; i < model->class_count; i++) {
        if (a->program->classes.items[model->classes[i]]->is_model)
            return true;
    }
    return false;
}

void unique_note_key(Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    if (a->program->files.items[file]->language->plain_objects &&
        program_node(a->program, file, node)->kind == FACT_PAIR && !is_stored_model(a, accessor) &&
        !analysis_foreign(a, accessor->field, file))
        a->fields.items[accessor->field].seen_elsewhere = true;
}

/* `this`, or a name for it: var self = this. */
static bool is_self(File *file, NodeId node)
{
    const Binding *binding;
    if (file->facts.nodes[node].kind == FACT_NAME && binding_lookup(file, node, &binding, 1) == 1 &&
        binding->kind == BINDING_VALUE && binding->value)
        node = binding->value;
    return file->facts.nodes[node].kind == FACT_SELF;
}

bool unique_means_little(const Analysis *a, const Accessor *accessor, FileId file, NodeId receiver)
{
    File *f = a->program->files.items[file];
    bool plain_word = name_is_plain_word(names_str(a->program->names, accessor->name));
    if (f->language->keys_are_members)
        return plain_word; /* any record's */
    return f->language->plain_objects &&
           (is_self(f, receiver) || (plain_word && !is_stored_model(a, accessor)));
}
