/*
 * Parses with tree-sitter under a deadline, then walks the tree once with a
 * cursor and an explicit stack. Queries were the road not taken: seven patterns
 * cost a third of the parse, a whole walk half of that, and a query can hang the
 * runtime. Deep trees are cut at a level, so that hostile nesting costs its size
 * and nothing else; the parser is reset after every file that it did not finish.
 */
#include "parse/treesitter.h"

#include "parse/treesitter_walk.h"

#include <string.h>
#include <time.h>

typedef struct LanguageParser {
    const Lowering *lowering;
    TSParser *parser;
} LanguageParser;

struct TreeSitter {
    Names *names;
    struct {
        ARRAY_OF(LanguageParser);
    } parsers;
    Walk walk; /* keeps its stacks from file to file */
};

TreeSitter *treesitter_new(Names *names)
{
    TreeSitter *self = mem_alloc(sizeof *self);
    memset(self, 0, sizeof *self);
    self->names = names;
    return self;
}

void treesitter_free(TreeSitter *self)
{
    if (!self)
        return;
    for (size_t i = 0; i < self->parsers.count; i++)
        ts_parser_delete(self->parsers.items[i].parser);
    array_release(&self->parsers);
    array_release(&self->walk.frames);
    array_release(&self->walk.heredocs);
    free(self);
}

void treesitter_count(TreeSitter *self, uint32_t *hits)
{
    self->walk.hits = hits;
}

static TSParser *parser_for(TreeSitter *self, const Lowering *lowering)
{
    for (size_t i = 0; i < self->parsers.count; i++) {
        if (self->parsers.items[i].lowering == lowering)
            return self->parsers.items[i].parser;
    }
    TSParser *parser = ts_parser_new();
    if (!ts_parser_set_language(parser, lowering->grammar)) {
        ts_parser_delete(parser);
        return NULL;
    }
    array_push(&self->parsers, ((LanguageParser){lowering, parser}));
    return parser;
}

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool is_late(TSParseState *state)
{
    return now_ms() >= *(const uint64_t *)state->payload;
}

static const char *read_all(void *payload, uint32_t byte, TSPoint point, uint32_t *length)
{
    (void)point;
    const Str *text = payload;
    *length = byte < text->length ? (uint32_t)text->length - byte : 0;
    return *length ? text->data + byte : "";
}

static TSTree *parse(TSParser *parser, Str *text, uint64_t deadline)
{
    TSInput input = {.payload = text, .read = read_all, .encoding = TSInputEncodingUTF8};
    TSParseOptions options = {.payload = &deadline, .progress_callback = is_late};
    TSTree *tree = ts_parser_parse_with_options(parser, NULL, input, options);
    if (!tree)
        ts_parser_reset(parser);
    return tree;
}

/* Visits every node below the cursor's, which already has its frame. */
static ParseResult walk_tree(Walk *walk)
{
    size_t base = walk->frames.count;
    uint32_t steps = 0;
    bool down = ts_tree_cursor_goto_first_child(&walk->cursor);
    while (down) {
        if (walk->builder.facts->count > TREESITTER_NODES_MAX)
            return PARSE_TOO_DEEP;
        if ((++steps & 0xfff) == 0 && now_ms() >= walk->deadline)
            return PARSE_TIMEOUT;
        if (walk_enter(walk)) {
            bool deep = walk->frames.count > TREESITTER_DEPTH_MAX;
            walk->too_deep |= deep;
            if (!deep && ts_tree_cursor_goto_first_child(&walk->cursor))
                continue;
            walk_exit(walk);
        }
        while (!ts_tree_cursor_goto_next_sibling(&walk->cursor)) {
            if (walk->frames.count == base)
                return PARSE_OK;
            ts_tree_cursor_goto_parent(&walk->cursor);
            walk_exit(walk);
        }
    }
    return PARSE_OK;
}

/* Lowers `tree` below `fact`. */
static ParseResult lower(Walk *walk, TSTree *tree, NodeId fact)
{
    TSNode root = ts_tree_root_node(tree);
    uint32_t end = ts_node_end_byte(root);
    TSSymbol symbol = ts_node_symbol(root);
    Frame frame = {.fact = fact, .first = fact, .end = end};
    if (symbol == (TSSymbol)-1)
        frame.fact = walk_add(walk, fact, FACT_ERROR, ROLE_NONE, ts_node_start_byte(root), end);
    else
        frame.mapping = walk->lowering->mappings[walk->lowering->canonical[symbol]];
    array_push(&walk->frames, frame);
    walk->cursor = ts_tree_cursor_new(root);
    ParseResult result = walk_tree(walk);
    ts_tree_cursor_delete(&walk->cursor);
    walk->frames.count--;
    return result;
}

/* True when the text has more than words, so that it can hold an access. */
static bool is_code(Str text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!byte_is_word((unsigned char)text.data[i]) && text.data[i] != ' ')
            return true;
    }
    return false;
}

void walk_reparse(Walk *walk, NodeId fact, uint32_t start, uint32_t end)
{
    if (walk->reparsing || !is_code(str_slice(walk->text, start, end)))
        return;
    TSRange range = {.start_point = {0, start},
                     .end_point = {0, end},
                     .start_byte = start,
                     .end_byte = end};
    if (!ts_parser_set_included_ranges(walk->parser, &range, 1))
        return;
    TSTree *tree = parse(walk->parser, &walk->parsed, walk->deadline);
    ts_parser_set_included_ranges(walk->parser, NULL, 0);
    if (!tree)
        return;
    TSTreeCursor outer = walk->cursor;
    size_t depth = walk->frames.count;
    walk->reparsing = true;
    lower(walk, tree, fact);
    walk->reparsing = false;
    walk->frames.count = depth;
    walk->cursor = outer;
    ts_tree_delete(tree);
}

ParseResult treesitter_parse(TreeSitter *self, const Language *language, Str text,
                             unsigned deadline_ms, Facts *facts, Arena *arena)
{
    Walk *walk = &self->walk;
    walk->deadline = now_ms() + deadline_ms;
    walk->lowering = language->lowering;
    walk->language = language;
    walk->names = self->names;
    walk->text = text;
    walk->parsed = blank_text(&language->lowering->blanks, text, arena);
    walk->frames.count = walk->heredocs.count = walk->heredoc_next = 0;
    walk->too_deep = false;
    fact_builder_init(&walk->builder, facts, arena, self->names);
    if (text.length >= UINT32_MAX)
        return PARSE_TOO_DEEP;
    walk->parser = parser_for(self, language->lowering);
    if (!walk->parser)
        return PARSE_FAILED;
    NodeId file = walk_add(walk, 0, FACT_FILE, ROLE_NONE, 0, (uint32_t)text.length);
    TSTree *tree = parse(walk->parser, &walk->parsed, walk->deadline);
    if (!tree)
        return PARSE_TIMEOUT;
    ParseResult result = lower(walk, tree, file);
    ts_tree_delete(tree);
    return result == PARSE_OK && walk->too_deep ? PARSE_TOO_DEEP : result;
}
