/*
 * An atomic counter hands out items; files differ so much in cost that any
 * fixed split would leave cores idle. Threads get a large stack because
 * parsers recurse.
 */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { MOST_THREADS = 64, STACK_BYTES = 64 << 20 };

typedef struct Batch {
    atomic_size_t next;
    size_t count;
    ParallelWork work;
    void *context;
} Batch;

typedef struct Worker {
    Batch *batch;
    unsigned thread;
} Worker;

static void *run(void *argument)
{
    Worker *worker = argument;
    Batch *batch = worker->batch;
    for (;;) {
        size_t item = atomic_fetch_add_explicit(&batch->next, 1, memory_order_relaxed);
        if (item >= batch->count)
            return NULL;
        batch->work(batch->context, worker->thread, item);
    }
}

unsigned parallel_cores(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int cores = CPU_COUNT(&set);
    return cores < 1 ? 1 : cores > MOST_THREADS ? MOST_THREADS : (unsigned)cores;
}

void parallel_for(unsigned threads, size_t count, ParallelWork work, void *context)
{
    Batch batch = {.count = count, .work = work, .context = context};
    Worker workers[MOST_THREADS];
    pthread_t ids[MOST_THREADS];
    unsigned started = 0;
    if (threads > MOST_THREADS)
        threads = MOST_THREADS;
    if (threads > count)
        threads = count ? (unsigned)count : 1;
    pthread_attr_t attributes;
    bool ready = pthread_attr_init(&attributes) == 0;
    if (ready)
        pthread_attr_setstacksize(&attributes, STACK_BYTES);
    for (unsigned t = 1; t < threads; t++) {
        workers[t] = (Worker){&batch, t};
        if (pthread_create(&ids[started], ready ? &attributes : NULL, run, &workers[t]) == 0)
            started++;
    }
    if (ready)
        pthread_attr_destroy(&attributes);
    run(&(Worker){&batch, 0});
    for (unsigned t = 0; t < started; t++)
        pthread_join(ids[t], NULL);
}
