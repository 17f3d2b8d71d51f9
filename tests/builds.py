"""A build of a warehouse, for tests that are their own run or another Newsmill."""

from contextlib import contextmanager
from pathlib import Path

from warehouse.database.connection import open_build_file
from warehouse.database.row_sums import write_sums
from warehouse.open_writer import open_writer


@contextmanager
def open_build(path, run, *, lock_timeout_seconds=0):
    """A writer whose build is started at once."""
    with open_writer(path, run, lock_timeout_seconds=lock_timeout_seconds) as writer:
        yield writer.start_build()


@contextmanager
def edited(path):
    """A connection to a published file; what it changes is as if it was published."""
    with open_build_file(Path(path)) as connection:
        yield connection
        write_sums(connection, 0, {})
