/*
 * completions, man: what packages install, made from the option tables.
 */
#include "cli/commands.h"
#include "cli/run.h"

static int run_completions(const CommandTable *table, void *settings, const Arguments *arguments)
{
    (void)settings;
    static const char shells[] = "bash|zsh|fish";
    static void (*const writers[])(const CommandTable *, StrBuf *) = {
        opt_complete_bash, opt_complete_zsh, opt_complete_fish};
    const char *wanted = arguments->list.count == 1 ? arguments->list.items[0] : "";
    const char *rest = shells;
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        if (!str_eq_c(opt_choice_next(&rest), wanted))
            continue;
        StrBuf text = {0};
        writers[i](table, &text);
        return print_text(&text);
    }
    Diag diag = {0};
    diag_fail(&diag, "`completions` needs one shell: bash, zsh or fish");
    diag_hint(&diag, "straggler completions bash > straggler.bash");
    diag_print(&diag, stderr);
    return EXIT_TROUBLE;
}

const Command cmd_completions = {
    .name = "completions",
    .summary = "completions for bash, zsh or fish",
    .usage = "bash|zsh|fish",
    .about = "Examples:\n"
             "  straggler completions bash > straggler.bash    then source it from .bashrc\n"
             "  straggler completions zsh > _straggler         into a folder of $fpath\n"
             "  straggler completions fish > straggler.fish\n",
    .settings_size = sizeof(CommonSettings),
    .words = "bash|zsh|fish",
    .run = run_completions,
};

static int run_man(const CommandTable *table, void *settings, const Arguments *arguments)
{
    (void)settings;
    (void)arguments;
    StrBuf text = {0};
    opt_manual(table, &text);
    return print_text(&text);
}

const Command cmd_man = {
    .name = "man",
    .summary = "the manual page, in roff",
    .usage = "",
    .about = "Examples:\n  straggler man > straggler.1\n  straggler man | man -l -\n",
    .settings_size = sizeof(CommonSettings),
    .run = run_man,
};
