/*
 * summary.h: the closing lines on stderr: what was found, what was analysed,
 * and what was not.
 */
#ifndef STRAGGLER_OUTPUT_SUMMARY_H
#define STRAGGLER_OUTPUT_SUMMARY_H

#include "output/finding.h"

typedef struct SummaryOptions {
    const char *noun;          /* "access": what one finding is called */
    Confidence min_confidence; /* the threshold that hid totals.below_threshold */
    bool stats;                /* also time and memory of each stage */
    bool allow_incomplete;
} SummaryOptions;

void summary_write(const Report *report, const SummaryOptions *options, StrBuf *out);

#endif
