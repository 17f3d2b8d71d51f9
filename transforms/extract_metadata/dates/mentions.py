"""Dates and weekdays that texts name, with what can be said of each by itself.

Days are counted from 1970, as numbers: a batch names a few thousand of them in short
texts, and the frames that would hold them cost more than all that is done with them.
"""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.extract_metadata.dates.date_scan_kernels import find_dates
from transforms.text.buffers import Offsets, TextBuffer, buffer_documents
from transforms.text.char_index import gather_texts
from transforms.text.character_class_kernels import TAIL, TAIL_MASK
from transforms.text.compiled_patterns import contains

Flags = npt.NDArray[np.bool_]

# Before all days, so that the later of two is the known one.
NO_DAY: Final = -(1 << 40)
MONTHS_PER_YEAR: Final = 12
CUE_BYTES: Final = 48
FUTURE_CUE: Final = (
    r"(?i)\b(?:by|until|till|before|through|next|will|would|due|scheduled|planned|"
    r"plans?|expected|expires?|effective|deadline|upcoming|starting|beginning|begins?|"
    r"later|set|slated|ends?|ending|from|to be|valid)\b[^.!?\n]*$"
)


@dataclass(frozen=True)
class Mentions:
    """Dates and weekdays in order of row and place.

    Attributes:
        rows: Of the texts.
        at: Byte in the text.
        months: 0 for a weekday alone.
        days: In the month, the last of a range.
        range_days: Back to the first.
        weekdays: 1 Monday to 7 Sunday, 0 for a date.
        full: The day, `NO_DAY` without a year.
        is_future: Whether the sentence looks ahead, or the day lies after the run;
            false unless `mark_future` looked.
    """

    rows: Offsets
    at: Offsets
    months: Offsets
    days: Offsets
    range_days: Offsets
    weekdays: Offsets
    full: Offsets
    is_future: Flags

    def where(self, is_kept: Flags) -> Self:
        """Some of the mentions."""
        kept = (getattr(self, field.name)[is_kept] for field in fields(self))
        return type(self)(*kept)

    def firsts(self) -> Self:
        """The first mention of each row."""
        return self.where(np.diff(self.rows, prepend=-1) != 0)


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def real_days(years: Offsets, months: Offsets, days: Offsets) -> Offsets:
    """Days since 1970, `NO_DAY` where there is no such day (30 February).

    Example:
        >>> months, days = np.array([1, 2, 0]), np.array([2, 30, 1])
        >>> (real_days(np.array([1970] * 3), months, days) == [1, NO_DAY, NO_DAY]).all()
        np.True_
    """
    is_month = (months >= 1) & (months <= MONTHS_PER_YEAR)
    number = (years - 1970) * MONTHS_PER_YEAR + np.where(is_month, months - 1, 0)
    starts = number.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    ends = (number + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    is_real = is_month & (days >= 1) & (starts + days <= ends)
    real: Offsets = np.where(is_real, starts + days - 1, NO_DAY)
    return real


def buffer_texts(texts: pl.Series) -> TextBuffer:
    """The bytes of texts, none for null."""
    return buffer_documents(texts.fill_null("").to_frame("text"))


def read_mentions(texts: TextBuffer, documents: Offsets) -> Mentions:
    """Mentions that stand for a day, or a weekday.

    Args:
        texts: One per row.
        documents: Document of each text: one in which 1/13/2022 or 13/1/2022 stands
            puts month and day in that order everywhere.
    """
    found = find_dates(texts)
    months, days, last_days = found["month"], found["day"], found["last_day"]
    is_number = found["order"] == 1
    order = _orders(found, documents)
    # 1/13/2022 can only be read one way; 6/1/2022 is read as the document's others.
    is_open = (
        is_number
        & (np.maximum(months, days) <= MONTHS_PER_YEAR)
        & (months != days)
        & (order == 0)
    )
    is_swapped = is_number & ((months > MONTHS_PER_YEAR) | (order > 0))
    mentions = Mentions(
        rows=found["row"],
        at=found["at"],
        months=np.where(is_swapped, days, months),
        days=np.where(is_swapped, months, last_days),
        range_days=last_days - days,
        weekdays=found["weekday"],
        full=np.full(len(months), NO_DAY),
        is_future=np.zeros(len(months), dtype=bool),
    )
    has_year = found["year"] > 0
    mentions.full[has_year] = real_days(
        found["year"][has_year], mentions.months[has_year], mentions.days[has_year]
    )
    return mentions.where(~is_open & (~has_year | (mentions.full != NO_DAY)))


def _orders(found: dict[str, Offsets], documents: Offsets) -> Offsets:
    """Per mention above 0 where its document puts months first, below 0 where days."""
    mine = documents[found["row"]]
    is_number = found["order"] == 1
    count = mine.max(initial=-1) + 1
    ahead, behind = (
        np.bincount(mine[is_number & (found[name] > MONTHS_PER_YEAR)], minlength=count)
        for name in ("month", "day")
    )
    orders: Offsets = (ahead - behind)[mine]
    return orders


def mark_future(mentions: Mentions, texts: TextBuffer, run_day: int) -> Mentions:
    """The mentions, those in sentences that look ahead, or after the run, marked."""
    looks_ahead = contains(_before(texts, mentions), FUTURE_CUE).to_numpy()
    return replace(mentions, is_future=looks_ahead | (mentions.full > run_day))


def _before(texts: TextBuffer, mentions: Mentions) -> pl.Series:
    """The few characters before each mention."""
    firsts = texts.document_starts[mentions.rows]
    ends = firsts + mentions.at
    starts = (ends - CUE_BYTES).clip(min=firsts)
    for _ in range(3):
        is_inside = (starts < ends) & (
            (texts.data[starts.clip(max=max(len(texts.data) - 1, 0))] & TAIL_MASK)
            == TAIL
        )
        starts = starts + is_inside
    return gather_texts(texts.data, starts, ends)
