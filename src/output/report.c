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

static const RuleText rule_texts[] = {
    {"read", "The field is read", "Every place that reads the field has to change before the "
     "field can go away."},
    {"write", "The field is written", "Every place that writes the field has to write the new "
     "representation too, then only that."},
    {"query", "The field's name builds a query", "Queries, projections and SQL that name the "
     "field break when the column is dropped."},
    {"declare", "The field is declared", "Schemas, model members and annotations that declare "
     "the field go last."},
    {"save", "A save also saves another, changed object", "A chained save hides a write. Save "
     "the other object first, on its own."},
    {"unpaired-write", "A write of one representation without its twin", "While both "
     "representations are written, each function that writes one must write the other, or they "
     "drift apart. Write both, best through the declared funnel."},
    {"bypassed-funnel", "A write outside the declared funnel", "All writes go through one "
     "function during the migration, so that both representations change together. Call it "
     "here."},
    {"early-read", "A read of the new representation before it is filled", "Rows that were not "
     "backfilled yet give wrong answers. Read the old field until the phase is read-new."},
    {"old-read", "The old field is still read", "The new representation is the truth in this "
     "phase. Read that instead."},
    {"old-query", "The old field is still queried", "Queries must use the new representation in "
     "this phase."},
    {"old-write", "The old field is still written", "Only the new representation is written in "
     "this phase. Remove this write."},
    {"old-declare", "The old field is still declared", "The column is being dropped: remove this "
     "reference."},
    {"blocking-constraint", "A constraint still demands the old field", "Nothing writes the "
     "field any more, so a mandatory constraint on it makes saves fail. Lift it first."},
    {"multi-save", "A save that also saves a second, changed object", "Save the second object "
     "just before, on its own, so that each save does one thing."},
    {"chained-save", "A definition that chains saves", "A callback, signal, overridden save or "
     "autosave saves another model behind the caller's back. Unwind it once callers save both."},
    {"premature-drop", "A column is dropped while it is still used", "Remove the remaining "
     "accesses before the schema migration that drops the column."},
    {"unused-suppression", "A suppression comment that suppresses nothing", "Remove the "
     "comment."},
};

const RuleText *rule_text(const char *id)
{
    static const RuleText unknown = {"access", "An access of a migrated field",
                                     "This place uses a field that is being migrated away from."};
    for (size_t i = 0; i < sizeof rule_texts / sizeof *rule_texts; i++) {
        if (strcmp(rule_texts[i].id, id) == 0)
            return &rule_texts[i];
    }
    return &unknown;
}
