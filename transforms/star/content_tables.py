"""Tables of what articles tell of: places, actors, their mentions, counted claims."""

from typing import Final

import polars as pl

from transforms.contracts import PLACES
from transforms.extract_content.content import Content
from transforms.keys import surrogate_keys

_PLACE: Final = ("name", "geonames_id")


def add_place_keys(places: pl.DataFrame) -> pl.DataFrame:
    """Add `place_key` to places, each kept once.

    A place is known by its GeoNames id, else by all that is said of it: two rivers of
    one name are two.

    Args:
        places: Contract PLACES.

    Returns:
        One row per key, by name.
    """
    described = pl.concat_str(
        [
            pl.col(name).cast(pl.String).fill_null("")
            for name in PLACES
            if name not in ("aliases", "geonames_id", "country")
        ],
        separator="\t",
    ).str.strip_chars_end("\t")
    natural = pl.coalesce(
        pl.format("geonames:{}", pl.col("geonames_id")), described
    ).alias("natural")
    distinct = (
        places.with_columns(natural)
        .filter(pl.col("name") != "")
        .unique("natural", keep="first", maintain_order=True)
        .sort("name", "natural")
    )
    keys = surrogate_keys(distinct["natural"]).alias("place_key")
    return distinct.select(keys, *PLACES)


def find_place_keys(
    rows: pl.DataFrame, keyed_places: pl.DataFrame, name: str, geonames_id: str
) -> pl.Series:
    """Keys of the places that rows name, 0 for none, in the order of the rows.

    Args:
        rows: With these two columns, either null.
        keyed_places: As `add_place_keys` gives them.
        name: Column with the name of a place.
        geonames_id: Column with its GeoNames id.
    """
    places = keyed_places.select(*_PLACE, "place_key")
    # By the name alone, a place that could not be told comes before one of that name.
    by_name = places.sort("geonames_id", nulls_last=False).with_columns(
        geonames_id=pl.lit(None, pl.Int64)
    )
    known = pl.concat([places, by_name]).unique(
        _PLACE, keep="first", maintain_order=True
    )
    asked = rows.select(name=name, geonames_id=geonames_id)
    found = asked.join(
        known, on=_PLACE, how="left", nulls_equal=True, maintain_order="left"
    )
    return found["place_key"].fill_null(0)


def add_places(
    articles: pl.DataFrame, content: Content, keyed_places: pl.DataFrame
) -> pl.DataFrame:
    """Add `place_key` of the dateline, and the country that the article is about.

    Args:
        articles: With `article_row`; their order stays.
        content: Of these articles, and perhaps of others.
        keyed_places: As `add_place_keys` gives them.
    """
    datelines = content.datelines.select(
        "article_row",
        find_place_keys(content.datelines, keyed_places, "name", "geonames_id").alias(
            "place_key"
        ),
    )
    return articles.join(
        datelines, on="article_row", how="left", maintain_order="left"
    ).join(content.countries, on="article_row", how="left", maintain_order="left")


def build_dim_place(keyed_places: pl.DataFrame) -> pl.DataFrame:
    """One row per place that datelines, mentions, or quantities name."""
    return keyed_places.select("place_key", *PLACES)


def build_dim_actor(actors: pl.DataFrame) -> pl.DataFrame:
    """One row per person and organisation.

    Args:
        actors: Contract ACTORS; what is said of one in several rows is put together.
    """
    aliases = pl.col("aliases").list.explode(empty_as_null=False)
    merged = (
        actors.filter(pl.col("name") != "")
        .group_by("kind", "name")
        .agg(aliases.unique().sort())
        .sort("kind", "name")
    )
    return merged.select(
        _actor_keys(merged).alias("actor_key"), "name", "kind", "aliases"
    )


def build_fact_mention(
    mentions: pl.DataFrame, articles: pl.DataFrame, keyed_places: pl.DataFrame
) -> pl.DataFrame:
    """One row per place, person, or organisation at its span.

    Args:
        mentions: Contract MENTIONS with `char_start`, `char_end`, `exact`.
        articles: `article_row`, `article_key`, `document_key`; mentions of others go.
        keyed_places: As `add_place_keys` gives them.
    """
    keyed = mentions.with_columns(
        find_place_keys(mentions, keyed_places, *_PLACE).alias("place_key"),
        _actor_keys(mentions).alias("actor_key"),
    )
    is_place = pl.col("kind") == "place"
    return _of_articles(keyed, articles).select(
        "article_key",
        "document_key",
        "char_start",
        "char_end",
        "exact",
        "kind",
        pl.when(is_place).then("place_key").otherwise(0).alias("place_key"),
        "actor_key",
        "role",
        "printed_role",
        pl.col("is_metonym").fill_null(value=False),
        "score",
    )


def build_fact_quantity(
    quantities: pl.DataFrame, articles: pl.DataFrame, keyed_places: pl.DataFrame
) -> pl.DataFrame:
    """One row per counted claim at its span.

    Args:
        quantities: Contract QUANTITIES with `char_start`, `char_end`, `exact`; the
            speaker's places are those in the document.
        articles: `article_row`, `article_key`, `document_key`; claims of others go.
        keyed_places: As `add_place_keys` gives them.
    """
    places = find_place_keys(
        quantities, keyed_places, "place_name", "place_geonames_id"
    )
    return _of_articles(
        quantities.with_columns(places.alias("place_key")), articles
    ).select(
        "article_key",
        "document_key",
        "char_start",
        "char_end",
        "exact",
        "quantity_type",
        "value_low",
        "value_high",
        "is_approximate",
        "unit",
        "currency",
        "is_negated",
        "speaker",
        "speaker_start",
        "speaker_end",
        "place_key",
    )


def _actor_keys(actors: pl.DataFrame) -> pl.Series:
    """Keys of rows with `kind` and `name`, 0 for places.

    A person and a firm of one name are two.
    """
    natural = pl.when(pl.col("kind") != "place").then(
        pl.concat_str("kind", "name", separator=" ")
    )
    return surrogate_keys(actors.select(natural.alias("name"))["name"])


def _of_articles(rows: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    return rows.join(
        articles.select("article_row", "article_key", "document_key"),
        on="article_row",
        maintain_order="left",
    )
