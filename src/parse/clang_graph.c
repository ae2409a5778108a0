/*
 * Commands of one project share their include folders, so a name is looked up
 * once for each folder it is included from, not once for each unit. System
 * folders are not searched: a header there can neither define nor use the
 * project's models.
 */
#include "parse/clang_graph.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_FILE = 64 << 20 };

void graph_init(Graph *graph, Arena *arena)
{
    *graph = (Graph){.arena = arena, .names = names_new()};
}

void graph_release(Graph *graph)
{
    for (size_t i = 0; i < graph->files.count; i++)
        c_directives_release(&graph->files.items[i].directives);
    for (size_t i = 0; i < graph->dirs.count; i++) {
        GraphDirs *dirs = &graph->dirs.items[i];
        array_release(&dirs->quoted);
        array_release(&dirs->angled);
        array_release(&dirs->forced);
        map_release(&dirs->resolved);
    }
    array_release(&graph->files);
    array_release(&graph->dirs);
    map_release(&graph->by_path);
    map_release(&graph->by_flags);
    names_free(graph->names);
}

/* Regular files only: a FIFO or a device must not hold up the scanner. */
static bool read_file(const char *path, Str *text, Arena *arena)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat info;
    if (fd < 0)
        return false;
    bool good = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= LARGEST_FILE;
    if (good) {
        char *data = arena_alloc(arena, (size_t)info.st_size + 1);
        size_t length = 0;
        ssize_t got = 1;
        while (length < (size_t)info.st_size && got > 0) {
            got = read(fd, data + length, (size_t)info.st_size - length);
            length += got > 0 ? (size_t)got : 0;
        }
        *text = (Str){data, length};
    }
    close(fd);
    return good;
}

static size_t add_file(Graph *graph, const char *path)
{
    GraphFile file = {.path = arena_strdup(graph->arena, path, strlen(path))};
    file.readable = read_file(path, &file.text, graph->arena);
    if (!file.readable)
        return SIZE_MAX;
    c_directives(file.text, &file.directives);
    array_push(&graph->files, file);
    return graph->files.count - 1;
}

size_t graph_file(Graph *graph, const char *path)
{
    Sym spelled = names_intern_c(graph->names, path);
    if (!spelled)
        return SIZE_MAX;
    uint64_t *known = map_get(&graph->by_path, spelled);
    if (known)
        return (size_t)*known - 1; /* 0: looked for in vain */
    char resolved[PATH_MAX];
    size_t index = SIZE_MAX;
    if (realpath(path, resolved)) {
        Sym real = names_intern_c(graph->names, resolved);
        known = map_get(&graph->by_path, real);
        index = known ? (size_t)*known - 1 : add_file(graph, resolved);
        map_put(&graph->by_path, real, index + 1);
    }
    map_put(&graph->by_path, spelled, index + 1);
    return index;
}

static const char *joined(Graph *graph, const char *directory, const char *path)
{
    return path[0] == '/' ? path : arena_printf(graph->arena, "%s/%s", directory, path);
}

/* The value of flag `name` at items[i], joined or separate; NULL if it is another flag. */
static const char *flag_value(const CompileFlags *flags, size_t i, const char *name)
{
    size_t length = strlen(name);
    if (strncmp(flags->items[i], name, length) != 0)
        return NULL;
    if (flags->items[i][length])
        return flags->items[i] + length;
    return i + 1 < flags->count ? flags->items[i + 1] : NULL;
}

static size_t dirs_of(Graph *graph, const CompileCommand *command)
{
    static const char *const angled[] = {"-isystem", "-idirafter", "-I"};
    const CompileFlags *flags = &command->flags;
    StrBuf key = {0};
    strbuf_printf(&key, "%s\n", command->directory);
    for (size_t i = 0; i < flags->count; i++)
        strbuf_printf(&key, "%s\n", flags->items[i]);
    Sym sym = names_intern(graph->names, strbuf_str(&key));
    strbuf_release(&key);
    uint64_t *known = map_get(&graph->by_flags, sym);
    if (known)
        return (size_t)*known;
    GraphDirs dirs = {0};
    for (size_t i = 0; i < flags->count; i++) {
        const char *value = flag_value(flags, i, "-iquote");
        if (value)
            array_push(&dirs.quoted, joined(graph, command->directory, value));
        for (size_t j = 0; j < sizeof angled / sizeof *angled; j++)
            if ((value = flag_value(flags, i, angled[j])))
                array_push(&dirs.angled, joined(graph, command->directory, value));
        value = flag_value(flags, i, "-include");
        if (!value)
            value = flag_value(flags, i, "-imacros");
        if (value)
            array_push(&dirs.forced, joined(graph, command->directory, value));
    }
    array_push(&graph->dirs, dirs);
    map_put(&graph->by_flags, sym, graph->dirs.count - 1);
    return graph->dirs.count - 1;
}

static size_t search(Graph *graph, const GraphDirs *dirs, const char *folder, const CInclude *include)
{
    const char *name = arena_strdup(graph->arena, include->name.data, include->name.length);
    if (name[0] == '/')
        return graph_file(graph, name);
    size_t found = SIZE_MAX;
    if (!include->brackets)
        found = graph_file(graph, joined(graph, folder, name));
    for (size_t i = 0; !include->brackets && found == SIZE_MAX && i < dirs->quoted.count; i++)
        found = graph_file(graph, joined(graph, dirs->quoted.items[i], name));
    for (size_t i = 0; found == SIZE_MAX && i < dirs->angled.count; i++)
        found = graph_file(graph, joined(graph, dirs->angled.items[i], name));
    return found;
}

static size_t resolve(Graph *graph, size_t dirs, const char *from, const CInclude *include)
{
    const char *slash = strrchr(from, '/');
    Str folder = {from, slash ? (size_t)(slash - from) : 0};
    Sym where = names_intern(graph->names, folder);
    Sym what = names_intern_c(graph->names,
                              arena_printf(graph->arena, "%c%.*s", include->brackets ? '<' : '"',
                                           STR_ARG(include->name)));
    uint64_t key = map_key2(where, what);
    uint64_t *known = map_get(&graph->dirs.items[dirs].resolved, key);
    if (known)
        return (size_t)*known - 1;
    size_t found = search(graph, &graph->dirs.items[dirs],
                          arena_strdup(graph->arena, folder.data, folder.length), include);
    map_put(&graph->dirs.items[dirs].resolved, key, found + 1);
    return found;
}

static void see(Graph *graph, GraphClosure *closure, size_t file)
{
    if (graph->files.items[file].mark == graph->marks)
        return;
    graph->files.items[file].mark = graph->marks;
    array_push(&closure->files, file);
}

static void see_include(Graph *graph, GraphClosure *closure, size_t dirs, size_t from,
                        const CInclude *include)
{
    size_t found = resolve(graph, dirs, graph->files.items[from].path, include);
    if (found != SIZE_MAX)
        see(graph, closure, found);
}

static bool is_defined_by_flag(const CompileCommand *command, Str name)
{
    for (size_t i = 0; i < command->flags.count; i++) {
        const char *flag = command->flags.items[i];
        if (strncmp(flag, "-D", 2) == 0)
            flag += 2;
        Str text = str_of(flag);
        if (str_eq(str_slice(text, 0, str_find_byte(text, '=', 0)), name))
            return true;
    }
    return false;
}

/* `#include NAME`: follows what the visible definitions of NAME say. One that none defines is dead. */
static void see_computed(Graph *graph, GraphClosure *closure, size_t dirs, size_t from, Str name)
{
    for (size_t i = 0; i < closure->files.count; i++) {
        size_t file = closure->files.items[i];
        for (size_t j = 0; j < graph->files.items[file].directives.macros.count; j++) {
            CMacro macro = graph->files.items[file].directives.macros.items[j];
            CInclude include;
            if (!str_eq(macro.name, name))
                continue;
            if (c_include_of(macro.body, &include))
                see_include(graph, closure, dirs, from, &include);
            else if (str_trim(macro.body).length)
                closure->open = true;
        }
    }
}

static void see_included(Graph *graph, GraphClosure *closure, size_t dirs, size_t file)
{
    for (size_t i = 0; i < graph->files.items[file].directives.includes.count; i++) {
        CInclude include = graph->files.items[file].directives.includes.items[i];
        if (!include.computed)
            see_include(graph, closure, dirs, file, &include);
    }
}

static void see_all_computed(Graph *graph, GraphClosure *closure, const CompileCommand *command,
                             size_t dirs, size_t file)
{
    for (size_t i = 0; i < graph->files.items[file].directives.includes.count; i++) {
        CInclude include = graph->files.items[file].directives.includes.items[i];
        if (!include.computed)
            continue;
        see_computed(graph, closure, dirs, file, include.name);
        closure->open = closure->open || is_defined_by_flag(command, include.name);
    }
}

void graph_closure(Graph *graph, const CompileCommand *command, GraphClosure *closure)
{
    closure->files.count = 0;
    closure->open = false;
    graph->marks++;
    size_t main_file = graph_file(graph, command->file);
    if (main_file == SIZE_MAX)
        return;
    size_t dirs = dirs_of(graph, command);
    see(graph, closure, main_file);
    for (size_t i = 0; i < graph->dirs.items[dirs].forced.count; i++) {
        size_t file = graph_file(graph, graph->dirs.items[dirs].forced.items[i]);
        if (file != SIZE_MAX)
            see(graph, closure, file);
    }
    for (size_t next = 0; next < closure->files.count; next++)
        see_included(graph, closure, dirs, closure->files.items[next]);
    /* Definitions of names of files may come late: look until nothing new is seen. */
    for (size_t before = 0; before < closure->files.count;) {
        before = closure->files.count;
        for (size_t next = 0; next < closure->files.count; next++)
            see_all_computed(graph, closure, command, dirs, closure->files.items[next]);
        for (size_t next = before; next < closure->files.count; next++)
            see_included(graph, closure, dirs, closure->files.items[next]);
    }
}
