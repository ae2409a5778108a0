/*
 * import.h: the names that a file imports, as entries of File.imports.
 */
#ifndef STRAGGLER_ANALYZE_IMPORT_H
#define STRAGGLER_ANALYZE_IMPORT_H

#include "analyze/program/program.h"

/* Adds what an IMPORT node says. */
void import_declared(Program *program, File *file, NodeId node);

/* The same of a variable whose value is a call that imports: const Order = require("./order"). */
void import_call(Program *program, File *file, NodeId variable);

#endif
