"""Open what is published, for a run that writes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from warehouse.database.failures import explained, writable
from warehouse.database.row_sums import require_as_published
from warehouse.database.schema import applied_version, current_version
from warehouse.lake.address import find_lake
from warehouse.open_reader import open_published, require_possible
from warehouse.publish.file_writer import Writer
from warehouse.publish.lock import hold_lock
from warehouse.runs import RunFacts


@contextmanager
def open_writer(
    path: Path, run: RunFacts, *, lock_timeout_seconds: float
) -> Iterator[Writer]:
    """Hold the writer's lock; what is not published at the end of the block is gone.

    The rows of the published file are counted at once, and it is brought up to date
    when an older Newsmill made it.

    Args:
        path: The warehouse; it need not exist yet.
        run: Who writes.
        lock_timeout_seconds: How long to wait for another writer.

    Raises:
        WarehouseBusyError: Another writer holds the lock, or has the file open.
        WarehouseUnusableError: The file is not ours, corrupt, newer, or read-only.
        WarehouseDamagedError: It has other rows than were published.
        OutOfSpaceError: At any step inside the block.
    """
    lake = find_lake(path)
    if lake is not None:
        from warehouse.lake.lake_writer import open_lake_writer

        with open_lake_writer(
            lake, run, lock_timeout_seconds=lock_timeout_seconds
        ) as lake_writer:
            yield lake_writer
        return
    require_possible(path)
    with explained(path), ExitStack() as stack:
        with writable(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context(
                hold_lock(path, run, timeout_seconds=lock_timeout_seconds)
            )
            writer = Writer(lock)
            if lock.path.exists() and _is_older(lock.path):
                writer.migrate()
        stack.callback(writer.close)
        yield writer


def _is_older(path: Path) -> bool:
    with open_published(path) as connection:
        require_as_published(connection, path, with_hashes=False)
        return applied_version(connection) != current_version()
