/*
 * The packs' `companions` and `parameters` rules. A companion may name its
 * model in itself or in a class it inherits from, so the classes above it are
 * asked too, nearest first. There are few such rules; they are tried in order.
 */
#include "analyze/types/companion.h"

#include "analyze/program/naming.h"

#include <string.h>

enum { MOST_SUPERS = 32 };

/* The class and the classes above it, breadth first. */
typedef struct Line {
    ClassId ids[MOST_SUPERS];
    size_t count;
} Line;

static Line line_of(const Program *program, ClassId id)
{
    Line line;
    line.count = program_ancestors(program, id, line.ids, MOST_SUPERS);
    return line;
}

static bool lists(const Program *program, const StrList *list, Sym name)
{
    Str text = names_str(program->names, name);
    for (size_t i = 0; i < list->count; i++) {
        if (str_eq(list->items[i], text))
            return true;
    }
    return false;
}

static const char *family_of(const Program *program, FileId file)
{
    return program->files.items[file]->language->family;
}

static TypeSet model_of(Resolver *r, const Rule *rule, const Line *line)
{
    TypeSet set = {0};
    for (size_t i = 0; i < line->count && !set.count; i++) {
        const Class *class = r->program->classes.items[line->ids[i]];
        for (size_t p = 0; p < class->places.count && !set.count; p++) {
            Place place = class->places.items[p];
            if (strcmp(family_of(r->program, place.file), rule->pack->family) == 0)
                set = resolver_rule_class(r, rule, &rule->class_of, place.file, place.node, NULL);
        }
    }
    return set;
}

/* What an entry in braces stands for: an attribute of the class that is a string, or its {model}. */
typedef struct Words {
    Resolver *r;
    const Rule *rule;
    const Line *line;
} Words;

static bool word_of_class(void *context, Str name, Str *value)
{
    const Words *words = context;
    const Program *program = words->r->program;
    Sym sym = names_lookup(program->names, name);
    MemberId id = sym ? program_member(program, words->line->ids[0], sym) : 0;
    const Member *member = &program->members.items[id];
    if (id && member->value && program_node(program, member->place.file, member->value)->kind == FACT_STRING) {
        *value = names_str(program->names, program_node(program, member->place.file, member->value)->name);
        return value->length > 0;
    }
    TypeSet set = {0};
    if (str_eq_c(name, "model"))
        set = model_of(words->r, words->rule, words->line);
    if (set.count)
        *value = names_str(program->names, program->classes.items[set.items[0].class_id]->name);
    return set.count > 0;
}

/* instances: [object, "{context_object_name}"] */
static bool lists_for(Resolver *r, const Rule *rule, const StrList *list, const Line *line, Sym name)
{
    Words words = {r, rule, line};
    bool found = lists(r->program, list, name);
    for (size_t i = 0; i < list->count && !found; i++) {
        StrBuf buf = {0};
        found = str_find_byte(list->items[i], '{', 0) != SIZE_MAX &&
                template_expand(list->items[i], word_of_class, &words, &buf) &&
                str_eq(strbuf_str(&buf), names_str(r->program->names, name));
        strbuf_release(&buf);
    }
    return found;
}

static Shape shape_of(Resolver *r, const Rule *rule, const Line *line, Sym name)
{
    if (lists_for(r, rule, &rule->instances, line, name))
        return SHAPE_INSTANCE;
    if (lists_for(r, rule, &rule->collections, line, name))
        return SHAPE_COLLECTION;
    return lists(r->program, &rule->mappings, name) ? SHAPE_BUILDER : SHAPE_UNKNOWN;
}

TypeSet companion_name(Resolver *r, ClassId class_id, Sym name)
{
    TypeSet set = {0};
    Line line = {.count = 0};
    for (size_t i = 0; i < r->program->rules->sections[RULE_COMPANION].count && !set.count; i++) {
        const Rule *rule = r->program->rules->sections[RULE_COMPANION].items[i];
        if (!rule->instances.count && !rule->collections.count && !rule->mappings.count)
            continue;
        if (!line.count) {
            line = line_of(r->program, class_id);
            resolver_need_supers(r, class_id);
        }
        Shape shape = program_has_super(r->program, class_id, &rule->supertypes)
                          ? shape_of(r, rule, &line, name)
                          : SHAPE_UNKNOWN;
        if (!shape)
            continue;
        set = model_of(r, rule, &line);
        for (uint32_t t = 0; t < set.count; t++)
            set.items[t].shape = (uint8_t)shape;
        if (set.count)
            program_fired(r->program, rule);
    }
    return set;
}

/* The rule by which an instance of the class has a member for each field of a model, or NULL. */
static const Rule *bound_by(const Program *program, ClassId class_id)
{
    for (size_t i = 0; i < program->rules->sections[RULE_COMPANION].count; i++) {
        const Rule *rule = program->rules->sections[RULE_COMPANION].items[i];
        if (rule->bound && program_has_super(program, class_id, &rule->supertypes))
            return rule;
    }
    return NULL;
}

TypeSet companion_fields(Resolver *r, const TypeSet *types)
{
    TypeSet set = {0};
    for (uint32_t i = 0; i < types->count; i++) {
        Type type = types->items[i];
        const Rule *rule = type.class_id && type.shape == SHAPE_INSTANCE
                               ? bound_by(r->program, type.class_id) : NULL;
        TypeSet model = {0};
        if (rule) {
            Line line = line_of(r->program, type.class_id);
            model = model_of(r, rule, &line);
            program_fired(r->program, rule);
        }
        typeset_weaken(&model, (Confidence)type.confidence);
        if (model.count)
            typeset_join(&set, &model);
        else
            typeset_add(&set, type);
    }
    return set;
}

TypeSet companion_model(Resolver *r, ClassId class_id, Meaning *meaning)
{
    TypeSet set = {0};
    Line line = line_of(r->program, class_id);
    resolver_need_supers(r, class_id);
    for (size_t i = 0; i < r->program->rules->sections[RULE_COMPANION].count && !set.count; i++) {
        const Rule *rule = r->program->rules->sections[RULE_COMPANION].items[i];
        if (!rule->members || !program_has_super(r->program, class_id, &rule->supertypes))
            continue;
        set = model_of(r, rule, &line);
        *meaning = rule->members;
        if (set.count)
            program_fired(r->program, rule);
    }
    return set;
}

TypeSet companion_named(Resolver *r, const Rule *rule, ClassId class_id)
{
    Line line = line_of(r->program, class_id);
    return model_of(r, rule, &line);
}

TypeSet companion_made(Resolver *r, ClassId class_id)
{
    TypeSet set = {0};
    for (size_t i = 0; i < r->program->rules->sections[RULE_COMPANION].count && !set.count; i++) {
        const Rule *rule = r->program->rules->sections[RULE_COMPANION].items[i];
        if (!rule->makes || !program_has_super(r->program, class_id, &rule->supertypes))
            continue;
        Line line = line_of(r->program, class_id);
        set = model_of(r, rule, &line);
        for (uint32_t t = 0; t < set.count; t++)
            set.items[t].shape = SHAPE_INSTANCE;
        if (set.count)
            program_fired(r->program, rule);
    }
    return set;
}

/* --- parameters --- */

static bool has_decorator(const Program *program, Place function, const StrList *wanted)
{
    const Facts *facts = &program->files.items[function.file]->facts;
    for (NodeId c = facts->nodes[function.node].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].kind != FACT_DECORATOR)
            continue;
        NodeId named = facts->nodes[c].child ? facts->nodes[c].child : c;
        if (lists(program, wanted, facts->nodes[named].name))
            return true;
    }
    return false;
}

/* What a function gives that is named like the parameter and decorated as its provider. */
static TypeSet provided(Resolver *r, const Rule *rule, FileId file, Sym name)
{
    TypeSet set = {0};
    Program *program = r->program;
    uint64_t *first = map_get(&program->functions_by_name, name);
    if (!first)
        resolver_need(r, NEED_FUNCTION, name, file);
    for (uint32_t i = first ? (uint32_t)*first : 0; i; i = program->function_next.items[i - 1]) {
        Place place = program->functions.items[i - 1];
        if (!has_decorator(program, place, &rule->providers))
            continue;
        TypeSet part = resolver_returns(r, place.file, place.node);
        const Facts *facts = &program->files.items[place.file]->facts;
        bool yields = !fact_child(facts, place.node, ROLE_RETURN);
        for (uint32_t t = 0; t < part.count && yields; t++) {
            if (part.items[t].shape == SHAPE_COLLECTION && rule->shape == SHAPE_INSTANCE)
                part.items[t].shape = SHAPE_INSTANCE; /* what it yields, it yields once */
        }
        typeset_join(&set, &part);
    }
    return set;
}

TypeSet companion_parameter(Resolver *r, FileId file, NodeId function, Sym name)
{
    TypeSet set = {0};
    Program *program = r->program;
    for (size_t i = 0; i < program->rules->sections[RULE_PARAMETER].count && !set.count; i++) {
        const Rule *rule = program->rules->sections[RULE_PARAMETER].items[i];
        bool meant = !rule->names.count || lists(program, &rule->names, name);
        if (!meant || strcmp(rule->pack->family, family_of(program, file)) != 0)
            continue;
        if (rule->providers.count)
            set = provided(r, rule, file, name);
        else
            set = resolver_rule_class(r, rule, &rule->class_of, file, function, NULL);
        for (uint32_t t = 0; t < set.count && !rule->providers.count; t++)
            set.items[t].shape = (uint8_t)(rule->shape ? rule->shape : SHAPE_INSTANCE);
        if (set.count)
            program_fired(program, rule);
    }
    ClassId owner = set.count ? 0 : program_enclosing_class(program, file, function);
    return owner ? companion_name(r, owner, name) : set;
}
