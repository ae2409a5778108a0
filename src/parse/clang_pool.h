/*
 * clang_pool.h: helper processes that parse translation units, several at once.
 *
 * Each helper takes units from a common queue until it is empty. One that dies
 * or misses its deadline is killed and replaced; its unit goes back in the queue
 * once. Helpers get an empty environment, no standard error, limits on memory,
 * and die with the thread that started them.
 */
#ifndef STRAGGLER_PARSE_CLANG_POOL_H
#define STRAGGLER_PARSE_CLANG_POOL_H

#include "input/compile_commands.h"

typedef struct PoolUnit {
    const CompileCommand *command;
    const char *extra_flag; /* NULL: none */
    bool record; /* of the preprocessor: costs a fifth of a C unit */
    size_t weight;     /* bytes to parse, roughly: the heaviest go first */
    StrBuf answer;     /* records up to and including the end of the unit */
    char failure[64];  /* "" or why there is no answer */
    unsigned attempts;
} PoolUnit;

typedef struct PoolOptions {
    const char *helper;
    Str greeting; /* records sent to each new helper */
    unsigned processes;
    unsigned deadline_ms;
    size_t memory_limit;
} PoolOptions;

/* Answers every unit, one way or the other. Returns the largest helper's memory in bytes. */
uint64_t clang_pool_run(const PoolOptions *options, PoolUnit *units, size_t count);

#endif
