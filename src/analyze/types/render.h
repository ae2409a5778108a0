/*
 * render.h: the names a template sees.
 *
 * A template's variables come from the code that renders it. Rules marked
 * `renders` tell which calls and class attributes name templates; the values
 * that stand under a variable's name around such a place (keys of dictionaries,
 * keyword arguments) give its type, and so do templates that include it.
 */
#ifndef STRAGGLER_ANALYZE_RENDER_H
#define STRAGGLER_ANALYZE_RENDER_H

#include "analyze/types/receiver.h"

/* The type that `name` has in the template `file`; empty: nobody who renders it tells. */
TypeSet render_name(Resolver *resolver, FileId file, Sym name);

#endif
