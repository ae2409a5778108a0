/*
 * A state is one sorted array; joins merge two of them. Functions touch few
 * objects, so the arrays are short; STATE_MAX bounds hostile ones (what comes
 * later is not tracked, which can only lose findings).
 */
#include "analyze/saves/dirty_private.h"

static ObjectId intern_object(Walk *w, uint64_t key, Object object)
{
    uint64_t *found = map_get(&w->object_ids, key);
    if (found)
        return (ObjectId)*found;
    if (!w->objects.count)
        array_push(&w->objects, (Object){0});
    array_push(&w->objects, object);
    map_put(&w->object_ids, key, w->objects.count - 1);
    return (ObjectId)(w->objects.count - 1);
}

/* Names without @, $ and the like in front: `@user` and `self.user` are one. */
static Sym plain_name(const Walk *w, Sym name)
{
    Str text = names_str(w->dirty->program->names, name);
    Str rest = text;
    while (rest.length && (rest.data[0] == '@' || rest.data[0] == '$'))
        rest = str_slice(rest, 1, rest.length);
    return rest.length == text.length ? name : names_intern(w->dirty->program->names, rest);
}

ObjectId object_root(Walk *w, RootKind kind, uint32_t key)
{
    return intern_object(w, (uint64_t)kind << 60 | key, (Object){.root = (uint8_t)kind, .key = key});
}

ObjectId object_member(Walk *w, ObjectId object, Sym member)
{
    uint8_t depth = w->objects.items[object].depth;
    if (depth >= PATH_MAX || !member)
        return 0;
    member = plain_name(w, member);
    return intern_object(w, map_key2(object, member),
                         (Object){.parent = object, .depth = depth + 1, .key = member});
}

void objects_are(Walk *w, const Objects *objects, ClassId class_id)
{
    for (uint32_t i = 0; i < objects->count; i++) {
        Object *object = &w->objects.items[objects->items[i]];
        if (!object->class_id)
            object->class_id = class_id;
    }
}

bool object_below(const Walk *w, ObjectId object, ObjectId above)
{
    for (; object; object = w->objects.items[object].parent) {
        if (object == above)
            return true;
    }
    return false;
}

void objects_add(Objects *set, ObjectId object)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->items[i] == object)
            return;
    }
    if (object && set->count < OBJECTS_MAX)
        set->items[set->count++] = object;
}

void objects_join(Objects *set, const Objects *other)
{
    for (uint32_t i = 0; i < other->count; i++)
        objects_add(set, other->items[i]);
}

static size_t lower_bound(const State *state, ObjectId at, ObjectId to)
{
    size_t low = 0, high = state->entries.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const StateEntry *entry = &state->entries.items[middle];
        if (entry->at < at || (entry->at == at && entry->to < to))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static StateEntry *entry_at(State *state, ObjectId at, ObjectId to, bool make)
{
    size_t index = lower_bound(state, at, to);
    StateEntry *found = state->entries.items + index;
    if (index < state->entries.count && found->at == at && found->to == to)
        return found;
    if (!make || state->entries.count >= STATE_MAX)
        return NULL;
    array_push(&state->entries, (StateEntry){0});
    found = state->entries.items + index;
    memmove(found + 1, found, (state->entries.count - 1 - index) * sizeof *found);
    *found = (StateEntry){.at = at, .to = to};
    return found;
}

static size_t drop_if(const Walk *w, State *state, bool (*drop)(const Walk *, const StateEntry *, ObjectId),
                      ObjectId object)
{
    size_t kept = 0;
    for (size_t i = 0; i < state->entries.count; i++) {
        if (!drop(w, &state->entries.items[i], object))
            state->entries.items[kept++] = state->entries.items[i];
    }
    return state->entries.count = kept;
}

static bool binds(const Walk *w, const StateEntry *entry, ObjectId path)
{
    (void)w;
    return entry->at == path && entry->to;
}

static bool is_of(const Walk *w, const StateEntry *entry, ObjectId object)
{
    return object_below(w, entry->at, object);
}

Objects state_at(const State *state, ObjectId path)
{
    Objects set = {0};
    for (size_t i = lower_bound(state, path, 1);
         i < state->entries.count && state->entries.items[i].at == path; i++)
        objects_add(&set, state->entries.items[i].to);
    if (!set.count)
        objects_add(&set, path);
    return set;
}

void state_bind(State *state, ObjectId path, const Objects *objects, Place evidence, bool weak)
{
    if (weak) {
        Objects before = state_at(state, path);
        if (before.count == 1 && before.items[0] == path)
            entry_at(state, path, path, true);
    } else {
        drop_if(NULL, state, binds, path);
    }
    for (uint32_t i = 0; i < objects->count; i++) {
        StateEntry *entry = entry_at(state, path, objects->items[i], true);
        if (entry)
            entry->evidence = evidence;
    }
}

const StateEntry *state_flags(const State *state, ObjectId object)
{
    return entry_at((State *)(uintptr_t)state, object, 0, false);
}

void state_mark(State *state, ObjectId object, uint32_t flags, Place evidence)
{
    StateEntry *entry = object ? entry_at(state, object, 0, true) : NULL;
    if (!entry)
        return;
    uint32_t before = entry->flags;
    bool surer = (before & (OBJECT_NEW | OBJECT_CHANGED)) && !(before & OBJECT_MAYBE);
    if (!(before & (OBJECT_NEW | OBJECT_CHANGED)) || ((before & OBJECT_MAYBE) && !(flags & OBJECT_MAYBE)))
        entry->evidence = evidence;
    entry->flags = (entry->flags | flags) & ~(flags << ASSUMED_SHIFT);
    if (surer || !(flags & OBJECT_MAYBE))
        entry->flags &= ~(uint32_t)OBJECT_MAYBE;
}

void state_clear(State *state, ObjectId object, uint32_t flags)
{
    StateEntry *entry = entry_at(state, object, 0, false);
    if (entry)
        entry->flags &= ~(flags | flags << ASSUMED_SHIFT);
}

void state_settle(const Walk *w, State *state, const Objects *objects)
{
    const uint32_t pending = OBJECT_CHANGED | OBJECT_MAYBE | OBJECT_PLACED | OBJECT_HANDED;
    for (size_t i = 0; i < state->entries.count; i++) {
        StateEntry *entry = &state->entries.items[i];
        bool below = !objects;
        for (uint32_t k = 0; objects && k < objects->count; k++)
            below |= object_below(w, entry->at, objects->items[k]);
        if (below)
            entry->flags &= ~(pending | pending << ASSUMED_SHIFT);
    }
}

void state_assume(State *state, ObjectId object, uint32_t flags, Place evidence)
{
    const StateEntry *found = state_flags(state, object);
    if (found && (found->flags & flags) == flags)
        return;
    state_mark(state, object, flags, evidence);
    StateEntry *entry = entry_at(state, object, 0, false);
    if (entry)
        entry->flags |= flags << ASSUMED_SHIFT;
}

uint32_t flags_known(uint32_t flags)
{
    return flags & ~(flags >> ASSUMED_SHIFT) & ((1u << ASSUMED_SHIFT) - 1);
}

void state_forget(const Walk *w, State *state, ObjectId object)
{
    drop_if(w, state, is_of, object);
}

static void join_entry(State *into, const StateEntry *from, bool *changed)
{
    size_t before = into->entries.count;
    StateEntry *entry = entry_at(into, from->at, from->to, true);
    if (!entry)
        return;
    if (into->entries.count != before) {
        *entry = *from;
        entry->flags = flags_known(from->flags);
        *changed = true;
        return;
    }
    uint32_t assumed = entry->flags & from->flags & (OBJECT_ASSUMED_NEW | OBJECT_ASSUMED_CHANGED);
    uint32_t flags = flags_known(entry->flags) | flags_known(from->flags) | assumed | assumed >> ASSUMED_SHIFT;
    if (!(entry->flags & from->flags & OBJECT_STORED))
        flags &= ~(uint32_t)OBJECT_STORED;
    if (!entry->evidence.file)
        entry->evidence = from->evidence;
    *changed |= flags != entry->flags;
    entry->flags = flags;
}

/* A path that only one side has bound stands for itself on the other. */
static void join_unbound(State *into, const State *from, bool *changed)
{
    ObjectId done = 0;
    for (size_t i = 0; i < from->entries.count; i++) {
        const StateEntry *entry = &from->entries.items[i];
        if (!entry->to || entry->at == done)
            continue;
        done = entry->at;
        size_t at = lower_bound(into, done, 1);
        if (at == into->entries.count || into->entries.items[at].at != done)
            join_entry(into, &(StateEntry){.at = done, .to = done}, changed);
    }
}

bool state_join(State *into, const State *from)
{
    bool changed = !into->reached;
    if (!into->reached) {
        state_copy(into, from);
        into->reached = true;
        return true;
    }
    State before = {0};
    state_copy(&before, into);
    join_unbound(into, from, &changed);
    for (size_t i = 0; i < from->entries.count; i++)
        join_entry(into, &from->entries.items[i], &changed);
    for (size_t i = 0; i < before.entries.count; i++) {
        const StateEntry *entry = &before.entries.items[i];
        size_t at = lower_bound(from, entry->at, 1);
        if (entry->to && (at == from->entries.count || from->entries.items[at].at != entry->at))
            join_entry(into, &(StateEntry){.at = entry->at, .to = entry->at}, &changed);
        if (!entry->to && flags_known(entry->flags) != entry->flags && !state_flags(from, entry->at))
            join_entry(into, &(StateEntry){.at = entry->at, .evidence = entry->evidence}, &changed);
    }
    state_release(&before);
    return changed;
}

void state_copy(State *into, const State *from)
{
    into->entries.count = 0;
    array_reserve(&into->entries, from->entries.count);
    if (from->entries.count)
        memcpy(into->entries.items, from->entries.items, from->entries.count * sizeof *from->entries.items);
    into->entries.count = from->entries.count;
}

void state_release(State *state)
{
    array_release(&state->entries);
}
