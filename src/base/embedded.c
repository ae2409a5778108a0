/*
 * The build sorts the table by path, so a look-up is a binary search.
 */
#include "base/embedded.h"

#include <string.h>

const EmbeddedFile *embedded_find(const char *path)
{
    size_t low = 0;
    size_t high = embedded_file_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(embedded_files[middle].path, path);
        if (order == 0)
            return &embedded_files[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
