/*
 * wanted.h: the words for whose sake the body of a function is parsed (parse/skim.h).
 *
 *     SkimWords words = {0};
 *     wanted_by_targets(&words, analysis, rules);       // after the packs are known
 *     parser_pool_skim(pool, wanted_is_enough(rules, language) ? &words : NULL,
 *                      wanted_in_strings(rules, language), may_pass);
 *     wanted_by_needs(&words, names, needs, count);     // before each further round
 */
#ifndef STRAGGLER_ANALYZE_WANTED_H
#define STRAGGLER_ANALYZE_WANTED_H

#include "analyze/access/access.h"
#include "parse/skim.h"

/*
 * The names under which targets are reached, their tables, and every name by which a
 * rule declares something or hides a use.
 */
void wanted_by_targets(SkimWords *words, const Analysis *analysis, const RuleSet *rules);

/* What the resolver asks for may be said by a call in a body. */
void wanted_by_needs(SkimWords *words, const Names *names, const Need *needs, size_t count);

/* The names by which code comes by an object of a model (lead.h), as far as they are linked. */
void wanted_by_leads(SkimWords *words, const Analysis *analysis);

/*
 * True when others have members of the fields' names: an accessor without a word that leads to a
 * model tells nothing then (SkimWords.paired).
 */
bool wanted_in_pairs(const Analysis *analysis);

/* True when some rule of the language's family reads strings. */
bool wanted_in_strings(const RuleSet *rules, const Language *language);

/* False where a pack finds names inside of longer words (`lookup`): files are parsed whole. */
bool wanted_is_enough(const RuleSet *rules, const Language *language);

#endif
