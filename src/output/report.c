/*
 * The table of formats and the few phrases that every format says the same way.
 */
#include "output/report.h"

static const Reporter reporters[] = {
#define X(name, about) {#name, about, report_##name},
    REPORTERS(X)
#undef X
};

size_t reporter_count(void)
{
    return sizeof reporters / sizeof *reporters;
}

const Reporter *reporter_at(size_t index)
{
    return &reporters[index];
}

const Reporter *reporter_named(Str name)
{
    for (size_t i = 0; i < reporter_count(); i++) {
        if (str_eq_c(name, reporters[i].name))
            return &reporters[i];
    }
    return NULL;
}

bool finding_shown(const Finding *finding)
{
    return !finding->suppressed && !finding->baselined;
}

size_t report_shown(const Report *report)
{
    size_t shown = 0;
    for (size_t i = 0; i < report->findings.count; i++)
        shown += finding_shown(&report->findings.items[i]);
    return shown;
}

const char *finding_rule(const Finding *finding)
{
    return finding->rule ? finding->rule : access_kind_name(finding->kind);
}

const char *finding_severity(const Finding *finding)
{
    return severity_name(finding->severity == SEVERITY_NONE ? SEVERITY_INFO : finding->severity);
}

void finding_message(StrBuf *out, const Finding *finding)
{
    if (finding->message)
        strbuf_add_c(out, finding->message);
    else
        strbuf_printf(out, "%s of %s", access_kind_name(finding->kind), finding->target);
    strbuf_printf(out, " (%s)", confidence_name(finding->confidence));
}

void evidence_message(StrBuf *out, const Evidence *evidence)
{
    if (evidence->path && evidence->path[0])
        strbuf_add_c(out, evidence->path);
    if (evidence->path && evidence->path[0] && evidence->line)
        strbuf_printf(out, ":%u", evidence->line);
    if (evidence->path && evidence->path[0])
        strbuf_add_c(out, ": ");
    strbuf_add_str(out, str_trim(str_of(evidence->text)));
}

bool edit_columns(const Finding *finding, const Edit *edit, uint32_t *from, uint32_t *to)
{
    if (!finding->line_text || finding->start + 1 < finding->column)
        return false;
    uint32_t line_start = finding->start - (finding->column - 1);
    uint64_t line_end = (uint64_t)line_start + strlen(finding->line_text);
    if (edit->start < line_start || edit->end < edit->start || edit->end > line_end)
        return false;
    *from = edit->start - line_start + 1;
    *to = edit->end - line_start + 1;
    return true;
}

void finding_fingerprint_text(StrBuf *out, const Finding *finding)
{
    strbuf_printf(out, "%016llx", (unsigned long long)finding->fingerprint);
}
