/*
 * explain: why a place is, or is not, an access. Scans with the threshold
 * lowered to `possible` and tells what it knows of one line.
 */
#include "cli/commands.h"
#include "cli/targets.h"
#include "input/source.h"
#include "output/escape.h"
#include "output/report.h"

#include <unistd.h>

static const OptGroup *const groups[] = {&run_config_options, &run_output_options,
                                         &run_file_options, &run_analysis_options, NULL};

static const char about[] =
    "Prints what is known of one line: each access with its chain of reasons, whatever its\n"
    "confidence, and each blind spot; or why the names on it are no access. The targets are\n"
    "those of straggler.yml, or given after the place.\n"
    "\n"
    "Examples:\n"
    "  straggler explain app/models/charge.rb:42\n"
    "  straggler explain app/models/charge.rb:42:21 Order.email\n"
    "\n"
    "Exit codes: 0 the place was explained; 2 an error.\n";

typedef struct Place {
    const char *path; /* as given */
    const char *relative;
    uint32_t line, column; /* column 0: the whole line */
} Place;

static bool parse_number(Str text, uint32_t *number)
{
    *number = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || *number > 100000000)
            return false;
        *number = *number * 10 + (uint32_t)(text.data[i] - '0');
    }
    return text.length > 0;
}

/* Takes ":NUMBER" off the end of `text`. */
static bool take_number(Str *text, uint32_t *number)
{
    size_t colon = SIZE_MAX;
    for (size_t i = 0; i < text->length; i++) {
        if (text->data[i] == ':')
            colon = i;
    }
    if (colon == SIZE_MAX || !parse_number(str_slice(*text, colon + 1, text->length), number))
        return false;
    *text = str_slice(*text, 0, colon);
    return true;
}

static bool parse_place(Run *run, const char *text, Place *place)
{
    Str rest = str_of(text);
    uint32_t last, before;
    if (!take_number(&rest, &last) || !last) {
        diag_fail(&run->diag, "`%s` is no place", text);
        return diag_hint(&run->diag, "write FILE:LINE or FILE:LINE:COLUMN");
    }
    place->line = last;
    if (take_number(&rest, &before)) {
        place->line = before;
        place->column = last;
    }
    place->path = arena_strdup(&run->arena, rest.data, rest.length);
    if (!rest.length || access(place->path, F_OK) != 0)
        return diag_fail(&run->diag, "`%s`: no such file", place->path);
    return true;
}

static bool is_at(const Place *place, const char *path, uint32_t line, uint32_t from, uint32_t to)
{
    return strcmp(path, place->relative) == 0 && line == place->line &&
           (!place->column || (place->column >= from && place->column < to));
}

static size_t keep_place(const Place *place, Report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (is_at(place, finding->path, finding->line, finding->column, finding->end_column))
            report->findings.items[kept++] = *finding;
    }
    report->findings.count = kept;
    kept = 0;
    for (size_t i = 0; i < report->blind_spots.count; i++) {
        const BlindSpot *spot = &report->blind_spots.items[i];
        if (is_at(place, spot->path, spot->line, 0, UINT32_MAX))
            report->blind_spots.items[kept++] = *spot;
    }
    report->blind_spots.count = kept;
    return report->findings.count + kept;
}

static const FileNote *note_of(const Report *report, const char *path)
{
    for (size_t i = 0; i < report->notes.count; i++) {
        if (strcmp(report->notes.items[i].path, path) == 0)
            return &report->notes.items[i];
    }
    return NULL;
}

static void add_no_access(const Run *run, Str line, StrBuf *out)
{
    bool named = false;
    for (size_t i = 0; i < run->scan.migration_count; i++) {
        const Migration *migration = &run->scan.migrations[i];
        for (size_t j = 0; j < migration->field_count; j++) {
            const char *field = migration->fields[j].from;
            if (str_find(line, str_of(field), 0) == SIZE_MAX)
                continue;
            strbuf_printf(out,
                          "no access of %s.%s: `%s` stands here, but its receiver is proved to be "
                          "something else, or it is a comment, a plain string or a local name\n",
                          migration->model, field, field);
            named = true;
        }
    }
    if (!named)
        strbuf_add_c(out, "no access: the line names no field that is looked for\n");
}

/* What the line says when nothing was found on it. */
static void explain_silence(const Run *run, const Place *place, const Report *report, StrBuf *out)
{
    const FileNote *note = note_of(report, place->relative);
    escape_text(out, str_of(place->relative));
    strbuf_printf(out, ":%u: ", place->line);
    if (note) {
        strbuf_printf(out, "not analysed: %s\n", note->reason);
        return;
    }
    Source source = {.path = place->relative, .named = true};
    int root_fd = run_open_root(run);
    Arena arena;
    arena_init(&arena);
    if (root_fd < 0 || !source_load(&source, root_fd)) {
        strbuf_add_c(out, "the file cannot be read\n");
    } else {
        LineIndex lines;
        source_lines(&lines, source.text, &arena);
        if (place->line > lines.count)
            strbuf_printf(out, "the file has %u lines\n", lines.count);
        else
            add_no_access(run, source_line(&lines, source.text, place->line), out);
        source_release(&source);
    }
    if (root_fd >= 0)
        close(root_fd);
    arena_release(&arena);
}

static int after_scan(Run *run, Report *report, void *context)
{
    const Place *place = context;
    report->totals.incomplete = 0; /* the rest of the tree does not matter here */
    if (keep_place(place, report))
        return EXIT_CLEAN;
    StrBuf text = {0};
    explain_silence(run, place, report, &text);
    fwrite(text.data, 1, text.length, run->closing);
    strbuf_release(&text);
    return EXIT_CLEAN;
}

static int explain(Run *run, const Arguments *arguments, TargetList *list)
{
    Place place = {0};
    if (!arguments->list.count) {
        diag_fail(&run->diag, "no place: what should be explained?");
        diag_hint(&run->diag, "straggler explain FILE:LINE");
        return run_fail(run);
    }
    const char *given = arguments->list.items[0];
    Arguments rest = *arguments;
    rest.list.items++;
    rest.list.count--;
    rest.terminated = rest.list.count;
    if (!parse_place(run, given, &place) || !targets_sort(run, &rest, list) ||
        !(list->targets.count ? run_borrow_rules(run) : run_load_config(run, true)) ||
        !run_paths(run, &place.path, 1))
        return run_fail(run);
    if (list->targets.count)
        targets_use(run, list);
    place.relative = run->only ? run->only[0] : place.path;
    run->scan.paths = NULL; /* declarations may be anywhere */
    run->scan.path_count = run->only_count = 0;
    run->scan.min_confidence = CONFIDENCE_POSSIBLE;
    run->scan.want_possible = true;
    run->after = after_scan;
    run->context = &place;
    return run_execute(run);
}

static int run_explain(const CommandTable *table, void *settings, const Arguments *arguments)
{
    Run run;
    TargetList list = {0};
    RunSettings *own = settings;
    own->quiet = true;
    int status = run_init(&run, table, own) ? explain(&run, arguments, &list) : run_fail(&run);
    targets_release(&list);
    run_release(&run);
    return status;
}

const Command cmd_explain = {
    .name = "explain",
    .summary = "why a place is, or is not, an access",
    .usage = "FILE:LINE[:COLUMN] [TARGET...]",
    .about = about,
    .groups = groups,
    .settings_size = sizeof(RunSettings),
    .takes_files = true,
    .run = run_explain,
};
