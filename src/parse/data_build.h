/*
 * data_build.h: the shape YAML and JSON share; private to parse/data*.
 *
 * A DataBuilder takes a stream of "map starts", "scalar", "ends" in source order
 * and keeps the stack of open containers; it alone knows that in a map keys and
 * values take turns.
 */
#ifndef STRAGGLER_PARSE_DATA_BUILD_H
#define STRAGGLER_PARSE_DATA_BUILD_H

#include "base/array.h"
#include "facts/fact.h"

enum { DATA_DEEPEST = 256, DATA_LONGEST_NAME = 512 };

typedef struct DataScalar {
    Str value;         /* decoded */
    size_t start, end; /* with quotes */
    size_t at, at_end; /* without */
    bool text;         /* false: a number, true, null ... */
} DataScalar;

typedef struct DataBuilder {
    FactBuilder facts;
    NodeId file;
    struct {
        ARRAY_OF(NodeId);
    } open;      /* MAPs and LISTs, and PAIRs that wait for their values */
    bool failed; /* nested too deep */
} DataBuilder;

void data_builder_init(DataBuilder *self, Facts *facts, Names *names, size_t length, Arena *arena);

/* Forgets all facts, to read the same file of `length` bytes once more. */
void data_builder_restart(DataBuilder *self, size_t length);
void data_builder_release(DataBuilder *self);

/* A MAP or LIST starts at, ends before, a place. */
void data_open(DataBuilder *self, FactKind kind, size_t start);
void data_close(DataBuilder *self, size_t end);
void data_scalar(DataBuilder *self, const DataScalar *scalar);
void data_error(DataBuilder *self, size_t start, size_t end);

/* True where a map wants a key. */
bool data_wants_key(const DataBuilder *self);

/* Ends a PAIR that got no value. */
void data_no_value(DataBuilder *self);

/* Closes all that is open. */
void data_finish(DataBuilder *self, size_t end);

#endif
