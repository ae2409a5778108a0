/*
 * wanted.h: the members that are looked for, and which declarations they are.
 *
 * A model is written as the user knows it: `session`, `struct session`, a
 * typedef's name, or with a suffix of its scope (`ns::Function` matches
 * `a::ns::Function`). Verdicts are kept per declaration for one unit, because a
 * unit asks about the same few members thousands of times.
 */
#ifndef STRAGGLER_CLANG_WANTED_H
#define STRAGGLER_CLANG_WANTED_H

#include "base/array.h"
#include "base/str.h"

#include <clang-c/Index.h>

typedef struct WantedField {
    char *name;
    size_t model; /* index into models */
} WantedField;

typedef struct WantedModel {
    StrBuf text;      /* owns the bytes of parts */
    Str parts[16];    /* of the scope, outermost first; the last is the type's own name */
    size_t part_count;
    bool accessors;
} WantedModel;

/* What a declaration was found to be; kept by its address. */
typedef struct WantedVerdict {
    const void *key;
    bool matches;
} WantedVerdict;

/* A typedef with a model's name. */
typedef struct WantedAlias {
    const void *record;
    size_t model;
} WantedAlias;

typedef struct Wanted {
    struct { ARRAY_OF(WantedModel); } models;
    struct { ARRAY_OF(WantedField); } fields; /* their indexes are the target numbers */
    struct { ARRAY_OF(char *); } words;  /* fields, macros ...: what makes a file worth visiting */
    struct { ARRAY_OF(char *); } macros; /* macros whose bodies may hold a field */
    struct { ARRAY_OF(WantedVerdict); } verdicts; /* of this unit: one per model, per declaration */
    struct { ARRAY_OF(WantedAlias); } aliases;    /* of this unit */
} Wanted;

void wanted_add_model(Wanted *wanted, const char *text);
void wanted_add_field(Wanted *wanted, const char *name);
void wanted_add_word(Wanted *wanted, const char *word);
void wanted_add_macro(Wanted *wanted, const char *name);
void wanted_allow_accessors(Wanted *wanted);
void wanted_release(Wanted *wanted);

/* Forgets the declarations of the last unit and collects this one's typedefs. */
void wanted_begin_unit(Wanted *wanted, CXTranslationUnit unit);

/* Is `name` one of the fields' names? */
bool wanted_names(const Wanted *wanted, const char *name);

bool wanted_is_macro(const Wanted *wanted, Str name);

/* Does `text` hold a word that could be a wanted member or a macro that holds one? */
bool wanted_in_text(const Wanted *wanted, Str text);

/* Is `record` (a class, struct or union) the model? Typedefs of it count. */
bool wanted_is_model(Wanted *wanted, size_t model, CXCursor record);

/* The class that owns a member: the nearest enclosing one that has a name. */
CXCursor wanted_owner(CXCursor member);

/* The class an expression's type is or points to; a null cursor when it is none. */
CXCursor wanted_record_of(CXType type);

#endif
