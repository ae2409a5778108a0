/*
 * GitLab's Code Quality report: one array. Entries of equal fingerprint collapse
 * into one, and the merge request shows what the target branch's report lacks.
 */
#include "base/json.h"
#include "output/report.h"

static const char *gitlab_severity(const Finding *finding)
{
    switch (finding->severity) {
    case SEVERITY_ERROR: return "major";
    case SEVERITY_WARNING: return "minor";
    default: return "info";
    }
}

void report_gitlab(const Report *report, const ReportOptions *options, StrBuf *out)
{
    (void)options;
    JsonWriter json;
    json_init(&json, out);
    StrBuf text = {0};
    json_array_begin(&json);
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        if (!finding_shown(finding))
            continue;
        json_object_begin(&json);
        json_key(&json, "description");
        strbuf_clear(&text);
        finding_message(&text, finding);
        json_str(&json, strbuf_str(&text));
        json_key(&json, "check_name");
        json_c(&json, finding_rule(finding));
        json_key(&json, "fingerprint");
        strbuf_clear(&text);
        finding_fingerprint_text(&text, finding);
        json_str(&json, strbuf_str(&text));
        json_key(&json, "severity");
        json_c(&json, gitlab_severity(finding));
        json_key(&json, "location");
        json_object_begin(&json);
        json_key(&json, "path");
        json_c(&json, finding->path);
        json_key(&json, "lines");
        json_object_begin(&json);
        json_key(&json, "begin");
        json_uint(&json, finding->line);
        json_object_end(&json);
        json_object_end(&json);
        json_object_end(&json);
    }
    json_array_end(&json);
    strbuf_add_byte(out, '\n');
    strbuf_release(&text);
}
