/*
 * Children that crash, hang, are killed, overflow their stack, interrupt: what
 * the user sees must be one clean run without the guilty file. Each try notes
 * itself in shared memory, so the number of reruns is checked too.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "input/supervisor.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FILES = 40, THREADS = 4, DEADLINE = 300 };

typedef struct Run {
    _Atomic int tries, analysed; /* `analysed`: files of the last try */
    char reason[64];             /* of the first file set aside, as the child saw it */
    size_t set_aside;
    _Atomic int next;
    const char *guilty;
    void (*misdeed)(void);
    int code;
} Run;

typedef struct Worker {
    Run *run;
    SharedPage *page;
    const char *const *set_aside;
    size_t count;
    unsigned number;
} Worker;

static bool is_aside(const Worker *worker, const char *path)
{
    for (size_t i = 0; i < worker->count; i++)
        if (strcmp(worker->set_aside[i], path) == 0)
            return true;
    return false;
}

static void *work(void *argument)
{
    Worker *worker = argument;
    for (int file; (file = worker->run->next++) < FILES;) {
        char path[32];
        snprintf(path, sizeof path, "dir/file%d.rb", file);
        if (is_aside(worker, path))
            continue;
        page_enter(worker->page, worker->number, path, DEADLINE);
        nanosleep(&(struct timespec){0, 500000}, NULL);
        if (worker->run->misdeed && strcmp(path, worker->run->guilty) == 0)
            worker->run->misdeed();
        page_leave(worker->page, worker->number);
        worker->run->analysed++;
    }
    return NULL;
}

static int child(void *context, SharedPage *page, const char *const *set_aside, size_t count)
{
    Run *run = context;
    run->tries++;
    run->analysed = run->next = 0;
    run->set_aside = count;
    if (count)
        snprintf(run->reason, sizeof run->reason, "%s", page_reason(page, 0));
    fprintf(page_output(page), "try %d\n", run->tries);
    Worker workers[THREADS];
    pthread_t threads[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (Worker){run, page, set_aside, count, i};
        pthread_create(&threads[i], NULL, work, &workers[i]);
    }
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return run->code;
}

/* Runs `child` with its stdout in `output`. */
static int run_captured(const SuperviseOptions *options, SuperviseChild what, void *context,
                        char *output, size_t capacity)
{
    FILE *stream = tmpfile();
    assert_non_null(stream);
    int file = fileno(stream), saved = dup(STDOUT_FILENO);
    fflush(stdout);
    dup2(file, STDOUT_FILENO);
    int code = supervise(options, what, context);
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    ssize_t got = pread(file, output, capacity - 1, 0);
    output[got > 0 ? got : 0] = '\0';
    fclose(stream);
    return code;
}

static Run *new_run(void)
{
    Run *run = mmap(NULL, sizeof *run, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(run != MAP_FAILED);
    run->guilty = "dir/file17.rb";
    return run;
}

static void check_rerun(void (*misdeed)(void), const char *reason, int most_tries)
{
    Run *run = new_run();
    run->misdeed = misdeed;
    run->code = 1;
    char output[256];
    assert_int_equal(run_captured(&(SuperviseOptions){0}, child, run, output, sizeof output), 1);
    assert_int_equal(run->set_aside, 1);
    assert_string_equal(run->reason, reason);
    assert_int_equal(run->analysed, FILES - 1);
    assert_in_range(run->tries, 2, most_tries);
    char expected[32];
    snprintf(expected, sizeof expected, "try %d\n", run->tries);
    assert_string_equal(output, expected); /* nothing of the earlier tries */
    munmap(run, sizeof *run);
}

static void do_abort(void)
{
    abort();
}

__attribute__((no_sanitize("undefined"))) static void do_null(void)
{
    volatile int *volatile nowhere = NULL; /* or the compiler sees it coming */
    *nowhere = 1;
}

static void do_hang(void)
{
    for (;;)
        pause();
}

static void do_kill(void)
{
    kill(getpid(), SIGKILL);
}

static void do_overflow(void)
{
    volatile char block[1 << 10]; /* less than the guard page below the stack */
    block[0] = (char)getpid();
    if (block[0] + 1 != getpid() + 1000000)
        do_overflow();
    block[1] = block[0];
}

static void test_quiet(void **state)
{
    (void)state;
    Run *run = new_run();
    char output[256];
    assert_int_equal(run_captured(&(SuperviseOptions){0}, child, run, output, sizeof output), 0);
    assert_int_equal(run->tries, 1);
    assert_int_equal(run->analysed, FILES);
    assert_string_equal(output, "try 1\n");
    munmap(run, sizeof *run);
}

static void test_abort(void **state)
{
    (void)state;
    check_rerun(do_abort, "crashed its parser (SIGABRT)", 2);
}

static void test_segv(void **state)
{
    (void)state;
    check_rerun(do_null, "crashed its parser (SIGSEGV)", 2);
}

static void test_overflow(void **state)
{
    (void)state;
    check_rerun(do_overflow, "crashed its parser (SIGSEGV)", 2);
}

static void test_hang(void **state)
{
    (void)state;
    check_rerun(do_hang, "timed out", 2);
}

static void test_killed(void **state)
{
    (void)state;
    check_rerun(do_kill, "was killed (SIGKILL)", 3); /* one more to single out the culprit */
}

static int crash_everywhere(void *context, SharedPage *page, const char *const *set_aside,
                            size_t count)
{
    (void)set_aside;
    Run *run = context;
    run->tries++;
    char path[32];
    snprintf(path, sizeof path, "file%zu", count);
    fputs("never seen", page_output(page));
    page_enter(page, 0, path, DEADLINE);
    raise(SIGSEGV);
    return 0;
}

static int crash_outside(void *context, SharedPage *page, const char *const *set_aside,
                         size_t count)
{
    (void)page;
    (void)set_aside;
    (void)count;
    ((Run *)context)->tries++;
    abort();
}

/* The code, the tries and the silence of a run that cannot succeed. */
static void check_gives_up(SuperviseChild what, unsigned restarts, int tries)
{
    Run *run = new_run();
    char output[64];
    int saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
    dup2(null, STDERR_FILENO);
    int code = run_captured(&(SuperviseOptions){.restarts = restarts}, what, run, output,
                            sizeof output);
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(null);
    assert_int_equal(code, 2);
    assert_int_equal(run->tries, tries);
    assert_string_equal(output, "");
    munmap(run, sizeof *run);
}

static void test_gives_up(void **state)
{
    (void)state;
    check_gives_up(crash_everywhere, 3, 4);
    check_gives_up(crash_outside, 3, 1);
}

static int wait_for_signal(void *context, SharedPage *page, const char *const *set_aside,
                           size_t count)
{
    (void)page;
    (void)set_aside;
    (void)count;
    *(_Atomic pid_t *)context = getpid();
    return pause();
}

/* A process of its own that supervises; `number` is sent to it. Returns its exit code. */
static int interrupt(int number, pid_t *grandchild)
{
    _Atomic pid_t *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    pid_t pid = fork();
    if (pid == 0)
        _exit(supervise(&(SuperviseOptions){0}, wait_for_signal, shared));
    while (!*shared)
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    kill(pid, number);
    int status = 0;
    waitpid(pid, &status, 0);
    *grandchild = *shared;
    munmap(shared, sizeof *shared);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_interrupted(void **state)
{
    (void)state;
    pid_t grandchild;
    assert_int_equal(interrupt(SIGINT, &grandchild), 130);
    assert_int_equal(kill(grandchild, 0), -1);
    assert_int_equal(interrupt(SIGTERM, &grandchild), 143);
    assert_int_equal(kill(grandchild, 0), -1);
}

static int print_much(void *context, SharedPage *page, const char *const *set_aside, size_t count)
{
    (void)set_aside;
    (void)count;
    struct rlimit core;
    getrlimit(RLIMIT_CORE, &core);
    for (int i = 0; i < 100000; i++)
        fputs("a line of output\n", page_output(page));
    return core.rlim_cur == 0 ? *(int *)context : 2;
}

static void test_closed_pipe(void **state)
{
    (void)state;
    int ends[2], code = 1, saved = dup(STDOUT_FILENO);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    fflush(stdout);
    dup2(ends[1], STDOUT_FILENO);
    int got = supervise(&(SuperviseOptions){0}, print_much, &code);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    close(ends[1]);
    assert_int_equal(got, 1);
}

static void test_in_process(void **state)
{
    (void)state;
    Run *run = new_run();
    run->code = 1;
    char output[64];
    assert_int_equal(run_captured(&(SuperviseOptions){.in_process = true}, child, run, output,
                                  sizeof output), 1);
    assert_string_equal(output, "try 1\n");
    munmap(run, sizeof *run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quiet),       cmocka_unit_test(test_abort),
        cmocka_unit_test(test_segv),        cmocka_unit_test(test_overflow),
        cmocka_unit_test(test_hang),        cmocka_unit_test(test_killed),
        cmocka_unit_test(test_gives_up),    cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_closed_pipe), cmocka_unit_test(test_in_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
