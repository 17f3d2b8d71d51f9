"""What stands between articles and is neither blank, rule, heading, list, nor cover.

Such text is most likely an article that the splitter did not see, so it is held back
with its place and not counted as a separator.
"""

from typing import Final

import polars as pl

from transforms.contracts import HELD_SPANS, ReasonCode
from transforms.split.split import SplitResult
from transforms.text.line_kinds import SPLIT_KINDS, match_kinds

HEADING_MAX_CHARS: Final = 120
# In bytes, for letters of scripts that write a word with one or two take three.
SENTENCE_MIN_BYTES: Final = 40
# Of lines like headings that follow each other; lists of contents that no pattern knows
# have up to 325 (data of development), chats and tables thousands.
HEADINGS_MAX_CHARS: Final = 1_000
# Of a line of known kind; search words of databases take up to 290.
FURNITURE_MAX_CHARS: Final = 400
_SENTENCE_END: Final = r"[.!?…。！？؟۔।][\"'”’»)\]]*$"
_LOWER_START: Final = r"^\p{Ll}"
# Kinds that lines of an article's own text have too; of all others are lists of
# contents, covers, interfaces, rules, and lines of databases.
_TEXT_KINDS: Final = ("dateline", "byline", "agency", "name", "bullet", "bracket")
_FURNITURE_BITS: Final = sum(
    1 << place for place, kind in enumerate(SPLIT_KINDS) if kind not in _TEXT_KINDS
)
_STRIPPED: Final = " \t\r\n\v\f\u00a0\ufeff"


def find_outside_articles(result: SplitResult) -> pl.DataFrame:
    """Text that is in no article and reads as if it should be.

    A line does when it ends a sentence, goes on in the next, or is longer than a
    heading, and when it is one of very many lines; never when it is of a kind that
    stands between articles. Documents without any article are held back as a whole
    elsewhere.

    Args:
        result: Of `split`, lone articles added.

    Returns:
        Contract HELD_SPANS: per gap between articles, from the first such line to the
        last.
    """
    lines = _find_lines(result)
    if lines.is_empty():
        return pl.DataFrame(schema=HELD_SPANS)
    place = ["document_row", "gap"]
    is_prose = (
        (pl.col("chars") > HEADING_MAX_CHARS)
        | (
            pl.col("text").str.contains(_SENTENCE_END)
            & (pl.col("text").str.len_bytes() > SENTENCE_MIN_BYTES)
        )
        | pl.col("goes_on")
        | pl.col("goes_on").shift(-1, fill_value=False).over(place)
    )
    is_crowd = pl.col("chars").sum().over(place) > HEADINGS_MAX_CHARS
    likely = lines.with_columns(is_prose=is_prose).filter(is_prose | is_crowd)
    kinds = match_kinds(likely["text"].str.head(FURNITURE_MAX_CHARS), "split")
    is_furniture = pl.Series((kinds & _FURNITURE_BITS) != 0) & (
        likely["chars"] <= FURNITURE_MAX_CHARS
    )
    return (
        likely.filter(~is_furniture)
        .filter(pl.col("is_prose") | is_crowd)
        .group_by(place, maintain_order=True)
        .agg(pl.col("char_start").min(), pl.col("char_end").max())
        .with_columns(
            reason_code=pl.lit(ReasonCode.OUTSIDE_ARTICLES.value),
            detail=pl.format(
                "{} characters of text between articles, in none of them",
                pl.col("char_end") - pl.col("char_start"),
            ),
        )
        .select(HELD_SPANS.keys())
    )


def _find_lines(result: SplitResult) -> pl.DataFrame:
    """Lines with text in no article: `gap`, `text` stripped, `chars`, `goes_on`.

    A line goes on where it starts with a small letter below another line.
    """
    # An article that was set aside is accounted for; its lines name none.
    held = result.quarantined.select(
        "document_row", "char_start", held_end="char_end"
    ).sort("document_row", "char_start")
    lines = (
        result.lines.select(
            "line_row",
            "document_row",
            "char_start",
            "char_end",
            "article_row",
            "text",
            gap=pl.col("article_row").is_not_null().cum_sum(),
        )
        # Most lines are of an article: nothing is made of their texts.
        .filter(
            pl.col("article_row").is_null(),
            ~pl.col("document_row").is_in(result.empty_documents.implode()),
        )
        .with_columns(pl.col("text").str.strip_chars(_STRIPPED))
        .filter(pl.col("text") != "")
        .join_asof(held, on="char_start", by="document_row", check_sortedness=False)
        .filter(pl.col("char_start") >= pl.col("held_end").fill_null(0))
    )
    follows = pl.col("line_row").diff() == 1
    starts_low = pl.col("text").str.contains(_LOWER_START)
    return lines.with_columns(
        chars=pl.col("text").str.len_chars().cast(pl.Int64),
        goes_on=(follows & starts_low).fill_null(value=False),
    )
