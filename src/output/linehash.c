/*
 * The published algorithm keeps a window of 100 units. The same numbers come
 * from prefix sums: with P(i+1) = 37 P(i) + unit(i), the hash of the 100 units
 * from p is P(p+100) - 37^100 P(p), all modulo 2^64. That needs no ring buffer
 * and no state per character.
 */
#include "output/linehash.h"

#include "base/map.h"
#include "output/escape.h"

enum { BLOCK = 100, FACTOR = 37, END_OF_FILE = 0xFFFF };

typedef struct {
    ARRAY_OF(uint64_t);
} PrefixArray;

typedef struct {
    ARRAY_OF(size_t);
} StartArray;

typedef struct Units {
    PrefixArray prefix; /* items[i]: hash of the first i units */
    StartArray starts;  /* unit at which each line starts */
    bool line_start;
} Units;

static void add_unit(Units *units, uint32_t unit)
{
    if (units->line_start)
        array_push(&units->starts, units->prefix.count - 1);
    units->line_start = unit == '\n';
    uint64_t last = units->prefix.items[units->prefix.count - 1];
    array_push(&units->prefix, last * FACTOR + unit);
}

static void add_code_point(Units *units, uint32_t code_point)
{
    if (code_point < 0x10000) {
        add_unit(units, code_point);
        return;
    }
    add_unit(units, 0xD800 + ((code_point - 0x10000) >> 10));
    add_unit(units, 0xDC00 + ((code_point - 0x10000) & 0x3FF));
}

static void add_text(Units *units, Str text)
{
    bool after_return = false;
    while (text.length) {
        uint32_t code_point = utf8_next(&text);
        bool skipped = code_point == ' ' || code_point == '\t' ||
                       (code_point == '\n' && after_return);
        after_return = code_point == '\r';
        if (!skipped)
            add_code_point(units, after_return ? '\n' : code_point);
    }
    add_unit(units, END_OF_FILE);
    for (int i = 0; i < BLOCK; i++) {
        uint64_t last = units->prefix.items[units->prefix.count - 1];
        array_push(&units->prefix, last * FACTOR);
    }
}

void line_hashes(LineHashArray *hashes, Str text)
{
    uint64_t power = 1;
    for (int i = 0; i < BLOCK; i++)
        power *= FACTOR;
    Units units = {.line_start = true};
    array_push(&units.prefix, 0);
    add_text(&units, text);
    Map seen = {0};
    for (size_t i = 0; i < units.starts.count; i++) {
        const uint64_t *from = &units.prefix.items[units.starts.items[i]];
        uint64_t hash = from[BLOCK] - power * from[0];
        uint64_t key = hash ? hash : 1;
        uint64_t *earlier = map_get(&seen, key);
        uint64_t ordinal = earlier ? *earlier + 1 : 1;
        map_put(&seen, key, ordinal);
        array_push(hashes, ((LineHash){hash, ordinal}));
    }
    map_release(&seen);
    array_release(&units.prefix);
    array_release(&units.starts);
}
