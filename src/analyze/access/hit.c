/*
 * Recording what was found. Of two hits of one field at one place the surer
 * stays, because a name is often reached by several ways: as a mention, in SQL,
 * as a path.
 */
#include "analyze/access/access.h"
#include "analyze/program/place.h"

AccessKind meaning_access(Meaning meaning)
{
    switch (meaning) {
    case MEANING_SET:
    case MEANING_WRITE: return ACCESS_WRITE;
    case MEANING_QUERY:
    case MEANING_SQL: return ACCESS_QUERY;
    case MEANING_DECLARE: return ACCESS_DECLARE;
    default: return ACCESS_READ;
    }
}

void analysis_hit(Analysis *a, Hit hit)
{
    uint64_t key = map_key2(hit.file, hit.start + 1) * 31 + hit.field;
    uint64_t *found = map_get(&a->hit_at, key);
    if (found) {
        Hit *old = &a->hits.items[*found - 1];
        if (hit.confidence < old->confidence)
            *old = hit;
        return;
    }
    array_push(&a->hits, hit);
    map_put(&a->hit_at, key, a->hits.count);
}

void analysis_blind(Analysis *a, uint32_t field, FileId file, uint32_t start, const char *what,
                    const char *text)
{
    array_push(&a->blinds, ((Blind){field, file, start, what, text}));
}

/* delete o.email, unset(o.email), del o.email */
static bool is_removed(const Analysis *a, const Facts *facts, NodeId node)
{
    const Node *parent = &facts->nodes[facts->nodes[node].parent];
    Str name = names_str(a->program->names, parent->name);
    if (parent->kind == FACT_UNARY)
        return str_eq_c(name, "delete");
    return parent->kind == FACT_CALL && facts->nodes[node].role == ROLE_ARGUMENT &&
           (str_eq_c(name, "unset") || str_eq_c(name, "del")) &&
           !fact_child(facts, facts->nodes[node].parent, ROLE_RECEIVER);
}

static bool is_target(const Analysis *a, const Facts *facts, NodeId node)
{
    if (is_removed(a, facts, node))
        return true;
    for (NodeId n = node; n; n = facts->nodes[n].parent) {
        if (facts->nodes[n].role == ROLE_TARGET &&
            (facts->nodes[facts->nodes[n].parent].kind == FACT_ASSIGN ||
             facts->nodes[facts->nodes[n].parent].kind == FACT_VARIABLE))
            return true;
        const Node *parent = &facts->nodes[facts->nodes[n].parent];
        if (facts->nodes[n].role == ROLE_TARGET || parent->kind != FACT_LIST)
            return false;
    }
    return false;
}

/* True when the class declares the member as an array or a container that is a value. */
static bool is_array(const Analysis *a, ClassId class_id, Sym name)
{
    MemberId id = class_id ? program_member(a->program, class_id, name) : 0;
    const Member *member = id ? &a->program->members.items[id] : NULL;
    NodeId type = member ? fact_child(&a->program->files.items[member->place.file]->facts,
                                      member->place.node, ROLE_TYPE) : 0;
    return type && program_node(a->program, member->place.file, type)->flags & FLAG_COLLECTION;
}

static bool is_written(const Analysis *a, FileId file, NodeId node, ClassId class_id)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId whole = node;
    if (a->program->files.items[file]->language->value_member.length)
        whole = place_whole(a->program, file, node, is_array(a, class_id, facts->nodes[node].name));
    return is_target(a, facts, whole) || place_is_lent(a->program, file, whole);
}

void analysis_record(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                     AccessKind kind, const Verdict *verdict, NodeId receiver)
{
    const Node *n = program_node(a->program, file, node);
    analysis_hit(a, (Hit){.field = accessor->field,
                          .file = file,
                          .node = node,
                          .start = n->at,
                          .end = n->at_end,
                          .kind = kind,
                          .confidence = verdict->confidence,
                          .accessor = n->name,
                          .receiver = receiver,
                          .receiver_class = verdict->class_id,
                          .reason = verdict->reason,
                          .why = verdict->why});
}

void analysis_hit_node(Analysis *a, const Accessor *accessor, FileId file, NodeId node, Meaning kind,
                       const Verdict *verdict, NodeId receiver)
{
    AccessKind access = is_written(a, file, node, verdict->class_id) ? ACCESS_WRITE : ACCESS_READ;
    access = kind ? meaning_access(kind) : access;
    if (accessor->rule)
        program_fired(a->program, accessor->rule);
    analysis_record(a, accessor, file, node, access, verdict, receiver);
}
