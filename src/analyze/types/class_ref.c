/*
 * The class that a rule speaks about: `class: argument 0`, `class: "{argument}Form"` and the
 * other references that rule packs write, followed from one call. docs/rule-packs.md lists them.
 */
#include "analyze/types/receiver_private.h"

#include "analyze/program/naming.h"
#include "analyze/types/query_alias.h"

#include <strings.h>

enum { MOST_BLOCKS = 12, MOST_ANCESTORS = 24 };

TypeSet resolver_as_instances(TypeSet set)
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
    return resolver_as_instances(set);
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
    return resolver_as_instances(set);
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

/* `named`: the model whose name the declaration's own begins with: OrderSerializer is Order's. */
static TypeSet named_model(Resolver *r, FileId file, NodeId node)
{
    const Program *program = r->program;
    Str name = names_str(program->names, node_at(r, file, node)->name);
    for (size_t cut = name.length; cut-- > 1;) {
        Sym prefix = name.data[cut] >= 'A' && name.data[cut] <= 'Z'
                         ? names_lookup(program->names, str_slice(name, 0, cut)) : 0;
        for (ClassId id = prefix ? program_class_named(program, prefix) : 0; id;
             id = program->class_next.items[id]) {
            if (program->classes.items[id]->is_model)
                return (TypeSet){1, {{.shape = SHAPE_INSTANCE,
                                      .confidence = CONFIDENCE_LIKELY,
                                      .class_id = id,
                                      .reason = resolver_reason(r, file, node, "named after the model", 0)}}};
        }
    }
    return (TypeSet){0};
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
    if (str_eq_c(word, "named"))
        return named_model(r, file, node);
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
        if (is_context(&rule->class_of) ||
            !resolver_rule_applies(r, rule, file, call, base ? &receiver : NULL, false))
            continue;
        set = resolver_rule_class(r, rule, &rule->class_of, file, call, base ? &receiver : NULL);
        if (set.count)
            program_fired(r->program, rule);
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

/* What the nearest call speaks about in whose block this one stands: describe Order do ... end */
static TypeSet block_class(Resolver *r, FileId file, NodeId node)
{
    const Facts *facts = facts_of(r, file);
    TypeSet set = {0};
    int levels = 0;
    for (NodeId p = facts->nodes[node].parent; p && levels < MOST_BLOCKS && !set.count;
         p = facts->nodes[p].parent) {
        NodeId call = facts->nodes[p].kind == FACT_LAMBDA ? facts->nodes[p].parent : 0;
        if (facts->nodes[p].kind == FACT_FUNCTION || facts->nodes[p].kind == FACT_CLASS)
            break;
        if (!call || facts->nodes[call].kind != FACT_CALL)
            continue;
        levels++;
        set = spoken_of(r, file, call, fact_child(facts, call, ROLE_RECEIVER));
    }
    return set;
}

/* `constant 0`: the class that an argument names, if it is written as one. */
static TypeSet constant_class(Resolver *r, FileId file, NodeId argument)
{
    TypeSet set = {0};
    if (argument && node_at(r, file, argument)->kind == FACT_NAME &&
        resolver_spelled_as_class(r, node_at(r, file, argument)))
        set = resolver_type(r, file, argument);
    return resolver_as_instances(set);
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
        set = resolver_as_instances(given);
    }
    return set;
}

/* `class: "{argument}Form"`: the class whose name the template spells here. */
static TypeSet template_ref(Resolver *r, const ClassRef *ref, FileId file, NodeId call)
{
    uint64_t *itself = map_get(&r->program->class_of_node, map_key2(file, call));
    CallSite site = {.program = r->program,
                     .file = file,
                     .call = call,
                     .around = itself ? (ClassId)*itself
                                      : program_enclosing_class(r->program, file, call)};
    Sym name = callsite_expand(&site, ref->text);
    return name ? named_class(r, file, call, name) : (TypeSet){0};
}

/* `receiver`, or `receiver argument N`: what the call that made the receiver was given. */
static TypeSet receiver_ref(Resolver *r, const ClassRef *ref, FileId file, NodeId call,
                            const TypeSet *receiver)
{
    if (ref->word_count == 1)
        return receiver ? resolver_as_instances(*receiver) : (TypeSet){0};
    const Facts *facts = facts_of(r, file);
    NodeId base = fact_child(facts, call, ROLE_RECEIVER);
    return base ? spelled_or_typed(r, file,
                                   callsite_argument(facts, base, number_of(ref->words[2])))
                : (TypeSet){0};
}

/* References to something that the call is given; 0: the argument is not there. */
static bool given_ref(Resolver *r, const ClassRef *ref, FileId file, NodeId call, TypeSet *set)
{
    Str word = ref->words[0];
    if (str_eq_c(word, "keyword")) {
        *set = spelled_or_typed(r, file, callsite_keyword(r->program, file, call, ref->words[1]));
        return true;
    }
    bool table = str_eq_c(word, "table"), constant = str_eq_c(word, "constant");
    if (!table && !constant && !str_eq_c(word, "argument"))
        return false;
    NodeId given = callsite_argument(facts_of(r, file), call, number_of(ref->words[1]));
    *set = constant ? constant_class(r, file, given)
           : table  ? resolver_table(r, file, given)
                    : spelled_or_typed(r, file, given);
    return true;
}

TypeSet resolver_class_ref(Resolver *r, const ClassRef *ref, FileId file, NodeId call,
                           const TypeSet *receiver)
{
    TypeSet set = {0};
    if (ref->is_template)
        return template_ref(r, ref, file, call);
    Str word = ref->words[0];
    if (str_eq_c(word, "receiver"))
        return receiver_ref(r, ref, file, call, receiver);
    if (given_ref(r, ref, file, call, &set))
        return set;
    if (str_eq_c(word, "enclosing"))
        return enclosing_instance(r, file, call, 0);
    if (str_eq_c(word, "outer"))
        return enclosing_instance(r, file, call, 1);
    if (str_eq_c(word, "context"))
        return context_class(r, file, call);
    if (str_eq_c(word, "block"))
        return block_class(r, file, call);
    if (str_eq_c(word, "path"))
        return query_path(r, file, callsite_argument(facts_of(r, file), call, number_of(ref->words[1])));
    if (str_eq_c(word, "later"))
        return later_class(r, file, call, number_of(ref->words[1]));
    if (str_eq_c(word, "other"))
        return (TypeSet){1, {{.shape = SHAPE_OTHER}}};
    if (str_eq_c(word, "self"))
        return resolver_as_instances(resolver_self(r, file, call));
    return around_ref(r, ref, file, call);
}
