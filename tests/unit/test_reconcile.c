/*
 * Frames of several languages, and what is a hole.
 */
#include "output/reconcile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char log_text[] =
    "W Deprecated: Order#email\n"
    "    /gems/x/lib/none.rb:3:in `x'\n"
    "    /srv/app/src/base/str.c:12:in `y'\n"
    "I other:5 a line\n"
    "W Deprecated: shop.Order.email\n"
    "  File \"/srv/app/src/base/str.c\", line 14, in f\n"
    "W Deprecated: Order#email at src/base/arena.c:7:1\n"
    "W Deprecated: Order#email\n"
    "\tsrc/base/str.c:12 +0x1d\n"
    "W Deprecated: nothing known\n";

static ReconcileLog read_log(Arena *arena)
{
    ReconcileLog log = {.pattern = "Deprecated", .root_fd = open(STRAGGLER_SOURCE_DIR, O_RDONLY)};
    assert_true(log.root_fd >= 0);
    reconcile_read(&log, str_of(log_text), arena);
    close(log.root_fd);
    return log;
}

static void check_sighting(const Sighting *sighting, const char *path, uint32_t line,
                           const char *target, size_t count)
{
    if (path)
        assert_string_equal(sighting->path, path);
    else
        assert_null(sighting->path);
    if (target)
        assert_string_equal(sighting->target, target);
    else
        assert_null(sighting->target);
    assert_int_equal(sighting->line, line);
    assert_int_equal(sighting->count, count);
}

static void test_frames(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    ReconcileLog log = read_log(&arena);
    assert_int_equal(log.messages, 5);
    assert_int_equal(log.sightings.count, 4);
    check_sighting(&log.sightings.items[0], "src/base/str.c", 12, "Order.email", 2);
    check_sighting(&log.sightings.items[1], "src/base/str.c", 14, "Order.email", 1);
    check_sighting(&log.sightings.items[2], "src/base/arena.c", 7, "Order.email", 1);
    check_sighting(&log.sightings.items[3], NULL, 0, NULL, 1);
    reconcile_release(&log);
    arena_release(&arena);
}

static void test_holes(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    ReconcileLog log = read_log(&arena);
    Report report = {0};
    arena_init(&report.arena);
    Finding known = {.path = "src/base/str.c", .line = 13, .target = "shop.Order.email"};
    array_push(&report.findings, known);
    StrBuf out = {0};
    assert_int_equal(reconcile_write(&log, &report, &out), 2);
    assert_non_null(strstr(out.data, "`src/base/arena.c`:7"));
    strbuf_release(&out);
    reconcile_release(&log);
    report_release(&report);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_holes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
