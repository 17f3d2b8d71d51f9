"""Reading words once and looking them up gives what reading every window gives."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.split.features.word_overlap_kernels import (
    measure_overlap,
    measure_topics,
    share_bytes,
)
from transforms.split.lines.word_index_kernels import index_words
from transforms.text.character_class_kernels import trim_lines

# No-break spaces count as letters, so that a trimmed line may begin within a word.
WORDS = (
    *("dam", "Dam", "bridge", "BRIDGE", "bridges", "Brückenbau", "мост", "Москва"),
    *("12", "don’t", "x" * 70, "Aldby—Dorne", "\u00a0", "\u2028", "─" * 30, "..."),
)
SPACES = (" ", " ", "", "\u00a0")


@st.composite
def documents(draw):
    """Texts of six lines each; a seed, since short draws bring no two like words."""
    chance = Random(draw(st.integers(0, 1 << 32)))
    lines = [
        "".join(
            chance.choice(SPACES) + chance.choice(WORDS)
            for _ in range(chance.randrange(9))
        )
        for _ in range(12)
    ]
    return ["\n".join(lines[:6]), "\n".join(lines[6:])]


def lines_of(texts):
    """Bytes, and spans as `WordIndex` has them, of all lines that are not blank."""
    edges, at = [], 0
    for text in texts:
        low, high = at, at + len(text.encode())
        for line in text.split("\n"):
            edges.append((at, at + len(line.encode()), low, high))
            at = edges[-1][1] + 1
        at = high
    data = np.frombuffer("".join(texts).encode(), dtype=np.uint8)
    spans = np.array(edges, dtype=np.int64)
    spans[:, :2] = trim_lines(data, spans[:, 0].copy(), spans[:, 1].copy()).T
    return data, spans[spans[:, 1] > spans[:, 0]]


@given(documents(), st.sampled_from([1, 2, 4, 50]))
def test_windows_of_words_share_what_their_bytes_share(texts, window):
    data, spans = lines_of(texts)
    lines = np.arange(len(spans))
    words = index_words(data, spans)
    for measure, slots in ((measure_overlap, 16), (measure_topics, 64)):
        shares = measure(data, words, lines, window)
        expected = np.zeros((len(spans), 5), dtype=np.float32)
        bits = np.zeros((3, 2, slots), dtype=np.uint64)
        for row, span in enumerate(spans):
            share_bytes(data, span, window, bits, expected[row])
        assert shares.tolist() == expected[:, : shares.shape[1]].tolist()


def test_words_longer_than_a_block_are_one():
    data = np.frombuffer(b"Dam " + b"x" * 20_000 + b" dams", dtype=np.uint8)
    words = index_words(data, np.array([[0, len(data), 0, len(data)]]))
    found = words.places[0, 5]
    assert words.starts[:found].tolist() == [4, 20_005]
    assert words.numbers[:found].tolist() == [1, 2]
