from dataclasses import replace

import polars as pl
import pytest

from tests.builds import edited, open_build
from tests.fingerprint import fingerprint
from transforms.contracts import REJECTS
from transforms.errors import ConservationError
from warehouse.open_reader import open_published
from warehouse.open_writer import open_writer
from warehouse.read.check import check_warehouse
from warehouse.read.known import known_documents, known_quarantine
from warehouse.staging.parts_folder import claim_folder, read_note, write_note
from warehouse.staging.write_part import write_part


def rows(mill, sql):
    with open_published(mill.warehouse) as connection:
        return connection.sql(sql).fetchall()


def beside(mill):
    return sorted(
        path.name for path in mill.warehouse.parent.iterdir() if path.is_file()
    )


def test_first_run_says_what_it_added(mill, monday, tuesday):
    counts = mill.run(mill.part(monday), mill.part(tuesday))

    assert (counts.documents_new, counts.articles_new, counts.occurrences_new) == (
        2,
        3,
        4,
    )
    assert counts.rows_quarantined == 1
    assert counts.chars_total == (
        counts.chars_in_articles + counts.chars_separator + counts.chars_quarantined
    )


def test_reprint_is_one_article_with_two_occurrences(mill, monday, tuesday):
    mill.run(mill.part(monday), mill.part(tuesday))

    assert rows(
        mill, "SELECT lower(title), occurrence_count FROM fact_article ORDER BY 1"
    ) == [("court jails thieves", 1), ("dam fills early", 2), ("minister resigns", 1)]


def test_view_shows_the_first_occurrence_at_its_place(mill, monday):
    mill.run(mill.part(monday))

    (found,) = rows(
        mill,
        "SELECT source, author, dateline, published_date::VARCHAR, date_basis, "
        "file_name, substr(text, char_start + 1, char_end - char_start), body "
        "FROM article JOIN dim_document USING (document_key, file_name) "
        "WHERE title = 'Dam fills early'",
    )

    assert found[:6] == (
        "Dam Agency",
        "early; Second Author",
        "ROME",
        "2022-01-01",
        "dateline",
        "monday.txt",
    )
    assert found[6] == f"Dam fills early\n{found[7]}"


def test_unknown_members_read_as_null(mill):
    mill.run(mill.part({"a.txt": ["One two|x", "Three four|y"]}))

    assert rows(mill, "SELECT dateline FROM article WHERE title = 'Three four'") == [
        (None,)
    ]


def test_second_load_of_the_same_changes_no_row(mill, monday, tuesday):
    parts = [mill.part(monday), mill.part(tuesday)]
    mill.run(*parts)
    before = fingerprint(mill.warehouse)

    counts = mill.run(*parts, run_id="run-2")

    assert (counts.documents_new, counts.articles_new, counts.rows_quarantined) == (
        0,
        0,
        0,
    )
    assert fingerprint(mill.warehouse) == before


@pytest.mark.parametrize("first", ["monday", "tuesday", "both"])
def test_order_of_files_and_runs_decides_nothing(
    mill, second_mill, monday, tuesday, first
):
    mill.run(mill.part(monday), mill.part(tuesday))

    if first == "both":
        second_mill.run(second_mill.part(tuesday | monday))
    else:
        days = [monday, tuesday] if first == "monday" else [tuesday, monday]
        for number, day in enumerate(days):
            second_mill.run(second_mill.part(day), run_id=f"run-{number}")

    assert fingerprint(second_mill.warehouse) == fingerprint(mill.warehouse)


def test_document_in_two_parts_is_loaded_once(mill, second_mill, monday, tuesday):
    mill.run(mill.part(monday), mill.part(tuesday))

    second_mill.run(
        second_mill.part(monday | tuesday, batch_id="x"),
        second_mill.part(monday, batch_id="y"),
    )

    assert fingerprint(second_mill.warehouse) == fingerprint(mill.warehouse)


def test_known_documents_tell_their_version(mill, monday):
    assert known_documents(mill.warehouse).is_empty()
    assert known_quarantine(mill.warehouse).is_empty()

    mill.run(mill.part(monday, version="7"))

    assert known_documents(mill.warehouse)["transform_version"].to_list() == ["7"]
    assert len(known_quarantine(mill.warehouse)) == 1


def test_newer_transforms_replace_the_rows_of_a_document(mill, second_mill, monday):
    mill.run(mill.part(monday))
    (digest,) = monday.values()
    resplit = {
        "monday.txt": [digest[0], digest[1].replace("|", "|\n"), "Nothing follows|"]
    }
    resplit_part = _same_document(mill, resplit, monday, version="2")

    mill.run(resplit_part, run_id="run-2")
    second_mill.run(resplit_part)

    assert rows(mill, "SELECT count(*) FROM fact_article") == [(3,)]
    assert rows(mill, "SELECT status FROM quality.quarantine") == [("retried",)]
    got, expected = fingerprint(mill.warehouse), fingerprint(second_mill.warehouse)
    assert {table for table in got if got[table] != expected[table]} == {
        "quality.quarantine"
    }


def test_article_that_newer_transforms_no_longer_find_is_gone(mill, monday, tuesday):
    mill.run(mill.part(monday), mill.part(tuesday))
    (digest,) = monday.values()
    fewer = _same_document(mill, {"monday.txt": digest[:1]}, monday, version="2")

    mill.run(fewer, run_id="run-2")

    assert rows(mill, "SELECT lower(title) FROM article ORDER BY 1") == [
        ("dam fills early",),
        ("minister resigns",),
    ]
    for table in (
        "article_text",
        "fact_classification",
        "fact_evidence",
        "fact_mention",
        "fact_quantity",
        "bridge_article_author",
    ):
        assert rows(mill, f"SELECT count(DISTINCT article_key) FROM {table}") == [(2,)]
    assert rows(mill, "SELECT count(*) FROM dim_author WHERE name = 'thieves'") == [
        (0,)
    ]


def test_article_survives_in_its_other_document(mill, monday, tuesday):
    mill.run(mill.part(monday), mill.part(tuesday))

    for day, name in ((monday, "monday.txt"), (tuesday, "tuesday.txt")):
        part = _same_document(
            mill, {name: ["Quite another|text"]}, day, version=f"2 {name}"
        )
        mill.run(part, run_id=f"run-{name}")
        left = rows(
            mill,
            "SELECT title, file_name, char_end IS NOT NULL, contains(body, '“') "
            "FROM article WHERE lower(title) = 'dam fills early'",
        )
        # It reads as it does in the document that still prints it.
        expected = [("DAM FILLS EARLY", "tuesday.txt", True, True)]
        assert left == (expected if name == "monday.txt" else [])
        assert check_warehouse(mill.warehouse) == []


def _same_document(mill, digests, original, *, version):
    """A part as newer transforms would make it of the very same bytes."""
    part = mill.part(digests, version=version)
    old = pl.read_parquet(mill.part(original) / "dim_document.parquet").row(
        0, named=True
    )
    tables = {}
    for file in part.glob("*.parquet"):
        table = pl.read_parquet(file).drop("batch_id")
        keys = [name for name in table.columns if name.endswith("document_key")]
        table = table.with_columns(
            pl.lit(old["document_key"], pl.Int64).alias(name) for name in keys
        )
        if file.stem == "dim_document":
            table = table.with_columns(pl.lit(old["document_id"]).alias("document_id"))
        tables[file.stem] = table
    return write_part(mill.parts, f"{part.name}-same", tables)


def test_another_classifier_adds_labels_and_keeps_the_old(
    mill, monday, next_classifier
):
    mill.run(mill.part(monday))

    mill.run(mill.part(monday, version="2", classifier=next_classifier), run_id="run-2")

    assert rows(
        mill,
        "SELECT version, count(*) FROM fact_classification "
        "JOIN dim_classifier USING (classifier_key) GROUP BY 1 ORDER BY 1",
    ) == [("1", 10), ("2", 10)]
    assert rows(
        mill,
        "SELECT DISTINCT version FROM article_category "
        "JOIN dim_classifier USING (classifier_key)",
    ) == [("1",)]


def test_failing_article_goes_to_quarantine_with_its_place(
    mill, facts_of, monday, tuesday
):
    with open_build(mill.warehouse, facts_of("run-1")) as build:
        build.load([mill.part(monday), mill.part(tuesday)])
        failing = build.connection.sql(
            "SELECT article_key, 'fact_article.title' AS expectation_code, "
            "'title is bad' AS detail FROM staging.fact_article "
            "WHERE lower(title) LIKE 'dam%'"
        ).pl()
        build.set_aside(failing)
        counts = build.publish()

    assert (counts.articles_new, counts.occurrences_new, counts.rows_quarantined) == (
        2,
        2,
        3,
    )
    assert rows(
        mill,
        "SELECT DISTINCT stage, reason_code, detail, "
        "lower(substr(text, char_start + 1, 4)) "
        "FROM quality.quarantine JOIN dim_document USING (document_key) "
        "WHERE stage = 'audit'",
    ) == [("audit", "failed_expectation", "fact_article.title: title is bad", "dam ")]
    assert rows(mill, "SELECT count(*) FROM article_text") == [(2,)]
    assert rows(
        mill,
        "SELECT bool_and(chars_total = chars_in_articles + chars_separator + "
        "chars_quarantined), min(chars_separator) > 0 FROM document_coverage",
    ) == [(True, True)]


def test_quality_results_are_kept_per_run(mill, facts_of, monday):
    results = pl.DataFrame(
        {
            "code": ["fact_article.title"],
            "table_name": ["fact_article"],
            "description": ["Titles are given"],
            "severity": ["warning"],
            "consequence": ["warn"],
            "success": [False],
            "element_count": [2],
            "unexpected_count": [1],
            "observed": ["1 of 2"],
            "runbook": ["Look"],
        }
    )
    for run_id in ("run-1", "run-2"):
        with open_build(mill.warehouse, facts_of(run_id)) as build:
            build.load([mill.part(monday)])
            build.record_quality(results)
            build.publish()

    assert rows(
        mill, "SELECT run_id, code, observed FROM quality.quality_history ORDER BY 1"
    ) == [
        ("run-1", "fact_article.title", "1 of 2"),
        ("run-2", "fact_article.title", "1 of 2"),
    ]
    assert rows(
        mill, "SELECT count(*) FROM quality.dim_expectation WHERE expectation_key <> 0"
    ) == [(1,)]


SIXTY_JUDGED_RUNS = """
    INSERT INTO main.dim_run (run_key, run_id, started_at, status)
    SELECT n, 'old ' || n, TIMESTAMP '2020-01-01' + INTERVAL (n) HOUR, 'published'
    FROM range(1, 61) AS numbers(n);
    INSERT INTO quality.fact_validation (run_key, expectation_key, success, severity)
    SELECT n, rule, rule <> 3, 'warning'
    FROM range(1, 61) AS numbers(n), range(1, 6) AS rules(rule);
"""


def test_old_checks_that_passed_are_forgotten_and_failures_kept(mill, monday, tuesday):
    mill.run(mill.part(monday))
    with edited(mill.warehouse) as connection:
        connection.execute(SIXTY_JUDGED_RUNS)

    mill.run(mill.part(tuesday), run_id="run-2")

    assert rows(
        mill,
        "SELECT run_key <= 10 AS is_old, success, count(*) "
        "FROM quality.fact_validation GROUP BY ALL ORDER BY ALL",
    ) == [(False, False, 50), (False, True, 200), (True, False, 10)]


def test_rejected_file_is_held_back_once(mill):
    rejects = pl.DataFrame(
        {
            "path": ["in/x.bin"],
            "stage": ["decode"],
            "reason_code": ["binary"],
            "document_id": ["d" * 64],
        }
    ).match_to_schema(REJECTS, missing_columns="insert")

    first = mill.run(rejects=rejects)
    second = mill.run(rejects=rejects, run_id="run-2")

    assert (first.rows_quarantined, second.rows_quarantined) == (1, 0)
    assert rows(mill, "SELECT document_key, path, status FROM quality.quarantine") == [
        (0, "in/x.bin", "open")
    ]


def test_same_bytes_under_two_names_are_two_arrivals(mill, facts_of, monday):
    part = mill.part(monday)
    document_id = pl.read_parquet(part / "dim_document.parquet")["document_id"][0]
    arrivals = pl.DataFrame(
        {
            "document_id": [document_id, document_id, "e" * 64],
            "file_name": ["copy.txt", "copy.txt", "never.txt"],
            "path": ["in/copy.txt", "in/copy.txt", "in/never.txt"],
        }
    )

    with open_build(mill.warehouse, facts_of("run-1")) as build:
        build.load([part])
        build.add_arrivals(arrivals)
        build.publish()

    assert rows(mill, "SELECT path FROM ops.document_arrival ORDER BY 1") == [
        ("in/copy.txt",),
        ("in/monday.txt",),
    ]
    assert rows(mill, "SELECT file_name FROM dim_document WHERE document_key <> 0") == [
        ("monday.txt",)
    ]


def test_failure_before_publish_leaves_every_byte(mill, facts_of, monday, tuesday):
    mill.run(mill.part(monday))
    before = mill.warehouse.read_bytes()

    with pytest.raises(ZeroDivisionError):
        _fail_after_load(mill, facts_of("run-2"), mill.part(tuesday))

    assert mill.warehouse.read_bytes() == before
    assert beside(mill) == ["news.duckdb", "news.duckdb.lock"]


def _fail_after_load(mill, run, part):
    with open_build(mill.warehouse, run) as build:
        build.load([part])
        raise ZeroDivisionError


def lose_a_table(part):
    (part / "fact_evidence.parquet").unlink()


def cut_a_table_short(part):
    file = part / "fact_article.parquet"
    file.write_bytes(file.read_bytes()[:-1])


def lose_the_seal(part):
    (part / "seal.json").unlink()


def empty_it(part):
    for file in part.iterdir():
        file.unlink()


@pytest.mark.parametrize(
    "spoil", [lose_a_table, cut_a_table_short, lose_the_seal, empty_it]
)
def test_part_that_is_not_what_was_sealed_is_not_loaded(mill, monday, spoil):
    part = mill.part(monday)
    spoil(part)

    with pytest.raises(ConservationError, match=part.name):
        mill.run(part)

    assert not mill.warehouse.exists()


def test_part_with_fewer_rows_than_promised_is_not_loaded(mill, monday):
    part = mill.part(monday)
    seal = part / "seal.json"
    seal.write_text(
        seal.read_text().replace('"fact_evidence": 2', '"fact_evidence": 3')
    )

    with pytest.raises(ConservationError, match="2 rows of fact_evidence"):
        mill.run(part)


@pytest.fixture
def loaded(mill, facts_of, monday):
    """A build that holds one document with two appearances, and the document's id."""
    part = mill.part(monday)
    (document,) = pl.read_parquet(part / "dim_document.parquet")["document_id"]
    with open_build(mill.warehouse, facts_of("run-1")) as build:
        build.load([part])
        yield build, document


def test_documents_handed_out_are_loaded_or_rejected(loaded):
    build, document = loaded

    build.require_all([document, "refused"], ["refused"], 2)
    with pytest.raises(ConservationError, match=r"1 documents accounted .* expected 2"):
        build.require_all([document, "lost"], [], 2)
    with pytest.raises(ConservationError, match=r"1 documents accounted .* expected 0"):
        build.require_all([], [], 2)
    with pytest.raises(ConservationError, match=r"2 appearances .* expected 3"):
        build.require_all([document], [], 3)


def test_run_that_finds_nothing_new_writes_nothing(mill, facts_of, monday):
    mill.run(mill.part(monday))
    before = mill.warehouse.stat()

    with open_writer(
        mill.warehouse, facts_of("run-2"), lock_timeout_seconds=0
    ) as writer:
        assert len(known_documents(writer.path)) == 1
        assert len(known_quarantine(writer.path)) == 1

    after = mill.warehouse.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_folder_names_are_no_patterns_and_no_sql(tmp_path, mill, monday):
    odd = type(mill)(tmp_path / "a'b;[x]*" / "n'w.duckdb", tmp_path / "p=1[y]*'q")

    counts = odd.run(odd.part(monday))

    assert counts.articles_new == 2


def test_part_is_written_once_and_whole(mill, monday, tuesday):
    part = mill.part(monday, batch_id="b")
    before = {path.name: path.read_bytes() for path in part.iterdir()}

    again = mill.part(tuesday, batch_id="b")

    assert again == part
    assert {path.name: path.read_bytes() for path in part.iterdir()} == before
    assert [path.name for path in mill.parts.iterdir()] == ["b"]


def test_part_that_cannot_be_finished_leaves_none(mill):
    unwritable = pl.DataFrame({"a": [object()]}, schema={"a": pl.Object})
    with pytest.raises(pl.exceptions.PolarsError):
        write_part(
            mill.parts, "b", {"dim_source": pl.DataFrame(), "dim_date": unwritable}
        )

    assert not (mill.parts / "b").exists()


def test_parts_that_a_dead_run_noted_are_taken_over(mill, facts_of, monday, tuesday):
    root = mill.warehouse.with_name("news.duckdb.build.parts")
    (root / "dead-run" / ".half.partial").mkdir(parents=True)
    dead = replace(mill, parts=root / "dead-run")
    part, _ = dead.part(monday), dead.part(tuesday)
    write_note(dead.parts, "note", {"made": "monday"}, about=[part])

    with (
        open_writer(mill.warehouse, facts_of("run-1"), lock_timeout_seconds=0) as w,
        w.parts_folder() as folder,
    ):
        left = {path.name for path in folder.iterdir()}
        assert left == {part.name, "note.json"}
        assert read_note(folder, "note") == {"made": "monday"}

    assert not root.exists()


def test_parts_of_a_living_run_are_left_alone(tmp_path):
    with claim_folder(tmp_path / "parts", "run-1") as first:
        (first / "part").mkdir()
        with claim_folder(tmp_path / "parts", "run-2") as second:
            assert list(second.iterdir()) == []

        assert [path.name for path in first.iterdir()] == ["part"]


def test_parts_of_a_failed_run_are_kept(tmp_path):
    claim = claim_folder(tmp_path / "parts", "run-1")
    folder = claim.__enter__()
    (folder / "part").mkdir()

    assert not claim.__exit__(RuntimeError, RuntimeError("audit"), None)

    assert (folder / "part").is_dir()


def test_stages_log_counts_and_seconds_and_no_text(mill, monday, tuesday, caplog):
    caplog.set_level("INFO", logger="warehouse")

    mill.run(mill.part(monday))
    mill.run(mill.part(tuesday), run_id="run-2")

    said = "\n".join(caplog.messages)
    for stage in ("Wrote part", "Staged 1 documents, 2 articles", "Linked 0", "Copied"):
        assert stage in said
    assert "Merged 1 new documents, 1 new articles" in said
    assert "Published a file of" in said
    assert all(line.endswith(" s)") for line in caplog.messages)
    assert "Dam" not in said
