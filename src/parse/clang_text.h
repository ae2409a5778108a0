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

typedef enum CTokenKind { C_END, C_WORD, C_NUMBER, C_STRING, C_PUNCTUATION, C_HASH } CTokenKind;

typedef struct CToken {
    CTokenKind kind;
    bool in_define; /* set by c_tokens only */
    Str text;       /* of punctuation: one byte, or "->" or "::" */
} CToken;

typedef struct CTokens { ARRAY_OF(CToken); } CTokens;

/*
 * All tokens outside of directives, and those of #define lines. Two more tokens
 * of kind C_END can be read after the last.
 */
void c_tokens(Str text, CTokens *out);

typedef struct CInclude {
    Str name;      /* between the quotes or brackets; or the macro that computes it */
    bool brackets;
    bool computed;
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

/* Reads `"name"` or `<name>`, as the body of a macro may be; false for anything else. */
bool c_include_of(Str text, CInclude *include);

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

/* Can a macro not turn an argument into a member's name? (No `.x`, `x##`, nor another macro.) */
bool c_macro_is_plain(const CMacro *macro, CNameTest is_macro, const void *context);

/* What c_may_access needs to know; the functions may be NULL. */
typedef struct CAccessTest {
    bool bare; /* any use outside comments and strings counts: C++ names members so in their class */
    bool call; /* only what is followed by `(` */
    CNameTest is_macro; /* one that may turn an argument into a member's name */
    CNameTest is_plain; /* a macro that cannot, whatever its name looks like */
    bool (*is_other)(const void *context, const CTokens *before); /* see c_receiver_is_other */
    const void *context;
} CAccessTest;

/*
 * Could `word` be a member of something here? A member follows `.` or `->`, or
 * is an argument of a macro (names in capitals count as macros too).
 */
bool c_may_access(Str text, Str word, const CAccessTest *test);

#endif
