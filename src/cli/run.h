/*
 * run.h: what the commands that scan share: options, paths, the supervised
 * scan, reports, the closing summary and the exit code.
 *
 *     Run run;
 *     run_init(&run, table, settings);
 *     bool good = run_paths(&run, paths, count) && ...;     // migrations, configuration
 *     int status = good ? run_execute(&run) : run_fail(&run);
 *     run_release(&run);
 */
#ifndef STRAGGLER_CLI_RUN_H
#define STRAGGLER_CLI_RUN_H

#include "cli/opt.h"
#include "input/config.h"
#include "scan.h"

/* The first members of the settings of every command that scans. */
typedef struct RunSettings {
    CommonSettings common;
    /* output */
    const char *format, *color;
    TextArray outputs;
    bool quiet, stats;
    /* which findings */
    const char *min_confidence;
    TextArray kinds;
    /* which files */
    const char *root, *files_from, *shard;
    TextArray include, exclude;
    bool null_separated, no_ignore, hidden;
    /* how */
    const char *config, *compile_commands;
    TextArray rules;
    unsigned threads;
    bool allow_incomplete, exit_zero, no_fork, parse_whole;
} RunSettings;

extern const OptGroup run_output_options, run_finding_options, run_file_options, run_shard_options,
    run_analysis_options, run_config_options;

enum { EXIT_CLEAN = 0, EXIT_FOUND = 1, EXIT_TROUBLE = 2 };

typedef struct Run Run;

struct Run {
    const CommandTable *table;
    const RunSettings *settings;
    Arena arena;
    Diag diag;
    Config config;     /* empty without a configuration */
    ScanOptions scan;  /* filled by the functions below */
    const char *noun;  /* what a finding is called in the summary: "access" */
    const char *const *only; /* paths below the root that are reported on; count 0: all */
    size_t only_count;
    Shard shard;       /* of the files, only these are reported on */
    bool nothing;      /* --files-from named no file: nothing is scanned */
    /*
     * Called in the child between scan and reports: judges, filters, writes. Gives
     * the exit code, 0 or 1, or EXIT_TROUBLE after setting diag. NULL: 0.
     */
    int (*after)(Run *run, Report *report, void *context);
    void *context;
    bool no_reports;   /* `after` says everything itself, on `out` */
    FILE *out;         /* what becomes standard output; set while `after` runs */
    FILE *closing;     /* what goes to stderr after the report, not amid it; set by run_execute */
};

/* Checks options that need no file. False after setting run->diag. */
bool run_init(Run *run, const CommandTable *table, const RunSettings *settings);
void run_release(Run *run);

/* Reads --config, or the straggler.yml that is found upwards. */
bool run_load_config(Run *run, bool required);

/*
 * For commands that need no configuration: takes the rule packs, and nothing else, of the
 * straggler.yml that is found upwards; --rules wins over it.
 */
bool run_borrow_rules(Run *run);

/*
 * Sets root and paths from the command line and --files-from. The root is
 * --root, else the folder of the configuration, else the current folder when it
 * holds every path, else the folder that does.
 */
bool run_paths(Run *run, const char *const *paths, size_t count);

/* Whether findings in `path` (relative to the root) are wanted: it was asked for, and falls to the shard. */
bool run_reports_path(const Run *run, const char *path);

/* `path` as the user would write it from the current folder. */
const char *run_display_path(Run *run, const char *path);

/* Scans under the supervisor and reports. Returns the exit code. */
int run_execute(Run *run);

/* Prints run->diag; returns EXIT_TROUBLE. */
int run_fail(Run *run);

/* Opens the root folder, for readers of source files; -1 when it cannot be. */
int run_open_root(const Run *run);

/* Writes --format to `out` and every --output file. False after setting run->diag. */
bool run_write_reports(Run *run, const Report *report, int root_fd, FILE *out);

/* Writes `text` to standard output and releases it. Returns the exit code. */
int print_text(StrBuf *text);

#endif
