/*
 * Under which names a field is reached. Most follow from its own name by the packs' templates and
 * are known before the first search; those that the code declares (alias_attribute, the values of
 * an enum) are added when the declaration is seen, and files that hold them are asked for then.
 */
#include "analyze/access/access.h"

#include "analyze/access/embedded_private.h"
#include "analyze/program/decorated.h"
#include "analyze/program/naming.h"

#include <string.h>

enum { ALIAS_ASKED = 0x20000000 };

enum { ON_OBJECT = 1u << SHAPE_INSTANCE };

typedef struct AccessorContext {
    Analysis *analysis;
    const TargetField *field;
    Sym name; /* of the field, or another one that it has */
} AccessorContext;

static bool accessor_variable(void *context, Str name, Str *value)
{
    AccessorContext *c = context;
    const TargetModel *model = &c->analysis->models.items[c->field->model];
    Names *names = c->analysis->program->names;
    if (str_eq_c(name, "f"))
        *value = names_str(names, c->name);
    else if (str_eq_c(name, "model"))
        *value = names_str(names, model->last);
    else
        return false;
    return true;
}

static void add_accessor(Analysis *a, Accessor accessor)
{
    uint64_t *first = map_get(&a->accessor_by_name, accessor.name);
    for (uint32_t i = first ? (uint32_t)*first : 0; i; i = a->accessors.items[i - 1].next) {
        const Accessor *old = &a->accessors.items[i - 1];
        if (old->field == accessor.field && old->rule == accessor.rule)
            return;
    }
    accessor.next = first ? (uint32_t)*first : 0;
    array_push(&a->accessors, accessor);
    map_put(&a->accessor_by_name, accessor.name, a->accessors.count);
}

static void add_rule_accessors(Analysis *a, uint32_t field, Sym name, const Rule *rule)
{
    const Migration *migration = a->models.items[a->fields.items[field].model].migration;
    if (!migration->accessors && migration->name)
        return;
    for (size_t n = 0; n < rule->names.count; n++) {
        StrBuf buf = {0};
        AccessorContext context = {a, &a->fields.items[field], name};
        if (template_expand(rule->names.items[n], accessor_variable, &context, &buf))
            add_accessor(a, (Accessor){.field = field,
                                       .name = names_intern(a->program->names, strbuf_str(&buf)),
                                       .rule = rule,
                                       .kind = rule->kind,
                                       .on = rule->on ? rule->on : ON_OBJECT | ON_NONE});
        strbuf_release(&buf);
    }
}

/* The name and all that the packs derive from it. */
static void add_names(Analysis *a, uint32_t field, Sym name, const char *family)
{
    const RuleSet *rules = a->program->rules;
    add_accessor(a, (Accessor){.field = field, .name = name, .on = ON_OBJECT | ON_NONE});
    for (size_t r = 0; r < rules->sections[RULE_ACCESSOR].count; r++) {
        const Rule *rule = rules->sections[RULE_ACCESSOR].items[r];
        if (strcmp(rule->pack->family, family) == 0)
            add_rule_accessors(a, field, name, rule);
    }
}

void analysis_add_family(Analysis *a, const char *family)
{
    for (uint32_t f = 0; f < a->fields.count; f++)
        add_names(a, f, a->fields.items[f].name, family);
}

/* Asks for the files that hold a name which no first search knew; `language` NULL: in any language. */
static void ask_for(Analysis *a, Sym name, const Language *language)
{
    uint64_t key = map_key2(ALIAS_ASKED, name);
    if (map_get(&a->doubted, key))
        return;
    map_put(&a->doubted, key, 1);
    array_push(&a->doubts, ((Need){NEED_ALIAS, name, language ? language_of_code(language) : NULL, false}));
}

/* A member that a macro declares as another name of a field, or as one of its values. */
static void add_alias(Analysis *a, uint32_t field, const Member *member)
{
    const Rule *rule = member->rule;
    const Language *language = a->program->files.items[member->place.file]->language;
    uint32_t on_class = 1u << SHAPE_CLASS | 1u << SHAPE_COLLECTION;
    size_t known = a->accessors.count;
    if (!rule->kind) {
        add_names(a, field, member->name, language->family);
    } else {
        add_accessor(a, (Accessor){.field = field,
                                   .name = member->name,
                                   .rule = rule,
                                   .kind = rule->kind,
                                   .partial = true,
                                   .on = rule->is_static ? on_class : ON_OBJECT | ON_NONE});
    }
    for (size_t i = known; i < a->accessors.count; i++) {
        const Accessor *added = &a->accessors.items[i];
        if (!added->rule || added->rule->pack->active)
            ask_for(a, added->name, language);
    }
}

void accessor_add_aliases(Analysis *a)
{
    for (size_t i = 1; i < a->program->members.count; i++) {
        Member member = a->program->members.items[i];
        for (uint32_t f = 0; member.alias_of && f < a->fields.count; f++) {
            Confidence confidence = CONFIDENCE_CERTAIN;
            if (a->fields.items[f].name == member.alias_of && member.name != member.alias_of &&
                analysis_in_family(a, a->fields.items[f].model, member.owner, &confidence))
                add_alias(a, f, &member);
        }
    }
}

/* The column's name as the class's member spells it, or by its pack's convention; 0. */
static Sym column_of(Analysis *a, uint32_t field, const Class *class)
{
    FileId file;
    NodeId text = decorated_column(a->program, class, a->fields.items[field].name, &file);
    if (text)
        return program_node(a->program, file, text)->name;
    if (!class->model_rule || !class->model_rule->column_name.length)
        return 0;
    StrBuf buf = {0};
    AccessorContext context = {a, &a->fields.items[field], a->fields.items[field].name};
    Sym name = template_expand(class->model_rule->column_name, accessor_variable, &context, &buf)
                   ? names_intern(a->program->names, strbuf_str(&buf)) : 0;
    strbuf_release(&buf);
    return name;
}

/* `partial`: elsewhere than in queries the name says little; only a known receiver counts. */
static void add_column(Analysis *a, uint32_t f, const Class *class)
{
    TargetField *field = &a->fields.items[f];
    Sym column = column_of(a, f, class);
    if (!column || column == field->name || column == field->column)
        return;
    field->column = column;
    add_accessor(a, (Accessor){.field = f, .name = column, .partial = true, .on = ON_OBJECT});
    ask_for(a, column, NULL);
}

void accessor_add_columns(Analysis *a)
{
    for (uint32_t f = 0; f < a->fields.count; f++) {
        const TargetModel *model = &a->models.items[a->fields.items[f].model];
        for (size_t i = 0; i < model->class_count && !a->fields.items[f].column; i++) {
            add_column(a, f, a->program->classes.items[model->classes[i]]);
        }
    }
}

bool analysis_is_column(const Analysis *a, uint32_t field, Str column)
{
    const TargetField *f = &a->fields.items[field];
    const Names *names = a->program->names;
    return embedded_same_name(column, names_str(names, f->name)) ||
           (f->column && embedded_same_name(column, names_str(names, f->column)));
}

bool accessor_has_uses(const Accessor *accessor)
{
    return accessor->on != ON_BODY;
}

bool accessor_on_other_class(Analysis *a, const Accessor *accessor, const TypeSet *types)
{
    const TargetField *field = &a->fields.items[accessor->field];
    AccessorContext context = {a, field, field->name};
    for (size_t i = 0; accessor->rule && i < accessor->rule->on_class.count; i++) {
        StrBuf buf = {0};
        bool found = false;
        if (template_expand(accessor->rule->on_class.items[i], accessor_variable, &context, &buf)) {
            for (uint32_t t = 0; t < types->count; t++) {
                Type type = types->items[t];
                Sym name = type.shape == SHAPE_MODULE
                               ? type.module
                               : (type.class_id ? a->program->classes.items[type.class_id]->name : 0);
                found |= str_eq(name_last(names_str(a->program->names, name)), strbuf_str(&buf));
            }
        }
        strbuf_release(&buf);
        if (found)
            return true;
    }
    return false;
}
