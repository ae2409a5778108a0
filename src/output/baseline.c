/*
 * Sorted by path, rule, target and fingerprint: the order in which people read
 * a diff of it. Fingerprints already hold an ordinal for equal lines, so two
 * alike findings are two entries, and fixing one of them while adding another
 * elsewhere does not cancel out.
 */
#include "output/baseline.h"

#include "output/escape.h"
#include "output/report.h"

static const char header[] = "# straggler baseline 1\n";

static bool parse_hex(Str word, uint64_t *value)
{
    *value = 0;
    if (word.length != 16)
        return false;
    for (size_t i = 0; i < word.length; i++) {
        char byte = word.data[i];
        unsigned digit;
        if (byte >= '0' && byte <= '9')
            digit = (unsigned)(byte - '0');
        else if (byte >= 'a' && byte <= 'f')
            digit = (unsigned)(byte - 'a') + 10;
        else
            return false;
        *value = *value << 4 | digit;
    }
    return true;
}

bool baseline_parse(Baseline *baseline, const char *path, Str text, Diag *diag)
{
    unsigned number = 0;
    while (text.length) {
        size_t end = str_find_byte(text, '\n', 0);
        Str line = str_trim(str_slice(text, 0, end));
        text = end == SIZE_MAX ? (Str){0} : str_slice(text, end + 1, text.length);
        number++;
        if (!line.length || line.data[0] == '#')
            continue;
        uint64_t fingerprint;
        if (!parse_hex(str_slice(line, 0, str_find_byte(line, ' ', 0)), &fingerprint)) {
            diag_fail_at(diag, path, number, 1, "this line does not begin with a fingerprint");
            return diag_hint(diag, "`straggler baseline update` writes the file anew");
        }
        if (fingerprint)
            map_put(&baseline->known, fingerprint, 0);
    }
    baseline->count = baseline->known.count;
    return true;
}

void baseline_release(Baseline *baseline)
{
    map_release(&baseline->known);
    baseline->count = 0;
}

void baseline_apply(Baseline *baseline, Report *report)
{
    for (size_t i = 0; i < report->findings.count; i++) {
        Finding *finding = &report->findings.items[i];
        uint64_t *used = map_get(&baseline->known, finding->fingerprint);
        if (!used || finding->suppressed)
            continue;
        *used = 1;
        finding->baselined = true;
        report->totals.baselined++;
    }
}

size_t baseline_stale(const Baseline *baseline)
{
    size_t stale = 0;
    for (size_t i = 0; i < baseline->known.count; i++)
        stale += baseline->known.items[i].value == 0;
    return stale;
}

static int compare_entries(const void *left, const void *right)
{
    const Finding *a = *(const Finding *const *)left, *b = *(const Finding *const *)right;
    int order = strcmp(a->path, b->path);
    if (!order)
        order = strcmp(finding_rule(a), finding_rule(b));
    if (!order)
        order = strcmp(a->target, b->target);
    return order ? order : (a->fingerprint > b->fingerprint) - (a->fingerprint < b->fingerprint);
}

void baseline_write(const Report *report, const Baseline *known, StrBuf *out)
{
    strbuf_add_c(out, header);
    size_t count = 0;
    const Finding **entries = mem_alloc((report->findings.count + 1) * sizeof *entries);
    for (size_t i = 0; i < report->findings.count; i++) {
        const Finding *finding = &report->findings.items[i];
        bool kept = !known || map_get(&known->known, finding->fingerprint);
        if (kept && !finding->suppressed)
            entries[count++] = finding;
    }
    if (count)
        qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 0; i < count; i++) {
        finding_fingerprint_text(out, entries[i]);
        strbuf_add_byte(out, ' ');
        escape_text(out, str_of(entries[i]->path));
        strbuf_printf(out, " %s ", finding_rule(entries[i]));
        escape_text(out, str_of(entries[i]->target));
        strbuf_add_byte(out, '\n');
    }
    free(entries);
}
