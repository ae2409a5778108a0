/*
 * The places that render a template are found once for each template: calls by
 * the rules' names, with a string that the template's path ends with, and class
 * attributes. A place speaks for the function (or class) around it: every value
 * given there under the variable's name counts, however the dictionary travels
 * to the call. An `include` speaks by its keywords, else by what the name means
 * where it stands.
 */
#include "analyze/types/render.h"

#include "analyze/program/binding.h"
#include "analyze/program/filerule.h"
#include "analyze/program/naming.h"
#include "analyze/types/companion.h"
#include "analyze/types/receiver_private.h"

#include <string.h>

enum { MOST_SITES = 16, MOST_INCLUDES = 4 };

typedef struct RenderSites {
    Place items[MOST_SITES];
    size_t count;
} RenderSites;

/* "orders.show" of views/orders/show.html: dots for slashes, and no ending. */
static bool spells_template(Str path, Str text)
{
    size_t slash = path.length;
    while (slash && path.data[slash - 1] != '/')
        slash--;
    size_t dot = str_find_byte(path, '.', slash);
    Str stem = str_slice(path, 0, dot);
    if (!text.length || text.length > stem.length ||
        (text.length < stem.length && stem.data[stem.length - text.length - 1] != '/'))
        return false;
    for (size_t i = 0; i < text.length; i++) {
        char byte = stem.data[stem.length - text.length + i];
        if (text.data[i] != byte && (text.data[i] != '.' || byte != '/'))
            return false;
    }
    return true;
}

/* True when the text names the template: its path, or the end of it from a slash on. */
static bool names_template(Str path, Str text)
{
    if (spells_template(path, text))
        return true;
    if (!text.length || text.length > path.length ||
        !str_eq(str_slice(path, path.length - text.length, path.length), text))
        return false;
    return text.length == path.length || path.data[path.length - text.length - 1] == '/';
}

static bool is_template_string(const Resolver *r, FileId file, NodeId node, Str path)
{
    const Node *n = &facts_of(r, file)->nodes[node];
    return n->kind == FACT_STRING && n->name &&
           names_template(path, names_str(r->program->names, n->name));
}

/* A string of the call, or of a list among its arguments, names the template. */
static bool call_names(const Resolver *r, Place call, Str path)
{
    const Facts *facts = facts_of(r, call.file);
    for (NodeId c = facts->nodes[call.node].child; c; c = facts->nodes[c].next) {
        NodeId value = facts->nodes[c].kind == FACT_KEYWORD ? fact_child(facts, c, ROLE_VALUE) : c;
        if (value && is_template_string(r, call.file, value, path))
            return true;
        for (NodeId e = value && facts->nodes[value].kind == FACT_LIST ? facts->nodes[value].child : 0;
             e; e = facts->nodes[e].next) {
            if (is_template_string(r, call.file, e, path))
                return true;
        }
    }
    return false;
}

static void add_site(RenderSites *sites, Place place)
{
    if (sites->count < MOST_SITES)
        sites->items[sites->count++] = place;
}

static void add_calls(const Resolver *r, const Rule *rule, Str path, RenderSites *sites)
{
    const Program *program = r->program;
    for (size_t n = 0; n < rule->names.count; n++) {
        Sym name = names_lookup(program->names, rule->names.items[n]);
        uint64_t *first = name ? map_get(&program->calls_by_name, name) : NULL;
        for (uint32_t i = first ? (uint32_t)*first : 0; i; i = program->call_next.items[i - 1]) {
            Place call = program->calls.items[i - 1];
            if (call_names(r, call, path)) {
                program_fired(r->program, rule);
                add_site(sites, call);
            }
        }
    }
}

static void add_attributes(const Resolver *r, const Rule *rule, Str path, RenderSites *sites)
{
    const Program *program = r->program;
    for (size_t i = 1; i < program->members.count; i++) {
        const Member *member = &program->members.items[i];
        if (member->kind != MEMBER_FIELD || !member->value ||
            !is_template_string(r, member->place.file, member->value, path))
            continue;
        for (size_t n = 0; n < rule->names.count; n++) {
            if (str_eq(rule->names.items[n], names_str(program->names, member->name))) {
                program_fired(r->program, rule);
                add_site(sites, member->place);
            }
        }
    }
}

/* Files that may render it spell its name, or its folder and name with a dot between. */
static void need_sites(Resolver *r, FileId file, Str path)
{
    Names *names = r->program->names;
    size_t name = path.length, folder;
    while (name && path.data[name - 1] != '/')
        name--;
    for (folder = name ? name - 1 : 0; folder && path.data[folder - 1] != '/'; folder--)
        ;
    resolver_need(r, NEED_TEXT, names_intern(names, str_slice(path, name, path.length)), file);
    StrBuf dotted = {0};
    if (name > folder + 1) {
        strbuf_add_str(&dotted, str_slice(path, folder, name - 1));
        strbuf_add_byte(&dotted, '.');
    }
    strbuf_add_str(&dotted, str_slice(path, name, str_find_byte(path, '.', name)));
    resolver_need(r, NEED_TEXT, names_intern(names, strbuf_str(&dotted)), file);
    strbuf_release(&dotted);
}

static const RenderSites *sites_of(Resolver *r, FileId file)
{
    uint64_t *memo = map_get(&r->rendered, file);
    if (memo)
        return (const RenderSites *)(uintptr_t)*memo;
    Program *program = r->program;
    RenderSites *sites = ARENA_NEW(&program->arena, RenderSites);
    Str path = str_of(program->files.items[file]->source->path);
    const char *family = program->files.items[file]->language->family;
    for (int s = 0; s < 2; s++) {
        RuleSection section = s ? RULE_ATTRIBUTE : RULE_CALL;
        for (size_t i = 0; i < program->rules->sections[section].count; i++) {
            const Rule *rule = program->rules->sections[section].items[i];
            if (!rule->renders || strcmp(rule->pack->family, family) != 0)
                continue;
            if (s)
                add_attributes(r, rule, path, sites);
            else
                add_calls(r, rule, path, sites);
        }
    }
    map_put(&r->rendered, file, (uint64_t)(uintptr_t)sites);
    need_sites(r, file, path);
    return sites;
}

/* The value given under `name` at a node, or 0: {"name": v}, f(name=v), context["name"] = v. */
static NodeId given(const Facts *facts, NodeId node, Sym name)
{
    const Node *n = &facts->nodes[node];
    if ((n->kind == FACT_PAIR || n->kind == FACT_KEYWORD) && n->name == name)
        return fact_child(facts, node, ROLE_VALUE);
    if (n->kind != FACT_ASSIGN)
        return 0;
    NodeId target = fact_child(facts, node, ROLE_TARGET);
    NodeId index = target && facts->nodes[target].kind == FACT_ELEMENT
                       ? fact_child(facts, target, ROLE_INDEX)
                       : 0;
    bool named = index && facts->nodes[index].kind == FACT_STRING && facts->nodes[index].name == name;
    return named ? fact_child(facts, node, ROLE_VALUE) : 0;
}

/* What is given under the name anywhere in `scope`. */
static TypeSet given_within(Resolver *r, FileId file, NodeId scope, Sym name)
{
    const Facts *facts = facts_of(r, file);
    TypeSet set = {0};
    uint32_t end = facts->nodes[scope].end;
    for (NodeId n = scope + 1; n < facts->count && facts->nodes[n].start < end; n++) {
        NodeId value = given(facts, n, name);
        TypeSet part = {0};
        if (value)
            part = resolver_type(r, file, value);
        typeset_join(&set, &part);
    }
    return set;
}

static TypeSet included(Resolver *r, Place call, Sym name)
{
    TypeSet set = {0};
    const Binding *binding;
    NodeId value = callsite_keyword(r->program, call.file, call.node, names_str(r->program->names, name));
    if (value)
        return resolver_type(r, call.file, value);
    set = given_within(r, call.file, call.node, name); /* include('x', ['order' => $o]) */
    if (set.count)
        return set;
    File *file = r->program->files.items[call.file];
    if (binding_lookup_name(file, call.node, name, &binding, 1))
        return resolver_binding(r, call.file, binding);
    if (r->includes < MOST_INCLUDES) {
        r->includes++;
        set = render_name(r, call.file, name);
        r->includes--;
    }
    return set;
}

static bool lists(const Program *program, const StrList *list, Sym name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (str_eq(list->items[i], names_str(program->names, name)))
            return true;
    }
    return false;
}

/* What a template's place tells: order_detail.html shows an order as `object`. */
static TypeSet by_place(Resolver *r, FileId file, Sym name)
{
    TypeSet set = {0};
    const Program *program = r->program;
    const File *f = program->files.items[file];
    Captures captures;
    const Rule *rule = NULL;
    while (!set.count && (rule = filerule_next(program->rules, f->language->family, f->source->path,
                                               rule, &captures))) {
        Shape shape = lists(program, &rule->instances, name)     ? SHAPE_INSTANCE
                      : lists(program, &rule->collections, name) ? SHAPE_COLLECTION
                                                                 : SHAPE_UNKNOWN;
        StrBuf buf = {0};
        if (shape && rule->class_of.count &&
            template_expand(rule->class_of.items[0].text, filerule_variable, &captures, &buf))
            set = resolver_named_class(r, file, 1, names_intern(program->names, strbuf_str(&buf)), shape);
        strbuf_release(&buf);
        if (set.count && !set.items[0].class_id)
            set.count = 0;
        typeset_weaken(&set, CONFIDENCE_LIKELY);
        if (set.count)
            program_fired(r->program, rule);
    }
    return set;
}

TypeSet render_name(Resolver *r, FileId file, Sym name)
{
    TypeSet set = by_place(r, file, name);
    if (set.count)
        return set;
    const RenderSites *sites = sites_of(r, file);
    for (size_t i = 0; i < sites->count; i++) {
        Place site = sites->items[i];
        const Facts *facts = facts_of(r, site.file);
        TypeSet part = {0};
        if (facts->nodes[site.node].flags & FLAG_TEMPLATE) {
            if (site.file != file)
                part = included(r, site, name);
            typeset_join(&set, &part);
            continue;
        }
        NodeId scope = program_enclosing_function(r->program, site.file, site.node);
        ClassId owner = program_enclosing_class(r->program, site.file, site.node);
        if (!scope && owner) {
            scope = fact_ancestor(facts, site.node, FACT_CLASS);
            part = companion_name(r, owner, name);
            typeset_join(&set, &part);
        }
        part = given_within(r, site.file, scope ? scope : 1, name);
        typeset_join(&set, &part);
    }
    return set;
}
