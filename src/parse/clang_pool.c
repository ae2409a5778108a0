/*
 * One thread and poll(). A helper's stdin and stdout are the two directions of
 * one socket, so a write to a dead helper fails instead of raising SIGPIPE. A
 * request is written in one go: the helper reads nothing else meanwhile.
 */
#include "parse/clang_pool.h"

#include "parse/clang_protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_PROCESSES = 64, MOST_ATTEMPTS = 2, LARGEST_STACK = 256 << 20 };
static const size_t LARGEST_ANSWER = (size_t)256 << 20;

typedef struct Helper {
    pid_t pid; /* 0: not running */
    int fd;
    PoolUnit *unit; /* NULL: idle */
    int64_t deadline;
    size_t seen; /* bytes of the answer already searched for its end */
} Helper;

typedef struct Pool {
    const PoolOptions *options;
    PoolUnit **queue; /* heaviest first; retries are put in again at the end */
    size_t next, count;
    Helper helpers[MOST_PROCESSES];
    size_t helper_count;
    uint64_t peak;
} Pool;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void limit(int what, rlim_t value)
{
    struct rlimit limits;
    if (getrlimit(what, &limits) != 0)
        return;
    limits.rlim_cur = limits.rlim_max == RLIM_INFINITY || value < limits.rlim_max
                          ? value
                          : limits.rlim_max;
    setrlimit(what, &limits);
}

#if defined(__SANITIZE_ADDRESS__)
enum { LIMIT_MEMORY = 0 }; /* a sanitizer's shadow needs terabytes of addresses */
#else
enum { LIMIT_MEMORY = 1 };
#endif

/* In the child: only calls that are safe after fork in a program with threads. */
static _Noreturn void become_helper(const PoolOptions *options, int fd)
{
    /* A parse on the main thread may use all of the stack; one of libclang's own has 8 MiB. */
    char threads[] = "LIBCLANG_NOTHREADS=1", locale[] = "LC_ALL=C";
    char *environment[] = {threads, locale, NULL};
    char *arguments[] = {(char *)(uintptr_t)options->helper, NULL};
    int null = open("/dev/null", O_WRONLY);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(fd, STDIN_FILENO);
    dup2(fd, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_STACK, LARGEST_STACK);
    if (LIMIT_MEMORY)
        limit(RLIMIT_AS, options->memory_limit);
    execve(options->helper, arguments, environment);
    _exit(127);
}

static bool send_all(int fd, Str text)
{
    for (size_t sent = 0; sent < text.length;) {
        ssize_t done = send(fd, text.data + sent, text.length - sent, MSG_NOSIGNAL);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        sent += (size_t)done;
    }
    return true;
}

static bool start(Pool *pool, Helper *helper)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0)
        become_helper(pool->options, pair[1]);
    close(pair[1]);
    if (pid < 0) {
        close(pair[0]);
        return false;
    }
    *helper = (Helper){.pid = pid, .fd = pair[0]};
    send_all(helper->fd, pool->options->greeting);
    return true;
}

/* Ends a helper and says how it ended. A signal changes nothing for one that is dying already. */
static int stop(Pool *pool, Helper *helper, int signal_number)
{
    int status = 0;
    struct rusage usage;
    if (signal_number)
        kill(helper->pid, signal_number);
    close(helper->fd);
    while (wait4(helper->pid, &status, 0, &usage) < 0 && errno == EINTR)
        continue;
    uint64_t peak = (uint64_t)usage.ru_maxrss * 1024;
    if (peak > pool->peak)
        pool->peak = peak;
    *helper = (Helper){0};
    return status;
}

static void add_record(StrBuf *out, ClangTag tag, const char *text)
{
    strbuf_add_byte(out, (char)tag);
    strbuf_add_c(out, text);
    strbuf_add_byte(out, '\0');
}

static bool hand_out(Pool *pool, Helper *helper)
{
    if (pool->next == pool->count)
        return false;
    if (!helper->pid && !start(pool, helper)) {
        PoolUnit *unit = pool->queue[pool->next++];
        snprintf(unit->failure, sizeof unit->failure, "no helper could be started");
        return true;
    }
    PoolUnit *unit = pool->queue[pool->next++];
    StrBuf request = {0};
    add_record(&request, CLANG_TAG_DIRECTORY, unit->command->directory);
    add_record(&request, CLANG_TAG_FILE, unit->command->file);
    for (size_t i = 0; i < unit->command->flags.count; i++)
        add_record(&request, CLANG_TAG_FLAG, unit->command->flags.items[i]);
    if (unit->extra_flag)
        add_record(&request, CLANG_TAG_FLAG, unit->extra_flag);
    if (unit->record)
        add_record(&request, CLANG_TAG_RECORD, "");
    add_record(&request, CLANG_TAG_GO, "");
    strbuf_clear(&unit->answer);
    unit->failure[0] = '\0';
    unit->attempts++;
    helper->unit = unit;
    helper->seen = 0;
    helper->deadline = now_ms() + pool->options->deadline_ms;
    send_all(helper->fd, strbuf_str(&request)); /* a dead helper shows when it is read from */
    strbuf_release(&request);
    return true;
}

/* The unit's helper is gone; try once more, or give the unit up. */
static void lose(Pool *pool, PoolUnit *unit, int status, bool late)
{
    if (late)
        snprintf(unit->failure, sizeof unit->failure, "timeout after %u ms",
                 pool->options->deadline_ms);
    else if (WIFSIGNALED(status))
        snprintf(unit->failure, sizeof unit->failure, "compiler killed by signal %d",
                 WTERMSIG(status));
    else
        snprintf(unit->failure, sizeof unit->failure, "compiler exited with status %d",
                 WEXITSTATUS(status));
    strbuf_clear(&unit->answer);
    if (unit->attempts < MOST_ATTEMPTS)
        pool->queue[pool->count++] = unit; /* the queue has room for every unit twice */
}

static bool is_complete(Helper *helper)
{
    StrBuf *answer = &helper->unit->answer;
    while (helper->seen < answer->length) {
        const char *record = answer->data + helper->seen;
        const char *end = memchr(record, '\0', answer->length - helper->seen);
        if (!end)
            return false;
        helper->seen = (size_t)(end - answer->data) + 1;
        if (record[0] == CLANG_TAG_END)
            return true;
    }
    return false;
}

static void take_answer(Pool *pool, Helper *helper)
{
    char chunk[65536];
    ssize_t got = recv(helper->fd, chunk, sizeof chunk, MSG_DONTWAIT);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    PoolUnit *unit = helper->unit;
    if (got <= 0) {
        lose(pool, unit, stop(pool, helper, SIGKILL), false);
        return;
    }
    strbuf_add(&unit->answer, chunk, (size_t)got);
    if (is_complete(helper))
        helper->unit = NULL;
    else if (unit->answer.length > LARGEST_ANSWER)
        lose(pool, unit, stop(pool, helper, SIGKILL), false);
}

static size_t wait_for_answers(Pool *pool)
{
    struct pollfd polled[MOST_PROCESSES];
    Helper *owners[MOST_PROCESSES];
    size_t busy = 0;
    int64_t now = now_ms(), wait = INT32_MAX;
    for (size_t i = 0; i < pool->helper_count; i++) {
        Helper *helper = &pool->helpers[i];
        if (!helper->unit)
            continue;
        polled[busy] = (struct pollfd){helper->fd, POLLIN, 0};
        owners[busy++] = helper;
        if (helper->deadline - now < wait)
            wait = helper->deadline > now ? helper->deadline - now : 0;
    }
    if (busy == 0)
        return 0;
    poll(polled, (nfds_t)busy, (int)wait);
    now = now_ms();
    for (size_t i = 0; i < busy; i++) {
        PoolUnit *unit = owners[i]->unit;
        if (polled[i].revents)
            take_answer(pool, owners[i]);
        else if (now >= owners[i]->deadline)
            lose(pool, unit, stop(pool, owners[i], SIGKILL), true);
    }
    return busy;
}

static int compare_weight(const void *a, const void *b)
{
    const PoolUnit *one = *(PoolUnit *const *)a, *other = *(PoolUnit *const *)b;
    if (one->weight != other->weight)
        return one->weight < other->weight ? 1 : -1;
    return one < other ? -1 : one > other;
}

uint64_t clang_pool_run(const PoolOptions *options, PoolUnit *units, size_t count)
{
    Pool pool = {.options = options, .count = count};
    pool.queue = mem_alloc((2 * count + 1) * sizeof *pool.queue);
    for (size_t i = 0; i < count; i++)
        pool.queue[i] = &units[i];
    if (count > 1)
        qsort(pool.queue, count, sizeof *pool.queue, compare_weight);
    size_t wanted = options->processes ? options->processes : 1;
    pool.helper_count = wanted < count ? wanted : count;
    if (pool.helper_count > MOST_PROCESSES)
        pool.helper_count = MOST_PROCESSES;
    do {
        for (size_t i = 0; i < pool.helper_count; i++)
            if (!pool.helpers[i].unit)
                hand_out(&pool, &pool.helpers[i]);
    } while (wait_for_answers(&pool) > 0 || pool.next < pool.count);
    for (size_t i = 0; i < pool.helper_count; i++)
        if (pool.helpers[i].pid)
            stop(&pool, &pool.helpers[i], 0); /* end of input: it leaves by itself */
    free(pool.queue);
    return pool.peak;
}
