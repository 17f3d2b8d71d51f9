import polars as pl
import pytest

from transforms.evaluate import (
    fill_file_columns,
    list_failures,
    match_articles,
    measure_window_diff,
    score_boundaries,
    score_fields,
    score_labels,
)

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


def test_false_article_counts_for_the_layout_of_its_file(matched):
    scores = score_boundaries(fill_file_columns(matched, ["layout"]), by=["layout"])
    assert scores["layout"].to_list() == ["plain", "wire"]
    assert scores["start_precision"].to_list() == [1.0, 0.5]


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
        ("a", 18, "end", "012345678901234567", "89"),
        ("b", 3, "false", "abc", "defgh"),
    ]


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
