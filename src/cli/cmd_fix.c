/*
 * fix: patches for stragglers that have a known rewrite.
 *
 * Every file is read again, and left alone when the bytes at a place are no
 * longer those that were judged; the rewritten text is parsed, and thrown away
 * when it holds more errors than before. Files are replaced as a whole.
 */
#include "cli/commands.h"
#include "cli/judged.h"
#include "output/patch.h"
#include "output/report.h"
#include "output/write.h"
#include "parse/frontend.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEADLINE_MS = 10000 };

typedef struct FixSettings {
    RunSettings run;
    bool diff, apply, unsafe;
    const char *split_by, *into;
} FixSettings;

static const Option own_options[] = {
    {0, "diff", OPT_FLAG, NULL, NULL, "print a patch (the default)", offsetof(FixSettings, diff)},
    {0, "apply", OPT_FLAG, NULL, NULL, "change the files", offsetof(FixSettings, apply)},
    {0, "unsafe", OPT_FLAG, NULL, NULL,
     "also rewrites that are likely but not proved: writes, queries, likely receivers",
     offsetof(FixSettings, unsafe)},
    {0, "split-by", OPT_CHOICE, "WHAT", "field|owner|directory",
     "one patch for each field, owner or folder", offsetof(FixSettings, split_by)},
    {0, "into", OPT_TEXT, "FOLDER", NULL, "where the patches of --split-by go (.)",
     offsetof(FixSettings, into)},
};

static const OptGroup own_group = {"Fixes", own_options, sizeof own_options / sizeof *own_options};
static const OptGroup *const groups[] = {&own_group,          &run_config_options,
                                         &run_finding_options, &run_file_options,
                                         &run_analysis_options, NULL};

static const char about[] =
    "Rewrites what the current phase forbids, where the field map says how: renames, moves to\n"
    "another model (`merchant.owner_first_name` to `merchant.legal_entity.first_name`), and\n"
    "mapped values (`read:` in straggler.yml). Safe are reads whose receiver is proved; the\n"
    "rest needs --unsafe, and a review.\n"
    "\n"
    "Examples:\n"
    "  straggler fix                                  a patch on standard output\n"
    "  straggler fix | git apply\n"
    "  straggler fix --apply app/services\n"
    "  straggler fix --unsafe --split-by owner --into patches\n"
    "\n"
    "Exit codes: 0 done; 2 an error, or a file that holds a name could not be analysed.\n";

typedef struct EditList {
    ARRAY_OF(Edit);
} EditList;

typedef struct Fixer {
    Run *run;
    const FixSettings *settings;
    Report *report;
    int root;
    Names *names;
    Languages *languages;
    ParserPool *pool;
    size_t fixed, files, unsafe, changed, broken;
} Fixer;

static bool is_wanted(Fixer *fixer, const Finding *finding)
{
    return finding->rule && finding->edit_count && finding_shown(finding) &&
           (finding->edits_safe || fixer->settings->unsafe);
}

/* The bytes that were judged are still there. */
static bool is_current(const Finding *finding, Str text)
{
    return finding->end <= text.length &&
           str_eq_c(str_slice(text, finding->start, finding->end), finding->accessor);
}

static uint32_t count_errors(Fixer *fixer, const Language *language, Str text)
{
    Facts facts = {0};
    Arena arena;
    StrBuf padded = {0};
    strbuf_add_str(&padded, text);
    strbuf_reserve(&padded, SOURCE_PADDING);
    memset(padded.data + padded.length, 0, SOURCE_PADDING);
    arena_init(&arena);
    ParseResult result = frontend_parse(fixer->pool, language, strbuf_str(&padded), DEADLINE_MS,
                                        &facts, &arena);
    uint32_t errors = result == PARSE_OK ? facts.error_count : UINT32_MAX;
    arena_release(&arena);
    strbuf_release(&padded);
    return errors;
}

static bool still_parses(Fixer *fixer, const char *path, Str old, Str new)
{
    const Language *language = languages_for_path(fixer->languages, path);
    if (!language || !language_prepare(fixer->languages, language, &fixer->run->diag))
        return false;
    return count_errors(fixer, language, new) <= count_errors(fixer, language, old);
}

/* Writes below the root, but never through a link. */
static bool replace_file(Fixer *fixer, const char *path, Str text)
{
    struct stat info;
    Run *run = fixer->run;
    if (fstatat(fixer->root, path, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(info.st_mode))
        return diag_fail_at(&run->diag, path, 0, 0, "is no regular file any more");
    return write_file(arena_printf(&run->arena, "%s/%s", run->scan.root, path), text, &run->diag);
}

/* One file's edits: checked, then shown or made. */
static bool fix_file(Fixer *fixer, const char *path, Str old, const EditList *edits, StrBuf *out)
{
    StrBuf new = {0};
    bool good = true;
    if (!patch_apply(old, edits->items, edits->count, &new) ||
        !still_parses(fixer, path, old, strbuf_str(&new))) {
        fixer->broken += edits->count;
    } else {
        good = fixer->settings->apply ? replace_file(fixer, path, strbuf_str(&new))
                                      : patch_diff(path, old, edits->items, edits->count, out);
        fixer->fixed += edits->count;
        fixer->files++;
    }
    strbuf_release(&new);
    return good && !fixer->run->diag.failed;
}

typedef const char *(*GroupOf)(Fixer *fixer, const Finding *finding);

/* The edits of the findings [from, to), all of one file, that belong to `group`. */
static void collect(Fixer *fixer, size_t from, size_t to, Str text, GroupOf group_of,
                    const char *group, EditList *edits)
{
    for (size_t i = from; i < to; i++) {
        const Finding *finding = &fixer->report->findings.items[i];
        const Edit *last = edits->count ? &edits->items[edits->count - 1] : NULL;
        if (!is_wanted(fixer, finding) ||
            (group && strcmp(group_of(fixer, finding), group) != 0) ||
            (last && finding->edits[0].start < last->end))
            continue;
        if (is_current(finding, text))
            array_push(edits, finding->edits[0]);
        else
            fixer->changed++;
    }
}

static bool fix_all(Fixer *fixer, GroupOf group_of, const char *group, StrBuf *out)
{
    const FindingArray *findings = &fixer->report->findings;
    bool good = true;
    for (size_t from = 0, to; good && from < findings->count; from = to) {
        const char *path = findings->items[from].path;
        for (to = from; to < findings->count && strcmp(findings->items[to].path, path) == 0;)
            to++;
        Source source = {.path = path, .named = true};
        EditList edits = {0};
        if (!source_load(&source, fixer->root))
            continue;
        if (!source.transcoded)
            collect(fixer, from, to, source.text, group_of, group, &edits);
        if (edits.count)
            good = fix_file(fixer, path, source.text, &edits, out);
        array_release(&edits);
        source_release(&source);
    }
    return good;
}

static const char *group_field(Fixer *fixer, const Finding *finding)
{
    (void)fixer;
    return finding->target;
}

static const char *group_owner(Fixer *fixer, const Finding *finding)
{
    (void)fixer;
    return finding->owner ? finding->owner : "nobody";
}

static const char *group_folder(Fixer *fixer, const Finding *finding)
{
    const char *slash = strrchr(finding->path, '/');
    return slash ? arena_strdup(&fixer->run->arena, finding->path, (size_t)(slash - finding->path))
                 : "root";
}

/* A group's name as a file's: what is no word byte becomes '-'. */
static const char *patch_path(Fixer *fixer, const char *group)
{
    const char *into = fixer->settings->into ? fixer->settings->into : ".";
    char *name = arena_strdup(&fixer->run->arena, group, strlen(group));
    for (char *c = name; *c; c++)
        *c = byte_is_word((unsigned char)*c) ? *c : '-';
    return arena_printf(&fixer->run->arena, "%s/straggler-%s.patch", into, name);
}

static bool fix_groups(Fixer *fixer, GroupOf group_of)
{
    TextArray done = {0};
    bool good = true;
    for (size_t i = 0; good && i < fixer->report->findings.count; i++) {
        const Finding *finding = &fixer->report->findings.items[i];
        const char *group = group_of(fixer, finding);
        bool seen = !is_wanted(fixer, finding);
        for (size_t k = 0; k < done.count && !seen; k++)
            seen = strcmp(done.items[k], group) == 0;
        if (seen)
            continue;
        array_push(&done, group);
        StrBuf patch = {0};
        const char *path = patch_path(fixer, group);
        good = fix_all(fixer, group_of, group, &patch);
        if (good && patch.length) {
            good = write_file(path, strbuf_str(&patch), &fixer->run->diag);
            fprintf(fixer->run->out, "%s\n", path);
        }
        strbuf_release(&patch);
    }
    array_release(&done);
    return good;
}

static bool fix_split(Fixer *fixer)
{
    const char *by = fixer->settings->split_by;
    return fix_groups(fixer, strcmp(by, "field") == 0   ? group_field
                             : strcmp(by, "owner") == 0 ? group_owner
                                                        : group_folder);
}

static void print_outcome(const Fixer *fixer, size_t without)
{
    fprintf(stderr, "%zu place%s %s in %zu file%s", fixer->fixed, fixer->fixed == 1 ? "" : "s",
            fixer->settings->apply ? "fixed" : "can be fixed", fixer->files,
            fixer->files == 1 ? "" : "s");
    if (fixer->unsafe)
        fprintf(stderr, ", %zu more with --unsafe", fixer->unsafe);
    if (without)
        fprintf(stderr, ", %zu without a known rewrite", without);
    if (fixer->changed)
        fprintf(stderr, ", %zu changed meanwhile", fixer->changed);
    if (fixer->broken)
        fprintf(stderr, ", %zu whose rewrite would not parse", fixer->broken);
    fputc('\n', stderr);
}

static int after_scan(Run *run, Report *report, void *context)
{
    Fixer fixer = {.run = run, .settings = context, .report = report, .root = run_open_root(run)};
    StrBuf patch = {0};
    size_t without = 0;
    judged_keep_stragglers(run, report);
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        without += finding_shown(finding) && !finding->edit_count;
        fixer.unsafe += finding_shown(finding) && finding->edit_count && !is_wanted(&fixer, finding);
    }
    fixer.names = names_new();
    fixer.languages = languages_new(fixer.names, &run->diag);
    fixer.pool = parser_pool_new(fixer.names);
    bool good = fixer.languages && (fixer.settings->split_by ? fix_split(&fixer)
                                                             : fix_all(&fixer, NULL, NULL, &patch));
    if (good && patch.length)
        fwrite(patch.data, 1, patch.length, run->out);
    if (good && !run->settings->quiet)
        print_outcome(&fixer, without);
    parser_pool_free(fixer.pool);
    if (fixer.languages)
        languages_free(fixer.languages);
    names_free(fixer.names);
    if (fixer.root >= 0)
        close(fixer.root);
    strbuf_release(&patch);
    return good ? EXIT_CLEAN : EXIT_TROUBLE;
}

static bool check_settings(Run *run, const FixSettings *own)
{
    if (own->apply && (own->diff || own->split_by))
        return diag_fail(&run->diag, "--apply goes with neither --diff nor --split-by");
    if (own->into && !own->split_by)
        return diag_fail(&run->diag, "--into needs --split-by");
    return true;
}

static int run_fix(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    Judge judge;
    FixSettings *own = settings;
    bool good = run_init(&run, table, &own->run) && check_settings(&run, own) &&
                run_load_config(&run, true) &&
                run_paths(&run, arguments->list.items, arguments->list.count);
    if (good) {
        judged_prepare(&run, &judge);
        run.after = after_scan;
        run.context = own;
        run.no_reports = true;
    }
    int status = good ? run_execute(&run) : run_fail(&run);
    run_release(&run);
    return status;
}

const Command cmd_fix = {
    .name = "fix",
    .summary = "patches for what has a known rewrite",
    .usage = "[PATH...]",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(FixSettings),
    .takes_files = true,
    .run = run_fix,
};
