/* Which bodies are left out before parsing, and that nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "parse/frontend.h"
#include "parse/lowering.h"

#include <stdlib.h>
#include <string.h>

#define LONG_BODY "int a = 1; a += 2; a += 3; return a;"

typedef struct World {
    Names *names;
    Languages *languages;
    SkimWords words;
} World;

static int set_up(void **state)
{
    static World world;
    Diag diag = {0};
    world.names = names_new();
    world.languages = languages_new(world.names, &diag);
    for (size_t i = 0; world.languages && i < languages_count(world.languages); i++)
        language_prepare(world.languages, languages_at(world.languages, i), &diag);
    skim_words_add(&world.words, str_lit("email"), SKIM_WANTED);
    *state = &world;
    return diag.failed ? -1 : 0;
}

static int tear_down(void **state)
{
    World *world = *state;
    skim_words_release(&world->words);
    languages_free(world->languages);
    names_free(world->names);
    return 0;
}

/* What is left of `text`; the same text when nothing is cut. */
static void check(World *world, const char *language, const char *text, const char *expected)
{
    const Language *known = languages_named(world->languages, language);
    Arena arena;
    Skimmed left = {.host = str_of(text)};
    arena_init(&arena);
    bool cut = skim_text(&known->lowering->skim, str_of(text), &(SkimAsk){.words = &world->words},
                         &left, &arena);
    Str host = left.host;
    assert_int_equal(cut, strcmp(text, expected) != 0);
    if (host.length != strlen(expected) || memcmp(host.data, expected, host.length) != 0)
        fail_msg("left: %.*s", STR_ARG(host));
    for (size_t i = 0; cut && i < host.length; i++) {
        char byte = text[offset_map_source(&left.map, (uint32_t)i)];
        assert_true(byte == host.data[i] || host.data[i] == '\n' || host.data[i] == ' ');
    }
    arena_release(&arena);
}

static void check_same(World *world, const char *language, const char *text)
{
    check(world, language, text, text);
}

static void test_bodies(void **state)
{
    check(*state, "c", "int f(int x)\n{" LONG_BODY "}\nint g;", "int f(int x)\n{\n}\nint g;");
    check(*state, "c", "int f() {" LONG_BODY "} int g() {" LONG_BODY "(o.email); }",
          "int f() {\n} int g() {" LONG_BODY "(o.email); }");
    check(*state, "cpp", "class A { int f() const {" LONG_BODY "} int email; };",
          "class A { int f() const {\n} int email; };");
    check(*state, "go", "func (a A) F(x interface{}) string {" LONG_BODY "}\n",
          "func (a A) F(x interface{}) string {\n}\n");
    check(*state, "java", "class A { @X({1}) int f() throws E {" LONG_BODY "} }",
          "class A { @X({1}) int f() throws E {\n} }");
    check_same(*state, "c", "int f() { return 1; }");
    check_same(*state, "c", "int email(void) {" LONG_BODY "}");
    check_same(*state, "cpp", "struct A { int aaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbb; };");
    check_same(*state, "java", "class A { X x = new X() { int f;" LONG_BODY "}; }");
    check_same(*state, "ruby", "def f() {" LONG_BODY "} end");
}

static void test_opaque(void **state)
{
    check(*state, "c", "int f() { s = \"}\\\"\"; c = '}'; /* } email */" LONG_BODY "}",
          "int f() {\n}");
    check(*state, "cpp", "int f() { s = R\"x(\"})\")x\"; n = 1'000; // }\n" LONG_BODY "}",
          "int f() {\n}");
    check(*state, "go", "func f() { s := `}\\`; c := '}';" LONG_BODY "}", "func f() {\n}");
    check(*state, "java", "class A { int f() { s = \"\"\"\n}\"\n\"\"\";" LONG_BODY "} }",
          "class A { int f() {\n} }");
    check_same(*state, "c", "char *s = \"not closed;\nint f() {" LONG_BODY "}");
    check_same(*state, "c", "/* not closed\nint f() {" LONG_BODY "}");
    check_same(*state, "c", "int f() {" LONG_BODY);
}

static void test_strings(void **state)
{
    check(*state, "c", "int f() { log(\"the email of\");" LONG_BODY "}", "int f() {\n}");
    check_same(*state, "c", "int f() { log(\"email\");" LONG_BODY "}");
    check_same(*state, "c", "int f() { run(\"email = 1\");" LONG_BODY "}");
    check_same(*state, "c", "int f() { run(\"SELECT \" \"id, email\");" LONG_BODY "}");
}

static void test_directives(void **state)
{
    check_same(*state, "c", "int f() {\n#if A\n}\n#else\n" LONG_BODY "}\n#endif\n");
    check(*state, "c", "#define OPEN {\nint f() {" LONG_BODY "}", "#define OPEN {\nint f() {\n}");
}

/* What is cut inside of a body that is kept, and which other braces are. */
static void test_nested(void **state)
{
    check(*state, "c", "int f() { if (o.email) {" LONG_BODY "} else {" LONG_BODY "} }",
          "int f() { if (o.email) {" LONG_BODY "} else {\n} }");
    check(*state, "c", "int f() { do {" LONG_BODY "} while (o.email); }",
          "int f() { do {\n} while (o.email); }");
    check(*state, "c", "enum a { AAAAAAAAAAAAAAAA, BBBBBBBBBBBBBBBBBB };\nenum b { email };",
          "enum a {\n};\nenum b { email };");
    check(*state, "c", "int t[] = { 11111111111, 22222222222222, 333333333 };\nstruct s u = {.email = 1};",
          "int t[] = {\n};\nstruct s u = {.email = 1};");
    check(*state, "go", "func f() { if o.email == 1 {" LONG_BODY "} }",
          "func f() { if o.email == 1 {" LONG_BODY "} }");
}

static void test_comments(void **state)
{
    check(*state, "c", "int a; /* the email is what this comment speaks about */ int b;",
          "int a;   int b;");
    check(*state, "c", "int a; // the email is what this comment speaks about\nint b; /* short */",
          "int a;  \nint b; /* short */");
    check_same(*state, "c", "#define A /* the email is what this comment speaks about */ 1\n");
    check(*state, "c", "#define A 1 /* a comment that goes\n on { */\nint f() {" LONG_BODY "}",
          "#define A 1 /* a comment that goes\n on { */\nint f() {\n}");
}

/* Braces are paired branch by branch. */
static void test_branches(void **state)
{
    check(*state, "c", "int f() {\n#if A\nif (a) {\n#else\nif (b) {\n#endif\n" LONG_BODY "}}\nint g;",
          "int f() {\n}\nint g;");
    check(*state, "c", "int f() {\n#ifdef A\nif (a) {\n#endif\n" LONG_BODY
                       "\n#ifdef A\n}\n#endif\n}\nint g() {" LONG_BODY "}",
          "int f() {\n#ifdef A\nif (a) {\n#endif\n" LONG_BODY
          "\n#ifdef A\n}\n#endif\n}\nint g() {\n}");
    check(*state, "c", "#ifdef __cplusplus\nextern \"C\" {\n#endif\nint f() {" LONG_BODY "}",
          "#ifdef __cplusplus\nextern \"C\" {\n#endif\nint f() {\n}");
}

static void test_macros(void **state)
{
    World *world = *state;
    SkimWords words = {0};
    const SkimRules *rules = &languages_named(world->languages, "c")->lowering->skim;
    Str text = str_lit("#define TO(x) mail(MAIL(x))\n#define MAIL(x) \\\n  (x)->email\n"
                       "#define LIMIT 3\n#define NONE(x) (x)->name\n");
    skim_words_add(&words, str_lit("email"), SKIM_WANTED);
    assert_true(skim_words_follow(rules, text, &words));
    assert_true(skim_words_follow(rules, text, &words));
    assert_false(skim_words_follow(rules, text, &words));
    Skimmed left;
    Arena arena;
    arena_init(&arena);
    SkimAsk ask = {.words = &words};
    assert_true(skim_text(rules, str_lit("int f() { NONE(o);" LONG_BODY "}"), &ask, &left, &arena));
    assert_false(skim_text(rules, str_lit("int f() { TO(o);" LONG_BODY "}"), &ask, &left, &arena));
    arena_release(&arena);
    skim_words_release(&words);
}

/* What is left when an accessor counts only beside a word that leads to the model `Order`. */
static void check_paired(World *world, const char *language, const char *text, const char *expected)
{
    SkimWords words = {.paired = true}, all = world->words;
    skim_words_add(&words, str_lit("email"), SKIM_ACCESSOR);
    skim_words_add(&words, str_lit("Order"), SKIM_FAMILY);
    skim_words_add(&words, str_lit("parcel"), SKIM_REACHED);
    skim_words_add(&words, str_lit("lookup"), SKIM_CALLED);
    world->words = words;
    check(world, language, text, expected);
    world->words = all;
    skim_words_release(&words);
}

static void test_paired(void **state)
{
    static const char CUT[] = "int f() {\n}", OTHER[] = "int f() { mail(a->email);" LONG_BODY "}";
    static const char *const KEPT[] = {
        "int f(Order *o) { mail(o->email);" LONG_BODY "}",
        "int f() { mail(a->parcel->email);" LONG_BODY "}",
        "int f() { mail(lookup(1)->email);" LONG_BODY "}",
        "int f() { Order *o; if (o) { mail(o->email);" LONG_BODY "} }",
        "static Order *cur, *last;int f() { mail(last->email);" LONG_BODY "}",
        "static struct Order *\nnext(int a);int f() { mail(next(1)->email);" LONG_BODY "}",
        "typedef Order *handle;int f(handle h) { mail(h->email);" LONG_BODY "}",
    };
    check_paired(*state, "c", OTHER, CUT);
    check_paired(*state, "c", "int f() { int parcel = 1; lookup; mail(a->email);" LONG_BODY "}", CUT);
    check_paired(*state, "c", "int f() { Order *o; " LONG_BODY "}", CUT);
    for (size_t i = 0; i < sizeof KEPT / sizeof *KEPT; i++)
        check_paired(*state, "c", KEPT[i], KEPT[i]);
    check_paired(*state, "cpp", "class A : Order { int f() { return email;" LONG_BODY "} };",
                 "class A : Order { int f() { return email;" LONG_BODY "} };");
    check_paired(*state, "cpp", "class A : B { int f() { return email;" LONG_BODY "} };",
                 "class A : B { int f() {\n} };");
}

/* A text is idle when nothing that is left can be an access. */
static void test_idle(void **state)
{
    World *world = *state;
    SkimWords words = {.paired = true};
    Skimmed left;
    Arena arena;
    arena_init(&arena);
    skim_words_add(&words, str_lit("email"), SKIM_ACCESSOR);
    skim_words_add(&words, str_lit("Order"), SKIM_FAMILY);
    SkimAsk ask = {.words = &words};
    const SkimRules *rules = &languages_named(world->languages, "c")->lowering->skim;
    assert_true(skim_text(rules, str_lit("int email;"), &ask, &left, &arena) && left.idle);
    assert_false(skim_text(rules, str_lit("int a(Order *email);"), &ask, &left, &arena));
    words.paired = false;
    assert_false(skim_text(rules, str_lit("int email;"), &ask, &left, &arena));
    arena_release(&arena);
    skim_words_release(&words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),     cmocka_unit_test(test_opaque),
        cmocka_unit_test(test_strings),    cmocka_unit_test(test_directives),
        cmocka_unit_test(test_macros),      cmocka_unit_test(test_nested),
        cmocka_unit_test(test_comments),   cmocka_unit_test(test_branches),
        cmocka_unit_test(test_paired),     cmocka_unit_test(test_idle),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
