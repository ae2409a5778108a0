/*
 * opt.h: command-line options from one table.
 *
 * The table that parses also prints -h and --help, the completions of bash, zsh
 * and fish, and the manual page, so none of them can disagree. A command owns a
 * settings struct whose first member is CommonSettings; options write into it
 * by offset. Groups of options may be shared by commands whose settings start
 * with the same members.
 *
 *     static const Option own[] = {
 *         {'k', "kind", OPT_CHOICES, "KIND", "read|write", "only these kinds",
 *          offsetof(FindSettings, kinds)},
 *     };
 */
#ifndef STRAGGLER_CLI_OPT_H
#define STRAGGLER_CLI_OPT_H

#include "base/array.h"
#include "base/diag.h"
#include "base/str.h"

typedef enum OptKind {
    OPT_FLAG,    /* bool */
    OPT_TEXT,    /* const char *: the last one given */
    OPT_NUMBER,  /* unsigned */
    OPT_CHOICE,  /* const char *: one of `choices` */
    OPT_LIST,    /* TextArray: every one given */
    OPT_CHOICES, /* TextArray: repeatable, comma-separated, each one of `choices` */
} OptKind;

typedef struct Option {
    char short_name; /* 0: none */
    const char *name;
    OptKind kind;
    const char *placeholder; /* "FILE"; NULL for flags */
    const char *choices;     /* "a|b|c"; a trailing '|' is fine; NULL */
    const char *help;        /* one line, no full stop */
    size_t offset;           /* of the member in the settings struct */
} Option;

typedef struct OptGroup {
    const char *title; /* "Output" */
    const Option *options;
    size_t count;
} OptGroup;

typedef struct {
    ARRAY_OF(const char *);
} TextArray;

typedef struct CommonSettings {
    bool help, long_help;
} CommonSettings;

/* What is left after the options. */
typedef struct Arguments {
    TextArray list;
    size_t terminated; /* index of the first argument after "--"; list.count without one */
} Arguments;

typedef struct CommandTable CommandTable;
typedef struct Command Command;

struct Command {
    const char *name;
    const char *summary;   /* one line, no full stop */
    const char *usage;     /* "TARGET... [PATH...]" */
    const char *about;     /* paragraphs and examples, for --help and the manual */
    const OptGroup *const *groups; /* NULL-terminated; -h and --help are added */
    size_t settings_size;
    bool takes_files;      /* completions offer files */
    const char *words;     /* completions offer these: "list|show"; NULL */
    int (*run)(const CommandTable *table, void *settings, const Arguments *arguments);
};

struct CommandTable {
    const Command *const *items;
    size_t count;
    const char *version;
};

const Command *command_named(const CommandTable *table, const char *name);

/*
 * Parses argv[0 .. count) (after the command's name) into `settings`, which must
 * be zeroed, and `arguments`. -h and --help stop at once. Everything borrows
 * from argv except comma-split choices, which live in `arena`.
 */
bool opt_parse(const Command *command, int count, char **argv, void *settings,
               Arguments *arguments, Arena *arena, Diag *diag);

/* Frees the lists that opt_parse made. */
void opt_release(const Command *command, void *settings, Arguments *arguments);

/* The item of "a|b|c" that is closest to `given`, for "did you mean"; empty when none is close. */
Str opt_closest(const char *choices, Str given);

/* Walks "a|b|c": the next item, or an empty Str at the end. */
Str opt_choice_next(const char **choices);

/* Visits every option of a command, -h and --help included; *group and *index start at 0. */
const Option *opt_next(const Command *command, size_t *group, size_t *index);

/* --- made from the table (opt_help.c, opt_complete.c) --- */

void opt_short_help(const Command *command, StrBuf *out);
void opt_long_help(const Command *command, StrBuf *out);
void opt_overview(const CommandTable *table, StrBuf *out);
void opt_complete_bash(const CommandTable *table, StrBuf *out);
void opt_complete_zsh(const CommandTable *table, StrBuf *out);
void opt_complete_fish(const CommandTable *table, StrBuf *out);
void opt_manual(const CommandTable *table, StrBuf *out);

#endif
