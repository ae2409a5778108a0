/*
 * files.h: the files of one translation unit, and places in them.
 *
 * A file is worth visiting when its text holds a wanted word, or when it
 * includes such a file in the middle of a declaration (tables kept in .def
 * files). Everything else is skipped without looking into function bodies,
 * which is most of a unit.
 */
#ifndef STRAGGLER_CLANG_FILES_H
#define STRAGGLER_CLANG_FILES_H

#include "base/map.h"
#include "clang/wanted.h"

typedef struct UnitFile {
    CXFile file;
    char *path; /* absolute, links resolved where possible */
    Str text;   /* owned by the translation unit */
    bool holds_word;
    struct { ARRAY_OF(unsigned); } inclusions; /* offsets where it includes a file that holds one */
} UnitFile;

typedef struct UnitFiles {
    struct { ARRAY_OF(UnitFile); } files;
    Map by_handle; /* CXFile -> index + 1 */
    CXTranslationUnit unit;
    const Wanted *wanted;
} UnitFiles;

typedef struct Place {
    size_t file; /* index into files; SIZE_MAX when there is none */
    unsigned offset, line, column;
} Place;

void unit_files_init(UnitFiles *files, CXTranslationUnit unit, const Wanted *wanted);
void unit_files_release(UnitFiles *files);

/* Where a token stands in a file: for a macro's body, where the macro is used. */
Place unit_files_place(UnitFiles *files, CXSourceLocation location);

/* Line and column of a byte of a file. */
Place unit_files_place_at(UnitFiles *files, size_t file, unsigned offset);

/* Can [start, end) of `file` hold an access? */
bool unit_files_may_hold(const UnitFiles *files, size_t file, unsigned start, unsigned end);

/* Does `word` stand at `offset` of `file`? */
bool unit_files_word_at(const UnitFiles *files, size_t file, unsigned offset, const char *word);

#endif
