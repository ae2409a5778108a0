/*
 * config.h: straggler.yml, read and checked.
 *
 * Every error names file, line and column, and what was expected. The loader
 * and share/straggler.schema.json accept the same files; a test compares them.
 * docs/configuration.md is the manual of every key.
 *
 *     Config config = {0};
 *     if (!config_load(&config, "straggler.yml", &arena, &diag)) ...
 */
#ifndef STRAGGLER_INPUT_CONFIG_H
#define STRAGGLER_INPUT_CONFIG_H

#include "input/target.h"

typedef struct TextList {
    const char **items;
    size_t count;
} TextList;

/* `severity: {old-read: warning}`, at the top or in a migration. */
typedef struct SeverityOverride {
    const char *rule;
    const char *severity;  /* "off", "info", "warning", "error" */
    const char *migration; /* NULL: all */
    Phase phase;
    bool any_phase;        /* `phase` does not count */
    unsigned line, column;
} SeverityOverride;

/* Two models that are changed together: `pairs: [[Enrolment, AdditionalInfo]]`. */
typedef struct ModelPair {
    const char *first, *second;
    unsigned line;
} ModelPair;

typedef struct Config {
    const char *path;
    TextList include, exclude, rules;
    Migration *migrations;
    size_t migration_count;
    SeverityOverride *severities;
    size_t severity_count;
    ModelPair *pairs;
    size_t pair_count;
    const char *reconcile_pattern; /* what a log line about an old access contains; NULL */
    const char *baseline;          /* file relative to the configuration's folder; NULL */
} Config;

/*
 * Looks for straggler.yml in `folder` and upwards, ending at the repository root
 * (the folder that holds .git). Returns its path, relative if `folder` is, or NULL.
 */
const char *config_find(const char *folder, Arena *arena);

bool config_load(Config *config, const char *path, Arena *arena, Diag *diag);

/* The same from text; `path` is kept for messages. */
bool config_parse(Config *config, const char *path, Str text, Arena *arena, Diag *diag);

#endif
