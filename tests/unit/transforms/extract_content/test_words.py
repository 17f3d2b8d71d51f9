"""Words of texts: their places, shapes, values, and sentences; phrases among them."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.extract_content.phrase_kernels import number_words
from transforms.extract_content.word_kernels import (
    CAPITAL,
    DOT_KEY,
    INITIAL,
    LOWER_WORD,
    MARK,
    MIXED,
    NUMBER_WORD,
    POSSESSIVE,
    UPPER_WORD,
)
from transforms.extract_content.words import Phrases, WordSets, read_words, word_keys


def printed(text):
    words = read_words(pl.Series([text]))
    rows = np.arange(len(words))
    return words.slice(rows, rows + 1).to_list()


def shapes(text):
    return read_words(pl.Series([text])).arrays.kind.tolist()


def sentences(text):
    words = read_words(pl.Series([text]))
    starts = np.flatnonzero(np.diff(words.arrays.sentence, prepend=-1))
    return words.slice(starts, np.append(starts[1:], len(words))).to_list()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kassym-Jomart", ["Kassym", "-", "Jomart"]),
        ("O’Brien’s Ma'ruf's", ["O’Brien", "’s", "Ma'ruf", "'s"]),
        ("the officials' sons", ["the", "officials", "'", "sons"]),
        ("won't", ["won't"]),
        ("U.S.-Mexico", ["U.S.", "-", "Mexico"]),
        ("A.T. Smith", ["A.T.", "Smith"]),
        ("260MW", ["260", "MW"]),
        ("$53.55,", ["$", "53.55", ","]),
        ("5,000-45,000", ["5,000", "-", "45,000"]),
        ("10\u202f000 men", ["10\u202f000", "men"]),
        ("10 000", ["10", "000"]),
        ("G20", ["G20"]),
        ("end.The", ["end", ".", "The"]),
    ],
)
def test_text_is_cut(text, expected):
    assert printed(text) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("said", LOWER_WORD),
        ("Said", CAPITAL),
        ("A", CAPITAL),
        ("McCain", CAPITAL),
        ("NATO", UPPER_WORD),
        ("U.S.", INITIAL),
        ("J.", INITIAL),
        ("1,200", NUMBER_WORD),
        ("%", MARK),
        ("G20", MIXED),
        ("Алматы", CAPITAL),
    ],
)
def test_words_have_shapes(text, kind):
    assert shapes(text) == [kind]


def test_possessive_follows_a_word_alone():
    assert shapes("China's")[1] == POSSESSIVE
    assert shapes("China's")[0] == CAPITAL
    assert POSSESSIVE not in shapes("(’s")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18", 18),
        ("5,000", 5000),
        ("1,234,567", 1234567),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1.234.567", 1234567),
        ("16.6", 16.6),
        ("16,6", 16.6),
        ("2.125", 2.125),
        ("45\u00a0000", 45000),
        ("10,00,000", math.nan),
        ("10.12.2020", math.nan),
    ],
)
def test_numbers_have_values(text, value):
    assert read_words(pl.Series([text])).arrays.value.tolist() == [
        pytest.approx(value, nan_ok=True)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("Mr. Smith left.", ["Mr. Smith left."]),
        ("He is in the U.S. The rest is here.", ["He is in the U.S.", None]),
        ("The U.S. Senate voted.", ["The U.S. Senate voted."]),
        ("“Yes.” He left.", ["“Yes.”", "He left."]),
        ("Title\n\nBody text", ["Title", "Body text"]),
        ("one\ntwo", ["one\ntwo"]),
        ("at 2.5 million. 18 died", ["at 2.5 million.", "18 died"]),
    ],
)
def test_sentences_end(text, expected):
    found = sentences(text)

    assert len(found) == len(expected)
    assert all(want in (got, None) for got, want in zip(found, expected, strict=True))


def test_texts_are_told_apart():
    words = read_words(pl.Series(["Oil up", None, "", "Gas"]))

    assert words.arrays.text_row.tolist() == [0, 0, 3]
    assert words.arrays.start.tolist() == [0, 4, 0]
    assert words.arrays.sentence.tolist() == [0, 0, 1]


@given(st.lists(st.text(max_size=60), max_size=4))
def test_places_are_those_of_the_text(texts):
    words = read_words(pl.Series(texts, dtype=pl.String))
    rows = np.arange(len(words))

    sliced = [
        texts[row][start:end]
        for row, start, end in zip(
            words.arrays.text_row, words.arrays.start, words.arrays.end, strict=True
        )
    ]

    assert words.slice(rows, rows + 1).to_list() == sliced


def test_nothing_but_blanks_is_left_out():
    assert "".join(printed("a ‘b’\t(c)\n5% — e…")) == "a‘b’(c)5%—e…"


def test_key_of_a_dot_is_the_constant():
    assert word_keys(["."])[0] == DOT_KEY


def test_keys_leave_case_and_accents_out():
    assert len(set(word_keys(["ZÜRICH", "Zurich", "zürich"]).tolist())) == 1
    assert word_keys(["U.S."])[0] != word_keys(["us"])[0]


def test_key_of_several_words_is_refused():
    with pytest.raises(ValueError, match="Nur-Sultan"):
        word_keys(["Astana", "Nur-Sultan"])


def test_phrases_go_over_a_line_break_but_not_over_a_blank_line():
    phrases = Phrases(["Central Bank"], [7])

    found = phrases.find(read_words(pl.Series(["Central\nBank", "Central\n\nBank"])))

    assert found.tolist() == [[0, 2, 7]]


def test_phrases_start_where_they_may():
    words = read_words(pl.Series(["bank Bank"]))

    found = Phrases(["bank"]).find(words, np.array([False, True]))

    assert found.tolist() == [[1, 2, 0]]


@given(
    st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3), max_size=6),
    st.lists(st.sampled_from("abcd"), max_size=12),
)
def test_phrases_are_the_longest_from_left_to_right(listed, text):
    found = Phrases([" ".join(phrase) for phrase in listed]).find(
        read_words(pl.Series([" ".join(text)]))
    )

    expected, at = [], 0
    while at < len(text):
        fitting = [phrase for phrase in listed if text[at : at + len(phrase)] == phrase]
        if fitting:
            best = max(fitting, key=len)
            expected.append([at, at + len(best), listed.index(best)])
        at += len(max(fitting, key=len)) if fitting else 1
    assert found.tolist() == expected


@given(st.lists(st.integers(0, 50_000), max_size=40_000))
@settings(max_examples=10, deadline=None)
def test_each_word_is_known_by_the_code_of_its_key(numbers):
    keys = np.array(numbers, dtype=np.uint64) + 1
    codes, distinct = number_words(keys)
    assert distinct[codes].tolist() == keys.tolist()
    assert len(distinct) == len(set(numbers))


def test_more_words_than_the_table_has_room_for_keep_their_codes():
    keys = np.arange(1, 100_001, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    codes, distinct = number_words(np.concatenate([keys, keys]))
    assert codes.tolist() == [*range(100_000), *range(100_000)]
    assert distinct.tolist() == keys.tolist()


def test_words_are_asked_for_everywhere_or_at_some_rows():
    words = read_words(pl.Series(["The end of THE day"]))
    assert words.are("the", "day").tolist() == [True, False, False, True, True]
    assert words.are("the", at=np.array([1, 3])).tolist() == [False, True]


def test_a_word_of_two_sets_has_the_number_of_the_last():
    sets = WordSets({"verbs": ["march", "said"], "months": ["march"]})
    words = read_words(pl.Series(["March said so"]))
    assert sets.number(words, {"verbs": 4, "months": 7}).tolist() == [7, 4, 0]
    assert sets.of(words, "months").tolist() == [True, False, False]


def test_words_that_begin_a_sentence_and_those_in_capitals_are_told():
    words = read_words(pl.Series(["U.S. men came. They said NATO won", "", "so"]))
    rows = np.arange(len(words))
    printed = words.slice(rows, rows + 1).to_numpy()
    assert printed[words.opens_sentence].tolist() == ["U.S.", "They", "so"]
    assert printed[words.is_capital].tolist() == ["U.S.", "They", "NATO"]
