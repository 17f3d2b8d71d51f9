"""Arrays that the compiled loops of `score_kernels` read, work in, and fill."""

import hashlib
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from transforms.text.buffers import ByteArray, Offsets

Floats = npt.NDArray[np.float64]
FoldTable = npt.NDArray[np.uint64]
HashArray = npt.NDArray[np.uint64]


class Fields(NamedTuple):
    """Titles and bodies as UTF-8 bytes and offsets, one more offset than articles.

    Per article, `languages` tells which stems its words begin with; 0 for whole words.
    """

    title_data: ByteArray
    title_offsets: Offsets
    body_data: ByteArray
    body_offsets: Offsets
    languages: HashArray


class Model(NamedTuple):
    """What a classifier knows, as arrays.

    Attributes:
        fold: As `transforms.classify.fit.word_hashes.fold_table` makes it.
        keys: High half of a term's hash at its slot, 0 where there is no term.
        slot_weights: One row per slot, in steps of `steps`, times the term's rarity.
        rarity: Inverse document frequency per slot, -1 for stop words.
        steps: What one unit of a weight is worth, per category.
        bias: Log-odds of an article without a known term.
        tf_gain: What a term that occurs so many times counts.
        calibration: Per category: slope and offset from its log-odds against all others
            to those of being the first label, and from its own height to those of
            being one at all. First of whole words, then of stems.
        limits: Title words, body words, lead words that are read; then how often a
            word of the title and of the lead counts; then body words of the head.
        norm_floor: Added to the squared length of an article's vector.
    """

    fold: FoldTable
    keys: npt.NDArray[np.uint32]
    slot_weights: npt.NDArray[np.int16]
    rarity: npt.NDArray[np.float32]
    steps: Floats
    bias: Floats
    tf_gain: Floats
    calibration: Floats
    limits: npt.NDArray[np.int64]
    norm_floor: float


class Scratch(NamedTuple):
    """Room that one thread works in; `counts` is all 0 between two articles."""

    hashes: HashArray
    starts: Offsets
    ends: Offsets
    counts: npt.NDArray[np.int16]  # per slot
    slots: npt.NDArray[np.int64]  # of the terms met, in order of appearance
    spans: npt.NDArray[np.int64]  # field, first character, end, per term met
    shares: Floats


class Scored(NamedTuple):
    """What comes out, one row per article.

    Attributes:
        scores: Calibrated probability of each category by itself.
        spans: Per piece of evidence: field (0 title, 1 body, -1 none), start, end.
        shares: Per piece of evidence: log-odds.
    """

    scores: Floats
    spans: npt.NDArray[np.int32]
    shares: npt.NDArray[np.float32]


def make_scratch(model: Model) -> Scratch:
    """Room for one thread."""
    words = int(model.limits[:2].max())
    terms = 4 * int(model.limits[:2].sum())  # words and pairs, in text and head
    return Scratch(
        np.empty(words, dtype=np.uint64),
        np.empty(words, dtype=np.int64),
        np.empty(words, dtype=np.int64),
        np.zeros(len(model.keys), dtype=np.int16),
        np.empty(terms, dtype=np.int64),
        np.empty((terms, 3), dtype=np.int64),
        np.empty(terms, dtype=np.float64),
    )


def language_hash(code: str) -> np.uint64:
    """What tells the stems of a language from those of others; never 0."""
    digest = hashlib.sha256(code.encode()).digest()
    return np.uint64(int.from_bytes(digest[:8], "little") | 1)
