/*
 * The engine for machines without Vectorscan: a PCRE2-JIT alternation of the
 * literals' first bytes finds the next place where one may begin; there each
 * literal with that first byte is compared, and the search goes on one byte
 * later, so that overlapping literals are all seen.
 *
 * Cost: 3 GB/s for one literal, falling to 0.14 GB/s for thirty (measured), plus
 * the comparisons at each place found. Hits are gathered and sorted by their
 * ends, as callers expect; the search ends at the first that stops it only after
 * the whole text was looked at.
 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"
#include "input/prefilter_engine.h"

#include <pcre2.h>
#include <strings.h>

typedef struct EngineCode {
    pcre2_code *code;
    const Literal *literals;
    uint32_t *by_first;      /* literal numbers, grouped by first byte in lower case */
    uint32_t first_at[257];  /* by byte: where its group starts in by_first */
} EngineCode;

typedef struct Hit {
    size_t end;
    uint32_t literal;
} Hit;

typedef struct EngineScratch {
    pcre2_match_data *match;
    struct {
        ARRAY_OF(Hit);
    } hits;
} EngineScratch;

static unsigned char lower(unsigned char byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
}

/* Literals that begin alike have one key: the first bytes, their number and the case flag. */
static uint64_t prefix_key(const Literal *literal, size_t length)
{
    uint64_t key = length << 1 | (literal->flags & PREFILTER_CASELESS ? 1 : 0);
    for (size_t i = 0; i < length; i++)
        key = key << 8 | (unsigned char)literal->text.data[i];
    return key;
}

/*
 * "(?:\x65\x6d)|(?i:\x61)": the first bytes of all literals, once each, in
 * hexadecimal so that none is special.
 */
static void add_pattern(StrBuf *pattern, const Literal *literals, size_t count, size_t longest)
{
    Map seen = {0};
    strbuf_clear(pattern);
    for (size_t i = 0; i < count; i++) {
        size_t length = literals[i].text.length < longest ? literals[i].text.length : longest;
        uint64_t key = prefix_key(&literals[i], length);
        if (map_get(&seen, key))
            continue;
        map_put(&seen, key, 1);
        strbuf_add_c(pattern, pattern->length ? "|" : "");
        strbuf_add_c(pattern, literals[i].flags & PREFILTER_CASELESS ? "(?i:" : "(?:");
        for (size_t j = 0; j < length; j++)
            strbuf_printf(pattern, "\\x%02x", (unsigned char)literals[i].text.data[j]);
        strbuf_add_byte(pattern, ')');
    }
    map_release(&seen);
}

/* PCRE2 limits the size of a pattern: many literals are told apart by shorter beginnings. */
static pcre2_code *compile_pattern(const Literal *literals, size_t count, int *error)
{
    static const size_t longest[] = {7, 3, 1};
    StrBuf pattern = {0};
    pcre2_code *code = NULL;
    for (size_t i = 0; !code && i < sizeof longest / sizeof *longest; i++) {
        size_t where;
        add_pattern(&pattern, literals, count, longest[i]);
        code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.length, 0, error, &where, NULL);
    }
    strbuf_release(&pattern);
    return code;
}

/* Counting sort of the literals by first byte. */
static void group_by_first(EngineCode *engine, size_t count)
{
    const Literal *literals = engine->literals;
    for (size_t i = 0; i < count; i++)
        engine->first_at[lower((unsigned char)literals[i].text.data[0]) + 1]++;
    for (int byte = 0; byte < 256; byte++)
        engine->first_at[byte + 1] += engine->first_at[byte];
    uint32_t next[256];
    memcpy(next, engine->first_at, sizeof next);
    engine->by_first = mem_alloc(count * sizeof *engine->by_first);
    for (size_t i = 0; i < count; i++)
        engine->by_first[next[lower((unsigned char)literals[i].text.data[0])]++] = (uint32_t)i;
}

static void *compile(const Literal *literals, size_t count, Diag *diag)
{
    int error;
    pcre2_code *code = compile_pattern(literals, count, &error);
    if (!code) {
        diag_fail(diag, "cannot search for %zu literals: PCRE2 error %d", count, error);
        return NULL;
    }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without JIT it is only slower */
    EngineCode *engine = mem_alloc(sizeof *engine);
    *engine = (EngineCode){.code = code, .literals = literals};
    group_by_first(engine, count);
    return engine;
}

static void release(void *compiled)
{
    EngineCode *engine = compiled;
    pcre2_code_free(engine->code);
    free(engine->by_first);
    free(engine);
}

static void *scratch_new(const void *compiled)
{
    const EngineCode *engine = compiled;
    EngineScratch *scratch = mem_alloc(sizeof *scratch);
    *scratch = (EngineScratch){.match = pcre2_match_data_create_from_pattern(engine->code, NULL)};
    return scratch;
}

static void scratch_free(void *of_thread)
{
    EngineScratch *scratch = of_thread;
    pcre2_match_data_free(scratch->match);
    array_release(&scratch->hits);
    free(scratch);
}

/* Adds a hit for every literal that begins at `start`. */
static void compare_at(const EngineCode *engine, EngineScratch *scratch, Str text, size_t start)
{
    unsigned char first = lower((unsigned char)text.data[start]);
    for (uint32_t i = engine->first_at[first]; i < engine->first_at[first + 1]; i++) {
        const Literal *literal = &engine->literals[engine->by_first[i]];
        size_t length = literal->text.length;
        if (length > text.length - start)
            continue;
        bool equal = literal->flags & PREFILTER_CASELESS
                         ? strncasecmp(text.data + start, literal->text.data, length) == 0
                         : memcmp(text.data + start, literal->text.data, length) == 0;
        if (equal)
            array_push(&scratch->hits, ((Hit){start + length, engine->by_first[i]}));
    }
}

static int compare_hits(const void *a, const void *b)
{
    const Hit *x = a, *y = b;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return x->literal < y->literal ? -1 : x->literal > y->literal;
}

static void search(const void *compiled, void *of_thread, Str text, EngineHit hit, void *context)
{
    const EngineCode *engine = compiled;
    EngineScratch *scratch = of_thread;
    scratch->hits.count = 0;
    for (size_t from = 0; from < text.length;) {
        int result = pcre2_match(engine->code, (PCRE2_SPTR)text.data, text.length, from,
                                 PCRE2_NO_UTF_CHECK, scratch->match, NULL);
        if (result == PCRE2_ERROR_NOMATCH)
            break;
        if (result < 0) {
            fprintf(stderr, "straggler: internal error: PCRE2 error %d\n", result);
            abort(); /* going on would report "no access" for bytes nobody looked at */
        }
        size_t start = pcre2_get_ovector_pointer(scratch->match)[0];
        compare_at(engine, scratch, text, start);
        from = start + 1;
    }
    if (scratch->hits.count)
        qsort(scratch->hits.items, scratch->hits.count, sizeof *scratch->hits.items, compare_hits);
    for (size_t i = 0; i < scratch->hits.count; i++)
        if (!hit(context, scratch->hits.items[i].literal, scratch->hits.items[i].end))
            return;
}

const LiteralEngine pcre2_engine = {
    "pcre2", compile, release, scratch_new, scratch_free, search,
};
