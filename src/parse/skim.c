/*
 * Two passes over the bytes, each linear: where the wanted words are, and what the tokens are
 * (skim_lex.h). Then each brace is asked what stands before it. No grammar is followed: a brace
 * behind no head is passed by, and what is in it looked at like what is around it, so that
 * unbalanced branches of #if cannot lead it astray.
 *
 * Cut, not blanked: blanks would cost the lexer a tenth of what code costs, and
 * the parser's included ranges are searched one by one at each token.
 */
#include "parse/skim.h"

#include "parse/skim_lex.h"
#include "parse/template_out.h"

#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    LONGEST_HEAD = 2048,
    SHORTEST_BODY = 32 /* bytes that are worth a cut */
};

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
    SkimTokens tokens;
    struct {
        ARRAY_OF(Found);
    } found; /* by offset */
    size_t next_found, next_placed, next_left_in;
    TemplateOut out;
    struct {
        ARRAY_OF(SkimCut);
    } cuts;
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

void skim_words_add(SkimWords *words, Str name)
{
    if (!words->words.count)
        add_sql(words);
    for (size_t from = 0, to = 0; skim_next_word(name, &from, &to);)
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

static bool matches(Regex *regex, Str text)
{
    RegexMatch match;
    return regex && regex_next(regex, text, 0, &match);
}

/* What stands before the brace, from `head` on, tells what is cut: all that is in such braces. */
static bool can_be_cut(const Skimmer *s, size_t head, size_t brace)
{
    size_t start = brace - head > LONGEST_HEAD ? brace - LONGEST_HEAD : head;
    Str text = str_trim(str_slice(s->text, start, brace));
    return text.length && matches(s->rules->head, text) && !matches(s->rules->other, text);
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

/* Leaves out what is in the braces. */
static void cut(Skimmer *s, const SkimToken *brace)
{
    template_out_code(&s->out, s->copied, brace->at + 1);
    SkimCut cut = {.source = brace->at, .host = (uint32_t)s->out.host.length - 1};
    template_out_glue(&s->out, "\n");
    s->copied = brace->end - 1;
    cut.host_end = (uint32_t)s->out.host.length + 1;
    array_push(&s->cuts, cut);
}

static void cut_comment(Skimmer *s, const SkimToken *comment)
{
    if (comment->end - comment->at < SHORTEST_BODY)
        return;
    template_out_code(&s->out, s->copied, comment->at);
    template_out_glue(&s->out, " ");
    s->copied = comment->end;
}

/* At a brace behind a head; returns where to go on. */
static size_t see_brace(Skimmer *s, size_t head, const SkimToken *brace)
{
    size_t end = brace->end;
    if (!end || !can_be_cut(s, head, brace->at))
        return brace->at + 1;
    bool wanted = holds_word(s, head, end) || is_left_in(s, brace->at);
    if (!wanted && brace->whole && end - brace->at >= SHORTEST_BODY) {
        cut(s, brace);
        return end;
    }
    return s->rules->nested || !brace->whole ? brace->at + 1 : end;
}

static bool skim(Skimmer *s)
{
    size_t head = 0, next = 0;
    int brackets = 0;
    for (size_t i = 0; i < s->tokens.count; i++) {
        const SkimToken *token = &s->tokens.items[i];
        if (token->at < next)
            continue;
        switch (token->kind) {
        case SKIM_OPEN: brackets++; continue;
        case SKIM_CLOSE: brackets -= brackets > 0; continue;
        case SKIM_STRING: continue;
        case SKIM_COMMENT: /* before a head it is no part of it */
            if (!str_trim(str_slice(s->text, head, token->at)).length)
                head = token->end;
            cut_comment(s, token);
            continue;
        case SKIM_BRACE:
        case SKIM_UNBRACE:
            if (brackets)
                continue;
            break;
        case SKIM_END:
        case SKIM_DIRECTIVE: break;
        }
        next = token->kind == SKIM_BRACE ? see_brace(s, head, token) : token->end;
        head = next;
        brackets = 0;
    }
    return s->copied > 0;
}

static void place_all_words(Skimmer *s)
{
    for (size_t i = 0; i < s->tokens.count; i++) {
        const SkimToken *token = &s->tokens.items[i];
        if (token->kind == SKIM_COMMENT || token->kind == SKIM_STRING)
            place_words(s, token->at, token->end,
                        token->kind == SKIM_COMMENT ? IN_COMMENT : IN_STRING);
    }
}

/* `#define NAME(` ... at `at`: NAME, if a wanted word is in the rest of the line. */
static Str macro_that_holds(Str text, size_t at, size_t end, const SkimWords *words)
{
    Str line = str_slice(text, at + 1, end), name = {0};
    size_t from = 0, to = 0;
    for (int word = 0; skim_next_word(line, &from, &to); word++) {
        Str part = str_slice(line, from, to);
        if (word == 0 && !str_eq_c(part, "define"))
            break;
        if (word == 1 && (to == line.length || line.data[to] != '('))
            break;
        if (word == 1)
            name = part;
        if (word > 1 && known_word(words, part) == WORD_WANTED)
            return name;
    }
    return (Str){0};
}

bool skim_words_follow(const SkimRules *rules, Str text, SkimWords *words)
{
    bool grown = false;
    if (!rules->head || !rules->directives)
        return false;
    for (size_t at = 0; (at = str_find_byte(text, '#', at)) != SIZE_MAX;) {
        if (!skim_begins_line(text, at)) {
            at++;
            continue;
        }
        size_t end = skim_logical_line_end(rules, text, at);
        Str name = macro_that_holds(text, at, end, words);
        if (name.length && known_word(words, name) != WORD_WANTED) {
            add_word(words, name, WORD_WANTED);
            grown = true;
        }
        at = end;
    }
    return grown;
}

static void finish(Skimmer *s, Skimmed *out, Arena *arena)
{
    template_out_code(&s->out, s->copied, s->text.length);
    OffsetSegment *segments = ARENA_ARRAY(arena, OffsetSegment, s->out.segments.count);
    memcpy(segments, s->out.segments.items, s->out.segments.count * sizeof *segments);
    SkimCut *cuts = ARENA_ARRAY(arena, SkimCut, s->cuts.count + 1);
    if (s->cuts.count)
        memcpy(cuts, s->cuts.items, s->cuts.count * sizeof *cuts);
    *out = (Skimmed){.host = {arena_strdup(arena, s->out.host.data, s->out.host.length),
                              s->out.host.length},
                     .map = {.segments = segments, .count = s->out.segments.count},
                     .cuts = cuts,
                     .cut_count = s->cuts.count};
}

bool skim_text(const SkimRules *rules, Str text, const SkimAsk *ask, Skimmed *out, Arena *arena)
{
    if (!rules->head || text.length >= UINT32_MAX / 2)
        return false;
    Skimmer s = {.rules = rules, .text = text, .ask = ask, .out = {.source = text}};
    find_words(&s, ask->words);
    bool skimmed = skim_tokens(rules, text, &s.tokens);
    if (skimmed) {
        place_all_words(&s);
        skimmed = skim(&s);
    }
    if (skimmed)
        finish(&s, out, arena);
    array_release(&s.found);
    array_release(&s.tokens);
    array_release(&s.cuts);
    array_release(&s.out.segments);
    strbuf_release(&s.out.host);
    return skimmed;
}
