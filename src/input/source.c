/*
 * Loading files that may be anything, or may change under us.
 *
 * Files are read, not mapped: a mapped file that shrinks kills the process, and
 * for the usual few kilobytes a read is as fast. Cost is open, fstat, read,
 * fstat, close; the read asks for one byte more than the size, so that no second
 * read is needed to see the end. A file whose size or time of change moved
 * meanwhile is read once more, then given up as CHANGED. The bytes are followed
 * by SOURCE_PADDING zero bytes, for parsers and vector code that read on.
 *
 * UTF-16 is recognised by its byte order mark only and becomes UTF-8, with
 * U+FFFD for broken pairs. Everything else stays as it is, a UTF-8 mark too, so
 * that offsets are those of the file.
 */
#include "input/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BINARY_HEAD = 8 << 10 /* where a NUL byte means "binary" */ };

static bool fail(Source *source, SourceState state, int error)
{
    source->state = state;
    source->error = error;
    return false;
}

/* Reads until the end of the file or `most` bytes. Returns -1 with errno on failure. */
static ssize_t read_all(int fd, char *buffer, size_t most)
{
    size_t length = 0;
    while (length < most) {
        ssize_t got = read(fd, buffer + length, most - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        length += (size_t)got;
        if (got == 0 || length == most - 1)
            break;
    }
    return (ssize_t)length;
}

static bool same_version(const struct stat *a, const struct stat *b)
{
    return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* One try at the bytes of the regular file `fd`. LOADED, UNREADABLE or CHANGED. */
static SourceState read_version(Source *source, int fd, const struct stat *before)
{
    size_t size = (size_t)before->st_size;
    char *buffer = mem_alloc(size + SOURCE_PADDING);
    ssize_t got = read_all(fd, buffer, size + 1);
    struct stat after;
    if (got < 0 || fstat(fd, &after) != 0) {
        source->error = errno;
        free(buffer);
        return SOURCE_UNREADABLE;
    }
    if ((size_t)got != size || !same_version(before, &after)) {
        free(buffer);
        return SOURCE_CHANGED;
    }
    memset(buffer + size, 0, SOURCE_PADDING);
    source->text = (Str){buffer, size};
    source->size = size;
    return SOURCE_LOADED;
}

static off_t largest(const Source *source)
{
    if (source->named)
        return UINT32_MAX / 4; /* offsets in facts have 32 bits */
    return source->refused ? SOURCE_LARGEST_SEARCHED : SOURCE_LARGEST;
}

/* Checks what `fd` is, and reads it. Sets the state. */
static bool read_fd(Source *source, int fd)
{
    for (int try = 0; try < 2; try++) {
        struct stat status;
        if (fstat(fd, &status) != 0)
            return fail(source, SOURCE_UNREADABLE, errno);
        if (!S_ISREG(status.st_mode))
            return fail(source, SOURCE_UNREADABLE, S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
        source->size = (uint64_t)status.st_size;
        if (status.st_size > largest(source))
            return fail(source, SOURCE_TOO_LARGE, 0);
        source->state = read_version(source, fd, &status);
        if (source->state != SOURCE_CHANGED)
            return source->state == SOURCE_LOADED;
        if (lseek(fd, 0, SEEK_SET) < 0)
            return fail(source, SOURCE_UNREADABLE, errno);
    }
    return false;
}

static char *put_utf8(char *out, uint32_t point)
{
    if (point < 0x80) {
        *out++ = (char)point;
        return out;
    }
    if (point < 0x800) {
        *out++ = (char)(0xc0 | point >> 6);
    } else {
        if (point < 0x10000) {
            *out++ = (char)(0xe0 | point >> 12);
        } else {
            *out++ = (char)(0xf0 | point >> 18);
            *out++ = (char)(0x80 | (point >> 12 & 0x3f));
        }
        *out++ = (char)(0x80 | (point >> 6 & 0x3f));
    }
    *out++ = (char)(0x80 | (point & 0x3f));
    return out;
}

static uint32_t unit_at(Str text, size_t at, bool big_endian)
{
    uint32_t first = (unsigned char)text.data[at], second = (unsigned char)text.data[at + 1];
    return big_endian ? first << 8 | second : second << 8 | first;
}

/* Replaces UTF-16 text (its mark included) by UTF-8. */
static void transcode(Source *source, bool big_endian)
{
    enum { REPLACEMENT = 0xfffd };
    Str text = source->text;
    char *buffer = mem_alloc(text.length / 2 * 3 + 3 + SOURCE_PADDING), *out = buffer;
    size_t at = 2;
    for (; at + 1 < text.length; at += 2) {
        uint32_t unit = unit_at(text, at, big_endian);
        uint32_t low = at + 3 < text.length ? unit_at(text, at + 2, big_endian) : 0;
        if (unit >= 0xd800 && unit < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
            unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            at += 2;
        } else if (unit >= 0xd800 && unit < 0xe000) {
            unit = REPLACEMENT;
        }
        out = put_utf8(out, unit);
    }
    if (at < text.length)
        out = put_utf8(out, REPLACEMENT);
    memset(out, 0, SOURCE_PADDING);
    free((char *)text.data);
    source->text = (Str){buffer, (size_t)(out - buffer)};
    source->transcoded = true;
}

/* Looks at the first bytes: UTF-16, binary or text. */
static bool settle_encoding(Source *source)
{
    Str text = source->text;
    Str head = str_slice(text, 0, BINARY_HEAD);
    bool wide = text.length >= 4 && memcmp(text.data, "\xff\xfe\0\0", 4) == 0; /* UTF-32 */
    source->transcoded = false;
    if (!wide && (str_starts(text, "\xff\xfe") || str_starts(text, "\xfe\xff"))) {
        transcode(source, text.data[0] == '\xfe');
        return true;
    }
    if (source->named || !memchr(head.data, '\0', head.length))
        return true;
    source_release(source);
    return fail(source, SOURCE_BINARY, 0);
}

static bool load(Source *source, int root_fd)
{
    int fd = openat(root_fd, source->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return fail(source, SOURCE_UNREADABLE, errno);
    bool good = read_fd(source, fd);
    close(fd);
    return good && settle_encoding(source);
}

bool source_load(Source *source, int root_fd)
{
    if (source->state == SOURCE_LOADED)
        return !source->refused;
    return source->state != SOURCE_SET_ASIDE && load(source, root_fd);
}

bool source_load_refused(Source *source, int root_fd)
{
    if (source->state != SOURCE_TOO_LARGE && source->state != SOURCE_SET_ASIDE)
        return false;
    SourceState why = source->refused = source->state;
    if (load(source, root_fd))
        return true;
    source->state = why;
    source->refused = SOURCE_UNREAD;
    return false;
}

bool source_is_minified(const Source *source)
{
    Str head = str_slice(source->text, 0, SOURCE_MINIFIED_LOOK);
    size_t lines = 1;
    if (head.length < SOURCE_MINIFIED_LOOK / 8)
        return false;
    for (size_t at = str_find_byte(head, '\n', 0); at != SIZE_MAX;
         at = str_find_byte(head, '\n', at + 1))
        lines++;
    return head.length / lines > SOURCE_MINIFIED_LINE;
}

void source_release(Source *source)
{
    if (source->state != SOURCE_LOADED)
        return;
    free((char *)source->text.data);
    source->text = (Str){0};
    source->state = source->refused ? source->refused : SOURCE_RELEASED;
    source->refused = SOURCE_UNREAD;
}

const char *source_state_name(SourceState state)
{
    static const char *const names[] = {
#define X(name, text) text,
        SOURCE_STATES(X)
#undef X
    };
    return names[state];
}

void source_lines(LineIndex *index, Str text, Arena *arena)
{
    uint32_t count = 1;
    for (size_t at = 0; (at = str_find_byte(text, '\n', at)) != SIZE_MAX; at++)
        count++;
    index->starts = ARENA_ARRAY(arena, uint32_t, count);
    index->count = 1;
    for (size_t at = 0; (at = str_find_byte(text, '\n', at)) != SIZE_MAX; at++)
        index->starts[index->count++] = (uint32_t)at + 1;
}

void source_position(const LineIndex *index, uint32_t offset, uint32_t *line, uint32_t *column)
{
    uint32_t low = 0, high = index->count; /* starts[low] <= offset < starts[high] */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (index->starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    *line = low + 1;
    *column = offset - index->starts[low] + 1;
}

Str source_line(const LineIndex *index, Str text, uint32_t line)
{
    if (line == 0 || line > index->count)
        return (Str){text.data, 0};
    size_t end = line < index->count ? index->starts[line] - 1 : text.length;
    Str found = str_slice(text, index->starts[line - 1], end);
    if (found.length && found.data[found.length - 1] == '\r')
        found.length--;
    return found;
}
