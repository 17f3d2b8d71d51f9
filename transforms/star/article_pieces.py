"""Articles of a large batch in pieces, each with the text that it stands in.

A document is split, cleaned, and dated as a whole, for its articles say much of each
other. What is left, labels, evidence, and rows of articles, asks one article at a time,
so it is done piece by piece, and the pieces together are what the whole would be.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

_PLACES: Final = (
    *("char_start", "char_end", "title_char_end", "first_char_start"),
    *("speaker_start", "speaker_end"),
)
_LISTS: Final = ("title_runs", "body_runs", "cuts")


@dataclass(frozen=True)
class CutArticles:
    """Some articles in order, and the stretches of documents that they stand in.

    Attributes:
        documents: The documents that they stand in, numbered from 0; their texts are
            whole, but for the first, which begins later, and the last, which may end
            earlier.
        articles: With the rows of these documents; places in the first document count
            from where its text begins here.
        first_char: Where that is.
    """

    documents: pl.DataFrame
    articles: pl.DataFrame
    first_char: int


def cut_articles(
    articles: pl.DataFrame, documents: pl.DataFrame, segments: pl.DataFrame
) -> CutArticles:
    """Some articles with their own text alone.

    Args:
        articles: Contract ARTICLES with `document_key`, by document and place; some
            that follow each other.
        documents: Contract DOCUMENTS with `document_key`; all of the batch.
        segments: Of all articles of the batch, as `cut_documents` makes them.
    """
    spans = articles.group_by("document_key", maintain_order=True).agg(
        low=pl.col("char_start").min(), high=pl.col("char_start").max()
    )
    first_char = int(spans["low"][0])
    is_first = pl.col("document_key") == spans["document_key"][0]
    texts = (
        segments.join(spans, on="document_key", maintain_order="left")
        .filter(
            pl.col("char_start") <= pl.col("high"),
            ~is_first | (pl.col("char_start") >= first_char),
        )
        .group_by("document_key", maintain_order=True)
        .agg(pl.col("text").str.join(""))
    )
    mine = documents.drop("document_row", "text").join(
        texts, on="document_key", maintain_order="right"
    )
    mine = mine.with_row_index("document_row")
    rows = mine.select("document_key", "document_row")
    renumbered = articles.drop("document_row").join(
        rows, on="document_key", maintain_order="left"
    )
    return CutArticles(mine, move_places(renumbered, is_first, -first_char), first_char)


def move_places(frame: pl.DataFrame, rows: pl.Expr, by: int) -> pl.DataFrame:
    """Some rows with all their places in the document so many characters further.

    Example:
        >>> spans = pl.DataFrame({"char_start": [5, 5], "char_end": [7, 8]})
        >>> move_places(spans, pl.col("char_end") == 7, -2).rows()
        [(3, 5), (5, 8)]
    """
    moved = []
    for name, dtype in frame.schema.items():
        if name in _PLACES:
            moved.append(_moved(pl.col(name), dtype, by).alias(name))
        elif name in _LISTS:
            moved.append(_move_list(name, dtype, by))
    return frame.with_columns(
        pl.when(rows)
        .then(column)
        .otherwise(column.meta.root_names()[0])
        .alias(column.meta.output_name())
        for column in moved
    )


def _move_list(name: str, dtype: pl.DataType, by: int) -> pl.Expr:
    assert isinstance(dtype, pl.List)
    assert isinstance(dtype.inner, pl.Struct)
    names = [item.name for item in dtype.inner.fields if item.name in _PLACES]
    return pl.col(name).list.eval(
        pl.element().struct.with_fields(
            _moved(pl.field(place), pl.UInt32(), by).alias(place) for place in names
        )
    )


def _moved(place: pl.Expr, dtype: pl.DataType, by: int) -> pl.Expr:
    # Not strict: rows that are not asked for may lie before the start.
    return (place.cast(pl.Int64) + by).cast(dtype, strict=False)
