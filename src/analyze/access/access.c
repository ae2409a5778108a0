/*
 * Every parsed file is read once per round, node by node; nodes whose name is
 * no accessor are passed over at the cost of one hash look-up. Which class a
 * field belongs to is decided by the type of its receiver; a receiver that is
 * proved to be another class ends the matter.
 */
#include "analyze/access/access.h"

#include "analyze/types/beside.h"

#include "analyze/access/learn.h"
#include "analyze/access/unique.h"
#include "analyze/program/binding.h"
#include "analyze/program/naming.h"
#include "analyze/types/companion.h"
#include "analyze/types/contextual.h"

#include <stdlib.h>
#include <string.h>

enum { ON_OBJECT = 1u << SHAPE_INSTANCE, MOST_PASSES = 3 };

/* --- targets --- */

static void add_field(Analysis *a, const Migration *migration, uint32_t model, const FieldMap *map,
                      const char *name, bool is_new)
{
    Names *names = a->program->names;
    const char *owner = is_new && migration->to_model ? migration->to_model : migration->model;
    TargetField field = {.model = model,
                         .map = map,
                         .name = names_intern_c(names, name),
                         .target = arena_printf(&a->arena, "%s.%s", owner, name),
                         .is_new = is_new};
    array_push(&a->fields, field);
}

static uint32_t add_model(Analysis *a, const Migration *migration, const char *name,
                          const char *table)
{
    Names *names = a->program->names;
    TargetModel model = {.migration = migration,
                         .name = names_intern_c(names, name),
                         .last = names_intern(names, name_last(str_of(name))),
                         .table = table ? names_intern_c(names, table) : 0};
    array_push(&a->models, model);
    return (uint32_t)a->models.count - 1;
}

/* The new fields of a migration, each once: several old ones may merge into it. */
static void add_new_fields(Analysis *a, const Migration *migration, uint32_t old_model)
{
    const Names *names = a->program->names;
    uint32_t model = old_model;
    size_t first = a->fields.count;
    if (migration->to_model && strcmp(migration->to_model, migration->model) != 0)
        model = add_model(a, migration, migration->to_model, NULL);
    for (size_t f = 0; f < migration->field_count; f++) {
        const FieldMap *map = &migration->fields[f];
        bool known = !map->to;
        for (size_t i = first; i < a->fields.count && !known; i++)
            known = str_eq_c(names_str(names, a->fields.items[i].name), map->to);
        if (!known)
            add_field(a, migration, model, map, map->to, true);
    }
}

Analysis *analysis_new(Program *program, Resolver *resolver, const Migration *migrations,
                       size_t count, bool both_sides)
{
    Analysis *a = mem_alloc(sizeof *a);
    *a = (Analysis){.program = program, .resolver = resolver};
    arena_init(&a->arena);
    for (size_t m = 0; m < count; m++) {
        const Migration *migration = &migrations[m];
        uint32_t model = add_model(a, migration, migration->model, migration->table);
        for (size_t f = 0; f < migration->field_count; f++)
            add_field(a, migration, model, &migration->fields[f], migration->fields[f].from, false);
        if (both_sides)
            add_new_fields(a, migration, model);
    }
    return a;
}

void analysis_free(Analysis *a)
{
    if (!a)
        return;
    array_release(&a->models);
    array_release(&a->fields);
    array_release(&a->accessors);
    array_release(&a->hits);
    array_release(&a->blinds);
    array_release(&a->doubts);
    map_release(&a->doubted);
    map_release(&a->accessor_by_name);
    map_release(&a->hit_at);
    arena_release(&a->arena);
    free(a);
}

static void add_conventions(Analysis *a, const Class *class)
{
    const RuleSet *rules = a->program->rules;
    for (size_t r = 0; r < rules->sections[RULE_VARIABLE].count; r++) {
        const Rule *rule = rules->sections[RULE_VARIABLE].items[r];
        CallSite site = {.program = a->program, .around = class->id};
        for (size_t n = 0; n < rule->names.count; n++) {
            Sym name = callsite_expand(&site, rule->names.items[n]);
            resolver_add_convention(a->resolver, name, rule, class->id);
        }
    }
}

static void add_target(Analysis *a, ClassId class_id)
{
    map_put(&a->resolver->targets, class_id, 1);
    add_conventions(a, a->program->classes.items[class_id]);
}

void analysis_prepare(Analysis *a)
{
    for (uint32_t m = 0; m < a->models.count; m++)
        target_find_classes(a, m);
    accessor_add_aliases(a);
    accessor_add_columns(a);
    map_clear(&a->resolver->variables);
    map_clear(&a->resolver->learned);
    map_clear(&a->resolver->targets);
    for (uint32_t m = 0; m < a->models.count; m++) {
        for (size_t i = 0; i < a->models.items[m].class_count; i++)
            add_target(a, a->models.items[m].classes[i]);
    }
    for (size_t i = 1; i < a->program->classes.count; i++) {
        if (a->program->classes.items[i]->declared)
            add_conventions(a, a->program->classes.items[i]);
    }
    unique_find(a);
    learn_names(a);
}

/* A scope or class method that is called like the field stands for a query on it. */
static bool is_named_query(const Analysis *a, const Accessor *accessor, const TypeSet *types)
{
    for (uint32_t i = 0; i < types->count; i++) {
        Type type = types->items[i];
        Confidence confidence = CONFIDENCE_CERTAIN;
        if ((type.shape != SHAPE_CLASS && type.shape != SHAPE_COLLECTION) ||
            !analysis_in_family(a, a->fields.items[accessor->field].model, type.class_id,
                                &confidence))
            continue;
        MemberId id = program_member(a->program, type.class_id, accessor->name);
        while (id && !a->program->members.items[id].is_static)
            id = a->program->members.items[id].next;
        if (id)
            return true;
    }
    return false;
}

/*
 * Where types are declared, an iterator lets a collection be used like what it holds, a static
 * field is used through its class, and a method is named through it: Order::getEmail.
 */
static uint32_t more_shapes(const Analysis *a, FileId file, NodeId node, const TypeSet *types)
{
    const Node *n = program_node(a->program, file, node);
    const Language *language = a->program->files.items[file]->language;
    if (!types->count)
        return 0;
    uint32_t shapes = language->closed_types || !language->typed ? 0 : 1u << SHAPE_COLLECTION;
    MemberId id = types->items[0].shape == SHAPE_CLASS
                      ? program_member(a->program, types->items[0].class_id, n->name) : 0;
    const Member *member = &a->program->members.items[id];
    bool field = member->kind == MEMBER_FIELD && (language->typed || member->is_static) && !member->rule;
    bool reference = language->typed && n->kind == FACT_MEMBER && !member->is_static;
    if (id && (field || reference))
        shapes |= 1u << SHAPE_CLASS;
    return shapes;
}

/* form.email: the form's member for the field; not what the form's class defines itself. */
static bool check_bound(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                        const TypeSet *types)
{
    NodeId receiver = fact_child(&a->program->files.items[file]->facts, node, ROLE_RECEIVER);
    MemberId id = types->count && types->items[0].class_id
                      ? program_member(a->program, types->items[0].class_id, accessor->name) : 0;
    Verdict verdict;
    if (id && a->program->members.items[id].kind != MEMBER_FIELD)
        return false;
    TypeSet fields = companion_fields(a->resolver, types);
    if (!fields.count || !analysis_judge(a, accessor->field, accessor->on, &fields, &verdict))
        return false;
    analysis_hit_node(a, accessor, file, node, accessor->kind, &verdict, receiver);
    return true;
}

/* An accessor that only classes and tables carry, on what is written as an object: `order.email`. */
static bool may_be_carried(const Analysis *a, const Accessor *accessor, FileId file, NodeId receiver)
{
    const Node *n = program_node(a->program, file, receiver);
    return !accessor->rule || accessor->rule->section != RULE_ACCESSOR ||
           accessor->on & 1u << SHAPE_INSTANCE || resolver_spelled_as_class(a->resolver, n);
}

/* receiver.name and receiver.name(...) */
static void check_member(Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId receiver = fact_child(facts, node, ROLE_RECEIVER);
    TypeSet types = beside_receiver(a->resolver, file, node, receiver);
    Verdict verdict;
    types = resolver_delegated(a->resolver, &types, facts->nodes[node].name);
    if (!types.count)
        types = hint_of_value(a, file, node);
    uint32_t shapes = accessor->on | more_shapes(a, file, node, &types);
    analysis_drop_hidden(a, accessor, &types);
    if (accessor_on_other_class(a, accessor, &types))
        verdict = (Verdict){.confidence = (Confidence)types.items[0].confidence,
                            .class_id = types.items[0].class_id,
                            .reason = types.items[0].reason};
    else if (!analysis_judge(a, accessor->field, shapes, &types, &verdict)) {
        if (check_bound(a, accessor, file, node, &types))
            return;
        if (!is_named_query(a, accessor, &types))
            return;
        verdict = (Verdict){CONFIDENCE_LIKELY, types.items[0].class_id, types.items[0].reason,
                            "a scope of that name"};
        analysis_hit_node(a, accessor, file, node, MEANING_QUERY, &verdict, receiver);
        return;
    }
    if (!types.count && (accessor->partial || !may_be_carried(a, accessor, file, receiver)))
        return; /* open?, of anything */
    if (!types.count && (analysis_foreign(a, accessor->field, file) ||
                         unique_means_little(a, accessor, file, receiver)))
        verdict = (Verdict){.confidence = CONFIDENCE_POSSIBLE};
    analysis_hit_node(a, accessor, file, node, accessor->kind, &verdict, receiver);
}

/* A bare call in the block of a call that sets fields by them: a factory's `email { ... }`. */
static bool check_block(Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    for (NodeId p = facts->nodes[node].parent; p; p = facts->nodes[p].parent) {
        if (facts->nodes[p].kind == FACT_FUNCTION || facts->nodes[p].kind == FACT_CLASS)
            return false;
        NodeId call = facts->nodes[p].kind == FACT_LAMBDA ? facts->nodes[p].parent : 0;
        if (!call || facts->nodes[call].kind != FACT_CALL)
            continue;
        for (const Rule *rule = rules_find(&a->program->rules->calls, facts->nodes[call].name); rule;
             rule = rule->next_same_name) {
            TypeSet none = {0}, types = {0};
            if (rule->block && resolver_rule_applies(a->resolver, rule, file, call, NULL, false))
                types = resolver_rule_class(a->resolver, rule, &rule->class_of, file, call, &none);
            Verdict verdict;
            if (!types.count)
                continue; /* a nested factory of another name: the outer one tells */
            program_fired(a->program, rule);
            if (analysis_judge(a, accessor->field, ON_OBJECT, &types, &verdict))
                analysis_hit_node(a, accessor, file, node, rule->block, &verdict, 0);
            return true;
        }
    }
    return false;
}

/* True when an accessor's rule tells whose member it is. */
static bool says_whose(const Rule *rule)
{
    return rule && rule->section == RULE_ACCESSOR && rule->class_of.count;
}

/*
 * Whose member a bare name is: what the accessor's rule says, else self's; where members are
 * declared, an inner class sees those of the classes around it too.
 */
static TypeSet bare_types(Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    const Program *program = a->program;
    const Rule *rule = accessor->rule;
    if (says_whose(rule))
        return resolver_rule_class(a->resolver, rule, &rule->class_of, file, node, NULL);
    Sym name = program_node(program, file, node)->name;
    TypeSet types = resolver_self(a->resolver, file, node);
    if (types.count != 1 || !program->files.items[file]->language->typed)
        return types;
    ClassId *class_id = &types.items[0].class_id;
    while (!program_member(program, *class_id, name) && program->classes.items[*class_id]->outer)
        *class_id = program->classes.items[*class_id]->outer;
    return types;
}

/* @email.validator, index = Index(email): a name used in the body of the class, outside of its methods. */
static bool names_in_body(const Analysis *a, const File *f, NodeId node)
{
    const Facts *facts = &f->facts;
    const Node *n = &facts->nodes[node];
    if (!f->language->body_names || n->kind != FACT_NAME || n->role == ROLE_TARGET)
        return false;
    ClassId around = program_enclosing_class(a->program, f->id, node);
    if (!around || !map_get(&a->program->classes.items[around]->members, n->name))
        return false;
    bool decorates = false;
    for (NodeId p = node; p; p = facts->nodes[p].parent) {
        FactKind kind = (FactKind)facts->nodes[p].kind;
        if (kind == FACT_CLASS)
            return !decorates;
        if (kind == FACT_LAMBDA || kind == FACT_COMPREHENSION || (kind == FACT_FUNCTION && !decorates))
            return false;
        decorates = facts->nodes[p].role == ROLE_DECORATOR;
    }
    return false;
}

static bool may_be_own_member(const Analysis *a, File *f, NodeId node)
{
    const Node *n = &f->facts.nodes[node];
    if (n->kind == FACT_NAME && (n->flags & FLAG_INSTANCE))
        return true;
    if (names_in_body(a, f, node))
        return true;
    if (!f->language->implicit_self)
        return false;
    if (n->kind != FACT_NAME)
        return true;
    const Binding *binding;
    if (binding_lookup(f, node, &binding, 1))
        return false;
    return n->role != ROLE_TARGET || !f->language->bare_call; /* else it makes a local */
}

/* container_of(p, struct order, email): the type beside it tells. */
static bool check_beside(Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    TypeSet types = beside_type(a->resolver, file, node);
    Verdict verdict;
    if (types.count && analysis_judge(a, accessor->field, accessor->on, &types, &verdict))
        analysis_hit_node(a, accessor, file, node, MEANING_READ, &verdict, 0);
    return types.count != 0;
}

/* A bare name or call: a member of self. */
static void check_bare(Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    File *f = a->program->files.items[file];
    const Node *n = &f->facts.nodes[node];
    if (n->kind == FACT_NAME && check_beside(a, accessor, file, node))
        return;
    if (!may_be_own_member(a, f, node))
        return;
    if (n->kind == FACT_CALL && check_block(a, accessor, file, node))
        return;
    TypeSet types = bare_types(a, accessor, file, node);
    analysis_drop_hidden(a, accessor, &types);
    Verdict verdict;
    uint32_t on = says_whose(accessor->rule) ? ON_OBJECT
                                             : accessor->on | more_shapes(a, file, node, &types);
    if (!types.count || !analysis_judge(a, accessor->field, on, &types, &verdict))
        return;
    analysis_hit_node(a, accessor, file, node, accessor->kind, &verdict, 0);
}

static bool is_data(const Analysis *a, FileId file)
{
    return strcmp(a->program->files.items[file]->language->frontend, "data") == 0;
}

static void check_named(Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    switch (facts->nodes[node].kind) {
    case FACT_MEMBER:
    case FACT_CALL:
        if (fact_child(facts, node, ROLE_RECEIVER))
            check_member(a, accessor, file, node);
        else
            check_bare(a, accessor, file, node);
        return;
    case FACT_NAME: check_bare(a, accessor, file, node); return;
    case FACT_SYMBOL:
    case FACT_STRING:
    case FACT_KEYWORD:
    case FACT_PAIR:
        if (is_data(a, file))
            data_check(a, accessor, file, node);
        else
            mention_check(a, accessor, file, node);
        return;
    case FACT_FUNCTION: mention_method(a, accessor, file, node); return;
    case FACT_COLUMN: column_check(a, accessor, file, node); return;
    default: return;
    }
}

bool analysis_holds_field(const Analysis *a, Str text)
{
    for (size_t f = 0; f < a->fields.count; f++) {
        Sym column = a->fields.items[f].column;
        if (str_find(text, names_str(a->program->names, a->fields.items[f].name), 0) != SIZE_MAX ||
            (column && str_find(text, names_str(a->program->names, column), 0) != SIZE_MAX))
            return true;
    }
    return false;
}

/* @email: an instance variable that is called like the field. */
static void check_instance_variable(Analysis *a, FileId file, NodeId id, Sym name)
{
    Str bare = names_str(a->program->names, name);
    Sym plain = names_lookup(a->program->names, str_slice(bare, 1, bare.length));
    uint64_t *first = plain ? map_get(&a->accessor_by_name, plain) : NULL;
    if (first)
        check_named(a, &a->accessors.items[*first - 1], file, id);
}

/* A string or key that is no accessor may hold one. */
static void check_text(Analysis *a, FileId file, NodeId id, const Node *node)
{
    Str source = a->program->files.items[file]->source->text;
    Str text = node->kind == FACT_STRING ? str_slice(source, node->at, node->at_end)
                                         : names_str(a->program->names, node->name);
    if (analysis_holds_field(a, text))
        embedded_check(a, file, id);
}

static void check_node(Analysis *a, FileId file, NodeId id)
{
    const Node *node = &a->program->files.items[file]->facts.nodes[id];
    uint64_t *first = node->name ? map_get(&a->accessor_by_name, node->name) : NULL;
    for (uint32_t k = first ? (uint32_t)*first : 0; k; k = a->accessors.items[k - 1].next) {
        Accessor accessor = a->accessors.items[k - 1];
        if (accessor_has_uses(&accessor) && (!accessor.rule || accessor.rule->pack->active))
            check_named(a, &accessor, file, id);
    }
    switch (node->kind) {
    case FACT_CALL:
    case FACT_ELEMENT:
    case FACT_MEMBER: blind_check(a, file, id); return;
    case FACT_NAME:
        if (!first && (node->flags & FLAG_INSTANCE) && node->name)
            check_instance_variable(a, file, id, node->name);
        return;
    case FACT_KEYWORD:
    case FACT_PAIR:
        if (first)
            return;
        break;
    case FACT_STRING: break;
    default: return;
    }
    if (!is_data(a, file))
        check_text(a, file, id, node);
}

static void run_once(Analysis *a)
{
    a->hits.count = 0;
    a->blinds.count = 0;
    map_clear(&a->hit_at);
    for (FileId file = 1; file < a->program->files.count; file++) {
        uint32_t count = a->program->files.items[file]->facts.count;
        if (strcmp(a->program->files.items[file]->language->frontend, "text") == 0)
            text_check(a, file);
        for (NodeId id = 1; id < count; id++)
            check_node(a, file, id);
    }
    declarations_check(a);
}

/* True when a pass met the names elsewhere, or no more, unlike the pass before, by which it was judged. */
static bool take_elsewhere(Analysis *a)
{
    bool changed = false;
    for (size_t f = 0; f < a->fields.count; f++) {
        TargetField *field = &a->fields.items[f];
        changed |= field->elsewhere != field->seen_elsewhere;
        field->elsewhere = field->seen_elsewhere;
        field->seen_elsewhere = false;
    }
    return changed;
}

void analysis_run(Analysis *a)
{
    run_once(a);
    for (int pass = 1; take_elsewhere(a) && pass < MOST_PASSES; pass++) {
        analysis_prepare(a);
        run_once(a);
    }
    promote_hits(a);
}

void analysis_ask(Analysis *a)
{
    resolver_forget(a->resolver);
    for (size_t m = 0; m < a->models.count; m++) { /* what a model inherits from makes it one */
        for (size_t i = 0; i < a->models.items[m].class_count; i++)
            resolver_need_supers(a->resolver, a->models.items[m].classes[i]);
    }
    for (size_t i = 0; i < a->hits.count; i++) {
        const Hit *hit = &a->hits.items[i];
        bool sure = a->fields.items[hit->field].unique && hit->confidence <= CONFIDENCE_LIKELY;
        if (hit->confidence == CONFIDENCE_CERTAIN || sure ||
            analysis_foreign(a, hit->field, hit->file)) /* nothing there declares the model */
            continue;
        if (hit->receiver) {
            resolver_type(a->resolver, hit->file, hit->receiver);
            continue;
        }
        Meaning meaning;
        TypeSet types;
        mention_context(a, hit->file, hit->node, &meaning, &types);
        NodeId map = program_node(a->program, hit->file, hit->node)->parent;
        if (!resolver_pattern(a->resolver, hit->file, map, &types))
            resolver_expected(a->resolver, hit->file, map);
    }
    size_t kept = 0;
    for (size_t i = 0; i < a->doubts.count; i++) {
        array_push(&a->resolver->needs, a->doubts.items[i]);
        if (a->doubts.items[i].doubt) /* may have to be asked again when heirs are known */
            a->doubts.items[kept++] = a->doubts.items[i];
    }
    a->doubts.count = kept;
}
