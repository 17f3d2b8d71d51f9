"""Great Expectations on a live DuckDB connection, transaction included.

Great Expectations has no DuckDB engine, and its SQL engine reads results after closing
the connection that made them. This bridge lends it one open connection for the time of
an audit: it judges rows that are not committed yet, and can neither commit, roll back,
nor close. It leans on private parts of one release, which the lock pins.
"""

import builtins
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal
from uuid import uuid4

import duckdb
import duckdb_engine
import sqlalchemy as sa
from great_expectations import get_context
from great_expectations.data_context.data_context.abstract_data_context import (
    AbstractDataContext,
)
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.sql_datasource import (
    SQLDatasource,
    TableAsset,
)
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)

# Data sources are pydantic models that are copied and dumped, so the live connections
# are kept beside them, under the name of the data source.
_LENT: Final[dict[str, sa.Engine]] = {}


class _LentConnection(duckdb_engine.ConnectionWrapper):
    """The loader's connection; its transaction is not the borrower's to end."""

    def begin(self) -> None:
        """Keep the transaction that is open."""

    def commit(self) -> None:
        """Leave the commit to the owner."""

    def rollback(self) -> None:
        """Leave the rollback to the owner."""

    def close(self) -> None:
        """Leave the connection open."""


class _Columns:
    """Column names and types of the screens, without a tour of the catalogue.

    The inspector of duckdb-engine sends a dozen catalogue queries per table and warns
    about the indexes that it cannot see.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.dialect = engine.dialect
        self._engine = engine

    def get_pk_constraint(self, **_: object) -> dict[str, list[str]]:
        """No table of an audit declares a primary key."""
        return {"constrained_columns": []}

    def get_columns(
        self, table_name: str, schema: str | None = None
    ) -> list[dict[str, Any]]:
        """One entry per column: name, type, nullable."""
        found = sa.table(sa.sql.quoted_name(table_name, quote=True), schema=schema)
        with self._engine.connect() as connection:
            names = connection.execute(
                sa.select(sa.text("*")).select_from(found).limit(0)
            ).keys()
        return [
            {"name": name, "type": sa.types.NULLTYPE, "nullable": True}
            for name in names
        ]


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Runs metrics as SQL on one connection that stays open."""

    @contextmanager
    def get_connection(self) -> Generator[sa.Connection, None, None]:
        """Yield the same connection each time, since results are read afterwards."""
        if self._connection is None:
            self._connection = self.engine.connect()
        yield self._connection

    def get_inspector(self) -> Any:  # noqa: ANN401
        """Answer questions about columns cheaply."""
        return _Columns(self.engine)


class DuckDBDatasource(SQLDatasource):
    """Registers itself as `context.data_sources.add_duckdb`."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]
    connection_string: str = "duckdb:///:memory:"

    @property
    def execution_engine_type(self) -> builtins.type[SqlAlchemyExecutionEngine]:
        """Engine class of this source."""
        return DuckDBExecutionEngine

    def get_engine(self) -> sa.Engine:
        """Engine over the connection lent under this source's name."""
        return _LENT[self.name]

    def get_execution_engine(self) -> SqlAlchemyExecutionEngine:
        """One execution engine per source, never rebuilt."""
        if self._execution_engine is None:
            self._execution_engine = DuckDBExecutionEngine(
                engine=self.get_engine(), create_temp_table=False
            )
        return self._execution_engine


def ephemeral_context() -> AbstractDataContext:
    """Make a context in memory: no files, no progress bars, no telemetry."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    return get_context(mode="ephemeral", project_config=config)


@contextmanager
def lend(
    connection: duckdb.DuckDBPyConnection,
    context: AbstractDataContext,
    tables: list[str],
) -> Iterator[list[TableAsset]]:
    """Let a context audit tables on an open connection, and take it back after.

    Args:
        connection: Open, with or without a transaction; it is in the same state after.
        context: An ephemeral context.
        tables: Names as the connection resolves them, temporary ones included.

    Returns:
        One asset per table, in order, for the time of the `with` block.
    """
    name = f"duckdb_{uuid4().hex}"
    engine = sa.create_engine(
        "duckdb:///:memory:",
        creator=lambda: _LentConnection(connection),
        poolclass=sa.pool.StaticPool,
    )
    _LENT[name] = engine
    try:
        # All at once: each later addition dumps the whole project as YAML again.
        source = context.data_sources.add_duckdb(
            name,
            assets=[TableAsset(name=table, table_name=table) for table in tables],
        )
        yield source.assets
    finally:
        del _LENT[name]
        engine.dispose()
