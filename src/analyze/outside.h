/*
 * outside.h: what is part of the code base, and what a library brings.
 *
 * Some languages keep the import path of a source tree in a file at its root
 * (`module_file` and `module_line` in language.yml: go.mod says "module x.org/shop").
 * With it an import is exact: it means one folder of the tree, or a library.
 *
 * Where a language's types are closed (`closed_types`), what a library's own
 * members give is the library's too: nothing of the code base comes out unless
 * something of it went in.
 */
#ifndef STRAGGLER_ANALYZE_OUTSIDE_H
#define STRAGGLER_ANALYZE_OUTSIDE_H

#include "analyze/receiver.h"
#include "input/walk.h"

/* Reads the module files of the tree. */
void outside_read_modules(Program *program, SourceList *sources);

/*
 * How well `path` fits an import of `module`, by the module files: -1 they do not
 * tell, 0 it is no part of it, else how many parts of the module lead to its folder.
 */
int outside_fit(const Program *program, const Language *language, Str path, Str module);

/* What a MEMBER or CALL on `base` gives that nothing else tells of: OTHER, or unknown. */
TypeSet outside_member(Resolver *r, FileId file, NodeId node, const TypeSet *base);

#endif
