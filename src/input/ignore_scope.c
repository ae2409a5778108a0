/*
 * Finding and chaining ignore files.
 *
 * Folders without rules add nothing to the chain, so judging a name costs one
 * ignore_match for each ignore file that can speak about it: usually one to
 * three. Ignore files that are symbolic links, or larger than LARGEST_RULES,
 * are not read (git reads no linked ones either).
 */
#include "input/ignore_scope.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_RULES = 16 << 20 };

struct IgnoreScope {
    const IgnoreScope *up;
    size_t base; /* length of the folder's path with its '/': what rules do not see of a path */
    const IgnoreRules *dot_ignore, *gitignore, *git_exclude;
    bool is_repository; /* the folder holds .git */
    bool in_repository; /* it, or a folder above, does */
};

/* The whole of a small regular file; false when there is none. */
static bool read_small(int folder_fd, const char *path, StrBuf *text)
{
    int fd = openat(folder_fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    struct stat status;
    bool good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                status.st_size <= LARGEST_RULES;
    if (good) {
        strbuf_reserve(text, (size_t)status.st_size);
        ssize_t got = read(fd, text->data, (size_t)status.st_size);
        text->length = got > 0 ? (size_t)got : 0;
        text->data[text->length] = '\0';
    }
    close(fd);
    return good;
}

static const IgnoreRules *read_rules(Arena *arena, int folder_fd, const char *path)
{
    StrBuf text = {0};
    const IgnoreRules *rules = NULL;
    if (read_small(folder_fd, path, &text))
        rules = ignore_parse(arena, strbuf_str(&text));
    strbuf_release(&text);
    return rules;
}

/* `name` below `folder`, or `name` alone when it is absolute. */
static void join(StrBuf *path, Str folder, Str name)
{
    strbuf_clear(path);
    if (!str_starts(name, "/")) {
        strbuf_add_str(path, folder);
        strbuf_add_byte(path, '/');
    }
    strbuf_add_str(path, name);
}

/* A work tree or submodule: .git is a file that says where the repository's folder is. */
static const IgnoreRules *linked_exclude(Arena *arena, int folder_fd)
{
    StrBuf text = {0}, git = {0}, common = {0}, path = {0};
    const IgnoreRules *rules = NULL;
    if (read_small(folder_fd, ".git", &text) && str_starts(strbuf_str(&text), "gitdir: ")) {
        strbuf_add_str(&git, str_trim(str_slice(strbuf_str(&text), 8, text.length)));
        join(&path, strbuf_str(&git), str_lit("commondir"));
        if (read_small(folder_fd, path.data, &common)) {
            join(&path, strbuf_str(&git), str_trim(strbuf_str(&common)));
            strbuf_clear(&git);
            strbuf_add_str(&git, strbuf_str(&path));
        }
        join(&path, strbuf_str(&git), str_lit("info/exclude"));
        rules = read_rules(arena, folder_fd, path.data);
    }
    strbuf_release(&text);
    strbuf_release(&git);
    strbuf_release(&common);
    strbuf_release(&path);
    return rules;
}

const IgnoreScope *ignore_scope_enter(Arena *arena, const IgnoreScope *up, int folder_fd, Str path,
                                      unsigned holds)
{
    IgnoreScope scope = {.up = up, .base = path.length ? path.length + 1 : 0};
    scope.is_repository = (holds & HOLDS_GIT) != 0;
    scope.in_repository = scope.is_repository || (up && up->in_repository);
    if (holds & HOLDS_IGNORE)
        scope.dot_ignore = read_rules(arena, folder_fd, ".ignore");
    if ((holds & HOLDS_GITIGNORE) && scope.in_repository)
        scope.gitignore = read_rules(arena, folder_fd, ".gitignore");
    if (scope.is_repository) {
        scope.git_exclude = read_rules(arena, folder_fd, ".git/info/exclude");
        if (!scope.git_exclude)
            scope.git_exclude = linked_exclude(arena, folder_fd);
    }
    if (!scope.is_repository && !scope.dot_ignore && !scope.gitignore)
        return up;
    IgnoreScope *kept = ARENA_NEW(arena, IgnoreScope);
    *kept = scope;
    return kept;
}

static const IgnoreScope *enter_ancestor(Arena *arena, const IgnoreScope *up, Str path)
{
    char *absolute = arena_printf(arena, "/%.*s", STR_ARG(path));
    int fd = open(absolute, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return up;
    const IgnoreScope *scope = up;
    unsigned holds = 0;
    if (faccessat(fd, ".ignore", F_OK, 0) == 0)
        holds |= HOLDS_IGNORE;
    if (faccessat(fd, ".gitignore", F_OK, 0) == 0)
        holds |= HOLDS_GITIGNORE;
    if (faccessat(fd, ".git", F_OK, 0) == 0)
        holds |= HOLDS_GIT;
    if (holds)
        scope = ignore_scope_enter(arena, up, fd, path, holds);
    close(fd);
    return scope;
}

const IgnoreScope *ignore_scope_above(Arena *arena, Str path)
{
    if (!path.length)
        return NULL;
    const IgnoreScope *scope = enter_ancestor(arena, NULL, str_slice(path, 0, 0));
    for (size_t at = 0; (at = str_find_byte(path, '/', at)) != SIZE_MAX; at++)
        scope = enter_ancestor(arena, scope, str_slice(path, 0, at));
    return scope;
}

const IgnoreRules *ignore_global(Arena *arena)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config && config[0] == '/')
        return read_rules(arena, AT_FDCWD, arena_printf(arena, "%s/git/ignore", config));
    if (home && home[0] == '/')
        return read_rules(arena, AT_FDCWD, arena_printf(arena, "%s/.config/git/ignore", home));
    return NULL;
}

/* What one file of rules says, unless a stronger one of its kind has spoken. */
static void ask(IgnoreVerdict *verdict, const IgnoreRules *rules, Str path, size_t base,
                bool is_folder)
{
    if (*verdict == IGNORE_SILENT && rules)
        *verdict = ignore_match(rules, str_slice(path, base, path.length), is_folder);
}

IgnoreVerdict ignore_scope_judge(const IgnoreScope *scope, const IgnoreRules *global, Str path,
                                 bool is_folder)
{
    IgnoreVerdict by_ignore = IGNORE_SILENT, by_git = IGNORE_SILENT, by_exclude = IGNORE_SILENT;
    IgnoreVerdict by_global = IGNORE_SILENT;
    bool left_repository = false;
    for (; scope && by_ignore == IGNORE_SILENT; scope = scope->up) {
        ask(&by_ignore, scope->dot_ignore, path, scope->base, is_folder);
        if (left_repository)
            continue;
        ask(&by_git, scope->gitignore, path, scope->base, is_folder);
        ask(&by_exclude, scope->git_exclude, path, scope->base, is_folder);
        if (scope->is_repository)
            ask(&by_global, global, path, scope->base, is_folder);
        left_repository = scope->is_repository;
    }
    const IgnoreVerdict by_power[] = {by_ignore, by_git, by_exclude, by_global};
    for (size_t i = 0; i < sizeof by_power / sizeof *by_power; i++)
        if (by_power[i] != IGNORE_SILENT)
            return by_power[i];
    return IGNORE_SILENT;
}
