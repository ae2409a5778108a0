/*
 * The tree keeps its promises: pre-order, children in order, names of kinds,
 * roles and flags that read back as themselves.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "facts/fact.h"

#include <string.h>

typedef struct Tree {
    Arena arena;
    Names *names;
    Facts facts;
    FactBuilder builder;
} Tree;

static void tree_init(Tree *tree)
{
    *tree = (Tree){.names = names_new()};
    arena_init(&tree->arena);
    fact_builder_init(&tree->builder, &tree->facts, &tree->arena, tree->names);
}

static void tree_release(Tree *tree)
{
    arena_release(&tree->arena);
    names_free(tree->names);
}

/* order.update(email: e), the example of fact.h */
static NodeId build_example(Tree *tree)
{
    FactBuilder *b = &tree->builder;
    NodeId file = fact_add(b, 0, FACT_FILE, ROLE_NONE, 0, 22);
    NodeId call = fact_add(b, file, FACT_CALL, ROLE_NONE, 0, 22);
    tree->facts.nodes[call].name = names_intern_c(tree->names, "update");
    NodeId name = fact_add(b, call, FACT_NAME, ROLE_RECEIVER, 0, 5);
    tree->facts.nodes[name].name = names_intern_c(tree->names, "order");
    NodeId keyword = fact_add(b, call, FACT_KEYWORD, ROLE_ARGUMENT, 13, 21);
    tree->facts.nodes[keyword].name = names_intern_c(tree->names, "email");
    NodeId value = fact_add(b, keyword, FACT_NAME, ROLE_VALUE, 20, 21);
    tree->facts.nodes[value].flags = FLAG_INSTANCE | FLAG_SAFE;
    return call;
}

static void children_come_in_order(void **state)
{
    (void)state;
    Tree tree;
    tree_init(&tree);
    NodeId call = build_example(&tree);
    const Node *nodes = tree.facts.nodes;
    assert_int_equal(tree.facts.count, 6);
    assert_int_equal(nodes[1].kind, FACT_FILE);
    assert_int_equal(nodes[call].parent, 1);
    assert_int_equal(nodes[call].child, 3);
    assert_int_equal(nodes[3].next, 4);
    assert_int_equal(nodes[4].next, 0);
    assert_int_equal(nodes[4].child, 5);
    assert_int_equal(nodes[3].at, 0);
    assert_int_equal(nodes[3].at_end, 5);
    tree_release(&tree);
}

static void children_and_ancestors_are_found(void **state)
{
    (void)state;
    Tree tree;
    tree_init(&tree);
    NodeId call = build_example(&tree);
    assert_int_equal(fact_child(&tree.facts, call, ROLE_RECEIVER), 3);
    assert_int_equal(fact_child(&tree.facts, call, ROLE_ARGUMENT), 4);
    assert_int_equal(fact_child(&tree.facts, call, ROLE_BODY), 0);
    assert_int_equal(fact_ancestor(&tree.facts, 5, FACT_CALL), call);
    assert_int_equal(fact_ancestor(&tree.facts, 5, FACT_NAME), 0);
    assert_int_equal(fact_ancestor(&tree.facts, 5, FACT_CLASS), 0);
    tree_release(&tree);
}

static void the_dump_shows_everything(void **state)
{
    (void)state;
    Tree tree;
    tree_init(&tree);
    build_example(&tree);
    fact_add(&tree.builder, 1, FACT_RETURN, ROLE_NONE, 30, 36);
    StrBuf out = {0};
    fact_dump(&tree.facts, tree.names, &out);
    assert_string_equal(out.data, "file 0-22\n"
                                  "  call update 0-22\n"
                                  "    name order role=receiver 0-5\n"
                                  "    keyword email role=argument 13-21\n"
                                  "      name role=value instance safe 20-21\n"
                                  "  return 30-36\n");
    strbuf_release(&out);
    tree_release(&tree);
}

static void an_empty_tree_dumps_nothing(void **state)
{
    (void)state;
    Tree tree;
    tree_init(&tree);
    StrBuf out = {0};
    fact_dump(&tree.facts, tree.names, &out);
    assert_int_equal(out.length, 0);
    tree_release(&tree);
}

static void growing_keeps_nodes_and_counts_errors(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    Tree tree;
    tree_init(&tree);
    NodeId file = fact_add(&tree.builder, 0, FACT_FILE, ROLE_NONE, 0, COUNT);
    for (uint32_t i = 0; i < COUNT; i++)
        fact_add(&tree.builder, file, i % 10 ? FACT_NAME : FACT_ERROR, ROLE_NONE, i, i + 1);
    assert_int_equal(tree.facts.error_count, COUNT / 10);
    uint32_t seen = 0;
    for (NodeId c = tree.facts.nodes[file].child; c; c = tree.facts.nodes[c].next)
        assert_int_equal(tree.facts.nodes[c].start, seen++);
    assert_int_equal(seen, COUNT);
    tree_release(&tree);
}

static void deep_trees_are_walked(void **state)
{
    (void)state;
    Tree tree;
    tree_init(&tree);
    NodeId at = fact_add(&tree.builder, 0, FACT_FILE, ROLE_NONE, 0, 0);
    for (int i = 0; i < 3000; i++)
        at = fact_add(&tree.builder, at, FACT_GROUP, ROLE_NONE, 0, 0);
    StrBuf out = {0};
    fact_dump(&tree.facts, tree.names, &out);
    assert_true(str_ends(strbuf_str(&out), " group 0-0\n"));
    strbuf_release(&out);
    tree_release(&tree);
}

static void names_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < FACT_KIND_COUNT; i++) {
        FactKind kind = FACT_NONE;
        assert_true(fact_kind_parse(str_of(fact_kind_name((FactKind)i)), &kind));
        assert_int_equal(kind, i);
    }
    for (int i = 0; i < FACT_ROLE_COUNT; i++) {
        FactRole role = ROLE_NONE;
        assert_true(fact_role_parse(str_of(fact_role_name((FactRole)i)), &role));
        assert_int_equal(role, i);
    }
    uint32_t flag = 0;
    assert_true(fact_flag_parse(str_lit("keyword_only"), &flag));
    assert_int_equal(flag, FLAG_KEYWORD_ONLY);
    FactKind kind = FACT_NONE;
    assert_false(fact_kind_parse(str_lit("Class"), &kind));
    assert_false(fact_flag_parse(str_lit(""), &flag));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(children_come_in_order),
        cmocka_unit_test(children_and_ancestors_are_found),
        cmocka_unit_test(the_dump_shows_everything),
        cmocka_unit_test(an_empty_tree_dumps_nothing),
        cmocka_unit_test(growing_keeps_nodes_and_counts_errors),
        cmocka_unit_test(deep_trees_are_walked),
        cmocka_unit_test(names_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
