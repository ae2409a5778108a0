/* Templates of host code: what the host sees, and that every place maps back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "parse/template.h"

#include <stdlib.h>
#include <string.h>

typedef struct Converted {
    Arena arena;
    char *source; /* of exact size, so that ASan sees any byte read past the end */
    size_t length;
    Str host;
    OffsetMap map;
} Converted;

static void check_map(const Converted *converted)
{
    const OffsetMap *map = &converted->map;
    if (map->identity) {
        assert_int_equal(converted->host.length, converted->length);
        return;
    }
    for (size_t i = 0; i < map->count; i++) {
        const OffsetSegment *segment = &map->segments[i];
        assert_true(segment->source_start + segment->length <= converted->length);
        assert_true(segment->host_start + segment->length <= converted->host.length);
        assert_memory_equal(converted->host.data + segment->host_start,
                            converted->source + segment->source_start, segment->length);
        if (i) /* glue between any two, or both ends of a range could not be told apart */
            assert_true(segment[-1].host_start + segment[-1].length < segment->host_start);
    }
}

static void convert(Converted *converted, const char *kind, Str text)
{
    arena_init(&converted->arena);
    converted->source = mem_alloc(text.length ? text.length : 1);
    if (text.length)
        memcpy(converted->source, text.data, text.length);
    converted->length = text.length;
    assert_true(template_to_host(kind, (Str){converted->source, text.length}, &converted->host,
                                 &converted->map, &converted->arena));
    check_map(converted);
}

static void release(Converted *converted)
{
    arena_release(&converted->arena);
    free(converted->source);
}

/* Compares host code; runs of blanks count as one, and blank lines as none. */
static void expect(const char *kind, const char *template, const char *host)
{
    Converted converted;
    convert(&converted, kind, str_of(template));
    StrBuf found = {0};
    for (size_t at = 0; at < converted.host.length;) {
        size_t end = str_find_byte(converted.host, '\n', at);
        end = end == SIZE_MAX ? converted.host.length : end;
        Str line = str_trim(str_slice(converted.host, at, end));
        for (size_t i = 0; i < line.length; i++) {
            if (line.data[i] != ' ' || line.data[i - 1] != ' ')
                strbuf_add_byte(&found, line.data[i]);
        }
        if (line.length)
            strbuf_add_byte(&found, '\n');
        at = end + 1;
    }
    assert_string_equal(found.data ? found.data : "", host);
    strbuf_release(&found);
    release(&converted);
}

static void test_erb(void **state)
{
    (void)state;
    expect("erb", "<p><%= o.email %></p>", "o.email\n");
    expect("erb", "<% if o.paid? -%>x<%- else %><%== raw %><% end %>",
           "if o.paid?\nelse\nraw\nend\n");
    expect("erb", "<%= f_for o do |f| %><%= f.text :a %><% end %>",
           "f_for o do |f|\nf.text :a\nend\n");
    expect("erb", "<%# o.hidden %><%% o.literal %>a<%= b # why %>c<%= d %>",
           "b # why\nd\n");
    expect("erb", "<%=\n  a,\n  b\n%>", "a,\nb\n");
    expect("erb", "<% unclosed", "unclosed\n");
    expect("erb", "no code", "");
}

static void test_erb_keeps_places(void **state)
{
    (void)state;
    const char *template = "\xC3\xA9 <b>\r\n<%= o.email -%> <%= x %>\n";
    Converted converted;
    convert(&converted, "erb", str_of(template));
    size_t at = (size_t)(strstr(template, "email") - template);
    assert_memory_equal(converted.host.data + at, "email", 5);
    assert_int_equal(offset_map_source(&converted.map, (uint32_t)at), at);
    assert_int_equal(converted.host.data[strlen(template) - 1], '\n');
    release(&converted);
}

static void test_ejs(void **state)
{
    (void)state;
    expect("ejs", "<% if (o.paid) { %><%= o.email %><% } else { %><%- o.raw %><% } %>",
           "if (o.paid) {\no.email ;\n} else {\no.raw ;\n} ;\n");
    expect("ejs", "<%_ xs.forEach(function (x) { _%><%= x.a // why %><%_ }) _%>",
           "xs.forEach(function (x) {\nx.a // why ;\n}) ;\n");
    expect("ejs", "<%# hidden %>", "");
}

static void test_haml_tags(void **state)
{
    (void)state;
    expect("haml", "%p.a#b= o.email\n", "o.email\n");
    expect("haml", ".a{class: o.x,\n  title: \"#{o.y}}\"} text #{o.z} \\#{no}\n",
           "({class: o.x,\ntitle: \"#{o.y}}\"})\no.z\n");
    expect("haml", "%a{attributes(o), b}\n", "([attributes(o), b])\n");
    expect("haml", "%a(href=path(o) title=\"T #{o.t}\" x=@o.x y='z')/\n",
           "path(o)\no.t\n@o.x\n");
    expect("haml", "%li[o]<>= o.a\n%b!= o.c\n&= o.d\n~ o.e\n== t #{o.f}\n",
           "([o])\no.a\no.c\no.d\no.e\no.f\n");
    expect("haml", "!!! 5\n\\= not code\n/ a #{o.b}\n.5 is text\n", "o.b\n");
}

static void test_haml_blocks(void **state)
{
    (void)state;
    expect("haml", "- if a\n  = b\n- elsif c\n  x\n- else\n  = d\n= e\n",
           "if a\nb\nelsif c\nelse\nd\nend\ne\n");
    expect("haml", "- os.each do |o| # all\n  %p\n    = o.a\n.z\n",
           "os.each do |o| # all\no.a\nend\n");
    expect("haml", "- case a\n- when 1\n  = b\n- else\n  = c\n",
           "case a\nwhen 1\nb\nelse\nc\nend\n");
    expect("haml", "- case a\n  - when 1\n    = b\n= c\n", "case a\nwhen 1\nb\nend\nc\n");
    expect("haml", "%p= f_for o, a,\n  b do |f|\n  = f.x\n", "f_for o, a,\nb do |f|\nf.x\nend\n");
    expect("haml", "- x = if a\n  - b\n- c if d\n- if e then f end\n",
           "x = if a\nb\nend\nc if d\nif e then f end\n");
    expect("haml", "= f(a) + | \n  o.b |\n= c\n", "f(a) + o.b\nc\n");
}

static void test_haml_filters(void **state)
{
    (void)state;
    expect("haml", ":ruby\n  a = o.b\n  c\n:javascript\n  var x = #{o.js};\n  = no\n%p= d\n",
           "a = o.b\nc\no.js\nd\n");
    expect("haml", "-# o.a\n   = o.b\n= c\n", "c\n");
}

static void test_slim(void **state)
{
    (void)state;
    expect("slim", "doctype html\np.a#b title=o.t class=\"x #{o.c}\" = o.email\n",
           "o.t\no.c\no.email\n");
    expect("slim", "a[href=path(o, 1)\n  title=\"#{o.t}\"] text #{o.x}\n",
           "path(o, 1)\no.t\no.x\n");
    expect("slim", "ul\n  li: a href=o.url *o.rest text\n  li=> o.b\n",
           "o.url\no.rest\no.b\n");
    expect("slim", "- if a\n  | t #{b}\n    more #{c}\n- else\n  == d\n= e\n",
           "if a\nb\nc\nelse\nd\nend\ne\n");
    expect("slim", "ruby:\n  a = o.b\njavascript:\n  x(#{o.c});\n/ o.d\n  o.e\n/! #{o.f}\n",
           "a = o.b\no.c\no.f\n");
    expect("slim", "= f_for(o) {a: 1}do |f|\n  = f.x\n<b>#{o.y}</b>\n",
           "f_for(o) {a: 1}do |f|\nf.x\nend\no.y\n");
}

static void test_vue(void **state)
{
    (void)state;
    expect("vue",
           "<template><li v-for=\"(o, i) in os\" :key=\"o.id\" v-if='o.a'>{{ o.b }}</li>"
           "{{ c }}</template>\n<script setup lang=\"ts\">const x = y.z</script>"
           "<style>.a { b }</style>",
           "const x = y.z\n;\nfor (const o of (os)) {\n(o.id);\n(o.a);\n( o.b );\n}\n( c );\n");
    expect("vue", "<p @click=\"o.x = 1; f()\" v-model=\"o.y\" #s=\"{ a }\" id=\"b\"/>",
           "o.x = 1; f();\no.y = $event;\n");
    expect("vue", "<x v-for=\"{ id } of f(a, ' in ')\"><br></x><!-- {{ no }} -->",
           "for (const { id } of (f(a, ' in '))) {\n}\n");
    expect("vue", "<a v-for=\"x in xs\"><b v-for=\"y in x.ys\"></a>",
           "for (const x of (xs)) {\nfor (const y of (x.ys)) {\n}\n}\n");
}

static void test_svelte(void **state)
{
    (void)state;
    expect("svelte", "<script>let os;</script>{#each os as o, i (o.id)}{o.a}{:else}b{/each}",
           "let os;\n;\nfor (const o of ( os)) {\n(o.a);\n} {\n}\n");
    expect("svelte", "{#if a.b}{c}{:else if d.e}{@html f}{:else}{@const g = h}{/if}",
           "if ( a.b) {\n(c);\n} else if (d.e) {\n( f);\n} else {\nconst g = h;\n}\n");
    expect("svelte", "<p class=\"a {o.b}\" bind:value={o.c} on:click={() => f(o)} {...r} {s}>",
           "(o.b);\no.c = $$value;\n(() => f(o));\n([...r]);\n(s);\n");
    expect("svelte", "{#await p then v}{v.x}{/await}{#snippet f(a)}{a.b}{/snippet}",
           "{ ( p);\n(v.x);\n}\nfunction f(a) {\n(a.b);\n}\n");
}

static void test_map(void **state)
{
    (void)state;
    const char *template = "%p{a: o.b}\n  text #{o.email}\n";
    Converted converted;
    convert(&converted, "haml", str_of(template));
    const char *host = strstr(converted.host.data, "email");
    uint32_t start = (uint32_t)(host - converted.host.data);
    size_t wanted = (size_t)(strstr(template, "email") - template);
    assert_int_equal(offset_map_source(&converted.map, start), wanted);
    assert_int_equal(offset_map_source(&converted.map, start + 5), wanted + 5);
    assert_int_equal(offset_map_source(&converted.map, 0), 0); /* the glue "(" */
    assert_true(offset_map_source(&converted.map, UINT32_MAX) <= strlen(template));
    release(&converted);
}

static const char *const KINDS[] = {"erb", "ejs", "haml", "slim", "vue", "svelte"};
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

static void convert_all(Str text)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        Converted converted;
        convert(&converted, KINDS[i], text);
        release(&converted);
    }
}

static void test_hostile(void **state)
{
    (void)state;
    static const char *const BROKEN[] = {
        "", "\n", "<%", "<%=", "<%>", "<%%", "<%#", "<%-", "%>", "<% -%", "a<%", "%", "%p",
        "%p{", "%p{a: \"", "%p(", "%p(a=", "%p(a='", "%p[", "%p=", "=", "-", ":", ":ruby",
        ":x\n  #{", "#{", "#{}", "#{a", ".a{b: c", "- a |", "- a,", "- a \\", "p[", "p a=",
        "p a=\"", "p *", "/", "|", "'", "li:", "li:\n", "ruby:", "a[b=", "<", "</", "<a", "<a b",
        "<a b=", "<a b=\"", "<a :b=\"", "<x v-for=\"", "<x v-for=\" in \">",
        "<x v-for=\"( in a\">", "{{", "{{ a", "<!--", "<script", "<script>", "<style>", "{",
        "{#each", "{#each a}", "{/each}", "{:else}", "{@", "{}", "{...}", "<a {b", "<a b={c",
        "- if a\n- else\n- else\n", "  - if a\n - else\n- else", "- end",
    };
    for (size_t i = 0; i < sizeof BROKEN / sizeof *BROKEN; i++)
        convert_all(str_of(BROKEN[i]));
    convert_all((Str){"%p\0= a\0\n<%= \0 %>{{ \0 }}\0", 24});
    Arena arena;
    arena_init(&arena);
    Str host;
    OffsetMap map;
    assert_false(template_to_host("mustache", str_lit("a"), &host, &map, &arena));
    assert_false(template_kind_known("mustache"));
    assert_true(template_kind_known("haml"));
    arena_release(&arena);
}

/* Each part many times over: must end soon, whatever is left open. */
static void test_deep(void **state)
{
    (void)state;
    static const char *const PARTS[] = {"<%=", "<% a %>", "%p{", "%p{'\\'{", "- if a\n ", "{'\\'{",
                                        "<a v-for=\"a in b\">", "{#if a}", "{{", "a[", "#{", "<!--",
                                        "<script ", "p: "};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        StrBuf text = {0};
        for (int n = 0; n < 20000; n++)
            strbuf_add_c(&text, PARTS[i]);
        convert_all(strbuf_str(&text));
        strbuf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_erb),         cmocka_unit_test(test_erb_keeps_places),
        cmocka_unit_test(test_ejs),         cmocka_unit_test(test_haml_tags),
        cmocka_unit_test(test_haml_blocks), cmocka_unit_test(test_haml_filters),
        cmocka_unit_test(test_slim),        cmocka_unit_test(test_vue),
        cmocka_unit_test(test_svelte),      cmocka_unit_test(test_map),
        cmocka_unit_test(test_hostile),     cmocka_unit_test(test_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
