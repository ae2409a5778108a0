/*
 * Facts of data files from a stream of events, whichever format made them. One
 * stack, no recursion; a file nested over DATA_DEEPEST levels is given up.
 */
#include "parse/data.h"

#include "parse/data_build.h"
#include "parse/data_formats.h"

#include <string.h>

void data_builder_init(DataBuilder *self, Facts *facts, Names *names, size_t length, Arena *arena)
{
    *self = (DataBuilder){.facts = {.facts = facts, .arena = arena, .names = names}};
    data_builder_restart(self, length);
}

void data_builder_restart(DataBuilder *self, size_t length)
{
    fact_builder_init(&self->facts, self->facts.facts, self->facts.arena, self->facts.names);
    self->file = fact_add(&self->facts, 0, FACT_FILE, ROLE_NONE, 0, (uint32_t)length);
    self->open.count = 0;
    self->failed = false;
}

void data_builder_release(DataBuilder *self)
{
    array_release(&self->open);
}

static Node *node_of(const DataBuilder *self, NodeId id)
{
    return &self->facts.facts->nodes[id];
}

static NodeId innermost(const DataBuilder *self)
{
    return self->open.count ? self->open.items[self->open.count - 1] : self->file;
}

bool data_wants_key(const DataBuilder *self)
{
    return node_of(self, innermost(self))->kind == FACT_MAP;
}

/* The role of the next node. */
static FactRole next_role(const DataBuilder *self)
{
    switch (node_of(self, innermost(self))->kind) {
    case FACT_PAIR:
        return ROLE_VALUE;
    case FACT_FILE:
        return ROLE_NONE;
    default:
        return ROLE_ELEMENT;
    }
}

/* Makes the innermost node, if it is a PAIR, reach to `end`. Returns true if it is one. */
static bool extend_pair(DataBuilder *self, size_t end)
{
    Node *pair = node_of(self, innermost(self));
    if (pair->kind != FACT_PAIR)
        return false;
    if (pair->end < end)
        pair->end = (uint32_t)end;
    return true;
}

/* After a value: its PAIR, if it has one, is complete. */
static void end_pair(DataBuilder *self, size_t end)
{
    if (extend_pair(self, end))
        self->open.count--;
}

static void push(DataBuilder *self, NodeId id)
{
    if (self->open.count >= 2 * DATA_DEEPEST)
        self->failed = true;
    array_push(&self->open, id);
}

void data_no_value(DataBuilder *self)
{
    end_pair(self, 0);
}

static NodeId add_scalar(DataBuilder *self, const DataScalar *scalar, FactKind kind, FactRole role)
{
    NodeId id = fact_add(&self->facts, innermost(self), kind, role, (uint32_t)scalar->start,
                         (uint32_t)scalar->end);
    Str name = scalar->value;
    bool colon = kind == FACT_PAIR && name.length > 1 && name.data[0] == ':';
    name = str_slice(name, colon, name.length);
    Node *node = node_of(self, id);
    node->at = (uint32_t)(scalar->at + colon);
    node->at_end = (uint32_t)scalar->at_end;
    if (name.length && name.length <= DATA_LONGEST_NAME && kind != FACT_LITERAL)
        node->name = names_intern(self->facts.names, name);
    return id;
}

void data_scalar(DataBuilder *self, const DataScalar *scalar)
{
    if (data_wants_key(self)) {
        push(self, add_scalar(self, scalar, FACT_PAIR, ROLE_ELEMENT));
        return;
    }
    add_scalar(self, scalar, scalar->text ? FACT_STRING : FACT_LITERAL, next_role(self));
    end_pair(self, scalar->end);
}

void data_open(DataBuilder *self, FactKind kind, size_t start)
{
    if (data_wants_key(self)) { /* YAML: a map or list as a key */
        push(self, fact_add(&self->facts, innermost(self), FACT_PAIR, ROLE_ELEMENT,
                            (uint32_t)start, (uint32_t)start));
        push(self, fact_add(&self->facts, innermost(self), kind, ROLE_KEY, (uint32_t)start,
                            (uint32_t)start));
        return;
    }
    push(self, fact_add(&self->facts, innermost(self), kind, next_role(self), (uint32_t)start,
                        (uint32_t)start));
}

void data_close(DataBuilder *self, size_t end)
{
    if (!self->open.count)
        return;
    NodeId id = self->open.items[--self->open.count];
    Node *node = node_of(self, id);
    if (node->end < end)
        node->end = node->at_end = (uint32_t)end;
    if (node->role == ROLE_KEY)
        extend_pair(self, node->end);
    else
        end_pair(self, node->end);
}

void data_error(DataBuilder *self, size_t start, size_t end)
{
    fact_add(&self->facts, innermost(self), FACT_ERROR, ROLE_NONE, (uint32_t)start, (uint32_t)end);
    extend_pair(self, end);
}

void data_finish(DataBuilder *self, size_t end)
{
    while (self->open.count) {
        if (node_of(self, innermost(self))->kind == FACT_PAIR)
            end_pair(self, end);
        else
            data_close(self, end);
    }
}

static const struct {
    const char *name;
    ParseResult (*read)(DataBuilder *, Str text, unsigned deadline_ms);
} FORMATS[] = {{"yaml", data_read_yaml}, {"json", data_read_json}};

enum { LONGEST_DATA = 1 << 30 };

ParseResult data_frontend_parse(const char *format, Names *names, Str text, unsigned deadline_ms,
                                Facts *facts, Arena *arena)
{
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++) {
        if (strcmp(format, FORMATS[i].name) != 0 || text.length >= LONGEST_DATA)
            continue;
        DataBuilder builder;
        data_builder_init(&builder, facts, names, text.length, arena);
        ParseResult result = FORMATS[i].read(&builder, text, deadline_ms);
        data_finish(&builder, text.length);
        data_builder_release(&builder);
        return result;
    }
    return PARSE_FAILED;
}
