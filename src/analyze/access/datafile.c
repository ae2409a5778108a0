/*
 * Keys of data files: test fixtures and dumps. A key is a field only when a
 * `files` rule of some pack fits the file: its class comes from the path
 * ("fixtures/{table}.yml") or from a neighbouring key ("model": "app.invoice").
 * Everything else (translations, settings) is never an access.
 */
#include "analyze/access/access.h"

#include "analyze/program/filerule.h"
#include "analyze/program/naming.h"

static bool key_is_one_of(const Analysis *a, Sym key, const StrList *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (str_eq(names_str(a->program->names, key), list->items[i]))
            return true;
    }
    return false;
}

/* The PAIR around a pair's MAP, or 0 at the top. */
static NodeId pair_around(const Facts *facts, NodeId pair)
{
    NodeId map = facts->nodes[pair].parent;
    NodeId outer = map ? facts->nodes[map].parent : 0;
    return outer && facts->nodes[outer].kind == FACT_PAIR ? outer : 0;
}

/* `key model`: the text of the pair named so beside the pair around ours. */
static Str neighbour_text(const Analysis *a, FileId file, NodeId pair, Str key)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    Sym sym = names_lookup(a->program->names, key);
    NodeId map = facts->nodes[pair].parent;
    for (NodeId c = map ? facts->nodes[map].child : 0; c && sym; c = facts->nodes[c].next) {
        if (facts->nodes[c].kind == FACT_PAIR && facts->nodes[c].name == sym)
            return callsite_spelled(a->program, file, fact_child(facts, c, ROLE_VALUE));
    }
    return (Str){"", 0};
}

/*
 * A record's own key: below the record's name, or in a list's item; neither that name itself nor
 * what lies deeper.
 */
static bool is_record_key(const Facts *facts, NodeId pair, NodeId around)
{
    NodeId map = facts->nodes[pair].parent;
    if (!around)
        return facts->nodes[facts->nodes[map].parent].kind == FACT_LIST;
    return !pair_around(facts, around);
}

/* The class name that a rule gives for the pair; 0 when it does not fit. */
static Sym class_name(Analysis *a, const Rule *rule, Captures *captures, FileId file, NodeId pair)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId around = pair_around(facts, pair);
    if (rule->under.count && (!around || !key_is_one_of(a, facts->nodes[around].name, &rule->under)))
        return 0;
    for (size_t i = 0; i < rule->class_of.count; i++) {
        const ClassRef *ref = &rule->class_of.items[i];
        StrBuf buf = {0};
        Sym name = 0;
        if (ref->is_template) {
            if ((rule->under.count || is_record_key(facts, pair, around)) &&
                template_expand(ref->text, filerule_variable, captures, &buf))
                name = names_intern(a->program->names, strbuf_str(&buf));
        } else if (str_eq_c(ref->words[0], "keyword")) {
            Str text = neighbour_text(a, file, around ? around : pair, ref->words[1]);
            name = names_intern(a->program->names, name_last(text));
        }
        strbuf_release(&buf);
        if (name)
            return name;
    }
    return 0;
}

static bool same_caseless(Str a, Str b)
{
    StrBuf x = {0}, y = {0};
    name_snake(a, &x);
    name_snake(b, &y);
    bool same = str_eq(strbuf_str(&x), strbuf_str(&y));
    if (!same && a.length == b.length) {
        same = true;
        for (size_t i = 0; i < a.length && same; i++)
            same = (a.data[i] | 32) == (b.data[i] | 32);
    }
    strbuf_release(&x);
    strbuf_release(&y);
    return same;
}

void data_check(Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    const Node *n = program_node(a->program, file, node);
    const char *path = a->program->files.items[file]->source->path;
    const TargetModel *model = &a->models.items[a->fields.items[accessor->field].model];
    Captures captures;
    if (accessor->rule || n->kind != FACT_PAIR)
        return;
    for (const Rule *rule = filerule_next(a->program->rules, NULL, path, NULL, &captures); rule;
         rule = filerule_next(a->program->rules, NULL, path, rule, &captures)) {
        if (!rule->members)
            continue;
        Sym name = class_name(a, rule, &captures, file, node);
        Str text = names_str(a->program->names, name);
        bool fits = name && (same_caseless(name_last(text), names_str(a->program->names, model->last)) ||
                             (model->table && same_caseless(text, names_str(a->program->names, model->table))));
        if (!fits)
            continue;
        program_fired(a->program, rule);
        analysis_hit(a, (Hit){.field = accessor->field,
                              .file = file,
                              .node = node,
                              .start = n->at,
                              .end = n->at_end,
                              .kind = meaning_access(rule->members),
                              .confidence = CONFIDENCE_CERTAIN,
                              .accessor = n->name,
                              .receiver_class = model->class_count ? model->classes[0] : 0,
                              .why = "a fixture of the model by its place"});
        return;
    }
}
