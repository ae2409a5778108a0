/*
 * arena.h: memory by lifetime.
 *
 * An Arena hands out blocks that all end together: one arena per run, one per
 * file, one per report. Nothing is freed on its own. Memory is zeroed.
 * Running out of memory prints a message and aborts; callers never check.
 * Not thread safe: each thread fills its own arenas.
 *
 *     Arena arena;
 *     arena_init(&arena);
 *     Point *p = ARENA_NEW(&arena, Point);
 *     char *name = arena_strdup(&arena, "order", 5);
 *     arena_release(&arena);              // p and name end here
 */
#ifndef STRAGGLER_BASE_ARENA_H
#define STRAGGLER_BASE_ARENA_H

#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena {
    ArenaBlock *blocks; /* newest first */
    char *next;         /* first free byte of the newest block */
    char *end;          /* one past its last byte */
    size_t total;       /* bytes asked of the system so far */
} Arena;

/* Makes an empty arena; allocates nothing yet. */
void arena_init(Arena *arena);

/* Frees every block. The arena is empty and usable again. */
void arena_release(Arena *arena);

/* Returns `size` zeroed bytes aligned for any type; never NULL. */
void *arena_alloc(Arena *arena, size_t size);

/* Returns a NUL-terminated copy of `length` bytes of `text`. */
char *arena_strdup(Arena *arena, const char *text, size_t length);

/* Returns a formatted, NUL-terminated string. */
char *arena_printf(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define ARENA_NEW(arena, Type) ((Type *)arena_alloc((arena), sizeof(Type)))
#define ARENA_ARRAY(arena, Type, count) ((Type *)arena_alloc((arena), sizeof(Type) * (count)))

/* malloc family that aborts with a message instead of returning NULL. */
void *mem_alloc(size_t size);
void *mem_realloc(void *old, size_t size);

#endif
