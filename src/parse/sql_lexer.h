/*
 * sql_lexer.h: the state of cutting SQL into tokens; shared by sql_lex.c, which
 * knows the language, and sql_holes.c, which knows what others put into it.
 */
#ifndef STRAGGLER_PARSE_SQL_LEXER_H
#define STRAGGLER_PARSE_SQL_LEXER_H

#include "parse/sql_lex.h"

/* Ends that a search may miss; one that was missed is not looked for again. */
typedef enum Sought { SOUGHT_DOLLAR, SOUGHT_JINJA, SOUGHT_BLOCK, SOUGHT_NOTE, SOUGHT_COPY } Sought;

typedef struct Lexer {
    Str text;
    size_t at;
    const SqlHole *holes;
    size_t hole_count, next_hole;
    size_t limit;
    SqlTokens *out;
    size_t body_tag;    /* length of the open body's closing tag; 0: none is open */
    size_t full_length; /* of the text; inside a body, text ends where the body does */
    unsigned given_up, given_up_outside; /* bit per Sought */
    Str delimiter;      /* MySQL's DELIMITER, while it is not ";" */
    bool backticks;     /* the text quotes names with ` */
    signed char quoted_names; /* the text quotes names with ": 1, 0, or -1 for not known yet */
    bool line_start;
    bool statement_start, copying, from_stdin;
} Lexer;

/* sql_lex.c. A byte past the end is NUL. */
char lexer_byte(const Lexer *lexer, size_t at);
const SqlToken *lexer_previous(const Lexer *lexer, size_t back);
void lexer_emit(Lexer *lexer, SqlToken token);
void lexer_emit_plain(Lexer *lexer, SqlTokenKind kind, size_t start, size_t end);
size_t lexer_word_end(const Lexer *lexer, size_t at);
size_t lexer_seek(Lexer *lexer, Sought what, Str needle, size_t from);
bool lexer_stands_alone(SqlWord word);

/* sql_holes.c: each is called at the sign it is named for; false when it is just a sign. */
void lexer_emit_hole(Lexer *lexer, uint32_t hole, size_t start, size_t end);
bool lexer_brace(Lexer *lexer, size_t start);
bool lexer_dollar(Lexer *lexer);
bool lexer_percent(Lexer *lexer);
bool lexer_placeholder(Lexer *lexer);

#endif
