/*
 * marks.h: expectations written into the files they are about.
 *
 *     order.email               #! read Order.email
 *     address.email             #! none
 *     order.send(field)         #! blind Order
 *     order.foo.email           #! todo read Order.email     a known gap
 *     o.email = a.email         #! write Order.email ; read Account.email
 *     add_column :orders, :email #! may declare Order.email      need not be found, nor judged
 *     order.email               #! check old-read Order.email    where a straggler.yml is judged
 *
 * Found by text, not by the parser under test. A mark is about its own line. In
 * formats without comments a side file <file>.marks holds "LINE: mark".
 */
#ifndef STRAGGLER_CLI_MARKS_H
#define STRAGGLER_CLI_MARKS_H

#include "base/diag.h"
#include "output/finding.h"

typedef enum MarkKind { MARK_ACCESS, MARK_NONE, MARK_BLIND, MARK_CHECK } MarkKind;

typedef struct Mark {
    const char *path;
    uint32_t line;
    MarkKind what;
    bool todo;           /* a known gap: must not be found yet */
    bool optional;       /* `may read`, `may-check old-read`: need not be found */
    AccessKind kind;     /* MARK_ACCESS */
    const char *rule;    /* MARK_CHECK: "old-read" */
    const char *target;  /* "Order.email"; NULL for MARK_NONE, may be empty for MARK_CHECK */
    bool met;            /* set by marks_compare */
} Mark;

typedef struct {
    ARRAY_OF(Mark);
} MarkArray;

/* Appends the marks in `text`, the bytes of `path`. False after setting diag on a malformed one. */
bool marks_read(MarkArray *marks, const char *path, Str text, Arena *arena, Diag *diag);

/*
 * Compares marks of accesses with findings, those of blind spots with blind spots and, if
 * `judged`, those of rules with the rules that findings break; writes one line for each that no mark expects and each mark that
 * nothing meets (a todo that is met counts too). Returns how many lines.
 */
size_t marks_compare(MarkArray *marks, const Report *report, bool judged, StrBuf *out);

#endif
