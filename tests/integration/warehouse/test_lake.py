"""A lake with its catalogue in one file: the same warehouse, for several loaders."""

import io
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from tests.builds import open_build
from tests.faults.injected.sitecustomize import add_next_migration
from tests.fingerprint import fingerprint
from transforms.errors import SettingsError, UsageError, WarehouseUnusableError
from warehouse.database import schema
from warehouse.lake.address import find_lake
from warehouse.lake.conflicts import LakeChangedError
from warehouse.lake.lake import current_snapshot, open_lake
from warehouse.lake.query_guard import refuse_reaching_out
from warehouse.open_reader import open_published, warehouse_exists
from warehouse.open_writer import open_writer
from warehouse.read.check import check_warehouse
from warehouse.read.export.export import export_tables
from warehouse.read.formats import Format
from warehouse.read.queries.queries import run_query
from warehouse.read.reports import read_report

pytest.importorskip("duckdb_extension_ducklake", reason="needs newsmill[scale]")


COUNT = "SELECT count(*) FROM article"


def address(folder):
    """With a folder of data that has to be quoted."""
    return Path(f"ducklake:sqlite:{folder}/lake/catalog.sqlite?data={folder}/lake/it's")


@pytest.fixture(scope="module")
def three_days(milled, tmp_path_factory):
    """The same runs as a file and as a lake."""
    folder = tmp_path_factory.mktemp("days")
    return milled(folder), milled(folder, address(folder))


def ask(warehouse, sql, **limits):
    out = io.BytesIO()
    run_query(warehouse, sql, out, form=Format.CSV, **limits)
    return out.getvalue().decode().split()[1:]


def test_lake_holds_what_the_file_holds(three_days, tmp_path):
    in_file, in_lake = three_days

    assert fingerprint(in_lake) == fingerprint(in_file)
    assert check_warehouse(in_lake) == []
    runs = read_report(in_lake, "status", row_limit=9)
    assert sorted(runs["articles_new"]) == [3, 4, 5]
    tables = {
        warehouse: {
            table["name"]: table["rows"]
            for table in export_tables(
                warehouse, tmp_path / str(number), with_text=True
            )["tables"]
        }
        for number, warehouse in enumerate(three_days)
    }
    assert tables[in_lake] == tables[in_file] | {"load_turn": 1}


@pytest.mark.full
def test_load_that_came_second_is_staged_again(mill, monday, tuesday, facts_of):
    lake = type(mill)(address(mill.parts.parent), mill.parts)
    parts = [mill.part(monday), mill.part(tuesday)]
    for number, part in enumerate(parts):
        mill.run(part, run_id=f"run-{number}")

    with open_writer(
        lake.warehouse, facts_of("run-1"), lock_timeout_seconds=5
    ) as writer:
        build = writer.start_build()
        build.load([parts[1]])
        # A catalogue in one file admits one writer: here it lets the other one pass.
        build.lock.close()
        lake.run(parts[0], run_id="run-0")
        with pytest.raises(LakeChangedError):
            build.publish()
        again = writer.start_build()
        again.load([parts[1]])
        counts = again.publish()

    assert counts.articles_new == 1
    assert fingerprint(lake.warehouse) == fingerprint(mill.warehouse)


def test_lake_is_asked_as_a_run_left_it(three_days):
    _, in_lake = three_days

    assert ask(in_lake, COUNT) == ["12"]
    assert ask(in_lake, COUNT, at_run="run-1") == ["7"]
    with pytest.raises(UsageError, match="no snapshot of run 'run-9'"):
        ask(in_lake, COUNT, at_run="run-9")


@pytest.mark.full
def test_what_is_not_published_leaves_no_snapshot(three_days, mill, monday, facts_of):
    _, in_lake = three_days
    with open_published(in_lake) as connection:
        before = current_snapshot(connection)

    with open_build(in_lake, facts_of("run-3"), lock_timeout_seconds=5) as build:
        build.load([mill.part(monday)])

    with open_published(in_lake) as connection:
        assert current_snapshot(connection) == before


def test_query_of_a_lake_reads_no_other_file(three_days):
    with pytest.raises(UsageError, match="disabled"):
        ask(three_days[1], "FROM read_text('/etc/hostname')")


def test_guard_knows_every_function_of_the_extensions(three_days):
    listed = "SELECT DISTINCT function_name FROM duckdb_functions()"
    with duckdb.connect() as plain:
        known = set(plain.execute(listed).fetchall())
    with open_published(three_days[1]) as connection:
        brought = {
            name for (name,) in set(connection.execute(listed).fetchall()) - known
        }

        assert len(brought) > 10
        ours = {"murmur3_32", "changes_since", "assembled", "search"}
        for name in {name for name in brought - ours if "search_" not in name}:
            with pytest.raises(UsageError, match="reaches beyond"):
                refuse_reaching_out(connection, f"SELECT * FROM {name}('a')")


@pytest.mark.parametrize(
    "sql",
    [
        "FROM __ducklake_metadata_newsmill.main.ducklake_table",
        "WITH a AS (SELECT (SELECT count(*) FROM SQLITE_scan('a', 'b'))) FROM a",
        "FROM query('SELECT 1')",
    ],
)
def test_query_of_a_lake_names_its_tables_only(three_days, sql):
    with (
        open_published(three_days[1]) as connection,
        pytest.raises(UsageError, match="reaches beyond"),
    ):
        refuse_reaching_out(connection, sql)


def test_reading_a_lake_that_is_not_there_makes_none(tmp_path):
    assert not warehouse_exists(address(tmp_path))
    with pytest.raises(WarehouseUnusableError, match="does not exist yet"):
        open_published(address(tmp_path))
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize(
    "text",
    [
        "ducklake:sqlite:/a.sqlite",
        "ducklake:oracle:/a?data=/b",
        "ducklake:postgres://me:secret@host/base?data=/b",
        "ducklake:postgres:dbname=a password=secret?data=/b",
    ],
)
def test_address_that_is_none_is_refused_without_its_secret(text):
    with pytest.raises(SettingsError) as refused:
        find_lake(Path(text))

    assert "secret" not in str(refused.value)


NEW_SINCE = (
    *("main.fact_article", "main.dim_author", "main.bridge_article_author"),
    *("main.dim_place", "main.dim_actor"),
    *("main.fact_mention", "main.fact_quantity"),
)


@pytest.mark.full
def test_lake_from_before_a_column_gets_what_was_true_then(milled, tmp_path, facts_of):
    lake = milled(tmp_path, address(tmp_path))
    before = fingerprint(lake)
    with closing(open_lake(find_lake(lake), read_only=False)) as connection:
        connection.execute("DELETE FROM ops.schema_migration WHERE version > 2")
        for column in ("announced_count", "format", "extractor", "container_id"):
            connection.execute(f"ALTER TABLE ops.document DROP {column}")
        for column in (
            *("title_basis", "agency_key", "byline", "url"),
            *("published_from_key", "published_to_key", "is_date_stated"),
            *("country_iso2", "country", "dateline"),
        ):
            connection.execute(f"ALTER TABLE main.fact_article DROP {column}")
        connection.execute("ALTER TABLE main.dim_author DROP aliases")
        for column in (
            *("kind", "country_iso2", "country", "admin1", "latitude", "longitude"),
            *("geonames_id", "aliases"),
        ):
            connection.execute(f"ALTER TABLE main.dim_place DROP {column}")
        for table in (
            *("bridge_article_author", "dim_actor", "fact_mention", "fact_quantity"),
        ):
            connection.execute(f"DROP TABLE main.{table}")

    with open_build(lake, facts_of("next")):
        pass

    assert {
        table: seen
        for table, seen in fingerprint(lake).items()
        if table not in NEW_SINCE
    } == {table: seen for table, seen in before.items() if table not in NEW_SINCE}
    assert check_warehouse(lake) == []


@pytest.mark.full
def test_older_lake_is_brought_up_to_date(milled, tmp_path, facts_of, monkeypatch):
    lake = milled(tmp_path, address(tmp_path))
    monkeypatch.setattr(schema, "read_scripts", schema.read_scripts)
    add_next_migration(schema)

    with pytest.raises(WarehouseUnusableError, match="brings it up to date"):
        check_warehouse(lake)
    with open_build(lake, facts_of("next")):
        pass

    assert check_warehouse(lake) == []
    with open_published(lake) as connection:
        asked = connection.execute("SELECT DISTINCT reading_minutes FROM fact_article")
        assert asked.fetchall() == [(1,)]
