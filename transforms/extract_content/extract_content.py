"""What articles tell of: places, persons, organisations, and counted claims."""

from typing import Final

import numpy as np
import polars as pl

from transforms.contracts import (
    ACTORS,
    ARTICLE_COUNTRIES,
    DATELINES,
    MENTIONS,
    PLACES,
    QUANTITIES,
)
from transforms.extract_content.actors.actor_names import read_names
from transforms.extract_content.actors.find_actors import find_actors
from transforms.extract_content.content import Content
from transforms.extract_content.places.find_places import find_named_places
from transforms.extract_content.places.gazetteer import read_gazetteer, resolve_names
from transforms.extract_content.quantities.find_quantities import find_quantities
from transforms.extract_content.span_kernels import mark_spans
from transforms.extract_content.words import FIELD_GAP, TextWords, read_words
from transforms.text.buffers import Offsets

# Those in which it was measured how much is found, and how much of that is right.
LANGUAGES: Final = ("en",)
# How closely a place of a kind tells where something happened.
_RANKS: Final = {
    "facility": 0,
    "city": 1,
    "water": 2,
    "mountain": 2,
    "region": 3,
    "country": 4,
}
_FARTHEST: Final = 5
_FIELDS: Final = ("title", "body")
_SLICE_BYTES: Final = 3_000_000


def extract_content(articles: pl.DataFrame) -> Content:
    """Find what English articles tell of; of the others, the dateline alone.

    No mention overlaps another: a place inside the name of an organisation is part of
    that.

    Args:
        articles: `article_row`, `title`, `body`, `language`, `dateline`.
    """
    datelines = _resolve_datelines(articles)
    mine = articles.filter(pl.col("language").is_in(LANGUAGES))
    if not len(mine):
        return datelines
    parts = [_read_texts(some) for some in _slices(mine)]
    places = pl.concat([datelines.places, *(part.places for part in parts)])
    actors = pl.concat(part.actors for part in parts)
    return Content(
        mentions=pl.concat(part.mentions for part in parts),
        places=places.unique("place", keep="first", maintain_order=True),
        actors=actors.unique(["kind", "name"], keep="first").sort("kind", "name"),
        quantities=pl.concat(part.quantities for part in parts),
        countries=pl.concat(part.countries for part in parts),
        datelines=datelines.datelines,
    )


def _slices(articles: pl.DataFrame) -> list[pl.DataFrame]:
    """The articles some at a time: a word takes some fifty bytes in the arrays here."""
    sizes = pl.sum_horizontal(pl.col(_FIELDS).str.len_bytes().cast(pl.Int64))
    return articles.with_columns(slice=sizes.cum_sum() // _SLICE_BYTES).partition_by(
        "slice", maintain_order=True, include_key=False
    )


def _read_texts(articles: pl.DataFrame) -> Content:
    """What articles tell of, but for their datelines."""
    titles = articles["title"].fill_null("")
    words = read_words(titles + FIELD_GAP + articles["body"].fill_null(""))
    body_starts = titles.str.len_chars().cast(pl.Int64).to_numpy() + len(FIELD_GAP)
    found = find_named_places(words, body_starts)
    actors = find_actors(words, body_starts, found.mentions)
    taken = mark_spans(
        actors["first"].to_numpy(), actors["stop"].to_numpy(), len(words)
    )
    places = _named(found.mentions.filter(~pl.Series(taken[found.mentions["first"]])))
    quantities = find_quantities(words, places, actors)
    fields = _Fields(words, body_starts, articles["article_row"])
    rows = pl.concat([places["place_row"], quantities["place_row"].drop_nulls()])
    named = read_gazetteer().places[rows.unique().sort().to_list()]
    return Content(
        mentions=_mentions(fields, places, actors),
        places=named.select(list(PLACES)),
        actors=_describe_actors(actors),
        quantities=_quantities(fields, quantities),
        countries=_countries(fields, found.countries),
    )


def read_datelines(articles: pl.DataFrame) -> Content:
    """The places of datelines by their names alone, and nothing of the texts.

    Args:
        articles: `article_row` and `dateline`, null for none.
    """
    datelines = _printed_datelines(articles)
    names = datelines.select(name="dateline").unique().sort("name")
    unknown = [
        pl.lit(None, dtype).alias(name)
        for name, dtype in PLACES.items()
        if name not in ("place", "name", "aliases")
    ]
    aliases = pl.lit([], pl.List(pl.String())).alias("aliases")
    return Content(
        datelines=datelines.select("article_row", place="dateline"),
        places=names.with_columns(*unknown, aliases, place="name").select(list(PLACES)),
    )


def _resolve_datelines(articles: pl.DataFrame) -> Content:
    """The places that datelines mean; those that are not known by their names."""
    printed = _printed_datelines(articles)
    if not len(printed):
        return Content()
    names = printed["dateline"].unique().sort()
    places = resolve_names(names).select(list(PLACES))
    meant = places.select("place").with_columns(names.alias("dateline"))
    return Content(
        datelines=printed.join(
            meant, on="dateline", how="left", maintain_order="left"
        ).select(list(DATELINES)),
        places=places.unique(maintain_order=True),
    )


def _printed_datelines(articles: pl.DataFrame) -> pl.DataFrame:
    return articles.filter(pl.col("dateline").fill_null("") != "").select(
        "article_row", "dateline"
    )


class _Fields:
    """Where words stand in the fields of their articles."""

    def __init__(
        self, words: TextWords, body_starts: Offsets, article_rows: pl.Series
    ) -> None:
        self._words = words
        self._body_starts = body_starts
        self._article_rows = article_rows

    def article_rows(self, text_rows: pl.Series) -> pl.Series:
        """Of the articles that texts are of."""
        return self._article_rows.gather(text_rows)

    def place(self, firsts: pl.Series, stops: pl.Series) -> pl.DataFrame:
        """`article_row`, `field`, `text_start`, `text_end` of spans of words.

        Where there is no span (null), the last three are null.
        """
        arrays = self._words.arrays
        is_there = firsts.is_not_null()
        first = firsts.fill_null(0).to_numpy()
        last = np.maximum(stops.fill_null(1).to_numpy() - 1, 0)
        rows = arrays.text_row[first]
        starts = arrays.start[first].astype(np.int64)
        shift = np.where(starts >= self._body_starts[rows], self._body_starts[rows], 0)
        frame = pl.DataFrame(
            {
                "article_row": self.article_rows(pl.Series(rows)),
                "is_there": is_there,
                "is_body": shift > 0,
                "text_start": (starts - shift).astype(np.uint32),
                "text_end": (arrays.end[last] - shift).astype(np.uint32),
            }
        )
        field = pl.when("is_body").then(pl.lit("body")).otherwise(pl.lit("title"))
        spans = field.alias("field"), pl.col("text_start"), pl.col("text_end")
        return frame.select(
            "article_row", *(pl.when("is_there").then(span) for span in spans)
        )

    def slice(self, firsts: pl.Series, stops: pl.Series) -> pl.Series:
        """What stands there; null where no span is."""
        texts = self._words.slice(
            firsts.fill_null(0).to_numpy(), stops.fill_null(1).to_numpy()
        ).str.replace_all(r"\s+", " ")
        return texts.set(firsts.is_null(), None)


def _named(places: pl.DataFrame) -> pl.DataFrame:
    """Mentions of places with what the gazetteer says of them."""
    known = read_gazetteer().describe(places["place_row"], "name", "place", "kind")
    rank = pl.col("kind").replace_strict(
        _RANKS, default=_FARTHEST, return_dtype=pl.Int32
    )
    return places.hstack(known.select("name", "place", rank.alias("rank")))


def _mentions(
    fields: _Fields, places: pl.DataFrame, actors: pl.DataFrame
) -> pl.DataFrame:
    columns = ("first", "stop", "name", "role", "kind", "score")
    both = pl.concat(
        [
            places.with_columns(kind=pl.lit("place")).select(
                *columns, "place", "is_metonym"
            ),
            actors.with_columns(pl.col("score").cast(pl.Float32)).select(
                *columns, "printed_role"
            ),
        ],
        how="diagonal",
    ).sort("first")
    spans = fields.place(both["first"], both["stop"])
    return (
        pl.concat([spans, both], how="horizontal")
        .select(list(MENTIONS))
        .cast(pl.Schema(MENTIONS))
    )


def _quantities(fields: _Fields, found: pl.DataFrame) -> pl.DataFrame:
    spans = fields.place(found["first"], found["stop"])
    speakers = fields.place(found["speaker_first"], found["speaker_stop"])
    known = read_gazetteer().describe(found["place_row"], "place")
    # Who is named in the title speaks there, and not where the claim stands.
    is_here = speakers["field"].eq_missing(spans["field"])
    said = {
        "speaker": fields.slice(found["speaker_first"], found["speaker_stop"]),
        "speaker_start": speakers["text_start"],
        "speaker_end": speakers["text_end"],
    }
    return (
        pl.concat(
            [spans, found, known],
            how="horizontal",
        )
        .with_columns(
            values.set(~is_here, None).alias(name) for name, values in said.items()
        )
        .select(list(QUANTITIES))
        .cast(pl.Schema(QUANTITIES))
    )


def _describe_actors(actors: pl.DataFrame) -> pl.DataFrame:
    """The persons and organisations that are mentioned, with their other names."""
    return (
        actors.select("name", "kind")
        .unique()
        .sort("kind", "name")
        .join(read_names(), on=["kind", "name"], how="left", maintain_order="left")
        .with_columns(pl.col("aliases").fill_null([]))
        .select(list(ACTORS))
    )


def _countries(fields: _Fields, countries: pl.DataFrame) -> pl.DataFrame:
    names = (
        read_gazetteer()
        .places.filter(pl.col("kind") == "country")
        .unique("country_iso2", keep="first", maintain_order=True)
        .select("country_iso2", country="name")
    )
    return (
        countries.with_columns(fields.article_rows(countries["text_row"]))
        .join(names, on="country_iso2", how="left", maintain_order="left")
        .select(list(ARTICLE_COUNTRIES))
        .cast(pl.Schema(ARTICLE_COUNTRIES))
    )
