/*
 * filerule.h: files tied to a class by their place.
 *
 * A pattern is a path whose segments may hold a star (any bytes), `**` (any
 * folders) and `{name}` (captured). It may start anywhere in the path:
 * "views/{dir}/show.erb" fits "engines/shop/app/views/orders/show.erb" and
 * captures dir = "orders". A `{name...}` captures several folders.
 */
#ifndef STRAGGLER_ANALYZE_FILERULE_H
#define STRAGGLER_ANALYZE_FILERULE_H

#include "analyze/program/rules.h"

enum { CAPTURES_MAX = 4 };

typedef struct Captures {
    Str names[CAPTURES_MAX];
    Str values[CAPTURES_MAX];
    size_t count;
} Captures;

/* True when `path` fits; fills captures, which borrow from both texts. */
bool filerule_match(Str pattern, Str path, Captures *captures);

/* A TemplateLookup over Captures. */
bool filerule_variable(void *captures, Str name, Str *value);

/*
 * The next rule of section `files` after `after` (NULL: the first) of `family`
 * that fits `path`; fills captures. NULL when there is none.
 */
const Rule *filerule_next(const RuleSet *rules, const char *family, const char *path,
                          const Rule *after, Captures *captures);

#endif
