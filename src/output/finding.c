/*
 * Order and identity of findings. The order is by path bytes and place, so it
 * cannot depend on threads; the identity (fingerprint) leaves line numbers out,
 * so that a baseline survives code moving up and down in its file.
 *
 * Cost: one sort, one hash per finding.
 */
#include "output/finding.h"

#include "base/map.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

const char *access_kind_name(AccessKind kind)
{
    static const char *const names[] = {
#define X(name, text) text,
        ACCESS_KINDS(X)
#undef X
    };
    return names[kind];
}

const char *confidence_name(Confidence confidence)
{
    static const char *const names[] = {
#define X(name, text) text,
        CONFIDENCES(X)
#undef X
    };
    return names[confidence];
}

const char *severity_name(Severity severity)
{
    static const char *const names[] = {"off", "info", "warning", "error"};
    return names[severity];
}

bool access_kind_parse(Str text, AccessKind *kind)
{
    for (int i = 0; i < ACCESS_KIND_COUNT; i++) {
        if (str_eq_c(text, access_kind_name((AccessKind)i))) {
            *kind = (AccessKind)i;
            return true;
        }
    }
    return false;
}

bool confidence_parse(Str text, Confidence *confidence)
{
    for (int i = 0; i < CONFIDENCE_COUNT; i++) {
        if (str_eq_c(text, confidence_name((Confidence)i))) {
            *confidence = (Confidence)i;
            return true;
        }
    }
    return false;
}

static int compare_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

static int compare_number(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

/* Everything but confidence: two findings that are equal here are one access. */
static int compare_identity(const Finding *a, const Finding *b)
{
    int order = compare_text(a->path, b->path);
    if (!order)
        order = compare_number(a->line, b->line);
    if (!order)
        order = compare_number(a->column, b->column);
    if (!order)
        order = compare_text(a->target, b->target);
    if (!order)
        order = compare_number(a->kind, b->kind);
    if (!order)
        order = compare_text(a->rule, b->rule);
    return order ? order : compare_text(a->migration, b->migration);
}

static int compare_findings(const void *left, const void *right)
{
    const Finding *a = left, *b = right;
    int order = compare_identity(a, b);
    if (!order)
        order = compare_number(a->confidence, b->confidence);
    if (!order)
        order = compare_number(a->end, b->end);
    if (!order)
        order = compare_text(a->accessor, b->accessor);
    return order ? order : compare_text(a->receiver_type, b->receiver_type);
}

static int compare_blind_spots(const void *left, const void *right)
{
    const BlindSpot *a = left, *b = right;
    int order = compare_text(a->path, b->path);
    if (!order)
        order = compare_number(a->line, b->line);
    if (!order)
        order = compare_number(a->column, b->column);
    if (!order)
        order = compare_text(a->what, b->what);
    if (!order)
        order = compare_text(a->target, b->target);
    return order ? order : compare_text(a->text, b->text);
}

static int compare_notes(const void *left, const void *right)
{
    const FileNote *a = left, *b = right;
    int order = compare_text(a->path, b->path);
    return order ? order : compare_text(a->reason, b->reason);
}

static void sort_items(void *items, size_t count, size_t size,
                       int (*compare)(const void *, const void *))
{
    if (count > 1)
        qsort(items, count, size, compare);
}

void report_sort(Report *report)
{
    FindingArray *findings = &report->findings;
    sort_items(findings->items, findings->count, sizeof(Finding), compare_findings);
    size_t kept = 0;
    for (size_t i = 0; i < findings->count; i++) {
        if (kept && compare_identity(&findings->items[kept - 1], &findings->items[i]) == 0)
            continue; /* the stronger one came first */
        findings->items[kept++] = findings->items[i];
    }
    findings->count = kept;

    BlindSpotArray *spots = &report->blind_spots;
    sort_items(spots->items, spots->count, sizeof(BlindSpot), compare_blind_spots);
    kept = 0;
    for (size_t i = 0; i < spots->count; i++) {
        if (!kept || compare_blind_spots(&spots->items[kept - 1], &spots->items[i]) != 0)
            spots->items[kept++] = spots->items[i];
    }
    spots->count = kept;
    sort_items(report->notes.items, report->notes.count, sizeof(FileNote), compare_notes);
}

/* Adds `text` and a separator that no text holds (paths and code have no NUL here). */
static void hash_text(XXH3_state_t *state, const char *text)
{
    if (text)
        XXH3_64bits_update(state, text, strlen(text));
    XXH3_64bits_update(state, "", 1);
}

/* The line with every run of white space as one blank, ends trimmed. */
static void hash_folded(XXH3_state_t *state, const char *line)
{
    Str rest = str_trim(str_of(line));
    while (rest.length) {
        size_t word = 0;
        while (word < rest.length && (unsigned char)rest.data[word] > ' ')
            word++;
        XXH3_64bits_update(state, rest.data, word);
        if (word < rest.length)
            XXH3_64bits_update(state, " ", 1);
        rest = str_trim(str_slice(rest, word, rest.length));
        if (word == 0 && rest.length && (unsigned char)rest.data[0] <= ' ')
            rest = str_slice(rest, 1, rest.length); /* a control byte that is no space */
    }
    XXH3_64bits_update(state, "", 1);
}

static uint64_t hash_finding(const Finding *finding)
{
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    hash_text(&state, finding->rule ? finding->rule : access_kind_name(finding->kind));
    hash_text(&state, finding->target);
    hash_text(&state, finding->path);
    hash_text(&state, finding->symbol);
    hash_folded(&state, finding->line_text);
    return XXH3_64bits_digest(&state);
}

void report_fingerprint(Report *report)
{
    Map seen = {0};
    for (size_t i = 0; i < report->findings.count; i++) {
        Finding *finding = &report->findings.items[i];
        uint64_t hash = hash_finding(finding);
        uint64_t key = hash ? hash : 1;
        uint64_t *earlier = map_get(&seen, key);
        uint64_t ordinal = earlier ? *earlier + 1 : 0;
        map_put(&seen, key, ordinal);
        finding->fingerprint =
            ordinal ? XXH3_64bits_withSeed(&hash, sizeof hash, ordinal) : hash;
    }
    map_release(&seen);
}

void report_release(Report *report)
{
    array_release(&report->findings);
    array_release(&report->blind_spots);
    array_release(&report->notes);
    array_release(&report->rule_uses);
    array_release(&report->shards);
    array_release(&report->hints);
    arena_release(&report->arena);
}
