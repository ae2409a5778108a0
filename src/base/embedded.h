/*
 * embedded.h: the data files compiled into the binary (grammars/, rules/).
 *
 * The table is made by the build (cmake/embed.cmake), sorted by path. Data is
 * NUL-terminated; `length` does not count that byte.
 *
 *     const EmbeddedFile *file = embedded_find("grammars/ruby/language.yml");
 */
#ifndef STRAGGLER_BASE_EMBEDDED_H
#define STRAGGLER_BASE_EMBEDDED_H

#include <stddef.h>

typedef struct EmbeddedFile {
    const char *path; /* relative to the source tree, '/' between folders */
    const char *data;
    size_t length;
} EmbeddedFile;

extern const EmbeddedFile embedded_files[];
extern const size_t embedded_file_count;

/* The file of that path, or NULL. */
const EmbeddedFile *embedded_find(const char *path);

#endif
