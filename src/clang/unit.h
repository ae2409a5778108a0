/*
 * unit.h: one translation unit, from flags to the accesses in it.
 */
#ifndef STRAGGLER_CLANG_UNIT_H
#define STRAGGLER_CLANG_UNIT_H

#include "clang/wanted.h"

typedef struct UnitRequest {
    char *directory;
    char *file;
    struct { ARRAY_OF(char *); } flags;
    bool record;
} UnitRequest;

/* Parses the unit and appends the answer (see clang_protocol.h) to `out`. */
void unit_answer(const UnitRequest *request, Wanted *wanted, StrBuf *out);

#endif
