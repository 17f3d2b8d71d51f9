"""Great Expectations on a live DuckDB connection, transaction included.

Great Expectations has no data source for DuckDB, and takes no open connection. It
connects by itself, rolls back, and reads results after it gave the connection back. So
its data source for SQL is given a dialect of SQLAlchemy that leaves the transaction of
a lent connection to its owner: rows are judged that are not committed yet. All of it is
documented: `kwargs` of a data source, methods of a dialect, the registry of dialects.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import duckdb
import duckdb_engine
import sqlalchemy as sa
from great_expectations import get_context
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent import SQLDatasource
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.datasource.fluent.sql_datasource import TableAsset

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import (
        DBAPIConnection,
        ReflectedColumn,
        ReflectedPrimaryKeyConstraint,
    )

_DRIVER: Final = "lent"


class LentDialect(duckdb_engine.Dialect):
    """DuckDB's dialect on a connection whose transaction is not its own to end.

    It asks for the columns of a table by one query. Those of duckdb-engine, a dozen of
    the catalogue, take longer than all else that an audit does with small tables.
    """

    driver = _DRIVER
    supports_statement_cache = False  # which no dialect inherits

    def do_begin(self, dbapi_connection: "DBAPIConnection") -> None:
        """Keep the transaction that is open."""

    def do_commit(self, dbapi_connection: "DBAPIConnection") -> None:
        """Leave the commit to the owner."""

    def do_rollback(self, dbapi_connection: "DBAPIConnection") -> None:
        """Leave the rollback to the owner."""

    def do_close(self, dbapi_connection: "DBAPIConnection") -> None:
        """Leave the connection open."""

    def get_pk_constraint(
        self,
        *_: Any,  # noqa: ANN401
        **__: Any,  # noqa: ANN401
    ) -> "ReflectedPrimaryKeyConstraint":
        """No table of an audit declares a primary key."""
        return {"constrained_columns": [], "name": None}

    def get_columns(
        self,
        connection: sa.Connection,
        table_name: str,
        schema: str | None = None,
        **_: Any,  # noqa: ANN401
    ) -> "list[ReflectedColumn]":
        """One entry per column with its name; nobody asks for its type."""
        table = sa.table(sa.sql.quoted_name(table_name, quote=True), schema=schema)
        rows = connection.execute(sa.select(sa.text("*")).select_from(table).limit(0))
        return [
            {"name": name, "type": sa.types.NULLTYPE, "nullable": True, "default": None}
            for name in tuple(rows.keys())
        ]


sa.dialects.registry.register(f"duckdb.{_DRIVER}", __name__, LentDialect.__name__)


@contextmanager
def lend(
    connection: duckdb.DuckDBPyConnection, tables: list[str]
) -> Iterator[list[Batch]]:
    """Let Great Expectations ask about tables of an open connection.

    Its context is in memory: no files, no progress bars, no telemetry.

    Args:
        connection: Open, with or without a transaction; it is in the same state after.
        tables: Names as the connection resolves them, temporary ones included.

    Yields:
        One batch of all rows per table, in order, for the time of the `with` block.
    """
    context = get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ),
    )
    source = context.data_sources.add_sql(
        datasource=SQLDatasource(
            name=_DRIVER,
            connection_string=f"duckdb+{_DRIVER}://",
            kwargs={
                "creator": lambda: duckdb_engine.ConnectionWrapper(connection),
                "poolclass": sa.pool.StaticPool,
            },
            # All at once: each later addition dumps the whole project as YAML again.
            assets=[TableAsset(name=table, table_name=table) for table in tables],
        )
    )
    assets = map(source.get_asset, tables)
    try:
        yield [asset.get_batch(asset.build_batch_request()) for asset in assets]
    finally:
        # Great Expectations keeps the last context of a process.
        context.data_sources.delete(source.name)
