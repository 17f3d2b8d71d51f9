"""Whatever is counted, and however it is hedged, its bounds are in order."""

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.extract_content.extract_content import extract_content

PARTS = st.sampled_from(
    [
        *(
            "at least",
            "up to",
            "above",
            "some",
            "more than",
            "about",
            "between",
            "from",
        ),
        *("no", "nobody", "none", "dozens of", "tens of thousands of"),
        *(
            "one",
            "two",
            "hundred",
            "million",
            "billion",
            "half a",
            "and",
            "to",
            "-",
            "–",
        ),
        *("of", "a"),
        *("5", "1,200", "3.5", "0", "9" * 30, "9" * 400, "1/2", "40m", "7bn", "10 000"),
        *("$", "€", "US$", "dollars", "somoni", "MW", "barrels", "%", "cents"),
        *("people were killed", "were detained", "injured", "said the mayor", ".", ","),
    ]
)


def quantities(text):
    articles = pl.DataFrame(
        {
            "article_row": [0],
            "title": ["Report"],
            "body": [text],
            "language": ["en"],
            "dateline": [None],
        },
        schema_overrides={"article_row": pl.UInt32, "dateline": pl.String},
    )
    return extract_content(articles).quantities


@given(st.lists(PARTS, min_size=1, max_size=14).map(" ".join))
@example("Obama is to have above up to $40m for other Democrats.")
@example("at least up to at least 7 people were killed")
@example(f"{'9' * 400} people were killed")
@example(f"5 {'billion ' * 60} people were killed")
def test_bounds_are_finite_and_in_order(text):
    found = quantities(text)

    bounds = found.select(
        "value_low",
        "value_high",
        low=pl.col("value_low").fill_null(0.0),
        high=pl.col("value_high").fill_null(0.0),
    )
    assert bounds["low"].is_finite().all(), bounds
    assert bounds["high"].is_finite().all(), bounds
    assert (bounds["value_low"] <= bounds["value_high"]).drop_nulls().all(), bounds
    assert not (bounds["value_low"].is_null() & bounds["value_high"].is_null()).any()
