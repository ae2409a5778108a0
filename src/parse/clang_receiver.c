/*
 * Reading backwards over tokens. Leaning: a name is marked as the model's
 * whenever it follows the model's name within a declaration or bracket, whether
 * or not it is declared there; it is marked as another's only next to its type.
 */
#include "parse/clang_receiver.h"

#include <ctype.h>

static bool is(const CToken *token, const char *text)
{
    return token->kind == C_PUNCTUATION && str_eq_c(token->text, text);
}

/* Words that may stand before a name without being its type. */
static bool is_keyword(Str word)
{
    static const char *const words[] = {
        "return",   "else",     "goto",      "case",      "sizeof",    "struct",   "union",
        "enum",     "do",       "typedef",   "extern",    "static",    "register", "inline",
        "define",   "if",       "while",     "for",       "switch",    "const",    "volatile",
        "default",  "break",    "continue",  "_Generic",  "class",     "template", "typename",
        "using",    "namespace", "new",      "delete",    "throw",     "public",   "private",
        "protected", "virtual", "explicit",  "friend",    "constexpr", "noexcept", "override",
        "final",    "mutable",  "operator",  "co_return", "co_await",  "co_yield", "try",
        "catch",    "restrict", "__restrict"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_c(word, words[i]))
            return true;
    return false;
}

/* What is declared so may be anything: the names count as the model's. */
static bool is_deduced(Str word)
{
    return str_eq_c(word, "auto") || str_eq_c(word, "__auto_type") || str_eq_c(word, "typeof") ||
           str_eq_c(word, "__typeof__") || str_eq_c(word, "decltype");
}

static bool is_builtin(Str word)
{
    static const char *const words[] = {"int",    "char",   "long", "short",  "unsigned", "signed",
                                        "float",  "double", "bool", "void",   "_Bool",    "u_int",
                                        "u_char", "u_long", "FILE", "wchar_t"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_c(word, words[i]))
            return true;
    return str_ends(word, "_t");
}

static bool is_tag(Str word)
{
    return str_eq_c(word, "struct") || str_eq_c(word, "class") || str_eq_c(word, "union") ||
           str_eq_c(word, "enum");
}

static bool is_qualifier(Str word)
{
    return str_eq_c(word, "const") || str_eq_c(word, "volatile") || str_eq_c(word, "restrict") ||
           str_eq_c(word, "__restrict");
}

/* --- declarations --- */

enum { USE_PARAMETER = 1 << 8 }; /* with C_NAME_UNCLEAR: the type is a template's parameter */

typedef struct NamesReader {
    CNames *names;
    Names *syms;
    const CTypes *types;
    bool model;   /* after the model's name, until the declaration or bracket ends */
    size_t depth; /* brackets opened since */
    size_t inner; /* depth of brackets that hold parameters or arguments, not declared names; or 0 */
    unsigned use;      /* what the last word says of the next one as its type; 0: nothing */
    unsigned list_use; /* in `T a, b`: the same for names after a comma; 0: no list */
    size_t list_depth;
    bool standard; /* after `std::` */
    Map parameters; /* of templates */
} NamesReader;

static void mark(NamesReader *reader, Str name, unsigned use)
{
    Sym sym = names_intern(reader->syms, name);
    uint64_t *known = map_get(&reader->names->uses, sym);
    use &= C_NAME_MODEL | C_NAME_OTHER | C_NAME_UNCLEAR;
    map_put(&reader->names->uses, sym, (known ? *known : 0) | use);
}

static bool starts_model(const NamesReader *reader, Str word)
{
    return reader->types->is_model(reader->types->context, word) || is_deduced(word);
}

/* What a word says of the name that follows it. */
static unsigned use_after(const NamesReader *reader, const CToken *token, const CToken *before)
{
    if (is_keyword(token->text) || (reader->model && !reader->inner))
        return 0;
    if (token->in_define)
        return C_NAME_UNCLEAR;
    if (map_get(&reader->parameters, names_intern(reader->syms, token->text)))
        return C_NAME_UNCLEAR | USE_PARAMETER;
    bool known = is_tag(before->text) || is_builtin(token->text) || reader->standard ||
                 reader->types->is_known(reader->types->context, token->text);
    return known ? C_NAME_OTHER : C_NAME_UNCLEAR;
}

static void read_word(NamesReader *reader, const CToken *token, const CToken *before)
{
    bool keyword = is_keyword(token->text);
    bool after_comma = is(before, ",") || is(before, "*") || is(before, "&");
    if (reader->model && !reader->inner && !keyword)
        mark(reader, token->text, C_NAME_MODEL);
    if (starts_model(reader, token->text)) {
        reader->model = true;
        reader->depth = reader->inner = 0;
        reader->use = reader->list_use = 0;
    } else if (reader->use && !keyword) {
        mark(reader, token->text, reader->use);
        reader->list_use = reader->use;
        reader->list_depth = 0;
    } else if (reader->list_use && reader->list_depth == 0 && after_comma && !keyword) {
        mark(reader, token->text, reader->list_use);
    }
    if (!is_qualifier(token->text))
        reader->use = use_after(reader, token, before);
}

/* `(` after a name opens parameters: `struct model *find(int x)`. A macro may declare what is in it. */
static bool opens_arguments(const NamesReader *reader, const CToken *before, const CToken *next)
{
    return before->kind == C_WORD && !is(next, "*") &&
           !reader->types->is_macro(reader->types->context, before->text);
}

/* After `T *a,`: does `*b` or `b,` follow, and not another type? */
static bool continues_list(const CToken *next, const CToken *after)
{
    static const char *const ends[] = {",", ";", "=", "[", ")", ":"};
    bool ended = false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        ended = ended || is(after, ends[i]);
    return is(next, "*") || (next->kind == C_WORD && ended);
}

/* Where the model's name stops to speak for the names that follow. */
static void read_model_mark(NamesReader *reader, const CToken *token, const CToken *before,
                            const CToken *next)
{
    if (is(token, "(") && !reader->inner && opens_arguments(reader, before, next))
        reader->inner = reader->depth + 1;
    if (is(token, ")") && reader->inner == reader->depth)
        reader->inner = 0;
    if (is(token, ",") && reader->depth == 0 && !continues_list(next, next + 1))
        reader->model = false;
}

static void read_mark(NamesReader *reader, const CToken *token)
{
    bool open = is(token, "(") || is(token, "["), close = is(token, ")") || is(token, "]");
    bool end = is(token, ";") || is(token, "{") || is(token, "}");
    if (close && reader->depth == 0)
        reader->model = false;
    if (close && reader->list_depth == 0)
        reader->list_use = 0;
    reader->depth += open;
    reader->list_depth += open;
    reader->depth -= close && reader->depth > 0;
    reader->list_depth -= close && reader->list_depth > 0;
    if (end) {
        reader->model = false;
        reader->list_use = 0;
    }
    if (is(token, ">"))
        reader->use = C_NAME_UNCLEAR; /* Type<...> name */
    else if (!is(token, "*") && !is(token, "&"))
        reader->use = 0;
}

/* Is the next word a template's parameter: `<class T`, `, typename T`? */
static bool is_parameter(const CToken *before, const CToken *earlier)
{
    bool word = str_eq_c(before->text, "class") || str_eq_c(before->text, "typename");
    return word && (is(earlier, "<") || is(earlier, ","));
}

void c_names_read(CNames *names, Str text, Names *syms, const CTypes *types)
{
    NamesReader reader = {.names = names, .syms = syms, .types = types};
    CTokens tokens = {0};
    CToken before = {0};
    c_tokens(text, &tokens);
    for (size_t i = 0; i < tokens.count; i++) {
        const CToken *token = &tokens.items[i];
        if (before.in_define && !token->in_define) {
            reader.model = false;
            reader.use = reader.list_use = 0;
        }
        if (token->kind == C_WORD && i > 1 && is_parameter(&before, &tokens.items[i - 2]))
            map_put(&reader.parameters, names_intern(syms, token->text), 1);
        reader.standard = i > 1 && is(&before, "::") && str_eq_c(tokens.items[i - 2].text, "std");
        if (token->kind == C_WORD)
            read_word(&reader, token, &before);
        else if (reader.model)
            read_model_mark(&reader, token, &before, token + 1);
        if (token->kind != C_WORD)
            read_mark(&reader, token);
        bool twice = is(token, "&") && is(&before, "&");
        if (twice && !(reader.use & USE_PARAMETER))
            reader.use = 0; /* "and": T&& makes a name unclear only where T may be deduced */
        before = *token;
    }
    array_release(&tokens);
    map_release(&reader.parameters);
}

void c_names_release(CNames *names)
{
    map_release(&names->uses);
}

/* Is tokens[i], in a typedef, the new name: `x;`, `x,`, `x[` or `(*x)`? */
static bool is_new_name(const CTokens *tokens, size_t i, size_t depth)
{
    if (i < 2 || i + 1 >= tokens->count)
        return false;
    const CToken *next = &tokens->items[i + 1];
    if (depth == 0)
        return is(next, ";") || is(next, ",") || is(next, "[");
    return depth == 1 && is(&tokens->items[i - 1], "*") && is(&tokens->items[i - 2], "(") &&
           is(next, ")");
}

/* `using name = type;` */
static size_t read_using(const CTokens *tokens, size_t at, CNameTest is_model, CNameFound found,
                         void *context)
{
    size_t i = at;
    bool mentions = false;
    for (; i < tokens->count && !is(&tokens->items[i], ";"); i++)
        mentions = mentions || (i > at + 1 && tokens->items[i].kind == C_WORD &&
                                is_model(context, tokens->items[i].text));
    if (mentions && is(&tokens->items[at + 1], "="))
        found(context, tokens->items[at].text);
    return i;
}

/* One typedef, up to its semicolon; what is in braces is passed over. */
static size_t read_typedef(const CTokens *tokens, size_t at, CNameTest is_model, CNameFound found,
                           void *context)
{
    size_t braces = 0, depth = 0, i = at;
    bool mentions = false;
    for (; i < tokens->count && (braces > 0 || !is(&tokens->items[i], ";")); i++) {
        const CToken *token = &tokens->items[i];
        braces += is(token, "{");
        braces -= is(token, "}") && braces > 0;
        depth += is(token, "(");
        depth -= is(token, ")") && depth > 0;
        if (braces > 0 || token->kind != C_WORD)
            continue;
        if (mentions && is_new_name(tokens, i, depth))
            found(context, token->text);
        mentions = mentions || (depth == 0 && is_model(context, token->text));
    }
    return i;
}

void c_aliases(Str text, CNameTest is_model, CNameFound found, void *context)
{
    CTokens tokens = {0};
    c_tokens(text, &tokens);
    for (size_t i = 0; i < tokens.count; i++)
        if (str_eq_c(tokens.items[i].text, "typedef"))
            i = read_typedef(&tokens, i + 1, is_model, found, context);
        else if (str_eq_c(tokens.items[i].text, "using") && i + 2 < tokens.count)
            i = read_using(&tokens, i + 1, is_model, found, context);
    array_release(&tokens);
}

static bool is_anything(const void *context, Str name)
{
    (void)context;
    return name.length > 0;
}

void c_types(Str text, CNameFound found, void *context)
{
    CTokens tokens = {0};
    c_tokens(text, &tokens);
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        const CToken *token = &tokens.items[i];
        bool parameter = i > 0 && (is(&tokens.items[i - 1], "<") || is(&tokens.items[i - 1], ","));
        if (token->kind != C_WORD || token->in_define || parameter)
            continue;
        if (is_tag(token->text) && tokens.items[i + 1].kind == C_WORD &&
            !is_tag(tokens.items[i + 1].text))
            found(context, tokens.items[i + 1].text);
    }
    array_release(&tokens);
    c_aliases(text, is_anything, found, context);
}

/* `class Model {`, `struct Model : Base`, `class Model final` */
static bool is_class_head(const CTokens *tokens, size_t i)
{
    const CToken *next = &tokens->items[i + 1];
    return i > 0 && is_tag(tokens->items[i - 1].text) &&
           (is(next, "{") || is(next, ":") || next->kind == C_WORD);
}

/* `Model::method(`, `Model::~Model(`, `Model::operator` */
static bool is_method_name(const CTokens *tokens, size_t i)
{
    if (!is(&tokens->items[i + 1], "::") || i + 3 >= tokens->count)
        return false;
    const CToken *name = &tokens->items[i + 2];
    return name->kind != C_WORD || is(name + 1, "(") || str_eq_c(name->text, "operator");
}

bool c_is_inside(Str text, const CTypes *types)
{
    CTokens tokens = {0};
    bool inside = false;
    c_tokens(text, &tokens);
    for (size_t i = 0; i < tokens.count && !inside; i++) {
        const CToken *token = &tokens.items[i], *next = token + 1;
        if (token->kind != C_WORD || !types->is_model(types->context, token->text))
            continue;
        inside = token->in_define || is(next, "<") || is_class_head(&tokens, i) ||
                 is_method_name(&tokens, i);
    }
    array_release(&tokens);
    return inside;
}

/* --- receivers --- */

/* The token before the bracket that tokens[at] closes; SIZE_MAX when there is none. */
static size_t before_brackets(const CTokens *tokens, size_t at)
{
    size_t depth = 0;
    for (size_t i = at + 1; i > 0; i--) {
        const CToken *token = &tokens->items[i - 1];
        depth += is(token, ")") || is(token, "]") || is(token, "}");
        if (is(token, "(") || is(token, "[") || is(token, "{"))
            depth--;
        if (depth == 0)
            return i >= 2 ? i - 2 : SIZE_MAX;
    }
    return SIZE_MAX;
}

static bool name_is_other(const CToken *token, const CScope *scope)
{
    if (token->kind != C_WORD || is_keyword(token->text) || token->in_define ||
        scope->is_macro(scope->context, token->text) ||
        scope->is_model(scope->context, token->text))
        return false;
    return scope->uses(scope->context, token->text) == C_NAME_OTHER;
}

/* `x = {` or `x[] = {`: what is declared there? */
static bool variable_is_other(const CTokens *tokens, size_t equals, bool element,
                              const CScope *scope)
{
    size_t at = equals > 0 ? equals - 1 : SIZE_MAX;
    bool array = false;
    while (at != SIZE_MAX && is(&tokens->items[at], "]")) {
        at = before_brackets(tokens, at);
        array = true;
    }
    return at != SIZE_MAX && array == element && name_is_other(&tokens->items[at], scope);
}

/* `(struct x){`: is another type written there, and nothing else? */
static bool cast_is_other(const CTokens *tokens, size_t close, const CScope *scope)
{
    size_t before = before_brackets(tokens, close);
    size_t words = 0;
    for (size_t i = before == SIZE_MAX ? 1 : before + 2; i < close; i++) {
        const CToken *token = &tokens->items[i];
        if (token->kind != C_WORD || token->in_define ||
            scope->is_macro(scope->context, token->text) ||
            scope->is_model(scope->context, token->text))
            return false;
        words++;
    }
    return words > 0;
}

/* The open brace that tokens[at] is directly inside of; SIZE_MAX when anything else comes first. */
static size_t enclosing_brace(const CTokens *tokens, size_t at)
{
    size_t depth = 0;
    for (size_t i = at + 1; i > 0; i--) {
        const CToken *token = &tokens->items[i - 1];
        bool open = is(token, "(") || is(token, "[") || is(token, "{");
        if (token->in_define || is(token, ";") || (open && depth == 0 && !is(token, "{")))
            return SIZE_MAX;
        if (open && depth == 0)
            return i - 1;
        depth += is(token, ")") || is(token, "]") || is(token, "}");
        depth -= open;
    }
    return SIZE_MAX;
}

/* `.f` after `{` or `,` names a member of what the braces initialize. */
static bool designator_is_other(const CTokens *tokens, size_t at, const CScope *scope)
{
    size_t brace = enclosing_brace(tokens, at);
    if (brace == SIZE_MAX || brace == 0)
        return false;
    const CToken *before = &tokens->items[brace - 1];
    if (is(before, "="))
        return variable_is_other(tokens, brace - 1, false, scope);
    if (is(before, ")"))
        return cast_is_other(tokens, brace - 1, scope);
    if (!is(before, "{") && !is(before, ","))
        return false;
    size_t outer = enclosing_brace(tokens, brace - 1); /* an element of an array? */
    return outer != SIZE_MAX && outer > 0 && is(&tokens->items[outer - 1], "=") &&
           variable_is_other(tokens, outer - 1, true, scope);
}

bool c_receiver_is_other(const CTokens *before, const CScope *scope)
{
    if (before->count < 2)
        return false;
    size_t at = before->count - 2;
    if (before->items[at].in_define)
        return false;
    if (is(&before->items[at], "{") || is(&before->items[at], ","))
        return designator_is_other(before, at, scope);
    while (at != SIZE_MAX && is(&before->items[at], "]"))
        at = before_brackets(before, at);
    if (at != SIZE_MAX && is(&before->items[at], ")")) {
        at = before_brackets(before, at); /* a call: what does the function return? */
        if (at != SIZE_MAX && before->items[at].kind != C_WORD)
            return false;
    }
    return at != SIZE_MAX && name_is_other(&before->items[at], scope);
}
