/*
 * The lines of supertypes. Every question walks them breadth first in a queue of
 * bounded length that holds each class once, so that classes which inherit from
 * each other in a circle, and hostile depths, end. No answer is kept: lines are
 * short, and links change between rounds.
 */
#include "analyze/program/program.h"

#include "analyze/program/naming.h"

enum { LONGEST_LINE = 64 };

/* Adds the linked supertypes of `class` that are not in the line yet; gives the line's new length. */
static size_t add_supers(const Class *class, ClassId *line, size_t count, size_t max)
{
    for (size_t s = 0; s < class->supers.count && count < max; s++) {
        ClassId super = class->supers.items[s].class_id;
        bool seen = !super;
        for (size_t i = 0; i < count && !seen; i++)
            seen = line[i] == super;
        if (!seen)
            line[count++] = super;
    }
    return count;
}

MemberId program_member(const Program *program, ClassId class_id, Sym name)
{
    ClassId line[LONGEST_LINE] = {class_id};
    size_t count = class_id != 0;
    for (size_t i = 0; i < count; i++) {
        const Class *class = program->classes.items[line[i]];
        uint64_t *found = map_get(&class->members, name);
        if (found)
            return (MemberId)*found;
        count = add_supers(class, line, count, LONGEST_LINE);
    }
    return 0;
}

bool program_is_a(const Program *program, ClassId sub, ClassId super)
{
    ClassId line[LONGEST_LINE] = {sub};
    size_t count = sub && super;
    for (size_t i = 0; i < count; i++) {
        if (line[i] == super)
            return true;
        count = add_supers(program->classes.items[line[i]], line, count, LONGEST_LINE);
    }
    return false;
}

size_t program_ancestors(const Program *program, ClassId class_id, ClassId *out, size_t max)
{
    size_t count = 0;
    if (max && class_id)
        out[count++] = class_id;
    for (size_t i = 0; i < count; i++)
        count = add_supers(program->classes.items[out[i]], out, count, max);
    return count;
}

static bool is_listed(const StrList *list, Str name)
{
    Str last = name_last(name);
    for (size_t i = 0; i < list->count; i++) {
        if (str_eq(last, list->items[i]) || str_eq(name, list->items[i]))
            return true;
    }
    return false;
}

bool program_has_super(const Program *program, ClassId class_id, const StrList *names)
{
    ClassId line[LONGEST_LINE];
    size_t count = program_ancestors(program, class_id, line, LONGEST_LINE);
    for (size_t i = 0; i < count; i++) {
        const Class *class = program->classes.items[line[i]];
        for (size_t s = 0; s < class->supers.count; s++) {
            if (is_listed(names, names_str(program->names, class->supers.items[s].name)))
                return true;
        }
    }
    return false;
}

bool program_has_unknown_super(const Program *program, ClassId class_id)
{
    ClassId line[LONGEST_LINE];
    size_t count = program_ancestors(program, class_id, line, LONGEST_LINE);
    for (size_t i = 0; i < count; i++) {
        const Class *class = program->classes.items[line[i]];
        if (!class->declared)
            return true;
        for (size_t s = 0; s < class->supers.count; s++) {
            if (!class->supers.items[s].class_id && !class->supers.items[s].mixin)
                return true;
        }
    }
    return false;
}
