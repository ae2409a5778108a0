/*
 * A path falls to a shard by its hash, so that neither order nor number of files matters. Runners
 * count their jobs from 0 or from 1, or from where the user says.
 */
#include "output/shard.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { MOST_SHARDS = 4096 };

/* Where a runner says which of its jobs this is; `first`: a variable, or the number itself. */
typedef struct Runner {
    const char *index, *count, *first;
} Runner;

static const Runner RUNNERS[] = {
    {"CI_NODE_INDEX", "CI_NODE_TOTAL", "1"},
    {"BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", "0"},
    {"JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", "0"},
    {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN"},
};

/* A number without sign or anything after it; MOST_SHARDS + 1 for anything else. */
static unsigned number_of(const char *text)
{
    char *end = NULL;
    bool digit = text && *text >= '0' && *text <= '9';
    unsigned long number = digit ? strtoul(text, &end, 10) : 0;
    return digit && !*end && number <= MOST_SHARDS ? (unsigned)number : MOST_SHARDS + 1;
}

static bool is_shard(Shard shard)
{
    return shard.count >= 1 && shard.count <= MOST_SHARDS && shard.index >= 1 &&
           shard.index <= shard.count;
}

static bool from_runner(Shard *shard, Diag *diag)
{
    for (size_t i = 0; i < sizeof RUNNERS / sizeof *RUNNERS; i++) {
        const Runner *runner = &RUNNERS[i];
        const char *index = getenv(runner->index), *count = getenv(runner->count);
        const char *first = getenv(runner->first);
        if (!index || !count)
            continue;
        *shard = (Shard){number_of(index) + 1 - number_of(first ? first : runner->first),
                         number_of(count)};
        return is_shard(*shard) || diag_fail(diag, "`%s=%s` is not one of `%s=%s` jobs",
                                             runner->index, index, runner->count, count);
    }
    diag_fail(diag, "--shard=auto: no job of GitLab, Buildkite, Kubernetes or Slurm");
    return diag_hint(diag, "give the numbers: --shard=1/4 (Kubernetes sets JOB_COMPLETION_INDEX; "
                           "set JOB_COMPLETIONS yourself)");
}

bool shard_parse(Shard *shard, const char *text, Diag *diag)
{
    if (strcmp(text, "auto") == 0)
        return from_runner(shard, diag);
    const char *slash = strchr(text, '/');
    char index[8] = {0};
    if (slash && slash - text < (ptrdiff_t)sizeof index) {
        memcpy(index, text, (size_t)(slash - text));
        *shard = (Shard){number_of(index), number_of(slash + 1)};
        if (is_shard(*shard))
            return true;
    }
    diag_fail(diag, "`--shard=%s` is no part of a whole", text);
    return diag_hint(diag, "write --shard=1/4 to --shard=4/4, or --shard=auto");
}

bool shard_holds(Shard shard, const char *path)
{
    return !shard.count || XXH3_64bits(path, strlen(path)) % shard.count == shard.index - 1;
}

bool shards_are_whole(const ShardArray *shards, Diag *diag)
{
    unsigned count = shards->count ? shards->items[0].count : 0;
    for (size_t i = 0; i < shards->count; i++) {
        if (!is_shard(shards->items[i]) || shards->items[i].count != count)
            return diag_fail(diag, "shard %u of %u and shard %u of %u are of different runs",
                             shards->items[0].index, count, shards->items[i].index,
                             shards->items[i].count);
    }
    for (unsigned wanted = 1; wanted <= count; wanted++) {
        size_t times = 0;
        for (size_t i = 0; i < shards->count; i++)
            times += shards->items[i].index == wanted;
        if (times > 1)
            return diag_fail(diag, "shard %u of %u was given %zu times", wanted, count, times);
        if (!times) {
            diag_fail(diag, "shard %u of %u is missing", wanted, count);
            return diag_hint(diag, "--allow-incomplete merges what is there");
        }
    }
    return true;
}
