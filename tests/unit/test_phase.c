/*
 * Severities per phase, and what straggler.yml makes of them.
 */
#include "analyze/phase/phase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "output/rule_text.h"

#include <string.h>

static Config config_of(const char *text, Arena *arena)
{
    Config config;
    Diag diag = {0};
    if (!config_parse(&config, "straggler.yml", str_of(text), arena, &diag))
        fail_msg("%s", diag.message);
    return config;
}

static void test_phases(void **state)
{
    (void)state;
    assert_int_equal(phase_default_severity(PHASE_ACCEPT, "old-read"), SEVERITY_NONE);
    assert_int_equal(phase_default_severity(PHASE_DUAL_WRITE, "old-read"), SEVERITY_NONE);
    assert_int_equal(phase_default_severity(PHASE_READ_NEW, "old-read"), SEVERITY_ERROR);
    assert_int_equal(phase_default_severity(PHASE_READ_NEW, "old-write"), SEVERITY_NONE);
    assert_int_equal(phase_default_severity(PHASE_WRITE_NEW, "old-write"), SEVERITY_ERROR);
    assert_int_equal(phase_default_severity(PHASE_WRITE_NEW, "unpaired-write"), SEVERITY_NONE);
    assert_int_equal(phase_default_severity(PHASE_BACKFILL, "finished"), SEVERITY_NONE);
    assert_int_equal(phase_default_severity(PHASE_DROP, "old-declare"), SEVERITY_ERROR);
    assert_int_equal(phase_default_severity(PHASE_DROP, "no-such-rule"), SEVERITY_NONE);
}

/* Every rule but the one about comments is judged in some phase. */
static void test_every_rule_is_ranked(void **state)
{
    (void)state;
#define X(id, title, help)                                                                         \
    {                                                                                              \
        int worst = 0;                                                                             \
        for (int phase = 0; phase < PHASE_COUNT; phase++)                                          \
            worst |= phase_default_severity((Phase)phase, id);                                     \
        assert_int_equal(worst != 0, strcmp(id, "unused-suppression") != 0);                       \
    }
    LINT_RULES(X)
#undef X
}

static void test_overrides(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    Config config = config_of("version: 1\n"
                              "severity: {old-read: warning, old-write: {read-new: info}}\n"
                              "migrations:\n"
                              "  a: {phase: read-new, from: Order.email, severity: {old-read: 'off'}}\n"
                              "  b: {phase: read-new, from: Order.name}\n",
                              &arena);
    assert_int_equal(phase_severity(&config, &config.migrations[0], "old-read"), SEVERITY_NONE);
    assert_int_equal(phase_severity(&config, &config.migrations[1], "old-read"), SEVERITY_WARNING);
    assert_int_equal(phase_severity(&config, &config.migrations[1], "old-query"), SEVERITY_ERROR);
    /* a phase that does not judge a rule does so only when it is named */
    assert_int_equal(phase_severity(&config, &config.migrations[1], "old-write"), SEVERITY_INFO);
    arena_release(&arena);
}

/* `severity: {rule: ...}` ranks a rule anew where it is judged; it does not turn it on elsewhere. */
static void test_general_override_stays_in_phase(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    Config config = config_of("version: 1\n"
                              "severity: {old-write: warning}\n"
                              "migrations:\n"
                              "  a: {phase: dual-write, from: Order.email}\n"
                              "  b: {phase: write-new, from: Order.name}\n",
                              &arena);
    assert_int_equal(phase_severity(&config, &config.migrations[0], "old-write"), SEVERITY_NONE);
    assert_int_equal(phase_severity(&config, &config.migrations[1], "old-write"), SEVERITY_WARNING);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phases),
        cmocka_unit_test(test_every_rule_is_ranked),
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_general_override_stays_in_phase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
