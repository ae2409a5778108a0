/*
 * export.h: values at the top of a file, and what a file gives to those that import it.
 */
#ifndef STRAGGLER_ANALYZE_EXPORT_H
#define STRAGGLER_ANALYZE_EXPORT_H

#include "analyze/program/program.h"

/* A VARIABLE: adds it to the program's globals and functions, if it stands at the top of a file. */
void export_variable(Program *program, File *file, NodeId node);

/*
 * An ASSIGN: `module.exports = x` makes the file's value, which is called `default`;
 * `exports.name = x` and the pairs of a hash that is exported make values of their names.
 */
void export_assigned(Program *program, File *file, NodeId node);

#endif
