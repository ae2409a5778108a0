/*
 * The table of subcommands. Each one is a file of src/cli/ that owns its
 * options, help and code; src/cli/README.md says how to add one.
 */
#include "cli/commands.h"
#include "cli/run.h"

#include <errno.h>
#include <signal.h>

static const Command *const commands[] = {
    &cmd_find,     &cmd_scan,    &cmd_check, &cmd_todo,      &cmd_fix,     &cmd_gate,
    &cmd_saves,    &cmd_explain, &cmd_rules, &cmd_reconcile, &cmd_history, &cmd_baseline,
    &cmd_merge,    &cmd_init,    &cmd_completions, &cmd_man,
};

static const CommandTable table = {commands, sizeof commands / sizeof *commands,
                                   STRAGGLER_VERSION};

static int fail_command(const char *name)
{
    Diag diag = {0};
    StrBuf names = {0};
    for (size_t i = 0; i < table.count; i++)
        strbuf_printf(&names, "%s|", table.items[i]->name);
    Str best = opt_closest(names.data, str_of(name));
    diag_fail(&diag, name[0] == '-' ? "unknown option `%s`" : "unknown command `%s`", name);
    if (best.length)
        diag_hint(&diag, "did you mean `%.*s`?", STR_ARG(best));
    else if (strpbrk(name, ".#:"))
        diag_hint(&diag, "straggler find %s", name);
    else
        diag_hint(&diag, "`straggler --help` lists the commands");
    diag_print(&diag, stderr);
    strbuf_release(&names);
    return EXIT_TROUBLE;
}

static int print_help(const Command *command, bool long_help)
{
    StrBuf text = {0};
    if (long_help)
        opt_long_help(command, &text);
    else
        opt_short_help(command, &text);
    return print_text(&text);
}

static int print_overview(void)
{
    StrBuf text = {0};
    opt_overview(&table, &text);
    return print_text(&text);
}

/* help, --help, --version and the like; -1 when `name` is none of them. */
static int run_builtin(const char *name, int count, char **arguments)
{
    bool version = strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0 ||
                   strcmp(name, "version") == 0;
    if (version) {
        StrBuf text = {0};
        bool verbose = count && (strcmp(arguments[0], "--verbose") == 0 ||
                                 strcmp(arguments[0], "-v") == 0);
        print_version(&table, verbose, &text);
        return print_text(&text);
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return print_overview();
    if (strcmp(name, "help") != 0)
        return -1;
    if (!count)
        return print_overview();
    const Command *command = command_named(&table, arguments[0]);
    return command ? print_help(command, true) : fail_command(arguments[0]);
}

static int run_command(const Command *command, int count, char **argv)
{
    Arena arena;
    Diag diag = {0};
    Arguments arguments = {0};
    arena_init(&arena);
    void *settings = arena_alloc(&arena, command->settings_size);
    const CommonSettings *common = settings;
    int status = EXIT_TROUBLE;
    if (!opt_parse(command, count, argv, settings, &arguments, &arena, &diag))
        diag_print(&diag, stderr);
    else if (common->help || common->long_help)
        status = print_help(command, common->long_help);
    else
        status = command->run(&table, settings, &arguments);
    opt_release(command, settings, &arguments);
    arena_release(&arena);
    return status;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a reader that has seen enough is no error */
    if (argc < 2) {
        StrBuf text = {0};
        opt_overview(&table, &text);
        fputs(text.data, stderr);
        strbuf_release(&text);
        return EXIT_TROUBLE;
    }
    int status = run_builtin(argv[1], argc - 2, argv + 2);
    if (status >= 0)
        return status;
    const Command *command = command_named(&table, argv[1]);
    if (!command)
        return fail_command(argv[1]);
    status = run_command(command, argc - 2, argv + 2);
    if (fflush(stdout) == 0 || errno == EPIPE)
        return status;
    fprintf(stderr, "straggler: error: standard output cannot be written: %s\n", strerror(errno));
    return EXIT_TROUBLE;
}
