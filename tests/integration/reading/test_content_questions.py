"""Named questions about what articles tell of, asked of a few made-up rows."""

from datetime import date

import polars as pl
import pytest

from tests.integration.reading.answers import answer

DAY = date(2022, 1, 6)
CLAIM = {
    "article_key": 1,
    "story_key": 1,
    "title": "Title",
    "category": "crisis",
    "source": "Agency",
    "published_date": DAY,
    "quantity_type": "killed",
    "value_low": 1.0,
    "value_high": 1.0,
    "is_approximate": False,
    "unit": None,
    "currency": None,
    "is_negated": False,
    "speaker": None,
    "place": "Almaty",
    "exact": "one",
    "char_start": 0,
}


def claims(*rows):
    return pl.DataFrame([CLAIM | row for row in rows], infer_schema_length=None)


def test_crisis_share_is_of_the_articles_about_a_country():
    article = pl.DataFrame(
        {
            "country": ["Tajikistan"] * 4 + ["Peru", None],
            "category": ["crisis", "crime", "other", "other", "crisis", "crisis"],
        }
    )

    rows = answer("crisis_share_by_country", article=article)

    assert [tuple(row.values()) for row in rows] == [
        ("Peru", 1, 1, 100.0),
        ("Tajikistan", 1, 4, 25.0),
    ]


@pytest.mark.parametrize(
    ("one", "other", "is_conflict"),
    [
        ((18, 18), (12, 12), True),
        ((18, 18), (24, None), True),
        ((18, 18), (10, None), False),
        ((10, 20), (15, 30), False),
        ((None, 10), (11, 11), True),
    ],
    ids=["two numbers", "dozens", "at least", "ranges that meet", "up to"],
)
def test_claims_of_a_story_conflict_when_both_cannot_be_true(one, other, is_conflict):
    rows = answer(
        "casualty_claims_by_story",
        claim=claims(
            {"value_low": one[0], "value_high": one[1], "speaker": "A"},
            {"value_low": other[0], "value_high": other[1], "article_key": 2},
            {"quantity_type": "injured", "value_low": 500.0, "value_high": 500.0},
            {"quantity_type": "money", "currency": "KZT"},
        ),
    )

    killed = [row for row in rows if row["quantity_type"] == "killed"]
    assert [row["is_in_conflict"] for row in killed] == [is_conflict] * 2
    assert [row["said_by"] for row in killed] == ["A", "Agency"]
    assert len(rows) == 3


def test_claims_of_one_story_can_be_asked_for():
    made = claims(
        {"story_key": 7, "value_low": 3.0, "speaker": "A"},
        {"story_key": 8, "article_key": 2},
    )

    (row,) = answer("casualty_claims_by_story", {"story": "7"}, claim=made)

    assert (row["story_key"], row["value_low"]) == (7, 3.0)


def test_capacities_are_compared_in_megawatts():
    power = {"category": "energy", "quantity_type": "power"}
    rows = answer(
        "capacity_in_energy_news",
        claim=claims(
            power | {"unit": "MW", "value_low": 260.0, "value_high": 260.0},
            power | {"unit": "GW", "value_low": 10.0, "value_high": None},
            power | {"unit": "MW", "category": "crime"},
            {"category": "energy", "quantity_type": "money"},
        ),
    )

    assert [row["megawatts"] for row in rows] == [10_000, 260]


def test_stolen_money_counts_once_per_article_and_not_by_the_piece():
    money = {"category": "crime", "quantity_type": "money", "currency": "TJS"}
    rows = answer(
        "money_in_crime_news_by_month",
        claim=claims(
            money | {"value_low": 3_900.0, "unit": "TJS"},
            money | {"value_low": 3_900.0, "unit": "TJS", "char_start": 9},
            money | {"value_low": 14_000.0, "unit": "TJS", "article_key": 2},
            money | {"value_low": 5.0, "unit": "TJS/kg"},
            money | {"category": "energy"},
        ),
    )

    (row,) = rows
    assert (row["month"], row["total"], row["largest"]) == (
        *(date(2022, 1, 1), 17_900, 14_000),
    )
    assert row["article_count"] == 2


MENTIONS = pl.DataFrame(
    {
        "article_key": [1, 1, 1, 2, 2, 3],
        "story_key": [1, 1, 1, 1, 1, 3],
        "actor_key": [7, 7, 8, 7, 8, 7],
        "actor": ["Ann", "Ann", "Bank", "Ann", "Bank", "Ann"],
        "actor_kind": ["person", "person", "organisation"] * 2,
        "printed_role": ["minister", None, None, "minister", None, "chief"],
        "published_date": [DAY] * 6,
    }
).with_columns(
    actor_kind=pl.when(pl.col("actor") == "Ann")
    .then(pl.lit("person"))
    .otherwise(pl.lit("organisation"))
)


def test_actors_named_together_are_counted_by_articles_not_mentions():
    rows = answer("actors_named_together", actor_mention=MENTIONS)

    assert [tuple(row.values()) for row in rows] == [("Ann", "Bank", 2)]


def test_most_named_actors_count_articles_and_stories():
    rows = answer("most_named_actors", actor_mention=MENTIONS)

    assert [tuple(row.values())[:5] for row in rows] == [
        ("Ann", "person", 3, 2, "minister"),
        ("Bank", "organisation", 2, 1, None),
    ]
