"""A build of a warehouse, for tests that are their own run."""

from contextlib import contextmanager

from warehouse.open_writer import open_writer


@contextmanager
def open_build(path, run, *, lock_timeout_seconds=0):
    """A writer whose build is started at once."""
    with open_writer(path, run, lock_timeout_seconds=lock_timeout_seconds) as writer:
        yield writer.start_build()
