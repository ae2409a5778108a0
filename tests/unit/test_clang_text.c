/*
 * What decides whether a unit is parsed at all. A wrong "no" loses accesses
 * without a trace, so every construct that must stay unsure has its line here;
 * the sure ones show that the tests can fail the other way.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "parse/clang_receiver.h"

#include <string.h>

static bool is_model(const void *context, Str name)
{
    (void)context;
    return str_eq_c(name, "session") || str_eq_c(name, "session_t") || str_eq_c(name, "SESSION");
}

static bool is_known(const void *context, Str name)
{
    (void)context;
    return str_eq_c(name, "window") || str_eq_c(name, "Window");
}

static bool is_macro(const void *context, Str name)
{
    (void)context;
    return str_eq_c(name, "SESSION") || str_eq_c(name, "current") || str_eq_c(name, "FIRST");
}

typedef struct Scene {
    CNames names;
    Names *syms;
} Scene;

static unsigned uses(const void *context, Str name)
{
    const Scene *scene = context;
    Sym sym = names_lookup(scene->syms, name);
    uint64_t *known = sym ? map_get(&scene->names.uses, sym) : NULL;
    return known ? (unsigned)*known : 0;
}

static bool receiver_is_other(const void *context, const CTokens *before)
{
    CScope scope = {uses, is_macro, is_model, context};
    return c_receiver_is_other(before, &scope);
}

/* Could `name` in this text be a member of session? */
static bool may(const char *text)
{
    Scene scene = {.syms = names_new()};
    CTypes types = {is_model, is_known, is_macro, NULL};
    c_names_read(&scene.names, str_of(text), scene.syms, &types);
    CAccessTest test = {.is_macro = is_macro, .is_other = receiver_is_other, .context = &scene};
    bool result = c_may_access(str_of(text), str_lit("name"), &test);
    c_names_release(&scene.names);
    names_free(scene.syms);
    return result;
}

#define SURE(text) if (may(text)) fail_msg("not ruled out: %s", text)
#define UNSURE(text) if (!may(text)) fail_msg("ruled out: %s", text)

static void test_declared_receivers(void **state)
{
    (void)state;
    SURE("struct window *w; int f() { return w->name; }");
    SURE("int f(struct window *w, int x) { return w->name; }");
    SURE("int f(int x, Window &w) { return w.name; }");
    SURE("struct window *a, *b; int f() { return b->name; }");
    SURE("struct window w[3]; int f() { return w[1].name; }");
    SURE("struct window *find(int); int f() { return find(1)->name; }");
    SURE("struct session; int f(struct session *s, struct window *w) { return w->name; }");
    SURE("struct session *find(const struct window *w) { w->name; }");
    UNSURE("struct session *s; int f() { return s->name; }");
    UNSURE("session_t s; int f() { return s->name; }");
    UNSURE("struct session *a, *b; int f() { return b->name; }");
    UNSURE("struct session *a = g(1, 2), *b; int f() { return b->name; }");
    UNSURE("struct session *find(int); int f() { return find(1)->name; }");
    UNSURE("struct session *(*get)(int); int f() { return get(1)->name; }");
    UNSURE("struct session s[3]; int f() { return s[1].name; }");
    UNSURE("std::vector<session>::iterator it; int f() { return it->name; }");
    UNSURE("struct window *s; int g(struct session *s) { return s->name; }");
}

static void test_unclear_receivers(void **state)
{
    (void)state;
    UNSURE("int f() { return nobody_declared_it->name; }");
    UNSURE("struct window *w; int f(void *p) { return ((struct session *)p)->name; }");
    UNSURE("struct window *w; int f() { return (w)->name; }");
    UNSURE("struct window *w; int f() { return FIRST(w)->name; }");
    UNSURE("struct window *current; int f() { return current->name; }");
    UNSURE("SESSION(x); struct window *y; int f() { return x->name; }");
    UNSURE("struct window *w; int g() { auto w = any(); return w->name; }");
    UNSURE("struct window *w; int g() { __auto_type w = any(); return w->name; }");
    UNSURE("struct window *w; int g() { typeof(any()) w; return w->name; }");
    UNSURE("struct window *w; template <class T> int g(T w) { return w.name; }");
    UNSURE("struct window *w; template <class T> int g(T &&w) { return w.name; }");
    UNSURE("struct window *w; int g(Ptr<Thing> w) { return w->name; }");
    UNSURE("struct window *w; int g(Unknown *w) { return w->name; }");
    UNSURE("struct window *w;\n#define DECLARE(T) T *w;\nint g() { return w->name; }");
    UNSURE("struct window *w;\n#define NAME(x) w->name\n");
}

static void test_designators(void **state)
{
    (void)state;
    SURE("struct window w = { .name = 1 };");
    SURE("struct window w = { .id = 3, .at = { 1, 2 }, .name = 1 };");
    SURE("struct window w[] = { { .name = 1 }, { .name = 2 } };");
    SURE("int f() { return g((struct window){ .name = 1 }); }");
    UNSURE("struct session s = { .name = 1 };");
    UNSURE("struct session s[] = { { .id = 2 }, { .name = 1 } };");
    UNSURE("int f() { return g((struct session){ .name = 1 }); }");
    UNSURE("struct window w = { .inner = { { .name = 1 } } };");
    UNSURE("struct window w = { name: 1 };");
    UNSURE("int f() { return g((SESSION){ .name = 1 }); }");
}

static void test_bare_words(void **state)
{
    (void)state;
    SURE("int name; int f(int name) { return g(name); }");
    SURE("/* s->name */ char *a = \"s->name\"; // s->name\n");
    SURE("char *a = R\"x(s->name)x\";");
    UNSURE("int f() { return offsetof(struct session, name); }");
    UNSURE("int f() { return MEMBER(s, name); }");
    UNSURE("int f() { return FIRST(g(name)); }");
}

static void check_defines(const char *text, bool expected)
{
    if (c_defines_type(str_of(text), str_lit("session")) != expected)
        fail_msg("%s: %s", expected ? "missed" : "wrong", text);
}

static void test_definitions(void **state)
{
    (void)state;
    check_defines("struct session { int x; };", true);
    check_defines("class EXPORT session final : public Base<int> {", true);
    check_defines("struct __attribute__((packed)) session {", true);
    check_defines("struct session __attribute__((packed)) {", true);
    check_defines("typedef struct { int x; } session;", true);
    check_defines("typedef struct { int x; } __attribute__((packed)) session;", true);
    check_defines("typedef struct tag session;", true);
    check_defines("using session = Other;", true);
    check_defines("void f() { } class session : public Base {", true);
    check_defines("void f() { } class Server::session : public Base {", true);
    check_defines("struct session;", false);
    check_defines("struct session *s;", false);
    check_defines("int f(struct session *s) {", false);
    check_defines("struct session *f(void) {", false);
    check_defines("struct session s = {", false);
    check_defines("void f() { } session = x;", false);
    check_defines("// struct session {", false);
}

static CMacro macro_of(const char *define, CDirectives *directives)
{
    c_directives(str_of(define), directives);
    assert_int_equal(directives->macros.count, 1);
    return directives->macros.items[0];
}

static void check_macro(const char *define, bool holds, bool plain)
{
    CDirectives directives = {0};
    CMacro macro = macro_of(define, &directives);
    if (c_macro_holds(&macro, str_lit("name")) != holds)
        fail_msg("holds: %s", define);
    if (c_macro_is_plain(&macro, is_macro, NULL) != plain)
        fail_msg("plain: %s", define);
    c_directives_release(&directives);
}

static void test_macros(void **state)
{
    (void)state;
    check_macro("#define GET(s) ((s)->name)\n", true, true);
    check_macro("#define GET(s, name) ((s)->name)\n", false, false);
    check_macro("#define GET(s) \"name\" /* name */\n", false, true);
    check_macro("#define GET(s) \\\n  f(s); \\\n  s->name\n", true, true);
    check_macro("#define MAKE(n) int n##_x\n", false, false);
    check_macro("#define CALL(n) FIRST(n)\n", false, false);
    check_macro("# define CHECK(a, b) check(__FILE__, a, b)\n", false, true);
}

static void test_conditions(void **state)
{
    (void)state;
    Str word = str_lit("name");
    assert_true(c_conditional_word(str_of("#if X\nname\n#endif\n"), word));
    assert_true(c_conditional_word(str_of("#ifndef G\n#define G\n#ifdef X\n#else\nname\n#endif\n#endif"),
                                   word));
    assert_false(c_conditional_word(str_of("#ifndef G\n#define G\nname\n#endif\n"), word));
    assert_false(c_conditional_word(str_of("#if X\n#endif\nname\n"), word));
    assert_false(c_conditional_word(str_of("#if X\n// name\n#endif\n"), word));
}

static void test_includes(void **state)
{
    (void)state;
    CDirectives directives = {0};
    c_directives(str_of("#include \"a.h\"\n# include <b/c.h> // x\n#include NAME\n#\n#if 0\n"
                        "#include_next <d.h>\n#endif\n\"#include <no>\"\n#include \"open\n"),
                 &directives);
    assert_int_equal(directives.includes.count, 5);
    assert_true(str_eq_c(directives.includes.items[0].name, "a.h"));
    assert_true(directives.includes.items[1].brackets);
    assert_true(directives.includes.items[2].computed);
    assert_true(str_eq_c(directives.includes.items[2].name, "NAME"));
    assert_true(str_eq_c(directives.includes.items[3].name, "d.h"));
    assert_true(directives.includes.items[4].computed);
    c_directives_release(&directives);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_declared_receivers), cmocka_unit_test(test_unclear_receivers),
        cmocka_unit_test(test_designators),        cmocka_unit_test(test_bare_words),
        cmocka_unit_test(test_definitions),        cmocka_unit_test(test_macros),
        cmocka_unit_test(test_conditions),         cmocka_unit_test(test_includes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
