/*
 * Open addressing over an insertion-ordered list of entries; at most half full.
 * No removal of single entries: nothing needs it.
 */
#include "base/map.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

static uint64_t mix(uint64_t key)
{
    /* splitmix64's finalizer (Steele, Lea, Flood 2014) */
    key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9u;
    key = (key ^ (key >> 27)) * 0x94d049bb133111ebu;
    return key ^ (key >> 31);
}

static uint32_t *find_slot(const Map *map, uint64_t key)
{
    size_t mask = map->slot_count - 1;
    for (size_t i = mix(key) & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &map->slots[i];
        if (!*slot || map->items[*slot - 1].key == key)
            return slot;
    }
}

uint64_t *map_get(const Map *map, uint64_t key)
{
    if (!map->slot_count)
        return NULL;
    uint32_t slot = *find_slot(map, key);
    return slot ? &map->items[slot - 1].value : NULL;
}

static void rehash(Map *map, size_t slot_count)
{
    free(map->slots);
    map->slots = mem_alloc(slot_count * sizeof *map->slots);
    memset(map->slots, 0, slot_count * sizeof *map->slots);
    map->slot_count = slot_count;
    for (size_t i = 0; i < map->count; i++)
        *find_slot(map, map->items[i].key) = (uint32_t)i + 1;
}

uint64_t *map_put(Map *map, uint64_t key, uint64_t value)
{
    if ((map->count + 1) * 2 > map->slot_count)
        rehash(map, map->slot_count ? map->slot_count * 2 : 16);
    uint32_t *slot = find_slot(map, key);
    if (!*slot) {
        if (map->count == map->capacity) {
            map->capacity = map->capacity ? map->capacity * 2 : 8;
            map->items = mem_realloc(map->items, map->capacity * sizeof *map->items);
        }
        map->items[map->count].key = key;
        *slot = (uint32_t)++map->count;
    }
    map->items[*slot - 1].value = value;
    return &map->items[*slot - 1].value;
}

void map_clear(Map *map)
{
    map->count = 0;
    if (map->slots)
        memset(map->slots, 0, map->slot_count * sizeof *map->slots);
}

void map_release(Map *map)
{
    free(map->items);
    free(map->slots);
    *map = (Map){0};
}
