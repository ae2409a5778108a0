/*
 * Files that no front end reads (Perl, shell, ...) may still hold SQL. Only a
 * column qualified with the model's own table is an access there; anything less
 * would be grep.
 */
#include "analyze/access/access.h"

static bool is_edge(Str text, size_t at)
{
    return at >= text.length || !byte_is_word((unsigned char)text.data[at]);
}

static void find_column(Analysis *a, FileId file, uint32_t field, Str table, Str column)
{
    Str text = a->program->files.items[file]->source->text;
    for (size_t at = str_find(text, column, 0); at != SIZE_MAX; at = str_find(text, column, at + 1)) {
        size_t start = at - table.length - 1;
        bool fits = at > table.length && text.data[at - 1] == '.' &&
                    is_edge(text, at + column.length) && (start == 0 || is_edge(text, start - 1)) &&
                    str_eq(str_slice(text, start, at - 1), table);
        if (fits)
            analysis_hit(a, (Hit){.field = field,
                                  .file = file,
                                  .node = 1,
                                  .start = (uint32_t)at,
                                  .end = (uint32_t)(at + column.length),
                                  .kind = ACCESS_QUERY,
                                  .confidence = CONFIDENCE_LIKELY,
                                  .accessor = a->fields.items[field].name,
                                  .why = "qualified with the model's table, in a language that is not read"});
    }
}

void text_check(Analysis *a, FileId file)
{
    const Names *names = a->program->names;
    for (uint32_t f = 0; f < a->fields.count; f++) {
        Str table = names_str(names, a->models.items[a->fields.items[f].model].table);
        if (table.length)
            find_column(a, file, f, table, names_str(names, a->fields.items[f].name));
    }
}
