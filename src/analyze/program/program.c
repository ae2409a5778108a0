/*
 * Indexing a file is one pass over its node array. Nothing is resolved here:
 * names are looked up only when someone asks (link.c, resolve_class.c), because most
 * of what a file declares never matters to a run.
 */
#include "analyze/program/program.h"

#include "analyze/program/alias.h"
#include "analyze/program/definition.h"
#include "analyze/program/export.h"
#include "analyze/program/import.h"
#include "analyze/program/naming.h"
#include "analyze/program/prototype.h"

#include <stdlib.h>
#include <string.h>

Program *program_new(Names *names, const RuleSet *rules)
{
    Program *program = mem_alloc(sizeof *program);
    *program = (Program){.names = names, .rules = rules};
    arena_init(&program->arena);
    array_push(&program->files, NULL);
    array_push(&program->classes, NULL);
    array_push(&program->class_next, 0);
    array_push(&program->members, ((Member){0}));
    program->fired = ARENA_ARRAY(&program->arena, uint32_t, rules ? rules->rule_count + 1 : 1);
    return program;
}

static void release_file(File *file)
{
    if (!file)
        return;
    array_release(&file->imports);
    free(file->bindings);
    arena_release(&file->arena);
    free(file);
}

static void release_class(Class *class)
{
    if (!class)
        return;
    array_release(&class->places);
    array_release(&class->supers);
    array_release(&class->subs);
    map_release(&class->members);
    free(class);
}

void program_free(Program *program)
{
    if (!program)
        return;
    for (size_t i = 0; i < program->files.count; i++)
        release_file(program->files.items[i]);
    for (size_t i = 0; i < program->classes.count; i++)
        release_class(program->classes.items[i]);
    Map *maps[] = {&program->classes_by_name, &program->classes_by_qualified,
                   &program->class_of_node,   &program->functions_by_name,
                   &program->methods_by_name, &program->method_next,
                   &program->calls_by_name,   &program->aliases,
                   &program->classes_by_table, &program->globals_by_name,
                   &program->class_of_map,    &program->alias_types,
                   &program->locals_by_name,  &program->given_by_name};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        map_release(maps[i]);
    array_release(&program->files);
    array_release(&program->classes);
    array_release(&program->class_next);
    array_release(&program->members);
    array_release(&program->functions);
    array_release(&program->function_next);
    array_release(&program->globals);
    array_release(&program->global_next);
    array_release(&program->calls);
    array_release(&program->call_next);
    array_release(&program->given);
    array_release(&program->given_next);
    array_release(&program->detached);
    array_release(&program->locals);
    array_release(&program->local_next);
    array_release(&program->alias_places);
    array_release(&program->alias_next);
    array_release(&program->module_roots);
    array_release(&program->module_languages);
    arena_release(&program->arena);
    free(program);
}

Str program_text(const Program *program, FileId file, NodeId node)
{
    const File *f = program->files.items[file];
    const Node *n = &f->facts.nodes[node];
    return str_slice(f->source->text, n->start, n->end);
}

void program_fired(Program *program, const Rule *rule)
{
    if (rule)
        program->fired[rule->id]++;
}

/* Puts "::" for every separator, so that names of all languages compare. */
static Sym normal_name(Program *program, Str written)
{
    StrBuf buf = {0};
    for (size_t i = 0; i < written.length; i++) {
        char c = written.data[i];
        if (c == '.' || c == '\\' || c == '/') {
            strbuf_add_c(&buf, "::");
        } else if (c == ':' && i + 1 < written.length && written.data[i + 1] == ':') {
            strbuf_add_c(&buf, "::");
            i++;
        } else {
            strbuf_add_byte(&buf, c);
        }
    }
    Str text = strbuf_str(&buf);
    if (str_starts(text, "::"))
        text = str_slice(text, 2, text.length);
    Sym sym = names_intern(program->names, text);
    strbuf_release(&buf);
    return sym;
}

static ClassId new_class(Program *program, Sym qualified)
{
    Class *class = mem_alloc(sizeof *class);
    *class = (Class){.id = (ClassId)program->classes.count, .qualified = qualified};
    class->name = names_intern(program->names, name_last(names_str(program->names, qualified)));
    array_push(&program->classes, class);
    array_push(&program->class_next, 0);
    uint64_t *first = map_get(&program->classes_by_name, class->name);
    if (!first) {
        map_put(&program->classes_by_name, class->name, class->id);
    } else {
        ClassId last = (ClassId)*first;
        while (program->class_next.items[last])
            last = program->class_next.items[last];
        program->class_next.items[last] = class->id;
    }
    return class->id;
}

ClassId program_class_named(const Program *program, Sym last_segment)
{
    uint64_t *found = last_segment ? map_get(&program->classes_by_name, last_segment) : NULL;
    return found ? (ClassId)*found : 0;
}

ClassId program_mention_class(Program *program, Sym name)
{
    Sym qualified = normal_name(program, names_str(program->names, name));
    for (ClassId id = program_class_named(
             program, names_intern(program->names, name_last(names_str(program->names, qualified))));
         id; id = program->class_next.items[id]) {
        const Class *class = program->classes.items[id];
        if (!class->declared && class->qualified == qualified)
            return id;
    }
    return new_class(program, qualified);
}

ClassId program_enclosing_class(const Program *program, FileId file, NodeId node)
{
    const Node *nodes = program->files.items[file]->facts.nodes;
    for (NodeId p = nodes[node].parent; p; p = nodes[p].parent) {
        if (nodes[p].kind == FACT_MAP && program->class_of_map.count) {
            bool is_static;
            ClassId id = definition_of(program, file, p, &is_static);
            if (id)
                return id;
        }
        if (nodes[p].kind != FACT_CLASS && nodes[p].kind != FACT_FUNCTION &&
            nodes[p].kind != FACT_NEW && nodes[p].kind != FACT_LAMBDA)
            continue;
        uint64_t *found = map_get(&program->class_of_node, map_key2(file, p));
        if (found)
            return (ClassId)*found;
    }
    return 0;
}

NodeId program_enclosing_function(const Program *program, FileId file, NodeId node)
{
    return fact_ancestor(&program->files.items[file]->facts, node, FACT_FUNCTION);
}

/* Joins the names of the classes and namespaces around `node` with its own. */
static Sym qualified_name(Program *program, const File *file, NodeId node)
{
    const Node *nodes = file->facts.nodes;
    Sym parts[16];
    size_t count = 0;
    for (NodeId p = node; p && count < 16; p = nodes[p].parent) {
        if ((nodes[p].kind == FACT_CLASS || nodes[p].kind == FACT_NAMESPACE) && nodes[p].name)
            parts[count++] = nodes[p].name;
    }
    StrBuf buf = {0};
    while (count > 0) {
        strbuf_add_str(&buf, names_str(program->names, parts[--count]));
        if (count)
            strbuf_add_c(&buf, "::");
    }
    Sym sym = normal_name(program, strbuf_str(&buf));
    strbuf_release(&buf);
    return sym;
}

static ClassId declared_class(Program *program, const File *file, Sym qualified)
{
    if (!file->language->open_classes)
        return new_class(program, qualified);
    uint64_t *found = map_get(&program->classes_by_qualified, qualified);
    if (found)
        return (ClassId)*found;
    ClassId id = new_class(program, qualified);
    map_put(&program->classes_by_qualified, qualified, id);
    return id;
}

/* The name of an expression with its qualifiers: tables.Table, Sequel::Model(:orders). */
static Sym written_name(Program *program, const File *file, NodeId node)
{
    const Node *n = &file->facts.nodes[node];
    bool call = n->kind == FACT_CALL && fact_child(&file->facts, node, ROLE_RECEIVER);
    Str text = str_slice(file->source->text, n->start, call ? n->at_end : n->end);
    bool plain = (call || n->kind == FACT_MEMBER) && text.length < 200;
    for (size_t i = 0; i < text.length && plain; i++)
        plain = byte_is_word((unsigned char)text.data[i]) || text.data[i] == '.' ||
                (call && text.data[i] == ':');
    return plain ? names_intern(program->names, text) : n->name;
}

ClassId program_declare_class(Program *program, Place place, Sym name)
{
    ClassId id = declared_class(program, program->files.items[place.file], normal_name(program, names_str(program->names, name)));
    program->classes.items[id]->declared = true;
    array_push(&program->classes.items[id]->places, place);
    return id;
}

static void add_class(Program *program, File *file, NodeId node)
{
    const Node *nodes = file->facts.nodes;
    Sym qualified = qualified_name(program, file, node);
    const Node *field = &nodes[nodes[node].parent];
    if (!nodes[node].name && field->kind == FACT_FIELD && (field->flags & FLAG_ANONYMOUS)) {
        map_put(&program->class_of_node, map_key2(file->id, node),
                program_enclosing_class(program, file->id, node)); /* union { int a; }; */
        return;
    }
    if (!nodes[node].name)
        qualified = names_intern_c(program->names, "(anonymous)");
    ClassId id = declared_class(program, file, qualified);
    Class *class = program->classes.items[id];
    /* A declaration without a body (struct x;) only mentions the class. */
    bool has_body = fact_child(&file->facts, node, ROLE_BODY) != 0;
    class->declared |= has_body || class->declared || file->language->open_classes;
    class->mixin |= (nodes[node].flags & FLAG_MIXIN) != 0;
    array_push(&class->places, ((Place){file->id, node}));
    map_put(&program->class_of_node, map_key2(file->id, node), id);
    class->outer = program_enclosing_class(program, file->id, node);
    for (NodeId c = nodes[node].child; c; c = nodes[c].next) {
        bool made_of = nodes[node].kind == FACT_NEW && nodes[c].role == ROLE_TYPE;
        FactRole inside = nodes[c].kind == FACT_ELEMENT ? ROLE_RECEIVER : ROLE_TARGET;
        NodeId path = nodes[c].name ? c : fact_child(&file->facts, c, inside); /* lib.Base<T>, Base[T] */
        if ((nodes[c].role == ROLE_SUPER || made_of) && path && nodes[path].name)
            array_push(&class->supers, ((Super){.name = written_name(program, file, path),
                                                .file = file->id,
                                                .node = c,
                                                .mixin = (nodes[c].flags & FLAG_MIXIN) != 0}));
    }
}

MemberId program_add_member(Program *program, ClassId owner, Member member)
{
    MemberId id = (MemberId)program->members.count;
    member.owner = owner;
    Class *class = program->classes.items[owner];
    uint64_t *first = map_get(&class->members, member.name);
    if (!first) {
        map_put(&class->members, member.name, id);
    } else {
        MemberId last = (MemberId)*first;
        while (program->members.items[last].next)
            last = program->members.items[last].next;
        program->members.items[last].next = id;
    }
    array_push(&program->members, member);
    if (member.kind == MEMBER_METHOD) {
        uint64_t *other = map_get(&program->methods_by_name, member.name);
        map_put(&program->method_next, id, other ? *other : 0);
        map_put(&program->methods_by_name, member.name, id);
    }
    return id;
}

void program_add_function(Program *program, Place place, Sym name)
{
    uint64_t *first = map_get(&program->functions_by_name, name);
    array_push(&program->functions, place);
    array_push(&program->function_next, first ? (uint32_t)*first : 0);
    map_put(&program->functions_by_name, name, program->functions.count);
}

/*
 * True when the nearest declaration around a function is a class, which a function may hold; not
 * when it is a method that is given to a prototype.
 */
static bool is_method(const Program *program, const File *file, NodeId node)
{
    const Node *nodes = file->facts.nodes;
    for (NodeId p = nodes[node].parent; p; p = nodes[p].parent) {
        if (nodes[p].kind == FACT_FUNCTION)
            return false;
        if (map_get(&program->class_of_node, map_key2(file->id, p)))
            return nodes[p].kind != FACT_LAMBDA || nodes[p].role == ROLE_BLOCK;
    }
    return false;
}

/* TEST_F(OrderTest, saves) { }: neither a result nor a class around it, so a macro makes it. */
static bool is_made_by_macro(const File *file, NodeId node, ClassId owner)
{
    const Facts *facts = &file->facts;
    return !owner && file->language->implicit_self && file->language->typed &&
           !fact_child(facts, node, ROLE_RETURN) && fact_child(facts, node, ROLE_BODY);
}

static void add_function(Program *program, File *file, NodeId node)
{
    const Node *nodes = file->facts.nodes;
    ClassId owner = program_enclosing_class(program, file->id, node);
    bool detached = fact_child(&file->facts, node, ROLE_RECEIVER) != 0 ||
                    is_made_by_macro(file, node, owner) ||
                    str_find(names_str(program->names, nodes[node].name), str_lit("::"), 0) != SIZE_MAX;
    if (detached) {
        array_push(&program->detached, ((Place){file->id, node}));
        return;
    }
    if (!nodes[node].name)
        return;
    if (owner && is_method(program, file, node)) {
        program_add_member(program, owner,
                           (Member){.name = nodes[node].name,
                                    .kind = MEMBER_METHOD,
                                    .is_static = (nodes[node].flags & FLAG_STATIC) != 0,
                                    .place = {file->id, node}});
        return;
    }
    program_add_function(program, (Place){file->id, node}, nodes[node].name);
}

/* True when `node` is a statement of a class body (blocks and branches between are looked through). */
static bool in_class_body(const Node *nodes, NodeId node)
{
    for (NodeId p = nodes[node].parent; p; p = nodes[p].parent) {
        switch (nodes[p].kind) {
        case FACT_CLASS: return true;
        case FACT_BLOCK:
        case FACT_GROUP:
        case FACT_IF: break;
        default: return false;
        }
    }
    return false;
}

/* Puts a place before those of the same name. */
static void chain_place(Map *by_name, PlaceArray *places, IndexArray *next, Sym name, Place place)
{
    uint64_t *first = map_get(by_name, name);
    array_push(places, place);
    array_push(next, first ? (uint32_t)*first : 0);
    map_put(by_name, name, places->count);
}

static void add_field(Program *program, File *file, NodeId node, Sym name, NodeId value,
                      MemberKind kind, bool is_static)
{
    ClassId owner = program_enclosing_class(program, file->id, node);
    if (owner && name)
        program_add_member(program, owner,
                           (Member){.name = name,
                                    .kind = kind,
                                    .is_static = is_static,
                                    .place = {file->id, node},
                                    .value = value});
}

/* What an embedded struct has, the struct around it has too. */
static void add_embedded(Program *program, File *file, NodeId node)
{
    NodeId type = fact_child(&file->facts, node, ROLE_TYPE);
    ClassId owner = program_enclosing_class(program, file->id, node);
    if (owner && type && file->facts.nodes[type].kind == FACT_TYPE && file->facts.nodes[type].name)
        array_push(&program->classes.items[owner]->supers,
                   ((Super){.name = file->facts.nodes[type].name, .file = file->id, .node = type}));
}

/* self.x = v, this.x = v, @x = v, x = v in a class body. */
static void add_assigned(Program *program, File *file, NodeId node)
{
    const Node *nodes = file->facts.nodes;
    NodeId target = fact_child(&file->facts, node, ROLE_TARGET);
    NodeId value = fact_child(&file->facts, node, ROLE_VALUE);
    if (!target)
        return;
    const Node *t = &nodes[target];
    if (t->kind == FACT_NAME && (t->flags & FLAG_INSTANCE)) {
        add_field(program, file, node, t->name, value, MEMBER_ASSIGNED, false);
    } else if (t->kind == FACT_NAME && !file->language->typed && in_class_body(nodes, node)) {
        add_field(program, file, node, t->name, value, MEMBER_FIELD, false);
    } else if (t->kind == FACT_MEMBER) {
        NodeId receiver = fact_child(&file->facts, target, ROLE_RECEIVER);
        bool own = receiver && (nodes[receiver].kind == FACT_SELF ||
                                (nodes[receiver].kind == FACT_NAME &&
                                 str_eq_c(names_str(program->names, nodes[receiver].name), "self")));
        if (own)
            add_field(program, file, node, t->name, value, MEMBER_ASSIGNED, false);
        else if (value && t->name)
            chain_place(&program->given_by_name, &program->given, &program->given_next, t->name,
                        (Place){file->id, node});
    }
}

static void add_call(Program *program, File *file, NodeId node)
{
    const Node *n = &file->facts.nodes[node];
    if (!n->name || !fact_child(&file->facts, node, ROLE_ARGUMENT))
        return;
    chain_place(&program->calls_by_name, &program->calls, &program->call_next, n->name,
                (Place){file->id, node});
}

static void index_node(Program *program, File *file, NodeId id)
{
    const Facts *facts = &file->facts;
    const Node *node = &facts->nodes[id];
    switch (node->kind) {
    case FACT_FUNCTION: add_function(program, file, id); break;
    case FACT_PARAM:
        /* constructor(private readonly email: string) */
        if ((node->flags & FLAG_INSTANCE) && node->name &&
            (facts->nodes[node->parent].flags & FLAG_CONSTRUCTOR))
            add_field(program, file, id, node->name, fact_child(facts, id, ROLE_VALUE),
                      MEMBER_FIELD, false);
        break;
    case FACT_FIELD:
        add_field(program, file, id, node->name, fact_child(facts, id, ROLE_VALUE), MEMBER_FIELD,
                  (node->flags & FLAG_STATIC) != 0);
        if (node->name && (node->flags & FLAG_ANONYMOUS))
            add_embedded(program, file, id);
        break;
    case FACT_VARIABLE:
        export_variable(program, file, id);
        if (file->language->import_calls.count)
            import_call(program, file, id);
        if (!file->language->typed && in_class_body(facts->nodes, id))
            add_field(program, file, id, node->name, fact_child(facts, id, ROLE_VALUE),
                      MEMBER_FIELD, (node->flags & FLAG_STATIC) != 0);
        else if (!node->name)
            add_assigned(program, file, id); /* self.x: Order = x */
        break;
    case FACT_ASSIGN:
        add_assigned(program, file, id);
        export_assigned(program, file, id);
        break;
    case FACT_IMPORT: import_declared(program, file, id); break;
    case FACT_ALIAS: alias_declare(program, file, id); break;
    case FACT_CALL: add_call(program, file, id); break;
    case FACT_NAMESPACE:
        if (!fact_child(facts, id, ROLE_BODY) && !file->package)
            file->package = node->name;
        break;
    default: break;
    }
}

FileId program_add_file(Program *program, const Source *source, const Language *language,
                        Facts facts, Arena arena)
{
    File *file = mem_alloc(sizeof *file);
    *file = (File){.id = (FileId)program->files.count,
                   .source = source,
                   .language = language,
                   .facts = facts,
                   .arena = arena};
    source_lines(&file->lines, source->text, &file->arena);
    file->types = ARENA_ARRAY(&file->arena, uint32_t, facts.count);
    array_push(&program->files, file);
    /* classes first: members and methods ask which class encloses them */
    for (NodeId id = 1; id < facts.count; id++) {
        /* new Order() { ... }: a class without a name */
        bool has_members = facts.nodes[id].kind == FACT_NEW && fact_child(&facts, id, ROLE_BODY);
        if (facts.nodes[id].kind == FACT_CLASS || has_members)
            add_class(program, file, id);
    }
    prototype_declare(program, file);
    for (NodeId id = 1; id < facts.count; id++)
        index_node(program, file, id);
    return file->id;
}
