/*
 * alias.h: other names of types.
 */
#ifndef STRAGGLER_ANALYZE_ALIAS_H
#define STRAGGLER_ANALYZE_ALIAS_H

#include "analyze/program/program.h"

/*
 * Declares what the ALIAS at `node` names: a class when types are written out in it
 * (`typedef struct {...} Order`, `type Order = {...} | {...} & Base`), else another name of a type.
 */
void alias_declare(Program *program, File *file, NodeId node);

#endif
