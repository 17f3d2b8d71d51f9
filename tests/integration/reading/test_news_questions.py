"""Named questions about sources, reprints, labels, and weeks, of made-up rows."""

from datetime import date

import polars as pl
import pytest

from tests.integration.reading.answers import answer
from transforms.errors import UsageError


def articles(*rows):
    empty = {"source": None, "published_date": None, "category": "other", "body": ""}
    return pl.DataFrame(
        [
            {"article_key": key, "title": f"Title {key}", **empty, **row}
            for key, row in enumerate(rows, start=1)
        ],
        schema_overrides={"published_date": pl.Date, "source": pl.String},
    )


def printed(source, *days):
    return [{"source": source, "published_date": date(2022, *day)} for day in days]


MONTHS = articles(
    *printed("Agency", (1, 2), (2, 1), (2, 27), (2, 28)),
    *printed("Herald", (1, 5), (1, 31), (2, 3)),
    *printed("Tribune", (2, 4)),
    *printed("Gazette", (12, 31)),
    *printed(None, (2, 5)),
)


def test_sources_are_compared_with_the_month_before():
    rows = answer("sources_that_rose_most", {"month": "2022-02"}, article=MONTHS)

    assert [(r["source"], r["article_count"], r["month_before"]) for r in rows] == [
        ("Agency", 3, 1),
        ("Tribune", 1, 0),
        ("Herald", 1, 2),
    ]
    assert [row["more"] for row in rows] == [2, 1, -1]


def test_newest_month_is_compared_unless_another_is_asked_for():
    rows = answer("sources_that_rose_most", article=MONTHS)

    assert [(row["source"], row["month"]) for row in rows] == [
        ("Gazette", date(2022, 12, 1))
    ]


def test_reprint_is_shown_with_the_sentences_that_were_changed():
    texts = articles(
        {
            "published_date": date(2022, 1, 7),
            "body": "The dam broke. Nobody was hurt.\n\nRepairs began on Friday.",
        },
        {
            "published_date": date(2022, 1, 6),
            "body": "The dam broke. Two men were hurt! Repairs began on Friday.",
        },
    )
    pair = pl.DataFrame(
        {"article_key": [1], "other_article_key": [2], "containment": [0.66]}
    )

    (row,) = answer("reprints_and_their_changes", article=texts, fact_article_pair=pair)

    assert (row["first_article_key"], row["later_article_key"]) == (2, 1)
    assert row["left_out"] == ["Two men were hurt"]
    assert row["added"] == ["Nobody was hurt"]


def test_flips_are_counted_in_both_directions():
    flips = pl.DataFrame(
        [
            ("1", "2", "crime", "crisis"),
            ("1", "2", "crisis", "crime"),
            ("1", "2", "crisis", "crime"),
            ("1", "2", "energy", "other"),
            ("2", "1", "crime", "crisis"),
        ],
        schema=["from_version", "to_version", "from_category", "to_category"],
        orient="row",
    )

    rows = answer("classifier_flips_in_both_directions", classification_flip=flips)

    assert [tuple(row.values()) for row in rows] == [
        ("1", "2", "crime", "crisis", 1, 2, 3),
        ("1", "2", "energy", "other", 1, 0, 1),
        ("2", "1", "crime", "crisis", 1, 0, 1),
    ]


def test_weeks_have_a_column_for_each_category():
    week = [
        {"published_date": date(2022, 1, day), "category": category}
        for day, category in [
            (3, "crisis"),
            (9, "crisis"),
            (9, "energy"),
            (10, "crime"),
        ]
    ]

    rows = answer("categories_by_week", article=articles(*week, {"category": "crime"}))

    categories = ("crisis", "energy", "crime", "government", "other")
    assert [[row["week"], *(row[name] for name in categories)] for row in rows] == [
        [date(2022, 1, 3), 2, 1, 0, 0, 0],
        [date(2022, 1, 10), 0, 0, 1, 0, 0],
    ]


def test_parameter_that_a_question_does_not_have_is_named():
    with pytest.raises(UsageError, match="month"):
        answer("sources_that_rose_most", {"weeks": "1"}, article=MONTHS)
