/*
 * straggler-clang: answers which members translation units access.
 *
 * A separate program because libclang crashes and hangs on hostile code and is
 * not made to withstand it: whoever starts this one limits its memory and time,
 * and loses one unit when it dies. It reads requests from stdin and writes
 * answers to stdout (src/parse/clang_protocol.h); it never writes a file, and
 * where the kernel allows it gives up the right to.
 */
#include "clang/sandbox.h"
#include "clang/unit.h"
#include "parse/clang_protocol.h"

#include <stdio.h>
#include <unistd.h>

static void set(char **place, const char *text)
{
    free(*place);
    *place = strdup(text);
}

static void clear_unit(UnitRequest *unit)
{
    for (size_t i = 0; i < unit->flags.count; i++)
        free(unit->flags.items[i]);
    array_release(&unit->flags);
    free(unit->directory);
    free(unit->file);
    *unit = (UnitRequest){0};
}

static bool write_all(const char *data, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, data, length);
        if (written <= 0)
            return false;
        data += written;
        length -= (size_t)written;
    }
    return true;
}

static bool answer(UnitRequest *unit, Wanted *wanted)
{
    StrBuf out = {0};
    if (unit->directory && unit->file)
        unit_answer(unit, wanted, &out);
    bool written = write_all(out.data, out.length);
    strbuf_release(&out);
    clear_unit(unit);
    return written;
}

/* Returns false when the answer could not be written or the record is not known. */
static bool handle(char *record, UnitRequest *unit, Wanted *wanted)
{
    const char *value = record + 1;
    switch (record[0]) {
    case CLANG_TAG_MODEL:
        wanted_add_model(wanted, value);
        return true;
    case CLANG_TAG_FIELD:
        wanted_add_field(wanted, value);
        return true;
    case CLANG_TAG_ACCESSORS:
        wanted_allow_accessors(wanted);
        return true;
    case CLANG_TAG_WORD:
        wanted_add_word(wanted, value);
        return true;
    case CLANG_TAG_MACRO:
        wanted_add_macro(wanted, value);
        return true;
    case CLANG_TAG_DIRECTORY:
        set(&unit->directory, value);
        return true;
    case CLANG_TAG_FILE:
        set(&unit->file, value);
        return true;
    case CLANG_TAG_FLAG:
        array_push(&unit->flags, strdup(value));
        return true;
    case CLANG_TAG_RECORD:
        unit->record = true;
        return true;
    case CLANG_TAG_GO:
        return answer(unit, wanted);
    default:
        return false;
    }
}

int main(void)
{
    Wanted wanted = {0};
    UnitRequest unit = {0};
    char *record = NULL;
    size_t capacity = 0;
    bool good = true;
    clang_toggleCrashRecovery(0); /* a crash must end this process, not be survived half-way */
    sandbox_forbid_writing();
    while (good && getdelim(&record, &capacity, '\0', stdin) > 0)
        good = handle(record, &unit, &wanted);
    free(record);
    clear_unit(&unit);
    wanted_release(&wanted);
    return good ? 0 : 1;
}
