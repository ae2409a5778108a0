/*
 * The dataflow over one function: states flow along the edges of its Flow until
 * nothing changes; then one pass over the settled states records what is saved.
 * Objects and flags only ever join, so blocks are seen a handful of times each,
 * and the cost is linear in the function's size times the objects alive at once.
 *
 * Functions are summarized on demand, callees first; recursion is cut (a
 * function being summarized does nothing) and bounded by CALL_DEPTH_MAX.
 */
#include "analyze/saves/dirty_private.h"

#include <string.h>

enum { VISITS_MAX = 12 };

Dirty *dirty_new(Program *program, Resolver *resolver)
{
    Dirty *d = mem_alloc(sizeof *d);
    *d = (Dirty){.program = program, .resolver = resolver};
    arena_init(&d->arena);
    return d;
}

static void forget(Dirty *d)
{
    for (size_t i = 0; i < d->summaries.count; i++)
        array_release(&((Summary *)(uintptr_t)d->summaries.items[i].value)->effects);
    for (size_t i = 0; i < d->chains.count; i++)
        array_release(&((ClassChains *)(uintptr_t)d->chains.items[i].value)->chains);
    map_clear(&d->summaries);
    map_clear(&d->chains);
    map_clear(&d->hit_at);
    d->hits.count = 0;
    arena_release(&d->arena);
    arena_init(&d->arena);
}

void dirty_free(Dirty *d)
{
    if (!d)
        return;
    forget(d);
    map_release(&d->summaries);
    map_release(&d->chains);
    map_release(&d->hit_at);
    array_release(&d->handlers);
    array_release(&d->hits);
    arena_release(&d->arena);
    free(d);
}

/* --- summaries --- */

void record_effect(Walk *w, Effect effect)
{
    if (w->emit && w->summary && w->summary->effects.count < EFFECTS_MAX)
        array_push(&w->summary->effects, effect);
}

static bool param_index(const Walk *w, Sym name, uint32_t *index)
{
    uint32_t i = 0;
    for (NodeId c = w->facts->nodes[w->root].child; c; c = w->facts->nodes[c].next) {
        if (w->facts->nodes[c].role != ROLE_PARAM)
            continue;
        if (w->facts->nodes[c].name == name) {
            *index = i;
            return true;
        }
        i++;
    }
    return false;
}

bool effect_path(const Walk *w, ObjectId object, EffectPath *path)
{
    const Object *o = &w->objects.items[object];
    *path = (EffectPath){.length = o->depth};
    for (; o->parent; o = &w->objects.items[o->parent])
        path->members[o->depth - 1] = o->key;
    path->root = EFFECT_SELF;
    if (o->root == ROOT_NAME) {
        path->root = EFFECT_PARAM;
        return param_index(w, o->key, &path->param);
    }
    return o->root == ROOT_SELF;
}

static void flags_effect(Walk *w, const EffectPath *path, const StateEntry *entry)
{
    uint32_t flags = flags_known(entry->flags) &
                     (OBJECT_NEW | OBJECT_CHANGED | OBJECT_MAYBE | OBJECT_PLACED | OBJECT_HANDED);
    if (flags & ~(uint32_t)OBJECT_MAYBE)
        record_effect(w, (Effect){.kind = EFFECT_FLAGS, .path = *path, .flags = flags,
                                  .class_id = w->objects.items[entry->at].class_id,
                                  .place = entry->evidence});
}

/* Paths below a result, as members of the caller's result. */
static void result_effects(Walk *w, ObjectId result)
{
    for (size_t i = 0; i < w->state.entries.count; i++) {
        const StateEntry *entry = &w->state.entries.items[i];
        if (!object_below(w, entry->at, result))
            continue;
        EffectPath path;
        effect_path(w, entry->at, &path);
        path.root = EFFECT_RESULT;
        const StateEntry *flags = entry->to ? state_flags(&w->state, entry->to) : entry;
        if (flags)
            flags_effect(w, &path, flags);
    }
}

/* A parameter's object was put at a link of another one. */
static void put_effect(Walk *w, const EffectPath *path, const StateEntry *entry)
{
    const Object *member = &w->objects.items[entry->at];
    Effect effect = {.kind = EFFECT_PUT, .path = *path, .place = entry->evidence};
    ClassId owner = w->objects.items[member->parent].class_id;
    if (!owner && path->root == EFFECT_SELF && path->length == 1)
        owner = program_enclosing_class(w->dirty->program, w->file, w->root);
    if (effect_path(w, entry->to, &effect.alias) && effect.alias.root == EFFECT_PARAM &&
        is_link(w->dirty, owner, member->key))
        record_effect(w, effect);
}

static void exit_effects(Walk *w)
{
    ObjectId returned = object_root(w, ROOT_RETURN, 0);
    Objects results = state_at(&w->state, returned);
    for (size_t i = 0; i < w->state.entries.count; i++) {
        const StateEntry *entry = &w->state.entries.items[i];
        const StateEntry *flags = entry->to ? state_flags(&w->state, entry->to) : entry;
        EffectPath path;
        if (entry->at == returned || !effect_path(w, entry->at, &path) || (entry->to && !path.length))
            continue;
        EffectPath own;
        bool told = entry->to && entry->to != entry->at && effect_path(w, entry->to, &own);
        if (flags && !told)
            flags_effect(w, &path, flags);
        if (told)
            put_effect(w, &path, entry);
    }
    for (uint32_t i = 0; i < results.count; i++) {
        Effect effect = {.kind = EFFECT_ALIAS, .path = {.root = EFFECT_RESULT}};
        if (results.items[i] == returned)
            continue;
        if (effect_path(w, results.items[i], &effect.alias))
            record_effect(w, effect);
        else
            result_effects(w, results.items[i]);
    }
}

/* --- the fixpoint --- */

static void run_block(Walk *w, const FlowBlock *block)
{
    for (uint32_t i = 0; i < block->count; i++)
        step_node(w, w->flow.steps.items[block->first + i]);
}

static void start_walk(Walk *w, State *states)
{
    states[FLOW_ENTRY].reached = true;
    w->values = mem_alloc((w->end - w->root + 1) * sizeof *w->values);
    memset(w->values, 0, (w->end - w->root + 1) * sizeof *w->values);
    object_root(w, ROOT_SELF, 0);
}

static bool follow_edge(Walk *w, const FlowEdge *edge, State *states, bool *due)
{
    State before = {0};
    if (edge->condition) {
        state_copy(&before, &w->state);
        condition_proves(w, edge->condition, edge->holds);
    }
    bool changed = state_join(&states[edge->to], &w->state);
    due[edge->to] |= changed;
    if (edge->condition)
        state_copy(&w->state, &before);
    state_release(&before);
    return changed;
}

/* Blocks were made in about the order in which they run. */
static void settle(Walk *w, State *states)
{
    size_t count = w->flow.blocks.count;
    bool *due = mem_alloc(count * sizeof *due);
    memset(due, 0, count * sizeof *due);
    due[FLOW_ENTRY] = true;
    bool again = true;
    for (int round = 0; again && round < VISITS_MAX; round++) {
        again = false;
        for (size_t i = 0; i < w->flow.order.count; i++) {
            FlowBlockId b = w->flow.order.items[i];
            const FlowBlock *block = &w->flow.blocks.items[b];
            if (!due[b])
                continue;
            due[b] = false;
            state_copy(&w->state, &states[b]);
            if (block->handler && state_join(&states[block->handler], &w->state))
                again = due[block->handler] = true;
            run_block(w, block);
            if (block->handler && state_join(&states[block->handler], &w->state))
                again = due[block->handler] = true;
            for (uint32_t e = block->edges; e; e = w->flow.edges.items[e - 1].next)
                again |= follow_edge(w, &w->flow.edges.items[e - 1], states, due);
        }
    }
    free(due);
}

/* The decorator of the function, or of its class, by which all that changed is saved at its end; 0. */
static NodeId flushing_decorator(const Walk *w, NodeId owner)
{
    Program *program = w->dirty->program;
    for (NodeId c = owner ? w->facts->nodes[owner].child : 0; c; c = w->facts->nodes[c].next) {
        if (w->facts->nodes[c].kind != FACT_DECORATOR)
            continue;
        NodeId call = w->facts->nodes[c].name ? c : w->facts->nodes[c].child;
        for (const Rule *rule = rules_find(&program->rules->saves, w->facts->nodes[call].name); rule;
             rule = rule->next_same_name) {
            if (!(rule->does & DOES_FLUSH) || !(rule->on & ON_BODY) || !rule_speaks(w, rule))
                continue;
            program_fired(program, rule);
            return save_condition(w->dirty, rule, w->file, call) ? c : 0;
        }
    }
    return 0;
}

static void flush_at_end(Walk *w)
{
    if (w->facts->nodes[w->root].kind != FACT_FUNCTION)
        return;
    NodeId decorator = flushing_decorator(w, w->root);
    if (!decorator)
        decorator = flushing_decorator(w, fact_ancestor(w->facts, w->root, FACT_CLASS));
    if (decorator)
        record_flush(w, walk_place(w, w->root), walk_place(w, decorator));
}

static void record(Walk *w, State *states)
{
    w->emit = true;
    bool *done = mem_alloc(w->flow.blocks.count * sizeof *done);
    memset(done, 0, w->flow.blocks.count * sizeof *done);
    for (size_t i = 0; i < w->flow.order.count; i++) {
        FlowBlockId b = w->flow.order.items[i];
        if (!states[b].reached || done[b])
            continue;
        done[b] = true;
        state_copy(&w->state, &states[b]);
        run_block(w, &w->flow.blocks.items[b]);
    }
    free(done);
    if (states[FLOW_EXIT].reached) {
        state_copy(&w->state, &states[FLOW_EXIT]);
        flush_at_end(w);
        exit_effects(w);
    }
}

/*
 * Outside of functions, blocks are given to calls that keep them for later (tests, tasks, routes):
 * one does not see what another did, unless a rule says that the call prepares.
 */
static bool runs_apart(const void *context, NodeId call)
{
    const Walk *w = context;
    if (w->facts->nodes[w->root].kind == FACT_FUNCTION || w->facts->nodes[w->root].kind == FACT_LAMBDA ||
        fact_child(w->facts, call, ROLE_RECEIVER))
        return false;
    for (const Rule *rule = rules_find(&w->dirty->program->rules->saves, w->facts->nodes[call].name);
         rule; rule = rule->next_same_name) {
        if ((rule->does & DOES_PREPARE) && rule_speaks(w, rule)) {
            program_fired(w->dirty->program, rule);
            return false;
        }
    }
    return true;
}

static void analyse(Dirty *d, FileId file, NodeId root, Summary *summary)
{
    const Facts *facts = &d->program->files.items[file]->facts;
    Walk w = {.dirty = d, .file = file, .facts = facts, .root = root, .summary = summary,
              .end = flow_end(facts, root)};
    w.language = d->program->files.items[file]->language;
    w.implicit_self = w.language->implicit_self;
    w.input = (FlowInput){.facts = facts, .names = d->program->names, .language = w.language,
                          .apart = runs_apart, .context = &w};
    if (takes_self(d->program, (Place){file, root}))
        w.self_name = facts->nodes[fact_child(facts, root, ROLE_PARAM)].name;
    flow_make(&w.flow, &w.input, root);
    State *states = mem_alloc(w.flow.blocks.count * sizeof *states);
    memset(states, 0, w.flow.blocks.count * sizeof *states);
    start_walk(&w, states);
    settle(&w, states);
    record(&w, states);
    for (size_t b = 0; b < w.flow.blocks.count; b++)
        state_release(&states[b]);
    state_release(&w.state);
    free(states);
    free(w.values);
    array_release(&w.objects);
    map_release(&w.object_ids);
    flow_release(&w.flow);
}

const Summary *summary_of(Dirty *d, FileId file, NodeId function)
{
    uint64_t *found = map_get(&d->summaries, map_key2(file, function));
    if (found)
        return (const Summary *)(uintptr_t)*found;
    Summary *summary = ARENA_NEW(&d->arena, Summary);
    Summary *filling = ARENA_NEW(&d->arena, Summary);
    map_put(&d->summaries, map_key2(file, function), (uint64_t)(uintptr_t)summary);
    analyse(d, file, function, filling);
    *summary = *filling;
    return summary;
}

/* An object's own variable that nothing declares is no part of the data model. */
static bool is_declared(const Dirty *d, ClassId class_id, Sym member)
{
    return member_of_kind(d->program, class_id, member, MEMBER_ASSOCIATION) ||
           member_of_kind(d->program, class_id, member, MEMBER_METHOD) ||
           member_of_kind(d->program, class_id, member, MEMBER_FIELD);
}

/* Definitions that chain: callbacks and redefined saves that save a member's object. */
static void find_definitions(Dirty *d, ClassId class_id)
{
    const ClassChains *chains = chains_of(d, class_id);
    for (size_t c = 0; c < chains->chains.count; c++) {
        const Chain *chain = &chains->chains.items[c];
        for (size_t e = 0; chain->callback && e < chain->callback->effects.count; e++) {
            const Effect *effect = &chain->callback->effects.items[e];
            if (!chain_reaches(chain, effect) || !is_declared(d, class_id, effect->path.members[0]))
                continue;
            push_hit(d, (SaveHit){.place = effect->place,
                                  .saved = class_id,
                                  .other = effect->class_id,
                                  .member = effect->path.members[0],
                                  .confidence = effect->confidence,
                                  .definition = true,
                                  .chain = chain->place});
        }
    }
}

/* What models inherit and include is needed, whoever mentions it. */
static void need_supertypes(Dirty *d)
{
    for (ClassId c = 1; c < d->program->classes.count; c++) {
        const Class *class = d->program->classes.items[c];
        for (size_t i = 0; class->is_model && i < class->supers.count; i++) {
            const Super *super = &class->supers.items[i];
            Str name = names_str(d->program->names, super->name);
            size_t cut = name.length;
            while (cut && byte_is_word((unsigned char)name.data[cut - 1]))
                cut--;
            if (!super->class_id || !d->program->classes.items[super->class_id]->declared)
                resolver_need(d->resolver, NEED_CLASS,
                              names_intern(d->program->names, str_slice(name, cut, name.length)),
                              super->file);
        }
    }
}

void dirty_run(Dirty *d)
{
    forget(d);
    need_supertypes(d);
    handlers_find(d);
    for (FileId f = 1; f < d->program->files.count; f++) {
        const Facts *facts = &d->program->files.items[f]->facts;
        for (NodeId id = 1; id < facts->count; id++) {
            FactKind kind = (FactKind)facts->nodes[id].kind;
            if (kind == FACT_FUNCTION || kind == FACT_CLASS || id == 1)
                summary_of(d, f, id);
        }
    }
    for (ClassId c = 1; c < d->program->classes.count; c++) {
        if (d->program->classes.items[c]->declared && d->program->classes.items[c]->is_model)
            find_definitions(d, c);
    }
}
