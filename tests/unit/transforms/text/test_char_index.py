"""Characters and bytes of a buffer, and texts held against their documents."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.contracts import OFFSET_RUN
from transforms.star.document_segments import split_at_runs
from transforms.text.buffers import buffer_documents
from transforms.text.char_index import CharIndex, gather_strings

TEXT = st.text(st.sampled_from("ab —é\U0001f600"), max_size=9)
RUN = st.fixed_dictionaries(
    {
        "text_start": st.integers(0, 9),
        "char_start": st.integers(0, 9),
        "length": st.integers(0, 5),
    }
)


def buffer(*texts):
    return buffer_documents(pl.DataFrame({"text": texts}))


def test_characters_are_found_over_block_borders():
    text = "aé—\U0001f600b" * 100 + "a" * 600
    data = buffer(text).data

    found = CharIndex(buffer(text)).find(np.arange(-1, len(text) + 2))

    assert len(data) > 1000
    sizes = np.cumsum([len(char.encode()) for char in text])
    assert found.tolist() == [-1, 0, *sizes.tolist(), -1]


def test_characters_count_from_the_start_of_their_document():
    index = CharIndex(buffer("né", "", "—x"))

    assert index.to_bytes(np.array([2, 0, 2, 1]), np.array([1, 1, 0, 0])).tolist() == [
        6,
        1,
        3,
        3,
    ]


def test_strings_are_gathered_in_any_order():
    data = buffer("One two").data

    strings = gather_strings(data, np.array([4, 0, 2, 7]), np.array([7, 3, 6, 7]))

    assert strings.to_pylist() == ["two", "One", "e tw", ""]


def _move(run):
    """The run as it is where text and document are the same."""
    return run | {"char_start": run["text_start"]}


def _split_slowly(text, runs, document):
    """Gaps of one text, and whether all its runs hold: by slices of Python strings."""
    gaps, reach, at = [], 0, 0
    for run in runs:
        start = max(min(run["text_start"], len(text)), reach)
        end = min(run["text_start"] + run["length"], len(text))
        reach = max(reach, end)
        behind = run["char_start"] + run["length"]
        is_there = behind <= len(document)
        if (
            max(start, end) - start != run["length"]
            or not is_there
            or document[run["char_start"] : behind] != text[start : max(start, end)]
        ):
            return [text], False
        gaps.append(text[at:start])
        at = max(start, end)
    return [*gaps, text[at:]], True


@given(
    st.lists(TEXT, min_size=1, max_size=3),
    st.lists(st.tuples(TEXT, st.lists(RUN, max_size=3), st.integers(0, 2)), max_size=4),
    st.booleans(),
)
@settings(max_examples=150)
def test_gaps_are_those_of_python_slices(documents, asked, are_copies):
    rows = [row % len(documents) for _, _, row in asked]
    if are_copies:  # else hardly a run would hold
        asked = [
            (documents[row], [_move(run) for run in own], 0)
            for (_, own, _), row in zip(asked, rows, strict=True)
        ]
    texts = [text for text, _, _ in asked]
    runs = pl.Series([runs for _, runs, _ in asked], dtype=pl.List(OFFSET_RUN))

    kept, gaps = split_at_runs(
        pl.Series(texts, dtype=pl.String),
        runs,
        pl.Series(rows, dtype=pl.UInt32),
        pl.Series(documents),
    )

    expected = [
        _split_slowly(text, given, documents[row])
        for (text, given, _), row in zip(asked, rows, strict=True)
    ]
    assert gaps.to_list() == [found for found, _ in expected]
    assert kept.to_list() == [
        given if holds else []
        for (_, given, _), (_, holds) in zip(asked, expected, strict=True)
    ]
