/*
 * Finding and reading the database. A file that is compiled several times is
 * kept once for each set of macros, language and target, because those show
 * different code; other differences do not.
 */
#include "input/compile_commands.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

enum { LARGEST_DATABASE = 512 << 20 };

/* --- splitting a command --- */

typedef struct Splitter {
    const char *at;
    StrBuf word;
    bool started;
} Splitter;

/* One byte of input; false at the end. Quotes and backslashes as in POSIX sh. */
static bool split_step(Splitter *splitter, char *quote)
{
    char byte = *splitter->at;
    if (!byte)
        return false;
    splitter->at++;
    if (*quote == '\'') {
        if (byte == '\'')
            *quote = 0;
        else
            strbuf_add_byte(&splitter->word, byte);
    } else if (byte == '\\' && *splitter->at &&
               (!*quote || strchr("\\\"$`\n", *splitter->at))) {
        if (*splitter->at != '\n')
            strbuf_add_byte(&splitter->word, *splitter->at);
        splitter->at++;
        splitter->started = true;
    } else if (byte == '"' || (byte == '\'' && !*quote)) {
        *quote = *quote == byte ? 0 : byte;
        splitter->started = true;
    } else {
        strbuf_add_byte(&splitter->word, byte);
        splitter->started = true;
    }
    return true;
}

CompileFlags compile_split(const char *command, Arena *arena)
{
    struct { ARRAY_OF(const char *); } words = {0};
    Splitter splitter = {.at = command};
    char quote = 0;
    for (bool more = true; more;) {
        bool gap = !*splitter.at || (!quote && strchr(" \t\r\n", *splitter.at));
        if (gap && splitter.started) {
            array_push(&words, arena_strdup(arena, splitter.word.data, splitter.word.length));
            strbuf_clear(&splitter.word);
            splitter.started = false;
        }
        more = *splitter.at != '\0';
        if (more && gap)
            splitter.at++;
        else if (more)
            more = split_step(&splitter, &quote);
    }
    CompileFlags flags = {ARENA_ARRAY(arena, const char *, words.count + 1), words.count};
    if (words.count)
        memcpy(flags.items, words.items, words.count * sizeof *words.items);
    array_release(&words);
    strbuf_release(&splitter.word);
    return flags;
}

/* --- reading --- */

static const char *absolute(const char *directory, const char *path, Arena *arena)
{
    char resolved[PATH_MAX];
    const char *joined =
        path[0] == '/' ? path : arena_printf(arena, "%s/%s", directory, path);
    if (realpath(joined, resolved))
        return arena_strdup(arena, resolved, strlen(resolved));
    return arena_strdup(arena, joined, strlen(joined));
}

/* Hostile input may hold NUL in a string: everything up to it counts. */
static const char *text_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_string(value) ? json_string_value(value) : NULL;
}

static CompileFlags arguments_of(const json_t *entry, Arena *arena)
{
    const json_t *list = json_object_get(entry, "arguments");
    const char *command = text_of(entry, "command");
    if (!json_is_array(list))
        return compile_split(command ? command : "", arena);
    CompileFlags flags = {ARENA_ARRAY(arena, const char *, json_array_size(list) + 1), 0};
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text)
            flags.items[flags.count++] = arena_strdup(arena, text, strlen(text));
    }
    return flags;
}

static bool changes_code(const char *flag)
{
    return strncmp(flag, "-I", 2) != 0 && flag[0] == '-' && strncmp(flag, "-i", 2) != 0;
}

static bool same_meaning(const CompileCommand *a, const CompileCommand *b)
{
    size_t i = 0, j = 0;
    for (;;) {
        while (i < a->flags.count && !changes_code(a->flags.items[i]))
            i++;
        while (j < b->flags.count && !changes_code(b->flags.items[j]))
            j++;
        if (i == a->flags.count || j == b->flags.count)
            return i == a->flags.count && j == b->flags.count;
        if (strcmp(a->flags.items[i++], b->flags.items[j++]) != 0)
            return false;
    }
}

static int compare_commands(const void *a, const void *b)
{
    const CompileCommand *one = a, *other = b;
    int order = strcmp(one->file, other->file);
    return order ? order : (one->entry > other->entry) - (one->entry < other->entry);
}

/* Sorts by file, keeping the order of the entries of one, and drops repeats. */
static void settle(CompileDatabase *database)
{
    size_t count = database->commands.count, kept = 0;
    CompileCommand *items = database->commands.items;
    if (count > 1)
        qsort(items, count, sizeof *items, compare_commands);
    for (size_t i = 0; i < count; i++) {
        bool repeated = false;
        for (size_t j = kept; j > 0 && strcmp(items[j - 1].file, items[i].file) == 0; j--)
            repeated = repeated || same_meaning(&items[j - 1], &items[i]);
        if (!repeated)
            items[kept++] = items[i];
    }
    database->commands.count = kept;
}

static bool read_entries(CompileDatabase *database, const json_t *list, const char *folder,
                         const char *inside, Arena *arena, Diag *diag)
{
    if (!json_is_array(list))
        return diag_fail_at(diag, database->path, 1, 1, "a compilation database must be a list");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        const char *file = text_of(entry, "file"), *directory = text_of(entry, "directory");
        if (!file || !*file)
            return diag_fail_at(diag, database->path, 0, 0, "entry %zu has no `file`", i + 1);
        CompileCommand command = {
            .entry = i,
            .directory = directory && *directory ? absolute(folder, directory, arena) : folder};
        command.file = absolute(command.directory, file, arena);
        CompileFlags arguments = arguments_of(entry, arena);
        compile_filter(database, &command, &arguments, inside, arena);
        array_push(&database->commands, command);
    }
    settle(database);
    return true;
}

/* --- compile_flags.txt: one flag a line --- */

static bool read_flags(CompileDatabase *database, FILE *file, const char *folder,
                       const char *inside, Arena *arena)
{
    struct { ARRAY_OF(const char *); } lines = {0};
    char *line = NULL;
    size_t capacity = 0;
    array_push(&lines, "cc");
    while (getline(&line, &capacity, file) >= 0) {
        Str text = str_trim(str_of(line));
        if (text.length)
            array_push(&lines, arena_strdup(arena, text.data, text.length));
    }
    free(line);
    CompileFlags arguments = {lines.items, lines.count};
    database->for_any_file = true;
    database->fallback = (CompileCommand){.directory = folder, .file = database->path};
    compile_filter(database, &database->fallback, &arguments, inside, arena);
    array_release(&lines);
    return true;
}

/* --- finding --- */

static bool is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= LARGEST_DATABASE;
}

static const char *find_in(const char *folder, Arena *arena)
{
    static const char *const names[] = {
        "compile_commands.json",       "build/compile_commands.json",
        "out/compile_commands.json",   "builddir/compile_commands.json",
        "build/debug/compile_commands.json", "build/release/compile_commands.json",
        "compile_flags.txt"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = arena_printf(arena, "%s/%s", folder, names[i]);
        if (is_file(path))
            return path;
    }
    return NULL;
}

static const char *find_upward(const char *root, Arena *arena)
{
    char *folder = arena_strdup(arena, root, strlen(root));
    for (;;) {
        const char *found = find_in(folder, arena);
        char *slash = strrchr(folder, '/');
        if (found || !slash)
            return found;
        *slash = '\0';
    }
}

/* The folder that both the database and the scanned files belong to, for -include. */
static const char *project_of(const char *folder, const char *root, Arena *arena)
{
    size_t length = strlen(folder);
    bool above = strncmp(root, folder, length) == 0;
    const char *base = strrchr(folder, '/');
    bool build = base && (strncmp(base, "/build", 6) == 0 || strncmp(base, "/out", 4) == 0);
    if (!above && build)
        length = (size_t)(base - folder);
    if (!above && !build)
        return root;
    return arena_strdup(arena, folder, length);
}

static bool read_database(CompileDatabase *database, const char *root, Arena *arena, Diag *diag)
{
    char *folder = arena_strdup(arena, database->path, strlen(database->path));
    *strrchr(folder, '/') = '\0';
    const char *inside = project_of(folder, root, arena);
    if (!is_file(database->path))
        return diag_fail_at(diag, database->path, 0, 0, "not a regular file, or too large");
    FILE *file = fopen(database->path, "r");
    if (!file)
        return diag_fail_at(diag, database->path, 0, 0, "cannot be read: %s", strerror(errno));
    bool good;
    if (str_ends(str_of(database->path), ".txt")) {
        good = read_flags(database, file, folder, inside, arena);
    } else {
        json_error_t error;
        json_t *list = json_loadf(file, JSON_ALLOW_NUL, &error);
        good = list ? read_entries(database, list, folder, inside, arena, diag)
                    : diag_fail_at(diag, database->path, (unsigned)error.line,
                                   (unsigned)error.column, "not valid JSON: %s", error.text);
        json_decref(list);
    }
    fclose(file);
    return good;
}

bool compile_database_find(CompileDatabase *database, const char *root, const char *given,
                           Arena *arena, Diag *diag)
{
    *database = (CompileDatabase){0};
    char resolved[PATH_MAX], place[PATH_MAX];
    if (!realpath(root, resolved))
        return diag_fail_at(diag, root, 0, 0, "cannot be read: %s", strerror(errno));
    if (given) {
        if (!realpath(given, place))
            return diag_fail_at(diag, given, 0, 0, "cannot be read: %s", strerror(errno));
        struct stat info;
        database->path = stat(place, &info) == 0 && S_ISDIR(info.st_mode)
                             ? find_in(place, arena)
                             : arena_strdup(arena, place, strlen(place));
        if (!database->path)
            return diag_fail_at(diag, given, 0, 0, "holds no compile_commands.json");
    } else {
        database->path = find_upward(resolved, arena);
    }
    return !database->path || read_database(database, resolved, arena, diag);
}

void compile_database_release(CompileDatabase *database)
{
    array_release(&database->commands);
    array_release(&database->refused);
    *database = (CompileDatabase){0};
}

const CompileCommand *compile_database_get(const CompileDatabase *database, const char *file,
                                           size_t *count)
{
    size_t low = 0, high = database->commands.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(database->commands.items[middle].file, file) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < database->commands.count &&
           strcmp(database->commands.items[end].file, file) == 0)
        end++;
    *count = end - low;
    return end > low ? &database->commands.items[low] : NULL;
}
