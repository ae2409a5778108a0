/*
 * What a mention in no known call is for, by the plain words around it: what a
 * hash, a variable, a call or the other side of a comparison is named after, and
 * what a list of names is used for. And strings that list several names
 * ("position, title desc"), which mean as little or as much as one name alone.
 */
#include "analyze/access/mention_private.h"

#include <string.h>
#include <strings.h>

enum { MOST_WORDS = 24, DEEPEST_NAME = 4, MOST_LOOKED_AT = 4000, MOST_USES = 12 };

static const char *const QUERY_WORDS[] = {"filter", "order", "sort",  "where",  "query", "column",
                                          "search", "group", "scope"};

bool mention_holds_word(Str name, const char *word)
{
    size_t length = strlen(word);
    for (size_t at = 0; at + length <= name.length; at++) {
        if (strncasecmp(name.data + at, word, length) == 0)
            return true;
    }
    return false;
}

/* True when a name has a word of queries that is not a word of a model's or field's own name. */
static bool speaks_of_queries(const Analysis *a, Sym sym)
{
    Str name = names_str(a->program->names, sym);
    if (sym && map_get(&a->accessor_by_name, sym))
        return false;
    for (size_t i = 0; i < sizeof QUERY_WORDS / sizeof *QUERY_WORDS; i++) {
        bool ours = false;
        for (size_t m = 0; m < a->models.count; m++)
            ours |= mention_holds_word(names_str(a->program->names, a->models.items[m].last),
                                       QUERY_WORDS[i]);
        if (!ours && mention_holds_word(name, QUERY_WORDS[i]))
            return true;
    }
    return false;
}

/* $sortby, $this->query_vars, $args['orderby']: a word of queries in the last part, or what it is part of. */
static bool named_for_queries(const Analysis *a, const Facts *facts, NodeId node)
{
    for (int depth = 0; node && depth < DEEPEST_NAME; depth++) {
        NodeId index = fact_child(facts, node, ROLE_INDEX);
        if (speaks_of_queries(a, facts->nodes[node].name) ||
            (index && facts->nodes[index].kind == FACT_STRING &&
             speaks_of_queries(a, facts->nodes[index].name)))
            return true;
        if (facts->nodes[node].kind != FACT_ELEMENT)
            return false;
        node = fact_child(facts, node, ROLE_RECEIVER);
    }
    return false;
}

/* filters: {email: ...}, @conditions = {email: ...}, args['sort'] = "email": named after what it does. */
static bool kept_for_queries(const Analysis *a, const Facts *facts, const Route *route)
{
    for (size_t i = 0; i < route->inside_count; i++) {
        if (speaks_of_queries(a, route->inside[i]))
            return true;
    }
    NodeId target = fact_child(facts, route->taker, ROLE_TARGET);
    return target && named_for_queries(a, facts, target);
}

/* `sort == "email"`, `case "email"` of a switch on it, `in_list(sort, ["email"])` */
static bool compared_with_query(const Analysis *a, const Facts *facts, const Route *route)
{
    const Node *taker = &facts->nodes[route->taker];
    if (taker->kind == FACT_CASE) {
        NodeId value = fact_child(facts, taker->parent, ROLE_VALUE);
        return value && named_for_queries(a, facts, value);
    }
    if (taker->kind != FACT_BINARY && taker->kind != FACT_CALL)
        return false;
    for (NodeId c = taker->child; c; c = facts->nodes[c].next) {
        FactKind kind = (FactKind)facts->nodes[c].kind;
        bool named = kind == FACT_NAME || kind == FACT_MEMBER || kind == FACT_ELEMENT;
        if (named && c != route->argument && facts->nodes[c].role != ROLE_RECEIVER &&
            named_for_queries(a, facts, c))
            return true;
    }
    return false;
}

/* permit(:email), safe_attributes 'email': the call's name says that values are taken in. */
static bool speaks_of_writes(Str name)
{
    return mention_holds_word(name, "permit") || mention_holds_word(name, "assign") ||
           mention_holds_word(name, "attributes");
}

/* The name is held against something, not handed on. */
static bool is_compared(const Program *program, const Node *taker, bool passed)
{
    if (taker->kind == FACT_CALL)
        return !passed || str_starts(names_str(program->names, taker->name), "include");
    return taker->kind == FACT_CASE || taker->kind == FACT_IF || taker->kind == FACT_BINARY;
}

/* x["email"]: by its place, unless x is named for queries. */
static Meaning element_meaning(const Analysis *a, const Facts *facts, NodeId element)
{
    NodeId base = fact_child(facts, element, ROLE_RECEIVER);
    if (base && named_for_queries(a, facts, base))
        return MEANING_QUERY;
    return facts->nodes[element].role == ROLE_TARGET ? MEANING_WRITE : MEANING_READ;
}

/* data[name] = order[name], getattr(order, name): the name says what is read of an object there. */
static bool is_copied(const Analysis *a, FileId file, NodeId element, Sym name)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId value = fact_child(facts, facts->nodes[element].parent, ROLE_VALUE);
    NodeId base = fact_child(facts, value, ROLE_RECEIVER);
    if (facts->nodes[value].kind == FACT_ELEMENT && base)
        return resolver_type(a->resolver, file, base).count > 0;
    for (NodeId n = value; n && n < facts->count && facts->nodes[n].start < facts->nodes[value].end; n++) {
        if (facts->nodes[n].kind == FACT_NAME && facts->nodes[n].name == name &&
            facts->nodes[n].role != ROLE_INDEX)
            return true;
    }
    return false;
}

/* How the body of a loop uses its variable, which holds one name after the other: x[name] = y writes it. */
static Meaning meaning_in_loop(const Analysis *a, FileId file, NodeId each)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    NodeId target = fact_child(facts, each, ROLE_TARGET);
    Sym name = target && facts->nodes[target].kind == FACT_NAME ? facts->nodes[target].name : 0;
    for (NodeId n = each + 1; name && n < facts->count && n < each + MOST_LOOKED_AT &&
                              facts->nodes[n].start < facts->nodes[each].end; n++) {
        NodeId index = facts->nodes[n].kind == FACT_ELEMENT && facts->nodes[n].role == ROLE_TARGET
                           ? fact_child(facts, n, ROLE_INDEX) : 0;
        if (!index || facts->nodes[index].kind != FACT_NAME || facts->nodes[index].name != name)
            continue;
        if (!is_copied(a, file, n, name))
            return element_meaning(a, facts, n);
    }
    return MEANING_NONE;
}

/* What a list of names, or the variable that holds one, is given to at `route`. */
static Meaning meaning_of_list(const Analysis *a, FileId file, const Route *route)
{
    const Facts *facts = &a->program->files.items[file]->facts;
    const Node *taker = &facts->nodes[route->taker];
    FactRole role = (FactRole)facts->nodes[route->argument].role;
    if (taker->kind == FACT_EACH && role == ROLE_SOURCE)
        return meaning_in_loop(a, file, route->taker);
    if (taker->kind != FACT_CALL || role != ROLE_ARGUMENT)
        return MEANING_NONE;
    if (mention_makes_keys(a, file, route->taker))
        return MEANING_WRITE;
    return compared_with_query(a, facts, route) ? MEANING_QUERY : MEANING_NONE;
}

/* names = ["email", "state"]: what the variable is used for later on; NONE when that does not say it. */
static Meaning meaning_of_kept_list(const Analysis *a, FileId file, NodeId node, const Route *route)
{
    const File *f = a->program->files.items[file];
    const Facts *facts = &f->facts;
    const Node *taker = &facts->nodes[route->taker];
    NodeId target = taker->kind == FACT_ASSIGN ? fact_child(facts, route->taker, ROLE_TARGET) : 0;
    NodeId function = program_enclosing_function(a->program, file, node);
    if (facts->nodes[facts->nodes[node].parent].kind != FACT_LIST)
        return MEANING_NONE;
    if (!target || facts->nodes[target].kind != FACT_NAME)
        return meaning_of_list(a, file, route);
    uint32_t end = function ? facts->nodes[function].end : UINT32_MAX;
    Meaning meaning = MEANING_NONE;
    int seen = 0;
    for (NodeId n = node + 1; !meaning && n < facts->count && n < node + MOST_LOOKED_AT &&
                              facts->nodes[n].start < end && seen < MOST_USES; n++) {
        if (facts->nodes[n].kind != FACT_NAME || facts->nodes[n].name != facts->nodes[target].name)
            continue;
        if (facts->nodes[n].role == ROLE_TARGET)
            break; /* something else from here on */
        seen++;
        Route use = mention_climb(f, n);
        meaning = meaning_of_list(a, file, &use);
    }
    return meaning;
}

Meaning mention_guess_meaning(const Analysis *a, FileId file, NodeId node, const Route *route)
{
    const Program *program = a->program;
    const Facts *facts = &program->files.items[file]->facts;
    const Node *taker = &facts->nodes[route->taker];
    if (taker->kind == FACT_ELEMENT)
        return element_meaning(a, facts, route->taker);
    if (kept_for_queries(a, facts, route))
        return MEANING_QUERY;
    if (route->as_key)
        return MEANING_WRITE;
    bool passed = taker->kind == FACT_CALL && facts->nodes[route->argument].role == ROLE_ARGUMENT;
    if ((passed && speaks_of_queries(a, taker->name)) || compared_with_query(a, facts, route))
        return MEANING_QUERY;
    if (passed && speaks_of_writes(names_str(program->names, taker->name)))
        return MEANING_WRITE;
    Meaning kept = meaning_of_kept_list(a, file, node, route);
    if (kept)
        return kept;
    ClassId around = program_enclosing_class(program, file, node);
    if (around && !is_compared(program, taker, passed) &&
        speaks_of_queries(a, program->classes.items[around]->name))
        return MEANING_QUERY;
    return MEANING_READ;
}

/* --- several names in one string --- */

static bool is_separator(char byte)
{
    return byte == ' ' || byte == ',' || byte == '`';
}

/* How many words the text lists; 0 when it is no plain list of names. */
static size_t count_names(Str text)
{
    size_t words = 0;
    for (size_t at = 0; at < text.length;) {
        size_t end = at;
        while (end < text.length && (byte_is_word((unsigned char)text.data[end]) ||
                                     text.data[end] == '.'))
            end++;
        words += end > at;
        if (end < text.length && !is_separator(text.data[end]))
            return 0;
        at = end + 1;
    }
    return words <= MOST_WORDS ? words : 0;
}

/* One of the listed names is an accessor's. */
static void check_name(Analysis *a, const Accessor *accessor, FileId file, NodeId node, Str word,
                       uint32_t start)
{
    Route route = mention_climb(a->program->files.items[file], node);
    Meaning meaning = MEANING_NONE;
    TypeSet types = {0};
    Verdict verdict = {.confidence = CONFIDENCE_LIKELY,
                       .why = "no other class of the code base has such a field"};
    bool known = mention_context(a, file, node, &meaning, &types);
    if (meaning == MEANING_SQL || meaning == MEANING_SET)
        return; /* read as such */
    if (known && types.count) {
        if (!analysis_judge(a, accessor->field, UINT32_MAX, &types, &verdict))
            return;
    } else if (!a->fields.items[accessor->field].only_column ||
               mention_guess_meaning(a, file, node, &route) != MEANING_QUERY) {
        return; /* words, of whatever */
    } else {
        meaning = MEANING_QUERY;
    }
    analysis_hit(a, (Hit){.field = accessor->field,
                          .file = file,
                          .node = node,
                          .start = start,
                          .end = start + (uint32_t)word.length,
                          .kind = meaning_access(meaning),
                          .confidence = verdict.confidence,
                          .accessor = accessor->name,
                          .receiver_class = verdict.class_id,
                          .reason = verdict.reason,
                          .why = verdict.why});
}

bool mention_check_list(Analysis *a, FileId file, NodeId node, Str text, uint32_t start)
{
    if (count_names(text) < 2)
        return false;
    for (size_t at = 0; at < text.length;) {
        size_t end = at;
        while (end < text.length && !is_separator(text.data[end]))
            end++;
        Str word = str_slice(text, at, end);
        Sym name = names_lookup(a->program->names, word);
        uint64_t *first = name ? map_get(&a->accessor_by_name, name) : NULL;
        for (uint32_t k = first ? (uint32_t)*first : 0; k; k = a->accessors.items[k - 1].next) {
            if (accessor_has_uses(&a->accessors.items[k - 1]))
                check_name(a, &a->accessors.items[k - 1], file, node, word, start + (uint32_t)at);
        }
        at = end + 1;
    }
    return true;
}
