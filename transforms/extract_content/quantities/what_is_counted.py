"""What a number counts: by its unit, or by the words around it."""

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.extract_content.quantities.count_kernels import (
    CountWords,
    count_people,
)
from transforms.extract_content.quantities.numbers import listed_words
from transforms.extract_content.word_kernels import CAPITAL
from transforms.extract_content.words import TextWords, WordSets
from transforms.text.buffers import Offsets

_TRIGGERS: Final = (
    *("killed", "injured", "detained", "missing", "displaced", "evacuated"),
    *("protesters", "other"),
)
_GAS_WORDS: Final = 12  # around a number that are asked for oil or gas


class Counted(NamedTuple):
    """What numbers count.

    Attributes:
        kind: Of `contracts.QUANTITY_TYPES`, empty for what is no claim.
        is_estimate: Whether the text says that it is estimated.
    """

    kind: pl.Series
    is_estimate: npt.NDArray[np.bool_]


@cache
def _sets() -> WordSets:
    return WordSets(
        {
            **{name: listed_words("trigger", name) for name in _TRIGGERS},
            "troops": listed_words("troops"),
            "marchers": listed_words("protesters"),
            "persons": listed_words("persons"),
            # A protest march, what may be.
            "skip": [
                word for word in listed_words("skip") if word not in ("march", "may")
            ],
            "months": ["march", "may"],
            "figures": listed_words("figures"),
            "follow": listed_words("follow"),
            "estimates": ["estimated", "estimate", "estimates"],
            "one": ["one"],
            "oil": ["oil", "crude", "gasoline", "diesel"],
            "gas": ["gas", "LNG"],
            "coal": ["coal", "lpg", "wheat", "grain", "steel", "opium", "heroin"],
        }
    )


def find_counted(
    words: TextWords,
    spans: tuple[Offsets, Offsets],
    value: npt.NDArray[np.float64],
    unit_kind: pl.Series,
    is_negated: npt.NDArray[np.bool_],
) -> Counted:
    """What each number counts.

    Args:
        words: Of the texts.
        spans: First word of each number, and the one after its last, unit included.
        value: What it comes to.
        unit_kind: As `FoundNumbers` has it.
        is_negated: Likewise.
    """
    number, stop = spans
    sets, arrays = _sets(), words.arrays
    bits = sets.read(words)
    triggers = sets.number(
        words, {name: number for number, name in enumerate(_TRIGGERS, start=1)}
    )
    kinds = count_people(
        arrays,
        CountWords(
            triggers,
            sets.pick(bits, "troops"),
            sets.pick(bits, "marchers"),
            sets.pick(bits, "persons"),
            sets.pick(bits, "skip")
            | (sets.pick(bits, "months") & (arrays.kind == CAPITAL)),
            sets.pick(bits, "figures"),
            sets.pick(bits, "follow"),
            sets.pick(bits, "one"),
        ),
        spans,
        value,
        (unit_kind != "").to_numpy(),
        is_negated,
    )
    names = np.array(["", *_TRIGGERS, "troops"], dtype=object)
    by_words = pl.Series(names[kinds].tolist(), dtype=pl.String)
    frame = pl.DataFrame({"unit": unit_kind, "people": by_words})
    kind = frame.select(
        pl.when(pl.col("unit") == "currency")
        .then(pl.lit("money"))
        .when(pl.col("unit") != "")
        .then("unit")
        .otherwise("people")
    ).to_series()
    mass = np.flatnonzero(unit_kind == "mass")
    kind = kind.scatter(mass, _of_mass(words, bits, number[mass], stop[mass]))
    estimates = sets.pick(bits, "estimates")
    before = np.maximum(number[:, None] - np.arange(1, 5), 0)
    near_estimate = estimates[before] & (
        arrays.sentence[before] == arrays.sentence[number][:, None]
    )
    return Counted(kind, near_estimate.any(axis=1))


def _of_mass(
    words: TextWords, bits: npt.NDArray[np.uint32], number: Offsets, stop: Offsets
) -> pl.Series:
    """What is weighed: what is named near each number, else what its text is about."""
    oil, gas, coal = (_sets().pick(bits, name) for name in ("oil", "gas", "coal"))
    sentence = words.arrays.sentence
    near = [_is_near(sentence, flags, number, stop) for flags in (coal, oil, gas)]
    kinds = np.select([*near, _most_of(words, number, oil)], [2, 1, 3, 1], 0)
    return pl.Series(["", "oil", "other", "gas"]).gather(kinds)


def _most_of(
    words: TextWords, number: Offsets, flags: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Whether the text of each number says such a word three times or more."""
    text_row = words.arrays.text_row
    counts = np.bincount(text_row[flags], minlength=int(text_row.max(initial=0)) + 1)
    often: npt.NDArray[np.bool_] = counts[text_row[number]] >= 3  # noqa: PLR2004
    return often


def _is_near(
    sentence: npt.NDArray[np.uint32],
    flags: npt.NDArray[np.bool_],
    number: Offsets,
    stop: Offsets,
) -> npt.NDArray[np.bool_]:
    """Whether a word stands within some words around each number, in its sentence."""
    steps = np.arange(-_GAS_WORDS, _GAS_WORDS)
    at = np.clip(stop[:, None] + steps, 0, max(len(sentence) - 1, 0))
    near: npt.NDArray[np.bool_] = (
        flags[at] & (sentence[at] == sentence[number][:, None])
    ).any(axis=1)
    return near
