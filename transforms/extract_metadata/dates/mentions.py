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
from transforms.extract_metadata.dates.date_token_kernels import (
    SHORT_YEAR,
    SOLAR_MONTH,
    SOLAR_YEARS,
    YEARS,
)
from transforms.text.buffers import Offsets, TextBuffer, buffer_documents
from transforms.text.char_index import gather_texts
from transforms.text.character_class_kernels import TAIL, TAIL_MASK
from transforms.text.compiled_patterns import contains

Flags = npt.NDArray[np.bool_]

# Before all days, so that the later of two is the known one.
NO_DAY: Final = -(1 << 40)
MONTHS_PER_YEAR: Final = 12
EARLIEST_IN_PROSE: Final = 1900
_LONG_SOLAR_MONTHS: Final = 6  # of 31 days
_SOLAR_EPOCH: Final = 1_075_196  # days of that count before 1970
CUE_BYTES: Final = 48
FUTURE_CUE: Final = (
    r"(?i)\b(?:by|until|till|before|through|next|will|would|due|scheduled|planned|"
    r"plans?|expected|expires?|effective|deadline|upcoming|starting|beginning|begins?|"
    r"later|set|slated|ends?|ending|from|to be|valid)\b[^.!?\n]*$"
)
HABIT_CUE: Final = (
    r"(?i)\b(?:every|each|except|besides|alternate|apart from|(?:mon|tues|wednes|thurs|"
    r"fri|satur|sun)days?\s+(?:to|through|till))\s+(?:\w+\s+)?$"
)


@dataclass(frozen=True)
class Mentions:
    """Dates and weekdays in order of row and place.

    Attributes:
        rows: Of the texts.
        at: Byte in the text.
        years: 0 where none is given.
        months: 0 for a weekday or a year alone.
        days: In the month, the last of a range; 0 for a weekday, month, or year alone.
        range_days: Back to the first.
        weekdays: 1 Monday to 7 Sunday, 0 for a date.
        full: The day, `NO_DAY` without a year.
        looks_ahead: Whether the sentence does; false unless `mark_future` looked.
        is_habit: Whether it names no day but a habit, as in "every Monday".
    """

    rows: Offsets
    at: Offsets
    years: Offsets
    months: Offsets
    days: Offsets
    range_days: Offsets
    weekdays: Offsets
    full: Offsets
    looks_ahead: Flags
    is_habit: Flags

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


def year_of(day: int) -> int:
    """Year of a day that is counted from 1970."""
    return int(np.datetime64(day, "D").astype("datetime64[Y]").astype(np.int64)) + 1970


def real_days(years: Offsets, months: Offsets, days: Offsets) -> Offsets:
    """Days since 1970, `NO_DAY` where there is no such day (30 February).

    Months above twelve are of the solar calendar of Iran and Afghanistan.

    Example:
        >>> months, days = np.array([1, 2, 0, 22]), np.array([2, 30, 1, 16])
        >>> real = real_days(np.array([1970, 1970, 1970, 1400]), months, days)
        >>> real.astype("datetime64[D]")[[0, 3]].astype(str).tolist()
        ['1970-01-02', '2022-01-06']
        >>> (real[[1, 2]] == NO_DAY).all()
        np.True_
    """
    is_month = (months >= 1) & (months <= MONTHS_PER_YEAR) & (years >= YEARS[0])
    number = (years - 1970) * MONTHS_PER_YEAR + np.where(is_month, months - 1, 0)
    starts = number.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    ends = (number + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    is_real = is_month & (days >= 1) & (starts + days <= ends)
    is_solar = (months > SOLAR_MONTH) & (years < SOLAR_YEARS[1])
    if is_solar.any():
        starts = np.where(is_solar, _solar_days(years, months - SOLAR_MONTH, 1), starts)
        last_days = np.where(months - SOLAR_MONTH <= _LONG_SOLAR_MONTHS, 31, 30)
        is_real |= is_solar & (days >= 1) & (days <= last_days)
    real: Offsets = np.where(is_real, starts + days - 1, NO_DAY)
    return real


def _solar_days(years: Offsets, months: Offsets, day: int) -> Offsets:
    """Days since 1970, right for years 1178 to 1633: eight leap days in 33 years."""
    cycles, rest = np.divmod(years + 1595, 33)
    leap_days = cycles * 8 + (rest + 3) // 4
    before = np.where(
        months <= _LONG_SOLAR_MONTHS, (months - 1) * 31, (months - 1) * 30 + 6
    )
    days: Offsets = (years + 1595) * 365 + leap_days + before + day - _SOLAR_EPOCH
    return days


def buffer_texts(texts: pl.Series) -> TextBuffer:
    """The bytes of texts, none for null."""
    return buffer_documents(texts.fill_null("").to_frame("text"))


def read_mentions(
    texts: TextBuffer,
    orders: Offsets,
    found: dict[str, Offsets] | None = None,
    newest_year: int | None = None,
) -> Mentions:
    """Mentions that stand for a day, or a weekday.

    Args:
        texts: One per row.
        orders: Of each text's document, as `find_orders` gives them.
        found: What `find_dates` found in the texts, if it is known.
        newest_year: A year of two digits is this one or lies before it; None: prose, in
            which two digits are no year.
    """
    found = find_dates(texts) if found is None else found
    years, months, days = found["year"], found["month"], found["day"]
    is_number = found["order"] == 1
    order = orders[found["row"]]
    # 1/13/2022 can only be read one way; 6/1/2022 is read as the document's others.
    is_open = is_number & is_ambiguous(found) & (months != days) & (order == 0)
    is_swapped = is_number & ((months > MONTHS_PER_YEAR) | (order > 0))
    is_short = years >= SHORT_YEAR
    is_left_out = is_open
    if newest_year is None:
        # Four figures may be a time (1630 GMT), two may count anything.
        is_left_out |= is_short & is_number | (years > 0) & (years < EARLIEST_IN_PROSE)
        years = np.where(is_short, 0, years)
    else:
        years = np.where(is_short, _full_years(years, newest_year), years)
    months, days, last_days = (
        np.where(is_swapped, days, months),
        np.where(is_swapped, months, days),
        np.where(is_swapped, months, found["last_day"]),
    )
    full = np.full(len(months), NO_DAY)
    has_year = years > 0
    full[has_year] = real_days(years[has_year], months[has_year], last_days[has_year])
    mentions = Mentions(
        rows=found["row"],
        at=found["at"],
        years=years,
        months=months,
        days=last_days,
        range_days=last_days - days,
        weekdays=found["weekday"],
        full=full,
        looks_ahead=np.zeros(len(months), dtype=bool),
        is_habit=np.zeros(len(months), dtype=bool),
    )
    is_part = (newest_year is None) & (found["day"] == 0) & (months <= MONTHS_PER_YEAR)
    is_day = np.where(has_year, (full != NO_DAY) | is_part, months <= MONTHS_PER_YEAR)
    return mentions.where(~is_left_out & is_day)


def is_ambiguous(found: dict[str, Offsets]) -> Flags:
    """Which numbers may be month and day, or day and month."""
    return np.maximum(found["month"], found["day"]) <= MONTHS_PER_YEAR


def _full_years(years: Offsets, newest_year: int) -> Offsets:
    """The last year with these two digits that is not after the newest."""
    full: Offsets = newest_year - (newest_year - (years - SHORT_YEAR)) % 100
    return full


def mark_future(mentions: Mentions, texts: TextBuffer) -> Mentions:
    """The mentions, marked where their sentences look ahead, or speak of a habit."""
    before = _before(texts, mentions)
    is_habit = contains(before, HABIT_CUE).to_numpy().astype(bool)
    # Of "Monday to Friday" the first is known by the second.
    is_weekday = mentions.weekdays > 0
    is_first = (mentions.rows[1:] == mentions.rows[:-1]) & is_weekday[1:]
    is_first &= (np.diff(mentions.at) < CUE_BYTES // 2) & is_habit[1:] & is_weekday[:-1]
    is_habit[:-1] |= is_first
    return replace(
        mentions,
        looks_ahead=contains(before, FUTURE_CUE).to_numpy().astype(bool),
        is_habit=is_habit,
    )


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
