/*
 * walk_folder.h: reading one folder of a walk. Private to walk*.c.
 */
#ifndef STRAGGLER_INPUT_WALK_FOLDER_H
#define STRAGGLER_INPUT_WALK_FOLDER_H

#include "base/array.h"
#include "input/ignore_scope.h"
#include "input/walk.h"

/* Where a walk starts: the root, or a named folder. */
typedef struct WalkStart {
    Str path;     /* relative to the root; "" for the root itself */
    Str absolute; /* without the leading '/'; empty when ignore files are not read */
} WalkStart;

typedef struct Folder Folder;

/* A name as the folder lists it. */
typedef struct RawName {
    size_t offset, length; /* in FolderReader.names */
    bool is_folder;
} RawName;

typedef struct FolderEntry {
    Folder *folder; /* NULL for a file */
    const char *path; /* relative to the root */
    size_t length;
    const Language *language;
} FolderEntry;

struct Folder {
    const WalkStart *start;
    const IgnoreScope *scope; /* of the folder's parent, then of its contents once read */
    Str path;                 /* relative to the root; "" for the root itself */
    bool included;            /* an include glob matches it or a folder above */
    FolderEntry *entries;     /* sorted so that a depth-first walk gives the order of full paths */
    size_t count;
};

/* What all threads share; read-only during the walk. */
typedef struct WalkShared {
    const WalkOptions *options;
    const IgnoreRules *include, *exclude, *global;
    int root_fd;
} WalkShared;

/* What belongs to one thread. */
typedef struct FolderReader {
    const WalkShared *shared;
    Arena *arena; /* owns folders, entries and paths */
    struct {
        ARRAY_OF(FolderEntry);
    } entries; /* of the folder being read */
    struct {
        ARRAY_OF(Folder *);
    } folders; /* subfolders found in it */
    struct {
        ARRAY_OF(RawName);
    } raw;
    StrBuf names;    /* bytes of `raw` */
    StrBuf relative; /* path of the entry being judged, as reported */
    StrBuf absolute; /* the same, as ignore rules see it */
    struct {
        ARRAY_OF(const char *);
    } unreadable;
    size_t ignored_folders;
} FolderReader;

/* Fills folder->entries, and reader->folders with the subfolders to read next. */
void folder_read(FolderReader *reader, Folder *folder);

void folder_reader_release(FolderReader *reader);

/* Does an include glob match `path` or a folder above it? True when there are no globs. */
bool walk_included(const WalkShared *shared, Str path);

#endif
