/*
 * facts_text.h: facts as one line, for tests of front ends.
 *
 *     (file (call upper (member:argument email (name:receiver o))))
 *
 * kind, ":role" when it has one, name, children.
 */
#ifndef STRAGGLER_TESTS_FACTS_TEXT_H
#define STRAGGLER_TESTS_FACTS_TEXT_H

#include "facts/fact.h"

static inline void facts_text_open(const Facts *facts, const Names *names, NodeId id, StrBuf *out)
{
    const Node *node = &facts->nodes[id];
    if (out->length)
        strbuf_add_byte(out, ' ');
    strbuf_printf(out, "(%s", fact_kind_name((FactKind)node->kind));
    if (node->role)
        strbuf_printf(out, ":%s", fact_role_name((FactRole)node->role));
    if (node->name)
        strbuf_printf(out, " %s", names_c(names, node->name));
}

static inline void facts_text(const Facts *facts, const Names *names, StrBuf *out)
{
    for (NodeId id = 1; id;) {
        facts_text_open(facts, names, id, out);
        if (facts->nodes[id].child) {
            id = facts->nodes[id].child;
            continue;
        }
        strbuf_add_byte(out, ')');
        while (id && !facts->nodes[id].next) {
            id = facts->nodes[id].parent;
            if (id)
                strbuf_add_byte(out, ')');
        }
        id = facts->nodes[id].next;
    }
}

/* Checks what all facts promise of places: in the file, in the parent, in order. */
static inline void facts_check_places(const Facts *facts, size_t length)
{
    for (NodeId id = 1; id < facts->count; id++) {
        const Node *node = &facts->nodes[id], *parent = &facts->nodes[node->parent];
        assert_true(node->start <= node->end && node->end <= length);
        assert_true(node->at <= node->at_end && node->start <= node->at);
        assert_true(node->at_end <= node->end);
        if (id > 1) {
            assert_true(node->parent < id);
            assert_true(parent->start <= node->start && node->end <= parent->end);
        }
    }
}

#endif
