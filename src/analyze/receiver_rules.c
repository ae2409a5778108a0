/*
 * Rules applied to types: whether a rule is meant at a call, which class it
 * speaks about, and what the call gives.
 */
#include "analyze/receiver_private.h"

#include "analyze/naming.h"

#include <strings.h>

enum { MOST_ANCESTORS = 24 };

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

/* --- the class a rule speaks about --- */

static TypeSet as_instances(TypeSet set)
{
    TypeSet result = {0};
    for (uint32_t i = 0; i < set.count; i++) {
        Type type = set.items[i];
        if (!type.class_id)
            continue;
        type.shape = SHAPE_INSTANCE;
        typeset_add(&result, type);
    }
    return result;
}

/*
 * A class whose name differs in case only: frameworks spell models in lower case
 * where names are data ("modularenrolment"). Remembered by name.
 */
static ClassId caseless_class(Resolver *r, Sym name)
{
    const Program *program = r->program;
    Str text = names_str(program->names, name);
    uint64_t *known = map_get(&r->caseless, name);
    if (known)
        return (ClassId)*known;
    ClassId found = 0;
    for (size_t i = 1; i < program->classes.count && !found; i++) {
        const Class *class = program->classes.items[i];
        Str other = names_str(program->names, class->name);
        if (class->declared && other.length == text.length &&
            strncasecmp(other.data, text.data, text.length) == 0)
            found = class->id;
    }
    map_put(&r->caseless, name, found);
    return found;
}

static TypeSet named_class(Resolver *r, FileId file, NodeId call, Sym name)
{
    TypeSet set = {0};
    ClassId found[TYPE_SET_MAX];
    bool excluded = false;
    size_t count =
        program_resolve_class(r->program, file, call, name, found, TYPE_SET_MAX, &excluded);
    for (size_t i = 0; i < count; i++)
        typeset_add(&set, (Type){.shape = SHAPE_INSTANCE,
                                 .class_id = found[i],
                                 .reason = resolver_reason(r, file, call, NULL, 0)});
    ClassId similar = count || excluded ? 0 : caseless_class(r, name);
    Sym last = names_lookup(r->program->names, name_last(names_str(r->program->names, name)));
    ClassId mentioned = count || excluded || similar ? 0 : program_class_named(r->program, last);
    if (mentioned && !r->program->classes.items[mentioned]->declared)
        typeset_add(&set, (Type){.shape = SHAPE_INSTANCE,
                                 .confidence = CONFIDENCE_LIKELY,
                                 .class_id = mentioned,
                                 .reason = resolver_reason(r, file, call, NULL, 0)});
    if (similar)
        typeset_add(&set, (Type){.shape = SHAPE_INSTANCE,
                                 .class_id = similar,
                                 .reason = resolver_reason(r, file, call, NULL, 0)});
    else if (!count)
        resolver_need(r, NEED_CLASS,
                      names_intern(r->program->names, name_last(names_str(r->program->names, name))),
                      file);
    return set;
}

static TypeSet spelled_or_typed(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node ? program_node(r->program, file, node) : NULL;
    if (!n)
        return (TypeSet){0};
    if ((n->kind == FACT_STRING || n->kind == FACT_SYMBOL) && n->name)
        return named_class(r, file, node, n->name);
    TypeSet set = resolver_type(r, file, node);
    return as_instances(set);
}

/* The statement of a class body that gives `name` its value; looks in `class_node` only. */
static NodeId body_value(const Resolver *r, FileId file, NodeId class_node, Str name)
{
    const Facts *facts = facts_of(r, file);
    Sym sym = names_lookup(r->program->names, name);
    NodeId body = fact_child(facts, class_node, ROLE_BODY);
    for (NodeId s = body ? facts->nodes[body].child : 0; s && sym; s = facts->nodes[s].next) {
        NodeId target = fact_child(facts, s, ROLE_TARGET);
        bool assigns = facts->nodes[s].kind == FACT_ASSIGN && target &&
                       facts->nodes[target].name == sym;
        bool declares = (facts->nodes[s].kind == FACT_VARIABLE ||
                         facts->nodes[s].kind == FACT_FIELD) &&
                        facts->nodes[s].name == sym;
        if (assigns || declares)
            return fact_child(facts, s, ROLE_VALUE);
    }
    return 0;
}

static NodeId inner_class(const Resolver *r, FileId file, NodeId class_node, Str name)
{
    const Facts *facts = facts_of(r, file);
    Sym sym = names_lookup(r->program->names, name);
    NodeId body = fact_child(facts, class_node, ROLE_BODY);
    for (NodeId s = body ? facts->nodes[body].child : 0; s && sym; s = facts->nodes[s].next) {
        if (facts->nodes[s].kind == FACT_CLASS && facts->nodes[s].name == sym)
            return s;
    }
    return 0;
}

static size_t number_of(Str word)
{
    return word.length == 1 && word.data[0] >= '0' && word.data[0] <= '9'
               ? (size_t)(word.data[0] - '0')
               : 0;
}

/* Argument `word` of a call: a position or a keyword's name. */
static NodeId argument_of(const Resolver *r, FileId file, NodeId call, Str word)
{
    bool position = word.length == 1 && word.data[0] >= '0' && word.data[0] <= '9';
    return position ? callsite_argument(facts_of(r, file), call, number_of(word))
                    : callsite_keyword(r->program, file, call, word);
}

/* `decorator register 0`: argument 0 of the decorator call `register`. */
static TypeSet decorator_class(Resolver *r, FileId file, NodeId class_node, const ClassRef *ref)
{
    const Facts *facts = facts_of(r, file);
    for (NodeId c = facts->nodes[class_node].child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].kind != FACT_DECORATOR || !facts->nodes[c].child)
            continue;
        NodeId call = facts->nodes[c].child;
        if (str_eq(names_str(r->program->names, facts->nodes[call].name), ref->words[1]))
            return spelled_or_typed(r, file, argument_of(r, file, call, ref->words[2]));
    }
    return (TypeSet){0};
}

/* `registered register 0 1`: a call register(MODEL, THIS) somewhere. */
static TypeSet registered_class(Resolver *r, FileId file, NodeId class_node, const ClassRef *ref)
{
    const Facts *facts = facts_of(r, file);
    Sym call_name = names_lookup(r->program->names, ref->words[1]);
    Sym class_name = facts->nodes[class_node].name;
    uint64_t *first = call_name ? map_get(&r->program->calls_by_name, call_name) : NULL;
    for (uint32_t i = first ? (uint32_t)*first : 0; i; i = r->program->call_next.items[i - 1]) {
        Place call = r->program->calls.items[i - 1];
        if (strcmp(r->program->files.items[call.file]->language->family,
                   r->program->files.items[file]->language->family) != 0)
            continue;
        NodeId self = argument_of(r, call.file, call.node, ref->words[3]);
        if (self && facts_of(r, call.file)->nodes[self].name == class_name)
            return spelled_or_typed(r, call.file,
                                    argument_of(r, call.file, call.node, ref->words[2]));
    }
    return (TypeSet){0};
}

static NodeId class_node_around(const Resolver *r, FileId file, NodeId node)
{
    return fact_ancestor(facts_of(r, file), node, FACT_CLASS);
}

static TypeSet enclosing_instance(Resolver *r, FileId file, NodeId node, int levels)
{
    ClassId id = program_enclosing_class(r->program, file, node);
    while (id && levels-- > 0)
        id = r->program->classes.items[id]->outer;
    TypeSet set = {0};
    if (id)
        typeset_add(&set, (Type){.shape = SHAPE_INSTANCE,
                                 .class_id = id,
                                 .reason = resolver_reason(r, file, node, NULL, 0)});
    return set;
}

/* `method get_queryset`: what the method of the class gives. */
static TypeSet method_class(Resolver *r, FileId file, NodeId class_node, Str name)
{
    uint64_t *id = map_get(&r->program->class_of_node, map_key2(file, class_node));
    Sym sym = names_lookup(r->program->names, name);
    MemberId member = id && sym ? program_member(r->program, (ClassId)*id, sym) : 0;
    TypeSet set = {0};
    if (member && r->program->members.items[member].kind == MEMBER_METHOD)
        set = resolver_member_type(r, member);
    return as_instances(set);
}

/* The declaration around the call that the references speak about first. */
static NodeId declaration_around(const Resolver *r, const ClassRef *ref, FileId file, NodeId call)
{
    FactKind kind = (FactKind)program_node(r->program, file, call)->kind;
    bool of_functions = str_eq_c(ref->words[0], "decorator") || str_eq_c(ref->words[0], "registered");
    return kind == FACT_CLASS || (kind == FACT_FUNCTION && of_functions)
               ? call
               : class_node_around(r, file, call);
}

/* What a reference finds at one declaration. */
static TypeSet declaration_ref(Resolver *r, const ClassRef *ref, FileId file, NodeId node)
{
    Str word = ref->words[0];
    NodeId value = 0;
    if (str_eq_c(word, "decorator"))
        return decorator_class(r, file, node, ref);
    if (str_eq_c(word, "method"))
        return method_class(r, file, node, ref->words[1]);
    if (str_eq_c(word, "registered"))
        return registered_class(r, file, node, ref);
    if (str_eq_c(word, "body")) {
        value = body_value(r, file, node, ref->words[1]);
    } else if (str_eq_c(word, "inner")) {
        NodeId inner = inner_class(r, file, node, ref->words[1]);
        value = inner ? body_value(r, file, inner, ref->words[2]) : 0;
    }
    return value ? spelled_or_typed(r, file, value) : (TypeSet){0};
}

/* References that look at the declaration around the call, then at the classes above it, then outwards. */
static TypeSet around_ref(Resolver *r, const ClassRef *ref, FileId file, NodeId call)
{
    TypeSet none = {0};
    NodeId class_node = declaration_around(r, ref, file, call);
    for (; class_node; class_node = class_node_around(r, file, class_node)) {
        TypeSet set = declaration_ref(r, ref, file, class_node);
        uint64_t *id = map_get(&r->program->class_of_node, map_key2(file, class_node));
        ClassId line[MOST_ANCESTORS];
        size_t count = id ? program_ancestors(r->program, (ClassId)*id, line, MOST_ANCESTORS) : 0;
        for (size_t i = 1; i < count && !set.count; i++) {
            const Class *class = r->program->classes.items[line[i]];
            for (size_t p = 0; p < class->places.count && !set.count; p++)
                set = declaration_ref(r, ref, class->places.items[p].file, class->places.items[p].node);
        }
        if (set.count)
            return set;
    }
    return none;
}

static bool is_context(const ClassRefs *refs)
{
    return refs->count && refs->items[0].word_count && str_eq_c(refs->items[0].words[0], "context");
}

/* What the rules say that a call speaks about. */
static TypeSet spoken_of(Resolver *r, FileId file, NodeId call, NodeId base)
{
    TypeSet receiver = {0}, set = {0};
    if (base)
        receiver = resolver_type(r, file, base);
    Sym name = facts_of(r, file)->nodes[call].name;
    for (const Rule *rule = rules_find(&r->program->rules->calls, name); rule && !set.count;
         rule = rule->next_same_name) {
        if (!is_context(&rule->class_of) &&
            resolver_rule_applies(r, rule, file, call, base ? &receiver : NULL, false))
            set = resolver_rule_class(r, rule, &rule->class_of, file, call, base ? &receiver : NULL);
    }
    return set;
}

/* What the nearest call around this one that a rule knows speaks about: filter(~Q(email=x)). */
static TypeSet context_class(Resolver *r, FileId file, NodeId call)
{
    const Facts *facts = facts_of(r, file);
    TypeSet set = {0};
    int levels = 0;
    for (NodeId p = facts->nodes[call].parent; p && levels < 8 && !set.count;
         p = facts->nodes[p].parent) {
        FactKind kind = (FactKind)facts->nodes[p].kind;
        if (kind == FACT_BLOCK || kind == FACT_FUNCTION || kind == FACT_CLASS)
            break;
        NodeId base = kind == FACT_CALL ? fact_child(facts, p, ROLE_RECEIVER) : 0;
        if (kind != FACT_CALL || base == call)
            continue;
        levels++;
        set = spoken_of(r, file, p, base);
    }
    return set;
}

/* `later 0`: what a call further on in the same chain is given: Where(...).Find(&orders). */
static TypeSet later_class(Resolver *r, FileId file, NodeId call, size_t index)
{
    const Facts *facts = facts_of(r, file);
    TypeSet set = {0};
    for (NodeId n = call; facts->nodes[n].role == ROLE_RECEIVER && !set.count;) {
        n = facts->nodes[n].parent;
        NodeId argument =
            facts->nodes[n].kind == FACT_CALL ? callsite_argument(facts, n, index) : 0;
        TypeSet given = {0};
        if (argument && facts->nodes[argument].kind != FACT_STRING)
            given = resolver_type(r, file, argument);
        set = as_instances(given);
    }
    return set;
}

static TypeSet one_ref(Resolver *r, const ClassRef *ref, FileId file, NodeId call,
                       const TypeSet *receiver)
{
    const Facts *facts = facts_of(r, file);
    TypeSet none = {0};
    if (ref->is_template) {
        uint64_t *itself = map_get(&r->program->class_of_node, map_key2(file, call));
        CallSite site = {.program = r->program,
                         .file = file,
                         .call = call,
                         .around = itself ? (ClassId)*itself
                                          : program_enclosing_class(r->program, file, call)};
        Sym name = callsite_expand(&site, ref->text);
        return name ? named_class(r, file, call, name) : none;
    }
    Str word = ref->words[0];
    if (str_eq_c(word, "receiver") && ref->word_count == 1)
        return receiver ? as_instances(*receiver) : none;
    if (str_eq_c(word, "receiver")) {
        NodeId base = fact_child(facts, call, ROLE_RECEIVER);
        return base ? spelled_or_typed(
                          r, file, callsite_argument(facts, base, number_of(ref->words[2])))
                    : none;
    }
    if (str_eq_c(word, "argument"))
        return spelled_or_typed(r, file, callsite_argument(facts, call, number_of(ref->words[1])));
    if (str_eq_c(word, "keyword"))
        return spelled_or_typed(r, file,
                                callsite_keyword(r->program, file, call, ref->words[1]));
    if (str_eq_c(word, "table"))
        return resolver_table(r, file, callsite_argument(facts, call, number_of(ref->words[1])));
    if (str_eq_c(word, "enclosing"))
        return enclosing_instance(r, file, call, 0);
    if (str_eq_c(word, "context"))
        return context_class(r, file, call);
    if (str_eq_c(word, "later"))
        return later_class(r, file, call, number_of(ref->words[1]));
    if (str_eq_c(word, "other"))
        return (TypeSet){1, {{.shape = SHAPE_OTHER}}};
    if (str_eq_c(word, "outer"))
        return enclosing_instance(r, file, call, 1);
    if (str_eq_c(word, "self")) {
        TypeSet self = resolver_self(r, file, call);
        return as_instances(self);
    }
    return around_ref(r, ref, file, call);
}

TypeSet resolver_rule_class(Resolver *r, const Rule *rule, const ClassRefs *refs, FileId file,
                            NodeId call, const TypeSet *receiver)
{
    TypeSet set = {0};
    for (size_t i = 0; i < refs->count && !set.count; i++)
        set = one_ref(r, &refs->items[i], file, call, receiver);
    if (refs->count)
        return set;
    if (receiver && receiver->count) {
        for (uint32_t i = 0; i < receiver->count; i++) {
            if ((rule->on & ON_ANY) || applies_to_type(r, rule, receiver->items[i]))
                typeset_add(&set, receiver->items[i]);
        }
        return as_instances(set);
    }
    if (receiver)
        return set;
    TypeSet self = resolver_self(r, file, call);
    return as_instances(self);
}

/* --- what a call gives --- */

static TypeSet block_value(Resolver *r, FileId file, NodeId call)
{
    NodeId block = callsite_block(facts_of(r, file), call);
    if (!block || program_node(r->program, file, block)->kind != FACT_LAMBDA)
        return (TypeSet){0};
    return resolver_returns(r, file, block);
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
    case SHAPE_VALUE: return block_value(r, file, call);
    case SHAPE_LIST: return shaped(block_value(r, file, call), SHAPE_COLLECTION);
    default:
        set = resolver_rule_class(r, rule, rule->result.count ? &rule->result : &rule->class_of,
                                  file, call, receiver);
        return set.count && set.items[0].shape == SHAPE_OTHER ? set : shaped(set, shape);
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

TypeSet resolver_rule_result(Resolver *r, const TypeSet *receiver, Sym name, FileId file,
                             NodeId site)
{
    TypeSet set = {0}, self = {0};
    bool in_body = !receiver && stands_in_body(r, file, site);
    for (const Rule *rule = rules_find(&r->program->rules->calls, name); rule && !set.count;
         rule = rule->next_same_name) {
        if (rule->returns == SHAPE_UNKNOWN)
            continue;
        if (resolver_rule_applies(r, rule, file, site, receiver, in_body)) {
            set = give(r, rule, rule->returns, receiver, file, site);
        } else if (!receiver && r->program->files.items[file]->language->implicit_self) {
            self = resolver_self(r, file, site);
            if (self.count && resolver_rule_applies(r, rule, file, site, &self, false))
                set = give(r, rule, rule->returns, &self, file, site);
        }
        if (set.count)
            program_fired(r->program, rule);
    }
    if (receiver && !set.count)
        set = accessor_result(r, receiver, name, file, site);
    if (receiver)
        typeset_weaken(&set, weakest_of(receiver));
    return set;
}

TypeSet resolver_yields(Resolver *r, FileId file, NodeId lambda, size_t index)
{
    const Facts *facts = facts_of(r, file);
    TypeSet set = {0};
    NodeId call = facts->nodes[lambda].parent;
    while (call && (facts->nodes[call].kind == FACT_GROUP || facts->nodes[call].kind == FACT_KEYWORD))
        call = facts->nodes[call].parent;
    if (!call || facts->nodes[call].kind != FACT_CALL)
        return set;
    NodeId base = fact_child(facts, call, ROLE_RECEIVER);
    TypeSet receiver = {0};
    if (base)
        receiver = resolver_type(r, file, base);
    bool in_body = !base && stands_in_body(r, file, call);
    for (const Rule *rule = rules_find(&r->program->rules->calls, facts->nodes[call].name);
         rule && !set.count; rule = rule->next_same_name) {
        bool meant = !rule->yields_at || (index < 10 && (rule->yields_at & (1u << index)));
        if (rule->yields == SHAPE_UNKNOWN || !meant ||
            !resolver_rule_applies(r, rule, file, call, base ? &receiver : NULL, in_body))
            continue;
        set = give(r, rule, rule->yields, base ? &receiver : NULL, file, call);
        if (set.count)
            program_fired(r->program, rule);
    }
    return set;
}
