/*
 * One pass over the tags, with a stack of open blocks. Facts are appended under
 * the innermost block, so a template's nesting needs no recursion.
 *
 * The tag language is open: any library adds tags. So only tags that bind names
 * or branch are known here, by name; "if..." stands for all conditions
 * (ifchanged, ifhasperm), "end..." closes, and every other tag is a CALL whose
 * arguments are expressions.
 *
 * Cost: linear. Limits: blocks nested deeper than DEEPEST_BLOCK are read flat,
 * the first MOST_ARGUMENTS of a tag's arguments are kept.
 */
#include "parse/template_django.h"

#include "parse/template_expr.h"
#include "parse/template_tags.h"

#include <string.h>

enum {
    DEEPEST_BLOCK = 200,
    MOST_ARGUMENTS = 64,
    LONGEST_TEMPLATE = 1 << 30,
};

typedef struct Open {
    Str name;      /* of the tag: "if", "for", "with" */
    NodeId node;   /* takes ELSE blocks */
    NodeId parent; /* where facts go once it is closed */
} Open;

typedef struct Template {
    Str text;
    ExprParser expr;
    FactBuilder builder;
    NodeId parent; /* where facts go now */
    struct {
        ARRAY_OF(Open);
    } open;
    size_t depth; /* BLOCKs around `parent`: more than open.count after "elif" */
    Str skipping; /* name of the tag that opened text which is not read; or empty */
} Template;

typedef struct Tag {
    Str name;
    size_t start, end; /* with its "{%" and "%}" */
} Tag;

static NodeId add(Template *self, NodeId parent, FactKind kind, FactRole role, size_t start,
                  size_t end)
{
    NodeId id = fact_add(&self->builder, parent, kind, role, (uint32_t)start, (uint32_t)end);
    self->builder.facts->nodes[id].flags = FLAG_TEMPLATE;
    return id;
}

static void set_name(Template *self, NodeId id, Str name)
{
    Node *node = &self->builder.facts->nodes[id];
    node->name = names_intern(self->builder.names, name);
    node->at = (uint32_t)(name.data - self->text.data);
    node->at_end = node->at + (uint32_t)name.length;
}

static NodeId emit(Template *self, ExprId id, NodeId parent, FactRole role)
{
    return expr_emit(&self->expr, id, &self->builder, parent, role);
}

/* Opens a BLOCK under `node`, from `start` on; facts go there until the end tag. */
static void enter(Template *self, const Tag *tag, NodeId node, FactRole role, size_t start)
{
    array_push(&self->open, ((Open){tag->name, node, self->parent}));
    self->parent = add(self, node, FACT_BLOCK, role, start, tag->end);
    self->depth++;
}

/* Ends, at `end`, every node from the current block up to, not including, `parent`. */
static void leave(Template *self, NodeId parent, size_t end)
{
    Node *nodes = self->builder.facts->nodes;
    for (; self->parent != parent; self->parent = nodes[self->parent].parent) {
        Node *node = &nodes[self->parent];
        bool placed = node->at_end != node->end || node->at != node->start;
        node->end = (uint32_t)end;
        if (!placed)
            node->at_end = node->end;
        self->depth -= node->kind == FACT_BLOCK;
    }
}

static void close_to(Template *self, size_t count, size_t end)
{
    while (self->open.count > count) {
        self->open.count--;
        leave(self, self->open.items[self->open.count].parent, end);
    }
}

/* "endfor" closes the innermost "for", and what was left open in it. */
static void close_named(Template *self, Str name, size_t end)
{
    for (size_t i = self->open.count; i > 0; i--) {
        if (str_eq(self->open.items[i - 1].name, name)) {
            close_to(self, i - 1, end);
            return;
        }
    }
}

static bool can_nest(const Template *self)
{
    return self->depth < DEEPEST_BLOCK;
}

/* Emits each expression that is left in the tag; words of the tag language are passed over. */
static void emit_rest(Template *self, NodeId parent, FactRole role)
{
    while (expr_peek(&self->expr).kind != EXPR_END) {
        ExprId id = expr_parse(&self->expr, 0);
        if (id)
            emit(self, id, parent, role);
        else
            expr_next(&self->expr);
    }
}

static void read_if(Template *self, const Tag *tag)
{
    if (!can_nest(self)) {
        emit_rest(self, self->parent, ROLE_NONE);
        return;
    }
    NodeId node = add(self, self->parent, FACT_IF, ROLE_NONE, tag->start, tag->end);
    emit_rest(self, node, ROLE_CONDITION);
    enter(self, tag, node, ROLE_THEN, tag->end);
}

/* The innermost open block that takes "else", with what is open in it closed; or NULL. */
static Open *branch_of(Template *self, const Tag *tag)
{
    for (size_t i = self->open.count; i > 0; i--) {
        Node *node = &self->builder.facts->nodes[self->open.items[i - 1].node];
        if (node->kind != FACT_IF && node->kind != FACT_EACH)
            continue;
        close_to(self, i, tag->start);
        return &self->open.items[i - 1];
    }
    return NULL;
}

/* "else", "empty", "elif x" */
static void read_else(Template *self, const Tag *tag)
{
    Open *open = branch_of(self, tag);
    if (!open || !can_nest(self)) {
        emit_rest(self, self->parent, ROLE_NONE);
        return;
    }
    NodeId outer = open->parent, node = open->node;
    Node *nodes = self->builder.facts->nodes;
    while (self->parent != node) { /* ends the block before, keeping the IF open */
        nodes[self->parent].end = nodes[self->parent].at_end = (uint32_t)tag->start;
        self->parent = nodes[self->parent].parent;
    }
    self->parent = add(self, node, FACT_BLOCK, ROLE_ELSE, tag->start, tag->end);
    if (expr_peek(&self->expr).kind != EXPR_END) {
        node = add(self, self->parent, FACT_IF, ROLE_NONE, tag->start, tag->end);
        emit_rest(self, node, ROLE_CONDITION);
        self->parent = add(self, node, FACT_BLOCK, ROLE_THEN, tag->end, tag->end);
        self->depth++;
    }
    *open = (Open){open->name, node, outer};
}

/* Emits the names before "in" as the loop's TARGET. */
static void emit_targets(Template *self, NodeId each)
{
    ExprToken names[MOST_ARGUMENTS];
    size_t count = 0;
    while (expr_peek(&self->expr).kind != EXPR_END && !expr_accept(&self->expr, "in")) {
        ExprToken token = expr_next(&self->expr);
        if (token.kind == EXPR_NAME && count < MOST_ARGUMENTS)
            names[count++] = token;
    }
    NodeId parent = each;
    if (count > 1)
        parent = add(self, each, FACT_LIST, ROLE_TARGET, names[0].start, names[count - 1].end);
    for (size_t i = 0; i < count; i++) {
        NodeId name = add(self, parent, FACT_NAME, count > 1 ? ROLE_ELEMENT : ROLE_TARGET,
                          names[i].start, names[i].end);
        set_name(self, name, names[i].text);
    }
}

static void read_for(Template *self, const Tag *tag)
{
    if (!can_nest(self)) {
        emit_rest(self, self->parent, ROLE_NONE);
        return;
    }
    NodeId each = add(self, self->parent, FACT_EACH, ROLE_NONE, tag->start, tag->end);
    emit_targets(self, each);
    emit(self, expr_parse(&self->expr, EXPR_NO_IF), each, ROLE_SOURCE);
    enter(self, tag, each, ROLE_BODY, self->expr.at);
    while (expr_peek(&self->expr).kind != EXPR_END) {
        if (expr_accept(&self->expr, "if")) {
            NodeId filter = add(self, self->parent, FACT_IF, ROLE_NONE, self->expr.at, tag->end);
            emit(self, expr_parse(&self->expr, 0), filter, ROLE_CONDITION);
        } else {
            expr_next(&self->expr);
        }
    }
}

/* A VARIABLE called `name` whose VALUE is `value`. */
static void emit_variable(Template *self, Str name, ExprId value, NodeId parent)
{
    size_t at = (size_t)(name.data - self->text.data), start = at, end = at + name.length;
    if (value) {
        const ExprNode *node = expr_node(&self->expr, value);
        start = node->start < start ? node->start : start;
        end = node->end > end ? node->end : end;
    }
    NodeId variable = add(self, parent, FACT_VARIABLE, ROLE_NONE, start, end);
    set_name(self, variable, name);
    emit(self, value, variable, ROLE_VALUE);
}

static bool is_word(Str name, const char *const *words)
{
    for (; *words; words++) {
        if (str_eq_c(name, *words))
            return true;
    }
    return false;
}

/* Passes over words that only give a tag its form. */
static bool skip_form_word(Template *self)
{
    static const char *const WORDS[] = {"with",    "only",    "ignore", "missing", "without",
                                        "context", "count",   "and",    "trimmed", "noop",
                                        "asvar",   "reversed", NULL};
    ExprToken token = expr_peek(&self->expr);
    bool skipped = token.kind == EXPR_NAME && is_word(token.text, WORDS);
    if (skipped) {
        expr_next(&self->expr);
        if (expr_accept(&self->expr, "=") || expr_accept(&self->expr, ".")) {
            self->expr.at = token.start; /* a variable that is called so */
            return false;
        }
    }
    return skipped;
}

/* The bindings of "with": a=b.c d=e, and the older b.c as a. */
static void emit_bindings(Template *self, NodeId parent)
{
    while (expr_peek(&self->expr).kind != EXPR_END) {
        if (skip_form_word(self))
            continue;
        ExprId id = expr_parse(&self->expr, EXPR_KEYWORDS);
        if (!id) {
            expr_next(&self->expr);
            continue;
        }
        const ExprNode *node = expr_node(&self->expr, id);
        if (node->kind == FACT_KEYWORD) {
            emit_variable(self, node->name, node->child, parent);
        } else if (expr_accept(&self->expr, "as") && expr_peek(&self->expr).kind == EXPR_NAME) {
            emit_variable(self, expr_next(&self->expr).text, id, parent);
        } else {
            emit(self, id, parent, ROLE_NONE);
        }
    }
}

static void read_with(Template *self, const Tag *tag)
{
    if (!can_nest(self)) {
        emit_bindings(self, self->parent);
        return;
    }
    enter(self, tag, self->parent, ROLE_NONE, tag->start);
    emit_bindings(self, self->parent);
}

/* Expressions separated by commas: one as it is, several as a LIST. */
static void emit_list(Template *self, const ExprId *items, size_t count, NodeId parent,
                      FactRole role)
{
    if (count > 1) {
        parent = add(self, parent, FACT_LIST, role, expr_node(&self->expr, items[0])->start,
                     expr_node(&self->expr, items[count - 1])->end);
        role = ROLE_ELEMENT;
    }
    for (size_t i = 0; i < count; i++)
        emit(self, items[i], parent, role);
}

static size_t parse_list(Template *self, ExprId *items)
{
    size_t count = 0;
    do {
        ExprId id = expr_parse(&self->expr, 0);
        if (id && count < MOST_ARGUMENTS)
            items[count++] = id;
    } while (expr_accept(&self->expr, ","));
    return count;
}

/* {% set x = y.z %}; without "=" the block that follows is the value. */
static void read_set(Template *self, const Tag *tag)
{
    ExprId targets[MOST_ARGUMENTS], values[MOST_ARGUMENTS];
    size_t target_count = parse_list(self, targets), value_count = 0;
    if (expr_accept(&self->expr, "="))
        value_count = parse_list(self, values);
    NodeId assign = add(self, self->parent, FACT_ASSIGN, ROLE_NONE, tag->start, tag->end);
    emit_list(self, targets, target_count, assign, ROLE_TARGET);
    emit_list(self, values, value_count, assign, ROLE_VALUE);
}

/* {% macro f(x, y=z) %} */
static void read_macro(Template *self, const Tag *tag)
{
    ExprId header = expr_parse(&self->expr, 0);
    if (!header || !can_nest(self))
        return;
    NodeId function = add(self, self->parent, FACT_FUNCTION, ROLE_NONE, tag->start, tag->end);
    const ExprNode *call = expr_node(&self->expr, header);
    if (call->name.length)
        set_name(self, function, call->name);
    for (ExprId id = call->child; id;) {
        const ExprNode *node = expr_node(&self->expr, id);
        if (node->name.length && (node->kind == FACT_NAME || node->kind == FACT_KEYWORD)) {
            NodeId param = add(self, function, FACT_PARAM, ROLE_PARAM, node->start, node->end);
            set_name(self, param, node->name);
            emit(self, node->child, param, ROLE_VALUE);
        }
        id = expr_node(&self->expr, id)->next;
    }
    enter(self, tag, function, ROLE_BODY, tag->end);
}

/* {% call(item) f(x) %}: the call; the block it passes is read as plain content. */
static void read_call(Template *self, const Tag *tag)
{
    (void)tag;
    if (expr_accept(&self->expr, "(")) {
        while (expr_peek(&self->expr).kind != EXPR_END && !expr_accept(&self->expr, ")"))
            expr_next(&self->expr);
    }
    emit_rest(self, self->parent, ROLE_NONE);
}

typedef struct Arguments {
    ExprId items[MOST_ARGUMENTS];
    size_t count;
    Str path;  /* after "by": {% regroup xs by a.b as ys %} */
    Str alias; /* after "as" */
} Arguments;

/* The dotted path at the next token. */
static Str read_path(Template *self)
{
    ExprToken token = expr_next(&self->expr);
    while (expr_accept(&self->expr, "."))
        token.end = expr_next(&self->expr).end;
    return str_slice(self->text, token.start, token.end);
}

static void parse_arguments(Template *self, Arguments *arguments)
{
    while (expr_peek(&self->expr).kind != EXPR_END) {
        if (skip_form_word(self))
            continue;
        bool more = arguments->count > 0;
        if (more && expr_accept(&self->expr, "by")) {
            arguments->path = read_path(self);
        } else if (expr_accept(&self->expr, "as")) {
            ExprToken name = expr_next(&self->expr);
            arguments->alias = name.kind == EXPR_NAME ? name.text : (Str){0};
        } else {
            ExprId id = expr_parse(&self->expr, EXPR_KEYWORDS);
            if (id && arguments->count < MOST_ARGUMENTS)
                arguments->items[arguments->count++] = id;
            else if (!id)
                expr_next(&self->expr);
        }
    }
}

/* Any other tag is a call of its name. */
static void read_any(Template *self, const Tag *tag)
{
    Arguments arguments = {.count = 0};
    parse_arguments(self, &arguments);
    if (!arguments.count && !arguments.alias.length)
        return;
    NodeId parent = self->parent;
    FactRole role = ROLE_NONE;
    if (arguments.alias.length) {
        parent = add(self, parent, FACT_VARIABLE, role, tag->start, tag->end);
        set_name(self, parent, arguments.alias);
        role = ROLE_VALUE;
    }
    NodeId call = add(self, parent, FACT_CALL, role, tag->start, tag->end);
    set_name(self, call, tag->name);
    for (size_t i = 0; i < arguments.count; i++)
        emit(self, arguments.items[i], call, ROLE_ARGUMENT);
    if (arguments.path.length) {
        size_t start = (size_t)(arguments.path.data - self->text.data);
        NodeId path = add(self, call, FACT_STRING, ROLE_ARGUMENT, start,
                          start + arguments.path.length);
        set_name(self, path, arguments.path);
    }
}

/* {% from "x.html" import a %}: only the file's name is an expression. */
static void read_import(Template *self, const Tag *tag)
{
    NodeId call = add(self, self->parent, FACT_CALL, ROLE_NONE, tag->start, tag->end);
    set_name(self, call, tag->name);
    emit(self, expr_parse(&self->expr, 0), call, ROLE_ARGUMENT);
}

/* Names of tag libraries and of blocks are not expressions. */
static void read_nothing(Template *self, const Tag *tag)
{
    (void)self, (void)tag;
}

static void read_skipped(Template *self, const Tag *tag)
{
    self->skipping = tag->name;
}

/* Jinja's {% trans a=b.c %} opens a block; Django's {% trans "text" %} does not. */
static void read_trans(Template *self, const Tag *tag)
{
    size_t start = self->expr.at;
    bool binds = expr_next(&self->expr).kind == EXPR_NAME && expr_accept(&self->expr, "=");
    self->expr.at = start;
    if (binds)
        read_with(self, tag);
    else
        read_any(self, tag);
}

static const struct {
    const char *name;
    void (*read)(Template *, const Tag *);
} TAGS[] = {
    {"for", read_for},           {"else", read_else},
    {"empty", read_else},        {"elif", read_else},
    {"elseif", read_else},       {"elsif", read_else},
    {"unless", read_if},         {"with", read_with},
    {"blocktrans", read_with},   {"blocktranslate", read_with},
    {"trans", read_trans},       {"set", read_set},
    {"assign", read_set},        {"macro", read_macro},
    {"call", read_call},         {"from", read_import},
    {"import", read_import},     {"load", read_nothing},
    {"block", read_nothing},     {"comment", read_skipped},
    {"verbatim", read_skipped},  {"raw", read_skipped},
};

static void dispatch(Template *self, const Tag *tag)
{
    if (str_starts(tag->name, "end")) {
        close_named(self, str_slice(tag->name, 3, tag->name.length), tag->end);
        return;
    }
    for (size_t i = 0; i < sizeof TAGS / sizeof *TAGS; i++) {
        if (str_eq_c(tag->name, TAGS[i].name)) {
            TAGS[i].read(self, tag);
            return;
        }
    }
    if (str_starts(tag->name, "if"))
        read_if(self, tag);
    else
        read_any(self, tag);
}

/* Sets the expression region to what is inside a tag, without "-" and "+" at its ends. */
static void set_region(Template *self, const TagSpan *span)
{
    size_t start = span->start + 2, end = span->end - 2;
    bool trims = start < end && (self->text.data[start] == '-' || self->text.data[start] == '+');
    start += trims;
    if (end > start && self->text.data[end - 1] == '-')
        end--;
    expr_region(&self->expr, start, end);
}

static void read_tag(Template *self, const TagSpan *span)
{
    set_region(self, span);
    ExprToken word = expr_next(&self->expr);
    if (word.kind != EXPR_NAME)
        return;
    Tag tag = {.name = word.text, .start = span->start, .end = span->end};
    if (!self->skipping.length) {
        dispatch(self, &tag);
    } else if (str_starts(tag.name, "end") &&
               str_eq(str_slice(tag.name, 3, tag.name.length), self->skipping)) {
        self->skipping = (Str){0};
    }
}

ParseResult django_frontend_parse(Names *names, Str text, Facts *facts, Arena *arena)
{
    if (text.length >= LONGEST_TEMPLATE)
        return PARSE_FAILED;
    Template self = {.text = text};
    expr_init(&self.expr, text);
    fact_builder_init(&self.builder, facts, arena, names);
    self.parent = fact_add(&self.builder, 0, FACT_FILE, ROLE_NONE, 0, (uint32_t)text.length);
    TagScanner scanner = {.text = text};
    for (TagSpan span; tag_scanner_next(&scanner, &span);) {
        if (span.statement) {
            read_tag(&self, &span);
        } else if (!self.skipping.length) {
            set_region(&self, &span);
            emit_rest(&self, self.parent, ROLE_NONE);
        }
    }
    close_to(&self, 0, text.length);
    expr_release(&self.expr);
    array_release(&self.open);
    return PARSE_OK;
}
