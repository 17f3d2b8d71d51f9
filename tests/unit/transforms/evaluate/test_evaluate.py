import datetime as dt

import polars as pl
import pytest

from transforms.evaluate.evaluate import (
    blame_false_articles,
    match_articles,
    measure_window_diff,
    score_boundaries,
    score_dates,
    score_fields,
    score_groups,
    score_labels,
)
from transforms.evaluate.failures import list_failures

GOLD = pl.DataFrame(
    {
        "file": ["a", "a", "b"],
        "char_start": [0, 10, 0],
        "char_end": [9, 20, 5],
        "title": ["“One” thing", "Two", "Three"],
        "source": ["X", None, "Y"],
        "label": ["crime", "crime", "energy"],
        "layout": ["plain", "plain", "wire"],
    }
)
PREDICTED = pl.DataFrame(
    {
        "file": ["a", "a", "b", "b"],
        "char_start": [0, 10, 0, 3],
        "char_end": [9, 18, 5, 5],
        "title": ['"One" thing', "Too", "Three", "False"],
        "source": ["X", "Z", None, None],
        "category": ["crime", "energy", "energy", "other"],
    }
)


@pytest.fixture
def matched() -> pl.DataFrame:
    return match_articles(PREDICTED, GOLD)


def test_boundaries_are_counted_once_per_side(matched):
    row = score_boundaries(matched).row(0, named=True)
    assert (row["gold_count"], row["predicted_count"]) == (3, 4)
    assert row["start_precision"] == pytest.approx(3 / 4)
    assert row["start_recall"] == pytest.approx(1)
    assert row["start_f1"] == pytest.approx(6 / 7)
    assert row["exact_f1"] == pytest.approx(4 / 7)


def test_false_article_counts_for_the_article_it_stands_in(matched):
    scores = score_boundaries(blame_false_articles(matched, ["layout"]), by=["layout"])
    assert scores["layout"].to_list() == ["plain", "wire"]
    assert scores["start_precision"].to_list() == [1.0, 0.5]


def test_layouts_may_change_within_a_file():
    gold = GOLD.with_columns(layout=pl.Series(["plain", "wire", "wire"]))
    false = PREDICTED.head(1).with_columns(char_start=pl.lit(12, pl.Int64))
    matched = match_articles(pl.concat([PREDICTED.head(2), false]), gold)
    scores = score_boundaries(blame_false_articles(matched, ["layout"]), by=["layout"])
    assert scores.select("layout", "gold_count", "predicted_count").rows() == [
        ("plain", 1, 1),
        ("wire", 2, 2),
    ]


def test_group_has_figures_of_boundaries_windows_and_fields(matched):
    sizes = pl.DataFrame({"file": ["a", "b"], "char_count": [20, 8]})
    windows = measure_window_diff(matched, sizes)
    blamed = blame_false_articles(matched, ["layout"])
    plain, wire = score_groups(blamed, windows, "layout").to_dicts()
    assert (plain["layout"], plain["window_diff"], plain["title"]) == ("plain", 0, 0.5)
    assert plain["source"] == 1.0
    assert (wire["gold_count"], wire["source"]) == (1, 0.0)
    assert wire["window_diff"] > 0


def test_group_by_a_field_leaves_that_field_out(matched):
    windows = measure_window_diff(
        matched, pl.DataFrame({"file": ["a", "b"], "char_count": [20, 8]})
    )
    by_source = score_groups(matched, windows, "source")
    assert by_source["source"].to_list() == ["X", "Y"]
    assert by_source["title"].to_list() == [1.0, 1.0]


def test_fields_agree_whatever_their_quotes(matched):
    scores = score_fields(matched)
    assert scores.select("field", "gold_count", "correct_count").rows() == [
        ("source", 2, 1),
        ("title", 3, 2),
    ]


def test_labels_are_scored_over_found_articles(matched):
    scores = score_labels(matched)
    assert scores["label"].to_list() == ["crime", "energy"]
    assert scores["f1"].to_list() == pytest.approx([2 / 3, 2 / 3])


def test_window_diff_is_zero_only_without_errors(matched):
    sizes = pl.DataFrame({"file": ["a", "b"], "char_count": [20, 8]})
    scores = measure_window_diff(matched, sizes)
    assert scores["window_diff"].to_list()[0] == 0
    assert scores["window_diff"].to_list()[1] > 0


def test_failures_show_both_sides(matched):
    documents = pl.DataFrame(
        {"file": ["a", "b"], "text": ["0123456789" * 2, "abcdefgh"]}
    )
    failures = list_failures(matched, documents)
    assert failures.rows() == [
        ("a", 10, "title", "Two", "Too", "0123456789", "0123456789"),
        ("a", 18, "end", "end at 20", "end at 18", "012345678901234567", "89"),
        ("b", 0, "source", "Y", None, "", "abcdefgh"),
        ("b", 3, "false", None, "False", "abc", "defgh"),
    ]


def test_kinds_of_failures_take_turns(matched):
    documents = pl.DataFrame({"file": ["a", "b"], "text": ["x" * 20, "x" * 8]})
    shown = list_failures(pl.concat([matched, matched]), documents, 4)
    assert set(shown["failure"]) == {"end", "false", "source", "title"}


def test_missed_article_is_a_failure():
    matched = match_articles(PREDICTED.head(1), GOLD.head(2))
    documents = pl.DataFrame({"file": ["a"], "text": ["0123456789" * 2]})
    assert list_failures(matched, documents)["failure"].to_list() == ["missed"]


def test_fields_without_predictions_are_not_scored():
    bare = PREDICTED.select("file", "char_start", "char_end")
    assert score_fields(match_articles(bare, GOLD)).is_empty()


def test_labels_without_gold_give_no_rows():
    unlabelled = GOLD.with_columns(pl.lit(None, dtype=pl.String).alias("label"))
    assert score_labels(match_articles(PREDICTED, unlabelled)).is_empty()


def test_stated_and_inferred_dates_are_judged_apart():
    days = [dt.date(2022, 1, 6), dt.date(2022, 1, 9), dt.date(2021, 1, 9), None]
    places = {"file": "a", "char_start": range(4), "char_end": range(1, 5)}
    gold = pl.DataFrame(places | {"date": "2022-01-06"})
    predicted = pl.DataFrame(
        places
        | {
            "date": pl.Series(days).cast(pl.String),
            "published_from": pl.Series([*days[:3], dt.date(2022, 1, 1)]),
            "published_to": pl.Series([*days[:3], dt.date(2022, 2, 1)]),
            "is_date_stated": [True, False, False, False],
        }
    )

    stated, inferred = score_dates(match_articles(predicted, gold)).to_dicts()

    assert (stated["is_stated"], stated["right_count"]) == (True, 1)
    assert {name: inferred[name] for name in list(inferred)[1:]} == {
        "gold_count": 3,
        "dated_count": 2,
        "right_count": 0,
        "within_7_days_count": 1,
        "month_early_count": 1,
        "bounded_count": 3,
        "bounds_true_count": 1,
    }
