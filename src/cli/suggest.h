/*
 * suggest.h: what a target that nothing matches may have meant.
 */
#ifndef STRAGGLER_CLI_SUGGEST_H
#define STRAGGLER_CLI_SUGGEST_H

#include "cli/run.h"

/*
 * For a `find` that found nothing. Fails, with the nearest declared name, when a
 * target's model occurs nowhere in the tree; writes a note to `out` when one of
 * its fields occurs nowhere (which is also what a finished migration looks
 * like). Reads the whole tree once more.
 */
bool suggest_targets(Run *run, StrBuf *out);

#endif
