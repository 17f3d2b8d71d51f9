"""What a lake gathers over time goes again, and nothing that is of use."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from flows.cli.lake import register
from tests.fingerprint import fingerprint
from tests.integration.warehouse.test_stories import counts, news
from transforms.errors import UsageError
from warehouse.lake.upkeep import expire_snapshots
from warehouse.read.check import check_warehouse
from warehouse.read.formats import Format
from warehouse.read.queries.queries import run_query

pytest.importorskip("duckdb_extension_ducklake", reason="needs newsmill[scale]")

NOTHING = timedelta(0)
# Files that go now are younger than this moment.
AT_ONCE = timedelta(minutes=-5)


def address(folder):
    return Path(f"ducklake:sqlite:{folder}/catalog.sqlite?data={folder}/data")


def data_files(folder):
    return set((folder / "data").rglob("*.parquet"))


def told(lake, *words):
    app = typer.Typer()
    register(app)
    ended = CliRunner().invoke(app, ["--warehouse", str(lake), *words])
    assert ended.exit_code == 0, ended.output
    return ended.stdout.strip()


@pytest.mark.full
def test_old_states_go_and_the_newest_stays(milled, facts_of, tmp_path):
    lake = milled(tmp_path, address(tmp_path))
    before, files = fingerprint(lake), data_files(tmp_path)
    facts = facts_of("upkeep")

    young = expire_snapshots(lake, facts, keep=timedelta(days=1))
    would = told(lake, "--days", "0", "--dry-run")
    run_query(lake, "SELECT 1", io.BytesIO(), form=Format.CSV, at_run="run-0")
    in_use = expire_snapshots(lake, facts, keep=NOTHING)
    assert files <= data_files(tmp_path)
    done = expire_snapshots(lake, facts, keep=NOTHING, grace=AT_ONCE)

    assert young.snapshots_expired == 0
    assert would == f"would go: snapshots {in_use.snapshots_expired} · files 0"
    assert in_use.snapshots_expired >= 3
    assert (in_use.files_removed, done.files_removed > 10) == (0, True)
    assert young.files_merged > 10
    assert len(data_files(tmp_path)) < len(files)
    assert told(lake) == "snapshots expired 0 · files merged 0 · removed 0"
    assert fingerprint(lake) == before
    assert check_warehouse(lake) == []
    with pytest.raises(UsageError, match="no snapshot of run 'run-0'"):
        run_query(lake, "SELECT 1", io.BytesIO(), form=Format.CSV, at_run="run-0")


@pytest.mark.full
def test_lake_is_loaded_on_after_its_upkeep(mill, monday, tuesday, facts_of):
    folder = mill.parts.parent
    lake = type(mill)(address(folder), mill.parts)
    for number, digests in enumerate((monday, tuesday)):
        part = mill.part(digests)
        mill.run(part, run_id=f"run-{number}")
        lake.run(part, run_id=f"run-{number}")
        expire_snapshots(
            lake.warehouse, facts_of("upkeep"), keep=NOTHING, grace=AT_ONCE
        )

    assert fingerprint(lake.warehouse) == fingerprint(mill.warehouse)


@pytest.mark.full
def test_stories_of_a_lake_are_those_of_a_file(mill):
    lake = type(mill)(address(mill.parts.parent), mill.parts)
    for number, digests in enumerate(news(1)):
        part = mill.part(digests)
        mill.run(part, run_id=f"run-{number}")
        lake.run(part, run_id=f"run-{number}")

    assert min(counts(mill.warehouse)) > 0
    assert fingerprint(lake.warehouse) == fingerprint(mill.warehouse)


def test_file_has_no_states_to_forget(milled, facts_of, tmp_path):
    with pytest.raises(UsageError, match="is no lake"):
        expire_snapshots(milled(tmp_path), facts_of("upkeep"), keep=NOTHING)
