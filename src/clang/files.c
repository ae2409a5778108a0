/*
 * A unit has a few hundred files; their texts are already in memory, so one
 * search for a dozen words in each costs far less than a visit of their
 * declarations.
 */
#include "clang/files.h"

static void add_inclusion(CXFile included, CXSourceLocation *stack, unsigned depth,
                          CXClientData data)
{
    UnitFiles *files = data;
    uint64_t *known = map_get(&files->by_handle, (uint64_t)(uintptr_t)included);
    if (!known || !files->files.items[*known - 1].holds_word)
        return;
    for (unsigned i = 0; i < depth; i++) {
        Place from = unit_files_place(files, stack[i]);
        if (from.file != SIZE_MAX)
            array_push(&files->files.items[from.file].inclusions, from.offset);
    }
}

static size_t file_index(UnitFiles *files, CXFile handle)
{
    if (!handle)
        return SIZE_MAX;
    uint64_t key = (uint64_t)(uintptr_t)handle;
    uint64_t *known = map_get(&files->by_handle, key);
    if (known)
        return (size_t)*known - 1;
    CXString name = clang_File_tryGetRealPathName(handle);
    const char *text = clang_getCString(name);
    CXString spelled = clang_getFileName(handle);
    if (!text || !*text)
        text = clang_getCString(spelled);
    UnitFile file = {.file = handle, .path = strdup(text ? text : "")};
    clang_disposeString(name);
    clang_disposeString(spelled);
    size_t size = 0;
    const char *contents = clang_getFileContents(files->unit, handle, &size);
    file.text = (Str){contents, contents ? size : 0};
    file.holds_word = wanted_in_text(files->wanted, file.text);
    array_push(&files->files, file);
    map_put(&files->by_handle, key, files->files.count);
    return files->files.count - 1;
}

static void add_file(CXFile included, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
    (void)stack;
    (void)depth;
    file_index(data, included);
}

void unit_files_init(UnitFiles *files, CXTranslationUnit unit, const Wanted *wanted)
{
    *files = (UnitFiles){.unit = unit, .wanted = wanted};
    clang_getInclusions(unit, add_file, files);
    clang_getInclusions(unit, add_inclusion, files);
}

void unit_files_release(UnitFiles *files)
{
    for (size_t i = 0; i < files->files.count; i++) {
        free(files->files.items[i].path);
        array_release(&files->files.items[i].inclusions);
    }
    array_release(&files->files);
    map_release(&files->by_handle);
}

Place unit_files_place(UnitFiles *files, CXSourceLocation location)
{
    Place place = {0};
    CXFile handle = NULL;
    clang_getFileLocation(location, &handle, &place.line, &place.column, &place.offset);
    place.file = file_index(files, handle);
    return place;
}

Place unit_files_place_at(UnitFiles *files, size_t file, unsigned offset)
{
    CXSourceLocation location =
        clang_getLocationForOffset(files->unit, files->files.items[file].file, offset);
    return unit_files_place(files, location);
}

bool unit_files_may_hold(const UnitFiles *files, size_t file, unsigned start, unsigned end)
{
    if (file == SIZE_MAX)
        return false;
    const UnitFile *one = &files->files.items[file];
    if (one->holds_word)
        return true;
    for (size_t i = 0; i < one->inclusions.count; i++)
        if (one->inclusions.items[i] >= start && one->inclusions.items[i] < end)
            return true;
    return false;
}

bool unit_files_word_at(const UnitFiles *files, size_t file, unsigned offset, const char *word)
{
    if (file == SIZE_MAX)
        return false;
    Str text = files->files.items[file].text;
    size_t end = offset + strlen(word);
    if (end > text.length || !str_eq_c(str_slice(text, offset, end), word))
        return false;
    return (end == text.length || !byte_is_word((unsigned char)text.data[end])) &&
           (offset == 0 || !byte_is_word((unsigned char)text.data[offset - 1]));
}
