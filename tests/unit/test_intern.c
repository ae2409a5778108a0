/*
 * One number per name, also when many threads ask for the same names at once.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/intern.h"

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 8, NAMES = 20000 };

static void each_name_has_one_number(void **state)
{
    (void)state;
    Names *names = names_new();
    Sym email = names_intern(names, str_lit("email"));
    assert_int_not_equal(email, 0);
    assert_int_equal(names_intern_c(names, "email"), email);
    assert_int_not_equal(names_intern_c(names, "Email"), email);
    assert_true(str_eq_c(names_str(names, email), "email"));
    assert_string_equal(names_c(names, email), "email");
    names_free(names);
}

static void the_empty_name_is_zero(void **state)
{
    (void)state;
    Names *names = names_new();
    assert_int_equal(names_intern(names, str_lit("")), 0);
    assert_int_equal(names_intern(names, (Str){0}), 0);
    assert_int_equal(names_str(names, 0).length, 0);
    names_free(names);
}

static void lookup_adds_nothing(void **state)
{
    (void)state;
    Names *names = names_new();
    assert_int_equal(names_lookup(names, str_lit("email")), 0);
    assert_int_equal(names_lookup(names, str_lit("email")), 0);
    Sym email = names_intern_c(names, "email");
    assert_int_equal(names_lookup(names, str_lit("email")), email);
    names_free(names);
}

static void any_bytes_are_a_name(void **state)
{
    (void)state;
    Names *names = names_new();
    Sym with_nul = names_intern(names, (Str){"a\0b", 3});
    assert_int_not_equal(with_nul, names_intern_c(names, "a"));
    assert_int_equal(names_str(names, with_nul).length, 3);
    names_free(names);
}

typedef struct Job {
    Names *names;
    unsigned start;
    Sym syms[NAMES];
} Job;

static void *intern_all(void *argument)
{
    Job *job = argument;
    for (unsigned i = 0; i < NAMES; i++) {
        unsigned number = (i + job->start) % NAMES;
        char text[32];
        snprintf(text, sizeof text, "name_%u", number);
        job->syms[number] = names_intern_c(job->names, text);
    }
    return NULL;
}

static void threads_agree(void **state)
{
    (void)state;
    static Job jobs[THREADS];
    pthread_t threads[THREADS];
    Names *names = names_new();
    for (unsigned t = 0; t < THREADS; t++) {
        jobs[t].names = names;
        jobs[t].start = t * (NAMES / THREADS);
        assert_int_equal(pthread_create(&threads[t], NULL, intern_all, &jobs[t]), 0);
    }
    for (unsigned t = 0; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    for (unsigned i = 0; i < NAMES; i++) {
        char text[32];
        snprintf(text, sizeof text, "name_%u", i);
        assert_string_equal(names_c(names, jobs[0].syms[i]), text);
        for (unsigned t = 1; t < THREADS; t++)
            assert_int_equal(jobs[t].syms[i], jobs[0].syms[i]);
    }
    names_free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_name_has_one_number),
        cmocka_unit_test(the_empty_name_is_zero),
        cmocka_unit_test(lookup_adds_nothing),
        cmocka_unit_test(any_bytes_are_a_name),
        cmocka_unit_test(threads_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
