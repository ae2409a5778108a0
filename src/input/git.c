/*
 * One fork and exec for each question. Output is read to its end before the
 * child is waited for, so a full pipe cannot block it; its messages go to a
 * second pipe, read after, of which the first line is enough.
 */
#include "input/git.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 40, LONGEST_MESSAGE = 2000 };

/* git in an absolute folder of PATH. */
static bool find_git(StrBuf *path)
{
    Str rest = str_of(getenv("PATH"));
    while (rest.length) {
        size_t end = str_find_byte(rest, ':', 0);
        Str folder = str_slice(rest, 0, end);
        rest = end == SIZE_MAX ? (Str){"", 0} : str_slice(rest, end + 1, rest.length);
        if (!str_starts(folder, "/"))
            continue;
        strbuf_clear(path);
        strbuf_add_str(path, folder);
        strbuf_add_c(path, "/git");
        if (access(path->data, X_OK) == 0)
            return true;
    }
    return false;
}

/* A file in memory that holds `text`, to be read from its start; /dev/null for none; -1: failed. */
static int open_input(Str text)
{
    if (!text.length)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int file = memfd_create("input", MFD_CLOEXEC);
    while (file >= 0 && text.length) {
        ssize_t done = write(file, text.data, text.length);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            close(file);
            return -1;
        }
        text = str_slice(text, (size_t)done, text.length);
    }
    if (file >= 0)
        lseek(file, 0, SEEK_SET);
    return file;
}

static void run_child(const char *git, const char *folder, const char *const *arguments, int input,
                      const int *output, const int *errors)
{
    const char *argv[MOST_ARGUMENTS + 16] = {git, "-C", folder, "--no-optional-locks", "--no-pager",
                                             "-c", "core.fsmonitor=false", "-c",
                                             "core.hooksPath=/dev/null", "-c", "core.quotePath=false"};
    size_t count = 11;
    for (size_t i = 0; arguments[i] && i < MOST_ARGUMENTS; i++)
        argv[count++] = arguments[i];
    if (dup2(input, STDIN_FILENO) < 0 || dup2(output[1], STDOUT_FILENO) < 0 ||
        dup2(errors[1], STDERR_FILENO) < 0)
        _exit(126);
    setenv("GIT_OPTIONAL_LOCKS", "0", 1);
    setenv("GIT_TERMINAL_PROMPT", "0", 1);
    setenv("LC_ALL", "C", 1);
    execv(git, (char *const *)argv);
    _exit(127);
}

/* Reads to the end, keeping at most `limit` bytes. False when there was more. */
static bool read_all(int file, StrBuf *out, size_t limit)
{
    char buffer[1 << 14];
    bool all = true;
    for (;;) {
        ssize_t got = read(file, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return all;
        all &= out->length + (size_t)got <= limit;
        if (all)
            strbuf_add(out, buffer, (size_t)got);
    }
}

static bool fail_git(Diag *diag, const char *const *arguments, const StrBuf *message)
{
    Str text = str_trim(strbuf_str(message));
    text = str_slice(text, 0, str_find_byte(text, '\n', 0));
    return diag_fail(diag, "`git %s` failed: %.*s", arguments[0], STR_ARG(text));
}

/* Runs git with its three descriptors ready. */
static bool start(const char *git, const char *folder, const char *const *arguments, int input,
                  const int *output, const int *errors, StrBuf *out, Diag *diag)
{
    StrBuf message = {0};
    pid_t child = fork();
    if (child == 0)
        run_child(git, folder, arguments, input, output, errors);
    close(output[1]);
    close(errors[1]);
    bool all = child > 0 && read_all(output[0], out, GIT_MOST_OUTPUT);
    if (child > 0)
        read_all(errors[0], &message, LONGEST_MESSAGE);
    close(output[0]);
    close(errors[0]);
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    bool good = child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!good)
        fail_git(diag, arguments, &message);
    else if (!all)
        good = diag_fail(diag, "`git %s` wrote more than can be read", arguments[0]);
    strbuf_release(&message);
    return good;
}

static bool open_and_start(const char *git, const char *folder, const char *const *arguments,
                           Str text, StrBuf *out, Diag *diag)
{
    int output[2], errors[2], input = open_input(text);
    bool good = false;
    if (input < 0 || pipe2(output, O_CLOEXEC) != 0) {
        diag_fail(diag, "no pipe for git: %s", strerror(errno));
    } else if (pipe2(errors, O_CLOEXEC) != 0) {
        diag_fail(diag, "no pipe for git: %s", strerror(errno));
        close(output[0]);
        close(output[1]);
    } else {
        good = start(git, folder, arguments, input, output, errors, out, diag);
    }
    if (input >= 0)
        close(input);
    return good;
}

bool git_ask(const char *folder, const char *const *arguments, Str input, StrBuf *out, Diag *diag)
{
    StrBuf git = {0};
    bool good = find_git(&git) ? open_and_start(git.data, folder, arguments, input, out, diag)
                               : diag_fail(diag, "the git program is needed, and not in PATH");
    strbuf_release(&git);
    return good;
}

bool git_run(const char *folder, const char *const *arguments, StrBuf *out, Diag *diag)
{
    return git_ask(folder, arguments, (Str){"", 0}, out, diag);
}

const char *git_commit(const char *folder, const char *revision, Arena *arena, Diag *diag)
{
    StrBuf out = {0};
    const char *spelled = arena_printf(arena, "%s^{commit}", revision);
    const char *const arguments[] = {"rev-parse", "--verify", "--end-of-options", spelled, NULL};
    bool good = git_run(folder, arguments, &out, diag);
    Str name = str_trim(strbuf_str(&out));
    const char *commit = good ? arena_strdup(arena, name.data, name.length) : NULL;
    strbuf_release(&out);
    return commit;
}

static void add_paths(Str text, GitPaths *paths, Arena *arena)
{
    while (text.length) {
        size_t end = str_find_byte(text, '\0', 0);
        Str path = str_slice(text, 0, end);
        if (path.length)
            array_push(paths, arena_strdup(arena, path.data, path.length));
        text = end == SIZE_MAX ? (Str){"", 0} : str_slice(text, end + 1, text.length);
    }
}

bool git_changed(const char *folder, const char *revision, GitPaths *paths, Arena *arena,
                 Diag *diag)
{
    const char *commit = git_commit(folder, revision, arena, diag);
    if (!commit)
        return false;
    const char *const tracked[] = {"diff", "--name-only", "-z", "--no-ext-diff", "--no-textconv",
                                   "--no-renames", "--diff-filter=d", "--relative",
                                   "--ignore-submodules", "--merge-base", commit, "--", NULL};
    const char *const others[] = {"ls-files", "-z", "--others", "--exclude-standard", NULL};
    StrBuf out = {0};
    bool good = git_run(folder, tracked, &out, diag) && git_run(folder, others, &out, diag);
    if (good)
        add_paths(strbuf_str(&out), paths, arena);
    strbuf_release(&out);
    return good;
}
