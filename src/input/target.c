/*
 * Targets as people write them. The last '.', '#' or '::' divides model and
 * field, because models are qualified with '.' and '::' themselves; so
 * "Spree::Order" alone would read as field Order of Spree, and only what comes
 * after (the scan, which knows the models) can tell.
 */
#include "input/target.h"

#include "base/array.h"

typedef struct {
    ARRAY_OF(FieldMap);
} FieldArray;

static const char *const phase_names[] = {
#define X(name, text) text,
    PHASES(X)
#undef X
};

const char *phase_name(Phase phase)
{
    return phase_names[phase];
}

bool phase_parse(Str text, Phase *phase)
{
    for (int i = 0; i < PHASE_COUNT; i++) {
        if (str_eq_c(text, phase_names[i])) {
            *phase = (Phase)i;
            return true;
        }
    }
    return false;
}

bool name_is_identifier(Str name)
{
    if (!name.length || (name.data[0] >= '0' && name.data[0] <= '9'))
        return false;
    for (size_t i = 0; i < name.length; i++) {
        if (!byte_is_word((unsigned char)name.data[i]))
            return false;
    }
    return true;
}

/* Parts between '.', '::', '/' and '\', each an identifier; a leading separator is fine. */
bool name_is_model(Str model)
{
    size_t start = 0;
    bool any = false;
    for (size_t i = 0; i <= model.length; i++) {
        if (i < model.length && byte_is_word((unsigned char)model.data[i]))
            continue;
        if (i < model.length && !strchr(".:/\\", model.data[i]))
            return false;
        Str part = str_slice(model, start, i);
        if (part.length && !name_is_identifier(part))
            return false;
        any = part.length > 0;
        start = i + 1;
    }
    return any;
}

/* Where the last separator starts, and how long it is; SIZE_MAX when there is none. */
static size_t last_separator(Str text, size_t *length)
{
    for (size_t i = text.length; i-- > 0;) {
        char byte = text.data[i];
        bool colons = byte == ':' && i > 0 && text.data[i - 1] == ':';
        *length = colons ? 2 : 1;
        if (colons)
            return i - 1;
        if (byte == '#' && i > 0 && text.data[i - 1] == '.')
            return i - 1; /* Order.#email: a private field is called so */
        if (byte == '.' || byte == '#')
            return i;
    }
    return SIZE_MAX;
}

static bool add_field(FieldArray *fields, Str name, const char *text, Arena *arena, Diag *diag)
{
    if (!name_is_identifier(str_starts(name, "#") ? str_slice(name, 1, name.length) : name)) {
        diag_fail(diag, "`%s` is no target: `%.*s` is no field name", text, STR_ARG(name));
        return diag_hint(diag, "name the field alone, without `?`, `=` or brackets: "
                               "Order.email; accessors are derived from it");
    }
    for (size_t i = 0; i < fields->count; i++) {
        if (str_eq_c(name, fields->items[i].from))
            return diag_fail(diag, "`%s` names the field `%.*s` twice", text, STR_ARG(name));
    }
    const char *from = arena_strdup(arena, name.data, name.length);
    array_push(fields, ((FieldMap){.from = from}));
    return true;
}

static bool add_braced(FieldArray *fields, Str list, const char *text, Arena *arena, Diag *diag)
{
    for (;;) {
        size_t comma = str_find_byte(list, ',', 0);
        if (!add_field(fields, str_trim(str_slice(list, 0, comma)), text, arena, diag))
            return false;
        if (comma == SIZE_MAX)
            return true;
        list = str_slice(list, comma + 1, list.length);
    }
}

static bool fail_shape(const char *text, Diag *diag)
{
    diag_fail(diag, "`%s` is no target: a model and one of its fields are needed", text);
    return diag_hint(diag, "write Model.field, e.g. Order.email, Spree::Order#email or "
                           "Invoice.{is_taxable,is_tax_inclusive}");
}

/* `struct session` and `session` are the same type. */
static Str without_keyword(Str text)
{
    static const char *const KEYWORDS[] = {"struct ", "union ", "class ", "enum ", "interface "};
    for (size_t i = 0; i < sizeof KEYWORDS / sizeof *KEYWORDS; i++) {
        if (str_starts(text, KEYWORDS[i]))
            return str_trim(str_slice(text, strlen(KEYWORDS[i]), text.length));
    }
    return text;
}

bool target_parse(const char *text, Migration *migration, Arena *arena, Diag *diag)
{
    Str all = without_keyword(str_of(text)), fields_text;
    size_t brace = str_find_byte(all, '{', 0), length = 0, at;
    if (brace != SIZE_MAX) {
        if (!str_ends(all, "}")) {
            diag_fail(diag, "`%s` is no target: the brace is not closed", text);
            return diag_hint(diag, "quote it, so that the shell does not expand it: "
                                   "'Invoice.{a,b}'");
        }
        at = last_separator(str_slice(all, 0, brace), &length);
        if (at == SIZE_MAX || at + length != brace)
            return fail_shape(text, diag);
        fields_text = str_slice(all, brace + 1, all.length - 1);
    } else {
        at = last_separator(all, &length);
        if (at == SIZE_MAX)
            return fail_shape(text, diag);
        fields_text = str_slice(all, at + length, all.length);
    }
    Str model = str_slice(all, 0, at);
    if (!name_is_model(model) || !fields_text.length)
        return fail_shape(text, diag);
    FieldArray fields = {0};
    bool good = add_braced(&fields, fields_text, text, arena, diag);
    if (good) {
        *migration = (Migration){.accessors = true, .field_count = fields.count};
        migration->model = arena_strdup(arena, model.data, model.length);
        migration->fields = ARENA_ARRAY(arena, FieldMap, fields.count);
        memcpy(migration->fields, fields.items, fields.count * sizeof *fields.items);
    }
    array_release(&fields);
    return good;
}

void migrations_add_field(MigrationList *list, const Migration *like, Str field, Arena *arena)
{
    Migration *found = NULL;
    if (!name_is_identifier(field) || !name_is_model(str_of(like->model)))
        return;
    for (size_t i = 0; i < list->count && !found; i++) {
        if (strcmp(list->items[i].model, like->model) == 0 && list->items[i].phase == like->phase)
            found = &list->items[i];
    }
    if (!found) {
        array_push(list, *like);
        found = &list->items[list->count - 1];
    }
    for (size_t i = 0; i < found->field_count; i++) {
        if (str_eq_c(field, found->fields[i].from))
            return;
    }
    FieldMap *fields = ARENA_ARRAY(arena, FieldMap, found->field_count + 1);
    if (found->field_count)
        memcpy(fields, found->fields, found->field_count * sizeof *fields);
    fields[found->field_count++].from = arena_strdup(arena, field.data, field.length);
    found->fields = fields;
}
