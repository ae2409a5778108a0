/*
 * Plain descriptors instead of stdio: errors of write() must not get lost in a
 * buffer that is flushed after the last check.
 */
#include "output/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int file, Str text)
{
    while (text.length) {
        ssize_t done = write(file, text.data, text.length);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        text = str_slice(text, (size_t)done, text.length);
    }
    return true;
}

static bool fail_write(const char *path, Diag *diag)
{
    return diag_fail_at(diag, path, 0, 0, "cannot be written: %s", strerror(errno));
}

static bool write_in_place(const char *path, Str text, Diag *diag)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    bool good = file >= 0 && write_all(file, text);
    if (!good)
        fail_write(path, diag);
    if (file >= 0)
        close(file);
    return good;
}

/* Mode of a file that a program makes: what an existing one has, else 0666 less the umask. */
static mode_t mode_for(const struct stat *existing)
{
    if (existing)
        return existing->st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

bool write_file(const char *path, Str text, Diag *diag)
{
    struct stat info;
    bool exists = stat(path, &info) == 0;
    if (exists && !S_ISREG(info.st_mode))
        return write_in_place(path, text, diag);
    StrBuf temporary = {0};
    strbuf_printf(&temporary, "%s.XXXXXX", path);
    int file = mkostemp(temporary.data, O_CLOEXEC);
    bool made = file >= 0;
    bool good = made && write_all(file, text) &&
                fchmod(file, mode_for(exists ? &info : NULL)) == 0;
    if (!good)
        fail_write(path, diag);
    if (made && close(file) != 0 && good)
        good = fail_write(path, diag);
    if (good && rename(temporary.data, path) != 0)
        good = fail_write(path, diag);
    if (made && !good)
        unlink(temporary.data);
    strbuf_release(&temporary);
    return good;
}

bool read_file(StrBuf *out, const char *path, size_t limit, Diag *diag)
{
    enum { PIECE = 1 << 16 };
    bool standard = strcmp(path, "-") == 0;
    int file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    size_t start = out->length;
    ssize_t got = -1;
    while (file >= 0) {
        strbuf_reserve(out, PIECE);
        got = read(file, out->data + out->length, PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        out->length += got > 0 ? (size_t)got : 0;
        out->data[out->length] = '\0';
        if (got <= 0 || out->length - start > limit)
            break;
    }
    if (got < 0)
        diag_fail_at(diag, path, 0, 0, "cannot be read: %s", strerror(errno));
    else if (got > 0)
        diag_fail_at(diag, path, 0, 0, "is larger than %zu MiB", limit >> 20);
    if (file >= 0 && !standard)
        close(file);
    return got == 0;
}

bool write_output(Str text, Diag *diag)
{
    if (write_all(STDOUT_FILENO, text) || errno == EPIPE)
        return true;
    return diag_fail(diag, "standard output cannot be written: %s", strerror(errno));
}
