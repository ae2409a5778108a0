/*
 * A GNU-like parser: long and bundled short options, values attached or next,
 * options and arguments in any order, "--" ends options. An unknown option
 * names the nearest known one. Not done on purpose: abbreviated long options,
 * which break scripts when options are added.
 */
#include "cli/opt.h"

#include <errno.h>

static const Option help_options[] = {
    {'h', "", OPT_FLAG, NULL, NULL, "short help", offsetof(CommonSettings, help)},
    {0, "help", OPT_FLAG, NULL, NULL, "long help, with examples",
     offsetof(CommonSettings, long_help)},
};

static const OptGroup help_group = {"Help", help_options, 2};

const Command *command_named(const CommandTable *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->items[i]->name, name) == 0)
            return table->items[i];
    }
    return NULL;
}

static const OptGroup *group_at(const Command *command, size_t index)
{
    size_t count = 0;
    while (command->groups && command->groups[count])
        count++;
    if (index < count)
        return command->groups[index];
    return index == count ? &help_group : NULL;
}

const Option *opt_next(const Command *command, size_t *group, size_t *index)
{
    const OptGroup *at;
    while ((at = group_at(command, *group)) && *index >= at->count) {
        (*group)++;
        *index = 0;
    }
    return at ? &at->options[(*index)++] : NULL;
}

Str opt_choice_next(const char **choices)
{
    const char *start = *choices;
    if (!start || !*start)
        return (Str){0};
    const char *end = strchr(start, '|');
    *choices = end ? end + 1 : start + strlen(start);
    return (Str){start, end ? (size_t)(end - start) : strlen(start)};
}

static size_t closeness(Str given)
{
    return given.length < 4 ? 1 : given.length < 8 ? 2 : 3;
}

Str opt_closest(const char *choices, Str given)
{
    Str best = {0};
    size_t limit = closeness(given) + 1;
    for (Str choice; (choice = opt_choice_next(&choices)).length;) {
        size_t distance = str_distance(choice, given, limit);
        if (distance < limit) {
            limit = distance;
            best = choice;
        }
    }
    return best;
}

static const Option *find_long(const Command *command, Str name)
{
    size_t group = 0, index = 0;
    const Option *option;
    while ((option = opt_next(command, &group, &index))) {
        if (option->name[0] && str_eq_c(name, option->name))
            return option;
    }
    return NULL;
}

static const Option *find_short(const Command *command, char name)
{
    size_t group = 0, index = 0;
    const Option *option;
    while ((option = opt_next(command, &group, &index))) {
        if (option->short_name == name)
            return option;
    }
    return NULL;
}

static bool fail_unknown(const Command *command, Str name, Diag *diag)
{
    StrBuf names = {0};
    size_t group = 0, index = 0;
    const Option *option;
    while ((option = opt_next(command, &group, &index))) {
        if (option->name[0])
            strbuf_printf(&names, "%s|", option->name);
    }
    diag_fail(diag, "unknown option `--%.*s`", STR_ARG(name));
    Str best = opt_closest(names.data, name);
    if (best.length)
        diag_hint(diag, "did you mean `--%.*s`? (a file or target that starts with a dash goes "
                  "after `--`)", STR_ARG(best));
    else
        diag_hint(diag, "`straggler %s -h` lists the options", command->name);
    strbuf_release(&names);
    return false;
}

static bool check_choice(const Option *option, Str value, Diag *diag)
{
    const char *rest = option->choices;
    for (Str choice; (choice = opt_choice_next(&rest)).length;) {
        if (str_eq(choice, value))
            return true;
    }
    StrBuf list = {0};
    rest = option->choices;
    for (Str choice; (choice = opt_choice_next(&rest)).length;)
        strbuf_printf(&list, "%s%.*s", list.length ? ", " : "", STR_ARG(choice));
    diag_fail(diag, "`%.*s` is no value of `--%s`", STR_ARG(value), option->name);
    Str best = opt_closest(option->choices, value);
    if (best.length)
        diag_hint(diag, "did you mean `%.*s`?", STR_ARG(best));
    else
        diag_hint(diag, "it takes one of: %s", list.data ? list.data : "");
    strbuf_release(&list);
    return false;
}

static bool set_choices(const Option *option, TextArray *list, const char *value, Arena *arena,
                        Diag *diag)
{
    Str rest = str_of(value);
    for (;;) {
        size_t comma = str_find_byte(rest, ',', 0);
        Str item = str_slice(rest, 0, comma);
        if (!check_choice(option, item, diag))
            return false;
        array_push(list, arena_strdup(arena, item.data, item.length));
        if (comma == SIZE_MAX)
            return true;
        rest = str_slice(rest, comma + 1, rest.length);
    }
}

static bool set_number(const Option *option, unsigned *place, const char *value, Diag *diag)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(value, &end, 10);
    if (*value < '0' || *value > '9' || *end || errno || number > 1000000000)
        return diag_fail(diag, "`--%s` takes a number, not `%s`", option->name, value);
    *place = (unsigned)number;
    return true;
}

static bool set_value(const Option *option, void *settings, const char *value, Arena *arena,
                      Diag *diag)
{
    void *place = (char *)settings + option->offset;
    switch (option->kind) {
    case OPT_FLAG: *(bool *)place = true; return true;
    case OPT_NUMBER: return set_number(option, place, value, diag);
    case OPT_LIST: array_push((TextArray *)place, value); return true;
    case OPT_CHOICES: return set_choices(option, place, value, arena, diag);
    case OPT_CHOICE:
        if (!check_choice(option, str_of(value), diag))
            return false;
        break;
    case OPT_TEXT: break;
    }
    *(const char **)place = value;
    return true;
}

/* Where parsing stands. */
typedef struct Parse {
    const Command *command;
    char **argv;
    int count, next;
    void *settings;
    Arguments *arguments;
    Arena *arena;
    Diag *diag;
} Parse;

static const char *take_value(Parse *parse, const Option *option)
{
    if (parse->next < parse->count)
        return parse->argv[parse->next++];
    diag_fail(parse->diag, "`%s%s` needs a value: %s", option->name[0] ? "--" : "-", option->name,
              option->placeholder);
    return NULL;
}

static bool parse_long(Parse *parse, Str text)
{
    size_t equals = str_find_byte(text, '=', 0);
    Str name = str_slice(text, 0, equals);
    const Option *option = find_long(parse->command, name);
    if (!option)
        return fail_unknown(parse->command, name, parse->diag);
    const char *value = equals == SIZE_MAX ? NULL : text.data + equals + 1;
    if (option->kind == OPT_FLAG && value)
        return diag_fail(parse->diag, "`--%s` takes no value", option->name);
    if (option->kind != OPT_FLAG && !value && !(value = take_value(parse, option)))
        return false;
    return set_value(option, parse->settings, value, parse->arena, parse->diag);
}

static bool parse_short(Parse *parse, const char *letters)
{
    for (; *letters; letters++) {
        const Option *option = find_short(parse->command, *letters);
        if (!option) {
            diag_fail(parse->diag, "unknown option `-%c`", *letters);
            return diag_hint(parse->diag, "`straggler %s -h` lists the options",
                             parse->command->name);
        }
        if (option->kind == OPT_FLAG) {
            set_value(option, parse->settings, NULL, parse->arena, parse->diag);
            continue;
        }
        const char *value = letters[1] ? letters + 1 : take_value(parse, option);
        return value && set_value(option, parse->settings, value, parse->arena, parse->diag);
    }
    return true;
}

bool opt_parse(const Command *command, int count, char **argv, void *settings,
               Arguments *arguments, Arena *arena, Diag *diag)
{
    Parse parse = {command, argv, count, 0, settings, arguments, arena, diag};
    const CommonSettings *common = settings;
    bool terminated = false;
    while (parse.next < count && !common->help && !common->long_help) {
        const char *text = argv[parse.next++];
        bool good = true;
        if (terminated || text[0] != '-' || !text[1]) {
            array_push(&arguments->list, text);
        } else if (strcmp(text, "--") == 0) {
            terminated = true;
            arguments->terminated = arguments->list.count;
        } else if (text[1] == '-') {
            good = parse_long(&parse, str_of(text + 2));
        } else {
            good = parse_short(&parse, text + 1);
        }
        if (!good)
            return false;
    }
    if (!terminated)
        arguments->terminated = arguments->list.count;
    return true;
}

void opt_release(const Command *command, void *settings, Arguments *arguments)
{
    size_t group = 0, index = 0;
    const Option *option;
    while ((option = opt_next(command, &group, &index))) {
        if (option->kind == OPT_LIST || option->kind == OPT_CHOICES)
            array_release((TextArray *)((char *)settings + option->offset));
    }
    array_release(&arguments->list);
}
