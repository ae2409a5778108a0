/*
 * Types of expressions, one case per kind of fact. Recursion follows the
 * program's own structure (a receiver's receiver, a variable's value) and is
 * bounded by DEEPEST, so that hostile chains end as "unknown".
 */
#include "analyze/program/binding.h"
#include "analyze/program/naming.h"
#include "analyze/types/companion.h"
#include "analyze/types/doc_type.h"
#include "analyze/types/generic.h"
#include "analyze/types/receiver_private.h"

#include <stdlib.h>

enum { DEEPEST = 100, SET_BUSY = 1 };

Resolver *resolver_new(Program *program)
{
    Resolver *r = mem_alloc(sizeof *r);
    *r = (Resolver){.program = program, .conventions = true};
    array_push(&r->sets, ((RememberedSet){0}));
    array_push(&r->sets, ((RememberedSet){0}));
    array_push(&r->reasons, ((Reason){0}));
    return r;
}

void resolver_free(Resolver *r)
{
    if (!r)
        return;
    array_release(&r->types);
    array_release(&r->sets);
    array_release(&r->links);
    array_release(&r->reasons);
    array_release(&r->needs);
    map_release(&r->need_seen);
    map_release(&r->variables);
    map_release(&r->variable_rules);
    map_release(&r->member_types);
    map_release(&r->param_types);
    map_release(&r->caseless);
    map_release(&r->served);
    map_release(&r->learned);
    map_release(&r->targets);
    map_release(&r->rendered);
    map_release(&r->modules);
    free(r);
}

uint32_t resolver_remember(Resolver *r, const TypeSet *set)
{
    array_push(&r->sets, ((RememberedSet){(uint32_t)r->types.count, set->count}));
    for (uint32_t i = 0; i < set->count; i++)
        array_push(&r->types, set->items[i]);
    return (uint32_t)r->sets.count - 1;
}

TypeSet resolver_remembered(const Resolver *r, uint64_t index)
{
    RememberedSet known = r->sets.items[index];
    TypeSet set = {.count = known.count};
    for (uint32_t i = 0; i < known.count; i++)
        set.items[i] = r->types.items[known.first + i];
    return set;
}

void resolver_forget_types(Resolver *r)
{
    for (size_t i = 1; i < r->program->files.count; i++) {
        File *file = r->program->files.items[i];
        memset(file->types, 0, file->facts.count * sizeof *file->types);
    }
    r->types.count = 0;
    r->sets.count = 2;
    r->links.count = 0;
    map_clear(&r->member_types);
    map_clear(&r->param_types);
    map_clear(&r->caseless);
    map_clear(&r->served);
    map_clear(&r->rendered);
    map_clear(&r->modules);
}

void resolver_reset(Resolver *r)
{
    resolver_forget_types(r);
    r->needs.count = 0;
}

void resolver_forget(Resolver *r)
{
    for (size_t i = 0; i < r->needs.count; i++)
        *map_get(&r->need_seen, map_key2((uint32_t)r->needs.items[i].kind + 1,
                                         r->needs.items[i].name)) = 0;
    resolver_reset(r);
}

ReasonId resolver_reason(Resolver *r, FileId file, NodeId node, const char *text, ReasonId before)
{
    array_push(&r->reasons, ((Reason){file, node, text, before}));
    return (ReasonId)r->reasons.count - 1;
}

void resolver_need(Resolver *r, NeedKind kind, Sym name, FileId file)
{
    uint64_t key = map_key2((uint32_t)kind + 1, name);
    uint64_t *seen = name ? map_get(&r->need_seen, key) : NULL;
    if (!name || (seen && *seen))
        return;
    map_put(&r->need_seen, key, 1);
    array_push(&r->needs, ((Need){kind, name, language_of_code(language_of(r, file)), false}));
}

/* Under what a conventional function is kept, so that a variable may be called so too. */
static Sym called_name(const Resolver *r, Sym name)
{
    StrBuf buf = {0};
    strbuf_add_str(&buf, names_str(r->program->names, name));
    strbuf_add_c(&buf, "()");
    Sym sym = names_intern(r->program->names, strbuf_str(&buf));
    strbuf_release(&buf);
    return sym;
}

void resolver_add_convention(Resolver *r, Sym variable, const Rule *rule, ClassId class_id)
{
    if (variable && rule->called)
        variable = called_name(r, variable);
    if (!variable || map_get(&r->variables, variable))
        return;
    map_put(&r->variables, variable, map_key2((uint32_t)rule->shape, class_id));
    map_put(&r->variable_rules, variable, (uint64_t)(uintptr_t)rule);
}

TypeSet resolver_element(const TypeSet *set)
{
    TypeSet result = {0};
    for (uint32_t i = 0; i < set->count; i++) {
        Type type = set->items[i];
        if (type.shape == SHAPE_COLLECTION) {
            type.shape = SHAPE_INSTANCE;
            type.key = 0;
        }
        else if (type.shape != SHAPE_OTHER && type.shape != SHAPE_INSTANCE)
            continue;
        typeset_add(&result, type);
    }
    return result;
}

/* --- conventions --- */

void resolver_learn(Resolver *r, Sym variable, Shape shape, ClassId class_id)
{
    map_put(&r->learned, variable, map_key2((uint32_t)shape, class_id));
}

/* Looks for the longest known name that `name` ends with after an underscore: new_issue -> issue. */
static uint64_t *find_variable(Resolver *r, Str name, const char **why)
{
    while (name.length && (name.data[0] == '@' || name.data[0] == '$' || name.data[0] == '_'))
        name = str_slice(name, 1, name.length);
    for (;;) {
        Sym sym = names_lookup(r->program->names, name);
        uint64_t *found = sym ? map_get(&r->learned, sym) : NULL;
        *why = "elsewhere a variable of this name is proved to be one";
        if (found)
            return found;
        found = sym ? map_get(&r->variables, sym) : NULL;
        *why = "named after the model";
        if (found) {
            program_fired(r->program, (const Rule *)(uintptr_t)*map_get(&r->variable_rules, sym));
            return found;
        }
        size_t bar = str_find_byte(name, '_', 0);
        if (bar == SIZE_MAX)
            return NULL;
        name = str_slice(name, bar + 1, name.length);
    }
}

TypeSet resolver_learned(Resolver *r, FileId file, NodeId node, Sym name)
{
    return name && map_get(&r->learned, name) ? resolver_convention(r, file, node, name)
                                              : (TypeSet){0};
}

/* A class of another language gives names here only when its fields are looked for. */
static bool speaks_language(const Resolver *r, FileId file, ClassId class_id)
{
    const Class *class = r->program->classes.items[class_id];
    for (size_t i = 0; i < class->places.count; i++) {
        if (strcmp(language_of(r, class->places.items[i].file)->family,
                   language_of(r, file)->family) == 0)
            return true;
    }
    return !class->places.count || map_get(&r->targets, class_id) != NULL;
}

TypeSet resolver_convention(Resolver *r, FileId file, NodeId node, Sym name)
{
    TypeSet set = {0};
    if (!r->conventions || !name || language_of(r, file)->typed)
        return set;
    const char *why;
    uint64_t *found = find_variable(r, names_str(r->program->names, name), &why);
    if (!found || !speaks_language(r, file, (ClassId)*found))
        return set;
    typeset_add(&set, (Type){.shape = (uint8_t)(*found >> 32),
                             .confidence = CONFIDENCE_LIKELY,
                             .class_id = (ClassId)*found,
                             .reason = resolver_reason(r, file, node, why, 0)});
    return set;
}

/* --- calls --- */

TypeSet resolver_called_after(Resolver *r, FileId file, NodeId call, Meaning *keywords)
{
    Sym name = called_name(r, node_at(r, file, call)->name);
    uint64_t *rule = map_get(&r->variable_rules, name);
    *keywords = rule ? ((const Rule *)(uintptr_t)*rule)->keywords : MEANING_NONE;
    return *keywords ? resolver_convention(r, file, call, name) : (TypeSet){0};
}

/* orders(:first): a function that nobody declares, by the name that the packs know. */
static TypeSet conventional_call(Resolver *r, FileId file, NodeId node)
{
    NodeId argument = child_of(r, file, node, ROLE_ARGUMENT);
    Sym name = node_at(r, file, node)->name;
    TypeSet self = resolver_self(r, file, node);
    if (!argument || node_at(r, file, argument)->kind != FACT_SYMBOL ||
        (self.count && program_member(r->program, self.items[0].class_id, name)))
        return (TypeSet){0};
    return resolver_convention(r, file, node, called_name(r, name));
}

static TypeSet construct(Resolver *r, const TypeSet *callee)
{
    TypeSet set = {0};
    for (uint32_t i = 0; i < callee->count; i++) {
        Type type = callee->items[i];
        if (type.shape != SHAPE_CLASS)
            continue;
        TypeSet made = companion_made(r, type.class_id);
        type.shape = SHAPE_INSTANCE;
        if (made.count)
            typeset_join(&set, &made);
        else
            typeset_add(&set, type);
    }
    return set;
}

/* Order(...): a new object of the class that the call's name means. */
static TypeSet constructed(Resolver *r, FileId file, NodeId call)
{
    TypeSet class_types =
        resolver_named_class(r, file, call, node_at(r, file, call)->name, SHAPE_CLASS);
    return construct(r, &class_types);
}

/* A call of something that no parsed file declares: a class that is called, by its spelling. */
static TypeSet unseen_call(Resolver *r, FileId file, NodeId call)
{
    const Node *n = node_at(r, file, call);
    const Language *language = language_of(r, file);
    if (language->folder_scope)
        return resolver_need_any(r, file, n->name);
    bool made = !language->bare_call && resolver_spelled_as_class(r, n);
    return made ? constructed(r, file, call) : (TypeSet){0};
}

static TypeSet bare_call_type(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node_at(r, file, node);
    const Language *language = language_of(r, file);
    TypeSet set = {0};
    bool local;
    if (!language->bare_call && resolver_called_value(r, file, node, &set))
        return set;
    TypeSet callee = resolver_local(r, file, node, &local);
    set = construct(r, &callee);
    if (set.count)
        return set;
    set = resolver_rule_result(r, NULL, n->name, file, node);
    if (!set.count)
        set = conventional_call(r, file, node);
    if (!set.count && language->implicit_self)
        set = resolver_implicit_self(r, file, node, n->name);
    if (!set.count && !language->bare_call && names_a_type(r, n->name))
        set = constructed(r, file, node);
    if (!set.count)
        set = resolver_function(r, file, node);
    set = resolver_handed(r, file, node, &set);
    return set.count ? set : unseen_call(r, file, node);
}

/* get<Order[]>(url): what a generic function of somebody else's gives is named by the caller. */
static TypeSet type_argument(Resolver *r, FileId file, NodeId node, TypeSet set)
{
    NodeId type = set.count ? 0 : child_of(r, file, node, ROLE_ELEMENT);
    if (type && node_at(r, file, type)->kind == FACT_TYPE) {
        set = resolver_declared(r, file, type);
        typeset_weaken(&set, CONFIDENCE_LIKELY);
    }
    return set;
}

/* shop.lib.query, after `import shop.lib.query`. */
static TypeSet imported_path(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node_at(r, file, node);
    const File *f = r->program->files.items[file];
    TypeSet set = {0};
    for (size_t i = 0; n->kind == FACT_MEMBER && i < f->imports.count && !set.count; i++) {
        const ImportEntry *entry = &f->imports.items[i];
        if (entry->local == n->name && !entry->name &&
            str_eq(program_text(r->program, file, node), names_str(r->program->names, entry->module)))
            typeset_add(&set, (Type){.shape = SHAPE_MODULE, .module = entry->module,
                                     .reason = resolver_reason(r, file, node, NULL, 0)});
    }
    return set;
}

static bool is_property(const Resolver *r, MemberId id)
{
    Place place = r->program->members.items[id].place;
    return (node_at(r, place.file, place.node)->flags & FLAG_PROPERTY) != 0;
}

/* models.Order(...), self.order_class(...): a class that a module or a field holds, called. */
static bool constructs(const Resolver *r, const Node *node, Type base, const TypeSet *member)
{
    if (node->kind != FACT_CALL || !member->count || member->items[0].shape != SHAPE_CLASS)
        return false;
    MemberId id = base.class_id ? program_member(r->program, base.class_id, node->name) : 0;
    MemberKind kind = r->program->members.items[id].kind;
    if (base.shape == SHAPE_COLLECTION && !id)
        return true; /* self.model(...) of a manager */
    return base.shape == SHAPE_MODULE
               ? r->program->classes.items[member->items[0].class_id]->name == node->name
               : id && (kind == MEMBER_FIELD || kind == MEMBER_ASSIGNED || is_property(r, id));
}

bool resolver_constructs(Resolver *r, FileId file, NodeId call)
{
    const Node *n = node_at(r, file, call);
    NodeId receiver = child_of(r, file, call, ROLE_RECEIVER);
    TypeSet base = {0};
    if (n->kind == FACT_CALL && n->name && receiver && !language_of(r, file)->bare_call)
        base = resolver_type(r, file, receiver);
    for (uint32_t i = 0; i < base.count; i++) {
        TypeSet member = resolver_member(r, base.items[i], n->name, file, call);
        if (constructs(r, n, base.items[i], &member))
            return true;
    }
    return false;
}

static TypeSet known_member(Resolver *r, FileId file, NodeId node, const TypeSet *base)
{
    const Node *n = node_at(r, file, node);
    TypeSet set = {0};
    for (uint32_t i = 0; i < base->count; i++) {
        TypeSet part = resolver_member(r, base->items[i], n->name, file, node);
        if (constructs(r, n, base->items[i], &part))
            part = construct(r, &part);
        typeset_join(&set, &part);
    }
    return set;
}

static TypeSet unknown_base(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node_at(r, file, node);
    TypeSet none = {0};
    if (n->kind == FACT_MEMBER && language_of(r, file)->typed && resolver_spelled_as_class(r, n) &&
        program_class_named(r->program, n->name)) /* shop.Order */
        return resolver_named_class(
            r, file, node, names_intern(r->program->names, program_text(r->program, file, node)),
            SHAPE_CLASS);
    TypeSet set = resolver_rule_result(r, &none, n->name, file, node);
    return set.count ? set : resolver_member(r, (Type){.shape = SHAPE_UNKNOWN}, n->name, file, node);
}

static TypeSet member_type(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node_at(r, file, node);
    NodeId receiver = child_of(r, file, node, ROLE_RECEIVER);
    TypeSet set = {0};
    uint64_t *made = n->kind == FACT_CALL
                         ? map_get(&r->program->class_of_node, map_key2(file, node)) : NULL;
    if (made) {
        typeset_add(&set, (Type){.shape = SHAPE_CLASS, .class_id = (ClassId)*made,
                                 .reason = resolver_reason(r, file, node, NULL, 0)});
        return set;
    }
    if (!receiver)
        return n->name ? bare_call_type(r, file, node) : set;
    set = imported_path(r, file, node);
    if (set.count)
        return set;
    TypeSet base = resolver_type(r, file, receiver);
    if (!n->name)
        return construct(r, &base);
    return base.count ? known_member(r, file, node, &base) : unknown_base(r, file, node);
}

static TypeSet access_type(Resolver *r, FileId file, NodeId node)
{
    TypeSet set = type_argument(r, file, node, member_type(r, file, node));
    NodeId receiver = set.count ? 0 : child_of(r, file, node, ROLE_RECEIVER);
    if (!receiver)
        return set;
    TypeSet base = resolver_type(r, file, receiver);
    return resolver_outside(r, file, node, &base);
}

static TypeSet joined(Resolver *r, FileId file, NodeId a, NodeId b)
{
    TypeSet set = {0};
    if (a)
        set = resolver_type(r, file, a);
    if (b) {
        TypeSet part = resolver_type(r, file, b);
        typeset_join(&set, &part);
    }
    return set;
}

/* a ? b : c; without b, what is tested is the value too. */
static TypeSet choice_type(Resolver *r, FileId file, NodeId node)
{
    NodeId then = child_of(r, file, node, ROLE_THEN);
    return joined(r, file, then ? then : child_of(r, file, node, ROLE_CONDITION),
                  child_of(r, file, node, ROLE_ELSE));
}

static TypeSet binary_type(Resolver *r, FileId file, NodeId node)
{
    Str op = names_str(r->program->names, node_at(r, file, node)->name);
    NodeId left = child_of(r, file, node, ROLE_LEFT), right = child_of(r, file, node, ROLE_RIGHT);
    if (str_eq_c(op, "||") || str_eq_c(op, "or") || str_eq_c(op, "??"))
        return joined(r, file, left, right);
    if (str_eq_c(op, "&&") || str_eq_c(op, "and"))
        return joined(r, file, right, 0);
    TypeSet set = {0}, both = joined(r, file, left, right);
    for (uint32_t i = 0; i < both.count; i++) {
        if (both.items[i].shape == SHAPE_COLLECTION ||
            (both.items[i].shape == SHAPE_INSTANCE && language_of(r, file)->typed))
            typeset_add(&set, both.items[i]); /* list + list, pointer + 1 */
    }
    return set;
}

static TypeSet new_type(Resolver *r, FileId file, NodeId node)
{
    NodeId type = child_of(r, file, node, ROLE_TYPE);
    if (!type) {
        NodeId named = child_of(r, file, node, ROLE_RECEIVER); /* new $class */
        TypeSet held = {0};
        if (named)
            held = resolver_type(r, file, named);
        return named ? construct(r, &held) : resolver_literal(r, file, node);
    }
    NodeId argument = child_of(r, file, node, ROLE_ELEMENT);
    if (argument && node_at(r, file, argument)->kind == FACT_TYPE &&
        !program_class_named(r->program, node_at(r, file, type)->name))
        return resolver_held_by(r, file, argument);
    TypeSet made;
    if (node_at(r, file, type)->kind == FACT_TYPE || node_at(r, file, type)->kind == FACT_SELF) {
        made = resolver_declared(r, file, type);
    } else {
        TypeSet callee = resolver_type(r, file, type);
        made = construct(r, &callee);
    }
    for (uint32_t i = 0; i < made.count; i++) {
        if (made.items[i].class_id && !made.items[i].given)
            made.items[i].given = generic_new(r, file, node, made.items[i].class_id);
    }
    return made;
}

static TypeSet other(void)
{
    return (TypeSet){1, {{.shape = SHAPE_OTHER}}};
}

static TypeSet compute(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node_at(r, file, node);
    TypeSet set = {0};
    switch (n->kind) {
    case FACT_NAME: return resolver_name(r, file, node);
    case FACT_SELF: return resolver_self(r, file, node);
    case FACT_SUPER: return resolver_super(r, file, node);
    case FACT_MEMBER:
    case FACT_CALL: return access_type(r, file, node);
    case FACT_NEW: return new_type(r, file, node);
    case FACT_ELEMENT: return resolver_indexed(r, file, node);
    case FACT_MAP: return resolver_map(r, file, node);
    case FACT_LIST:
    case FACT_COMPREHENSION: return resolver_list(r, file, node);
    case FACT_CHOICE:
        return choice_type(r, file, node);
    case FACT_BINARY: return binary_type(r, file, node);
    case FACT_CAST: {
        NodeId type = child_of(r, file, node, ROLE_TYPE);
        return type ? resolver_declared(r, file, type) : set;
    }
    case FACT_TYPE: return resolver_declared(r, file, node);
    case FACT_ASSIGN:
    case FACT_UNARY:
    case FACT_ADDRESS:
    case FACT_KEYWORD:
    case FACT_SPLAT:
    case FACT_PAIR: return joined(r, file, child_of(r, file, node, ROLE_VALUE), 0);
    case FACT_GROUP:
    case FACT_BLOCK:
    case FACT_IF:
    case FACT_SWITCH:
    case FACT_TRY: resolver_last_value(r, file, node, &set, 0); return set;
    case FACT_STRING:
    case FACT_SYMBOL:
    case FACT_LAMBDA: return other();
    default: return set;
    }
}

TypeSet resolver_type(Resolver *r, FileId file, NodeId node)
{
    uint32_t *memo = &r->program->files.items[file]->types[node];
    if (*memo)
        return resolver_remembered(r, *memo);
    if (r->depth > DEEPEST)
        return (TypeSet){0};
    *memo = SET_BUSY;
    uint32_t given = r->given;
    r->given = 0; /* an answer that is kept is for any caller */
    r->depth++;
    TypeSet set = compute(r, file, node);
    r->depth--;
    r->given = given;
    *memo = resolver_remember(r, &set);
    return set;
}
