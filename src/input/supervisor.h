/*
 * supervisor.h: one bad file costs one rerun, never the run.
 *
 * Parsers crash and hang on legal input. The work is done in a child process
 * with all its threads, at full speed; each thread notes in a page shared with
 * the parent which file it is in and until when. When the child dies or a file
 * overruns its time, the parent starts a new child with that file set aside.
 * What the child prints is held back until it ends well, so output is never
 * doubled.
 *
 *     int child(void *context, SharedPage *page, const char *const *set_aside, size_t count)
 *     {
 *         ...each thread: page_enter(page, thread, path, 5000); parse; page_leave(page, thread);
 *         fputs(report, page_output(page));
 *         return 0;
 *     }
 *     return supervise(&(SuperviseOptions){0}, child, &context);
 *
 * The child may start threads; it must return, not call exit. Call supervise
 * before the process has started threads of its own.
 */
#ifndef STRAGGLER_INPUT_SUPERVISOR_H
#define STRAGGLER_INPUT_SUPERVISOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct SharedPage SharedPage;

enum { PAGE_THREADS = 256 /* thread numbers are below this */ };

typedef struct SuperviseOptions {
    unsigned restarts;   /* files that may be set aside before giving up; 0: 32 */
    size_t memory_limit; /* bytes of address space for the child; 0: no limit */
    bool in_process;     /* run without a child: for debuggers */
} SuperviseOptions;

typedef int (*SuperviseChild)(void *context, SharedPage *page, const char *const *set_aside,
                              size_t count);

/*
 * Runs `child` to its end, in a new process each time. Returns what it
 * returned (0 to 255); 2, after a message on stderr, when it crashed outside of
 * any file or too often; 128 + the signal when interrupted (130 for Ctrl-C, 143
 * for SIGTERM). When no process can be made, runs it here with page NULL.
 */
int supervise(const SuperviseOptions *options, SuperviseChild child, void *context);

/*
 * For the child; all of them do nothing, or the plain thing, when page is NULL.
 *
 * page_enter notes that `thread` works on `path` (not nested) and may take
 * `deadline_ms` from now; a thread that is still there then is killed with the
 * whole child. Leave a parser that can stop itself more time than its own limit.
 */
void page_enter(SharedPage *page, unsigned thread, const char *path, unsigned deadline_ms);
void page_leave(SharedPage *page, unsigned thread);

/* Where the child prints its results: memory until it ends, or stdout when page is NULL. */
FILE *page_output(SharedPage *page);

/* Why set_aside[index] was set aside: "crashed its parser (SIGSEGV)", "timed out". */
const char *page_reason(const SharedPage *page, size_t index);

#endif
