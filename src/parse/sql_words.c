/*
 * The words that shape SQL in any dialect. Most are no reserved words
 * everywhere (`key`, `index`, `comment` are columns in real schemas), so a word
 * is only a keyword where the reader asks for it; the flags say what it does
 * in an expression. Lookup is a binary search: a word costs about 8 compares.
 */
#include "parse/sql_lex.h"

static const char *const WORDS[] = {
    "",
#define X(name, flags) #name,
    SQL_WORDS(X)
#undef X
};

static const unsigned char FLAGS[] = {
    0,
#define X(name, flags) flags,
    SQL_WORDS(X)
#undef X
};

enum { LONGEST_WORD = 20 };

static char upper(char byte)
{
    return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

SqlWord sql_word(Str text)
{
    char folded[LONGEST_WORD + 1];
    if (text.length < 2 || text.length > LONGEST_WORD)
        return WORD_NONE;
    for (size_t i = 0; i < text.length; i++)
        folded[i] = upper(text.data[i]);
    folded[text.length] = '\0';
    size_t low = 1, high = WORD_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(folded, WORDS[middle]);
        if (order == 0)
            return (SqlWord)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return WORD_NONE;
}

unsigned sql_word_flags(SqlWord word)
{
    return FLAGS[word];
}

bool sql_name_eq(Str a, Str b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++) {
        if (upper(a.data[i]) != upper(b.data[i]))
            return false;
    }
    return true;
}

bool sql_name_is(Str a, const char *b)
{
    return sql_name_eq(a, str_of(b));
}
