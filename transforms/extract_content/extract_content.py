"""What articles tell of: places, persons, organisations, and counted claims."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

import polars as pl

from transforms.contracts import (
    ACTORS,
    ARTICLE_COUNTRIES,
    DATELINES,
    MENTIONS,
    PLACES,
    QUANTITIES,
    Schema,
)

# Those in which it was measured how much is found, and how much of that is right.
LANGUAGES: Final = ("en",)


def _none_of(schema: Schema) -> pl.DataFrame:
    return pl.DataFrame(schema=schema)


@dataclass(frozen=True)
class Content:
    """What some articles tell of.

    Attributes:
        mentions: Contract MENTIONS.
        places: Contract PLACES; those that mentions, quantities, and datelines name.
        actors: Contract ACTORS; those that mentions name.
        quantities: Contract QUANTITIES.
        countries: Contract ARTICLE_COUNTRIES; articles that are about one.
        datelines: Contract DATELINES; articles that have one.
    """

    mentions: pl.DataFrame = field(default_factory=partial(_none_of, MENTIONS))
    places: pl.DataFrame = field(default_factory=partial(_none_of, PLACES))
    actors: pl.DataFrame = field(default_factory=partial(_none_of, ACTORS))
    quantities: pl.DataFrame = field(default_factory=partial(_none_of, QUANTITIES))
    countries: pl.DataFrame = field(
        default_factory=partial(_none_of, ARTICLE_COUNTRIES)
    )
    datelines: pl.DataFrame = field(default_factory=partial(_none_of, DATELINES))


def extract_content(articles: pl.DataFrame) -> Content:
    """Find what English articles tell of; of the others, the dateline alone.

    Args:
        articles: `article_row`, `title`, `body`, `language`, `dateline`, `source`.
    """
    return read_datelines(articles)


def read_datelines(articles: pl.DataFrame) -> Content:
    """The places of datelines by their names alone, and nothing of the texts.

    Args:
        articles: `article_row` and `dateline`, null for none.
    """
    named = articles.filter(pl.col("dateline").fill_null("") != "")
    datelines = named.select(
        "article_row",
        pl.col("dateline").alias("name"),
        pl.lit(None, pl.Int64).alias("geonames_id"),
    )
    places = datelines.select("name").unique().sort("name")
    unknown = [
        pl.lit(None, dtype).alias(name)
        for name, dtype in PLACES.items()
        if name not in ("name", "aliases")
    ]
    aliases = pl.lit([], pl.List(pl.String())).alias("aliases")
    return Content(
        datelines=datelines,
        places=places.with_columns(*unknown, aliases).select(list(PLACES)),
    )
