/*
 * SARIF 2.1.0 within the limits of GitHub code scanning: the first location
 * only, rules with short, full and help text, relative percent-encoded URIs,
 * and the line hash by which alerts are matched between runs. What else GitHub
 * ignores (fixes, suppressions) is written for other viewers. Worst results
 * come first, because a viewer keeps the first few thousand; the upload is
 * refused beyond 25,000, so no more are written and a notification says so.
 *
 * Cost: each file with findings is read once more, for its line hashes.
 */
#include "base/json.h"
#include "input/source.h"
#include "output/escape.h"
#include "output/linehash.h"
#include "output/report.h"

#include <stdio.h>

enum { MOST_RESULTS = 25000, MOST_RELATED = 50, RULES_AT_ONCE = 64 };

typedef struct Sarif {
    JsonWriter json;
    const Report *report;
    const ReportOptions *options;
    const char *rules[RULES_AT_ONCE];
    Severity rule_severity[RULES_AT_ONCE];
    size_t rule_count;
    const char *hashed_path; /* the file that `hashes` is about */
    LineHashArray hashes;    /* empty when it cannot be read */
    StrBuf text;             /* scratch */
} Sarif;

static void add_text(Sarif *sarif, const char *key, const char *text)
{
    json_key(&sarif->json, key);
    json_c(&sarif->json, text);
}

static void add_number(Sarif *sarif, const char *key, uint64_t number)
{
    json_key(&sarif->json, key);
    json_uint(&sarif->json, number);
}

/* "key": {"text": ...} */
static void add_message(Sarif *sarif, const char *key, Str text)
{
    json_key(&sarif->json, key);
    json_object_begin(&sarif->json);
    json_key(&sarif->json, "text");
    json_str(&sarif->json, text);
    json_object_end(&sarif->json);
}

static const char *level_of(Severity severity)
{
    if (severity == SEVERITY_ERROR)
        return "error";
    return severity == SEVERITY_WARNING ? "warning" : "note";
}

static size_t rule_index(Sarif *sarif, const Finding *finding)
{
    const char *rule = finding_rule(finding);
    size_t index = 0;
    while (index < sarif->rule_count && strcmp(sarif->rules[index], rule) != 0)
        index++;
    if (index == sarif->rule_count && index < RULES_AT_ONCE) {
        sarif->rules[sarif->rule_count] = rule;
        sarif->rule_severity[sarif->rule_count++] = finding->severity;
    }
    if (index < RULES_AT_ONCE && finding->severity > sarif->rule_severity[index])
        sarif->rule_severity[index] = finding->severity;
    return index;
}

static void add_rule(Sarif *sarif, size_t index)
{
    const RuleText *text = rule_text(sarif->rules[index]);
    const char *severity = level_of(sarif->rule_severity[index]);
    json_object_begin(&sarif->json);
    add_text(sarif, "id", sarif->rules[index]);
    add_text(sarif, "name", sarif->rules[index]);
    add_message(sarif, "shortDescription", str_of(text->title));
    add_message(sarif, "fullDescription", str_of(text->help));
    add_message(sarif, "help", str_of(text->help));
    json_key(&sarif->json, "defaultConfiguration");
    json_object_begin(&sarif->json);
    add_text(sarif, "level", severity);
    json_object_end(&sarif->json);
    json_key(&sarif->json, "properties");
    json_object_begin(&sarif->json);
    add_text(sarif, "problem.severity", severity[0] == 'n' ? "recommendation" : severity);
    add_text(sarif, "precision", "high");
    json_key(&sarif->json, "tags");
    json_array_begin(&sarif->json);
    json_c(&sarif->json, "migration");
    json_c(&sarif->json, "maintainability");
    json_array_end(&sarif->json);
    json_object_end(&sarif->json);
    json_object_end(&sarif->json);
}

static void add_tool(Sarif *sarif)
{
    json_key(&sarif->json, "tool");
    json_object_begin(&sarif->json);
    json_key(&sarif->json, "driver");
    json_object_begin(&sarif->json);
    add_text(sarif, "name", "straggler");
    add_text(sarif, "version", sarif->options->version);
    json_key(&sarif->json, "rules");
    json_array_begin(&sarif->json);
    for (size_t i = 0; i < sarif->rule_count; i++)
        add_rule(sarif, i);
    json_array_end(&sarif->json);
    json_object_end(&sarif->json);
    json_object_end(&sarif->json);
}

static void add_artifact(Sarif *sarif, const char *path)
{
    json_key(&sarif->json, "artifactLocation");
    json_object_begin(&sarif->json);
    strbuf_clear(&sarif->text);
    escape_uri(&sarif->text, str_of(path));
    json_key(&sarif->json, "uri");
    json_str(&sarif->json, strbuf_str(&sarif->text));
    add_text(sarif, "uriBaseId", "%SRCROOT%");
    json_object_end(&sarif->json);
}

static uint32_t utf16_column(const Finding *finding, uint32_t byte_column)
{
    if (!finding->line_text || byte_column == 0)
        return byte_column ? byte_column : 1;
    return utf16_units(str_of(finding->line_text), byte_column - 1) + 1;
}

static void add_region(Sarif *sarif, const char *key, const Finding *finding, uint32_t from,
                       uint32_t to)
{
    bool one_line = finding->end_line <= finding->line;
    json_key(&sarif->json, key);
    json_object_begin(&sarif->json);
    add_number(sarif, "startLine", finding->line);
    add_number(sarif, "startColumn", utf16_column(finding, from));
    add_number(sarif, "endLine", one_line ? finding->line : finding->end_line);
    add_number(sarif, "endColumn", one_line ? utf16_column(finding, to) : to);
    json_object_end(&sarif->json);
}

/* Text of a message: brackets would be links. */
static void add_plain(StrBuf *out, Str text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '[' || text.data[i] == ']' || text.data[i] == '\\')
            strbuf_add_byte(out, '\\');
        strbuf_add_byte(out, text.data[i]);
    }
}

static bool is_related(const Evidence *evidence)
{
    return evidence->path && evidence->path[0] && evidence->line;
}

static void add_result_message(Sarif *sarif, const Finding *finding)
{
    StrBuf plain = {0};
    finding_message(&plain, finding);
    strbuf_clear(&sarif->text);
    add_plain(&sarif->text, strbuf_str(&plain));
    size_t related = 0;
    for (size_t i = 0; i < finding->evidence_count && related < MOST_RELATED; i++) {
        const Evidence *evidence = &finding->evidence[i];
        strbuf_add_c(&sarif->text, "\nbecause ");
        if (is_related(evidence)) {
            strbuf_add_byte(&sarif->text, '[');
            add_plain(&sarif->text, str_of(evidence->path));
            strbuf_printf(&sarif->text, ":%u](%zu): ", evidence->line, ++related);
        }
        add_plain(&sarif->text, str_trim(str_of(evidence->text)));
    }
    add_message(sarif, "message", strbuf_str(&sarif->text));
    strbuf_release(&plain);
}

static void add_related(Sarif *sarif, const Finding *finding)
{
    json_key(&sarif->json, "relatedLocations");
    json_array_begin(&sarif->json);
    size_t related = 0;
    for (size_t i = 0; i < finding->evidence_count && related < MOST_RELATED; i++) {
        const Evidence *evidence = &finding->evidence[i];
        if (!is_related(evidence))
            continue;
        json_object_begin(&sarif->json);
        add_number(sarif, "id", ++related);
        json_key(&sarif->json, "physicalLocation");
        json_object_begin(&sarif->json);
        add_artifact(sarif, evidence->path);
        json_key(&sarif->json, "region");
        json_object_begin(&sarif->json);
        add_number(sarif, "startLine", evidence->line);
        json_object_end(&sarif->json);
        json_object_end(&sarif->json);
        if (evidence->text && evidence->text[0])
            add_message(sarif, "message", str_trim(str_of(evidence->text)));
        json_object_end(&sarif->json);
    }
    json_array_end(&sarif->json);
}

static const LineHash *line_hash(Sarif *sarif, const Finding *finding)
{
    if (!sarif->hashed_path || strcmp(sarif->hashed_path, finding->path) != 0) {
        sarif->hashed_path = finding->path;
        sarif->hashes.count = 0;
        Source source = {.path = finding->path, .named = true};
        if (sarif->options->root_fd >= 0 && source_load(&source, sarif->options->root_fd)) {
            line_hashes(&sarif->hashes, source.text);
            source_release(&source);
        }
    }
    bool known = finding->line && finding->line <= sarif->hashes.count;
    return known ? &sarif->hashes.items[finding->line - 1] : NULL;
}

static void add_fingerprints(Sarif *sarif, const Finding *finding)
{
    const LineHash *hash = line_hash(sarif, finding);
    json_key(&sarif->json, "partialFingerprints");
    json_object_begin(&sarif->json);
    if (hash) {
        char text[64];
        snprintf(text, sizeof text, "%llx:%llu", (unsigned long long)hash->hash,
                 (unsigned long long)hash->ordinal);
        add_text(sarif, "primaryLocationLineHash", text);
    }
    strbuf_clear(&sarif->text);
    finding_fingerprint_text(&sarif->text, finding);
    add_text(sarif, "straggler/v1", sarif->text.data);
    json_object_end(&sarif->json);
}

static void add_fix(Sarif *sarif, const Finding *finding)
{
    uint32_t from, to;
    for (size_t i = 0; i < finding->edit_count; i++) {
        if (!edit_columns(finding, &finding->edits[i], &from, &to))
            return; /* a fix is all of its edits or nothing */
    }
    json_key(&sarif->json, "fixes");
    json_array_begin(&sarif->json);
    json_object_begin(&sarif->json);
    json_key(&sarif->json, "artifactChanges");
    json_array_begin(&sarif->json);
    json_object_begin(&sarif->json);
    add_artifact(sarif, finding->path);
    json_key(&sarif->json, "replacements");
    json_array_begin(&sarif->json);
    for (size_t i = 0; i < finding->edit_count; i++) {
        edit_columns(finding, &finding->edits[i], &from, &to);
        json_object_begin(&sarif->json);
        Finding on_line = *finding;
        on_line.end_line = on_line.line;
        add_region(sarif, "deletedRegion", &on_line, from, to);
        add_message(sarif, "insertedContent", str_of(finding->edits[i].text));
        json_object_end(&sarif->json);
    }
    json_array_end(&sarif->json);
    json_object_end(&sarif->json);
    json_array_end(&sarif->json);
    json_object_end(&sarif->json);
    json_array_end(&sarif->json);
}

static void add_suppression(Sarif *sarif, const Finding *finding)
{
    json_key(&sarif->json, "suppressions");
    json_array_begin(&sarif->json);
    json_object_begin(&sarif->json);
    add_text(sarif, "kind", finding->suppressed ? "inSource" : "external");
    if (finding->reason && finding->reason[0])
        add_text(sarif, "justification", finding->reason);
    json_object_end(&sarif->json);
    json_array_end(&sarif->json);
}

static void add_result(Sarif *sarif, const Finding *finding)
{
    json_object_begin(&sarif->json);
    add_text(sarif, "ruleId", finding_rule(finding));
    size_t index = rule_index(sarif, finding);
    if (index < RULES_AT_ONCE)
        add_number(sarif, "ruleIndex", index);
    add_text(sarif, "level", level_of(finding->severity));
    add_result_message(sarif, finding);
    json_key(&sarif->json, "locations");
    json_array_begin(&sarif->json);
    json_object_begin(&sarif->json);
    json_key(&sarif->json, "physicalLocation");
    json_object_begin(&sarif->json);
    add_artifact(sarif, finding->path);
    add_region(sarif, "region", finding, finding->column, finding->end_column);
    json_object_end(&sarif->json);
    json_object_end(&sarif->json);
    json_array_end(&sarif->json);
    add_related(sarif, finding);
    add_fingerprints(sarif, finding);
    if (finding->edit_count)
        add_fix(sarif, finding);
    if (!finding_shown(finding))
        add_suppression(sarif, finding);
    json_object_end(&sarif->json);
}

/* Worst first; suppressed ones last. */
static unsigned rank_of(const Finding *finding)
{
    return finding_shown(finding) ? (unsigned)(SEVERITY_ERROR - finding->severity) : 4;
}

static void add_results(Sarif *sarif)
{
    json_key(&sarif->json, "results");
    json_array_begin(&sarif->json);
    size_t written = 0;
    for (unsigned rank = 0; rank <= 4; rank++) {
        for (size_t i = 0; i < sarif->report->findings.count; i++) {
            const Finding *finding = &sarif->report->findings.items[i];
            if (rank_of(finding) == rank && written++ < MOST_RESULTS)
                add_result(sarif, finding);
        }
    }
    json_array_end(&sarif->json);
}

static void add_notification(Sarif *sarif, const char *level, const char *path, const char *text)
{
    json_object_begin(&sarif->json);
    add_text(sarif, "level", level);
    add_message(sarif, "message", str_of(text));
    if (path) {
        json_key(&sarif->json, "locations");
        json_array_begin(&sarif->json);
        json_object_begin(&sarif->json);
        json_key(&sarif->json, "physicalLocation");
        json_object_begin(&sarif->json);
        add_artifact(sarif, path);
        json_object_end(&sarif->json);
        json_object_end(&sarif->json);
        json_array_end(&sarif->json);
    }
    json_object_end(&sarif->json);
}

static void add_invocation(Sarif *sarif)
{
    const Report *report = sarif->report;
    json_key(&sarif->json, "invocations");
    json_array_begin(&sarif->json);
    json_object_begin(&sarif->json);
    json_key(&sarif->json, "executionSuccessful");
    json_bool(&sarif->json, report->totals.incomplete == 0);
    json_key(&sarif->json, "toolExecutionNotifications");
    json_array_begin(&sarif->json);
    for (size_t i = 0; i < report->notes.count; i++) {
        const FileNote *note = &report->notes.items[i];
        add_notification(sarif, note->holds_accessor ? "error" : "note", note->path,
                         note->reason);
    }
    if (report->findings.count > MOST_RESULTS)
        add_notification(sarif, "warning", NULL,
                         "only the first 25000 results are listed: an upload takes no more");
    json_array_end(&sarif->json);
    json_object_end(&sarif->json);
    json_array_end(&sarif->json);
}

void report_sarif(const Report *report, const ReportOptions *options, StrBuf *out)
{
    Sarif sarif = {.report = report, .options = options};
    for (size_t i = 0; i < report->findings.count; i++)
        rule_index(&sarif, &report->findings.items[i]);
    json_init(&sarif.json, out);
    json_object_begin(&sarif.json);
    add_text(&sarif, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    add_text(&sarif, "version", "2.1.0");
    json_key(&sarif.json, "runs");
    json_array_begin(&sarif.json);
    json_object_begin(&sarif.json);
    add_tool(&sarif);
    json_key(&sarif.json, "automationDetails");
    json_object_begin(&sarif.json);
    add_text(&sarif, "id", "straggler/");
    json_object_end(&sarif.json);
    add_text(&sarif, "columnKind", "utf16CodeUnits");
    add_invocation(&sarif);
    add_results(&sarif);
    json_object_end(&sarif.json);
    json_array_end(&sarif.json);
    json_object_end(&sarif.json);
    strbuf_add_byte(out, '\n');
    array_release(&sarif.hashes);
    strbuf_release(&sarif.text);
}
