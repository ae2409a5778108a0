/*
 * Plan, run, decode, merge. Answers are decoded in the order of the units
 * whatever order they came in, so that the result does not depend on timing.
 * A header that the chosen unit turned out not to include (a condition of the
 * preprocessor) gets another unit, a few times.
 */
#include "parse/clang.h"

#include "parse/clang_answer.h"
#include "parse/clang_plan.h"
#include "parse/clang_pool.h"
#include "parse/clang_protocol.h"

#include <limits.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { DEFAULT_DEADLINE_MS = 60000, MOST_ROUNDS = 4 };
static const size_t DEFAULT_MEMORY = (size_t)4 << 30;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* $STRAGGLER_CLANG, or the program installed with the running one. */
static const char *find_helper(const ClangRequest *request, Arena *arena)
{
    static const char *const places[] = {"straggler-clang", "../libexec/straggler/straggler-clang",
                                         "../libexec/straggler-clang"};
    const char *given = request->helper ? request->helper : getenv("STRAGGLER_CLANG");
    if (given)
        return access(given, X_OK) == 0 ? given : NULL;
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return NULL;
    program[length] = '\0';
    *strrchr(program, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *path = arena_printf(arena, "%s/%s", program, places[i]);
        if (access(path, X_OK) == 0)
            return path;
    }
    return NULL;
}

static void add_record(StrBuf *out, ClangTag tag, const char *text)
{
    strbuf_add_byte(out, (char)tag);
    strbuf_add_c(out, text);
    strbuf_add_byte(out, '\0');
}

static void greet(const ClangRequest *request, const Plan *plan, StrBuf *out)
{
    for (size_t i = 0; i < request->target_count; i++) {
        const ClangTarget *target = &request->targets[i];
        add_record(out, CLANG_TAG_MODEL, target->model);
        if (target->accessors && plan->cxx)
            add_record(out, CLANG_TAG_ACCESSORS, "");
        for (size_t j = 0; j < target->field_count; j++)
            add_record(out, CLANG_TAG_FIELD, target->fields[j]);
    }
    for (size_t i = 0; i < plan->words.count; i++)
        add_record(out, CLANG_TAG_WORD, plan->words.items[i]);
    for (size_t i = 0; i < plan->macros.count; i++)
        add_record(out, CLANG_TAG_MACRO, plan->macros.items[i]);
}

typedef struct Run {
    const ClangRequest *request;
    Plan plan;
    ClangMerge merge;
    PoolOptions pool;
    StrBuf greeting;
    ClangAccesses *out;
    Map visited; /* graph file + 1 -> ClangFileState + 1, best so far */
    Map reasons; /* graph file + 1 -> const char * */
    Arena *arena;
} Run;

/* The better of two outcomes of a file: seen whole once is enough. */
static void note_file(Run *run, const char *path, ClangFileState state, const char *reason)
{
    size_t file = graph_file(&run->plan.graph, path);
    if (file == SIZE_MAX)
        return;
    uint64_t *known = map_get(&run->visited, file + 1);
    if (known && *known <= (uint64_t)state + 1)
        return;
    map_put(&run->visited, file + 1, (uint64_t)state + 1);
    map_put(&run->reasons, file + 1, (uint64_t)(uintptr_t)reason);
}

static void take_unit(Run *run, const PoolUnit *unit)
{
    UnitAnswer answer = {0};
    run->out->units++;
    if (!unit->failure[0])
        clang_merge_answer(&run->merge, strbuf_str(&unit->answer), &answer);
    const char *failure = unit->failure[0] ? unit->failure : answer.failure;
    if (failure && *failure) {
        run->out->failed_units++;
        note_file(run, unit->command->file, CLANG_FILE_FAILED,
                  arena_strdup(run->arena, failure, strlen(failure)));
    } else {
        const char *errors = answer.errors ? answer.errors : "";
        for (size_t i = 0; i < answer.visited.count; i++)
            note_file(run, answer.visited.items[i],
                      *errors ? CLANG_FILE_ERRORS : CLANG_FILE_EXACT, errors);
        note_file(run, unit->command->file, *errors ? CLANG_FILE_ERRORS : CLANG_FILE_EXACT,
                  errors);
    }
    array_release(&answer.visited);
}

/* Parses one round of units. Returns false when there was none. */
static bool run_round(Run *run)
{
    PlanChoice chosen = {0};
    plan_choose(&run->plan, &chosen);
    PoolUnit *units = ARENA_ARRAY(run->arena, PoolUnit, chosen.count + 1);
    for (size_t i = 0; i < chosen.count; i++) {
        const PlanUnit *unit = &run->plan.units.items[chosen.items[i]];
        units[i] = (PoolUnit){.command = &unit->command, .weight = unit->weight,
                              .record = unit->needs_record};
        if (unit->delay_templates)
            units[i].extra_flag = "-fdelayed-template-parsing";
    }
    uint64_t peak = clang_pool_run(&run->pool, units, chosen.count);
    if (peak > run->out->peak_memory)
        run->out->peak_memory = peak;
    for (size_t i = 0; i < chosen.count; i++) {
        take_unit(run, &units[i]);
        strbuf_release(&units[i].answer);
    }
    bool any = chosen.count > 0;
    array_release(&chosen);
    return any;
}

/* A header that no parsed unit really saw may try another. */
static void reopen_unseen(Run *run)
{
    for (size_t i = 0; i < run->plan.files.count; i++) {
        PlanFile *file = &run->plan.files.items[i];
        if (file->file == SIZE_MAX || !file->planned)
            continue;
        uint64_t *state = map_get(&run->visited, file->file + 1);
        if (state && *state != (uint64_t)CLANG_FILE_FAILED + 1)
            continue;
        file->planned = false;
        file->tries += file->tries == 0; /* one unit was tried, though not for it alone */
    }
}

static ClangFile file_result(const Run *run, const PlanFile *file)
{
    if (file->file == SIZE_MAX)
        return (ClangFile){CLANG_FILE_UNKNOWN, "cannot be read"};
    uint64_t *state = map_get(&run->visited, file->file + 1);
    uint64_t *reason = map_get(&run->reasons, file->file + 1);
    if (state)
        return (ClangFile){(ClangFileState)(*state - 1), (const char *)(uintptr_t)*reason};
    bool blind_only = file->included && file->tries == 0; /* by units that cannot see the model */
    if (file->is_unit || !file->interesting || blind_only)
        return (ClangFile){CLANG_FILE_RULED_OUT, ""};
    return (ClangFile){CLANG_FILE_UNKNOWN, ""};
}

static void finish(Run *run, const CompileDatabase *database)
{
    ClangAccesses *out = run->out;
    out->files = ARENA_ARRAY(run->arena, ClangFile, run->request->file_count + 1);
    for (size_t i = 0; i < run->request->file_count; i++)
        out->files[i] = file_result(run, &run->plan.files.items[i]);
    out->refused_count = database->refused.count;
    out->refused = ARENA_ARRAY(run->arena, ClangRefused, database->refused.count + 1);
    for (size_t i = 0; i < database->refused.count; i++) {
        const RefusedFlag *flag = &database->refused.items[i];
        out->refused[i] =
            (ClangRefused){flag->name, flag->value, flag->file, flag->count, flag->ordinary};
    }
    clang_merge_finish(&run->merge, &run->plan, out);
}

static void find(const ClangRequest *request, const CompileDatabase *database, ClangAccesses *out,
                 Arena *arena)
{
    Run run = {.request = request, .out = out, .arena = arena};
    plan_init(&run.plan, request, database, arena);
    clang_merge_init(&run.merge, request, arena);
    greet(request, &run.plan, &run.greeting);
    run.pool = (PoolOptions){
        .helper = find_helper(request, arena),
        .greeting = strbuf_str(&run.greeting),
        .processes = request->threads,
        .deadline_ms = request->deadline_ms ? request->deadline_ms : DEFAULT_DEADLINE_MS,
        .memory_limit = request->memory_limit ? request->memory_limit : DEFAULT_MEMORY,
    };
    for (unsigned round = 0; round < MOST_ROUNDS && run_round(&run); round++)
        reopen_unseen(&run);
    finish(&run, database);
    clang_merge_release(&run.merge);
    plan_release(&run.plan);
    strbuf_release(&run.greeting);
    map_release(&run.visited);
    map_release(&run.reasons);
}

bool clang_find(const ClangRequest *request, ClangAccesses *out, Arena *arena, Diag *diag)
{
    *out = (ClangAccesses){0};
    double started = seconds_now();
    CompileDatabase database;
    if (!find_helper(request, arena) || request->file_count == 0)
        return true;
    if (!compile_database_find(&database, request->root, request->compile_commands, arena, diag)) {
        compile_database_release(&database);
        return false;
    }
    if (database.path) {
        out->available = true;
        out->database = database.path;
        find(request, &database, out, arena);
    }
    compile_database_release(&database);
    out->seconds = seconds_now() - started;
    return true;
}

const char *clang_file_state_name(ClangFileState state)
{
    static const char *const names[] = {
#define X(name, text) text,
        CLANG_FILE_STATES(X)
#undef X
    };
    return names[state];
}
