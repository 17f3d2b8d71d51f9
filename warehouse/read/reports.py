"""Our own questions to a published warehouse, read-only: `sql/reports/<name>.sql`.

What a user types goes through `warehouse.read.queries` instead, which guards it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from warehouse.database.failures import explained
from warehouse.database.scripts import filled, read_script
from warehouse.open_reader import open_current

if TYPE_CHECKING:
    import polars as pl
    from duckdb import DuckDBPyConnection

_ROWS_AT_A_TIME: Final = 2048


@dataclass(frozen=True)
class Reader:
    """Reads reports of one state of a warehouse.

    Attributes:
        connection: To it, read-only.
    """

    connection: "DuckDBPyConnection"

    def __call__(self, name: str, **parameters: object) -> "pl.DataFrame":
        """Rows of one of our own reports.

        Args:
            name: File name in `sql/reports`, without its ending.
            parameters: Named as in the SQL.
        """
        return self._answer(name, parameters).pl()

    def rows(self, name: str, **parameters: object) -> list[dict[str, Any]]:
        """The same rows by the names of their columns, for who needs no Polars."""
        columns, rows = self.stream(name, **parameters)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def stream(
        self, name: str, **parameters: object
    ) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """Names of columns, and rows one after the other, for who holds few."""
        answer = self._answer(name, parameters)
        columns = [column[0] for column in answer.description or ()]
        return columns, _each_row(answer)

    def _answer(self, name: str, parameters: dict[str, object]) -> "DuckDBPyConnection":
        script = read_script("reports", name)
        return self.connection.execute(filled(script, parameters))


def _each_row(answer: "DuckDBPyConnection") -> Iterator[tuple[Any, ...]]:
    while rows := answer.fetchmany(_ROWS_AT_A_TIME):
        yield from rows


def read_report(path: Path, name: str, **parameters: object) -> "pl.DataFrame":
    """Rows of one of our own reports.

    Args:
        path: The warehouse.
        name: File name in `sql/reports`, without its ending.
        parameters: Named as in the SQL.

    Raises:
        WarehouseUnusableError: No file, not a warehouse, or not readable.
        WarehouseBusyError: Another program has it open for writing.
    """
    with open_reports(path) as read:
        return read(name, **parameters)


def read_rows(path: Path, name: str, **parameters: object) -> list[dict[str, Any]]:
    """The same rows by the names of their columns, for who needs no Polars."""
    with open_reports(path) as read:
        return read.rows(name, **parameters)


@contextmanager
def open_reports(path: Path) -> Iterator[Reader]:
    """Read several reports of one state: a run that publishes meanwhile is not seen.

    Args:
        path: The warehouse.

    Raises:
        WarehouseUnusableError: No file, not a warehouse, or not readable.
        WarehouseBusyError: Another program has it open for writing.
    """
    with explained(path), open_current(path) as connection:
        yield Reader(connection)
