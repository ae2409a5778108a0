/*
 * definition.h: classes that a call makes from hashes, Model.extend({...}), define("Order", {...}),
 * or from a list of names, Struct.new(:email).
 *
 * The packs' `definitions` rules say which calls do, where the class's name comes
 * from, and which arguments hold instance members, class members or columns.
 */
#ifndef STRAGGLER_ANALYZE_DEFINITION_H
#define STRAGGLER_ANALYZE_DEFINITION_H

#include "analyze/program/program.h"

/* Adds the class that `call` defines, if a rule says so, with its members. */
void definition_link(Program *program, FileId file, NodeId call);

/* True when the call defines a class by a list of names, and `name` is one of them. */
bool definition_lists(const Program *program, FileId file, NodeId call, NodeId name);
/* Adds the keys of a MAP as members of the class; functions in it are inside the class. */
void definition_members(Program *program, ClassId class_id, FileId file, NodeId map);

/* The class whose member hash the MAP is; *is_static: of the class itself. 0: it is none. */
ClassId definition_of(const Program *program, FileId file, NodeId map, bool *is_static);

/* The rule whose definition call `map` belongs to, or NULL. */
const Rule *definition_rule(const Program *program, FileId file, NodeId call);

#endif
