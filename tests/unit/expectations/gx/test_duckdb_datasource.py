"""A lent connection: what Great Expectations sees of it, and what is left of it."""

import duckdb
import duckdb_engine
import great_expectations as gx
import pytest
import sqlalchemy as sa
from great_expectations.datasource.fluent import interfaces

from expectations.gx.duckdb_datasource import lend


@pytest.fixture
def connection():
    """A table of two rows that is not committed."""
    connection = duckdb.connect()
    connection.execute("BEGIN")
    connection.execute("CREATE TEMP TABLE news AS SELECT unnest([1, NULL]) AS number")
    return connection


def present(column):
    return gx.expectations.ExpectColumnValuesToNotBeNull(column=column)


def test_rows_that_are_not_committed_are_judged(connection):
    with lend(connection, ["news"]) as (batch,):
        outcome = batch.validate(present("number"), result_format="BASIC")

    assert outcome.result["element_count"] == 2
    assert outcome.result["unexpected_count"] == 1


def test_transaction_stays_open_for_its_owner(connection):
    with lend(connection, ["news"]) as (batch,):
        batch.validate(present("number"))

    assert connection.execute("SELECT count(*) FROM news").fetchone() == (2,)
    connection.execute("ROLLBACK")
    with pytest.raises(duckdb.CatalogException):
        connection.execute("FROM news")


def test_connection_is_lent_for_the_block_alone(connection):
    with lend(connection, ["news"]) as (batch,):
        context = batch.datasource.data_context

    assert context.data_sources.all() == {}
    assert connection.execute("SELECT count(*) FROM news").fetchone() == (2,)


def test_missing_column_breaks_the_asking_and_not_the_connection(connection):
    with lend(connection, ["news"]) as (batch,):
        outcome = batch.validate(present("no_such_column"))

    assert not outcome.success
    assert "no_such_column" in str(outcome.exception_info)
    assert connection.execute("SELECT count(*) FROM news").fetchone() == (2,)


def test_great_expectations_still_needs_the_bridge(connection):
    """Fails when the plain way works: then the bridge can go."""
    context = gx.get_context(mode="ephemeral")
    plain = context.data_sources.add_sql(
        name="plain",
        connection_string="duckdb://",
        kwargs={
            "creator": lambda: duckdb_engine.ConnectionWrapper(connection),
            "poolclass": sa.pool.StaticPool,
        },
    )

    assert not hasattr(context.data_sources, "add_duckdb")
    # It began a transaction of its own, which failed, and rolled back the owner's.
    with pytest.raises(interfaces.TestConnectionError, match="news does not exist"):
        plain.add_table_asset("news")
    with pytest.raises(duckdb.CatalogException):
        connection.execute("FROM news")
