/*
 * rules: what straggler knows of frameworks, and a way to test one's own packs.
 */
#include "cli/commands.h"
#include "cli/rules_test.h"
#include "cli/run.h"

#include "analyze/program/rules.h"
#include "base/embedded.h"
#include "output/write.h"
#include "parse/frontend.h"

#include <errno.h>

enum { LARGEST_FILE = 64 << 20, DEADLINE_MS = 30000 };

typedef struct RulesSettings {
    RunSettings run;
    bool coverage;
} RulesSettings;

static const Option own_options[] = {
    {0, "coverage", OPT_FLAG, NULL, NULL,
     "test: list the rules that no marked file needs, of --rules if given, else of this program",
     offsetof(RulesSettings, coverage)},
};

static const OptGroup own_group = {"Rules", own_options, sizeof own_options / sizeof *own_options};
static const OptGroup *const groups[] = {&own_group, &run_file_options, &run_analysis_options,
                                         NULL};

static const char about[] =
    "A rule pack tells, as data, what a framework means by names: which calls return a model,\n"
    "which take field names, which declare associations. Packs of your own ORM live in your\n"
    "repository: `rules: [./straggler/our_orm.yml]` in straggler.yml, or --rules.\n"
    "\n"
    "  list           the packs of this program, and those of --rules\n"
    "  show PACK      the text of one\n"
    "  test [PATH...] checks every pack; compares what is found in the marked files among PATH\n"
    "                 with their marks (a folder is one code base, a file one of its own)\n"
    "  facts FILE     what the parser's lowering makes of a file\n"
    "\n"
    "Examples:\n"
    "  straggler rules show activerecord\n"
    "  straggler rules test --rules ./straggler/our_orm.yml straggler/examples\n"
    "  straggler rules facts app/models/order.rb\n"
    "\n"
    "A mark is a comment such as `#! read Order.email`, `#! blind Order` or `#! none` on the\n"
    "line it is about.\n";

static bool load_packs(const RunSettings *settings, RuleSet *rules, Diag *diag)
{
    if (!rules_load_embedded(rules, NULL, diag))
        return false;
    for (size_t i = 0; i < settings->rules.count; i++) {
        if (!rules_load_option(rules, ".", settings->rules.items[i], diag))
            return false;
    }
    return true;
}

static void list_packs(const RuleSet *rules, StrBuf *out)
{
    for (size_t i = 0; i < rules->packs.count; i++) {
        const RulePack *pack = rules->packs.items[i];
        strbuf_printf(out, "%-16s %-12s %4zu rules  %s", pack->name, pack->family,
                      pack->rule_count, pack->path);
        for (size_t j = 0; j < pack->detect.count; j++)
            strbuf_printf(out, "%s%.*s", j ? ", " : "  detected by ",
                          STR_ARG(pack->detect.items[j]));
        strbuf_add_byte(out, '\n');
    }
}

static bool show_pack(const RuleSet *rules, const char *name, StrBuf *out, Diag *diag)
{
    StrBuf names = {0};
    for (size_t i = 0; i < rules->packs.count; i++) {
        const RulePack *pack = rules->packs.items[i];
        strbuf_printf(&names, "%s|", pack->name);
        if (strcmp(pack->name, name) != 0)
            continue;
        strbuf_release(&names);
        const EmbeddedFile *file = embedded_find(pack->path);
        if (!file)
            return read_file(out, pack->path, LARGEST_FILE, diag);
        strbuf_add(out, file->data, file->length);
        return true;
    }
    diag_fail(diag, "no rule pack is called `%s`", name);
    Str best = opt_closest(names.data, str_of(name));
    if (best.length)
        diag_hint(diag, "did you mean `%.*s`?", STR_ARG(best));
    else
        diag_hint(diag, "`straggler rules list` names them");
    strbuf_release(&names);
    return false;
}

static bool dump_file(Languages *languages, Names *names, const char *path, StrBuf *out,
                      Diag *diag)
{
    const Language *language = languages_for_path(languages, path);
    StrBuf text = {0};
    if (!language)
        return diag_fail_at(diag, path, 0, 0, "no language is known for this file name");
    if (!read_file(&text, path, LARGEST_FILE, diag) ||
        !language_prepare(languages, language, diag)) {
        strbuf_release(&text);
        return false;
    }
    size_t length = text.length;
    strbuf_reserve(&text, 64); /* front ends may look a few bytes ahead */
    memset(text.data + length, 0, 64);
    ParserPool *pool = parser_pool_new(names);
    Arena arena;
    Facts facts = {0};
    arena_init(&arena);
    ParseResult result = frontend_parse(pool, language, (Str){text.data, length}, DEADLINE_MS,
                                        &facts, &arena);
    if (result == PARSE_OK)
        fact_dump(&facts, names, out);
    else
        diag_fail_at(diag, path, 0, 0, "could not be parsed");
    arena_release(&arena);
    parser_pool_free(pool);
    strbuf_release(&text);
    return result == PARSE_OK;
}

static bool dump_facts(const char *path, StrBuf *out, Diag *diag)
{
    Names *names = names_new();
    Languages *languages = languages_new(names, diag);
    bool good = languages && dump_file(languages, names, path, out, diag);
    if (languages)
        languages_free(languages);
    names_free(names);
    return good;
}

static bool with_packs(const RunSettings *settings, const char *name, StrBuf *out, Diag *diag)
{
    Names *names = names_new();
    RuleSet *rules = rules_new(names);
    bool good = load_packs(settings, rules, diag);
    if (good && name)
        good = show_pack(rules, name, out, diag);
    else if (good && out)
        list_packs(rules, out);
    rules_free(rules);
    names_free(names);
    return good;
}

/* The marked files, and then the rules that none of them needed. */
static int test_coverage(const CommandTable *table, const RunSettings *settings,
                         const Arguments *arguments, Diag *diag)
{
    RulesCoverage *coverage = rules_coverage_new();
    if (!coverage) {
        diag_fail(diag, "cannot make a temporary file: %s", strerror(errno));
        return EXIT_TROUBLE;
    }
    int status = rules_test(table, settings, arguments->list.items + 1, arguments->list.count - 1,
                            coverage);
    Names *names = names_new();
    RuleSet *rules = rules_new(names);
    if (load_packs(settings, rules, diag))
        rules_coverage_write(coverage, rules, settings->rules.count > 0, stdout);
    rules_free(rules);
    names_free(names);
    rules_coverage_free(coverage);
    return diag->failed ? EXIT_TROUBLE : status;
}

static int test_packs(const CommandTable *table, const RulesSettings *own,
                      const Arguments *arguments, Diag *diag)
{
    const RunSettings *settings = &own->run;
    if (!with_packs(settings, NULL, NULL, diag))
        return EXIT_TROUBLE;
    if (arguments->list.count == 1) {
        printf("every rule pack is well formed\n");
        return EXIT_CLEAN;
    }
    if (own->coverage)
        return test_coverage(table, settings, arguments, diag);
    return rules_test(table, settings, arguments->list.items + 1, arguments->list.count - 1, NULL);
}

static int print(StrBuf *text, bool good, Diag *diag)
{
    good = good && write_output(strbuf_str(text), diag);
    strbuf_release(text);
    return good ? EXIT_CLEAN : EXIT_TROUBLE;
}

static int run_verb(const CommandTable *table, const RulesSettings *own,
                    const Arguments *arguments, Diag *diag)
{
    const RunSettings *settings = &own->run;
    static const char verbs[] = "list|show|test|facts";
    const char *verb = arguments->list.count ? arguments->list.items[0] : "";
    const char *name = arguments->list.count > 1 ? arguments->list.items[1] : NULL;
    StrBuf text = {0};
    if (strcmp(verb, "list") == 0)
        return print(&text, with_packs(settings, NULL, &text, diag), diag);
    if (strcmp(verb, "show") == 0 && name)
        return print(&text, with_packs(settings, name, &text, diag), diag);
    if (strcmp(verb, "facts") == 0 && name)
        return print(&text, dump_facts(name, &text, diag), diag);
    if (strcmp(verb, "test") == 0)
        return test_packs(table, own, arguments, diag);
    Str best = opt_closest(verbs, str_of(verb));
    if (strcmp(verb, "show") == 0)
        diag_fail(diag, "`rules show` needs the name of a pack");
    else if (strcmp(verb, "facts") == 0)
        diag_fail(diag, "`rules facts` needs a file");
    else
        diag_fail(diag, "`rules` needs one of: list, show, test, facts");
    if (best.length && !str_eq_c(best, verb))
        diag_hint(diag, "did you mean `%.*s`?", STR_ARG(best));
    return EXIT_TROUBLE;
}

static int run_rules(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Diag diag = {0};
    int status = run_verb(table, settings, arguments, &diag);
    if (diag.failed)
        diag_print(&diag, stderr);
    return status;
}

const Command cmd_rules = {
    .name = "rules",
    .summary = "rule packs: list, show, test",
    .usage = "list | show PACK | test [PATH...] | facts FILE",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(RulesSettings),
    .takes_files = true,
    .words = "list|show|test|facts",
    .run = run_rules,
};
