/*
 * clang_names.h: the names a C++ class gives to the getters and setters of a member.
 *
 * Shared by the scanner, which looks for files that hold them, and by
 * straggler-clang, which tells what a call of one does.
 *
 * The stem of a member is its name without the marks of a member: "m_name",
 * "mName", "_name" and "name_" all have the stem "name". Accessors are `name()`,
 * `getName()`, `get_name()`, `isName()`, `is_name()`, `setName(v)`,
 * `set_name(v)` and `name(v)`; the stem's first letter may be of either case.
 */
#ifndef STRAGGLER_PARSE_CLANG_NAMES_H
#define STRAGGLER_PARSE_CLANG_NAMES_H

#include "base/str.h"

typedef enum AccessorUse { ACCESSOR_NONE, ACCESSOR_READS, ACCESSOR_WRITES } AccessorUse;

Str clang_member_stem(const char *field);

/* What a method of that name, called with so many arguments, does with the field. */
AccessorUse clang_accessor_use(const char *method, const char *field, int argument_count);

enum { CLANG_ACCESSOR_NAMES = 16 };

/* Writes the `index`th possible accessor name of `field`, index < CLANG_ACCESSOR_NAMES, into `out`. */
void clang_accessor_name(const char *field, int index, StrBuf *out);

/* Does `word` stand in `text` with no identifier byte on either side? */
bool clang_has_word(Str text, Str word);

#endif
