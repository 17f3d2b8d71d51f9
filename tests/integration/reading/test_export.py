import csv
import hashlib
import json

import duckdb
import pytest

from transforms.errors import UsageError, WarehouseUnusableError
from warehouse.read.export import export_claims, export_tables
from warehouse.read.outputs import Outputs


def test_every_table_reads_back_equal(warehouse_file, tmp_path):
    to = tmp_path / "it's out"

    manifest = export_tables(warehouse_file, to, with_text=True)

    assert json.loads((to / "manifest.json").read_text()) == manifest
    with duckdb.connect(warehouse_file, read_only=True) as connection:
        for table in manifest["tables"]:
            source = f"{table['schema']}.{table['name']}"
            file = str(to / table["file"]).replace("'", "''")
            asked = f"SELECT count(*) FROM (FROM {source} EXCEPT ALL FROM '{file}')"
            assert connection.execute(asked).fetchone() == (0,), source
            count = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
            assert count == (table["rows"],)
    assert {table["name"] for table in manifest["tables"]} >= {
        *("fact_article", "article_text", "dim_document", "quarantine"),
    }


def test_manifest_tells_the_hash_of_every_file(warehouse_file, tmp_path):
    manifest = export_tables(warehouse_file, tmp_path / "out", with_text=True)

    for table in manifest["tables"]:
        content = (tmp_path / "out" / table["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == table["sha256"]
        assert len(content) == table["bytes"]


def test_without_text_no_text_leaves(warehouse_file, tmp_path):
    manifest = export_tables(warehouse_file, tmp_path / "out", with_text=False)

    columns = {
        f"{table['name']}.{column['name']}"
        for table in manifest["tables"]
        for column in table["columns"]
    }
    assert "dim_document.document_id" in columns
    assert not columns & {
        *("dim_document.text", "fact_evidence.exact", "article_text.body"),
        *("fact_mention.exact", "fact_quantity.exact"),
    }
    assert not (tmp_path / "out" / "article_text.parquet").exists()


def test_earlier_export_is_replaced(warehouse_file, tmp_path):
    to = tmp_path / "out"
    export_tables(warehouse_file, to, with_text=True)

    export_tables(warehouse_file, to, with_text=False)

    assert not (to / "article_text.parquet").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"out", warehouse_file.name}


def test_folder_with_other_files_is_refused(warehouse_file, tmp_path):
    to = tmp_path / "out"
    to.mkdir()
    (to / "thesis.doc").write_text("mine")

    with pytest.raises(UsageError, match="other files"):
        export_tables(warehouse_file, to, with_text=True)

    assert [path.name for path in to.iterdir()] == ["thesis.doc"]


def test_warehouse_in_place_of_the_folder_is_refused(warehouse_file):
    with pytest.raises(UsageError, match="belongs to a warehouse"):
        export_tables(warehouse_file, warehouse_file, with_text=True)


def test_missing_warehouse_leaves_no_folder(tmp_path):
    with pytest.raises(WarehouseUnusableError):
        export_tables(tmp_path / "none.duckdb", tmp_path / "out", with_text=True)

    assert list(tmp_path.iterdir()) == []


def test_claims_are_told_with_their_places_in_the_file(warehouse_file, tmp_path):
    to = tmp_path / "claims.csv"

    count = export_claims(Outputs(warehouse_file), to)

    with duckdb.connect(warehouse_file, read_only=True) as connection:
        ((text,),) = connection.execute(
            "SELECT text FROM dim_document WHERE document_key = 7"
        ).fetchall()
    (claim,) = csv.DictReader(to.read_text("utf-8").splitlines())
    assert count == 1
    assert text[int(claim["char_start"]) : int(claim["char_end"])] == claim["exact"]
    start, end = int(claim["speaker_start"]), int(claim["speaker_end"])
    assert text[start:end] == claim["speaker"] == "Men"
    assert (claim["value_low"], claim["value_high"]) == ("900.0", "1000.0")
    assert (claim["currency"], claim["place"], claim["country_iso2"]) == (
        *("TJS", "Dam", "NL"),
    )
    # A title that a spreadsheet would run is text there.
    assert claim["title"].startswith("'=Bank")


def test_file_of_the_user_is_not_written_over_with_claims(warehouse_file, tmp_path):
    to = tmp_path / "claims.csv"
    to.write_text("mine")

    with pytest.raises(UsageError):
        export_claims(Outputs(warehouse_file), to)

    assert to.read_text() == "mine"
