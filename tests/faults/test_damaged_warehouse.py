"""What somebody did to a published file: `check` names it, and no run builds on it."""

import re

import duckdb
import pytest

from tests.builds import edited
from tests.faults.scene import write_digests

# What is done, and what is said of it.
EDITS = {
    "occurrence deleted": (
        "DELETE FROM fact_occurrence WHERE ordinal = 2",
        "main.fact_occurrence has 8 rows, 9 were published",
    ),
    "evidence deleted": ("DELETE FROM fact_evidence", "main.fact_evidence has 0 rows"),
    "sources deleted": (
        "DELETE FROM dim_source WHERE source_key <> 0",
        "main.dim_source has 1 rows",
    ),
    "categories deleted": ("DELETE FROM dim_category", "main.dim_category has 0 rows"),
    "row doubled": (
        "INSERT INTO fact_article FROM fact_article LIMIT 1",
        "main.fact_article has 10 rows",
    ),
    "rows exchanged for others": (
        """CREATE TEMP TABLE kept AS FROM fact_evidence LIMIT 9;
        DELETE FROM fact_evidence WHERE exact IN (SELECT exact FROM kept);
        INSERT INTO fact_evidence FROM kept; INSERT INTO fact_evidence FROM kept""",
        "main.fact_evidence has ",
    ),
    "dangling key": (
        "UPDATE fact_article SET source_key = 12345",
        "main.fact_article has other rows",
    ),
    "two rows exchanged": (
        "UPDATE fact_article SET confidence = 1 - confidence",
        "main.fact_article has other rows",
    ),
    "title": (
        "UPDATE fact_article SET title = upper(title)",
        "main.fact_article has other rows",
    ),
    "held row": (
        """INSERT INTO quality.quarantine
        VALUES (1, 0, 'x', 0, 1, 'clean', 'no_body', '', 0, 'open')""",
        "quality.quarantine has 1 rows, 0 were published",
    ),
    "history": ("DELETE FROM quality.fact_validation", "quality.fact_validation has 0"),
    "type": (
        "ALTER TABLE fact_article ALTER word_count TYPE VARCHAR",
        "main.fact_article.word_count: got VARCHAR, expected INTEGER",
    ),
    "column": (
        "ALTER TABLE fact_evidence DROP contribution",
        "main.fact_evidence lacks columns: contribution",
    ),
    "table": (
        "DROP TABLE bridge_article_story CASCADE",
        "main.bridge_article_story lacks columns",
    ),
    "sums": ("DELETE FROM ops.published_table", "has no count of what was published"),
    "one sum": (
        """DELETE FROM ops.published_table WHERE table_name = 'main.fact_evidence';
        DELETE FROM fact_evidence""",
        "main.fact_evidence has no count of what was published",
    ),
}
TEXT_EDIT = "UPDATE document_segment SET text = replace(text, 'a', 'o')"
IN_THE_GATE = ("evidence deleted", "dangling key", "type")


def change(newsmill, statements):
    with duckdb.connect(str(newsmill.warehouse)) as connection:
        connection.execute(statements)
    return newsmill.warehouse.read_bytes()


def one_more(newsmill):
    return write_digests(newsmill.folder / "more", files=1, articles=3)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        pytest.param(
            *edit, id=name, marks=() if name in IN_THE_GATE else pytest.mark.full
        )
        for name, edit in EDITS.items()
    ],
)
def test_change_by_others_is_named_and_not_built_on(seeded_copy, edit, told):
    newsmill = seeded_copy
    before = change(newsmill, edit)

    checked = newsmill.ask("check", "--json", code=5)
    refused = newsmill.ask("run", one_more(newsmill), "--direct", code=5)

    assert any(told in finding for finding in checked.json["findings"]), checked.out
    assert re.search(r"main\.\w+|quality\.\w+|no count", told)[0] in refused.err
    for ended in (checked, refused):
        assert "run on the same inputs again" in ended.err
    assert newsmill.warehouse.read_bytes() == before


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            "UPDATE ops.search_article SET article_key = 0 WHERE article_number = 1",
            "ops.search_article has 1 articles that are not as they were published",
        ),
        (
            "UPDATE ops.search_article SET article_number = 1 WHERE article_number = 2",
            "ops.search_article has 1 articles that are not as they were published",
        ),
        (
            "UPDATE ops.search_article SET word_count = 9 WHERE article_number = 1",
            "ops.search_posting has the words of 1 articles in places that they have",
        ),
        (
            "UPDATE ops.search_posting SET positions = positions || [0::UINTEGER]",
            "words whose lists are of two lengths",
        ),
    ],
)
def test_index_that_does_not_fit_its_articles_is_named(seeded_copy, edit, told):
    change(seeded_copy, edit)

    found = seeded_copy.ask("check", "--json", code=5).json["findings"]

    assert any(told in finding for finding in found), found


@pytest.mark.full
def test_changed_text_is_found_even_after_later_runs(seeded_copy):
    newsmill = seeded_copy
    change(newsmill, TEXT_EDIT)

    newsmill.run(one_more(newsmill))
    found = newsmill.ask("check", "--json", code=5).json["findings"]

    assert "main.document_segment has other rows than were published" in found
    assert any("titles or bodies that differ" in finding for finding in found)


def test_rows_that_were_deleted_are_missed_though_nothing_is_new(
    seeded_copy, seed_file
):
    change(seeded_copy, "DELETE FROM fact_evidence")

    ended = seeded_copy.ask("run", seed_file, "--direct", code=5)

    assert "main.fact_evidence has 0 rows" in ended.err


@pytest.mark.full
def test_rebuilding_as_it_is_told_makes_it_whole(seeded_copy, seed_file):
    newsmill = seeded_copy
    change(newsmill, "DELETE FROM fact_evidence")
    newsmill.warehouse.rename(newsmill.folder / "away.duckdb")

    newsmill.run(seed_file)

    assert newsmill.ask("check", "--json").json["findings"] == []


def test_another_duckdb_compares_counts_alone(seeded_copy):
    newsmill = seeded_copy
    with edited(newsmill.warehouse) as connection:
        connection.execute("UPDATE fact_article SET confidence = confidence / 2")
    change(
        newsmill,
        "UPDATE ops.published_table SET engine_version = 'v0', rows_hash = 1; "
        "DELETE FROM fact_evidence",
    )

    found = newsmill.ask("check", "--json", code=5).json["findings"]

    assert [f for f in found if "published" in f] == [
        f for f in found if f.startswith("main.fact_evidence has 0 rows")
    ]


def blocks_of(path):
    with duckdb.connect(str(path), read_only=True) as connection:
        size = connection.execute("SELECT block_size FROM pragma_database_size()")
        ((block_bytes,),) = size.fetchall()
    return block_bytes, (path.stat().st_size - 12_288) // block_bytes


@pytest.mark.full
def test_exchanged_blocks_are_damage(newsmill, seeded):
    """Each block has a checksum of its own, which knows nothing of its place."""
    block_bytes, count = blocks_of(seeded.warehouse)
    whole = seeded.warehouse.read_bytes()
    for number in range(0, count - 1, 2):
        first = 12_288 + number * block_bytes
        second, end = first + block_bytes, first + 2 * block_bytes
        damaged = whole[:first] + whole[second:end] + whole[first:second] + whole[end:]
        newsmill.warehouse.write_bytes(damaged)

        if damaged != whole:
            newsmill.ask("check", code=5)
        assert newsmill.warehouse.read_bytes() == damaged
