"""A document that is one article: nothing in it repeats, so nothing marks a boundary.

The scorer of `transforms.split` learns from digests; a file with a single short article
gives it no second boundary to compare with.
"""

from dataclasses import replace
from typing import Final

import polars as pl

from transforms.contracts import SPLIT_ARTICLES, SPLIT_LINES, LineRole
from transforms.split.split import SplitResult
from transforms.text.line_kinds import match_kinds

TITLE_MAX_CHARS: Final = 200
PARAGRAPH_MIN_CHARS: Final = 30
PROSE_MIN_RATIO: Final = 0.5
# Neither for nor against: no boundary was weighed.
BOUNDARY_SCORE: Final = 0.5


def add_lone_articles(result: SplitResult) -> SplitResult:
    """Take a document without articles for one when it reads like one.

    It does when its first line with text could be a title (short, no full stop, not a
    source, copyright, or other line of known kind) and a paragraph stands below it (a
    line of known length that ends a sentence and is of no known kind either); without
    such a first line, when most of it is paragraphs. It has no title line then.

    Args:
        result: From `split`.

    Returns:
        The same with one article per such document, numbered in document order.
    """
    filled = result.lines.filter(
        pl.col("document_row").is_in(result.empty_documents.implode())
        & pl.col("text").str.contains(r"\S")
    )
    if filled.is_empty():
        return result
    lone = _find_lone(filled)
    if lone.is_empty():
        return result
    articles = (
        pl.concat([result.articles, lone.select(list(SPLIT_ARTICLES))])
        .sort("document_row", "char_start")
        .with_columns(
            pl.int_range(pl.len(), dtype=pl.UInt32).alias("new_row"),
        )
    )
    lines = _place_lines(result.lines, lone, articles)
    return replace(
        result,
        lines=lines,
        articles=articles.with_columns(article_row="new_row").select(
            list(SPLIT_ARTICLES)
        ),
        empty_documents=result.empty_documents.filter(
            ~result.empty_documents.is_in(lone["document_row"].implode())
        ),
    )


def _find_lone(filled: pl.DataFrame) -> pl.DataFrame:
    """One row per document that is an article (SPLIT_ARTICLES), rows from -1 down."""
    plain = filled.with_columns(
        text=pl.col("text").str.strip_chars(),
        is_of_no_kind=match_kinds(filled["text"], "split") == 0,
    )
    is_first = pl.col("line_row") == pl.col("line_row").min().over("document_row")
    chars = pl.col("text").str.len_chars()
    is_title = (
        is_first
        & pl.col("is_of_no_kind")
        & (chars <= TITLE_MAX_CHARS)
        & ~pl.col("text").str.contains(r"[.;,:]$")
    )
    is_paragraph = (
        pl.col("is_of_no_kind")
        & (chars >= PARAGRAPH_MIN_CHARS)
        & pl.col("text").str.contains(r"[.!?…][\"'”’)\]]*$")
    )
    return (
        plain.with_columns(is_title=is_title, is_paragraph=is_paragraph)
        .group_by("document_row", maintain_order=True)
        .agg(
            pl.col("is_title").any(),
            has_paragraph=(pl.col("is_paragraph") & ~is_first).any(),
            is_text=chars.filter("is_paragraph").sum() > PROSE_MIN_RATIO * chars.sum(),
            first_line_row=pl.col("line_row").min(),
            last_line_row=pl.col("line_row").max(),
            byte_start=pl.col("byte_start").min(),
            byte_end=pl.col("byte_end").max(),
            char_start=pl.col("char_start").min(),
            char_end=pl.col("char_end").max(),
        )
        .with_columns(is_title=pl.col("is_title") & pl.col("has_paragraph"))
        .filter(pl.col("is_title") | pl.col("is_text"))
        .with_columns(
            article_row=pl.lit(None, pl.UInt32),
            ordinal=pl.lit(1, pl.UInt32),
            boundary_score=pl.lit(BOUNDARY_SCORE, pl.Float32),
        )
    )


def _place_lines(
    lines: pl.DataFrame, lone: pl.DataFrame, articles: pl.DataFrame
) -> pl.DataFrame:
    """The lines with the new numbers, and with roles where a document became one."""
    numbers = articles.filter(pl.col("article_row").is_not_null()).select(
        "article_row", "new_row"
    )
    spans = lone.join(
        articles.filter(pl.col("article_row").is_null()).select(
            "document_row", lone_row="new_row"
        ),
        on="document_row",
    ).select("document_row", "first_line_row", "last_line_row", "lone_row", "is_title")
    placed = lines.join(
        numbers, on="article_row", how="left", maintain_order="left"
    ).join(spans, on="document_row", how="left", maintain_order="left")
    is_inside = pl.col("line_row").is_between("first_line_row", "last_line_row")
    is_blank = ~pl.col("text").str.contains(r"\S")
    role = (
        pl.when((pl.col("line_row") == pl.col("first_line_row")) & pl.col("is_title"))
        .then(pl.lit(LineRole.TITLE.value))
        .when(is_inside & is_blank)
        .then(pl.lit(LineRole.BLANK.value))
        .when(is_inside)
        .then(pl.lit(LineRole.BODY.value))
        .otherwise("role")
    )
    return placed.with_columns(
        role=role,
        article_row=pl.when(is_inside).then("lone_row").otherwise("new_row"),
    ).select(list(SPLIT_LINES))
