/*
 * macros.h: where in a macro's body a member's name is spelled.
 *
 * An access whose name comes out of a macro's body belongs to the line in the
 * body, once, however often the macro is used. libclang 19 gives the place of
 * the use only (its clang_getSpellingLocation resolves bodies to the
 * expansion), so the body is found through the preprocessing record and its
 * tokens are counted: the n-th member of that name in the expansion is the n-th
 * in the body, with the bodies of nested macros put in.
 */
#ifndef STRAGGLER_CLANG_MACROS_H
#define STRAGGLER_CLANG_MACROS_H

#include "clang/files.h"

typedef struct MacroBody {
    Str name;          /* in the file's text */
    size_t file;
    unsigned start, end; /* bytes: from the name to the last token */
} MacroBody;

typedef struct MacroUse {
    size_t file;
    unsigned offset;
    size_t body;       /* index into bodies */
    unsigned seen;     /* members of a wanted name met in it so far */
} MacroUse;

typedef struct Macros {
    UnitFiles *files;
    struct { ARRAY_OF(MacroBody); } bodies; /* in order of definition */
    struct { ARRAY_OF(MacroUse); } uses;
    Map use_at; /* file and offset -> index into uses */
} Macros;

void macros_init(Macros *macros, UnitFiles *files);
void macros_release(Macros *macros);

/* Takes one macro definition or expansion of the unit, in order. */
void macros_add(Macros *macros, CXCursor cursor);

/*
 * A member called `name` was met in a macro that is used at `use`. Gives the
 * place of its name in a body; false when the macro is not known.
 */
bool macros_locate(Macros *macros, Place use, const char *name, Place *spelled);

#endif
