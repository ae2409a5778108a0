/*
 * Any bytes, with any holes, in every mode: references lie in the text, in
 * order; owners have names; what is written as facts is a tree.
 */
#include "parse/sql.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(Str text, const SqlHole *holes, size_t hole_count, SqlMode mode, Arena *arena)
{
    SqlRefs refs;
    size_t count = sql_read(text, holes, hole_count, mode, &refs, arena);
    assert(count == refs.count && count <= text.length);
    for (size_t i = 0; i < count; i++) {
        const SqlRef *ref = &refs.items[i];
        assert(ref->start <= ref->end && ref->end <= text.length);
        assert(ref->access <= SQL_DECLARE && ref->statement < refs.statement_count);
        assert(ref->hole == SQL_NO_HOLE || ref->hole < hole_count);
        for (size_t k = 0; k < ref->table_count; k++)
            assert(ref->table_holes[k] == SQL_NO_HOLE || ref->table_holes[k] < hole_count);
    }
    for (size_t i = 1; i < refs.statement_count; i++)
        assert(refs.statements[i].start >= refs.statements[i - 1].end);
}

/* The first byte chooses the mode; '\x01' ... '\x02' in the rest are holes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    Arena arena;
    arena_init(&arena);
    Str text = {(const char *)data + 1, size - 1};
    SqlHole *holes = ARENA_ARRAY(&arena, SqlHole, size);
    size_t count = 0;
    for (size_t at = 0; (at = str_find_byte(text, '\x01', at)) != SIZE_MAX;) {
        size_t end = str_find_byte(text, '\x02', at);
        if (end == SIZE_MAX)
            break;
        holes[count++] = (SqlHole){(uint32_t)at, (uint32_t)end + 1};
        at = end + 1;
    }
    check(text, holes, count, (SqlMode)(data[0] % (SQL_GUESS + 1)), &arena);
    Names *names = names_new();
    Facts facts;
    assert(sql_frontend_parse(names, text, &facts, &arena) == PARSE_OK);
    for (NodeId id = 1; id < facts.count; id++)
        assert(facts.nodes[id].parent < id && facts.nodes[id].end <= text.length);
    names_free(names);
    arena_release(&arena);
    return 0;
}
