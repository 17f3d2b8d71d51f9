"""Spans of words: those that stand apart, and names of organisations carried on."""

import numpy as np
import polars as pl
import pytest

from transforms.extract_content.span_kernels import (
    carry_on,
    choose_apart,
    mark_spans,
)
from transforms.extract_content.words import read_words, word_keys


def rows(*values):
    return np.array(values, dtype=np.int64)


def test_earlier_spans_win():
    kept = choose_apart(rows(2, 0, 4, 5), rows(5, 3, 6, 7), 8)

    assert kept.tolist() == [True, False, False, True]


def test_words_of_spans_are_marked():
    assert mark_spans(rows(1, 3), rows(2, 5), 6).tolist() == [
        *(False, True, False, True, True, False),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ministry of Internal Affairs of the Kyrgyz Republic said", None),
        ("Ministry of Trade and Industry said", "Ministry of Trade and Industry"),
        ("Ministry of Trade and Reuters said", "Ministry of Trade"),
        ("Bank on Monday said", "Bank"),
        ("Bank. Of Russia", "Bank"),
        ("Bank of", "Bank"),
        ("Bank of the", "Bank"),
        ("Bank said", "Bank"),
    ],
)
def test_name_goes_on_behind_of(text, name):
    words = read_words(pl.Series([text]))
    keys = words.arrays.key
    joins = np.zeros(len(words), dtype=np.uint8)
    for number, listed in enumerate((["of", "on"], ["and"], ["the"]), start=1):
        joins[np.isin(keys, word_keys(listed))] = number
    capital = np.array([word[0].isupper() for word in printed(words)])
    common = np.isin(keys, word_keys(["Industry", "Trade"]))
    follows = capital & ~np.isin(keys, word_keys(["Monday"]))

    ends = carry_on(words.arrays, rows(0), rows(1), joins, follows, common)

    expected = name or "Ministry of Internal Affairs of the Kyrgyz Republic"
    assert words.slice(rows(0), ends).to_list() == [expected]


def printed(words):
    places = np.arange(len(words))
    return words.slice(places, places + 1).to_list()
