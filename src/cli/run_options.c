/*
 * The options that every scanning command takes, as tables.
 */
#include "cli/run.h"
#include "output/report.h"

#define AT(member) offsetof(RunSettings, member)

#define X(name, about) #name "|"
static const char formats[] = REPORTERS(X);
#undef X
#define X(name, text) text "|"
static const char kinds[] = ACCESS_KINDS(X);
static const char confidences[] = CONFIDENCES(X);
#undef X

static const Option output_options[] = {
    {'f', "format", OPT_CHOICE, "FORMAT", formats, "how to print the report (text)", AT(format)},
    {'o', "output", OPT_LIST, "FORMAT=FILE", NULL,
     "also write a report to a file; any number of times", AT(outputs)},
    {0, "color", OPT_CHOICE, "WHEN", "auto|always|never", "colour of text reports (auto)",
     AT(color)},
    {'q', "quiet", OPT_FLAG, NULL, NULL, "no summary and no progress bar", AT(quiet)},
    {0, "stats", OPT_FLAG, NULL, NULL, "time, files, bytes and memory of each stage", AT(stats)},
};

static const Option finding_options[] = {
    {0, "min-confidence", OPT_CHOICE, "LEVEL", confidences, "weakest findings to report (likely)",
     AT(min_confidence)},
    {'k', "kind", OPT_CHOICES, "KIND", kinds, "only these kinds of access; commas or repeated",
     AT(kinds)},
};

static const Option file_options[] = {
    {0, "include", OPT_LIST, "GLOB", NULL, "only files that match, as in .gitignore", AT(include)},
    {0, "exclude", OPT_LIST, "GLOB", NULL, "not files that match", AT(exclude)},
    {0, "files-from", OPT_TEXT, "FILE", NULL, "read paths from a file, or - for standard input",
     AT(files_from)},
    {'0', "null", OPT_FLAG, NULL, NULL, "paths of --files-from end in NUL, not in newline",
     AT(null_separated)},
    {0, "no-ignore", OPT_FLAG, NULL, NULL, "do not honour .gitignore and .ignore", AT(no_ignore)},
    {0, "hidden", OPT_FLAG, NULL, NULL, "look into hidden files and folders", AT(hidden)},
    {0, "root", OPT_TEXT, "FOLDER", NULL, "folder that reported paths are relative to", AT(root)},
};

static const Option analysis_options[] = {
    {'j', "jobs", OPT_NUMBER, "N", NULL, "threads (all cores)", AT(threads)},
    {0, "rules", OPT_LIST, "PACK", NULL, "rule pack: a name or a file (detected)", AT(rules)},
    {0, "compile-commands", OPT_TEXT, "FILE", NULL, "compile_commands.json of C and C++ (found)",
     AT(compile_commands)},
    {0, "allow-incomplete", OPT_FLAG, NULL, NULL,
     "exit 0 or 1 even if a file that holds the name was not analysed", AT(allow_incomplete)},
    {0, "exit-zero", OPT_FLAG, NULL, NULL, "exit 0 instead of 1", AT(exit_zero)},
    {0, "no-fork", OPT_FLAG, NULL, NULL, "analyse in this process, for debuggers", AT(no_fork)},
    {0, "parse-whole", OPT_FLAG, NULL, NULL, "leave no function out of parsing", AT(parse_whole)},
};

static const Option config_options[] = {
    {'c', "config", OPT_TEXT, "FILE", NULL, "configuration (straggler.yml, found upwards)",
     AT(config)},
};

static const Option shard_options[] = {
    {0, "shard", OPT_TEXT, "I/N", NULL, "report part I of N, for `merge`; auto: as the CI job says",
     AT(shard)},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

const OptGroup run_output_options = {"Output", output_options, COUNT(output_options)};
const OptGroup run_finding_options = {"Findings", finding_options, COUNT(finding_options)};
const OptGroup run_file_options = {"Files", file_options, COUNT(file_options)};
const OptGroup run_shard_options = {"Shards", shard_options, COUNT(shard_options)};
const OptGroup run_analysis_options = {"Analysis", analysis_options, COUNT(analysis_options)};
const OptGroup run_config_options = {"Configuration", config_options, COUNT(config_options)};
