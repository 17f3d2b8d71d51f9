"""Dimension tables of one batch: the members that its articles name."""

from functools import cache
from typing import Final

import polars as pl

from transforms.contracts import CATEGORY_CODES
from transforms.keys import surrogate_keys
from transforms.reference import read_reference
from transforms.star.author_aliases import find_author_aliases

_LIST_SEPARATOR: Final = "; "


def date_keys(dates: pl.Expr) -> pl.Expr:
    """Days as YYYYMMDD, 0 for an unknown one."""
    return (
        dates.dt.year() * 10_000
        + dates.dt.month().cast(pl.Int32) * 100
        + dates.dt.day()
    ).fill_null(0)


@cache
def build_dim_category() -> pl.DataFrame:
    """One row per label: `category_key`, code, label, definition, IPTC codes."""
    categories = read_reference("categories").filter(
        pl.col("code").is_in(CATEGORY_CODES)
    )
    return categories.select(
        surrogate_keys(categories["code"]).alias("category_key"),
        "code",
        "label",
        "definition",
        _split_list("iptc_codes"),
    )


def build_dim_source(articles: pl.DataFrame) -> pl.DataFrame:
    """One row per publisher: all of the reference list, and those only named here.

    Args:
        articles: `source`, `agency` (str, null when unknown).
    """
    listed = _listed_sources()
    known = frozenset(listed["name"])
    named = _names(pl.concat([articles["source"], articles["agency"].alias("source")]))
    names = [name for name in named["name"] if name not in known]
    inferred = pl.DataFrame({"name": names}, schema={"name": pl.String}).select(
        surrogate_keys(pl.Series(names, dtype=pl.String)).alias("source_key"),
        "name",
        pl.lit(None, pl.String).alias("kind"),
        pl.lit([], pl.List(pl.String)).alias("aliases"),
        pl.lit(value=True).alias("is_inferred"),
    )
    return pl.concat([listed, inferred])


def build_dim_author(printed: pl.DataFrame) -> pl.DataFrame:
    """One row per person or desk of the lists `authors`, with its other spellings.

    Args:
        printed: One row per appearance of an article, so that a spelling counts
            wherever it stands: `document_key`, `source`, `byline`, `authors`.
    """
    credited = (
        printed.select("document_key", "source", "byline", name="authors")
        .explode("name", empty_as_null=False)
        .filter(pl.col("name") != "")
    )
    spellings = find_author_aliases(credited).group_by("name").agg("alias")
    authors = _names(credited["name"]).join(
        spellings, on="name", how="left", maintain_order="left"
    )
    return authors.select(
        surrogate_keys(authors["name"]).alias("author_key"),
        "name",
        pl.col("alias").fill_null([]).list.unique().list.sort().alias("aliases"),
    )


def build_bridge_article_author(articles: pl.DataFrame) -> pl.DataFrame:
    """One row per article and who wrote it: `ordinal` from 1, in reading order.

    Args:
        articles: `article_key`, and `authors`, a list without doubles.
    """
    bridge = articles.select(
        "article_key",
        "authors",
        ordinal=pl.int_ranges(1, pl.col("authors").list.len() + 1, dtype=pl.Int32),
    ).explode("authors", "ordinal", empty_as_null=False)
    return bridge.select(
        "article_key",
        surrogate_keys(bridge["authors"]).alias("author_key"),
        "ordinal",
    )


def build_dim_date(articles: pl.DataFrame) -> pl.DataFrame:
    """One row per day of publication, of its bounds, and of events."""
    days = (
        pl.concat(
            [
                articles[name].rename("date")
                for name in (
                    *("published_date", "published_from", "published_to"),
                    "event_date",
                )
            ]
        )
        .drop_nulls()
        .unique()
        .sort()
        .to_frame()
    )
    day = pl.col("date")
    return days.select(
        date_keys(day).alias("date_key"),
        day,
        day.dt.year().alias("year"),
        day.dt.quarter().alias("quarter"),
        day.dt.month().alias("month"),
        day.dt.to_string("%B").alias("month_name"),
        day.dt.day().alias("day"),
        day.dt.iso_year().alias("iso_year"),
        day.dt.week().alias("iso_week"),
        day.dt.weekday().alias("iso_weekday"),
        day.dt.to_string("%A").alias("weekday_name"),
        (day.dt.weekday() >= 6).alias("is_weekend"),  # noqa: PLR2004  # Saturday
    )


def _names(values: pl.Series) -> pl.DataFrame:
    names = values.drop_nulls().unique().sort()
    return names.filter(names != "").rename("name").to_frame()


@cache
def _listed_sources() -> pl.DataFrame:
    sources = read_reference("sources")
    return sources.select(
        surrogate_keys(sources["name"]).alias("source_key"),
        "name",
        "kind",
        _split_list("aliases"),
        pl.lit(value=False).alias("is_inferred"),
    )


def _split_list(column: str) -> pl.Expr:
    return (
        pl.col(column)
        .fill_null("")
        .str.split(_LIST_SEPARATOR)
        .list.eval(pl.element().filter(pl.element() != ""))
    )
