/*
 * reviewdog's diagnostic form: byte columns from 1, ends exclusive, as ours.
 */
#include "base/json.h"
#include "output/report.h"

static void add_position(JsonWriter *json, const char *key, uint32_t line, uint32_t column)
{
    json_key(json, key);
    json_object_begin(json);
    json_key(json, "line");
    json_uint(json, line);
    if (column) {
        json_key(json, "column");
        json_uint(json, column);
    }
    json_object_end(json);
}

static void add_range(JsonWriter *json, uint32_t line, uint32_t column, uint32_t end_line,
                      uint32_t end_column)
{
    json_key(json, "range");
    json_object_begin(json);
    add_position(json, "start", line, column);
    if (end_line)
        add_position(json, "end", end_line, end_column);
    json_object_end(json);
}

static void add_suggestions(JsonWriter *json, const Finding *finding)
{
    json_key(json, "suggestions");
    json_array_begin(json);
    for (size_t i = 0; i < finding->edit_count; i++) {
        uint32_t from, to;
        if (!edit_columns(finding, &finding->edits[i], &from, &to))
            continue;
        json_object_begin(json);
        add_range(json, finding->line, from, finding->line, to);
        json_key(json, "text");
        json_c(json, finding->edits[i].text);
        json_object_end(json);
    }
    json_array_end(json);
}

static void add_related(JsonWriter *json, const Finding *finding)
{
    json_key(json, "related_locations");
    json_array_begin(json);
    for (size_t i = 0; i < finding->evidence_count; i++) {
        const Evidence *evidence = &finding->evidence[i];
        if (!evidence->path || !evidence->path[0] || !evidence->line)
            continue;
        json_object_begin(json);
        json_key(json, "message");
        json_str(json, str_trim(str_of(evidence->text)));
        json_key(json, "location");
        json_object_begin(json);
        json_key(json, "path");
        json_c(json, evidence->path);
        add_range(json, evidence->line, 0, 0, 0);
        json_object_end(json);
        json_object_end(json);
    }
    json_array_end(json);
}

static void add_diagnostic(JsonWriter *json, const Finding *finding, StrBuf *text)
{
    json_object_begin(json);
    strbuf_clear(text);
    finding_message(text, finding);
    json_key(json, "message");
    json_str(json, strbuf_str(text));
    json_key(json, "location");
    json_object_begin(json);
    json_key(json, "path");
    json_c(json, finding->path);
    add_range(json, finding->line, finding->column, finding->end_line, finding->end_column);
    json_object_end(json);
    json_key(json, "severity");
    json_c(json, finding->severity == SEVERITY_ERROR     ? "ERROR"
                 : finding->severity == SEVERITY_WARNING ? "WARNING"
                                                         : "INFO");
    json_key(json, "code");
    json_object_begin(json);
    json_key(json, "value");
    json_c(json, finding_rule(finding));
    json_object_end(json);
    add_suggestions(json, finding);
    add_related(json, finding);
    json_object_end(json);
}

void report_rdjson(const Report *report, const ReportOptions *options, StrBuf *out)
{
    (void)options;
    JsonWriter json;
    StrBuf text = {0};
    json_init(&json, out);
    json_object_begin(&json);
    json_key(&json, "source");
    json_object_begin(&json);
    json_key(&json, "name");
    json_c(&json, "straggler");
    json_object_end(&json);
    json_key(&json, "diagnostics");
    json_array_begin(&json);
    for (size_t i = 0; i < report->findings.count; i++) {
        if (finding_shown(&report->findings.items[i]))
            add_diagnostic(&json, &report->findings.items[i], &text);
    }
    json_array_end(&json);
    json_object_end(&json);
    strbuf_add_byte(out, '\n');
    strbuf_release(&text);
}
