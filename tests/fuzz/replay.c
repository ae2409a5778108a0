/*
 * Runs a fuzz target over files and folders of inputs, so that every input that
 * ever broke something is tried again in each ordinary test run.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Returns whether the path was a file that could be read. */
static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return 0;
    enum { MOST = 4 << 20 };
    uint8_t *bytes = malloc(MOST);
    size_t size = bytes ? fread(bytes, 1, MOST, file) : 0;
    int readable = bytes && !ferror(file);
    fclose(file);
    if (readable) {
        uint8_t *exact = malloc(size ? size : 1); /* so that ASan sees a read past the end */
        for (size_t i = 0; exact && i < size; i++)
            exact[i] = bytes[i];
        if (exact)
            LLVMFuzzerTestOneInput(exact, size);
        free(exact);
    }
    free(bytes);
    return readable;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder) {
            count += replay_file(argv[i]);
            continue;
        }
        for (struct dirent *entry; (entry = readdir(folder));) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            if (entry->d_name[0] != '.')
                count += replay_file(path);
        }
        closedir(folder);
    }
    printf("%d inputs replayed\n", count);
    return count > 0 ? 0 : 1;
}
