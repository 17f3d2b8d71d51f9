"""Opening a DuckLake: DuckDB's tables as Parquet files, listed by a shared catalogue.

The extensions come as packages of their own, of DuckDB's version, and are loaded from
their path: nothing is looked for on a network.
"""

import re
from functools import partial
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import duckdb

from transforms.errors import UsageError, WarehouseMissingError
from warehouse.database.connection import (
    CATALOG,
    LOADER_MEMORY,
    OFFLINE,
    require_known_version,
)
from warehouse.database.failures import explained, is_no_lake
from warehouse.database.schema import (
    applied_version,
    create_tables,
    view_statements,
)
from warehouse.database.scripts import quoted_value, read_scripts
from warehouse.lake.address import LakeAddress

# One row per load: writing into it makes any two loads at once collide.
TURN_TABLE: Final = "ops.load_turn"
_COMMENTED: Final = re.compile(
    r"COMMENT\s+ON\s+(?:(?P<macro>MACRO)|COLUMN\s+\w+\.(?P<table>\w+)\.)"
)
_ADAPTED: Final = {
    re.compile(r"\bPRIMARY KEY\b"): "NOT NULL",
    re.compile(r"\s+USING COMPRESSION \w+"): "",
}


def open_lake(
    lake: LakeAddress, *, read_only: bool, snapshot: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Connect to a lake, attached like a file under the warehouse's fixed name.

    Args:
        lake: Its address.
        read_only: Nothing is made, and nothing can be written.
        snapshot: The state to read; None reads the newest.

    Raises:
        UsageError: The optional packages are not installed.
        WarehouseUnusableError: It is not there, or not ours.
    """
    config = OFFLINE | {
        "memory_limit": LOADER_MEMORY,
        "temp_directory": f"{lake.data}.tmp",
    }
    connection = duckdb.connect(":memory:", config=OFFLINE if read_only else config)
    try:
        _load_extensions(connection, lake)
        options = [f"DATA_PATH {quoted_value(f'{lake.data}/')}"]
        # Rows kept in the catalogue would meet its limits, such as PostgreSQL's on
        # the character NUL.
        options.append("DATA_INLINING_ROW_LIMIT 0")
        if read_only:
            options.append("READ_ONLY")
        if snapshot is not None:
            options.append(f"SNAPSHOT_VERSION {snapshot}")
        if lake.kind == "sqlite":
            options.append("META_BUSY_TIMEOUT 10000")
        name = quoted_value(lake.attached_as)
        connection.execute(f"ATTACH {name} AS {CATALOG} ({', '.join(options)})")
        connection.execute(f"USE {CATALOG}")
    except BaseException:
        connection.close()
        raise
    return connection


def open_published_lake(
    lake: LakeAddress, snapshot: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Connect to a lake that is there, for reading only; see `open_lake`."""
    path = Path(str(lake))
    with explained(path):
        found = _open_if_there(lake, snapshot)
        if found is None:
            raise WarehouseMissingError(str(lake))
        connection, version = found
    try:
        require_known_version(path, version)
    except BaseException:
        connection.close()
        raise
    return connection


def lake_exists(lake: LakeAddress) -> bool:
    """Whether a loader has made the lake's tables already."""
    found = _open_if_there(lake, None)
    if found is not None:
        found[0].close()
    return found is not None


def _open_if_there(
    lake: LakeAddress, snapshot: int | None
) -> tuple[duckdb.DuckDBPyConnection, int] | None:
    if lake.catalog_file is not None and not lake.catalog_file.exists():
        return None
    try:
        connection = open_lake(lake, read_only=True, snapshot=snapshot)
    except duckdb.Error as error:
        if is_no_lake(error):
            return None
        raise
    version = applied_version(connection)
    if version is None:
        connection.close()
        return None
    return connection, version


def create_lake(connection: duckdb.DuckDBPyConnection) -> None:
    """Make all schemas, tables, and views, in the transaction that is open."""
    create_tables(connection, partial(run_adapted, connection))
    connection.execute(f"CREATE TABLE {TURN_TABLE} (turn BIGINT NOT NULL)")
    connection.execute(f"INSERT INTO {TURN_TABLE} VALUES (0)")  # noqa: S608
    create_lake_views(connection)


def create_lake_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make all views anew."""
    for script in view_statements():
        run_adapted(connection, script)


def run_adapted(connection: duckdb.DuckDBPyConnection, script: str) -> None:
    """Run the SQL of a DuckDB file without what a lake does not know.

    Keys are audited, not declared; Parquet is compressed anyway; and a lake keeps
    comments of tables, their columns, and views, not of views' columns and macros.
    """
    views = set(read_scripts("views"))
    for statement in connection.extract_statements(script):
        commented = _COMMENTED.search(statement.query)
        if commented and (commented["macro"] or commented["table"] in views):
            continue
        query = statement.query
        for pattern, adapted in _ADAPTED.items():
            query = pattern.sub(adapted, query)
        connection.execute(query)


def current_snapshot(connection: duckdb.DuckDBPyConnection) -> int:
    """Number of the lake's newest state, as the connection sees it."""
    row = connection.execute(
        f"SELECT id FROM {CATALOG}.current_snapshot()"  # noqa: S608 - our name
    ).fetchone()
    assert row is not None
    return int(row[0])


def snapshot_of_run(lake: LakeAddress, run_id: str) -> int:
    """Number of the state that a run published.

    Raises:
        UsageError: No snapshot is known of that run: another id, or expired.
    """
    with open_published_lake(lake) as connection:
        row = connection.execute(
            f"SELECT max(snapshot_id) FROM {CATALOG}.snapshots() "  # noqa: S608
            "WHERE commit_extra_info = ?",
            [run_id],
        ).fetchone()
    if row is None or row[0] is None:
        raise UsageError(
            f"no snapshot of run {run_id!r} in {lake}",
            "`newsmill status` lists the runs; old snapshots may have been expired",
        )
    return int(row[0])


def _load_extensions(connection: duckdb.DuckDBPyConnection, lake: LakeAddress) -> None:
    for name in filter(None, (lake.extension, "ducklake")):
        package = f"duckdb_extension_{name}"
        if find_spec(package) is None:
            raise UsageError(
                f"a {lake.kind} lake needs {package.replace('_', '-')}",
                "Install the extra: pip install 'newsmill[scale]'",
            )
        folder = files(package).joinpath("extensions", f"v{duckdb.__version__}")
        connection.execute(
            f"LOAD {quoted_value(str(folder.joinpath(f'{name}.duckdb_extension')))}"
        )
