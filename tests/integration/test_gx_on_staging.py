"""The audit on a real build: staging beside main, in the loader's transaction."""

import hashlib
from datetime import date

import duckdb
import pytest

from expectations.audit import audit
from warehouse.database.connection import open_build_file
from warehouse.database.schema import STAGED_TABLES, create_staging, create_warehouse

TEXT = "Dam fills early\nWater rose to a record level on Monday.\n\n* * *\n"
SPAN = (0, 55)
RUN_DATE = date(2022, 1, 7)


def identity(name):
    digest = hashlib.sha256(name.encode()).hexdigest()
    return {"key": int(digest[:16], 16) >> 1, "id": digest}


@pytest.fixture
def build(tmp_path):
    path = tmp_path / "build.duckdb"
    with open_build_file(path) as connection:
        create_warehouse(connection)
        connection.execute("BEGIN")
        create_staging(connection)
        given = {"text": TEXT, "article": identity("a"), "document": identity("d")}
        for table, columns in ROWS.items():
            connection.execute(
                f"INSERT INTO staging.{table} BY NAME SELECT {columns}",
                {name: given[name] for name in given if f"${name}" in columns},
            )
        yield connection


ROWS = {
    "dim_run": (
        "1 AS run_key, 'run' AS run_id, TIMESTAMP '2022-01-07' AS started_at, "
        "'running' AS status, 1 AS files_in, "
        "0 AS documents_known, 0 AS chars_total, 0 AS chars_in_articles, "
        "0 AS chars_separator, 0 AS chars_quarantined"
    ),
    "dim_category": "unnest([1, 2, 3, 4, 5]) AS category_key, "
    "unnest(['crisis', 'energy', 'crime', 'government', 'other']) AS code",
    "dim_classifier": "1 AS classifier_key, 'c' AS name, sha256('w') AS weights_sha256",
    "dim_document": (
        "$document.key AS document_key, $document.id AS document_id, "
        "'d.txt' AS file_name, 'text' AS format, strlen($text) AS byte_size, "
        "length($text) AS char_count, 1 AS run_key"
    ),
    "path_outcome": (
        "1 AS run_key, 'd.txt' AS path, $document.id AS document_id, "
        "'loaded' AS outcome"
    ),
    "fact_article": (
        "$article.key AS article_key, $article.id AS article_id, 'Dam' AS title, "
        "0 AS source_key, 0 AS author_key, 0 AS place_key, 1 AS category_key, "
        "0 AS published_date_key, 0 AS event_date_key, 'unknown' AS date_basis, "
        "0 AS published_from_key, 0 AS published_to_key, FALSE AS is_date_stated, "
        "$document.key AS first_document_key, 0 AS first_char_start, "
        "1 AS classifier_key, 1 AS run_key, 0.8 AS confidence, 90 AS word_count, "
        "39 AS char_count, 1 AS paragraph_count, 1 AS occurrence_count, "
        "'line' AS title_basis"
    ),
    "document_segment": (
        "$document.key AS document_key, 0 AS char_start, "
        "$article.key AS article_key, $text AS text"
    ),
    "bridge_article_story": (
        "$article.key AS article_key, $article.key AS story_key, "
        "1 AS method_version, 1 AS run_key"
    ),
    "fact_occurrence": (
        "$article.key AS article_key, $document.key AS document_key, 1 AS ordinal, "
        f"{SPAN[0]} AS char_start, {SPAN[1]} AS char_end, 0.9 AS boundary_score, "
        "1 AS run_key, "
        "[{text_start: 0, char_start: 0, length: 15}] AS title_runs, "
        "[{text_start: 0, char_start: 16, length: 39}] AS body_runs, "
        "['', ''] AS title_gaps, ['', ''] AS body_gaps"
    ),
    "fact_classification": (
        "$article.key AS article_key, unnest([1, 2, 3, 4, 5]) AS category_key, "
        "1 AS classifier_key, unnest([0.8, 0, 0, 0, 0]) AS score, "
        "unnest([true, false, false, false, false]) AS is_primary, "
        "unnest([true, false, false, false, false]) AS is_assigned, "
        "unnest([1, 0, 0, 0, 0]) AS weight, 1 AS run_key"
    ),
    "fact_evidence": (
        "$article.key AS article_key, 1 AS category_key, 1 AS classifier_key, "
        "$document.key AS document_key, 16 AS char_start, 21 AS char_end, "
        "'Water' AS exact, 1.5 AS contribution, 1 AS run_key"
    ),
}


def failed_codes(report):
    return set(report.results.filter(~report.results["success"])["code"])


def test_staged_rows_pass_and_stay_uncommitted(build, tmp_path):
    report = audit(build, run_date=RUN_DATE)
    build.execute("ROLLBACK")

    assert failed_codes(report) == {"fact_article.source_known"}
    assert report.failed_critical == []
    with pytest.raises(duckdb.CatalogException):
        build.execute("FROM staging.fact_article")
    assert {path.name for path in tmp_path.iterdir()} <= {
        *("build.duckdb", "build.duckdb.wal", "build.duckdb.tmp"),
    }


def test_views_over_parts_are_read_like_tables(build, tmp_path):
    for table in ("dim_document", "document_segment"):
        part = tmp_path / f"{table}.parquet"
        build.execute(f"COPY staging.{table} TO '{part}'")
        build.execute(f"DROP TABLE staging.{table}")
        build.execute(f"CREATE VIEW staging.{table} AS FROM '{part}'")

    report = audit(build, run_date=RUN_DATE)

    assert failed_codes(report) == {"fact_article.source_known"}


def test_document_loaded_again_replaces_its_rows(build):
    build.execute(
        "COMMIT; INSERT INTO main.fact_occurrence FROM staging.fact_occurrence; "
        "INSERT INTO main.dim_run BY NAME "
        "SELECT 1 AS run_key, 'old' AS run_id, 'published' AS status"
    )

    report = audit(build, run_date=RUN_DATE)

    assert report.failed_critical == []


def test_reprint_in_a_known_article_counts_both(build):
    build.execute(
        "COMMIT; INSERT INTO main.fact_occurrence "
        "SELECT * REPLACE (99 AS document_key) FROM staging.fact_occurrence"
    )

    report = audit(build, run_date=RUN_DATE)

    assert "fact_article.occurrence_count_right" in failed_codes(report)
    assert report.failing_rows["article_key"].to_list() == [identity("a")["key"]]


def test_every_staged_table_of_main_has_a_suite(build):
    judged = set(audit(build, run_date=RUN_DATE).results["table_name"])

    expected = {
        staged
        for staged, table in STAGED_TABLES.items()
        if table.startswith("main.") or staged == "dim_document"
    }
    assert judged == expected | {"quarantine", "path_outcome"}
