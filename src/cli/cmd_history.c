/*
 * history: how much was left at past commits, for the burn-down.
 *
 * Each commit's files are written to a folder of its own, scanned there with
 * today's configuration and rules, and removed.
 */
#include "cli/commands.h"
#include "cli/run.h"
#include "input/git.h"
#include "input/git_tree.h"
#include "parse/language.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

enum { DEFAULT_COMMITS = 10, MOST_COMMITS = 1000 };

typedef struct HistorySettings {
    RunSettings run;
    unsigned commits;
    const char *since;
} HistorySettings;

static const Option own_options[] = {
    {'n', "commits", OPT_NUMBER, "N", NULL, "how many commits, evenly spread (10)",
     offsetof(HistorySettings, commits)},
    {0, "since", OPT_TEXT, "REV", NULL, "begin after this revision (the first commit)",
     offsetof(HistorySettings, since)},
};

static const OptGroup own_group = {"History", own_options, 2};
static const OptGroup *const groups[] = {&own_group, &run_config_options, &run_finding_options,
                                         &run_analysis_options, NULL};

static const char about[] =
    "Counts the accesses of every migration at past commits of the current branch, oldest\n"
    "first, with today's straggler.yml, and prints comma-separated values: commit, date,\n"
    "migration, then the counts of read, write, query and declare. The last row of each\n"
    "migration is HEAD; what is not committed does not count.\n"
    "\n"
    "Examples:\n"
    "  straggler history -n 20 > burndown.csv\n"
    "  straggler history --since v1.0\n"
    "\n"
    "Exit codes: 0 done; 2 an error. Files that could not be analysed are not counted.\n";

typedef struct Commit {
    const char *name, *date;
} Commit;

typedef struct Commits {
    ARRAY_OF(Commit);
} Commits;

typedef struct History {
    Run *run;
    const char *repository;
    Languages *languages;
    const Commit *commit;
} History;

/* `log` lists first parents, newest first: "<name> <date>" lines. */
static void read_log(Str text, Arena *arena, Commits *all)
{
    while (text.length) {
        size_t end = str_find_byte(text, '\n', 0);
        Str line = str_slice(text, 0, end);
        text = end == SIZE_MAX ? (Str){"", 0} : str_slice(text, end + 1, text.length);
        size_t blank = str_find_byte(line, ' ', 0);
        if (blank == SIZE_MAX)
            continue;
        array_push(all, ((Commit){arena_strdup(arena, line.data, blank),
                                  arena_strdup(arena, line.data + blank + 1,
                                               line.length - blank - 1)}));
    }
}

/* Oldest first, evenly thinned to `wanted`, the newest among them. */
static void thin(const Commits *all, size_t wanted, Commits *commits)
{
    wanted = wanted ? wanted : DEFAULT_COMMITS;
    wanted = wanted > MOST_COMMITS ? MOST_COMMITS : wanted;
    wanted = wanted > all->count ? all->count : wanted;
    for (size_t i = 0; i < wanted; i++) {
        size_t newer = wanted == 1 ? 0 : (wanted - 1 - i) * (all->count - 1) / (wanted - 1);
        array_push(commits, all->items[newer]);
    }
}

static bool list_commits(History *h, const HistorySettings *own, Commits *commits)
{
    Arena *arena = &h->run->arena;
    const char *range = "HEAD";
    if (own->since) {
        const char *since = git_commit(h->repository, own->since, arena, &h->run->diag);
        if (!since)
            return false;
        range = arena_printf(arena, "%s..HEAD", since);
    }
    const char *const arguments[] = {"log", "--first-parent", "--format=%H %cs", range, "--", NULL};
    StrBuf out = {0};
    Commits all = {0};
    bool good = git_run(h->repository, arguments, &out, &h->run->diag);
    if (good) {
        read_log(strbuf_str(&out), arena, &all);
        thin(&all, own->commits, commits);
    }
    array_release(&all);
    strbuf_release(&out);
    return good;
}

static int after_scan(Run *run, Report *report, void *context)
{
    const History *h = context;
    for (size_t m = 0; m < run->config.migration_count; m++) {
        const char *name = run->config.migrations[m].name;
        size_t counts[ACCESS_KIND_COUNT] = {0};
        for (size_t i = 0; i < report->findings.count; i++) {
            const Finding *finding = &report->findings.items[i];
            if (finding->migration && strcmp(finding->migration, name) == 0)
                counts[finding->kind]++;
        }
        fprintf(run->out, "%.12s,%s,%s,%zu,%zu,%zu,%zu\n", h->commit->name, h->commit->date, name,
                counts[ACCESS_READ], counts[ACCESS_WRITE], counts[ACCESS_QUERY],
                counts[ACCESS_DECLARE]);
    }
    report->totals.incomplete = 0; /* a past commit's files cannot be helped */
    return EXIT_CLEAN;
}

static bool is_source(const void *languages, const char *path)
{
    return languages_for_path(languages, path) != NULL;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info;
    (void)kind;
    (void)at;
    return remove(path);
}

static int count_commit(History *h)
{
    Run *run = h->run;
    const char *base = getenv("TMPDIR");
    char *folder = arena_printf(&run->arena, "%s/straggler-XXXXXX", base && *base ? base : P_tmpdir);
    if (!mkdtemp(folder)) {
        diag_fail_at(&run->diag, folder, 0, 0, "cannot be made: %s", strerror(errno));
        return run_fail(run);
    }
    int status = EXIT_TROUBLE;
    if (git_tree_write(h->repository, h->commit->name, folder, is_source, h->languages,
                       &run->diag)) {
        run->scan.root = folder;
        status = run_execute(run);
    } else {
        run_fail(run);
    }
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return status;
}

static int count_all(History *h, const HistorySettings *own)
{
    Commits commits = {0};
    Run *run = h->run;
    bool good = scan_field_maps(&run->scan, &run->arena, &run->diag) &&
                list_commits(h, own, &commits);
    int status = good ? EXIT_CLEAN : run_fail(run);
    if (status == EXIT_CLEAN) {
        printf("commit,date,migration,read,write,query,declare\n");
        fflush(stdout);
    }
    for (size_t i = 0; status == EXIT_CLEAN && i < commits.count; i++) {
        h->commit = &commits.items[i];
        status = count_commit(h);
    }
    array_release(&commits);
    return status;
}

static int run_history(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    HistorySettings *own = settings;
    bool good = run_init(&run, table, &own->run) && run_load_config(&run, true) &&
                run_paths(&run, NULL, 0);
    if (good && arguments->list.count)
        good = diag_fail(&run.diag, "`history` takes no paths");
    if (!good) {
        int status = run_fail(&run);
        run_release(&run);
        return status;
    }
    Names *names = names_new();
    History h = {.run = &run, .repository = run.scan.root, .languages = languages_new(names, &run.diag)};
    run.after = after_scan;
    run.context = &h;
    run.no_reports = true;
    run.scan.no_ignore = true;
    run.scan.rules_root = run.scan.root;
    run.scan.progress = false;
    int status = h.languages ? count_all(&h, own) : run_fail(&run);
    if (h.languages)
        languages_free(h.languages);
    names_free(names);
    run_release(&run);
    return status;
}

const Command cmd_history = {
    .name = "history",
    .summary = "what was left at past commits",
    .usage = "[-n N] [--since REV]",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(HistorySettings),
    .run = run_history,
};
