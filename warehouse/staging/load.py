"""From Parquet parts to candidate rows beside `main`, by plain SQL."""

import logging
import time
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from transforms.contracts import ReasonCode
from transforms.errors import ConservationError
from warehouse.database.connection import read_setting
from warehouse.database.schema import create_staging
from warehouse.database.scripts import quoted_value, run_scripts
from warehouse.runs import RunFacts
from warehouse.staging.sealed_folder import Seal, read_seal
from warehouse.staging.write_part import PART_TABLES

logger = logging.getLogger(__name__)

# Up to here a load was measured to need no more memory than USUAL_MEMORY.
USUAL_LOAD_CHARS: Final = 2_500_000_000
USUAL_DOCUMENT_CHARS: Final = 16_000_000
USUAL_ARTICLES: Final = 1_000_000
USUAL_MEMORY: Final = "384.0 MiB"  # as DuckDB tells it
# Texts of a row group, as each thread keeps them while they are compressed, take some
# 200 MiB; with less, they go to disk and back.
_MERGE_MEMORY: Final = "416MiB"
_MERGE_THREADS: Final = 2
_STAGED: Final = """
    SELECT
        (SELECT count(*) FROM staging.dim_document),
        (SELECT count(*) FROM staging.fact_article),
        (SELECT count(*) FROM staging.fact_occurrence)
"""
# What only the load knows.
_FROM_BATCH: Final = "COLUMNS(c -> c NOT IN ('run_key', 'occurrence_count'))"


def prepare_staging(connection: duckdb.DuckDBPyConnection, run: RunFacts) -> None:
    """Make the empty staging tables, and stage the row of the run itself.

    The tables that tell what is loaded stay empty until `load_parts`.
    """
    create_staging(connection)
    connection.execute("CREATE TABLE staging.again_document (document_key BIGINT)")
    connection.execute(
        "CREATE TABLE staging.retried_quarantine "
        "(quarantine_key BIGINT, event VARCHAR, note VARCHAR)"
    )
    connection.execute(
        "INSERT INTO staging.dim_run (run_key, run_id, flow_run_id, started_at, "
        "version, status) VALUES (?, ?, ?, ?, ?, 'running')",
        [run.key, run.run_id, run.flow_run_id, run.started_at_utc, run.version],
    )


def load_parts(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Path], run: RunFacts
) -> None:
    """Fill the staging tables from parts, leaving out what `main` has already.

    A document that comes in several parts is taken from one, an article that many
    documents print becomes one row, and what is known with the same version of the
    transforms is not staged. Texts are not copied: `staging.dim_document` and
    `staging.document_segment` are views of the parts.

    Args:
        connection: To the build, with empty staging tables.
        parts: Folders that `write_part` made; some hold some of the tables only.
        run: Whose key the rows get.

    Raises:
        ConservationError: A part is not there, or has other rows than it was sealed
            with.
    """
    start = time.perf_counter()
    seals = [(part, _require_files(part)) for part in parts]
    for table in PART_TABLES:
        files = [
            part / f"{table}.parquet" for part, seal in seals if table in seal.rows
        ]
        if not files:
            connection.execute(
                f"CREATE TEMP TABLE part_{table} AS "  # noqa: S608
                f"SELECT {_FROM_BATCH}, '' AS batch_id FROM staging.{table}"
            )
            continue
        paths = ", ".join(quoted_value(file.absolute()) for file in files)
        connection.execute(
            f"CREATE TEMP VIEW part_{table} AS "  # noqa: S608
            f"SELECT * FROM read_parquet([{paths}], hive_partitioning = false)"
        )
        promised = sum(seal.rows.get(table, 0) for _, seal in seals)
        _require(f"rows of {table}", promised, _count(connection, table))
    _bound_memory(connection)
    run_scripts(
        connection, "load", {"run_key": run.key, "started_at": run.started_at_utc}
    )
    ((documents, articles, appearances),) = connection.execute(_STAGED).fetchall()
    logger.info(
        "Staged %d documents, %d articles in %d places, from %d parts (%.2f s)",
        documents,
        articles,
        appearances,
        len(parts),
        time.perf_counter() - start,
    )


def require_all(
    connection: duckdb.DuckDBPyConnection,
    handed_out: Collection[str],
    rejected: Collection[str],
    appearances: int,
) -> None:
    """Raise unless the loaded parts hold what the run was promised.

    Args:
        connection: To the build, loaded.
        handed_out: `document_id` of each document that parts were made of.
        rejected: Of these, those that never became documents.
        appearances: Of articles in them, as those who made the parts counted.

    Raises:
        ConservationError: Documents or appearances are missing, or there are others.
    """
    ids = connection.sql("SELECT document_id FROM part_dim_document").pl()
    loaded = set(ids["document_id"])
    _require("documents", len(handed_out), len({*loaded, *rejected} & {*handed_out}))
    _require("documents", len(loaded & {*handed_out}), len(loaded))
    _require(
        "appearances of articles", appearances, _count(connection, "fact_occurrence")
    )


def _require_files(part: Path) -> Seal:
    """The seal of a part whose files are all there, as long as they were."""
    seal = read_seal(part)
    if seal is None:
        raise ConservationError("load", f"seals of part {part.name}", 1, 0)
    sizes = {name: size for name, (size, _) in seal.files.items()}
    found = {path.name: path.stat().st_size for path in part.iterdir()}
    there = [name for name, size in sizes.items() if found.get(name) == size]
    _require(f"files of part {part.name}", len(sizes), len(there))
    return seal


def _require(unit: str, expected: int, got: int) -> None:
    if got != expected:
        raise ConservationError("load", unit, expected, got)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of all parts, which Parquet tells without reading them."""
    ((count,),) = connection.execute(
        f"SELECT count(*) FROM part_{table}"  # noqa: S608 - one of PART_TABLES
    ).fetchall()
    return int(count)


def _bound_memory(connection: duckdb.DuckDBPyConnection) -> None:
    """Let a load of usual size, beside a warehouse of usual size, use less memory.

    What DuckDB cannot spill to disk grows with rows and with the largest text, so a
    larger one keeps `database.connection.LOADER_MEMORY`, and so does a lake, whose
    files are written from memory.
    """
    asked = connection.execute(
        "SELECT coalesce(sum(char_count), 0) <= ? "
        "AND coalesce(max(char_count), 0) <= ? "
        "AND (SELECT count(*) FROM main.fact_article) <= ? "
        "AND (SELECT type FROM duckdb_databases() "
        "WHERE database_name = current_database()) = 'duckdb' FROM part_dim_document",
        [USUAL_LOAD_CHARS, USUAL_DOCUMENT_CHARS, USUAL_ARTICLES],
    ).fetchone()
    if asked and asked[0]:
        connection.execute(f"SET memory_limit = '{USUAL_MEMORY}'")


def merge(
    connection: duckdb.DuckDBPyConnection,
    run: RunFacts,
    files_in: int,
    documents_known: int,
) -> None:
    """Take over what is staged, and tell what it changes.

    Args:
        connection: To the build, prepared, in a transaction.
        run: Who publishes.
        files_in: Files that it found.
        documents_known: Of these, documents that were loaded before.
    """
    given = {
        "run_key": run.key,
        "ended_at": datetime.now(UTC).replace(tzinfo=None),
        "files_in": files_in,
        "documents_known": documents_known,
    }
    run_scripts(connection, "merge", given)
    run_scripts(connection, "changes", given)


def prepare_merge(connection: duckdb.DuckDBPyConnection) -> None:
    """Let texts be written fast and without holes, in bounded memory.

    Kept in order, rows of small parts are written, joined, and written again: the holes
    that this leaves are a twentieth of the file.
    """
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"SET threads = {_MERGE_THREADS}")
    if read_setting(connection, "memory_limit") == USUAL_MEMORY:
        connection.execute(f"SET memory_limit = '{_MERGE_MEMORY}'")


def stage_rows(
    connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame
) -> None:
    """Append rows to a staging table, by column name."""
    columns = ", ".join(rows.columns)
    connection.register("staged_rows", rows.to_arrow())
    try:
        connection.execute(
            f"INSERT INTO staging.{table} ({columns}) "  # noqa: S608
            f"SELECT {columns} FROM staged_rows"
        )
    finally:
        connection.unregister("staged_rows")


def set_aside(
    connection: duckdb.DuckDBPyConnection, failing_rows: pl.DataFrame, run: RunFacts
) -> None:
    """Move articles out of staging into quarantine, one row per appearance.

    Args:
        connection: To the build, loaded.
        failing_rows: `article_key`, `expectation_code`, and `detail`; several rows of
            an article are several reasons.
        run: The run that holds them back.
    """
    start = time.perf_counter()
    reasons = failing_rows.select("article_key", "expectation_code", "detail")
    connection.register("failing_rows", reasons.to_arrow())
    run_scripts(
        connection,
        "set_aside",
        {"run_key": run.key, "reason_code": ReasonCode.FAILED_EXPECTATION.value},
    )
    connection.unregister("failing_rows")
    logger.info(
        "Set aside %d articles (%.2f s)",
        failing_rows["article_key"].n_unique(),
        time.perf_counter() - start,
    )


def set_aside_documents(
    connection: duckdb.DuckDBPyConnection, failing: pl.DataFrame, run: RunFacts
) -> None:
    """Move documents out of staging into quarantine, one row each, as a whole.

    Args:
        connection: To the build, loaded.
        failing: `document_key`, `expectation_code`, and `detail`; several rows of a
            document are several reasons.
        run: The run that holds them back.
    """
    connection.register("failing_documents", failing.to_arrow())
    printed = connection.sql(
        "SELECT DISTINCT article_key, expectation_code, detail "
        "FROM staging.fact_occurrence INNER JOIN failing_documents USING (document_key)"
    )
    set_aside(connection, printed.pl(), run)
    run_scripts(
        connection,
        "set_aside_documents",
        {"run_key": run.key, "reason_code": ReasonCode.FAILED_EXPECTATION.value},
    )
    connection.unregister("failing_documents")
    logger.info("Set aside %d documents", failing["document_key"].n_unique())
