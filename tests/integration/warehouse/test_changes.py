"""The feed of changes: who applies it to what a run left has what is there now."""

import tempfile
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builds import edited, open_build
from tests.integration.warehouse.conftest import Mill, run_facts
from transforms.star.star import build_dim_classifier
from warehouse.amend.classifier_versions import add_scores, promote
from warehouse.read.check import check_warehouse

DAM, PORT, FIRE = "Dam|Water rose.", "Port!|Ships wait.", "Fires|Forests burn."
STATE = """
    SELECT article_key, category, published_date FROM article ORDER BY article_key
"""
FEED = "SELECT change, title, category_before, category, published_date_before, "
FEED += "published_date FROM changes_since({}) ORDER BY change_number"


def ask(mill, sql):
    with duckdb.connect(str(mill.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def feed_since(mill, run_id):
    return ask(mill, FEED.format("NULL" if run_id is None else f"'{run_id}'"))


def applied(mill, state, run_id):
    """The state that a reader of the feed comes to."""
    known = {key: (category, date) for key, category, date in state}
    told = ask(mill, f"FROM changes_since('{run_id}') ORDER BY change_number")
    names = "number run_id at change article_key article_id title url"
    for row in told:
        names_of = [*names.split(), "category_before", "category", "before", "date"]
        of = dict(zip(names_of, row, strict=True))
        category, date = known.get(of["article_key"], (None, None))
        if of["change"] == "retired":
            assert known.pop(of["article_key"]) == (of["category_before"], of["before"])
        elif of["change"] == "added":
            assert of["article_key"] not in known
            known[of["article_key"]] = (of["category"], of["date"])
        elif of["change"] == "relabelled":
            assert category == of["category_before"] != of["category"]
            known[of["article_key"]] = (of["category"], date)
        else:
            assert of["change"] == "redated"
            assert date == of["before"] != of["date"]
            known[of["article_key"]] = (category, of["date"])
    return sorted((key, *values) for key, values in known.items())


def relabel(mill, next_classifier, run_id):
    """Another version finds every article to be of the next category, and serves."""
    folder = mill.parts / f"scores-{run_id}"
    folder.mkdir()
    with duckdb.connect(str(mill.warehouse), read_only=True) as connection:
        connection.execute(
            "COPY (SELECT DISTINCT ON (article_key) article_key, category_key % 5 + 1 "
            f"AS category_key, {next_classifier.key} AS classifier_key, 0.9 AS score, "
            "true AS is_primary, true AS is_assigned, 1.0 AS weight "
            "FROM fact_classification WHERE is_primary ORDER BY ALL) "
            f"TO '{folder}/fact_classification.parquet'"
        )
        connection.execute(
            "COPY (SELECT * EXCLUDE run_key FROM fact_evidence LIMIT 0) "
            f"TO '{folder}/fact_evidence.parquet'"
        )
    row = build_dim_classifier(next_classifier)
    facts = run_facts(f"{run_id}-scores")
    with open_build(mill.warehouse, facts) as build:
        build.amend(lambda there: add_scores(there, row, [folder], facts))
    facts = run_facts(run_id)
    with open_build(mill.warehouse, facts) as build:
        build.amend(lambda there: promote(there, next_classifier.key, facts))


def test_added_redated_and_retired_are_told_run_by_run(mill):
    digest = {"a.txt": [DAM, FIRE]}
    mill.run(mill.part(digest), run_id="first")
    mill.run(mill.part({"b.txt": [PORT, DAM, FIRE]}), run_id="second")
    mill.run(mill.part({"a.txt": [f"!{DAM}", FIRE]}, version="2"), run_id="third")
    mill.run(
        mill.part({"b.txt": [PORT, f"!{DAM}", FIRE]}, version="2"), run_id="fourth"
    )

    first_two = [row[:2] for row in feed_since(mill, None)][:2]
    assert sorted(first_two) == [("added", "Dam"), ("added", "Fires")]
    after_first = feed_since(mill, "first")
    assert ("added", "Port!") in [row[:2] for row in after_first]
    retired = [row for row in after_first if row[0] == "retired"]
    assert [(row[1], row[3], row[5]) for row in retired] == [("Dam", None, None)]
    assert feed_since(mill, "fourth") == []
    assert feed_since(mill, "no such run") == []
    assert check_warehouse(mill.warehouse) == []


def test_day_that_no_article_has_any_more_is_told(mill):
    digest = {"a.txt": [FIRE, DAM]}
    mill.run(mill.part(digest), run_id="first")
    mill.run(mill.part({"a.txt": [FIRE, f"!{DAM}"]}, version="2"), run_id="second")

    assert ask(mill, "SELECT count(*) FROM dim_date WHERE date = '2022-01-02'") == [
        (0,)
    ]
    told = {row[0]: row for row in feed_since(mill, None) if row[1] == "Dam"}
    assert told["added"][5] == told["retired"][4] == date(2022, 1, 2)


def test_smaller_document_that_comes_later_redates_its_article(tmp_path):
    digests = {"a.txt": [DAM, FIRE]}, {"b.txt": [PORT, DAM, FIRE]}
    told = []
    for name, (one, other) in (("x", digests), ("y", digests[::-1])):
        mill = Mill(tmp_path / f"{name}.duckdb", tmp_path / f"{name}.parts")
        mill.run(mill.part(one), run_id="first")
        before = ask(mill, STATE)
        mill.run(mill.part(other), run_id="second")
        told += [row for row in feed_since(mill, "first") if row[0] == "redated"]
        assert applied(mill, before, "first") == ask(mill, STATE)

    # In one of both orders the document with the smaller key comes second.
    days = {(row[1], row[4].day, row[5].day) for row in told}
    assert days in ({("Dam", 1, 2), ("Fires", 2, 3)}, {("Dam", 2, 1), ("Fires", 3, 2)})


def test_promoted_version_relabels_what_it_says_otherwise(mill, next_classifier):
    mill.run(mill.part({"a.txt": [DAM, PORT]}), run_id="first")
    before = ask(mill, STATE)

    relabel(mill, next_classifier, "serving")

    told = feed_since(mill, "first")
    assert {row[0] for row in told} == {"relabelled"}
    assert len(told) == 2
    assert all(row[2] != row[3] for row in told)
    assert applied(mill, before, "first") == ask(mill, STATE)
    assert ask(mill, "SELECT status FROM dim_run WHERE run_id = 'serving'") == [
        ("promoted",)
    ]
    assert check_warehouse(mill.warehouse) == []


def test_article_that_comes_back_is_added_again(mill):
    mill.run(mill.part({"a.txt": [DAM, FIRE]}), run_id="first")
    mill.run(mill.part({"a.txt": [f"!{DAM}", FIRE]}, version="2"), run_id="second")
    mill.run(mill.part({"c.txt": [PORT, FIRE, DAM]}), run_id="third")

    changes = [row[0] for row in feed_since(mill, None) if row[1] == "Dam"]

    assert changes == ["added", "retired", "added"]


@pytest.mark.parametrize(
    "edit",
    [
        "DELETE FROM ops.article_change WHERE change_number = 1",
        "UPDATE ops.article_change SET change = 'retired' WHERE change_number = 1",
        "UPDATE ops.article_change SET category_key = 0 WHERE change_number = 1",
        "UPDATE ops.article_change SET published_date_key = 0 WHERE change_number = 1",
    ],
)
def test_feed_that_tells_what_is_not_so_is_found(mill, edit):
    mill.run(mill.part({"a.txt": [DAM, PORT]}))
    with edited(mill.warehouse) as connection:
        connection.execute(edit)

    assert check_warehouse(mill.warehouse) == [
        "ops.article_change tells of 1 articles what is not so"
    ]


def test_feed_of_an_older_warehouse_begins_with_what_it_holds(mill):
    mill.run(mill.part({"a.txt": [DAM, PORT]}), run_id="first")
    with duckdb.connect(str(mill.warehouse)) as connection:
        connection.execute(
            "DROP MACRO TABLE changes_since; DROP VIEW ops.article_state; "
            "DROP TABLE ops.article_change; DROP TABLE ops.published_table; "
            "DELETE FROM ops.schema_migration WHERE version > 1"
        )

    mill.run(mill.part({"b.txt": [FIRE]}), run_id="second")

    assert [row[0] for row in feed_since(mill, None)] == ["added"] * 3
    assert [row[1] for row in feed_since(mill, "first")] == ["Fires"]
    assert check_warehouse(mill.warehouse) == []


TEXTS = st.sampled_from([DAM, PORT, FIRE, "Strike|Mines close."])
LOADS = st.tuples(
    st.sampled_from("abc"),
    st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=3, unique_by=str),
)


@pytest.mark.full
@settings(max_examples=15, deadline=None)
@given(loads=st.lists(LOADS, min_size=2, max_size=5), data=st.data())
def test_feed_since_any_run_gives_what_is_there(loads, data):
    with tempfile.TemporaryDirectory() as folder:
        mill = Mill(Path(folder) / "news.duckdb", Path(folder) / "parts")
        states = []
        for number, (name, texts) in enumerate(loads):
            digest = [f"!{text}" if is_held else text for text, is_held in texts]
            part = mill.part({f"{name}.txt": digest}, version=str(number))
            mill.run(part, run_id=f"run-{number}")
            states.append(ask(mill, STATE))
        number = data.draw(st.integers(0, len(states) - 1))

        assert applied(mill, states[number], f"run-{number}") == states[-1]
        assert check_warehouse(mill.warehouse) == []
