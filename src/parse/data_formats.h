/*
 * data_formats.h: the readers behind data.h, one for each format; private to parse/data*.
 */
#ifndef STRAGGLER_PARSE_DATA_FORMATS_H
#define STRAGGLER_PARSE_DATA_FORMATS_H

#include "parse/data_build.h"
#include "parse/frontend.h"

/* Each fills an initialised builder; what they leave open is closed by the caller. */
ParseResult data_read_yaml(DataBuilder *builder, Str text, unsigned deadline_ms);
ParseResult data_read_json(DataBuilder *builder, Str text, unsigned deadline_ms);

#endif
