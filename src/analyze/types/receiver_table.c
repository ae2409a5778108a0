/*
 * Whose a table is, by its name. A table that is nobody's is nobody's: its
 * columns are no fields of the models around. One whose name ends like a
 * model's table may be that model's with a prefix, which is sure only when the
 * prefix is the model's namespace.
 */
#include "analyze/types/receiver_private.h"

#include "analyze/program/naming.h"

/* Does the table's name say the namespace that its class is in? "spree_" of Spree::Order. */
static bool is_namespace(const Program *program, const Class *class, Str prefix)
{
    Str qualified = names_str(program->names, class->qualified);
    Str last = names_str(program->names, class->name);
    StrBuf snake = {0};
    for (size_t at = 0; at < qualified.length - last.length;) {
        Str rest = str_slice(qualified, at, qualified.length);
        Str part = str_slice(rest, 0, str_find(rest, str_lit("::"), 0));
        name_snake(part, &snake);
        strbuf_add_byte(&snake, '_');
        at += part.length + 2;
    }
    bool same = str_eq(strbuf_str(&snake), prefix);
    strbuf_release(&snake);
    return same;
}

/* The class whose table's name is `table` without a prefix; *sure when that is its namespace. */
static ClassId prefixed_table(const Program *program, Str table, bool *sure)
{
    ClassId found = 0;
    for (size_t at = str_find_byte(table, '_', 0); at != SIZE_MAX && !found;
         at = str_find_byte(table, '_', at + 1)) {
        Sym rest = names_lookup(program->names, str_slice(table, at + 1, table.length));
        uint64_t *id = rest ? map_get(&program->classes_by_table, rest) : NULL;
        found = id ? (ClassId)*id : 0;
        *sure = found && is_namespace(program, program->classes.items[found],
                                      str_slice(table, 0, at + 1));
    }
    return found;
}

/* A table that no class is known to have: nobody's (OTHER), or unknown when it may have a prefix. */
static TypeSet unknown_table(Resolver *r, FileId file, NodeId argument, Str table)
{
    bool sure = false;
    ClassId found = prefixed_table(r->program, table, &sure);
    TypeSet set = {0};
    if (!found)
        typeset_add(&set, (Type){.shape = SHAPE_OTHER});
    else if (sure)
        typeset_add(&set, (Type){.shape = SHAPE_INSTANCE,
                                 .class_id = found,
                                 .reason = resolver_reason(r, file, argument, NULL, 0)});
    return set;
}

TypeSet resolver_table(Resolver *r, FileId file, NodeId argument)
{
    TypeSet set = {0};
    Str spelled = callsite_spelled(r->program, file, argument);
    Sym table = spelled.length ? names_lookup(r->program->names, name_last(spelled)) : 0;
    uint64_t *class_id = table ? map_get(&r->program->classes_by_table, table) : NULL;
    if (class_id)
        typeset_add(&set, (Type){.shape = SHAPE_INSTANCE,
                                 .class_id = (ClassId)*class_id,
                                 .reason = resolver_reason(r, file, argument, NULL, 0)});
    else if (spelled.length)
        set = unknown_table(r, file, argument, name_last(spelled));
    return set;
}
