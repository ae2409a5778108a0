/*
 * Few trees have more than a handful of module files, so every question walks them all. An
 * import is compared with the module's path and, behind it, with the folder that the file is in.
 */
#include "analyze/program/module_root.h"

#include "analyze/program/naming.h"

#include <string.h>

static bool starts_with(Str text, Str start)
{
    return text.length >= start.length && str_eq(str_slice(text, 0, start.length), start);
}

static Str base_name(Str path)
{
    size_t start = path.length;
    while (start && path.data[start - 1] != '/')
        start--;
    return str_slice(path, start, path.length);
}

static Str folder_of(Str path)
{
    size_t end = path.length - base_name(path).length;
    return str_slice(path, 0, end ? end - 1 : 0);
}

/* The rest of the first line that starts with `start`, without quotes and blanks. */
static Str line_after(Str text, Str start)
{
    for (size_t at = str_find(text, start, 0); at != SIZE_MAX; at = str_find(text, start, at + 1)) {
        if (at && text.data[at - 1] != '\n')
            continue;
        size_t from = at + start.length, end = from;
        while (end < text.length && text.data[end] != '\n' && text.data[end] != '\r')
            end++;
        while (from < end && (text.data[from] == ' ' || text.data[from] == '"'))
            from++;
        while (end > from && (text.data[end - 1] == ' ' || text.data[end - 1] == '"'))
            end--;
        return str_slice(text, from, end);
    }
    return str_lit("");
}

static const Language *language_with(const Program *program, Str file_name)
{
    for (size_t i = 0; i < program->module_languages.count; i++) {
        if (str_eq(program->module_languages.items[i]->module_file, file_name))
            return program->module_languages.items[i];
    }
    return NULL;
}

static void find_languages(Program *program, const SourceList *sources)
{
    const Language *last = NULL;
    for (size_t i = 0; i < sources->count; i++) {
        const Language *language = sources->items[i].language;
        if (!language || language == last || !language->module_file.length)
            continue;
        last = language;
        if (!language_with(program, language->module_file))
            array_push(&program->module_languages, language);
    }
}

void module_roots_read(Program *program, SourceList *sources)
{
    find_languages(program, sources);
    if (!program->module_languages.count)
        return;
    for (size_t i = 0; i < sources->count; i++) {
        Source *source = &sources->items[i];
        const Language *language = language_with(program, base_name(str_of(source->path)));
        if (!language || !source_load(source, sources->root_fd))
            continue;
        Str module = line_after(source->text, language->module_line);
        if (module.length) {
            module = str_of(arena_strdup(&program->arena, module.data, module.length));
            array_push(&program->module_roots,
                       ((ModuleRoot){language, folder_of(str_of(source->path)), module}));
        }
        source_release(source);
    }
}

/* True when `folder` is `root` with `rest` below it; either may be empty. */
static bool is_below(Str folder, Str root, Str rest)
{
    if (!root.length)
        return str_eq(folder, rest);
    if (!rest.length)
        return str_eq(folder, root);
    return folder.length == root.length + 1 + rest.length && starts_with(folder, root) &&
           folder.data[root.length] == '/' &&
           str_eq(str_slice(folder, root.length + 1, folder.length), rest);
}

static int parts(Str module)
{
    int count = 1;
    for (size_t i = 0; i < module.length; i++)
        count += module.data[i] == '/';
    return count;
}

/* The language's first root, or the one after `root`; NULL: no more. */
static const ModuleRoot *next_root(const Program *program, const Language *language,
                                   const ModuleRoot *root)
{
    size_t next = root ? (size_t)(root - program->module_roots.items) + 1 : 0;
    for (; next < program->module_roots.count; next++) {
        if (program->module_roots.items[next].language == language)
            return &program->module_roots.items[next];
    }
    return NULL;
}

int module_roots_fit(const Program *program, const Language *language, Str path, Str module)
{
    Str folder = folder_of(path);
    bool told = false;
    for (const ModuleRoot *root = NULL; (root = next_root(program, language, root));) {
        told = true;
        size_t length = root->module.length;
        if (!starts_with(module, root->module) ||
            (module.length > length && module.data[length] != '/'))
            continue;
        Str rest = str_slice(module, module.length > length ? length + 1 : length, module.length);
        if (is_below(folder, root->folder, rest))
            return parts(module);
    }
    if (!told)
        return -1;
    /* a copy of the library's sources: vendor/x.org/lib */
    size_t start = folder.length - module.length;
    bool copied = folder.length > module.length && folder.data[start - 1] == '/' &&
                  str_find_byte(module, '/', 0) != SIZE_MAX &&
                  str_eq(str_slice(folder, start, folder.length), module);
    return copied ? parts(module) : 0;
}

bool module_is_outside(const Program *program, const Language *language, Sym module)
{
    Str text = names_str(program->names, module);
    bool told = false;
    for (const ModuleRoot *root = NULL; (root = next_root(program, language, root));) {
        told = true;
        if (starts_with(text, root->module))
            return false;
    }
    for (FileId file = 1; told && file < program->files.count; file++) {
        if (program_in_module(program, file, module))
            return false;
    }
    return told;
}
