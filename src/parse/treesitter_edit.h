/*
 * treesitter_edit.h: changes to the newest part of a tree of facts.
 *
 * Facts are appended in pre-order, but some grammars tell what a construct is
 * after its parts have been seen: `a, b int` names the type last. All changes
 * here touch a subtree that ends the array, so they cost its size and keep
 * pre-order. None is made when more than FACTS_EDIT_MAX facts would move.
 * Private to parse/.
 */
#ifndef STRAGGLER_PARSE_TREESITTER_EDIT_H
#define STRAGGLER_PARSE_TREESITTER_EDIT_H

#include "facts/fact.h"

enum { FACTS_EDIT_MAX = 4096 };

/* Removes everything from `id` on. `previous` is the sibling before `id`, or 0. */
void facts_truncate(FactBuilder *builder, NodeId id, NodeId previous);

/*
 * Replaces `id` (whose subtree ends the array) by its descendant `child`, which
 * takes id's role. Returns the new id, which is `id`.
 */
NodeId facts_hoist(FactBuilder *builder, NodeId id, NodeId previous, NodeId child);

/*
 * Puts a new fact of `kind` in the place of `id` (whose subtree ends the array)
 * and `id` below it, as ELEMENT. Returns the new id; that of `id` is one more.
 */
NodeId facts_wrap(FactBuilder *builder, NodeId id, NodeId previous, FactKind kind);

/* Removes the children of `id` (whose subtree ends the array) that `drop` picks. */
void facts_drop_children(FactBuilder *builder, NodeId id,
                         bool (*drop)(const Node *child, void *context), void *context);

/*
 * Finishes facts that one declaration made: the siblings from `first` to the end
 * of the array. TYPE, SOURCE and DECORATOR children that one has and another
 * lacks are copied; a TYPE below a sibling flagged COLLECTION is wrapped into
 * one, and the flag taken off.
 */
void facts_share(FactBuilder *builder, NodeId first, NodeId previous);

/*
 * Moves the subtree `from`, which ends the array, to be the only child of the
 * earlier leaf `to`; `previous` is from's sibling before it. Ids between them
 * change: facts_moved tells how. Returns false when nothing was moved.
 */
bool facts_move_below(FactBuilder *builder, NodeId to, NodeId from, NodeId previous);

/* The id that `id` has after [from, end) moved to stand right behind `to`. */
NodeId facts_moved(NodeId id, NodeId to, NodeId from, NodeId end);

#endif
