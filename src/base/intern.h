/*
 * intern.h: each distinct name once per run, compared as a number.
 *
 * Thread safe: parsers on all cores intern at once (striped locks). A Sym stays
 * valid, and its bytes stay where they are, until names_free. Sym 0 is "no name".
 * Sym values depend on thread timing: never sort or print by them.
 *
 *     Sym id = names_intern(names, str_lit("email"));
 *     Str text = names_str(names, id);
 */
#ifndef STRAGGLER_BASE_INTERN_H
#define STRAGGLER_BASE_INTERN_H

#include "base/str.h"

typedef uint32_t Sym;
typedef struct Names Names;

Names *names_new(void);
void names_free(Names *names);

/* The Sym of `text` (its bytes are copied the first time). The empty string gives 0. */
Sym names_intern(Names *names, Str text);
Sym names_intern_c(Names *names, const char *text);

/* The Sym of `text` if it was interned before, else 0. Adds nothing. */
Sym names_lookup(Names *names, Str text);

/* The bytes of `sym`, NUL-terminated too; the empty Str for 0. */
Str names_str(const Names *names, Sym sym);
const char *names_c(const Names *names, Sym sym);

#endif
