/*
 * Parent and child around a shared page.
 *
 * Which of several busy threads crashed is told by a signal handler in the
 * child that compares pthread_self() with the page's slots; it runs on a stack
 * of its own, so a stack overflow is told apart too. A death without a handler
 * (SIGKILL by the kernel when memory runs out) leaves several suspects: the next
 * child then lets one thread at a time into its files, and a second death names
 * the culprit.
 *
 * The parent sleeps in sigtimedwait: the child's end wakes it at once, and it
 * looks at the deadlines LOOKS_PER_SECOND times. If the parent itself was
 * stopped (Ctrl-Z, a suspended machine) the deadlines move on by that time.
 *
 * Cost: one fork and one mapping, well below 1 ms; page_enter is a copy of the
 * path and a clock reading.
 */
#include "input/supervisor.h"

#include "base/arena.h"
#include "base/array.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum {
    PATH_LONGEST = 4096,
    SIGNAL_STACK = 32 << 10,
    LOOKS_PER_SECOND = 20,
    RESTARTS_DEFAULT = 32,
    EXIT_TROUBLE = 2,
    NO_SLOT = -1,
};

typedef struct Slot {
    pthread_t thread;
    unsigned try; /* the try in which `thread` was set and given its signal stack */
    char path[PATH_LONGEST];
    char stack[SIGNAL_STACK];
} Slot;

struct SharedPage {
    /* By thread: when its file is due, in milliseconds of the monotonic clock; 0: in no file.
       Apart from the slots, so that looking at all of them touches one page of memory. */
    _Atomic uint64_t due[PAGE_THREADS];
    _Atomic int crashed;  /* slot whose thread got a fatal signal, or NO_SLOT */
    unsigned try;         /* 1, 2 ... */
    bool one_at_a_time;   /* several suspects: let one thread work at a time */
    pthread_mutex_t turn; /* held between enter and leave when one_at_a_time */
    const char *const *reasons;
    FILE *output;         /* the child's, from open_memstream; NULL until asked for */
    char *output_data;
    size_t output_length;
    Slot slots[PAGE_THREADS];
};

/* A file that is left out of the next try. */
typedef struct Aside {
    ARRAY_OF(const char *);
    const char **reasons;
} Aside;

typedef struct Supervisor {
    const SuperviseOptions *options;
    SuperviseChild child;
    void *context;
    SharedPage *page;
    Aside aside;
    Arena arena;
    sigset_t watched, before;
} Supervisor;

/* How one child ended. */
typedef struct Ending {
    enum { ENDED_WELL, ENDED_BY_SIGNAL, ENDED_LATE, ENDED_INTERRUPTED } how;
    int code; /* exit code, signal, or slot that was late */
} Ending;

/* The page of this process, for the signal handler, which gets no context. */
static SharedPage *_Atomic crash_page;

#define FATAL_SIGNALS(X) X(SIGSEGV) X(SIGBUS) X(SIGABRT) X(SIGILL) X(SIGFPE) X(SIGTRAP) X(SIGSYS)

static const struct {
    int number;
    const char *name;
} fatal_signals[] = {
#define X(number) {number, #number},
    FATAL_SIGNALS(X)
#undef X
};

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* ---- the child ---- */

static void on_crash(int number)
{
    SharedPage *page = crash_page;
    for (int i = 0; page && i < PAGE_THREADS; i++) {
        int none = NO_SLOT;
        if (page->due[i] && pthread_equal(page->slots[i].thread, pthread_self()))
            atomic_compare_exchange_strong(&page->crashed, &none, i);
    }
    raise(number); /* the default action is back: SA_RESETHAND */
}

/* A stack overflow leaves no room for the handler on the stack it overflowed. */
static void give_signal_stack(Slot *slot)
{
    stack_t stack = {.ss_sp = slot->stack, .ss_size = sizeof slot->stack}, old;
    if (sigaltstack(NULL, &old) == 0 && (old.ss_flags & SS_DISABLE)) /* sanitizers bring theirs */
        sigaltstack(&stack, NULL);
}

void page_enter(SharedPage *page, unsigned thread, const char *path, unsigned deadline_ms)
{
    if (!page)
        return;
    assert(thread < PAGE_THREADS);
    if (page->one_at_a_time)
        pthread_mutex_lock(&page->turn);
    Slot *slot = &page->slots[thread];
    if (slot->try != page->try || !pthread_equal(slot->thread, pthread_self())) {
        give_signal_stack(slot);
        slot->thread = pthread_self();
        slot->try = page->try;
    }
    snprintf(slot->path, sizeof slot->path, "%s", path);
    page->due[thread] = now_ms() + deadline_ms + 1;
}

void page_leave(SharedPage *page, unsigned thread)
{
    if (!page)
        return;
    page->due[thread] = 0;
    if (page->one_at_a_time)
        pthread_mutex_unlock(&page->turn);
}

FILE *page_output(SharedPage *page)
{
    if (!page)
        return stdout;
    if (!page->output)
        page->output = open_memstream(&page->output_data, &page->output_length);
    return page->output ? page->output : stdout;
}

const char *page_reason(const SharedPage *page, size_t index)
{
    return page ? page->reasons[index] : "set aside";
}

/* Writes what was held back. A reader that went away is no error. */
static bool flush_output(SharedPage *page)
{
    if (!page->output)
        return true;
    if (fclose(page->output) != 0)
        return false;
    for (size_t done = 0; done < page->output_length;) {
        ssize_t put = write(STDOUT_FILENO, page->output_data + done, page->output_length - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return errno == EPIPE;
        done += (size_t)put;
    }
    return true;
}

static void prepare_child(const Supervisor *supervisor, pid_t parent)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent)
        _exit(EXIT_TROUBLE);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    size_t limit = supervisor->options->memory_limit;
    if (limit)
        setrlimit(RLIMIT_AS, &(struct rlimit){limit, limit});
    signal(SIGPIPE, SIG_IGN);
    crash_page = supervisor->page;
    struct sigaction action = {.sa_handler = on_crash,
                               .sa_flags = SA_ONSTACK | SA_RESETHAND | SA_NODEFER};
    for (size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; i++)
        sigaction(fatal_signals[i].number, &action, NULL);
    sigprocmask(SIG_SETMASK, &supervisor->before, NULL);
}

static _Noreturn void run_child(Supervisor *supervisor, pid_t parent)
{
    prepare_child(supervisor, parent);
    int code = supervisor->child(supervisor->context, supervisor->page,
                                 supervisor->aside.items, supervisor->aside.count);
    if (!flush_output(supervisor->page)) {
        fprintf(stderr, "straggler: error: cannot write the results: %s\n", strerror(errno));
        code = EXIT_TROUBLE;
    }
    if (fflush(stdout) != 0 && errno != EPIPE)
        code = EXIT_TROUBLE;
    fflush(stderr);
    _exit(code);
}

/* ---- the parent ---- */

static void reset_page(SharedPage *page)
{
    page->crashed = NO_SLOT;
    page->output = NULL;
    page->try++;
    for (size_t i = 0; i < PAGE_THREADS; i++)
        page->due[i] = 0;
    pthread_mutex_init(&page->turn, NULL);
}

/* The slot that is overdue longest, or NO_SLOT. */
static int late_slot(const SharedPage *page, uint64_t now)
{
    int latest = NO_SLOT;
    uint64_t first = now;
    for (int i = 0; i < PAGE_THREADS; i++) {
        uint64_t due = page->due[i];
        if (due && due < first) {
            first = due;
            latest = i;
        }
    }
    return latest;
}

static bool is_interruption(int number)
{
    return number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT;
}

/* Kills the child, or waits for one that is ending anyway. */
static void finish(pid_t pid)
{
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

/* Has the child ended? */
static bool collect(pid_t pid, Ending *ending)
{
    int status;
    if (waitpid(pid, &status, WNOHANG) != pid)
        return false;
    if (WIFEXITED(status))
        *ending = (Ending){ENDED_WELL, WEXITSTATUS(status)};
    else if (is_interruption(WTERMSIG(status)))
        *ending = (Ending){ENDED_INTERRUPTED, WTERMSIG(status)};
    else
        *ending = (Ending){ENDED_BY_SIGNAL, WTERMSIG(status)};
    return true;
}

static Ending watch(const Supervisor *supervisor, pid_t pid)
{
    const struct timespec interval = {0, 1000000000L / LOOKS_PER_SECOND};
    uint64_t stopped = 0, last = now_ms(); /* `stopped`: time in which nobody ran */
    for (;;) {
        Ending ending;
        int got = sigtimedwait(&supervisor->watched, NULL, &interval);
        uint64_t now = now_ms();
        if (got == SIGCHLD && collect(pid, &ending))
            return ending;
        if (is_interruption(got)) {
            finish(pid);
            return (Ending){ENDED_INTERRUPTED, got};
        }
        if (now - last > 1000)
            stopped += now - last;
        last = now;
        int slot = late_slot(supervisor->page, now - stopped);
        if (slot == NO_SLOT || supervisor->page->crashed != NO_SLOT)
            continue; /* in the second case it is dying, which takes a large process a while */
        finish(pid);
        return (Ending){ENDED_LATE, slot};
    }
}

/* The slot to blame for a death: the one the handler named, or the only busy one; else NO_SLOT. */
static int blamed_slot(const SharedPage *page, bool *any_busy)
{
    int busy = NO_SLOT, count = 0;
    for (int i = 0; i < PAGE_THREADS; i++) {
        if (page->due[i]) {
            busy = i;
            count++;
        }
    }
    *any_busy = count > 0;
    if (page->crashed != NO_SLOT)
        return page->crashed;
    return count == 1 ? busy : NO_SLOT;
}

static void set_aside(Supervisor *supervisor, const char *path, const char *reason)
{
    Aside *aside = &supervisor->aside;
    array_push(aside, arena_strdup(&supervisor->arena, path, strlen(path)));
    aside->reasons = mem_realloc(aside->reasons, aside->count * sizeof *aside->reasons);
    aside->reasons[aside->count - 1] = reason;
    supervisor->page->reasons = aside->reasons;
}

static const char *signal_name(int number)
{
    for (size_t i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; i++)
        if (fatal_signals[i].number == number)
            return fatal_signals[i].name;
    return strsignal(number);
}

/* After a death by signal. False when nobody can be blamed. */
static bool blame(Supervisor *supervisor, int number)
{
    SharedPage *page = supervisor->page;
    bool any_busy;
    int slot = blamed_slot(page, &any_busy);
    if (slot == NO_SLOT) {
        bool again = any_busy && !page->one_at_a_time;
        page->one_at_a_time = true;
        return again;
    }
    const char *reason = "was killed (SIGKILL)";
    if (number != SIGKILL)
        reason = arena_printf(&supervisor->arena, "crashed its parser (%s)", signal_name(number));
    set_aside(supervisor, page->slots[slot].path, reason);
    page->one_at_a_time = false;
    return true;
}

/* One child from start to end. Returns false, with *code set, when no other try is to follow. */
static bool try_once(Supervisor *supervisor, int *code)
{
    reset_page(supervisor->page);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0)
        run_child(supervisor, parent);
    if (pid < 0) {
        sigprocmask(SIG_SETMASK, &supervisor->before, NULL);
        *code = supervisor->child(supervisor->context, NULL, supervisor->aside.items,
                                  supervisor->aside.count);
        return false;
    }
    Ending ending = watch(supervisor, pid);
    switch (ending.how) {
    case ENDED_WELL:
        *code = ending.code;
        return false;
    case ENDED_INTERRUPTED:
        *code = 128 + ending.code;
        return false;
    case ENDED_LATE:
        set_aside(supervisor, supervisor->page->slots[ending.code].path, "timed out");
        return true;
    case ENDED_BY_SIGNAL:
        if (blame(supervisor, ending.code))
            return true;
        fprintf(stderr, "straggler: internal error: %s outside of any file\n",
                signal_name(ending.code));
        break;
    }
    *code = EXIT_TROUBLE;
    return false;
}

static int run_tries(Supervisor *supervisor)
{
    unsigned most = supervisor->options->restarts ? supervisor->options->restarts
                                                  : (unsigned)RESTARTS_DEFAULT;
    int code = EXIT_TROUBLE;
    for (;;) {
        if (!try_once(supervisor, &code))
            return code;
        if (supervisor->aside.count > most) {
            fprintf(stderr, "straggler: error: gave up after %u files that crash or hang their "
                    "parser; the last is %s\n", most + 1, supervisor->aside.items[most]);
            return EXIT_TROUBLE;
        }
    }
}

/* Blocks what watch() waits for. What nohup or a shell had us ignore stays ignored. */
static void watch_signals(Supervisor *supervisor)
{
    static const int interruptions[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    sigemptyset(&supervisor->watched);
    sigaddset(&supervisor->watched, SIGCHLD);
    signal(SIGCHLD, SIG_DFL);
    for (size_t i = 0; i < sizeof interruptions / sizeof *interruptions; i++) {
        struct sigaction action;
        if (sigaction(interruptions[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(&supervisor->watched, interruptions[i]);
    }
    sigprocmask(SIG_BLOCK, &supervisor->watched, &supervisor->before);
}

int supervise(const SuperviseOptions *options, SuperviseChild child, void *context)
{
    if (options->in_process)
        return child(context, NULL, NULL, 0);
    SharedPage *page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return child(context, NULL, NULL, 0);
    Supervisor supervisor = {options, child, context, page, .aside = {0}};
    arena_init(&supervisor.arena);
    watch_signals(&supervisor);
    fflush(NULL);
    int code = run_tries(&supervisor);
    sigprocmask(SIG_SETMASK, &supervisor.before, NULL);
    munmap(page, sizeof *page);
    array_release(&supervisor.aside);
    free(supervisor.aside.reasons);
    arena_release(&supervisor.arena);
    return code;
}
