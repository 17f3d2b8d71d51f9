"""Near-duplicates: wire copy with edits, cut short, or under another headline.

Texts are compared by what of the shorter one also stands in the other (containment),
because a true reprint may share no more than 30 % of its three-word runs, and a short
version has little in common with the whole of a long one. Two steps keep that cheap:
sketches of 32 numbers find candidates, and only these are compared in full.

What a source prints under all that it publishes is no sign of a reprint: of the text
that two articles share, as much is left out of the reckoning as of the values that
their sketches share are ones that a source has on many days.

Everything here is a function of the letters and digits of the articles, that is, of
their identity, and of their dates and sources; which copy of an article came first
changes nothing.
Compiled code is imported where it is called: a small load without near-duplicates ends
before it would be ready.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from transforms.contracts import Schema
from transforms.text.buffers import ByteArray, Offsets, as_arrow, buffer_documents

# Raised by hand when a sketch, a similarity, or a rule below changes.
METHOD_VERSION: Final = 2

ARTICLE_SIGNATURE: Final[Schema] = {
    "article_key": pl.Int64(),
    "method_version": pl.UInt8(),
    "sketch": pl.List(pl.UInt32()),
}
ARTICLE_PAIR: Final[Schema] = {
    "article_key": pl.Int64(),  # the smaller key of the two
    "other_article_key": pl.Int64(),
    "containment": pl.Float32(),  # shared shingles / those of the shorter text, 0-1
    "resemblance": pl.Float32(),  # shared shingles / those of both, 0-1
}


@dataclass(frozen=True)
class PairLimits:
    """Where two articles begin to be one story; set on edited articles.

    Attributes:
        shared_values: Values of the sketches that candidates share at least, those that
            are boilerplate left out.
        boilerplate_days: Days on which a source has a value from which on it is
            boilerplate there; an article that states no day has one of its own.
        unsigned_days: The same among all articles of no known source together.
        neighbours: Articles next in time that each one is compared with, per value of
            its sketch and side: what keeps the cost linear when thousands share a
            sentence.
        shared_shingles: Below this a shared sentence is no reprint.
        window_days: Days between two articles that are near in time.
        near_containment: Least share of the shorter text, boilerplate left out, where
            both are near in time.
        containment: The same where they are not, or where one of them states no day.
        linked_resemblance: Least share of both texts for the pair to join a story: an
            overview that quotes five reports does not make them one story.
        large_story: Members from which on a story is held together only by pairs of
            `large_containment`, against chains of small changes.
        large_containment: See there.
        story_days: A story that goes on for longer is cut, except between pairs of
            `containment`: a reprint may come years later.
    """

    shared_values: int = 2
    boilerplate_days: int = 4
    unsigned_days: int = 8
    neighbours: int = 8
    shared_shingles: int = 100
    window_days: int = 14
    near_containment: float = 0.4
    containment: float = 0.55
    linked_resemblance: float = 0.1
    large_story: int = 20
    large_containment: float = 0.5
    story_days: int = 28


LIMITS: Final = PairLimits()


def build_article_signature(articles: pl.DataFrame) -> pl.DataFrame:
    """Sketches by which near-duplicates of articles are found (ARTICLE_SIGNATURE).

    Args:
        articles: One row per distinct article: `article_key`, `title`,
            `title_basis`, `body`.

    Returns:
        One row per article in the same order; the sketch of an article of fewer than
        `LIMITS.shared_shingles` is empty.
    """
    from transforms.deduplicate.shingle_kernels import sketch_texts

    values, offsets = sketch_texts(*_reduced(articles), LIMITS.shared_shingles)
    sketches = pa.LargeListArray.from_arrays(as_arrow(offsets), as_arrow(values))
    return articles.select(
        "article_key", method_version=METHOD_VERSION, sketch=pl.Series(sketches)
    ).select(pl.col(name).cast(kind) for name, kind in ARTICLE_SIGNATURE.items())


def measure_pairs(
    candidates: pl.DataFrame, articles: pl.DataFrame, limits: PairLimits = LIMITS
) -> pl.DataFrame:
    """Candidates that share enough text, compared in full.

    Args:
        candidates: `article_key`, `other_article_key`, distinct pairs, and what
            `is_near_duplicate` reads of them.
        articles: Texts of both sides, one row per article: `article_key`, `title`,
            `title_basis`, `body`.
        limits: What is enough.

    Returns:
        Contract ARTICLE_PAIR, the pairs that are near-duplicates.
    """
    from transforms.deduplicate.shingle_kernels import count_shared, distinct_shingles

    placed = _rows_of(candidates, articles).sort("row", "other_row")
    hashes, offsets = distinct_shingles(*_reduced(articles))
    ones, others = placed["row"].to_numpy(), placed["other_row"].to_numpy()
    sizes = np.diff(offsets)
    shorter = np.minimum(sizes[ones], sizes[others])
    shared = count_shared(hashes, offsets, ones, others)
    measured = placed.with_columns(
        shared=shared,
        containment=shared / np.maximum(shorter, 1),
        resemblance=shared / np.maximum(sizes[ones] + sizes[others] - shared, 1),
    )
    # Judged as it will be stored: a later run may judge the stored pair again.
    return (
        measured.filter(pl.col("shared") >= limits.shared_shingles)
        .with_columns(pl.col("containment").cast(ARTICLE_PAIR["containment"]))
        .filter(is_near_duplicate(limits))
        .select(pl.col(name).cast(kind) for name, kind in ARTICLE_PAIR.items())
    )


def is_near_duplicate(limits: PairLimits = LIMITS) -> pl.Expr:
    """Whether a measured pair is one of near-duplicates.

    It reads `containment` (0-1), `days_apart` (null when one of the two states no day),
    `shared_values` of the two sketches, and how many of these are boilerplate:
    `boilerplate_values`. Of the shared text that part is taken out of both, of what is
    shared and of the shorter text.

    Example:
        >>> pair = {"containment": 0.7, "days_apart": 1, "shared_values": 10}
        >>> pairs = pl.DataFrame([pair | {"boilerplate_values": n} for n in (0, 8)])
        >>> pairs.select(is_near_duplicate()).to_series().to_list()
        [True, False]
    """
    boilerplate = pl.col("containment") * (
        pl.col("boilerplate_values") / pl.col("shared_values")
    )
    own = (pl.col("containment") - boilerplate) / (1 - boilerplate)
    is_near = (pl.col("days_apart") <= limits.window_days).fill_null(value=False)
    least = pl.when(is_near).then(limits.near_containment).otherwise(limits.containment)
    return (own >= least).alias("is_near_duplicate")


def group_stories(
    articles: pl.DataFrame, pairs: pl.DataFrame, limits: PairLimits = LIMITS
) -> pl.DataFrame:
    """The story of each article: near-duplicates, directly or through others.

    Args:
        articles: One row per article: `article_key`, `day` (int; null when undated).
        pairs: Contract ARTICLE_PAIR, of these articles.
        limits: What guards against chains.

    Returns:
        `article_key`, `story_key`: the key of the story's first article by day, then
        key, undated ones last. So a story keeps its key while it grows with time.

    Example:
        >>> articles = pl.DataFrame({"article_key": [5, 7, 9], "day": [2, 1, 1]})
        >>> pair = {"article_key": [5], "other_article_key": [7]}
        >>> alike = pl.DataFrame(pair | {"containment": 0.9, "resemblance": 0.8})
        >>> group_stories(articles, alike).sort("article_key")["story_key"].to_list()
        [7, 7, 9]
    """
    ordered = articles.select(
        pl.col("article_key").cast(pl.Int64), pl.col("day").cast(pl.Int64)
    ).sort("day", "article_key", nulls_last=True)
    if ordered.is_empty():
        return ordered.select("article_key", story_key="article_key")
    alike = pairs.filter(pl.col("resemblance") >= limits.linked_resemblance)
    keys = pl.col("article_key", "other_article_key").cast(pl.Int64)
    edges = _rows_of(alike.with_columns(keys), ordered)
    edges = _without_long_chains(len(ordered), edges, limits)
    reprints = edges.filter(pl.col("containment") >= limits.containment)
    grouped = ordered.with_columns(
        component=_connect(len(ordered), edges), core=_connect(len(ordered), reprints)
    )
    leads = _lead_cores(grouped, limits.story_days)
    return grouped.with_columns(leads.alias("lead")).select(
        "article_key", story_key=pl.col("article_key").first().over("lead")
    )


def _lead_cores(grouped: pl.DataFrame, story_days: int) -> pl.Series:
    """Number of the story of each row: cores of reprints, cut where they last too long.

    Args:
        grouped: One row per article in order of time: `day`, `component`, and `core`, a
            part of its component that is not cut.
        story_days: A core that begins more days after the first of its story starts
            another one.
    """
    from transforms.deduplicate.shingle_kernels import lead_rows

    cores = (
        grouped.group_by("core", maintain_order=True)
        .agg(pl.first("component"), pl.first("day").fill_null(0))
        .sort("component", "day", maintain_order=True)
    )
    leads = lead_rows(
        cores["component"].to_numpy(), cores["day"].to_numpy(), story_days
    )
    led = cores.select("core", lead=pl.Series(leads))
    return grouped.join(led, on="core", how="left", maintain_order="left")["lead"]


def _reduced(articles: pl.DataFrame) -> tuple[ByteArray, Offsets]:
    """UTF-8 bytes of the reduced texts back to back, and one more bound than texts."""
    from transforms.deduplicate.deduplicate import own_titles, reduced_texts

    texts = reduced_texts(own_titles(articles), articles["body"]).to_frame("text")
    buffer = buffer_documents(texts)
    return buffer.data, buffer.document_starts


def _rows_of(pairs: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """The pairs with `row` and `other_row`: where their articles stand."""
    rows = articles.select("article_key", row=pl.int_range(len(articles)))
    others = rows.select(pl.all().name.prefix("other_"))
    return pairs.join(rows, on="article_key").join(others, on="other_article_key")


def _without_long_chains(
    count: int, edges: pl.DataFrame, limits: PairLimits
) -> pl.DataFrame:
    """The pairs, of large stories only those that share most of a text."""
    components = _connect(count, edges)
    sizes = np.bincount(components)
    is_large = pl.Series(sizes[components[edges["row"]]] > limits.large_story)
    return edges.filter(~is_large | (pl.col("containment") >= limits.large_containment))


def _connect(count: int, edges: pl.DataFrame) -> Offsets:
    """Number of each row's component, in the order of their first rows."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = edges["row"].to_numpy(), edges["other_row"].to_numpy()
    graph = coo_array((np.ones(len(edges)), ends), shape=(count, count))
    components: Offsets = connected_components(graph, directed=False)[1].astype(
        np.int64
    )
    return components
