/*
 * The machine forms. `jsonl` is the stable one: keys are added, never renamed,
 * and a key whose value is unknown is left out. `json` wraps the same objects
 * with what else a run ends with. Times and memory are left out: the same tree
 * gives the same bytes (--stats prints them on stderr).
 */
#include "base/json.h"
#include "output/report.h"

static void add_text(JsonWriter *json, const char *key, const char *text)
{
    if (!text)
        return;
    json_key(json, key);
    json_c(json, text);
}

static void add_number(JsonWriter *json, const char *key, uint64_t number)
{
    json_key(json, key);
    json_uint(json, number);
}

static void add_receiver(JsonWriter *json, const Finding *finding)
{
    if (!finding->receiver_text && !finding->receiver_type)
        return;
    json_key(json, "receiver");
    json_object_begin(json);
    add_text(json, "text", finding->receiver_text);
    add_text(json, "type", finding->receiver_type);
    json_object_end(json);
}

static void add_evidence(JsonWriter *json, const Finding *finding)
{
    json_key(json, "evidence");
    json_array_begin(json);
    for (size_t i = 0; i < finding->evidence_count; i++) {
        const Evidence *evidence = &finding->evidence[i];
        json_object_begin(json);
        add_text(json, "path", evidence->path);
        if (evidence->line)
            add_number(json, "line", evidence->line);
        add_text(json, "text", evidence->text);
        json_object_end(json);
    }
    json_array_end(json);
}

static void add_suggestion(JsonWriter *json, const Finding *finding)
{
    if (!finding->edit_count)
        return;
    json_key(json, "suggestion");
    json_object_begin(json);
    json_key(json, "safe");
    json_bool(json, finding->edits_safe);
    json_key(json, "edits");
    json_array_begin(json);
    for (size_t i = 0; i < finding->edit_count; i++) {
        const Edit *edit = &finding->edits[i];
        json_object_begin(json);
        add_number(json, "start", edit->start);
        add_number(json, "end", edit->end);
        add_text(json, "text", edit->text);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

/* Says which part of a whole the report is, if it is one. */
static void add_shard(JsonWriter *json, const Report *report)
{
    if (report->shards.count != 1)
        return;
    json_key(json, "shard");
    json_object_begin(json);
    add_number(json, "index", report->shards.items[0].index);
    add_number(json, "count", report->shards.items[0].count);
    json_object_end(json);
}

static void add_finding(JsonWriter *json, const Finding *finding)
{
    json_object_begin(json);
    add_text(json, "path", finding->path);
    add_number(json, "line", finding->line);
    add_number(json, "column", finding->column);
    add_number(json, "end_line", finding->end_line);
    add_number(json, "end_column", finding->end_column);
    add_number(json, "start", finding->start);
    add_number(json, "end", finding->end);
    add_text(json, "migration", finding->migration);
    add_text(json, "target", finding->target);
    add_text(json, "accessor", finding->accessor);
    add_text(json, "kind", access_kind_name(finding->kind));
    add_text(json, "confidence", confidence_name(finding->confidence));
    add_text(json, "rule", finding->rule);
    if (finding->severity != SEVERITY_NONE)
        add_text(json, "severity", severity_name(finding->severity));
    add_text(json, "message", finding->message);
    add_receiver(json, finding);
    add_evidence(json, finding);
    add_suggestion(json, finding);
    add_text(json, "owner", finding->owner);
    add_text(json, "symbol", finding->symbol);
    add_text(json, "text", finding->line_text);
    StrBuf fingerprint = {0};
    finding_fingerprint_text(&fingerprint, finding);
    add_text(json, "fingerprint", fingerprint.data);
    strbuf_release(&fingerprint);
    json_object_end(json);
}

void report_jsonl(const Report *report, const ReportOptions *options, StrBuf *out)
{
    (void)options;
    if (report->shards.count == 1) { /* a part may be empty, and is a part all the same */
        JsonWriter json;
        json_init(&json, out);
        json_object_begin(&json);
        add_shard(&json, report);
        json_object_end(&json);
        strbuf_add_byte(out, '\n');
    }
    for (size_t i = 0; i < report->findings.count; i++) {
        if (!finding_shown(&report->findings.items[i]))
            continue;
        JsonWriter json;
        json_init(&json, out);
        add_finding(&json, &report->findings.items[i]);
        strbuf_add_byte(out, '\n');
    }
}

static void add_blind_spots(JsonWriter *json, const Report *report)
{
    json_key(json, "blind_spots");
    json_array_begin(json);
    for (size_t i = 0; i < report->blind_spots.count; i++) {
        const BlindSpot *spot = &report->blind_spots.items[i];
        json_object_begin(json);
        add_text(json, "path", spot->path);
        add_number(json, "line", spot->line);
        add_number(json, "column", spot->column);
        add_text(json, "target", spot->target);
        add_text(json, "what", spot->what);
        add_text(json, "message", spot->text);
        add_text(json, "text", spot->line_text);
        json_object_end(json);
    }
    json_array_end(json);
}

static void add_notes(JsonWriter *json, const Report *report)
{
    json_key(json, "files");
    json_array_begin(json);
    for (size_t i = 0; i < report->notes.count; i++) {
        const FileNote *note = &report->notes.items[i];
        json_object_begin(json);
        add_text(json, "path", note->path);
        add_text(json, "reason", note->reason);
        json_key(json, "incomplete");
        json_bool(json, note->holds_accessor);
        json_object_end(json);
    }
    json_array_end(json);
}

static void add_totals(JsonWriter *json, const RunTotals *totals, size_t shown)
{
    json_key(json, "totals");
    json_object_begin(json);
    add_number(json, "findings", shown);
    add_number(json, "files", totals->files);
    add_number(json, "bytes", totals->bytes);
    add_number(json, "candidates", totals->candidates);
    add_number(json, "parsed", totals->parsed);
    add_number(json, "skipped", totals->skipped);
    add_number(json, "incomplete", totals->incomplete);
    add_number(json, "below_threshold", totals->below_threshold);
    add_number(json, "suppressed", totals->suppressed);
    add_number(json, "baselined", totals->baselined);
    json_object_end(json);
}

void report_json(const Report *report, const ReportOptions *options, StrBuf *out)
{
    JsonWriter json;
    json_init(&json, out);
    json_object_begin(&json);
    add_number(&json, "version", 1);
    add_text(&json, "straggler", options->version);
    add_shard(&json, report);
    json_key(&json, "findings");
    json_array_begin(&json);
    for (size_t i = 0; i < report->findings.count; i++) {
        if (finding_shown(&report->findings.items[i]))
            add_finding(&json, &report->findings.items[i]);
    }
    json_array_end(&json);
    add_blind_spots(&json, report);
    add_notes(&json, report);
    add_totals(&json, &report->totals, report_shown(report));
    json_object_end(&json);
    strbuf_add_byte(out, '\n');
}
