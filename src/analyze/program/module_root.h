/*
 * module_root.h: which imports mean the code base's own sources.
 *
 * Some languages keep the import path of a source tree in a file at its root
 * (`module_file` and `module_line` in language.yml: go.mod says "module x.org/shop").
 * With it an import is exact: it means one folder of the tree, or a library.
 */
#ifndef STRAGGLER_ANALYZE_MODULE_ROOT_H
#define STRAGGLER_ANALYZE_MODULE_ROOT_H

#include "analyze/program/program.h"
#include "input/walk.h"

/* Reads the module files of the tree. */
void module_roots_read(Program *program, SourceList *sources);

/*
 * How well `path` fits an import of `module`, by the module files: -1 they do not
 * tell, 0 it is no part of it, else how many parts of the module lead to its folder.
 */
int module_roots_fit(const Program *program, const Language *language, Str path, Str module);

/* True when the module is known to be none of the code base's. */
bool module_is_outside(const Program *program, const Language *language, Sym module);

#endif
