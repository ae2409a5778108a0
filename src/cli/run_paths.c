/*
 * From arguments to a root and paths below it. Reports must not depend on the
 * folder a command is started in when there is a configuration, and must be
 * clickable where they were asked for when there is none; both follow from the
 * choice of the root.
 */
#include "cli/run.h"
#include "output/shard.h"
#include "output/write.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_LIST = 256 << 20 };

typedef struct PathSet {
    TextArray real; /* absolute, links resolved */
    TextArray kept; /* as they go to the walk */
} PathSet;

/* True when `path` is `folder` or below it; *rest is the part below. */
static bool is_below(const char *path, const char *folder, const char **rest)
{
    size_t length = strlen(folder);
    if (strcmp(folder, "/") == 0)
        length = 0;
    if (strncmp(path, folder, length) != 0 || (path[length] && path[length] != '/'))
        return false;
    *rest = path + length + (path[length] == '/');
    return true;
}

static const char *real_path(Run *run, const char *path)
{
    char *real = realpath(path, NULL);
    if (!real)
        return NULL;
    const char *kept = arena_strdup(&run->arena, real, strlen(real));
    free(real);
    return kept;
}

/* `path` without its last part. */
static const char *folder_of(Run *run, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return slash == path ? "/" : arena_strdup(&run->arena, path, (size_t)(slash - path));
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The deepest folder that holds every path. */
static const char *common_folder(Run *run, const TextArray *paths)
{
    const char *folder = paths->items[0], *rest;
    if (!is_folder(folder))
        folder = folder_of(run, folder);
    for (size_t i = 1; i < paths->count; i++) {
        while (!is_below(paths->items[i], folder, &rest))
            folder = folder_of(run, folder);
    }
    return folder;
}

static bool all_below(const TextArray *paths, const char *folder)
{
    const char *rest;
    for (size_t i = 0; i < paths->count; i++) {
        if (!is_below(paths->items[i], folder, &rest))
            return false;
    }
    return true;
}

static bool fail_path(Run *run, const char *path, const char *why)
{
    return diag_fail(&run->diag, "`%s`: %s", path, why);
}

static const char *choose_root(Run *run, const TextArray *real)
{
    if (run->settings->root)
        return real_path(run, run->settings->root);
    if (run->config.path)
        return real_path(run, folder_of(run, run->config.path));
    const char *here = real_path(run, ".");
    if (!here || all_below(real, here))
        return here;
    return common_folder(run, real);
}

/*
 * Leaves a missing path below the current folder to the walk, which names its
 * nearest neighbour; complains about any other.
 */
static bool pass_missing(Run *run, const char *const *path)
{
    int error = errno;
    run->scan.root = real_path(run, ".");
    if (error != ENOENT || (*path)[0] == '/' || strstr(*path, "..") || !run->scan.root)
        return fail_path(run, *path, error == ENOENT ? "no such file or folder" : strerror(error));
    run->scan.paths = memcpy(arena_alloc(&run->arena, sizeof *path), path, sizeof *path);
    run->scan.path_count = 1;
    return true;
}

static bool place_paths(Run *run, const char *root, const char *const *given, PathSet *set)
{
    for (size_t i = 0; i < set->real.count; i++) {
        const char *rest;
        if (!is_below(set->real.items[i], root, &rest)) {
            fail_path(run, given[i], "lies outside of the root folder");
            return diag_hint(&run->diag, "the root is %s: --root chooses another", root);
        }
        if (!*rest) {
            set->kept.count = 0; /* the root itself: everything */
            return true;
        }
        array_push(&set->kept, rest);
    }
    return true;
}

/* Whether `folder` or one above it is a repository. */
static bool in_repository(Run *run, const char *folder)
{
    for (;; folder = folder_of(run, folder)) {
        if (access(arena_printf(&run->arena, "%s/.git", folder), F_OK) == 0)
            return true;
        if (strcmp(folder, "/") == 0)
            return false;
    }
}

/*
 * Gives the paths to the scan. In a project all below the root is read all the
 * same, because models and associations are declared elsewhere; then the paths
 * only say what is reported. Outside of any project nothing else is read: the
 * root may be somebody's home.
 */
static void keep_paths(Run *run, const PathSet *set)
{
    size_t count = set->kept.count;
    run->scan.paths = NULL;
    run->scan.path_count = 0;
    if (!count)
        return;
    const char **paths = ARENA_ARRAY(&run->arena, const char *, count + 1);
    paths[0] = ".";
    memcpy(paths + 1, set->kept.items, count * sizeof *paths);
    bool project = run->config.path || in_repository(run, run->scan.root);
    run->scan.paths = project ? paths : paths + 1;
    run->scan.path_count = project ? count + 1 : count;
    run->only = paths + 1;
    run->only_count = project ? count : 0;
}

bool run_reports_path(const Run *run, const char *path)
{
    const char *rest;
    if (!shard_holds(run->shard, path))
        return false;
    for (size_t i = 0; i < run->only_count; i++) {
        if (is_below(path, run->only[i], &rest))
            return true;
    }
    return run->only_count == 0;
}

const char *run_display_path(Run *run, const char *path)
{
    const char *here = real_path(run, "."), *rest;
    return here && is_below(path, here, &rest) && *rest ? rest : path;
}

static bool resolve_paths(Run *run, const char *const *paths, size_t count, PathSet *set)
{
    for (size_t i = 0; i < count; i++) {
        const char *real = real_path(run, paths[i]);
        if (!real)
            return pass_missing(run, &paths[i]);
        array_push(&set->real, real);
    }
    const char *root = choose_root(run, &set->real);
    if (!root || !is_folder(root))
        return fail_path(run, run->settings->root ? run->settings->root : ".",
                         "is no folder that can be read");
    run->scan.root = root;
    if (!place_paths(run, root, paths, set))
        return false;
    keep_paths(run, set);
    return true;
}

/* Appends the paths of --files-from; they borrow from the run's arena. */
static bool read_file_list(Run *run, TextArray *paths)
{
    StrBuf text = {0};
    bool good = read_file(&text, run->settings->files_from, LARGEST_LIST, &run->diag);
    Str rest = strbuf_str(&text);
    char separator = run->settings->null_separated ? '\0' : '\n';
    while (good && rest.length) {
        size_t end = str_find_byte(rest, separator, 0);
        Str path = str_slice(rest, 0, end);
        rest = end == SIZE_MAX ? (Str){0} : str_slice(rest, end + 1, rest.length);
        if (separator == '\n' && str_ends(path, "\r"))
            path.length--;
        if (path.length)
            array_push(paths, arena_strdup(&run->arena, path.data, path.length));
    }
    strbuf_release(&text);
    return good;
}

bool run_paths(Run *run, const char *const *paths, size_t count)
{
    TextArray all = {0};
    PathSet set = {0};
    for (size_t i = 0; i < count; i++)
        array_push(&all, paths[i]);
    bool good = true;
    if (run->settings->files_from) {
        good = read_file_list(run, &all);
        run->nothing = all.count == 0;
    }
    good = good && resolve_paths(run, all.items, all.count, &set);
    array_release(&set.real);
    array_release(&set.kept);
    array_release(&all);
    return good;
}

int run_open_root(const Run *run)
{
    return open(run->scan.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}
