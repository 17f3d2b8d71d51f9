import csv
import hashlib
import json

import duckdb
import pytest

from transforms.errors import UsageError, WarehouseUnusableError
from transforms.text.inert import csv_text
from warehouse.read.export.export import export_claims, export_tables
from warehouse.read.formats import Format
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


def read_back(to, table):
    """Rows of a CSV file as texts, NULL told from the empty text."""
    columns = ", ".join(f"'{column['name']}': 'VARCHAR'" for column in table["columns"])
    return duckdb.execute(
        f"FROM read_csv('{to / table['file']}', header = true, "
        f"columns = {{{columns}}}, allow_quoted_nulls = false)"
    ).fetchall()


def test_every_table_reads_back_from_csv_with_keys_as_text(warehouse_file, tmp_path):
    to = tmp_path / "out"

    manifest = export_tables(warehouse_file, to, with_text=True, form=Format.CSV)

    tables = {table["name"]: table for table in manifest["tables"]}
    with duckdb.connect(warehouse_file, read_only=True) as connection:
        for table in manifest["tables"]:
            asked = f"SELECT count(*) FROM {table['schema']}.{table['name']}"
            (count,) = connection.execute(asked).fetchone()
            assert len(read_back(to, table)) == table["rows"] == count
        written = connection.execute(
            "SELECT article_key::VARCHAR, title, published_date::VARCHAR, "
            "is_truncated::VARCHAR, word_count::VARCHAR FROM article ORDER BY 1"
        ).fetchall()
    back = duckdb.execute(
        "SELECT article_key, title, published_date, is_truncated, word_count FROM "
        f"read_csv('{to}/article.csv', all_varchar = true, allow_quoted_nulls = false) "
        "ORDER BY 1"
    ).fetchall()
    assert back == [(row[0], csv_text(row[1]), *row[2:]) for row in written]
    assert '"11","' in (to / "article.csv").read_text("utf-8")
    (first, *_) = read_back(to, tables["fact_occurrence"])
    runs = next(cell for cell in first if cell and cell.startswith("[{"))
    assert json.loads(runs)[0].keys() == {"text_start", "char_start", "length"}


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
    assert {"article.title", "article.word_count"} <= columns
    assert "article.body" not in columns
    assert not (tmp_path / "out" / "article_text.parquet").exists()


@pytest.mark.parametrize("form", [Format.CSV, Format.PARQUET])
def test_package_describes_every_file_and_column(warehouse_file, tmp_path, form):
    to = tmp_path / "out"

    manifest = export_tables(warehouse_file, to, with_text=True, form=form)

    package = json.loads((to / "datapackage.json").read_text("utf-8"))
    resources = {each["name"]: each for each in package["resources"]}
    assert [each["path"] for each in package["resources"]] == [
        table["file"] for table in manifest["tables"]
    ]
    for table in manifest["tables"]:
        described = resources[table["name"]]
        fields = described["schema"]["fields"]
        assert described["hash"] == f"sha256:{table['sha256']}"
        assert [f["name"] for f in fields] == [c["name"] for c in table["columns"]]
        assert described["description"]
        assert all(field["description"] for field in fields), table["name"]
    kinds = {f["name"]: f["type"] for f in resources["article"]["schema"]["fields"]}
    assert kinds["article_key"] == ("string" if form is Format.CSV else "integer")
    assert (kinds["published_date"], kinds["confidence"], kinds["is_truncated"]) == (
        *("date", "number", "boolean"),
    )


def test_keys_of_the_package_are_unique_and_resolve(seeded, tmp_path):
    to = tmp_path / "out"
    export_tables(seeded.warehouse, to, with_text=True)

    package = json.loads((to / "datapackage.json").read_text("utf-8"))
    files = {each["name"]: to / each["path"] for each in package["resources"]}
    for resource in package["resources"]:
        schema, file = resource["schema"], files[resource["name"]]
        foreign = {
            key["fields"]: key["reference"] for key in schema.get("foreignKeys", [])
        }
        own = schema.get("primaryKey", [])
        twice = (
            f"SELECT {', '.join(own)} FROM '{file}' GROUP BY ALL HAVING count(*) > 1"
        )
        assert not own or duckdb.execute(twice).fetchall() == []
        keys = {f["name"] for f in schema["fields"] if f["name"].endswith("_key")}
        assert keys <= foreign.keys() | set(own), resource["name"]
        for name, other in foreign.items():
            lost = (
                f"SELECT count(*) FROM '{file}' WHERE {name} NOT IN "
                f"(SELECT {other['fields']} FROM '{files[other['resource']]}')"
            )
            assert (resource["name"], name, duckdb.execute(lost).fetchone()) == (
                *(resource["name"], name, (0,)),
            )


def test_earlier_export_of_another_format_gives_way(warehouse_file, tmp_path):
    to = tmp_path / "out"
    export_tables(warehouse_file, to, with_text=True, form=Format.CSV)
    (to / "notes.txt").write_text("mine")

    export_tables(warehouse_file, to, with_text=True)

    assert not list(to.glob("*.csv"))
    assert "article.parquet" in (to / "datapackage.json").read_text("utf-8")
    assert (to / "notes.txt").read_text() == "mine"


def test_package_of_the_user_is_not_written_over(warehouse_file, tmp_path):
    to = tmp_path / "out"
    export_tables(warehouse_file, to, with_text=True)
    manifest = json.loads((to / "manifest.json").read_text())
    del manifest["datapackage"]
    (to / "manifest.json").write_text(json.dumps(manifest))
    (to / "datapackage.json").write_text("mine")

    with pytest.raises(UsageError, match="not of the earlier export"):
        export_tables(warehouse_file, to, with_text=True)

    assert (to / "datapackage.json").read_text() == "mine"


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
