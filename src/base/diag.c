/*
 * Fixed buffers on purpose: an error message must never need memory. Text that
 * came from files or arguments is masked when printed, so that no file name can
 * send escape sequences to the terminal.
 */
#include "base/diag.h"

#include <stdarg.h>
#include <string.h>

static bool fail(Diag *diag, const char *path, unsigned line, unsigned column, const char *format,
                 va_list arguments)
{
    if (diag->failed)
        return false;
    diag->failed = true;
    diag->line = line;
    diag->column = column;
    diag->hint[0] = '\0';
    snprintf(diag->path, sizeof diag->path, "%s", path ? path : "");
    vsnprintf(diag->message, sizeof diag->message, format, arguments);
    return false;
}

bool diag_fail(Diag *diag, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail(diag, NULL, 0, 0, format, arguments);
    va_end(arguments);
    return false;
}

bool diag_fail_at(Diag *diag, const char *path, unsigned line, unsigned column, const char *format,
                  ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail(diag, path, line, column, format, arguments);
    va_end(arguments);
    return false;
}

bool diag_hint(Diag *diag, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(diag->hint, sizeof diag->hint, format, arguments);
    va_end(arguments);
    return false;
}

static void print_masked(const char *text, FILE *out)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        fputc(*p < 0x20 || *p == 0x7f ? '?' : *p, out);
}

void diag_print(const Diag *diag, FILE *out)
{
    fputs("straggler: error: ", out);
    if (diag->path[0]) {
        print_masked(diag->path, out);
        if (diag->line)
            fprintf(out, ":%u", diag->line);
        if (diag->line && diag->column)
            fprintf(out, ":%u", diag->column);
        fputs(": ", out);
    }
    print_masked(diag->message, out);
    fputc('\n', out);
    if (diag->hint[0]) {
        fputs("  hint: ", out);
        print_masked(diag->hint, out);
        fputc('\n', out);
    }
}
