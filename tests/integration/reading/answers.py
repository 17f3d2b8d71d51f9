"""Named questions asked of a few made-up rows."""

import duckdb

from warehouse.database.schema import create_warehouse
from warehouse.read.queries.questions import find_question


def answer(name, given=None, **tables):
    """Rows of a named question over tables that stand for what it asks."""
    question = find_question(name)
    with duckdb.connect(":memory:") as connection:
        create_warehouse(connection)
        named = connection.execute(
            "SELECT DISTINCT table_name FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
        known = {name for (name,) in named}
        assert tables.keys() <= known
        connection.execute("CREATE SCHEMA made; SET schema = 'made'")
        for table, rows in tables.items():
            connection.register(f"{table}_rows", rows)
            described = {
                column
                for column, *_ in connection.sql(f"DESCRIBE main.{table}").fetchall()
            }
            # What is made up here are columns that it has.
            assert set(rows.columns) <= described
            connection.execute(f"CREATE TABLE {table} AS FROM {table}_rows")
        values = question.bind(given or {})
        return connection.execute(question.sql, values).pl().to_dicts()
