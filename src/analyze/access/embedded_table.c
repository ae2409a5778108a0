/*
 * Whose a table is, by its name or by the name of the expression that stands for
 * it. The words that only say "a table" are left out; what remains is compared
 * with the model's table and name, then with what other classes have.
 */
#include "analyze/access/embedded_private.h"

#include "analyze/program/binding.h"
#include "analyze/program/naming.h"

#include <ctype.h>
#include <strings.h>

bool embedded_same_name(Str a, Str b)
{
    return a.length == b.length && strncasecmp(a.data, b.data, a.length) == 0;
}

bool table_is_models(const Analysis *a, const TargetModel *model, Str table,
                     Confidence *confidence)
{
    const Names *names = a->program->names;
    Str known = names_str(names, model->table);
    if (known.length && embedded_same_name(known, table))
        return true;
    if (str_eq(name_last(table), names_str(names, model->last)))
        return true; /* mappers have queries that name classes: select o from Order o */
    StrBuf snake = {0}, plural = {0};
    name_snake(names_str(names, model->last), &snake);
    name_plural(strbuf_str(&snake), &plural);
    bool fits = embedded_same_name(strbuf_str(&snake), table) || embedded_same_name(strbuf_str(&plural), table);
    if (!fits && !known.length) {
        /* app_label_model and prefix_models */
        Str forms[] = {names_str(names, model->last), strbuf_str(&snake), strbuf_str(&plural)};
        for (int i = 0; i < 3 && !fits; i++) {
            size_t at = table.length - forms[i].length;
            fits = table.length > forms[i].length && table.data[at - 1] == '_' &&
                   embedded_same_name(str_slice(table, at, table.length), forms[i]);
        }
        *confidence = fits ? CONFIDENCE_LIKELY : *confidence;
    }
    strbuf_release(&snake);
    strbuf_release(&plural);
    return fits && (!known.length || model->class_count == 0);
}

/* The string a member of the class is declared with: const TABLE = 'users'. */
static NodeId member_value(Analysis *a, FileId *file, NodeId node)
{
    const Program *program = a->program;
    NodeId base = fact_child(&program->files.items[*file]->facts, node, ROLE_RECEIVER);
    TypeSet types = {0};
    if (base)
        types = resolver_type(a->resolver, *file, base);
    for (uint32_t i = 0; i < types.count; i++) {
        MemberId id = types.items[i].class_id
                          ? program_member(program, types.items[i].class_id,
                                           program_node(program, *file, node)->name)
                          : 0;
        if (!id || program->members.items[id].kind != MEMBER_FIELD)
            continue;
        Place place = program->members.items[id].place;
        *file = place.file;
        return fact_child(&program->files.items[place.file]->facts, place.node, ROLE_VALUE);
    }
    return 0;
}

Str table_constant(Analysis *a, FileId file, NodeId node)
{
    const Binding *binding;
    NodeId value = 0;
    FactKind kind = node ? (FactKind)program_node(a->program, file, node)->kind : FACT_NONE;
    if (kind == FACT_MEMBER)
        value = member_value(a, &file, node);
    else if (kind == FACT_NAME && binding_lookup(a->program->files.items[file], node, &binding, 1))
        value = binding->kind == BINDING_VALUE ? binding->value : 0;
    const Node *held = value ? program_node(a->program, file, value) : NULL;
    return held && held->kind == FACT_STRING ? names_str(a->program->names, held->name)
                                             : (Str){"", 0};
}

/* The part of an expression that names something: its last word, or the text it is called with. */
static Str naming_part(Str spelled)
{
    size_t end = spelled.length;
    while (end && !byte_is_word((unsigned char)spelled.data[end - 1])) {
        if (spelled.data[end - 1] == '(') /* f(): what is called */
            spelled.length = end;
        end--;
    }
    size_t quote = str_find(spelled, str_lit("('"), 0);
    if (quote == SIZE_MAX)
        quote = str_find(spelled, str_lit("(\""), 0);
    if (quote != SIZE_MAX) { /* table_name('users', true): the first text in it */
        end = quote + 2;
        while (end < spelled.length && byte_is_word((unsigned char)spelled.data[end]))
            end++;
    }
    size_t start = end;
    while (start && byte_is_word((unsigned char)spelled.data[start - 1]))
        start--;
    return str_slice(spelled, start, end);
}

static bool only_says_table(Str word)
{
    static const char *const WORDS[] = {"table", "tables", "tbl",  "tab",  "name", "prefix",
                                        "db",    "get",    "from", "full", "sql",  "my"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        if (str_eq_c(word, WORDS[i]))
            return true;
    }
    return word.length == 1;
}

/* The words of a name in lower case, without those that only say "a table". */
static void telling_words(Str name, StrBuf *out)
{
    StrBuf snake = {0};
    name_snake(name, &snake);
    Str text = strbuf_str(&snake);
    for (size_t at = 0; at < text.length;) {
        size_t end = str_find_byte(text, '_', at);
        Str word = str_slice(text, at, end);
        if (word.length && !only_says_table(word)) {
            if (out->length)
                strbuf_add_byte(out, '_');
            strbuf_add_str(out, word);
        }
        at = end == SIZE_MAX ? text.length : end + 1;
    }
    strbuf_release(&snake);
}

TableHint table_hint(const Analysis *a, const TargetModel *model, Str spelled)
{
    StrBuf words = {0};
    Confidence confidence = CONFIDENCE_LIKELY;
    TableHint hint = TABLE_HINT_NONE;
    telling_words(naming_part(spelled), &words);
    Str name = strbuf_str(&words);
    Sym sym = names_lookup(a->program->names, name);
    if (name.length && table_is_models(a, model, name, &confidence))
        hint = TABLE_HINT_MODEL;
    else if (sym && map_get(&a->program->classes_by_table, sym))
        hint = TABLE_HINT_OTHER;
    strbuf_release(&words);
    return hint;
}
