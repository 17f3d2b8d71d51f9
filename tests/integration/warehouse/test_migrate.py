"""A warehouse of an earlier version: brought up to date whole, or left as it is.

The next one is `add_next_migration`.
"""

import resource
import signal
from pathlib import Path

import duckdb
import pytest

from tests.builds import open_build
from tests.faults.injected.sitecustomize import KILLS, add_next_migration
from tests.fingerprint import fingerprint
from tests.gate import sampled
from tests.integration.warehouse.writer import write
from transforms.errors import WarehouseDamagedError, WarehouseUnusableError
from warehouse.database import schema
from warehouse.database.row_sums import find_changes
from warehouse.open_reader import open_current
from warehouse.open_writer import open_writer
from warehouse.read.check import check_warehouse

AT_NEXT_VERSION = pytest.mark.usefixtures("next_version")
MINUTES = (
    "SELECT reading_minutes, ceil(word_count / 200) FROM fact_article ORDER BY ALL"
)


@pytest.fixture
def older(mill, monday, tuesday):
    """Written by the Newsmill of today."""
    mill.run(mill.part(monday))
    mill.run(mill.part(tuesday), run_id="run-2")
    return mill


@pytest.fixture
def next_version(older, monkeypatch):
    """The Newsmill of tomorrow, which finds what that of today wrote."""
    monkeypatch.setattr(schema, "read_scripts", schema.read_scripts)
    add_next_migration(schema)
    schema._expected_columns.cache_clear()
    yield older
    schema._expected_columns.cache_clear()


def open_and_close(mill, facts_of):
    with open_writer(mill.warehouse, facts_of("next"), lock_timeout_seconds=0):
        pass


def kept(mill):
    return mill.warehouse.with_name(f"{mill.warehouse.name}.before-migration")


def test_migration_fills_what_is_new_and_leaves_all_else(older, facts_of, request):
    before = fingerprint(older.warehouse)
    request.getfixturevalue("next_version")

    open_and_close(older, facts_of)

    with open_current(older.warehouse) as connection:
        assert connection.execute(MINUTES).fetchall() == [(1, 1)] * 3
    after = fingerprint(older.warehouse)
    new = {"main.fact_article", "ops.reader"}
    assert after.keys() - before.keys() == {"ops.reader"}
    assert {k: v for k, v in after.items() if k not in new} == {
        k: v for k, v in before.items() if k not in new
    }
    assert check_warehouse(older.warehouse) == []


@AT_NEXT_VERSION
def test_migrated_schema_says_all_that_a_fresh_one_says(older, facts_of):
    asked = (
        "SELECT schema_name, table_name, column_name, data_type, is_nullable, comment "
        "FROM duckdb_columns() WHERE NOT internal "
        "AND database_name = current_database() ORDER BY ALL"
    )
    open_and_close(older, facts_of)

    with open_current(older.warehouse) as connection:
        migrated = connection.execute(asked).fetchall()
    with duckdb.connect(":memory:") as fresh:
        schema.create_warehouse(fresh)
        assert migrated == fresh.execute(asked).fetchall()


def test_what_had_no_label_is_called_unclassified():
    with duckdb.connect(":memory:") as connection:
        schema.create_warehouse(connection)
        connection.execute(
            "DROP VIEW IF EXISTS main.classification_flip; "
            "UPDATE main.dim_category SET code = 'unknown' WHERE category_key = 0; "
            "ALTER TABLE main.dim_classifier DROP COLUMN lexicon_languages; "
            "ALTER TABLE main.dim_classifier DROP COLUMN languages; "
            "DROP TABLE main.dim_actor; "
            "DELETE FROM ops.schema_migration WHERE version >= 7"
        )

        schema.apply_migrations(connection, connection.execute)

        assert connection.execute(
            "SELECT code, label FROM main.dim_category WHERE category_key = 0"
        ).fetchall() == [("unclassified", "Unclassified")]
        assert connection.execute(
            "SELECT languages, lexicon_languages FROM main.dim_classifier"
        ).fetchall() == [(None, None)]


@AT_NEXT_VERSION
def test_file_from_before_is_kept_beside_it(older, facts_of):
    before = older.warehouse.read_bytes()

    open_and_close(older, facts_of)

    assert kept(older).read_bytes() == before
    assert older.warehouse.read_bytes() != before


@AT_NEXT_VERSION
def test_run_after_a_migration_goes_on(older, monday):
    new = {"new.txt": ["River falls|It fell by a metre.¶Nobody knows why."]}

    assert older.run(older.part(monday), run_id="again").documents_new == 0
    assert older.run(older.part(new), run_id="later").articles_new == 1
    older.run(older.part(monday, version="2"), run_id="reload")

    assert check_warehouse(older.warehouse) == []


@pytest.mark.parametrize(
    "instant", sampled([key for key in KILLS if key != "after_load"], keep=3)
)
def test_kill_leaves_the_old_file_or_the_new_one(older, instant):
    before = older.warehouse.read_bytes()

    code, _ = write(older, run_id="killed", faults=["next_migration", instant])

    assert code == -signal.SIGKILL
    is_done = instant == "after_replace"
    assert (older.warehouse.read_bytes() != before) == is_done
    assert write(older, run_id="next", faults=["next_migration"])[0] == 0
    assert kept(older).read_bytes() == before
    with duckdb.connect(str(older.warehouse), read_only=True) as connection:
        assert connection.execute(MINUTES).fetchall() == [(1, 1)] * 3


def test_migration_that_runs_out_of_space_leaves_nothing(older):
    before = older.warehouse.read_bytes()

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))

    code, told = write(older, run_id="full", faults=["next_migration"], limit=limit)

    assert code == 6, told
    assert older.warehouse.read_bytes() == before
    names = {path.name for path in older.warehouse.parent.iterdir() if path.is_file()}
    assert names == {"news.duckdb", "news.duckdb.lock"}


@AT_NEXT_VERSION
def test_older_file_is_named_to_readers_and_left_alone(older):
    before = older.warehouse.read_bytes()

    with pytest.raises(WarehouseUnusableError, match="brings it up to date"):
        check_warehouse(older.warehouse)

    assert older.warehouse.read_bytes() == before


@pytest.mark.parametrize(
    ("table", "column"), [("fact_evidence", "contribution"), ("fact_article", "title")]
)
@AT_NEXT_VERSION
def test_older_file_with_a_missing_column_is_left_alone(older, facts_of, table, column):
    with duckdb.connect(str(older.warehouse)) as connection:
        connection.execute(f"ALTER TABLE {table} DROP {column}")
    before = older.warehouse.read_bytes()

    with (
        pytest.raises(WarehouseUnusableError, match=column),
        open_build(older.warehouse, facts_of("next")),
    ):
        pass

    assert older.warehouse.read_bytes() == before


def test_newer_file_is_left_alone(older, facts_of, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(schema, "read_scripts", schema.read_scripts)
        add_next_migration(schema)
        open_and_close(older, facts_of)
    before = older.warehouse.read_bytes()

    with pytest.raises(WarehouseUnusableError, match="update Newsmill"):
        open_and_close(older, facts_of)

    assert older.warehouse.read_bytes() == before


def test_warehouse_without_sums_gets_those_of_what_it_holds(older, facts_of):
    with duckdb.connect(str(older.warehouse)) as connection:
        connection.execute(
            "DROP TABLE ops.published_table; DROP TABLE quality.path_outcome; "
            "DELETE FROM ops.schema_migration WHERE version > 1"
        )

    open_and_close(older, facts_of)

    with open_current(older.warehouse) as connection:
        assert list(find_changes(connection)) == []
        ((tables,),) = connection.execute(
            "SELECT count(*) FROM ops.published_table WHERE row_count > 0"
        ).fetchall()
    assert tables > 10


NEW_SINCE = (
    *("main.fact_article", "main.dim_author", "main.bridge_article_author"),
    *("main.dim_place", "main.dim_actor"),
    *("main.fact_mention", "main.fact_quantity"),
)


def older_part(prints):
    """Of tables that no later step changed."""
    return {table: seen for table, seen in prints.items() if table not in NEW_SINCE}


def test_warehouse_from_before_a_column_gets_what_was_true_then(older, facts_of):
    before = fingerprint(older.warehouse)
    with duckdb.connect(str(older.warehouse)) as connection:
        connection.execute(
            "DELETE FROM ops.published_table; "
            "DELETE FROM ops.schema_migration WHERE version > 2; "
            "ALTER TABLE ops.document DROP announced_count; "
            "ALTER TABLE ops.document DROP format; "
            "ALTER TABLE ops.document DROP extractor; "
            "ALTER TABLE ops.document DROP container_id; "
            "ALTER TABLE fact_article DROP title_basis; "
            "ALTER TABLE fact_article DROP published_from_key; "
            "ALTER TABLE fact_article DROP published_to_key; "
            "ALTER TABLE fact_article DROP is_date_stated; "
            "ALTER TABLE fact_article DROP agency_key; "
            "ALTER TABLE fact_article DROP byline; "
            "ALTER TABLE fact_article DROP url; "
            "ALTER TABLE dim_author DROP aliases; "
            "DROP TABLE bridge_article_author; "
            "CREATE TABLE places AS SELECT place_key, name FROM dim_place; "
            "DROP TABLE dim_place; "
            "ALTER TABLE places RENAME TO dim_place; "
            "ALTER TABLE dim_place ADD PRIMARY KEY (place_key); "
            "ALTER TABLE fact_article DROP country_iso2; "
            "ALTER TABLE fact_article DROP country; "
            "ALTER TABLE fact_article DROP dateline; "
            "DROP TABLE dim_actor; "
            "DROP TABLE fact_mention; "
            "DROP TABLE fact_quantity"
        )

    open_and_close(older, facts_of)

    assert older_part(fingerprint(older.warehouse)) == older_part(before)
    assert check_warehouse(older.warehouse) == []
    with open_current(older.warehouse) as connection:
        assert schema.find_differences(connection) == []
        assert connection.execute(
            "SELECT DISTINCT title_basis, byline, url, agency_key, ordinal "
            "FROM fact_article LEFT JOIN bridge_article_author USING (article_key)"
        ).fetchall() == [("line", None, None, 0, 1)]
        assert connection.execute(
            "SELECT DISTINCT kind, format, extractor, container_id FROM dim_document "
            "WHERE document_key <> 0"
        ).fetchall() == [("digest", "text", None, None)]


def test_older_file_with_rows_that_nobody_published_is_left_alone(
    older, facts_of, request
):
    with duckdb.connect(str(older.warehouse)) as connection:
        connection.execute("UPDATE fact_article SET source_key = 5")
    before = older.warehouse.read_bytes()
    request.getfixturevalue("next_version")

    with pytest.raises(WarehouseDamagedError, match="fact_article has other rows"):
        open_and_close(older, facts_of)

    assert older.warehouse.read_bytes() == before


def test_unsigned_keys_of_before_become_signed_and_keep_their_rows():
    asked = (
        "SELECT schema_name, table_name, column_name, data_type, is_nullable, comment "
        "FROM duckdb_columns() WHERE NOT internal AND column_name <> 'note of ours' "
        "AND database_name = current_database() ORDER BY ALL"
    )
    highest = 2**63 - 1
    with duckdb.connect(":memory:") as connection:
        schema.create_warehouse(connection)
        fresh = connection.execute(asked).fetchall()
        for table in ("dim_source", "fact_article_pair"):
            connection.execute(f"DROP TABLE main.{table}")
            script = schema.read_scripts("tables")[table]
            connection.execute(script.replace("BIGINT", "UBIGINT"))
        connection.execute(
            'ALTER TABLE main.dim_source ADD COLUMN "note of ours" INTEGER; '
            'INSERT INTO main.dim_source (source_key, name, "note of ours") '
            f"VALUES ({highest}, 'Ruritanian', 7); "
            "DELETE FROM ops.schema_migration WHERE version >= 10"
        )

        schema.migrate(connection, Path("old.duckdb"))

        rows = connection.execute(
            'SELECT source_key, name, "note of ours" FROM main.dim_source'
        ).fetchall()
        assert rows == [(highest, "Ruritanian", 7)]
        schema.create_views(connection)
        assert connection.execute(asked).fetchall() == fresh
        with pytest.raises(duckdb.ConstraintException):
            connection.execute(
                f"INSERT INTO main.dim_source (source_key, name) VALUES ({highest}, '')"
            )
