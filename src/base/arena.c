/*
 * Blocks double from 4 KiB to 1 MiB, so that a small file costs one malloc and
 * a large one a few. In sanitizer builds (STRAGGLER_ARENA_MALLOC) each request
 * is its own block, so that an overrun is caught at the byte.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ArenaBlock {
    ArenaBlock *older;
    size_t size;
};

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20, ALIGNMENT = 16 };

static void out_of_memory(size_t size)
{
    fprintf(stderr, "straggler: out of memory (asked for %zu bytes)\n", size);
    abort();
}

void *mem_alloc(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory)
        out_of_memory(size);
    return memory;
}

void *mem_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size ? size : 1);
    if (!memory)
        out_of_memory(size);
    return memory;
}

void arena_init(Arena *arena)
{
    *arena = (Arena){0};
}

void arena_release(Arena *arena)
{
    ArenaBlock *block = arena->blocks;
    while (block) {
        ArenaBlock *older = block->older;
        free(block);
        block = older;
    }
    arena_init(arena);
}

static size_t header_size(void)
{
    return (sizeof(ArenaBlock) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static void add_block(Arena *arena, size_t needed)
{
    size_t size = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
#ifdef STRAGGLER_ARENA_MALLOC
    size = needed;
#endif
    if (size < needed)
        size = needed;
    ArenaBlock *block = mem_alloc(header_size() + size);
    block->older = arena->blocks;
    block->size = size;
    arena->blocks = block;
    arena->next = (char *)block + header_size();
    arena->end = arena->next + size;
    arena->total += header_size() + size;
}

void *arena_alloc(Arena *arena, size_t size)
{
    size_t rounded = size ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    if (rounded < size)
        out_of_memory(size);
    if ((size_t)(arena->end - arena->next) < rounded)
        add_block(arena, rounded);
    void *memory = arena->next;
    arena->next += rounded;
    return memset(memory, 0, rounded);
}

char *arena_strdup(Arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        length = 0;
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
