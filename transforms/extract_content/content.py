"""What articles tell of, as frames."""

from dataclasses import dataclass, field
from functools import partial

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
