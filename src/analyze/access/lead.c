/*
 * Types are compared by the last part of their written names: one that only looks like the
 * model's costs the parsing of a file, not a finding. One pass over what is declared.
 */
#include "analyze/access/lead.h"

#include "analyze/program/naming.h"

enum { SHORTEST_LEAD = 3 };

typedef struct Search {
    const Program *program;
    Map family; /* last segments of the model's classes and those below */
    Map seen;   /* names already taken */
    Leads *leads;
} Search;

static const Language *language_at(const Search *s, FileId file)
{
    return s->program->files.items[file]->language;
}

static void add(Search *s, Sym name, FileId file)
{
    if (map_get(&s->seen, name) || names_str(s->program->names, name).length < SHORTEST_LEAD)
        return;
    map_put(&s->seen, name, 1);
    array_push(s->leads, ((Lead){name, language_at(s, file)->family}));
}

static void add_classes(Search *s, const Analysis *a)
{
    const Program *program = s->program;
    for (ClassId id = 1; id < program->classes.count; id++) {
        const Class *class = program->classes.items[id];
        bool heir = false;
        for (size_t m = 0; m < a->models.count && class->declared && !heir; m++) {
            for (size_t i = 0; i < a->models.items[m].class_count && !heir; i++)
                heir = program_is_a(program, id, a->models.items[m].classes[i]);
        }
        if (!heir || !class->places.count || !language_at(s, class->places.items[0].file)->typed)
            continue;
        map_put(&s->family, class->name, 1);
        add(s, class->name, class->places.items[0].file);
    }
}

/* True when the name is a class of the family's, or a typedef of one, which leads to it too. */
static bool is_of_family(Search *s, Sym name, FileId file)
{
    Names *names = s->program->names;
    Sym meant = map_get(&s->family, name) ? name : program_follow_alias(s->program, name);
    Sym last = names_lookup(names, name_last(names_str(names, meant)));
    if (!last || !map_get(&s->family, last))
        return false;
    map_put(&s->family, name, 1);
    add(s, name, file);
    return true;
}

/* True when a written type, or a part of it, is called like a class of the family. */
static bool speaks_of_family(Search *s, FileId file, NodeId type)
{
    const Facts *facts = &s->program->files.items[file]->facts;
    uint32_t end = facts->nodes[type].end;
    for (NodeId n = type; n < facts->count && facts->nodes[n].start < end; n++) {
        if (facts->nodes[n].kind != FACT_TYPE || !facts->nodes[n].name)
            continue;
        Str last = name_last(names_str(s->program->names, facts->nodes[n].name));
        Sym sym = names_lookup(s->program->names, last);
        if (sym && is_of_family(s, sym, file))
            return true;
    }
    return false;
}

/* A declaration whose type or result is of the family. */
static void check(Search *s, Place place)
{
    const Facts *facts = &s->program->files.items[place.file]->facts;
    if (!language_at(s, place.file)->typed || !facts->nodes[place.node].name)
        return;
    for (NodeId c = facts->nodes[place.node].child; c; c = facts->nodes[c].next) {
        FactRole role = (FactRole)facts->nodes[c].role;
        if ((role == ROLE_TYPE || role == ROLE_RETURN) && speaks_of_family(s, place.file, c)) {
            add(s, facts->nodes[place.node].name, place.file);
            return;
        }
    }
}

/* Other names of the types: type Parcel Order. */
static void check_aliases(Search *s)
{
    for (FileId file = 1; file < s->program->files.count; file++) {
        const Facts *facts = &s->program->files.items[file]->facts;
        for (NodeId n = 1; n < facts->count && language_at(s, file)->typed; n++) {
            if (facts->nodes[n].kind == FACT_ALIAS)
                check(s, (Place){file, n});
        }
    }
}

void leads_find(const Analysis *a, Leads *leads)
{
    Search s = {.program = a->program, .leads = leads};
    add_classes(&s, a);
    for (size_t i = 1; i < a->program->members.count && s.family.count; i++)
        check(&s, a->program->members.items[i].place);
    for (size_t i = 0; i < a->program->functions.count && s.family.count; i++)
        check(&s, a->program->functions.items[i]);
    for (size_t i = 0; i < a->program->globals.count && s.family.count; i++)
        check(&s, a->program->globals.items[i]);
    if (s.family.count)
        check_aliases(&s);
    map_release(&s.family);
    map_release(&s.seen);
}
