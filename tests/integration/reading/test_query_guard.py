import hashlib
import io
import json
import os
import shutil
import socket
import threading
import time

import duckdb
import pytest

from transforms.errors import (
    NewsmillError,
    OutOfSpaceError,
    UsageError,
    WarehouseUnusableError,
)
from warehouse.read import supervised
from warehouse.read.formats import Format
from warehouse.read.queries.queries import run_query
from warehouse.read.queries.query_protocol import Answer
from warehouse.read.supervised import ChildStoppedError

CANARY = "do not read me"
ESCAPES = {
    "insert": "INSERT INTO dim_author VALUES (9, 'x')",
    "update": "UPDATE fact_article SET title = 'x'",
    "delete": "DELETE FROM fact_article",
    "truncate": "TRUNCATE fact_article",
    "drop": "DROP TABLE fact_article",
    "create table": "CREATE TABLE x AS SELECT 1",
    "create temporary table": "CREATE TEMP TABLE x AS SELECT 1",
    "create view": "CREATE VIEW x AS SELECT 1",
    "create macro": "CREATE MACRO x(a) AS a",
    "create secret": "CREATE SECRET x (TYPE s3)",
    "alter": "ALTER TABLE fact_article ADD COLUMN x INT",
    "comment": "COMMENT ON TABLE fact_article IS 'x'",
    "copy to": "COPY fact_article TO '{folder}/out.csv'",
    "copy from": "COPY dim_author FROM '{folder}/canary.txt'",
    "copy query": "COPY (SELECT 1) TO '{folder}/out.parquet'",
    "export": "EXPORT DATABASE '{folder}/out'",
    "import": "IMPORT DATABASE '{folder}'",
    "attach": "ATTACH '{folder}/other.duckdb'",
    "detach": "DETACH newsmill",
    "install": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "load by path": "LOAD '{folder}/x.duckdb_extension'",
    "set": "SET enable_external_access = true",
    "reset": "RESET lock_configuration",
    "set memory": "SET memory_limit = '100GB'",
    "set variable": "SET VARIABLE x = 1",
    "pragma": "PRAGMA threads=8",
    "pragma database": "PRAGMA enable_profiling = 'json'",
    "call": "CALL pragma_version()",
    "use": "USE system",
    "begin": "BEGIN TRANSACTION",
    "checkpoint": "CHECKPOINT",
    "vacuum": "VACUUM",
    "prepare": "PREPARE x AS SELECT 1",
    "execute": "EXECUTE x",
    "two statements": "SELECT 1; DROP TABLE fact_article",
    "hidden second": "SELECT 1 /* ; */ ; -- x\nDELETE FROM fact_article",
    "merge": ("MERGE INTO dim_author USING dim_place ON true WHEN MATCHED THEN DELETE"),
    "explain a write": "EXPLAIN ANALYZE INSERT INTO dim_author VALUES (9, 'x')",
    "explain a copy": "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/out.csv'",
    "read_text": "SELECT * FROM read_text('{folder}/canary.txt')",
    "read_blob": "SELECT * FROM read_blob('{folder}/canary.txt')",
    "read_csv": "SELECT * FROM read_csv('{folder}/canary.txt')",
    "read_json": "SELECT * FROM read_json('{folder}/canary.txt')",
    "read_parquet": "SELECT * FROM read_parquet('{folder}/canary.txt')",
    "sniff_csv": "SELECT * FROM sniff_csv('{folder}/canary.txt')",
    "path as table": "SELECT * FROM '{folder}/canary.txt'",
    "glob": "SELECT * FROM glob('{folder}/*')",
    "read_duckdb": "SELECT * FROM read_duckdb('{folder}/other.duckdb')",
    "url": "SELECT * FROM 'http://127.0.0.1:{port}/x.csv'",
    "python frame": "SELECT * FROM request",
    "python module": "SELECT * FROM sys",
    "query function": "SELECT * FROM query('DROP TABLE fact_article')",
    "nested read": "SELECT * FROM query('SELECT * FROM read_text(''/etc/hosts'')')",
    "parquet metadata": "SELECT * FROM parquet_metadata('{folder}/canary.txt')",
    "environment": "SELECT getenv('HOME')",
    "log storage": "SELECT * FROM enable_logging(storage => 'file')",
    "secret to a file": "CREATE PERSISTENT SECRET x (TYPE s3)",
    "prepared with values": "PREPARE x AS INSERT INTO dim_author VALUES ($1, 'x')",
    "read by list": "SELECT * FROM read_csv(['{folder}/canary.txt'])",
    "glob as table": "SELECT * FROM '{folder}/*.txt'",
    "table of a pivot": "CREATE TABLE x AS PIVOT fact_article ON title",
    "copy of a pivot": "COPY (PIVOT fact_article ON title) TO '{folder}/out.csv'",
    "pivot of a file": "PIVOT (FROM read_text('{folder}/canary.txt')) ON content",
    "pivot, then a write": "PIVOT fact_article ON title; DROP TABLE fact_article",
    "two pivots": "PIVOT fact_article ON title; PIVOT fact_article ON language",
    "type, then a question": "CREATE TYPE x AS ENUM ('a'); SELECT 1",
    "temporary type": "CREATE TEMP TYPE x AS ENUM ('a'); SELECT 1",
    "scan of a database": "SELECT * FROM sqlite_scan('{folder}/x.db', 'x')",
}


@pytest.fixture
def folder(tmp_path, warehouse_file):
    (tmp_path / "canary.txt").write_text(CANARY)
    (tmp_path / "schema.sql").write_text("SELECT 1;")
    with duckdb.connect(tmp_path / "other.duckdb") as other:
        other.execute(f"CREATE TABLE canary AS SELECT '{CANARY}' AS text")
    return warehouse_file.parent


def digest_tree(folder):
    return {
        entry.name: hashlib.sha256(entry.read_bytes()).hexdigest()
        for entry in folder.iterdir()
    }


@pytest.mark.parametrize("name", ESCAPES)
def test_escape_is_refused_and_changes_nothing(name, folder, warehouse_file):
    before = digest_tree(folder)
    out = io.BytesIO()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.setblocking(False)
        port = listener.getsockname()[1]

        with pytest.raises(UsageError):
            run_query(
                warehouse_file, ESCAPES[name].format(folder=folder, port=port), out
            )

        with pytest.raises(BlockingIOError):
            listener.accept()
    assert CANARY not in out.getvalue().decode()
    assert digest_tree(folder) == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT title FROM fact_article",
        "FROM fact_article",
        "WITH a AS (SELECT 1 AS x) SELECT x FROM a",
        "VALUES (1), (2)",
        "DESCRIBE fact_article",
        "SUMMARIZE fact_article",
        "SHOW TABLES",
        "EXPLAIN SELECT * FROM fact_article",
        "SELECT 1;",
        "-- why\nSELECT 1 -- because",
        "PIVOT fact_article ON ordinal IN (1, 2) USING count(*)".replace(
            "ordinal", "word_count"
        ),
        "PIVOT fact_article ON title USING count(*)",
        "FROM (PIVOT fact_article ON title USING count(*) GROUP BY language)",
        "WITH a AS (PIVOT fact_article ON language, title) SELECT * FROM a LIMIT 1",
    ],
)
def test_reading_is_answered(warehouse_file, sql):
    out = io.BytesIO()

    answer = run_query(warehouse_file, sql, out)

    assert answer.row_count > 0
    assert not answer.is_cut
    assert out.getvalue()


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT * FROM fact_artcle", 'Did you mean "fact_article"'),
        ("SELECT titel FROM fact_article", "title"),
        ("", "0 statements"),
        ("SELECT 'a'::INTEGER", "Could not convert"),
        ("SELECT no_such_function(1)", "does not exist"),
    ],
)
def test_wrong_sql_is_told_with_advice(warehouse_file, sql, told):
    with pytest.raises(UsageError, match=told):
        run_query(warehouse_file, sql, io.BytesIO())


@pytest.mark.parametrize(
    "endless",
    [
        (
            "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b, "
            "range(1000) AS c WHERE a.range + b.range + c.range < 0"
        ),
        (
            "WITH RECURSIVE a AS (SELECT 1 AS x UNION ALL SELECT -x FROM a) "
            "SELECT max(x) FROM a"
        ),
    ],
    ids=["product", "recursion"],
)
def test_endless_query_is_stopped(warehouse_file, endless):
    start = time.monotonic()

    with pytest.raises(ChildStoppedError, match="stopped after"):
        run_query(warehouse_file, endless, io.BytesIO(), timeout_s=0.5)

    assert time.monotonic() - start < 10


def test_child_that_does_not_stop_is_killed(warehouse_file, monkeypatch):
    monkeypatch.setattr(supervised, "GRACE_SECONDS", 0.3)
    # Rows that take for ever to write are past the database's own interrupt.
    endless = "SELECT repeat('x', 1000) FROM range(1000000000)"

    with pytest.raises(ChildStoppedError):
        run_query(
            warehouse_file,
            endless,
            io.BytesIO(),
            form=Format.JSON,
            timeout_s=0.3,
            row_limit=1_000_000_000,
        )


def test_no_secret_is_there_to_be_told(warehouse_file):
    assert run_query(warehouse_file, "FROM duckdb_secrets()", io.BytesIO()) == (
        Answer(row_count=0, is_cut=False)
    )


@pytest.mark.parametrize(
    "bomb",
    [
        "SELECT repeat('x', 1500000000) AS x",
        "SELECT list(range) FROM range(2000000000)",
        "SELECT string_agg(repeat('x', 1000000), '') FROM range(100000)",
        "SELECT * FROM range(3000000000) ORDER BY hash(range)",
    ],
    ids=["string", "list", "aggregate", "sort"],
)
def test_memory_bomb_is_stopped(warehouse_file, bomb):
    with pytest.raises(OutOfSpaceError, match="memory"):
        run_query(warehouse_file, bomb, io.BytesIO(), memory_bytes=300 << 20)


def test_rows_are_capped_with_notice(warehouse_file):
    out = io.BytesIO()

    answer = run_query(
        warehouse_file,
        "SELECT * FROM range(10000000000)",
        out,
        form=Format.CSV,
        row_limit=2_500,
    )

    assert (answer.row_count, answer.is_cut) == (2_500, True)
    assert out.getvalue().count(b"\n") == 2_501


@pytest.mark.parametrize("row_limit", [999, 1_000, 1_001])
def test_exactly_as_many_rows_as_allowed_are_not_cut(warehouse_file, row_limit):
    answer = run_query(
        warehouse_file,
        f"SELECT * FROM range({row_limit})",
        io.BytesIO(),
        row_limit=row_limit,
    )

    assert (answer.row_count, answer.is_cut) == (row_limit, False)


def test_missing_warehouse_is_told_and_not_made(tmp_path):
    path = tmp_path / "none.duckdb"

    with pytest.raises(WarehouseUnusableError, match="newsmill run"):
        run_query(path, "SELECT 1", io.BytesIO())

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"plain text", b"\x89PNG\r\n", b"x" * 9000])
def test_other_file_is_told_and_left(tmp_path, content):
    path = tmp_path / "other.duckdb"
    path.write_bytes(content)

    with pytest.raises(WarehouseUnusableError):
        run_query(path, "SELECT 1", io.BytesIO())

    assert path.read_bytes() == content


def test_database_of_another_program_is_told_and_left(tmp_path):
    path = tmp_path / "other.duckdb"
    with duckdb.connect(path) as other:
        other.execute("CREATE TABLE x AS SELECT 1")
    before = path.read_bytes()

    with pytest.raises(WarehouseUnusableError, match="not of Newsmill"):
        run_query(path, "SELECT 1", io.BytesIO())

    assert path.read_bytes() == before


def test_damaged_block_is_never_a_wrong_answer(warehouse_file, tmp_path):
    whole = warehouse_file.read_bytes()
    damaged = tmp_path / "damaged.duckdb"
    question = "SELECT title, text FROM fact_article, dim_document ORDER BY ALL"
    right = io.BytesIO()
    run_query(warehouse_file, question, right, form=Format.JSON)
    told = 0

    for place in range(12_288 + 100, len(whole), max(len(whole) // 8, 1)):
        damaged.write_bytes(
            whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        )
        out = io.BytesIO()
        try:
            run_query(damaged, question, out, form=Format.JSON)
        except WarehouseUnusableError:
            told += 1
        else:
            assert out.getvalue() == right.getvalue()
    assert told > 0


def test_file_that_someone_writes_into_is_busy(warehouse_file):
    with (
        duckdb.connect(warehouse_file),
        pytest.raises(NewsmillError) as caught,
    ):
        run_query(warehouse_file, "SELECT 1", io.BytesIO())

    assert caught.value.exit_code == 4


def test_reader_of_a_closed_pipe_ends_the_query(warehouse_file):
    reading, writing = os.pipe()
    os.close(reading)
    threads = set(threading.enumerate())

    with os.fdopen(writing, "wb", buffering=0) as out, pytest.raises(BrokenPipeError):
        run_query(
            warehouse_file,
            "SELECT repeat('x', 1000) FROM range(10000000)",
            out,
            form=Format.CSV,
            row_limit=10_000_000,
        )

    assert set(threading.enumerate()) <= threads


def test_question_is_not_taken_from_the_current_folder(
    warehouse_file, tmp_path, monkeypatch
):
    (tmp_path / "json.py").write_text("raise SystemExit('hijacked')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    assert run_query(warehouse_file, "SELECT 1", io.BytesIO()).row_count == 1


def test_name_with_quotes_is_a_name(warehouse_file, tmp_path):
    odd = tmp_path / "it's; DROP -- ü.duckdb"
    shutil.copy(warehouse_file, odd)

    assert run_query(odd, "SELECT 1", io.BytesIO()).row_count == 1


def test_columns_of_a_pivot_are_the_values_that_are_there(warehouse_file):
    out = io.BytesIO()

    run_query(
        warehouse_file,
        "PIVOT (SELECT language, is_truncated FROM fact_article) "
        "ON language USING count(*)",
        out,
        form=Format.CSV,
    )

    assert out.getvalue().decode() == '"is_truncated","en"\nfalse,2\n'


def test_value_is_bound_and_never_read_as_sql(warehouse_file):
    out = io.BytesIO()
    hostile = "x'; DROP TABLE fact_article; -- $name"

    run_query(
        warehouse_file,
        "SELECT $name AS name, title FROM fact_article WHERE article_key = $key",
        out,
        form=Format.JSONL,
        values={"name": hostile, "key": "11"},
    )

    assert json.loads(out.getvalue()) == {"name": hostile, "title": "Dam fills"}


@pytest.mark.parametrize(
    ("sql", "values", "told"),
    [
        ("SELECT $a", {}, r"\$a has no value"),
        ("SELECT 1", {"a": "1"}, "does not name"),
        ("SELECT ?", {}, r"\$1 has no value"),
        ("FROM read_text($a)", {"a": "/etc/hosts"}, "query:"),
        ("SELECT $a::BIGINT", {"a": "x"}, "Could not convert"),
        ("PIVOT (FROM fact_article WHERE title > $a) ON title", {"a": "1"}, "PIVOT"),
    ],
)
def test_wrong_value_is_told(warehouse_file, sql, values, told):
    with pytest.raises(UsageError, match=told):
        run_query(warehouse_file, sql, io.BytesIO(), values=values)
