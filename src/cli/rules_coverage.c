/*
 * Each scan is a child process of its own, so what it used goes through a file
 * without a name that both have open. A rule is known by its pack and line: its
 * number differs from scan to scan, with the packs that are loaded.
 */
#include "cli/rules_coverage.h"

enum { LONGEST_PLACE = 512 };

struct RulesCoverage {
    FILE *notes; /* "PACK:LINE" lines */
};

RulesCoverage *rules_coverage_new(void)
{
    FILE *notes = tmpfile();
    if (!notes)
        return NULL;
    RulesCoverage *coverage = mem_alloc(sizeof *coverage);
    coverage->notes = notes;
    return coverage;
}

void rules_coverage_free(RulesCoverage *coverage)
{
    if (!coverage)
        return;
    fclose(coverage->notes);
    free(coverage);
}

void rules_coverage_add(RulesCoverage *coverage, const Report *report)
{
    for (size_t i = 0; i < report->rule_uses.count; i++)
        fprintf(coverage->notes, "%s:%u\n", report->rule_uses.items[i].pack,
                report->rule_uses.items[i].line);
    fflush(coverage->notes);
}

/* The places noted so far, as keys of `seen`. */
static void read_notes(RulesCoverage *coverage, Names *names, Map *seen)
{
    char line[LONGEST_PLACE];
    rewind(coverage->notes);
    while (fgets(line, sizeof line, coverage->notes)) {
        line[strcspn(line, "\n")] = 0;
        map_put(seen, names_intern(names, str_of(line)), 1);
    }
}

static const char *section_name(RuleSection section)
{
    static const char *const names[] = {
#define X(name, text) text,
        RULE_SECTIONS(X)
#undef X
    };
    return names[section];
}

/* What tells a rule from its neighbours: its first name, supertype or path. */
static Str first_word(const Rule *rule)
{
    if (rule->names.count)
        return rule->names.items[0];
    if (rule->supertypes.count)
        return rule->supertypes.items[0];
    return rule->path;
}

size_t rules_coverage_write(RulesCoverage *coverage, const RuleSet *rules, bool of_user, FILE *out)
{
    Names *names = names_new();
    Map seen = {0};
    size_t unused = 0;
    read_notes(coverage, names, &seen);
    for (size_t i = 0; i < rules->packs.count; i++) {
        const RulePack *pack = rules->packs.items[i];
        for (size_t r = 0; pack->user == of_user && r < pack->rule_count; r++) {
            const Rule *rule = &pack->rules[r];
            char place[LONGEST_PLACE];
            snprintf(place, sizeof place, "%s:%u", pack->path, rule->line);
            Sym sym = names_lookup(names, str_of(place));
            if (sym && map_get(&seen, sym))
                continue;
            fprintf(out, "%s: never fired: %s %.*s\n", place, section_name(rule->section),
                    STR_ARG(first_word(rule)));
            unused++;
        }
    }
    map_release(&seen);
    names_free(names);
    return unused;
}
