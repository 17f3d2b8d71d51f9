"""Near-duplicates: wire copy with edits, cut short, or under another headline.

Texts are compared by what of the shorter one also stands in the other (containment),
because a true reprint may share no more than 30 % of its three-word runs, and a short
version has little in common with the whole of a long one. Two steps keep that cheap:
sketches of 32 numbers find candidates, and only these are compared in full.

Everything here is a function of the letters and digits of the articles, that is, of
their identity, and of their dates; which copy of an article came first changes nothing.
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
METHOD_VERSION: Final = 1

ARTICLE_SIGNATURE: Final[Schema] = {
    "article_key": pl.UInt64(),
    "method_version": pl.UInt8(),
    "sketch": pl.List(pl.UInt32()),
}
ARTICLE_PAIR: Final[Schema] = {
    "article_key": pl.UInt64(),  # the smaller key of the two
    "other_article_key": pl.UInt64(),
    "containment": pl.Float32(),  # shared shingles / those of the shorter text, 0-1
    "resemblance": pl.Float32(),  # shared shingles / those of both, 0-1
}


@dataclass(frozen=True)
class PairLimits:
    """Where two articles begin to be one story; set on edited articles.

    Attributes:
        window_days: Days between two articles at most; undated ones are compared with
            undated ones.
        shared_values: Values of the sketches that candidates share at least.
        neighbours: Articles next in time that each one is compared with, per value of
            its sketch and side: what keeps the cost linear when thousands share a
            sentence.
        shared_shingles: Below this a shared sentence is no reprint.
        containment: Least share of the shorter text.
        linked_resemblance: Least share of both texts for the pair to join a story: an
            overview that quotes five reports does not make them one story.
        large_story: Members from which on a story is held together only by pairs of
            `large_containment`, against chains of small changes.
        large_containment: See there.
        story_days: A story that goes on for longer is cut.
    """

    window_days: int = 14
    shared_values: int = 2
    neighbours: int = 8
    shared_shingles: int = 100
    containment: float = 0.3
    linked_resemblance: float = 0.1
    large_story: int = 20
    large_containment: float = 0.5
    story_days: int = 28


LIMITS: Final = PairLimits()


def build_article_signature(articles: pl.DataFrame) -> pl.DataFrame:
    """Sketches by which near-duplicates of articles are found (ARTICLE_SIGNATURE).

    Args:
        articles: One row per distinct article: `article_key`, `title`, `body`.

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
        candidates: `article_key`, `other_article_key`, distinct pairs.
        articles: Texts of both sides, one row per article: `article_key`, `title`,
            `body`.
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
    return measured.filter(
        pl.col("shared") >= limits.shared_shingles,
        pl.col("containment") >= limits.containment,
    ).select(pl.col(name).cast(kind) for name, kind in ARTICLE_PAIR.items())


def group_stories(
    articles: pl.DataFrame, pairs: pl.DataFrame, limits: PairLimits = LIMITS
) -> pl.DataFrame:
    """The story of each article: near-duplicates, directly or through others.

    Args:
        articles: One row per article: `article_key`, `day` (int; any number, the same
            for all, when undated).
        pairs: Contract ARTICLE_PAIR, of these articles.
        limits: What guards against chains.

    Returns:
        `article_key`, `story_key`: the key of the story's first article by day, then
        key. So a story keeps its key while it grows with time.

    Example:
        >>> articles = pl.DataFrame({"article_key": [5, 7, 9], "day": [2, 1, 1]})
        >>> pair = {"article_key": [5], "other_article_key": [7]}
        >>> alike = pl.DataFrame(pair | {"containment": 0.9, "resemblance": 0.8})
        >>> group_stories(articles, alike)["story_key"].to_list()
        [7, 7, 9]
    """
    ordered = articles.select(
        pl.col("article_key").cast(pl.UInt64), pl.col("day").cast(pl.Int64)
    ).sort("day", "article_key")
    if ordered.is_empty():
        return ordered.select("article_key", story_key="article_key")
    from transforms.deduplicate.shingle_kernels import lead_rows

    alike = pairs.filter(pl.col("resemblance") >= limits.linked_resemblance)
    keys = pl.col("article_key", "other_article_key").cast(pl.UInt64)
    edges = _rows_of(alike.with_columns(keys), ordered)
    grouped = ordered.with_columns(component=_components(len(ordered), edges, limits))
    grouped = grouped.sort("component", maintain_order=True)
    leads = lead_rows(
        grouped["component"].to_numpy(), grouped["day"].to_numpy(), limits.story_days
    )
    return grouped.select("article_key", story_key=pl.col("article_key").gather(leads))


def _reduced(articles: pl.DataFrame) -> tuple[ByteArray, Offsets]:
    """UTF-8 bytes of the reduced texts back to back, and one more bound than texts."""
    from transforms.deduplicate.deduplicate import reduced_texts

    texts = reduced_texts(articles["title"], articles["body"]).to_frame("text")
    buffer = buffer_documents(texts)
    return buffer.data, buffer.document_starts


def _rows_of(pairs: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """The pairs with `row` and `other_row`: where their articles stand."""
    rows = articles.select("article_key", row=pl.int_range(len(articles)))
    others = rows.select(pl.all().name.prefix("other_"))
    return pairs.join(rows, on="article_key").join(others, on="other_article_key")


def _components(count: int, edges: pl.DataFrame, limits: PairLimits) -> Offsets:
    """Connected components; large ones only by pairs that share most of a text."""
    components = _connect(count, edges)
    sizes = np.bincount(components)
    is_large = pl.Series(sizes[components[edges["row"]]] > limits.large_story)
    kept = edges.filter(~is_large | (pl.col("containment") >= limits.large_containment))
    return _connect(count, kept) if is_large.any() else components


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
