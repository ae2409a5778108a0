/*
 * Which class a written name means. Candidates are all classes with the same
 * last segment; they are ranked by what the language's scoping would look at
 * first: lexical nesting, the file's imports, the qualifier, the file, the
 * folder. Ties are all returned. Imports are matched against file paths by
 * suffix, which serves dotted modules, slashed modules and packages alike.
 */
#include "analyze/program/program.h"

#include "analyze/program/module_root.h"
#include "analyze/program/naming.h"

enum {
    LONGEST_MODULE = 256,
    RANK_IMPORT = 4096,
    RANK_QUALIFIER = 2048,
    RANK_SEGMENT = 64,   /* times the parts of the module's path that fit: 31 at most */
    MOST_SEGMENTS = 31,
    RANK_NESTED = 16,
    RANK_REACHABLE = 8, /* not inside another class: a bare name can mean it */
    RANK_FILE = 4,
    RANK_PACKAGE = 2,
    RANK_FOLDER = 1
};

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

/*
 * Writes `module` with '/' for every separator, without leading dots; returns its length.
 * A slashed module keeps its dots (./post.model), which a file's name has too.
 */
static size_t module_path(Str module, char out[LONGEST_MODULE])
{
    size_t length = 0;
    bool slashed = str_find_byte(module, '/', 0) != SIZE_MAX;
    size_t i = 0;
    while (i < module.length &&
           (module.data[i] == '.' || module.data[i] == '/' || is_quote(module.data[i])))
        i++;
    for (; i < module.length && length < LONGEST_MODULE - 1; i++) {
        char c = module.data[i];
        if (is_quote(c))
            continue;
        if ((c == '.' && !slashed) || c == '\\' || c == ':')
            c = '/';
        if (c == '/' && length && out[length - 1] == '/')
            continue;
        out[length++] = c;
    }
    return length;
}

static Str folder_of(Str path)
{
    for (size_t i = path.length; i > 0; i--) {
        if (path.data[i - 1] == '/')
            return str_slice(path, 0, i - 1);
    }
    return str_slice(path, 0, 0);
}

/* True when `part` stands in `path` between slashes or ends (an extension may follow). */
static bool path_has(Str path, Str part)
{
    for (size_t at = str_find(path, part, 0); at != SIZE_MAX; at = str_find(path, part, at + 1)) {
        bool starts = at == 0 || path.data[at - 1] == '/';
        size_t end = at + part.length;
        bool ends = end == path.length || path.data[end] == '/' || path.data[end] == '.';
        if (starts && ends)
            return true;
    }
    return false;
}

/*
 * How many parts of `module` lead to a file at `path`; 0: the file is no part of
 * it. A module path may carry a prefix that the tree does not have (a repository's
 * import path, a source root), so leading parts are dropped until the rest fits. What
 * is left of a scoped package (@shop/orders) may be a folder anywhere: a workspace.
 */
static int path_fits(Str path, Str part)
{
    bool whole = true, scoped = str_starts(part, "@");
    int segments = 1;
    for (size_t i = 0; i < part.length; i++)
        segments += part.data[i] == '/';
    for (;; segments--) {
        if (path_has(path, part)) {
            bool fits = whole || scoped || str_find_byte(part, '/', 0) != SIZE_MAX ||
                        !folder_of(path).length || str_eq(name_last(folder_of(path)), part);
            return !fits ? 0 : segments < MOST_SEGMENTS ? segments : MOST_SEGMENTS;
        }
        size_t slash = str_find_byte(part, '/', 0);
        if (slash == SIZE_MAX)
            return 0;
        part = str_slice(part, slash + 1, part.length);
        whole = false;
    }
}

static int path_matches_module(Str path, Str module)
{
    char buffer[LONGEST_MODULE];
    Str part = {buffer, module_path(module, buffer)};
    int fits = part.length ? path_fits(path, part) : 1;
    if (fits)
        return fits; /* nothing is left of `from . import x` */
    size_t end = part.length - name_last(part).length;
    bool extension = str_find_byte(module, '/', 0) != SIZE_MAX && end && part.data[end - 1] == '.';
    return extension ? path_fits(path, str_slice(part, 0, end - 1)) : 0; /* "./post.js": post.ts */
}

bool path_in_module(Str path, Str module)
{
    return path_matches_module(path, module) > 0;
}

/* A relative module is part of the code base; it may pass on what other files declare. */
static bool is_relative(Str module)
{
    size_t i = 0;
    while (i < module.length && is_quote(module.data[i]))
        i++;
    return i < module.length && module.data[i] == '.' &&
           str_find_byte(module, '/', 0) != SIZE_MAX;
}

static const char *path_of(const Program *program, FileId file)
{
    return program->files.items[file]->source->path;
}

/* How well a file fits an import of `module`: by the tree's module files, else by its path. */
static int fit_of(const Program *program, FileId file, Str module)
{
    Str path = str_of(path_of(program, file));
    int exact = module_roots_fit(program, program->files.items[file]->language, path, module);
    return exact >= 0 ? exact : path_matches_module(path, module);
}

bool program_in_module(const Program *program, FileId file, Sym module)
{
    return fit_of(program, file, names_str(program->names, module));
}

static int class_in_module(const Program *program, const Class *class, Sym module)
{
    Str name = names_str(program->names, module);
    int best = 0;
    for (size_t i = 0; i < class->places.count; i++) {
        int fits = fit_of(program, class->places.items[i].file, name);
        best = fits > best ? fits : best;
    }
    return best;
}

static const ImportEntry *find_import(const Program *program, const File *file, Str local)
{
    Sym sym = names_lookup(program->names, local);
    for (size_t i = 0; sym && i < file->imports.count; i++) {
        if (file->imports.items[i].local == sym)
            return &file->imports.items[i];
    }
    return NULL;
}

/* The longest lexical scope around `node` in which `class` is declared directly. */
static bool nested_in_scope(const Program *program, const File *file, NodeId node,
                            const Class *class)
{
    ClassId around = program_enclosing_class(program, file->id, node);
    for (int depth = 0; around && depth < 16; depth++) {
        if (class->outer == around)
            return true;
        around = program->classes.items[around]->outer;
    }
    return false;
}

/* The part of a qualified name before its last segment, whatever the separator is. */
static Str qualifier_of(Str name)
{
    size_t end = name.length - name_last(name).length;
    while (end && !byte_is_word((unsigned char)name.data[end - 1]))
        end--;
    return str_slice(name, 0, end);
}

/* True when the qualified name ends with `written` at a segment's start; separators may differ. */
static bool qualified_ends(Str qualified, Str written)
{
    while (written.length) {
        if (!qualified.length || !str_eq(name_last(qualified), name_last(written)))
            return false;
        qualified = qualifier_of(qualified);
        written = qualifier_of(written);
    }
    return true;
}

typedef struct Lookup {
    const Program *program;
    const File *file;
    NodeId node;
    Str written, qualifier; /* qualifier: all but the last segment */
    const ImportEntry *import;           /* of the whole name */
    const ImportEntry *qualifier_import; /* of the qualifier's first segment */
} Lookup;

/* True when the class is declared in the package that the qualifier names. */
static bool is_package(const Program *program, const Class *class, Str qualifier)
{
    for (size_t i = 0; i < class->places.count && !class->outer; i++) {
        Str package =
            names_str(program->names, program->files.items[class->places.items[i].file]->package);
        if (package.length && qualified_ends(package, qualifier))
            return true;
    }
    return false;
}

/* True when `module` is the namespace around the class: using shop::Order. */
static bool in_namespace(const Program *program, const Class *class, Sym module)
{
    Str around = qualifier_of(names_str(program->names, class->qualified));
    Str written = names_str(program->names, module);
    return around.length && written.length &&
           (qualified_ends(around, written) ||
            qualified_ends(names_str(program->names, class->qualified), written));
}

/* True when the file imports all that the class's package has: `import shop.*`. */
static bool in_wildcard(const Lookup *l, const Class *class)
{
    for (size_t i = 0; i < l->file->imports.count; i++) {
        const ImportEntry *entry = &l->file->imports.items[i];
        if (str_eq_c(names_str(l->program->names, entry->name), "*") &&
            is_package(l->program, class, names_str(l->program->names, entry->module)))
            return true;
    }
    return false;
}

/* How well a class fits what stands before its name, `Billing::Order`, `models.Order`. */
static int rank_qualifier(const Lookup *l, const Class *class)
{
    const Program *program = l->program;
    int score = 0;
    if (!l->qualifier.length)
        return score;
    if (qualified_ends(names_str(program->names, class->qualified), l->written) ||
        is_package(program, class, l->qualifier))
        score |= RANK_QUALIFIER;
    int fits = l->qualifier_import
                   ? class_in_module(program, class, l->qualifier_import->module)
                   : 0;
    return fits ? score | RANK_QUALIFIER | RANK_SEGMENT * fits : score;
}

/* How near the files that declare a class are to the one that names it. */
static int rank_places(const Lookup *l, const Class *class)
{
    int score = 0;
    Str folder = folder_of(str_of(l->file->source->path));
    for (size_t i = 0; i < class->places.count; i++) {
        const File *other = l->program->files.items[class->places.items[i].file];
        if (other == l->file && !class->outer)
            score |= RANK_FILE;
        if (other->package ? other->package == l->file->package || in_wildcard(l, class)
                           : !l->file->package)
            score |= RANK_PACKAGE;
        if (str_eq(folder_of(str_of(other->source->path)), folder))
            score |= RANK_FOLDER;
    }
    return score;
}

/*
 * `class Admin::Order`, seen from outside Admin: the bare name does not reach it. (Where files or
 * blocks are namespaces, the declaration spells the last segment only.)
 */
static bool is_out_of_reach(const Lookup *l, const Class *class)
{
    if (l->qualifier.length || !class->places.count)
        return false;
    const Program *program = l->program;
    Sym spelled = program_node(program, class->places.items[0].file, class->places.items[0].node)->name;
    Str around = qualifier_of(names_str(program->names, spelled));
    for (ClassId id = program_enclosing_class(program, l->file->id, l->node); id;
         id = program->classes.items[id]->outer) {
        Str outside = names_str(program->names, program->classes.items[id]->qualified);
        if (str_eq(str_slice(outside, 0, around.length), around))
            return false;
    }
    return around.length > 0;
}

static int rank(const Lookup *l, const Class *class)
{
    int score = rank_qualifier(l, class) | rank_places(l, class);
    int fits = l->import ? class_in_module(l->program, class, l->import->module) : 0;
    if (l->import && !fits)
        fits = in_namespace(l->program, class, l->import->module) ||
               is_package(l->program, class, names_str(l->program->names, l->import->module));
    if (fits)
        score |= RANK_IMPORT | RANK_SEGMENT * fits;
    if (nested_in_scope(l->program, l->file, l->node, class))
        score |= RANK_NESTED | RANK_REACHABLE;
    if (!class->outer && !is_out_of_reach(l, class))
        score |= RANK_REACHABLE;
    return score;
}

/* An import or qualifier that no candidate fits proves that the class is not one of ours. */
static bool is_excluded(const Lookup *l, int best)
{
    const Names *names = l->program->names;
    if (l->import && !(best & RANK_IMPORT))
        return !is_relative(names_str(names, l->import->module));
    bool bare = !l->import && !l->qualifier.length;
    if (l->file->language->folder_scope && bare && !(best & (RANK_FOLDER | RANK_NESTED)))
        return true;
    if (l->file->language->package_scope && !l->import && !l->qualifier_import &&
        !(best & (RANK_PACKAGE | RANK_NESTED | RANK_QUALIFIER)) && (best & RANK_REACHABLE))
        return true;
    return l->qualifier_import && !(best & RANK_QUALIFIER) &&
           !is_relative(names_str(names, l->qualifier_import->module));
}

Sym program_follow_alias(const Program *program, Sym name)
{
    for (int hops = 0; hops < 5; hops++) {
        uint64_t *alias = map_get(&program->aliases, map_key2(0x80000000u, name));
        if (!alias)
            break;
        name = (Sym)*alias;
    }
    return name;
}

static size_t rank_candidates(const Lookup *l, ClassId first, ClassId *out, size_t max, int *best)
{
    size_t count = 0;
    *best = -1;
    for (ClassId id = first; id; id = l->program->class_next.items[id]) {
        const Class *class = l->program->classes.items[id];
        if (!class->declared)
            continue;
        int score = rank(l, class);
        if (score > *best) {
            *best = score;
            count = 0;
        }
        if (score == *best && count < max)
            out[count++] = id;
    }
    return count;
}

/* Parts a written name: its import, else its qualifier and that one's import; gives its last segment. */
static Str part_name(Lookup *l, Str written)
{
    l->written = str_starts(written, "::") ? str_slice(written, 2, written.length) : written;
    l->import = find_import(l->program, l->file, l->written);
    Str last = name_last(l->written);
    if (l->import)
        return l->import->name ? name_last(names_str(l->program->names, l->import->name)) : last;
    size_t end = l->written.length - last.length, first_end = 0;
    if (!end)
        return last;
    while (end && (l->written.data[end - 1] == ':' || l->written.data[end - 1] == '.' ||
                   l->written.data[end - 1] == '\\'))
        end--;
    l->qualifier = str_slice(l->written, 0, end);
    while (first_end < end && byte_is_word((unsigned char)l->qualifier.data[first_end]))
        first_end++;
    l->qualifier_import = find_import(l->program, l->file, str_slice(l->qualifier, 0, first_end));
    return last;
}

size_t program_resolve_class(const Program *program, FileId file, NodeId node, Sym written,
                             ClassId *out, size_t max, bool *excluded)
{
    *excluded = false;
    Lookup l = {.program = program, .file = program->files.items[file], .node = node};
    Str last = part_name(&l, names_str(program->names, written));
    int best;
    Sym last_sym = names_lookup(program->names, last);
    size_t count = rank_candidates(&l, program_class_named(program, last_sym), out, max, &best);
    if (!count) {
        Sym alias = last_sym ? program_follow_alias(program, last_sym) : 0;
        if (alias != last_sym) {
            Sym alias_last = names_lookup(program->names, name_last(names_str(program->names, alias)));
            count = rank_candidates(&l, program_class_named(program, alias_last), out, max, &best);
            return count;
        }
    }
    if (count && is_excluded(&l, best))
        count = 0;
    *excluded = !count && (l.import || l.qualifier_import || l.file->language->folder_scope ||
                             l.file->language->package_scope);
    return count;
}
