/*
 * What is taken for SQL among a program's strings, what is not, and the facts
 * that .sql files become.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "parse/sql.h"

#include <string.h>

static const char *const SQL[] = {
    "SELECT status FROM incidents",
    "select id, status from incidents where id = ?",
    "  select * from incidents",
    "SELECT id, status, ",
    "SELECT count(*) FROM incidents i WHERE i.status = 'open'",
    "select max(x) from t",
    "UPDATE incidents SET status = $1 WHERE id = $2",
    "update incidents set status = :status",
    "INSERT INTO incidents (status) VALUES (?)",
    "insert into incidents values (1, 2)",
    "DELETE FROM incidents WHERE status = 'x'",
    "DELETE FROM incidents",
    "delete from incidents where id = 1",
    "WITH a AS (SELECT 1) SELECT * FROM a",
    "ALTER TABLE incidents DROP COLUMN status",
    "CREATE TABLE incidents (id int)",
    "CREATE UNIQUE INDEX i ON incidents (status)",
    "MERGE INTO incidents USING s ON s.id = incidents.id",
    "REPLACE INTO t (status) VALUES (1)",
    "(SELECT status FROM a)",
    "WHERE status = 'open'",
    " AND status = %s",
    "incidents.status = 'open'",
    "status = ?",
    "status = :status AND kind = 1",
    "status IN (?)",
    "status IS NOT NULL",
    "LOWER(users.login) LIKE LOWER(:p)",
    "#{Issue.table_name}.status_id IN (SELECT id FROM statuses)",
    "LEFT JOIN users u ON u.id = incidents.user_id",
    "INNER JOIN users USING (id)",
    "ORDER BY status DESC",
    "incidents.status DESC",
    "NOT EXISTS (select id from mentions m where m.id = 1)",
    "(CASE WHEN versions.effective_date IS NULL THEN 1 ELSE 0 END)",
    "COALESCE(status, 'open')",
    "SUM(hours) * 2",
    "SELECT `status` FROM `incidents`",
    "SELECT i.status\\nFROM incidents i",
};

static const char *const PROSE[] = {
    "",
    "status",
    "Select the status from the list where it is shown",
    "update the status set by the user",
    "Update status set by user",
    "Select an option from your menu",
    "Select status from menu",
    "Delete from cart",
    "Please select a file",
    "delete the file from disk",
    "Insert into slot",
    "insert coin",
    "with this in mind",
    "With regard to (status)",
    "Create table for two",
    "create a new index",
    "Where is the status?",
    "where status",
    "Order by phone",
    "order by status",
    "Join us on Monday",
    "left join",
    "and status is set",
    "status = %s",
    "status = %d, code = %d",
    "status: open",
    "status is null",
    "unable to update machine '%s' version '%s': %s",
    "Drop table",
    "alter ego",
    "x = 1",
    "a.b",
    "https://example.com/select?from=a",
    "Values: (1, 2)",
    "merge into main",
    "User.status has changed",
    "count(x)",
    "MAX (2) items",
    "FROM scratch",
    "on status change",
    "replace into",
    "<select name='status'>",
    "Select one, or two, items from the list",
};

static void statements_and_fragments(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof SQL / sizeof *SQL; i++) {
        if (!sql_looks_like(str_of(SQL[i]), NULL, 0))
            fail_msg("is SQL: %s", SQL[i]);
    }
}

static void prose(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof PROSE / sizeof *PROSE; i++) {
        if (sql_looks_like(str_of(PROSE[i]), NULL, 0))
            fail_msg("is no SQL: %s", PROSE[i]);
    }
}

static void guessing(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    SqlRefs refs;
    assert_int_equal(
        sql_read(str_lit("Select the status from the list"), NULL, 0, SQL_GUESS, &refs, &arena), 0);
    assert_int_equal(sql_read(str_lit("t.a = 1 AND b = 2"), NULL, 0, SQL_GUESS, &refs, &arena), 2);
    assert_true(refs.items[1].implied);
    assert_int_equal(sql_read(str_lit("SELECT a FROM t"), NULL, 0, SQL_GUESS, &refs, &arena), 1);
    assert_false(refs.items[0].implied);
    arena_release(&arena);
}

static void file_facts(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    Names *names = names_new();
    Facts facts;
    Str text = str_lit("ALTER TABLE incidents DROP COLUMN status;\n"
                       "SELECT i.kind FROM incidents i, users;\n");
    assert_int_equal(sql_frontend_parse(names, text, &facts, &arena), PARSE_OK);
    NodeId first = facts.nodes[1].child, second = facts.nodes[first].next;
    assert_int_equal(facts.nodes[first].kind, FACT_SQL);
    NodeId table = facts.nodes[first].child, column = facts.nodes[table].next;
    assert_int_equal(facts.nodes[table].kind, FACT_TABLE);
    assert_int_equal(facts.nodes[table].spare, SQL_DECLARE);
    assert_int_equal(facts.nodes[column].kind, FACT_COLUMN);
    assert_string_equal(names_c(names, facts.nodes[column].name), "status");
    assert_int_equal(facts.nodes[column].spare, SQL_DECLARE | COLUMN_DROPPED);
    assert_int_equal(facts.nodes[column].start, 34);
    NodeId owner = facts.nodes[column].child;
    assert_int_equal(facts.nodes[owner].role, ROLE_RECEIVER);
    assert_string_equal(names_c(names, facts.nodes[owner].name), "incidents");
    column = facts.nodes[second].child;
    assert_string_equal(names_c(names, facts.nodes[column].name), "kind");
    assert_int_equal(facts.nodes[column].spare & COLUMN_ACCESS, SQL_QUERY);
    assert_int_equal(facts.nodes[second].next, 0);
    names_free(names);
    arena_release(&arena);
}

/* A fragment of a host file: places are the file's, a table may be a hole. */
static void lowered_fragment(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    Names *names = names_new();
    Facts facts;
    FactBuilder builder;
    fact_builder_init(&builder, &facts, &arena, names);
    NodeId file = fact_add(&builder, 0, FACT_FILE, ROLE_NONE, 0, 1000);
    SqlHole hole = {0, 8};
    SqlSource source = {.text = str_lit("#{table}.status = 1"),
                        .base = 100,
                        .holes = &hole,
                        .hole_count = 1,
                        .mode = SQL_FRAGMENT};
    assert_int_equal(sql_lower(&builder, file, ROLE_ARGUMENT, &source), 1);
    const Node *sql = &facts.nodes[facts.nodes[file].child];
    assert_int_equal(sql->role, ROLE_ARGUMENT);
    const Node *column = &facts.nodes[sql->child];
    assert_int_equal(column->start, 109);
    assert_int_equal(column->spare & COLUMN_ACCESS, SQL_QUERY);
    assert_int_equal(facts.nodes[column->child].name, 0);
    assert_int_equal(facts.nodes[column->child].start, 100);
    assert_int_equal(facts.nodes[column->child].end, 108);
    names_free(names);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_and_fragments), cmocka_unit_test(prose),
        cmocka_unit_test(guessing),                 cmocka_unit_test(file_facts),
        cmocka_unit_test(lowered_fragment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
