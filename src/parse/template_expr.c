/*
 * Operator precedence parsing with a stack of open operators and brackets, so
 * nesting costs no recursion. `current` is the operand read last; a frame takes
 * it as its next child, in the frame's role. The dialects (Django, Jinja, Twig,
 * Liquid) differ in few tokens and are read as one language; "is" tests come out
 * as a BINARY.
 *
 * Cost: linear in tokens. Limits: DEEPEST_FRAME open operators and brackets in
 * one expression; what is nested deeper is dropped from the facts.
 */
#include "parse/template_expr.h"

#include <string.h>

enum { DEEPEST_FRAME = 128, LONGEST_NAME = 512 };

/* Precedences; a filter, a member and brackets bind tighter than any. */
enum { BIND_PART, BIND_CHOICE, BIND_OR, BIND_AND, BIND_NOT, BIND_COMPARE, BIND_ADD, BIND_MULTIPLY };

typedef struct Frame {
    ExprId node;
    FactRole role;   /* of the child it waits for */
    int precedence;
    char closer;     /* of a bracket; 0 for an operator */
} Frame;

typedef struct Stack {
    Frame frames[DEEPEST_FRAME];
    size_t depth;
    ExprId current; /* 0: an operand is wanted */
    unsigned options;
} Stack;

void expr_init(ExprParser *parser, Str text)
{
    *parser = (ExprParser){.text = text};
}

void expr_release(ExprParser *parser)
{
    array_release(&parser->nodes);
}

void expr_region(ExprParser *parser, size_t start, size_t end)
{
    parser->at = start;
    parser->end = end;
    parser->nodes.count = 0;
    array_push(&parser->nodes, (ExprNode){0});
}

const ExprNode *expr_node(const ExprParser *parser, ExprId id)
{
    return &parser->nodes.items[id];
}

static ExprId new_node(ExprParser *parser, FactKind kind, size_t start, size_t end)
{
    array_push(&parser->nodes, ((ExprNode){.kind = kind,
                                           .start = start,
                                           .end = end,
                                           .at = start,
                                           .at_end = end}));
    return (ExprId)(parser->nodes.count - 1);
}

static ExprNode *node_of(ExprParser *parser, ExprId id)
{
    return &parser->nodes.items[id];
}

static void set_name(ExprParser *parser, ExprId id, Str name, size_t at)
{
    ExprNode *node = node_of(parser, id);
    node->name = name;
    node->at = at;
    node->at_end = at + name.length;
}

static void attach(ExprParser *parser, ExprId parent, ExprId child, FactRole role)
{
    ExprNode *nodes = parser->nodes.items;
    nodes[child].parent = parent;
    nodes[child].role = role;
    if (nodes[parent].last)
        nodes[nodes[parent].last].next = child;
    else
        nodes[parent].child = child;
    nodes[parent].last = child;
    if (nodes[parent].end < nodes[child].end)
        nodes[parent].end = nodes[child].end;
}

static Frame *top(Stack *stack)
{
    return stack->depth ? &stack->frames[stack->depth - 1] : NULL;
}

static bool push(Stack *stack, ExprId node, FactRole role, int precedence, char closer)
{
    if (stack->depth == DEEPEST_FRAME)
        return false;
    stack->frames[stack->depth++] = (Frame){node, role, precedence, closer};
    stack->current = 0;
    return true;
}

/* Gives the operand to operators that bind at least as tight as `precedence`. */
static void reduce(ExprParser *parser, Stack *stack, int precedence)
{
    for (Frame *frame = top(stack); frame && !frame->closer && frame->precedence >= precedence;
         frame = top(stack)) {
        if (stack->current)
            attach(parser, frame->node, stack->current, frame->role);
        stack->current = frame->node;
        stack->depth--;
    }
}

/* Inside a bracket: ends the part before a ",". */
static void end_part(ExprParser *parser, Stack *stack)
{
    reduce(parser, stack, BIND_PART);
    if (stack->current)
        attach(parser, top(stack)->node, stack->current, top(stack)->role);
    stack->current = 0;
}

static void close_bracket(ExprParser *parser, Stack *stack, size_t end, bool comma)
{
    end_part(parser, stack);
    Frame frame = stack->frames[--stack->depth];
    ExprNode *node = node_of(parser, frame.node);
    bool group = node->kind == FACT_LIST && frame.closer == ')';
    if (group && !comma && node->child && node->child == node->last) {
        stack->current = node->child; /* (x) is x */
        return;
    }
    node->end = end;
    stack->current = frame.node;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_literal(Str name)
{
    static const char *const WORDS[] = {"true", "false", "none", "null", "nil",
                                        "True", "False", "None", NULL};
    for (const char *const *word = WORDS; *word; word++) {
        if (str_eq_c(name, *word))
            return true;
    }
    return false;
}

static ExprId read_operand_word(ExprParser *parser, ExprToken token)
{
    if (token.kind == EXPR_STRING) {
        ExprId id = new_node(parser, FACT_STRING, token.start, token.end);
        set_name(parser, id, token.text, token.start + 1);
        return id;
    }
    if (token.kind == EXPR_NUMBER || is_literal(token.text))
        return new_node(parser, FACT_LITERAL, token.start, token.end);
    ExprId id = new_node(parser, FACT_NAME, token.start, token.end);
    set_name(parser, id, token.text, token.start);
    return id;
}

/* Opens the list, map or group that the operator begins, or a splat. */
static bool read_opening(ExprParser *parser, Stack *stack, ExprToken token)
{
    bool splat = (expr_token_is(token, "*") || expr_token_is(token, "**")) && stack->depth;
    if (splat)
        return push(stack, new_node(parser, FACT_SPLAT, token.start, token.end), ROLE_VALUE,
                    BIND_PART, 0);
    const char *opener = strchr("([{", token.text.data[0]);
    if (!opener || !*opener)
        return false;
    FactKind kind = *opener == '{' ? FACT_MAP : FACT_LIST;
    char closer = *opener == '(' ? ')' : *opener == '[' ? ']' : '}';
    return push(stack, new_node(parser, kind, token.start, token.end), ROLE_ELEMENT, 0, closer);
}

/* Where an operand is wanted. Returns false when the token cannot start one. */
static bool read_operand(ExprParser *parser, Stack *stack, ExprToken token)
{
    bool negation = expr_token_is(token, "not") || expr_token_is(token, "!");
    if (negation || expr_token_is(token, "-") || expr_token_is(token, "+")) {
        ExprId id = new_node(parser, FACT_UNARY, token.start, token.end);
        set_name(parser, id, token.text, token.start);
        return push(stack, id, ROLE_VALUE, negation ? BIND_NOT : BIND_MULTIPLY, 0);
    }
    if (token.kind == EXPR_OPERATOR)
        return read_opening(parser, stack, token);
    stack->current = read_operand_word(parser, token);
    return true;
}

/* A node of `kind` around the operand. */
static ExprId wrap(ExprParser *parser, Stack *stack, FactKind kind, FactRole role, size_t end)
{
    ExprId id = new_node(parser, kind, node_of(parser, stack->current)->start, end);
    attach(parser, id, stack->current, role);
    stack->current = id;
    return id;
}

/* ".name" or ".0" after the operand; token is the dot. */
static bool read_member(ExprParser *parser, Stack *stack, ExprToken token)
{
    size_t at = token.end, end = at;
    while (end < parser->end && byte_is_word((unsigned char)parser->text.data[end]))
        end++;
    if (end == at)
        return false;
    parser->at = end;
    Str name = str_slice(parser->text, at, end);
    if (is_digit(name.data[0])) {
        ExprId id = wrap(parser, stack, FACT_ELEMENT, ROLE_RECEIVER, end);
        attach(parser, id, new_node(parser, FACT_LITERAL, at, end), ROLE_INDEX);
    } else {
        set_name(parser, wrap(parser, stack, FACT_MEMBER, ROLE_RECEIVER, end), name, at);
    }
    return true;
}

/* "(" after the operand: the operand is called. */
static bool read_call(ExprParser *parser, Stack *stack)
{
    ExprNode *node = node_of(parser, stack->current);
    ExprId id = stack->current;
    if (node->kind == FACT_NAME || node->kind == FACT_MEMBER)
        node->kind = FACT_CALL;
    else
        id = wrap(parser, stack, FACT_CALL, ROLE_RECEIVER, node->end);
    return push(stack, id, ROLE_ARGUMENT, 0, ')');
}

/* A filter's argument without brackets (Django): a word and its members. */
static void read_filter_argument(ExprParser *parser, ExprId filter)
{
    expr_accept(parser, "-");
    ExprToken token = expr_peek(parser);
    if (token.kind == EXPR_END || token.kind == EXPR_OPERATOR)
        return;
    parser->at = token.end;
    Stack part = {.current = read_operand_word(parser, token)};
    for (ExprToken dot = expr_peek(parser); expr_token_is(dot, "."); dot = expr_peek(parser)) {
        if (!read_member(parser, &part, dot))
            break;
    }
    attach(parser, filter, part.current, ROLE_ARGUMENT);
}

/* "|name", "|name:argument", "|name(arguments)"; token is the bar. */
static bool read_filter(ExprParser *parser, Stack *stack, ExprToken token)
{
    parser->at = token.end;
    ExprToken name = expr_peek(parser);
    if (name.kind != EXPR_NAME)
        return false;
    parser->at = name.end;
    ExprId id = wrap(parser, stack, FACT_CALL, ROLE_ARGUMENT, name.end);
    set_name(parser, id, name.text, name.start);
    bool choosing = top(stack) && top(stack)->role == ROLE_THEN;
    while (!choosing && expr_accept(parser, ":"))
        read_filter_argument(parser, id);
    if (expr_accept(parser, "("))
        return push(stack, id, ROLE_ARGUMENT, 0, ')');
    return true;
}

static bool is_postfix(ExprToken token)
{
    return expr_token_is(token, ".") || expr_token_is(token, "?.") || expr_token_is(token, "|") ||
           expr_token_is(token, "(") || expr_token_is(token, "[");
}

/* What follows an operand and binds tightest. */
static bool read_postfix(ExprParser *parser, Stack *stack, ExprToken token)
{
    if (expr_token_is(token, ".") || expr_token_is(token, "?."))
        return read_member(parser, stack, token);
    if (expr_token_is(token, "|"))
        return read_filter(parser, stack, token);
    parser->at = token.end;
    if (expr_token_is(token, "("))
        return read_call(parser, stack);
    ExprId id = wrap(parser, stack, FACT_ELEMENT, ROLE_RECEIVER, token.end);
    return push(stack, id, ROLE_INDEX, 0, ']');
}

static int precedence_of(ExprToken token)
{
    static const struct {
        const char *text;
        int precedence;
    } OPERATORS[] = {
        {"or", BIND_OR},      {"||", BIND_OR},      {"??", BIND_OR},      {"and", BIND_AND},
        {"&&", BIND_AND},     {"in", BIND_COMPARE}, {"is", BIND_COMPARE}, {"not", BIND_COMPARE},
        {"==", BIND_COMPARE}, {"!=", BIND_COMPARE}, {"<>", BIND_COMPARE}, {"<", BIND_COMPARE},
        {">", BIND_COMPARE},  {"<=", BIND_COMPARE}, {">=", BIND_COMPARE},
        {"contains", BIND_COMPARE},
        {"~", BIND_ADD},      {"+", BIND_ADD},      {"-", BIND_ADD},      {"..", BIND_ADD},
        {"*", BIND_MULTIPLY}, {"/", BIND_MULTIPLY}, {"//", BIND_MULTIPLY}, {"%", BIND_MULTIPLY},
        {"**", BIND_MULTIPLY},
    };
    for (size_t i = 0; i < sizeof OPERATORS / sizeof *OPERATORS; i++) {
        if (expr_token_is(token, OPERATORS[i].text))
            return OPERATORS[i].precedence;
    }
    return -1;
}

/* "and", "==", "not in", "is not": the operand becomes the left side. */
static bool read_binary(ExprParser *parser, Stack *stack, ExprToken token, int precedence)
{
    size_t end = token.end;
    parser->at = end;
    if (expr_token_is(token, "not")) { /* not in */
        ExprToken in = expr_peek(parser);
        if (!expr_token_is(in, "in"))
            return false;
        parser->at = end = in.end;
    } else if (expr_token_is(token, "is") && expr_token_is(expr_peek(parser), "not")) {
        end = expr_next(parser).end;
    }
    reduce(parser, stack, precedence);
    ExprId id = wrap(parser, stack, FACT_BINARY, ROLE_LEFT, end);
    set_name(parser, id, str_slice(parser->text, token.start, end), token.start);
    return push(stack, id, ROLE_RIGHT, precedence, 0);
}

/* "x if c else y" and "c ? x : y". */
static bool read_choice(ExprParser *parser, Stack *stack, ExprToken token)
{
    bool question = expr_token_is(token, "?");
    if (question || expr_token_is(token, "if")) {
        reduce(parser, stack, BIND_CHOICE + 1);
        ExprId id = wrap(parser, stack, FACT_CHOICE, question ? ROLE_CONDITION : ROLE_THEN,
                         token.end);
        return push(stack, id, question ? ROLE_THEN : ROLE_CONDITION, BIND_CHOICE, 0);
    }
    reduce(parser, stack, BIND_CHOICE + 1);
    Frame *frame = top(stack);
    FactRole before = expr_token_is(token, "else") ? ROLE_CONDITION : ROLE_THEN;
    if (!frame || frame->closer || frame->precedence != BIND_CHOICE || frame->role != before)
        return false;
    attach(parser, frame->node, stack->current, before);
    frame->role = ROLE_ELSE;
    stack->current = 0;
    return true;
}

/* "name=" in a call, or anywhere under EXPR_KEYWORDS. */
static bool read_keyword(ExprParser *parser, Stack *stack)
{
    Frame *frame = top(stack);
    bool place = frame ? frame->closer && node_of(parser, frame->node)->kind == FACT_CALL
                       : (stack->options & EXPR_KEYWORDS) != 0;
    ExprNode *node = node_of(parser, stack->current);
    if (!place || node->kind != FACT_NAME)
        return false;
    node->kind = FACT_KEYWORD;
    return push(stack, stack->current, ROLE_VALUE, BIND_PART, 0);
}

/* The innermost open bracket, or NULL. */
static Frame *bracket_of(Stack *stack)
{
    for (size_t i = stack->depth; i > 0; i--) {
        if (stack->frames[i - 1].closer)
            return &stack->frames[i - 1];
    }
    return NULL;
}

/* ":" in a map or an index. */
static bool read_colon(ExprParser *parser, Stack *stack)
{
    Frame *bracket = bracket_of(stack);
    if (!bracket)
        return false;
    if (bracket->closer != '}') {
        end_part(parser, stack);
        return true;
    }
    reduce(parser, stack, BIND_PART);
    ExprNode key = *node_of(parser, stack->current);
    ExprId pair;
    if (key.kind == FACT_NAME || key.kind == FACT_STRING) {
        pair = new_node(parser, FACT_PAIR, key.start, key.end);
        set_name(parser, pair, key.name, key.at);
    } else {
        pair = wrap(parser, stack, FACT_PAIR, ROLE_KEY, key.end);
    }
    return push(stack, pair, ROLE_VALUE, BIND_PART, 0);
}

/* Tokens inside a bracket that end a part or the bracket. */
static bool read_separator(ExprParser *parser, Stack *stack, ExprToken token)
{
    Frame *bracket = bracket_of(stack);
    if (!bracket || token.kind != EXPR_OPERATOR || token.text.length != 1)
        return false;
    if (token.text.data[0] == ',') {
        end_part(parser, stack);
        return true;
    }
    if (token.text.data[0] == bracket->closer) {
        size_t before = token.start; /* of the byte before the bracket and blanks */
        while (before > 0 && (unsigned char)parser->text.data[before - 1] <= ' ')
            before--;
        close_bracket(parser, stack, token.end, before > 0 && parser->text.data[before - 1] == ',');
        return true;
    }
    return false;
}

/* After an operand. Returns false when the token cannot go on with the expression. */
static bool read_after(ExprParser *parser, Stack *stack, ExprToken token)
{
    int precedence = precedence_of(token);
    if (precedence >= 0)
        return read_binary(parser, stack, token, precedence);
    if (expr_token_is(token, "if") && (stack->options & EXPR_NO_IF) && !bracket_of(stack))
        return false;
    if (is_postfix(token))
        return read_postfix(parser, stack, token);
    parser->at = token.end;
    if (expr_token_is(token, "="))
        return read_keyword(parser, stack);
    if (expr_token_is(token, "if") || expr_token_is(token, "else") || expr_token_is(token, "?"))
        return read_choice(parser, stack, token);
    if (expr_token_is(token, ":"))
        return read_choice(parser, stack, token) || read_colon(parser, stack);
    return false;
}

/* Takes one token. Returns false at the end of the expression, with the token left unread. */
static bool step(ExprParser *parser, Stack *stack)
{
    ExprToken token = expr_peek(parser);
    if (token.kind == EXPR_END)
        return false;
    parser->at = token.end;
    if (read_separator(parser, stack, token))
        return true;
    if (stack->current ? read_after(parser, stack, token) : read_operand(parser, stack, token))
        return true;
    bool inside = bracket_of(stack) != NULL;
    bool operand = token.kind != EXPR_OPERATOR;
    if (inside && stack->current && operand) { /* "(a b)": as if a comma stood there */
        end_part(parser, stack);
        parser->at = token.start;
        return true;
    }
    if (inside) { /* not of the language: skipped */
        parser->at = token.end;
        return true;
    }
    parser->at = token.start;
    return false;
}

ExprId expr_parse(ExprParser *parser, unsigned options)
{
    Stack stack = {.options = options};
    while (step(parser, &stack)) {
    }
    while (stack.depth) {
        if (top(&stack)->closer)
            close_bracket(parser, &stack, parser->at, false);
        else
            reduce(parser, &stack, BIND_PART);
    }
    return stack.current;
}

static NodeId emit_one(const ExprNode *node, FactBuilder *builder, NodeId parent, FactRole role)
{
    NodeId id = fact_add(builder, parent, node->kind, role, (uint32_t)node->start,
                         (uint32_t)node->end);
    Node *fact = &builder->facts->nodes[id];
    fact->at = (uint32_t)node->at;
    fact->at_end = (uint32_t)node->at_end;
    fact->flags = FLAG_TEMPLATE;
    if (node->name.length && node->name.length <= LONGEST_NAME)
        fact->name = names_intern(builder->names, node->name);
    return id;
}

NodeId expr_emit(ExprParser *parser, ExprId id, FactBuilder *builder, NodeId parent, FactRole role)
{
    if (!id)
        return 0;
    NodeId outermost = emit_one(expr_node(parser, id), builder, parent, role);
    NodeId under = outermost;
    for (ExprId at = id; at;) {
        ExprId down = expr_node(parser, at)->child;
        while (!down && at != id) {
            down = expr_node(parser, at)->next;
            at = expr_node(parser, at)->parent;
            under = builder->facts->nodes[under].parent;
        }
        if (!down)
            break;
        under = emit_one(expr_node(parser, down), builder, under, expr_node(parser, down)->role);
        at = down;
    }
    return outermost;
}
