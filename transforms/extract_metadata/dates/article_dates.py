"""When articles were published and when their events happened.

A stated day decides. What is not stated is inferred, with bounds, or stays null: a
wrong date is worse than none.
"""

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from transforms.contracts import DateBasis
from transforms.extract_metadata.dates.date_lines import (
    DateLines,
    find_date_lines,
    read_lead_days,
    read_stated,
    tidy_dates,
)
from transforms.extract_metadata.dates.date_scan_kernels import find_dates
from transforms.extract_metadata.dates.mentions import (
    NO_DAY,
    Flags,
    Mentions,
    buffer_texts,
    day_number,
    mark_future,
    read_mentions,
    real_days,
    year_of,
)
from transforms.extract_metadata.dates.month_order import Scan, find_orders
from transforms.extract_metadata.dates.posterior import Posterior, infer_days
from transforms.extract_metadata.dates.relative_times import read_ages
from transforms.extract_metadata.dates.votes import (
    HALF_YEAR,
    ON_DAY,
    Votes,
    cast_votes,
    read_tables,
)
from transforms.text.buffers import Offsets
from transforms.text.compiled_patterns import extract

# Behind the day of a dateline, an article appears within so many days.
DATELINE_DAYS: Final = 7
EVENT_BYTES: Final = 600
_FILE_DATE: Final = (
    r"(?:^|[^0-9A-Za-z])((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?:[^0-9A-Za-z]|$)"
)


def date_articles(
    articles: pl.DataFrame,
    lines: pl.DataFrame,
    documents: pl.DataFrame,
    run_date: date,
) -> pl.DataFrame:
    """Publication and event dates.

    Args:
        articles: One row per article: `article_row`, `document_row`, `body`,
            `lead_bytes` (of its dateline, null for none), `language`, `is_record`, and
            what says its date, null for none: `record` (the date of its record) and
            `dateline`.
        lines: The lines that `clean` gave, with `role` and `kind`.
        documents: `file_name`, and `dated`, the day of its mail, null for none.
        run_date: No date lies after it.

    Returns:
        One row per article, same order: `published_date`, `published_from`,
        `published_to`, `is_date_stated`, `date_basis`, `event_date`.
    """
    run_day = day_number(run_date)
    rows = articles["document_row"].to_numpy().astype(np.int64)
    lead_bytes = articles["lead_bytes"].fill_null(0).to_numpy().astype(np.int64)
    texts = buffer_texts(articles["body"])
    found = find_dates(texts)
    date_lines = find_date_lines(articles, lines)
    records = _scan(tidy_dates(articles["record"].fill_null("")), rows)
    orders = find_orders(
        [Scan(texts, found, rows), date_lines.scan, records],
        len(documents),
        articles["language"],
        rows,
    )
    mentions = mark_future(read_mentions(texts, orders[rows], found), texts)
    datelines = _scan(articles["dateline"], rows)
    days, bases = _state_days(articles, date_lines, records, datelines, orders, run_day)
    votes = cast_votes(mentions, lead_bytes, run_day)
    mails = _mail_days(documents["dated"], days, votes, rows)
    is_mail = mails != NO_DAY
    in_mails = articles["article_row"].filter(pl.Series(is_mail))
    mails[is_mail] -= read_ages(lines, in_mails)
    files = np.where(is_mail, mails, file_days(documents["file_name"])[rows])
    posterior = infer_days(
        votes,
        read_tables(),
        days,
        np.where(files <= run_day, files, NO_DAY),
        np.where(_is_alone(articles, date_lines), -1, rows),
        run_day,
    )
    is_stated = days != NO_DAY
    has_dateline = _has_dateline(posterior.days, mentions, lead_bytes)
    return pl.DataFrame(
        [
            _dates(posterior.days).alias("published_date"),
            _dates(posterior.lows).alias("published_from"),
            _dates(posterior.highs).alias("published_to"),
            pl.Series("is_date_stated", is_stated),
            _name_bases(bases, posterior, has_dateline, is_mail).alias("date_basis"),
            _dates(_event_days(posterior.days, mentions, lead_bytes, run_day)).alias(
                "event_date"
            ),
        ]
    )


def _scan(texts: pl.Series, documents: Offsets) -> Scan:
    buffer = buffer_texts(texts)
    return Scan(buffer, find_dates(buffer), documents)


def _is_alone(articles: pl.DataFrame, date_lines: DateLines) -> Flags:
    """Whether an article is a record, or one of a database: no part of a digest."""
    is_export = articles["article_row"].is_in(date_lines.exports.implode())
    alone: Flags = (is_export | articles["is_record"]).to_numpy()
    return alone


def _state_days(
    articles: pl.DataFrame,
    date_lines: DateLines,
    records: Scan,
    datelines: Scan,
    orders: Offsets,
    run_day: int,
) -> tuple[Offsets, pl.Series]:
    """The day that each article states, and the basis: its record first, then lines."""
    stated = read_stated(articles, date_lines, orders, run_day)
    leads = read_lead_days(articles["body"], run_day)
    is_lead = (stated.days == NO_DAY) & (leads != NO_DAY)
    days = np.where(is_lead, leads, stated.days)
    bases = stated.bases.set(pl.Series(is_lead), DateBasis.DATELINE.value)
    for scan, newest_year, basis in (
        (datelines, None, DateBasis.DATELINE),
        (records, year_of(run_day), DateBasis.RECORD),
    ):
        mentions = read_mentions(
            scan.texts, orders[scan.documents], scan.found, newest_year
        )
        is_day = (mentions.full != NO_DAY) & (mentions.full <= run_day)
        mentions = mentions.where(is_day).firsts()
        is_new = np.zeros(len(days), dtype=bool)
        is_new[mentions.rows] = True
        is_new &= (basis == DateBasis.RECORD) | (days == NO_DAY)
        own = np.full(len(days), NO_DAY)
        own[mentions.rows] = mentions.full
        days[is_new] = own[is_new]
        bases = bases.set(pl.Series(is_new), basis.value)
    return days, bases


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


def _mail_days(
    dated: pl.Series, stated: Offsets, votes: Votes, rows: Offsets
) -> Offsets:
    """Day of each article's mail, where no article of the mail tells a time of its own.

    What is sent on may be years old.
    """
    is_dated = stated != NO_DAY
    texts = np.repeat(np.arange(len(stated)), np.diff(votes.starts))
    is_dated[texts[votes.forms == ON_DAY]] = True
    days = dated.to_physical().cast(pl.Int64).fill_null(NO_DAY).to_numpy(writable=True)
    days[rows[is_dated]] = NO_DAY
    return days[rows]


def _has_dateline(published: Offsets, mentions: Mentions, lead_bytes: Offsets) -> Flags:
    """Whether an article's dateline names a day shortly before its publication."""
    leads = mentions.where(
        (mentions.at < lead_bytes[mentions.rows]) & (mentions.days > 0)
    )
    days = _nearest_days(published[leads.rows], leads.months, leads.days)
    behind = published[leads.rows] - days
    is_near = (days != NO_DAY) & (behind >= 0) & (behind <= DATELINE_DAYS)
    has_dateline = np.zeros(len(published), dtype=bool)
    has_dateline[leads.rows[is_near]] = True
    return has_dateline


def _nearest_days(anchors: Offsets, months: Offsets, days: Offsets) -> Offsets:
    """The day of that month and day within half a year of its anchor."""
    nearest = np.full(len(anchors), NO_DAY)
    rows = np.flatnonzero((anchors != NO_DAY) & (months > 0) & (days > 0))
    years = anchors[rows].astype("datetime64[D]").astype("datetime64[Y]")
    for shift in (-1, 0, 1):
        found = real_days(
            years.astype(np.int64) + 1970 + shift, months[rows], days[rows]
        )
        is_near = (found != NO_DAY) & (np.abs(found - anchors[rows]) <= HALF_YEAR)
        nearest[rows[is_near]] = found[is_near]
    return nearest


def _name_bases(
    stated: pl.Series, posterior: Posterior, has_dateline: Flags, is_mail: Flags
) -> pl.Series:
    """What each date rests on."""
    bases = pl.DataFrame(
        {
            "stated": stated,
            "has_day": posterior.days != NO_DAY,
            "has_dateline": has_dateline,
            "is_by_text": posterior.is_by_text,
            "is_by_file": posterior.is_by_file,
            "is_mail": is_mail,
        }
    )
    return bases.select(
        pl.when(pl.col("stated").is_not_null())
        .then("stated")
        .when(~pl.col("has_day"))
        .then(pl.lit(DateBasis.UNKNOWN.value))
        .when("has_dateline")
        .then(pl.lit(DateBasis.DATELINE.value))
        .when("is_by_text")
        .then(pl.lit(DateBasis.TEXT.value))
        .when(pl.col("is_by_file") & pl.col("is_mail"))
        .then(pl.lit(DateBasis.HEADER.value))
        .when("is_by_file")
        .then(pl.lit(DateBasis.FILE_NAME.value))
        .otherwise(pl.lit(DateBasis.NEIGHBOURS.value))
    ).to_series()


def _event_days(
    published: Offsets, mentions: Mentions, lead_bytes: Offsets, run_day: int
) -> Offsets:
    """First day that the head of each body names and that is not after publication.

    The day in a dateline is when the story was filed, not when its event was.
    """
    is_day = (mentions.days > 0) | (mentions.weekdays > 0)
    is_told = ~mentions.looks_ahead & ~mentions.is_habit & (mentions.at < EVENT_BYTES)
    is_told &= mentions.at >= lead_bytes[mentions.rows]
    mentions = mentions.where(is_day & is_told)
    anchors = published[mentions.rows]
    back = (anchors + 3) % 7 + 1 - mentions.weekdays  # 1970 began on a Thursday
    near = _nearest_days(anchors, mentions.months, mentions.days)
    days = np.where(
        mentions.weekdays > 0,
        np.where(anchors != NO_DAY, anchors - back % 7, NO_DAY),
        np.where(mentions.years > 0, mentions.full, near),
    )
    is_event = (days != NO_DAY) & (
        days <= np.where(anchors == NO_DAY, run_day, anchors)
    )
    events = np.full(len(published), NO_DAY)
    # Reversed, so that the first of an article is written last.
    rows = mentions.rows[is_event][::-1]
    events[rows] = (days - mentions.range_days)[is_event][::-1]
    return events
