/*
 * definition.h: classes that a call makes from hashes: Model.extend({...}), define("Order", {...}).
 *
 * The packs' `definitions` rules say which calls do, where the class's name comes
 * from, and which arguments hold instance members, class members or columns.
 */
#ifndef STRAGGLER_ANALYZE_DEFINITION_H
#define STRAGGLER_ANALYZE_DEFINITION_H

#include "analyze/program.h"

/* Adds the class that `call` defines, if a rule says so, with its members. */
void definition_link(Program *program, FileId file, NodeId call);

/* The class whose member hash the MAP is; *is_static: of the class itself. 0: it is none. */
ClassId definition_of(const Program *program, FileId file, NodeId map, bool *is_static);

/* The rule whose definition call `map` belongs to, or NULL. */
const Rule *definition_rule(const Program *program, FileId file, NodeId call);

#endif
