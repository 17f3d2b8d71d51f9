"""Keeping a lake small: states of long ago go, small files become large ones.

Each run leaves a snapshot, and a file or two per table. Nothing of that goes by itself.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from transforms.errors import UsageError, WarehouseBusyError
from warehouse.database.connection import CATALOG
from warehouse.database.failures import explained, is_lost_commit
from warehouse.lake.address import LakeAddress, find_lake
from warehouse.lake.lake import lake_exists, open_lake
from warehouse.publish.lock import hold_lock
from warehouse.runs import RunFacts

# A reader may still be at files that the newest state does not need any more.
GRACE: Final = timedelta(days=1)


@dataclass(frozen=True)
class Upkeep:
    """What was done, or would be.

    Attributes:
        snapshots_expired: States that can no longer be asked for.
        files_merged: Small files that were written anew as larger ones.
        files_removed: Files that no state has needed for the time of grace.
    """

    snapshots_expired: int
    files_merged: int
    files_removed: int


def expire_snapshots(
    warehouse: Path,
    run: RunFacts,
    *,
    keep: timedelta,
    grace: timedelta = GRACE,
    dry_run: bool = False,
    wait_seconds: float = 0,
) -> Upkeep:
    """Forget old states of a lake, merge its small files, and remove what nobody needs.

    The newest state is never touched, and a load at the same time goes on.

    Args:
        warehouse: Address of a lake.
        run: Named to loaders that wait for a catalogue in one file.
        keep: Younger snapshots stay.
        grace: How long files stay that no snapshot needs.
        dry_run: Change nothing.
        wait_seconds: For a loader that holds a catalogue in one file.

    Raises:
        UsageError: The warehouse is a file, or no lake is there.
        WarehouseBusyError: A load came in between; nothing is broken, try again.
    """
    lake = find_lake(warehouse)
    if lake is None or not lake_exists(lake):
        raise UsageError(
            f"{warehouse} is no lake", "Only lakes keep the states that runs left"
        )
    with explained(warehouse):
        if lake.catalog_file is None:
            return _expire(lake, keep, grace, dry_run=dry_run)
        with hold_lock(lake.catalog_file, run, timeout_seconds=wait_seconds):
            return _expire(lake, keep, grace, dry_run=dry_run)


def _expire(
    lake: LakeAddress, keep: timedelta, grace: timedelta, *, dry_run: bool
) -> Upkeep:
    now = datetime.now(UTC)
    with open_lake(lake, read_only=False) as connection:
        try:
            expired = _call(
                connection,
                "ducklake_expire_snapshots",
                older_than=now - keep,
                dry_run=dry_run,
            )
            merged = (
                [] if dry_run else _call(connection, "ducklake_merge_adjacent_files")
            )
            # Files of states that went just now count from now on.
            removed = _call(
                connection,
                "ducklake_cleanup_old_files",
                older_than=now - grace,
                dry_run=dry_run,
            )
        except duckdb.Error as error:
            if is_lost_commit(error):
                raise WarehouseBusyError(str(lake), "another load") from error
            raise
    files_merged = sum(row["files_processed"] for row in merged)
    return Upkeep(len(expired), files_merged, len(removed))


def _call(
    connection: duckdb.DuckDBPyConnection, function: str, **given: object
) -> list[dict[str, Any]]:
    words = "".join(f", {name} => ?" for name in given)
    answer = connection.execute(
        f"CALL {function}('{CATALOG}'{words})", list(given.values())
    )
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
