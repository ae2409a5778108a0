/*
 * Tests of an object's state: what `if order.new_record?`, `if order.pk is None` or
 * `unless order.changed?` prove of the order where the test came out one way or the other. Which
 * names test what is data; `and`, `or` and `not` are followed as far as they decide.
 */
#include "analyze/saves/dirty_private.h"

enum { CONDITION_DEPTH = 8 };

static void clear_placed(Walk *w, ObjectId owner)
{
    for (size_t i = 0; i < w->state.entries.count; i++) {
        StateEntry *entry = &w->state.entries.items[i];
        if (w->objects.items[entry->at].parent == owner)
            entry->flags &= ~(uint32_t)OBJECT_PLACED;
    }
}

static void prove_new(Walk *w, const Objects *objects, bool is_new, Place place)
{
    for (uint32_t i = 0; i < objects->count; i++) {
        ObjectId object = objects->items[i];
        if (is_new) {
            state_clear(&w->state, object, OBJECT_STORED);
            state_assume(&w->state, object, OBJECT_NEW, place);
        } else {
            state_clear(&w->state, object, OBJECT_NEW | OBJECT_PLACED);
            state_mark(&w->state, object, OBJECT_STORED, place);
            clear_placed(w, object);
        }
    }
}

static void prove_changed(Walk *w, const Objects *objects, bool changed, Place place)
{
    for (uint32_t i = 0; i < objects->count; i++) {
        if (changed)
            state_assume(&w->state, objects->items[i], OBJECT_CHANGED, place);
        else
            state_clear(&w->state, objects->items[i], OBJECT_CHANGED);
    }
}

/* What a call or member says of its receiver when it is true, or not. */
static void prove_by_name(Walk *w, NodeId site, bool holds)
{
    CallStep step;
    const Map *saves = &w->dirty->program->rules->saves;
    const uint32_t proofs = DOES_PROVES_NEW | DOES_PROVES_STORED | DOES_PROVES_CHANGED | DOES_PROVES_KEY;
    const Rule *rule = rules_find(saves, w->facts->nodes[site].name);
    while (rule && (!(rule->does & proofs) || !rule_speaks(w, rule)))
        rule = rule->next_same_name;
    if (!rule)
        return;
    call_start(&step, w, site);
    if (!save_rule_matches(&step, rule))
        return;
    Place place = walk_place(w, site);
    program_fired(w->dirty->program, rule);
    if (rule->does & DOES_PROVES_CHANGED)
        prove_changed(w, &step.receivers, holds, place);
    else
        prove_new(w, &step.receivers, holds == ((rule->does & DOES_PROVES_NEW) != 0), place);
}

static bool is_nothing(const Walk *w, NodeId node)
{
    const Program *program = w->dirty->program;
    return node && strlist_has(&w->language->nothing, program_text(program, w->file, node));
}

/* `order.pk is None`: the member is as good as false. */
static void prove_by_comparison(Walk *w, NodeId node, bool equal)
{
    NodeId left = fact_child(w->facts, node, ROLE_LEFT);
    NodeId right = fact_child(w->facts, node, ROLE_RIGHT);
    NodeId member = is_nothing(w, right) ? left : is_nothing(w, left) ? right : 0;
    FactKind kind = member ? (FactKind)w->facts->nodes[member].kind : FACT_GROUP;
    if (kind == FACT_MEMBER || kind == FACT_CALL)
        prove_by_name(w, member, !equal);
}

static void proves(Walk *w, NodeId node, bool holds, int depth);

static void proves_binary(Walk *w, NodeId node, bool holds, int depth)
{
    const OperatorWords *words = &w->language->operators;
    Str word = names_str(w->dirty->program->names, w->facts->nodes[node].name);
    NodeId left = fact_child(w->facts, node, ROLE_LEFT);
    NodeId right = fact_child(w->facts, node, ROLE_RIGHT);
    bool equal = strlist_has(&words->equal, word);
    if (equal || strlist_has(&words->unequal, word)) {
        prove_by_comparison(w, node, equal == holds);
    } else if (strlist_has(holds ? &words->both : &words->either, word)) {
        proves(w, left, holds, depth + 1);
        proves(w, right, holds, depth + 1);
    }
}

static void proves(Walk *w, NodeId node, bool holds, int depth)
{
    const Node *n = &w->facts->nodes[node];
    Str word = names_str(w->dirty->program->names, n->name);
    if (!node || depth > CONDITION_DEPTH)
        return;
    switch (n->kind) {
    case FACT_UNARY:
        if (strlist_has(&w->language->operators.negate, word))
            proves(w, n->child, !holds, depth + 1);
        break;
    case FACT_GROUP: proves(w, n->child, holds, depth + 1); break;
    case FACT_BINARY: proves_binary(w, node, holds, depth); break;
    case FACT_CHOICE: /* `a || b` as a value: false when both are */
        for (NodeId c = n->child; c && !holds && !fact_child(w->facts, node, ROLE_CONDITION);
             c = w->facts->nodes[c].next)
            proves(w, c, holds, depth + 1);
        break;
    case FACT_CALL:
    case FACT_MEMBER: prove_by_name(w, node, holds); break;
    case FACT_NAME:
        if (w->implicit_self)
            prove_by_name(w, node, holds);
        break;
    default: break;
    }
}

void condition_proves(Walk *w, NodeId condition, bool holds)
{
    proves(w, condition, holds, 0);
}
