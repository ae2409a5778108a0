/*
 * Every question leans to one side: what cannot be told from the text makes a
 * file look interesting. Names are looked up in maps that grow with the files
 * that were read; each file is read for names once.
 */
#include "parse/clang_sight.h"

#include "parse/clang_names.h"

enum { MACRO_MAY_NAME = 1, MACRO_PLAIN = 2 };

/* --- what the graph's files say --- */

static Str last_part(const char *model)
{
    Str text = str_of(model);
    for (size_t i = text.length; i > 0; i--)
        if (!byte_is_word((unsigned char)text.data[i - 1]))
            return str_slice(text, i, text.length);
    return text;
}

static bool is_any_macro(const void *context, Str name)
{
    const Plan *plan = context;
    Sym sym = names_lookup(plan->graph.names, name);
    return sym && map_get(&plan->defines, sym);
}

static void add_known_type(void *context, Str name)
{
    Plan *plan = context;
    map_put(&plan->known_types, names_intern(plan->graph.names, name), 1);
}

static bool is_known_type(const void *context, Str name)
{
    const Plan *plan = context;
    Sym sym = names_lookup(plan->graph.names, name);
    return sym && map_get(&plan->known_types, sym);
}

void sight_examine(Plan *plan)
{
    for (; plan->examined < plan->graph.files.count; plan->examined++) {
        const GraphFile *file = &plan->graph.files.items[plan->examined];
        c_types(file->text, add_known_type, plan);
        for (size_t i = 0; i < plan->request->target_count; i++)
            if (c_defines_type(file->text, last_part(plan->request->targets[i].model)))
                map_put(&plan->definers, plan->examined + 1, 1);
        for (size_t i = 0; i < file->directives.macros.count; i++) {
            const CMacro *macro = &file->directives.macros.items[i];
            Sym name = names_intern(plan->graph.names, macro->name);
            map_put(&plan->defines, name, 1);
            if (macro->parameters.length)
                array_push(&plan->function_macros, *macro);
        }
    }
}

/* Needs all names of macros, so it comes after all files were examined. */
void sight_judge_macros(Plan *plan)
{
    for (; plan->judged < plan->function_macros.count; plan->judged++) {
        const CMacro *macro = &plan->function_macros.items[plan->judged];
        Sym name = names_intern(plan->graph.names, macro->name);
        uint64_t *known = map_get(&plan->functions, name);
        bool plain = c_macro_is_plain(macro, is_any_macro, plan);
        if (!known || !plain)
            map_put(&plan->functions, name, plain ? MACRO_PLAIN : MACRO_MAY_NAME);
    }
}

static uint64_t macro_use(const Plan *plan, Str name)
{
    Sym sym = names_lookup(plan->graph.names, name);
    uint64_t *use = sym ? map_get(&plan->functions, sym) : NULL;
    return use ? *use : 0;
}

static bool may_name_member(const void *context, Str name)
{
    return macro_use(context, name) == MACRO_MAY_NAME;
}

static bool is_plain_macro(const void *context, Str name)
{
    return macro_use(context, name) == MACRO_PLAIN;
}

/* Could the text hold an access by any of the words? An accessor must be called. */
static bool holds_access(const Plan *plan, Str text, CAccessTest *test)
{
    test->is_macro = may_name_member;
    test->is_plain = is_plain_macro;
    test->context = plan;
    for (size_t i = 0; i < plan->words.count; i++) {
        test->call = i >= plan->field_words;
        if (c_may_access(text, str_of(plan->words.items[i]), test))
            return true;
    }
    return false;
}

/* --- classes derived from a model: inside them members have bare names --- */

static bool is_model_type(const void *context, Str name)
{
    const Plan *plan = context;
    Sym sym = names_lookup(plan->graph.names, name);
    return sym && map_get(&plan->types, sym);
}

static void add_type(void *context, Str name)
{
    Plan *plan = context;
    map_put(&plan->types, names_intern(plan->graph.names, name), 1);
}

static bool holds_type(const Plan *plan, Str text)
{
    for (size_t i = 0; i < plan->types.count; i++)
        if (clang_has_word(text, names_str(plan->graph.names, (Sym)plan->types.items[i].key)))
            return true;
    return false;
}

/* Macros whose bodies spell a type count as names of it. */
static void add_type_macros(Plan *plan, const GraphFile *file)
{
    for (size_t i = 0; i < file->directives.macros.count; i++) {
        const CMacro *macro = &file->directives.macros.items[i];
        bool spells = false;
        for (size_t j = 0; j < plan->types.count && !spells; j++)
            spells = c_macro_holds(macro, names_str(plan->graph.names,
                                                    (Sym)plan->types.items[j].key));
        if (spells)
            add_type(plan, macro->name);
    }
}

void sight_find_types(Plan *plan)
{
    for (size_t i = 0; i < plan->request->target_count; i++)
        add_type(plan, last_part(plan->request->targets[i].model));
    for (size_t before = 0; before < plan->types.count;) {
        before = plan->types.count;
        for (size_t i = 0; i < plan->graph.files.count; i++) {
            const GraphFile *file = &plan->graph.files.items[i];
            if (!holds_type(plan, file->text))
                continue;
            c_aliases(file->text, is_model_type, add_type, plan);
            add_type_macros(plan, file);
            if (plan->cxx)
                c_derived_types(file->text, is_model_type, add_type, plan);
        }
    }
}

bool sight_holds_macro(const Plan *plan, Str text)
{
    for (size_t i = 0; i < plan->macros.count; i++)
        if (c_may_access(text, str_of(plan->macros.items[i]), &(CAccessTest){.bare = true}))
            return true;
    return false;
}

static bool body_holds(const Plan *plan, const CMacro *macro)
{
    for (size_t i = 0; i < plan->words.count; i++)
        if (c_macro_holds(macro, str_of(plan->words.items[i])))
            return true;
    for (size_t i = 0; i < plan->macros.count; i++)
        if (c_macro_holds(macro, str_of(plan->macros.items[i])))
            return true;
    return false;
}

/* One pass over all macros known; returns whether it found new ones. */
bool sight_find_macros(Plan *plan)
{
    size_t before = plan->macros.count;
    for (size_t i = 0; i < plan->graph.files.count; i++) {
        const CDirectives *directives = &plan->graph.files.items[i].directives;
        for (size_t j = 0; j < directives->macros.count; j++) {
            const CMacro *macro = &directives->macros.items[j];
            Sym name = names_intern(plan->graph.names, macro->name);
            if (map_get(&plan->macro_names, name) || !body_holds(plan, macro))
                continue;
            map_put(&plan->macro_names, name, 1);
            array_push(&plan->macros, names_c(plan->graph.names, name));
        }
    }
    return plan->macros.count > before;
}

bool sight_may_be_left_out(const Plan *plan, Str text)
{
    for (size_t i = 0; i < plan->words.count; i++)
        if (c_conditional_word(text, str_of(plan->words.items[i])))
            return true;
    return false;
}

/* Could this file's own text hold an access, or use a macro that is one? */
bool sight_is_interesting(const Plan *plan, size_t index, bool cxx)
{
    const GraphFile *file = &plan->graph.files.items[index];
    CTypes types = {is_model_type, is_known_type, is_any_macro, plan};
    bool bare = cxx && holds_type(plan, file->text) && c_is_inside(file->text, &types);
    if (map_get(&plan->definers, index + 1))
        return true;
    if (holds_access(plan, file->text, &(CAccessTest){.bare = bare}))
        return true;
    for (size_t i = 0; i < file->directives.macros.count; i++)
        if (body_holds(plan, &file->directives.macros.items[i]))
            return true;
    return false;
}

/* --- is every receiver in a unit's own text surely of another type? --- */

/* What all files of the closure say of a name. */
static unsigned uses_in_closure(const void *context, Str name)
{
    const Plan *plan = context;
    Sym sym = names_lookup(plan->graph.names, name);
    unsigned uses = 0;
    for (size_t i = 0; sym && i < plan->closure.files.count; i++) {
        uint64_t *known = map_get(&plan->names.items[plan->closure.files.items[i]].uses, sym);
        uses |= known ? (unsigned)*known : 0;
    }
    return uses;
}

static bool receiver_is_other(const void *context, const CTokens *before)
{
    CScope scope = {uses_in_closure, is_any_macro, is_model_type, context};
    return c_receiver_is_other(before, &scope);
}

static void read_names(Plan *plan)
{
    CTypes types = {is_model_type, is_known_type, is_any_macro, plan};
    while (plan->names.count < plan->graph.files.count)
        array_push(&plan->names, (CNames){0});
    for (size_t i = 0; i < plan->closure.files.count; i++) {
        size_t file = plan->closure.files.items[i];
        if (map_get(&plan->names_read, file + 1))
            continue;
        map_put(&plan->names_read, file + 1, 1);
        c_names_read(&plan->names.items[file], plan->graph.files.items[file].text,
                     plan->graph.names, &types);
    }
}

/* May the unit whose closure is at hand be left out, though its text looked interesting? */
bool sight_is_about_others(Plan *plan, size_t index, bool cxx)
{
    const GraphFile *file = &plan->graph.files.items[index];
    CTypes types = {is_model_type, is_known_type, is_any_macro, plan};
    if (plan->closure.open || map_get(&plan->definers, index + 1) ||
        sight_holds_macro(plan, file->text))
        return false;
    read_names(plan);
    bool bare = cxx && c_is_inside(file->text, &types);
    return !holds_access(plan, file->text,
                         &(CAccessTest){.bare = bare, .is_other = receiver_is_other});
}
