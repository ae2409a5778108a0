/*
 * Every engine that is built in against a naive search, over random texts of a
 * small alphabet, where overlaps and word boundaries are dense.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "input/prefilter.h"

#include "base/array.h"
#include "input/prefilter_engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const LiteralEngine *const engines[] = {
#ifdef STRAGGLER_VECTORSCAN
    &vectorscan_engine,
#endif
    &portable_engine,
};
enum { ENGINES = sizeof engines / sizeof *engines };

typedef struct Random {
    uint64_t state;
} Random;

static unsigned pick(Random *random, unsigned below)
{
    random->state = random->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(random->state >> 33) % below;
}

typedef struct Occurrence {
    size_t to;
    uint32_t literal;
    size_t from;
} Occurrence;

typedef struct Occurrences {
    ARRAY_OF(Occurrence);
    size_t most; /* stop after so many; 0: never */
} Occurrences;

static bool note(void *context, uint32_t literal, size_t from, size_t to)
{
    Occurrences *seen = context;
    array_push(seen, ((Occurrence){to, literal, from}));
    return seen->count != seen->most;
}

static int compare(const void *a, const void *b)
{
    const Occurrence *x = a, *y = b;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return x->literal < y->literal ? -1 : x->literal > y->literal;
}

/* The naive search. */
static void expect(Occurrences *out, const Literal *literals, size_t count, Str text)
{
    for (size_t end = 1; end <= text.length; end++) {
        for (size_t i = 0; i < count; i++) {
            size_t length = literals[i].text.length, from = end - length;
            unsigned flags = literals[i].flags;
            bool start_only = flags & (PREFILTER_WORD | PREFILTER_WORD_START);
            bool end_only = flags & (PREFILTER_WORD | PREFILTER_WORD_END);
            if (length > end)
                continue;
            bool equal = flags & PREFILTER_CASELESS
                             ? strncasecmp(text.data + from, literals[i].text.data, length) == 0
                             : memcmp(text.data + from, literals[i].text.data, length) == 0;
            if (!equal || (start_only && from && byte_is_word((unsigned char)text.data[from - 1])) ||
                (end_only && end < text.length && byte_is_word((unsigned char)text.data[end])))
                continue;
            array_push(out, ((Occurrence){end, (uint32_t)i, from}));
        }
    }
}

static void check_engine(const LiteralEngine *engine, const Literal *literals, size_t count,
                         Str text, const Occurrences *expected)
{
    Prefilter *prefilter = prefilter_new_with(engine);
    Diag diag = {0};
    for (size_t i = 0; i < count; i++)
        assert_int_equal(prefilter_add(prefilter, literals[i].text, literals[i].flags), i);
    assert_true(prefilter_compile(prefilter, &diag));
    PrefilterScratch *scratch = prefilter_scratch_new(prefilter);
    Occurrences seen = {0};
    prefilter_each(prefilter, scratch, text, note, &seen);
    if (seen.count)
        qsort(seen.items, seen.count, sizeof *seen.items, compare);
    assert_int_equal(seen.count, expected->count);
    uint64_t found[2] = {0}, wanted[2] = {0};
    size_t different = 0;
    for (size_t i = 0; i < seen.count; i++) {
        uint32_t literal = expected->items[i].literal;
        assert_int_equal(seen.items[i].to, expected->items[i].to);
        assert_int_equal(seen.items[i].from, expected->items[i].from);
        assert_int_equal(seen.items[i].literal, literal);
        different += !(wanted[literal / 64] >> literal % 64 & 1);
        wanted[literal / 64] |= UINT64_C(1) << literal % 64;
    }
    assert_int_equal(prefilter_scan(prefilter, scratch, text, found), different);
    assert_memory_equal(found, wanted, sizeof found);
    array_release(&seen);
    prefilter_scratch_free(scratch);
    prefilter_free(prefilter);
}

/* Different random literals; returns how many. */
static size_t make_literals(Random *random, Literal *literals, char (*bytes)[4], size_t most)
{
    static const unsigned flags[] = {0, PREFILTER_WORD, PREFILTER_CASELESS, PREFILTER_WORD_START,
                                     PREFILTER_WORD_END, PREFILTER_WORD | PREFILTER_CASELESS};
    size_t count = 0;
    for (size_t i = 0; i < most; i++) {
        size_t length = 1 + pick(random, 4);
        for (size_t j = 0; j < length; j++)
            bytes[count][j] = "aAb_.("[pick(random, 6)];
        Literal made = {{bytes[count], length}, flags[pick(random, 6)]};
        bool again = false;
        for (size_t j = 0; j < count; j++)
            again |= literals[j].flags == made.flags && str_eq(literals[j].text, made.text);
        if (!again)
            literals[count++] = made;
    }
    return count;
}

static void test_random(void **state)
{
    (void)state;
    Random random = {20261123};
    for (int round = 0; round < 300; round++) {
        Literal literals[100];
        char bytes[100][4], text[200];
        size_t count = make_literals(&random, literals, bytes, 1 + pick(&random, round % 9 ? 6 : 99));
        size_t length = pick(&random, sizeof text);
        for (size_t i = 0; i < length; i++)
            text[i] = "aAb_. (\xc3"[pick(&random, 8)];
        Occurrences expected = {0};
        expect(&expected, literals, count, (Str){text, length});
        for (size_t i = 0; i < ENGINES; i++)
            check_engine(engines[i], literals, count, (Str){text, length}, &expected);
        array_release(&expected);
    }
}

static void test_numbers(void **state)
{
    (void)state;
    Prefilter *prefilter = prefilter_new(1);
    assert_int_equal(prefilter_add(prefilter, str_lit("email"), PREFILTER_WORD), 0);
    assert_int_equal(prefilter_add(prefilter, str_lit("email"), 0), 1);
    assert_int_equal(prefilter_add(prefilter, str_lit("email"), PREFILTER_WORD), 0);
    assert_int_equal(prefilter_add(prefilter, str_lit("Email"), 0), 2);
    assert_int_equal(prefilter_count(prefilter), 3);
    prefilter_free(prefilter);
    prefilter_free(NULL);
}

/* Nothing to find, nothing to find it in, and stopping early. */
static void test_edges(void **state)
{
    (void)state;
    for (size_t i = 0; i < ENGINES; i++) {
        Diag diag = {0};
        uint64_t found = 0;
        Prefilter *none = prefilter_new_with(engines[i]), *one = prefilter_new_with(engines[i]);
        assert_true(prefilter_compile(none, &diag));
        PrefilterScratch *scratch = prefilter_scratch_new(none);
        assert_int_equal(prefilter_scan(none, scratch, str_lit("abc"), &found), 0);
        prefilter_scratch_free(scratch);
        prefilter_free(none);
        prefilter_add(one, str_lit("a\0b"), 0);
        prefilter_add(one, str_lit("never there"), 0);
        assert_true(prefilter_compile(one, &diag));
        scratch = prefilter_scratch_new(one);
        assert_int_equal(prefilter_scan(one, scratch, (Str){NULL, 0}, &found), 0);
        assert_int_equal(prefilter_scan(one, scratch, str_lit("a\0ba\0b"), &found), 1);
        assert_int_equal(found, 1);
        Occurrences seen = {.most = 1};
        prefilter_each(one, scratch, str_lit("a\0ba\0b"), note, &seen);
        assert_int_equal(seen.count, 1);
        array_release(&seen);
        prefilter_scratch_free(scratch);
        prefilter_free(one);
    }
}

/* As many literals as a demand-driven round may ask for. */
static void test_many(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    for (size_t i = 0; i < ENGINES; i++) {
        Diag diag = {0};
        StrBuf text = {0};
        Prefilter *prefilter = prefilter_new_with(engines[i]);
        for (int j = 0; j < MANY; j++) {
            char literal[32];
            int length = snprintf(literal, sizeof literal, "class Model%d", j);
            prefilter_add(prefilter, (Str){literal, (size_t)length}, PREFILTER_WORD);
            if (j % 3 == 0)
                strbuf_printf(&text, "%s < Base\n", literal);
        }
        assert_true(prefilter_compile(prefilter, &diag));
        PrefilterScratch *scratch = prefilter_scratch_new(prefilter);
        uint64_t found[(MANY + 63) / 64] = {0};
        assert_int_equal(prefilter_scan(prefilter, scratch, strbuf_str(&text), found), MANY / 3);
        assert_true(found[0] & 1 && !(found[0] & 2));
        prefilter_scratch_free(scratch);
        prefilter_free(prefilter);
        strbuf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
