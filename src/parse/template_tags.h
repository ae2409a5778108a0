/*
 * template_tags.h: where the tags of a Django or Jinja template are; private to
 * parse/template_django.
 */
#ifndef STRAGGLER_PARSE_TEMPLATE_TAGS_H
#define STRAGGLER_PARSE_TEMPLATE_TAGS_H

#include "base/str.h"

typedef struct TagScanner {
    Str text; /* set by the caller; the rest starts as zero */
    size_t at;
    size_t wasted;   /* bytes looked at for ends that were not there */
    bool missing[3]; /* "}}", "%}", "#}": none is left */
} TagScanner;

typedef struct TagSpan {
    size_t start, end; /* with its braces, which are two bytes each */
    bool statement;    /* {% %}, not {{ }} */
} TagSpan;

/* The next tag; comments are passed over. Returns false at the end. */
bool tag_scanner_next(TagScanner *self, TagSpan *span);

#endif
