"""Rows that were held back: found, shown at their place, and settled."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from transforms.errors import UsageError
from warehouse.read.reports import read_report

AROUND_CHARS: Final = 200
SHOWN_CHARS: Final = 1_000


def find_held(
    path: Path, wanted: Sequence[str] = (), *, reason: str | None = None
) -> pl.DataFrame:
    """Rows by their keys, or all that are open.

    Args:
        path: The warehouse.
        wanted: Keys, or as many of their first digits as tell them apart.
        reason: Only rows with this reason code.

    Returns:
        One row each: what `quality.quarantine` says, `document_id` (null when the file
        never became a document), and `paths`, all at which its bytes were found.

    Raises:
        UsageError: A key means no row, or several.
    """
    held = read_report(path, "quarantine_rows", wanted=list(wanted), reason=reason)
    keys = held["quarantine_key"].cast(pl.String)
    for start in wanted:
        count = int(keys.str.starts_with(start).sum())
        if count != 1:
            what = "nothing with that key" if count == 0 else f"{count} rows"
            raise UsageError(
                f"quarantine {start!r}: {what}", "See: newsmill quarantine --status all"
            )
    return held


def read_place(path: Path, row: dict[str, Any]) -> dict[str, str] | None:
    """The held text with what stands before and after it.

    Args:
        path: The warehouse.
        row: One of `find_held`.

    Returns:
        `before`, `held`, and `after`; None when the file never became a document.
    """
    if not row["document_key"]:
        return None
    start = row["char_start"] or 0
    end = row["char_end"] if row["char_end"] is not None else row["char_count"]
    places = read_report(
        path,
        "quarantine_place",
        document_key=row["document_key"],
        char_start=start,
        char_end=end,
        around=AROUND_CHARS,
        shown=SHOWN_CHARS,
    )
    return places.to_dicts()[0] if len(places) else None


def resolve_held(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[int], note: str
) -> None:
    """Close open rows by the word of a person.

    Args:
        connection: To the build, in a transaction.
        keys: Rows that are open.
        note: What the person says.
    """
    connection.execute(
        "UPDATE quality.quarantine SET status = 'resolved' "
        "WHERE list_contains(?::BIGINT[], quarantine_key)",
        [list(keys)],
    )
    connection.execute(
        "INSERT INTO quality.quarantine_event BY NAME "
        "SELECT unnest(?::BIGINT[]) AS quarantine_key, ?::TIMESTAMP AS happened_at, "
        "'resolved' AS event, ? AS note, 0 AS run_key",
        [list(keys), datetime.now(UTC).replace(tzinfo=None), note],
    )


def note_tries(connection: duckdb.DuckDBPyConnection, notes: pl.DataFrame) -> None:
    """Keep that rows could not be tried at all.

    Args:
        connection: To the build, in a transaction.
        notes: `quarantine_key`, `event`, and `note`.
    """
    connection.register("noted", notes.to_arrow())
    connection.execute(
        "INSERT INTO quality.quarantine_event BY NAME "
        "SELECT *, ?::TIMESTAMP AS happened_at, 0 AS run_key FROM noted",
        [datetime.now(UTC).replace(tzinfo=None)],
    )
    connection.unregister("noted")
