"""What mentions of dates in a text say of the day on which it was published.

A mention votes for a day by how far publication lies from such a mention: how far, was
counted in news of known days, kind by kind.
"""

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.arrays_file import unpack_arrays
from transforms.extract_metadata.dates.mentions import (
    MONTHS_PER_YEAR,
    NO_DAY,
    Mentions,
    real_days,
)
from transforms.reference import read_weights
from transforms.text.buffers import Offsets

Densities = npt.NDArray[np.float32]

MENTION_KINDS: Final = (
    *("date_lead", "date_later", "date_coming"),
    *("day_lead", "day_later", "day_coming"),
    *("day_with_weekday", "dateline"),
    *("month_lead", "month_later", "month_coming"),
    *("year_lead", "year_later", "year_coming"),
    *("weekday_lead", "weekday_later", "weekday_coming"),
)
LEAD_BYTES: Final = 300
YEAR_WEIGHT: Final = 0.6  # of all years and months of a text, by the root of how many
NO_KNOWLEDGE: Final = 0.03  # of each density
DAYS_PER_YEAR: Final = 365
HALF_YEAR: Final = 182
ON_DAY, IN_YEAR, ON_WEEKDAY = 0, 1, 2
MOST_VOTES: Final = 48  # of a text: later ones say little that is new
LAST_DAY: Final = 47_846  # the end of 2100
REACH_DAYS: Final = 72_000  # beyond which all lags say the same
SPAN_DAYS: Final = 20_000  # over which all that a text may mean is spread
_WEEKDAY_BEFORE_BYTES, _WEEKDAY_BEHIND_BYTES = 16, 22
_YEAR_BEHIND_BYTES: Final = 24
_MONTH_STARTS: Final = np.array(
    [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334], dtype=np.int64
)
_ARRAYS: Final = {"edges": "<i8", "lags": "<f8", "weekdays": "<f8"}


class Votes(NamedTuple):
    """What texts say of their day, in order of text.

    Attributes:
        starts: First vote of each text, and the end of the last.
        kinds: Index of MENTION_KINDS.
        forms: ON_DAY, IN_YEAR, or ON_WEEKDAY.
        days: Day since 1970; day of the year from 0; weekday from 1.
        weights: By which the logarithm of its density counts.
    """

    starts: Offsets
    kinds: Offsets
    forms: Offsets
    days: Offsets
    weights: Densities


class Tables(NamedTuple):
    """Learned densities, as logarithms of their ratio to no knowledge.

    Attributes:
        lags: Kind by lag (publication day - day named), from -REACH_DAYS on.
        weekdays: Kind by days since that weekday, 0 to 6.
    """

    lags: Densities
    weekdays: Densities


@cache
def read_tables() -> Tables:
    """The densities that ship, each mixed with some of no knowledge at all."""
    arrays = unpack_arrays(read_weights("dates"), _ARRAYS, stage="dates")
    edges = arrays["edges"]
    is_in_year = np.array([name.startswith("day") for name in MENTION_KINDS])
    spans = np.where(is_in_year, DAYS_PER_YEAR, SPAN_DAYS)
    ratios = arrays["lags"] / np.diff(edges) * spans[:, None]
    every = np.arange(-REACH_DAYS, REACH_DAYS + 1)
    places = np.searchsorted(edges, every, "right") - 1
    lags = np.log((1 - NO_KNOWLEDGE) * ratios + NO_KNOWLEDGE).astype(np.float32)
    weekdays = np.log((1 - NO_KNOWLEDGE) * arrays["weekdays"] * 7 + NO_KNOWLEDGE)
    return Tables(lags[:, places.clip(0, len(edges) - 2)], weekdays.astype(np.float32))


@cache
def calendar_days() -> npt.NDArray[np.int32]:
    """Day of the year, from 0, of each day since 1970, as if none had a 29 February."""
    days = np.arange(LAST_DAY).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    of_month = (days - months.astype("datetime64[D]")).astype(np.int64)
    found = day_of_year(months.astype(np.int64) % MONTHS_PER_YEAR + 1, of_month + 1)
    calendar: npt.NDArray[np.int32] = found.astype(np.int32)
    return calendar


def day_of_year(months: Offsets, days: Offsets) -> Offsets:
    """Day of a year without a 29 February, which is its 28th, from 0.

    Example:
        >>> day_of_year(np.array([1, 3, 12]), np.array([1, 1, 31])).tolist()
        [0, 59, 364]
    """
    before = _MONTH_STARTS[months - 1] + days - 1
    found: Offsets = before - ((months == 2) & (days == 29))  # noqa: PLR2004
    return found


def kinds_of_mentions(mentions: Mentions, lead_bytes: Offsets) -> Offsets:
    """Index of MENTION_KINDS per mention, -1 for one that says nothing.

    Args:
        mentions: In order of text and place.
        lead_bytes: Of the dateline of each text.
    """
    rows, at = mentions.rows, mentions.at
    is_same = np.append(False, rows[1:] == rows[:-1])[: len(rows)]
    gaps = np.diff(at, prepend=0)
    is_weekday = mentions.weekdays > 0
    is_dated = (mentions.days > 0) & ~is_weekday
    before = (
        np.roll(is_weekday, 1) & is_same & (gaps < _WEEKDAY_BEFORE_BYTES) & is_dated
    )
    behind = (
        np.roll(is_dated, 1) & is_same & (gaps < _WEEKDAY_BEHIND_BYTES) & is_weekday
    )
    has_weekday = before | np.roll(behind, -1)
    is_year = ~is_weekday & (mentions.months == 0)
    # The scan finds the year of a date again, and its month behind `5.`.
    is_part = ~is_weekday & (mentions.days == 0)
    is_repeated = is_part & is_same & (gaps < _YEAR_BEHIND_BYTES)
    is_repeated &= mentions.years == np.roll(mentions.years, 1)
    is_spent = is_repeated | behind | np.roll(before, -1)
    is_lead = at < LEAD_BYTES
    place = np.where(mentions.looks_ahead, 2, np.where(is_lead, 0, 1))
    has_year = mentions.years > 0
    groups = (
        ("date", is_dated & has_year),
        ("day", is_dated & ~has_year),
        ("month", ~is_weekday & (mentions.months > 0) & (mentions.days == 0)),
        ("year", is_year),
        ("weekday", is_weekday),
    )
    kinds = np.full(len(rows), -1)
    for name, is_meant in groups:
        kinds[is_meant] = MENTION_KINDS.index(f"{name}_lead") + place[is_meant]
    is_told = has_weekday & ~has_year & ~mentions.looks_ahead
    kinds[is_told] = MENTION_KINDS.index("day_with_weekday")
    is_dateline = at < lead_bytes[rows]
    kinds[is_dateline] = np.where(
        (is_dated & ~has_year)[is_dateline], MENTION_KINDS.index("dateline"), -1
    )
    kinds[is_spent] = -1
    return kinds


def base_days(mentions: Mentions) -> Offsets:
    """The day named, the first of a month or a year, or NO_DAY where no year is."""
    has_year = mentions.years > 0
    bases = real_days(
        np.where(has_year, mentions.years, 1970),
        np.maximum(mentions.months, 1),
        np.maximum(mentions.days, 1),
    )
    return np.where(has_year, bases, NO_DAY)


def cast_votes(mentions: Mentions, lead_bytes: Offsets, run_day: int) -> Votes:
    """The votes of each text.

    The same day counts once, and of past dates with a year the latest alone: news tells
    what came before.

    Args:
        mentions: Of all texts.
        lead_bytes: Of the dateline of each text.
        run_day: Dates after it say nothing.
    """
    kinds, bases = kinds_of_mentions(mentions, lead_bytes), base_days(mentions)
    is_weekday = mentions.weekdays > 0
    forms = np.where(is_weekday, ON_WEEKDAY, np.where(bases != NO_DAY, ON_DAY, IN_YEAR))
    of_year = day_of_year(np.maximum(mentions.months, 1), mentions.days)
    days = np.where(is_weekday, mentions.weekdays, of_year)
    days = np.where(forms == ON_DAY, bases, days)
    is_past = kinds == MENTION_KINDS.index("date_lead")
    is_past |= kinds == MENTION_KINDS.index("date_later")
    is_past &= bases <= run_day
    latest = np.full(len(lead_bytes), NO_DAY)
    np.maximum.at(latest, mentions.rows[is_past], bases[is_past])
    is_old = is_past & (bases < latest[mentions.rows])
    is_late = (forms == ON_DAY) & (mentions.days > 0) & (bases > run_day + HALF_YEAR)
    cast = pl.DataFrame(
        {"row": mentions.rows, "kind": kinds, "form": forms, "day": days}
    ).filter((kinds >= 0) & ~is_old & ~is_late)
    cast = cast.unique(["row", "form", "day"], keep="first", maintain_order=True)
    cast = cast.filter(pl.int_range(pl.len()).over("row") < MOST_VOTES)
    is_year = pl.col("kind").is_between(
        MENTION_KINDS.index("month_lead"), MENTION_KINDS.index("year_coming")
    )
    weight = YEAR_WEIGHT / is_year.sum().over("row").sqrt()
    cast = cast.with_columns(weight=pl.when(is_year).then(weight).otherwise(1.0))
    starts = np.searchsorted(cast["row"], np.arange(len(lead_bytes) + 1))
    return Votes(
        starts,
        cast["kind"].to_numpy(),
        cast["form"].to_numpy(),
        cast["day"].to_numpy(),
        cast["weight"].cast(pl.Float32).to_numpy(),
    )
