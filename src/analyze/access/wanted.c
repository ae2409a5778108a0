/*
 * A body without any of these words holds no access, hides none, and declares
 * nothing that a rule knows. What calls mean is not in the list: a call matters
 * by what it gives to an access, or by the name that it is given.
 */
#include "analyze/access/wanted.h"

#include "analyze/access/lead.h"
#include "analyze/program/naming.h"

#include <string.h>

static void add_list(SkimWords *words, const StrList *list)
{
    for (size_t i = 0; i < list->count; i++)
        skim_words_add(words, list->items[i], SKIM_WANTED);
}

static void add_model(SkimWords *words, const Names *names, const TargetModel *model)
{
    Str last = names_str(names, model->last);
    StrBuf snake = {0}, camel = {0};
    name_snake(last, &snake);
    name_camel(last, false, &camel);
    skim_words_add(words, names_str(names, model->table), SKIM_WANTED);
    skim_words_add(words, last, SKIM_FAMILY);
    skim_words_add(words, strbuf_str(&snake), SKIM_FAMILY);
    skim_words_add(words, strbuf_str(&camel), SKIM_FAMILY);
    strbuf_release(&snake);
    strbuf_release(&camel);
}

void wanted_by_targets(SkimWords *words, const Analysis *a, const RuleSet *rules)
{
    static const RuleSection TELLING[] = {RULE_MEMBER, RULE_DEFINITION, RULE_MIXIN, RULE_ATTRIBUTE,
                                          RULE_ALIAS,  RULE_BLIND,      RULE_CONSTRAINT};
    const Names *names = a->program->names;
    for (size_t i = 0; i < a->accessors.count; i++)
        skim_words_add(words, names_str(names, a->accessors.items[i].name), SKIM_ACCESSOR);
    for (size_t i = 0; i < a->models.count; i++)
        add_model(words, names, &a->models.items[i]);
    for (size_t s = 0; s < sizeof TELLING / sizeof *TELLING; s++) {
        for (size_t i = 0; i < rules->sections[TELLING[s]].count; i++)
            add_list(words, &rules->sections[TELLING[s]].items[i]->names);
    }
    for (size_t i = 0; i < rules->sections[RULE_MODEL].count; i++)
        add_list(words, &rules->sections[RULE_MODEL].items[i]->table_member);
}

void wanted_by_needs(SkimWords *words, const Names *names, const Need *needs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        skim_words_add(words, names_str(names, needs[i].name), SKIM_WANTED);
}

void wanted_by_leads(SkimWords *words, const Analysis *a)
{
    static const unsigned ROLES[] = {[LEAD_TYPE] = SKIM_FAMILY,
                                     [LEAD_MEMBER] = SKIM_REACHED,
                                     [LEAD_FUNCTION] = SKIM_CALLED,
                                     [LEAD_VARIABLE] = SKIM_FAMILY};
    Leads leads = {0};
    leads_find(a, &leads);
    for (size_t i = 0; i < leads.count; i++)
        skim_words_add(words, names_str(a->program->names, leads.items[i].name),
                       ROLES[leads.items[i].kind]);
    array_release(&leads);
}

bool wanted_in_pairs(const Analysis *a)
{
    for (size_t i = 0; i < a->fields.count; i++) {
        if (a->fields.items[i].unique)
            return false;
    }
    return true;
}

bool wanted_is_enough(const RuleSet *rules, const Language *language)
{
    for (size_t i = 0; i < rules->packs.count; i++) {
        const RulePack *pack = rules->packs.items[i];
        if (pack->lookup.length && strcmp(pack->family, language->family) == 0)
            return false;
    }
    return true;
}

static bool reads_strings(const Rule *rule)
{
    return rule->strings || rule->symbols || rule->keywords || rule->index || rule->values.count;
}

bool wanted_in_strings(const RuleSet *rules, const Language *language)
{
    for (int s = 0; s < RULE_SECTION_COUNT; s++) {
        for (size_t i = 0; i < rules->sections[s].count; i++) {
            const Rule *rule = rules->sections[s].items[i];
            if (reads_strings(rule) && strcmp(rule->pack->family, language->family) == 0)
                return true;
        }
    }
    return false;
}
