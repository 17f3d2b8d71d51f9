"""When articles were published and when their events happened.

A mention without a year, or a weekday, means nothing by itself: it is resolved against
the date that the article, else its document, is known to be near. What cannot be
resolved stays null, since a wrong date is worse than none.
"""

from datetime import date
from typing import Final

import polars as pl

from transforms.buffers import buffer_documents
from transforms.characters import TAIL, TAIL_MASK
from transforms.contracts import DateBasis
from transforms.date_scan import find_dates
from transforms.locate import gather_texts

EARLIEST_PUBLICATION: Final = date(1990, 1, 1)
# Two articles of one digest whose latest dates are this near vouch for each other.
SUPPORT_DAYS: Final = 31
# A day without a year lies this far behind its anchor at most: further ahead of the
# digest's latest known date, it is a day of the year before.
AHEAD_DAYS: Final = 31
NEAREST_DAYS: Final = 183
STALE_DAYS: Final = 366
CUE_BYTES: Final = 48
MONTHS_PER_YEAR: Final = 12
FUTURE_CUE: Final = (
    r"(?i)\b(?:by|until|till|before|through|next|will|would|due|scheduled|planned|"
    r"plans?|expected|expires?|effective|deadline|upcoming|starting|beginning|begins?|"
    r"later|set|slated|ends?|ending|from|to be|valid)\b[^.!?\n]*$"
)
_FILE_DATE: Final = (
    r"(?:^|[^0-9A-Za-z])((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?:[^0-9A-Za-z]|$)"
)


def real_date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """The date, or null where there is no such day (30 February)."""
    text = pl.format(
        "{}-{}-{}",
        year,
        month.cast(pl.String).str.zfill(2),
        day.cast(pl.String).str.zfill(2),
    )
    return text.str.to_date("%Y-%m-%d", strict=False)


def read_mentions(
    texts: pl.Series, run_date: date, documents: pl.Series
) -> pl.DataFrame:
    """Dates and weekdays that texts name, with what can be said of each by itself.

    Args:
        texts: One text per row, null for none.
        run_date: Nothing after this day is a date of the past.
        documents: Document of each text: one in which 1/13/2022 or 13/1/2022 stands
            puts month and day in that order everywhere.

    Returns:
        One row per mention, in order: `row` (of the texts), `at` (byte), `month`,
        `day` (the last of a range), `range_days` (back to its first), `weekday`,
        `full` (date, null without a year), `is_future` (its sentence looks ahead, or
        it lies after the run).
    """
    filled = texts.fill_null("")
    mentions = find_dates(filled)
    swapped = pl.col("order") == 1
    # 1/13/2022 can only be read one way; 6/1/2022 is read as the document's others.
    month_first = swapped & (
        (pl.col("month") > MONTHS_PER_YEAR) | pl.col("is_month_first")
    )
    is_open = (
        swapped
        & (pl.col("month") <= MONTHS_PER_YEAR)
        & (pl.col("day") <= MONTHS_PER_YEAR)
        & (pl.col("month") != pl.col("day"))
    )
    return (
        mentions.with_columns(
            cue=_before(filled, mentions),
            document=documents.gather(mentions["row"]),
        )
        .lazy()
        .with_columns(is_month_first=_is_month_first().over("document"))
        .filter(~is_open | pl.col("is_month_first").is_not_null())
        .with_columns(
            month=pl.when(month_first).then("day").otherwise("month"),
            day=pl.when(month_first).then("month").otherwise("last_day"),
            range_days=pl.col("last_day") - pl.col("day"),
        )
        .with_columns(
            full=pl.when(pl.col("year") > 0).then(
                real_date(pl.col("year"), pl.col("month"), pl.col("day"))
            )
        )
        .filter((pl.col("year") == 0) | pl.col("full").is_not_null())
        .with_columns(
            is_future=pl.col("cue").str.contains(FUTURE_CUE)
            | (pl.col("full") > run_date).fill_null(value=False)
        )
        .select(
            "row", "at", "month", "day", "range_days", "weekday", "full", "is_future"
        )
        .collect()
    )


def _is_month_first() -> pl.Expr:
    """Whether months stand before days in numbers; null when nothing tells."""
    is_number = pl.col("order") == 1
    month_first = (is_number & (pl.col("month") > MONTHS_PER_YEAR)).sum()
    day_first = (is_number & (pl.col("day") > MONTHS_PER_YEAR)).sum()
    return (
        pl.when(month_first > day_first)
        .then(pl.lit(value=True))
        .when(day_first > month_first)
        .then(pl.lit(value=False))
    )


def _before(texts: pl.Series, mentions: pl.DataFrame) -> pl.Series:
    """The few characters before each mention."""
    buffer = buffer_documents(texts.to_frame("text"))
    firsts = buffer.document_starts[mentions["row"].to_numpy()]
    ends = firsts + mentions["at"].to_numpy()
    starts = (ends - CUE_BYTES).clip(min=firsts)
    for _ in range(3):
        is_inside = (starts < ends) & (
            (buffer.data[starts.clip(max=max(len(buffer.data) - 1, 0))] & TAIL_MASK)
            == TAIL
        )
        starts = starts + is_inside
    return gather_texts(buffer.data, starts, ends)


def resolve_near(anchor: pl.Expr, *, ahead_days: pl.Expr) -> pl.Expr:
    """Date of `month` and `day` (columns) that suits an anchor.

    The latest such day that is at most `ahead_days` after the anchor.
    """
    candidates = [
        real_date(anchor.dt.year() + shift, pl.col("month"), pl.col("day"))
        for shift in (1, 0, -1)
    ]
    limit = anchor + pl.duration(days=ahead_days)
    return pl.coalesce(pl.when(found <= limit).then(found) for found in candidates)


def last_weekday(anchor: pl.Expr) -> pl.Expr:
    """The anchor if it falls on `weekday` (column), else the last such day before."""
    back = (anchor.dt.weekday().cast(pl.Int64) - pl.col("weekday") + 7) % 7
    return (anchor - pl.duration(days=back)).cast(pl.Date)


def file_dates(file_names: pl.Series) -> pl.Series:
    """Dates in file names (2022-01-06, 20220106), null where there is none."""
    name = pl.col("name")
    parts = [name.str.extract(_FILE_DATE, group).cast(pl.Int64) for group in (1, 2, 3)]
    return (
        file_names.alias("name").to_frame().select(file_date=real_date(*parts))
    ).to_series()


def date_articles(
    articles: pl.DataFrame, mentions: pl.DataFrame, run_date: date
) -> pl.DataFrame:
    """Publication and event dates.

    Args:
        articles: One row per article: `row`, `document_row`, `record_date` (a date
            field, null for none), `dateline_full`, `dateline_month`, `dateline_day`
            (null for none), `file_date`.
        mentions: What `read_mentions` found in the bodies; `row` is that of articles.
        run_date: No date lies after it.

    Returns:
        One row per article, same order: `published_date`, `date_basis`, `event_date`.
    """
    latest = (
        mentions.lazy()
        .filter(~pl.col("is_future") & (pl.col("full") >= EARLIEST_PUBLICATION))
        .group_by("row")
        .agg(latest_full=pl.col("full").max())
    )
    dated = (
        articles.lazy()
        .join(latest, on="row", how="left", maintain_order="left")
        .collect()
    )
    anchors = dated.join(
        _document_anchors(dated), on="document_row", how="left", maintain_order="left"
    ).with_columns(
        own=pl.coalesce("record_date", "dateline_full"),
    )
    anchors = anchors.with_columns(
        anchor=pl.coalesce("own", "document_anchor", "latest_full"),
        ahead=pl.when(pl.col("own").is_not_null())
        .then(2)
        .when(pl.col("document_anchor").is_not_null())
        .then(AHEAD_DAYS)
        .otherwise(NEAREST_DAYS),
    )
    anchors = anchors.with_columns(dateline_date=_dateline_date())
    resolved = _resolve_mentions(mentions, anchors)
    published = _publish(anchors, resolved, run_date)
    return published.with_columns(event_date=_event_dates(published, resolved)).select(
        "published_date", "date_basis", "event_date"
    )


def _document_anchors(dated: pl.DataFrame) -> pl.DataFrame:
    """The latest date of each document that a second article vouches for.

    A document in which only one article has a date is as late as that article.
    """
    known = (
        dated.lazy()
        .select(
            "document_row",
            day=pl.coalesce("record_date", "dateline_full", "latest_full"),
        )
        .drop_nulls("day")
    )
    named = (
        dated.lazy().select("document_row", day="file_date").drop_nulls("day").unique()
    )
    gap = pl.col("day").diff().over("document_row").dt.total_days()
    return (
        pl.concat([known, named])
        .sort("document_row", "day")
        .with_columns(
            gap=gap,
            next_gap=gap.shift(-1).over("document_row"),
            count=pl.len().over("document_row"),
        )
        .filter(
            (pl.col("gap") <= SUPPORT_DAYS)
            | (pl.col("next_gap") <= SUPPORT_DAYS)
            | (pl.col("count") == 1)
        )
        .group_by("document_row")
        .agg(document_anchor=pl.col("day").max())
        .collect()
    )


def _dateline_date() -> pl.Expr:
    month_day = {"month": "dateline_month", "day": "dateline_day"}
    anchor = pl.coalesce("record_date", "document_anchor", "latest_full")
    candidates = [
        real_date(
            anchor.dt.year() + shift, *(pl.col(name) for name in month_day.values())
        )
        for shift in (1, 0, -1)
    ]
    limit = anchor + pl.duration(days=pl.col("ahead"))
    return pl.coalesce(
        "dateline_full", *(pl.when(day <= limit).then(day) for day in candidates)
    )


def _resolve_mentions(mentions: pl.DataFrame, anchors: pl.DataFrame) -> pl.DataFrame:
    """Mentions with `day_date`; weekdays stay open until the article has a date."""
    near = anchors.select("row", "document_row", "anchor", "ahead", "document_anchor")
    return (
        mentions.lazy()
        .join(near.lazy(), on="row", maintain_order="left")
        .with_columns(
            day_date=pl.when(pl.col("full").is_not_null())
            .then("full")
            .when(pl.col("month") > 0)
            .then(resolve_near(pl.col("anchor"), ahead_days=pl.col("ahead")))
        )
        .collect()
    )


def _publish(
    anchors: pl.DataFrame, resolved: pl.DataFrame, run_date: date
) -> pl.DataFrame:
    past = resolved.lazy().filter(
        ~pl.col("is_future")
        & pl.col("day_date").is_between(EARLIEST_PUBLICATION, run_date)
    )
    is_near = pl.col("document_anchor").is_null() | (
        (pl.col("day_date") - pl.col("document_anchor")).dt.total_days() <= AHEAD_DAYS
    )
    text_dates = past.filter(is_near).group_by("row").agg(pl.col("day_date").max())
    # The digest is as late as its latest day, if that is named more than once.
    document_dates = (
        past.filter(is_near & pl.col("document_anchor").is_not_null())
        .group_by("document_row", "day_date")
        .agg(copies=pl.len(), anchor=pl.col("document_anchor").first())
        .filter((pl.col("copies") > 1) | (pl.col("day_date") <= pl.col("anchor")))
        .group_by("document_row")
        .agg(latest=pl.col("day_date").max())
    )
    text_is_fresh = pl.col("document_date").is_null() | (
        (pl.col("document_date") - pl.col("day_date")).dt.total_days() <= STALE_DAYS
    )
    by_basis = {
        DateBasis.RECORD: pl.col("record_date"),
        DateBasis.DATELINE: pl.col("dateline_date"),
        DateBasis.TEXT: pl.when(text_is_fresh).then(pl.col("day_date")),
        DateBasis.DOCUMENT: pl.col("document_date"),
        DateBasis.FILE_NAME: pl.col("file_date"),
    }
    sane = {
        basis: pl.when(day.is_between(EARLIEST_PUBLICATION, run_date)).then(day)
        for basis, day in by_basis.items()
    }
    return (
        anchors.lazy()
        .join(text_dates, on="row", how="left", maintain_order="left")
        .join(document_dates, on="document_row", how="left", maintain_order="left")
        .with_columns(document_date=pl.max_horizontal("latest", "document_anchor"))
        .with_columns(
            published_date=pl.coalesce(*sane.values()),
            date_basis=pl.coalesce(
                *(
                    pl.when(day.is_not_null()).then(pl.lit(basis.value))
                    for basis, day in sane.items()
                ),
                pl.lit(DateBasis.UNKNOWN.value),
            ),
        )
        .collect()
    )


def _event_dates(published: pl.DataFrame, resolved: pl.DataFrame) -> pl.Series:
    """First day that each body names and that is not after its publication."""
    first = (
        resolved.lazy()
        .filter(~pl.col("is_future"))
        .join(
            published.lazy().select("row", "published_date"),
            on="row",
            maintain_order="left",
        )
        .with_columns(
            day_date=pl.when(pl.col("weekday") > 0)
            .then(last_weekday(pl.col("published_date")))
            .otherwise("day_date")
        )
        .filter(pl.col("day_date") <= pl.col("published_date"))
        .with_columns(
            day_date=(pl.col("day_date") - pl.duration(days="range_days")).cast(pl.Date)
        )
        .group_by("row", maintain_order=True)
        .agg(event_date=pl.col("day_date").first())
    )
    return (
        published.lazy()
        .select("row")
        .join(first, on="row", how="left", maintain_order="left")
        .collect()["event_date"]
    )
