/*
 * embedded_private.h: what the readers of names inside strings share. Only embedded*.c include it.
 */
#ifndef STRAGGLER_ANALYZE_EMBEDDED_PRIVATE_H
#define STRAGGLER_ANALYZE_EMBEDDED_PRIVATE_H

#include "analyze/access/access.h"

/* How surely a table's name is the model's: its known name, or a form of the model's own name. */
bool table_is_models(const Analysis *a, const TargetModel *model, Str table,
                     Confidence *confidence);

/* Names of tables and columns differ in nothing but case. */
bool embedded_same_name(Str a, Str b);

/* The text that a constant, member or variable holds, which stands for a table; or empty. */
Str table_constant(Analysis *a, FileId file, NodeId node);

typedef enum TableHint { TABLE_HINT_NONE, TABLE_HINT_MODEL, TABLE_HINT_OTHER } TableHint;

/*
 * What the spelling of an expression that stands for a table tells: `$this->users_table`,
 * `TABLE_USERS`, `{$prefix}users`, `table_name('users')`. OTHER: it is another class's table.
 */
TableHint table_hint(const Analysis *a, const TargetModel *model, Str spelled);

/* True when the text is a relation path, or a plain word where such are taken. */
bool embedded_check_path(Analysis *a, FileId file, NodeId node, Str path, uint32_t start);

/* "project.status" as data: the segment before the field is the model, or how one is reached. */
bool embedded_check_dotted(Analysis *a, FileId file, NodeId node, Str text, uint32_t start);

/* The owner of a dotted name, by the accesses that its last part can be. */
TypeSet embedded_owner_by_alias(Analysis *a, FileId file, NodeId node, Sym name, Str owner);

#endif
