"""Places that texts name: what each mention means, and what country a text is about."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.extract_content.places.gazetteer import (
    read_demonyms,
    read_gazetteer,
)
from transforms.extract_content.span_kernels import choose_best
from transforms.extract_content.word_kernels import (
    CAPITAL,
    LOWER_WORD,
    MARK,
    POSSESSIVE,
    UPPER_WORD,
    Counts,
)
from transforms.extract_content.words import TextWords, read_word_sets
from transforms.text.buffers import Offsets
from transforms.text.char_index import read_only

Flags = npt.NDArray[np.bool_]

# Populations count by their logarithm: a town of 100,000 has 5, and needs nothing else.
ENOUGH: Final = 5.0
_COUNTRY: Final = 12.0
_LISTED: Final = 7.0
_BY_COUNTRY: Final = 3.0  # its country is named or spoken of
_BY_PREPOSITION: Final = 1.5
_BY_DATELINE: Final = 3.0
_BY_NEXT: Final = 4.0  # a place that it lies in follows, as in "Paris, Texas"
_ALIAS: Final = -1.0
_INSIDE: Final = -9.0  # of a longer name
_LEAD_CHARS: Final = 500
_DATELINE_CHARS: Final = 60
_LIST: Final = "place_words"
_OPENERS: Final = ("(", "-", "–", ",", ":")


class Places(NamedTuple):
    """What places are found.

    Attributes:
        mentions: One row per mention, in order: `first`, `stop` (rows of words),
            `text_row`, `place_row` (of the gazetteer), `role` (title, dateline, text),
            `is_metonym`, `score` (0-1).
        countries: One row per text that is about a country: `text_row`,
            `country_iso2`.
    """

    mentions: pl.DataFrame
    countries: pl.DataFrame


def find_named_places(words: TextWords, body_starts: Offsets) -> Places:
    """Find the places of some texts.

    A name means what fits best: by the country that the text names or speaks of, by
    what follows it, by how many live there. What is left unsure, and a name inside a
    longer one, is no mention.

    Args:
        words: Of the texts.
        body_starts: Per text, the character at which the body starts.
    """
    gazetteer = read_gazetteer()
    arrays = words.arrays
    kind = arrays.kind
    may_start = words.is_capital
    found = gazetteer.phrases.find(words, may_start)
    is_upper = kind[found[:, 0]] != CAPITAL
    is_short = gazetteer.is_abbreviation.to_numpy()[found[:, 2]]
    found = _without_kinds(words, found[is_upper | ~is_short])
    named = _describe(words, found, body_starts)
    spoken = _spoken_of(words, may_start)
    meant = named.join(gazetteer.names, on="name_row")
    candidates = meant.hstack(
        gazetteer.describe(
            meant["place_row"], "kind", "country_iso2", "population", "is_listed"
        )
    )
    first = _choose(_score(candidates, spoken))
    known = pl.concat(
        [spoken, first.filter(pl.col("score") >= ENOUGH).select(spoken.columns)]
    )
    chosen = _settle(_choose(_score(_by_next(candidates, first), known)))
    mentions = chosen.filter(pl.col("score") >= ENOUGH)
    return Places(
        mentions.select(
            "first",
            "stop",
            "text_row",
            "place_row",
            "role",
            "is_metonym",
            (
                pl.col("has_preposition")
                | pl.col("is_dateline")
                | (pl.col("kind") == "country")
            ).alias("is_sure"),
            (pl.col("score") / _COUNTRY).clip(0, 1).cast(pl.Float32).alias("score"),
        ).sort("first"),
        _find_countries(mentions, spoken),
    )


def _without_kinds(words: TextWords, found: Offsets) -> Offsets:
    """The names without their kind in lower case: Moscow, not Moscow region.

    A kind alone is no name, though towns are called Bay and River: it is the end of a
    name that is not known.
    """
    is_kind = read_word_sets(_LIST).of(words, "kinds")
    last = found[:, 1] - 1
    is_single = last == found[:, 0]
    is_lower = words.arrays.kind[last] == LOWER_WORD
    shorter = found.copy()
    shorter[:, 1] -= is_kind[last] & is_lower & ~is_single
    kept: Offsets = shorter[~(is_kind[last] & is_single)]
    return kept


def _describe(words: TextWords, found: Offsets, body_starts: Offsets) -> pl.DataFrame:
    """Rows of names with what stands around each."""
    arrays, count = words.arrays, len(words)
    sets = read_word_sets(_LIST).read(words)
    first, stop = found[:, 0], found[:, 1]
    before = np.maximum(first - 1, 0)
    after = np.minimum(stop, max(count - 1, 0))
    text_row = arrays.text_row[first]
    has_before = (first > 0) & (arrays.sentence[before] == arrays.sentence[first])
    has_after = (stop < count) & (arrays.sentence[after] == arrays.sentence[first])
    is_joined = arrays.space[after] == 0
    start = arrays.start[first]
    is_title = start < body_starts[text_row]
    two_before = np.maximum(first - 2, 0)

    def is_listed(rows: Offsets, name: str) -> Flags:
        return read_word_sets(_LIST).pick(sets[rows], name)

    follows_name = (
        has_before & words.is_capital[before] & ~is_listed(before, "before_name")
    )
    # The first word of a sentence is in capitals whatever it is.
    follows_name &= arrays.sentence[two_before] == arrays.sentence[before]
    # In capitals all over, neighbours say nothing.
    is_loud = arrays.kind[before] == UPPER_WORD
    precedes_name = (
        has_after & words.is_capital[after] & ~is_listed(after, "after_name")
    )
    precedes_name &= arrays.space[after] == 1
    of_body = (
        has_before
        & words.are("of", "for", at=before)
        & words.is_capital[two_before]
        & is_listed(two_before, "organisations")
    )
    of_money = has_after & words.are("dollar", "dollars", at=after)
    hyphen = has_after & words.are("-", at=after) & is_joined
    is_dateline = (
        ~is_title
        & (start - body_starts[text_row] < _DATELINE_CHARS)
        & has_after
        & (arrays.kind[after] == MARK)
        & words.are(*_OPENERS, at=after)
        & ~(hyphen & (arrays.kind[np.minimum(stop + 1, count - 1)] == LOWER_WORD))
    )
    return pl.DataFrame(
        {
            "first": first,
            "stop": stop,
            "text_row": text_row,
            "name_row": found[:, 2].astype(np.uint32),
            "start": start,
            "is_title": is_title,
            "is_lead": start < body_starts[text_row] + _LEAD_CHARS,
            "is_dateline": is_dateline,
            "is_inside": (follows_name & ~is_loud & ~is_title)
            | (precedes_name & ~is_title)
            | of_body
            | of_money,
            "has_preposition": has_before & is_listed(before, "prepositions"),
            "has_kind": has_after
            & (arrays.kind[after] == LOWER_WORD)
            & is_listed(after, "kinds"),
            "is_comma": has_after & words.are(",", at=after),
            "is_metonym": has_after
            & (arrays.kind[after] != POSSESSIVE)
            & is_listed(after, "acts"),
        }
    ).with_row_index("mention")


def _spoken_of(words: TextWords, may_start: Flags) -> pl.DataFrame:
    """Rows (text_row, country_iso2) of demonyms."""
    phrases, countries, _ = read_demonyms()
    found = phrases.find(words, may_start)
    return pl.DataFrame(
        {
            "text_row": words.arrays.text_row[found[:, 0]],
            "country_iso2": countries.gather(found[:, 2].astype(np.uint32)),
        }
    )


def _score(candidates: pl.DataFrame, spoken: pl.DataFrame) -> pl.DataFrame:
    """How well each place fits each mention."""
    evident = spoken.unique().with_columns(is_evident=True)
    size = (pl.col("population").fill_null(0) + 100).log10()
    base = (
        pl.when(pl.col("kind") == "country")
        .then(_COUNTRY)
        .when("is_listed")
        .then(_LISTED)
        .when(pl.col("kind") == "region")
        .then(size - 1.0)
        .otherwise(size)
    )
    is_country = pl.col("kind") == "country"
    return candidates.join(
        evident, on=["text_row", "country_iso2"], how="left", maintain_order="left"
    ).with_columns(
        score=base
        + _ALIAS * (pl.col("is_alias") & ~is_country)
        + _BY_COUNTRY * pl.col("is_evident").fill_null(value=False) * ~is_country
        + _BY_PREPOSITION * (pl.col("has_preposition") | pl.col("has_kind"))
        + _BY_DATELINE * pl.col("is_dateline")
        + _INSIDE * (pl.col("is_inside") & ~pl.col("is_dateline"))
        + (pl.col("by_next") if "by_next" in candidates.columns else 0.0)
    )


def _by_next(candidates: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """The candidates with a gain for those that lie in the place behind a comma."""
    following = chosen.filter(pl.col("score") >= ENOUGH).select(
        follows=pl.col("first").cast(pl.Int64) - 1,
        next_place="place_row",
        next_country="country_iso2",
        next_kind="kind",
    )
    beside = candidates.filter("is_comma").join(
        following, left_on="stop", right_on="follows"
    )
    describe = read_gazetteer().describe
    gained = (
        beside.hstack(describe(beside["place_row"], "admin1"))
        .with_columns(
            describe(beside["next_place"], "name")["name"].alias("next_admin1")
        )
        .filter(
            pl.col("country_iso2") == pl.col("next_country"),
            (pl.col("next_kind") == "country")
            | (pl.col("admin1") == pl.col("next_admin1")),
            pl.col("kind") != "country",
        )
        .select("mention", "place_row", by_next=pl.lit(_BY_NEXT))
        .unique()
    )
    return candidates.join(
        gained, on=["mention", "place_row"], how="left", maintain_order="left"
    ).with_columns(pl.col("by_next").fill_null(0.0))


def _choose(scored: pl.DataFrame) -> pl.DataFrame:
    """The best place of each mention."""
    mentions: Counts = scored["mention"].to_numpy()
    scores: npt.NDArray[np.float64] = scored["score"].to_numpy()
    places: Counts = scored["place_row"].to_numpy()
    best = choose_best(
        read_only(mentions),
        read_only(scores),
        read_only(places),
        int(mentions.max(initial=0)) + 1,
    )
    return scored[best]


def _settle(chosen: pl.DataFrame) -> pl.DataFrame:
    """One meaning per name and text: what its surest mention has."""
    best = (
        chosen.filter(~pl.col("is_inside") | pl.col("is_dateline"))
        .sort("score", descending=True)
        .unique(["text_row", "name_row"], keep="first", maintain_order=True)
        .select("text_row", "name_row", sure_place="place_row", sure="score")
    )
    is_better = (pl.col("sure") > pl.col("score")) & ~pl.col("is_inside")
    settled = (
        chosen.join(
            best, on=["text_row", "name_row"], how="left", maintain_order="left"
        )
        .with_columns(
            place_row=pl.when(is_better).then("sure_place").otherwise("place_row"),
            score=pl.when(is_better).then("sure").otherwise("score"),
            role=pl.when("is_title")
            .then(pl.lit("title"))
            .when("is_dateline")
            .then(pl.lit("dateline"))
            .otherwise(pl.lit("text")),
        )
        .drop("country_iso2", "kind")
    )
    return settled.hstack(
        read_gazetteer().describe(settled["place_row"], "country_iso2", "kind")
    )


def _find_countries(mentions: pl.DataFrame, spoken: pl.DataFrame) -> pl.DataFrame:
    """The country that each text speaks of most, title and lead first."""
    counted = pl.concat(
        [
            mentions.select(
                "text_row",
                "country_iso2",
                weight=1.0
                + 3.0 * pl.col("is_title")
                + 1.0 * pl.col("is_lead")
                + 1.0 * pl.col("is_dateline"),
            ),
            spoken.with_columns(weight=pl.lit(1.0)),
        ]
    )
    return (
        counted.filter(pl.col("country_iso2").fill_null("") != "")
        .group_by("text_row", "country_iso2")
        .agg(pl.col("weight").sum())
        .sort("text_row", "weight", "country_iso2", descending=[False, True, False])
        .unique("text_row", keep="first", maintain_order=True)
        .select("text_row", "country_iso2")
    )
