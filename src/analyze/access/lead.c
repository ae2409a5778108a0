/*
 * Types are compared by the last part of their written names: one that only looks like the
 * model's costs the parsing of a file, not a finding. One pass over what is declared.
 */
#include "analyze/access/lead.h"

#include "analyze/program/naming.h"

typedef struct Search {
    const Program *program;
    Map family; /* last segments of the model's classes and those below */
    Map seen;   /* (name, kind) already taken */
    Leads *leads;
} Search;

static const Language *language_at(const Search *s, FileId file)
{
    return s->program->files.items[file]->language;
}

static void add(Search *s, Sym name, LeadKind kind, FileId file)
{
    uint64_t key = map_key2(name, kind);
    if (map_get(&s->seen, key))
        return;
    map_put(&s->seen, key, 1);
    array_push(s->leads, ((Lead){name, kind, language_at(s, file)->family}));
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
        add(s, class->name, LEAD_TYPE, class->places.items[0].file);
    }
}

/* True when a written type, or a part of it, is called like a class of the family. */
static bool speaks_of_family(Search *s, FileId file, NodeId type)
{
    const Facts *facts = &s->program->files.items[file]->facts;
    uint32_t end = facts->nodes[type].end;
    if (facts->nodes[type].kind != FACT_TYPE) /* a class written out: its members do not count */
        end = facts->nodes[type].start + 1;
    for (NodeId n = type; n < facts->count && facts->nodes[n].start < end; n++) {
        if ((facts->nodes[n].kind != FACT_TYPE && n != type) || !facts->nodes[n].name)
            continue;
        Str last = name_last(names_str(s->program->names, facts->nodes[n].name));
        Sym sym = names_lookup(s->program->names, last);
        if (sym && map_get(&s->family, sym))
            return true;
    }
    return false;
}

/* A declaration whose type, result or supertype speaks of the family. False when it does not. */
static bool check(Search *s, Place place, LeadKind kind)
{
    const Facts *facts = &s->program->files.items[place.file]->facts;
    if (!language_at(s, place.file)->typed || !facts->nodes[place.node].name)
        return false;
    for (NodeId c = facts->nodes[place.node].child; c; c = facts->nodes[c].next) {
        FactRole role = (FactRole)facts->nodes[c].role;
        if ((role == ROLE_TYPE || role == ROLE_RETURN || role == ROLE_SUPER) &&
            speaks_of_family(s, place.file, c)) {
            add(s, facts->nodes[place.node].name, kind, place.file);
            return true;
        }
    }
    return false;
}

/* Other names of the types, type Parcel Order, and classes made for them: Orders : List<Order>. */
static bool check_types(Search *s)
{
    size_t known = s->family.count;
    for (FileId file = 1; file < s->program->files.count; file++) {
        const Facts *facts = &s->program->files.items[file]->facts;
        for (NodeId n = 1; n < facts->count && language_at(s, file)->typed; n++) {
            FactKind kind = (FactKind)facts->nodes[n].kind;
            if ((kind == FACT_ALIAS || kind == FACT_CLASS) && facts->nodes[n].name &&
                !map_get(&s->family, facts->nodes[n].name) && check(s, (Place){file, n}, LEAD_TYPE))
                map_put(&s->family, facts->nodes[n].name, 1);
        }
    }
    return s->family.count > known;
}

void leads_find(const Analysis *a, Leads *leads)
{
    enum { MOST_ROUNDS = 4 };
    Search s = {.program = a->program, .leads = leads};
    add_classes(&s, a);
    for (int round = 0; s.family.count && round < MOST_ROUNDS && check_types(&s); round++)
        ;
    for (size_t i = 1; i < a->program->members.count && s.family.count; i++)
        check(&s, a->program->members.items[i].place, LEAD_MEMBER);
    for (size_t i = 0; i < a->program->functions.count && s.family.count; i++)
        check(&s, a->program->functions.items[i], LEAD_FUNCTION);
    for (size_t i = 0; i < a->program->globals.count && s.family.count; i++)
        check(&s, a->program->globals.items[i], LEAD_VARIABLE);
    map_release(&s.family);
    map_release(&s.seen);
}
