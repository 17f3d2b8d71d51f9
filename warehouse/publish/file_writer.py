"""The writer: a copy of the warehouse is filled, judged, and put in its place.

Nothing touches the published file before one rename replaces it, so a run that fails
or dies leaves it as it was, byte for byte.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import duckdb
import polars as pl

from transforms.errors import WarehouseUnusableError
from transforms.keys import key_from_sha256, surrogate_keys
from transforms.star.quarantine import build_quarantine
from warehouse.database.connection import fold_in_leftover_log, open_build_file
from warehouse.database.failures import explained, writable
from warehouse.database.row_sums import (
    TEXTS_TABLE,
    RowSum,
    following_texts,
    read_sums,
    require_as_published,
    write_sums,
)
from warehouse.database.schema import (
    applied_version,
    create_views,
    create_warehouse,
    find_differences,
    migrate,
)
from warehouse.publish.files import (
    build_file,
    copy_file,
    keep_file,
    remove_build,
    replace_file,
)
from warehouse.publish.lock import WriterLock
from warehouse.publish.search_index import drop_index, update_index
from warehouse.runs import RunCounts, record_interrupted
from warehouse.staging.load import (
    load_parts,
    merge,
    prepare_merge,
    prepare_staging,
    require_all,
    set_aside,
    set_aside_documents,
    stage_rows,
)
from warehouse.staging.parts_folder import claim_folder
from warehouse.staging.stories import link_remaining, link_stories

logger = logging.getLogger(__name__)

T = TypeVar("T")

_COUNTS: Final = ", ".join(RunCounts.__dataclass_fields__)


class Writer:
    """The one writer of a warehouse, for as long as it holds the lock.

    The published file is copied only when `start_build` asks for it: a run that finds
    nothing new costs no copy.

    Attributes:
        path: The warehouse, links resolved.
        run: Who writes.
    """

    def __init__(self, lock: WriterLock) -> None:
        self.path, self.run, self._lock = lock.path, lock.run, lock
        self._build: Build | None = None
        remove_build(self.path)

    @contextmanager
    def parts_folder(self) -> Iterator[Path]:
        """A folder beside the warehouse, for the time of a block.

        Finished parts of a run that failed or died are in it already.
        """
        root = self._parts_root()
        with claim_folder(root, self.run.run_id) as folder, explained(self.path):
            yield folder

    def _parts_root(self) -> Path:
        return self.path.with_name(f"{build_file(self.path).name}.parts")

    def start_build(self) -> "Build":
        """Copy the published file, or make the first one, and open the copy."""
        assert self._build is None
        self._build = Build(self._lock)
        return self._build

    def migrate(self) -> None:
        """Publish the same warehouse with the newest schema, and keep the old file."""
        try:
            build = self.start_build()
            with writable(self.path):
                keep_file(self.path)
            build.amend(lambda _: None, with_search=True)
        except BaseException:
            self.close()
            raise
        self._build = None

    def close(self) -> None:
        """Remove a build that was not published."""
        if self._build is not None:
            self._build.close()
        remove_build(self.path)


class Build:
    """An unpublished copy of the warehouse, with candidate rows in `staging`.

    The candidates are in a database of their own, attached under that name, until
    `publish` takes them over in one transaction.

    Attributes:
        connection: To the copy; the audit works on it.
    """

    def __init__(self, lock: WriterLock) -> None:
        self._lock, self._path = lock, lock.path
        self._file = build_file(self._path)
        self._is_loaded = False
        self._kept_sums: dict[str, RowSum] = {}
        is_first = not self._path.exists()
        if not is_first:
            self._copy_published()
        self.connection = open_build_file(self._file)
        try:
            self._bring_up_to_date(is_first=is_first)
            prepare_staging(self.connection, lock.run)
        except BaseException:
            self.connection.close()
            raise

    def load(self, parts: Sequence[Path]) -> None:
        """Stage what is new in the parts; once per build, before anything below."""
        assert not self._is_loaded
        load_parts(self.connection, parts, self._lock.run)
        link_stories(self.connection, self._lock.run)
        self._is_loaded = True

    def require_all(
        self, handed_out: Collection[str], rejected: Collection[str], appearances: int
    ) -> None:
        """Raise unless what was loaded is what the run was promised.

        Args:
            handed_out: `document_id` of each document that parts were made of.
            rejected: Of these, those that never became documents.
            appearances: Of articles in them.

        Raises:
            ConservationError: Something is missing, or is there without reason.
        """
        require_all(self.connection, handed_out, rejected, appearances)

    def add_arrivals(self, arrivals: pl.DataFrame) -> None:
        """Tell at which paths bytes were found.

        Args:
            arrivals: `document_id`, `file_name`, `path`; documents that are neither
                known nor loaded are left out.
        """
        run = self._lock.run
        stage_rows(
            self.connection,
            "document_arrival",
            arrivals.select(
                key_from_sha256(arrivals["document_id"]).alias("document_key"),
                "file_name",
                "path",
                pl.lit(run.key, pl.Int64).alias("run_key"),
                pl.lit(run.started_at_utc, pl.Datetime("us")).alias("arrived_at"),
            ),
        )

    def add_rejects(self, rejects: pl.DataFrame) -> None:
        """Hold back files that never became documents (contract REJECTS)."""
        run_key = pl.lit(self._lock.run.key, pl.Int64).alias("run_key")
        rows = build_quarantine(rejects).with_columns(run_key)
        stage_rows(self.connection, "quarantine", rows)

    def add_outcomes(self, outcomes: pl.DataFrame, *, documents_known: int) -> None:
        """Tell what became of every path that the run found.

        Args:
            outcomes: PATH_OUTCOMES.
            documents_known: How many of them are known.
        """
        run_key = pl.lit(self._lock.run.key, pl.Int64).alias("run_key")
        stage_rows(self.connection, "path_outcome", outcomes.with_columns(run_key))
        self.connection.execute(
            "UPDATE staging.dim_run SET files_in = ?, documents_known = ?",
            [len(outcomes), documents_known],
        )

    def load_again(self, document_ids: Collection[str]) -> None:
        """Let parts of known documents replace their rows; before `load`."""
        ids = pl.Series(sorted(document_ids), dtype=pl.String)
        keys = pl.DataFrame({"document_key": key_from_sha256(ids)})
        stage_rows(self.connection, "again_document", keys)

    def note_tries(self, notes: pl.DataFrame) -> None:
        """Tell which held rows this run tries again.

        Args:
            notes: `quarantine_key`; `event` and `note` of those that could not be
                tried, else null.
        """
        stage_rows(self.connection, "retried_quarantine", notes)

    def set_aside(self, failing_rows: pl.DataFrame) -> None:
        """Move articles that fail an expectation to quarantine, all appearances.

        Args:
            failing_rows: `article_key`, `expectation_code`, and `detail`; other
                columns are ignored.
        """
        if len(failing_rows):
            set_aside(self.connection, failing_rows, self._lock.run)
            link_remaining(self.connection, self._lock.run)

    def set_aside_documents(self, failing: pl.DataFrame) -> None:
        """Take documents that fail an expectation out of the load, with their articles.

        Each becomes one row of quarantine, of the whole file. Articles that stand in
        other documents of the load as well are held back there too.

        Args:
            failing: `document_key`, `expectation_code`, and `detail`.
        """
        if len(failing):
            set_aside_documents(self.connection, failing, self._lock.run)
            link_remaining(self.connection, self._lock.run)

    def record_quality(self, results: pl.DataFrame) -> None:
        """Keep what the audit found.

        Args:
            results: One row per expectation: `code`, `table_name`, `description`,
                `severity`, `consequence`, `runbook`, `success`, `element_count`,
                `unexpected_count`, `observed`.
        """
        keyed = results.with_columns(
            surrogate_keys(results["code"]).alias("expectation_key"),
            pl.lit(self._lock.run.key, pl.Int64).alias("run_key"),
        )
        for table, columns in _QUALITY_COLUMNS.items():
            stage_rows(self.connection, table, keyed.select(columns))

    def publish(
        self, *, files_in: int = 0, documents_known: int = 0, with_search: bool = True
    ) -> RunCounts:
        """Take over what is staged, and put the file in place of the published one.

        Args:
            files_in: Files that the run found.
            documents_known: Of these, documents that were loaded before.
            with_search: Bring the index of `search` up to date; else there is none.

        Returns:
            What the run added.
        """
        assert self._is_loaded
        counts = self._merge(files_in=files_in, documents_known=documents_known)
        (update_index if with_search else drop_index)(self.connection)
        self._put_in_place()
        return counts

    def amend(
        self,
        change: Callable[[duckdb.DuckDBPyConnection], T],
        *,
        with_search: bool = False,
    ) -> T:
        """Make a change that loads no documents, and publish it like a run.

        Args:
            change: Gets the connection, in a transaction; the rest is not its business.
                It leaves texts as they are.
            with_search: Bring the index of `search` up to date.

        Returns:
            What the change gave.
        """
        self.connection.execute("BEGIN")
        result = change(self.connection)
        record_interrupted(self.connection, self._lock.interrupted)
        write_sums(self.connection, self._lock.run.key, self._kept_sums)
        self.connection.execute("COMMIT")
        if with_search:
            update_index(self.connection)
        self._put_in_place()
        return result

    def close(self) -> None:
        """Drop the connection; the file, if not published, is swept by the writer."""
        self.connection.close()

    def _copy_published(self) -> None:
        start = time.perf_counter()
        with writable(self._path):
            fold_in_leftover_log(self._path)
            copy_file(self._path, self._file)
        size, took = self._file.stat().st_size, time.perf_counter() - start
        logger.info("Copied %d bytes of what is published (%.2f s)", size, took)

    def _bring_up_to_date(self, *, is_first: bool) -> None:
        if is_first:
            create_warehouse(self.connection)
            return
        require_as_published(self.connection, self._path, with_hashes=True)
        before = applied_version(self.connection)
        migrate(self.connection, self._path)
        if before == applied_version(self.connection):
            texts = read_sums(self.connection).get(TEXTS_TABLE)
            self._kept_sums = {TEXTS_TABLE: texts} if texts else {}
        differences = find_differences(self.connection)
        if differences:
            raise WarehouseUnusableError(
                str(self._path), f"its schema was changed: {'; '.join(differences)}"
            )
        # Views hold no data, so they follow the code, not the number.
        create_views(self.connection)

    def _merge(self, *, files_in: int, documents_known: int) -> RunCounts:
        start = time.perf_counter()
        prepare_merge(self.connection)
        self.connection.execute("BEGIN")
        with following_texts(self.connection, self._kept_sums):
            merge(self.connection, self._lock.run, files_in, documents_known)
        record_interrupted(self.connection, self._lock.interrupted)
        write_sums(self.connection, self._lock.run.key, self._kept_sums)
        self.connection.execute("COMMIT")
        counts = self._read_counts()
        logger.info(
            "Merged %d new documents, %d new articles (%.2f s)",
            counts.documents_new,
            counts.articles_new,
            time.perf_counter() - start,
        )
        return counts

    def _put_in_place(self) -> None:
        start = time.perf_counter()
        self.connection.execute("CHECKPOINT newsmill")
        self.connection.close()
        with writable(self._path):
            replace_file(self._file, self._path)
        self._lock.interrupted.clear()
        size, took = self._path.stat().st_size, time.perf_counter() - start
        logger.info("Published a file of %d bytes (%.2f s)", size, took)

    def _read_counts(self) -> RunCounts:
        row = self.connection.execute(
            f"SELECT {_COUNTS} FROM main.dim_run WHERE run_key = ?",  # noqa: S608
            [self._lock.run.key],
        ).fetchone()
        assert row is not None
        return RunCounts(*row)


_QUALITY_COLUMNS: Final = {
    "dim_expectation": [
        "expectation_key",
        "code",
        "table_name",
        "description",
        "severity",
        "consequence",
        "runbook",
    ],
    "fact_validation": [
        "run_key",
        "expectation_key",
        "success",
        "severity",
        "element_count",
        "unexpected_count",
        "observed",
    ],
}
