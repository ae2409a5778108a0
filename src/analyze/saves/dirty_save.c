/*
 * Saves: what one goes on to, by the chains of the class saved, and which of that was changed or
 * made before. A session's flush saves all that was changed; there the object at hand is the one
 * that was given to the session or changed through a variable of its own, and a finding is an
 * object that was only reached through another one.
 */
#include "analyze/saves/dirty_private.h"

enum { CHAIN_DEPTH = 3 };

void push_hit(Dirty *d, SaveHit hit)
{
    uint64_t key = (uint64_t)hit.place.file << 40 ^ (uint64_t)hit.place.node << 16 ^ hit.other ^
                   (uint64_t)hit.definition << 63;
    uint64_t *found = map_get(&d->hit_at, key);
    if (!found) {
        array_push(&d->hits, hit);
        map_put(&d->hit_at, key, d->hits.count);
    } else if (d->hits.items[*found - 1].confidence > hit.confidence) {
        d->hits.items[*found - 1] = hit;
    }
}

/* A save under way: what it saved so far, and where it goes on. */
typedef struct Save {
    Walk *walk;
    ClassId class_id;
    Confidence confidence;
    Place place, call;
    struct { ARRAY_OF(ObjectId); } saved;
} Save;

/* Why a chain saves its target too. */
typedef struct SaveReason {
    bool made, changed, placed;
} SaveReason;

static bool chain_saves(const Chain *chain, uint32_t flags, SaveReason *reason)
{
    reason->made = (flags & OBJECT_NEW) && chain->when_new;
    reason->placed = (flags & OBJECT_PLACED) && chain->when_placed;
    reason->changed = (flags & OBJECT_CHANGED) && chain->when_changed &&
                      (!(flags & OBJECT_NEW) || chain->when_new);
    return reason->made || reason->placed || reason->changed;
}

/* The target of a chain is saved too: is that a finding? */
static void save_target(Save *save, const Chain *chain, ObjectId target)
{
    Walk *w = save->walk;
    const StateEntry *entry = state_flags(&w->state, target);
    SaveReason reason;
    if (!entry || !chain_saves(chain, entry->flags, &reason))
        return;
    if (w->emit) {
        Confidence confidence = save->confidence;
        bool linked = chain->linking && !reason.made && !reason.changed;
        if ((entry->flags & OBJECT_MAYBE) && confidence < CONFIDENCE_LIKELY)
            confidence = CONFIDENCE_LIKELY;
        push_hit(w->dirty, (SaveHit){.place = save->place,
                                     .saved = save->class_id,
                                     .other = linked ? chain->linking : chain->target,
                                     .member = chain->member,
                                     .confidence = confidence,
                                     .changed = entry->evidence,
                                     .chain = chain->place,
                                     .call = save->call});
    }
    array_push(&save->saved, target);
}

static void save_chains(Save *save, ObjectId object, ClassId class_id, unsigned depth);

static void save_member(Save *save, ObjectId object, const Chain *chain, unsigned depth)
{
    ObjectId path = object_member(save->walk, object, chain->member);
    if (!path)
        return;
    Objects at = state_at(&save->walk->state, path);
    objects_add(&at, path); /* what cannot be told apart is kept on the path itself */
    for (uint32_t i = 0; i < at.count; i++) {
        save_target(save, chain, at.items[i]);
        if (depth < CHAIN_DEPTH && chain->target && chain->when_changed)
            save_chains(save, at.items[i], chain->target, depth + 1);
    }
}

static void save_callback(Save *save, ObjectId object, const Chain *chain)
{
    Walk *w = save->walk;
    for (size_t e = 0; e < chain->callback->effects.count; e++) {
        const Effect *effect = &chain->callback->effects.items[e];
        Objects at = {.count = 1, .items = {object}};
        if (!chain_reaches(chain, effect))
            continue;
        for (uint32_t m = 0; m < effect->path.length && at.count; m++) {
            ObjectId path = object_member(w, at.items[0], effect->path.members[m]);
            at = path ? state_at(&w->state, path) : (Objects){0};
        }
        Chain reached = {.member = effect->path.members[0], .target = effect->class_id,
                         .when_new = true, .when_changed = true, .place = effect->place};
        for (uint32_t i = 0; i < at.count; i++)
            save_target(save, &reached, at.items[i]);
    }
}

static void save_chains(Save *save, ObjectId object, ClassId class_id, unsigned depth)
{
    const ClassChains *chains = chains_of(save->walk->dirty, class_id);
    for (size_t c = 0; c < chains->chains.count; c++) {
        const Chain *chain = &chains->chains.items[c];
        if (chain->callback)
            save_callback(save, object, chain);
        else
            save_member(save, object, chain, depth);
    }
}

static void finish_save(Save *save)
{
    Walk *w = save->walk;
    const uint32_t settled = OBJECT_NEW | OBJECT_CHANGED | OBJECT_MAYBE | OBJECT_PLACED | OBJECT_HANDED;
    for (size_t i = 0; i < save->saved.count; i++) {
        state_clear(&w->state, save->saved.items[i], settled);
        state_mark(&w->state, save->saved.items[i], OBJECT_STORED, save->place);
    }
    array_release(&save->saved);
}

void record_save(Walk *w, const Objects *objects, ClassId class_id, Confidence confidence,
                 Place place, Place call)
{
    Save save = {w, class_id, confidence, place, call, {0}};
    Effect effect = {.kind = EFFECT_SAVE, .class_id = class_id, .confidence = confidence,
                     .place = place};
    for (uint32_t i = 0; i < objects->count; i++) {
        if (class_id)
            save_chains(&save, objects->items[i], class_id, 0);
        if (effect_path(w, objects->items[i], &effect.path))
            record_effect(w, effect);
        array_push(&save.saved, objects->items[i]);
    }
    finish_save(&save);
}

/* --- all at once --- */

void record_save_all(Walk *w, const Objects *objects, ClassId class_id, Confidence confidence,
                     Place place)
{
    Save save = {.walk = w, .class_id = class_id, .confidence = confidence, .place = place};
    for (uint32_t i = 0; i < objects->count; i++) {
        array_push(&save.saved, objects->items[i]);
        for (size_t e = 0; e < w->state.entries.count; e++) {
            ObjectId member = w->state.entries.items[e].at;
            if (w->objects.items[member].parent != objects->items[i])
                continue;
            Chain chain = {.member = w->objects.items[member].key, .when_new = true,
                           .when_changed = true, .place = place};
            MemberId link = association_of(w->dirty->program, class_id, chain.member);
            chain.target = link ? w->dirty->program->members.items[link].target
                                : w->objects.items[member].class_id;
            save_member(&save, objects->items[i], &chain, CHAIN_DEPTH);
        }
    }
    finish_save(&save);
}

static bool is_model(const Walk *w, ClassId class_id)
{
    return class_id && w->dirty->program->classes.items[class_id]->is_model;
}

/* Another object that the same flush saves, besides `other`; 0: there is none. */
static ObjectId object_at_hand(const Walk *w, ObjectId other)
{
    for (size_t i = 0; i < w->state.entries.count; i++) {
        const StateEntry *entry = &w->state.entries.items[i];
        uint32_t flags = entry->to ? 0 : flags_known(entry->flags);
        bool at_hand = (flags & OBJECT_HANDED) ||
                       ((flags & OBJECT_CHANGED) && !(flags & OBJECT_NEW) && !w->objects.items[entry->at].parent);
        if (at_hand && entry->at != other && is_model(w, w->objects.items[entry->at].class_id))
            return entry->at;
    }
    return 0;
}

/* A changed object that nobody gave to the session: reached through another one. */
static void flush_object(Save *save, const StateEntry *entry)
{
    Walk *w = save->walk;
    const Object *object = &w->objects.items[entry->at];
    uint32_t flags = flags_known(entry->flags);
    bool hidden = object->parent && (flags & OBJECT_CHANGED) && !(flags & (OBJECT_HANDED | OBJECT_NEW)) &&
                  is_model(w, object->class_id);
    ObjectId at_hand = hidden && w->emit ? object_at_hand(w, entry->at) : 0;
    if (at_hand)
        push_hit(w->dirty, (SaveHit){.place = save->place,
                                     .saved = w->objects.items[at_hand].class_id,
                                     .other = object->class_id,
                                     .member = object->key,
                                     .confidence = CONFIDENCE_LIKELY,
                                     .changed = entry->evidence,
                                     .call = save->call});
}

void record_flush(Walk *w, Place place, Place call)
{
    Save save = {.walk = w, .confidence = CONFIDENCE_LIKELY, .place = place, .call = call};
    State before = {0};
    state_copy(&before, &w->state);
    for (size_t i = 0; i < before.entries.count; i++) {
        const StateEntry *entry = &before.entries.items[i];
        const Object *object = &w->objects.items[entry->at];
        uint32_t flags = entry->to ? 0 : flags_known(entry->flags);
        if (!(flags & (OBJECT_HANDED | OBJECT_CHANGED)) || ((flags & OBJECT_NEW) && !(flags & OBJECT_HANDED)))
            continue;
        flush_object(&save, entry);
        save.class_id = object->class_id;
        if (object->class_id)
            save_chains(&save, entry->at, object->class_id, 0);
        array_push(&save.saved, entry->at);
    }
    state_release(&before);
    finish_save(&save);
    record_effect(w, (Effect){.kind = EFFECT_FLUSH, .place = place});
}
