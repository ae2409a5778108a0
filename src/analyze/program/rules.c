/*
 * The rules of the active packs, found by the name of the call. Chains keep the
 * packs' order, so that a user's own pack, loaded last, is asked last and adds
 * to what the shipped ones say.
 */
#include "analyze/program/rules.h"

#include "analyze/program/naming.h"
#include "base/embedded.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_PACK = 1 << 20 };

RuleSet *rules_new(Names *names)
{
    RuleSet *rules = mem_alloc(sizeof *rules);
    *rules = (RuleSet){.names = names};
    arena_init(&rules->arena);
    return rules;
}

void rules_free(RuleSet *rules)
{
    if (!rules)
        return;
    map_release(&rules->calls);
    map_release(&rules->members);
    map_release(&rules->definitions);
    map_release(&rules->attributes);
    map_release(&rules->saves);
    map_release(&rules->blinds);
    map_release(&rules->aliases);
    map_release(&rules->locals);
    for (int i = 0; i < RULE_SECTION_COUNT; i++)
        array_release(&rules->sections[i]);
    array_release(&rules->packs);
    arena_release(&rules->arena);
    free(rules);
}

bool rules_load_embedded(RuleSet *rules, const char *family, Diag *diag)
{
    for (size_t i = 0; i < embedded_file_count; i++) {
        const EmbeddedFile *file = &embedded_files[i];
        Str path = str_of(file->path);
        if (!str_starts(path, "rules/"))
            continue;
        Str folder = str_slice(path, 6, str_find_byte(path, '/', 6));
        if (family && !str_eq_c(folder, family))
            continue;
        if (!rules_load_text(rules, file->path, (Str){file->data, file->length}, false, diag))
            return false;
    }
    return true;
}

static bool is_loaded(const RuleSet *rules, const char *name)
{
    for (size_t i = 0; i < rules->packs.count; i++) {
        if (strcmp(rules->packs.items[i]->name, name) == 0) {
            rules->packs.items[i]->user = true; /* asked for: on without being detected */
            return true;
        }
    }
    return false;
}

static bool load_file(RuleSet *rules, const char *root, const char *option, Diag *diag)
{
    char *path = arena_printf(&rules->arena, "%s/%s", root, option);
    FILE *file = fopen(path, "rb");
    if (!file)
        return diag_fail_at(diag, option, 0, 0, "cannot read the rule pack: %s", strerror(errno));
    StrBuf text = {0};
    char buffer[4096];
    size_t got;
    while ((got = fread(buffer, 1, sizeof buffer, file)) > 0 && text.length < LARGEST_PACK)
        strbuf_add(&text, buffer, got);
    fclose(file);
    Str kept = {arena_strdup(&rules->arena, text.data, text.length), text.length};
    strbuf_release(&text);
    return rules_load_text(rules, option, kept, true, diag);
}

bool rules_load_option(RuleSet *rules, const char *root, const char *option, Diag *diag)
{
    if (is_loaded(rules, option))
        return true;
    if (strchr(option, '/') || strchr(option, '.'))
        return load_file(rules, root, option, diag);
    for (size_t i = 0; i < embedded_file_count; i++) {
        Str path = str_of(embedded_files[i].path);
        Str base = name_last(str_slice(path, 0, path.length > 4 ? path.length - 4 : 0));
        if (str_starts(path, "rules/") && str_eq_c(base, option))
            return true; /* of a language that this tree does not have */
    }
    diag_fail(diag, "no rule pack is called `%s`", option);
    return diag_hint(diag, "`straggler rules list` names them; a file needs a slash: ./%s.yml", option);
}

/* Appends `rule` to the chain of each of its names. */
static void add_to_map(RuleSet *rules, Map *map, const Rule *rule)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        Rule *copy = ARENA_NEW(&rules->arena, Rule);
        *copy = *rule;
        copy->next_same_name = NULL;
        Sym name = names_intern(rules->names, rule->names.items[i]);
        uint64_t *found = map_get(map, name);
        if (!found) {
            map_put(map, name, (uint64_t)(uintptr_t)copy);
            continue;
        }
        Rule *last = (Rule *)(uintptr_t)*found;
        while (last->next_same_name)
            last = (Rule *)last->next_same_name;
        last->next_same_name = copy;
    }
}

static Map *map_of(RuleSet *rules, RuleSection section)
{
    switch (section) {
    case RULE_CALL: return &rules->calls;
    case RULE_MEMBER:
    case RULE_MIXIN: return &rules->members;
    case RULE_DEFINITION: return &rules->definitions;
    case RULE_ATTRIBUTE: return &rules->attributes;
    case RULE_SAVE: return &rules->saves;
    case RULE_BLIND: return &rules->blinds;
    case RULE_ALIAS: return &rules->aliases;
    case RULE_LOCAL: return &rules->locals;
    default: return NULL;
    }
}

void rules_list_sections(RuleSet *rules)
{
    for (int i = 0; i < RULE_SECTION_COUNT; i++)
        rules->sections[i].count = 0;
    for (size_t i = 0; i < rules->packs.count; i++) {
        const RulePack *pack = rules->packs.items[i];
        for (size_t r = 0; r < pack->rule_count; r++)
            array_push(&rules->sections[pack->rules[r].section], &pack->rules[r]);
    }
}

void rules_activate(RuleSet *rules, const bool *active)
{
    size_t kept = 0;
    for (size_t i = 0; i < rules->packs.count; i++) {
        rules->packs.items[i]->active = active[i];
        if (active[i])
            rules->packs.items[kept++] = rules->packs.items[i];
    }
    rules->packs.count = kept;
    rules_list_sections(rules);
    for (size_t i = 0; i < kept; i++) {
        const RulePack *pack = rules->packs.items[i];
        for (size_t r = 0; r < pack->rule_count; r++) {
            const Rule *rule = &pack->rules[r];
            Map *map = map_of(rules, rule->section);
            if (map)
                add_to_map(rules, map, rule);
        }
    }
}

const Rule *rules_find(const Map *map, Sym name)
{
    uint64_t *found = name ? map_get(map, name) : NULL;
    return found ? (const Rule *)(uintptr_t)*found : NULL;
}

const Rule *rules_asked(const RuleSet *rules, const char *family, Str name, RuleTest test)
{
    for (size_t p = 0; p < rules->packs.count; p++) {
        const RulePack *pack = rules->packs.items[p];
        for (size_t r = 0; r < pack->rule_count && strcmp(pack->family, family) == 0; r++) {
            const Rule *rule = &pack->rules[r];
            if (test(rule) && strlist_has(&rule->names, name))
                return rule;
        }
    }
    return NULL;
}

bool rules_asked_in(const RuleSet *rules, const char *family, Str text, RuleTest test)
{
    for (size_t p = 0; p < rules->packs.count; p++) {
        const RulePack *pack = rules->packs.items[p];
        for (size_t r = 0; r < pack->rule_count && strcmp(pack->family, family) == 0; r++) {
            const Rule *rule = &pack->rules[r];
            for (size_t n = 0; test(rule) && n < rule->names.count; n++) {
                if (str_find(text, rule->names.items[n], 0) != SIZE_MAX)
                    return true;
            }
        }
    }
    return false;
}
