/*
 * What each construct of SQL says about columns. An expectation lists the
 * references in order: r/w/q/d (read, write, query, declare), the column, its
 * possible owners, and flags: i implied model, a all tables, d derived, s token
 * scan; N not null, n nullable, D default, X dropped, R renamed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "parse/sql.h"

#include <string.h>

typedef struct Case {
    SqlMode mode;
    const char *sql;
    const char *expected;
} Case;

static const Case CASES[] = {
    {SQL_WHOLE,
     "SELECT DISTINCT ON (a.kind) a.status s FROM a",
     "q:kind[a] q:status[a]"},
    {SQL_WHOLE,
     "SELECT TOP 10 status FROM [dbo].[incidents] WHERE [kind] = 1",
     "q:status[incidents] q:kind[incidents]"},
    {SQL_WHOLE,
     "SELECT `status`, `t`.`kind` FROM `db`.`incidents` AS `t` WHERE name = \"status\"",
     "q:status[incidents] q:kind[incidents] q:name[incidents]"},
    {SQL_WHOLE,
     "SELECT \"status\" FROM \"incidents\" WHERE \"incidents\".\"kind\" = \"status\"",
     "q:status[incidents] q:kind[incidents] q:status[incidents]"},
    {SQL_WHOLE,
     "SELECT count(*), count(status), max(i.kind) FROM incidents i",
     "q:status[incidents] q:kind[incidents]"},
    {SQL_WHOLE,
     "SELECT a.status FROM a, b WHERE a.id = b.a_id AND kind = 1",
     "q:status[a] q:id[a] q:a_id[b] q:kind[a,b]"},
    {SQL_WHOLE,
     "SELECT status FROM a NATURAL JOIN b",
     "q:status[a,b]"},
    {SQL_WHOLE,
     "SELECT x.status FROM (SELECT status FROM incidents) x",
     "q:status[incidents]d q:status[incidents]"},
    {SQL_WHOLE,
     "SELECT x.status FROM (SELECT * FROM incidents) x",
     "q:status[incidents]d q:*[incidents]"},
    {SQL_WHOLE,
     "SELECT x.status FROM (SELECT count(*) AS status FROM incidents) x",
     "q:status[]d"},
    {SQL_WHOLE,
     "SELECT x.status FROM (SELECT state AS status FROM incidents) AS x",
     "q:status[]d q:state[incidents]"},
    {SQL_WHOLE,
     "SELECT status FROM (SELECT i.status, u.name FROM incidents i JOIN users u ON u.id = "
     "i.uid) q WHERE name = 1",
     "q:status[incidents]d q:status[incidents] q:name[users] q:id[users] q:uid[incidents] "
     "q:name[users]d"},
    {SQL_WHOLE,
     "WITH RECURSIVE tree AS (SELECT id, parent_id FROM nodes UNION ALL SELECT n.id, "
     "n.parent_id FROM nodes n JOIN tree t ON t.id = n.parent_id) SELECT tree.id FROM tree",
     "q:id[nodes] q:parent_id[nodes] q:id[nodes] q:parent_id[nodes] q:id[nodes]d "
     "q:parent_id[nodes] q:id[nodes]d"},
    {SQL_WHOLE,
     "WITH a AS (SELECT status FROM incidents), b AS (SELECT status FROM a) SELECT b.status "
     "FROM b",
     "q:status[incidents] q:status[incidents]d q:status[incidents]d"},
    {SQL_WHOLE,
     "SELECT status FROM a UNION SELECT status FROM b ORDER BY status",
     "q:status[a] q:status[b] q:status[a]d"},
    {SQL_WHOLE,
     "(SELECT status FROM a) UNION ALL (SELECT kind FROM b)",
     "q:status[a] q:kind[b]"},
    {SQL_WHOLE,
     "SELECT CASE WHEN status = 1 THEN kind ELSE 'x' END AS label FROM t",
     "q:status[t] q:kind[t]"},
    {SQL_WHOLE,
     "SELECT COALESCE(status, 'open') status FROM t GROUP BY status",
     "q:status[t] q:status[t]"},
    {SQL_WHOLE,
     "SELECT s.status AS status FROM s ORDER BY status",
     "q:status[s] q:status[s]d"},
    {SQL_WHOLE,
     "SELECT t.data->>'status', data #>> '{status}' FROM t",
     "q:data[t] q:data[t]"},
    {SQL_WHOLE,
     "SELECT a.b.c FROM a",
     "q:b[a]"},
    {SQL_WHOLE,
     "SELECT * FROM t WHERE status IN ('a', 'b') AND kind NOT LIKE '%status%' AND x BETWEEN 1 "
     "AND y",
     "q:*[t] q:status[t] q:kind[t] q:x[t] q:y[t]"},
    {SQL_WHOLE,
     "SELECT * FROM t WHERE status IS NOT DISTINCT FROM kind",
     "q:*[t] q:status[t] q:kind[t]"},
    {SQL_WHOLE,
     "SELECT date, time, type, user, position, value, comment FROM t",
     "q:date[t] q:time[t] q:type[t] q:user[t] q:position[t] q:value[t] q:comment[t]"},
    {SQL_WHOLE,
     "SELECT DATE '2020-01-01', created_at AT TIME ZONE 'UTC' FROM t WHERE d > now() - INTERVAL "
     "'1 day'",
     "q:created_at[t] q:d[t]"},
    {SQL_WHOLE,
     "SELECT DATE_ADD(d, INTERVAL 1 DAY), TIMESTAMPDIFF(MONTH, a, b) FROM t",
     "q:d[t] q:a[t] q:b[t]"},
    {SQL_WHOLE,
     "SELECT TRIM(BOTH ' ' FROM name), SUBSTRING(code FROM 1 FOR 2), CONVERT(x USING utf8) FROM "
     "t",
     "q:name[t] q:code[t] q:x[t]"},
    {SQL_WHOLE,
     "SELECT string_agg(name, ',' ORDER BY rank) FILTER (WHERE status = 1) FROM t",
     "q:name[t] q:rank[t] q:status[t]"},
    {SQL_WHOLE,
     "SELECT sum(x) OVER w FROM t WINDOW w AS (PARTITION BY dept ORDER BY sal)",
     "q:x[t] q:dept[t] q:sal[t]"},
    {SQL_WHOLE,
     "SELECT a FROM t -- status\\nWHERE b = 1 /* status */",
     "q:a[t] q:b[t]"},
    {SQL_WHOLE,
     "SELECT a FROM t LIMIT 10 OFFSET 5 FOR UPDATE OF t",
     "q:a[t]"},
    {SQL_WHOLE,
     "SELECT offset, \"limit\" FROM t FETCH FIRST 1 ROWS ONLY",
     "q:offset[t] q:limit[t]"},
    {SQL_WHOLE,
     "SELECT f.status FROM generate_series(1, n.x) f",
     "q:status[]d q:x[n]s"},
    {SQL_WHOLE,
     "SELECT t.status FROM unnest(ARRAY[1,2]) WITH ORDINALITY u(a, b) JOIN t ON t.id = u.a",
     "q:status[t] q:id[t] q:a[]d"},
    {SQL_WHOLE,
     "SELECT v.status FROM (VALUES (1, 'x')) AS v(id, status)",
     "q:status[]d"},
    {SQL_WHOLE,
     "SELECT i.status FROM incidents i CROSS JOIN LATERAL (SELECT j.kind FROM j WHERE j.id = "
     "i.jid LIMIT 1) k",
     "q:status[incidents] q:kind[j] q:id[j] q:jid[incidents]"},
    {SQL_WHOLE,
     "SELECT status FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.tid = t.id AND t.status = "
     "u.status)",
     "q:status[t] q:tid[u] q:id[t] q:status[t] q:status[u]"},
    {SQL_WHOLE,
     "SELECT (SELECT status) FROM t",
     "q:status[t]"},
    {SQL_WHOLE,
     "SELECT i.* , u.name FROM incidents i, users u",
     "q:*[incidents] q:name[users]"},
    {SQL_WHOLE,
     "SELECT * EXCEPT (status) FROM t",
     "q:*[t] q:status[t]"},
    {SQL_WHOLE,
     "SELECT a FROM t MINUS SELECT b FROM u",
     "q:a[t] q:b[u]"},
    {SQL_WHOLE,
     "SELECT a INTO v_a FROM t WHERE b = 1",
     "q:a[t] q:b[t]"},
    {SQL_WHOLE,
     "SELECT SQL_CALC_FOUND_ROWS ID FROM posts USE INDEX (status) WHERE x = 1",
     "q:ID[posts] q:x[posts]"},
    {SQL_WHOLE,
     "SELECT a FROM t TABLESAMPLE BERNOULLI (10) WHERE b = 1",
     "q:a[t] q:b[t]"},
    {SQL_WHOLE,
     "SELECT a FROM t WITH (NOLOCK) WHERE b = 1",
     "q:a[t] q:b[t]"},
    {SQL_WHOLE,
     "SELECT x FROM t LATERAL VIEW explode(items) e AS item WHERE y = 1",
     "q:x[t] q:items[t] q:y[t]"},
    {SQL_WHOLE,
     "UPDATE incidents i SET status = s.name FROM statuses s WHERE s.id = i.status_id",
     "w:status[incidents] q:name[statuses] q:id[statuses] q:status_id[incidents]"},
    {SQL_WHOLE,
     "UPDATE a JOIN b ON a.id = b.a_id SET a.status = b.kind, total = 1 WHERE b.x = 1",
     "q:id[a] q:a_id[b] w:status[a] q:kind[b] w:total[a,b] q:x[b]"},
    {SQL_WHOLE,
     "UPDATE t SET n = n + 1, status = CASE WHEN kind = 1 THEN 'x' ELSE status END",
     "w:n[t] q:n[t] w:status[t] q:kind[t] q:status[t]"},
    {SQL_WHOLE,
     "INSERT INTO t (a, status) SELECT x, 'status' FROM s ON CONFLICT (a) DO UPDATE SET status "
     "= excluded.status RETURNING id",
     "w:a[t] w:status[t] q:x[s] q:a[t] w:status[t] q:status[t] q:id[t]"},
    {SQL_WHOLE,
     "INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE status = VALUES(status), n = n + 1",
     "w:a[t] w:status[t] q:status[t] w:n[t] q:n[t]"},
    {SQL_WHOLE,
     "INSERT INTO t SELECT * FROM s",
     "w:*[t] q:*[s]"},
    {SQL_WHOLE,
     "INSERT INTO t SET status = 1, kind = 2",
     "w:status[t] w:kind[t]"},
    {SQL_WHOLE,
     "INSERT INTO t DEFAULT VALUES",
     ""},
    {SQL_WHOLE,
     "REPLACE INTO t (status) VALUES ('a')",
     "w:status[t]"},
    {SQL_WHOLE,
     "INSERT IGNORE INTO public.t AS x (status) VALUES (?)",
     "w:status[t]"},
    {SQL_WHOLE,
     "DELETE FROM t WHERE status = 1",
     "q:status[t]"},
    {SQL_WHOLE,
     "DELETE a FROM t a JOIN u b ON b.id = a.uid WHERE a.status = 1",
     "q:id[u] q:uid[t] q:status[t]"},
    {SQL_WHOLE,
     "WITH gone AS (DELETE FROM t WHERE status = 1 RETURNING id, kind) INSERT INTO log (ref) "
     "SELECT gone.kind FROM gone",
     "q:status[t] q:id[t] q:kind[t] w:ref[log] q:kind[t]d"},
    {SQL_WHOLE,
     "CREATE VIEW v AS SELECT status FROM t WHERE kind = 1",
     "q:status[t] q:kind[t]"},
    {SQL_WHOLE,
     "CREATE OR REPLACE MATERIALIZED VIEW v (a, b) AS SELECT status, kind FROM t WITH DATA",
     "q:status[t] q:kind[t]"},
    {SQL_WHOLE,
     "CREATE TABLE IF NOT EXISTS s.t (`id` int NOT NULL AUTO_INCREMENT, `status` enum('a','b') "
     "DEFAULT NULL, PRIMARY KEY (`id`), UNIQUE KEY `u` (`status`,`kind`)) ENGINE=InnoDB "
     "COMMENT='status'",
     "d:id[t]N d:status[t] d:id[t] d:status[t] d:kind[t]"},
    {SQL_WHOLE,
     "CREATE TABLE t (total numeric GENERATED ALWAYS AS (price * qty) STORED, price numeric NOT "
     "NULL, CHECK (price > 0), LIKE other INCLUDING ALL)",
     "d:total[t]D d:price[t] d:qty[t] d:price[t]N d:price[t]"},
    {SQL_WHOLE,
     "CREATE TABLE t AS SELECT status FROM u",
     "q:status[u]"},
    {SQL_WHOLE,
     "CREATE TABLE t (d date) PARTITION BY RANGE (d)",
     "d:d[t] d:d[t]"},
    {SQL_WHOLE,
     "CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('a') TO ('b')",
     ""},
    {SQL_WHOLE,
     "CREATE INDEX ON t ((lower(status))) INCLUDE (kind)",
     "d:status[t] d:kind[t]"},
    {SQL_WHOLE,
     "CREATE INDEX i ON t (note(20), kind DESC NULLS LAST)",
     "d:note[t] d:kind[t]"},
    {SQL_WHOLE,
     "CREATE POLICY p ON t FOR SELECT USING (status = 'x') WITH CHECK (kind = 1)",
     "q:status[t] q:kind[t]"},
    {SQL_WHOLE,
     "ALTER TABLE t ADD status varchar(10) NULL, MODIFY COLUMN kind int NOT NULL DEFAULT 0",
     "d:status[t]n d:kind[t]ND"},
    {SQL_WHOLE,
     "ALTER TABLE t DROP status",
     "d:status[t]X"},
    {SQL_WHOLE,
     "ALTER TABLE t DROP COLUMN a, DROP CONSTRAINT status, ALTER COLUMN b SET DEFAULT 3, ALTER "
     "COLUMN c TYPE text USING d::text",
     "d:a[t]X d:b[t]D d:c[t]"},
    {SQL_WHOLE,
     "ALTER TABLE t RENAME status TO state",
     "d:status[t]R d:state[t]"},
    {SQL_WHOLE,
     "ALTER TABLE t RENAME TO u",
     ""},
    {SQL_WHOLE,
     "ALTER TABLE t ADD FOREIGN KEY (status) REFERENCES s (name) ON DELETE CASCADE",
     "d:status[t] d:name[s]"},
    {SQL_WHOLE,
     "ALTER TABLE t ADD (a int NOT NULL, b int)",
     "d:a[t]N d:b[t]"},
    {SQL_WHOLE,
     "ALTER TABLE t OWNER TO status",
     ""},
    {SQL_WHOLE,
     "DROP TABLE status; SELECT a FROM b",
     "q:a[b]"},
    {SQL_WHOLE,
     "TRUNCATE TABLE t",
     ""},
    {SQL_WHOLE,
     "REVOKE UPDATE (status) ON TABLE t FROM joe",
     "d:status[t]"},
    {SQL_WHOLE,
     "COPY t (a, status) TO STDOUT",
     "q:a[t] q:status[t]"},
    {SQL_WHOLE,
     "COPY (SELECT status FROM t) TO STDOUT",
     "q:status[t]"},
    {SQL_WHOLE,
     "CREATE TRIGGER x AFTER UPDATE OF status ON t BEGIN UPDATE u SET n = NEW.kind WHERE id = "
     "OLD.id; INSERT INTO log (a) VALUES (new.status); END",
     "d:status[t] w:n[u] q:kind[t] q:id[u] q:id[t] w:a[log] q:status[t]"},
    {SQL_WHOLE,
     "CREATE PROCEDURE p() BEGIN DECLARE x int; IF x > 1 THEN UPDATE t SET status = 1; ELSE "
     "DELETE FROM t WHERE kind = 2; END IF; END",
     "w:status[t] q:kind[t]"},
    {SQL_WHOLE,
     "DO $$ BEGIN FOR r IN SELECT status FROM t LOOP PERFORM f(r.kind); END LOOP; END $$",
     "q:status[t] q:kind[r]s"},
    {SQL_WHOLE,
     "SELECT $$status$$, $1, :status, @status, %s, %(status)s, {status}, {0} FROM t WHERE a = ?",
     "q:a[t]"},
    {SQL_WHOLE,
     "select status from {{ source('raw', 'incidents') }} where {{ cond }} and kind = '{{ "
     "status }}'",
     "q:status[incidents] q:kind[incidents]"},
    {SQL_WHOLE,
     "{{ config(materialized='table') }} with a as (select * from {{ ref('stg') }}) select "
     "a.status from a",
     "q:*[stg] q:status[stg]d"},
    {SQL_WHOLE,
     "SELECT \\\"status\\\" FROM \\\"t\\\" WHERE \\\"t\\\".\\\"kind\\\" = \\'status\\' AND x = "
     "1",
     "q:status[t] q:kind[t] q:x[t]"},
    {SQL_WHOLE,
     "SELECT a\\nFROM t\\nWHERE\\tb = 1",
     "q:a[t] q:b[t]"},
    {SQL_WHOLE,
     "SELECT status FROM #{Incident.table_name} i JOIN #{User.table_name} ON "
     "#{User.table_name}.id = i.user_id",
     "q:status[#{Incident.table_name},#{User.table_name}] q:id[#{User.table_name}] "
     "q:user_id[#{Incident.table_name}]"},
    {SQL_WHOLE,
     "SELECT status FROM {table} WHERE {table}.kind = 1",
     "q:status[{table}] q:kind[{table}]"},
    {SQL_WHOLE,
     "SELECT i.status FROM incidents i #{joins} WHERE kind = 1 AND i.x = 2",
     "q:status[incidents] q:kind[incidents]s q:x[incidents]"},
    {SQL_WHOLE,
     "SELECT #{prefix}status, kind FROM t",
     "q:kind[t]"},
    {SQL_WHOLE,
     "SELECT #{columns} FROM t WHERE #{condition} status = 1",
     "q:status[t]"},
    {SQL_WHOLE,
     "SELECT c.x FROM #{table} #{name} JOIN c ON c.id = #{name}.cid",
     "q:x[c] q:id[c] q:cid[#{table}]"},
    {SQL_WHOLE,
     "SELECT unknown.status FROM t",
     "q:status[unknown]s"},
    {SQL_WHOLE,
     "SELECT status",
     "q:status[]s"},
    {SQL_WHOLE,
     "SELECT a FROM t WHERE (b = 1; SELECT c FROM u",
     "q:a[t]s q:b[t]s q:c[u]"},
    {SQL_WHOLE,
     "SELECT a FROM t WHERE x = 'it''s status' AND y = 'it\\'s status' AND z LIKE '%' ESCAPE "
     "'\\'",
     "q:a[t] q:x[t] q:y[t] q:z[t]"},
    {SQL_WHOLE,
     "MERGE t AS a USING (SELECT id, status FROM s) b ON (a.id = b.id) WHEN NOT MATCHED BY "
     "TARGET THEN INSERT (status) VALUES (b.status);",
     "q:id[s] q:status[s] q:id[t] q:id[s]d w:status[t] q:status[s]d"},
    {SQL_WHOLE,
     "EXPLAIN ANALYZE SELECT status FROM t",
     "q:status[t]"},
    {SQL_WHOLE,
     "SET search_path = public; BEGIN; SELECT status FROM t; COMMIT;",
     "q:status[t]"},
    {SQL_WHOLE,
     "GRANT ALL ON t TO u",
     ""},
    {SQL_WHOLE,
     "SELECT json_build_object('status', t.status) FROM t",
     "q:status[t]"},
    {SQL_WHOLE,
     "SELECT row_to_json(t), to_jsonb(u.*) FROM t, u",
     "q:*[t] q:*[u]"},
    {SQL_WHOLE,
     "SELECT f(a => status) FROM t",
     "q:status[t]"},
    {SQL_WHOLE,
     "SELECT (t).status FROM t",
     "q:t[t]"},
    {SQL_FRAGMENT,
     "status = 'open' AND kind IS NULL",
     "q:status[]i q:kind[]i"},
    {SQL_FRAGMENT,
     "WHERE lower(users.email) = ?",
     "q:email[users]"},
    {SQL_FRAGMENT,
     "INNER JOIN b ON b.id = a.bid AND kind = 2",
     "q:id[b] q:bid[a] q:kind[b]i"},
    {SQL_FRAGMENT,
     "status",
     "q:status[]i"},
    {SQL_FRAGMENT,
     "ORDER BY status DESC, users.name",
     "q:status[]i q:name[users]"},
    {SQL_FRAGMENT,
     "FIELD(status, 'a', 'b')",
     "q:status[]i"},
    {SQL_FRAGMENT,
     "COUNT(*) > 1 AND SUM(CASE WHEN status = 1 THEN 1 END) > 2",
     "q:status[]i"},
    {SQL_FRAGMENT,
     "status IN (#{list}) OR #{Incident.table_name}.kind = 1",
     "q:status[]i q:kind[#{Incident.table_name}]"},
    {SQL_FRAGMENT,
     "exists (select 1 from users where users.id = incidents.user_id and name = 'x')",
     "q:id[users] q:user_id[incidents] q:name[users]"},
    {SQL_PROJECTION,
     "status, count(*) AS n, users.name",
     "q:status[]i q:name[users]"},
    {SQL_PROJECTION,
     "*, t.*",
     "q:*[]i q:*[t]"},
    {SQL_PROJECTION,
     "MAX(status) status",
     "q:status[]i"},
    {SQL_ASSIGNMENT,
     "status = ?, kind = other, users.n = n + 1",
     "w:status[]i w:kind[]i q:other[]i w:n[users] q:n[]i"},
    {SQL_FRAGMENT,
     ") AND status = 1",
     "q:status[]i"},
};

static void describe(const SqlRef *ref, StrBuf *out)
{
    const struct {
        bool set;
        char letter;
    } flags[] = {{ref->implied, 'i'},     {ref->all_tables, 'a'}, {ref->derived, 'd'},
                 {ref->token_scan, 's'},  {ref->not_null, 'N'},   {ref->nullable, 'n'},
                 {ref->has_default, 'D'}, {ref->dropped, 'X'},    {ref->renamed, 'R'}};
    strbuf_printf(out, "%s%c:%.*s[", out->length ? " " : "", "rwqd"[ref->access],
                  STR_ARG(ref->column));
    for (size_t i = 0; i < ref->table_count; i++)
        strbuf_printf(out, "%s%.*s", i ? "," : "", STR_ARG(ref->tables[i]));
    strbuf_add_byte(out, ']');
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (flags[i].set)
            strbuf_add_byte(out, flags[i].letter);
    }
}

static void constructs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        Arena arena;
        arena_init(&arena);
        SqlRefs refs;
        Str text = str_of(CASES[i].sql);
        sql_read(text, NULL, 0, CASES[i].mode, &refs, &arena);
        StrBuf found = {0};
        strbuf_reserve(&found, 1);
        strbuf_clear(&found);
        for (size_t k = 0; k < refs.count; k++) {
            const SqlRef *ref = &refs.items[k];
            describe(ref, &found);
            if (!str_eq_c(ref->column, "*"))
                assert_true(str_eq(ref->column, str_slice(text, ref->start, ref->end)));
        }
        if (strcmp(found.data, CASES[i].expected) != 0)
            fail_msg("%s\nfound    %s\nexpected %s", CASES[i].sql, found.data, CASES[i].expected);
        strbuf_release(&found);
        arena_release(&arena);
    }
}

static SqlHole hole_of(Str text, const char *hole)
{
    size_t start = str_find(text, str_of(hole), 0);
    return (SqlHole){(uint32_t)start, (uint32_t)(start + strlen(hole))};
}

/* What the caller says is a hole is one, quotes and all. */
static void given_holes(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    Str text = str_lit("SELECT i.status FROM Incident.table() i WHERE x = 'a' + f('b') AND "
                       "Incident.kind() = 'c' AND User.name().email = 1");
    SqlHole holes[] = {hole_of(text, "Incident.table()"), hole_of(text, "'a' + f('b')"),
                       hole_of(text, "Incident.kind()"), hole_of(text, "User.name()")};
    SqlRefs refs;
    assert_int_equal(sql_read(text, holes, 4, SQL_WHOLE, &refs, &arena), 3);
    assert_true(str_eq_c(refs.items[0].column, "status"));
    assert_int_equal(refs.items[0].table_holes[0], 0);
    assert_true(str_eq_c(refs.items[1].column, "x"));
    assert_int_equal(refs.items[1].table_count, 1);
    assert_int_equal(refs.items[2].qualifier_kind, SQL_QUALIFIER_HOLE);
    assert_int_equal(refs.items[2].hole, 3);
    assert_int_equal(refs.items[2].table_holes[0], 3);
    assert_int_equal(refs.table_count, 1);
    assert_int_equal(refs.tables[0].hole, 0);
    arena_release(&arena);
}

/* COPY's rows, psql's commands and other client lines are no SQL. */
static void scripts(void **state)
{
    (void)state;
    Arena arena;
    arena_init(&arena);
    SqlRefs refs;
    Str text = str_lit("\xef\xbb\xbf\\connect status\nCOPY t (a) FROM stdin;\n'\tselect status\n"
                       "\\.\n\nSELECT b FROM u;\nGO\nDELIMITER //\nSELECT c FROM v//\n"
                       "# SELECT d FROM w\n/*!40101 SET status = 1 */;\n");
    assert_int_equal(sql_read(text, NULL, 0, SQL_WHOLE, &refs, &arena), 3);
    assert_true(str_eq_c(refs.items[0].column, "a"));
    assert_int_equal(refs.items[0].access, SQL_WRITE);
    assert_true(str_eq_c(refs.items[1].column, "b"));
    assert_true(str_eq_c(refs.items[2].column, "c"));
    assert_true(str_eq_c(refs.items[2].tables[0], "v"));
    assert_int_equal(refs.statement_count, 3);
    assert_int_equal(refs.items[2].statement, 2);
    arena_release(&arena);
}

static void repeat(StrBuf *out, const char *piece, size_t times)
{
    for (size_t i = 0; i < times; i++)
        strbuf_add_c(out, piece);
}

/* Nesting past the limit loses structure, not columns; nothing here is quadratic or recursive. */
static void hostile(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"(",        "(select ", "select a from b union ",
                                         "$a$ ",     "{{ ",      "'",
                                         "a, ",      "with x as (", "case when ",
                                         "from a x join ", "/* ", "\"a\" = \"b\" ",
                                         "(select x.y, ", "select * from (",
                                         "(select a from t where "};
    for (size_t i = 0; i < sizeof PIECES / sizeof *PIECES; i++) {
        StrBuf text = {0};
        strbuf_add_c(&text, "SELECT ");
        repeat(&text, PIECES[i], 20000);
        Arena arena;
        arena_init(&arena);
        SqlRefs refs;
        sql_read(strbuf_str(&text), NULL, 0, SQL_WHOLE, &refs, &arena);
        assert_true(refs.count <= 60000);
        arena_release(&arena);
        strbuf_release(&text);
    }
    StrBuf deep = {0};
    strbuf_add_c(&deep, "SELECT ");
    repeat(&deep, "(", 1000);
    strbuf_add_c(&deep, "status");
    repeat(&deep, ")", 1000);
    strbuf_add_c(&deep, " FROM t WHERE kind = 1");
    Arena arena;
    arena_init(&arena);
    SqlRefs refs;
    assert_int_equal(sql_read(strbuf_str(&deep), NULL, 0, SQL_WHOLE, &refs, &arena), 2);
    assert_true(str_eq_c(refs.items[0].tables[0], "t"));
    assert_int_equal(refs.items[1].access, SQL_QUERY);
    arena_release(&arena);
    strbuf_release(&deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constructs),
        cmocka_unit_test(given_holes),
        cmocka_unit_test(scripts),
        cmocka_unit_test(hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
