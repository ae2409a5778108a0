/*
 * One folder: read its names, read its ignore files if it has any, judge the
 * names, keep what is left.
 *
 * Names are gathered before the first is judged, because an ignore file may be
 * listed last. No stat where the folder entry tells the type: cost is one open,
 * fstat, getdents (two) and close for each folder, and nothing for each file.
 * Entries are sorted with '/' behind folder names: walking the finished tree
 * depth first then gives the byte order of full paths without another sort.
 */
#include "input/walk_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef enum EntryType { ENTRY_OTHER, ENTRY_FILE, ENTRY_FOLDER } EntryType;

static EntryType entry_type(int folder_fd, const struct dirent *entry)
{
    struct stat status;
    switch (entry->d_type) {
    case DT_REG:
        return ENTRY_FILE;
    case DT_DIR:
        return ENTRY_FOLDER;
    case DT_UNKNOWN:
        if (fstatat(folder_fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            return ENTRY_OTHER;
        return S_ISREG(status.st_mode)   ? ENTRY_FILE
               : S_ISDIR(status.st_mode) ? ENTRY_FOLDER
                                         : ENTRY_OTHER;
    default:
        return ENTRY_OTHER;
    }
}

/* For names with a leading '.': which of those that matter to ignore rules it is, or 0. */
static unsigned holds_bit(Str name)
{
    if (str_eq(name, str_lit(".gitignore")))
        return HOLDS_GITIGNORE;
    if (str_eq(name, str_lit(".ignore")))
        return HOLDS_IGNORE;
    return str_eq(name, str_lit(".git")) ? HOLDS_GIT : 0;
}

/* Lists files and folders into reader->raw. Returns FolderHolds bits. */
static unsigned read_names(FolderReader *reader, DIR *stream)
{
    unsigned holds = 0;
    reader->raw.count = 0;
    strbuf_clear(&reader->names);
    for (struct dirent *entry; (entry = readdir(stream));) {
        Str name = str_of(entry->d_name);
        if (name.data[0] == '.') {
            unsigned bit = holds_bit(name);
            holds |= bit;
            if (bit == HOLDS_GIT || name.length == 1 || (name.length == 2 && name.data[1] == '.'))
                continue;
        }
        EntryType type = entry_type(dirfd(stream), entry);
        if (type == ENTRY_OTHER)
            continue;
        array_push(&reader->raw, ((RawName){reader->names.length, name.length,
                                            type == ENTRY_FOLDER}));
        strbuf_add_str(&reader->names, name);
    }
    return holds;
}

bool walk_included(const WalkShared *shared, Str path)
{
    if (!shared->include)
        return shared->options->include_count == 0;
    for (size_t at = 0; (at = str_find_byte(path, '/', at)) != SIZE_MAX; at++)
        if (ignore_match(shared->include, str_slice(path, 0, at), true) == IGNORE_OUT)
            return true;
    return path.length && ignore_match(shared->include, path, true) == IGNORE_OUT;
}

/* Do the rules let this entry in? Sets *included from the include globs. */
static bool judge(FolderReader *reader, const Folder *folder, Str name, bool is_folder,
                  bool *included)
{
    const WalkShared *shared = reader->shared;
    Str path = strbuf_str(&reader->relative);
    IgnoreVerdict verdict = IGNORE_SILENT;
    if (folder->scope)
        verdict = ignore_scope_judge(folder->scope, shared->global, strbuf_str(&reader->absolute),
                                     is_folder);
    if (verdict == IGNORE_OUT ||
        (verdict == IGNORE_SILENT && name.data[0] == '.' && !shared->options->hidden))
        return false;
    if (ignore_match(shared->exclude, path, is_folder) == IGNORE_OUT)
        return false;
    IgnoreVerdict asked = ignore_match(shared->include, path, is_folder);
    *included = asked == IGNORE_SILENT ? folder->included : asked == IGNORE_OUT;
    return is_folder || *included;
}

static void keep_file(FolderReader *reader)
{
    const WalkOptions *options = reader->shared->options;
    Str path = strbuf_str(&reader->relative);
    FolderEntry entry = {.length = path.length};
    entry.path = arena_strdup(reader->arena, path.data, path.length);
    if (options->language_of)
        entry.language = options->language_of(options->context, entry.path);
    array_push(&reader->entries, entry);
}

static void keep_folder(FolderReader *reader, const Folder *parent, bool included)
{
    Str path = strbuf_str(&reader->relative);
    Folder *folder = ARENA_NEW(reader->arena, Folder);
    folder->start = parent->start;
    folder->scope = parent->scope;
    folder->path = (Str){arena_strdup(reader->arena, path.data, path.length), path.length};
    folder->included = included;
    array_push(&reader->folders, folder);
    array_push(&reader->entries,
               ((FolderEntry){.folder = folder, .path = folder->path.data, .length = path.length}));
}

static int compare_entries(const void *a, const void *b)
{
    const FolderEntry *x = a, *y = b;
    size_t shorter = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->path, y->path, shorter);
    if (order)
        return order;
    int x_next = x->length > shorter ? (unsigned char)x->path[shorter] : x->folder ? '/' : 0;
    int y_next = y->length > shorter ? (unsigned char)y->path[shorter] : y->folder ? '/' : 0;
    return x_next - y_next;
}

/* Judges every name in reader->raw. The two path buffers hold the folder's path and a '/'. */
static void judge_names(FolderReader *reader, const Folder *folder)
{
    size_t relative = reader->relative.length, absolute = reader->absolute.length;
    for (size_t i = 0; i < reader->raw.count; i++) {
        const RawName *raw = &reader->raw.items[i];
        Str name = {reader->names.data + raw->offset, raw->length};
        bool included = false;
        reader->relative.length = relative;
        strbuf_add_str(&reader->relative, name);
        reader->absolute.length = absolute;
        strbuf_add_str(&reader->absolute, name);
        if (!judge(reader, folder, name, raw->is_folder, &included))
            reader->ignored_folders += raw->is_folder;
        else if (raw->is_folder)
            keep_folder(reader, folder, included);
        else
            keep_file(reader);
    }
}

/* Puts the folder's path, as reported and as rules see it, into the buffers. */
static void set_paths(FolderReader *reader, const Folder *folder)
{
    const WalkStart *start = folder->start;
    strbuf_clear(&reader->relative);
    strbuf_add_str(&reader->relative, folder->path);
    strbuf_clear(&reader->absolute);
    strbuf_add_str(&reader->absolute, start->absolute);
    Str below = str_slice(folder->path, start->path.length, folder->path.length);
    if (below.length && below.data[0] != '/' && start->absolute.length)
        strbuf_add_byte(&reader->absolute, '/');
    strbuf_add_str(&reader->absolute, below);
}

static void add_slash(StrBuf *path)
{
    if (path->length && path->data[path->length - 1] != '/')
        strbuf_add_byte(path, '/');
}

static DIR *open_folder(const FolderReader *reader, const Folder *folder)
{
    int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    if (folder->path.length > folder->start->path.length)
        flags |= O_NOFOLLOW;
    int fd = openat(reader->shared->root_fd, folder->path.length ? folder->path.data : ".", flags);
    if (fd < 0)
        return NULL;
    DIR *stream = fdopendir(fd);
    if (!stream)
        close(fd);
    return stream;
}

void folder_read(FolderReader *reader, Folder *folder)
{
    reader->entries.count = reader->folders.count = 0;
    DIR *stream = open_folder(reader, folder);
    if (!stream) {
        array_push(&reader->unreadable, folder->path.length ? folder->path.data : ".");
        return;
    }
    unsigned holds = read_names(reader, stream);
    set_paths(reader, folder);
    if (holds && !reader->shared->options->no_ignore)
        folder->scope = ignore_scope_enter(reader->arena, folder->scope, dirfd(stream),
                                           strbuf_str(&reader->absolute), holds);
    closedir(stream);
    add_slash(&reader->relative);
    add_slash(&reader->absolute);
    judge_names(reader, folder);
    folder->count = reader->entries.count;
    if (!folder->count)
        return;
    qsort(reader->entries.items, folder->count, sizeof *folder->entries, compare_entries);
    folder->entries = ARENA_ARRAY(reader->arena, FolderEntry, folder->count);
    memcpy(folder->entries, reader->entries.items, folder->count * sizeof *folder->entries);
}

void folder_reader_release(FolderReader *reader)
{
    array_release(&reader->entries);
    array_release(&reader->folders);
    array_release(&reader->raw);
    array_release(&reader->unreadable);
    strbuf_release(&reader->names);
    strbuf_release(&reader->relative);
    strbuf_release(&reader->absolute);
}
