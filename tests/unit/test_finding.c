/*
 * Order, identity and what is kept of a finding: sorting whatever the input
 * order, fingerprints that survive moves, baselines and suppressions.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "output/baseline.h"
#include "output/report.h"
#include "output/suppress.h"

#include <string.h>

static Finding make(const char *path, uint32_t line, uint32_t column, AccessKind kind,
                    Confidence confidence)
{
    return (Finding){.path = path, .line = line, .column = column, .end_line = line,
                     .end_column = column + 5, .target = "Order.email", .accessor = "email",
                     .kind = kind, .confidence = confidence, .line_text = "  order.email"};
}

static void test_sort_any_order(void **state)
{
    (void)state;
    const Finding items[] = {
        make("a.rb", 1, 2, ACCESS_READ, CONFIDENCE_LIKELY),
        make("a.rb", 1, 9, ACCESS_READ, CONFIDENCE_LIKELY),
        make("a.rb", 10, 1, ACCESS_READ, CONFIDENCE_LIKELY),
        make("a/b.rb", 1, 1, ACCESS_READ, CONFIDENCE_LIKELY),
        make("b.rb", 1, 1, ACCESS_READ, CONFIDENCE_LIKELY),
        make("b.rb", 1, 1, ACCESS_WRITE, CONFIDENCE_LIKELY),
    };
    enum { COUNT = sizeof items / sizeof *items };
    for (size_t shift = 0; shift < COUNT; shift++) {
        Report report = {0};
        arena_init(&report.arena);
        for (size_t i = 0; i < COUNT; i++)
            array_push(&report.findings, items[(i * 5 + shift) % COUNT]);
        report_sort(&report);
        assert_int_equal(report.findings.count, COUNT);
        for (size_t i = 0; i < COUNT; i++) {
            assert_string_equal(report.findings.items[i].path, items[i].path);
            assert_int_equal(report.findings.items[i].line, items[i].line);
            assert_int_equal(report.findings.items[i].kind, items[i].kind);
        }
        report_release(&report);
    }
}

static void test_repeats_keep_the_strongest(void **state)
{
    (void)state;
    Report report = {0};
    arena_init(&report.arena);
    array_push(&report.findings, make("a", 1, 1, ACCESS_READ, CONFIDENCE_POSSIBLE));
    array_push(&report.findings, make("a", 1, 1, ACCESS_READ, CONFIDENCE_CERTAIN));
    array_push(&report.findings, make("a", 1, 1, ACCESS_WRITE, CONFIDENCE_LIKELY));
    report_sort(&report);
    assert_int_equal(report.findings.count, 2);
    assert_int_equal(report.findings.items[0].confidence, CONFIDENCE_CERTAIN);
    report_release(&report);
}

static uint64_t fingerprint_of(Finding finding)
{
    Report report = {0};
    arena_init(&report.arena);
    array_push(&report.findings, finding);
    report_fingerprint(&report);
    uint64_t fingerprint = report.findings.items[0].fingerprint;
    report_release(&report);
    return fingerprint;
}

static void test_fingerprint_ignores_place_only(void **state)
{
    (void)state;
    Finding base = make("a.rb", 3, 7, ACCESS_READ, CONFIDENCE_LIKELY);
    base.symbol = "Order#pay";
    uint64_t expected = fingerprint_of(base);
    Finding moved = base;
    moved.line = moved.end_line = 99;
    moved.confidence = CONFIDENCE_CERTAIN;
    moved.line_text = "\torder.email   ";
    assert_true(fingerprint_of(moved) == expected);
    Finding other = base;
    other.path = "b.rb";
    assert_true(fingerprint_of(other) != expected);
    other = base;
    other.line_text = "  order.email.downcase";
    assert_true(fingerprint_of(other) != expected);
    other = base;
    other.kind = ACCESS_WRITE;
    assert_true(fingerprint_of(other) != expected);
    other = base;
    other.symbol = "Order#refund";
    assert_true(fingerprint_of(other) != expected);
    other = base;
    other.line_text = "order . email\x01\x02";
    (void)fingerprint_of(other); /* control bytes end the loop too */
}

static void test_equal_lines_have_own_fingerprints(void **state)
{
    (void)state;
    Report report = {0};
    arena_init(&report.arena);
    for (uint32_t line = 1; line <= 3; line++)
        array_push(&report.findings, make("a", line, 1, ACCESS_READ, CONFIDENCE_LIKELY));
    report_fingerprint(&report);
    const Finding *items = report.findings.items;
    assert_true(items[0].fingerprint != items[1].fingerprint);
    assert_true(items[1].fingerprint != items[2].fingerprint);
    assert_true(items[0].fingerprint != items[2].fingerprint);
    report_release(&report);
}

static void fill(Report *report, uint32_t lines)
{
    *report = (Report){0};
    arena_init(&report->arena);
    for (uint32_t line = 1; line <= lines; line++)
        array_push(&report->findings, make("a b\n.rb", line, 1, ACCESS_READ, CONFIDENCE_LIKELY));
    report_sort(report);
    report_fingerprint(report);
}

static void test_baseline_round_trip(void **state)
{
    (void)state;
    Report three, four;
    StrBuf text = {0}, pruned = {0};
    Baseline baseline = {0};
    Diag diag = {0};
    fill(&three, 3);
    fill(&four, 4);
    baseline_write(&three, NULL, &text);
    assert_true(baseline_parse(&baseline, "b", strbuf_str(&text), &diag));
    assert_int_equal(baseline.count, 3);
    baseline_apply(&baseline, &four);
    assert_int_equal(report_shown(&four), 1); /* the new one */
    assert_int_equal(baseline_stale(&baseline), 0);
    baseline_write(&four, &baseline, &pruned);
    assert_string_equal(pruned.data, text.data); /* pruning never adds */
    strbuf_release(&text);
    strbuf_release(&pruned);
    baseline_release(&baseline);
    report_release(&three);
    report_release(&four);
}

static void test_baseline_stale_and_bad(void **state)
{
    (void)state;
    Report one;
    Baseline baseline = {0};
    Diag diag = {0};
    fill(&one, 1);
    assert_true(baseline_parse(&baseline, "b",
                               str_lit("# c\n\n0123456789abcdef a.rb read X.y\r\n"), &diag));
    baseline_apply(&baseline, &one);
    assert_int_equal(report_shown(&one), 1);
    assert_int_equal(baseline_stale(&baseline), 1);
    assert_false(baseline_parse(&baseline, "b", str_lit("# c\nnonsense\n"), &diag));
    assert_int_equal(diag.line, 2);
    baseline_release(&baseline);
    report_release(&one);
}

static void find_in(SuppressionArray *list, const char *text, Arena *arena)
{
    LineIndex lines;
    source_lines(&lines, str_of(text), arena);
    suppress_find(list, str_of(text), &lines);
}

static void test_suppressions(void **state)
{
    (void)state;
    static const char text[] =
        "a.email # straggler:ignore[old-read] -- for the archive\n"
        "# straggler:ignore[le, read]\n"
        "# straggler:ignore[write]\n"
        "a.email\n"
        "<!-- straggler:ignore -- page --> \n"
        "a.email\n"
        "x = 'straggler:ignored'\n"
        "# straggler:ignore[unclosed\n";
    Arena arena;
    SuppressionArray list = {0};
    arena_init(&arena);
    find_in(&list, text, &arena);
    assert_int_equal(list.count, 4);
    assert_int_equal(list.items[0].applies_to, 1);
    assert_true(str_eq_c(list.items[0].reason, "for the archive"));
    assert_int_equal(list.items[1].applies_to, 4);
    assert_int_equal(list.items[2].applies_to, 4);
    assert_int_equal(list.items[3].applies_to, 6);
    assert_true(str_eq_c(list.items[3].reason, "page"));

    Finding finding = make("a.rb", 4, 3, ACCESS_READ, CONFIDENCE_LIKELY);
    assert_ptr_equal(suppress_match(&list, &finding), &list.items[1]);
    assert_true(list.items[1].used);
    assert_false(list.items[2].used);
    finding.line = 1;
    assert_null(suppress_match(&list, &finding)); /* judged by no rule yet */
    finding.rule = "old-read";
    assert_ptr_equal(suppress_match(&list, &finding), &list.items[0]);
    finding.line = 6;
    finding.rule = "anything";
    assert_ptr_equal(suppress_match(&list, &finding), &list.items[3]);
    array_release(&list);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sort_any_order),
        cmocka_unit_test(test_repeats_keep_the_strongest),
        cmocka_unit_test(test_fingerprint_ignores_place_only),
        cmocka_unit_test(test_equal_lines_have_own_fingerprints),
        cmocka_unit_test(test_baseline_round_trip),
        cmocka_unit_test(test_baseline_stale_and_bad),
        cmocka_unit_test(test_suppressions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
