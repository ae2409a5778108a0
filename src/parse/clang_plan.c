/*
 * Everything here is reading: a thousand units cost a second of include lines
 * where parsing them would cost minutes. When no file's text defines a model
 * (a macro writes the struct, or a system header has it), nothing is ruled out
 * by what a unit can see.
 */
#include "parse/clang_plan.h"

#include "parse/clang_names.h"
#include "parse/clang_sight.h"

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

static void add_words(Plan *plan)
{
    const ClangRequest *request = plan->request;
    StrBuf name = {0};
    for (size_t i = 0; i < request->target_count; i++)
        for (size_t j = 0; j < request->targets[i].field_count; j++)
            add_word(plan, request->targets[i].fields[j]);
    plan->field_words = plan->words.count;
    for (size_t i = 0; i < request->target_count; i++) {
        const ClangTarget *target = &request->targets[i];
        size_t count = target->accessors && plan->cxx ? target->field_count : 0;
        for (size_t j = 0; j < count * CLANG_ACCESSOR_NAMES; j++) {
            clang_accessor_name(target->fields[j / CLANG_ACCESSOR_NAMES],
                                (int)(j % CLANG_ACCESSOR_NAMES), &name);
            add_word(plan, arena_strdup(plan->arena, name.data, name.length));
        }
    }
    strbuf_release(&name);
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
    sight_examine(plan);
}

/* Whoever made the request need not know the names of accessors: look for them everywhere. */
static void follow_accessors(Plan *plan)
{
    if (plan->words.count == plan->field_words)
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
    for (unsigned round = 0; round < MOST_MACRO_ROUNDS && sight_find_macros(plan); round++) {
        for (size_t i = 0; i < plan->units.count; i++)
            graph_file(&plan->graph, plan->units.items[i].command.file);
        for (size_t i = 0; i < plan->graph.files.count; i++)
            if (!file_of(plan, i) && sight_holds_macro(plan, plan->graph.files.items[i].text))
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
    add_words(plan);
    load_closures(plan);
    follow_accessors(plan);
    follow_macros(plan);
    sight_find_types(plan);
    sight_judge_macros(plan);
    for (size_t i = 0; i < plan->files.count; i++) {
        PlanFile *file = &plan->files.items[i];
        if (file->file == SIZE_MAX)
            continue;
        const char *path = plan->graph.files.items[file->file].path;
        bool cxx = is_cxx_name(path) || (is_header_name(path) && plan->cxx);
        Str text = plan->graph.files.items[file->file].text;
        bool uses_macro = sight_holds_macro(plan, text);
        file->interesting = uses_macro || sight_is_interesting(plan, file->file, cxx);
        file->needs_record = uses_macro || sight_may_be_left_out(plan, text);
    }
}

void plan_release(Plan *plan)
{
    graph_release(&plan->graph);
    array_release(&plan->files);
    array_release(&plan->units);
    array_release(&plan->words);
    array_release(&plan->macros);
    array_release(&plan->function_macros);
    array_release(&plan->closure.files);
    for (size_t i = 0; i < plan->names.count; i++)
        c_names_release(&plan->names.items[i]);
    array_release(&plan->names);
    map_release(&plan->names_read);
    map_release(&plan->defines);
    map_release(&plan->known_types);
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
    sight_examine(plan);
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

static void choose_own_units(Plan *plan, PlanChoice *chosen)
{
    for (size_t i = 0; i < plan->units.count; i++) {
        size_t index = graph_file(&plan->graph, plan->units.items[i].command.file);
        const PlanFile *file = index == SIZE_MAX ? NULL : file_of(plan, index);
        if (plan->units.items[i].planned || !file || !file->interesting)
            continue;
        const CompileCommand *command = &plan->units.items[i].command;
        if (sees_model(plan, command) && !sight_is_about_others(plan, index, is_cxx(command)))
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

static void mark_included(Plan *plan)
{
    for (size_t i = 0; i < plan->closure.files.count; i++) {
        PlanFile *file = file_of(plan, plan->closure.files.items[i]);
        if (file)
            file->included = true;
    }
}

static void choose_for_headers(Plan *plan, PlanChoice *chosen)
{
    size_t left = 0;
    for (size_t i = 0; i < plan->files.count; i++)
        left += needs_unit(&plan->files.items[i]);
    for (size_t i = 0; i < plan->units.count && left > 0; i++) {
        if (plan->units.items[i].planned)
            continue;
        bool sees = sees_model(plan, &plan->units.items[i].command);
        mark_included(plan);
        if (!sees || !serves_header(plan))
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
