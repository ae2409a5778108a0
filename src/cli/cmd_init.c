/*
 * init: a first straggler.yml. Fields come from the command line, or from what the
 * code already says of itself; the file is written once and never replaced unasked.
 */
#include "cli/commands.h"
#include "cli/targets.h"
#include "input/supervisor.h"
#include "output/write.h"

#include <ctype.h>
#include <unistd.h>

typedef struct InitSettings {
    RunSettings run;
    const char *file, *to, *through, *phase;
    bool force;
} InitSettings;

static const Option own_options[] = {
    {0, "to", OPT_TEXT, "MODEL[.FIELD]", NULL, "the model, and the field, that replaces the old",
     offsetof(InitSettings, to)},
    {0, "through", OPT_TEXT, "NAME", NULL, "how the old model reaches the new one",
     offsetof(InitSettings, through)},
    {0, "phase", OPT_CHOICE, "PHASE", "accept|dual-write|backfill|read-new|write-new|drop",
     "the phase that targets are in (accept)", offsetof(InitSettings, phase)},
    {0, "file", OPT_TEXT, "FILE", NULL, "write this instead of straggler.yml; - prints",
     offsetof(InitSettings, file)},
    {0, "force", OPT_FLAG, NULL, NULL, "replace a file that exists",
     offsetof(InitSettings, force)},
    {'q', "quiet", OPT_FLAG, NULL, NULL, "do not say what comes next",
     offsetof(InitSettings, run.quiet)},
};

static const OptGroup own_group = {"Migration", own_options, sizeof own_options / sizeof *own_options};
static const OptGroup *const groups[] = {&own_group, &run_file_options, &run_analysis_options, NULL};

static const char about[] =
    "Writes a first straggler.yml. With TARGETs, it holds a migration of those fields. Without,\n"
    "it holds what the code itself says is on its way out: columns that models ignore, members\n"
    "that a decorator marks as deprecated, and what your own rule packs mark with `retires`.\n"
    "\n"
    "Examples:\n"
    "  straggler init Merchant.owner_first_name --to LegalEntity.first_name --through legal_entity\n"
    "  straggler init 'Invoice.{is_taxable,is_tax_inclusive}' --to Invoice.tax_type\n"
    "  straggler init                            from ignored columns and deprecated members\n"
    "  straggler init app/models --file -        only looked for there, and printed\n"
    "\n"
    "Exit codes: 0 written; 2 an error, a file that exists, or nothing to write.\n";

typedef struct Init {
    Run *run;
    const InitSettings *settings;
    MigrationList migrations;
} Init;

/* order-email, order: what a migration is called. */
static void write_name(const Migration *migration, const MigrationList *all, StrBuf *out)
{
    size_t same = 0;
    for (size_t i = 0; i < all->count; i++)
        same += strcmp(all->items[i].model, migration->model) == 0;
    for (const char *c = migration->model; *c; c++) {
        bool starts = isupper((unsigned char)*c) && c > migration->model &&
                      islower((unsigned char)c[-1]);
        if (starts || (!isalnum((unsigned char)*c) && isalnum((unsigned char)c[1])))
            strbuf_add_c(out, "-");
        if (isalnum((unsigned char)*c))
            strbuf_printf(out, "%c", tolower((unsigned char)*c));
    }
    if (migration->field_count == 1)
        strbuf_printf(out, "-%s", migration->fields[0].from);
    else if (same > 1)
        strbuf_printf(out, "-%s", phase_name(migration->phase));
}

static void write_migration(const Migration *migration, const MigrationList *all, StrBuf *out)
{
    strbuf_add_c(out, "  ");
    write_name(migration, all, out);
    strbuf_printf(out, ":\n    phase: %s\n    from: \"%s\"\n", phase_name(migration->phase),
                  migration->model);
    if (migration->to_model)
        strbuf_printf(out, "    to: \"%s\"\n", migration->to_model);
    if (migration->through)
        strbuf_printf(out, "    through: \"%s\"\n", migration->through);
    strbuf_add_c(out, "    fields:\n");
    for (size_t f = 0; f < migration->field_count; f++) {
        const FieldMap *map = &migration->fields[f];
        if (map->to)
            strbuf_printf(out, "      \"%s\": \"%s\"\n", map->from, map->to);
        else
            strbuf_printf(out, "      \"%s\": ~\n", map->from);
    }
}

static void write_config(const MigrationList *all, StrBuf *out)
{
    strbuf_add_c(out, "# Phases, in order: accept, dual-write, backfill, read-new, write-new, drop.\n"
                      "# A field is followed by the name that replaces it, or by ~ when nothing does.\n"
                      "version: 1\n"
                      "migrations:\n");
    for (size_t i = 0; i < all->count; i++)
        write_migration(&all->items[i], all, out);
}

/* --to: a model, or a model and its field. False after setting diag. */
static bool set_replacement(Init *init)
{
    const InitSettings *own = init->settings;
    Run *run = init->run;
    Migration to = {0};
    Phase phase = PHASE_ACCEPT;
    bool has_field = own->to && strpbrk(own->to, ".#");
    if (own->phase)
        phase_parse(str_of(own->phase), &phase);
    if (has_field && !target_parse(own->to, &to, &run->arena, &run->diag))
        return false;
    if (has_field && to.field_count != 1)
        return diag_fail(&run->diag, "--to takes one field");
    for (size_t i = 0; i < init->migrations.count; i++) {
        Migration *migration = &init->migrations.items[i];
        migration->phase = phase;
        migration->through = own->through;
        migration->to_model = has_field ? to.model : own->to;
        for (size_t f = 0; has_field && f < migration->field_count; f++)
            migration->fields[f].to = to.fields[0].from;
    }
    return true;
}

static bool save(Init *init, FILE *out)
{
    Run *run = init->run;
    const char *file = init->settings->file ? init->settings->file : "straggler.yml";
    bool prints = strcmp(file, "-") == 0;
    StrBuf text = {0};
    bool good = true;
    write_config(&init->migrations, &text);
    if (prints)
        fwrite(text.data, 1, text.length, out);
    else if (access(file, F_OK) == 0 && !init->settings->force)
        good = diag_fail_at(&run->diag, file, 0, 0, "exists already") ||
               diag_hint(&run->diag, "--force replaces it, --file - prints");
    else
        good = write_file(file, strbuf_str(&text), &run->diag);
    if (good && !prints && !run->settings->quiet)
        fprintf(out, "wrote %s: %zu migration%s\nnext: straggler scan   every access\n"
                     "      straggler check  only what the phase forbids\n",
                file, init->migrations.count, init->migrations.count == 1 ? "" : "s");
    strbuf_release(&text);
    return good;
}

static int init_child(void *context, SharedPage *page, const char *const *set_aside, size_t count)
{
    Init *init = context;
    Run *run = init->run;
    ScanOptions options = run->scan;
    options.page = page;
    options.set_aside = set_aside;
    options.set_aside_count = count;
    bool good = init->migrations.count ||
                scan_retired(&options, &init->migrations, &run->arena, &run->diag);
    if (good && !init->migrations.count) {
        good = diag_fail(&run->diag, "nothing in the code says that a field is on its way out");
        diag_hint(&run->diag, "name fields: straggler init Merchant.owner_email --to LegalEntity.email");
    }
    return good && save(init, page_output(page)) ? EXIT_CLEAN : run_fail(run);
}

static int run_init_command(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    TargetList list = {0};
    Init init = {.run = &run, .settings = settings};
    bool good = run_init(&run, table, &init.settings->run) &&
                targets_sort(&run, arguments, &list) &&
                (list.targets.count || run_borrow_rules(&run)) &&
                run_paths(&run, list.paths.items, list.paths.count);
    for (size_t i = 0; good && i < list.targets.count; i++)
        array_push(&init.migrations, list.targets.items[i]);
    good = good && set_replacement(&init);
    int status = good ? supervise(&(SuperviseOptions){.in_process = run.settings->no_fork},
                                  init_child, &init)
                      : run_fail(&run);
    array_release(&init.migrations);
    targets_release(&list);
    run_release(&run);
    return status;
}

const Command cmd_init = {
    .name = "init",
    .summary = "write a first straggler.yml",
    .usage = "[TARGET...] [PATH...]",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(InitSettings),
    .takes_files = true,
    .run = run_init_command,
};
