"""Our own questions to a published warehouse, read-only: `sql/reports/<name>.sql`.

What a user types goes through `warehouse.read.queries` instead, which guards it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from warehouse.database.failures import explained
from warehouse.database.scripts import read_script
from warehouse.open_reader import open_current

Reader = Callable[..., pl.DataFrame]


def read_report(path: Path, name: str, **parameters: object) -> pl.DataFrame:
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


@contextmanager
def open_reports(path: Path) -> Iterator[Reader]:
    """Read several reports of one state: a run that publishes meanwhile is not seen.

    Args:
        path: The warehouse.

    Yields:
        Called as `read_report` without the path.

    Raises:
        WarehouseUnusableError: No file, not a warehouse, or not readable.
        WarehouseBusyError: Another program has it open for writing.
    """
    with explained(path), open_current(path) as connection:

        def read(name: str, **parameters: object) -> pl.DataFrame:
            return connection.execute(read_script("reports", name), parameters).pl()

        yield read
