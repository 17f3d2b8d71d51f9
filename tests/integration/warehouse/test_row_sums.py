"""Sums that each publication keeps are those of the rows, whatever it did to them."""

import polars as pl

from tests.builds import open_build
from transforms.contracts import REJECTS
from warehouse.amend.classifier_versions import promote
from warehouse.database.row_sums import find_changes, read_sums, sum_rows
from warehouse.open_reader import open_published

TEXTS = "main.document_segment"


def changes(mill):
    with open_published(mill.warehouse) as connection:
        return list(find_changes(connection))


def test_sums_follow_every_kind_of_run(
    mill, facts_of, monday, tuesday, next_classifier
):
    rejects = pl.DataFrame({"path": ["x.bin"], "stage": ["decode"]}).match_to_schema(
        REJECTS, missing_columns="insert"
    )
    runs = [
        [mill.part(monday)],
        [mill.part(monday), mill.part(tuesday)],
        [mill.part(tuesday, version="2")],
        [mill.part(monday, version="2", classifier=next_classifier)],
        [mill.part({"monday.txt": ["River falls|It fell by a metre."]})],
    ]
    for number, parts in enumerate(runs):
        mill.run(*parts, run_id=f"run-{number}")
        assert changes(mill) == []

    mill.run(run_id="held", rejects=rejects.with_columns(reason_code=pl.lit("binary")))
    assert changes(mill) == []
    facts = facts_of("promoted")
    with open_build(mill.warehouse, facts) as build:
        build.amend(lambda there: promote(there, next_classifier.key, facts))
    assert changes(mill) == []


def test_set_aside_articles_leave_right_sums(mill, facts_of, monday, tuesday):
    mill.run(mill.part(monday))
    with open_build(mill.warehouse, facts_of("run-2")) as build:
        build.load([mill.part(tuesday)])
        staged = build.connection.sql("SELECT article_key FROM staging.fact_article")
        build.set_aside(
            staged.pl().with_columns(
                expectation_code=pl.lit("fact_article.title"), detail=pl.lit("bad")
            )
        )
        build.publish()

    assert changes(mill) == []


def test_sum_knows_no_order_but_every_row(mill, monday, tuesday):
    mill.run(mill.part(monday), mill.part(tuesday))
    with open_published(mill.warehouse) as connection:
        connection.execute("ATTACH ':memory:' AS other; USE other")
        for name, rows in {
            "same": f"FROM newsmill.{TEXTS} ORDER BY text DESC",
            "twice": f"FROM newsmill.{TEXTS} UNION ALL FROM newsmill.{TEXTS} LIMIT 9",
            "less": f"FROM newsmill.{TEXTS} OFFSET 1",
            "exchanged": "SELECT * REPLACE (max(text) OVER () AS text) "
            f"FROM newsmill.{TEXTS}",
        }.items():
            connection.execute(f"CREATE TABLE {name} AS {rows}")
        connection.execute("USE newsmill")
        (published,) = {read_sums(connection)[TEXTS]}
        found = {
            name: sum_rows(connection, f"other.{name}", published.columns)
            for name in ("same", "twice", "less", "exchanged")
        }

    assert found["same"] == published
    assert published not in {found[name] for name in ("twice", "less", "exchanged")}
