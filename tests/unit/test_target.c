/*
 * Every way to write a target, and what is said about those that are none.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "input/target.h"

#include <string.h>

typedef struct Good {
    const char *text, *model, *fields; /* fields joined by ',' */
} Good;

static const Good good[] = {
    {"Order.email", "Order", "email"},
    {"Merchant.owner_first_name", "Merchant", "owner_first_name"},
    {"Spree::Order#email", "Spree::Order", "email"},
    {"client::flags", "client", "flags"},
    {"std::a::b", "std::a", "b"},
    {"app.Invoice.is_taxable", "app.Invoice", "is_taxable"},
    {"Invoice.{is_taxable,is_tax_inclusive}", "Invoice", "is_taxable,is_tax_inclusive"},
    {"Invoice#{a, b ,c}", "Invoice", "a,b,c"},
    {"A::B::{x,y}", "A::B", "x,y"},
    {"::Order.email", "::Order", "email"},
    {"App\\Models\\Order.email", "App\\Models\\Order", "email"},
    {"W\xc3\xb6rter.gr\xc3\xb6\xc3\x9f" "e", "W\xc3\xb6rter", "gr\xc3\xb6\xc3\x9f" "e"},
};

static const char *const bad[] = {
    "",          "Order",      ".email",        "Order.",         "Order.email?", "Order.email=",
    "Order.{",   "Order.{a",   "Order.{}",      "Order.{a,,b}",   "Order.{a,a}",  "{a,b}",
    "Order{a}",  "Or der.x",   "Order.x y",     "Order.1x",       "1.x",          "Order.[a]",
    "Order.a.{", "::.email",   "Order.{a}.b",   "Order.{{a},b}",  "a/../b.c d",   "Order..",
};

static void test_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        Arena arena;
        Migration migration;
        Diag diag = {0};
        arena_init(&arena);
        if (!target_parse(good[i].text, &migration, &arena, &diag))
            fail_msg("%s: %s", good[i].text, diag.message);
        assert_string_equal(migration.model, good[i].model);
        StrBuf fields = {0};
        for (size_t j = 0; j < migration.field_count; j++)
            strbuf_printf(&fields, "%s%s", j ? "," : "", migration.fields[j].from);
        assert_string_equal(fields.data, good[i].fields);
        assert_true(migration.accessors);
        assert_null(migration.name);
        strbuf_release(&fields);
        arena_release(&arena);
    }
}

static void test_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Arena arena;
        Migration migration;
        Diag diag = {0};
        arena_init(&arena);
        if (target_parse(bad[i], &migration, &arena, &diag))
            fail_msg("`%s` was accepted", bad[i]);
        assert_true(diag.failed);
        assert_true(diag.message[0] != '\0');
        arena_release(&arena);
    }
}

static void test_message_names_the_field(void **state)
{
    (void)state;
    Arena arena;
    Migration migration;
    Diag diag = {0};
    arena_init(&arena);
    assert_false(target_parse("Order.email?", &migration, &arena, &diag));
    assert_non_null(strstr(diag.message, "`email?`"));
    assert_non_null(strstr(diag.hint, "accessors are derived"));
    arena_release(&arena);
}

static void test_phases(void **state)
{
    (void)state;
    for (int i = 0; i < PHASE_COUNT; i++) {
        Phase phase;
        assert_true(phase_parse(str_of(phase_name((Phase)i)), &phase));
        assert_int_equal(phase, i);
    }
    Phase phase;
    assert_false(phase_parse(str_lit("dual"), &phase));
    assert_false(phase_parse((Str){0}, &phase));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_message_names_the_field),
        cmocka_unit_test(test_phases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
