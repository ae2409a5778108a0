/*
 * The file list, by several threads.
 *
 * Each folder is one task (walk_folder.c); tasks wait on one stack under one
 * lock, taken twice for each folder. Threads beyond the caller's are started
 * only once enough folders wait, so a small tree pays nothing for them. The
 * finished tree of folders is flattened depth first, which is already the order
 * of path bytes; only overlapping named paths need a sort.
 */
#include "input/walk.h"

#include "input/walk_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS_MOST = 64, FOLDERS_BEFORE_THREADS = 16 };

typedef struct Walk {
    WalkShared shared;
    pthread_mutex_t lock; /* over waiting, busy and sleeping */
    pthread_cond_t changed;
    struct {
        ARRAY_OF(Folder *);
    } waiting;
    unsigned busy, sleeping;
} Walk;

typedef struct Worker {
    Walk *walk;
    FolderReader reader;
    pthread_t thread;
} Worker;

typedef struct SourceArray {
    ARRAY_OF(Source);
} SourceArray;

/* The next folder to read, waiting for one while others may still find some; NULL at the end. */
static Folder *take_folder(Walk *walk)
{
    Folder *folder = NULL;
    pthread_mutex_lock(&walk->lock);
    while (!walk->waiting.count && walk->busy) {
        walk->sleeping++;
        pthread_cond_wait(&walk->changed, &walk->lock);
        walk->sleeping--;
    }
    if (walk->waiting.count) {
        folder = walk->waiting.items[--walk->waiting.count];
        walk->busy++;
    }
    pthread_mutex_unlock(&walk->lock);
    return folder;
}

/* Ends a folder and hands over its subfolders. Returns how many wait now. */
static size_t give_folders(Walk *walk, const FolderReader *reader)
{
    pthread_mutex_lock(&walk->lock);
    for (size_t i = 0; i < reader->folders.count; i++)
        array_push(&walk->waiting, reader->folders.items[i]);
    walk->busy--;
    size_t waiting = walk->waiting.count;
    if (walk->sleeping && (waiting || !walk->busy))
        pthread_cond_broadcast(&walk->changed);
    pthread_mutex_unlock(&walk->lock);
    return waiting;
}

static void *run_worker(void *argument)
{
    Worker *worker = argument;
    for (Folder *folder; (folder = take_folder(worker->walk));) {
        folder_read(&worker->reader, folder);
        give_folders(worker->walk, &worker->reader);
    }
    return NULL;
}

/* Reads every waiting folder and all below. Returns the number of workers that took part. */
static unsigned read_folders(Walk *walk, Worker *workers, unsigned worker_count)
{
    unsigned started = 1;
    for (Folder *folder; (folder = take_folder(walk));) {
        folder_read(&workers[0].reader, folder);
        size_t waiting = give_folders(walk, &workers[0].reader);
        for (; started < worker_count && waiting >= FOLDERS_BEFORE_THREADS; started++)
            if (pthread_create(&workers[started].thread, NULL, run_worker, &workers[started]))
                worker_count = started;
    }
    for (unsigned i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    return started;
}

/* Appends the files of `folder` and of all below it, in order of path bytes. */
static void flatten(SourceArray *out, const Folder *folder)
{
    typedef struct {
        const Folder *folder;
        size_t next;
    } Level;
    struct {
        ARRAY_OF(Level);
    } levels = {0};
    array_push(&levels, ((Level){folder, 0}));
    while (levels.count) {
        Level *level = &levels.items[levels.count - 1];
        if (level->next == level->folder->count) {
            levels.count--;
            continue;
        }
        const FolderEntry *entry = &level->folder->entries[level->next++];
        if (entry->folder)
            array_push(&levels, ((Level){entry->folder, 0}));
        else
            array_push(out, ((Source){.path = entry->path, .language = entry->language}));
    }
    array_release(&levels);
}

static int compare_sources(const void *a, const void *b)
{
    const Source *x = a, *y = b;
    int order = strcmp(x->path, y->path);
    return order ? order : y->named - x->named; /* a named one first */
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts, and drops the repeats that overlapping named paths make. */
static void sort_sources(SourceArray *sources)
{
    if (!sources->count)
        return;
    qsort(sources->items, sources->count, sizeof *sources->items, compare_sources);
    size_t kept = 1;
    for (size_t i = 1; i < sources->count; i++)
        if (strcmp(sources->items[i].path, sources->items[kept - 1].path) != 0)
            sources->items[kept++] = sources->items[i];
    sources->count = kept;
}

/* Takes "./", doubled and closing slashes out. */
static Str clean_path(Arena *arena, const char *path)
{
    char *clean = arena_strdup(arena, path, strlen(path));
    size_t length = 0;
    for (const char *p = path; *p;) {
        size_t part = strcspn(p, "/");
        if (part && !(part == 1 && *p == '.')) {
            if (length && clean[length - 1] != '/')
                clean[length++] = '/';
            memmove(clean + length, p, part);
            length += part;
        } else if (p == path && *p == '/') {
            clean[length++] = '/';
        }
        p += part + (p[part] == '/');
    }
    clean[length] = '\0';
    return (Str){clean, length};
}

/* Adds the name in `folder` that looks most like `wanted` to the message. */
static bool hint_near(Diag *diag, int root_fd, Str folder, Str wanted, Arena *arena)
{
    const char *path = folder.length ? arena_strdup(arena, folder.data, folder.length) : ".";
    int fd = openat(root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    if (!stream) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    size_t limit = wanted.length / 3 + 1, best = limit + 1;
    char name[NAME_MAX + 1] = "";
    for (struct dirent *entry; (entry = readdir(stream));) {
        size_t distance = str_distance(wanted, str_of(entry->d_name), limit);
        if (distance < best || (distance == best && best <= limit &&
                                strcmp(entry->d_name, name) < 0)) {
            best = distance;
            snprintf(name, sizeof name, "%s", entry->d_name);
        }
    }
    closedir(stream);
    const char *slash = folder.length ? "/" : "";
    return name[0] && diag_hint(diag, "did you mean '%.*s%s%s'?", STR_ARG(folder), slash, name);
}

/* Says that `path` is missing, with the name nearest to its first missing part. */
static bool fail_missing(Diag *diag, int root_fd, Str path, Arena *arena)
{
    diag_fail_at(diag, path.data, 0, 0, "no such file or folder");
    struct stat status;
    Str folder = {path.data, 0};
    for (size_t at = 0; at < path.length;) {
        size_t end = str_find_byte(path, '/', at);
        if (end == SIZE_MAX)
            end = path.length;
        Str part = str_slice(path, at, end), upto = str_slice(path, 0, end);
        if (part.length &&
            fstatat(root_fd, arena_strdup(arena, upto.data, upto.length), &status, 0) != 0)
            return hint_near(diag, root_fd, folder, part, arena);
        folder = upto;
        at = end + 1;
    }
    return false;
}

/* Queues a folder the user asked for. */
static Folder *start_folder(Walk *walk, Arena *arena, Str path)
{
    WalkStart *start = ARENA_NEW(arena, WalkStart);
    Folder *folder = ARENA_NEW(arena, Folder);
    start->path = path;
    folder->start = start;
    folder->path = path;
    folder->included = walk_included(&walk->shared, path);
    if (!walk->shared.options->no_ignore) {
        const char *root = path.length && path.data[0] == '/' ? "" : walk->shared.options->root;
        char *real = realpath(arena_printf(arena, "%s/%s", root, path.data), NULL);
        if (real)
            start->absolute = (Str){arena_strdup(arena, real + 1, strlen(real + 1)),
                                    strlen(real + 1)};
        free(real);
        folder->scope = ignore_scope_above(arena, start->absolute);
    }
    array_push(&walk->waiting, folder);
    return folder;
}

/* Sorts out the named paths: files into `sources`, folders into `starts`. */
static bool take_paths(Walk *walk, Arena *arena, SourceArray *sources, Folder **starts,
                       size_t *start_count, Diag *diag)
{
    const WalkOptions *options = walk->shared.options;
    if (!options->path_count)
        starts[(*start_count)++] = start_folder(walk, arena, (Str){"", 0});
    for (size_t i = 0; i < options->path_count; i++) {
        Str path = clean_path(arena, options->paths[i]);
        struct stat status;
        const char *opened = path.length ? path.data : ".";
        if (fstatat(walk->shared.root_fd, opened, &status, 0) != 0 &&
            fstatat(walk->shared.root_fd, opened, &status, AT_SYMLINK_NOFOLLOW) != 0)
            return fail_missing(diag, walk->shared.root_fd, path, arena);
        if (S_ISDIR(status.st_mode)) {
            starts[(*start_count)++] = start_folder(walk, arena, path);
            continue;
        }
        Source source = {.path = path.data, .named = true};
        if (options->language_of)
            source.language = options->language_of(options->context, path.data);
        array_push(sources, source);
    }
    return true;
}

/* Moves the unreadable folders of all workers into the list. */
static void take_unreadable(SourceList *list, const Worker *workers, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        list->unreadable_count += workers[i].reader.unreadable.count;
    if (!list->unreadable_count)
        return;
    list->unreadable = ARENA_ARRAY(&list->arena, const char *, list->unreadable_count);
    size_t filled = 0;
    for (unsigned i = 0; i < count; i++)
        for (size_t j = 0; j < workers[i].reader.unreadable.count; j++)
            list->unreadable[filled++] = workers[i].reader.unreadable.items[j];
    qsort(list->unreadable, filled, sizeof *list->unreadable, compare_paths);
}

/* Runs the threads over everything queued. */
static void walk_folders(Walk *walk, SourceList *list)
{
    unsigned wanted = walk->shared.options->threads;
    unsigned count = wanted < 1 ? 1 : wanted > THREADS_MOST ? THREADS_MOST : wanted;
    Worker *workers = ARENA_ARRAY(&list->arena, Worker, count);
    list->path_arenas = ARENA_ARRAY(&list->arena, Arena, count);
    list->path_arena_count = count;
    for (unsigned i = 0; i < count; i++) {
        workers[i].walk = walk;
        workers[i].reader.shared = &walk->shared;
        workers[i].reader.arena = &list->path_arenas[i];
    }
    unsigned used = read_folders(walk, workers, count);
    take_unreadable(list, workers, used);
    for (unsigned i = 0; i < used; i++) {
        list->ignored_folders += workers[i].reader.ignored_folders;
        folder_reader_release(&workers[i].reader);
    }
}

/* The list proper, once root is open. */
static bool fill_list(SourceList *list, Walk *walk, Diag *diag)
{
    const WalkOptions *options = walk->shared.options;
    Arena *arena = &list->arena;
    walk->shared.include = ignore_from_globs(arena, options->include, options->include_count);
    walk->shared.exclude = ignore_from_globs(arena, options->exclude, options->exclude_count);
    if (!options->no_ignore)
        walk->shared.global = ignore_global(arena);
    SourceArray sources = {0};
    Folder **starts = ARENA_ARRAY(arena, Folder *, options->path_count + 1);
    size_t start_count = 0;
    if (!take_paths(walk, arena, &sources, starts, &start_count, diag)) {
        array_release(&sources);
        return false;
    }
    if (start_count)
        walk_folders(walk, list);
    for (size_t i = 0; i < start_count; i++)
        flatten(&sources, starts[i]);
    if (options->path_count)
        sort_sources(&sources);
    list->items = ARENA_ARRAY(arena, Source, sources.count);
    list->count = sources.count;
    if (sources.count)
        memcpy(list->items, sources.items, sources.count * sizeof *sources.items);
    array_release(&sources);
    return true;
}

bool walk_list(SourceList *list, const WalkOptions *options, Diag *diag)
{
    *list = (SourceList){.root_fd = -1};
    arena_init(&list->arena);
    list->root_fd = open(options->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (list->root_fd < 0) {
        if (errno == ENOENT)
            fail_missing(diag, AT_FDCWD, str_of(options->root), &list->arena);
        else
            diag_fail_at(diag, options->root, 0, 0, "%s", strerror(errno));
        source_list_release(list);
        return false;
    }
    Walk walk = {.shared = {.options = options, .root_fd = list->root_fd}};
    pthread_mutex_init(&walk.lock, NULL);
    pthread_cond_init(&walk.changed, NULL);
    bool good = fill_list(list, &walk, diag);
    pthread_cond_destroy(&walk.changed);
    pthread_mutex_destroy(&walk.lock);
    array_release(&walk.waiting);
    if (!good)
        source_list_release(list);
    return good;
}

static int compare_path(const void *path, const void *source)
{
    return strcmp(path, ((const Source *)source)->path);
}

Source *source_list_find(const SourceList *list, const char *path)
{
    if (!list->count)
        return NULL;
    return bsearch(path, list->items, list->count, sizeof *list->items, compare_path);
}

void source_list_release(SourceList *list)
{
    for (size_t i = 0; i < list->count; i++)
        source_release(&list->items[i]);
    for (size_t i = 0; i < list->path_arena_count; i++)
        arena_release(&list->path_arenas[i]);
    arena_release(&list->arena);
    if (list->root_fd >= 0)
        close(list->root_fd);
    *list = (SourceList){.root_fd = -1};
}
