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

#include "parse/skim_words.h"
#include "parse/template_out.h"

#include <string.h>

enum {
    LONGEST_HEAD = 2048,
    SHORTEST_BODY = 32 /* bytes that are worth a cut */
};

typedef struct Skimmer {
    const SkimRules *rules;
    Str text;
    const SkimAsk *ask;
    SkimTokens tokens;
    SkimFoundList found;
    SkimWords local; /* names that only this text declares */
    size_t next_left_in;
    size_t family_until; /* what is before it is in a class of the family, or a body that is kept */
    bool kept;           /* some of what is left holds what is wanted */
    TemplateOut out;
    struct {
        ARRAY_OF(SkimCut);
    } cuts;
    size_t copied; /* up to here the text is in `out` */
} Skimmer;

void skim_rules_release(SkimRules *rules)
{
    if (rules->head)
        regex_free(rules->head);
    if (rules->other)
        regex_free(rules->other);
}

/* True when [from, to) holds what is worth parsing; the text is then, too. Asked with growing offsets. */
static bool holds_wanted(Skimmer *s, size_t from, size_t to)
{
    unsigned roles = skim_roles(&s->found, from, to);
    if (from < s->family_until)
        roles |= SKIM_FAMILY; /* the class around, or a body that is kept, speaks of the family */
    bool wanted = roles & SKIM_WANTED;
    if (roles & SKIM_ACCESSOR)
        wanted |= !s->ask->words->paired || roles & SKIM_FAMILY;
    s->kept |= wanted;
    return wanted;
}

static bool matches(Regex *regex, Str text)
{
    RegexMatch match;
    return regex && regex_next(regex, text, 0, &match);
}

/* What stands before the brace, from `head` on, tells what is cut: all that is in such braces. */
static bool can_be_cut(const Skimmer *s, size_t head, SkimToken *brace)
{
    if (!brace->asked) {
        size_t start = brace->at - head > LONGEST_HEAD ? brace->at - LONGEST_HEAD : head;
        Str text = str_trim(str_slice(s->text, start, brace->at));
        brace->asked = true;
        brace->headed =
            text.length && matches(s->rules->head, text) && !matches(s->rules->other, text);
    }
    return brace->headed;
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

/* At a brace; returns where to go on. */
static size_t see_brace(Skimmer *s, size_t head, SkimToken *brace)
{
    size_t end = brace->end;
    if (!can_be_cut(s, head, brace)) {
        bool family = skim_roles(&s->found, head, brace->at) & SKIM_FAMILY;
        holds_wanted(s, head, brace->at);
        if (family && (!end || end > s->family_until))
            s->family_until = end ? end : SIZE_MAX;
        return brace->at + 1;
    }
    if (!end)
        return brace->at + 1;
    bool wanted = holds_wanted(s, head, end) || is_left_in(s, brace->at);
    if (!wanted && brace->whole && end - brace->at >= SHORTEST_BODY) {
        cut(s, brace);
        return end;
    }
    if (end > s->family_until && wanted)
        s->family_until = end;
    return s->rules->nested || !brace->whole ? brace->at + 1 : end;
}

/*
 * Walks over the tokens that end a declaration or statement. *head is where it begins; NULL: no
 * more. Braces inside of brackets end none.
 */
static SkimToken *next_end(Skimmer *s, size_t *item, size_t *head, size_t next)
{
    int brackets = 0;
    *head = next;
    for (; *item < s->tokens.count; ++*item) {
        SkimToken *token = &s->tokens.items[*item];
        if (token->at < next)
            continue;
        switch (token->kind) {
        case SKIM_OPEN: brackets++; break;
        case SKIM_CLOSE: brackets -= brackets > 0; break;
        case SKIM_STRING: break;
        case SKIM_COMMENT: /* before a head it is no part of it */
            if (!str_trim(str_slice(s->text, *head, token->at)).length)
                *head = token->end;
            break;
        case SKIM_BRACE:
        case SKIM_UNBRACE:
            if (!brackets)
                return token;
            break;
        case SKIM_END:
        case SKIM_DIRECTIVE: return token;
        }
    }
    return NULL;
}

/* Finds what the text declares to be of the family for itself alone: variables, functions, names. */
static bool learn_locals(Skimmer *s)
{
    size_t head, next = 0, item = 0, known = s->local.words.count;
    s->found.next = 0;
    for (SkimToken *token; (token = next_end(s, &item, &head, next));) {
        bool headed = token->kind == SKIM_BRACE && token->end && can_be_cut(s, head, token);
        if (token->kind != SKIM_DIRECTIVE && skim_roles(&s->found, head, token->at) & SKIM_FAMILY)
            skim_learn(&s->found, str_slice(s->text, 0, token->at), head, &s->local);
        next = headed ? token->end : token->kind == SKIM_BRACE ? token->at + 1 : token->end;
    }
    s->found.next = 0;
    return s->local.words.count > known;
}

static void cut_comments(Skimmer *s, size_t *item, size_t to)
{
    for (; *item < s->tokens.count && s->tokens.items[*item].at < to; ++*item) {
        const SkimToken *token = &s->tokens.items[*item];
        if (token->kind == SKIM_COMMENT && token->at >= s->copied)
            cut_comment(s, token);
    }
}

static bool is_idle(const Skimmer *s)
{
    return s->ask->words->paired && !s->kept;
}

static bool skim(Skimmer *s)
{
    size_t head, next = 0, item = 0, comment = 0;
    for (SkimToken *token; (token = next_end(s, &item, &head, next));) {
        cut_comments(s, &comment, token->at);
        if (token->kind == SKIM_BRACE) {
            next = see_brace(s, head, token);
        } else {
            holds_wanted(s, head, token->end);
            next = token->end;
        }
    }
    cut_comments(s, &comment, s->text.length);
    return s->copied > 0 || is_idle(s);
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
                     .cut_count = s->cuts.count,
                     .idle = is_idle(s)};
}

/* Finds the words of the text; `paired` ones need the names that it declares itself too. */
static void find_words(Skimmer *s)
{
    enum { MOST_ROUNDS = 3 };
    const SkimWords *words = s->ask->words;
    skim_find(&s->found, s->text, s->ask, NULL, &s->tokens);
    for (int round = 0; words->paired && round < MOST_ROUNDS && learn_locals(s); round++)
        skim_find(&s->found, s->text, s->ask, &s->local, &s->tokens);
}

bool skim_text(const SkimRules *rules, Str text, const SkimAsk *ask, Skimmed *out, Arena *arena)
{
    if (!rules->head || text.length >= UINT32_MAX / 2)
        return false;
    Skimmer s = {.rules = rules, .text = text, .ask = ask, .out = {.source = text}};
    bool skimmed = skim_tokens(rules, text, &s.tokens);
    if (skimmed) {
        find_words(&s);
        skimmed = skim(&s);
    }
    if (skimmed)
        finish(&s, out, arena);
    array_release(&s.found);
    array_release(&s.tokens);
    array_release(&s.cuts);
    array_release(&s.out.segments);
    strbuf_release(&s.out.host);
    skim_words_release(&s.local);
    return skimmed;
}
