/*
 * A target never names a file by accident in practice ("Order.email" would have
 * to be a file here); when it does, "./" or "--" tell.
 */
#include "cli/targets.h"

#include <unistd.h>

static bool looks_like_path(const char *text)
{
    return strchr(text, '/') || text[0] == '.' || text[0] == '~';
}

static bool fail_target(Run *run, const char *text)
{
    if (looks_like_path(text)) {
        run->diag = (Diag){0};
        diag_fail(&run->diag, "`%s`: no such file or folder, and no target", text);
        return diag_hint(&run->diag, "a target is a model and a field: Order.email");
    }
    return false;
}

static bool add_target(Run *run, const char *text, TargetList *list)
{
    Migration target;
    if (!target_parse(text, &target, &run->arena, &run->diag))
        return fail_target(run, text);
    for (size_t i = 0; i < list->targets.count; i++) {
        Migration *known = &list->targets.items[i];
        if (strcmp(known->model, target.model) != 0)
            continue;
        FieldMap *joined =
            ARENA_ARRAY(&run->arena, FieldMap, known->field_count + target.field_count);
        memcpy(joined, known->fields, known->field_count * sizeof *joined);
        size_t count = known->field_count;
        for (size_t j = 0; j < target.field_count; j++) {
            bool twice = false;
            for (size_t k = 0; k < known->field_count; k++)
                twice |= strcmp(known->fields[k].from, target.fields[j].from) == 0;
            if (!twice)
                joined[count++] = target.fields[j];
        }
        known->fields = joined;
        known->field_count = count;
        return true;
    }
    array_push(&list->targets, target);
    return true;
}

bool targets_sort(Run *run, const Arguments *arguments, TargetList *list)
{
    for (size_t i = 0; i < arguments->list.count; i++) {
        const char *text = arguments->list.items[i];
        if (i >= arguments->terminated || access(text, F_OK) == 0)
            array_push(&list->paths, text);
        else if (!add_target(run, text, list))
            return false;
    }
    return true;
}

void targets_release(TargetList *list)
{
    array_release(&list->targets);
    array_release(&list->paths);
}

void targets_use(Run *run, const TargetList *list)
{
    run->scan.migrations = list->targets.items;
    run->scan.migration_count = list->targets.count;
}
