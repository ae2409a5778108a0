/*
 * Words are found by one pass that looks a word up only if a known one begins with the same byte
 * and is as long. What role a word plays can depend on the bytes beside it.
 */
#include "parse/skim_words.h"

#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

static uint64_t word_key(Str word)
{
    return XXH3_64bits(word.data, word.length) | 1;
}

static unsigned known_roles(const SkimWords *words, Str word)
{
    if (!words || !(words->lengths[(unsigned char)word.data[0]] >> (word.length & 63) & 1))
        return 0;
    const uint64_t *roles = map_get(&words->words, word_key(word));
    return roles ? (unsigned)*roles : 0;
}

static void add_word(SkimWords *words, Str word, unsigned roles)
{
    map_put(&words->words, word_key(word), known_roles(words, word) | roles);
    words->lengths[(unsigned char)word.data[0]] |= UINT64_C(1) << (word.length & 63);
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
        add_word(words, str_of(SQL[i]), SKIM_SQL);
}

void skim_words_add(SkimWords *words, Str name, unsigned roles)
{
    if (!words->words.count)
        add_sql(words);
    for (size_t from = 0, to = 0; skim_next_word(name, &from, &to);)
        add_word(words, str_slice(name, from, to), roles);
}

void skim_words_release(SkimWords *words)
{
    map_release(&words->words);
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* The byte before or behind the word [from, to) and blanks. */
static char byte_before(Str text, size_t from)
{
    while (from && is_blank(text.data[from - 1]))
        from--;
    return from ? text.data[from - 1] : '\0';
}

static char byte_behind(Str text, size_t to)
{
    while (to < text.length && is_blank(text.data[to]))
        to++;
    return to < text.length ? text.data[to] : '\0';
}

/* The roles that a word plays at this place. */
static unsigned roles_here(unsigned roles, Str text, size_t from, size_t to, bool implicit_self)
{
    if (roles & SKIM_REACHED) {
        char before = implicit_self ? '.' : byte_before(text, from);
        roles |= before == '.' || before == '>' ? SKIM_FAMILY : 0;
    }
    if (roles & SKIM_CALLED) {
        char behind = byte_behind(text, to);
        roles |= behind == '(' || behind == '<' ? SKIM_FAMILY : 0;
    }
    return roles & ~(unsigned)(SKIM_REACHED | SKIM_CALLED);
}

/* A name, or a condition of SQL; other texts with blanks say nothing by themselves. */
static bool may_be_read(Str string)
{
    return str_find_byte(string, ' ', 0) == SIZE_MAX ||
           str_find_byte(string, '=', 0) != SIZE_MAX || str_find_byte(string, '?', 0) != SIZE_MAX;
}

typedef struct Search {
    SkimFoundList *found;
    Str text;
    const SkimAsk *ask;
    const SkimWords *local;
    bool is_word[256];
} Search;

/* Adds the words of [at, end); `quoted`: they count only beside a word of SQL. */
static void find_between(Search *s, size_t at, size_t end, bool quoted)
{
    const unsigned char *data = (const unsigned char *)s->text.data;
    while (at < end) {
        if (!s->is_word[data[at]]) {
            at++;
            continue;
        }
        size_t start = at;
        while (at < end && s->is_word[data[at]])
            at++;
        Str word = str_slice(s->text, start, at);
        unsigned roles = known_roles(s->ask->words, word) | known_roles(s->local, word);
        if (roles)
            roles = roles_here(roles, s->text, start, at, s->ask->implicit_self);
        if (roles)
            array_push(s->found, ((SkimFound){(uint32_t)start, (uint32_t)(at - start),
                                              (uint8_t)roles, quoted}));
    }
}

void skim_find(SkimFoundList *found, Str text, const SkimAsk *ask, const SkimWords *local,
               const SkimTokens *tokens)
{
    Search s = {.found = found, .text = text, .ask = ask, .local = local};
    size_t at = 0;
    for (int i = 0; i < 256; i++)
        s.is_word[i] = byte_is_word((unsigned char)i);
    found->count = found->next = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        const SkimToken *token = &tokens->items[i];
        if (token->kind != SKIM_COMMENT && token->kind != SKIM_STRING)
            continue;
        find_between(&s, at, token->at, false);
        if (token->kind == SKIM_STRING)
            find_between(&s, token->at, token->end,
                         !ask->in_strings && !may_be_read(str_slice(text, token->at, token->end)));
        at = token->end;
    }
    find_between(&s, at, text.length, false);
}

unsigned skim_roles(SkimFoundList *found, size_t from, size_t to)
{
    unsigned roles = 0, quoted = 0;
    while (found->next < found->count && found->items[found->next].at < from)
        found->next++;
    for (size_t i = found->next; i < found->count && found->items[i].at < to; i++) {
        const SkimFound *word = &found->items[i];
        if (word->quoted)
            quoted |= word->roles;
        else
            roles |= word->roles & ~(unsigned)SKIM_SQL;
    }
    bool sql = quoted & SKIM_SQL && quoted & (SKIM_WANTED | SKIM_ACCESSOR);
    return sql ? roles | SKIM_WANTED : roles;
}

/*
 * What a declaration declares is the word before one of these: `Order *a, b[2];`, `Order *f(`,
 * `Orders = `, and of a class the one before the `:` of its supertypes.
 */
static bool ends_declarator(Str text, size_t to)
{
    char behind = byte_behind(text, to);
    if (!behind || strchr(";,[(={", behind))
        return true;
    return behind == ':' && str_find(text, str_lit("::"), to) != str_find_byte(text, ':', to);
}

/* The first word from `head` on that names the family; NULL: none. */
static const SkimFound *first_of_family(const SkimFoundList *found, size_t head, size_t end)
{
    for (size_t i = found->next; i < found->count && found->items[i].at < end; i++) {
        const SkimFound *word = &found->items[i];
        if (word->at >= head && !word->quoted && word->roles & SKIM_FAMILY)
            return word;
    }
    return NULL;
}

/* True for the declared word [from, to) of a declaration whose type is at `family`. */
static bool is_declared(Str text, size_t from, size_t to, size_t family)
{
    char behind = byte_behind(text, to);
    bool before = from < family && (behind == '=' || behind == ':');
    return (from > family || before) && ends_declarator(text, to);
}

void skim_learn(const SkimFoundList *found, Str text, size_t head, SkimWords *local)
{
    const SkimFound *family = first_of_family(found, head, text.length);
    int depth = 0;
    for (size_t at = head; family && at < text.length;) {
        char byte = text.data[at];
        if (!byte_is_word((unsigned char)byte)) {
            if (byte == '(' && !depth && at > family->at)
                return; /* parameters, or the arguments of a constructor */
            depth += (byte == '(') - (byte == ')');
            at++;
            continue;
        }
        size_t from = at, to = at;
        skim_next_word(text, &from, &to);
        if (depth == 0 && is_declared(text, from, to, family->at))
            skim_words_add(local, str_slice(text, from, to), SKIM_FAMILY);
        at = to;
    }
}

/* `#define NAME` ... at `at`: NAME, and in *roles those of the words in the rest of the line. */
static Str macro_that_holds(Str text, size_t at, size_t end, const SkimWords *words,
                            unsigned *roles)
{
    Str line = str_slice(text, at + 1, end), name = {0};
    size_t from = 0, to = 0;
    *roles = 0;
    for (int word = 0; skim_next_word(line, &from, &to); word++) {
        Str part = str_slice(line, from, to);
        if (word == 0 && !str_eq_c(part, "define"))
            break;
        bool called = to < line.length && line.data[to] == '(';
        if (word == 1 && !called && !words->paired)
            break;
        if (word == 1)
            name = part;
        if (word > 1)
            *roles |= roles_here(known_roles(words, part), line, from, to, false);
    }
    *roles &= ~(unsigned)SKIM_SQL;
    return *roles ? name : (Str){0};
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
        unsigned roles;
        size_t end = skim_logical_line_end(rules, text, at);
        Str name = macro_that_holds(text, at, end, words, &roles);
        if (name.length && (known_roles(words, name) | roles) != known_roles(words, name)) {
            add_word(words, name, roles);
            grown = true;
        }
        at = end;
    }
    return grown;
}
