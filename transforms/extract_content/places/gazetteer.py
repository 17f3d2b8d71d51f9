"""The places of the world that Newsmill knows, and all that they are called."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import polars as pl

from transforms.contracts import PLACES
from transforms.extract_content.words import Phrases, read_words
from transforms.reference import read_reference

_SEPARATOR: Final = "; "
_NUMBERS: Final = ("latitude", "longitude", "geonames_id", "population")
# Names of towns that mean something else nearly always.
_NO_PLACES: Final = (
    "january february march april may june july august september "
    "october november december sunday monday university union republic "
    "independence police justice energy hope green"
)
# What tells places apart that have no GeoNames id: two rivers of one name are two.
_TOLD_BY: Final = ("name", "kind", "country_iso2", "admin1", "latitude", "longitude")


@dataclass(frozen=True)
class Gazetteer:
    """Places and their names.

    Attributes:
        places: One row per place: PLACES, `population` (0 where the name is an
            ordinary word as well, null where nobody lives), `is_listed` (in the lists
            that are kept by hand).
        names: One row per name and place that it may mean: `name_row`, `place_row`,
            `is_alias`.
        is_abbreviation: Per `name_row`, whether it must be printed in capitals.
        phrases: Finds names; a phrase is known by its `name_row`.
    """

    places: pl.DataFrame
    names: pl.DataFrame
    is_abbreviation: pl.Series
    phrases: Phrases

    def describe(self, place_rows: pl.Series, *columns: str) -> pl.DataFrame:
        """Columns of some places, in the same order; null rows stay null."""
        return self.places.select(pl.col(columns).gather(place_rows))


@cache
def read_gazetteer() -> Gazetteer:
    """The gazetteer that ships; it is read once."""
    places = (
        _join_spellings(_read_cities())
        .with_columns(identity().alias("place"))
        .with_row_index("place_row")
    )
    named = _all_names(places)
    names = named.unique("folded", keep="first", maintain_order=True).select(
        "folded", "printed", pl.int_range(pl.len(), dtype=pl.UInt32).alias("name_row")
    )
    # Once in capitals only is an abbreviation: "US", not "CHAD".
    is_abbreviation = names["printed"].str.contains(r"^[A-Z]{2,4}$")
    return Gazetteer(
        places,
        named.join(
            names.select("folded", "name_row"), on="folded", maintain_order="left"
        )
        .select("name_row", "place_row", "is_alias")
        .unique(["name_row", "place_row"], keep="first", maintain_order=True),
        is_abbreviation,
        Phrases(names["printed"]),
    )


@cache
def read_demonyms() -> tuple[Phrases, pl.Series, pl.Series]:
    """Phrases of demonyms, the country of each, and the words."""
    rows = (
        read_reference("demonyms")
        .with_columns(pl.col("demonyms").str.split(_SEPARATOR))
        .explode("demonyms")
    )
    return Phrases(rows["demonyms"]), rows["country_iso2"], rows["demonyms"]


def identity() -> pl.Expr:
    """What a place is known by: its GeoNames id, else all that is said of it.

    Of frames with the columns of the contract PLACES.
    """
    told = [pl.col(name).cast(pl.String).fill_null("") for name in _TOLD_BY]
    return pl.coalesce(
        pl.format("geonames:{}", pl.col("geonames_id")),
        pl.concat_str(told, separator="\t").str.strip_chars_end("\t"),
    )


def fold(names: pl.Expr) -> pl.Expr:
    """Names without accents and case, as they are compared."""
    return names.str.normalize("NFD").str.replace_all(r"\p{Mn}", "").str.to_lowercase()


def resolve_names(names: pl.Series) -> pl.DataFrame:
    """The most populous place of each name, as of datelines.

    Args:
        names: Of places, in any case; null where there is none.

    Returns:
        PLACES in the same order. A name that is not known keeps itself as its
        name, and has no country and no coordinates.
    """
    gazetteer = read_gazetteer()
    words = read_words(names)
    found = gazetteer.phrases.find(words)
    rows = words.arrays.text_row[found[:, 0]]
    counts = np.bincount(words.arrays.text_row, minlength=len(names))
    # The whole name, nothing beside it.
    is_whole = (found[:, 1] - found[:, 0]) == counts[rows]
    chosen = (
        pl.DataFrame({"row": rows[is_whole], "name_row": found[is_whole, 2]})
        .cast({"name_row": pl.UInt32})
        .join(gazetteer.names, on="name_row")
        .join(
            gazetteer.places.select("place_row", "kind", "population"), on="place_row"
        )
        .sort(
            pl.col("kind") == "country", "population", descending=True, nulls_last=True
        )
        .unique("row", keep="first", maintain_order=True)
        .select("row", "place_row")
    )
    every = (
        pl.DataFrame({"printed": names}).with_row_index("row").cast({"row": pl.UInt32})
    )
    return (
        every.join(chosen, on="row", how="left", maintain_order="left")
        .join(gazetteer.places, on="place_row", how="left", maintain_order="left")
        .with_columns(
            name=pl.col("name").fill_null(pl.col("printed")),
            kind=pl.col("kind").fill_null("other"),
            aliases=pl.col("aliases").fill_null([]),
        )
        .with_columns(identity().alias("place"))
        .select(list(PLACES))
    )


def _read_cities() -> pl.DataFrame:
    """Places of GeoNames and those kept by hand, in one frame."""
    listed = read_reference("landmarks").with_columns(is_listed=True)
    known = read_reference("gazetteer").with_columns(is_listed=False)
    return (
        pl.concat([known, listed], how="diagonal")
        .with_columns(
            *(pl.col(name).cast(pl.Float64) for name in _NUMBERS),
            pl.col("aliases").fill_null("").str.split(_SEPARATOR),
        )
        .with_columns(pl.col("geonames_id").cast(pl.Int64))
    )


def _join_spellings(places: pl.DataFrame) -> pl.DataFrame:
    """The places, those of `place_spellings` under the names given there."""
    spellings = read_reference("place_spellings").with_columns(
        pl.col("aliases").fill_null("").str.split(_SEPARATOR)
    )
    places = places.with_row_index("place")
    named = (
        places.select(
            "place",
            "country_iso2",
            "kind",
            "population",
            said=pl.concat_list("name", "aliases"),
        )
        .explode("said")
        .with_columns(folded=fold(pl.col("said")))
    )
    asked = (
        spellings.with_row_index("spelling")
        .with_columns(said=pl.concat_list("name", "aliases"))
        .explode("said")
        .filter(pl.col("said") != "")
        .with_columns(folded=fold(pl.col("said")))
    )
    matched = (
        asked.join(named, on=["folded", "country_iso2", "kind"])
        .sort("population", descending=True, nulls_last=True)
        .unique("spelling", keep="first", maintain_order=True)
        .select("spelling", "place")
    )
    joined = (
        spellings.with_row_index("spelling")
        .join(matched, on="spelling", how="left", maintain_order="left")
        .rename({"name": "usual", "aliases": "others"})
    )
    known = joined.filter(pl.col("place").is_not_null()).unique("place", keep="first")
    merged = places.join(
        known.select("place", "usual", "others"),
        on="place",
        how="left",
        maintain_order="left",
    ).with_columns(
        aliases=pl.concat_list(
            pl.col("others").fill_null([]),
            pl.when(pl.col("usual").is_null())
            .then(pl.lit([], pl.List(pl.String)))
            .otherwise(pl.concat_list("name")),
            "aliases",
        ),
        name=pl.col("usual").fill_null(pl.col("name")),
    )
    alone = joined.filter(pl.col("place").is_null()).select(
        name="usual", country_iso2="country_iso2", kind="kind", aliases="others"
    )
    every = pl.concat([merged, alone.with_columns(is_listed=True)], how="diagonal")
    countries = every.filter(pl.col("kind") == "country", pl.col("country_iso2") != "")
    return (
        every.join(
            countries.select("country_iso2", country="name").unique(
                "country_iso2", keep="first", maintain_order=True
            ),
            on="country_iso2",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            aliases=pl.col("aliases")
            .list.unique(maintain_order=True)
            .list.eval(pl.element().filter(pl.element() != ""))
        )
        .select(pl.col(PLACES.keys() - {"place"}), "population", "is_listed")
    )


def _all_names(places: pl.DataFrame) -> pl.DataFrame:
    """Rows (place_row, printed, folded, is_alias), each place's own name first."""
    own = places.select("place_row", printed="name", is_alias=False)
    others = (
        places.select("place_row", printed="aliases", is_alias=True)
        .explode("printed", empty_as_null=False)
        .select("place_row", "printed", "is_alias")
    )
    # As words, so that "Nur-Sultan" and "Nur Sultan" are one name.
    spaced = others.filter(pl.col("printed").str.contains("-", literal=True))
    bracketed = own.filter(pl.col("printed").str.contains(r" [(/]"))
    named = pl.concat(
        [
            own,
            others,
            spaced.with_columns(pl.col("printed").str.replace_all("-", " ")),
            bracketed.with_columns(pl.col("printed").str.replace(r" *[(/].*", "")),
        ]
    ).with_columns(folded=fold(pl.col("printed")))
    demonyms = read_demonyms()[2]
    return named.filter(
        ~pl.col("folded").is_in([*_NO_PLACES.split(), *demonyms.str.to_lowercase()])
    )
