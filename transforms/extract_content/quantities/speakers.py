"""Who says what a sentence claims."""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.extract_content.quantities.numbers import listed_words
from transforms.extract_content.quantities.speaker_kernels import speakers_of
from transforms.extract_content.words import TextWords, WordSets
from transforms.text.buffers import Offsets

Flags = npt.NDArray[np.bool_]

_LISTED: Final = ("reports", "pronouns", "speakers")
_OTHERS: Final = {
    "be": ["is", "are", "was", "were", "be", "been", "being"],
    "to_right": ["said", "says", "added", "told", "according"],
    "joins": ["to", "that", "by"],
}


@cache
def _sets() -> WordSets:
    return WordSets({kind: listed_words(kind) for kind in _LISTED} | _OTHERS)


def find_speakers(
    words: TextWords, number: Offsets, actors: pl.DataFrame, places: pl.DataFrame
) -> Offsets:
    """First word and the one after the last of who says each number; -1 for none.

    The speaker of a sentence stands before a verb of reporting, or behind "said" and
    "according to"; a pronoun there stands for the speaker before.

    Args:
        words: Of the texts.
        number: First word of each number, ascending.
        actors: Mentions: `first`, `stop`.
        places: Likewise; a state may speak.
    """
    sets = _sets()
    bits = sets.read(words)
    named = pl.concat(
        [actors.select("first", "stop"), places.select("first", "stop")]
    ).sort("first")
    starts = np.full(len(words) + 1, -1, dtype=np.int64)
    firsts, stops = named["first"].to_numpy(), named["stop"].to_numpy()
    starts[firsts] = np.arange(len(firsts))
    ends = np.full(len(words) + 1, -1, dtype=np.int64)
    ends[stops] = np.arange(len(stops))
    return speakers_of(
        words.arrays,
        (
            sets.pick(bits, "reports"),
            sets.pick(bits, "pronouns"),
            sets.pick(bits, "speakers"),
            sets.pick(bits, "to_right"),
            sets.pick(bits, "joins"),
        ),
        (firsts, stops, starts, ends),
        number,
        _behind(sets.pick(bits, "be")),
    )


def _behind(flags: Flags) -> Flags:
    """Words right behind those that have a flag."""
    behind = np.zeros(len(flags), dtype=np.bool_)
    behind[1:] = flags[:-1]
    return behind
