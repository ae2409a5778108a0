/*
 * Types of names: locals through their bindings, parameters through their
 * declaration, the call that yields them or the calls that pass them, instance
 * variables, imports, classes, functions.
 */
#include "analyze/program/binding.h"
#include "analyze/program/filerule.h"
#include "analyze/program/local.h"
#include "analyze/program/naming.h"
#include "analyze/types/callee.h"
#include "analyze/types/companion.h"
#include "analyze/types/contextual.h"
#include "analyze/types/doc_type.h"
#include "analyze/types/receiver_private.h"
#include "analyze/types/render.h"

#include <string.h>

enum { MOST_NESTED = 8, SHORTEST_CALLED = 5 }; /* shorter names are called everywhere, of other functions too */

static size_t param_index(const Facts *facts, NodeId param)
{
    size_t index = 0;
    for (NodeId c = facts->nodes[facts->nodes[param].parent].child; c && c != param;
         c = facts->nodes[c].next) {
        if (facts->nodes[c].role == ROLE_PARAM)
            index++;
    }
    return index;
}

/* True for `Base.save(self, order)`: the object of the method is its first argument. */
static bool passes_self(Resolver *r, Place call, FileId file, NodeId function)
{
    NodeId receiver = child_of(r, call.file, call.node, ROLE_RECEIVER);
    const Node *node = node_at(r, file, function);
    if (!receiver || !language_of(r, file)->first_param_is_self || (node->flags & FLAG_STATIC) ||
        !program_enclosing_class(r->program, file, function))
        return false;
    TypeSet types = resolver_type(r, call.file, receiver);
    return types.count == 1 && types.items[0].shape == SHAPE_CLASS;
}

/* What one call passes for a parameter. */
static void join_argument(Resolver *r, Place call, FileId file, NodeId param, size_t index,
                          TypeSet *set)
{
    const Program *program = r->program;
    NodeId argument = callsite_keyword(program, call.file, call.node,
                                       names_str(program->names, node_at(r, file, param)->name));
    if (!argument)
        argument = callsite_argument(&program->files.items[call.file]->facts, call.node,
                                     index + passes_self(r, call, file,
                                                         node_at(r, file, param)->parent));
    if (!argument || strcmp(language_of(r, call.file)->family, language_of(r, file)->family) != 0)
        return;
    TypeSet part = resolver_type(r, call.file, argument);
    typeset_join(set, &part);
}

/* False when a method is called on an object that is proved to be of another class. */
static bool may_call(Resolver *r, Place call, ClassId owner)
{
    NodeId receiver = child_of(r, call.file, call.node, ROLE_RECEIVER);
    if (!owner || !receiver)
        return true;
    TypeSet types = resolver_type(r, call.file, receiver);
    for (uint32_t i = 0; i < types.count; i++) {
        ClassId class_id = types.items[i].class_id;
        if (!class_id || !r->program->classes.items[class_id]->declared ||
            program_is_a(r->program, class_id, owner) || program_is_a(r->program, owner, class_id))
            return true;
    }
    return types.count == 0;
}

/* Joins the calls of a name; `on` 0, or the class that must be their receiver's name. */
static void join_calls(Resolver *r, Sym name, Sym on, FileId file, NodeId param, size_t index,
                       TypeSet *set)
{
    const Program *program = r->program;
    NodeId function = node_at(r, file, param)->parent;
    uint64_t *own = map_get(&program->methods_by_name, name);
    ClassId owner = own && node_at(r, file, function)->name == name
                        ? program_enclosing_class(program, file, function)
                        : 0;
    uint64_t *first = name ? map_get(&program->calls_by_name, name) : NULL;
    int seen = 0, steps = 0;
    for (uint32_t i = first ? (uint32_t)*first : 0;
         i && seen < MOST_CALL_SITES && steps < MOST_CALLS_LOOKED_AT;
         i = program->call_next.items[i - 1], steps++) {
        Place call = program->calls.items[i - 1];
        NodeId receiver = on ? child_of(r, call.file, call.node, ROLE_RECEIVER) : 0;
        if (on && (!receiver || node_at(r, call.file, receiver)->name != on))
            continue;
        if (!on && !may_call(r, call, owner))
            continue;
        join_argument(r, call, file, param, index, set);
        seen++;
    }
}

/* The name of the class that a method stands in; 0: none. */
static Sym class_name(const Resolver *r, FileId file, NodeId method)
{
    ClassId owner = program_enclosing_class(r->program, file, method);
    return owner ? r->program->classes.items[owner]->name : 0;
}

/* The ways to make an object of the class: Name(...), and Name.new(...) as the packs know it. */
static void join_constructions(Resolver *r, FileId file, NodeId function, NodeId param,
                               size_t index, TypeSet *set)
{
    const RuleSet *rules = r->program->rules;
    Sym name = class_name(r, file, function);
    join_calls(r, name, 0, file, param, index, set);
    for (size_t i = 0; name && i < rules->sections[RULE_CALL].count; i++) {
        const Rule *rule = rules->sections[RULE_CALL].items[i];
        if (rule->on != 1u << SHAPE_CLASS || rule->returns != SHAPE_INSTANCE ||
            rule->class_of.count || strcmp(rule->pack->family, language_of(r, file)->family) != 0)
            continue;
        for (size_t n = 0; n < rule->names.count; n++)
            join_calls(r, names_lookup(r->program->names, rule->names.items[n]), name, file, param,
                       index, set);
    }
}

/* What is passed for a parameter, by the calls of the function's name in parsed files. */
static TypeSet type_from_calls(Resolver *r, FileId file, NodeId function, NodeId param)
{
    TypeSet set = {0};
    const Node *node = node_at(r, file, function);
    size_t index = param_index(&r->program->files.items[file]->facts, param);
    bool method = program_enclosing_class(r->program, file, function) != 0;
    if (method && language_of(r, file)->first_param_is_self && index-- == 0)
        return set;
    bool constructor = method && (node->flags & FLAG_CONSTRUCTOR);
    if (constructor)
        join_constructions(r, file, function, param, index, &set);
    else
        join_calls(r, node->name, 0, file, param, index, &set);
    if (set.count >= TOO_MANY_TYPES)
        return (TypeSet){0}; /* too many to tell: there may be more */
    typeset_weaken(&set, CONFIDENCE_LIKELY);
    Sym called = constructor ? class_name(r, file, function) : node->name;
    if (!set.count && called && names_str(r->program->names, called).length >= SHORTEST_CALLED)
        resolver_need(r, NEED_CALLERS, called, file);
    return set;
}

/* What a parameter that no declaration tells of is given: by default, by a framework, by callers. */
static TypeSet passed_type(Resolver *r, FileId file, const Binding *binding)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    NodeId param = binding->node, function = facts->nodes[param].parent;
    TypeSet set = {0};
    if (binding->value)
        set = resolver_type(r, file, binding->value);
    if (!set.count)
        set = companion_parameter(r, file, function, facts->nodes[param].name);
    if (!set.count)
        set = type_from_calls(r, file, function, param);
    if (set.count > 1) { /* the callers disagree: what the code base calls its objects decides */
        TypeSet usual = resolver_learned(r, file, param, facts->nodes[param].name);
        set = usual.count ? usual : set;
    }
    return set;
}

/* The parameter of a function that is written where another declares it, or that a known call is given. */
static TypeSet written_in_place(Resolver *r, FileId file, NodeId function, size_t index)
{
    const Facts *facts = facts_of(r, file);
    TypeSet set = {0};
    bool lambda = facts->nodes[function].kind == FACT_LAMBDA;
    bool in_literal = facts->nodes[facts->nodes[function].parent].kind == FACT_MAP;
    if ((lambda || in_literal) && language_of(r, file)->function_types.count)
        set = resolver_expected_parameter(r, file, function, index);
    if (!set.count && lambda)
        set = resolver_yields(r, file, function, index);
    return set.count || !lambda ? set : resolver_handler_parameter(r, file, function, index);
}

static TypeSet param_type(Resolver *r, FileId file, const Binding *binding)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    NodeId param = binding->node, function = facts->nodes[param].parent;
    TypeSet set = doc_param(r, file, function, facts->nodes[param].name);
    if (set.count)
        return set;
    set = written_in_place(r, file, function, param_index(facts, param));
    if (set.count || facts->nodes[function].kind == FACT_LAMBDA)
        return set;
    bool method = facts->nodes[function].kind == FACT_FUNCTION &&
                  map_get(&r->program->class_of_node, map_key2(file, function));
    if (facts->nodes[param].role == ROLE_RECEIVER && method)
        return resolver_self(r, file, param);
    if (language_of(r, file)->first_param_is_self && param_index(facts, param) == 0 &&
        facts->nodes[function].kind == FACT_FUNCTION &&
        program_enclosing_class(r->program, file, function) &&
        !program_enclosing_function(r->program, file, function)) {
        set = resolver_self(r, file, param);
        if (str_eq_c(names_str(r->program->names, facts->nodes[param].name), "cls") && set.count)
            set.items[0].shape = SHAPE_CLASS;
        return set;
    }
    return passed_type(r, file, binding);
}

/* The element of a list that is written out, `a, b = x, y`. */
static TypeSet listed_type(Resolver *r, FileId file, NodeId list, uint32_t index)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    NodeId element = facts->nodes[list].child;
    for (uint32_t i = 0; element && i < index; i++)
        element = facts->nodes[element].next;
    return element ? resolver_type(r, file, element) : (TypeSet){0};
}

static TypeSet part_type(Resolver *r, FileId file, const Binding *binding)
{
    TypeSet set = {0};
    const Facts *facts = &r->program->files.items[file]->facts;
    bool by_index = binding->index != UINT32_MAX;
    if (!binding->value && !binding->type)
        return set;
    if (!binding->type && by_index && facts->nodes[binding->value].kind == FACT_LIST)
        return listed_type(r, file, binding->value, binding->index);
    if (!binding->type && by_index && language_of(r, file)->typed)
        return resolver_result(r, file, binding->value, binding->index);
    TypeSet whole = binding->type ? resolver_declared(r, file, binding->type)
                                  : resolver_type(r, file, binding->value);
    for (uint32_t i = 0; i < whole.count; i++) {
        TypeSet part = {0};
        if (!by_index)
            part = resolver_member(r, whole.items[i], binding->key, file, binding->node);
        else if (binding->index == 0 || whole.items[i].shape == SHAPE_COLLECTION)
            part = resolver_element(&(TypeSet){1, {whole.items[i]}});
        typeset_join(&set, &part);
    }
    return set;
}

/* What a loop over `whole` gives its name. */
static TypeSet each_type(const TypeSet *whole, EachPart part)
{
    TypeSet keys = {0};
    if (part != EACH_ELEMENT)
        keys = typeset_keys(whole);
    return keys.count || part == EACH_KEY ? keys : resolver_element(whole);
}

/* What a binding's declared type says, refined by documentation and by what is passed to a closure. */
static TypeSet declared_binding(Resolver *r, FileId file, const Binding *binding)
{
    const Facts *facts = facts_of(r, file);
    TypeSet set = resolver_declared(r, file, binding->type), documented = {0}, passed = {0};
    if (binding->kind != BINDING_PARAM)
        return set;
    NodeId function = facts->nodes[binding->node].parent;
    documented = doc_param(r, file, function, binding->name);
    set = resolver_documented(r, &set, &documented);
    if (facts->nodes[function].kind == FACT_LAMBDA && resolver_is_outside(r, file, &set))
        passed = resolver_yields(r, file, function, param_index(facts, binding->node));
    return passed.count ? passed : set;
}

TypeSet resolver_binding(Resolver *r, FileId file, const Binding *binding)
{
    TypeSet set = {0};
    if (binding->type && binding->kind != BINDING_PART) {
        set = declared_binding(r, file, binding);
        if (set.count)
            return set;
    }
    if (binding->kind == BINDING_VALUE || binding->kind == BINDING_EACH) {
        set = doc_value(r, file, binding->node, binding->name);
        if (set.count)
            return set;
    }
    switch (binding->kind) {
    case BINDING_PARAM: return param_type(r, file, binding);
    case BINDING_PART: return part_type(r, file, binding);
    case BINDING_VALUE:
        if (binding->value)
            set = resolver_type(r, file, binding->value);
        return set.count ? set : resolver_passed_through(r, file, binding);
    case BINDING_EACH:
        if (binding->value)
            set = resolver_type(r, file, binding->value);
        return each_type(&set, (EachPart)binding->index);
    }
    return set;
}

TypeSet resolver_local(Resolver *r, FileId file, NodeId node, bool *found)
{
    TypeSet set = {0};
    const Binding *bindings[MOST_BINDINGS];
    size_t count = binding_lookup(r->program->files.items[file], node, bindings, MOST_BINDINGS);
    for (size_t i = 0; i < count; i++) {
        TypeSet part = resolver_binding(r, file, bindings[i]);
        typeset_join(&set, &part);
    }
    *found = count > 0;
    return set;
}

/* The class that a file's place ties it to (a view's controller); 0 when none is known. */
static ClassId class_of_file(Resolver *r, FileId file, NodeId node)
{
    Program *program = r->program;
    Captures captures;
    const char *path = program->files.items[file]->source->path;
    const char *family = language_of(r, file)->family;
    for (const Rule *rule = filerule_next(program->rules, family, path, NULL, &captures); rule;
         rule = filerule_next(program->rules, family, path, rule, &captures)) {
        StrBuf buf = {0};
        bool made = rule->class_of.count && rule->class_of.items[0].is_template &&
                    template_expand(rule->class_of.items[0].text, filerule_variable, &captures, &buf);
        Sym name = made ? names_intern(program->names, strbuf_str(&buf)) : 0;
        strbuf_release(&buf);
        TypeSet set = {0};
        if (name)
            set = resolver_named_class(r, file, node, name, SHAPE_INSTANCE);
        if (set.count && set.items[0].class_id) {
            program_fired(program, rule);
            return set.items[0].class_id;
        }
    }
    return 0;
}

/* What the blocks around give a name: let(:order) { ... }, before { @order = ... }. */
static TypeSet block_local(Resolver *r, FileId file, NodeId node, bool *found)
{
    NodeId values[MOST_BINDINGS];
    size_t count = local_lookup(r->program, file, node, node_at(r, file, node)->name, values,
                                MOST_BINDINGS);
    TypeSet set = {0};
    for (size_t i = 0; i < count; i++) {
        bool block = node_at(r, file, values[i])->kind == FACT_LAMBDA;
        TypeSet part = block ? resolver_returns(r, file, values[i])
                             : resolver_type(r, file, values[i]);
        typeset_join(&set, &part);
    }
    *found = count > 0;
    return set;
}

static TypeSet instance_variable_type(Resolver *r, FileId file, NodeId node, Sym name)
{
    TypeSet set = {0};
    TypeSet self = resolver_self(r, file, node);
    ClassId owner = self.count ? self.items[0].class_id : class_of_file(r, file, node);
    MemberId id = owner ? program_member(r->program, owner, name) : 0;
    bool local;
    if (id)
        set = resolver_member_type(r, id);
    else if (!self.count)
        set = block_local(r, file, node, &local);
    if (!set.count)
        set = resolver_convention(r, file, node, name);
    return set;
}

/* from shop import models: a module, when a parsed file can be it and nothing there is called so. */
static TypeSet imported_module(Resolver *r, FileId file, NodeId node, const ImportEntry *entry)
{
    Program *program = r->program;
    if (program_class_named(program, entry->name) || map_get(&program->functions_by_name, entry->name))
        return (TypeSet){0};
    StrBuf buf = {0};
    strbuf_add_str(&buf, names_str(program->names, entry->module));
    strbuf_add_c(&buf, ".");
    strbuf_add_str(&buf, names_str(program->names, entry->name));
    Sym module = names_intern(program->names, strbuf_str(&buf));
    strbuf_release(&buf);
    if (resolver_has_module(r, module))
        return (TypeSet){1, {{.shape = SHAPE_MODULE,
                              .module = module,
                              .reason = resolver_reason(r, file, node, NULL, 0)}}};
    return (TypeSet){0};
}

/*
 * The import that gives a name which its path does not end with: yaml of "gopkg.in/yaml.v3",
 * minio of "x.org/minio/minio-go/v7". The name is a word of one of the last two parts.
 */
static bool may_be_named(const Resolver *r, const ImportEntry *entry, Sym name)
{
    Str module = names_str(r->program->names, entry->module), text = names_str(r->program->names, name);
    size_t at = module.length, slashes = 0;
    while (at && slashes < 2) {
        at--;
        slashes += module.data[at] == '/';
    }
    for (at = str_find(module, text, at); at != SIZE_MAX; at = str_find(module, text, at + 1)) {
        size_t end = at + text.length;
        if (at && !byte_is_word((unsigned char)module.data[at - 1]) &&
            (end == module.length || !byte_is_word((unsigned char)module.data[end])))
            return true;
    }
    return false;
}

/* What the module gives under the imported name, or as its own value: export default new Env(). */
static TypeSet imported_value(Resolver *r, FileId file, const ImportEntry *entry)
{
    TypeSet set = {0};
    bool all = str_eq_c(names_str(r->program->names, entry->name), "*");
    if (!language_of(r, file)->module_scope || !entry->module || all)
        return set;
    if (entry->name)
        set = resolver_global(r, file, entry->name, entry->module);
    if (!set.count)
        set = resolver_global(r, file, names_intern_c(r->program->names, "default"), entry->module);
    return set;
}

static TypeSet import_type(Resolver *r, FileId file, NodeId node, Sym name)
{
    TypeSet set = {0};
    const File *f = r->program->files.items[file];
    for (size_t i = 0; i < f->imports.count; i++) {
        const ImportEntry *entry = &f->imports.items[i];
        TypeSet value = {0};
        if (entry->local != name)
            continue;
        value = imported_value(r, file, entry);
        typeset_join(&set, &value);
        bool whole = !entry->name || str_eq_c(names_str(r->program->names, entry->name), "*");
        if (whole && !value.count)
            typeset_add(&set, (Type){.shape = SHAPE_MODULE,
                                     .module = entry->module,
                                     .reason = resolver_reason(r, file, node, NULL, 0)});
    }
    for (size_t i = 0; i < f->imports.count && !set.count; i++) {
        const ImportEntry *entry = &f->imports.items[i];
        if (entry->local == name && entry->name && entry->module)
            set = imported_module(r, file, node, entry);
        else if (f->language->module_file.length && !entry->name && may_be_named(r, entry, name))
            typeset_add(&set, (Type){.shape = SHAPE_MODULE,
                                     .module = entry->module,
                                     .reason = resolver_reason(r, file, node, NULL, 0)});
    }
    return set;
}

/* A local that a call imports: a class of that module, else the module. */
static TypeSet imported(Resolver *r, FileId file, NodeId node, Sym name)
{
    const File *f = r->program->files.items[file];
    for (size_t i = 0; i < f->imports.count; i++) {
        const ImportEntry *entry = &f->imports.items[i];
        if (entry->local != name)
            continue;
        ClassId found[1];
        bool excluded;
        if (entry->name || (resolver_spelled_as_class(r, node_at(r, file, node)) &&
                            program_resolve_class(r->program, file, node, name, found, 1, &excluded)))
            return resolver_named_class(r, file, node, name, SHAPE_CLASS);
        resolver_need(r, NEED_CLASS, resolver_spelled_as_class(r, node_at(r, file, node)) ? name : 0,
                      file);
        return import_type(r, file, node, name);
    }
    return (TypeSet){0};
}

bool resolver_spelled_as_class(const Resolver *r, const Node *node)
{
    Str name = names_str(r->program->names, node->name);
    Str last = name_last(name);
    return (node->flags & FLAG_CONSTANT) ||
           (last.length > 1 && last.data[0] >= 'A' && last.data[0] <= 'Z');
}

/* The nearest class around, from a type's own outwards, that has the member; else the type. */
static Type around_with(const Resolver *r, Type type, Sym name)
{
    Type around = type;
    for (int depth = 0; around.class_id && depth < MOST_NESTED; depth++) {
        if (program_member(r->program, around.class_id, name))
            return around;
        around.class_id = r->program->classes.items[around.class_id]->outer;
    }
    return type;
}

TypeSet resolver_implicit_self(Resolver *r, FileId file, NodeId node, Sym name)
{
    TypeSet set = {0};
    TypeSet self = resolver_self(r, file, node);
    for (uint32_t i = 0; i < self.count; i++) {
        TypeSet part = resolver_member(r, around_with(r, self.items[i], name), name, file, node);
        typeset_join(&set, &part);
    }
    return set;
}

TypeSet resolver_handed(Resolver *r, FileId file, NodeId call, const TypeSet *set)
{
    const Facts *facts = &r->program->files.items[file]->facts;
    for (NodeId c = set->count > 1 ? facts->nodes[call].child : 0; c; c = facts->nodes[c].next) {
        if (facts->nodes[c].role != ROLE_ARGUMENT)
            continue;
        TypeSet given = resolver_type(r, file, c);
        for (uint32_t i = 0; i < given.count; i++) {
            for (uint32_t k = 0; k < set->count; k++) {
                if (given.items[i].class_id && given.items[i].class_id == set->items[k].class_id)
                    return (TypeSet){1, {set->items[k]}};
            }
        }
    }
    return *set;
}

/* A name that nothing in its file tells of: a class, a member of self, a function, a convention. */
static TypeSet free_name(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node_at(r, file, node);
    const Language *language = language_of(r, file);
    TypeSet set = {0};
    if (language->folder_scope && !names_a_type(r, n->name)) {
        set = resolver_global(r, file, n->name, 0);
        return set.count ? set : resolver_need_any(r, file, n->name);
    }
    if (resolver_spelled_as_class(r, n) || program_class_named(r->program, n->name))
        return resolver_named_class(r, file, node, n->name, SHAPE_CLASS);
    bool local;
    set = block_local(r, file, node, &local);
    if (local)
        return set.count ? set : resolver_convention(r, file, node, n->name);
    if (language->implicit_self)
        set = resolver_implicit_self(r, file, node, n->name);
    if (!set.count && language->bare_call) {
        set = resolver_rule_result(r, NULL, n->name, file, node);
        if (!set.count)
            set = resolver_function(r, file, node);
    }
    if (!set.count && language->typed)
        set = resolver_global(r, file, n->name, 0);
    return set.count ? set : resolver_convention(r, file, node, n->name);
}

/* A name that is not local: a template's, an import, a documented parameter, a global. */
static TypeSet outer_name(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node_at(r, file, node);
    const Language *language = language_of(r, file);
    TypeSet set = {0};
    if (n->flags & FLAG_TEMPLATE)
        set = render_name(r, file, n->name);
    if (!set.count)
        set = import_type(r, file, node, n->name);
    if (!set.count)
        set = doc_param(r, file, node, n->name);
    if (set.count)
        return set;
    if (language->typed && map_get(&r->program->globals_by_name, n->name))
        set = resolver_global(r, file, n->name, 0);
    if (set.count)
        return set;
    return free_name(r, file, node);
}

TypeSet resolver_name(Resolver *r, FileId file, NodeId node)
{
    const Node *n = node_at(r, file, node);
    TypeSet set = {0};
    if (n->flags & FLAG_INSTANCE)
        return instance_variable_type(r, file, node, n->name);
    set = resolver_narrowed(r, file, node, n->name);
    if (set.count)
        return set;
    bool local;
    set = resolver_tested(r, file, node);
    if (set.count)
        return set;
    set = resolver_local(r, file, node, &local);
    if (local && !set.count)
        set = imported(r, file, node, n->name);
    if (local)
        return set.count ? set : resolver_convention(r, file, node, n->name);
    return outer_name(r, file, node);
}
