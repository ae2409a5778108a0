/*
 * Mentions that no rule knows what to do with: what they are for, by the plain
 * words around them, and how likely the model is meant, by what stands beside
 * them. Each guess is a convention of its own and says so in its evidence.
 */
#include "analyze/access/access.h"

#include "analyze/access/mention_private.h"
#include "analyze/program/filerule.h"
#include "analyze/program/naming.h"

#include <string.h>
#include <strings.h>

void mention_record(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                    Meaning meaning, const Verdict *verdict, NodeId receiver)
{
    analysis_record(a, accessor, file, node, meaning_access(meaning), verdict, receiver);
}

/* What a class name has after the model's (IssueQuery: "Query"); empty when it does not begin with it. */
static Str name_after_model(const Analysis *a, const Accessor *accessor, ClassId id)
{
    const Program *program = a->program;
    const TargetModel *model = &a->models.items[a->fields.items[accessor->field].model];
    Str name = names_str(program->names, model->last);
    Str class_name = names_str(program->names, program->classes.items[id]->name);
    if (class_name.length <= name.length || !str_eq(str_slice(class_name, 0, name.length), name))
        return str_lit("");
    Str rest = str_slice(class_name, name.length, class_name.length);
    if (rest.length > 1 && rest.data[0] == 's')
        rest = str_slice(rest, 1, rest.length);
    return rest.length && rest.data[0] >= 'A' && rest.data[0] <= 'Z' ? rest : str_lit("");
}

/* The model's own class, or one named after it (IssueQuery), mentions the model's fields. */
static bool named_after(const Analysis *a, const Accessor *accessor, ClassId id)
{
    if (!name_after_model(a, accessor, id).length)
        return false;
    MemberId own = program_member(a->program, id, accessor->name);
    bool stored = own && a->program->members.items[own].kind == MEMBER_FIELD;
    return !stored; /* its own field of that name is meant then */
}

/* Another class that has a member of that name, or is stored where a schema gives another table one. */
static bool may_have_it_too(const Analysis *a, const Accessor *accessor, ClassId id)
{
    const TargetField *field = &a->fields.items[accessor->field];
    Confidence confidence = CONFIDENCE_CERTAIN;
    return !analysis_in_family(a, field->model, id, &confidence) &&
           (program_member(a->program, id, accessor->name) ||
            (field->elsewhere && a->program->classes.items[id]->is_model));
}

/* get_comment_data, store_comments: `word`, or its plural, is one of the words of the name. */
static bool has_word(Str snake, Str word)
{
    for (size_t at = str_find(snake, word, 0); at != SIZE_MAX; at = str_find(snake, word, at + 1)) {
        size_t end = at + word.length;
        end += end < snake.length && snake.data[end] == 's';
        if ((at == 0 || snake.data[at - 1] == '_') && (end == snake.length || snake.data[end] == '_'))
            return true;
    }
    return false;
}

/* IssueForm.commentData: the function is named after IssueComment, which may have such a field too. */
static bool in_function_for_sibling(const Analysis *a, const Accessor *accessor, FileId file,
                                    NodeId node)
{
    const Program *program = a->program;
    NodeId function = program_enclosing_function(program, file, node);
    StrBuf name = {0}, word = {0};
    bool found = false;
    name_snake(names_str(program->names, function ? program_node(program, file, function)->name : 0),
               &name);
    for (ClassId id = 1; name.length && !found && id < program->classes.count; id++) {
        Str rest = name_after_model(a, accessor, id);
        strbuf_clear(&word);
        name_snake(rest, &word);
        found = rest.length && has_word(strbuf_str(&name), strbuf_str(&word)) &&
                may_have_it_too(a, accessor, id);
    }
    strbuf_release(&name);
    strbuf_release(&word);
    return found;
}

/* A view or other file whose place names the model, in a call that takes fields: f.text_field :email. */
static bool file_names_model(const Analysis *a, const Accessor *accessor, FileId file)
{
    const Program *program = a->program;
    const File *f = program->files.items[file];
    const TargetModel *model = &a->models.items[a->fields.items[accessor->field].model];
    Captures captures;
    for (const Rule *rule = filerule_next(program->rules, f->language->family, f->source->path, NULL,
                                          &captures);
         rule; rule = filerule_next(program->rules, f->language->family, f->source->path, rule,
                                    &captures)) {
        StrBuf buf = {0};
        bool same = rule->class_of.count && rule->class_of.items[0].is_template &&
                    template_expand(rule->class_of.items[0].text, filerule_variable, &captures, &buf) &&
                    str_eq(name_last(strbuf_str(&buf)), names_str(program->names, model->last));
        strbuf_release(&buf);
        if (same) {
            program_fired(a->program, rule);
            return true;
        }
    }
    return false;
}

/* One string given to some call: `page.at("title")`. Names of fields come as symbols, or several. */
static bool is_lone_text(const Facts *facts, NodeId node)
{
    const Node *n = &facts->nodes[node];
    if (n->kind != FACT_STRING || n->role == ROLE_KEY)
        return false;
    if (facts->nodes[n->parent].kind == FACT_PAIR)
        return true; /* what stands at a key */
    for (NodeId c = facts->nodes[n->parent].child; c; c = facts->nodes[c].next) {
        if (c != node && facts->nodes[c].kind == FACT_STRING)
            return false;
    }
    return true;
}

/* `known`: it is given to a call that takes names of fields. */
static bool companion_class(const Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                            bool known)
{
    const Program *program = a->program;
    for (ClassId id = program_enclosing_class(program, file, node); id;
         id = program->classes.items[id]->outer) {
        Confidence confidence = CONFIDENCE_CERTAIN;
        if (analysis_in_family(a, a->fields.items[accessor->field].model, id, &confidence))
            return known || !is_lone_text(&program->files.items[file]->facts, node);
        if (named_after(a, accessor, id))
            return program_node(a->program, file, node)->role != ROLE_VALUE &&
                   !in_function_for_sibling(a, accessor, file, node);
    }
    return false;
}

/* An argument beside the mention that is the model's class or table, or the call's own class. */
static bool neighbour_names_model(Analysis *a, const Accessor *accessor, FileId file,
                                  const Route *route)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    if (!route->taker || facts->nodes[route->taker].kind != FACT_CALL)
        return false;
    for (NodeId c = facts->nodes[route->taker].child; c; c = facts->nodes[c].next) {
        const Node *node = &facts->nodes[c];
        bool looked_at = node->role == ROLE_RECEIVER || node->role == ROLE_ARGUMENT;
        if (!looked_at || c == route->argument || node->kind == FACT_KEYWORD)
            continue;
        TypeSet types = resolver_type(a->resolver, file, c);
        for (uint32_t i = 0; i < types.count; i++) {
            Type type = types.items[i];
            Confidence confidence = CONFIDENCE_CERTAIN;
            if (!type.class_id || (type.shape != SHAPE_CLASS && type.shape != SHAPE_TABLE))
                continue;
            if (node->role == ROLE_RECEIVER ? named_after(a, accessor, type.class_id)
                                            : analysis_in_family(a, a->fields.items[accessor->field].model,
                                                                 type.class_id, &confidence))
                return true;
        }
    }
    return false;
}

/* @issue_params[:email], attributes[:email]: what is indexed is named after the model, or for fields. */
static bool indexed_by_model(const Analysis *a, const Accessor *accessor, FileId file,
                             const Route *route)
{
    const Program *program = a->program;
    NodeId base = fact_child(&program->files.items[file]->facts, route->taker, ROLE_RECEIVER);
    const TargetModel *model = &a->models.items[a->fields.items[accessor->field].model];
    StrBuf snake = {0};
    name_snake(names_str(program->names, model->last), &snake);
    Str text = base ? program_text(program, file, base) : str_lit("");
    bool found = base && (str_find(text, strbuf_str(&snake), 0) != SIZE_MAX || mention_holds_word(text, "attr"));
    strbuf_release(&snake);
    return found;
}

/* A constant list that is only turned into text: column headings, labels. */
static bool is_only_text(const Analysis *a, FileId file, NodeId taker)
{
    const Program *program = a->program;
    const Facts *facts = &program->files.items[file]->facts;
    NodeId assign = facts->nodes[taker].kind == FACT_ASSIGN ? taker : facts->nodes[taker].parent;
    NodeId target = fact_child(facts, assign, ROLE_TARGET);
    size_t uses = 0;
    if (facts->nodes[assign].kind != FACT_ASSIGN || !target || !facts->nodes[target].name)
        return false;
    for (NodeId n = 1; n < facts->count; n++) {
        const Node *node = &facts->nodes[n];
        if (n == target || node->kind != FACT_NAME || node->name != facts->nodes[target].name)
            continue;
        const Rule *rule = rules_find(&program->rules->calls, facts->nodes[node->parent].name);
        while (rule && rule->returns != SHAPE_OTHER)
            rule = rule->next_same_name;
        if (!rule || node->role != ROLE_RECEIVER)
            return false;
        uses++;
    }
    return uses > 0;
}


/*
 * {email: order.email}: what stands at the key reads a member of that name from an
 * object of known type, so the key is the name of an output, and no access.
 */
static bool value_says_it(Analysis *a, FileId file, NodeId node)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId pair = facts->nodes[node].role == ROLE_KEY ? facts->nodes[node].parent : node;
    NodeId value = fact_child(facts, pair, ROLE_VALUE);
    for (NodeId n = value; n && n < facts->count && facts->nodes[n].start < facts->nodes[pair].end;
         n++) {
        const Node *part = &facts->nodes[n];
        NodeId base = fact_child(facts, n, ROLE_RECEIVER);
        if ((part->kind != FACT_MEMBER && part->kind != FACT_CALL) || !base ||
            part->name != facts->nodes[node].name)
            continue;
        if (resolver_type(a->resolver, file, base).count)
            return true;
    }
    return false;
}

/* log("%(email)s changed", {"email": e}): the text beside it has a place of that name to fill. */
static bool fills_text(const Analysis *a, FileId file, NodeId node, const Route *route)
{
    static const char *const OPENINGS[] = {"%(", "{", ":", "%{"};
    const Program *program = a->program;
    const Facts *facts = &program->files.items[file]->facts;
    const Node *taker = &facts->nodes[route->taker];
    Str name = names_str(program->names, facts->nodes[node].name);
    if (taker->kind != FACT_CALL && taker->kind != FACT_BINARY)
        return false;
    Str before = str_slice(program->files.items[file]->source->text, taker->start, facts->nodes[node].start);
    for (size_t at = str_find(before, name, 0);
         at != SIZE_MAX; at = str_find(before, name, at + 1)) {
        for (size_t i = 0; i < sizeof OPENINGS / sizeof *OPENINGS; i++) {
            size_t length = strlen(OPENINGS[i]);
            if (at >= length && memcmp(before.data + at - length, OPENINGS[i], length) == 0 &&
                at > length)
                return true;
        }
    }
    return false;
}

/* data.get("email"), params.fetch(:email): indexing, spelled as a call. */
static bool asks_for_key(const Analysis *a, Sym name)
{
    const Rule *rule = rules_find(&a->program->rules->calls, name);
    while (rule && !rule->index)
        rule = rule->next_same_name;
    program_fired(a->program, rule);
    return rule != NULL;
}

/* The key is the name of something put out, and no access. */
static bool is_output(Analysis *a, FileId file, NodeId node, const Route *route)
{
    return value_says_it(a, file, node) || fills_text(a, file, node, route);
}

/* True when the mention goes somewhere: no key of a hash, no index, no list that is kept. */
static bool is_given(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                     const Route *route)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    bool alone = a->fields.items[accessor->field].only_column;
    if (alone && a->program->files.items[file]->language->keys_are_members)
        return true;
    if (route->as_key && is_output(a, file, node, route))
        return false;
    switch (route->taker ? facts->nodes[route->taker].kind : FACT_NONE) {
    case FACT_ELEMENT:
        return (alone && facts->nodes[route->taker].role == ROLE_TARGET) ||
               indexed_by_model(a, accessor, file, route);
    case FACT_NEW: return true;
    case FACT_MEMBER: return !route->as_key && !is_only_text(a, file, route->taker);
    case FACT_CALL:
        if (asks_for_key(a, facts->nodes[route->taker].name) && !route->as_key)
            return indexed_by_model(a, accessor, file, route);
        return facts->nodes[route->argument].role != ROLE_RECEIVER ||
               fact_child(facts, route->taker, ROLE_ARGUMENT) ||
               fact_child(facts, route->taker, ROLE_BLOCK);
    default:
        return !route->as_key || companion_class(a, accessor, file, node, false);
    }
}

/* True when a name beside this one in the same list or hash is another member of the model. */
static bool beside_a_member(const Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    const TargetModel *model = &a->models.items[a->fields.items[accessor->field].model];
    NodeId item = facts->nodes[node].role == ROLE_KEY ? facts->nodes[node].parent : node;
    FactKind around = (FactKind)facts->nodes[facts->nodes[item].parent].kind;
    NodeId c = around == FACT_LIST || around == FACT_MAP
                   ? facts->nodes[facts->nodes[item].parent].child : 0;
    for (int seen = 0; c && seen < 64; c = facts->nodes[c].next, seen++) {
        for (size_t i = 0; i < model->class_count && c != item && facts->nodes[c].name; i++) {
            if (program_member(a->program, model->classes[i], facts->nodes[c].name))
                return true;
        }
    }
    return false;
}

/* UNSAFE_ATTRS = ["email"], columns.push("email"), fields["email"]: what takes it is named so. */
static bool taken_as_field(const Analysis *a, FileId file, const Route *route)
{
    static const char *const WORDS[] = {"field", "attr", "column", "propert"};
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId target = fact_child(facts, route->taker, ROLE_TARGET);
    NodeId receiver = fact_child(facts, route->taker, ROLE_RECEIVER);
    Sym names[] = {facts->nodes[route->taker].name, target ? facts->nodes[target].name : 0,
                   receiver ? facts->nodes[receiver].name : 0};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        Str name = names_str(a->program->names, names[n]);
        for (size_t w = 0; w < sizeof WORDS / sizeof *WORDS; w++) {
            size_t length = strlen(WORDS[w]);
            for (size_t at = 0; at + length <= name.length; at++) {
                if (strncasecmp(name.data + at, WORDS[w], length) == 0)
                    return true;
            }
        }
    }
    return false;
}

/* A quoted word says by itself that a field is meant, or by what is listed beside it. */
static bool names_a_field(const Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                          const Route *route)
{
    const Node *n = program_node(a->program, file, node);
    bool quoted = n->kind == FACT_STRING || n->kind == FACT_PAIR;
    return !quoted || !name_is_plain_word(names_str(a->program->names, n->name)) ||
           beside_a_member(a, accessor, file, node) || taken_as_field(a, file, route);
}

/* A macro in the body of a class that has a member of that name speaks of its own. */
static bool means_own_member(const Analysis *a, const Accessor *accessor, FileId file, NodeId node)
{
    ClassId around = program_enclosing_class(a->program, file, node);
    Confidence confidence = CONFIDENCE_CERTAIN;
    if (!around || program_enclosing_function(a->program, file, node))
        return false;
    return !analysis_in_family(a, a->fields.items[accessor->field].model, around, &confidence) &&
           program_member(a->program, around, accessor->name);
}

/* Where types are declared, a string that no rule knows is text: new Cookie("name", "value"). */
static bool is_mere_text(const Analysis *a, FileId file, NodeId node, Meaning said)
{
    return !said && a->program->files.items[file]->language->typed &&
           program_node(a->program, file, node)->kind == FACT_STRING;
}

/* A key that a decorator is given is one of its own parameters: @Column(name = "x"). */
static bool configures_decorator(const Facts *facts, const Route *route, Meaning said)
{
    const Node *taker = &facts->nodes[route->taker];
    return !said && route->as_key && route->taker &&
           (taker->kind == FACT_DECORATOR || facts->nodes[taker->parent].kind == FACT_DECORATOR);
}

/* True when the model is a class that no framework stores: nothing fills it from lists and hashes. */
static bool is_plain_class(const Analysis *a, const Accessor *accessor)
{
    const TargetModel *model = &a->models.items[a->fields.items[accessor->field].model];
    for (size_t i = 0; i < model->class_count; i++) {
        const Class *class = a->program->classes.items[model->classes[i]];
        FileId file = class->places.count ? class->places.items[0].file : 0;
        if (class->is_model || !file || a->program->files.items[file]->language->keys_are_members)
            return false;
    }
    return model->class_count > 0;
}

/* draw(order, email: 1): a keyword, which may be handed on to a constructor. */
static bool is_keyword_of_call(const Analysis *a, FileId file, NodeId node, const Route *route)
{
    const File *f = a->program->files.items[file];
    FactKind kind = route->taker ? (FactKind)f->facts.nodes[route->taker].kind : FACT_NONE;
    char first = f->source->text.data[f->facts.nodes[node].start];
    return route->as_key && (kind == FACT_CALL || kind == FACT_NEW) && first != '"' && first != '\'';
}

/* No other class has such a field, and a field is meant: by a call that takes some, or by its looks. */
static bool is_only_owner(const Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                          const Route *route, Meaning said)
{
    if (!a->fields.items[accessor->field].only_column)
        return false;
    if (said)
        return true;
    if (is_plain_class(a, accessor) && !is_keyword_of_call(a, file, node, route))
        return false;
    return names_a_field(a, accessor, file, node, route);
}

void mention_guess(Analysis *a, const Accessor *accessor, FileId file, NodeId node,
                   const Route *route, Meaning said)
{
    Verdict verdict = {.confidence = CONFIDENCE_POSSIBLE};
    bool keyword_of_call = program_node(a->program, file, node)->kind == FACT_KEYWORD;
    if (is_mere_text(a, file, node, said))
        return;
    if (!is_given(a, accessor, file, node, route) ||
        configures_decorator(&a->program->files.items[file]->facts, route, said) ||
        means_own_member(a, accessor, file, node) || analysis_foreign(a, accessor->field, file)) {
        verdict.confidence = CONFIDENCE_POSSIBLE;
    } else if (is_only_owner(a, accessor, file, node, route, said)) {
        verdict.confidence = CONFIDENCE_LIKELY;
        verdict.why = "no other class of the code base has such a field";
    } else if (said && !route->as_key && file_names_model(a, accessor, file)) {
        verdict.confidence = CONFIDENCE_LIKELY;
        verdict.why = "the file's place names the model";
    } else if (neighbour_names_model(a, accessor, file, route)) {
        verdict.confidence = CONFIDENCE_LIKELY;
        verdict.why = "the same call names the model";
    } else if ((!keyword_of_call || said) &&
               companion_class(a, accessor, file, node, said != MEANING_NONE)) {
        verdict.confidence = CONFIDENCE_LIKELY;
        verdict.why = "in the model's own class, or one named after it";
    }
    Meaning meaning = said ? said : mention_guess_meaning(a, file, node, route);
    mention_record(a, accessor, file, node, meaning, &verdict, 0);
}
