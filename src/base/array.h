/*
 * array.h: growable arrays of any type, as a struct of items/count/capacity.
 *
 *     typedef struct { ARRAY_OF(Edit); } EditArray;
 *     EditArray edits = {0};
 *     array_push(&edits, ((Edit){.start = 3}));
 *     for (size_t i = 0; i < edits.count; i++) use(&edits.items[i]);
 *     array_release(&edits);
 *
 * The array owns its items' memory (malloc); pointers to items end at the next
 * push. array_push evaluates `array` more than once.
 */
#ifndef STRAGGLER_BASE_ARRAY_H
#define STRAGGLER_BASE_ARRAY_H

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#define ARRAY_OF(Type)                                                                             \
    Type *items;                                                                                   \
    size_t count;                                                                                  \
    size_t capacity

/* Makes room for `extra` more items. */
#define array_reserve(array, extra)                                                                \
    do {                                                                                           \
        size_t need_ = (array)->count + (extra);                                                   \
        if (need_ > (array)->capacity) {                                                           \
            size_t grown_ = (array)->capacity ? (array)->capacity * 2 : 8;                         \
            (array)->capacity = grown_ > need_ ? grown_ : need_;                                   \
            (array)->items =                                                                       \
                mem_realloc((array)->items, (array)->capacity * sizeof *(array)->items);           \
        }                                                                                          \
    } while (0)

/* Appends a copy of `value`. */
#define array_push(array, value)                                                                   \
    do {                                                                                           \
        array_reserve(array, 1);                                                                   \
        (array)->items[(array)->count++] = (value);                                                \
    } while (0)

/* Frees the items and empties the array. */
#define array_release(array)                                                                       \
    do {                                                                                           \
        free((array)->items);                                                                      \
        (array)->items = NULL;                                                                     \
        (array)->count = (array)->capacity = 0;                                                    \
    } while (0)

#endif
