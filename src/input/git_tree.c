/*
 * ls-tree names the files, cat-file gives their bytes in batches, so that two
 * processes and a few more for large trees are enough. Cost: the bytes of the
 * files that are wanted.
 */
#include "input/git_tree.h"

#include "input/git.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_FILE = 4 << 20, BATCH_BYTES = 64 << 20 };

typedef struct Blob {
    const char *path, *object;
    size_t size;
} Blob;

typedef struct Tree {
    const char *root, *folder;
    Diag *diag;
    Arena arena;
    struct { ARRAY_OF(Blob); } blobs;
} Tree;

static Str next_field(Str *text, char end)
{
    size_t at = str_find_byte(*text, end, 0);
    Str field = str_slice(*text, 0, at);
    *text = at == SIZE_MAX ? (Str){"", 0} : str_slice(*text, at + 1, text->length);
    return field;
}

static size_t read_number(Str text)
{
    size_t number = 0;
    for (size_t i = 0; i < text.length && text.data[i] >= '0' && text.data[i] <= '9'; i++)
        number = number > LARGEST_FILE ? number : number * 10 + (size_t)(text.data[i] - '0');
    return number;
}

/* Refuses what could leave the folder; git itself refuses most of it. */
static bool is_tame(Str path)
{
    if (!path.length)
        return false;
    while (path.length) {
        Str part = next_field(&path, '/');
        if (!part.length || str_eq_c(part, "..") || str_eq_c(part, ".git"))
            return false;
    }
    return true;
}

/* "100644 blob <object> <size>\t<path>" */
static void add_entry(Tree *tree, Str entry, GitTreeWanted wanted, const void *context)
{
    Str mode = next_field(&entry, ' '), kind = next_field(&entry, ' ');
    Str object = next_field(&entry, ' ');
    size_t size = read_number(str_trim(next_field(&entry, '\t')));
    if (!str_starts(mode, "100") || !str_eq_c(kind, "blob") || size > LARGEST_FILE ||
        !is_tame(entry))
        return;
    const char *path = arena_strdup(&tree->arena, entry.data, entry.length);
    if (wanted(context, path))
        array_push(&tree->blobs,
                   ((Blob){path, arena_strdup(&tree->arena, object.data, object.length), size}));
}

static bool fail_write(Tree *tree, const char *path)
{
    return diag_fail_at(tree->diag, path, 0, 0, "cannot be written: %s", strerror(errno));
}

static bool make_folders(Tree *tree, int folder, char *path)
{
    for (char *c = path; *c; c++) {
        if (*c != '/')
            continue;
        *c = '\0';
        bool made = mkdirat(folder, path, 0700) == 0 || errno == EEXIST;
        *c = '/';
        if (!made)
            return fail_write(tree, path);
    }
    return true;
}

static bool write_blob(Tree *tree, int folder, const char *path, Str text)
{
    char *copy = arena_strdup(&tree->arena, path, strlen(path));
    if (!make_folders(tree, folder, copy))
        return false;
    int file = openat(folder, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    while (file >= 0 && text.length) {
        ssize_t done = write(file, text.data, text.length);
        if (done <= 0 && errno != EINTR)
            break;
        text = str_slice(text, done > 0 ? (size_t)done : 0, text.length);
    }
    bool good = file >= 0 && !text.length;
    if (!good)
        fail_write(tree, path);
    if (file >= 0)
        close(file);
    return good;
}

/* "<object> blob <size>\n<bytes>\n" for each of the blobs [from, to). */
static bool write_batch(Tree *tree, int folder, size_t from, size_t to)
{
    static const char *const arguments[] = {"cat-file", "--batch", NULL};
    StrBuf input = {0}, out = {0};
    for (size_t i = from; i < to; i++)
        strbuf_printf(&input, "%s\n", tree->blobs.items[i].object);
    bool good = git_ask(tree->root, arguments, strbuf_str(&input), &out, tree->diag);
    Str rest = strbuf_str(&out);
    for (size_t i = from; good && i < to; i++) {
        const Blob *blob = &tree->blobs.items[i];
        next_field(&rest, '\n');
        if (rest.length < blob->size + 1)
            good = diag_fail(tree->diag, "`git cat-file` gave less than it should");
        else
            good = write_blob(tree, folder, blob->path, str_slice(rest, 0, blob->size));
        rest = str_slice(rest, blob->size + 1, rest.length);
    }
    strbuf_release(&input);
    strbuf_release(&out);
    return good;
}

static bool write_blobs(Tree *tree)
{
    int folder = open(tree->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = folder >= 0 || fail_write(tree, tree->folder);
    for (size_t from = 0, to; good && from < tree->blobs.count; from = to) {
        size_t bytes = 0;
        for (to = from; to < tree->blobs.count && (to == from || bytes < BATCH_BYTES); to++)
            bytes += tree->blobs.items[to].size;
        good = write_batch(tree, folder, from, to);
    }
    if (folder >= 0)
        close(folder);
    return good;
}

bool git_tree_write(const char *root, const char *commit, const char *folder,
                    GitTreeWanted wanted, const void *context, Diag *diag)
{
    Tree tree = {.root = root, .folder = folder, .diag = diag};
    const char *const arguments[] = {"ls-tree", "-r", "-l", "-z", commit, NULL};
    StrBuf out = {0};
    arena_init(&tree.arena);
    bool good = git_run(root, arguments, &out, diag);
    for (Str text = strbuf_str(&out); good && text.length;)
        add_entry(&tree, next_field(&text, '\0'), wanted, context);
    good = good && write_blobs(&tree);
    array_release(&tree.blobs);
    arena_release(&tree.arena);
    strbuf_release(&out);
    return good;
}
