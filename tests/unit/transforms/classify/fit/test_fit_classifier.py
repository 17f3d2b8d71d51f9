import numpy as np
import polars as pl
import pytest

from transforms.classify.classifier import read_classifier
from transforms.classify.classify import classify
from transforms.classify.fit.fit_classifier import (
    add_briefs,
    fit_classifier,
    hold_out_groups,
)
from transforms.classify.fit.linear_model import FitSettings
from transforms.classify.fit.pack_model import pack_table
from transforms.contracts import CATEGORY_CODES
from transforms.errors import ContractError

QUICK = FitSettings(
    least_articles=1,
    least_domains=1,
    rounds=20,
    norm_floor=0.0,
    empty_weight=1e-3,
    brief_weight=0.0,
)
LABELS = ("crisis", "energy", "crime", "government", "other")


def made_up_records(corpora=("north", "south")):
    return pl.DataFrame(
        [
            {
                "title": f"Zorblax{label} {number}",
                "text": f"Zorblax{label} quuxal{label} flumox blick{number} {corpus}.",
                "label": label,
                "corpus": corpus,
                "source": f"{corpus} {number}",
            }
            for corpus in corpora
            for label in LABELS
            for number in range(4)
        ]
    )


@pytest.fixture(scope="module")
def fitted():
    return fit_classifier(made_up_records(), version="7", settings=QUICK)


def primary_of(fitted, title, body=""):
    articles = pl.DataFrame({"article_row": [0], "title": [title], "body": [body]})
    scores, _ = classify(articles, read_classifier(fitted.weights))
    return scores.filter("is_primary")["category"].item()


@pytest.mark.compiled
def test_same_records_give_the_same_bytes(fitted):
    assert (
        fit_classifier(made_up_records(), version="7", settings=QUICK).weights
        == fitted.weights
    )


@pytest.mark.compiled
def test_order_of_records_leaves_the_gold_hash(fitted):
    turned = fit_classifier(made_up_records().reverse(), version="7", settings=QUICK)

    one, other = read_classifier(fitted.weights), read_classifier(turned.weights)
    assert one.facts.gold_sha256 == other.facts.gold_sha256


@pytest.mark.compiled
def test_words_of_the_records_decide(fitted):
    assert primary_of(fitted, "zorblaxenergy") == "energy"
    assert primary_of(fitted, "", "quuxalcrime") == "crime"


@pytest.mark.compiled
def test_words_of_the_lexicon_decide_where_no_record_held_them(fitted):
    assert primary_of(fitted, "Hydropower turbines") == "energy"
    assert primary_of(fitted, "Earthquake") == "crisis"


@pytest.mark.compiled
def test_text_without_known_words_is_other(fitted):
    assert primary_of(fitted, "Wxyz", "Vbnm qwrt") == "other"


@pytest.mark.compiled
def test_figures_and_card_tell_every_corpus(fitted):
    facts = read_classifier(fitted.weights).facts

    assert facts.version == "7"
    assert 0.8 <= facts.macro_f1 <= 1
    assert len(fitted.figures.labels) == len(made_up_records())
    for word in ("| north |", "| south |", "| energy |", facts.gold_sha256):
        assert word in fitted.model_card


@pytest.mark.compiled
def test_one_corpus_is_held_out_in_parts():
    fitted = fit_classifier(made_up_records(("north",)).drop("source"), settings=QUICK)

    assert read_classifier(fitted.weights).facts.macro_f1 > 0.5


@pytest.mark.compiled
def test_many_sources_of_one_corpus_are_held_out_whole():
    fitted = fit_classifier(made_up_records(("north",)), settings=QUICK)

    assert read_classifier(fitted.weights).facts.macro_f1 > 0.5


def test_weighty_human_labels_overrule_the_rest():
    records = made_up_records().with_columns(weight=pl.lit(1.0))
    human = records.head(1).with_columns(
        title=pl.lit("unheard"),
        text=pl.lit("unheard"),
        label=pl.lit("energy"),
        weight=pl.lit(50.0),
    )
    against = human.with_columns(label=pl.lit("crime"), weight=pl.lit(1.0))

    fitted = fit_classifier(pl.concat([records, against, human]), settings=QUICK)

    assert primary_of(fitted, "unheard") == "energy"


@pytest.mark.parametrize(
    ("records", "problem"),
    [
        (made_up_records().drop("label"), "missing column label"),
        (made_up_records().with_columns(label=pl.lit("sport")), "unknown label sport"),
        (made_up_records().filter(pl.col("label") != "crime"), "no article of crime"),
    ],
    ids=["no column", "unknown label", "no article"],
)
def test_records_that_cannot_be_fitted_are_refused(records, problem):
    with pytest.raises(ContractError, match=problem):
        fit_classifier(records, settings=QUICK)


def test_table_holds_every_term_once_whatever_their_order():
    terms = np.array([8, 16, 24, 3 << 32, 5 << 32, 7 << 32], dtype=np.uint64)

    keys, slots = pack_table(terms, 8)
    keys_again, slots_again = pack_table(terms[::-1], 8)

    assert np.array_equal(keys, keys_again)
    assert np.array_equal(slots, slots_again[::-1])
    assert len(set(slots)) == len(terms)
    assert np.count_nonzero(keys) == len(terms)


def test_briefs_are_of_every_category_and_know_second_labels():
    briefs = add_briefs(made_up_records().head(1), 2.5)[1:]

    assert set(briefs["label"]) == set(CATEGORY_CODES)
    assert set(briefs["also"].explode().drop_nulls()) <= set(CATEGORY_CODES) - {"other"}
    assert briefs["weight"].unique().to_list() == [2.5]
    assert briefs["title"].is_unique().all()


def test_corpora_are_held_out_whole_and_briefs_in_parts():
    records = add_briefs(made_up_records(("north", "south", "west")), 1.0)

    groups = records.with_columns(group=hold_out_groups(records))

    per_corpus = groups.group_by("corpus").agg(pl.col("group").n_unique())
    found = dict(per_corpus.rows())
    assert found["north"] == found["south"] == found["west"] == 1
    assert found["labelled_briefs"] == 4
    assert groups["group"].n_unique() == 7


def test_doubtful_labels_are_named_in_the_card():
    corpora = ("north", "south", "east", "west")
    records = made_up_records(corpora).with_columns(
        id=pl.format("{}-{}", "corpus", pl.int_range(pl.len()))
    )
    wrong = records.with_columns(
        label=pl.when(pl.col("id") == "north-0")
        .then(pl.lit("energy"))
        .otherwise("label")
    )

    card = fit_classifier(wrong, settings=QUICK).model_card

    assert "## Doubtful gold" in card
    assert "north-0" in card
