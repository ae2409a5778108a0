/*
 * commands.h: the subcommands; main.c lists them in order of importance.
 */
#ifndef STRAGGLER_CLI_COMMANDS_H
#define STRAGGLER_CLI_COMMANDS_H

#include "cli/opt.h"

extern const Command cmd_find, cmd_scan, cmd_check, cmd_todo, cmd_fix, cmd_gate, cmd_saves,
    cmd_explain, cmd_rules, cmd_reconcile, cmd_history, cmd_baseline, cmd_merge, cmd_completions,
    cmd_man, cmd_init;

/* `straggler --version [--verbose]`. */
void print_version(const CommandTable *table, bool verbose, StrBuf *out);

#endif
