"""Tables of what articles tell of: places, actors, their mentions, counted claims."""

import polars as pl

from transforms.contracts import PLACES
from transforms.extract_content.content import Content
from transforms.keys import surrogate_keys


def add_place_keys(places: pl.DataFrame) -> pl.DataFrame:
    """Add `place_key` to places, each kept once.

    Args:
        places: Contract PLACES.

    Returns:
        One row per key, by name.
    """
    distinct = (
        places.filter(pl.col("name") != "")
        .unique("place", keep="first", maintain_order=True)
        .sort("name", "place")
    )
    keys = surrogate_keys(distinct["place"]).alias("place_key")
    return distinct.select(keys, *PLACES)


def find_place_keys(places: pl.Series, keyed_places: pl.DataFrame) -> pl.Series:
    """Keys of places, 0 for none, in the order of the places.

    Args:
        places: Each as `place` in the contract PLACES, or null.
        keyed_places: As `add_place_keys` gives them.
    """
    found = places.to_frame("place").join(
        keyed_places.select("place", "place_key"),
        on="place",
        how="left",
        maintain_order="left",
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
        find_place_keys(content.datelines["place"], keyed_places),
    )
    return articles.join(
        datelines, on="article_row", how="left", maintain_order="left"
    ).join(content.countries, on="article_row", how="left", maintain_order="left")


def build_dim_place(keyed_places: pl.DataFrame) -> pl.DataFrame:
    """One row per place that datelines, mentions, or quantities name."""
    return keyed_places.drop("place")


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
        find_place_keys(mentions["place"], keyed_places),
        _actor_keys(mentions).alias("actor_key"),
    )
    return _of_articles(keyed, articles).select(
        "article_key",
        "document_key",
        "char_start",
        "char_end",
        "exact",
        "kind",
        "place_key",
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
    places = find_place_keys(quantities["place"], keyed_places)
    return _of_articles(quantities.with_columns(places), articles).select(
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
