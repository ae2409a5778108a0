/*
 * Filters run on a scratch buffer, one after the other; names are short, so
 * clarity wins over copying. Inflection is a list of suffix rules tried in
 * order, the same for every language that follows the English convention.
 */
#include "analyze/program/naming.h"

#include <ctype.h>
#include <string.h>

typedef struct SuffixRule {
    const char *from, *to;
} SuffixRule;

static const SuffixRule PLURALS[] = {
    {"person", "people"}, {"child", "children"}, {"woman", "women"},  {"man", "men"},
    {"news", "news"},     {"series", "series"},  {"species", "species"},
    {"equipment", "equipment"}, {"information", "information"},       {"data", "data"},
    {"datum", "data"},    {"medium", "media"},   {"quiz", "quizzes"}, {"ox", "oxen"},
    {"mouse", "mice"},    {"matrix", "matrices"}, {"vertex", "vertices"}, {"index", "indices"},
    {"status", "statuses"}, {"alias", "aliases"}, {"virus", "viri"},  {"bus", "buses"},
    {"axis", "axes"},     {"sis", "ses"},        {"ay", "ays"},       {"ey", "eys"},
    {"oy", "oys"},        {"uy", "uys"},         {"y", "ies"},        {"fe", "ves"},
    {"lf", "lves"},       {"rf", "rves"},        {"hero", "heroes"},  {"potato", "potatoes"},
    {"x", "xes"},         {"ch", "ches"},        {"sh", "shes"},      {"ss", "sses"},
    {"s", "s"},           {"z", "zes"},          {"", "s"},
};

static const SuffixRule SINGULARS[] = {
    {"people", "person"}, {"children", "child"}, {"women", "woman"},  {"men", "man"},
    {"news", "news"},     {"series", "series"},  {"species", "species"},
    {"statuses", "status"}, {"status", "status"}, {"aliases", "alias"}, {"buses", "bus"},
    {"quizzes", "quiz"},  {"indices", "index"},  {"vertices", "vertex"}, {"matrices", "matrix"},
    {"media", "medium"},  {"data", "data"},      {"mice", "mouse"},   {"oxen", "ox"},
    {"databases", "database"}, {"analyses", "analysis"}, {"crises", "crisis"},
    {"movies", "movie"},  {"cookies", "cookie"}, {"ies", "y"},        {"lves", "lf"},
    {"rves", "rf"},       {"ives", "ife"},       {"heroes", "hero"},  {"potatoes", "potato"},
    {"caches", "cache"},  {"xes", "x"},          {"ches", "ch"},      {"shes", "sh"},
    {"sses", "ss"},       {"zzes", "zz"},        {"ss", "ss"},        {"us", "us"},
    {"is", "is"},         {"s", ""},             {"", ""},
};

static bool ends_caseless(Str name, const char *suffix)
{
    size_t length = strlen(suffix);
    return name.length >= length &&
           strncasecmp(name.data + name.length - length, suffix, length) == 0;
}

static void inflect(Str name, const SuffixRule *rules, StrBuf *out)
{
    const SuffixRule *rule = rules;
    while (!ends_caseless(name, rule->from))
        rule++;
    size_t kept = name.length - strlen(rule->from);
    strbuf_add(out, name.data, kept);
    /* keep the case of the first replaced letter: Person -> People */
    const char *to = rule->to;
    if (*to && kept < name.length && isupper((unsigned char)name.data[kept]))
        strbuf_add_byte(out, (char)toupper((unsigned char)*to++));
    strbuf_add_c(out, to);
}

void name_plural(Str name, StrBuf *out)
{
    inflect(name, PLURALS, out);
}

void name_singular(Str name, StrBuf *out)
{
    inflect(name, SINGULARS, out);
}

void name_camel(Str name, bool first_upper, StrBuf *out)
{
    bool upper = first_upper;
    for (size_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        if (c == '_' || c == '-' || c == ' ') {
            upper = true;
        } else if (c == '/') {
            strbuf_add_c(out, "::");
            upper = true;
        } else {
            strbuf_add_byte(out, (char)(upper ? toupper((unsigned char)c) : c));
            upper = false;
        }
    }
    if (!first_upper && out->length && name.length && isupper((unsigned char)name.data[0])) {
        char *first = &out->data[out->length > name.length ? out->length - name.length : 0];
        *first = (char)tolower((unsigned char)*first);
    }
}

void name_snake(Str name, StrBuf *out)
{
    for (size_t i = 0; i < name.length; i++) {
        unsigned char c = (unsigned char)name.data[i];
        bool after_lower = i && (islower((unsigned char)name.data[i - 1]) ||
                                 isdigit((unsigned char)name.data[i - 1]));
        bool before_lower = i && isupper((unsigned char)name.data[i - 1]) && i + 1 < name.length &&
                            islower((unsigned char)name.data[i + 1]);
        if (isupper(c) && (after_lower || before_lower))
            strbuf_add_byte(out, '_');
        strbuf_add_byte(out, (char)(c == '-' || c == ' ' ? '_' : tolower(c)));
    }
}

bool name_is_plain_word(Str name)
{
    for (size_t i = 0; i < name.length; i++) {
        if (name.data[i] < 'a' || name.data[i] > 'z')
            return false;
    }
    return true;
}

bool name_ends_in(Str name, Str wanted)
{
    return str_eq(name, wanted) || str_eq(name_last(name), wanted);
}

Str name_last(Str name)
{
    for (size_t i = name.length; i > 0; i--) {
        char c = name.data[i - 1];
        if (c == '.' || c == ':' || c == '#' || c == '\\' || c == '/')
            return str_slice(name, i, name.length);
    }
    return name;
}

static void change_case(Str name, int (*change)(int), size_t count, StrBuf *out)
{
    for (size_t i = 0; i < name.length; i++)
        strbuf_add_byte(out, (char)(i < count ? change((unsigned char)name.data[i])
                                              : (unsigned char)name.data[i]));
}

static void add_path(Str name, StrBuf *out)
{
    size_t start = 0;
    for (;;) {
        size_t end = str_find(name, str_lit("::"), start);
        name_snake(str_slice(name, start, end), out);
        if (end == SIZE_MAX)
            return;
        strbuf_add_byte(out, '/');
        start = end + 2;
    }
}

/* order_id -> OrderID: camel case that keeps abbreviations in capitals, as Go's style asks. */
static void add_initials(Str name, StrBuf *out)
{
    static const char *const words[] = {"acl",  "api",  "ascii", "cpu",  "css", "db",   "dns",
                                        "eof",  "guid", "html",  "http", "id",  "https", "ip",
                                        "json", "qps",  "ram",   "rpc",  "sla", "smtp", "sql",
                                        "ssh",  "tcp",  "tls",   "ttl",  "udp", "ui",   "uid",
                                        "uuid", "uri",  "url",   "utf8", "vm",  "xml",  "xsrf"};
    for (size_t at = 0; at <= name.length;) {
        size_t end = str_find_byte(name, '_', at);
        Str word = str_slice(name, at, end);
        bool initials = false;
        for (size_t i = 0; i < sizeof words / sizeof *words && !initials; i++)
            initials = str_eq_c(word, words[i]);
        if (initials)
            change_case(word, toupper, word.length, out);
        else
            name_camel(word, true, out);
        at = end == SIZE_MAX ? name.length + 1 : end + 1;
    }
}

#define FILTERS(X)                                                                                 \
    X(camel) X(lcamel) X(snake) X(title) X(upper) X(lower) X(plural) X(singular) X(last) X(path) X(initials) X(stem) \
    X(unprefixed) X(bean)

typedef enum Filter {
#define X(name) FILTER_##name,
    FILTERS(X)
#undef X
    FILTER_COUNT
} Filter;

static const char *const FILTER_NAMES[] = {
#define X(name) #name,
    FILTERS(X)
#undef X
};

static Filter filter_parse(Str name)
{
    for (int i = 0; i < FILTER_COUNT; i++) {
        if (str_eq_c(name, FILTER_NAMES[i]))
            return (Filter)i;
    }
    return FILTER_COUNT;
}

/* OrderSerializer -> Order: all but the last capitalised word. */
static Str without_last_word(Str value)
{
    size_t end = value.length;
    while (end > 0 && !isupper((unsigned char)value.data[end - 1]))
        end--;
    return str_slice(value, 0, end ? end - 1 : 0);
}

/* WP_Post -> Post: without the prefix that stands for a namespace. */
static Str without_prefix(Str value)
{
    size_t bar = str_find_byte(value, '_', 0);
    bool prefix = bar != SIZE_MAX && bar + 1 < value.length &&
                  isupper((unsigned char)value.data[bar + 1]);
    return prefix ? str_slice(value, bar + 1, value.length) : value;
}

/* isActive -> Active: a property's name, when its field is called like its getter. */
static Str without_is(Str value)
{
    bool getter = value.length > 2 && str_starts(value, "is") && isupper((unsigned char)value.data[2]);
    return getter ? str_slice(value, 2, value.length) : value;
}

static void apply(Filter filter, Str value, StrBuf *out)
{
    switch (filter) {
    case FILTER_camel: name_camel(value, true, out); break;
    case FILTER_lcamel: name_camel(value, false, out); break;
    case FILTER_snake: name_snake(value, out); break;
    case FILTER_title: change_case(value, toupper, 1, out); break;
    case FILTER_upper: change_case(value, toupper, value.length, out); break;
    case FILTER_lower: change_case(value, tolower, value.length, out); break;
    case FILTER_plural: name_plural(value, out); break;
    case FILTER_singular: name_singular(value, out); break;
    case FILTER_last: strbuf_add_str(out, name_last(value)); break;
    case FILTER_path: add_path(value, out); break;
    case FILTER_initials: add_initials(value, out); break;
    case FILTER_stem: strbuf_add_str(out, without_last_word(value)); break;
    case FILTER_unprefixed: strbuf_add_str(out, without_prefix(value)); break;
    case FILTER_bean: strbuf_add_str(out, without_is(value)); break;
    case FILTER_COUNT: strbuf_add_str(out, value); break;
    }
}

/* Expands one "{name|filter|filter}"; `inside` is the text between the braces. */
static bool expand_variable(Str inside, TemplateLookup lookup, void *context, StrBuf *out)
{
    size_t bar = str_find_byte(inside, '|', 0);
    Str value;
    if (!lookup(context, str_slice(inside, 0, bar), &value))
        return false;
    StrBuf one = {0}, two = {0};
    strbuf_add_str(&one, value);
    while (bar != SIZE_MAX) {
        size_t next = str_find_byte(inside, '|', bar + 1);
        strbuf_clear(&two);
        strbuf_reserve(&two, 1);
        apply(filter_parse(str_slice(inside, bar + 1, next)), strbuf_str(&one), &two);
        StrBuf swap = one;
        one = two;
        two = swap;
        bar = next;
    }
    strbuf_add_str(out, strbuf_str(&one));
    strbuf_release(&one);
    strbuf_release(&two);
    return true;
}

bool template_expand(Str text, TemplateLookup lookup, void *context, StrBuf *out)
{
    size_t before = out->length, at = 0;
    while (at < text.length) {
        size_t open = str_find_byte(text, '{', at);
        size_t close = open == SIZE_MAX ? SIZE_MAX : str_find_byte(text, '}', open);
        strbuf_add_str(out, str_slice(text, at, close == SIZE_MAX ? text.length : open));
        if (close == SIZE_MAX)
            return true;
        if (!expand_variable(str_slice(text, open + 1, close), lookup, context, out)) {
            out->length = before;
            if (out->data)
                out->data[before] = '\0';
            return false;
        }
        at = close + 1;
    }
    return true;
}

bool template_check(Str text, Str *bad)
{
    for (size_t at = 0; at < text.length;) {
        size_t open = str_find_byte(text, '{', at);
        if (open == SIZE_MAX)
            return true;
        size_t close = str_find_byte(text, '}', open);
        *bad = str_slice(text, open, close);
        if (close == SIZE_MAX)
            return false;
        Str inside = str_slice(text, open + 1, close);
        size_t bar = str_find_byte(inside, '|', 0);
        while (bar != SIZE_MAX) {
            size_t next = str_find_byte(inside, '|', bar + 1);
            *bad = str_slice(inside, bar + 1, next);
            if (filter_parse(*bad) == FILTER_COUNT)
                return false;
            bar = next;
        }
        at = close + 1;
    }
    return true;
}
