/*
 * clang_receiver.h: is what stands left of `.` or `->` surely of another type?
 *
 * A translation unit that only touches members of other types need not be
 * parsed. The answer is "surely" only when every reading is against the model:
 * the receiver ends in a name, all the visible declarations of that name were
 * read, each spells a type that is known and is not the model (nor derived from
 * it, nor an alias), and no macro is involved. What cannot be read so (casts,
 * nested initializers, `auto`, template parameters, names that only macros
 * declare) is not sure, and costs a parse.
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
    C_NAME_UNCLEAR = 4, /* declared with a type that is not known, or in the body of a macro */
} CNameUse;

typedef struct CNames {
    Map uses; /* Sym -> CNameUse bits */
} CNames;

/* What is known of type names. */
typedef struct CTypes {
    CNameTest is_model; /* the model's names: its own, typedefs, derived classes, macros of it */
    CNameTest is_known; /* classes, enums and typedefs that the project defines */
    CNameTest is_macro;
    const void *context;
} CTypes;

void c_names_read(CNames *names, Str text, Names *syms, const CTypes *types);
void c_names_release(CNames *names);

/* Calls back for the names that `typedef` and `using` give to what `is_model` knows. */
void c_aliases(Str text, CNameTest is_model, CNameFound found, void *context);

/* Calls back for every type that the text defines or declares. */
void c_types(Str text, CNameFound found, void *context);

/* Does the text hold code inside of a model's class: its body, or a method of it? */
bool c_is_inside(Str text, const CTypes *types);

typedef struct CScope {
    unsigned (*uses)(const void *context, Str name); /* of all visible files */
    CNameTest is_macro, is_model;
    const void *context;
} CScope;

/* `before` ends at the `.` or `->`, which is its last token. */
bool c_receiver_is_other(const CTokens *before, const CScope *scope);

#endif
