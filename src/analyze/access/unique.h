/*
 * unique.h: whether a field's name alone tells the model.
 *
 * An object of unknown type that is asked for a member which only the model's class has is likely
 * one of the model. That holds as long as nothing else in the code base has such a member: another
 * class, a library's objects, an object that is written out without a class.
 */
#ifndef STRAGGLER_ANALYZE_UNIQUE_H
#define STRAGGLER_ANALYZE_UNIQUE_H

#include "analyze/access/access.h"

/* Sets `unique` and `only_column` of every field, by what is linked and was met in the last pass. */
void unique_find(Analysis *a);

/* A key of an object that nothing ties to the model: others have such a member too. */
void unique_note_key(Analysis *a, const Accessor *accessor, FileId file, NodeId node);

/* True when the member of that unknown object says nothing, though only the model has one. */
bool unique_means_little(const Analysis *a, const Accessor *accessor, FileId file,
                         NodeId receiver);

#endif
