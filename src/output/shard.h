/*
 * shard.h: one report in parts, each from a machine of its own.
 *
 * What a line means is decided by declarations anywhere, so every shard reads the whole tree; it
 * judges and reports the files whose paths fall to it. The parts together are the report of one
 * run: `straggler merge` joins them, and refuses when one is missing.
 */
#ifndef STRAGGLER_OUTPUT_SHARD_H
#define STRAGGLER_OUTPUT_SHARD_H

#include "base/diag.h"
#include "output/finding.h"

/*
 * Reads "2/4", or "auto": from the variables that GitLab, Buildkite, Kubernetes and Slurm set for
 * one of many jobs. False after setting diag.
 */
bool shard_parse(Shard *shard, const char *text, Diag *diag);

/* True when findings in `path` fall to the shard, the same on every machine. */
bool shard_holds(Shard shard, const char *path);

/* Checks that the parts that were read make a whole. False after setting diag. */
bool shards_are_whole(const ShardArray *shards, Diag *diag);

#endif
