/*
 * Every format, fed with the worst bytes that paths and source lines can hold,
 * must stay valid, and must not let them become markup, commands or escape
 * sequences. Also the line hash against vectors of the action that reads it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "output/escape.h"
#include "output/excerpt.h"
#include "output/linehash.h"
#include "output/progress.h"
#include "output/report.h"
#include "output/report_read.h"
#include "output/summary.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char *const hostile[] = {
    "app/models/order.rb",
    "a b.rb",
    "new\nline::error::x.rb",
    "esc\x1b]0;title\x07.rb",
    "\"><script>alert(1)</script>.rb",
    "bad\xff\xfe\xc3(utf8.rb",
    "w\xc3\xb6rter/\xe2\x80\xaereversed.rb",
    "=cmd|' /C calc'!A0",
    "[[ATTACHMENT|x]] %0A %25 ]]> | a | b",
    "tab\there\r\x7f\xc2\x9b",
};

enum { HOSTILE = sizeof hostile / sizeof *hostile };

static const Evidence evidence[] = {
    {"app/models/x [1](2).rb", 3, "belongs_to :order \x1b[31m <b>"},
    {NULL, 0, "a convention"},
};

static const Edit edits[] = {{12, 17, "\"new\"\n\xff"}};

static void fill(Report *report)
{
    *report = (Report){0};
    arena_init(&report->arena);
    for (uint32_t i = 0; i < HOSTILE; i++) {
        const char *text = hostile[i];
        Finding finding = {.path = text, .line = 10 + i, .column = 3, .end_line = 10 + i,
                           .end_column = 8, .start = 12, .end = 17, .migration = text,
                           .target = text, .accessor = text, .kind = ACCESS_WRITE,
                           .confidence = CONFIDENCE_CERTAIN, .message = i % 2 ? text : NULL,
                           .rule = i % 3 ? "old-read" : NULL,
                           .severity = (Severity)(i % 3 ? i % 4 : 0), .receiver_text = text,
                           .receiver_type = text, .evidence = evidence, .evidence_count = 2,
                           .edits = edits, .edit_count = 1, .owner = text, .symbol = text,
                           .line_text = text};
        array_push(&report->findings, finding);
        array_push(&report->blind_spots,
                   ((BlindSpot){text, 1, 1, text, "whole-row", text, text}));
        array_push(&report->notes, ((FileNote){text, "too large", i % 2 == 0}));
    }
    report->findings.items[1].suppressed = true;
    report->findings.items[2].baselined = true;
    report->totals = (RunTotals){.files = 10, .parsed = 5, .incomplete = 5, .suppressed = 1};
    report_sort(report);
    report_fingerprint(report);
}

enum { SHOWN = HOSTILE - 2 };

static StrBuf write_as(const char *name)
{
    Report report;
    StrBuf out = {0};
    ReportOptions options = {.root_fd = -1, .version = "1.2.3"};
    fill(&report);
    reporter_named(str_of(name))->write(&report, &options, &out);
    report_release(&report);
    assert_non_null(out.data);
    return out;
}

static void check_utf8(StrBuf *out, bool lines_only)
{
    static const char allowed[] = "\n\t\r";
    Str rest = strbuf_str(out);
    while (rest.length) {
        unsigned char first = (unsigned char)rest.data[0];
        uint32_t code_point = utf8_next(&rest);
        /* a real U+FFFD is three bytes long and starts with 0xEF */
        assert_false(code_point == 0xFFFD && first != 0xEF);
        if (lines_only && code_point != '\n')
            assert_true(printable(code_point) == code_point);
        else
            assert_true(code_point >= 0x20 || strchr(allowed, (int)code_point));
    }
}

static void test_all_are_utf8(void **state)
{
    (void)state;
    for (size_t i = 0; i < reporter_count(); i++) {
        StrBuf out = write_as(reporter_at(i)->name);
        bool lines = strcmp(reporter_at(i)->name, "text") == 0 ||
                     strcmp(reporter_at(i)->name, "gcc") == 0;
        check_utf8(&out, lines);
        strbuf_release(&out);
    }
}

static void test_all_are_stable_and_accept_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < reporter_count(); i++) {
        StrBuf first = write_as(reporter_at(i)->name), second = write_as(reporter_at(i)->name);
        assert_true(str_eq(strbuf_str(&first), strbuf_str(&second)));
        strbuf_release(&first);
        strbuf_release(&second);
        Report empty = {0};
        StrBuf out = {0};
        ReportOptions options = {.root_fd = -1, .version = "1"};
        reporter_at(i)->write(&empty, &options, &out);
        strbuf_release(&out);
    }
}

static json_t *load_json(const char *name)
{
    StrBuf out = write_as(name);
    json_error_t error;
    json_t *root = json_loadb(out.data, out.length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%s: %s", name, error.text);
    strbuf_release(&out);
    return root;
}

static void test_json(void **state)
{
    (void)state;
    json_t *root = load_json("json");
    assert_int_equal(json_array_size(json_object_get(root, "findings")), SHOWN);
    assert_int_equal(json_array_size(json_object_get(root, "blind_spots")), HOSTILE);
    json_decref(root);
    root = load_json("gitlab");
    assert_int_equal(json_array_size(root), SHOWN);
    json_decref(root);
    root = load_json("rdjson");
    assert_int_equal(json_array_size(json_object_get(root, "diagnostics")), SHOWN);
    json_decref(root);
}

static void test_jsonl(void **state)
{
    (void)state;
    static const char *const keys[] = {"path", "line", "column", "end_line", "end_column",
                                       "target", "accessor", "kind", "confidence", "evidence",
                                       "fingerprint"};
    StrBuf out = write_as("jsonl");
    Str rest = strbuf_str(&out);
    size_t lines = 0;
    for (; rest.length; lines++) {
        size_t end = str_find_byte(rest, '\n', 0);
        json_error_t error;
        json_t *object = json_loadb(rest.data, end, JSON_REJECT_DUPLICATES, &error);
        if (!object)
            fail_msg("%s", error.text);
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
            assert_non_null(json_object_get(object, keys[i]));
        json_decref(object);
        rest = str_slice(rest, end + 1, rest.length);
    }
    assert_int_equal(lines, SHOWN);
    strbuf_release(&out);
}

static void check_sarif_result(const json_t *run, const json_t *result)
{
    const json_t *rules = json_object_get(
        json_object_get(json_object_get(run, "tool"), "driver"), "rules");
    size_t index = (size_t)json_integer_value(json_object_get(result, "ruleIndex"));
    const json_t *rule = json_array_get(rules, index);
    assert_string_equal(json_string_value(json_object_get(rule, "id")),
                        json_string_value(json_object_get(result, "ruleId")));
    const json_t *place = json_object_get(
        json_array_get(json_object_get(result, "locations"), 0), "physicalLocation");
    const char *uri =
        json_string_value(json_object_get(json_object_get(place, "artifactLocation"), "uri"));
    assert_int_equal(strspn(uri, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                 "-._~/%"),
                     strlen(uri));
    const json_t *region = json_object_get(place, "region");
    assert_true(json_integer_value(json_object_get(region, "startColumn")) > 0);
    assert_true(json_integer_value(json_object_get(region, "endColumn")) >=
                json_integer_value(json_object_get(region, "startColumn")));
    const char *message =
        json_string_value(json_object_get(json_object_get(result, "message"), "text"));
    assert_non_null(strstr(message, "[app/models/x \\[1\\](2).rb:3](1)"));
    const json_t *related = json_object_get(result, "relatedLocations");
    assert_int_equal(json_array_size(related), 1);
}

static void test_sarif(void **state)
{
    (void)state;
    json_t *root = load_json("sarif");
    assert_string_equal(json_string_value(json_object_get(root, "version")), "2.1.0");
    const json_t *run = json_array_get(json_object_get(root, "runs"), 0);
    const json_t *results = json_object_get(run, "results");
    assert_int_equal(json_array_size(results), HOSTILE); /* suppressed ones are listed */
    size_t index, suppressed = 0;
    json_t *item;
    json_array_foreach(results, index, item) {
        check_sarif_result(run, item);
        suppressed += json_object_get(item, "suppressions") != NULL;
    }
    assert_int_equal(suppressed, 2);
    const json_t *rules = json_object_get(
        json_object_get(json_object_get(run, "tool"), "driver"), "rules");
    json_array_foreach(rules, index, item) {
        const char *const keys[] = {"shortDescription", "fullDescription", "help"};
        for (size_t i = 0; i < 3; i++) {
            const json_t *text = json_object_get(json_object_get(item, keys[i]), "text");
            assert_true(json_string_length(text) > 0 && json_string_length(text) <= 1024);
        }
    }
    json_decref(root);
}

/* Well-formed enough: tags nest, attributes are quoted, entities are known. */
static void check_xml(StrBuf *out)
{
    const char *open[16];
    size_t lengths[16], depth = 0;
    const char *at = strstr(out->data, "?>");
    assert_non_null(at);
    for (at += 2; *at;) {
        if (*at == '&') {
            size_t end = strcspn(at, ";");
            assert_true(end < 8 && strspn(at + 1, "abcdefghijklmnopqrstuvwxyz#0123456789") == end - 1);
        }
        if (*at != '<') {
            assert_true(*at != '>' || at[-1] == '/' || depth < 16);
            at++;
            continue;
        }
        bool closing = *++at == '/';
        at += closing;
        size_t name = strcspn(at, " />");
        if (closing) {
            assert_true(depth > 0 && lengths[depth - 1] == name);
            assert_memory_equal(open[depth - 1], at, name);
            depth--;
        } else {
            open[depth] = at;
            lengths[depth++] = name;
        }
        for (bool quoted = false; quoted || *at != '>'; at++) {
            assert_true(*at && (*at != '<'));
            quoted ^= *at == '"';
        }
        if (at[-1] == '/')
            depth--;
        at++;
    }
    assert_int_equal(depth, 0);
}

static void test_xml(void **state)
{
    (void)state;
    StrBuf out = write_as("junit");
    check_xml(&out);
    assert_null(strstr(out.data, "[[ATTACHMENT|"));
    strbuf_release(&out);
    out = write_as("checkstyle");
    check_xml(&out);
    strbuf_release(&out);
}

static void test_html(void **state)
{
    (void)state;
    StrBuf out = write_as("html");
    assert_null(strstr(out.data, "<script"));
    assert_null(strstr(out.data, "<b>"));
    assert_non_null(strstr(out.data, "default-src 'none'"));
    assert_non_null(strstr(out.data, "&lt;script&gt;"));
    strbuf_release(&out);
}

static void test_github(void **state)
{
    (void)state;
    StrBuf out = write_as("github");
    Str rest = strbuf_str(&out);
    while (rest.length) { /* no line that is not one of ours */
        size_t end = str_find_byte(rest, '\n', 0);
        Str line = str_slice(rest, 0, end);
        assert_true(str_starts(line, "::error file=") || str_starts(line, "::warning file=") ||
                    str_starts(line, "::notice "));
        rest = str_slice(rest, end + 1, rest.length);
    }
    assert_null(strstr(out.data, "\r"));
    strbuf_release(&out);
}

static void test_github_counts(void **state)
{
    (void)state;
    Report report = {0};
    arena_init(&report.arena);
    for (uint32_t i = 1; i <= 25; i++) {
        Finding finding = {.path = "a", .line = i, .column = 1, .end_line = i, .end_column = 2,
                           .target = "A.b", .rule = "old-read",
                           .severity = i == 25 ? SEVERITY_ERROR : SEVERITY_WARNING};
        array_push(&report.findings, finding);
    }
    StrBuf out = {0};
    ReportOptions options = {.root_fd = -1};
    report_github(&report, &options, &out);
    assert_true(strncmp(out.data, "::error file=a,line=25", 22) == 0); /* worst first */
    assert_non_null(strstr(out.data, "::14 more not shown"));
    strbuf_release(&out);
    report_release(&report);
}

static void test_csv(void **state)
{
    (void)state;
    StrBuf out = write_as("csv");
    size_t rows = 0;
    bool quoted = false;
    for (size_t i = 0; i < out.length; i++) {
        quoted ^= out.data[i] == '"';
        rows += !quoted && out.data[i] == '\n';
        if (out.data[i] == '=')
            assert_true(out.data[i - 1] == '\'' || out.data[i - 1] != '"');
    }
    assert_false(quoted);
    assert_int_equal(rows, SHOWN + 1);
    strbuf_release(&out);
}

static void test_markdown(void **state)
{
    (void)state;
    StrBuf out = write_as("markdown");
    assert_null(strstr(out.data, "<script"));
    size_t rows = 0;
    for (const char *at = out.data; (at = strstr(at, "\n| ")); at++)
        rows++;
    assert_int_equal(rows, SHOWN + 2); /* and the table's head */
    strbuf_release(&out);
}

static void test_read_back(void **state)
{
    (void)state;
    const char *const forms[] = {"json", "jsonl"};
    for (size_t i = 0; i < 2; i++) {
        StrBuf out = write_as(forms[i]), again = {0};
        Report report = {0};
        Diag diag = {0};
        ReportOptions options = {.root_fd = -1, .version = "1.2.3"};
        arena_init(&report.arena);
        if (!report_read(&report, "x", strbuf_str(&out), &diag))
            fail_msg("%s", diag.message);
        assert_int_equal(report.findings.count, SHOWN);
        report_jsonl(&report, &options, &again);
        StrBuf lines = write_as("jsonl");
        assert_string_equal(again.data, lines.data);
        strbuf_release(&lines);
        strbuf_release(&again);
        strbuf_release(&out);
        report_release(&report);
    }
}

static void test_read_bad(void **state)
{
    (void)state;
    const char *const bad[] = {"{", "[]", "{\"path\":1}", "\n\n{\"path\":\"a\"}",
                               "{\"version\":2,\"findings\":[]}", "null",
                               "{\"path\":\"a\",\"line\":1,\"target\":\"A.b\",\"kind\":\"reed\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Report report = {0};
        Diag diag = {0};
        arena_init(&report.arena);
        if (report_read(&report, "x", str_of(bad[i]), &diag))
            fail_msg("accepted: %s", bad[i]);
        assert_string_equal(diag.path, "x");
        assert_int_equal(diag.line, i == 3 ? 3 : 1);
        report_release(&report);
    }
}

static void check_hashes(const char *text, size_t repeat, const char *expected)
{
    StrBuf input = {0}, found = {0};
    for (size_t i = 0; i < repeat; i++)
        strbuf_add_c(&input, text);
    LineHashArray hashes = {0};
    line_hashes(&hashes, strbuf_str(&input));
    for (size_t i = 0; i < hashes.count; i++)
        strbuf_printf(&found, "%llx:%llu ", (unsigned long long)hashes.items[i].hash,
                      (unsigned long long)hashes.items[i].ordinal);
    assert_string_equal(found.data, expected);
    array_release(&hashes);
    strbuf_release(&input);
    strbuf_release(&found);
}

/* Expected values: what the upload action computes for these inputs. */
static void test_line_hash(void **state)
{
    (void)state;
    check_hashes("", 0, "c129715d7a2bc9a3:1 ");
    check_hashes(" a\nb\n  \t\tc\n d", 1,
                 "271789c17abda88f:1 54703d4cd895b18:1 180aee12dab6264:1 a23a3dc5e078b07b:1 ");
    static const char six[] = "e9496ae3ebfced30:1 fb7c023a8b9ccb3f:1 ce8ba1a563dcdaca:1 "
                              "e20e36e16fcb0cc8:1 b3edc88f2938467e:1 c8e28b0b4002a3a0:1 "
                              "c129715d7a2bc9a3:1 ";
    check_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", 1, six);
    check_hashes(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", 1, six);
    check_hashes(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", 1, six);
    check_hashes(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", 1, six);
    check_hashes("Lorem ipsum dolor sit amet.\n", 10,
                 "a7f2ff13bc495cf2:1 a7f2ff13bc495cf2:2 a7f2ff13bc495cf2:3 a7f2ff13bc495cf2:4 "
                 "a7f2ff13bc495cf2:5 a7f2ff13bc495cf2:6 a7f2ff1481e87703:1 a9cf91f7bbf1862b:1 "
                 "55ec222b86bcae53:1 cc97dc7b1d7d8f7b:1 c129715d7a2bc9a3:1 ");
}

static void check_excerpt(const char *line, size_t from, size_t to, uint32_t width,
                          const char *text, uint32_t column, uint32_t carets)
{
    Excerpt excerpt;
    excerpt_make(&excerpt, str_of(line), from, to, width);
    assert_string_equal(excerpt.text.data ? excerpt.text.data : "", text);
    assert_int_equal(excerpt.caret_column, column);
    assert_int_equal(excerpt.caret_width, carets);
    excerpt_release(&excerpt);
}

static void test_excerpt(void **state)
{
    (void)state;
    check_excerpt("a.email", 2, 7, 80, "a.email", 2, 5);
    check_excerpt("\ta.email", 3, 8, 80, "    a.email", 6, 5);
    check_excerpt("", 5, 9, 80, "", 0, 1);
    check_excerpt("\xe6\x97\xa5\xe6\x9c\xac.x", 7, 8, 80, "\xe6\x97\xa5\xe6\x9c\xac.x", 5, 1);
    check_excerpt("\x1b[31m\xff", 0, 1, 80, "\xe2\x90\x9b[31m\xef\xbf\xbd", 0, 1);
    check_excerpt("0123456789abcdefghij", 12, 14, 9, "...9abcdefgh...", 6, 2);
    check_excerpt("0123456789abcdefghij", 0, 2, 9, "012345678...", 0, 2);
}

static void test_utf16_columns(void **state)
{
    (void)state;
    Str line = str_of("\xf0\x9f\x98\x80\xc3\xa9x");
    assert_int_equal(utf16_units(line, 0), 0);
    assert_int_equal(utf16_units(line, 4), 2);
    assert_int_equal(utf16_units(line, 6), 3);
    assert_int_equal(utf16_units(line, 99), 4);
}

static void test_summary_and_progress(void **state)
{
    (void)state;
    Report report;
    StrBuf out = {0};
    fill(&report);
    report.totals.below_threshold = 12;
    SummaryOptions options = {"access", CONFIDENCE_LIKELY, true, false};
    summary_write(&report, &options, &out);
    assert_non_null(strstr(out.data, "8 accesses: 8 write (8 certain)\n"));
    assert_non_null(strstr(out.data, "12 more possible: --min-confidence possible\n"));
    assert_non_null(strstr(out.data, "incomplete: app/models/order.rb: too large\n"));
    check_utf8(&out, true);
    strbuf_clear(&out);
    progress_draw(&out, "parsing", 5, 10, 40);
    assert_int_equal(out.length, 40);
    strbuf_clear(&out);
    progress_draw(&out, "parsing", 5, 0, 8);
    assert_string_equal(out.data, "parsing ");
    strbuf_release(&out);
    report_release(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_are_utf8),
        cmocka_unit_test(test_all_are_stable_and_accept_nothing),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_jsonl),
        cmocka_unit_test(test_sarif),
        cmocka_unit_test(test_xml),
        cmocka_unit_test(test_html),
        cmocka_unit_test(test_github),
        cmocka_unit_test(test_github_counts),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_read_back),
        cmocka_unit_test(test_read_bad),
        cmocka_unit_test(test_line_hash),
        cmocka_unit_test(test_excerpt),
        cmocka_unit_test(test_utf16_columns),
        cmocka_unit_test(test_summary_and_progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
