import csv
import io
import json
import os
import pty

import duckdb
import pyarrow.parquet as pq
import pytest

from transforms.errors import UsageError
from warehouse.read.formats import Format
from warehouse.read.queries.queries import run_query

# Every kind of value that the warehouse holds, and NULL.
KINDS = (
    "SELECT 9223372036854775807::BIGINT AS key, 'a,\"b\"' || chr(10) || 'ü' AS text, "
    "'' AS blank, NULL::VARCHAR AS nothing, -1.5 AS number, true AS yes, "
    "DATE '2022-01-06' AS day, TIMESTAMP '2022-01-06 07:08:09' AS moment, "
    "['x', 'y'] AS names"
)


def answer(warehouse_file, sql, form):
    out = io.BytesIO()
    run_query(warehouse_file, sql, out, form=form)
    return out.getvalue()


def test_csv_reads_back_equal(warehouse_file, tmp_path):
    target = tmp_path / "out.csv"
    target.write_bytes(answer(warehouse_file, KINDS, Format.CSV))

    columns = (
        "{key: 'BIGINT', text: 'VARCHAR', blank: 'VARCHAR', nothing: 'VARCHAR', "
        "number: 'DECIMAL(2,1)', yes: 'BOOLEAN', day: 'DATE', moment: 'TIMESTAMP', "
        "names: 'VARCHAR'}"
    )
    back = duckdb.execute(
        f"SELECT * REPLACE (from_json(names, '[\"VARCHAR\"]') AS names) "
        f"FROM read_csv('{target}', header = true, columns = {columns}, "
        "allow_quoted_nulls = false)"
    ).fetchall()
    assert back == duckdb.execute(KINDS).fetchall()


def test_parquet_reads_back_equal(warehouse_file, tmp_path):
    target = tmp_path / "out.parquet"

    target.write_bytes(answer(warehouse_file, KINDS, Format.PARQUET))

    back = duckdb.execute(f"FROM '{target}'").fetchall()
    assert back == duckdb.execute(KINDS).fetchall()


@pytest.mark.parametrize("form", [Format.JSON, Format.JSONL])
def test_json_reads_back_equal(warehouse_file, form):
    (row,) = json.loads(
        answer(warehouse_file, KINDS, Format.JSON)
        if form is Format.JSON
        else b"[" + answer(warehouse_file, KINDS, form) + b"]"
    )

    assert row == {
        "key": "9223372036854775807",
        "text": 'a,"b"\nü',
        "blank": "",
        "nothing": None,
        "number": -1.5,
        "yes": True,
        "day": "2022-01-06",
        "moment": "2022-01-06 07:08:09",
        "names": ["x", "y"],
    }


def test_keys_are_text_where_clients_round_numbers(warehouse_file):
    asked = (
        "SELECT 11 AS article_key, 20220106 AS published_date_key, 7 AS n, "
        "9007199254740993 AS big, {'story_key': 12} AS nested"
    )

    (row,) = json.loads(answer(warehouse_file, asked, Format.JSON))
    line = answer(warehouse_file, asked, Format.CSV).decode().splitlines()[1]

    assert row == {
        "article_key": "11",
        "published_date_key": 20220106,
        "n": 7,
        "big": "9007199254740993",
        "nested": {"story_key": "12"},
    }
    assert line.startswith('"11",20220106,7,')


def test_markdown_reads_back_equal(warehouse_file):
    text = answer(warehouse_file, "SELECT 1 AS a, 'x|y' AS b", Format.MARKDOWN)

    assert text.decode().splitlines() == ["| a | b |", "| --- | --- |", "| 1 | x\\|y |"]


def test_table_shows_rows_under_their_names(warehouse_file):
    text = answer(
        warehouse_file, "SELECT 7 AS number, 'ü' AS text, NULL AS none", Format.TABLE
    )

    assert [line.split() for line in text.decode().splitlines()] == [
        ["number", "text", "none"],
        ["──────", "────", "────"],
        ["7", "ü"],
    ]


@pytest.mark.parametrize("form", [Format.JSON, Format.CSV, Format.TABLE])
def test_no_rows_are_an_answer(warehouse_file, form):
    text = answer(warehouse_file, "SELECT 1 AS a WHERE false", form).decode()

    assert "1" not in text
    assert form is not Format.JSON or json.loads(text) == []


def test_stored_formula_is_inert_in_csv(warehouse_file):
    text = answer(
        warehouse_file, "SELECT title, -1 AS n FROM fact_article", Format.CSV
    ).decode()

    titles = {row["title"]: row["n"] for row in csv.DictReader(io.StringIO(text))}
    assert "'=Bank\\x1b[31m robbed" in titles
    assert set(titles.values()) == {"-1"}


@pytest.mark.parametrize("form", [Format.TABLE, Format.MARKDOWN, Format.JSON])
def test_stored_escape_sequence_is_inert(warehouse_file, form):
    text = answer(warehouse_file, "SELECT title FROM fact_article", form)

    assert b"\x1b" not in text
    assert b"robbed" in text


@pytest.fixture
def terminal():
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "wb", buffering=0) as out, os.fdopen(ours, "rb") as screen:
        yield out, screen


def test_table_fits_the_terminal(warehouse_file, terminal, monkeypatch):
    out, screen = terminal
    monkeypatch.setenv("COLUMNS", "40")

    run_query(warehouse_file, "SELECT repeat('wide ', 50) AS a, 1 AS b", out)

    lines = screen.read1().decode().splitlines()
    assert max(map(len, lines)) <= 40
    assert "…" in lines[2]


def test_parquet_is_not_for_a_terminal(warehouse_file, terminal):
    with pytest.raises(UsageError, match="-o"):
        run_query(warehouse_file, "SELECT 1", terminal[0], form=Format.PARQUET)


def test_parquet_is_capped_and_names_are_unique(warehouse_file):
    out = io.BytesIO()

    answer = run_query(
        warehouse_file,
        "SELECT range AS a, 1 AS a FROM range(5000)",
        out,
        form=Format.PARQUET,
        row_limit=2_500,
    )

    table = pq.read_table(io.BytesIO(out.getvalue()))
    assert (answer.row_count, answer.is_cut) == (2_500, True)
    assert (table.num_rows, table.column_names) == (2_500, ["a", "a_2"])
