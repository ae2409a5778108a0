/*
 * What a member of a typed receiver gives: declared members first, then what
 * the framework's rules say, then what a unique or conventional name allows.
 */
#include "analyze/types/companion.h"
#include "analyze/types/doc_type.h"
#include "analyze/types/generic.h"
#include "analyze/types/receiver_private.h"

#include "analyze/program/naming.h"

enum { MEMBER_BUSY = 1 };

static TypeSet assigned_type(Resolver *r, MemberId id)
{
    TypeSet set = {0};
    int seen = 0;
    for (; id && seen < 6; id = r->program->members.items[id].next, seen++) {
        Member member = r->program->members.items[id];
        if (!member.value)
            continue;
        TypeSet part = resolver_type(r, member.place.file, member.value);
        typeset_join(&set, &part);
    }
    return set;
}

/* SMALL("s") of an enum: an object of it, where languages let these have members. */
static bool is_constant_of_enum(const File *file, const Member *member)
{
    const Node *nodes = file->facts.nodes;
    NodeId class_node = fact_ancestor(&file->facts, member->place.node, FACT_CLASS);
    return member->is_static && class_node && (nodes[class_node].flags & FLAG_ENUM) &&
           nodes[member->place.node].kind == FACT_FIELD;
}

static TypeSet field_type(Resolver *r, MemberId id)
{
    Member member = r->program->members.items[id];
    const File *file = r->program->files.items[member.place.file];
    NodeId type = fact_child(&file->facts, member.place.node, ROLE_TYPE);
    TypeSet set = {0};
    if (type)
        set = resolver_declared(r, member.place.file, type);
    TypeSet documented = doc_value(r, member.place.file, member.place.node, member.name);
    set = resolver_documented(r, &set, &documented);
    if (!set.count)
        set = assigned_type(r, id);
    if (!set.count && !type && is_constant_of_enum(file, &member))
        typeset_add(&set, (Type){.shape = SHAPE_INSTANCE,
                                 .class_id = member.owner,
                                 .reason = resolver_reason(r, member.place.file, member.place.node,
                                                           NULL, 0)});
    return set;
}

static TypeSet association_type(Resolver *r, const Member *member)
{
    TypeSet set = {0};
    if (member->target) {
        typeset_add(&set, (Type){.shape = (uint8_t)member->shape,
                                 .class_id = member->target,
                                 .reason = resolver_reason(r, member->place.file,
                                                           member->place.node, NULL, 0)});
    } else if (member->target_name) {
        Program *program = r->program;
        resolver_need(r, NEED_CLASS,
                      names_intern(program->names, name_last(names_str(program->names,
                                                                       member->target_name))),
                      member->place.file);
        /* no such class: the association serves several (polymorphic), so nothing is known */
    }
    return set;
}

static TypeSet delegated_type(Resolver *r, const Member *member)
{
    TypeSet set = {0};
    MemberId real = program_member(r->program, member->owner, member->delegate);
    if (!real)
        return set;
    TypeSet base = resolver_member_type(r, real);
    for (uint32_t i = 0; i < base.count; i++) {
        TypeSet part =
            resolver_member(r, base.items[i], member->name, member->place.file, member->place.node);
        typeset_join(&set, &part);
    }
    return set;
}

TypeSet resolver_delegated(Resolver *r, const TypeSet *types, Sym name)
{
    Program *program = r->program;
    TypeSet result = {0};
    for (uint32_t i = 0; i < types->count; i++) {
        ClassId class_id = types->items[i].class_id;
        MemberId id = class_id ? program_member(program, class_id, name) : 0;
        Sym to = id ? program->members.items[id].delegate : 0;
        MemberId real = to && to != name ? program_member(program, class_id, to) : 0;
        TypeSet part = {1, {types->items[i]}};
        if (real)
            part = resolver_member_type(r, real);
        typeset_join(&result, &part);
    }
    return result;
}

static TypeSet compute_member(Resolver *r, MemberId id)
{
    Member member = r->program->members.items[id];
    if (member.delegate)
        return delegated_type(r, &member);
    switch (member.kind) {
    case MEMBER_ASSOCIATION: return association_type(r, &member);
    case MEMBER_METHOD: return resolver_returns(r, member.place.file, member.place.node);
    case MEMBER_FIELD: return field_type(r, id);
    case MEMBER_ASSIGNED: {
        const Facts *facts = facts_of(r, member.place.file);
        return fact_child(facts, member.place.node, ROLE_TYPE) ? field_type(r, id) : assigned_type(r, id);
    }
    }
    return (TypeSet){0};
}

TypeSet resolver_member_of(Resolver *r, Type receiver, MemberId id)
{
    uint32_t given = r->given;
    r->given = receiver.class_id
                   ? generic_owner(r, receiver, r->program->members.items[id].owner) : 0;
    TypeSet set = resolver_member_type(r, id);
    r->given = given;
    return set;
}

TypeSet resolver_member_type(Resolver *r, MemberId id)
{
    if (r->given)
        return compute_member(r, id); /* by what this object's type parameters stand for */
    uint64_t *memo = map_get(&r->member_types, id);
    if (memo)
        return resolver_remembered(r, *memo);
    map_put(&r->member_types, id, MEMBER_BUSY);
    TypeSet set = compute_member(r, id);
    map_put(&r->member_types, id, resolver_remember(r, &set));
    return set;
}

/* The member of a class, preferring one that belongs to the class itself (`is_static`) or not. */
static MemberId find_member(const Program *program, ClassId class_id, Sym name, bool is_static)
{
    MemberId first = program_member(program, class_id, name);
    for (MemberId id = first; id; id = program->members.items[id].next) {
        if (program->members.items[id].is_static == is_static)
            return id;
    }
    return first;
}

/* When every class that declares `name` gives it the same type, an unknown receiver has it too. */
static TypeSet unique_member(Resolver *r, Sym name)
{
    TypeSet set = {0};
    uint64_t *first = map_get(&r->program->methods_by_name, name);
    int seen = 0;
    for (MemberId id = first ? (MemberId)*first : 0; id; seen++) {
        if (seen == 3)
            return (TypeSet){0};
        TypeSet part = resolver_member_type(r, id);
        typeset_join(&set, &part);
        uint64_t *next = map_get(&r->program->method_next, id);
        id = next ? (MemberId)*next : 0;
    }
    if (set.count > 1)
        return (TypeSet){0};
    typeset_weaken(&set, CONFIDENCE_LIKELY);
    return set;
}

/* True when a method gives nothing of its own: no body, an empty one, or one that only raises. */
static bool is_open(const Resolver *r, MemberId id)
{
    Place place = r->program->members.items[id].place;
    const Facts *facts = facts_of(r, place.file);
    NodeId body = fact_child(facts, place.node, ROLE_BODY);
    for (NodeId c = body ? facts->nodes[body].child : 0; c; c = facts->nodes[c].next) {
        const Node *n = &facts->nodes[c];
        bool nothing = n->kind == FACT_STRING || n->kind == FACT_LITERAL || n->kind == FACT_THROW ||
                       strlist_has(&language_of(r, place.file)->exits, names_str(r->program->names, n->name));
        if (!nothing)
            return false;
    }
    return true;
}

/*
 * What the classes below give for a member that an interface or base class leaves open. One that
 * gives something, be it unknown, still does so for the classes below without a member of their
 * own, and those need not be parsed.
 */
static TypeSet overridden(Resolver *r, ClassId class_id, Sym name)
{
    enum { MOST_SUBS = 24 };
    ClassId queue[MOST_SUBS];
    size_t count = 0;
    TypeSet set = {0};
    uint64_t *own = map_get(&r->program->classes.items[class_id]->members, name);
    if (own && !is_open(r, (MemberId)*own))
        return set;
    queue[count++] = class_id;
    for (size_t i = 0; i < count; i++) {
        const Class *class = r->program->classes.items[queue[i]];
        uint64_t *found = i ? map_get(&class->members, name) : NULL;
        TypeSet part = {0};
        if (found)
            part = resolver_member_type(r, (MemberId)*found);
        typeset_join(&set, &part);
        for (size_t s = 0; s < class->subs.count && count < MOST_SUBS; s++)
            queue[count++] = class->subs.items[s];
    }
    if (set.count >= TOO_MANY_TYPES)
        set.count = 0; /* too many to tell: there may be more */
    typeset_weaken(&set, CONFIDENCE_LIKELY);
    return set;
}

/* What a mixin's methods reach in the classes that take it in: their associations, own or inherited. */
static TypeSet users_member(Resolver *r, ClassId mixin, Sym name)
{
    enum { MOST_USERS = 12 };
    const Class *class = r->program->classes.items[mixin];
    TypeSet set = {0};
    for (size_t s = 0; class->mixin && s < class->subs.count && s < MOST_USERS; s++) {
        MemberId id = program_member(r->program, class->subs.items[s], name);
        TypeSet part = {0};
        if (id && r->program->members.items[id].kind == MEMBER_ASSOCIATION)
            part = resolver_member_type(r, id);
        typeset_join(&set, &part);
    }
    if (set.count >= TOO_MANY_TYPES)
        set.count = 0; /* too many to tell: there may be more */
    typeset_weaken(&set, CONFIDENCE_LIKELY);
    return set;
}

/* What a declared member gives at a MEMBER or CALL: calls of generic methods tell what they make. */
static TypeSet declared_member(Resolver *r, Type receiver, MemberId id, FileId file, NodeId site)
{
    Callee callee;
    TypeSet set = {0};
    if (node_at(r, file, site)->kind == FACT_CALL && callee_of_member(r, receiver, id, &callee) &&
        child_of(r, callee.file, callee.node, ROLE_TYPE_PARAM))
        set = resolver_called(r, file, site, callee);
    return set.count ? set : resolver_member_of(r, receiver, id);
}

/* this.props of a class below Component<Props>: what the library's class has by its arguments. */
static TypeSet library_member(Resolver *r, Type receiver, Sym name, FileId file)
{
    const StrList *members = &language_of(r, file)->argument_members;
    Callee base;
    for (size_t i = 0; i < members->count; i++) {
        if (str_eq(members->items[i], names_str(r->program->names, name)))
            return generic_base(r, receiver, &base) ? generic_argument(r, base, i) : (TypeSet){0};
    }
    return (TypeSet){0};
}

static TypeSet instance_member(Resolver *r, Type receiver, Sym name, FileId file, NodeId site)
{
    TypeSet set = {0};
    Program *program = r->program;
    MemberId id = find_member(program, receiver.class_id, name, false);
    if (id) {
        set = declared_member(r, receiver, id, file, site);
        if (!set.count)
            set = companion_name(r, receiver.class_id, name);
        if (!set.count && program->members.items[id].kind == MEMBER_METHOD)
            set = overridden(r, receiver.class_id, name);
        if (set.count || program->members.items[id].kind != MEMBER_METHOD)
            return set;
    } else {
        set = companion_name(r, receiver.class_id, name);
        if (!set.count)
            set = doc_member(r, receiver.class_id, name);
        if (!set.count)
            set = library_member(r, receiver, name, file);
        if (!set.count)
            set = users_member(r, receiver.class_id, name);
        if (set.count)
            return set;
        if (program->detached.count && program->classes.items[receiver.class_id]->declared)
            resolver_need(r, NEED_FUNCTION, name, file);
    }
    set = resolver_rule_result(r, &(TypeSet){1, {receiver}}, name, file, site);
    if (!set.count && program_has_unknown_super(program, receiver.class_id))
        resolver_need(r, NEED_CLASS, program->classes.items[receiver.class_id]->name, file);
    return set;
}

static TypeSet class_member(Resolver *r, Type receiver, Sym name, FileId file, NodeId site)
{
    Program *program = r->program;
    const Class *class = program->classes.items[receiver.class_id];
    if (!class->declared)
        resolver_need(r, NEED_CLASS, class->name, file);
    MemberId id = find_member(program, receiver.class_id, name, true);
    TypeSet set = {0};
    if (id)
        set = resolver_member_type(r, id);
    set = collection_of(r, &set, receiver.class_id);
    bool own = id && program->members.items[id].kind == MEMBER_METHOD &&
               program->members.items[id].is_static;
    if (!set.count && !own)
        set = resolver_rule_result(r, &(TypeSet){1, {receiver}}, name, file, site);
    for (ClassId inner = set.count ? 0 : program_class_named(program, name); inner;
         inner = program->class_next.items[inner]) {
        if (program->classes.items[inner]->outer == receiver.class_id)
            typeset_add(&set, (Type){.shape = SHAPE_CLASS, .class_id = inner,
                                     .reason = receiver.reason});
    }
    return set;
}

static TypeSet collection_member(Resolver *r, Type receiver, Sym name, FileId file, NodeId site)
{
    TypeSet set = resolver_rule_result(r, &(TypeSet){1, {receiver}}, name, file, site);
    if (!set.count)
        set = collection_method(r, receiver, name);
    if (set.count)
        return set;
    /* scopes and class methods answer on collections too */
    MemberId id = find_member(r->program, receiver.class_id, name, true);
    if (id && r->program->members.items[id].is_static)
        set = resolver_member_type(r, id);
    return set;
}

bool resolver_has_module(Resolver *r, Sym module)
{
    const Program *program = r->program;
    uint64_t *known = map_get(&r->modules, module);
    if (known)
        return *known == 2;
    FileId file = 1;
    while (file < program->files.count && !program_in_module(program, file, module))
        file++;
    map_put(&r->modules, module, file < program->files.count ? 2 : 1);
    return file < program->files.count;
}

/* A module below the one: models.email, when a parsed file can be it. */
static TypeSet submodule(Resolver *r, Type receiver, Sym name)
{
    Program *program = r->program;
    StrBuf buf = {0};
    strbuf_add_str(&buf, names_str(program->names, receiver.module));
    strbuf_add_c(&buf, ".");
    strbuf_add_str(&buf, names_str(program->names, name));
    receiver.module = names_intern(program->names, strbuf_str(&buf));
    strbuf_release(&buf);
    return resolver_has_module(r, receiver.module) ? (TypeSet){1, {receiver}} : (TypeSet){0};
}

static TypeSet module_class(const Program *program, Type module, Sym name)
{
    TypeSet set = {0};
    for (ClassId id = program_class_named(program, name); id; id = program->class_next.items[id]) {
        const Class *class = program->classes.items[id];
        if (class->declared && class->places.count &&
            program_in_module(program, class->places.items[0].file, module.module))
            typeset_add(&set, (Type){.shape = SHAPE_CLASS, .class_id = id, .reason = module.reason});
    }
    return set;
}

static TypeSet module_member(Resolver *r, Type receiver, Sym name, FileId file, NodeId site)
{
    Program *program = r->program;
    TypeSet set = module_class(program, receiver, name);
    if (set.count)
        return set;
    uint64_t *first = map_get(&program->functions_by_name, name);
    int seen = 0;
    for (uint32_t i = first ? (uint32_t)*first : 0; i && seen < 8;
         i = program->function_next.items[i - 1], seen++) {
        Place place = program->functions.items[i - 1];
        if (!program_in_module(program, place.file, receiver.module))
            continue;
        TypeSet part = resolver_returns(r, place.file, place.node);
        typeset_join(&set, &part);
    }
    if (!set.count && (language_of(r, file)->typed || language_of(r, file)->module_scope))
        set = resolver_global(r, file, name, receiver.module);
    if (!set.count && !first)
        set = submodule(r, receiver, name);
    if (!set.count && !first) /* a library's */
        set = resolver_rule_result(r, &(TypeSet){1, {receiver}}, name, file, site);
    if (!first) {
        resolver_need(r, NEED_FUNCTION, name, file);
        resolver_need(r, NEED_CLASS, name, file);
    }
    return set;
}

/* True when objects of a framework have a method of the name that gives models: `find`, `new`. */
static bool framework_has(const Resolver *r, FileId file, Sym name)
{
    const Rule *rule = rules_find(&r->program->rules->calls, name);
    while (rule && (!rule->returns || strcmp(rule->pack->family, language_of(r, file)->family) != 0))
        rule = rule->next_same_name;
    return rule != NULL;
}

static TypeSet unknown_member(Resolver *r, Sym name, FileId file, NodeId site)
{
    TypeSet set = resolver_given(r, file, site);
    if (!set.count)
        set = resolver_convention(r, file, site, name);
    if (set.count)
        return set;
    if (r->program->files.items[file]->language->typed)
        return set;
    if (framework_has(r, file, name))
        return set;
    set = unique_member(r, name);
    if (!set.count && !map_get(&r->program->methods_by_name, name))
        resolver_need(r, NEED_FEW, name, file);
    return set;
}

/*
 * A method of a superclass that gives an object of its own class (new, self, a
 * finder) gives one of the class it is called on.
 */
static void specialize(Resolver *r, Type receiver, Sym name, TypeSet *set)
{
    const Program *program = r->program;
    MemberId id = receiver.class_id ? program_member(program, receiver.class_id, name) : 0;
    ClassId owner = id ? program->members.items[id].owner : 0;
    if (!owner || owner == receiver.class_id || program->members.items[id].kind != MEMBER_METHOD)
        return;
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->items[i].class_id == owner)
            set->items[i].class_id = receiver.class_id;
    }
}

void resolver_need_supers(Resolver *r, ClassId class_id)
{
    enum { SUPERS_ASKED = 0x40000000, MOST_SUPERS = 32 };
    uint64_t key = map_key2(SUPERS_ASKED, class_id);
    Program *program = r->program;
    if (!class_id || map_get(&r->served, key))
        return;
    map_put(&r->served, key, 1);
    ClassId line[MOST_SUPERS];
    size_t count = program_ancestors(program, class_id, line, MOST_SUPERS);
    for (size_t i = 0; i < count; i++) {
        const Class *class = program->classes.items[line[i]];
        for (size_t s = 0; s < class->supers.count; s++) {
            const Super *super = &class->supers.items[s];
            Str last = name_last(names_str(program->names, super->name));
            if (!super->class_id)
                resolver_need(r, NEED_CLASS, names_intern(program->names, last), super->file);
        }
    }
}

TypeSet resolver_member(Resolver *r, Type receiver, Sym name, FileId file, NodeId site)
{
    TypeSet set = {0};
    resolver_need_supers(r, receiver.class_id);
    switch (receiver.shape) {
    case SHAPE_INSTANCE: set = instance_member(r, receiver, name, file, site); break;
    case SHAPE_CLASS: set = class_member(r, receiver, name, file, site); break;
    case SHAPE_COLLECTION: set = collection_member(r, receiver, name, file, site); break;
    case SHAPE_MODULE: set = module_member(r, receiver, name, file, site); break;
    case SHAPE_BUILDER:
        set = resolver_rule_result(r, &(TypeSet){1, {receiver}}, name, file, site);
        if (!set.count && program_member(r->program, receiver.class_id, name))
            typeset_add(&set, receiver); /* Order.builder().email(e): still the builder */
        return set;
    case SHAPE_TABLE:
    case SHAPE_OTHER:
        return resolver_rule_result(r, &(TypeSet){1, {receiver}}, name, file, site);
    default: return unknown_member(r, name, file, site);
    }
    if (!set.count && receiver.shape != SHAPE_MODULE)
        set = resolver_convention(r, file, site, name);
    specialize(r, receiver, name, &set);
    typeset_weaken(&set, (Confidence)receiver.confidence);
    for (uint32_t i = 0; i < set.count; i++) {
        if (set.items[i].reason != receiver.reason && set.items[i].reason &&
            !r->reasons.items[set.items[i].reason].before)
            r->reasons.items[set.items[i].reason].before = receiver.reason;
    }
    return set;
}
