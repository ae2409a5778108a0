/*
 * Rules applied to types: whether a rule is meant at a call, which class it
 * speaks about, and what the call gives.
 */
#include "analyze/types/receiver_private.h"

#include "analyze/program/naming.h"
#include "analyze/types/companion.h"

static bool same_family(const Resolver *r, const Rule *rule, FileId file)
{
    return strcmp(rule->pack->family, r->program->files.items[file]->language->family) == 0;
}

/* True when the pack speaks of models only and the class is proved to be neither one nor a collection. */
static bool is_no_model(const Resolver *r, const Rule *rule, ClassId class_id)
{
    bool pack_has_models = false;
    for (size_t i = 0; i < rule->pack->rule_count && class_id; i++) {
        const Rule *other = &rule->pack->rules[i];
        pack_has_models |= other->section == RULE_MODEL;
        if (other->section == RULE_COMPANION && other->collects &&
            program_has_super(r->program, class_id, &other->supertypes))
            return false;
    }
    if (!pack_has_models || !class_id)
        return false;
    const Class *class = r->program->classes.items[class_id];
    return class->declared && !class->is_model && !class->mixin &&
           !program_has_unknown_super(r->program, class_id);
}

static bool applies_to_type(const Resolver *r, const Rule *rule, Type type)
{
    return (rule->on & (1u << type.shape)) && !is_no_model(r, rule, type.class_id);
}

/* `receivers: [DB]`: what the call is on is spelled so, in its last segment. */
static bool receiver_is_named(const Resolver *r, const Rule *rule, FileId file, NodeId call)
{
    NodeId receiver = rule->receivers.count ? fact_child(facts_of(r, file), call, ROLE_RECEIVER) : 0;
    Str name = names_str(r->program->names, receiver ? facts_of(r, file)->nodes[receiver].name : 0);
    for (size_t i = 0; i < rule->receivers.count; i++) {
        if (str_eq(name_last(name), rule->receivers.items[i]))
            return true;
    }
    return !rule->receivers.count;
}

bool resolver_rule_applies(const Resolver *r, const Rule *rule, FileId file, NodeId call,
                           const TypeSet *receiver, bool in_body)
{
    if (!same_family(r, rule, file) || !receiver_is_named(r, rule, file, call))
        return false;
    if (rule->supertypes.count &&
        !program_has_super(r->program, program_enclosing_class(r->program, file, call),
                           &rule->supertypes))
        return false;
    if (rule->on & ON_ANY)
        return true;
    if (!receiver)
        return (rule->on & ON_NONE) || (in_body && (rule->on & ON_BODY));
    if (!receiver->count)
        return (rule->on & (1u << SHAPE_UNKNOWN)) != 0;
    for (uint32_t i = 0; i < receiver->count; i++) {
        if (applies_to_type(r, rule, receiver->items[i]))
            return true;
    }
    return false;
}

TypeSet resolver_rule_class(Resolver *r, const Rule *rule, const ClassRefs *refs, FileId file,
                            NodeId call, const TypeSet *receiver)
{
    TypeSet set = {0};
    for (size_t i = 0; i < refs->count && !set.count; i++)
        set = resolver_class_ref(r, &refs->items[i], file, call, receiver);
    if (refs->count)
        return set;
    if (receiver && receiver->count) {
        for (uint32_t i = 0; i < receiver->count; i++) {
            if ((rule->on & ON_ANY) || applies_to_type(r, rule, receiver->items[i]))
                typeset_add(&set, receiver->items[i]);
        }
        return resolver_as_instances(set);
    }
    if (receiver)
        return set;
    TypeSet self = resolver_self(r, file, call);
    return resolver_as_instances(self);
}

/*
 * What the block of a call gives. A function that is not written there, `query.then(omit("id"))`,
 * most likely gives what it is given: what the call is on.
 */
static TypeSet block_value(Resolver *r, const TypeSet *receiver, FileId file, NodeId call)
{
    const Facts *facts = facts_of(r, file);
    NodeId block = callsite_block(facts, call), argument = callsite_argument(facts, call, 0);
    TypeSet set = {0};
    if (block && facts->nodes[block].kind == FACT_LAMBDA)
        return resolver_returns(r, file, block);
    if (receiver && argument && facts->nodes[argument].kind == FACT_CALL) {
        set = *receiver;
        typeset_weaken(&set, CONFIDENCE_LIKELY);
    }
    return set;
}

static TypeSet shaped(TypeSet set, Shape shape)
{
    TypeSet result = {0};
    for (uint32_t i = 0; i < set.count; i++) {
        Type type = set.items[i];
        if (type.shape != SHAPE_OTHER && !type.class_id)
            continue;
        if (type.shape != SHAPE_OTHER)
            type.shape = (uint8_t)shape;
        typeset_add(&result, type);
    }
    return result;
}

/* Constructing a class that makes another's objects gives one of those: OrderDecorator.new(order). */
static TypeSet made_by(Resolver *r, TypeSet set, const TypeSet *receiver)
{
    TypeSet made = {0};
    if (set.count == 1 && set.items[0].shape == SHAPE_INSTANCE && receiver && receiver->count == 1 &&
        receiver->items[0].shape == SHAPE_CLASS && receiver->items[0].class_id == set.items[0].class_id)
        made = companion_made(r, set.items[0].class_id);
    return made.count ? made : set;
}

static TypeSet give(Resolver *r, const Rule *rule, Shape shape, const TypeSet *receiver, FileId file,
                    NodeId call)
{
    TypeSet set = {0};
    switch (shape) {
    case SHAPE_UNKNOWN: return set;
    case SHAPE_OTHER: return (TypeSet){1, {{.shape = SHAPE_OTHER}}};
    case SHAPE_SAME: return receiver ? *receiver : set;
    case SHAPE_ELEMENT: return receiver ? resolver_element(receiver) : set;
    case SHAPE_ARGUMENT: {
        NodeId argument = callsite_argument(facts_of(r, file), call, 0);
        return argument ? resolver_type(r, file, argument) : set;
    }
    case SHAPE_VALUE: return block_value(r, receiver, file, call);
    case SHAPE_LIST: return shaped(block_value(r, NULL, file, call), SHAPE_COLLECTION);
    default:
        set = resolver_rule_class(r, rule, rule->result.count ? &rule->result : &rule->class_of,
                                  file, call, receiver);
        if (set.count && set.items[0].shape == SHAPE_OTHER)
            return set;
        return made_by(r, shaped(set, shape), receiver);
    }
}

static bool stands_in_body(const Resolver *r, FileId file, NodeId site)
{
    return program_enclosing_class(r->program, file, site) &&
           !program_enclosing_function(r->program, file, site);
}

/* True for "find_by_{f}" and find_by_email. */
static bool fits_accessor(Str template, Str name)
{
    size_t open = str_find_byte(template, '{', 0), close = str_find_byte(template, '}', 0);
    if (open == SIZE_MAX || close == SIZE_MAX)
        return false;
    Str after = str_slice(template, close + 1, template.length);
    return open > 0 && name.length > open + after.length &&
           str_eq(str_slice(name, 0, open), str_slice(template, 0, open)) &&
           str_eq(str_slice(name, name.length - after.length, name.length), after);
}

/* What an accessor of any field gives: Order.find_by_email. */
static TypeSet accessor_result(Resolver *r, const TypeSet *receiver, Sym name, FileId file,
                               NodeId site)
{
    const RuleSet *rules = r->program->rules;
    TypeSet set = {0};
    for (size_t i = 0; i < rules->sections[RULE_ACCESSOR].count && !set.count; i++) {
        const Rule *rule = rules->sections[RULE_ACCESSOR].items[i];
        for (size_t n = 0; rule->returns && n < rule->names.count && !set.count; n++) {
            if (fits_accessor(rule->names.items[n], names_str(r->program->names, name)) &&
                resolver_rule_applies(r, rule, file, site, receiver, false))
                set = give(r, rule, rule->returns, receiver, file, site);
        }
    }
    return set;
}

static Confidence weakest_of(const TypeSet *set)
{
    Confidence weakest = CONFIDENCE_CERTAIN;
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->items[i].confidence > weakest)
            weakest = (Confidence)set->items[i].confidence;
    }
    return weakest;
}

/* What one rule gives at a call, if it is meant there. `receiver` is NULL when none is written. */
static TypeSet rule_gives(Resolver *r, const Rule *rule, const TypeSet *receiver, FileId file,
                          NodeId site, bool in_body)
{
    TypeSet set = {0};
    if (resolver_rule_applies(r, rule, file, site, receiver, in_body))
        set = give(r, rule, rule->returns, receiver, file, site);
    if (set.count)
        program_fired(r->program, rule);
    return set;
}

/*
 * What the first rule gives that is meant here; `named`: of those that name their receiver.
 * Without a written receiver, rules for calls without one go before those for calls on self:
 * in the block of `test "..." do build(:order) end` self is a class too, but no model.
 */
static TypeSet rules_give(Resolver *r, const TypeSet *receiver, Sym name, FileId file, NodeId site,
                          bool named)
{
    TypeSet set = {0}, self = {0};
    bool in_body = !receiver && stands_in_body(r, file, site);
    const Rule *first = rules_find(&r->program->rules->calls, name);
    for (const Rule *rule = first; rule && !set.count; rule = rule->next_same_name) {
        if (rule->returns != SHAPE_UNKNOWN && (rule->receivers.count > 0) == named)
            set = rule_gives(r, rule, receiver, file, site, in_body);
    }
    if (!receiver && first && !set.count && r->program->files.items[file]->language->implicit_self)
        self = resolver_self(r, file, site);
    for (const Rule *rule = first; rule && self.count && !set.count; rule = rule->next_same_name) {
        if (rule->returns != SHAPE_UNKNOWN && (rule->receivers.count > 0) == named)
            set = rule_gives(r, rule, &self, file, site, false);
    }
    return set;
}

TypeSet resolver_rule_result(Resolver *r, const TypeSet *receiver, Sym name, FileId file,
                             NodeId site)
{
    TypeSet served;
    if (receiver) {
        served = collection_served(r, receiver);
        receiver = &served;
    }
    /* a rule that names its receiver knows better than one for any of its shape */
    TypeSet set = rules_give(r, receiver, name, file, site, true);
    if (!set.count)
        set = rules_give(r, receiver, name, file, site, false);
    if (receiver && !set.count)
        set = accessor_result(r, receiver, name, file, site);
    if (receiver)
        typeset_weaken(&set, weakest_of(receiver));
    return set;
}

/* The call that `lambda` is given to, as its block, an argument or a keyword; 0: none. */
static NodeId call_given(const Facts *facts, NodeId lambda)
{
    NodeId call = facts->nodes[lambda].parent;
    while (call && (facts->nodes[call].kind == FACT_GROUP || facts->nodes[call].kind == FACT_KEYWORD))
        call = facts->nodes[call].parent;
    return call && facts->nodes[call].kind == FACT_CALL ? call : 0;
}

static bool yields_at(const Rule *rule, size_t index)
{
    if (rule->yields == SHAPE_UNKNOWN)
        return false;
    return !rule->yields_at || (index < 10 && (rule->yields_at & (1u << index)));
}

/* Proc.new { |order| ... }: what a class from elsewhere yields is not told by a rule for any class. */
static bool is_foreign_class(const Resolver *r, const Rule *rule, const TypeSet *receiver)
{
    return receiver && receiver->count == 1 && !rule->class_of.count &&
           receiver->items[0].shape == SHAPE_CLASS &&
           !r->program->classes.items[receiver->items[0].class_id]->declared;
}

TypeSet resolver_yields(Resolver *r, FileId file, NodeId lambda, size_t index)
{
    const Facts *facts = facts_of(r, file);
    TypeSet set = {0}, receiver = {0};
    NodeId call = call_given(facts, lambda);
    if (!call)
        return set;
    NodeId base = fact_child(facts, call, ROLE_RECEIVER);
    if (base) {
        receiver = resolver_type(r, file, base);
        receiver = collection_served(r, &receiver);
    }
    bool in_body = !base && stands_in_body(r, file, call);
    const TypeSet *known = base ? &receiver : NULL;
    for (const Rule *rule = rules_find(&r->program->rules->calls, facts->nodes[call].name);
         rule && !set.count; rule = rule->next_same_name) {
        if (!yields_at(rule, index) || !resolver_rule_applies(r, rule, file, call, known, in_body) ||
            is_foreign_class(r, rule, known))
            continue;
        set = give(r, rule, rule->yields, known, file, call);
        if (set.count)
            program_fired(r->program, rule);
    }
    return set.count ? set : resolver_yielded(r, file, call, index);
}
