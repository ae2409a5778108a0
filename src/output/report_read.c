/*
 * jansson reads, one line or one object at a time; what is missing in a finding
 * that must be there stops with the place.
 */
#include "output/report_read.h"

#include <jansson.h>

typedef struct Reader {
    Report *report;
    const char *path;
    unsigned line;
    Diag *diag;
} Reader;

static bool fail(Reader *reader, const char *message)
{
    return diag_fail_at(reader->diag, reader->path, reader->line, 0, "%s", message);
}

static const char *text_at(Reader *reader, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value))
        return NULL;
    return arena_strdup(&reader->report->arena, json_string_value(value),
                        json_string_length(value));
}

static uint64_t number_at(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    json_int_t number = json_is_integer(value) ? json_integer_value(value) : 0;
    return number > 0 ? (uint64_t)number : 0;
}

static uint32_t small_at(const json_t *object, const char *key)
{
    uint64_t number = number_at(object, key);
    return number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
}

static void read_evidence(Reader *reader, const json_t *object, Finding *finding)
{
    const json_t *list = json_object_get(object, "evidence");
    size_t count = json_array_size(list);
    Evidence *items = ARENA_ARRAY(&reader->report->arena, Evidence, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        items[i] = (Evidence){text_at(reader, item, "path"), small_at(item, "line"),
                              text_at(reader, item, "text")};
    }
    finding->evidence = items;
    finding->evidence_count = count;
}

static void read_suggestion(Reader *reader, const json_t *object, Finding *finding)
{
    const json_t *suggestion = json_object_get(object, "suggestion");
    const json_t *list = json_object_get(suggestion, "edits");
    size_t count = json_array_size(list);
    Edit *items = ARENA_ARRAY(&reader->report->arena, Edit, count + 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        const char *text = text_at(reader, item, "text");
        items[i] = (Edit){small_at(item, "start"), small_at(item, "end"), text ? text : ""};
    }
    finding->edits = items;
    finding->edit_count = count;
    finding->edits_safe = json_is_true(json_object_get(suggestion, "safe"));
}

static Severity read_severity(const char *text)
{
    for (int i = SEVERITY_INFO; text && i <= SEVERITY_ERROR; i++) {
        if (strcmp(text, severity_name((Severity)i)) == 0)
            return (Severity)i;
    }
    return SEVERITY_NONE;
}

static bool read_finding(Reader *reader, const json_t *object)
{
    Finding finding = {.path = text_at(reader, object, "path"),
                       .line = small_at(object, "line"),
                       .column = small_at(object, "column"),
                       .end_line = small_at(object, "end_line"),
                       .end_column = small_at(object, "end_column"),
                       .start = small_at(object, "start"),
                       .end = small_at(object, "end"),
                       .migration = text_at(reader, object, "migration"),
                       .target = text_at(reader, object, "target"),
                       .accessor = text_at(reader, object, "accessor"),
                       .rule = text_at(reader, object, "rule"),
                       .message = text_at(reader, object, "message"),
                       .owner = text_at(reader, object, "owner"),
                       .symbol = text_at(reader, object, "symbol"),
                       .line_text = text_at(reader, object, "text")};
    const char *kind = text_at(reader, object, "kind");
    const char *confidence = text_at(reader, object, "confidence");
    if (!finding.path || !finding.target || !finding.line ||
        !access_kind_parse(str_of(kind), &finding.kind) ||
        !confidence_parse(str_of(confidence), &finding.confidence))
        return fail(reader, "this is no finding: path, line, target, kind and confidence are "
                            "needed");
    const json_t *receiver = json_object_get(object, "receiver");
    finding.receiver_text = text_at(reader, receiver, "text");
    finding.receiver_type = text_at(reader, receiver, "type");
    finding.severity = read_severity(text_at(reader, object, "severity"));
    const char *fingerprint = text_at(reader, object, "fingerprint");
    finding.fingerprint = fingerprint ? strtoull(fingerprint, NULL, 16) : 0;
    read_evidence(reader, object, &finding);
    read_suggestion(reader, object, &finding);
    array_push(&reader->report->findings, finding);
    return true;
}

static bool read_blind_spots(Reader *reader, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *object = json_array_get(list, i);
        BlindSpot spot = {.path = text_at(reader, object, "path"),
                          .line = small_at(object, "line"),
                          .column = small_at(object, "column"),
                          .target = text_at(reader, object, "target"),
                          .what = text_at(reader, object, "what"),
                          .text = text_at(reader, object, "message"),
                          .line_text = text_at(reader, object, "text")};
        if (!spot.path || !spot.what)
            return fail(reader, "this is no blind spot: path and what are needed");
        array_push(&reader->report->blind_spots, spot);
    }
    return true;
}

static bool read_files(Reader *reader, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *object = json_array_get(list, i);
        FileNote note = {text_at(reader, object, "path"), text_at(reader, object, "reason"),
                         json_is_true(json_object_get(object, "incomplete"))};
        if (!note.path || !note.reason)
            return fail(reader, "this is no note about a file: path and reason are needed");
        array_push(&reader->report->notes, note);
    }
    return true;
}

static void read_shard(Reader *reader, const json_t *object)
{
    const json_t *shard = json_object_get(object, "shard");
    if (shard)
        array_push(&reader->report->shards,
                   ((Shard){small_at(shard, "index"), small_at(shard, "count")}));
}

/* Counts of the whole tree: reports of different trees add up, parts of one report agree. */
static void add_tree_total(const Reader *reader, uint64_t *total, const json_t *object,
                           const char *key)
{
    uint64_t number = number_at(object, key);
    if (!reader->report->shards.count)
        *total += number;
    else if (*total < number)
        *total = number;
}

static void add_totals(Reader *reader, const json_t *object)
{
    RunTotals *totals = &reader->report->totals;
    add_tree_total(reader, &totals->files, object, "files");
    add_tree_total(reader, &totals->bytes, object, "bytes");
    add_tree_total(reader, &totals->candidates, object, "candidates");
    add_tree_total(reader, &totals->parsed, object, "parsed");
    add_tree_total(reader, &totals->skipped, object, "skipped");
    add_tree_total(reader, &totals->below_threshold, object, "below_threshold");
    totals->incomplete += number_at(object, "incomplete");
    totals->suppressed += number_at(object, "suppressed");
    totals->baselined += number_at(object, "baselined");
}

static bool read_wrapped(Reader *reader, const json_t *object)
{
    const json_t *list = json_object_get(object, "findings");
    if (number_at(object, "version") != 1)
        return fail(reader, "this report has a version that is not known here");
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!read_finding(reader, json_array_get(list, i)))
            return false;
    }
    read_shard(reader, object);
    add_totals(reader, json_object_get(object, "totals"));
    return read_blind_spots(reader, json_object_get(object, "blind_spots")) &&
           read_files(reader, json_object_get(object, "files"));
}

static bool read_object(Reader *reader, Str text)
{
    json_error_t error;
    json_t *object = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &error);
    if (!object)
        return diag_fail_at(reader->diag, reader->path, reader->line,
                            error.column > 0 ? (unsigned)error.column : 0, "is no JSON: %s",
                            error.text);
    bool wrapped = json_is_array(json_object_get(object, "findings"));
    bool part = !wrapped && json_object_size(object) == 1 && json_object_get(object, "shard");
    if (part)
        read_shard(reader, object);
    bool good = part || (wrapped ? read_wrapped(reader, object) : read_finding(reader, object));
    json_decref(object);
    return good;
}

bool report_read(Report *report, const char *path, Str text, Diag *diag)
{
    Reader reader = {.report = report, .path = path, .diag = diag};
    while (text.length) {
        size_t end = str_find_byte(text, '\n', 0);
        Str line = str_trim(str_slice(text, 0, end));
        text = end == SIZE_MAX ? (Str){0} : str_slice(text, end + 1, text.length);
        reader.line++;
        if (line.length && !read_object(&reader, line))
            return false;
    }
    return true;
}
