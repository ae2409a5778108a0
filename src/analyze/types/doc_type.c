/*
 * Comments are not facts: they are read from the source when a type is asked
 * for and nothing else declares it. The comment is the one that ends on the
 * line before the declaration's (attributes and decorators between are passed
 * over). Looking for it costs its own length, at most LONGEST bytes.
 *
 * A type's text is a list of names between brackets and bars. Names in brackets
 * or before [] are what a collection holds; the language's list of untyped
 * names says nothing, and neither do words in lower case that are no class.
 */
#include "analyze/types/doc_type.h"

#include "analyze/program/naming.h"
#include "analyze/types/receiver_private.h"

#include <ctype.h>

enum { LONGEST = 16384, MOST_LINES = 200 };

/* --- finding the comment --- */

static size_t line_start(Str text, size_t at)
{
    while (at > 0 && text.data[at - 1] != '\n')
        at--;
    return at;
}

static Str trimmed(Str line)
{
    while (line.length && isspace((unsigned char)line.data[0]))
        line = str_slice(line, 1, line.length);
    while (line.length && isspace((unsigned char)line.data[line.length - 1]))
        line = str_slice(line, 0, line.length - 1);
    return line;
}

static bool is_attribute(Str line)
{
    return line.length && (str_starts(line, "#[") || line.data[0] == '@');
}

/* The block comment whose end is at `end`, or the line comments above it. */
static Str comment_ending(const Language *language, Str text, size_t end)
{
    Str none = {"", 0};
    size_t low = end > LONGEST ? end - LONGEST : 0;
    if (language->block_comment.count >= 2) {
        Str open = language->block_comment.items[0], close = language->block_comment.items[1];
        if (end >= open.length + close.length &&
            str_eq(str_slice(text, end - close.length, end), close)) {
            for (size_t at = end - close.length; at > low; at--) {
                if (str_eq(str_slice(text, at - 1, at - 1 + open.length), open))
                    return str_slice(text, at - 1, end);
            }
            return none;
        }
    }
    size_t start = end;
    while (start > low && language->line_comment.length) {
        size_t line = line_start(text, start);
        Str words = trimmed(str_slice(text, line, start));
        if (words.length < language->line_comment.length ||
            !str_eq(str_slice(words, 0, language->line_comment.length), language->line_comment))
            break;
        start = line ? line - 1 : 0;
        if (!line)
            break;
    }
    return str_slice(text, start, end);
}

static Str comment_above(const Resolver *r, FileId file, NodeId node)
{
    const File *f = r->program->files.items[file];
    Str text = f->source->text;
    size_t at = line_start(text, f->facts.nodes[node].start);
    for (int lines = 0; lines < 20; lines++) {
        while (at > 0 && isspace((unsigned char)text.data[at - 1]))
            at--;
        size_t line = line_start(text, at);
        if (!is_attribute(trimmed(str_slice(text, line, at))))
            break;
        at = line;
    }
    return comment_ending(f->language, text, at);
}

/* --- reading a type --- */

typedef struct TypeText {
    Resolver *resolver;
    FileId file;
    NodeId node;
} TypeText;

static bool listed(const StrList *list, Str name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (str_eq(list->items[i], name))
            return true;
    }
    return false;
}

static bool is_name_byte(char c)
{
    return byte_is_word((unsigned char)c) || c == '\\' || c == '.' || c == ':' || c == '$';
}

/* A name without the separators before and after it. */
static Str bare_name(Str name)
{
    while (name.length && (name.data[0] == '\\' || name.data[0] == '.' || name.data[0] == ':'))
        name = str_slice(name, 1, name.length);
    while (name.length && (name.data[name.length - 1] == '.' || name.data[name.length - 1] == ':'))
        name = str_slice(name, 0, name.length - 1);
    return name;
}

static bool means_self(Str name)
{
    return str_eq_c(name, "$this") || str_eq_c(name, "self") || str_eq_c(name, "static") ||
           str_eq_c(name, "this");
}

static TypeSet named(const TypeText *t, Str written)
{
    TypeSet none = {0};
    Resolver *r = t->resolver;
    Str name = bare_name(written);
    if (!name.length || isdigit((unsigned char)name.data[0]) ||
        listed(&language_of(r, t->file)->doc_untyped, name) ||
        listed(&language_of(r, t->file)->doc_plain, name)) /* Promise, of what is not said */
        return none;
    if (means_self(name))
        return resolver_self(r, t->file, t->node);
    Sym last = names_intern(r->program->names, name_last(name));
    bool known = program_class_named(r->program, last) != 0;
    if (!known && !isupper((unsigned char)name_last(name).data[0])) {
        resolver_need(r, NEED_CLASS, last, t->file);
        return none;
    }
    return resolver_named_class(r, t->file, t->node, names_intern(r->program->names, name),
                                SHAPE_INSTANCE);
}

static void add_named(const TypeText *t, Str name, bool held, TypeSet *set)
{
    TypeSet part = named(t, name);
    for (uint32_t i = 0; i < part.count; i++) {
        if (held && part.items[i].shape == SHAPE_INSTANCE)
            part.items[i].shape = SHAPE_COLLECTION;
    }
    typeset_weaken(&part, CONFIDENCE_LIKELY);
    typeset_join(set, &part);
}

/* `string|array`: beside a word that says nothing, only a class of ours says something. */
static void drop_beside_anything(const Resolver *r, TypeSet *set)
{
    TypeSet kept = {0};
    for (uint32_t i = 0; i < set->count; i++) {
        ClassId id = set->items[i].class_id;
        if (id && r->program->classes.items[id]->declared)
            typeset_add(&kept, set->items[i]);
    }
    *set = kept;
}

/* The name that starts at `at`, or an empty one. */
static Str name_at(Str text, size_t at)
{
    size_t end = at;
    while (end < text.length && is_name_byte(text.data[end]))
        end++;
    return str_slice(text, at, end);
}

static char byte_at(Str text, size_t at)
{
    return at < text.length ? text.data[at] : '\0';
}

/* Array<Order>: true when the name before "<" holds what follows. */
static bool is_holder(const Language *language, Str name)
{
    bool dot = name.data[name.length - 1] == '.';
    return !listed(&language->doc_plain, dot ? str_slice(name, 0, name.length - 1) : name);
}

/* Order, ?Order, Order|null, Order[], array<int, Order>, Promise<Order> */
static TypeSet read_type(const TypeText *t, Str text)
{
    TypeSet set = {0};
    const Language *language = language_of(t->resolver, t->file);
    int held = 0;
    bool list_after = str_find(text, str_lit(")[]"), 0) != SIZE_MAX, anything = false;
    for (size_t i = 0; i < text.length && text.data[i] != '{';) { /* "{": the shape of an object */
        Str name = name_at(text, i);
        i += name.length ? name.length : 1;
        if (!name.length) {
            held -= text.data[i - 1] == '>' && held;
            continue;
        }
        if (byte_at(text, i) == '<') {
            held += is_holder(language, name);
            i++;
            continue;
        }
        bool is_list = byte_at(text, i) == '[' && byte_at(text, i + 1) == ']';
        anything |= !held && !is_list && listed(&language->doc_untyped, bare_name(name));
        add_named(t, name, held || is_list || list_after, &set);
    }
    if (anything && set.count)
        drop_beside_anything(t->resolver, &set);
    return set;
}

/* --- reading a tag --- */

/* Splits off the type at the start of `rest`: {T}, [T], or a word with balanced brackets. */
static Str take_type(Str *rest)
{
    Str text = trimmed(*rest);
    size_t end = 0;
    int depth = 0;
    bool wrapped = text.length && (text.data[0] == '{' || text.data[0] == '[');
    for (; end < text.length; end++) {
        char c = text.data[end];
        depth += (c == '{') + (c == '[') + (c == '<') + (c == '(');
        depth -= (c == '}') + (c == ']') + (c == '>') + (c == ')');
        if ((wrapped && depth == 0) || (!wrapped && depth <= 0 && isspace((unsigned char)c)))
            break;
    }
    *rest = str_slice(text, end < text.length ? end + 1 : end, text.length);
    return wrapped ? str_slice(text, 1, end) : str_slice(text, 0, end);
}

/* The first name in what follows the type: $order, [order=1], ...order, &$order. */
static Str take_name(Str rest)
{
    size_t start = 0;
    while (start < rest.length && !byte_is_word((unsigned char)rest.data[start]))
        start++;
    size_t end = start;
    while (end < rest.length && byte_is_word((unsigned char)rest.data[end]))
        end++;
    return str_slice(rest, start, end);
}

static bool starts_with_tag(Str line, const StrList *tags, Str *rest)
{
    for (size_t i = 0; i < tags->count; i++) {
        Str tag = tags->items[i];
        if (line.length > tag.length && str_eq(str_slice(line, 0, tag.length), tag) &&
            isspace((unsigned char)line.data[tag.length])) {
            *rest = str_slice(line, tag.length, line.length);
            return true;
        }
    }
    return false;
}

typedef enum TagName { NAME_NONE, NAME_WANTED, NAME_OPTIONAL } TagName;

/* True when what follows a tag speaks of the wanted name; leaves its type in *type. */
static bool tag_fits(Str rest, TagName want, Str name, Str *type)
{
    *type = take_type(&rest);
    Str about = take_name(rest);
    bool dollar = trimmed(rest).length && trimmed(rest).data[0] == '$';
    if (type->length && type->data[0] == '$') { /* @var $order Order */
        about = take_name(*type);
        *type = take_type(&rest);
        dollar = true;
    }
    bool named = want == NAME_WANTED || (want == NAME_OPTIONAL && dollar);
    return !named || str_eq(about, name);
}

/* The type in the first line of `comment` that has one of the tags and is about `name`. */
static TypeSet find_tag(const TypeText *t, Str comment, const StrList *tags, TagName want, Str name)
{
    TypeSet set = {0};
    size_t at = 0;
    for (int lines = 0; at < comment.length && lines < MOST_LINES && tags->count; lines++) {
        size_t end = str_find_byte(comment, '\n', at);
        size_t tag = at;
        while (tag < comment.length && comment.data[tag] != '@' && comment.data[tag] != '\n')
            tag++;
        Str line = trimmed(str_slice(comment, tag, end));
        Str rest, type;
        at = end == SIZE_MAX ? comment.length : end + 1;
        if (!starts_with_tag(line, tags, &rest) || !tag_fits(rest, want, name, &type))
            continue;
        set = read_type(t, type);
        if (set.count)
            return set;
    }
    return set;
}

/* --- declarations --- */

TypeSet doc_param(Resolver *r, FileId file, NodeId node, Sym name)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    TypeSet set = {0};
    if (!language_of(r, file)->doc_params.count || !name)
        return set;
    for (NodeId p = node; p && !set.count; p = facts->nodes[p].parent) {
        if (facts->nodes[p].kind != FACT_FUNCTION && facts->nodes[p].kind != FACT_LAMBDA)
            continue;
        TypeText t = {r, file, p};
        set = find_tag(&t, comment_above(r, file, p), &language_of(r, file)->doc_params, NAME_WANTED,
                       names_str(r->program->names, name));
        if (facts->nodes[p].kind == FACT_FUNCTION)
            break;
    }
    return set;
}

TypeSet doc_return(Resolver *r, FileId file, NodeId function)
{
    const Language *language = language_of(r, file);
    TypeText t = {r, file, function};
    if (!language->doc_returns.count)
        return (TypeSet){0};
    return find_tag(&t, comment_above(r, file, function), &language->doc_returns, NAME_NONE,
                    (Str){"", 0});
}

TypeSet doc_value(Resolver *r, FileId file, NodeId node, Sym name)
{
    const Language *language = language_of(r, file);
    TypeText t = {r, file, node};
    if (!language->doc_values.count)
        return (TypeSet){0};
    return find_tag(&t, comment_above(r, file, node), &language->doc_values, NAME_OPTIONAL,
                    names_str(r->program->names, name));
}

TypeSet doc_member(Resolver *r, ClassId class_id, Sym name)
{
    TypeSet set = {0};
    ClassId line[24];
    size_t count = program_ancestors(r->program, class_id, line, 24);
    for (size_t i = 0; i < count && !set.count; i++) {
        const Class *class = r->program->classes.items[line[i]];
        for (size_t p = 0; p < class->places.count && !set.count; p++) {
            Place place = class->places.items[p];
            const Language *language = language_of(r, place.file);
            TypeText t = {r, place.file, place.node};
            if (language->doc_members.count)
                set = find_tag(&t, comment_above(r, place.file, place.node), &language->doc_members,
                               NAME_WANTED, names_str(r->program->names, name));
        }
    }
    return set;
}
