/*
 * clang_receiver.h: in C, is what stands left of `.` or `->` surely of another type?
 *
 * A translation unit that only touches members of other structures need not be
 * parsed. The answer is "surely" only when every reading is against the model:
 * the receiver ends in a name, all the visible declarations of that name were
 * read, none of them mentions the model, and no macro is involved. Anything
 * that cannot be read so (casts, nested initializers, names that only macros
 * declare) is not sure, and costs a parse. Not for C++, where a type may be
 * inherited, deduced or a parameter.
 */
#ifndef STRAGGLER_PARSE_CLANG_RECEIVER_H
#define STRAGGLER_PARSE_CLANG_RECEIVER_H

#include "base/intern.h"
#include "base/map.h"
#include "parse/clang_text.h"

/* What the declarations in a file say of a name; bits of a CNames value. */
typedef enum CNameUse {
    C_NAME_MODEL = 1,   /* stands in a declaration that mentions the model */
    C_NAME_OTHER = 2,   /* declared with a type that is written out, and is another */
    C_NAME_UNCLEAR = 4, /* declared in the body of a macro */
} CNameUse;

typedef struct CNames {
    Map uses; /* Sym -> CNameUse bits */
} CNames;

/* `is_model` knows the model's names: its own, typedefs of it, macros that spell it. */
void c_names_read(CNames *names, Str text, Names *syms, CNameTest is_model, const void *context);
void c_names_release(CNames *names);

/* Adds the typedef names of what `is_model` knows. */
void c_aliases(Str text, CNameTest is_model, CNameFound found, void *context);

typedef struct CScope {
    unsigned (*uses)(const void *context, Str name); /* of all visible files */
    CNameTest is_macro, is_model;
    const void *context;
} CScope;

/* `before` ends at the `.` or `->`, which is its last token. */
bool c_receiver_is_other(const CTokens *before, const CScope *scope);

#endif
