"""Spans of words: those that stand apart, and names of organisations carried on."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract_content.span_kernels import (
    carry_on,
    choose_apart,
    choose_best,
    count_marked,
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


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 9))))
def test_the_best_of_each_group_is_as_sorting_would_choose(rows):
    groups = np.array([row[0] for row in rows], dtype=np.uint32)
    scores = np.array([row[1] for row in rows], dtype=np.float64)
    numbers = np.array([row[2] for row in rows], dtype=np.uint32)
    best = choose_best(groups, scores, numbers, 6)
    expected = {}
    for group, score, number in rows:
        expected[group] = max(expected.get(group, (-1, 0)), (score, -number))
    found = {int(groups[row]): (scores[row], -int(numbers[row])) for row in best}
    assert found == expected
    assert groups[best].tolist() == sorted(expected)


@given(
    st.lists(st.booleans(), min_size=9, max_size=9),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted)),
)
def test_marked_words_of_spans_are_counted(marked, spans):
    firsts, stops = np.array(spans, dtype=np.int64).reshape(-1, 2).T.copy()
    counts = count_marked(np.array(marked), firsts, stops)
    assert counts.tolist() == [sum(marked[first:stop]) for first, stop in spans]
