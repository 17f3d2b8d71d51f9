"""Warehouses of earlier versions: brought up to date whole, or left as they are."""

import json
from pathlib import Path

import duckdb
import pytest
import zstandard

from tests.fingerprint import fingerprint
from transforms.errors import WarehouseUnusableError
from warehouse.database import migration_texts_once as migrating
from warehouse.database import schema
from warehouse.open_reader import open_current
from warehouse.open_writer import open_build, open_writer
from warehouse.read.check import check_warehouse

EARLIER = Path(__file__).parent / "earlier"
# Written by Newsmill at that schema, from the days in `earlier/days.json`.
SCHEMAS = [1, 3]
NEXT_DAY = {"new.txt": ["River falls|It fell by a metre.¶Nobody knows why."]}
DAYS = json.loads((EARLIER / "days.json").read_text("utf-8"))


@pytest.fixture(params=SCHEMAS, ids=lambda number: f"schema_{number}")
def older(mill, request):
    packed = EARLIER / f"schema_{request.param}.duckdb.zst"
    mill.warehouse.write_bytes(
        zstandard.ZstdDecompressor().decompress(packed.read_bytes())
    )
    return mill


def open_and_close(mill, facts_of):
    with open_writer(mill.warehouse, facts_of("next"), lock_timeout_seconds=0):
        pass


def test_migrated_warehouse_equals_a_fresh_one(older, second_mill):
    for name, digests in DAYS.items():
        second_mill.run(second_mill.part(digests), run_id=name)

    # Stories of older articles are made with the next load.
    for mill in (older, second_mill):
        mill.run(mill.part(NEXT_DAY), run_id="next")

    assert fingerprint(older.warehouse) == fingerprint(second_mill.warehouse)
    assert check_warehouse(older.warehouse) == []


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


def test_bodies_and_documents_read_as_before(older, facts_of):
    asked = (
        "SELECT article_key, body FROM article_text ORDER BY 1",
        "SELECT document_key, text FROM dim_document ORDER BY 1",
    )
    with duckdb.connect(str(older.warehouse), read_only=True) as connection:
        before = [connection.execute(question).fetchall() for question in asked]

    open_and_close(older, facts_of)

    with open_current(older.warehouse) as connection:
        after = [connection.execute(question).fetchall() for question in asked]
    assert after == before
    assert any("spillway’s" in body for _, body in before[0])


def test_file_from_before_is_kept_beside_it(older, facts_of):
    before = older.warehouse.read_bytes()

    open_and_close(older, facts_of)

    kept = older.warehouse.with_name(f"{older.warehouse.name}.before-migration")
    assert kept.read_bytes() == before
    assert older.warehouse.read_bytes() != before


def test_run_after_a_migration_goes_on(older):
    assert older.run(older.part(DAYS["monday"]), run_id="again").documents_new == 0
    assert older.run(older.part(NEXT_DAY), run_id="later").articles_new == 1

    older.run(older.part(DAYS["tuesday"], version="2"), run_id="reload")

    assert check_warehouse(older.warehouse) == []


@pytest.mark.parametrize("step", ["cut_documents", "split_at_runs"])
def test_failed_migration_leaves_nothing(older, facts_of, monkeypatch, step):
    before = older.warehouse.read_bytes()

    def fail(*_):
        raise duckdb.IOException("IO Error: No space left on device")

    monkeypatch.setattr(migrating, step, fail)
    with pytest.raises(Exception, match="disk space"):
        open_and_close(older, facts_of)

    assert older.warehouse.read_bytes() == before
    assert {path.name for path in older.warehouse.parent.iterdir()} <= {
        *("news.duckdb", "news.duckdb.lock"),
    }


def test_older_file_is_named_to_readers_and_left_alone(older):
    before = older.warehouse.read_bytes()

    with pytest.raises(WarehouseUnusableError, match="brings it up to date"):
        check_warehouse(older.warehouse)

    assert older.warehouse.read_bytes() == before


def test_older_file_with_a_missing_column_is_left_alone(older, facts_of):
    with duckdb.connect(str(older.warehouse)) as connection:
        connection.execute("ALTER TABLE fact_evidence DROP contribution")
    before = older.warehouse.read_bytes()

    with (
        pytest.raises(WarehouseUnusableError, match="contribution"),
        open_build(older.warehouse, facts_of("next")),
    ):
        pass

    assert older.warehouse.read_bytes() == before
