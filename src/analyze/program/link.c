/*
 * What the files declare, joined across files: supertypes and mixins become
 * class ids, methods declared outside their class find it, and the packs'
 * member rules turn class-body calls into members. Linking looks at new files
 * and at what was still unknown; a round that adds nothing costs nothing.
 */
#include "analyze/program/callsite.h"
#include "analyze/program/decorated.h"
#include "analyze/program/definition.h"
#include "analyze/program/local.h"
#include "analyze/program/naming.h"
#include "analyze/program/object.h"
#include "analyze/program/program.h"

static bool rule_in_family(const Rule *rule, const File *file)
{
    return str_eq_c(str_of(rule->pack->family), file->language->family);
}

/* --- supertypes --- */

static void link_supers(Program *program, Class *class)
{
    for (size_t i = 0; i < class->supers.count; i++) {
        Super *super = &class->supers.items[i];
        if (super->class_id)
            continue;
        ClassId found[4];
        bool excluded;
        size_t count = program_resolve_class(program, super->file, super->node, super->name, found,
                                             4, &excluded);
        for (size_t k = 0; k < count; k++) {
            if (found[k] == class->id)
                continue;
            super->class_id = found[k];
            array_push(&program->classes.items[found[k]]->subs, class->id);
            break;
        }
    }
}

/* A class with stored fields is a model of their pack, whatever it inherits from. */
static const Rule *stored_model_rule(const Class *class)
{
    for (size_t i = 0; class->stores && i < class->stores->rule_count; i++) {
        if (class->stores->rules[i].section == RULE_MODEL && class->stores->rules[i].columns)
            return &class->stores->rules[i];
    }
    return NULL;
}

static const Rule *model_rule_of(const Program *program, const Class *class, int depth)
{
    for (size_t i = 0; i < class->supers.count && depth < 12; i++) {
        const Super *super = &class->supers.items[i];
        for (size_t r = 0; r < program->rules->sections[RULE_MODEL].count; r++) {
            const Rule *rule = program->rules->sections[RULE_MODEL].items[r];
            for (size_t s = 0; s < rule->supertypes.count; s++) {
                if (name_ends_in(names_str(program->names, super->name), rule->supertypes.items[s]))
                    return rule;
            }
        }
        const Rule *inherited =
            super->class_id && super->class_id != class->id
                ? model_rule_of(program, program->classes.items[super->class_id], depth + 1)
                : NULL;
        if (inherited)
            return inherited;
    }
    return stored_model_rule(class);
}

/* What a pack's call defines is a model of that pack, if the pack has any. */
static const Rule *defined_model_rule(const Class *class)
{
    for (size_t i = 0; class->defined_by && i < class->defined_by->pack->rule_count; i++) {
        if (class->defined_by->pack->rules[i].section == RULE_MODEL)
            return &class->defined_by->pack->rules[i];
    }
    return NULL;
}

static void set_table(Program *program, Class *class, Sym table)
{
    class->table = table;
    if (table && !map_get(&program->classes_by_table, table))
        map_put(&program->classes_by_table, table, class->id);
}

/* The text that a member of the class, or of a class in it (Meta.db_table), is given; 0 when none is. */
static Sym spelled_member(const Program *program, const Class *class, Str path)
{
    Str last = name_last(path);
    Sym name = names_lookup(program->names, last);
    Sym inner = last.length < path.length
                    ? names_lookup(program->names, str_slice(path, 0, path.length - last.length - 1))
                    : 0;
    ClassId id = inner ? program_class_named(program, inner) : class->id;
    while (inner && id && program->classes.items[id]->outer != class->id)
        id = program->class_next.items[id];
    uint64_t *found = id && name ? map_get(&program->classes.items[id]->members, name) : NULL;
    const Member *member = found ? &program->members.items[*found] : NULL;
    const Node *value = member && member->value
                            ? program_node(program, member->place.file, member->value)
                            : NULL;
    return value && value->kind == FACT_STRING ? value->name : 0;
}

static void set_decorated_table(Program *program, Class *class, const StrList *names)
{
    for (size_t p = 0; p < class->places.count; p++) {
        Place place = class->places.items[p];
        NodeId text = decorated_text(program, place.file, place.node, names);
        if (text)
            set_table(program, class, program_node(program, place.file, text)->name);
    }
}

static void link_model(Program *program, Class *class)
{
    if (class->is_model || !class->declared)
        return;
    const Rule *rule = model_rule_of(program, class, 0);
    if (!rule)
        rule = decorated_model_rule(program, class);
    if (!rule)
        rule = defined_model_rule(class);
    if (!rule)
        return;
    class->is_model = true;
    class->model_rule = rule;
    program_fired(program, rule);
    CallSite site = {.program = program, .around = class->id};
    for (size_t i = 0; i < rule->table_member.count && !class->table; i++)
        set_table(program, class, spelled_member(program, class, rule->table_member.items[i]));
    if (!class->table && rule->table.length)
        set_table(program, class, callsite_expand(&site, rule->table));
    set_decorated_table(program, class, &rule->table_decorator);
}

/* --- methods declared outside their class --- */

/* The parameter of a macro that makes a method which names the class; 0. */
static Sym class_for_macro(const Program *program, Place place)
{
    const Facts *facts = &program->files.items[place.file]->facts;
    for (NodeId c = facts->nodes[place.node].child; c; c = facts->nodes[c].next) {
        NodeId type = facts->nodes[c].role == ROLE_PARAM && !facts->nodes[c].name
                          ? fact_child(facts, c, ROLE_TYPE) : 0;
        ClassId found[1];
        bool excluded;
        if (type && facts->nodes[type].name &&
            program_resolve_class(program, place.file, place.node, facts->nodes[type].name, found,
                                  1, &excluded))
            return facts->nodes[type].name;
    }
    return 0;
}

static void attach(Program *program, Place place)
{
    const File *file = program->files.items[place.file];
    const Facts *facts = &file->facts;
    Sym owner_name = 0, name = facts->nodes[place.node].name;
    size_t separator = str_find(names_str(program->names, name), str_lit("::"), 0);
    NodeId receiver = fact_child(facts, place.node, ROLE_RECEIVER);
    if (receiver) {
        NodeId type = facts->nodes[receiver].kind == FACT_TYPE
                          ? receiver
                          : fact_child(facts, receiver, ROLE_TYPE);
        owner_name = type ? facts->nodes[type].name : 0;
    } else if (separator == SIZE_MAX) {
        owner_name = class_for_macro(program, place);
    } else {
        Str text = names_str(program->names, name), last = name_last(text);
        owner_name = names_intern(program->names, str_slice(text, 0, text.length - last.length - 2));
        name = names_intern(program->names, last);
    }
    ClassId found[1];
    bool excluded;
    if (!owner_name || !program_resolve_class(program, place.file, place.node, owner_name, found, 1,
                                              &excluded))
        return;
    map_put(&program->class_of_node, map_key2(place.file, place.node), found[0]);
    program_add_member(program, found[0],
                       (Member){.name = name,
                                .kind = MEMBER_METHOD,
                                .is_static = (facts->nodes[place.node].flags & FLAG_STATIC) != 0,
                                .place = place});
}

/* --- member rules --- */

static Sym target_class_name(CallSite *site, const Rule *rule)
{
    for (size_t i = 0; i < rule->class_of.count; i++) {
        const ClassRef *ref = &rule->class_of.items[i];
        if (ref->is_template) {
            Sym name = callsite_expand(site, ref->text);
            if (name)
                return name;
        } else if (str_eq_c(ref->words[0], "enclosing") || str_eq_c(ref->words[0], "self")) {
            return site->program->classes.items[site->around]->qualified;
        }
    }
    return 0;
}

static void add_reverse(Program *program, CallSite *site, const Rule *rule, const Member *member)
{
    if (!rule->reverse.count || !member->target)
        return;
    for (size_t i = 0; i < rule->reverse.count; i++) {
        Sym name = callsite_expand(site, rule->reverse.items[i]);
        if (!name)
            continue;
        program_add_member(program, member->target,
                           (Member){.name = name,
                                    .kind = MEMBER_ASSOCIATION,
                                    .place = member->place,
                                    .shape = rule->reverse_shape,
                                    .target = site->around,
                                    .rule = rule});
        return;
    }
}

static void link_association(Program *program, Member *member, FileId file, NodeId node)
{
    if (member->target || !member->target_name)
        return;
    ClassId found[1];
    bool excluded;
    if (program_resolve_class(program, file, node, member->target_name, found, 1, &excluded))
        member->target = found[0];
}

static void declare_member(Program *program, CallSite *site, const Rule *rule, Sym name)
{
    Member member = {.name = name,
                     .kind = rule->column || rule->shape == SHAPE_UNKNOWN ? MEMBER_FIELD
                                                                          : MEMBER_ASSOCIATION,
                     .is_static = rule->is_static,
                     .column = rule->column,
                     .place = {site->file, site->call},
                     .shape = rule->shape,
                     .target_name = target_class_name(site, rule),
                     .rule = rule};
    if (rule->alias.length)
        member.alias_of = callsite_expand(site, rule->alias);
    if (rule->column)
        program->classes.items[site->around]->stores = rule->pack;
    if (rule->delegate.length)
        member.delegate = callsite_expand(site, rule->delegate);
    link_association(program, &member, site->file, site->call);
    program_fired(program, rule);
    if (site->target == name) {
        /* the assignment made a field of it already */
        MemberId id = 0;
        uint64_t *found = map_get(&program->classes.items[site->around]->members, name);
        for (id = found ? (MemberId)*found : 0; id; id = program->members.items[id].next) {
            Member *old = &program->members.items[id];
            if (old->place.file != site->file || old->rule)
                continue;
            MemberId next = old->next;
            Place place = old->place;
            member.owner = site->around;
            *old = member;
            old->next = next;
            old->place = place;
            add_reverse(program, site, rule, &member);
            return;
        }
    }
    program_add_member(program, site->around, member);
    add_reverse(program, site, rule, &member);
}

/* The first of the names that can be spelled here. */
static void declare_first(Program *program, CallSite *site, const Rule *rule)
{
    for (size_t i = 0; i < rule->member.count; i++) {
        Sym name = callsite_expand(site, rule->member.items[i]);
        if (name) {
            declare_member(program, site, rule, name);
            return;
        }
    }
}

typedef struct KeyMembers {
    Program *program;
    CallSite *site;
    const Rule *rule;
} KeyMembers;

static void declare_key(void *context, Sym field, Sym key)
{
    KeyMembers *k = context;
    k->site->field = field;
    k->site->member = key;
    declare_first(k->program, k->site, k->rule);
}

/* The first argument from *index on that is spelled out, and *index behind it; 0: none is left. */
static NodeId next_spelled(const Program *program, const CallSite *site, size_t *index)
{
    const Facts *facts = &program->files.items[site->file]->facts;
    NodeId argument;
    while ((argument = callsite_argument(facts, site->call, (*index)++))) {
        if (callsite_spelled(program, site->file, argument).length)
            return argument;
    }
    return 0;
}

static void apply_member_rule(Program *program, CallSite *site, const Rule *rule)
{
    if (rule->each_key) {
        KeyMembers keys = {program, site, rule};
        callsite_keys(program, site->file, site->call, declare_key, &keys);
        site->field = 0;
        return;
    }
    if (!rule->each) {
        declare_first(program, site, rule);
        return;
    }
    NodeId argument;
    for (size_t i = 0; (argument = next_spelled(program, site, &i));) {
        Str spelled = callsite_spelled(program, site->file, argument);
        site->member = names_intern(program->names, spelled);
        for (size_t m = 0; m < rule->member.count; m++) {
            Sym name = callsite_expand(site, rule->member.items[m]);
            if (name)
                declare_member(program, site, rule, name);
        }
    }
}

static void apply_mixin(Program *program, CallSite *site, const Rule *rule)
{
    NodeId argument;
    for (size_t i = 0; (argument = next_spelled(program, site, &i));) {
        Str spelled = callsite_spelled(program, site->file, argument);
        Class *class = program->classes.items[site->around];
        program_fired(program, rule);
        array_push(&class->supers, ((Super){.name = names_intern(program->names, spelled),
                                            .file = site->file,
                                            .node = argument,
                                            .mixin = true}));
    }
}

/* A call directly in a class body, or the value of an assignment there. */
static bool body_call(Program *program, FileId file, NodeId call, CallSite *site)
{
    const Facts *facts = &program->files.items[file]->facts;
    const Node *nodes = facts->nodes;
    *site = (CallSite){.program = program, .file = file, .call = call};
    for (NodeId p = nodes[call].parent; p; p = nodes[p].parent) {
        switch (nodes[p].kind) {
        case FACT_ASSIGN: {
            NodeId target = fact_child(facts, p, ROLE_TARGET);
            site->target = target ? nodes[target].name : 0;
            break;
        }
        case FACT_VARIABLE:
        case FACT_FIELD: site->target = nodes[p].name; break;
        case FACT_BLOCK:
        case FACT_GROUP:
        case FACT_IF:
        case FACT_LAMBDA:
        case FACT_KEYWORD:
        case FACT_DECORATOR:
        case FACT_CALL: break; /* included do ... end, with_options, @implementer(...) */
        case FACT_CLASS: {
            uint64_t *id = map_get(&program->class_of_node, map_key2(file, p));
            site->around = id ? (ClassId)*id : 0;
            return site->around != 0;
        }
        default: return false;
        }
    }
    return false;
}

/*
 * factory :admin, class: "User": Admin is another name of User. Without a class the name is that
 * of the same call around it, if there is one: factory :user do factory :admin do ...
 */
static void add_alias(Program *program, FileId file, NodeId call, const Rule *rule)
{
    const Facts *facts = &program->files.items[file]->facts;
    CallSite site = {.program = program, .file = file, .call = call};
    Sym name = rule->member.count ? callsite_expand(&site, rule->member.items[0]) : 0;
    Sym meant = target_class_name(&site, rule);
    for (NodeId p = facts->nodes[call].parent; p && !meant; p = facts->nodes[p].parent) {
        if (facts->nodes[p].kind == FACT_CALL && facts->nodes[p].name == facts->nodes[call].name) {
            site.call = p;
            meant = callsite_expand(&site, rule->member.items[0]);
        }
    }
    if (!name || !meant || name == meant)
        return;
    map_put(&program->aliases, map_key2(0x80000000u, name), meant);
    program_fired(program, rule);
}

static void link_file(Program *program, FileId id)
{
    const File *file = program->files.items[id];
    for (NodeId n = 1; n < file->facts.count; n++) {
        const Node *node = &file->facts.nodes[n];
        if (node->kind == FACT_ASSIGN)
            local_link(program, id, n);
        if (node->kind != FACT_CALL || !node->name)
            continue;
        local_link(program, id, n);
        definition_link(program, id, n);
        CallSite site;
        const Rule *alias = rules_find(&program->rules->aliases, node->name);
        if (alias && rule_in_family(alias, file))
            add_alias(program, id, n, alias);
        const Rule *rule = rules_find(&program->rules->members, node->name);
        if (!rule || !body_call(program, id, n, &site))
            continue;
        for (; rule; rule = rule->next_same_name) {
            if (!rule_in_family(rule, file))
                continue;
            if (rule->section == RULE_MIXIN)
                apply_mixin(program, &site, rule);
            else
                apply_member_rule(program, &site, rule);
        }
    }
    object_link(program, id);
}

void program_link(Program *program)
{
    size_t first_new = program->linked_files + 1;
    for (size_t i = 0; i < program->detached.count; i++) {
        Place place = program->detached.items[i];
        if (!map_get(&program->class_of_node, map_key2(place.file, place.node)))
            attach(program, place);
    }
    for (FileId id = (FileId)first_new; id < program->files.count; id++)
        link_file(program, id);
    for (size_t i = 1; i < program->classes.count; i++)
        link_supers(program, program->classes.items[i]);
    for (size_t i = 1; i < program->classes.count; i++)
        link_model(program, program->classes.items[i]);
    for (size_t i = 1; i < program->members.count; i++) {
        Member *member = &program->members.items[i];
        if (member->kind == MEMBER_ASSOCIATION && !member->target) {
            link_association(program, member, member->place.file, member->place.node);
            if (member->target && member->rule) {
                const Facts *facts = &program->files.items[member->place.file]->facts;
                NodeId value = fact_child(facts, member->place.node, ROLE_VALUE);
                CallSite site = {.program = program,
                                 .file = member->place.file,
                                 .call = value ? value : member->place.node,
                                 .target = value ? member->name : 0,
                                 .around = member->owner};
                Member copy = *member;
                add_reverse(program, &site, member->rule, &copy);
            }
        }
    }
    program->linked_files = program->files.count - 1;
}
