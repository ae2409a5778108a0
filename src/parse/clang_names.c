/*
 * Naming habits, kept as one table: prefix, case of the stem's first letter,
 * and what the accessor does. Longer prefixes come first, so that "get_" is not
 * taken for "get" with a stem that starts in an underscore.
 */
#include "parse/clang_names.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *prefix;
    AccessorUse use;
} prefixes[] = {
    {"", ACCESSOR_READS},    {"get_", ACCESSOR_READS}, {"is_", ACCESSOR_READS},
    {"has_", ACCESSOR_READS}, {"set_", ACCESSOR_WRITES}, {"get", ACCESSOR_READS},
    {"is", ACCESSOR_READS},  {"set", ACCESSOR_WRITES},
};

_Static_assert(CLANG_ACCESSOR_NAMES == 2 * sizeof prefixes / sizeof *prefixes, "both cases");

Str clang_member_stem(const char *field)
{
    Str stem = str_of(field);
    if (str_starts(stem, "m_") && stem.length > 2)
        stem = str_slice(stem, 2, stem.length);
    else if (stem.length > 1 && stem.data[0] == 'm' && isupper((unsigned char)stem.data[1]))
        stem = str_slice(stem, 1, stem.length);
    while (stem.length > 1 && stem.data[0] == '_')
        stem = str_slice(stem, 1, stem.length);
    while (stem.length > 1 && stem.data[stem.length - 1] == '_')
        stem.length--;
    return stem;
}

static bool same_but_first_case(Str a, Str b)
{
    return a.length == b.length && a.length &&
           tolower((unsigned char)a.data[0]) == tolower((unsigned char)b.data[0]) &&
           memcmp(a.data + 1, b.data + 1, a.length - 1) == 0;
}

AccessorUse clang_accessor_use(const char *method, const char *field, int argument_count)
{
    Str stem = clang_member_stem(field), name = str_of(method);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t length = strlen(prefixes[i].prefix);
        if (!str_starts(name, prefixes[i].prefix) ||
            !same_but_first_case(str_slice(name, length, name.length), stem))
            continue;
        AccessorUse use = length == 0 && argument_count > 0 ? ACCESSOR_WRITES : prefixes[i].use;
        return argument_count == (use == ACCESSOR_WRITES) ? use : ACCESSOR_NONE;
    }
    return ACCESSOR_NONE;
}

void clang_accessor_name(const char *field, int index, StrBuf *out)
{
    Str stem = clang_member_stem(field);
    unsigned char first = (unsigned char)stem.data[0];
    strbuf_clear(out);
    strbuf_add_c(out, prefixes[index / 2].prefix);
    strbuf_add_byte(out, (char)(index % 2 ? toupper(first) : tolower(first)));
    strbuf_add_str(out, str_slice(stem, 1, stem.length));
}

bool clang_has_word(Str text, Str word)
{
    for (size_t at = 0; (at = str_find(text, word, at)) != SIZE_MAX; at += word.length) {
        size_t end = at + word.length;
        bool starts = at == 0 || !byte_is_word((unsigned char)text.data[at - 1]);
        bool ends = end == text.length || !byte_is_word((unsigned char)text.data[end]);
        if (starts && ends)
            return true;
    }
    return false;
}
