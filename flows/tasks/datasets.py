"""What a run reads and writes, by the names that OpenLineage has for files and tables.

A dataset is a namespace and a name in it: `file` and a path, or the warehouse and a
table.
"""

import os
from pathlib import Path
from typing import Final, NamedTuple

from warehouse.lake.address import absolute, find_lake

LOCAL_FILES: Final = "file"
# One per distinct article: what a run is about.
MAIN_TABLE: Final = "main.fact_article"


class Dataset(NamedTuple):
    """A dataset as OpenLineage names it."""

    namespace: str
    name: str


def file_dataset(path: str | Path) -> Dataset:
    """A file, a folder, or a member of an archive.

    Example:
        >>> file_dataset("/srv/news/march.zip/one.txt")
        Dataset(namespace='file', name='/srv/news/march.zip/one.txt')
    """
    # What is no text in a name is shown as its bytes.
    shown = os.fsencode(os.path.realpath(path)).decode(errors="backslashreplace")
    return Dataset(LOCAL_FILES, shown)


def table_dataset(warehouse: Path, table: str = MAIN_TABLE) -> Dataset:
    """A table of a warehouse; `table` is `schema.name`.

    Example:
        >>> table_dataset(Path("/nowhere/news.duckdb"))
        Dataset(namespace='duckdb:///nowhere/news.duckdb', name='main.fact_article')
    """
    where = absolute(warehouse)
    if find_lake(warehouse) is None:
        where = f"duckdb://{file_dataset(where).name}"
    return Dataset(where, table)
