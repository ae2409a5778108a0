/*
 * Shell completions and the manual page, written from the same tables that
 * parse, so that a new option needs no second edit.
 */
#include "cli/opt.h"

static void add_choices(StrBuf *out, const char *choices, const char *separator)
{
    bool first = true;
    for (Str choice; (choice = opt_choice_next(&choices)).length; first = false)
        strbuf_printf(out, "%s%.*s", first ? "" : separator, STR_ARG(choice));
}

/* Text inside '...' of a shell. */
static void add_quoted(StrBuf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            strbuf_add_c(out, "'\\''");
        else
            strbuf_add_byte(out, *text);
    }
}

static void add_names(StrBuf *out, const CommandTable *table)
{
    for (size_t i = 0; i < table->count; i++)
        strbuf_printf(out, "%s%s", i ? " " : "", table->items[i]->name);
}

static void add_bash_command(const Command *command, StrBuf *out)
{
    strbuf_printf(out, "    %s)\n        case \"$previous\" in\n", command->name);
    size_t group = 0, index = 0;
    const Option *option;
    while ((option = opt_next(command, &group, &index))) {
        if (option->kind == OPT_FLAG)
            continue;
        if (option->short_name)
            strbuf_printf(out, "        --%s|-%c)\n", option->name, option->short_name);
        else
            strbuf_printf(out, "        --%s)\n", option->name);
        if (option->choices) {
            strbuf_add_c(out, "            COMPREPLY=($(compgen -W '");
            add_choices(out, option->choices, " ");
            strbuf_add_c(out, "' -- \"$current\")); return ;;\n");
        } else {
            strbuf_add_c(out, "            COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n");
        }
    }
    strbuf_add_c(out, "        esac\n        options='");
    group = index = 0;
    while ((option = opt_next(command, &group, &index))) {
        if (option->short_name)
            strbuf_printf(out, "-%c ", option->short_name);
        if (option->name[0])
            strbuf_printf(out, "--%s ", option->name);
    }
    strbuf_add_c(out, "'\n        words='");
    add_choices(out, command->words, " ");
    strbuf_add_c(out, "' ;;\n");
}

void opt_complete_bash(const CommandTable *table, StrBuf *out)
{
    strbuf_add_c(out, "# bash completion for straggler\n_straggler() {\n"
                      "    local current=\"${COMP_WORDS[COMP_CWORD]}\"\n"
                      "    local previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
                      "    local options= words=\n"
                      "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                      "        COMPREPLY=($(compgen -W '");
    add_names(out, table);
    strbuf_add_c(out, " --version --help' -- \"$current\"))\n        return\n    fi\n"
                      "    case \"${COMP_WORDS[1]}\" in\n");
    for (size_t i = 0; i < table->count; i++)
        add_bash_command(table->items[i], out);
    strbuf_add_c(out, "    esac\n    case \"$current\" in\n"
                      "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$current\")) ;;\n"
                      "    *) COMPREPLY=($(compgen -W \"$words\" -- \"$current\") "
                      "$(compgen -f -- \"$current\")) ;;\n"
                      "    esac\n}\ncomplete -o filenames -F _straggler straggler\n");
}

/* Description inside a zsh _arguments spec: brackets and colons are escaped. */
static void add_zsh_text(StrBuf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '[' || *text == ']' || *text == ':')
            strbuf_add_byte(out, '\\');
        if (*text == '\'')
            strbuf_add_c(out, "'\\''");
        else
            strbuf_add_byte(out, *text);
    }
}

static void add_zsh_spec(const Option *option, const char *dashes, const char *name, StrBuf *out)
{
    bool repeats = option->kind == OPT_LIST || option->kind == OPT_CHOICES;
    bool long_value = option->kind != OPT_FLAG && dashes[1];
    strbuf_printf(out, " \\\n            '%s%s%s%s[", repeats ? "*" : "", dashes, name,
                  long_value ? "=" : "");
    add_zsh_text(out, option->help);
    strbuf_add_byte(out, ']');
    if (option->kind != OPT_FLAG) {
        strbuf_add_byte(out, ':');
        add_zsh_text(out, option->placeholder);
        strbuf_add_byte(out, ':');
        if (option->choices) {
            strbuf_add_byte(out, '(');
            add_choices(out, option->choices, " ");
            strbuf_add_byte(out, ')');
        } else {
            strbuf_add_c(out, "_files");
        }
    }
    strbuf_add_byte(out, '\'');
}

static void add_zsh_command(const Command *command, StrBuf *out)
{
    strbuf_printf(out, "    %s)\n        _arguments -s", command->name);
    size_t group = 0, index = 0;
    const Option *option;
    while ((option = opt_next(command, &group, &index))) {
        char letter[2] = {option->short_name, 0};
        if (option->short_name)
            add_zsh_spec(option, "-", letter, out);
        if (option->name[0])
            add_zsh_spec(option, "--", option->name, out);
    }
    if (command->words) {
        strbuf_add_c(out, " \\\n            '1:action:(");
        add_choices(out, command->words, " ");
        strbuf_add_c(out, ")'");
    }
    strbuf_add_c(out, " \\\n            '*:file:_files' ;;\n");
}

void opt_complete_zsh(const CommandTable *table, StrBuf *out)
{
    strbuf_add_c(out, "#compdef straggler\n_straggler() {\n    local -a commands\n    commands=(\n");
    for (size_t i = 0; i < table->count; i++) {
        strbuf_printf(out, "        '%s:", table->items[i]->name);
        add_quoted(out, table->items[i]->summary);
        strbuf_add_c(out, "'\n");
    }
    strbuf_add_c(out, "    )\n    if (( CURRENT == 2 )); then\n"
                      "        _describe command commands\n        return\n    fi\n"
                      "    local command=$words[2]\n    shift words\n    (( CURRENT-- ))\n"
                      "    case $command in\n");
    for (size_t i = 0; i < table->count; i++)
        add_zsh_command(table->items[i], out);
    strbuf_add_c(out, "    esac\n}\n_straggler \"$@\"\n");
}

static void add_fish_command(const Command *command, StrBuf *out)
{
    size_t group = 0, index = 0;
    const Option *option;
    while ((option = opt_next(command, &group, &index))) {
        strbuf_printf(out, "complete -c straggler -n '__fish_seen_subcommand_from %s'",
                      command->name);
        if (option->short_name)
            strbuf_printf(out, " -s %c", option->short_name);
        if (option->name[0])
            strbuf_printf(out, " -l %s", option->name);
        if (option->choices) {
            strbuf_add_c(out, " -x -a '");
            add_choices(out, option->choices, " ");
            strbuf_add_c(out, "'");
        } else if (option->kind != OPT_FLAG) {
            strbuf_add_c(out, " -r");
        }
        strbuf_add_c(out, " -d '");
        add_quoted(out, option->help);
        strbuf_add_c(out, "'\n");
    }
    if (command->words) {
        strbuf_printf(out, "complete -c straggler -n '__fish_seen_subcommand_from %s' -a '",
                      command->name);
        add_choices(out, command->words, " ");
        strbuf_add_c(out, "'\n");
    }
}

void opt_complete_fish(const CommandTable *table, StrBuf *out)
{
    strbuf_add_c(out, "# fish completion for straggler\n");
    for (size_t i = 0; i < table->count; i++) {
        strbuf_printf(out, "complete -c straggler -n __fish_use_subcommand -f -a %s -d '",
                      table->items[i]->name);
        add_quoted(out, table->items[i]->summary);
        strbuf_add_c(out, "'\n");
    }
    for (size_t i = 0; i < table->count; i++)
        add_fish_command(table->items[i], out);
}

/* Text of a manual page: no line starts a request, dashes stay ASCII. */
static void add_roff(StrBuf *out, const char *text)
{
    bool line_start = true;
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            strbuf_add_c(out, "\\&");
        if (*text == '\\')
            strbuf_add_c(out, "\\e");
        else if (*text == '-')
            strbuf_add_c(out, "\\-");
        else
            strbuf_add_byte(out, *text);
        line_start = *text == '\n';
    }
}

static void add_manual_option(const Option *option, StrBuf *out)
{
    strbuf_add_c(out, ".TP\n");
    if (option->short_name)
        strbuf_printf(out, "\\fB\\-%c\\fR%s", option->short_name, option->name[0] ? ", " : "");
    if (option->name[0]) {
        strbuf_add_c(out, "\\fB\\-\\-");
        add_roff(out, option->name);
        strbuf_add_c(out, "\\fR");
    }
    if (option->placeholder)
        strbuf_printf(out, "%s\\fI%s\\fR", option->name[0] ? "=" : " ", option->placeholder);
    strbuf_add_byte(out, '\n');
    add_roff(out, option->help);
    strbuf_add_byte(out, '\n');
    if (option->choices) {
        strbuf_add_c(out, ".br\nOne of: ");
        add_choices(out, option->choices, ", ");
        strbuf_add_byte(out, '\n');
    }
}

static void add_manual_command(const Command *command, StrBuf *out)
{
    strbuf_printf(out, ".SS straggler %s %s\n", command->name, command->usage);
    add_roff(out, command->summary);
    strbuf_add_c(out, "\n.PP\n.nf\n");
    add_roff(out, command->about);
    strbuf_add_c(out, ".fi\n");
    size_t group = 0, index = 0;
    const Option *option;
    while ((option = opt_next(command, &group, &index)))
        add_manual_option(option, out);
}

void opt_manual(const CommandTable *table, StrBuf *out)
{
    strbuf_printf(out, ".TH STRAGGLER 1 \"\" \"straggler %s\" \"User Commands\"\n", table->version);
    strbuf_add_c(out, ".SH NAME\nstraggler \\- find every remaining use of a data\\-model field\n"
                      ".SH SYNOPSIS\n\\fBstraggler\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] "
                      "[\\fIARGUMENT\\fR...]\n.SH COMMANDS\n");
    for (size_t i = 0; i < table->count; i++)
        add_manual_command(table->items[i], out);
    strbuf_add_c(out, ".SH EXIT STATUS\n.TP\n0\nnothing wrong, and everything that mattered was "
                      "analysed\n.TP\n1\nstragglers were found (check)\n.TP\n2\nusage, "
                      "configuration, I/O or internal error, or an incomplete run\n"
                      ".SH ENVIRONMENT\nNO_COLOR, CLICOLOR_FORCE, CLICOLOR, TERM\n");
}
