/*
 * object.h: objects that are written out with their functions, where no class is needed for that:
 *
 *     const store = {
 *         find(id) { return Order.findById(id); },
 *     };
 *
 * Each is a class of its own, of which it is the only object: `store.find(1)` gives what `find`
 * returns, and `this` in `find` is the store. The class is called "{store}", like nothing that
 * somebody looks for.
 */
#ifndef STRAGGLER_ANALYZE_OBJECT_H
#define STRAGGLER_ANALYZE_OBJECT_H

#include "analyze/program/program.h"

/* Declares the classes of the file's objects. After its definitions, whose hashes are none. */
void object_link(Program *program, FileId file);

/* The class that a MAP is the only object of, or 0. */
ClassId object_class(const Program *program, FileId file, NodeId map);

#endif
