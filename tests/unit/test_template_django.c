/* Django and Jinja templates: facts, places, hostile input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts_text.h"
#include "parse/template_django.h"

#include <stdlib.h>
#include <string.h>

typedef struct Parsed {
    Names *names;
    Arena arena;
    Facts facts;
    StrBuf text;
} Parsed;

/* Parses a copy of exact size, so that ASan sees any byte read past the end. */
static void parse(Parsed *parsed, Str text)
{
    parsed->names = names_new();
    arena_init(&parsed->arena);
    parsed->text = (StrBuf){0};
    char *copy = mem_alloc(text.length ? text.length : 1);
    if (text.length)
        memcpy(copy, text.data, text.length);
    assert_int_equal(django_frontend_parse(parsed->names, (Str){copy, text.length},
                                           &parsed->facts, &parsed->arena),
                     PARSE_OK);
    facts_check_places(&parsed->facts, text.length);
    facts_text(&parsed->facts, parsed->names, &parsed->text);
    for (NodeId id = 2; id < parsed->facts.count; id++) {
        const Node *node = &parsed->facts.nodes[id];
        assert_true(node->flags & FLAG_TEMPLATE);
        if (node->name) {
            Str place = str_slice((Str){copy, text.length}, node->at, node->at_end);
            assert_true(str_eq(place, names_str(parsed->names, node->name)));
        }
    }
    free(copy);
}

static void release(Parsed *parsed)
{
    strbuf_release(&parsed->text);
    arena_release(&parsed->arena);
    names_free(parsed->names);
}

static void expect(const char *template, const char *facts)
{
    Parsed parsed;
    parse(&parsed, str_of(template));
    StrBuf wanted = {0};
    strbuf_printf(&wanted, *facts ? "(file %s)" : "(file%s)", facts);
    assert_string_equal(parsed.text.data, wanted.data);
    strbuf_release(&wanted);
    release(&parsed);
}

static void test_output(void **state)
{
    (void)state;
    expect("plain {text} }} %}", "");
    expect("{{ order.email }}", "(member email (name:receiver order))");
    expect("{{o.email|upper}}", "(call upper (member:argument email (name:receiver o)))");
    expect("{{ a|default:o.email|f:'x' }}",
           "(call f (call:argument default (name:argument a) (member:argument email "
           "(name:receiver o))) (string:argument x))");
    expect("{{ o.get_email() }}", "(call get_email (name:receiver o))");
    expect("{{ o['email'] }}", "(element (name:receiver o) (string:index email))");
    expect("{{ o.items.0.name }}",
           "(member name (element:receiver (member:receiver items (name:receiver o)) "
           "(literal:index)))");
    expect("{{ f(a, k=o.b) }}", "(call f (name:argument a) (keyword:argument k (member:value b "
                                "(name:receiver o))))");
    expect("{{ _('x') }}", "(call _ (string:argument x))");
    expect("{{ xs|join(', ')|f }}",
           "(call f (call:argument join (name:argument xs) (string:argument , )))");
}

static void test_operators(void **state)
{
    (void)state;
    expect("{{ a + b * c }}",
           "(binary + (name:left a) (binary:right * (name:left b) (name:right c)))");
    expect("{{ (a + b) * c }}",
           "(binary * (binary:left + (name:left a) (name:right b)) (name:right c))");
    expect("{{ a if b else c }}", "(choice (name:then a) (name:condition b) (name:else c))");
    expect("{{ b ? a : c }}", "(choice (name:condition b) (name:then a) (name:else c))");
    expect("{{ not a.b and c }}",
           "(binary and (unary:left not (member:value b (name:receiver a))) (name:right c))");
    expect("{{ a not in b }}", "(binary not in (name:left a) (name:right b))");
    expect("{{ a is not none }}", "(binary is not (name:left a) (literal:right))");
    expect("{{ (a, ) }}", "(list (name:element a))");
    expect("{{ [a, (b, 1)] }}", "(list (name:element a) (list:element (name:element b) "
                                "(literal:element)))");
    expect("{{ {'k': a.b, x: 1} }}",
           "(map (pair:element k (member:value b (name:receiver a))) (pair:element x "
           "(literal:value)))");
    expect("{{ a ~ 'b' ~ c|f }}", "(binary ~ (binary:left ~ (name:left a) (string:right b)) "
                                  "(call:right f (name:argument c)))");
}

static void test_branches(void **state)
{
    (void)state;
    expect("{% if o.a %}{{ b }}{% elif o.c %}{{ d }}{% else %}{{ e }}{% endif %}{{ f }}",
           "(if (member:condition a (name:receiver o)) (block:then (name b)) (block:else "
           "(if (member:condition c (name:receiver o)) (block:then (name d)) (block:else "
           "(name e))))) (name f)");
    expect("{% for o in os %}{{ o.a }}{% empty %}{{ b }}{% endfor %}",
           "(each (name:target o) (name:source os) (block:body (member a (name:receiver o))) "
           "(block:else (name b)))");
    expect("{% for k, v in d.items() if v.x recursive %}{{ v }}{%- endfor -%}",
           "(each (list:target (name:element k) (name:element v)) (call:source items "
           "(name:receiver d)) (block:body (if (member:condition x (name:receiver v))) "
           "(name v)))");
    expect("{% ifchanged o.a %}{% else %}{{ b }}{% endifchanged %}",
           "(if (member:condition a (name:receiver o)) (block:then) (block:else (name b)))");
}

static void test_bindings(void **state)
{
    (void)state;
    expect("{% with a=b.c d=e %}{{ a }}{% endwith %}{{ z }}",
           "(block (variable a (member:value c (name:receiver b))) (variable d (name:value e)) "
           "(name a)) (name z)");
    expect("{% with b.c as a %}{% endwith %}",
           "(block (variable a (member:value c (name:receiver b))))");
    expect("{% set x = y.z %}",
           "(assign (name:target x) (member:value z (name:receiver y)))");
    expect("{% set x, y = a, b %}", "(assign (list:target (name:element x) (name:element y)) "
                                    "(list:value (name:element a) (name:element b)))");
    expect("{% macro f(x, y=o.d) %}{{ x }}{% endmacro %}",
           "(function f (param:param x) (param:param y (member:value d (name:receiver o))) "
           "(block:body (name x)))");
    expect("{% blocktrans with q=o.r count n=o.l %}{{ q }}{% plural %}{% endblocktrans %}",
           "(block (variable q (member:value r (name:receiver o))) (variable n (member:value l "
           "(name:receiver o))) (name q))");
    expect("{% trans u=o.r %}{{ u }}{% endtrans %}{% trans 'x' %}",
           "(block (variable u (member:value r (name:receiver o))) (name u)) "
           "(call trans (string:argument x))");
}

static void test_tags(void **state)
{
    (void)state;
    expect("{% include 'x.html' with a=b.c only %}",
           "(call include (string:argument x.html) (keyword:argument a (member:value c "
           "(name:receiver b))))");
    expect("{% url 'x' o.pk k=o.q as l %}{{ l }}",
           "(variable l (call:value url (string:argument x) (member:argument pk "
           "(name:receiver o)) (keyword:argument k (member:value q (name:receiver o))))) "
           "(name l)");
    expect("{% regroup xs by a.b as ys %}",
           "(variable ys (call:value regroup (name:argument xs) (string:argument a.b)))");
    expect("{% load a b %}{% block email %}{% endblock email %}{% csrf_token %}", "");
    expect("{% extends 'b.html' %}", "(call extends (string:argument b.html))");
    expect("{% from 'x' import email %}", "(call from (string:argument x))");
    expect("{% call(u) f(o.a) %}{% endcall %}",
           "(call f (member:argument a (name:receiver o)))");
}

static void test_not_code(void **state)
{
    (void)state;
    expect("{# o.a #}{#- {{ o.b }}\n{{ o.c }} -#}", "");
    expect("{% comment 'why' %}{{ o.a }}{% if %}{% endcomment %}{{ b }}", "(name b)");
    expect("{% raw %}{{ o.a }}{% endraw %}{% verbatim x %}{{ a }}{% endverbatim %}", "");
    expect("a{#id{color:red}\n{{ b }} #}", "(name b)"); /* a style sheet, not a comment */
    expect("{{ '}}' }}{{ \"%}\" ~ a }}", "(string }}) (binary ~ (string:left %}) (name:right a))");
}

static void test_hostile(void **state)
{
    (void)state;
    static const char *const BROKEN[] = {
        "{{", "{%", "{#", "{", "{{ ", "{{ a", "{{ a. }}", "{{ .a }}", "{{ a| }}", "{{ a|b: }}",
        "{{ (a }}", "{{ a) }}", "{{ 'x }}", "{% if %}", "{% endif %}", "{% else %}{% elif a %}",
        "{% for %}", "{% for in %}", "{% for x %}", "{% with %}", "{% with a= %}", "{% set %}",
        "{% set = %}", "{% macro %}", "{% macro 'x' %}", "{% call( %}", "{% x as %}",
        "{% regroup a by %}", "{% %}", "{%%}", "{{}}", "{{ a b c }}", "{{ a = b }}", "{{ : }}",
        "{{ a ? b }}", "{{ not }}", "{{ {a: } }}", "{{ [,] }}", "{{ f(,) }}", "{{ a[ }}",
        "{{-}}", "{%-%}", "{{ a if }}", "{{ a else b }}", "{{ \\ }}", "{{ '\\", "{{ !}}", "{{ it's }}\n'", "{#x", "{# x",
    };
    for (size_t i = 0; i < sizeof BROKEN / sizeof *BROKEN; i++) {
        Parsed parsed;
        parse(&parsed, str_of(BROKEN[i]));
        release(&parsed);
    }
    Parsed parsed;
    parse(&parsed, (Str){"{{ a\0b.c }}\0{{ d }}", 19});
    assert_non_null(strstr(parsed.text.data, "(name d)"));
    release(&parsed);
}

static void test_deep(void **state)
{
    (void)state;
    static const char *const PARTS[] = {"{% if a %}", "{% if a %}{% elif b %}", "{{", "{{ (",
                                        "{{ (((((((", "{#x\n",  "{% for a in b %}{{ c }}",
                                        "{{ '{' ", "{% with a=b %}", "{{ a|b(", "{# "};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        StrBuf text = {0};
        for (int n = 0; n < 20000; n++)
            strbuf_add_c(&text, PARTS[i]);
        strbuf_add_c(&text, "{{ x.last }}");
        Parsed parsed;
        parse(&parsed, strbuf_str(&text));
        release(&parsed);
        strbuf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_output),   cmocka_unit_test(test_operators),
        cmocka_unit_test(test_branches), cmocka_unit_test(test_bindings),
        cmocka_unit_test(test_tags),     cmocka_unit_test(test_not_code),
        cmocka_unit_test(test_hostile),  cmocka_unit_test(test_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
