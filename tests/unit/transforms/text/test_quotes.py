import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.text import quotes as slices

TEXTS = ["One — two", "", "öäü\U0001f600 end"]


def quote(row, start, end, exact):
    return pl.DataFrame(
        {
            "document_row": [row],
            "char_start": [start],
            "char_end": [end],
            "exact": [exact],
        },
        schema_overrides={"char_start": pl.Int64, "char_end": pl.Int64},
    )


def is_wrong(*asked):
    return slices.find_wrong_quotes(pl.Series(TEXTS), quote(*asked)).item()


@pytest.mark.parametrize(
    "asked",
    [(0, 4, 5, "—"), (2, 3, 4, "\U0001f600"), (1, 0, 0, ""), (2, 0, 8, TEXTS[2])],
    ids=["wide", "astral", "empty", "whole"],
)
def test_quote_that_is_its_slice_is_right(asked):
    assert not is_wrong(*asked)


@pytest.mark.parametrize(
    "asked",
    [
        (0, 4, 5, "-"),
        (0, 4, 6, "—"),
        (0, 6, 99, "two"),
        (0, -1, 2, "On"),
        (0, 3, 1, ""),
        (0, 0, 3, None),
        (0, None, 3, "One"),
        (1, 0, 3, "öäü"),
    ],
    ids=[
        *("other letter", "longer", "past the end", "before the start", "backwards"),
        *("no quote", "no place", "next document"),
    ],
)
def test_quote_that_is_not_its_slice_is_wrong(asked):
    assert is_wrong(*asked)


def test_no_quotes_are_no_wrong_ones():
    assert slices.find_wrong_quotes(
        pl.Series(TEXTS), quote(0, 0, 1, "O").clear()
    ).is_empty()


@given(
    st.lists(st.text(st.sampled_from("ab —é\U0001f600"), max_size=9), min_size=1),
    st.data(),
)
@settings(max_examples=60)
def test_answer_is_the_one_of_python_slices(texts, data):
    row = data.draw(st.integers(0, len(texts) - 1))
    start = data.draw(st.integers(0, 9))
    end = data.draw(st.integers(0, 9))
    exact = data.draw(st.one_of(st.just(texts[row][start:end]), st.text(max_size=4)))

    wrong = slices.find_wrong_quotes(pl.Series(texts), quote(row, start, end, exact))

    fits = start <= end <= len(texts[row])
    assert wrong.item() == (not fits or texts[row][start:end] != exact)


def test_characters_are_found_over_block_borders(monkeypatch):
    monkeypatch.setattr(slices, "_BLOCK_BYTES", 3)
    text = "aé—\U0001f600b" * 5
    data = np.frombuffer(text.encode(), dtype=np.uint8)

    found = slices.byte_offsets(data, np.arange(len(text) + 1))

    assert found.tolist() == [len(text[:at].encode()) for at in range(len(text) + 1)]


def test_characters_outside_of_the_text_have_no_place():
    data = np.frombuffer("né!".encode(), dtype=np.uint8)

    found = slices.byte_offsets(data, np.array([4, -1, 3, 9, 1, 1]))

    assert found.tolist() == [-1, -1, 4, -1, 1, 1]


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.text(st.sampled_from("One—ö "))), max_size=9
    )
)
@settings(max_examples=30)
def test_many_quotes_are_judged_as_each_by_itself(asked):
    quotes = [
        quote(0, 0, 1, "O"),
        *(quote(row, 0, len(said), said) for row, said in asked),
    ]

    together = slices.find_wrong_quotes(pl.Series(TEXTS), pl.concat(quotes))

    assert together.to_list() == [
        slices.find_wrong_quotes(pl.Series(TEXTS), one).item() for one in quotes
    ]
