/*
 * A field's name given as data: where(:email => x), ["email"], {email: e},
 * list_display = ("email",). The name itself proves nothing; what it is given
 * to does. From the mention we climb through lists, hashes and branches to the
 * call, attribute or variable that takes it, and ask the packs.
 */
#include "analyze/access/access.h"

#include "analyze/access/mention_private.h"
#include "analyze/access/unique.h"
#include "analyze/program/decorated.h"
#include "analyze/program/definition.h"
#include "analyze/program/local.h"
#include "analyze/program/naming.h"
#include "analyze/types/companion.h"
#include "analyze/types/contextual.h"

#include <string.h>
#include <strings.h>

enum { MOST_USES = 12 };

typedef enum Outcome { OUTCOME_UNKNOWN, OUTCOME_FOUND, OUTCOME_OTHER } Outcome;

static Outcome settle(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                      Meaning meaning, const TypeSet *given, NodeId receiver)
{
    Verdict verdict;
    TypeSet own = companion_fields(a->resolver, given);
    const TypeSet *types = &own;
    if (!types->count)
        return OUTCOME_UNKNOWN;
    analysis_drop_hidden(a, accessor, &own);
    uint32_t shapes = 1u << SHAPE_INSTANCE | 1u << SHAPE_CLASS | 1u << SHAPE_COLLECTION |
                      1u << SHAPE_BUILDER | 1u << SHAPE_TABLE;
    if (!analysis_judge(a, accessor->field, shapes, types, &verdict)) {
        if (meaning == MEANING_DECLARE)
            a->fields.items[accessor->field].seen_elsewhere = true;
        analysis_doubt(a, types);
        return OUTCOME_OTHER;
    }
    mention_record(a, accessor, file, node, meaning, &verdict, receiver);
    return OUTCOME_FOUND;
}

/* A call that would take the name, of something that is no class's: another table's column. */
static Outcome refuse(Analysis *a, const Accessor *accessor, const TypeSet *receiver,
                      Meaning meaning, Outcome before)
{
    if (!receiver || !receiver->count)
        return before;
    for (uint32_t i = 0; i < receiver->count; i++) {
        if (receiver->items[i].shape != SHAPE_OTHER)
            return before;
    }
    if (meaning == MEANING_DECLARE)
        a->fields.items[accessor->field].seen_elsewhere = true;
    return OUTCOME_OTHER;
}

/* delegate :email, to: :order: read of what the member gives. */
static Outcome check_delegate(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                              const Route *route)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    ClassId around = program_enclosing_class(a->program, file, route->taker);
    if (!around || facts->nodes[route->argument].role != ROLE_ARGUMENT || route->keyword)
        return OUTCOME_UNKNOWN;
    TypeSet self = {1, {{.shape = SHAPE_INSTANCE, .class_id = around}}};
    CallSite site = {.program = a->program, .file = file, .call = route->taker, .around = around};
    for (const Rule *rule = rules_find(&a->program->rules->members, facts->nodes[route->taker].name);
         rule; rule = rule->next_same_name) {
        Sym base = rule->delegate.length ? callsite_expand(&site, rule->delegate) : 0;
        if (!base || base == facts->nodes[node].name)
            continue;
        TypeSet types = mention_follow_key(a, route->taker, self, file, base);
        program_fired(a->program, rule);
        return settle(a, accessor, file, node, MEANING_READ, &types, 0);
    }
    return OUTCOME_UNKNOWN;
}

static bool rule_meant(const Analysis *a, const Rule *rule, FileId file, NodeId call,
                       const TypeSet *receiver, bool in_body)
{
    const char *family = a->program->files.items[file]->language->family;
    return rule->section == RULE_MEMBER
               ? in_body && strcmp(rule->pack->family, family) == 0
               : resolver_rule_applies(a->resolver, rule, file, call, receiver, in_body);
}

/* A name on its way into a call, and what is asked about it. */
typedef struct Taking {
    const Accessor *accessor;
    FileId file;
    NodeId node;
    const Route *route;
    const TypeSet *receiver; /* NULL: the call has none */
    bool in_body;            /* the call stands in the body of a class */
    Meaning *said;           /* out: what the last rule that applied says of the name */
} Taking;

/* Objects of classes from outside, query builders, say nothing of whose fields they are given. */
static TypeSet without_outsiders(const Analysis *a, const Taking *t, const Rule *rule, TypeSet set)
{
    const Program *program = a->program;
    TypeSet ours = {0};
    if (rule->class_of.count || program->files.items[t->file]->language->typed)
        return set;
    for (uint32_t i = 0; i < set.count; i++) {
        ClassId id = set.items[i].class_id;
        Confidence confidence = CONFIDENCE_CERTAIN;
        if (!id || program->classes.items[id]->declared ||
            analysis_in_family(a, a->fields.items[t->accessor->field].model, id, &confidence))
            typeset_add(&ours, set.items[i]);
    }
    return ours;
}

/* True when models declare their fields, so that one without a field cannot be meant. */
static bool model_declares(const Analysis *a, const Accessor *accessor)
{
    const TargetModel *model = &a->models.items[a->fields.items[accessor->field].model];
    return model->class_count && program_member(a->program, model->classes[0], accessor->name);
}

/* `rule` applies: is the class it names the target's? */
static Outcome settle_by_rule(Analysis *a, const Taking *t, const Rule *rule, Meaning meaning)
{
    const Facts *facts = &a->program->files.items[t->file]->facts;
    const Route *route = t->route;
    TypeSet set = resolver_rule_class(a->resolver, rule, &rule->class_of, t->file, route->taker,
                                      t->receiver);
    set = without_outsiders(a, t, rule, set);
    if (rule->class_of.count && model_declares(a, t->accessor))
        mention_drop_refuted(a, t->accessor, &set);
    if (!set.count && mention_rule_meaning(a, rule, facts, route, t->node) == MEANING_SQL)
        return OUTCOME_UNKNOWN; /* the shortest piece of SQL is a column: but whose? */
    if (route->as_key || route->inside_count || route->keyword)
        set = mention_follow_keys(a, rule, route, set, t->file);
    program_fired(a->program, rule);
    if (set.count || !route->inside_count) /* below a key that is no relation: something else */
        *t->said = meaning;
    return settle(a, t->accessor, t->file, t->node, meaning, &set,
                  fact_child(facts, route->taker, ROLE_RECEIVER));
}

/* What one rule says; `before` is what the rules before it said. */
static Outcome check_rule(Analysis *a, const Taking *t, const Rule *rule, Outcome before)
{
    const Facts *facts = &a->program->files.items[t->file]->facts;
    Meaning meaning = mention_plain_meaning(a, rule, facts, t->route, t->node);
    bool elsewhere = !meaning && mention_names_elsewhere(rule, facts, t->route);
    if (!meaning && !elsewhere)
        return before;
    bool applies = rule_meant(a, rule, t->file, t->route->taker, t->receiver, t->in_body);
    if (elsewhere)
        return applies && (t->receiver || t->in_body) ? OUTCOME_OTHER : before;
    if (!applies)
        return refuse(a, t->accessor, t->receiver, meaning, before);
    Outcome outcome = settle_by_rule(a, t, rule, meaning);
    return outcome == OUTCOME_UNKNOWN ? before : outcome;
}

static Outcome check_rules(Analysis *a, const Taking *t)
{
    Sym name = program_node(a->program, t->file, t->route->taker)->name;
    Outcome outcome = OUTCOME_UNKNOWN;
    const Map *maps[] = {&a->program->rules->calls, &a->program->rules->members};
    for (int m = 0; m < 2; m++) {
        for (const Rule *rule = rules_find(maps[m], name); rule; rule = rule->next_same_name) {
            outcome = check_rule(a, t, rule, outcome);
            if (outcome == OUTCOME_FOUND)
                return outcome;
        }
    }
    return outcome;
}

/* map(&:email): read of what the call gives its block. */
static Outcome check_block_name(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                                const Route *route)
{
    TypeSet types = resolver_yields(a->resolver, file, node, 0);
    return settle(a, accessor, file, node, MEANING_READ, &types,
                  fact_child(&a->program->files.items[file]->facts, route->taker, ROLE_RECEIVER));
}

/* A manager, maybe, that no parsed file declares. */
static void doubt_taker(Analysis *a, FileId file, NodeId node, const Route *route,
                        const TypeSet *receiver)
{
    if (receiver->count && mention_meaning_of_name(a, file, node, route))
        analysis_doubt(a, receiver);
}

static Outcome check_call(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                          const Route *route, Meaning *said)
{
    File *f = a->program->files.items[file];
    NodeId base = fact_child(&f->facts, route->taker, ROLE_RECEIVER);
    bool in_body = program_enclosing_class(a->program, file, route->taker) &&
                   !program_enclosing_function(a->program, file, route->taker);
    TypeSet receiver = {0};
    Outcome outcome = OUTCOME_UNKNOWN;
    if (base) {
        receiver = resolver_type(a->resolver, file, base);
        receiver = collection_served(a->resolver, &receiver);
    }
    if (f->facts.nodes[route->argument].role == ROLE_BLOCK) {
        *said = MEANING_READ;
        return check_block_name(a, accessor, file, node, route);
    }
    Taking taking = {accessor, file, node, route, base ? &receiver : NULL, in_body, said};
    outcome = check_rules(a, &taking);
    if (outcome != OUTCOME_UNKNOWN)
        return outcome;
    doubt_taker(a, file, node, route, &receiver);
    if (base && !receiver.count && !*said)
        *said = mention_meaning_of_name(a, file, node, route);
    if (base || !f->language->implicit_self)
        return outcome;
    receiver = resolver_self(a->resolver, file, route->taker);
    taking.receiver = &receiver;
    taking.in_body = false;
    outcome = check_rules(a, &taking);
    if (outcome == OUTCOME_UNKNOWN && !*said)
        *said = mention_meaning_of_name(a, file, node, route);
    return outcome;
}

/* A keyword of a call that is named after the model, or is given its class. */
static Outcome check_named_call(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                                const Route *route)
{
    TypeSet types;
    Meaning meaning = MEANING_NONE;
    if (!mention_named(a, file, node, route, &meaning, &types))
        return OUTCOME_UNKNOWN;
    return settle(a, accessor, file, node, meaning, &types, 0);
}

/* Foo(email=1), new Foo({email: 1}), Foo{Email: 1} */
static Outcome check_construction(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                                  const Route *route)
{
    if (!route->as_key || route->inside_count || route->keyword)
        return OUTCOME_UNKNOWN;
    const Node *taker = program_node(a->program, file, route->taker);
    TypeSet made = {0};
    if (!mention_makes(a, file, route->taker, &made))
        return OUTCOME_UNKNOWN;
    Meaning meaning =
        taker->kind == FACT_NEW ? mention_literal_meaning(a, file, route->taker) : MEANING_WRITE;
    Outcome outcome = settle(a, accessor, file, node, meaning, &made, 0);
    bool hands_on = outcome == OUTCOME_OTHER &&
                    !program_member(a->program, made.items[0].class_id, accessor->name);
    return hands_on && check_named_call(a, accessor, file, node, route) == OUTCOME_FOUND
               ? OUTCOME_FOUND : outcome; /* Factory(Order, email=1) */
}

/* x[:email], x['email'] */
static Outcome check_element(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                             const Route *route)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId base = fact_child(facts, route->taker, ROLE_RECEIVER);
    if (!base || facts->nodes[route->argument].role != ROLE_INDEX)
        return OUTCOME_UNKNOWN;
    TypeSet types = resolver_type(a->resolver, file, base);
    if (a->program->files.items[file]->language->keys_are_members)
        mention_drop_refuted(a, accessor, &types);
    Meaning meaning = facts->nodes[route->taker].role == ROLE_TARGET ? MEANING_WRITE : MEANING_READ;
    if (types.count && types.items[0].shape == SHAPE_TABLE)
        meaning = MEANING_QUERY;
    return settle(a, accessor, file, node, meaning, &types, base);
}

/* "email" in form.cleaned_data: the other side holds the fields of a model by name. */
static Outcome check_tested(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                            const Route *route)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId other = fact_child(facts, route->taker, ROLE_RIGHT);
    TypeSet types = {0};
    if (other && other != node)
        types = resolver_type(a->resolver, file, other);
    if (!types.count || types.items[0].shape != SHAPE_BUILDER)
        return OUTCOME_UNKNOWN;
    return settle(a, accessor, file, node, MEANING_READ, &types, 0);
}

/* list_display = ("email",) in a class body; get_list_display() { return ("email",); } */
static Outcome check_attribute(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                               const Route *route)
{
    Sym name = mention_attribute(a->program, file, route);
    Outcome outcome = OUTCOME_UNKNOWN;
    for (const Rule *rule = rules_find(&a->program->rules->attributes, name); rule;
         rule = rule->next_same_name) {
        Meaning meaning = mention_attribute_meaning(a, rule, file, node, route->taker);
        if (!meaning)
            continue;
        TypeSet set = resolver_rule_class(a->resolver, rule, &rule->class_of, file, route->taker, NULL);
        program_fired(a->program, rule);
        outcome = settle(a, accessor, file, node, meaning, &set, 0);
        if (outcome != OUTCOME_UNKNOWN)
            return outcome;
    }
    return outcome;
}

/* order.attributes = {email: 1}: a call of `attributes=`. */
static Outcome check_setter(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                            const Route *route)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId target = fact_child(facts, route->taker, ROLE_TARGET);
    NodeId base = target && target != route->argument && facts->nodes[target].kind == FACT_MEMBER
                      ? fact_child(facts, target, ROLE_RECEIVER)
                      : 0;
    if (!base)
        return OUTCOME_UNKNOWN;
    StrBuf setter = {0};
    strbuf_add_str(&setter, names_str(a->program->names, facts->nodes[target].name));
    strbuf_add_byte(&setter, '=');
    const Rule *rule = rules_find(&a->program->rules->calls,
                                  names_lookup(a->program->names, strbuf_str(&setter)));
    strbuf_release(&setter);
    TypeSet receiver = resolver_type(a->resolver, file, base);
    for (; rule; rule = rule->next_same_name) {
        Meaning meaning = mention_rule_meaning(a, rule, facts, route, node);
        if (!meaning || !resolver_rule_applies(a->resolver, rule, file, target, &receiver, false))
            continue;
        program_fired(a->program, rule);
        return settle(a, accessor, file, node, meaning, &receiver, base);
    }
    return OUTCOME_UNKNOWN;
}

/* Where types are declared, a literal for a mapping, or a library's Meta<Order>, has keys, not members. */
static bool is_keyed(const Analysis *a, FileId file, const TypeSet *types)
{
    return a->program->files.items[file]->language->typed && types->count &&
           types->items[0].shape == SHAPE_COLLECTION;
}

/* {email: 1} where an Order is expected; {email} = order; <Row email={e}/>. */
static Outcome check_member_of_map(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                                   Meaning *said)
{
    Resolver *r = a->resolver;
    NodeId map = program_node(a->program, file, node)->parent;
    TypeSet types;
    if (program_node(a->program, file, node)->kind == FACT_KEYWORD) {
        types = resolver_keyword_owner(r, file, node);
        return settle(a, accessor, file, node, MEANING_WRITE, &types, 0);
    }
    FactKind kind = (FactKind)program_node(a->program, file, node)->kind;
    if ((kind != FACT_PAIR && kind != FACT_FUNCTION) ||
        program_node(a->program, file, map)->kind != FACT_MAP)
        return OUTCOME_UNKNOWN;
    if (resolver_pattern(r, file, map, &types)) {
        *said = MEANING_READ;
        return settle(a, accessor, file, node, MEANING_READ, &types, 0);
    }
    types = resolver_expected(r, file, map);
    if (is_keyed(a, file, &types))
        return OUTCOME_UNKNOWN;
    for (uint32_t i = 0; i < types.count; i++) {
        Type type = types.items[i];
        if (!type.class_id || !a->program->classes.items[type.class_id]->declared)
            return OUTCOME_UNKNOWN; /* a type of somebody else's may be made from the model */
    }
    return settle(a, accessor, file, node, MEANING_WRITE, &types, 0);
}

/*
 * A list or hash kept in a variable: what the variable is given to later in the same function (or
 * file, for constants) decides. args = {email: e}; User.create!(args)
 */
static Outcome check_uses(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                          const Route *route, Meaning *said)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId target = fact_child(facts, route->taker, ROLE_TARGET);
    uint32_t end;
    Sym name = mention_kept_as(a, file, route, &end);
    Outcome outcome = OUTCOME_UNKNOWN;
    int seen = 0;
    for (NodeId n = route->taker + 1; name && n < facts->count && facts->nodes[n].start < end &&
                                      seen < MOST_USES && outcome == OUTCOME_UNKNOWN; n++) {
        if (n == target || facts->nodes[n].kind != FACT_NAME || facts->nodes[n].name != name)
            continue;
        Route later = mention_route_of_use(a, facts, route, n);
        seen++;
        if (facts->nodes[later.argument].role != ROLE_ARGUMENT)
            continue;
        outcome = check_construction(a, accessor, file, node, &later);
        if (outcome == OUTCOME_UNKNOWN && facts->nodes[later.taker].kind == FACT_CALL)
            outcome = check_call(a, accessor, file, node, &later, said);
    }
    return outcome;
}

/* In the hash that defines the model's class: defaults: {email: 1}, defaults() { return {email: 1}; } */
static Outcome check_definition(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                                const Route *route)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    FactKind kind = (FactKind)facts->nodes[route->taker].kind;
    bool is_static;
    Sym key;
    if (!a->program->rules->definitions.count || (kind != FACT_CALL && kind != FACT_RETURN))
        return OUTCOME_UNKNOWN;
    NodeId map = mention_member_hash(facts, node, route, &key);
    ClassId owner = map ? definition_of(a->program, file, map, &is_static) : 0;
    const Rule *rule = owner ? definition_rule(a->program, file, facts->nodes[map].parent) : NULL;
    TypeSet types = {1, {{.shape = SHAPE_INSTANCE, .class_id = owner}}};
    for (size_t i = 0; rule && key && i < rule->values.count; i++) {
        if (str_eq(rule->values.items[i].name, names_str(a->program->names, key)))
            return settle(a, accessor, file, node, rule->values.items[i].meaning, &types, 0);
    }
    return rule && !key ? OUTCOME_OTHER : OUTCOME_UNKNOWN; /* a member: it is declared here */
}

/* Handed on by a variable, a loop or a function. */
static Outcome check_handed(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                            const Route *route, Meaning *said)
{
    TypeSet types = {0};
    Meaning meaning = MEANING_NONE;
    Handed handed = mention_handed(a, file, node, route, &meaning, &types);
    if (handed != HANDED_ON)
        return handed == HANDED_KEPT ? OUTCOME_OTHER : OUTCOME_UNKNOWN;
    *said = meaning;
    return settle(a, accessor, file, node, meaning, &types, 0);
}

/* x["email"]: of a record, or of a mapping that is handed on, whatever its own type is called. */
static Outcome check_indexed(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                             const Route *route, Meaning *said)
{
    Outcome outcome = check_element(a, accessor, file, node, route);
    if (outcome == OUTCOME_FOUND)
        return outcome;
    Outcome handed = check_handed(a, accessor, file, node, route, said);
    return handed == OUTCOME_UNKNOWN ? outcome : handed;
}

/* Given to a call: a constructor, a delegation, what the packs know, or a parameter's name. */
static Outcome check_given(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                           const Route *route, Meaning *said)
{
    const File *f = a->program->files.items[file];
    if (local_is_name(a->program, file, route->taker, node) ||
        definition_lists(a->program, file, route->taker, node))
        return OUTCOME_OTHER; /* declares, and is found as a declaration */
    Outcome outcome = check_construction(a, accessor, file, node, route);
    if (outcome == OUTCOME_UNKNOWN)
        outcome = check_delegate(a, accessor, file, node, route);
    if (outcome == OUTCOME_UNKNOWN && f->facts.nodes[route->argument].role != ROLE_RECEIVER)
        outcome = check_call(a, accessor, file, node, route, said);
    if (outcome == OUTCOME_UNKNOWN)
        outcome = check_handed(a, accessor, file, node, route, said);
    if (outcome == OUTCOME_UNKNOWN && route->as_key && !*said)
        outcome = check_named_call(a, accessor, file, node, route);
    if (outcome == OUTCOME_UNKNOWN && route->as_key && !*said &&
        f->facts.nodes[node].kind == FACT_KEYWORD && !f->language->bare_call)
        outcome = OUTCOME_OTHER; /* a parameter of that function */
    return outcome;
}

/* Given to a name: an attribute of the class body, a setter. */
static Outcome check_assigned(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                              const Route *route, Meaning *said)
{
    Outcome outcome = check_attribute(a, accessor, file, node, route);
    if (outcome == OUTCOME_UNKNOWN)
        outcome = check_setter(a, accessor, file, node, route);
    if (outcome == OUTCOME_UNKNOWN &&
        program_node(a->program, file, route->taker)->kind != FACT_FIELD)
        outcome = check_uses(a, accessor, file, node, route, said);
    if (outcome == OUTCOME_UNKNOWN)
        outcome = check_handed(a, accessor, file, node, route, said);
    return outcome;
}

/* @Column(name = "email"): declares the column of the member that it stands at. */
static Outcome check_decorator(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                               const Route *route)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId decorator = facts->nodes[route->taker].kind == FACT_DECORATOR
                           ? route->taker : facts->nodes[route->taker].parent;
    ClassId around = facts->nodes[decorator].kind == FACT_DECORATOR
                         ? program_enclosing_class(a->program, file, decorator) : 0;
    FileId where;
    if (!around || decorated_column(a->program, a->program->classes.items[around],
                                    a->fields.items[accessor->field].name, &where) != node)
        return OUTCOME_UNKNOWN;
    TypeSet types = {1, {{.shape = SHAPE_INSTANCE, .class_id = around}}};
    return settle(a, accessor, file, node, MEANING_DECLARE, &types, 0);
}

static Outcome check_taker(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                           const Route *route, Meaning *said)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    Outcome outcome = check_definition(a, accessor, file, node, route);
    if (outcome == OUTCOME_UNKNOWN)
        outcome = check_member_of_map(a, accessor, file, node, said);
    if (outcome == OUTCOME_UNKNOWN && route->taker)
        outcome = check_decorator(a, accessor, file, node, route);
    if (outcome != OUTCOME_UNKNOWN)
        return outcome;
    switch (route->taker ? facts->nodes[route->taker].kind : FACT_NONE) {
    case FACT_CALL: return check_given(a, accessor, file, node, route, said);
    case FACT_NEW: return check_construction(a, accessor, file, node, route);
    case FACT_ELEMENT: return check_indexed(a, accessor, file, node, route, said);
    case FACT_BINARY: return check_tested(a, accessor, file, node, route);
    case FACT_EACH: return check_handed(a, accessor, file, node, route, said);
    case FACT_BLOCK: return check_uses(a, accessor, file, node, route, said);
    case FACT_ASSIGN:
    case FACT_VARIABLE:
    case FACT_FIELD: return check_assigned(a, accessor, file, node, route, said);
    case FACT_RETURN: return check_attribute(a, accessor, file, node, route);
    default: return OUTCOME_UNKNOWN;
    }
}

void mention_method(Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    Meaning said = MEANING_NONE;
    check_member_of_map(a, accessor, file, node, &said);
}

/* A key whose neighbours are members of the model too; `before`: what is known so far. */
static Outcome check_keys(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                          const Route *route, Outcome before)
{
    TypeSet types;
    Meaning meaning;
    bool open = before == OUTCOME_UNKNOWN || mention_builds_mapping(a, file, route->taker);
    if (!route->as_key || !open || !mention_keys_of_model(a, accessor, file, node, &meaning, &types))
        return before;
    return settle(a, accessor, file, node, meaning, &types, 0);
}

void mention_check(Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    if (facts->nodes[node].flags & FLAG_DOC)
        return;
    Route route = mention_climb(a->program->files.items[file], node);
    if (route.as_key && accessor->rule && !(accessor->on & ON_NONE))
        return; /* isEmail is a method of objects, and no key */
    Meaning said = MEANING_NONE;
    Outcome outcome = check_taker(a, accessor, file, node, &route, &said);
    if (accessor->partial)
        return;
    if (outcome == OUTCOME_UNKNOWN && route.as_key) {
        TypeSet hint = hint_of_value(a, file, node);
        Meaning meaning = said ? said : mention_guess_meaning(a, file, node, &route);
        outcome = settle(a, accessor, file, node, meaning, &hint, 0);
    }
    if (outcome != OUTCOME_FOUND)
        outcome = check_keys(a, accessor, file, node, &route, outcome);
    if (outcome != OUTCOME_UNKNOWN)
        return;
    unique_note_key(a, accessor, file, node);
    mention_guess(a, accessor, file, node, &route, said);
}
