/*
 * targets.h: arguments that are targets or paths, told apart as `find` does.
 */
#ifndef STRAGGLER_CLI_TARGETS_H
#define STRAGGLER_CLI_TARGETS_H

#include "cli/run.h"

typedef struct TargetList {
    struct { ARRAY_OF(Migration); } targets;
    TextArray paths;
} TargetList;

/*
 * An argument that names an existing file or folder is a path, as is everything
 * after "--"; any other is a target. Targets of one model are joined. False
 * after setting run->diag.
 */
bool targets_sort(Run *run, const Arguments *arguments, TargetList *list);
void targets_release(TargetList *list);

/* Gives the targets to the scan. */
void targets_use(Run *run, const TargetList *list);

#endif
