/*
 * Twins: a write of the old field and one of the new must both happen, or
 * neither. The twin of a write is looked for on every path through the function
 * that goes through the write: what surely ran before it, and what surely runs
 * after it, before a return. Calls of helpers that surely write count. Only the
 * structure is followed, no values: a loop's body counts as run, an exception
 * as never thrown.
 *
 * Two writes are of one object unless their receivers are proved to be
 * different paths (`a.legal_entity` and `b`); what is no plain path is given
 * the benefit of the doubt.
 *
 * Cost: for each write one walk over its function's nodes.
 */
#include "analyze/phase/phase_private.h"

#include "analyze/program/binding.h"

#include <string.h>

enum { LONGEST_PATH = 16 };

/* --- the path of an object --- */

/* The one value that a local name has, or 0. */
static NodeId only_value(const Judging *j, FileId file, NodeId node)
{
    const Binding *bindings[2];
    size_t count = binding_lookup(j->analysis->program->files.items[file], node, bindings, 2);
    if (count != 1 || bindings[0]->kind != BINDING_VALUE)
        return 0;
    return bindings[0]->value;
}

static NodeId first_alternative(const Facts *facts, NodeId choice)
{
    NodeId then = fact_child(facts, choice, ROLE_THEN);
    return then ? then : facts->nodes[choice].child;
}

typedef struct PathParts {
    Sym parts[LONGEST_PATH]; /* innermost last; [0] is what it ends with */
    size_t count;
    NodeId base; /* the node before the last part: of "a.b.c", that of "a.b"; 0 */
    bool known;
} PathParts;

/* Ends a path at its root. */
static void end_path(PathParts *path, Sym root)
{
    if (path->count < LONGEST_PATH)
        path->parts[path->count++] = root;
    path->known = true;
}

/* Takes one step from `node` towards the root; 0 when the path ends or is no plain one. */
static NodeId step_inwards(const Judging *j, FileId file, NodeId node, PathParts *path)
{
    const Program *program = j->analysis->program;
    const Facts *facts = &program->files.items[file]->facts;
    const Node *n = &facts->nodes[node];
    Sym self = names_intern_c(program->names, "self");
    NodeId value = 0, receiver = fact_child(facts, node, ROLE_RECEIVER);
    switch (n->kind) {
    case FACT_CHOICE:
    case FACT_GROUP: return first_alternative(facts, node);
    case FACT_SELF: end_path(path, self); return 0;
    case FACT_NAME:
        value = only_value(j, file, node);
        if (!value && !(n->flags & FLAG_CONSTANT))
            end_path(path, n->name);
        return value;
    case FACT_CALL:
        if (fact_child(facts, node, ROLE_ARGUMENT))
            return 0;
        break;
    case FACT_MEMBER: break;
    default: return 0;
    }
    path->parts[path->count++] = n->name;
    if (path->count == 1)
        path->base = receiver;
    if (!receiver)
        end_path(path, self); /* a member of self */
    return receiver;
}

/* "merchant.legal_entity" behind any number of local names; unknown for anything else. */
static PathParts path_of(const Judging *j, FileId file, NodeId node)
{
    PathParts path = {0};
    for (int steps = 0; node && steps < 2 * LONGEST_PATH && path.count < LONGEST_PATH; steps++)
        node = step_inwards(j, file, node, &path);
    return path;
}

static bool same_path(const PathParts *a, const PathParts *b)
{
    return a->count == b->count &&
           memcmp(a->parts, b->parts, a->count * sizeof *a->parts) == 0;
}

bool pair_same_path(const Judging *j, FileId file, NodeId a, NodeId b)
{
    PathParts first = path_of(j, file, a), second = path_of(j, file, b);
    return first.known && second.known && same_path(&first, &second);
}

/* Strips "through" (dotted) from the end of `path`; false when it does not end so. */
static bool strip_through(const Judging *j, PathParts *path, const char *through)
{
    const Names *names = j->analysis->program->names;
    Str rest = str_of(through);
    size_t stripped = 0;
    while (rest.length) {
        size_t start = rest.length;
        while (start && rest.data[start - 1] != '.')
            start--;
        Str part = str_slice(rest, start, rest.length);
        if (stripped >= path->count || !str_eq(names_str(names, path->parts[stripped]), part))
            return false;
        stripped++;
        rest = str_slice(rest, 0, start ? start - 1 : 0);
    }
    path->count -= stripped;
    memmove(path->parts, path->parts + stripped, path->count * sizeof *path->parts);
    return true;
}

static bool crosses_models(const Migration *migration)
{
    return migration->to_model && strcmp(migration->to_model, migration->model) != 0;
}

/* False when the two writes are proved to be of different objects. */
static bool same_object(const Judging *j, const Hit *old, const Hit *new)
{
    const Migration *migration = hit_migration(j, old);
    if (old->node == new->node || !old->receiver || !new->receiver)
        return true;
    PathParts a = path_of(j, old->file, old->receiver), b = path_of(j, new->file, new->receiver);
    if (!a.known || !b.known)
        return true;
    if (!crosses_models(migration))
        return same_path(&a, &b);
    /* a path that is nothing but the way through starts at an unknown owner */
    return !migration->through || !strip_through(j, &b, migration->through) || !b.count ||
           same_path(&a, &b);
}

bool pair_reaches_owner(const Judging *j, const Hit *hit)
{
    const Migration *migration = hit_migration(j, hit);
    if (!crosses_models(migration))
        return true;
    if (!migration->through || !hit->receiver)
        return false;
    PathParts path = path_of(j, hit->file, hit->receiver);
    NodeId base = path.base;
    if (!strip_through(j, &path, migration->through))
        return false;
    if (!base || str_find_byte(str_of(migration->through), '.', 0) != SIZE_MAX)
        return path.known;
    TypeSet types = resolver_type(j->analysis->resolver, hit->file, base);
    for (uint32_t f = 0; f < j->analysis->fields.count; f++) {
        const TargetField *field = &j->analysis->fields.items[f];
        Verdict verdict;
        if (!field->is_new && j->analysis->models.items[field->model].migration == migration)
            return types.count && analysis_judge(j->analysis, f, 1u << SHAPE_INSTANCE, &types,
                                                 &verdict);
    }
    return false;
}

/* --- writes by field and file --- */

static uint64_t file_key(uint32_t field, FileId file)
{
    return map_key2(field + 1, file);
}

static bool is_twin_field(const Judging *j, const TargetField *field, const TargetField *other)
{
    const TargetModel *models = j->analysis->models.items;
    if (field->is_new == other->is_new ||
        models[field->model].migration != models[other->model].migration)
        return false;
    const TargetField *old = field->is_new ? other : field, *new = field->is_new ? field : other;
    return old->map->to && str_eq_c(names_str(j->analysis->program->names, new->name), old->map->to);
}

/* The function, class body, SQL statement or file that a write must find its twin in. */
static NodeId scope_of(const Judging *j, FileId file, NodeId node)
{
    const File *f = j->analysis->program->files.items[file];
    NodeId function = program_enclosing_function(j->analysis->program, file, node);
    if (function)
        return function;
    NodeId scope = fact_ancestor(&f->facts, node, FACT_SQL);
    if (!scope)
        scope = fact_ancestor(&f->facts, node, FACT_CLASS);
    if (!scope && strcmp(f->language->frontend, "data") == 0)
        scope = fact_ancestor(&f->facts, node, FACT_MAP);
    return scope ? scope : 1;
}

/* One past the last node of the subtree. */
static NodeId subtree_end(const Facts *facts, NodeId node)
{
    NodeId end = node + 1;
    for (NodeId n = node; n; n = facts->nodes[n].parent) {
        if (facts->nodes[n].next)
            return facts->nodes[n].next;
        end = facts->count;
    }
    return end;
}

/* --- what surely runs --- */

static void make_room(Judging *j, size_t count)
{
    if (j->scratch >= count)
        return;
    j->scratch = count * 2;
    j->covered = mem_realloc(j->covered, j->scratch);
    j->exits = mem_realloc(j->exits, j->scratch);
}

static bool any_covered(const Judging *j, const Facts *facts, NodeId node, uint32_t roles)
{
    for (NodeId c = facts->nodes[node].child; c; c = facts->nodes[c].next) {
        if ((roles >> facts->nodes[c].role & 1) && j->covered[c])
            return true;
    }
    return false;
}

/* True when there is a child of one of `roles`, and all of them are covered. */
static bool all_covered(const Judging *j, const Facts *facts, NodeId node, uint32_t roles)
{
    bool some = false;
    for (NodeId c = facts->nodes[node].child; c; c = facts->nodes[c].next) {
        if (!(roles >> facts->nodes[c].role & 1))
            continue;
        if (!j->covered[c])
            return false;
        some = true;
    }
    return some;
}

#define ROLE_BIT(role) (1u << ROLE_##role)

static const uint32_t BEFORE_BRANCHES = ROLE_BIT(CONDITION) | ROLE_BIT(VALUE) | ROLE_BIT(FINALLY);

static bool is_branch(FactKind kind)
{
    return kind == FACT_IF || kind == FACT_CHOICE || kind == FACT_SWITCH || kind == FACT_TRY;
}

/* Whether a branching node surely runs a twin, from what is known of its children. */
static bool branch_covered(const Judging *j, const Facts *facts, NodeId node)
{
    if (any_covered(j, facts, node, BEFORE_BRANCHES))
        return true;
    switch (facts->nodes[node].kind) {
    case FACT_TRY: return any_covered(j, facts, node, ROLE_BIT(BODY));
    case FACT_SWITCH: return all_covered(j, facts, node, ROLE_BIT(NONE) | ROLE_BIT(BODY));
    case FACT_IF:
        return fact_child(facts, node, ROLE_ELSE) &&
               all_covered(j, facts, node, ROLE_BIT(THEN) | ROLE_BIT(ELSE));
    default: return all_covered(j, facts, node, ROLE_BIT(THEN) | ROLE_BIT(ELSE));
    }
}

bool pair_callee(const Judging *j, FileId file, NodeId call, Place *callee)
{
    const Program *program = j->analysis->program;
    const Facts *facts = &program->files.items[file]->facts;
    NodeId receiver = fact_child(facts, call, ROLE_RECEIVER);
    Sym name = facts->nodes[call].name;
    MemberId member = 0;
    if (receiver && facts->nodes[receiver].kind != FACT_SELF) {
        TypeSet types = resolver_type(j->analysis->resolver, file, receiver);
        if (types.count == 1 && types.items[0].class_id)
            member = program_member(program, types.items[0].class_id, name);
    } else {
        ClassId around = program_enclosing_class(program, file, call);
        member = around ? program_member(program, around, name) : 0;
        uint64_t *first = member || receiver ? NULL : map_get(&program->functions_by_name, name);
        if (first) {
            *callee = program->functions.items[*first - 1];
            return true;
        }
    }
    if (member)
        *callee = program->members.items[member].place;
    return member != 0;
}

static uint64_t helper_key(uint32_t field, Place function)
{
    return map_key2(function.file, function.node) * 31 + field;
}

static bool writes_by_helper(const Judging *j, FileId file, NodeId id)
{
    const Node *node = &j->analysis->program->files.items[file]->facts.nodes[id];
    Place callee;
    if ((node->kind != FACT_CALL && node->kind != FACT_MEMBER && node->kind != FACT_NAME) ||
        !node->name || !map_get(&j->helper_names, node->name) ||
        !pair_callee(j, file, id, &callee))
        return false;
    for (uint32_t f = 0; f < j->analysis->fields.count; f++) {
        if (j->wanted[f] && map_get(&j->helpers, helper_key(f, callee)))
            return true;
    }
    return false;
}

/* Spreads what is marked in j->covered upwards, from the leaves to `scope`. */
static void spread(Judging *j, FileId file, NodeId scope, NodeId end)
{
    const Facts *facts = &j->analysis->program->files.items[file]->facts;
    for (NodeId n = end - 1; n >= scope && n; n--) {
        const Node *node = &facts->nodes[n];
        bool inner = n != scope && (node->kind == FACT_FUNCTION || node->kind == FACT_CLASS);
        bool covered = j->covered[n] || writes_by_helper(j, file, n);
        bool exits = node->kind == FACT_RETURN;
        for (NodeId c = node->child; c && !inner; c = facts->nodes[c].next) {
            covered |= j->covered[c] && !is_branch((FactKind)node->kind);
            exits |= j->exits[c] && node->kind != FACT_LAMBDA;
        }
        if (is_branch((FactKind)node->kind))
            covered |= branch_covered(j, facts, n);
        j->covered[n] = covered && !inner;
        j->exits[n] = exits && !inner;
    }
}

/* Marks the twins of `hit` in a scope: of the same object, or of any. */
static void mark_twins(Judging *j, const Hit *hit, FileId file, NodeId scope, NodeId end, bool any_object)
{
    const TargetField *field = hit_field(j, hit);
    memset(j->covered + scope, 0, end - scope);
    memset(j->exits + scope, 0, end - scope);
    for (uint32_t f = 0; f < j->analysis->fields.count; f++) {
        const TargetField *other = &j->analysis->fields.items[f];
        uint64_t *first = map_get(&j->by_file, file_key(f, file));
        j->wanted[f] = is_twin_field(j, field, other);
        if (!first || !j->wanted[f])
            continue;
        for (uint32_t i = (uint32_t)*first; i; i = j->next[i - 1]) {
            const Hit *twin = &j->analysis->hits.items[i - 1];
            const Hit *old = field->is_new ? twin : hit, *new = field->is_new ? hit : twin;
            if (twin->node >= scope && twin->node < end && (any_object || same_object(j, old, new)))
                j->covered[twin->node] = 1;
        }
    }
}

/* Walks up from the write: siblings that surely ran before, or surely run after it. */
static bool is_paired(const Judging *j, const Facts *facts, NodeId node, NodeId scope)
{
    bool ended = false; /* what follows may not be reached */
    if (j->covered[node])
        return true;
    for (NodeId n = node; n != scope; n = facts->nodes[n].parent) {
        NodeId parent = facts->nodes[n].parent;
        if (is_branch((FactKind)facts->nodes[parent].kind)) {
            if (any_covered(j, facts, parent, BEFORE_BRANCHES))
                return true;
            continue;
        }
        for (NodeId c = facts->nodes[parent].child; c; c = facts->nodes[c].next) {
            bool before = c < n;
            if (c != n && j->covered[c] && (before || !ended))
                return true;
            ended |= !before && c != n && j->exits[c];
        }
        ended |= facts->nodes[parent].kind == FACT_RETURN;
    }
    return false;
}

/* A setter that writes both copies makes writes through it paired; see fields_from. */
static bool goes_through_setter(const Judging *j, const Hit *hit)
{
    const Migration *migration = hit_migration(j, hit);
    const Program *program = j->analysis->program;
    const Node *node = program_node(program, hit->file, hit->node);
    if (!migration->fields_from || node->kind == FACT_STRING || node->kind == FACT_COLUMN)
        return false;
    NodeId call = phase_taker(j, hit->file, hit->node);
    for (const Rule *rule = call ? rules_find(&program->rules->calls,
                                              program_node(program, hit->file, call)->name)
                                 : NULL;
         rule; rule = rule->next_same_name) {
        if (rule->raw)
            return false;
    }
    return true;
}

bool pair_stands_at(Judging *j, const Hit *hit, FileId file, NodeId node, bool any_object)
{
    const Facts *facts = &j->analysis->program->files.items[file]->facts;
    NodeId scope = scope_of(j, file, node);
    NodeId end = subtree_end(facts, scope);
    make_room(j, facts->count);
    mark_twins(j, hit, file, scope, end, any_object);
    spread(j, file, scope, end);
    return is_paired(j, facts, node, scope);
}

bool pair_is_missing(Judging *j, const Hit *hit)
{
    if (!hit_field(j, hit)->is_new && goes_through_setter(j, hit))
        return false;
    return !pair_stands_at(j, hit, hit->file, hit->node, false) && !callers_pair(j, hit);
}

/* --- helpers --- */

/* Whether the function around a write always comes to it. */
static bool always_writes(Judging *j, const Hit *hit, NodeId function)
{
    const Facts *facts = &hit_file(j, hit)->facts;
    NodeId end = subtree_end(facts, function);
    make_room(j, facts->count);
    memset(j->covered + function, 0, end - function);
    memset(j->exits + function, 0, end - function);
    memset(j->wanted, 0, j->analysis->fields.count);
    j->wanted[hit->field] = true;
    j->covered[hit->node] = 1;
    spread(j, hit->file, function, end);
    return j->covered[function];
}

/* Notes the functions that surely write a field. */
static void find_helpers(Judging *j)
{
    const Program *program = j->analysis->program;
    for (size_t i = 0; i < j->analysis->hits.count; i++) {
        const Hit *hit = &j->analysis->hits.items[i];
        NodeId function = program_enclosing_function(program, hit->file, hit->node);
        Sym name = function ? program_node(program, hit->file, function)->name : 0;
        Place place = {hit->file, function};
        if (hit->kind != ACCESS_WRITE || !name ||
            map_get(&j->helpers, helper_key(hit->field, place)) || !always_writes(j, hit, function))
            continue;
        map_put(&j->helpers, helper_key(hit->field, place), 1);
        map_put(&j->helper_names, name, 1);
    }
}

void pair_prepare(Judging *j)
{
    const Analysis *a = j->analysis;
    j->next = mem_alloc((a->hits.count + 1) * sizeof *j->next);
    for (size_t i = 0; i < a->hits.count; i++) {
        const Hit *hit = &a->hits.items[i];
        j->next[i] = 0;
        if (hit->kind != ACCESS_WRITE || hit->confidence > j->weakest)
            continue;
        uint64_t *first = map_get(&j->by_file, file_key(hit->field, hit->file));
        j->next[i] = first ? (uint32_t)*first : 0;
        map_put(&j->by_file, file_key(hit->field, hit->file), i + 1);
    }
    j->wanted = mem_alloc(a->fields.count + 1);
    find_helpers(j);
}

void pair_release(Judging *j)
{
    map_release(&j->by_file);
    map_release(&j->helpers);
    map_release(&j->helper_names);
    callers_release(j);
    free(j->wanted);
    free(j->next);
    free(j->covered);
    free(j->exits);
    *j = (Judging){0};
}
