from pathlib import Path

import duckdb
import pytest

from tests.fingerprint import fingerprint
from warehouse.database import schema
from warehouse.database.connection import open_build_file
from warehouse.database.scripts import read_scripts
from warehouse.open_reader import open_published
from warehouse.read.queries.questions import find_question

QUERIES = sorted(read_scripts("queries"))
DIMENSIONS = sorted(
    {name for name in read_scripts("tables") if name.startswith("dim_")}
    | {"dim_document"}
)


@pytest.fixture(scope="module")
def fresh():
    with duckdb.connect(":memory:") as connection:
        schema.create_warehouse(connection)
        yield connection


@pytest.mark.parametrize(
    "listing", ["tables", "views", "columns"], ids=["table", "view", "column"]
)
def test_everything_says_what_it_means(fresh, listing):
    name = {"columns": "table_name || '.' || column_name"}.get(
        listing, f"{listing[:-1]}_name"
    )

    silent = fresh.execute(
        f"SELECT {name} FROM duckdb_{listing}() WHERE NOT internal "
        "AND coalesce(length(comment), 0) < 3"
    ).fetchall()

    assert silent == []


def test_table_comments_begin_with_the_grain(fresh):
    comments = fresh.execute("SELECT comment FROM duckdb_tables()").fetchall()

    assert len(comments) == len(read_scripts("tables"))
    assert all(
        comment.startswith(("One row per", "Exactly one row"))
        for (comment,) in comments
    )


@pytest.mark.parametrize("table", DIMENSIONS)
def test_every_dimension_has_its_unknown_member(fresh, table):
    place = "quality" if table == "dim_expectation" else "main"
    key = f"{table.removeprefix('dim_')}_key"

    assert fresh.execute(f"SELECT {key} FROM {place}.{table}").fetchall() == [(0,)]


def test_only_dimensions_declare_keys(fresh):
    keyed = fresh.execute(
        "SELECT DISTINCT table_name, constraint_type FROM duckdb_constraints() "
        "WHERE constraint_type <> 'NOT NULL'"
    ).fetchall()

    of_views = {"dim_document": "document"}
    assert {table for table, _ in keyed} == {
        *(of_views.get(name, name) for name in DIMENSIONS),
        "schema_migration",
    }
    assert {kind for _, kind in keyed} == {"PRIMARY KEY"}


def test_staging_has_the_columns_of_the_main_tables():
    with duckdb.connect(":memory:") as connection:
        schema.create_warehouse(connection)
        schema.create_staging(connection)
        columns = connection.execute(
            "SELECT table_name, column_name, data_type, database_name "
            "FROM duckdb_columns() WHERE NOT internal AND (table_name = 'document' OR "
            "(database_name = 'staging' OR table_name <> 'dim_document') AND "
            "table_name IN (SELECT table_name FROM duckdb_tables() "
            "WHERE database_name = 'staging'))"
        ).fetchall()

    staged = {row[:3] for row in columns if row[3] == "staging"}
    assert {table for table, *_ in staged} == set(schema.STAGED_TABLES)
    kept = {row[:3] for row in columns if row[3] != "staging"}
    of_documents = {row[1:] for row in kept if row[0] == "document"}
    assert {row for row in staged if row[0] != "dim_document"} <= kept
    assert {row[1:] for row in staged if row[0] == "dim_document"} == of_documents


def test_contract_columns_exist(fresh):
    columns = {
        name
        for (name,) in fresh.execute(
            "SELECT table_name || '.' || column_name FROM duckdb_columns()"
        ).fetchall()
    }

    for table, names in CONTRACT.items():
        assert {f"{table}.{name}" for name in names.split()} <= columns


CONTRACT = {
    "fact_article": "article_key article_id title source_key author_key place_key "
    "category_key published_date_key event_date_key date_basis first_document_key "
    "classifier_key run_key confidence word_count char_count paragraph_count "
    "occurrence_count is_truncated title_basis byline url "
    "published_from_key published_to_key is_date_stated",
    "dim_author": "author_key name aliases",
    "dim_place": "place_key name kind country_iso2 country admin1 latitude longitude "
    "geonames_id aliases",
    "dim_actor": "actor_key name kind aliases",
    "fact_mention": "article_key document_key char_start char_end exact kind place_key "
    "actor_key role score",
    "fact_quantity": "article_key document_key char_start char_end exact quantity_type "
    "value_low value_high is_approximate unit currency is_negated speaker "
    "speaker_start speaker_end place_key",
    "bridge_article_author": "article_key author_key ordinal",
    "fact_occurrence": "article_key document_key ordinal char_start char_end record_id "
    "boundary_score run_key",
    "fact_classification": "article_key category_key classifier_key score is_primary "
    "is_assigned weight run_key",
    "fact_evidence": "article_key category_key classifier_key document_key char_start "
    "char_end exact contribution",
    "article_text": "article_key body",
    "dim_document": "document_key document_id file_name byte_size char_count encoding "
    "announced_count format extractor container_id text",
    "dim_source": "source_key name kind aliases",
    "dim_category": "category_key code label definition iptc_codes",
    "dim_classifier": "classifier_key name version weights_sha256 gold_sha256 macro_f1",
    "dim_run": "run_key run_id flow_run_id started_at ended_at status version files_in "
    "articles_new rows_quarantined",
    "article": "article_key article_id title body category confidence source author "
    "dateline country published_date published_from published_to is_date_stated "
    "event_date date_basis file_name char_start char_end "
    "word_count",
    "document_coverage": "file_name chars_total chars_in_articles chars_separator "
    "chars_quarantined article_count announced_count",
    "fact_validation": "success severity element_count unexpected_count observed",
    "quarantine": "document_key char_start char_end stage reason_code detail run_key "
    "status",
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory, milled) -> Path:
    return milled(tmp_path_factory.mktemp("loaded"))


@pytest.mark.parametrize("name", QUERIES)
def test_question_runs_and_says_what_it_counts(loaded, name):
    question = read_scripts("queries")[name]

    with open_published(loaded) as connection:
        connection.execute(question, find_question(name).bind({})).fetchall()

    head = question[: question.index("\n\n")] if "\n\n" in question else question
    assert head.startswith("-- ")
    assert "?" in head
    assert any(word in head for word in ("Counts", "Lists"))


def test_unchanged_warehouse_has_no_differences(fresh):
    assert schema.find_differences(fresh) == []


DOCUMENT_OF_100_CHARACTERS = """
    INSERT INTO ops.document
    (document_key, document_id, file_name, byte_size, char_count, run_key)
    VALUES (7, 'x', 'x.txt', 100, 100, 0)
"""
HELD_SPANS = """
    INSERT INTO quality.quarantine
    SELECT row_number() OVER (), 7, 'x', s, e, 'clean', 'no_body', '', 0, status
    FROM (
        VALUES (60, 70, 'open'), (60, 70, 'open'), (65, 80, 'resolved'),
        (62, 64, 'open'), (25, 45, 'open'), (90, 99, 'retried')
    ) AS held (s, e, status)
"""


def test_coverage_counts_overlapping_spans_once(tmp_path):
    with open_build_file(tmp_path / "w.duckdb") as connection:
        schema.create_warehouse(connection)
        connection.execute(DOCUMENT_OF_100_CHARACTERS)
        connection.execute(
            "INSERT INTO fact_occurrence (article_key, document_key, ordinal, "
            "char_start, char_end, boundary_score, run_key) "
            "VALUES (1, 7, 1, 0, 30, 1, 0), (2, 7, 2, 40, 50, 1, 0)"
        )
        connection.execute(HELD_SPANS)

        found = connection.sql(
            "SELECT chars_total, chars_in_articles, chars_separator, chars_quarantined "
            "FROM document_coverage"
        ).fetchall()

    assert found == [(100, 40, 30, 30)]


def test_whole_document_held_back_is_all_quarantined(tmp_path):
    with open_build_file(tmp_path / "w.duckdb") as connection:
        schema.create_warehouse(connection)
        connection.execute(DOCUMENT_OF_100_CHARACTERS)
        connection.execute(
            "INSERT INTO quality.quarantine VALUES "
            "(1, 7, 'x', NULL, NULL, 'split', 'no_articles', '', 0, 'open')"
        )

        found = connection.sql(
            "SELECT chars_separator, chars_quarantined FROM document_coverage"
        ).fetchall()

    assert found == [(0, 100)]


@pytest.mark.parametrize(
    ("statement", "is_noticed"),
    [
        ("UPDATE fact_article SET run_key = 5", False),
        ("UPDATE ops.document_arrival SET arrived_at = now()", False),
        ("UPDATE fact_article SET confidence = confidence + 1e-15", True),
        ("DELETE FROM fact_evidence USING range(1)", True),
        ("INSERT INTO fact_occurrence FROM fact_occurrence LIMIT 1", True),
        (
            """CREATE TABLE t AS FROM document_segment; DELETE FROM document_segment;
            INSERT INTO document_segment FROM t ORDER BY text DESC; DROP TABLE t""",
            False,
        ),
    ],
    ids=["run", "clock", "value", "deletion", "double", "order"],
)
def test_fingerprint_notices_content_and_nothing_else(
    mill, monday, statement, is_noticed
):
    mill.run(mill.part(monday))
    before = fingerprint(mill.warehouse)

    with duckdb.connect(str(mill.warehouse)) as connection:
        connection.execute(statement)

    assert (fingerprint(mill.warehouse) != before) == is_noticed
