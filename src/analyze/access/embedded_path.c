/*
 * Dotted and underscored names in strings: relation paths that a pack's
 * separator parts (job__health__in, -health), and "project.status", whose first
 * part is a table, the model, or how one is reached.
 */
#include "analyze/access/embedded_private.h"

#include "analyze/program/naming.h"

#include <string.h>

static Str separator_of(const Analysis *a, FileId file)
{
    const RuleSet *rules = a->program->rules;
    for (size_t i = 0; i < rules->packs.count; i++) {
        const RulePack *pack = rules->packs.items[i];
        if (pack->lookup.length &&
            strcmp(pack->family, a->program->files.items[file]->language->family) == 0)
            return pack->lookup;
    }
    return (Str){"", 0};
}

static TypeSet step(Analysis *a, const TypeSet *from, Sym name, FileId file, NodeId node)
{
    TypeSet set = {0};
    for (uint32_t i = 0; i < from->count; i++) {
        MemberId id = program_member(a->program, from->items[i].class_id, name);
        TypeSet part = {0};
        if (id)
            part = resolver_member_type(a->resolver, id);
        for (uint32_t k = 0; k < part.count; k++) {
            if (part.items[k].shape == SHAPE_COLLECTION)
                part.items[k].shape = SHAPE_INSTANCE;
        }
        typeset_join(&set, &part);
    }
    return set.count ? set : resolver_convention(a->resolver, file, node, name);
}

static bool is_path(Str text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!byte_is_word((unsigned char)text.data[i]))
            return false;
    }
    return text.length > 0;
}

static void check_segment(Analysis *a, FileId file, NodeId node, uint32_t start, Str segment,
                          const TypeSet *types, Meaning meaning, bool first)
{
    Sym name = names_lookup(a->program->names, segment);
    uint64_t *accessor = name ? map_get(&a->accessor_by_name, name) : NULL;
    for (uint32_t k = accessor ? (uint32_t)*accessor : 0; k; k = a->accessors.items[k - 1].next) {
        Verdict verdict;
        if (!analysis_judge(a, a->accessors.items[k - 1].field, UINT32_MAX, types, &verdict))
            continue;
        if (first && !types->count && verdict.confidence > CONFIDENCE_LIKELY)
            verdict.confidence = CONFIDENCE_POSSIBLE;
        analysis_hit(a, (Hit){.field = a->accessors.items[k - 1].field,
                              .file = file,
                              .node = node,
                              .start = start,
                              .end = start + (uint32_t)segment.length,
                              .kind = meaning_access(meaning),
                              .confidence = verdict.confidence,
                              .accessor = name,
                              .receiver_class = verdict.class_id,
                              .reason = verdict.reason,
                              .why = verdict.why});
    }
}

void embedded_path(Analysis *a, FileId file, NodeId node, Str path, uint32_t start, TypeSet types,
                   Meaning meaning)
{
    Str separator = separator_of(a, file);
    for (size_t at = 0; at <= path.length && separator.length;) {
        size_t end = str_find(path, separator, at);
        Str segment = str_slice(path, at, end);
        if (segment.length) {
            Sym name = names_intern(a->program->names, segment);
            check_segment(a, file, node, start + (uint32_t)at, segment, &types, meaning, at == 0);
            types = step(a, &types, name, file, node);
        }
        if (end == SIZE_MAX)
            break;
        at = end + separator.length;
    }
}

bool embedded_check_path(Analysis *a, FileId file, NodeId node, Str path, uint32_t start)
{
    Str separator = separator_of(a, file);
    while (path.length && (path.data[0] == '-' || path.data[0] == '+')) {
        path = str_slice(path, 1, path.length);
        start++;
    }
    if (!separator.length || !is_path(path))
        return false;
    Meaning meaning = MEANING_NONE;
    TypeSet types = {0};
    bool known = mention_context(a, file, node, &meaning, &types);
    if (!types.count && program_node(a->program, file, node)->kind == FACT_KEYWORD)
        types = hint_of_value(a, file, node);
    if (!known && str_find(path, separator, 0) == SIZE_MAX)
        return true; /* a plain word in no known call */
    if (!meaning || meaning == MEANING_SQL || meaning == MEANING_SET)
        meaning = MEANING_QUERY;
    embedded_path(a, file, node, path, start, types, meaning);
    return true;
}

/* The segment before the last; empty when the text is no dotted name. */
static Str owner_segment(Str text, Str last)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!byte_is_word((unsigned char)text.data[i]) && text.data[i] != '.')
            return (Str){"", 0};
    }
    return last.length + 2 > text.length
               ? (Str){"", 0}
               : name_last(str_slice(text, 0, text.length - last.length - 1));
}

/* What a table's qualified column is given for; NONE when the text is SQL, or given to no known call. */
static Meaning meaning_of_column(Analysis *a, FileId file, NodeId node, Meaning known)
{
    Meaning meaning = known ? known : mention_meaning_by_name(a, file, node);
    return meaning == MEANING_SQL ? MEANING_NONE : meaning;
}

bool embedded_check_dotted(Analysis *a, FileId file, NodeId node, Str text, uint32_t start)
{
    Str last = name_last(text), owner = owner_segment(text, last);
    Sym name = names_lookup(a->program->names, last), owner_name = names_lookup(a->program->names, owner);
    uint64_t *table = owner_name ? map_get(&a->program->classes_by_table, owner_name) : NULL;
    TypeSet types = {0}, about = {0};
    Meaning meaning = MEANING_NONE;
    if (!name || !owner.length)
        return false;
    bool known = mention_context(a, file, node, &meaning, &about);
    if (table) {
        meaning = meaning_of_column(a, file, node, meaning);
        if (!meaning)
            return false;
        typeset_add(&types, (Type){.shape = SHAPE_TABLE, .class_id = (ClassId)*table});
    } else if (owner_name) {
        types = resolver_convention(a->resolver, file, node, owner_name);
    }
    if (!types.count)
        types = embedded_owner_by_alias(a, file, node, name, owner);
    if (!types.count)
        return false;
    if (!table && (!known || meaning == MEANING_SQL || !meaning))
        meaning = MEANING_QUERY;
    check_segment(a, file, node, start + (uint32_t)(text.length - last.length), last, &types,
                  meaning, false);
    return true;
}
