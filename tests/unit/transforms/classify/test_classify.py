import polars as pl
import pytest

from transforms.classify.classifier import shipped_classifier
from transforms.classify.classify import classify
from transforms.contracts import CATEGORY_CODES, EVIDENCE, SCORES, check


def articles_of(*texts):
    return pl.DataFrame(
        {
            "article_row": range(len(texts)),
            "title": [title for title, _ in texts],
            "body": [body for _, body in texts],
        },
        schema_overrides={
            "article_row": pl.UInt32,
            "title": pl.String,
            "body": pl.String,
        },
    )


FLOOD = (
    "Flood kills twelve in mountain valley",
    """Rescue workers searched the rubble after flash floods destroyed homes. The
    ministry of emergency situations said hundreds were evacuated.""",
)
THEFT = (
    "Police arrest two men over stolen cars",
    "Detectives detained the suspects on Monday. A court will hear the theft case.",
)


def test_frames_keep_their_contracts():
    scores, evidence = classify(articles_of(FLOOD, THEFT))

    check(scores, SCORES, stage="classify", contract="SCORES")
    check(evidence, EVIDENCE, stage="classify", contract="EVIDENCE")
    assert scores["category"].to_list() == [*CATEGORY_CODES] * 2
    assert scores["article_row"].to_list() == [0] * 5 + [1] * 5


def test_no_articles_give_empty_frames():
    scores, evidence = classify(articles_of())

    check(scores, SCORES, stage="classify", contract="SCORES")
    check(evidence, EVIDENCE, stage="classify", contract="EVIDENCE")
    assert len(scores) == len(evidence) == 0


def test_null_and_empty_texts_are_other_with_no_evidence():
    scores, evidence = classify(articles_of((None, None), ("", "")))

    primary = scores.filter("is_primary")
    assert primary["category"].to_list() == ["other", "other"]
    assert primary["score"].max() < 0.6
    assert len(evidence) == 0


def test_evidence_quotes_words_for_and_against():
    articles = articles_of(FLOOD)

    _, evidence = classify(articles)

    fields = {"title": FLOOD[0], "body": FLOOD[1]}
    quotes = [
        fields[field][start:end]
        for field, start, end in evidence.select(
            "field", "text_start", "text_end"
        ).rows()
    ]
    assert any("lood" in quote for quote in quotes)
    assert (evidence["contribution"] > 0).sum() == 5
    assert (evidence["contribution"] < 0).sum() <= 3
    assert set(evidence["category"]) == {"crisis"}


def test_weights_of_assigned_labels_sum_to_one():
    scores, _ = classify(articles_of(FLOOD, THEFT, ("", "")))

    sums = scores.group_by("article_row").agg(
        pl.col("weight").sum(), pl.col("is_primary").sum(), pl.col("score").sum()
    )
    assert sums["weight"].to_list() == pytest.approx([1, 1, 1])
    assert sums["is_primary"].to_list() == [1, 1, 1]
    assert sums["score"].to_list() == pytest.approx([1, 1, 1], abs=1e-5)
    assert not scores.filter("is_primary", ~pl.col("is_assigned")).height
    assert not scores.filter(~pl.col("is_assigned"), pl.col("weight") > 0).height


def test_low_thresholds_assign_more_labels():
    classifier = shipped_classifier()
    generous = type(classifier)(
        **{**vars(classifier), "thresholds": dict.fromkeys(CATEGORY_CODES, 0.0)}
    )

    scores, _ = classify(articles_of(FLOOD), generous)

    assert scores["is_assigned"].all()


@pytest.mark.compiled
def test_number_of_threads_changes_nothing():
    articles = articles_of(*[FLOOD, THEFT, ("Oil prices", "rose " * 2000)] * 300)

    one, two = classify(articles, threads=1), classify(articles, threads=2)

    assert one[0].equals(two[0])
    assert one[1].equals(two[1])


@pytest.mark.compiled
@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("a" * 2_000_000, set()),
        ("é" * 500_000, set()),
        ("oil " * 500_000, {(0, 3)}),
        ("\n" * 1_000_000 + "oil", {(1_000_000, 1_000_003)}),
    ],
    ids=["one word", "one accented word", "a word again and again", "far down"],
)
def test_hostile_text_is_read_as_any_other(body, found):
    _, evidence = classify(articles_of(("", body)))

    assert set(evidence.select("text_start", "text_end").rows()) == found
