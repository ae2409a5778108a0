/*
 * parallel.h: one function over many items on all cores.
 *
 *     parallel_for(threads, count, work, &context);   // work(context, thread, item)
 *
 * Items are handed out one by one, in order; the call returns when all are
 * done. With one thread, or one item, no thread is made.
 */
#ifndef STRAGGLER_BASE_PARALLEL_H
#define STRAGGLER_BASE_PARALLEL_H

#include <stddef.h>

/* `thread` is below the number of threads given to parallel_for. */
typedef void (*ParallelWork)(void *context, unsigned thread, size_t item);

void parallel_for(unsigned threads, size_t count, ParallelWork work, void *context);

/* How many threads to use when the user did not say: the cores this process may run on, at most 64. */
unsigned parallel_cores(void);

#endif
