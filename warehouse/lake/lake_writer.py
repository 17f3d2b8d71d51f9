"""Loading into a DuckLake that others load into at the same time.

A load is staged and audited beside the lake, against one state of it, and committed as
one snapshot. Every load also writes into the same row, so of two that started from the
same state only one can commit: the other one is staged, audited, and tried again on top
of it. So the lake is what the loads one after the other would have made it.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TypeVar

import duckdb

from transforms.errors import WarehouseUnusableError
from warehouse.database.connection import require_known_version
from warehouse.database.failures import explained, is_lost_commit
from warehouse.database.schema import (
    applied_version,
    apply_migrations,
    current_version,
    find_differences,
)
from warehouse.lake.address import LakeAddress
from warehouse.lake.conflicts import (
    LONGEST_PAUSE_SECONDS,
    LakeChangedError,
    pause_before_retry,
)
from warehouse.lake.lake import (
    TURN_TABLE,
    create_lake,
    create_lake_views,
    current_snapshot,
    open_lake,
    run_adapted,
)
from warehouse.publish.file_writer import Build, Writer
from warehouse.publish.lock import WriterLock, hold_lock
from warehouse.publish.moment import publishing
from warehouse.runs import RunCounts, RunFacts
from warehouse.staging.load import merge, prepare_staging

logger = logging.getLogger(__name__)

T = TypeVar("T")


@contextmanager
def open_lake_writer(
    lake: LakeAddress, run: RunFacts, *, lock_timeout_seconds: float
) -> Iterator["LakeWriter"]:
    """A writer beside others; what is not published in the block is gone.

    Args:
        lake: It need not exist yet.
        run: Who writes.
        lock_timeout_seconds: How long one load may wait for others.

    Raises:
        UsageError: The optional packages are not installed.
        WarehouseUnusableError: Not ours, or newer, or not reachable.
    """
    with explained(Path(str(lake))), ExitStack() as stack:
        lake.data.mkdir(parents=True, exist_ok=True)
        if lake.catalog_file is not None:
            lake.catalog_file.parent.mkdir(parents=True, exist_ok=True)
        writer = LakeWriter(lake, run, lock_timeout_seconds)
        stack.callback(writer.close)
        yield writer


class LakeWriter(Writer):
    """One of several writers of a lake.

    Attributes:
        path: The lake's address.
        run: Who writes.
    """

    def __init__(self, lake: LakeAddress, run: RunFacts, wait_seconds: float) -> None:
        self.path, self.run = Path(str(lake)), run
        self._lake, self._wait_seconds = lake, wait_seconds
        self._build: LakeBuild | None = None
        self._lock = WriterLock(self.path, run)

    def _parts_root(self) -> Path:
        """Beside the data, which all workers have to reach."""
        return self._lake.data.with_name(f"{self._lake.data.name}.parts")

    def start_build(self) -> "LakeBuild":
        """Stage on top of the newest state; again after each lost commit."""
        if self._build is not None:
            self._build.close()
        self._build = LakeBuild(self._lake, self._lock, self._wait_seconds)
        return self._build

    def close(self) -> None:
        """Forget a build that was not published."""
        if self._build is not None:
            self._build.close()


class LakeBuild(Build):
    """Candidate rows beside one state of a lake, until `publish` commits them.

    Attributes:
        connection: To the lake; the audit works on it.
        lock: Of a catalogue in one file; empty for PostgreSQL's.
    """

    def __init__(
        self, lake: LakeAddress, lock: WriterLock, wait_seconds: float
    ) -> None:
        self._lake, self._lock, self._path = lake, lock, lock.path
        self._wait_seconds = wait_seconds
        self._is_loaded = False
        self._stack = ExitStack()
        self.lock = self._stack.enter_context(ExitStack())
        if lake.catalog_file is not None:
            # Catalogues in one file admit one writer; waiting beats failing.
            self.lock.enter_context(
                hold_lock(lake.catalog_file, lock.run, timeout_seconds=wait_seconds)
            )
        try:
            self.connection = self._stack.enter_context(
                open_lake(lake, read_only=False)
            )
            self._bring_lake_up_to_date()
            self._snapshot = current_snapshot(self.connection)
            prepare_staging(self.connection, lock.run)
        except BaseException:
            self._stack.close()
            raise

    def publish(
        self,
        *,
        files_in: int = 0,
        documents_known: int = 0,
        with_search: bool = True,  # noqa: ARG002 - a lake has no index
    ) -> RunCounts:
        """Commit what is staged as one snapshot.

        Raises:
            LakeChangedError: Another load came first; nothing was written.
        """
        assert self._is_loaded

        def take_over(connection: duckdb.DuckDBPyConnection) -> None:
            if current_snapshot(connection) != self._snapshot:
                raise LakeChangedError(str(self._lake), "another load, just committed")
            merge(connection, self._lock.run, files_in, documents_known)

        start = time.perf_counter()
        self._commit(take_over, f"run {self._lock.run.run_id}")
        counts = self._read_counts()
        logger.info(
            "Committed %d new documents, %d new articles to the lake (%.2f s)",
            counts.documents_new,
            counts.articles_new,
            time.perf_counter() - start,
        )
        self._stack.close()
        return counts

    def amend(
        self,
        change: Callable[[duckdb.DuckDBPyConnection], T],
        *,
        with_search: bool = False,  # noqa: ARG002 - a lake has no index
    ) -> T:
        """Commit a change that loads no documents, again when another came first."""
        waited = 0.0
        while True:
            try:
                result = self._commit(change, f"change {self._lock.run.run_id}")
                break
            except LakeChangedError:
                waited += pause_before_retry(waited)
                if waited > self._wait_seconds:
                    raise
        self._stack.close()
        return result

    def close(self) -> None:
        """Drop the connection; what is not committed is gone."""
        self._stack.close()

    def _commit(
        self,
        change: Callable[[duckdb.DuckDBPyConnection], T],
        message: str,
        *,
        is_published: bool = True,
    ) -> T:
        """Make a change in one snapshot that names its run.

        Args:
            change: Gets the connection, in a transaction.
            message: Of the commit.
            is_published: It is what the run is for, not its preparation.

        Raises:
            LakeChangedError: Another snapshot collides with it; nothing was written.
        """
        connection = self.connection
        connection.execute("BEGIN")
        try:
            result = change(connection)
            connection.execute(f"UPDATE {TURN_TABLE} SET turn = turn + 1")  # noqa: S608
            connection.execute(
                "CALL newsmill.set_commit_message('newsmill', ?, extra_info => ?)",
                [message, self._lock.run.run_id],
            )
            with publishing() if is_published else nullcontext():
                connection.execute("COMMIT")
        except duckdb.Error as error:
            self._roll_back()
            if is_lost_commit(error):
                raise LakeChangedError(str(self._lake), "another load") from error
            raise
        except BaseException:
            self._roll_back()
            raise
        return result

    def _roll_back(self) -> None:
        try:
            self.connection.execute("ROLLBACK")
        except duckdb.TransactionException:
            return  # a commit that failed has rolled back already

    def _bring_lake_up_to_date(self) -> None:
        if applied_version(self.connection) is None:
            self._create()
        version = applied_version(self.connection)
        require_known_version(self._path, version)
        if (version or 0) < current_version():
            self._commit(_migrate, "migration", is_published=False)
        differences = find_differences(self.connection)
        if differences:
            raise WarehouseUnusableError(
                str(self._lake), f"its schema was changed: {'; '.join(differences)}"
            )

    def _create(self) -> None:
        try:
            self._commit(create_lake, "new warehouse", is_published=False)
        except LakeChangedError:
            # Another loader made it at the same time.
            pause_before_retry(LONGEST_PAUSE_SECONDS)


def _migrate(connection: duckdb.DuckDBPyConnection) -> None:
    apply_migrations(connection, partial(run_adapted, connection))
    create_lake_views(connection)
