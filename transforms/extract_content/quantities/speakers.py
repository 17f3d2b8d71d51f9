"""Who says what a sentence claims."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.extract_content.quantities.speaker_kernels import speakers_of
from transforms.extract_content.words import TextWords, word_keys
from transforms.text.buffers import Offsets

Flags = npt.NDArray[np.bool_]

_BE: Final = ("is", "are", "was", "were", "be", "been", "being")
_TO_RIGHT: Final = ("said", "says", "added", "told", "according")


def speak(
    words: TextWords,
    flags: tuple[Flags, Flags, Flags],
    number: Offsets,
    actors: pl.DataFrame,
    places: pl.DataFrame,
) -> Offsets:
    """First word and the one after the last of who says each number; -1 for none.

    Args:
        words: Of the texts.
        flags: Words that report, pronouns, and nouns that may speak (police).
        number: First word of each number, ascending.
        actors: Mentions: `first`, `stop`.
        places: Likewise; a state may speak.
    """
    reports, pronouns, nouns = flags
    named = pl.concat(
        [actors.select("first", "stop"), places.select("first", "stop")]
    ).sort("first")
    starts = np.full(len(words) + 1, -1, dtype=np.int64)
    firsts, stops = named["first"].to_numpy(), named["stop"].to_numpy()
    for name in (firsts,):
        starts[name] = np.arange(len(name))
    ends = np.full(len(words) + 1, -1, dtype=np.int64)
    ends[stops] = np.arange(len(stops))
    arrays = words.arrays
    return speakers_of(
        arrays,
        (
            reports,
            pronouns,
            nouns,
            np.isin(arrays.key, word_keys(_TO_RIGHT)),
            np.isin(arrays.key, word_keys(["to", "that", "by"])),
        ),
        (firsts, stops, starts, ends),
        number,
        _behind(np.isin(arrays.key, word_keys(_BE))),
    )


def _behind(flags: Flags) -> Flags:
    """Words right behind those that have a flag."""
    behind = np.zeros(len(flags), dtype=np.bool_)
    behind[1:] = flags[:-1]
    return behind
