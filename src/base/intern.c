/*
 * 64 stripes, each an open-addressing table with its own lock and arena. A Sym
 * holds the stripe in its low 6 bits and the position in that stripe's list of
 * entries above. Entries are found by position without a lock: they live in
 * fixed-size segments that never move.
 */
#include "base/intern.h"

#include "base/arena.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { STRIPE_BITS = 6, STRIPES = 1 << STRIPE_BITS, SEGMENT_BITS = 10, SEGMENTS = 1 << 12 };

typedef struct Entry {
    Str text;
    uint64_t hash;
} Entry;

typedef struct Stripe {
    pthread_mutex_t lock;
    Arena arena;
    Entry *segments[SEGMENTS]; /* 1024 entries each */
    uint32_t count;
    uint32_t *slots; /* position + 1, or 0 */
    uint32_t slot_count;
} Stripe;

struct Names {
    Stripe stripes[STRIPES];
};

Names *names_new(void)
{
    Names *names = calloc(1, sizeof *names);
    if (!names)
        abort();
    for (int i = 0; i < STRIPES; i++)
        pthread_mutex_init(&names->stripes[i].lock, NULL);
    return names;
}

void names_free(Names *names)
{
    if (!names)
        return;
    for (int i = 0; i < STRIPES; i++) {
        Stripe *stripe = &names->stripes[i];
        for (uint32_t s = 0; s < SEGMENTS && stripe->segments[s]; s++)
            free(stripe->segments[s]);
        free(stripe->slots);
        arena_release(&stripe->arena);
        pthread_mutex_destroy(&stripe->lock);
    }
    free(names);
}

static Entry *entry_at(const Stripe *stripe, uint32_t position)
{
    return &stripe->segments[position >> SEGMENT_BITS][position & ((1u << SEGMENT_BITS) - 1)];
}

static uint32_t *find_slot(const Stripe *stripe, Str text, uint64_t hash)
{
    uint32_t mask = stripe->slot_count - 1;
    for (uint32_t i = (uint32_t)(hash >> STRIPE_BITS) & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &stripe->slots[i];
        if (!*slot)
            return slot;
        const Entry *entry = entry_at(stripe, *slot - 1);
        if (entry->hash == hash && str_eq(entry->text, text))
            return slot;
    }
}

static void grow(Stripe *stripe)
{
    uint32_t count = stripe->slot_count ? stripe->slot_count * 2 : 64;
    uint32_t *old = stripe->slots, old_count = stripe->slot_count;
    stripe->slots = mem_alloc(count * sizeof *stripe->slots);
    memset(stripe->slots, 0, count * sizeof *stripe->slots);
    stripe->slot_count = count;
    for (uint32_t i = 0; i < old_count; i++) {
        if (!old[i])
            continue;
        const Entry *entry = entry_at(stripe, old[i] - 1);
        *find_slot(stripe, entry->text, entry->hash) = old[i];
    }
    free(old);
}

static uint32_t add_entry(Stripe *stripe, Str text, uint64_t hash)
{
    uint32_t position = stripe->count++;
    uint32_t segment = position >> SEGMENT_BITS;
    if (segment >= SEGMENTS)
        abort(); /* 268 million names: no run comes near */
    if (!stripe->segments[segment])
        stripe->segments[segment] = mem_alloc(sizeof(Entry) << SEGMENT_BITS);
    char *copy = arena_strdup(&stripe->arena, text.data, text.length);
    *entry_at(stripe, position) = (Entry){{copy, text.length}, hash};
    return position;
}

static Sym find(Names *names, Str text, bool add)
{
    if (!text.length)
        return 0;
    uint64_t hash = XXH3_64bits(text.data, text.length);
    uint32_t number = (uint32_t)hash & (STRIPES - 1);
    Stripe *stripe = &names->stripes[number];
    Sym sym = 0;
    pthread_mutex_lock(&stripe->lock);
    if (add && (stripe->count + 1) * 2 > stripe->slot_count)
        grow(stripe);
    uint32_t *slot = stripe->slot_count ? find_slot(stripe, text, hash) : NULL;
    if (slot && !*slot && add)
        *slot = add_entry(stripe, text, hash) + 1;
    if (slot && *slot)
        sym = (*slot << STRIPE_BITS) | number;
    pthread_mutex_unlock(&stripe->lock);
    return sym;
}

Sym names_intern(Names *names, Str text)
{
    return find(names, text, true);
}

Sym names_intern_c(Names *names, const char *text)
{
    return names_intern(names, str_of(text));
}

Sym names_lookup(Names *names, Str text)
{
    return find(names, text, false);
}

Str names_str(const Names *names, Sym sym)
{
    if (!sym)
        return (Str){"", 0};
    return entry_at(&names->stripes[sym & (STRIPES - 1)], (sym >> STRIPE_BITS) - 1)->text;
}

const char *names_c(const Names *names, Sym sym)
{
    return names_str(names, sym).data;
}
