/*
 * Where a field is declared: members of the model's classes under an
 * accessor's name, and members that companions (forms, serializers, filters)
 * name after the field. One pass over all members.
 */
#include "analyze/access/access.h"
#include "analyze/types/companion.h"

#include <string.h>

/* True when classes of the file's language may have members that are named after a model's fields. */
static bool has_companions(const Program *program, FileId file)
{
    for (size_t i = 0; i < program->rules->sections[RULE_COMPANION].count; i++) {
        const Rule *rule = program->rules->sections[RULE_COMPANION].items[i];
        if (rule->members && strcmp(rule->pack->family, program->files.items[file]->language->family) == 0)
            return true;
    }
    return false;
}

/* What declaring `member` means for a field; false when its class has nothing to do with it. */
static bool judge_declaration(Analysis *a, const Accessor *accessor, const Member *member,
                              Verdict *verdict, Meaning *meaning)
{
    *verdict = (Verdict){.class_id = member->owner};
    *meaning = MEANING_DECLARE;
    TypeSet owner = {1, {{.shape = SHAPE_INSTANCE, .class_id = member->owner}}};
    if (member->kind == MEMBER_FIELD)
        analysis_drop_hidden(a, accessor, &owner);
    if (owner.items[0].shape == SHAPE_OTHER)
        return false;
    if (analysis_in_family(a, a->fields.items[accessor->field].model, member->owner,
                           &verdict->confidence))
        return true;
    if (member->rule || program_enclosing_function(a->program, member->place.file, member->place.node))
        return false;
    TypeSet model = companion_model(a->resolver, member->owner, meaning);
    if (!model.count && has_companions(a->program, member->place.file)) {
        TypeSet owner = {1, {{.shape = SHAPE_INSTANCE, .class_id = member->owner}}};
        analysis_doubt(a, &owner); /* what it inherits from may make it one */
    }
    return model.count && analysis_judge(a, accessor->field, 1u << SHAPE_INSTANCE, &model, verdict);
}

/* A member of a companion that is named by a path: health__in = CharFilter(). */
static void check_path_member(Analysis *a, const Member *member)
{
    Str name = names_str(a->program->names, member->name);
    if (member->kind != MEMBER_FIELD || !member->owner || !analysis_holds_field(a, name))
        return;
    const Facts *facts = &a->program->files.items[member->place.file]->facts;
    NodeId target = fact_child(facts, member->place.node, ROLE_TARGET);
    Meaning meaning;
    TypeSet model = companion_model(a->resolver, member->owner, &meaning);
    if (target && model.count)
        embedded_path(a, member->place.file, target, name, facts->nodes[target].at, model, meaning);
}

/* Members that classes of the family declare under an accessor's name, or its companions. */
void declarations_check(Analysis *a)
{
    const Program *program = a->program;
    for (size_t i = 1; i < program->members.count; i++) {
        const Member *member = &program->members.items[i];
        uint64_t *first = map_get(&a->accessor_by_name, member->name);
        if (!first)
            check_path_member(a, member);
        if (!first || member->kind == MEMBER_ASSIGNED)
            continue;
        for (uint32_t k = (uint32_t)*first; k; k = a->accessors.items[k - 1].next) {
            const Accessor *accessor = &a->accessors.items[k - 1];
            Verdict verdict;
            Meaning meaning;
            bool of_objects = accessor->on & (1u << SHAPE_INSTANCE | ON_NONE | ON_BODY);
            if (!of_objects || (accessor->rule && !accessor->rule->pack->active))
                continue;
            if (!judge_declaration(a, accessor, member, &verdict, &meaning))
                continue;
            const Facts *facts = &program->files.items[member->place.file]->facts;
            NodeId node = member->place.node;
            NodeId target = fact_child(facts, node, ROLE_TARGET);
            if (member->rule && !target && facts->nodes[node].kind == FACT_CALL)
                continue; /* its argument is a mention */
            verdict.reason = 0;
            NodeId place = target ? target : node;
            analysis_hit_node(a, accessor, member->place.file, place, meaning, &verdict, 0);
        }
    }
}
