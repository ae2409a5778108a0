/*
 * Everything here is reading: a thousand units cost a second of include lines
 * where parsing them would cost minutes. When no file's text defines a model
 * (a macro writes the struct, or a system header has it), nothing is ruled out
 * by what a unit can see.
 */
#include "parse/clang_plan.h"

#include "parse/clang_names.h"

#include <limits.h>
#include <stdio.h>

enum { MOST_TRIES = 3, MOST_MACRO_ROUNDS = 8 };

bool clang_reads(const char *path)
{
    static const char *const names[] = {".c",   ".h",   ".cc",  ".cpp", ".cxx", ".c++", ".C",
                                        ".hh",  ".hpp", ".hxx", ".h++", ".H",   ".inl", ".ipp",
                                        ".tcc", ".tpp", ".inc", ".def"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof names / sizeof *names; i++)
        if (strcmp(dot, names[i]) == 0)
            return true;
    return false;
}

static bool is_cxx_name(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && strcmp(dot, ".c") != 0 && strcmp(dot, ".h") != 0 && strcmp(dot, ".inc") != 0 &&
           strcmp(dot, ".def") != 0;
}

static bool is_header_name(const char *path)
{
    const char *dot = strrchr(path, '.');
    return !dot || dot[1] == 'h' || dot[1] == 'H' || strcmp(dot, ".inc") == 0 ||
           strcmp(dot, ".def") == 0 || strcmp(dot, ".inl") == 0 || strcmp(dot, ".ipp") == 0 ||
           strcmp(dot, ".tcc") == 0;
}

static bool is_cxx(const CompileCommand *command)
{
    for (size_t i = 0; i + 1 < command->flags.count; i++)
        if (strcmp(command->flags.items[i], "-x") == 0)
            return strstr(command->flags.items[i + 1], "++") != NULL;
    return is_cxx_name(command->file);
}

/* --- the words looked for --- */

static void add_word(Plan *plan, const char *word)
{
    for (size_t i = 0; i < plan->words.count; i++)
        if (strcmp(plan->words.items[i], word) == 0)
            return;
    array_push(&plan->words, word);
}

static void add_words(Plan *plan, const ClangTarget *target)
{
    StrBuf name = {0};
    for (size_t i = 0; i < target->field_count; i++) {
        add_word(plan, target->fields[i]);
        for (int j = 0; target->accessors && plan->cxx && j < CLANG_ACCESSOR_NAMES; j++) {
            clang_accessor_name(target->fields[i], j, &name);
            add_word(plan, arena_strdup(plan->arena, name.data, name.length));
        }
    }
    strbuf_release(&name);
}

/* --- what the graph's files say --- */

static Str last_part(const char *model)
{
    Str text = str_of(model);
    for (size_t i = text.length; i > 0; i--)
        if (!byte_is_word((unsigned char)text.data[i - 1]))
            return str_slice(text, i, text.length);
    return text;
}

static void examine(Plan *plan)
{
    for (; plan->examined < plan->graph.files.count; plan->examined++) {
        const GraphFile *file = &plan->graph.files.items[plan->examined];
        for (size_t i = 0; i < plan->request->target_count; i++)
            if (c_defines_type(file->text, last_part(plan->request->targets[i].model)))
                map_put(&plan->definers, plan->examined + 1, 1);
        for (size_t i = 0; i < file->directives.macros.count; i++) {
            const CMacro *macro = &file->directives.macros.items[i];
            Sym name = names_intern(plan->graph.names, macro->name);
            map_put(&plan->defines, name, 1);
            if (macro->parameters.length)
                map_put(&plan->functions, name, 1);
        }
    }
}

static bool is_function_macro(const void *context, Str name)
{
    const Plan *plan = context;
    Sym sym = names_lookup(plan->graph.names, name);
    return sym && map_get(&plan->functions, sym);
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

static void find_types(Plan *plan)
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

static bool holds_any_macro(const Plan *plan, Str text)
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
static bool find_macros(Plan *plan)
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

static bool may_be_left_out(const Plan *plan, Str text)
{
    for (size_t i = 0; i < plan->words.count; i++)
        if (c_conditional_word(text, str_of(plan->words.items[i])))
            return true;
    return false;
}

/* Could this file's own text hold an access, or use a macro that is one? */
static bool is_interesting(Plan *plan, size_t index, bool cxx)
{
    const GraphFile *file = &plan->graph.files.items[index];
    bool bare = cxx && holds_type(plan, file->text);
    if (map_get(&plan->definers, index + 1))
        return true;
    CAccessTest test = {.bare = bare, .is_macro = is_function_macro, .context = plan};
    for (size_t i = 0; i < plan->words.count; i++)
        if (c_may_access(file->text, str_of(plan->words.items[i]), &test))
            return true;
    for (size_t i = 0; i < file->directives.macros.count; i++)
        if (body_holds(plan, &file->directives.macros.items[i]))
            return true;
    return false;
}

/* --- preparing --- */

static PlanFile *file_of(Plan *plan, size_t graph_index)
{
    uint64_t *known = map_get(&plan->wanted_files, graph_index + 1);
    return known ? &plan->files.items[*known] : NULL;
}

static void want_file(Plan *plan, size_t index, bool in_request)
{
    PlanFile file = {.file = index, .in_request = in_request};
    if (index != SIZE_MAX) {
        size_t commands = 0;
        compile_database_get(plan->database, plan->graph.files.items[index].path, &commands);
        file.is_unit = commands > 0 || plan->database->for_any_file;
        if (!file_of(plan, index))
            map_put(&plan->wanted_files, index + 1, plan->files.count);
    }
    array_push(&plan->files, file);
}

static void add_database_units(Plan *plan)
{
    for (size_t i = 0; i < plan->database->commands.count; i++) {
        const CompileCommand *command = &plan->database->commands.items[i];
        array_push(&plan->units, ((PlanUnit){.command = *command}));
        plan->cxx = plan->cxx || is_cxx(command);
    }
}

/* With compile_flags.txt each file that was asked about is a unit, headers too. */
static void add_fallback_units(Plan *plan)
{
    bool cxx = false;
    for (size_t i = 0; i < plan->database->fallback.flags.count; i++)
        cxx = cxx || strstr(plan->database->fallback.flags.items[i], "++") != NULL;
    for (size_t i = 0; i < plan->request->file_count; i++) {
        size_t index = plan->files.items[i].file;
        if (index == SIZE_MAX)
            continue;
        CompileCommand command = plan->database->fallback;
        command.file = plan->graph.files.items[index].path;
        if (is_header_name(command.file)) {
            const char **flags = ARENA_ARRAY(plan->arena, const char *, command.flags.count + 2);
            memcpy(flags, command.flags.items, command.flags.count * sizeof *flags);
            flags[command.flags.count] = "-x";
            flags[command.flags.count + 1] = cxx ? "c++-header" : "c-header";
            command.flags = (CompileFlags){flags, command.flags.count + 2};
        }
        array_push(&plan->units, ((PlanUnit){.command = command}));
        plan->cxx = plan->cxx || cxx || is_cxx_name(command.file);
    }
}

static const char *path_in_root(Plan *plan, const char *path)
{
    return path[0] == '/' ? path : arena_printf(plan->arena, "%s/%s", plan->request->root, path);
}

/* Reads what the chosen files include, so that their macros and models are known. */
static void load_closures(Plan *plan)
{
    for (size_t i = 0; i < plan->units.count; i++) {
        size_t file = graph_file(&plan->graph, plan->units.items[i].command.file);
        const PlanFile *wanted = file == SIZE_MAX ? NULL : file_of(plan, file);
        if (wanted)
            graph_closure(&plan->graph, &plan->units.items[i].command, &plan->closure);
    }
    examine(plan);
}

/* Whoever made the request need not know the names of accessors: look for them everywhere. */
static void follow_accessors(Plan *plan)
{
    size_t fields = 0;
    for (size_t i = 0; i < plan->request->target_count; i++)
        fields += plan->request->targets[i].field_count;
    if (plan->words.count <= fields)
        return;
    for (size_t i = 0; i < plan->units.count; i++)
        graph_file(&plan->graph, plan->units.items[i].command.file);
    for (size_t i = 0; i < plan->graph.files.count; i++) {
        Str text = plan->graph.files.items[i].text;
        bool holds = false;
        for (size_t j = 0; j < plan->words.count && !holds; j++)
            holds = clang_has_word(text, str_of(plan->words.items[j]));
        if (holds && !file_of(plan, i))
            want_file(plan, i, false);
    }
    load_closures(plan);
}

/* Files that use a macro which holds a member count as candidates, though nobody asked. */
static void follow_macros(Plan *plan)
{
    for (unsigned round = 0; round < MOST_MACRO_ROUNDS && find_macros(plan); round++) {
        for (size_t i = 0; i < plan->units.count; i++)
            graph_file(&plan->graph, plan->units.items[i].command.file);
        for (size_t i = 0; i < plan->graph.files.count; i++)
            if (!file_of(plan, i) && holds_any_macro(plan, plan->graph.files.items[i].text))
                want_file(plan, i, false);
        load_closures(plan);
    }
}

void plan_init(Plan *plan, const ClangRequest *request, const CompileDatabase *database,
               Arena *arena)
{
    *plan = (Plan){.request = request, .database = database, .arena = arena};
    graph_init(&plan->graph, arena);
    for (size_t i = 0; i < request->file_count; i++)
        want_file(plan, graph_file(&plan->graph, path_in_root(plan, request->files[i])), true);
    if (database->for_any_file)
        add_fallback_units(plan);
    else
        add_database_units(plan);
    for (size_t i = 0; i < request->target_count; i++)
        add_words(plan, &request->targets[i]);
    load_closures(plan);
    follow_accessors(plan);
    follow_macros(plan);
    find_types(plan);
    for (size_t i = 0; i < plan->files.count; i++) {
        PlanFile *file = &plan->files.items[i];
        if (file->file == SIZE_MAX)
            continue;
        const char *path = plan->graph.files.items[file->file].path;
        bool cxx = is_cxx_name(path) || (is_header_name(path) && plan->cxx);
        Str text = plan->graph.files.items[file->file].text;
        bool uses_macro = holds_any_macro(plan, text);
        file->interesting = uses_macro || is_interesting(plan, file->file, cxx);
        file->needs_record = uses_macro || may_be_left_out(plan, text);
    }
}

void plan_release(Plan *plan)
{
    graph_release(&plan->graph);
    array_release(&plan->files);
    array_release(&plan->units);
    array_release(&plan->words);
    array_release(&plan->macros);
    array_release(&plan->closure.files);
    for (size_t i = 0; i < plan->names.count; i++)
        c_names_release(&plan->names.items[i]);
    array_release(&plan->names);
    map_release(&plan->names_read);
    map_release(&plan->defines);
    map_release(&plan->types);
    map_release(&plan->functions);
    map_release(&plan->definers);
    map_release(&plan->wanted_files);
    map_release(&plan->macro_names);
}

/* --- choosing --- */

/*
 * May the compiler leave the bodies of templates unread? When no file of the
 * unit that can hold an access has a template, nothing is lost, and the
 * standard library's headers cost a quarter less. C++20 does without the option.
 */
static bool may_delay_templates(const Plan *plan, const CompileCommand *command)
{
    static const char *const newer[] = {"20", "2a", "23", "2b", "26", "2c"};
    for (size_t i = 0; i < command->flags.count; i++)
        for (size_t j = 0; j < sizeof newer / sizeof *newer; j++)
            if (strstr(command->flags.items[i], "std=") &&
                strstr(command->flags.items[i], newer[j]))
                return false;
    for (size_t i = 0; i < plan->closure.files.count; i++) {
        uint64_t *known = map_get(&plan->wanted_files, plan->closure.files.items[i] + 1);
        if (known && plan->files.items[*known].interesting &&
            clang_has_word(plan->graph.files.items[plan->closure.files.items[i]].text,
                           str_lit("template")))
            return false;
    }
    return !plan->closure.open && is_cxx(command);
}

/* Leaves the unit's closure in plan->closure. */
static bool sees_model(Plan *plan, const CompileCommand *command)
{
    graph_closure(&plan->graph, command, &plan->closure);
    examine(plan);
    if (plan->closure.open || plan->definers.count == 0)
        return true;
    for (size_t i = 0; i < plan->closure.files.count; i++)
        if (map_get(&plan->definers, plan->closure.files.items[i] + 1))
            return true;
    return false;
}

static void choose_unit(Plan *plan, size_t index, PlanChoice *chosen)
{
    PlanUnit *unit = &plan->units.items[index];
    unit->planned = true;
    unit->weight = 0;
    unit->delay_templates = may_delay_templates(plan, &unit->command);
    for (size_t i = 0; i < plan->closure.files.count; i++) {
        size_t file = plan->closure.files.items[i];
        PlanFile *wanted = file_of(plan, file);
        unit->weight += plan->graph.files.items[file].text.length;
        if (!wanted)
            continue;
        wanted->planned = true;
        unit->needs_record = unit->needs_record || wanted->needs_record;
    }
    array_push(chosen, index);
}

/* --- C: is every receiver in a unit's own text surely of another type? --- */

static bool is_any_macro(const void *context, Str name)
{
    const Plan *plan = context;
    Sym sym = names_lookup(plan->graph.names, name);
    return sym && map_get(&plan->defines, sym);
}

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
    while (plan->names.count < plan->graph.files.count)
        array_push(&plan->names, (CNames){0});
    for (size_t i = 0; i < plan->closure.files.count; i++) {
        size_t file = plan->closure.files.items[i];
        if (map_get(&plan->names_read, file + 1))
            continue;
        map_put(&plan->names_read, file + 1, 1);
        c_names_read(&plan->names.items[file], plan->graph.files.items[file].text,
                     plan->graph.names, is_model_type, plan);
    }
}

/* May the unit whose closure is at hand be left out, though its text looked interesting? */
static bool is_about_others(Plan *plan, const CompileCommand *command, size_t index)
{
    const GraphFile *file = &plan->graph.files.items[index];
    if (is_cxx(command) || plan->closure.open || map_get(&plan->definers, index + 1) ||
        holds_any_macro(plan, file->text))
        return false;
    read_names(plan);
    CAccessTest test = {.is_macro = is_function_macro, .is_other = receiver_is_other,
                        .context = plan};
    for (size_t i = 0; i < plan->words.count; i++)
        if (c_may_access(file->text, str_of(plan->words.items[i]), &test))
            return false;
    return true;
}

static void choose_own_units(Plan *plan, PlanChoice *chosen)
{
    for (size_t i = 0; i < plan->units.count; i++) {
        size_t index = graph_file(&plan->graph, plan->units.items[i].command.file);
        const PlanFile *file = index == SIZE_MAX ? NULL : file_of(plan, index);
        if (plan->units.items[i].planned || !file || !file->interesting)
            continue;
        const CompileCommand *command = &plan->units.items[i].command;
        if (sees_model(plan, command) && !is_about_others(plan, command, index))
            choose_unit(plan, i, chosen);
    }
}

static bool needs_unit(const PlanFile *file)
{
    return file->file != SIZE_MAX && !file->is_unit && file->interesting && !file->planned &&
           file->tries < MOST_TRIES;
}

/* Does the closure hold a header that still needs a unit? Counts the try. */
static bool serves_header(Plan *plan)
{
    bool serves = false;
    for (size_t i = 0; i < plan->closure.files.count; i++) {
        PlanFile *file = file_of(plan, plan->closure.files.items[i]);
        if (file && needs_unit(file)) {
            file->tries++;
            serves = true;
        }
    }
    return serves;
}

static void choose_for_headers(Plan *plan, PlanChoice *chosen)
{
    size_t left = 0;
    for (size_t i = 0; i < plan->files.count; i++)
        left += needs_unit(&plan->files.items[i]);
    for (size_t i = 0; i < plan->units.count && left > 0; i++) {
        if (plan->units.items[i].planned)
            continue;
        if (!sees_model(plan, &plan->units.items[i].command) || !serves_header(plan))
            continue;
        choose_unit(plan, i, chosen);
        left = 0;
        for (size_t j = 0; j < plan->files.count; j++)
            left += needs_unit(&plan->files.items[j]);
    }
}

void plan_choose(Plan *plan, PlanChoice *chosen)
{
    choose_own_units(plan, chosen);
    choose_for_headers(plan, chosen);
}
