"""Numbers of texts: digits and words, hedges, units, currencies, and ranges."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.extract_content.quantities.number_kernels import (
    AND,
    ARTICLE,
    HALF,
    HYPHEN,
    OF,
    SCALE,
    SMALL,
    VAGUE,
    read_numbers,
)
from transforms.extract_content.words import Phrases, TextWords, WordSets, word_keys
from transforms.reference import read_reference
from transforms.text.buffers import Offsets

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
_Names = npt.NDArray[np.object_]

_FROM, _TO, _ABOUT = "from", "to", "about"
_SEPARATOR: Final = "; "
_CENT: Final = 0.01
_MOST_RANGE_WORDS: Final = 1  # between the two numbers of a range
_NUMBERS: Final = {
    "number": SMALL,
    "scale": SCALE,
    "vague": VAGUE,
    "article": ARTICLE,
    "hyphen": HYPHEN,
    "of": OF,
    "and": AND,
    "half": HALF,
}
_GRAMMAR: Final = {
    "article": ["a", "an"],
    "hyphen": ["-"],
    "of": ["of"],
    "and": ["and"],
    "half": ["half"],
}


@dataclass(frozen=True)
class FoundNumbers:
    """Numbers of some texts, in order.

    Attributes:
        first: First word of each, with what hedges it and a currency's symbol.
        number: First word of the number itself.
        stop: The word after its last, unit included.
        low: Lower bound, NaN: none.
        high: Upper bound, NaN: none.
        is_approximate: Whether it is about so many.
        code: Currency, or the unit that it has; empty: none.
        unit_kind: currency, power, energy, oil, gas, mass; empty: none.
        is_negated: Whether it says that there was none.
    """

    first: Offsets
    number: Offsets
    stop: Offsets
    low: Floats
    high: Floats
    is_approximate: Flags
    code: pl.Series
    unit_kind: pl.Series
    is_negated: Flags


@cache
def _number_sets() -> tuple[WordSets, pl.DataFrame]:
    """Words of numbers as sets, and rows (key, value) of those that have one."""
    rows = (
        read_reference("lexicon_quantities")
        .filter(pl.col("kind").is_in(["number", "scale", "vague"]))
        .with_columns(pl.col("words").str.split(_SEPARATOR))
        .explode("words")
    )
    listed = {
        str(kind): of_kind["words"].to_list()
        for (kind,), of_kind in rows.group_by("kind")
    }
    values = pl.DataFrame(
        {"key": word_keys(rows["words"]), "value": rows["value"].cast(pl.Float64)}
    )
    return WordSets(listed | _GRAMMAR), values.unique("key")


@cache
def _coded(*kinds: str) -> tuple[Phrases, pl.Series, pl.Series]:
    """Phrases of some kinds, their codes, and their kinds."""
    rows = (
        read_reference("lexicon_quantities")
        .filter(pl.col("kind").is_in(kinds))
        .with_columns(pl.col("words").str.split(_SEPARATOR))
        .explode("words")
    )
    kind = rows["kind"].str.strip_prefix("unit_")
    return Phrases(rows["words"]), rows["code"], kind


_UNITS: Final = (
    "currency",
    "cents",
    "unit_power",
    "unit_energy",
    "unit_oil",
    "unit_gas",
    "unit_mass",
)


def find_numbers(words: TextWords) -> FoundNumbers:
    """All numbers with their hedges, units, and bounds; ranges are one."""
    arrays, count = words.arrays, len(words)
    values = np.zeros(count)
    sets, valued = _number_sets()
    kinds = sets.number(words, _NUMBERS)
    rows = np.flatnonzero(kinds)
    asked = pl.DataFrame({"key": arrays.key[rows]})
    values[rows] = (
        asked.join(valued, on="key", how="left", maintain_order="left")["value"]
        .fill_null(0.0)
        .to_numpy()
    )
    spans = np.empty((count + 1, 2), dtype=np.int64)
    read = np.empty((count + 1, 3))
    total = read_numbers(arrays, kinds, values, spans, read)
    spans, read = spans[:total], read[:total]
    spans, read = _with_nothing(words, spans, read)
    return _bound(words, spans, read)


def _with_nothing(
    words: TextWords, spans: Offsets, read: Floats
) -> tuple[Offsets, Floats]:
    """The numbers with each "no" and "nobody", whose third figure is 0."""
    no = np.flatnonzero(words.are("no"))
    lone = np.flatnonzero(words.are("none", "nobody"))
    after = np.minimum(no + 1, max(len(words) - 1, 0))
    is_one = words.are("one", at=after)
    is_hedge = words.are("more", "fewer", "less", "longer", at=after)
    no, is_one = no[~is_hedge], is_one[~is_hedge]
    nothing = np.concatenate(
        [
            np.column_stack([no, no + 1 + is_one]),
            np.column_stack([lone, lone + 1]),
        ]
    )
    # "no one" is no 1.
    inner = np.isin(spans[:, 0], nothing[:, 1] - 1) & ~np.isin(
        spans[:, 0], nothing[:, 0]
    )
    inner &= np.isin(spans[:, 0] - 1, no[is_one])
    spans, read = spans[~inner], read[~inner]
    zero = np.column_stack(
        [np.zeros(len(nothing)), np.zeros(len(nothing)), np.zeros(len(nothing))]
    )
    both = np.concatenate([spans, nothing])
    order = np.argsort(both[:, 0], kind="stable")
    return both[order], np.concatenate([read, zero])[order]


def _bound(words: TextWords, spans: Offsets, read: Floats) -> FoundNumbers:
    number, stop = spans[:, 0].copy(), spans[:, 1]
    scaled = read[:, 2]
    is_vague = read[:, 1] > 0
    is_negated = scaled == 0
    stop, code, kind = _units(words, stop, is_vague)
    first = _symbols(words, number, ~is_negated, code, kind)
    low, high = read[:, 0].copy(), read[:, 0].copy()
    is_cent = kind == "cents"
    low[is_cent] *= _CENT
    high[is_cent] *= _CENT
    kind[is_cent] = "currency"
    high[is_vague] = np.nan
    keep, first, low, high = _join_ranges(
        words, (first, number, stop), (low, high), scaled, code
    )
    first, low, high, about = _hedge(
        words, first[keep], low[keep], high[keep], is_negated[keep]
    )
    return FoundNumbers(
        first,
        number[keep],
        stop[keep],
        low,
        high,
        about,
        pl.Series(code[keep].tolist(), dtype=pl.String),
        pl.Series(kind[keep].tolist(), dtype=pl.String),
        is_negated[keep],
    )


def _units(
    words: TextWords, stop: Offsets, is_vague: Flags
) -> tuple[Offsets, _Names, _Names]:
    """Ends of numbers with their units, codes of these, and their kinds.

    A unit stands right behind the number, behind a hyphen, or, with "tens", behind
    "of".
    """
    arrays, count = words.arrays, len(words)
    phrases, codes, kinds = _coded(*_UNITS)
    units = phrases.find(words)
    starts = np.full(count + 2, -1, dtype=np.int64)
    starts[units[:, 0]] = np.arange(len(units))
    inside = np.minimum(stop, max(count - 1, 0))
    is_there = stop < count
    is_hyphen = words.are("-", at=inside)
    behind = stop + (is_there & is_hyphen & (arrays.space[inside] == 0))
    behind += is_there & is_vague & (words.are("of", at=inside))
    unit = np.where(behind < count, starts[np.minimum(behind, count)], -1)
    code = np.full(len(stop), "", dtype=object)
    kind = np.full(len(stop), "", dtype=object)
    has_unit = unit >= 0
    found = units[unit[has_unit]]
    code[has_unit] = codes.to_numpy()[found[:, 2]]
    kind[has_unit] = kinds.to_numpy()[found[:, 2]]
    ends = stop.copy()
    ends[has_unit] = found[:, 1]
    return ends, code, kind


def _symbols(
    words: TextWords, number: Offsets, may_have: Flags, code: _Names, kind: _Names
) -> Offsets:
    """First words of numbers with the symbol before them; its currency is noted."""
    arrays = words.arrays
    phrases, codes, _ = _coded("symbol")
    marks = phrases.find(words)
    ends = np.full(len(words) + 1, -1, dtype=np.int64)
    ends[marks[:, 1]] = np.arange(len(marks))
    mark = ends[number]
    has_mark = (mark >= 0) & may_have
    found = marks[mark[has_mark]]
    code[has_mark] = codes.to_numpy()[found[:, 2]]
    kind[has_mark] = "currency"
    first = number.copy()
    first[has_mark] = found[:, 0]
    prefix = np.maximum(first - 1, 0)
    is_us = words.are("US", at=prefix) & (arrays.space[first] == 0)
    return np.where(has_mark & is_us, prefix, first)


def _join_ranges(
    words: TextWords,
    spans: tuple[Offsets, Offsets, Offsets],
    bounds: tuple[Floats, Floats],
    scaled: Floats,
    code: _Names,
) -> tuple[Flags, Offsets, Floats, Floats]:
    """Pairs such as "1.5 to 1.7 million tonnes" and "between 6,000 and 8,000" as one.

    Returns:
        Which rows stay, and what became of their firsts and bounds: the second number
        of a pair stands for both, and begins where the first does.
    """
    arrays = words.arrays
    first, number, stop = spans
    low, high = (values.copy() for values in bounds)
    first = first.copy()
    keep = np.ones(len(number), dtype=bool)
    if len(number) < 2:  # noqa: PLR2004 - a pair
        return keep, first, low, high
    before = np.arange(len(number) - 1)
    after = before + 1
    between = np.minimum(stop[before], len(words) - 1)
    opener = np.maximum(first[before] - 1, 0)
    joins_and = words.are("and", at=between)
    joins_to = words.are("to", "-", "–", at=between)
    is_between = words.are("between", at=opener)
    is_between &= first[before] > 0
    lower = low[before] * np.where(scaled[before] == 1, scaled[after], 1.0)
    pair = (
        (first[after] - stop[before] == _MOST_RANGE_WORDS)
        & (joins_to | (joins_and & is_between))
        & (arrays.sentence[number[before]] == arrays.sentence[number[after]])
        & (scaled[before] > 0)
        & ((code[before] == "") | (code[before] == code[after]))
        & (lower < low[after])
        # From 58 to 74: a change, not a range.
        & ~words.are("from", at=opener)
    )
    rows = before[pair]
    keep[rows] = False
    number[rows + 1] = number[rows]
    low[rows + 1] = lower[pair]
    first[rows + 1] = np.where(is_between[pair], opener[pair], first[rows])
    return keep, first, low, high


def _hedge(
    words: TextWords, first: Offsets, low: Floats, high: Floats, is_negated: Flags
) -> tuple[Offsets, Floats, Floats, Flags]:
    """Bounds and spans by what stands before each number: "at least", "some"."""
    phrases, codes, _ = _coded("hedge")
    found = phrases.find(words)
    ends = np.full(len(words) + 1, -1, dtype=np.int64)
    ends[found[:, 1]] = np.arange(len(found))
    low, high, first = low.copy(), high.copy(), first.copy()
    about = np.zeros(len(first), dtype=bool)
    is_bound = np.zeros(len(first), dtype=bool)
    hedge_codes = codes.to_numpy()
    for _ in range(2):  # "at least some 300"
        hit = ends[first]
        hedged = (hit >= 0) & ~is_negated
        said = np.full(len(first), "", dtype=object)
        said[hedged] = hedge_codes[found[hit[hedged], 2]]
        # "above up to 40" is up to 40: a number is bound once, by what is next to it.
        is_least = (said == _FROM) & ~is_bound
        is_most = (said == _TO) & ~is_bound
        is_bound |= is_least | is_most
        high = np.where(is_least, np.nan, high)
        high = np.where(is_most, np.where(np.isnan(high), low, high), high)
        low = np.where(is_most, np.nan, low)
        about |= said == _ABOUT
        first = np.where(
            hedged, found[np.maximum(hit, 0), 0] if len(found) else first, first
        )
    return first, low, high, about


def listed_words(kind: str, code: str | None = None) -> list[str]:
    """Words of a kind of the list `lexicon_quantities`, of one code or of all."""
    rows = read_reference("lexicon_quantities").filter(pl.col("kind") == kind)
    if code is not None:
        rows = rows.filter(pl.col("code") == code)
    return [word for words in rows["words"] for word in words.split(_SEPARATOR)]
