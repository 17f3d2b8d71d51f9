import polars as pl
import pytest

from transforms.clean.edge_kinds import name_kinds
from transforms.reference import read_reference
from transforms.text.line_kinds import (
    SCOPES,
    SPLIT_KINDS,
    kinds_of,
    match_kinds,
)

LIST = read_reference("line_patterns")


def test_list_has_the_kinds_of_the_splitter_in_the_order_that_weights_know():
    assert kinds_of("split") == SPLIT_KINDS


def test_list_says_who_asks_and_where_it_is_sought():
    askers = set(LIST["asked_by"].str.split("; ").explode())

    assert askers == {"split", "header", "trailer"}
    assert set(LIST["scope"]) == set(SCOPES)
    assert LIST["pattern"].null_count() == 0


@pytest.mark.parametrize("side", ["header", "trailer"])
def test_examples_are_of_their_kind_and_named_by_the_first_of_the_list(side):
    asked = LIST.filter(pl.col("asked_by").str.split("; ").list.contains(side))
    bits = match_kinds(asked["example"], side)
    fitting = [[k for i, k in enumerate(kinds_of(side)) if b >> i & 1] for b in bits]

    named = name_kinds(asked["example"], side).to_list()

    assert all(kind in fits for kind, fits in zip(asked["kind"], fitting, strict=True))
    assert named == [fits[0] for fits in fitting]


def test_gated_texts_are_not_searched_and_others_are():
    texts = pl.Series(["Source: Example", "Source: Example"])

    bits = match_kinds(texts, "split", gates={"source": pl.Series([True, False])})

    source = 1 << SPLIT_KINDS.index("source")
    assert (bits & source).astype(bool).tolist() == [True, False]


def test_phrase_anywhere_counts_in_any_case_where_phrases_are_sought():
    texts = pl.Series(["Seen by GETTY Images here"])
    media = 1 << SPLIT_KINDS.index("media")

    assert match_kinds(texts, "split")[0] & media
    assert not match_kinds(texts, "split", ("head",))[0] & media


def test_nothing_is_of_a_kind_among_no_texts():
    assert len(match_kinds(pl.Series([], dtype=pl.String), "split")) == 0
    assert name_kinds(pl.Series([], dtype=pl.String), "header").to_list() == []
