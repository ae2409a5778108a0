/*
 * clang_text.h: what the text of a C or C++ file shows without parsing it.
 *
 * Cheap answers (one pass over the bytes, comments and strings skipped) that
 * decide which translation units are worth a parse.
 */
#ifndef STRAGGLER_PARSE_CLANG_TEXT_H
#define STRAGGLER_PARSE_CLANG_TEXT_H

#include "base/array.h"
#include "base/str.h"

typedef struct CInclude {
    Str name;      /* between the quotes or brackets; empty: computed by a macro */
    bool brackets;
} CInclude;

typedef struct CMacro {
    Str name, parameters, body; /* parameters with brackets; empty for an object-like macro */
} CMacro;

typedef struct CDirectives {
    struct { ARRAY_OF(CInclude); } includes;
    struct { ARRAY_OF(CMacro); } macros;
} CDirectives;

/* Reads the #include and #define lines, of every branch of #if. Strings borrow from `text`. */
void c_directives(Str text, CDirectives *out);
void c_directives_release(CDirectives *directives);

/* Does the body hold `word` other than as a parameter or in a string? */
bool c_macro_holds(const CMacro *macro, Str word);

/* Does `word` stand between an #if and its #endif? (An include guard is no condition.) */
bool c_conditional_word(Str text, Str word);

/* Does the text define a class, struct, union or typedef called `name`? */
bool c_defines_type(Str text, Str name);

/* Calls back for each class whose list of bases holds one of the names that `is_base` knows. */
typedef bool (*CNameTest)(const void *context, Str name);
typedef void (*CNameFound)(void *context, Str name);
void c_derived_types(Str text, CNameTest is_base, CNameFound found, void *context);

/*
 * Could `word` be a member of something here? A member follows `.` or `->`, or
 * is an argument of a macro (`is_macro` knows them; names in capitals count).
 * With `bare` any use outside comments and strings could be one: C++ names a
 * member so inside its class.
 */
bool c_may_access(Str text, Str word, bool bare, CNameTest is_macro, const void *context);

#endif
