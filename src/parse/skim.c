/*
 * Two passes over the bytes, each linear: where the wanted words are, and where
 * comments, strings and bodies begin and end. The second knows just enough of the language to stay
 * right: comments, strings and brackets. It keeps no stack of what is open: a
 * brace that is not a function's is passed by, and what is in it looked at like
 * what is around it, so that unbalanced branches of #if cannot lead it astray.
 *
 * Cut, not blanked: blanks would cost the lexer a tenth of what code costs, and
 * the parser's included ranges are searched one by one at each token.
 */
#include "parse/skim.h"

#include "parse/template_out.h"

#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    LONGEST_HEAD = 2048,
    SHORTEST_BODY = 32, /* bytes that are worth a cut */
    LONGEST_DELIMITER = 16
};

#define BROKEN SIZE_MAX

typedef enum SkimWord { WORD_NONE, WORD_WANTED, WORD_SQL } SkimWord;
typedef enum Where { IN_CODE, IN_STRING, IN_COMMENT } Where;

typedef struct Found {
    size_t at;
    SkimWord word;
    Where where;
} Found;

typedef struct Skimmer {
    const SkimRules *rules;
    Str text;
    const SkimAsk *ask;
    bool special[256];
    struct {
        ARRAY_OF(Found);
    } found; /* by offset */
    size_t next_found, next_placed, next_left_in;
    TemplateOut out;
    size_t copied; /* up to here the text is in `out` */
} Skimmer;

static uint64_t word_key(Str word)
{
    return XXH3_64bits(word.data, word.length) | 1;
}

static void add_word(SkimWords *words, Str word, SkimWord kind)
{
    map_put(&words->words, word_key(word), kind);
    words->lengths[(unsigned char)word.data[0]] |= UINT64_C(1) << (word.length & 63);
}

static SkimWord known_word(const SkimWords *words, Str word)
{
    if (!(words->lengths[(unsigned char)word.data[0]] >> (word.length & 63) & 1))
        return WORD_NONE;
    const uint64_t *kind = map_get(&words->words, word_key(word));
    return kind ? (SkimWord)*kind : WORD_NONE;
}

/* Without one of these, a `=` or a `?` a string is no SQL. */
static void add_sql(SkimWords *words)
{
    static const char *const SQL[] = {
        "SELECT", "INSERT", "UPDATE",  "DELETE", "WHERE", "FROM",   "JOIN",   "SET",    "ORDER",
        "GROUP",  "CREATE", "ALTER",   "VALUES", "AND",   "OR",     "IN",     "IS",     "NULL",
        "HAVING", "LIKE",   "BETWEEN", "select", "insert", "update", "delete", "where", "join",
        "create", "alter",  "values",  "having", "like",  "between"};
    for (size_t i = 0; i < sizeof SQL / sizeof *SQL; i++)
        add_word(words, str_of(SQL[i]), WORD_SQL);
}

/* The next word of `text` at or after *to is [*from, *to). */
static bool next_word(Str text, size_t *from, size_t *to)
{
    for (*from = *to; *from < text.length && !byte_is_word((unsigned char)text.data[*from]);)
        ++*from;
    for (*to = *from; *to < text.length && byte_is_word((unsigned char)text.data[*to]);)
        ++*to;
    return *to > *from;
}

void skim_words_add(SkimWords *words, Str name)
{
    if (!words->words.count)
        add_sql(words);
    for (size_t from = 0, to = 0; next_word(name, &from, &to);)
        add_word(words, str_slice(name, from, to), WORD_WANTED);
}

void skim_words_release(SkimWords *words)
{
    map_release(&words->words);
}

void skim_rules_release(SkimRules *rules)
{
    if (rules->head)
        regex_free(rules->head);
    if (rules->other)
        regex_free(rules->other);
}

static void find_words(Skimmer *s, const SkimWords *words)
{
    bool is_word[256];
    for (int i = 0; i < 256; i++)
        is_word[i] = byte_is_word((unsigned char)i);
    const unsigned char *data = (const unsigned char *)s->text.data;
    for (size_t at = 0; at < s->text.length;) {
        if (!is_word[data[at]]) {
            at++;
            continue;
        }
        size_t start = at;
        while (at < s->text.length && is_word[data[at]])
            at++;
        SkimWord word = known_word(words, str_slice(s->text, start, at));
        if (word)
            array_push(&s->found, ((Found){start, word, IN_CODE}));
    }
}

/* A name, or a condition of SQL; a text with blanks that is neither says nothing. */
static bool may_be_read(Str string)
{
    return str_find_byte(string, ' ', 0) == SIZE_MAX ||
           str_find_byte(string, '=', 0) != SIZE_MAX || str_find_byte(string, '?', 0) != SIZE_MAX;
}

/*
 * The words in [from, to) stand in a comment or string; those of a string that may be
 * read stay where they count. Told with growing offsets, but for bodies seen again.
 */
static void place_words(Skimmer *s, size_t from, size_t to, Where where)
{
    while (s->next_placed < s->found.count && s->found.items[s->next_placed].at < from)
        s->next_placed++;
    size_t first = s->next_placed;
    while (s->next_placed < s->found.count && s->found.items[s->next_placed].at < to)
        s->next_placed++;
    if (first == s->next_placed)
        return;
    if (where == IN_STRING && (s->ask->in_strings || may_be_read(str_slice(s->text, from, to))))
        return;
    for (size_t i = first; i < s->next_placed; i++)
        s->found.items[i].where = where;
}

/* True when [from, to) holds a word that counts. Asked with growing offsets. */
static bool holds_word(Skimmer *s, size_t from, size_t to)
{
    bool quoted = false, sql = false;
    while (s->next_found < s->found.count && s->found.items[s->next_found].at < from)
        s->next_found++;
    for (size_t i = s->next_found; i < s->found.count && s->found.items[i].at < to; i++) {
        const Found *found = &s->found.items[i];
        if (found->where == IN_CODE && found->word == WORD_WANTED)
            return true;
        quoted |= found->where == IN_STRING && found->word == WORD_WANTED;
        sql |= found->where == IN_STRING && found->word == WORD_SQL;
    }
    return quoted && sql;
}

static bool is_at(const Skimmer *s, size_t at, Str what)
{
    return what.length && s->text.length - at >= what.length &&
           memcmp(s->text.data + at, what.data, what.length) == 0;
}

/* The end of the line, after lines that end in a backslash. */
static size_t logical_line_end(const Skimmer *s, size_t at)
{
    for (;; at++) {
        at = str_find_byte(s->text, '\n', at);
        if (at == SIZE_MAX)
            return s->text.length;
        size_t last = at - (at > 0 && s->text.data[at - 1] == '\r');
        if (!s->rules->directives || !last || s->text.data[last - 1] != '\\')
            return at;
    }
}

/* Behind the string that ends with `close`; BROKEN when it does not end. */
static size_t string_end(const Skimmer *s, size_t at, Str close, SkimQuoteKind kind)
{
    for (; at < s->text.length; at++) {
        char byte = s->text.data[at];
        if (byte == '\\' && kind != SKIM_RAW)
            at++;
        else if (byte == '\n' && kind == SKIM_LINE)
            return BROKEN;
        else if (byte == close.data[0] && is_at(s, at, close))
            return at + close.length;
    }
    return BROKEN;
}

/* R"x( ... )x"; 0 when it is no such string. */
static size_t delimited_end(const Skimmer *s, size_t at, const SkimQuote *quote)
{
    char close[LONGEST_DELIMITER + 2] = ")";
    size_t start = at + quote->open.length, open = start;
    while (open < s->text.length && open - start < LONGEST_DELIMITER && s->text.data[open] != '(')
        open++;
    if (open == s->text.length || s->text.data[open] != '(')
        return 0;
    size_t length = open - start;
    memcpy(close + 1, s->text.data + start, length);
    close[length + 1] = quote->open.data[quote->open.length - 1];
    size_t end = str_find(s->text, (Str){close, length + 2}, open);
    return end == SIZE_MAX ? BROKEN : end + length + 2;
}

static size_t comment_end(const Skimmer *s, size_t at)
{
    const SkimRules *rules = s->rules;
    if (is_at(s, at, rules->line_comment))
        return logical_line_end(s, at);
    if (!is_at(s, at, rules->comment_open))
        return at;
    size_t end = str_find(s->text, rules->comment_close, at + rules->comment_open.length);
    return end == SIZE_MAX ? BROKEN : end + rules->comment_close.length;
}

static size_t any_string_end(const Skimmer *s, size_t at)
{
    const SkimRules *rules = s->rules;
    for (size_t i = 0; i < rules->quote_count; i++) {
        const SkimQuote *quote = &rules->quotes[i];
        if (!is_at(s, at, quote->open))
            continue;
        if (quote->kind == SKIM_DELIMITED) {
            size_t end = delimited_end(s, at, quote);
            if (end)
                return end;
            continue;
        }
        char before = at ? s->text.data[at - 1] : ' ';
        if (quote->open.length == 1 && before >= '0' && before <= '9')
            continue; /* 1'000'000 */
        return string_end(s, at + quote->open.length, quote->open, quote->kind);
    }
    return at;
}

/* Behind the comment or string that begins at `at`; `at` when none does; BROKEN. */
static size_t skip_opaque(Skimmer *s, size_t at)
{
    size_t end = comment_end(s, at);
    Where where = end != at ? IN_COMMENT : IN_STRING;
    if (end == at)
        end = any_string_end(s, at);
    if (end != at && end != BROKEN && s->found.count)
        place_words(s, at, end, where);
    return end;
}

static bool begins_line(const Skimmer *s, size_t at)
{
    while (at && (s->text.data[at - 1] == ' ' || s->text.data[at - 1] == '\t'))
        at--;
    return !at || s->text.data[at - 1] == '\n';
}

/* Behind the brace that closes the one before `at`. *plain is false when directives are between. */
static size_t body_end(Skimmer *s, size_t at, bool *plain)
{
    for (size_t depth = 1; at < s->text.length;) {
        unsigned char byte = (unsigned char)s->text.data[at];
        if (!s->special[byte]) {
            at++;
            continue;
        }
        size_t end = skip_opaque(s, at);
        if (end != at) {
            if (end == BROKEN)
                return BROKEN;
            at = end;
            continue;
        }
        at++;
        depth += byte == '{';
        if (byte == '}' && --depth == 0)
            return at;
        if (byte == '#' && s->rules->directives && begins_line(s, at - 1))
            *plain = false;
    }
    return BROKEN;
}

static bool is_function(const Skimmer *s, size_t head, size_t brace)
{
    RegexMatch match;
    size_t start = brace - head > LONGEST_HEAD ? brace - LONGEST_HEAD : head;
    Str text = str_trim(str_slice(s->text, start, brace));
    return text.length && regex_next(s->rules->head, text, 0, &match) &&
           !(s->rules->other && regex_next(s->rules->other, text, 0, &match));
}

/* Asked with growing offsets. */
static bool is_left_in(Skimmer *s, size_t brace)
{
    const SkimBraces *braces = s->ask->left_in;
    while (braces && s->next_left_in < braces->count &&
           braces->items[s->next_left_in] < brace)
        s->next_left_in++;
    return braces && s->next_left_in < braces->count && braces->items[s->next_left_in] == brace;
}

/* Leaves out what is in the braces [brace, end). */
static void cut(Skimmer *s, size_t brace, size_t end)
{
    template_out_code(&s->out, s->copied, brace + 1);
    template_out_glue(&s->out, "\n");
    s->copied = end - 1;
}

/* At the brace of a body; returns where to go on, and in *inside up to where nothing is cut. */
static size_t see_body(Skimmer *s, size_t head, size_t brace, size_t *inside)
{
    bool plain = true;
    size_t end = body_end(s, brace + 1, &plain);
    if (end == BROKEN)
        return BROKEN;
    if (!plain) {
        *inside = end;
        return brace + 1;
    }
    if (end - brace >= SHORTEST_BODY && !holds_word(s, head, end) && !is_left_in(s, brace))
        cut(s, brace, end);
    return end;
}

/* What a byte outside of comments and strings does to the search for heads. Returns where to go on. */
static size_t see_byte(Skimmer *s, size_t at, size_t *head, size_t *inside, int *brackets)
{
    switch (s->text.data[at]) {
    case '(':
    case '[':
        ++*brackets;
        return at + 1;
    case ')':
    case ']':
        *brackets -= *brackets > 0;
        return at + 1;
    case '#':
        if (!s->rules->directives || !begins_line(s, at))
            return at + 1;
        at = logical_line_end(s, at);
        break;
    case '{':
        if (*brackets)
            return at + 1;
        if (at >= *inside && is_function(s, *head, at))
            at = see_body(s, *head, at, inside);
        else
            at++;
        break;
    case '}':
        if (*brackets)
            return at + 1;
        at++;
        break;
    case ';':
        at++;
        break;
    default:
        return at + 1;
    }
    *head = at;
    *brackets = 0;
    return at;
}

static bool skim(Skimmer *s)
{
    size_t head = 0, inside = 0;
    int brackets = 0;
    for (size_t at = 0; at < s->text.length;) {
        if (!s->special[(unsigned char)s->text.data[at]]) {
            at++;
            continue;
        }
        size_t end = skip_opaque(s, at);
        if (end == at) {
            at = see_byte(s, at, &head, &inside, &brackets);
        } else {
            if (end != BROKEN && !str_trim(str_slice(s->text, head, at)).length)
                head = end; /* a comment before a head is no part of it */
            at = end;
        }
        if (at == BROKEN)
            return false;
    }
    return s->copied > 0;
}

static void set_special(Skimmer *s)
{
    for (const char *byte = "{}()[];#"; *byte; byte++)
        s->special[(unsigned char)*byte] = true;
    for (size_t i = 0; i < s->rules->quote_count; i++)
        s->special[(unsigned char)s->rules->quotes[i].open.data[0]] = true;
    if (s->rules->line_comment.length)
        s->special[(unsigned char)s->rules->line_comment.data[0]] = true;
    if (s->rules->comment_open.length)
        s->special[(unsigned char)s->rules->comment_open.data[0]] = true;
}

/* `#define NAME(` ... at `at`: NAME, if a wanted word is in the rest of the line. */
static Str macro_that_holds(const Skimmer *s, size_t at, size_t end, const SkimWords *words)
{
    Str line = str_slice(s->text, at + 1, end), name = {0};
    size_t from = 0, to = 0;
    for (int word = 0; next_word(line, &from, &to); word++) {
        Str text = str_slice(line, from, to);
        if (word == 0 && !str_eq_c(text, "define"))
            break;
        if (word == 1 && (to == line.length || line.data[to] != '('))
            break;
        if (word == 1)
            name = text;
        if (word > 1 && known_word(words, text) == WORD_WANTED)
            return name;
    }
    return (Str){0};
}

bool skim_words_follow(const SkimRules *rules, Str text, SkimWords *words)
{
    Skimmer s = {.rules = rules, .text = text};
    bool grown = false;
    if (!rules->head || !rules->directives)
        return false;
    for (size_t at = 0; (at = str_find_byte(text, '#', at)) != SIZE_MAX;) {
        if (!begins_line(&s, at)) {
            at++;
            continue;
        }
        size_t end = logical_line_end(&s, at);
        Str name = macro_that_holds(&s, at, end, words);
        if (name.length && known_word(words, name) != WORD_WANTED) {
            add_word(words, name, WORD_WANTED);
            grown = true;
        }
        at = end;
    }
    return grown;
}

bool skim_text(const SkimRules *rules, Str text, const SkimAsk *ask, Str *host, OffsetMap *map,
               Arena *arena)
{
    if (!rules->head || text.length >= UINT32_MAX / 2)
        return false;
    Skimmer s = {.rules = rules, .text = text, .ask = ask, .out = {.source = text}};
    set_special(&s);
    find_words(&s, ask->words);
    bool skimmed = skim(&s);
    if (skimmed) {
        template_out_code(&s.out, s.copied, text.length);
        OffsetSegment *segments = ARENA_ARRAY(arena, OffsetSegment, s.out.segments.count);
        memcpy(segments, s.out.segments.items, s.out.segments.count * sizeof *segments);
        *map = (OffsetMap){.segments = segments, .count = s.out.segments.count};
        *host = (Str){arena_strdup(arena, s.out.host.data, s.out.host.length), s.out.host.length};
    }
    array_release(&s.found);
    array_release(&s.out.segments);
    strbuf_release(&s.out.host);
    return skimmed;
}
