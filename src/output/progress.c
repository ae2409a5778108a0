/*
 * The drawing thread sleeps on a condition variable, so a run that ends within
 * the first half second costs one thread start and no output. Counters are
 * relaxed atomics: a bar may lag by a tick, workers never wait for it.
 */
#include "output/progress.h"

#include "base/arena.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_DRAW_MS = 500, NEXT_DRAW_MS = 100, DEFAULT_WIDTH = 80, WIDEST = 200 };

struct Progress {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool ending; /* under lock */
    _Atomic(const char *) stage;
    _Atomic uint64_t done, total;
};

void progress_draw(StrBuf *out, const char *name, uint64_t done, uint64_t total, unsigned width)
{
    char counts[64];
    if (total)
        snprintf(counts, sizeof counts, " %llu/%llu", (unsigned long long)done,
                 (unsigned long long)total);
    else
        snprintf(counts, sizeof counts, " %llu", (unsigned long long)done);
    size_t fixed = str_of(name).length + str_of(counts).length + 3;
    strbuf_add_c(out, name);
    if (total && fixed + 10 <= width) {
        size_t room = width - fixed > 40 ? 40 : width - fixed;
        size_t filled = done >= total ? room : (size_t)((double)done / (double)total * (double)room);
        strbuf_add_c(out, " [");
        for (size_t i = 0; i < room; i++)
            strbuf_add_byte(out, i < filled ? '#' : ' ');
        strbuf_add_byte(out, ']');
    }
    strbuf_add_c(out, counts);
    if (out->length > width)
        out->data[out->length = width] = '\0';
}

static unsigned terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return DEFAULT_WIDTH;
    return size.ws_col > WIDEST ? WIDEST : size.ws_col;
}

static void draw(Progress *progress)
{
    const char *stage = atomic_load_explicit(&progress->stage, memory_order_relaxed);
    StrBuf line = {0};
    strbuf_add_c(&line, "\r\x1b[2K");
    StrBuf bar = {0};
    progress_draw(&bar, stage, atomic_load_explicit(&progress->done, memory_order_relaxed),
                  atomic_load_explicit(&progress->total, memory_order_relaxed),
                  terminal_width() - 1);
    strbuf_add_str(&line, strbuf_str(&bar));
    fwrite(line.data, 1, line.length, stderr);
    fflush(stderr);
    strbuf_release(&bar);
    strbuf_release(&line);
}

static struct timespec after_ms(unsigned milliseconds)
{
    struct timespec when;
    clock_gettime(CLOCK_REALTIME, &when);
    when.tv_nsec += (long)milliseconds * 1000000L;
    when.tv_sec += when.tv_nsec / 1000000000L;
    when.tv_nsec %= 1000000000L;
    return when;
}

static void *drawing_thread(void *context)
{
    Progress *progress = context;
    bool drawn = false;
    unsigned wait_ms = FIRST_DRAW_MS;
    pthread_mutex_lock(&progress->lock);
    while (!progress->ending) {
        struct timespec until = after_ms(wait_ms);
        if (pthread_cond_timedwait(&progress->wake, &progress->lock, &until) == 0)
            continue;
        draw(progress);
        drawn = true;
        wait_ms = NEXT_DRAW_MS;
    }
    pthread_mutex_unlock(&progress->lock);
    if (drawn)
        fputs("\r\x1b[2K", stderr);
    return NULL;
}

Progress *progress_new(bool enabled)
{
    if (!enabled || !isatty(STDERR_FILENO))
        return NULL;
    Progress *progress = mem_alloc(sizeof *progress);
    *progress = (Progress){.ending = false};
    pthread_mutex_init(&progress->lock, NULL);
    pthread_cond_init(&progress->wake, NULL);
    atomic_init(&progress->stage, "starting");
    if (pthread_create(&progress->thread, NULL, drawing_thread, progress) != 0) {
        free(progress);
        return NULL;
    }
    return progress;
}

void progress_stage(Progress *progress, const char *name, uint64_t total)
{
    if (!progress)
        return;
    atomic_store_explicit(&progress->done, 0, memory_order_relaxed);
    atomic_store_explicit(&progress->total, total, memory_order_relaxed);
    atomic_store_explicit(&progress->stage, name, memory_order_relaxed);
}

void progress_add(Progress *progress, uint64_t done)
{
    if (progress)
        atomic_fetch_add_explicit(&progress->done, done, memory_order_relaxed);
}

void progress_free(Progress *progress)
{
    if (!progress)
        return;
    pthread_mutex_lock(&progress->lock);
    progress->ending = true;
    pthread_cond_signal(&progress->wake);
    pthread_mutex_unlock(&progress->lock);
    pthread_join(progress->thread, NULL);
    pthread_mutex_destroy(&progress->lock);
    pthread_cond_destroy(&progress->wake);
    free(progress);
}
