"""Whether a file's dates of numbers put the month or the day first."""

from typing import NamedTuple

import numpy as np
import polars as pl

from transforms.extract_metadata.dates.mentions import (
    MONTHS_PER_YEAR,
    Flags,
    is_ambiguous,
)
from transforms.text.buffers import Offsets, TextBuffer
from transforms.text.char_index import gather_texts
from transforms.text.compiled_patterns import contains

# A clock of twelve hours beside a date of numbers: American, and so is the order.
_HALF_DAY_CLOCK = r"^[\d/-]+,?\s+\d{1,2}:\d\d(?::\d\d)?\s?[AaPp]\.?[Mm]\b"
_CLOCK_BYTES = 28
_NEAR_DAYS = 10
_DAYS_PER_MONTH = 31
_YEAR_SPAN = 1000  # numbers of one document's days of the year lie this close


class Scan(NamedTuple):
    """Dates that stand in some texts.

    Attributes:
        texts: The texts.
        found: What `find_dates` found in them.
        documents: The document of each text.
    """

    texts: TextBuffer
    found: dict[str, Offsets]
    documents: Offsets


def find_orders(
    scans: list[Scan], document_count: int, languages: pl.Series, documents: Offsets
) -> Offsets:
    """Per document above 0 where months stand first, below 0 where days do, 0 unknown.

    One 1/25/2022 tells it for the whole document; else a clock of twelve hours does, or
    the days that the document names in words: of two readings, the one that is near
    these is meant. What is not in English puts days first.

    Args:
        scans: Of all texts of the documents.
        document_count: Documents are numbered from 0.
        languages: Of articles.
        documents: The document of each article.
    """
    orders = np.zeros(document_count, dtype=np.int64)
    for clue in (_impossible_months, _half_day_clocks, _nearness):
        is_open = orders == 0
        if not is_open.any():
            break
        found = np.sum([clue(scan, scans, document_count) for scan in scans], axis=0)
        orders[is_open] = np.sign(found)[is_open]
    is_foreign = ~languages.is_in(["en", "und", "zxx"])
    foreign = _count(documents, is_foreign.to_numpy(), document_count)
    is_day_first = (orders == 0) & (
        foreign * 2 > _count(documents, None, document_count)
    )
    orders[is_day_first] = -1
    return orders


def _count(documents: Offsets, is_meant: Flags | None, count: int) -> Offsets:
    counted = documents if is_meant is None else documents[is_meant]
    return np.bincount(counted, minlength=count)


def _impossible_months(scan: Scan, _: list[Scan], count: int) -> Offsets:
    documents = scan.documents[scan.found["row"]]
    is_number = scan.found["order"] == 1
    months, days = (
        _count(documents, is_number & (scan.found[name] > MONTHS_PER_YEAR), count)
        for name in ("month", "day")
    )
    return months - days


def _open(scan: Scan) -> Offsets:
    """Places of dates that can be read both ways."""
    found = scan.found
    is_open = (found["order"] == 1) & is_ambiguous(found)
    return np.flatnonzero(is_open & (found["month"] != found["day"]))


def _half_day_clocks(scan: Scan, _: list[Scan], count: int) -> Offsets:
    places = _open(scan)
    rows = scan.found["row"][places]
    starts = scan.texts.document_starts[rows] + scan.found["at"][places]
    ends = np.minimum(starts + _CLOCK_BYTES, scan.texts.document_starts[rows + 1])
    after = gather_texts(scan.texts.data, starts, ends)
    has_clock = contains(after, _HALF_DAY_CLOCK).to_numpy()
    return _count(scan.documents[rows], has_clock.astype(bool), count)


def _nearness(scan: Scan, scans: list[Scan], count: int) -> Offsets:
    """How many days that are named in words are nearer to month first than to day."""
    places = _open(scan)
    if not len(places):
        return np.zeros(count, dtype=np.int64)
    named = np.sort(np.concatenate([_named_days(each) for each in scans]))
    documents = scan.documents[scan.found["row"][places]]
    # As found, the day is first.
    months, days = scan.found["month"][places], scan.found["day"][places]
    month_first, day_first = (
        _near_count(named, _day_of_year(documents, month, day))
        for month, day in ((days, months), (months, days))
    )
    found = np.bincount(documents, weights=month_first - day_first, minlength=count)
    return found.astype(np.int64)


def _named_days(scan: Scan) -> Offsets:
    found = scan.found
    is_named = (found["order"] == 0) & (found["day"] > 0)
    is_named &= (found["month"] > 0) & (found["month"] <= MONTHS_PER_YEAR)
    return _day_of_year(
        scan.documents[found["row"][is_named]],
        found["month"][is_named],
        found["day"][is_named],
    )


def _day_of_year(documents: Offsets, months: Offsets, days: Offsets) -> Offsets:
    return documents * _YEAR_SPAN + months * _DAYS_PER_MONTH + days


def _near_count(named: Offsets, days: Offsets) -> Offsets:
    upper = np.searchsorted(named, days + _NEAR_DAYS, side="right")
    return upper - np.searchsorted(named, days - _NEAR_DAYS)
