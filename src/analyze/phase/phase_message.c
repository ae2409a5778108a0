/*
 * What a broken rule means at a place, in words: what the phase asks for instead. Rules whose
 * message needs more than the field and its successor bring their own (phase.c).
 */
#include "analyze/phase/phase_private.h"

#include <string.h>

/* "Order.email is read here: in phase read-new, read Customer.email". */
static const char *instead(const Judging *j, const Hit *hit, const char *done, const char *verb,
                           Report *report)
{
    const TargetField *field = hit_field(j, hit);
    const TargetField *successor = phase_successor(j, field);
    const char *phase = phase_name(hit_migration(j, hit)->phase);
    return successor ? arena_printf(&report->arena, "%s is %s here: in phase %s, %s %s",
                                    field->target, done, phase, verb, successor->target)
                     : arena_printf(&report->arena, "%s is %s here: in phase %s, nothing should",
                                    field->target, done, phase);
}

const char *phase_message(const Judging *j, const Hit *hit, const char *rule, Report *report)
{
    const TargetField *field = hit_field(j, hit);
    const Migration *migration = hit_migration(j, hit);
    if (strcmp(rule, "old-read") == 0)
        return instead(j, hit, "read", "read", report);
    if (strcmp(rule, "old-query") == 0)
        return instead(j, hit, "queried", "query", report);
    if (strcmp(rule, "old-write") == 0)
        return instead(j, hit, "written", "write", report);
    if (strcmp(rule, "old-declare") == 0)
        return arena_printf(&report->arena, "%s is declared here: in phase %s, nothing should name it",
                            field->target, phase_name(migration->phase));
    if (strcmp(rule, "blocking-constraint") == 0)
        return arena_printf(&report->arena, "%s is mandatory here: make it optional before the last "
                                            "write of it goes", field->target);
    if (strcmp(rule, "early-read") == 0)
        return arena_printf(&report->arena, "%s is read here: in phase %s, older rows may lack it: "
                                            "read %s.%s", field->target, phase_name(migration->phase),
                            migration->model, field->map->from);
    return NULL;
}
