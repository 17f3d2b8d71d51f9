"""Classifier versions in a warehouse: what each has scored, and which one serves."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from transforms.errors import UsageError
from warehouse.database.failures import explained
from warehouse.database.scripts import read_script, run_scripts
from warehouse.open_reader import open_current
from warehouse.read.reports import read_report
from warehouse.runs import RunFacts

BATCH_BYTES: Final = 16 << 20


@dataclass(frozen=True)
class StoredBatch:
    """Stored articles that a version has not scored yet.

    Attributes:
        articles: `article_row`, `article_key`, `document_row`, `title`, `body`,
            `language`, `title_runs`, `body_runs`.
        documents: `document_row`, `document_key`, `text`; row i is document i.
    """

    articles: pl.DataFrame
    documents: pl.DataFrame


def iterate_unscored(path: Path, classifier_key: int) -> Iterator[StoredBatch]:
    """Articles without a score by a version, document by document, in bounded batches.

    Args:
        path: The warehouse, published; it is read while the block goes on.
        classifier_key: Of the version.
    """
    with explained(path), open_current(path) as connection:
        waiting = _fetch(
            connection, "unscored_documents", classifier_key=classifier_key
        )
        groups = waiting.with_columns(
            group=(pl.col("byte_size").cum_sum() - 1).clip(0) // BATCH_BYTES
        ).partition_by("group", maintain_order=True)
        for group in groups:
            keys = group["document_key"].to_list()
            yield StoredBatch(
                _fetch(
                    connection,
                    "unscored_articles",
                    classifier_key=classifier_key,
                    document_keys=keys,
                ),
                _fetch(connection, "texts", document_keys=keys),
            )


def _fetch(
    connection: duckdb.DuckDBPyConnection, name: str, **parameters: object
) -> pl.DataFrame:
    return connection.execute(read_script("versions", name), parameters).pl()


def add_scores(
    connection: duckdb.DuckDBPyConnection,
    classifier: pl.DataFrame,
    parts: Sequence[Path],
    run: RunFacts,
) -> int:
    """Append scores and evidence of a version to an open build.

    Args:
        connection: To the build, in a transaction.
        classifier: The row of `dim_classifier`.
        parts: Folders with `fact_classification.parquet` and `fact_evidence.parquet`.
        run: The run that made them.

    Returns:
        Articles that were scored.
    """
    with _noting_labels(connection, run, "reclassified"):
        return _add_scores(connection, classifier, parts, run)


def _add_scores(
    connection: duckdb.DuckDBPyConnection,
    classifier: pl.DataFrame,
    parts: Sequence[Path],
    run: RunFacts,
) -> int:
    connection.register("new_classifier", classifier.to_arrow())
    connection.execute(
        "INSERT INTO main.dim_classifier BY NAME "
        "SELECT * FROM new_classifier ANTI JOIN main.dim_classifier "
        "USING (classifier_key)"
    )
    connection.unregister("new_classifier")
    for table in ("fact_classification", "fact_evidence"):
        names = [str(part / f"{table}.parquet") for part in parts]
        if names:
            connection.execute(
                f"INSERT INTO main.{table} BY NAME "  # noqa: S608 - one of two names
                "SELECT *, $run_key::BIGINT AS run_key FROM read_parquet($names) "
                f"ANTI JOIN main.{table} USING (article_key, classifier_key)",
                {"run_key": run.key, "names": names},
            )
    row = connection.execute(
        "SELECT count(DISTINCT article_key) FROM main.fact_classification "
        "WHERE run_key = ?",
        [run.key],
    ).fetchone()
    return int(row[0]) if row else 0


def list_versions(path: Path) -> list[dict[str, Any]]:
    """Versions, how many articles each has scored, and which one serves."""
    return read_report(path, "versions").to_dicts()


def find_version(path: Path, version: str) -> dict[str, Any]:
    """One version by its name.

    Raises:
        UsageError: The warehouse does not know it.
    """
    versions = list_versions(path)
    named = [row for row in versions if row["version"] == version]
    if not named:
        known = ", ".join(str(row["version"]) for row in versions)
        raise UsageError(
            f"no version {version!r} in {path}",
            f"Known: {known}. `newsmill reclassify --version {version}` adds it",
        )
    return named[-1]


def promote(
    connection: duckdb.DuckDBPyConnection, classifier_key: int, run: RunFacts
) -> None:
    """Let the views show the labels of a version.

    Args:
        connection: To the build, in a transaction.
        classifier_key: Of a version that has scored all articles.
        run: Who asks for it.
    """
    with _noting_labels(connection, run, "promoted"):
        connection.execute(
            "UPDATE ops.serving_classifier SET classifier_key = ?", [classifier_key]
        )


@contextmanager
def _noting_labels(
    connection: duckdb.DuckDBPyConnection, run: RunFacts, status: str
) -> Iterator[None]:
    """Tell of a run, and of articles that have another first label after the block."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE shown_before AS FROM ops.article_state"
    )
    yield
    ended_at = datetime.now(UTC).replace(tzinfo=None)
    connection.execute(
        "INSERT INTO main.dim_run "
        "(run_key, run_id, started_at, ended_at, status, version) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [run.key, run.run_id, run.started_at_utc, ended_at, status, run.version],
    )
    run_scripts(connection, "changes", {"run_key": run.key, "ended_at": ended_at})


def add_human_label(
    connection: duckdb.DuckDBPyConnection,
    article_key: int,
    category: str,
    *,
    labelled_by: str,
    note: str | None,
) -> None:
    """Append what a person says of an article; what was said before stays."""
    connection.execute(
        "INSERT INTO main.fact_human_label BY NAME "
        "SELECT ?::BIGINT AS article_key, category_key, ?::TIMESTAMP AS labelled_at, "
        "? AS labelled_by, ? AS note FROM main.dim_category WHERE code = ?",
        [
            article_key,
            datetime.now(UTC).replace(tzinfo=None),
            labelled_by,
            note,
            category,
        ],
    )
