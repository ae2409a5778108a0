/*
 * Names first, declarations second: nearly every member reference of a unit is
 * dropped by comparing its name, and only the rest is asked for its owner.
 * A typedef's name is a name of the type too, but a declaration does not know
 * its typedefs; they are collected once per unit from the top-level declarations.
 */
#include "clang/wanted.h"

#include "parse/clang_names.h"

enum { MAX_PARTS = 16 };

static bool is_separator(const char *at)
{
    return *at == ':' || *at == '.' || *at == '#';
}

static const char *without_keyword(const char *text)
{
    static const char *const keywords[] = {"struct ", "class ", "union ", "enum "};
    while (*text == ' ')
        text++;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (strncmp(text, keywords[i], strlen(keywords[i])) == 0)
            return text + strlen(keywords[i]);
    return text;
}

void wanted_add_model(Wanted *wanted, const char *text)
{
    WantedModel model = {0};
    strbuf_add_c(&model.text, without_keyword(text));
    const char *at = model.text.data;
    while (*at && model.part_count < MAX_PARTS) {
        while (is_separator(at))
            at++;
        const char *start = at;
        while (*at && !is_separator(at))
            at++;
        if (at > start)
            model.parts[model.part_count++] = str_trim((Str){start, (size_t)(at - start)});
    }
    array_push(&wanted->models, model);
}

static char *copy_of(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(mem_alloc(size), text, size);
}

void wanted_add_field(Wanted *wanted, const char *name)
{
    if (wanted->models.count == 0)
        return;
    array_push(&wanted->fields, ((WantedField){copy_of(name), wanted->models.count - 1}));
    wanted_add_word(wanted, name);
}

void wanted_add_word(Wanted *wanted, const char *word)
{
    array_push(&wanted->words, copy_of(word));
}

void wanted_add_macro(Wanted *wanted, const char *name)
{
    array_push(&wanted->macros, copy_of(name));
    wanted_add_word(wanted, name);
}

bool wanted_is_macro(const Wanted *wanted, Str name)
{
    for (size_t i = 0; i < wanted->macros.count; i++)
        if (str_eq_c(name, wanted->macros.items[i]))
            return true;
    return false;
}

void wanted_allow_accessors(Wanted *wanted)
{
    if (wanted->models.count)
        wanted->models.items[wanted->models.count - 1].accessors = true;
}

void wanted_release(Wanted *wanted)
{
    for (size_t i = 0; i < wanted->models.count; i++)
        strbuf_release(&wanted->models.items[i].text);
    for (size_t i = 0; i < wanted->fields.count; i++)
        free(wanted->fields.items[i].name);
    for (size_t i = 0; i < wanted->words.count; i++)
        free(wanted->words.items[i]);
    for (size_t i = 0; i < wanted->macros.count; i++)
        free(wanted->macros.items[i]);
    array_release(&wanted->models);
    array_release(&wanted->fields);
    array_release(&wanted->words);
    array_release(&wanted->macros);
    array_release(&wanted->verdicts);
    array_release(&wanted->aliases);
}

bool wanted_names(const Wanted *wanted, const char *name)
{
    for (size_t i = 0; i < wanted->fields.count; i++)
        if (strcmp(wanted->fields.items[i].name, name) == 0)
            return true;
    return false;
}

bool wanted_in_text(const Wanted *wanted, Str text)
{
    for (size_t i = 0; i < wanted->words.count; i++)
        if (clang_has_word(text, str_of(wanted->words.items[i])))
            return true;
    return false;
}

static bool cursor_is_named(CXCursor cursor, Str name)
{
    CXString spelling = clang_getCursorSpelling(cursor);
    bool same = str_eq(str_of(clang_getCString(spelling)), name);
    clang_disposeString(spelling);
    return same;
}

static bool is_scope(CXCursor cursor)
{
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    return kind != CXCursor_TranslationUnit && kind != CXCursor_LinkageSpec &&
           !clang_isInvalid(kind) && !clang_Cursor_isNull(cursor);
}

/* Do the names of `cursor` and of its scopes end in the model's? Inline namespaces may be left out. */
static bool scope_matches(const WantedModel *model, CXCursor cursor)
{
    size_t left = model->part_count;
    if (left == 0 || !cursor_is_named(cursor, model->parts[--left]))
        return false;
    for (CXCursor up = clang_getCursorSemanticParent(cursor); left > 0 && is_scope(up);
         up = clang_getCursorSemanticParent(up)) {
        if (cursor_is_named(up, model->parts[left - 1]))
            left--;
        else if (!clang_Cursor_isInlineNamespace(up) && !clang_Cursor_isAnonymous(up))
            return false;
    }
    return left == 0;
}

static enum CXChildVisitResult visit_alias(CXCursor cursor, CXCursor parent, CXClientData data)
{
    Wanted *wanted = data;
    (void)parent;
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    if (kind == CXCursor_Namespace || kind == CXCursor_LinkageSpec)
        return CXChildVisit_Recurse; /* libclang keeps its own work list */
    if (kind != CXCursor_TypedefDecl && kind != CXCursor_TypeAliasDecl)
        return CXChildVisit_Continue;
    for (size_t i = 0; i < wanted->models.count; i++) {
        if (!scope_matches(&wanted->models.items[i], cursor))
            continue;
        CXCursor record = wanted_record_of(clang_getTypedefDeclUnderlyingType(cursor));
        array_push(&wanted->aliases, ((WantedAlias){record.data[0], i}));
    }
    return CXChildVisit_Continue;
}

static bool has_alias(const Wanted *wanted, size_t model, const void *record)
{
    for (size_t i = 0; i < wanted->aliases.count; i++)
        if (wanted->aliases.items[i].model == model && wanted->aliases.items[i].record == record)
            return true;
    return false;
}

bool wanted_is_model(Wanted *wanted, size_t model, CXCursor record)
{
    if (clang_Cursor_isNull(record) || clang_isInvalid(clang_getCursorKind(record)))
        return false;
    record = clang_getCanonicalCursor(record);
    const void *key = record.data[0];
    for (size_t i = model; i < wanted->verdicts.count; i += wanted->models.count)
        if (wanted->verdicts.items[i].key == key)
            return wanted->verdicts.items[i].matches;
    size_t first = wanted->verdicts.count;
    for (size_t i = 0; i < wanted->models.count; i++) {
        bool matches = scope_matches(&wanted->models.items[i], record) || has_alias(wanted, i, key);
        array_push(&wanted->verdicts, ((WantedVerdict){key, matches}));
    }
    return wanted->verdicts.items[first + model].matches;
}

CXCursor wanted_owner(CXCursor member)
{
    CXCursor owner = clang_getCursorSemanticParent(member);
    while (is_scope(owner) && clang_Cursor_isAnonymousRecordDecl(owner))
        owner = clang_getCursorSemanticParent(owner);
    return owner;
}

static CXType element_of(CXType type)
{
    switch (type.kind) {
    case CXType_Pointer:
    case CXType_LValueReference:
    case CXType_RValueReference:
        return clang_getPointeeType(type);
    case CXType_ConstantArray:
    case CXType_IncompleteArray:
    case CXType_VariableArray:
        return clang_getArrayElementType(type);
    default:
        return (CXType){.kind = CXType_Invalid};
    }
}

CXCursor wanted_record_of(CXType type)
{
    type = clang_getCanonicalType(type);
    for (CXType inner = element_of(type); inner.kind != CXType_Invalid; inner = element_of(type))
        type = clang_getCanonicalType(inner);
    CXCursor declaration = clang_getTypeDeclaration(type);
    return clang_getCanonicalCursor(declaration);
}

void wanted_begin_unit(Wanted *wanted, CXTranslationUnit unit)
{
    wanted->verdicts.count = 0;
    wanted->aliases.count = 0;
    clang_visitChildren(clang_getTranslationUnitCursor(unit), visit_alias, wanted);
}
