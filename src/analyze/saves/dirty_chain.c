/*
 * What a save of a class's object saves with it: read once per class from the
 * bodies of the class and of those above it.
 */
#include "analyze/saves/dirty_private.h"

#include "analyze/program/naming.h"

#include <string.h>

typedef struct ChainReader {
    Dirty *dirty;
    ClassChains *chains;
    ClassId class_id; /* whose object is saved */
    FileId file;
    const Facts *facts;
} ChainReader;

MemberId member_of_kind(const Program *program, ClassId class_id, Sym name, MemberKind kind)
{
    MemberId id = class_id && name ? program_member(program, class_id, name) : 0;
    while (id && program->members.items[id].kind != kind)
        id = program->members.items[id].next;
    return id;
}

bool takes_self(const Program *program, Place function)
{
    const File *file = program->files.items[function.file];
    const Node *node = &file->facts.nodes[function.node];
    return file->language->first_param_is_self && node->kind == FACT_FUNCTION &&
           !(node->flags & FLAG_STATIC) && fact_child(&file->facts, function.node, ROLE_PARAM) &&
           program_enclosing_class(program, function.file, function.node) &&
           !program_enclosing_function(program, function.file, function.node);
}

Place only_function(const Program *program, Sym name)
{
    uint64_t *first = name ? map_get(&program->functions_by_name, name) : NULL;
    if (!first || program->function_next.items[*first - 1])
        return (Place){0};
    return program->functions.items[*first - 1];
}

Place only_method(const Program *program, Sym name)
{
    uint64_t *first = name ? map_get(&program->methods_by_name, name) : NULL;
    if (!first || map_get(&program->method_next, *first))
        return (Place){0};
    Place place = program->members.items[*first].place;
    return program_node(program, place.file, place.node)->kind == FACT_FUNCTION ? place : (Place){0};
}

/* `name~part`: the argument's text holds the part. */
static bool part_holds(const Dirty *d, FileId file, NodeId call, Str word, size_t at)
{
    NodeId value = callsite_keyword(d->program, file, call, str_slice(word, 0, at));
    return value && str_find(program_text(d->program, file, value),
                             str_slice(word, at + 1, word.length), 0) != SIZE_MAX;
}

/* One word of a condition: `name` (given), `name=value`, `name~part`. */
static bool word_holds(const Dirty *d, FileId file, NodeId call, Str word)
{
    size_t equals = str_find_byte(word, '=', 0), part = str_find_byte(word, '~', 0);
    if (part != SIZE_MAX)
        return part_holds(d, file, call, word, part);
    if (equals == SIZE_MAX)
        return callsite_keyword(d->program, file, call, word) != 0;
    NodeId value = callsite_keyword(d->program, file, call, str_slice(word, 0, equals));
    return value && str_eq(program_text(d->program, file, value),
                           str_slice(word, equals + 1, word.length));
}

bool save_condition(const Dirty *d, const Rule *rule, FileId file, NodeId call)
{
    for (size_t at = 0; at < rule->when.length;) {
        size_t end = str_find_byte(rule->when, ' ', at);
        Str word = str_slice(rule->when, at, end == SIZE_MAX ? rule->when.length : end);
        bool opposite = str_starts(word, "!");
        word = str_slice(word, opposite ? 1 : 0, word.length);
        if (word.length && word_holds(d, file, call, word) == opposite)
            return false;
        at = end == SIZE_MAX ? rule->when.length : end + 1;
    }
    return true;
}

static ClassId association_class(const ChainReader *r, Sym name)
{
    const Program *program = r->dirty->program;
    MemberId id = member_of_kind(program, r->class_id, name, MEMBER_ASSOCIATION);
    const Member *member = &program->members.items[id];
    if (id && !member->target && member->target_name)
        resolver_need(r->dirty->resolver, NEED_CLASS,
                      names_intern(program->names, name_last(names_str(program->names, member->target_name))),
                      member->place.file);
    return id ? member->target : 0;
}

/* `through: :members`: an object that is put there is linked by new objects of that member. */
static ClassId linking_class(const ChainReader *r, const Rule *rule, NodeId site)
{
    Program *program = r->dirty->program;
    NodeId value = rule->via.length ? callsite_keyword(program, r->file, site, rule->via) : 0;
    Str text = callsite_spelled(program, r->file, value);
    return text.length ? association_class(r, names_intern(program->names, text)) : 0;
}

static void add_member_chain(ChainReader *r, const Rule *rule, NodeId site, Sym name)
{
    Program *program = r->dirty->program;
    CallSite at = {.program = program, .file = r->file, .call = site, .member = name};
    Chain chain = {.member = name,
                   .when_new = rule->does & DOES_CHAIN_NEW,
                   .when_changed = rule->does & DOES_CHAIN_CHANGED,
                   .when_placed = rule->does & DOES_CHAIN_PLACED,
                   .nested = rule->key.length ? callsite_expand(&at, rule->key) : 0,
                   .target = association_class(r, name),
                   .linking = linking_class(r, rule, site),
                   .place = {r->file, site}};
    program_fired(program, rule);
    array_push(&r->chains->chains, chain);
}

static void add_callback(ChainReader *r, FileId file, NodeId function)
{
    Chain chain = {.place = {file, function}, .callback = summary_of(r->dirty, file, function)};
    array_push(&r->chains->chains, chain);
}

static void add_named_callback(ChainReader *r, Sym name)
{
    Program *program = r->dirty->program;
    MemberId member = member_of_kind(program, r->class_id, name, MEMBER_METHOD);
    if (!member)
        return;
    Place place = program->members.items[member].place;
    if (program_node(program, place.file, place.node)->kind == FACT_FUNCTION)
        add_callback(r, place.file, place.node);
}

static void read_call(ChainReader *r, const Rule *rule, NodeId call)
{
    Program *program = r->dirty->program;
    if (!save_condition(r->dirty, rule, r->file, call))
        return;
    NodeId block = callsite_block(r->facts, call), argument;
    if ((rule->does & DOES_RUN) && block) {
        program_fired(program, rule);
        add_callback(r, r->file, block);
    }
    for (size_t i = 0; (argument = callsite_argument(r->facts, call, i)); i++) {
        Str text = callsite_spelled(program, r->file, argument);
        Sym name = text.length ? names_intern(program->names, text) : 0;
        if (!name)
            continue;
        if (rule->does & DOES_RUN)
            add_named_callback(r, name);
        else
            add_member_chain(r, rule, call, name);
        if (!(rule->does & DOES_RUN) && !rule->key.length)
            break;
    }
}

static bool read_rules(ChainReader *r, NodeId call)
{
    const Map *saves = &r->dirty->program->rules->saves;
    bool found = false;
    for (const Rule *rule = rules_find(saves, r->facts->nodes[call].name); rule;
         rule = rule->next_same_name) {
        if (!(rule->on & ON_BODY))
            continue;
        read_call(r, rule, call);
        found = true;
    }
    return found;
}

/* A class-body call of a function of the code base: what that declares for its caller. */
static void read_macro(ChainReader *r, Sym name)
{
    Place place = only_method(r->dirty->program, name);
    if (!place.file)
        return;
    ChainReader inner = *r;
    inner.file = place.file;
    inner.facts = &r->dirty->program->files.items[place.file]->facts;
    NodeId end = flow_end(inner.facts, place.node);
    for (NodeId id = place.node + 1; id < end; id++) {
        if (inner.facts->nodes[id].kind == FACT_CALL && !fact_child(inner.facts, id, ROLE_RECEIVER))
            read_rules(&inner, id);
    }
}

/* --- members --- */

static ClassId class_of_member(ChainReader *r, Sym name)
{
    MemberId id = program_member(r->dirty->program, r->class_id, name);
    Confidence confidence;
    if (!id)
        return 0;
    TypeSet types = resolver_member_type(r->dirty->resolver, id);
    return class_of_types(&types, &confidence);
}

/* Rules for a member by a name that stands with it: a decorator's, or that of the call it is. */
static void read_member_rules(ChainReader *r, Sym word, NodeId site, Sym name)
{
    const File *file = r->dirty->program->files.items[r->file];
    for (const Rule *rule = rules_find(&r->dirty->program->rules->saves, word); rule;
         rule = rule->next_same_name) {
        if (!(rule->on & ON_MEMBER) || strcmp(rule->pack->family, file->language->family) != 0 ||
            !save_condition(r->dirty, rule, r->file, site))
            continue;
        add_member_chain(r, rule, site, name);
        Chain *chain = &r->chains->chains.items[r->chains->chains.count - 1];
        if (!chain->target)
            chain->target = class_of_member(r, name);
    }
}

/* Rules for every member that holds a model. */
static void read_plain_member(ChainReader *r, NodeId site, Sym name)
{
    const Program *program = r->dirty->program;
    Sym any = names_lookup(program->names, str_lit("*"));
    if (!any || !rules_find(&program->rules->saves, any))
        return;
    ClassId target = class_of_member(r, name);
    if (target && program->classes.items[target]->is_model &&
        program->classes.items[r->class_id]->is_model)
        read_member_rules(r, any, site, name);
}

/* A declaration in a class body: `@OneToMany List<Item> items`, `items = relationship(...)`. */
static void read_member(ChainReader *r, NodeId node)
{
    const Node *n = &r->facts->nodes[node];
    NodeId target = fact_child(r->facts, node, ROLE_TARGET), value = fact_child(r->facts, node, ROLE_VALUE);
    Sym name = target ? r->facts->nodes[target].name : n->name;
    bool declares = n->kind == FACT_FIELD || n->kind == FACT_VARIABLE || n->kind == FACT_ASSIGN;
    if (!declares || !name || (n->flags & FLAG_ANONYMOUS))
        return;
    if (value && r->facts->nodes[value].kind == FACT_CALL)
        read_member_rules(r, r->facts->nodes[value].name, value, name);
    for (NodeId c = n->child; c; c = r->facts->nodes[c].next) {
        if (r->facts->nodes[c].kind != FACT_DECORATOR)
            continue;
        NodeId call = r->facts->nodes[c].name ? c : r->facts->nodes[c].child;
        if (call)
            read_member_rules(r, r->facts->nodes[call].name, call, name);
    }
    if (n->kind == FACT_FIELD)
        read_plain_member(r, node, name);
}

static void read_class_body(ChainReader *r, ClassId class_id, Place place)
{
    Program *program = r->dirty->program;
    r->file = place.file;
    r->facts = &program->files.items[place.file]->facts;
    NodeId end = flow_end(r->facts, place.node);
    for (NodeId id = place.node + 1; id < end; id++) {
        const Node *node = &r->facts->nodes[id];
        if (node->kind == FACT_FUNCTION) {
            id = flow_end(r->facts, id) - 1;
            continue;
        }
        bool call = node->kind == FACT_CALL || node->kind == FACT_NAME;
        NodeId block = node->parent;
        if (r->facts->nodes[block].role == ROLE_BODY && r->facts->nodes[block].parent == place.node)
            read_member(r, id);
        if (!call || !node->name || fact_child(r->facts, id, ROLE_RECEIVER) ||
            program_enclosing_class(program, r->file, id) != class_id)
            continue;
        bool statement = r->facts->nodes[node->parent].kind == FACT_BLOCK;
        if (!read_rules(r, id) && statement)
            read_macro(r, node->name);
    }
}

bool goes_on(const Program *program, Place function)
{
    const Facts *facts = &program->files.items[function.file]->facts;
    NodeId end = flow_end(facts, function.node);
    for (NodeId id = function.node + 1; id < end; id++) {
        const Node *node = &facts->nodes[id];
        NodeId receiver = fact_child(facts, id, ROLE_RECEIVER);
        if (node->kind == FACT_SUPER)
            return true;
        if (node->kind == FACT_CALL && node->name == facts->nodes[function.node].name && receiver &&
            facts->nodes[receiver].kind == FACT_CALL && !fact_child(facts, receiver, ROLE_RECEIVER))
            return true;
    }
    return false;
}

/* A class that redefines a call that saves: what else it saves is chained. */
static void read_overrides(ChainReader *r)
{
    Program *program = r->dirty->program;
    for (size_t i = 0; i < program->rules->sections[RULE_SAVE].count; i++) {
        const Rule *rule = program->rules->sections[RULE_SAVE].items[i];
        if (!(rule->does & DOES_SAVE) || !(rule->on & (1u << SHAPE_INSTANCE)))
            continue;
        for (size_t n = 0; n < rule->names.count; n++) {
            Sym name = names_lookup(program->names, rule->names.items[n]);
            MemberId member = member_of_kind(program, r->class_id, name, MEMBER_METHOD);
            if (member && goes_on(program, program->members.items[member].place))
                add_named_callback(r, name);
        }
    }
}

bool chain_reaches(const Chain *chain, const Effect *effect)
{
    if (effect->kind != EFFECT_SAVE || !effect->path.length)
        return false;
    return chain->free ? effect->path.root == EFFECT_PARAM && effect->path.param == chain->param
                       : effect->path.root == EFFECT_SELF;
}

static void read_handlers(ChainReader *r, ClassId class_id)
{
    for (size_t i = 0; i < r->dirty->handlers.count; i++) {
        const SaveHandler *handler = &r->dirty->handlers.items[i];
        if (handler->class_id != class_id)
            continue;
        add_callback(r, handler->function.file, handler->function.node);
        Chain *chain = &r->chains->chains.items[r->chains->chains.count - 1];
        chain->free = true;
        chain->param = handler->param;
    }
}

const ClassChains *chains_of(Dirty *d, ClassId class_id)
{
    uint64_t *found = map_get(&d->chains, class_id);
    if (found)
        return (const ClassChains *)(uintptr_t)*found;
    ClassChains *chains = ARENA_NEW(&d->arena, ClassChains);
    chains->class_id = class_id;
    map_put(&d->chains, class_id, (uint64_t)(uintptr_t)chains);
    ChainReader reader = {.dirty = d, .chains = chains, .class_id = class_id};
    ClassId above[ABOVE_MAX];
    size_t count = program_ancestors(d->program, class_id, above, ABOVE_MAX);
    for (size_t i = 0; i < count; i++) {
        const Class *class = d->program->classes.items[above[i]];
        for (size_t p = 0; p < class->places.count; p++)
            read_class_body(&reader, above[i], class->places.items[p]);
        read_handlers(&reader, above[i]);
    }
    read_overrides(&reader);
    return chains;
}
