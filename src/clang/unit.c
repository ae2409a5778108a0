/*
 * Parsing is nearly all the cost, so everything libclang can leave out is left
 * out: warnings, spelling corrections, the preprocessing record unless a macro
 * holds a field, and the instantiations at the end of the unit (a unit parsed
 * as a prefix makes none; measured at a third to a half of a C++ unit).
 */
#include "clang/unit.h"

#include "clang/walk.h"
#include "parse/clang_protocol.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static void put(StrBuf *out, ClangTag tag, const char *text)
{
    strbuf_add_byte(out, (char)tag);
    strbuf_add_c(out, text);
    strbuf_add_byte(out, '\0');
}

static void put_text(StrBuf *out, ClangTag tag, const char *text)
{
    if (*text)
        put(out, tag, text);
}

/* "<directory of libclang>/<one of these>", where its own headers (stddef.h ...) are. */
static bool find_resources(char *path, size_t size)
{
    static const char *const places[] = {"clang", "../lib/clang", "../llvm-%u/lib/clang",
                                         "../../llvm-%u/lib/clang", "../lib/llvm-%u/lib/clang"};
    Dl_info info;
    char library[PATH_MAX];
    CXString version = clang_getClangVersion();
    const char *number = strstr(clang_getCString(version), "version ");
    unsigned major = number ? (unsigned)strtoul(number + 8, NULL, 10) : 0;
    clang_disposeString(version);
    if (!dladdr((void *)(uintptr_t)clang_getClangVersion, &info) ||
        !realpath(info.dli_fname, library))
        return false;
    *strrchr(library, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *percent = strstr(places[i], "%u");
        int head = percent ? (int)(percent - places[i]) : (int)strlen(places[i]);
        int length = percent ? snprintf(path, size, "%s/%.*s%u%s/%u", library, head, places[i],
                                        major, percent + 2, major)
                             : snprintf(path, size, "%s/%s/%u", library, places[i], major);
        char header[PATH_MAX + 32];
        snprintf(header, sizeof header, "%s/include/stddef.h", path);
        if (length > 0 && (size_t)length < size && access(header, R_OK) == 0)
            return true;
    }
    return false;
}

static CXTranslationUnit parse(CXIndex index, const UnitRequest *request)
{
    static const char *const own[] = {"-w", "-ferror-limit=0", "-fno-spell-checking",
                                      "-fno-caret-diagnostics"};
    struct { ARRAY_OF(const char *); } flags = {0};
    char resources[PATH_MAX];
    for (size_t i = 0; i < request->flags.count; i++)
        array_push(&flags, request->flags.items[i]);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        array_push(&flags, own[i]);
    if (find_resources(resources, sizeof resources)) {
        array_push(&flags, "-resource-dir");
        array_push(&flags, resources);
    }
    unsigned options = CXTranslationUnit_KeepGoing | CXTranslationUnit_Incomplete |
                       CXTranslationUnit_IgnoreNonErrorsFromIncludedFiles;
    if (request->record)
        options |= CXTranslationUnit_DetailedPreprocessingRecord;
    CXTranslationUnit unit = NULL;
    clang_parseTranslationUnit2(index, request->file, flags.items, (int)flags.count, NULL, 0,
                                options, &unit); /* leaves NULL when it fails */
    array_release(&flags);
    return unit;
}

/* Errors may have cost accesses: say how many, and the first. */
static void answer_errors(CXTranslationUnit unit, StrBuf *out)
{
    unsigned count = clang_getNumDiagnostics(unit), errors = 0;
    char first[512] = "";
    for (unsigned i = 0; i < count; i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(unit, i);
        if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error && errors++ == 0) {
            CXString text =
                clang_formatDiagnostic(diagnostic, CXDiagnostic_DisplaySourceLocation);
            snprintf(first, sizeof first, "%s", clang_getCString(text));
            clang_disposeString(text);
        }
        clang_disposeDiagnostic(diagnostic);
    }
    if (errors == 0)
        return;
    StrBuf text = {0};
    strbuf_printf(&text, "%u error%s: %s", errors, errors == 1 ? "" : "s", first);
    put(out, CLANG_TAG_ERRORS, text.data);
    strbuf_release(&text);
}

static void answer_access(const UnitWalk *walk, const UnitAccess *access, StrBuf *out)
{
    char numbers[128];
    snprintf(numbers, sizeof numbers, "%zu %u %u %u %u %u %u", access->target, access->place.line,
             access->place.column, access->place.offset, access->end, (unsigned)access->kind,
             access->flags);
    put(out, CLANG_TAG_ACCESS, numbers);
    put_text(out, CLANG_TAG_NAME, access->name);
    put_text(out, CLANG_TAG_RECEIVER, access->receiver);
    put_text(out, CLANG_TAG_TYPE, access->type);
    put_text(out, CLANG_TAG_SYMBOL, access->symbol);
    if (access->owner.file != SIZE_MAX) {
        snprintf(numbers, sizeof numbers, "%u", access->owner.line);
        put(out, CLANG_TAG_OWNER_LINE, numbers);
        put(out, CLANG_TAG_OWNER_PATH, walk->files.files.items[access->owner.file].path);
    }
}

static void answer_file(const UnitWalk *walk, size_t index, StrBuf *out)
{
    const UnitFile *file = &walk->files.files.items[index];
    CXSourceRangeList *skipped = clang_getSkippedRanges(walk->files.unit, file->file);
    put(out, CLANG_TAG_VISITED, file->path);
    for (unsigned i = 0; skipped && i < skipped->count; i++) {
        unsigned start, end;
        char numbers[64];
        clang_getFileLocation(clang_getRangeStart(skipped->ranges[i]), NULL, NULL, NULL, &start);
        clang_getFileLocation(clang_getRangeEnd(skipped->ranges[i]), NULL, NULL, NULL, &end);
        snprintf(numbers, sizeof numbers, "%u %u", start, end);
        put(out, CLANG_TAG_SKIPPED, numbers);
    }
    clang_disposeSourceRangeList(skipped);
}

static void answer_walk(const UnitWalk *walk, StrBuf *out)
{
    size_t file = SIZE_MAX;
    for (size_t i = 0; i < walk->files.files.count; i++)
        if (walk->files.files.items[i].holds_word)
            answer_file(walk, i, out);
    for (size_t i = 0; i < walk->accesses.count; i++) {
        const UnitAccess *access = &walk->accesses.items[i];
        if (access->place.file != file)
            put(out, CLANG_TAG_PATH, walk->files.files.items[access->place.file].path);
        file = access->place.file;
        answer_access(walk, access, out);
    }
    for (size_t i = 0; i < walk->blind_spots.count; i++) {
        const UnitBlindSpot *spot = &walk->blind_spots.items[i];
        char numbers[64];
        snprintf(numbers, sizeof numbers, "%zu %u %u", spot->model, spot->place.line,
                 spot->place.column);
        put(out, CLANG_TAG_PATH, walk->files.files.items[spot->place.file].path);
        put(out, CLANG_TAG_BLIND, numbers);
        put(out, CLANG_TAG_BLIND_TEXT, spot->text);
    }
}

void unit_answer(const UnitRequest *request, Wanted *wanted, StrBuf *out)
{
    if (chdir(request->directory) != 0) {
        put(out, CLANG_TAG_END, strerror(errno));
        return;
    }
    CXIndex index = clang_createIndex(0, 0);
    CXTranslationUnit unit = parse(index, request);
    if (unit) {
        UnitWalk walk;
        answer_errors(unit, out);
        unit_walk_init(&walk, unit, wanted);
        unit_walk_run(&walk);
        answer_walk(&walk, out);
        unit_walk_release(&walk);
        clang_disposeTranslationUnit(unit);
    }
    clang_disposeIndex(index);
    put(out, CLANG_TAG_END, unit ? "" : "libclang could not parse it");
}
