"""Titles and bodies fit to read, each character still traceable to its file.

A cleaned text is made of pieces of the batch's buffer with nothing, one space, or one
blank line between them, so where each character came from is known without a search.
What was left out of a body on purpose is kept as a list of cuts.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.assemble import AssembledTexts, assemble
from transforms.body_edges import edge_cuts, trim_edges
from transforms.buffers import TextBuffer
from transforms.contracts import (
    CLEAN_ARTICLES,
    HELD_SPANS,
    SPLIT_ARTICLES,
    SPLIT_LINES,
    LineRole,
    ReasonCode,
    check,
)
from transforms.line_roles import SENTENCE_END, refine_roles
from transforms.locate import locate
from transforms.repair import repair_texts

__all__ = ["ARTICLE_MAX_BYTES", "CleanResult", "clean", "locate"]

ARTICLE_MAX_BYTES: Final = 8_000_000
WRAP_MAX_CHARS: Final = 110
WRAP_MIN_PAIRS: Final = 3
WRAP_MIN_OPEN_RATIO: Final = 0.4
FULL_LINE_RATIO: Final = 0.55
FULL_SENTENCE_RATIO: Final = 0.8
_NO_ARTICLE: Final = -1

TRUNCATED_END: Final = r"(?:…|\.{3})[\])]?\s*$"


@dataclass(frozen=True)
class CleanResult:
    """What the clean stage gives.

    Attributes:
        articles: CLEAN_ARTICLES, one row per article that has a title and a body.
        lines: SPLIT_LINES with final roles, and `kind` of header and trailer lines.
        rejects: HELD_SPANS, one row per article set aside.
    """

    articles: pl.DataFrame
    lines: pl.DataFrame
    rejects: pl.DataFrame


def clean(
    buffer: TextBuffer, lines: pl.DataFrame, articles: pl.DataFrame
) -> CleanResult:
    """Clean title and body of each article; see `CleanResult`.

    Args:
        buffer: The batch's text.
        lines: SPLIT_LINES.
        articles: SPLIT_ARTICLES in order of `article_row`.

    Raises:
        ContractError: A column is missing or has another type.
    """
    check(lines, SPLIT_LINES, stage="clean", contract="SPLIT_LINES")
    check(articles, SPLIT_ARTICLES, stage="clean", contract="SPLIT_ARTICLES")
    is_small = articles["byte_end"] - articles["byte_start"] <= ARTICLE_MAX_BYTES
    kept = articles.filter(is_small)
    roles = refine_roles(lines)
    numbered = _number_units(roles, kept)
    title_lines = numbered.filter(pl.col("role") == LineRole.TITLE)
    body_lines = trim_edges(
        numbered.filter(pl.col("role").is_in([LineRole.BODY, LineRole.SUBHEAD]))
    )
    titles = assemble(
        buffer.data, title_lines.with_columns(glue=pl.lit(1, pl.Int64)), len(kept)
    )
    bodies = assemble(buffer.data, _glue_lines(body_lines), len(kept))
    cleaned = _describe(kept, repair_texts(titles), repair_texts(bodies))
    cleaned = _attach_cuts(cleaned, numbered, body_lines)
    return _set_aside(cleaned, articles.filter(~is_small), roles)


def _number_units(lines: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Lines of the kept articles with `unit`, the row of their article."""
    mine = lines.filter(pl.col("article_row").is_not_null())
    rows = mine["article_row"].to_numpy()
    known = kept["article_row"].to_numpy()
    units = np.searchsorted(known, rows)
    is_kept = np.append(known, _NO_ARTICLE)[units] == rows
    return mine.with_columns(unit=pl.Series(units)).filter(pl.Series(is_kept))


def _glue_lines(body_lines: pl.DataFrame) -> pl.DataFrame:
    """Say how each body line follows the one before it.

    Returns:
        The same rows with `glue`: 0 nothing (a word broken at its hyphen), 1 a space
        (a hard-wrapped line), 2 a blank line.
    """
    previous_article = pl.col("article_row").shift(1)
    is_adjacent = (
        (pl.col("line_row") - pl.col("line_row").shift(1) == 1)
        & (pl.col("article_row") == previous_article)
        & (pl.col("role") == LineRole.BODY)
        & (pl.col("role").shift(1) == LineRole.BODY)
    ).fill_null(value=False)
    pairs = body_lines.lazy().with_columns(
        is_adjacent=is_adjacent,
        previous=pl.col("text").shift(1),
        previous_chars=(pl.col("char_end") - pl.col("char_start")).shift(1),
    )
    adjacent = (
        pairs.filter("is_adjacent")
        .select(
            "line_row",
            "article_row",
            "document_row",
            "previous",
            "previous_chars",
            "text",
        )
        .with_columns(closes=pl.col("previous").str.tail(6).str.contains(SENTENCE_END))
        .with_columns(_wrap_width("article_row"), _wrap_width("document_row"))
        .with_columns(
            width=pl.when(pl.len().over("article_row") >= WRAP_MIN_PAIRS)
            .then("width_of_article_row")
            .otherwise("width_of_document_row")
        )
        .select("line_row", joined=_glue_of_pair())
    )
    return (
        body_lines.lazy()
        .join(adjacent, on="line_row", how="left", maintain_order="left")
        .with_columns(glue=pl.col("joined").fill_null(2).cast(pl.Int64))
        .collect()
    )


def _wrap_width(group: str) -> pl.Expr:
    """Longest line of a group of hard-wrapped lines; null when they are not wrapped."""
    widest = pl.col("previous_chars").max().over(group)
    open_ratio = (~pl.col("closes")).mean().over(group)
    is_wrapped = (widest <= WRAP_MAX_CHARS) & (open_ratio >= WRAP_MIN_OPEN_RATIO)
    return pl.when(is_wrapped).then(widest).alias(f"width_of_{group}")


def _glue_of_pair() -> pl.Expr:
    indent = pl.col("text").str.len_bytes() - (
        pl.col("text").str.strip_chars_start().str.len_bytes()
    )
    previous_indent = pl.col("previous").str.len_bytes() - (
        pl.col("previous").str.strip_chars_start().str.len_bytes()
    )
    is_new = (
        (indent.cast(pl.Int64) > previous_indent.cast(pl.Int64) + 1)
        | pl.col("text").str.contains(r"^\s*[-*•·–—]\s")
        | (pl.col("previous_chars") < FULL_LINE_RATIO * pl.col("width"))
        | (
            pl.col("closes")
            & (pl.col("previous_chars") < FULL_SENTENCE_RATIO * pl.col("width"))
        )
    )
    breaks_word = pl.col("previous").str.tail(3).str.contains(r"[\p{L}]-\s*$") & pl.col(
        "text"
    ).str.contains(r"^\s*\p{Ll}")
    return (
        pl.when(pl.col("width").is_null() | is_new)
        .then(2)
        .when(breaks_word)
        .then(0)
        .otherwise(1)
    )


def _describe(
    articles: pl.DataFrame, titles: AssembledTexts, bodies: AssembledTexts
) -> pl.DataFrame:
    paragraphs = bodies.texts.str.count_matches("\n\n", literal=True)
    spaces = bodies.texts.str.count_matches(" ", literal=True)
    return articles.with_columns(
        titles.texts.alias("title"),
        bodies.texts.alias("body"),
        titles.runs.alias("title_runs"),
        bodies.runs.alias("body_runs"),
        titles.repairs.alias("title_repairs"),
        bodies.repairs.alias("body_repairs"),
        (paragraphs + 1).cast(pl.UInt32).alias("paragraph_count"),
        (spaces + paragraphs + 1).cast(pl.UInt32).alias("word_count"),
    )


def _attach_cuts(
    cleaned: pl.DataFrame, lines: pl.DataFrame, body_lines: pl.DataFrame
) -> pl.DataFrame:
    """Add `cuts`, in order of place, and `is_truncated`."""
    whole = (
        lines.lazy()
        .filter(~pl.col("role").is_in([LineRole.BLANK, LineRole.SEPARATOR]))
        .with_columns(block=pl.struct("article_row", "role", "kind").rle_id())
        .filter(pl.col("role").is_in([LineRole.HEADER, LineRole.TRAILER]))
        .group_by("block", maintain_order=True)
        .agg(
            pl.col("article_row").first(),
            pl.col("char_start").first(),
            pl.col("char_end").last(),
            reason_code=pl.when(pl.col("kind").first() == "byline")
            .then(pl.lit("byline"))
            .otherwise(pl.col("role").first()),
            says_more=pl.col("text")
            .first()
            .str.contains(r"(?i)^\W*(?:continue|keep) reading"),
        )
        .select("article_row", "char_start", "char_end", "reason_code", "says_more")
    )
    cuts = pl.concat([whole, edge_cuts(body_lines), _repair_cuts(cleaned)])
    by_article = (
        cuts.sort("article_row", "char_start")
        .group_by("article_row", maintain_order=True)
        .agg(
            cuts=pl.struct(
                pl.col("char_start", "char_end").cast(pl.UInt32), "reason_code"
            ),
            has_tail=(pl.col("reason_code") == "continue_tail").any()
            | pl.col("says_more").any(),
        )
    )
    return (
        cleaned.lazy()
        .join(by_article, on="article_row", how="left", maintain_order="left")
        .with_columns(
            pl.col("cuts").fill_null([]).cast(CLEAN_ARTICLES["cuts"]),
            is_truncated=pl.col("has_tail").fill_null(value=False)
            | pl.col("body").str.tail(8).str.contains(TRUNCATED_END),
        )
        .collect()
    )


def _repair_cuts(cleaned: pl.DataFrame) -> pl.LazyFrame:
    spans = pl.concat(
        cleaned.lazy()
        .select("article_row", span=pl.col(column))
        .explode("span", empty_as_null=True)
        .drop_nulls("span")
        for column in ("title_repairs", "body_repairs")
    )
    return spans.unnest("span").select(
        "article_row",
        pl.col("char_start", "char_end").cast(pl.Int64),
        pl.lit("repaired").alias("reason_code"),
        pl.lit(value=False).alias("says_more"),
    )


def _set_aside(
    cleaned: pl.DataFrame, too_large: pl.DataFrame, lines: pl.DataFrame
) -> CleanResult:
    reason = (
        pl.when(~pl.col("title").str.contains(r"[\p{L}\p{N}]"))
        .then(pl.lit(ReasonCode.NO_TITLE))
        .when(~pl.col("body").str.contains(r"[\p{L}\p{N}]"))
        .then(pl.lit(ReasonCode.NO_BODY))
    )
    judged = cleaned.with_columns(reason_code=reason)
    held = pl.concat(
        [
            judged.drop_nulls("reason_code").with_columns(
                detail=pl.col("title").str.slice(0, 80)
            ),
            too_large.with_columns(
                reason_code=pl.lit(ReasonCode.ARTICLE_TOO_LARGE),
                detail=pl.format(
                    "{} bytes, expected at most {}",
                    pl.col("byte_end") - pl.col("byte_start"),
                    pl.lit(ARTICLE_MAX_BYTES),
                ),
            ),
        ],
        how="diagonal",
    )
    return CleanResult(
        articles=judged.filter(pl.col("reason_code").is_null()).select(
            list(CLEAN_ARTICLES)
        ),
        lines=lines,
        rejects=held.sort("document_row", "char_start").select(
            pl.col(name).cast(dtype) for name, dtype in HELD_SPANS.items()
        ),
    )
