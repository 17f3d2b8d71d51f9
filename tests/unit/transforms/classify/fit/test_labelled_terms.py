import numpy as np
import polars as pl
import pytest

from transforms.classify.classifier import shipped_classifier
from transforms.classify.fit.labelled_terms import (
    LEAD_GAIN,
    TITLE_GAIN,
    count_terms,
    lexicon_terms,
    name_domains,
    stop_hashes,
)
from transforms.classify.fit.word_hashes import fold_table
from transforms.contracts import CATEGORY_CODES

pytestmark = pytest.mark.compiled
FOLD = fold_table()


def one_record(title, text):
    return pl.DataFrame(
        {"title": [title], "text": [text], "label": ["energy"], "corpus": ["north"]}
    )


def counts_of(title, text):
    counted = count_terms(one_record(title, text), FOLD, seed=0)
    return sorted(counted.counts[0].data.tolist())


@pytest.mark.parametrize(
    ("title", "text", "counts"),
    [
        ("", "oil", [LEAD_GAIN] * 2),
        ("oil", "", [TITLE_GAIN] * 2),
        ("oil", "Oil", [TITLE_GAIN + LEAD_GAIN] * 2),
        ("", "the of and", []),
        ("", "state of emergency", [LEAD_GAIN] * 6),
        ("", "2015", []),
        ("", "20 barrels", [LEAD_GAIN] * 4),
        ("", "the " * 40 + "oil", [LEAD_GAIN]),
        ("", "the " * 60 + "oil", [1]),
    ],
)
def test_terms_are_words_and_pairs_in_the_head_twice(title, text, counts):
    assert counts_of(title, text) == counts


def test_articles_come_first_then_their_pieces():
    counted = count_terms(one_record("oil", "gas " * 200), FOLD, seed=0)

    assert counted.is_piece.tolist() == [False, True, True]
    assert counted.counts.shape[0] == len(counted.labels) == 3
    assert set(counted.labels) == {CATEGORY_CODES.index("energy")}


def test_lexicon_knows_each_category():
    hashes, strengths = lexicon_terms(FOLD)

    assert np.all(np.diff(hashes.astype(object)) > 0)
    assert np.all((strengths > 0).sum(axis=0) > 100)
    assert strengths.sum(axis=1) == pytest.approx(np.zeros(len(strengths)))


def test_lexicon_holds_no_stop_word():
    hashes, _ = lexicon_terms(FOLD)

    assert not np.isin(stop_hashes(FOLD), hashes).any()


def test_corpus_of_many_sources_is_cut_by_source():
    records = pl.DataFrame(
        {
            "title": [f"t{n}" for n in range(20)],
            "corpus": ["one"] * 16 + ["two"] * 4,
            "source": [f"s{n // 2}" for n in range(16)] + ["x"] * 4,
        }
    )

    domains = records.with_columns(domain=pl.Series(name_domains(records)))

    assert domains.filter(corpus="two")["domain"].unique().to_list() == ["two"]
    per_source = domains.filter(corpus="one").group_by("source").agg("domain")
    assert all(len(set(names)) == 1 for names in per_source["domain"])
    assert domains.filter(corpus="one")["domain"].n_unique() > 1


def test_shipped_table_of_letters_is_this_one():
    # Another Unicode version may differ in new letters; the first ones never do.
    assert np.array_equal(shipped_classifier().model.fold[:0x250], FOLD[:0x250])
