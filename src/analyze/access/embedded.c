/*
 * Names inside strings: SQL text, dotted and underscored relation paths. SQL is
 * read by parse/sql.h; here its columns meet the program: tables become
 * classes, holes are typed like any expression, and a fragment without a table
 * belongs to the class that the call around it speaks about.
 */
#include "analyze/access/access.h"

#include "analyze/access/embedded_private.h"
#include "analyze/program/naming.h"
#include "analyze/types/query_alias.h"
#include "parse/sql.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { MOST_HOLES = 64, MOST_PIECES = 16 };

/* A string, or a chain of strings joined by operators, as one text with holes. */
typedef struct SqlText {
    Str text;      /* a copy of the source from `base` on, what is no string blanked */
    uint32_t base;
    SqlHole holes[MOST_HOLES];
    NodeId nodes[MOST_HOLES]; /* the expression in each hole */
    size_t count;
} SqlText;

/* A name in a select list builds a projection: a query too. */
static AccessKind access_of_sql(unsigned access)
{
    return access == SQL_READ ? ACCESS_QUERY : (AccessKind)access;
}

/* --- judging a column --- */

typedef struct Column {
    uint32_t field;
    FileId file;
    NodeId node;
    const SqlText *text;
    const TypeSet *implied; /* classes the fragment is about */
} Column;

static const TargetModel *model_of(const Analysis *a, uint32_t field)
{
    return &a->models.items[a->fields.items[field].model];
}

/* `spelled`: the hole as written, with what is glued to it. */
static bool judge_hole(Analysis *a, const Column *c, uint32_t hole, Str spelled, Verdict *verdict)
{
    TypeSet types = {0};
    if (hole != SQL_NO_HOLE && hole < c->text->count && c->text->nodes[hole])
        types = resolver_type(a->resolver, c->file, c->text->nodes[hole]);
    if ((!types.count || !types.items[0].class_id) && spelled.length) {
        size_t at = c->text->base + (size_t)(spelled.data - c->text->text.data);
        Str source = a->program->files.items[c->file]->source->text;
        Str name = table_constant(a, c->file, hole < c->text->count ? c->text->nodes[hole] : 0);
        TableHint hint =
            table_hint(a, model_of(a, c->field),
                       name.length ? name : str_slice(source, at, at + spelled.length));
        *verdict = (Verdict){.confidence = CONFIDENCE_LIKELY, .why = "the table is named so"};
        if (hint != TABLE_HINT_NONE)
            return hint == TABLE_HINT_MODEL;
    }
    return analysis_judge(a, c->field, 1u << SHAPE_TABLE | 1u << SHAPE_CLASS | 1u << SHAPE_INSTANCE,
                          &types, verdict);
}

static bool judge_table(Analysis *a, const Column *c, const SqlRef *ref, size_t index,
                        Verdict *verdict)
{
    if (ref->table_holes[index] != SQL_NO_HOLE)
        return judge_hole(a, c, ref->table_holes[index], ref->tables[index], verdict);
    const TargetModel *model = &a->models.items[a->fields.items[c->field].model];
    *verdict = (Verdict){.confidence = CONFIDENCE_CERTAIN,
                         .class_id = model->class_count ? model->classes[0] : 0};
    return table_is_models(a, model, ref->tables[index], &verdict->confidence);
}

/*
 * The table that `alias` stands for in the other strings of the same function: conditions are
 * often built apart from the FROM that names their alias. False when none says.
 */
static bool judge_alias(Analysis *a, const Column *c, Str alias, Verdict *verdict)
{
    const File *file = a->program->files.items[c->file];
    const Facts *facts = &file->facts;
    NodeId function = program_enclosing_function(a->program, c->file, c->node);
    const Node *around = &facts->nodes[function ? function : 1];
    Str text = file->source->text;
    for (size_t at = str_find(text, alias, around->start); function && at < around->end;
         at = str_find(text, alias, at + 1)) {
        size_t before = at;
        while (before > around->start && text.data[before - 1] == ' ')
            before--;
        bool word = before < at && !byte_is_word((unsigned char)text.data[at + alias.length]) &&
                    text.data[at + alias.length] != '.';
        if (!word || text.data[before - 1] != '}')
            continue;
        for (NodeId n = function; n < facts->count && facts->nodes[n].start < before; n++) {
            if (facts->nodes[n].end + 1 != before ||
                facts->nodes[facts->nodes[n].parent].kind != FACT_STRING)
                continue;
            TypeSet types = resolver_type(a->resolver, c->file, n);
            return types.count && analysis_judge(a, c->field, 1u << SHAPE_TABLE, &types, verdict);
        }
    }
    return false;
}

static void gather(Analysis *a, FileId file, NodeId node, SqlText *t);

/* The variable that a string is added to (`sql .= " WHERE ..."`); 0: none. */
static NodeId added_to(const Analysis *a, FileId file, NodeId node)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId assign = facts->nodes[node].parent;
    while (facts->nodes[assign].kind == FACT_BINARY)
        assign = facts->nodes[assign].parent;
    bool adds = facts->nodes[assign].kind == FACT_ASSIGN &&
                (facts->nodes[assign].flags & FLAG_COMPOUND);
    NodeId target = adds ? fact_child(facts, assign, ROLE_TARGET) : 0;
    return target && facts->nodes[target].kind == FACT_NAME ? target : 0;
}

/*
 * A piece that is added to a statement: the tables that the pieces before it name decide. False
 * when there are none; *found: one is the model's.
 */
static bool judge_before(Analysis *a, const Column *c, bool *found, Verdict *verdict)
{
    const Facts *facts = &a->program->files.items[c->file]->facts;
    NodeId target = added_to(a, c->file, c->node);
    NodeId function = program_enclosing_function(a->program, c->file, c->node);
    size_t tables = 0, pieces = 0;
    *found = false;
    for (NodeId n = function ? function : 1; target && n < target && pieces < MOST_PIECES; n++) {
        NodeId before = facts->nodes[n].kind == FACT_ASSIGN ? fact_child(facts, n, ROLE_TARGET) : 0;
        NodeId value = before ? fact_child(facts, n, ROLE_VALUE) : 0;
        if (!value || facts->nodes[before].kind != FACT_NAME ||
            facts->nodes[before].name != facts->nodes[target].name ||
            (facts->nodes[value].kind != FACT_STRING && facts->nodes[value].kind != FACT_BINARY))
            continue;
        SqlText *text = ARENA_NEW(&a->arena, SqlText);
        SqlRefs refs;
        pieces++;
        gather(a, c->file, value, text);
        sql_read(text->text, text->holes, text->count, SQL_GUESS, &refs, &a->arena);
        for (size_t i = 0; i < refs.table_count && !*found; i++) {
            Column column = {c->field, c->file, value, text, c->implied};
            SqlRef ref = {.tables = &refs.tables[i].name,
                          .table_holes = &refs.tables[i].hole, .table_count = 1};
            *found = judge_table(a, &column, &ref, 0, verdict);
        }
        tables += refs.table_count;
    }
    if (verdict->confidence < CONFIDENCE_LIKELY)
        verdict->confidence = CONFIDENCE_LIKELY;
    return tables > 0;
}

static bool judge_unowned(Analysis *a, const Column *c, const SqlRef *ref, Verdict *verdict)
{
    bool found;
    if (ref->qualifier_kind == SQL_QUALIFIER_HOLE)
        return judge_hole(a, c, ref->hole, ref->qualifier, verdict);
    if (ref->qualifier_kind == SQL_QUALIFIER_NAME) {
        const TargetModel *model = &a->models.items[a->fields.items[c->field].model];
        *verdict = (Verdict){.confidence = CONFIDENCE_LIKELY};
        if (table_is_models(a, model, ref->qualifier, &verdict->confidence)) {
            verdict->confidence = CONFIDENCE_CERTAIN;
            return true;
        }
        if (judge_alias(a, c, ref->qualifier, verdict))
            return true;
        TypeSet nothing = {0};
        analysis_judge(a, c->field, 0, &nothing, verdict);
        return true; /* an alias from elsewhere: unknown */
    }
    if (!c->implied->count && judge_before(a, c, &found, verdict))
        return found;
    return analysis_judge(a, c->field, UINT32_MAX, c->implied, verdict);
}

/* What stands before the column is an alias that calls around give a class: where('o.email = 1'). */
static bool judge_called(Analysis *a, const Column *c, const SqlRef *ref, Verdict *verdict, bool *found)
{
    bool alone = !ref->table_count || (ref->table_count == 1 && str_eq(ref->tables[0], ref->qualifier));
    Sym alias = ref->qualifier_kind == SQL_QUALIFIER_NAME && alone
                    ? names_lookup(a->program->names, ref->qualifier) : 0;
    TypeSet types = {0};
    if (alias)
        types = query_alias(a->resolver, c->file, c->node, alias);
    *found = types.count && analysis_judge(a, c->field, 1u << SHAPE_INSTANCE, &types, verdict);
    return types.count > 0;
}

static bool judge_by_tables(Analysis *a, const Column *c, const SqlRef *ref, Verdict *verdict)
{
    bool found = false;
    for (size_t i = 0; i < ref->table_count && !found; i++)
        found = judge_table(a, c, ref, i, verdict);
    if (!ref->table_count)
        found = judge_unowned(a, c, ref, verdict);
    else if (!found && ref->implied)
        found = analysis_judge(a, c->field, UINT32_MAX, c->implied, verdict);
    else if (found && ref->table_count > 1 && !ref->all_tables) {
        bool unique = a->fields.items[c->field].unique;
        verdict->confidence = unique ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
        verdict->why = "one of several tables of the query";
    }
    if (found && ref->token_scan && verdict->confidence < CONFIDENCE_LIKELY)
        verdict->confidence = CONFIDENCE_LIKELY;
    return found;
}

static bool judge_column(Analysis *a, const Column *c, const SqlRef *ref, Verdict *verdict)
{
    bool found;
    if (ref->derived && !ref->table_count)
        return false;
    return judge_called(a, c, ref, verdict, &found) ? found : judge_by_tables(a, c, ref, verdict);
}

/* --- the text --- */

static void add_hole(SqlText *t, uint32_t start, uint32_t end, NodeId node)
{
    if (t->count == MOST_HOLES || end <= start)
        return;
    size_t at = t->count;
    while (at > 0 && t->holes[at - 1].start > start - t->base) {
        t->holes[at] = t->holes[at - 1];
        t->nodes[at] = t->nodes[at - 1];
        at--;
    }
    t->holes[at] = (SqlHole){start - t->base, end - t->base};
    t->nodes[at] = node;
    t->count++;
}

/* An interpolated expression with its "#{" and "}", if it has them. */
static void add_interpolation(SqlText *t, Str source, const Node *string, const Node *hole, NodeId id)
{
    uint32_t start = hole->start, end = hole->end;
    while (start > string->at && source.data[start - 1] == ' ')
        start--;
    if (start == string->at || source.data[start - 1] != '{') {
        add_hole(t, hole->start, hole->end, id);
        return;
    }
    start--;
    if (start > string->at && (source.data[start - 1] == '#' || source.data[start - 1] == '$'))
        start--;
    while (end < string->at_end && source.data[end] != '}')
        end++;
    if (end < string->at_end)
        end++;
    add_hole(t, start, end, id);
}

static void add_string(SqlText *t, Str source, const Facts *facts, NodeId id)
{
    const Node *node = &facts->nodes[id];
    memcpy((char *)t->text.data + (node->at - t->base), source.data + node->at,
           node->at_end - node->at);
    NodeId first = node->child;
    if (first && facts->nodes[first].kind == FACT_GROUP)
        first = facts->nodes[first].child; /* a heredoc's */
    for (NodeId c = first; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].start >= node->at && facts->nodes[c].end <= node->at_end)
            add_interpolation(t, source, node, &facts->nodes[c], c);
    }
}

static bool joins_strings(const Analysis *a, const Node *node)
{
    Str op = names_str(a->program->names, node->name);
    return node->kind == FACT_BINARY &&
           (str_eq_c(op, "+") || str_eq_c(op, ".") || str_eq_c(op, "%") || str_eq_c(op, "<<") ||
            str_eq_c(op, ".."));
}

/* Gathers the whole chain of joined strings that `node` is part of. */
static void gather(Analysis *a, FileId file, NodeId node, SqlText *t)
{
    const File *f = a->program->files.items[file];
    const Facts *facts = &f->facts;
    NodeId root = node;
    while (joins_strings(a, &facts->nodes[facts->nodes[root].parent]))
        root = facts->nodes[root].parent;
    const Node *r = &facts->nodes[root];
    uint32_t start = r->start < r->at ? r->start : r->at;
    uint32_t end = r->end > r->at_end ? r->end : r->at_end;
    char *copy = arena_alloc(&a->arena, end - start + 1);
    memset(copy, ' ', end - start);
    *t = (SqlText){.text = {copy, end - start}, .base = start};
    uint32_t text_end = 0; /* of the string before: what is joined to it follows without a gap */
    size_t open = SIZE_MAX; /* the hole that reaches to the next string */
    for (NodeId n = root; n < facts->count && facts->nodes[n].start < end; n++) {
        const Node *part = &facts->nodes[n];
        if (part->start < start || (n != root && part->parent < root))
            continue;
        bool in_chain = n == root || joins_strings(a, &facts->nodes[part->parent]);
        if (!in_chain)
            continue;
        if (part->kind == FACT_STRING) {
            if (open < t->count)
                t->holes[open].end = part->at - start;
            open = SIZE_MAX;
            text_end = part->at_end;
            add_string(t, f->source->text, facts, n);
        } else if (!joins_strings(a, part)) {
            open = t->count;
            add_hole(t, text_end ? text_end : part->start, part->end, n);
            text_end = 0;
        }
    }
}

/* True when a hole of the text is some class's table: then the text is SQL. */
static bool names_a_table(Analysis *a, FileId file, const SqlText *text)
{
    for (size_t i = 0; i < text->count; i++) {
        TypeSet types = resolver_type(a->resolver, file, text->nodes[i]);
        if (types.count && types.items[0].shape == SHAPE_TABLE)
            return true;
    }
    return false;
}

/* SELECT * of a model's table. */
static void check_row(Analysis *a, const Column *c, const SqlRef *ref)
{
    for (uint32_t f = 0; f < a->fields.count; f++) {
        Verdict verdict;
        Column column = *c;
        column.field = f;
        bool first = f == 0 || a->fields.items[f].model != a->fields.items[f - 1].model;
        if (first && ref->table_count && judge_column(a, &column, ref, &verdict) &&
            verdict.confidence <= CONFIDENCE_LIKELY)
            analysis_blind(a, f, c->file, c->text->base + ref->start, "whole-row",
                           "the whole row is selected, this field with it");
    }
}

/* How the text is to be read, by what its call means. */
static SqlMode sql_mode(Analysis *a, FileId file, const SqlText *text, Meaning meaning)
{
    if (meaning == MEANING_SET)
        return SQL_ASSIGNMENT;
    if (sql_looks_like(text->text, text->holes, text->count))
        return SQL_GUESS;
    return meaning == MEANING_SQL || names_a_table(a, file, text) ? SQL_FRAGMENT : SQL_GUESS;
}

static void check_sql(Analysis *a, FileId file, NodeId node)
{
    Meaning meaning = MEANING_NONE;
    TypeSet implied = {0};
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId root = node;
    while (joins_strings(a, &facts->nodes[facts->nodes[root].parent]))
        root = facts->nodes[root].parent;
    bool known = mention_context(a, file, root, &meaning, &implied);
    SqlText *text = ARENA_NEW(&a->arena, SqlText);
    gather(a, file, node, text);
    SqlRefs refs;
    SqlMode mode = sql_mode(a, file, text, known ? meaning : MEANING_NONE);
    sql_read(text->text, text->holes, text->count, mode, &refs, &a->arena);
    for (size_t i = 0; i < refs.count; i++) {
        const SqlRef *ref = &refs.items[i];
        if (str_eq_c(ref->column, "*"))
            check_row(a, &(Column){0, file, node, text, &implied}, ref);
        for (uint32_t f = 0; f < a->fields.count; f++) {
            Column column = {f, file, node, text, &implied};
            Verdict verdict = {0};
            if (!analysis_is_column(a, f, ref->column) || !judge_column(a, &column, ref, &verdict))
                continue;
            analysis_hit(a, (Hit){.field = f,
                                  .file = file,
                                  .node = node,
                                  .start = text->base + ref->start,
                                  .end = text->base + ref->end,
                                  .kind = access_of_sql((unsigned)ref->access),
                                  .confidence = verdict.confidence,
                                  .accessor = a->fields.items[f].name,
                                  .receiver_class = verdict.class_id,
                                  .reason = verdict.reason,
                                  .why = verdict.why});
        }
    }
}

TypeSet embedded_owner_by_alias(Analysis *a, FileId file, NodeId node, Sym name, Str owner)
{
    TypeSet types = {0};
    Verdict verdict;
    uint64_t *accessor = name ? map_get(&a->accessor_by_name, name) : NULL;
    Sym alias = accessor ? names_lookup(a->program->names, owner) : 0;
    if (alias)
        types = query_alias(a->resolver, file, node, alias);
    if (!accessor || types.count)
        return types;
    Column column = {.field = a->accessors.items[*accessor - 1].field, .file = file, .node = node};
    if (judge_alias(a, &column, owner, &verdict) && verdict.class_id)
        typeset_add(&types, (Type){.shape = SHAPE_INSTANCE,
                                   .confidence = (uint8_t)verdict.confidence,
                                   .class_id = verdict.class_id,
                                   .reason = verdict.reason});
    return types;
}

void embedded_check(Analysis *a, FileId file, NodeId node)
{
    const File *f = a->program->files.items[file];
    const Node *n = &f->facts.nodes[node];
    if (n->flags & FLAG_DOC)
        return;
    Str text = str_slice(f->source->text, n->at, n->at_end);
    if (n->kind == FACT_KEYWORD || n->kind == FACT_PAIR) {
        if (!embedded_check_path(a, file, node, text, n->at))
            embedded_check_dotted(a, file, node, text, n->at);
        return;
    }
    if (n->name && map_get(&a->accessor_by_name, n->name))
        return; /* just the name: a mention */
    if (!(n->flags & FLAG_INTERPOLATED) && (embedded_check_path(a, file, node, text, n->at) ||
                                            embedded_check_dotted(a, file, node, text, n->at)))
        return;
    if (!(n->flags & FLAG_INTERPOLATED))
        mention_check_list(a, file, node, text, n->at);
    check_sql(a, file, node);
}

/* --- columns of .sql files --- */

void column_check(Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    const Node *n = &facts->nodes[node];
    const TargetModel *model = &a->models.items[a->fields.items[accessor->field].model];
    size_t tables = 0;
    Verdict verdict = {.confidence = CONFIDENCE_CERTAIN};
    bool found = false;
    for (NodeId c = n->child; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].kind != FACT_TABLE)
            continue;
        tables++;
        if (facts->nodes[c].name && !found)
            found = table_is_models(a, model, names_str(a->program->names, facts->nodes[c].name),
                                   &verdict.confidence);
    }
    if (tables && !found)
        return;
    if (!tables || tables > 1) {
        TypeSet nothing = {0};
        analysis_judge(a, accessor->field, 0, &nothing, &verdict);
    } else if (n->flags & FLAG_TEXT) {
        verdict.confidence = CONFIDENCE_LIKELY;
    }
    analysis_hit(a, (Hit){.field = accessor->field,
                          .file = file,
                          .node = node,
                          .start = n->at,
                          .end = n->at_end,
                          .kind = access_of_sql(n->spare & COLUMN_ACCESS),
                          .confidence = verdict.confidence,
                          .accessor = n->name,
                          .receiver_class = model->class_count ? model->classes[0] : 0,
                          .why = verdict.why});
}
