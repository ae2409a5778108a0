/*
 * From a mention up to what takes it: through lists, hashes, branches and
 * keyword arguments to the call, attribute or variable. What a rule of that
 * call says of the name depends on the way: a key, below a keyword, a position.
 * Keys on the way lead on to other classes: where(orders: {lines: {email: 1}}).
 */
#include "analyze/access/mention_private.h"
#include "analyze/program/local.h"

/* A literal of a list or map, where a quoted key is no member: map[string]any{"email": e}. */
static bool holds_values(const File *file, NodeId literal, NodeId node)
{
    const Facts *facts = &file->facts;
    NodeId type = fact_child(facts, literal, ROLE_TYPE);
    char first = file->source->text.data[facts->nodes[node].start];
    bool quoted = facts->nodes[node].kind == FACT_PAIR && facts->nodes[node].parent == literal &&
                  (first == '"' || first == '\'' || first == '`');
    return quoted || (type && (facts->nodes[type].flags & FLAG_COLLECTION));
}

static void go_inside(Route *route, Sym name)
{
    if (name && route->inside_count < sizeof route->inside / sizeof *route->inside)
        route->inside[route->inside_count++] = name;
}

/* Nodes that only hold what is in them: the way up goes on through them. */
static bool is_wrapper(const Node *n, const Node *child)
{
    switch (n->kind) {
    case FACT_LIST:
    case FACT_MAP:
    case FACT_SPLAT:
    case FACT_GROUP:
    case FACT_CHOICE:
    case FACT_COMPREHENSION: return true;
    case FACT_MEMBER: /* an operator on a name: where(:email.gt => 1), order(:email.desc) */
        return child->kind == FACT_SYMBOL && (n->role == ROLE_KEY || n->role == ROLE_ARGUMENT);
    case FACT_BINARY:
        return n->name && (child->kind == FACT_LIST || child->kind == FACT_GROUP);
    default: return false;
    }
}

Route mention_climb(const File *file, NodeId node)
{
    const Facts *facts = &file->facts;
    Route route = {.as_key = facts->nodes[node].kind == FACT_KEYWORD ||
                             facts->nodes[node].kind == FACT_PAIR};
    NodeId child = node;
    if (facts->nodes[node].role == ROLE_KEY)
        route.as_key = true;
    for (NodeId p = facts->nodes[node].parent; p; child = p, p = facts->nodes[p].parent) {
        const Node *n = &facts->nodes[p];
        if (is_wrapper(n, &facts->nodes[child]))
            continue;
        if (n->kind == FACT_PAIR && facts->nodes[child].role == ROLE_KEY) {
            route.as_key = true;
        } else if (n->kind == FACT_PAIR) {
            go_inside(&route, n->name);
        } else if (n->kind == FACT_KEYWORD && !route.as_key && !route.inside_count) {
            route.keyword = n->name;
        } else if (n->kind == FACT_KEYWORD) {
            go_inside(&route, n->name);
        } else if (n->kind != FACT_NEW || !holds_values(file, p, node)) {
            route.taker = p;
            route.argument = n->kind == FACT_BINARY ? 0 : child;
            return route;
        }
    }
    return route;
}

static size_t argument_index(const Facts *facts, NodeId call, NodeId argument)
{
    size_t index = 0;
    for (NodeId c = facts->nodes[call].child; c && c != argument; c = facts->nodes[c].next) {
        if (facts->nodes[c].role == ROLE_ARGUMENT && facts->nodes[c].kind != FACT_KEYWORD)
            index++;
    }
    return index;
}

/* What a rule says of names below the keyword argument `name`; NULL when it lists no such keyword. */
const NamedMeaning *mention_below_keyword(const Analysis *a, const Rule *rule, Sym name)
{
    for (size_t i = 0; i < rule->values.count && name; i++) {
        if (str_eq(rule->values.items[i].name, names_str(a->program->names, name)))
            return &rule->values.items[i];
    }
    return NULL;
}

/* What a key of hashes on the way means by the rule: where: {...}, attributes: [...]; NONE. */
static Meaning meaning_of_key(const Names *names, const Rule *rule, const Route *route)
{
    for (size_t i = route->inside_count; i > 0; i--) {
        for (size_t v = 0; v < rule->values.count; v++) {
            if (str_eq(rule->values.items[v].name, names_str(names, route->inside[i - 1])))
                return rule->values.items[v].meaning;
        }
    }
    return MEANING_NONE;
}

/* The argument stands at one of `positions`, a bit each; no bits mean anywhere. */
static bool stands_at(uint32_t positions, const Facts *facts, const Route *route)
{
    return !positions || positions & (1u << argument_index(facts, route->taker, route->argument));
}

/* includes(author: :email) and the like; a text there is a value, unless texts are names. */
static Meaning below_keys(const Rule *rule, const Node *node)
{
    return node->kind != FACT_STRING || rule->strings ? rule->keywords : MEANING_NONE;
}

Meaning mention_rule_meaning(const Analysis *a, const Rule *rule, const Facts *facts,
                            const Route *route, NodeId node)
{
    const Node *n = &facts->nodes[node];
    const NamedMeaning *below;
    Meaning by_key = meaning_of_key(a->program->names, rule, route);
    if (by_key && !route->keyword)
        return by_key;
    if (route->as_key && facts->nodes[route->argument].kind == FACT_MAP &&
        !stands_at(rule->keywords_at, facts, route))
        return MEANING_NONE;
    if (route->as_key)
        return rule->keywords;
    if (route->keyword) {
        below = mention_below_keyword(a, rule, route->keyword);
        if (below)
            return below->meaning;
        return n->kind == FACT_SYMBOL && rule->symbols == rule->keywords ? rule->symbols
                                                                        : MEANING_NONE;
    }
    if (route->inside_count)
        return below_keys(rule, n);
    if (!stands_at(rule->positions, facts, route))
        return MEANING_NONE;
    return n->kind == FACT_SYMBOL ? rule->symbols : rule->strings;
}

/* The class behind one key of a hash: a relation, a table, or a name that says it. */
TypeSet mention_follow_key(Analysis *a, NodeId taker, TypeSet set, FileId file, Sym key)
{
    Program *program = a->program;
    uint64_t *table = map_get(&program->classes_by_table, key);
    TypeSet next = {0};
    for (uint32_t t = 0; t < set.count; t++) {
        MemberId id = program_member(program, set.items[t].class_id, key);
        TypeSet part = {0};
        if (id)
            part = resolver_member_type(a->resolver, id);
        typeset_join(&next, &part);
    }
    if (!next.count && table)
        typeset_add(&next, (Type){.shape = SHAPE_INSTANCE, .class_id = (ClassId)*table});
    if (!next.count)
        next = resolver_convention(a->resolver, file, taker, key);
    for (uint32_t t = 0; t < next.count; t++) {
        if (next.items[t].shape == SHAPE_COLLECTION)
            next.items[t].shape = SHAPE_INSTANCE;
    }
    return next;
}

/* A key that the rule lists says what stands below it, not whose it is; so does an operator. */
static bool is_structural(const Names *names, const Rule *rule, Sym key)
{
    Str name = names_str(names, key);
    for (size_t i = 0; i < rule->values.count; i++) {
        if (str_eq(rule->values.items[i].name, name))
            return true;
    }
    return str_starts(name, "$");
}

/* Follows the keys of nested hashes: where(orders: {lines: {email: 1}}). */
TypeSet mention_follow_keys(Analysis *a, const Rule *rule, const Route *route, TypeSet set,
                            FileId file)
{
    if (route->keyword && !mention_below_keyword(a, rule, route->keyword)) /* update_fields is no relation */
        set = mention_follow_key(a, route->taker, set, file, route->keyword);
    for (size_t i = route->inside_count; i > 0; i--) {
        if (!is_structural(a->program->names, rule, route->inside[i - 1]))
            set = mention_follow_key(a, route->taker, set, file, route->inside[i - 1]);
    }
    return set;
}

/* attributes.merge(a: 1): a call that gives its receiver, as the rules know it. */
static bool hands_on(const Analysis *a, const Facts *facts, NodeId call)
{
    FactKind kind = (FactKind)facts->nodes[call].kind;
    const Rule *rule = kind == FACT_CALL || kind == FACT_MEMBER
                           ? rules_find(&a->program->rules->calls, facts->nodes[call].name) : NULL;
    while (rule && rule->returns != SHAPE_SAME)
        rule = rule->next_same_name;
    program_fired(a->program, rule);
    return rule != NULL;
}

Route mention_route_of_use(const Analysis *a, const Facts *facts, const Route *route, NodeId use)
{
    Route later = *route;
    later.argument = use;
    for (NodeId p = facts->nodes[use].parent; p; p = facts->nodes[p].parent) {
        bool receiver = facts->nodes[later.argument].role == ROLE_RECEIVER;
        if (facts->nodes[p].kind != FACT_SPLAT && !(receiver && hands_on(a, facts, p)))
            break;
        later.argument = p;
    }
    later.taker = facts->nodes[later.argument].parent;
    return later;
}

Sym mention_kept_as(const Analysis *a, FileId file, const Route *route, uint32_t *end)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    if (facts->nodes[route->taker].kind == FACT_BLOCK)
        return local_of_block(a->program, file, route->taker, end);
    NodeId target = fact_child(facts, route->taker, ROLE_TARGET);
    NodeId function = program_enclosing_function(a->program, file, route->taker);
    *end = facts->nodes[function ? function : 1].end;
    return target ? facts->nodes[target].name : facts->nodes[route->taker].name;
}

Sym mention_attribute(const Program *program, FileId file, const Route *route)
{
    const Facts *facts = &program->files.items[file]->facts;
    NodeId named = route->taker;
    if (facts->nodes[named].kind == FACT_RETURN)
        named = program_enclosing_function(program, file, named);
    NodeId target = fact_child(facts, named, ROLE_TARGET);
    return facts->nodes[target ? target : named].name;
}

NodeId mention_member_hash(const Facts *facts, NodeId node, const Route *route, Sym *key)
{
    NodeId p = node;
    *key = route->inside_count ? route->inside[route->inside_count - 1] : 0;
    if (facts->nodes[route->taker].kind == FACT_RETURN) {
        for (p = route->taker; p && facts->nodes[p].kind != FACT_FUNCTION &&
                               facts->nodes[p].kind != FACT_LAMBDA;
             p = facts->nodes[p].parent)
            ;
        *key = facts->nodes[p].name ? facts->nodes[p].name
                                    : facts->nodes[facts->nodes[p].parent].name;
    }
    NodeId last = 0;
    for (; p && p != route->taker && facts->nodes[p].kind != FACT_BLOCK; p = facts->nodes[p].parent) {
        if (facts->nodes[p].kind == FACT_MAP)
            last = p;
    }
    return last;
}

/* True when a rule takes names, but not at this place: `select :state, [:email]`, `enum a: {email: 1}`. */
bool mention_names_elsewhere(const Rule *rule, const Facts *facts, const Route *route)
{
    if (rule->section == RULE_MEMBER)
        return rule->column && route->inside_count > 0;
    return rule->positions && (rule->symbols || rule->strings) && !route->as_key &&
           !route->keyword && facts->nodes[route->argument].role == ROLE_ARGUMENT;
}

/* What a rule says of a string that is nothing but the name. */
Meaning mention_plain_meaning(const Analysis *a, const Rule *rule, const Facts *facts,
                             const Route *route, NodeId node)
{
    if (rule->section == RULE_MEMBER && rule->column && !route->inside_count)
        return MEANING_DECLARE;
    Meaning meaning = mention_rule_meaning(a, rule, facts, route, node);
    if (meaning == MEANING_SQL)
        return MEANING_QUERY;
    return meaning == MEANING_SET ? MEANING_WRITE : meaning;
}
