/*
 * Members that an object is given from outside: a middleware sets request.order,
 * a hook sets g.order, and everybody reads it. The object's class is somebody
 * else's, so nothing declares the member; but the code base spells the object
 * alike wherever it is handed around. Only names that come from outside the
 * function (parameters, imports, globals, members) are taken for such objects,
 * and what is found so is no more than likely.
 */
#include "analyze/program/binding.h"
#include "analyze/types/receiver_private.h"

#include <string.h>

enum { MOST_GIVEN = 8 };

/* The name of the receiver of a MEMBER, when it comes from outside its function; 0. */
static Sym handed_around(const Resolver *r, FileId file, NodeId member)
{
    const Facts *facts = facts_of(r, file);
    NodeId receiver = fact_child(facts, member, ROLE_RECEIVER);
    const Binding *binding;
    if (!receiver || (facts->nodes[receiver].kind != FACT_MEMBER &&
                      facts->nodes[receiver].kind != FACT_NAME))
        return 0;
    if (facts->nodes[receiver].kind == FACT_NAME &&
        binding_lookup(r->program->files.items[file], receiver, &binding, 1) &&
        binding->kind != BINDING_PARAM)
        return 0;
    return facts->nodes[receiver].name;
}

static void need_given(Resolver *r, FileId file, Sym object, Sym name)
{
    StrBuf buf = {0};
    strbuf_add_str(&buf, names_str(r->program->names, object));
    strbuf_add_byte(&buf, '.');
    strbuf_add_str(&buf, names_str(r->program->names, name));
    resolver_need(r, NEED_GIVEN, names_intern(r->program->names, strbuf_str(&buf)), file);
    strbuf_release(&buf);
}

TypeSet resolver_given(Resolver *r, FileId file, NodeId site)
{
    const Program *program = r->program;
    const Node *n = node_at(r, file, site);
    Sym object = n->kind == FACT_MEMBER && !language_of(r, file)->typed ? handed_around(r, file, site) : 0;
    TypeSet set = {0};
    if (!object)
        return set;
    uint64_t *first = map_get(&program->given_by_name, n->name);
    int seen = 0;
    for (uint32_t i = first ? (uint32_t)*first : 0; i && seen < MOST_GIVEN;
         i = program->given_next.items[i - 1]) {
        Place place = program->given.items[i - 1];
        NodeId target = child_of(r, place.file, place.node, ROLE_TARGET);
        if (handed_around(r, place.file, target) != object ||
            strcmp(language_of(r, place.file)->family, language_of(r, file)->family) != 0)
            continue;
        TypeSet part = resolver_type(r, place.file, child_of(r, place.file, place.node, ROLE_VALUE));
        typeset_join(&set, &part);
        seen++;
    }
    if (!seen)
        need_given(r, file, object, n->name);
    if (set.count >= TOO_MANY_TYPES)
        set.count = 0; /* too many to tell: there may be more */
    typeset_weaken(&set, CONFIDENCE_LIKELY);
    return set;
}

/*
 * orders = paginate(orders, page): what goes through a function of somebody else's and back into
 * its name still holds the same objects.
 */
TypeSet resolver_passed_through(Resolver *r, FileId file, const Binding *binding)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    const Node *call = &facts->nodes[binding->value];
    NodeId argument = binding->value && call->kind == FACT_CALL && call->name
                          ? fact_child(facts, binding->value, ROLE_ARGUMENT) : 0;
    TypeSet set = {0}, result = {0};
    if (!argument || facts->nodes[argument].kind != FACT_NAME ||
        facts->nodes[argument].name != binding->name || language_of(r, file)->typed ||
        fact_child(facts, binding->value, ROLE_RECEIVER) ||
        map_get(&r->program->functions_by_name, call->name))
        return result;
    set = resolver_type(r, file, argument);
    for (uint32_t i = 0; i < set.count; i++) {
        if (set.items[i].shape == SHAPE_COLLECTION)
            typeset_add(&result, set.items[i]);
    }
    typeset_weaken(&result, CONFIDENCE_LIKELY);
    return result;
}
