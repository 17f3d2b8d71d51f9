"""When articles were published and when their events happened.

A mention without a year, or a weekday, means nothing by itself: it is resolved against
the date that the article, else its document, is known to be near. What cannot be
resolved stays null, since a wrong date is worse than none.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from transforms.contracts import DateBasis
from transforms.extract_metadata.dates.date_lines import (
    Stated,
    find_date_lines,
    read_stated,
    tidy_dates,
)
from transforms.extract_metadata.dates.date_scan_kernels import find_dates
from transforms.extract_metadata.dates.mentions import (
    NO_DAY,
    Mentions,
    buffer_texts,
    day_number,
    mark_future,
    read_mentions,
    real_days,
    year_of,
)
from transforms.extract_metadata.dates.month_order import Scan, find_orders
from transforms.text.buffers import Offsets
from transforms.text.compiled_patterns import extract

EARLIEST_PUBLICATION: Final = date(1990, 1, 1)
# Two articles of one digest whose latest dates are this near vouch for each other.
SUPPORT_DAYS: Final = 31
# A day without a year lies this far behind its anchor at most: further ahead of the
# digest's latest known date, it is a day of the year before.
AHEAD_DAYS: Final = 31
AHEAD_OF_OWN_DAYS: Final = 2
NEAREST_DAYS: Final = 183
STALE_DAYS: Final = 366
_EARLIEST: Final = day_number(EARLIEST_PUBLICATION)
_DAY_BITS: Final = 20  # up to the year 4840
_FILE_DATE: Final = (
    r"(?:^|[^0-9A-Za-z])((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?:[^0-9A-Za-z]|$)"
)


@dataclass(frozen=True)
class _Clues:
    """What is known of each article's date besides the mentions in its body.

    Attributes:
        documents: Its document.
        record: Day of its date field.
        header: Day of a date line.
        dateline: Day of its dateline, where that has a year.
        dateline_months: Of the dateline, 0 for none.
        dateline_days: Of the dateline.
        file: Day in the name of its file.
        latest: The latest day with a year in its body.
    """

    documents: Offsets
    record: Offsets
    header: Offsets
    dateline: Offsets
    dateline_months: Offsets
    dateline_days: Offsets
    file: Offsets
    latest: Offsets


def date_articles(
    articles: pl.DataFrame, lines: pl.DataFrame, file_names: pl.Series, run_date: date
) -> pl.DataFrame:
    """Publication and event dates.

    Args:
        articles: One row per article: `article_row`, `document_row`, `body`,
            `lead_bytes` (of its dateline, null for none), `language`, and what says its
            date, null for none: `record` (the date of its record) and `dateline`.
        lines: The lines that `clean` gave, with `role` and `kind`.
        file_names: Of the documents.
        run_date: No date lies after it.

    Returns:
        One row per article, same order: `published_date`, `date_basis`, `event_date`.
    """
    run_day = day_number(run_date)
    documents = articles["document_row"].to_numpy().astype(np.int64)
    texts = buffer_texts(articles["body"])
    found = find_dates(texts)
    date_lines = find_date_lines(articles, lines)
    records = _scan(tidy_dates(articles["record"].fill_null("")), documents)
    datelines = _scan(articles["dateline"], documents)
    orders = find_orders(
        [Scan(texts, found, documents), date_lines.scan, records],
        len(file_names),
        articles["language"],
        documents,
    )
    mentions = read_mentions(texts, orders[documents], found)
    mentions = mark_future(mentions, texts, run_day)
    # The day in a dateline is when the story was filed, not when its event was.
    lead_bytes = articles["lead_bytes"].fill_null(0).to_numpy()
    mentions = mentions.where(mentions.at >= lead_bytes[mentions.rows])
    # The day in a dateline is when the story was filed, not when its event was.
    lead_bytes = articles["lead_bytes"].fill_null(0).to_numpy()
    mentions = mentions.where(mentions.at >= lead_bytes[mentions.rows])
    stated = read_stated(articles, date_lines, orders, run_day)
    clues = _read_clues(
        _state_records(stated, records, orders, run_day),
        datelines,
        orders,
        file_days(file_names)[documents],
        mentions,
    )
    document_days = _document_days(clues)
    own = _first_known(clues.record, clues.header, clues.dateline)
    ahead = np.where(document_days != NO_DAY, AHEAD_DAYS, NEAREST_DAYS)
    ahead[own != NO_DAY] = AHEAD_OF_OWN_DAYS
    anchors = _first_known(own, document_days, clues.latest)
    rows = mentions.rows
    days = _first_known(
        mentions.full,
        _days_near(anchors[rows], ahead[rows], mentions.months, mentions.days),
    )
    is_past = ~mentions.is_future & (days >= _EARLIEST) & (days <= run_day)
    latest = _latest_days(documents, document_days, rows[is_past], days[is_past])
    by_basis = _days_by_basis(clues, document_days, ahead, latest)
    published, bases = _publish(by_basis, run_day)
    return pl.DataFrame(
        [
            _dates(published).alias("published_date"),
            bases.alias("date_basis"),
            _dates(_event_days(published, mentions, days)).alias("event_date"),
        ]
    )


def _scan(texts: pl.Series, documents: Offsets) -> Scan:
    buffer = buffer_texts(texts)
    return Scan(buffer, find_dates(buffer), documents)


def _state_records(
    stated: Stated, records: Scan, orders: Offsets, run_day: int
) -> Stated:
    """What articles state; the date of a record comes before all lines."""
    dates = read_mentions(
        records.texts, orders[records.documents], records.found, year_of(run_day)
    )
    dates = dates.where((dates.full != NO_DAY) & (dates.full <= run_day)).firsts()
    is_recorded = np.zeros(len(stated.days), dtype=bool)
    is_recorded[dates.rows] = True
    days = stated.days.copy()
    days[dates.rows] = dates.full
    bases = stated.bases.set(pl.Series(is_recorded), DateBasis.RECORD.value)
    return Stated(days, bases)


def _read_clues(
    stated: Stated,
    datelines: Scan,
    orders: Offsets,
    file: Offsets,
    mentions: Mentions,
) -> _Clues:
    documents = datelines.documents
    leads = read_mentions(datelines.texts, orders[documents], datelines.found)
    leads = leads.where(leads.weekdays == 0).firsts()
    is_past = ~mentions.is_future & (mentions.full >= _EARLIEST)
    latest = np.full(len(documents), NO_DAY)
    np.maximum.at(latest, mentions.rows[is_past], mentions.full[is_past])
    is_record = (stated.bases == DateBasis.RECORD).fill_null(value=False).to_numpy()
    return _Clues(
        documents,
        np.where(is_record, stated.days, NO_DAY),
        np.where(is_record, NO_DAY, stated.days),
        _place(leads.full, leads.rows, len(documents)),
        _place(leads.months, leads.rows, len(documents), 0),
        _place(leads.days, leads.rows, len(documents), 0),
        file,
        latest,
    )


def _place(
    values: Offsets, rows: Offsets, count: int, default: int = NO_DAY
) -> Offsets:
    placed = np.full(count, default)
    placed[rows] = values
    return placed


def _first_known(*choices: Offsets) -> Offsets:
    """The first day of each row that is one."""
    found = choices[-1]
    for days in choices[-2::-1]:
        found = np.where(days != NO_DAY, days, found)
    return found


def _dates(days: Offsets) -> pl.Series:
    numbers = pl.Series(days)
    return numbers.set(numbers == NO_DAY, None).cast(pl.Int32).cast(pl.Date)


def file_days(file_names: pl.Series) -> Offsets:
    """Days in file names (2022-01-06, 20220106), `NO_DAY` where there is none."""
    years, months, days = (
        extract(file_names, _FILE_DATE, group).cast(pl.Int64).fill_null(0).to_numpy()
        for group in (1, 2, 3)
    )
    return real_days(years, months, days)


def _document_days(clues: _Clues) -> Offsets:
    """Per article the latest day of its document that a second article vouches for.

    A document in which only one article has a date is as late as that article.
    """
    known = _first_known(clues.record, clues.header, clues.dateline, clues.latest)
    # The name of a file tells its day once, however many articles are in it.
    _, named = np.unique(clues.documents, return_index=True)
    documents = np.concatenate([clues.documents, clues.documents[named]])
    days = np.concatenate([known, clues.file[named]])
    documents, days = documents[days != NO_DAY], days[days != NO_DAY]
    order = np.lexsort((days, documents))
    documents, days = documents[order], days[order]
    is_same = documents[1:] == documents[:-1]
    is_near = is_same & (np.diff(days) <= SUPPORT_DAYS)
    is_vouched = np.append(False, is_near) | np.append(is_near, False)
    is_vouched |= ~(np.append(False, is_same) | np.append(is_same, False))
    latest = np.full(clues.documents.max(initial=-1) + 1, NO_DAY)
    vouched = is_vouched[: len(days)]
    np.maximum.at(latest, documents[vouched], days[vouched])
    anchors: Offsets = latest[clues.documents]
    return anchors


def _days_near(
    anchors: Offsets, ahead: Offsets, months: Offsets, days: Offsets
) -> Offsets:
    """The latest day of that month and day at most `ahead` days after its anchor."""
    near = np.full(len(anchors), NO_DAY)
    rows = np.flatnonzero((anchors != NO_DAY) & (months > 0))
    years = anchors[rows].astype("datetime64[D]").astype("datetime64[Y]")
    limits = anchors[rows] + ahead[rows]
    for shift in (-1, 0, 1):
        found = real_days(
            years.astype(np.int64) + 1970 + shift, months[rows], days[rows]
        )
        is_near = (found != NO_DAY) & (found <= limits)
        near[rows[is_near]] = found[is_near]
    return near


def _latest_days(
    documents: Offsets, document_days: Offsets, rows: Offsets, days: Offsets
) -> tuple[Offsets, Offsets]:
    """Per article the latest day that its text, and that its document, names.

    A digest is as late as its latest day, if that is named more than once.

    Args:
        documents: Of each article.
        document_days: The day that each article's document is known to be near.
        rows: Articles that name past days.
        days: These days.
    """
    anchors = document_days[rows]
    is_anchored = anchors != NO_DAY
    is_near = ~is_anchored | (days - anchors <= AHEAD_DAYS)
    texts = np.full(len(documents), NO_DAY)
    np.maximum.at(texts, rows[is_near], days[is_near])
    is_named = is_near & is_anchored
    # Days of a digest as one number each, for pairs are slow to sort.
    named = (documents[rows][is_named] << _DAY_BITS) + days[is_named]
    distinct, firsts, copies = np.unique(named, return_index=True, return_counts=True)
    named_documents = distinct >> _DAY_BITS
    named_days = distinct & ((1 << _DAY_BITS) - 1)
    is_late = (copies > 1) | (named_days <= anchors[is_named][firsts])
    latest = np.full(documents.max(initial=-1) + 1, NO_DAY)
    np.maximum.at(latest, named_documents[is_late], named_days[is_late])
    return texts, np.maximum(latest[documents], document_days)


def _days_by_basis(
    clues: _Clues,
    document_days: Offsets,
    ahead: Offsets,
    latest_days: tuple[Offsets, Offsets],
) -> dict[DateBasis, Offsets]:
    """What may be the day of publication, the best first."""
    text_days, latest = latest_days
    is_stale = (latest != NO_DAY) & (latest - text_days > STALE_DAYS)
    dateline_days = _days_near(
        _first_known(clues.record, clues.header, document_days, clues.latest),
        ahead,
        clues.dateline_months,
        clues.dateline_days,
    )
    return {
        DateBasis.RECORD: clues.record,
        DateBasis.HEADER: clues.header,
        DateBasis.DATELINE: _first_known(clues.dateline, dateline_days),
        DateBasis.TEXT: np.where(is_stale, NO_DAY, text_days),
        DateBasis.DOCUMENT: latest,
        DateBasis.FILE_NAME: clues.file,
    }


def _publish(
    days_by_basis: dict[DateBasis, Offsets], run_day: int
) -> tuple[Offsets, pl.Series]:
    """The first sane day of each article, and what it rests on."""
    count = len(days_by_basis[DateBasis.RECORD])
    published = np.full(count, NO_DAY)
    bases = np.full(count, len(days_by_basis))
    for number, days in enumerate(days_by_basis.values()):
        is_new = (published == NO_DAY) & (days != NO_DAY) & (days <= run_day)
        published[is_new] = days[is_new]
        bases[is_new] = number
    names = [basis.value for basis in (*days_by_basis, DateBasis.UNKNOWN)]
    return published, pl.Series(names).gather(pl.Series(bases))


def _event_days(published: Offsets, mentions: Mentions, days: Offsets) -> Offsets:
    """First day that each body names and that is not after its publication."""
    anchors = published[mentions.rows]
    back = (anchors + 3) % 7 + 1 - mentions.weekdays  # 1970 began on a Thursday
    days = np.where(mentions.weekdays > 0, anchors - back % 7, days)
    is_event = (
        ~mentions.is_future & (anchors != NO_DAY) & (days != NO_DAY) & (days <= anchors)
    )
    events = np.full(len(published), NO_DAY)
    # Reversed, so that the first of an article is written last.
    rows = mentions.rows[is_event][::-1]
    events[rows] = (days - mentions.range_days)[is_event][::-1]
    return events
