/*
 * The targets come from the marks: a file that expects `read Order.email` is
 * searched for Order.email. Each path is a supervised run of its own, so that
 * one example cannot lend its declarations to another.
 */
#include "cli/rules_test.h"

#include "cli/judged.h"
#include "cli/marks.h"
#include "cli/rules_coverage.h"
#include "input/walk.h"

#include <limits.h>
#include <unistd.h>

enum { MOST_TARGETS = 256 };

typedef struct MarkedRun {
    MarkArray marks;
    struct { ARRAY_OF(Migration); } targets;
    bool saves; /* marks of kind save: `#! save Order->Address` */
    bool judged; /* the folder has a straggler.yml: its phases are judged */
    RulesCoverage *coverage; /* NULL: not asked for */
} MarkedRun;

/* The model and field of "Order.email", joined to the targets so far. */
static bool add_target(Run *run, MarkedRun *own, const Mark *mark)
{
    Migration target;
    if (mark->what != MARK_ACCESS)
        return true;
    if (mark->kind == ACCESS_SAVE) {
        own->saves = true;
        return true;
    }
    if (!target_parse(mark->target, &target, &run->arena, &run->diag)) {
        snprintf(run->diag.path, sizeof run->diag.path, "%s", mark->path);
        run->diag.line = mark->line;
        return false;
    }
    for (size_t i = 0; i < own->targets.count; i++) {
        const Migration *known = &own->targets.items[i];
        if (strcmp(known->model, target.model) == 0 &&
            strcmp(known->fields[0].from, target.fields[0].from) == 0)
            return true;
    }
    if (own->targets.count == MOST_TARGETS)
        return diag_fail(&run->diag, "the marks name more than %d targets", MOST_TARGETS);
    array_push(&own->targets, target);
    return true;
}

static bool read_marks(Run *run, MarkedRun *own, SourceList *list)
{
    for (size_t i = 0; i < list->count; i++) {
        Source *source = &list->items[i];
        if (!source_load(source, list->root_fd))
            continue;
        bool good = marks_read(&own->marks, source->path, source->text, &run->arena, &run->diag);
        source_release(source);
        if (!good)
            return false;
    }
    for (size_t i = 0; i < own->marks.count; i++) {
        if (!add_target(run, own, &own->marks.items[i]))
            return false;
    }
    return own->targets.count > 0 || own->saves ||
           diag_fail(&run->diag, "no marks: nothing names a target to look for");
}

static bool collect(Run *run, MarkedRun *own)
{
    WalkOptions walk = {.root = run->scan.root, .paths = run->scan.paths,
                        .path_count = run->scan.path_count, .no_ignore = true, .threads = 1};
    SourceList list = {0};
    if (!walk_list(&list, &walk, &run->diag))
        return false;
    bool good = read_marks(run, own, &list);
    source_list_release(&list);
    return good;
}

static int compare(Run *run, Report *report, void *context)
{
    MarkedRun *own = context;
    StrBuf text = {0};
    if (own->coverage)
        rules_coverage_add(own->coverage, report);
    size_t wrong = marks_compare(&own->marks, report, own->judged, &text);
    fwrite(text.data ? text.data : "", 1, text.length, run->closing);
    strbuf_release(&text);
    return wrong ? EXIT_FOUND : EXIT_CLEAN;
}

/* The targets are those of the folder's straggler.yml, if it has one; else those of the marks. */
static void use_targets(Run *run, MarkedRun *own, Judge *judge)
{
    if (own->judged) {
        judged_prepare(run, judge);
        return;
    }
    run->scan.migrations = own->targets.items;
    run->scan.migration_count = own->targets.count;
    run->scan.want_saves = own->saves;
}

static int test_path(const CommandTable *table, const RunSettings *settings, const char *path,
                     RulesCoverage *coverage)
{
    Run run;
    Judge judge;
    MarkedRun own = {.coverage = coverage};
    int status = EXIT_TROUBLE;
    char config[PATH_MAX];
    RunSettings with_config = *settings;
    snprintf(config, sizeof config, "%s/straggler.yml", path);
    own.judged = access(config, F_OK) == 0;
    with_config.config = config;
    bool good = run_init(&run, table, own.judged ? &with_config : settings) &&
                (!own.judged || run_load_config(&run, true)) && run_paths(&run, &path, 1);
    if (good && run.only_count) { /* nothing around it is read */
        run.scan.paths = run.only;
        run.scan.path_count = run.only_count;
    }
    if (good && collect(&run, &own)) {
        use_targets(&run, &own, &judge);
        run.scan.progress = false;
        run.scan.want_rule_uses = coverage != NULL;
        run.after = compare;
        run.context = &own;
        run.no_reports = true;
        status = run_execute(&run);
    } else {
        run_fail(&run);
    }
    array_release(&own.marks);
    array_release(&own.targets);
    run_release(&run);
    return status;
}

int rules_test(const CommandTable *table, const RunSettings *settings, const char *const *paths,
               size_t count, RulesCoverage *coverage)
{
    int worst = EXIT_CLEAN;
    size_t passed = 0;
    for (size_t i = 0; i < count; i++) {
        int status = test_path(table, settings, paths[i], coverage);
        passed += status == EXIT_CLEAN;
        worst = status > worst ? status : worst;
    }
    printf("%zu of %zu as marked\n", passed, count);
    return worst;
}
