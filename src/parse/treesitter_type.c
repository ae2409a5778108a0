/*
 * Types are lowered as far as receivers need them: which class, whether a
 * collection of it, whether it may be absent. What a constructor's name means
 * (List, Optional, Promise) is data. Where a grammar gives no structure to types
 * (Python's annotations are expressions, or strings) their text is read here:
 * dotted names, [...] and |; everything else is skipped. One pass, no recursion.
 */
#include "parse/treesitter_edit.h"
#include "parse/treesitter_walk.h"

#include <string.h>

enum { LEVELS_MAX = 32 };

static TypeRule rule_of(const Walk *walk, Sym name)
{
    Str text = names_str(walk->names, name);
    size_t start = text.length;
    while (start && byte_is_word((unsigned char)text.data[start - 1]))
        start--;
    Sym last = start ? names_lookup(walk->names, str_slice(text, start, text.length)) : name;
    const uint64_t *rule = last ? map_get(&walk->lowering->type_rules, last) : NULL;
    return rule ? (TypeRule)*rule : TYPE_RULE_NONE;
}

static bool is_absent(const Node *child, void *context)
{
    return child->kind == FACT_TYPE && rule_of(context, child->name) == TYPE_RULE_NULL;
}

/* `A | None` is A or nothing; other unions keep their members. */
static void finish_union(Walk *walk, NodeId id, NodeId previous)
{
    walk_node(walk, id)->name = 0;
    bool absent = false;
    for (NodeId c = walk_node(walk, id)->child; c; c = walk_node(walk, c)->next)
        absent |= is_absent(walk_node(walk, c), walk);
    if (!absent)
        return;
    facts_drop_children(&walk->builder, id, is_absent, walk);
    NodeId only = walk_node(walk, id)->child;
    if (only && !walk_node(walk, only)->next)
        id = facts_hoist(&walk->builder, id, previous, only);
    walk_node(walk, id)->flags |= FLAG_NULLABLE;
}

/* What a wrapper says of the type that it wraps. */
static uint32_t flag_of(TypeRule rule)
{
    if (rule == TYPE_RULE_NULLABLE)
        return FLAG_NULLABLE;
    return rule == TYPE_RULE_CLASS ? FLAG_STATIC : 0;
}

void type_finish(Walk *walk, NodeId id, NodeId previous)
{
    Node *node = walk_node(walk, id);
    if (!node->name)
        return;
    NodeId element = fact_child(walk->builder.facts, id, ROLE_ELEMENT);
    TypeRule rule = rule_of(walk, node->name);
    const uint64_t *self = element ? NULL : map_get(&walk->lowering->self_names, node->name);
    if (self) {
        node->kind = (uint8_t)*self;
        return;
    }
    if (element && (rule == TYPE_RULE_UNION || str_eq_c(names_str(walk->names, node->name), "|"))) {
        finish_union(walk, id, previous);
        return;
    }
    bool first_speaks = rule == TYPE_RULE_TRANSPARENT || rule == TYPE_RULE_NULLABLE ||
                        rule == TYPE_RULE_CLASS;
    if (rule == TYPE_RULE_COLLECTION)
        node->flags |= FLAG_COLLECTION;
    else if (rule == TYPE_RULE_INFERRED && !element)
        facts_truncate(&walk->builder, id, previous);
    else if (element && first_speaks)
        walk_node(walk, facts_hoist(&walk->builder, id, previous, element))->flags |= flag_of(rule);
}

/* One nesting of brackets: the items read so far in it. */
typedef struct Level {
    NodeId parent;
    FactRole role;
    NodeId item, item_previous;   /* the type being read */
    NodeId unite, unite_previous; /* the union it is in */
} Level;

static void finish_item(Walk *walk, Level *level)
{
    if (level->item)
        type_finish(walk, level->item, level->item_previous);
    level->item = 0;
}

static void finish_level(Walk *walk, Level *level)
{
    finish_item(walk, level);
    if (level->unite)
        type_finish(walk, level->unite, level->unite_previous);
    level->unite = 0;
}

static void begin_union(Walk *walk, Level *level)
{
    NodeId item = level->item;
    NodeId previous = level->item_previous;
    finish_item(walk, level);
    if (level->unite || !item || walk->builder.facts->count <= item)
        return;
    level->unite = facts_wrap(&walk->builder, item, previous, FACT_TYPE);
    level->unite_previous = previous;
    walk_node(walk, level->unite)->name = names_intern_c(walk->names, "|");
}

static uint32_t read_item(Walk *walk, Level *level, uint32_t start, uint32_t end)
{
    uint32_t at = start;
    while (at < end && (byte_is_word((unsigned char)walk->text.data[at]) ||
                        walk->text.data[at] == '.'))
        at++;
    finish_item(walk, level);
    NodeId parent = level->unite ? level->unite : level->parent;
    level->item_previous = walk->builder.last_child[parent];
    level->item = walk_add(walk, parent, FACT_TYPE, level->unite ? ROLE_ELEMENT : level->role,
                           start, at);
    walk_node(walk, level->item)->name =
        names_intern(walk->names, str_slice(walk->text, start, at));
    return at;
}

void type_read_text(Walk *walk, NodeId parent, FactRole role, uint32_t start, uint32_t end)
{
    Level levels[LEVELS_MAX] = {{.parent = parent, .role = role}};
    size_t depth = 0;
    for (uint32_t at = start; at < end;) {
        Level *level = &levels[depth];
        char byte = walk->text.data[at];
        if (byte_is_word((unsigned char)byte)) {
            at = read_item(walk, level, at, end);
            continue;
        }
        at++;
        if (byte == '[') {
            if (depth + 1 == LEVELS_MAX)
                break;
            levels[++depth] = (Level){.parent = level->item ? level->item : level->parent,
                                      .role = ROLE_ELEMENT};
        } else if (byte == ']' && depth) {
            finish_level(walk, level);
            depth--;
        } else if (byte == ',') {
            finish_level(walk, level);
        } else if (byte == '|') {
            begin_union(walk, level);
        }
    }
    for (size_t i = depth + 1; i-- > 0;)
        finish_level(walk, &levels[i]);
}
