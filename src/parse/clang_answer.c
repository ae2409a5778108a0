/*
 * A hash of path, offset and target finds the place again; ties with another
 * place are checked. Paths outside the root are dropped: a finding must be in
 * the tree that was asked about.
 */
#include "parse/clang_answer.h"

#include "parse/clang_protocol.h"

#include <limits.h>
#include <stdio.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

void clang_merge_init(ClangMerge *merge, const ClangRequest *request, Arena *arena)
{
    *merge = (ClangMerge){.request = request, .arena = arena, .names = names_new()};
    char resolved[PATH_MAX];
    const char *root = realpath(request->root, resolved) ? resolved : request->root;
    merge->root = arena_strdup(arena, root, strlen(root));
}

void clang_merge_release(ClangMerge *merge)
{
    array_release(&merge->accesses);
    array_release(&merge->blind_spots);
    array_release(&merge->skipped);
    map_release(&merge->visits);
    map_release(&merge->known);
    names_free(merge->names);
}

/* Relative to the root; NULL when outside. */
static const char *relative(const ClangMerge *merge, const char *path)
{
    size_t length = strlen(merge->root);
    if (strncmp(path, merge->root, length) != 0)
        return NULL;
    if (length == 1)
        return path + 1;
    return path[length] == '/' ? path + length + 1 : NULL;
}

static const char *keep(ClangMerge *merge, const char *text)
{
    return arena_strdup(merge->arena, text, strlen(text));
}

/* Field number -> target and field of the request. */
static bool locate_target(const ClangMerge *merge, unsigned long number, size_t *target,
                          size_t *field)
{
    for (size_t i = 0; i < merge->request->target_count; i++) {
        if (number < merge->request->targets[i].field_count) {
            *target = i;
            *field = number;
            return true;
        }
        number -= merge->request->targets[i].field_count;
    }
    return false;
}

typedef struct Reader {
    ClangMerge *merge;
    UnitAnswer *answer;
    const char *path;    /* relative; NULL: outside the root */
    ClangAccess access;  /* being read */
    ClangBlindSpot spot;
    bool has_access, has_spot;
} Reader;

static bool read_access(Reader *reader, const char *text)
{
    unsigned long number;
    unsigned line, column, start, end, kind, flags;
    if (!reader->path || sscanf(text, "%lu %u %u %u %u %u %u", &number, &line, &column, &start,
                                &end, &kind, &flags) != 7)
        return false;
    if (kind > CLANG_DECLARE)
        return false;
    reader->access = (ClangAccess){
        .path = reader->path, .line = line, .column = column, .start = start, .end = end,
        .kind = (ClangKind)kind, .accessor = "", .receiver_text = "", .receiver_type = "",
        .symbol = "", .owner_path = "",
        .in_macro = flags & CLANG_IN_MACRO, .dependent = flags & CLANG_DEPENDENT,
        .accessor_call = flags & CLANG_ACCESSOR, .inherited = flags & CLANG_DERIVED,
        .deprecated = flags & CLANG_DEPRECATED};
    return start < end && locate_target(reader->merge, number, &reader->access.target,
                                        &reader->access.field);
}

static void add_access(Reader *reader)
{
    ClangMerge *merge = reader->merge;
    const ClangAccess *access = &reader->access;
    if (!reader->has_access)
        return;
    reader->has_access = false;
    uint64_t place[4] = {names_intern_c(merge->names, access->path), access->start,
                         access->target, access->field};
    uint64_t key = XXH3_64bits(place, sizeof place) | 1;
    uint64_t *known = map_get(&merge->known, key);
    if (!known) {
        array_push(&merge->accesses, *access);
        map_put(&merge->known, key, merge->accesses.count - 1);
        return;
    }
    ClangAccess *old = &merge->accesses.items[*known];
    if (old->dependent && !access->dependent)
        *old = *access;
    else if (access->kind == CLANG_WRITE && old->kind == CLANG_READ)
        old->kind = CLANG_WRITE;
}

static void add_spot(Reader *reader)
{
    if (reader->has_spot)
        array_push(&reader->merge->blind_spots, reader->spot);
    reader->has_spot = false;
}

static bool read_spot(Reader *reader, const char *text)
{
    unsigned long model;
    unsigned line, column;
    if (!reader->path || sscanf(text, "%lu %u %u", &model, &line, &column) != 3 ||
        model >= reader->merge->request->target_count)
        return false;
    reader->spot = (ClangBlindSpot){reader->path, line, column, model, ""};
    return true;
}

static void read_detail(Reader *reader, ClangTag tag, const char *text)
{
    ClangAccess *access = &reader->access;
    ClangMerge *merge = reader->merge;
    switch (tag) {
    case CLANG_TAG_NAME:
        access->accessor = keep(merge, text);
        break;
    case CLANG_TAG_RECEIVER:
        access->receiver_text = keep(merge, text);
        break;
    case CLANG_TAG_TYPE:
        access->receiver_type = keep(merge, text);
        break;
    case CLANG_TAG_SYMBOL:
        access->symbol = keep(merge, text);
        break;
    case CLANG_TAG_OWNER_LINE:
        access->owner_line = (unsigned)strtoul(text, NULL, 10);
        break;
    case CLANG_TAG_OWNER_PATH:
        access->owner_path = keep(merge, relative(merge, text) ? relative(merge, text) : text);
        break;
    case CLANG_TAG_BLIND_TEXT:
        reader->spot.text = keep(merge, text);
        break;
    default:
        break;
    }
}

static void read_visit(Reader *reader, const char *text)
{
    ClangMerge *merge = reader->merge;
    array_push(&reader->answer->visited, keep(merge, text));
    const char *inside = relative(merge, text);
    reader->path = inside ? keep(merge, inside) : NULL;
    Sym path = names_intern_c(merge->names, reader->path ? reader->path : "");
    uint64_t *seen = path ? map_get(&merge->visits, path) : NULL;
    if (path)
        map_put(&merge->visits, path, seen ? *seen + 1 : 1);
}

static void read_skipped(Reader *reader, const char *text)
{
    ClangSkipped range = {.path = reader->path};
    if (range.path && sscanf(text, "%u %u", &range.start, &range.end) == 2)
        array_push(&reader->merge->skipped, range);
}

static void read_record(Reader *reader, ClangTag tag, const char *text)
{
    const char *inside;
    switch (tag) {
    case CLANG_TAG_PATH:
        add_access(reader);
        add_spot(reader);
        inside = relative(reader->merge, text);
        reader->path = inside ? keep(reader->merge, inside) : NULL;
        break;
    case CLANG_TAG_ACCESS:
        add_access(reader);
        reader->has_access = read_access(reader, text);
        break;
    case CLANG_TAG_BLIND:
        add_access(reader);
        add_spot(reader);
        reader->has_spot = read_spot(reader, text);
        break;
    case CLANG_TAG_VISITED:
        read_visit(reader, text);
        break;
    case CLANG_TAG_SKIPPED:
        read_skipped(reader, text);
        break;
    case CLANG_TAG_ERRORS:
        reader->answer->errors = keep(reader->merge, text);
        break;
    case CLANG_TAG_END:
        add_access(reader);
        add_spot(reader);
        reader->answer->failure = keep(reader->merge, text);
        break;
    default:
        read_detail(reader, tag, text);
        break;
    }
}

void clang_merge_answer(ClangMerge *merge, Str records, UnitAnswer *answer)
{
    Reader reader = {.merge = merge, .answer = answer};
    size_t at = 0;
    while (at < records.length) {
        size_t end = str_find_byte(records, '\0', at);
        if (end == SIZE_MAX)
            return;
        if (end > at)
            read_record(&reader, (ClangTag)records.data[at], records.data + at + 1);
        at = end + 1;
    }
}

static int compare_access(const void *a, const void *b)
{
    const ClangAccess *one = a, *other = b;
    int order = strcmp(one->path, other->path);
    if (order)
        return order;
    if (one->start != other->start)
        return one->start < other->start ? -1 : 1;
    if (one->target != other->target)
        return one->target < other->target ? -1 : 1;
    return (one->field > other->field) - (one->field < other->field);
}

static int compare_spot(const void *a, const void *b)
{
    const ClangBlindSpot *one = a, *other = b;
    int order = strcmp(one->path, other->path);
    if (order)
        return order;
    if (one->line != other->line)
        return one->line < other->line ? -1 : 1;
    if (one->column != other->column)
        return one->column < other->column ? -1 : 1;
    order = (one->target > other->target) - (one->target < other->target);
    return order ? order : strcmp(one->text, other->text);
}

static bool is_unit(const Plan *plan, const char *root, const char *path, Arena *arena)
{
    const char *full = path[0] == '/' ? path : arena_printf(arena, "%s/%s", root, path);
    size_t count = 0;
    compile_database_get(plan->database, full, &count);
    return count > 0;
}

/* Two classes of one name: the one in a header is the model, unless both or neither are. */
static void mark_rivals(ClangMerge *merge, const Plan *plan)
{
    size_t targets = merge->request->target_count;
    bool *shared = ARENA_ARRAY(merge->arena, bool, targets + 1);
    bool *private = ARENA_ARRAY(merge->arena, bool, merge->accesses.count + 1);
    for (size_t i = 0; i < merge->accesses.count; i++) {
        const ClangAccess *access = &merge->accesses.items[i];
        if (!access->owner_path[0] || access->inherited)
            continue;
        private[i] = is_unit(plan, merge->root, access->owner_path, merge->arena);
        if (!private[i])
            shared[access->target] = true;
    }
    for (size_t i = 0; i < merge->accesses.count; i++) {
        ClangAccess *access = &merge->accesses.items[i];
        access->rival = private[i] && shared[access->target];
    }
}

static int compare_skipped(const void *a, const void *b)
{
    const ClangSkipped *one = a, *other = b;
    int order = strcmp(one->path, other->path);
    if (order)
        return order;
    if (one->start != other->start)
        return one->start < other->start ? -1 : 1;
    return (one->end > other->end) - (one->end < other->end);
}

/* Keeps the ranges that every unit which saw the file left out. */
static void finish_skipped(ClangMerge *merge, ClangAccesses *out)
{
    size_t count = merge->skipped.count;
    ClangSkipped *items = merge->skipped.items;
    out->skipped = ARENA_ARRAY(merge->arena, ClangSkipped, count + 1);
    if (count)
        qsort(items, count, sizeof *items, compare_skipped);
    for (size_t i = 0, same; i < count; i += same) {
        for (same = 1; i + same < count && compare_skipped(&items[i], &items[i + same]) == 0;)
            same++;
        uint64_t *visits =
            map_get(&merge->visits, names_intern_c(merge->names, items[i].path));
        if (visits && same >= *visits)
            out->skipped[out->skipped_count++] = items[i];
    }
}

void clang_merge_finish(ClangMerge *merge, const Plan *plan, ClangAccesses *out)
{
    mark_rivals(merge, plan);
    finish_skipped(merge, out);
    size_t spots = merge->blind_spots.count;
    out->count = merge->accesses.count;
    out->items = ARENA_ARRAY(merge->arena, ClangAccess, out->count + 1);
    if (out->count)
        memcpy(out->items, merge->accesses.items, out->count * sizeof *out->items);
    qsort(out->items, out->count, sizeof *out->items, compare_access);
    out->blind_spots = ARENA_ARRAY(merge->arena, ClangBlindSpot, spots + 1);
    if (spots)
        qsort(merge->blind_spots.items, spots, sizeof *out->blind_spots, compare_spot);
    for (size_t i = 0; i < spots; i++) {
        const ClangBlindSpot *spot = &merge->blind_spots.items[i];
        if (i == 0 || compare_spot(spot, spot - 1) != 0)
            out->blind_spots[out->blind_count++] = *spot;
    }
}

const ClangAccess *clang_access_at(const ClangAccesses *found, const char *path, unsigned start,
                                   size_t target, size_t field)
{
    ClangAccess key = {.path = path, .start = start, .target = target, .field = field};
    return found->count ? bsearch(&key, found->items, found->count, sizeof key, compare_access)
                        : NULL;
}

bool clang_is_skipped(const ClangAccesses *found, const char *path, unsigned start)
{
    size_t low = 0, high = found->skipped_count;
    while (low < high) { /* the first range of the path; a file has few */
        size_t middle = low + (high - low) / 2;
        if (strcmp(found->skipped[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < found->skipped_count && strcmp(found->skipped[low].path, path) == 0; low++)
        if (found->skipped[low].start <= start && start < found->skipped[low].end)
            return true;
    return false;
}
