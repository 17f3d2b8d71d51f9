"""Documents that are lists of headlines: no article can be made of them.

Left to itself the splitter takes some of the headlines for titles, and others for their
texts.
"""

from dataclasses import replace
from typing import Final

import polars as pl

from transforms.contracts import SPLIT_ARTICLES, SPLIT_LINES, LineRole, ReasonCode
from transforms.split.split import SplitResult
from transforms.text.line_kinds import SPLIT_KINDS, match_kinds

HEADLINES_MIN: Final = 3
HEADLINE_MAX_BYTES: Final = 300
# Of the lines of a list: of no known kind, of two words or more, without a full stop,
# beginning with no small letter.
HEADLINE_MIN_RATIO: Final = 0.8
TEXT_MAX_RATIO: Final = 0.1
_FULL_STOP: Final = r"[.…。।۔።។။][\"'”’»)\]]*\s*$"
_SMALL_START: Final = r"^\s*\p{Ll}"
# Of what may stand in front of a headline in a list.
_LIST_KINDS: Final = ("bullet", "number", "bracket", "toc")
_OTHER_KINDS: Final = sum(
    1 << place for place, kind in enumerate(SPLIT_KINDS) if kind not in _LIST_KINDS
)
_WORDS: Final = r"\p{L}\S*\s+\S*\p{L}"


def find_headline_lists(lines: pl.DataFrame) -> pl.Series:
    """Rows of documents whose lines are headlines, and whose texts are missing.

    Args:
        lines: SPLIT_LINES, whatever article they are said to be of.
    """
    sizes = pl.col("byte_end") - pl.col("byte_start")
    likely = lines.select("document_row", "text", bytes=sizes)
    # Nearly every document is a digest: the cheap signs first.
    for sign in (
        pl.col("bytes").max() <= HEADLINE_MAX_BYTES,
        _share(pl.col("text").str.ends_with(".")),
        _share(pl.col("text").str.contains(_SMALL_START)),
    ):
        kept = likely.group_by("document_row").agg(is_kept=sign).filter("is_kept")
        likely = likely.join(kept, on="document_row", how="semi", maintain_order="left")
    filled = likely.filter(pl.col("text").str.contains(r"\S"))
    kinds = match_kinds(filled["text"].str.strip_chars(), "split")
    text = pl.col("text")
    is_text = text.str.contains(_FULL_STOP) | text.str.contains(_SMALL_START)
    judged = filled.with_columns(
        is_text=is_text,
        is_headline=pl.Series(kinds & _OTHER_KINDS == 0)
        & text.str.contains(_WORDS)
        & ~is_text,
    )
    return (
        judged.group_by("document_row", maintain_order=True)
        .agg(
            headlines=pl.col("is_headline").sum(),
            headline_ratio=pl.col("is_headline").mean(),
            text_ratio=pl.col("is_text").mean(),
        )
        .filter(
            pl.col("headlines") >= HEADLINES_MIN,
            pl.col("headline_ratio") >= HEADLINE_MIN_RATIO,
            pl.col("text_ratio") <= TEXT_MAX_RATIO,
        )["document_row"]
    )


def _share(of_text: pl.Expr) -> pl.Expr:
    """Whether few of a document's lines look like text."""
    return of_text.sum() <= TEXT_MAX_RATIO * (pl.col("bytes") > 0).sum()


def hold_headline_lists(result: SplitResult) -> SplitResult:
    """Take the articles back that were found in lists of headlines.

    Args:
        result: Of `split`, lone articles added.

    Returns:
        The same with such documents among the empty ones, and articles numbered anew.
    """
    found = find_headline_lists(result.lines)
    if found.is_empty():
        return result
    is_list = pl.col("document_row").is_in(found.implode())
    articles = result.articles.filter(~is_list).with_row_index("number")
    numbers = articles.select("article_row", "number")
    lines = (
        result.lines.join(numbers, on="article_row", how="left", maintain_order="left")
        .with_columns(
            article_row="number",
            role=pl.when(is_list).then(pl.lit(LineRole.SEPARATOR)).otherwise("role"),
        )
        .select(list(SPLIT_LINES))
    )
    return replace(
        result,
        lines=lines,
        articles=articles.with_columns(article_row="number").select(
            list(SPLIT_ARTICLES)
        ),
        empty_documents=pl.concat([result.empty_documents, found]).unique().sort(),
    )


def name_headline_lists(held: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Held spans of whole documents, with the reason of those that are such lists.

    Args:
        held: HELD_SPANS of documents without an article.
        lines: SPLIT_LINES.
    """
    if held.is_empty():
        return held
    is_list = pl.col("document_row").is_in(find_headline_lists(lines).implode())
    return held.with_columns(
        reason_code=pl.when(is_list)
        .then(pl.lit(ReasonCode.ONLY_HEADLINES.value))
        .otherwise("reason_code"),
        detail=pl.when(is_list)
        .then(pl.lit("headlines whose texts are not there"))
        .otherwise("detail"),
    )
