/*
 * Help in two lengths: -h fits a screen, --help teaches.
 */
#include "cli/opt.h"

enum { HELP_COLUMN = 30 };

static void add_option(StrBuf *out, const Option *option)
{
    size_t start = out->length;
    if (option->short_name)
        strbuf_printf(out, "  -%c%s", option->short_name, option->name[0] ? ", " : "");
    else
        strbuf_add_c(out, "      ");
    if (option->name[0])
        strbuf_printf(out, "--%s", option->name);
    if (option->placeholder)
        strbuf_printf(out, "%s%s", option->name[0] ? "=" : " ", option->placeholder);
    size_t used = out->length - start;
    if (used + 2 > HELP_COLUMN) {
        strbuf_add_byte(out, '\n');
        used = 0;
    }
    strbuf_printf(out, "%*s%s\n", (int)(HELP_COLUMN - used), "", option->help);
}

static void add_choices(StrBuf *out, const Option *option)
{
    if (!option->choices)
        return;
    strbuf_printf(out, "%*s", HELP_COLUMN, "");
    size_t column = HELP_COLUMN;
    const char *rest = option->choices;
    bool first = true;
    for (Str choice; (choice = opt_choice_next(&rest)).length; first = false) {
        if (column + choice.length + 2 > 98) {
            strbuf_printf(out, ",\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
            first = true;
        }
        strbuf_printf(out, "%s%.*s", first ? "" : ", ", STR_ARG(choice));
        column += choice.length + 2;
    }
    strbuf_add_byte(out, '\n');
}

static void add_options(const Command *command, bool choices, StrBuf *out)
{
    size_t group = 0, index = 0;
    const Option *option;
    while ((option = opt_next(command, &group, &index))) {
        const OptGroup *at = command->groups && command->groups[group] ? command->groups[group]
                                                                       : NULL;
        if (index == 1)
            strbuf_printf(out, "\n%s:\n", at ? at->title : "Help");
        add_option(out, option);
        if (choices)
            add_choices(out, option);
    }
}

static void add_usage(const Command *command, StrBuf *out)
{
    strbuf_printf(out, "usage: straggler %s [OPTION...]%s%s\n", command->name,
                  command->usage[0] ? " " : "", command->usage);
}

void opt_short_help(const Command *command, StrBuf *out)
{
    strbuf_printf(out, "straggler %s: %s\n\n", command->name, command->summary);
    add_usage(command, out);
    add_options(command, false, out);
}

void opt_long_help(const Command *command, StrBuf *out)
{
    strbuf_printf(out, "straggler %s: %s\n\n", command->name, command->summary);
    add_usage(command, out);
    strbuf_printf(out, "\n%s", command->about);
    add_options(command, true, out);
}

void opt_overview(const CommandTable *table, StrBuf *out)
{
    strbuf_add_c(out, "straggler finds every place a code base still uses a data-model field you "
                      "are migrating\naway from.\n\nusage: straggler COMMAND [OPTION...] "
                      "[ARGUMENT...]\n\nCommands:\n");
    for (size_t i = 0; i < table->count; i++)
        strbuf_printf(out, "  %-14s%s\n", table->items[i]->name, table->items[i]->summary);
    strbuf_add_c(out, "\nStart with:\n"
                      "  straggler find Order.email           every use of one field, no "
                      "configuration\n"
                      "  straggler find --help                what find can do, with examples\n"
                      "  straggler --version --verbose        what this build knows\n");
}
