"""The process that answers one query: it reads one file and can do nothing else.

It is started with nothing but DuckDB and the standard library. Memory is capped by the
operating system, because DuckDB's own limit does not cover all that a function may
build; writing is ruled out twice, by the database and by a file size of 0.
"""

import re
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, Final

import duckdb

from transforms.errors import UsageError
from warehouse.database.failures import explained
from warehouse.lake.address import find_lake
from warehouse.lake.query_guard import refuse_reaching_out, shut_ways_out
from warehouse.open_reader import open_published
from warehouse.read.formats import Format, Row, render, unique_names
from warehouse.read.queries.query_protocol import Answer, Request
from warehouse.read.supervised import ChildStoppedError, answer_parent

_ROWS_AT_A_TIME: Final = 1_000
_READING: Final = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN})
_TYPE: Final = duckdb.StatementType.CREATE
_MESSAGE_CHARS_MAX: Final = 2_000
_NEXT_STEP: Final = "See `newsmill query --list` for questions that work"
# DuckDB's limit leaves room for the interpreter's copy of the rows.
_DATABASE_SHARE: Final = 0.6
# DuckDB counts a text as 16 bytes and would rather hold all texts than the rows beside
# them; views are written so that their texts are on the side that is only read. With a
# million articles, `SELECT * FROM article LIMIT 10` takes 1.0 GB so, and 3.3 without.
_ASKS_TEXT: Final = re.compile(r"\*|\b(?:body|text)\b", re.IGNORECASE)


def main() -> None:
    """Answer one request."""
    answer_parent(_answer_request)


def _answer_request(wanted: dict[str, Any], out: BinaryIO) -> dict[str, Any]:
    request, answer = Request(**wanted), Answer()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        _answer(request, answer, out)
    except duckdb.Error as error:
        raise UsageError(_advice(str(error)), _NEXT_STEP) from error
    return asdict(answer)


def _advice(message: str) -> str:
    """DuckDB's words on one line, without its picture of the statement."""
    words = " ".join(message.partition("\n\nLINE ")[0].split())
    return f"query: {words[:_MESSAGE_CHARS_MAX]}"


def _answer(request: Request, answer: Answer, out: BinaryIO) -> None:
    path = Path(request.path)
    with (
        _stopped_in_time(request),
        explained(path),
        open_published(path, snapshot=request.snapshot) as connection,
    ):
        if _ASKS_TEXT.search(request.sql):
            connection.execute("SET disabled_optimizers = 'build_side_probe_side'")
        _guard(connection, path, request.memory_bytes)
        timer = threading.Timer(request.timeout_s, connection.interrupt)
        timer.daemon = True
        timer.start()
        *types, question = _one_reading_statement(connection, request.sql)
        _require_values(question, request.values)
        if find_lake(path) is not None:
            refuse_reaching_out(connection, request.sql)
        for statement in types:
            connection.execute(statement)
        cursor = connection.execute(question, request.values)
        if request.form == Format.PARQUET:
            _write_parquet(cursor, request, answer, out)
        else:
            _write_text(cursor, request, answer, out)
        timer.cancel()


@contextmanager
def _stopped_in_time(request: Request) -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException as error:
        raise ChildStoppedError("query", request.timeout_s) from error


def _guard(
    connection: duckdb.DuckDBPyConnection, path: Path, memory_bytes: int
) -> None:
    """Shut every way out, and lock the door last."""
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET allow_community_extensions = false")
    lake = find_lake(path)
    if lake is None:
        connection.execute("SET allow_persistent_secrets = false")
    else:
        shut_ways_out(connection, lake)
    connection.execute(f"SET memory_limit = '{int(memory_bytes * _DATABASE_SHARE)}B'")
    connection.execute("SET temp_directory = ''")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _one_reading_statement(
    connection: duckdb.DuckDBPyConnection, sql: str
) -> list[duckdb.Statement]:
    """The statement, after the types that DuckDB makes first for a PIVOT.

    What DuckDB makes of one statement has no text of its own, whereas each of several
    that were written has. The types are temporary: the warehouse is open for reading.
    """
    statements = connection.extract_statements(sql)
    is_made_of_one = len(statements) > 1 and not any(made.query for made in statements)
    if len(statements) != 1 and not is_made_of_one:
        raise UsageError(
            f"query: got {len(statements)} statements, expected one SELECT"
        )
    *types, question = statements
    if question.type not in _READING or any(made.type != _TYPE for made in types):
        kind = statements[0].type.name.replace("_", " ")
        raise UsageError(f"query: got {kind}, expected one SELECT", "Queries only read")
    return statements


def _require_values(statement: duckdb.Statement, values: dict[str, str | None]) -> None:
    wanted = statement.named_parameters
    for name in sorted(wanted - values.keys()):
        raise UsageError(
            f"query: parameter ${name} has no value", f"Give --param {name}=VALUE"
        )
    for name in sorted(values.keys() - wanted):
        raise UsageError(
            f"query: got --param {name}, which the statement does not name",
            f"Write ${name} where its value belongs, or leave it out",
        )


def _write_text(
    cursor: duckdb.DuckDBPyConnection,
    request: Request,
    answer: Answer,
    out: BinaryIO,
) -> None:
    names = [column[0] for column in cursor.description or []]
    rows = _rows(cursor, request.row_limit, answer)
    pieces = render(Format(request.form), names, rows, request.width)
    out.writelines(piece.encode() for piece in pieces)


def _rows(
    cursor: duckdb.DuckDBPyConnection, row_limit: int, answer: Answer
) -> Iterator[Row]:
    while rows := cursor.fetchmany(_ROWS_AT_A_TIME):
        left = row_limit - answer.row_count
        answer.row_count += min(left, len(rows))
        yield from rows[:left]
        if len(rows) > left:
            answer.is_cut = True
            return


def _write_parquet(
    cursor: duckdb.DuckDBPyConnection,
    request: Request,
    answer: Answer,
    out: BinaryIO,
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    batches = cursor.to_arrow_reader(_ROWS_AT_A_TIME)
    names = unique_names(batches.schema.names)
    schema = pa.schema(
        [
            field.with_name(name)
            for name, field in zip(names, batches.schema, strict=True)
        ]
    )
    with pq.ParquetWriter(pa.PythonFile(out, mode="w"), schema) as writer:
        for batch in batches:
            left = request.row_limit - answer.row_count
            answer.row_count += min(left, batch.num_rows)
            writer.write_batch(batch.slice(0, left).rename_columns(names))
            if batch.num_rows > left:
                answer.is_cut = True
                return
