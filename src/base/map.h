/*
 * map.h: a hash map from 64-bit keys to 64-bit values.
 *
 * Keys are usually one or two Syms (map_key2). Key 0 may not be used. Iteration
 * order is insertion order, so that output never depends on hashing.
 *
 *     Map map = {0};
 *     map_put(&map, map_key2(class_id, name), member_index);
 *     uint64_t *found = map_get(&map, map_key2(class_id, name));
 *     map_release(&map);
 */
#ifndef STRAGGLER_BASE_MAP_H
#define STRAGGLER_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

typedef struct MapEntry {
    uint64_t key;
    uint64_t value;
} MapEntry;

typedef struct Map {
    MapEntry *items; /* in insertion order */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* index + 1 into items, or 0 */
    size_t slot_count;
} Map;

static inline uint64_t map_key2(uint32_t a, uint32_t b)
{
    return ((uint64_t)a << 32) | b;
}

/* The value of `key`, valid until the next map_put; NULL if absent. */
uint64_t *map_get(const Map *map, uint64_t key);

/* Sets or replaces. Returns the value's place. */
uint64_t *map_put(Map *map, uint64_t key, uint64_t value);

/* Removes every entry, keeping the memory. */
void map_clear(Map *map);
void map_release(Map *map);

#endif
