/*
 * clang_protocol.h: what the scanner and straggler-clang say to each other.
 *
 * Both directions are streams of records: one tag byte, a value, a NUL. No byte
 * of a path or flag needs escaping, because none can hold NUL. Whitespace-free
 * and order-sensitive, so either side needs a dozen lines to read it.
 *
 * To the helper, once, before the first unit:
 *     m MODEL     a wanted model, as the user wrote it ("struct session", "ns::Function")
 *     f FIELD     a wanted field of the last model; targets are numbered from 0 in this order
 *     g           also count the C++ getters and setters of the last model's fields
 *     w WORD      one more word that makes a file worth visiting (an accessor)
 *     k MACRO     a macro whose body may hold a field: a word, and its body is looked into
 * and once for each unit:
 *     D DIR       working directory
 *     F FILE      the file to compile
 *     a FLAG      one flag (repeated, in order)
 *     r           keep a record of the preprocessor: a macro that holds a field is used, or
 *                 a condition may leave a field's name out
 *     G           go
 *
 * From the helper, for each unit:
 *     P PATH      the file that the next accesses are in (absolute, links resolved)
 *     A NUMBERS   target line column start end kind flags (decimal, space separated; line and
 *                 column 1-based, column and offsets in bytes); then, each optional:
 *     N TEXT      accessor as written
 *     R TEXT      receiver's text       T TEXT  receiver's type     S TEXT  enclosing function
 *     O NUMBERS   line of the owner's definition       Q PATH  its file
 *     B NUMBERS   model line column: a use of the whole object that static reading cannot split
 *     b TEXT      what it is
 *     V PATH      a file of the unit that holds a wanted word, and so was looked at
 *     K NUMBERS   start end: bytes of that file which a condition of the preprocessor left out
 *     X TEXT      the unit has errors: how many, and the first (the answer may have gaps)
 *     E TEXT      end of this unit: "" or why it could not be parsed at all
 */
#ifndef STRAGGLER_PARSE_CLANG_PROTOCOL_H
#define STRAGGLER_PARSE_CLANG_PROTOCOL_H

typedef enum ClangTag {
    CLANG_TAG_MODEL = 'm',
    CLANG_TAG_FIELD = 'f',
    CLANG_TAG_ACCESSORS = 'g',
    CLANG_TAG_WORD = 'w',
    CLANG_TAG_MACRO = 'k',
    CLANG_TAG_DIRECTORY = 'D',
    CLANG_TAG_FILE = 'F',
    CLANG_TAG_FLAG = 'a',
    CLANG_TAG_RECORD = 'r',
    CLANG_TAG_GO = 'G',
    CLANG_TAG_PATH = 'P',
    CLANG_TAG_ACCESS = 'A',
    CLANG_TAG_NAME = 'N',
    CLANG_TAG_RECEIVER = 'R',
    CLANG_TAG_TYPE = 'T',
    CLANG_TAG_SYMBOL = 'S',
    CLANG_TAG_OWNER_LINE = 'O',
    CLANG_TAG_OWNER_PATH = 'Q',
    CLANG_TAG_BLIND = 'B',
    CLANG_TAG_BLIND_TEXT = 'b',
    CLANG_TAG_VISITED = 'V',
    CLANG_TAG_SKIPPED = 'K',
    CLANG_TAG_ERRORS = 'X',
    CLANG_TAG_END = 'E',
} ClangTag;

/* Bits of an access's `flags`. */
typedef enum ClangAccessFlag {
    CLANG_IN_MACRO = 1,   /* the name is spelled in a macro's body */
    CLANG_DEPENDENT = 2,  /* in a template: the receiver's type depends on a parameter */
    CLANG_ACCESSOR = 4,   /* through a getter or setter */
    CLANG_DEPRECATED = 8, /* the member is marked deprecated */
    CLANG_DERIVED = 16,   /* an inherited member, reached through the wanted model */
} ClangAccessFlag;

#endif
