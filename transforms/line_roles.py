"""Which lines of an article are header, body, subhead, or trailer.

The splitter says where an article begins and ends and which lines are its title; this
module looks at the first and the last lines of each article alone, so its cost grows
with the number of articles, not with their length.
"""

from functools import cache
from typing import Final

import polars as pl

from transforms.contracts import LineRole
from transforms.reference import read_reference

HEADER_ZONE_LINES: Final = 18
TRAILER_ZONE_LINES: Final = 30
PATTERN_MAX_CHARS: Final = 420
HEADER_FILLER_MAX_CHARS: Final = 60
DATE_LINE_MAX_BYTES: Final = 90
TRAILER_FILLER_MAX_CHARS: Final = 90
FOOT_LINES: Final = 6
MIN_COPIES: Final = 3
SUBHEAD_MAX_CHARS: Final = 60
# A sentence ends like this; a line that does is no filler of a header block.
SENTENCE_END: Final = r"[.!?…][\"'”’)\]]*\s*$"


@cache
def _patterns(zone: str) -> dict[str, str]:
    rows = read_reference("role_patterns").filter(pl.col("zone").is_in([zone, "both"]))
    by_kind = rows.group_by("kind", maintain_order=True).agg("pattern")
    return {kind: "|".join(f"(?:{p})" for p in found) for kind, found in by_kind.rows()}


def line_kinds(texts: pl.Expr, zone: str) -> pl.Expr:
    """Name of the first pattern of the zone that a whole line fits, else null.

    Args:
        texts: Lines without outer white space.
        zone: `header` or `trailer`.
    """
    kinds = pl.lit(None, dtype=pl.String)
    for kind, pattern in reversed(_patterns(zone).items()):
        kinds = pl.when(texts.str.contains(pattern)).then(pl.lit(kind)).otherwise(kinds)
    is_short = texts.str.len_bytes() <= PATTERN_MAX_CHARS
    is_sentence = texts.str.tail(6).str.contains(SENTENCE_END)
    is_long_date = (texts.str.len_bytes() > DATE_LINE_MAX_BYTES) | is_sentence
    return pl.when(is_short & ~((kinds == "date_line") & is_long_date)).then(kinds)


def refine_roles(lines: pl.DataFrame) -> pl.DataFrame:
    """Tell header, trailer, and subhead lines from body lines.

    Args:
        lines: SPLIT_LINES. Roles header and trailer that are already there stay.

    Returns:
        The same rows with final roles, and `kind`: the pattern of a header or trailer
        line, null elsewhere.
    """
    inked = (
        lines.lazy()
        .filter(
            pl.col("article_row").is_not_null()
            & ~pl.col("role").is_in([LineRole.BLANK, LineRole.SEPARATOR])
        )
        .select("line_row", "document_row", "article_row", "role", "text")
        .with_columns(
            is_title=pl.col("role") == LineRole.TITLE,
            place=pl.int_range(pl.len()).over("article_row"),
            lines_left=pl.len().over("article_row")
            - pl.int_range(pl.len()).over("article_row"),
        )
        .with_columns(
            title_place=pl.col("place").filter("is_title").first().over("article_row")
        )
        .with_columns(rank=pl.col("place") - pl.col("title_place").fill_null(-1))
        .with_columns(
            last_substantial=pl.coalesce(
                pl.col("rank").filter(_is_substantial()).max().over("article_row"),
                pl.col("rank").max().over("article_row"),
            )
        )
        .collect()
    )
    headers = _find_headers(inked)
    trailers = _find_trailers(inked, headers)
    roles = (
        lines.lazy()
        .join(headers.lazy(), on="line_row", how="left", maintain_order="left")
        .join(trailers.lazy(), on="line_row", how="left", maintain_order="left")
        .with_columns(
            role=pl.when(pl.col("header_kind").is_not_null())
            .then(pl.lit(LineRole.HEADER))
            .when(pl.col("trailer_kind").is_not_null())
            .then(pl.lit(LineRole.TRAILER))
            .otherwise(pl.col("role")),
            kind=pl.coalesce("header_kind", "trailer_kind"),
        )
        .drop("header_kind", "trailer_kind")
        .collect()
    )
    return roles.with_columns(role=_subheads(roles))


def _is_substantial() -> pl.Expr:
    """Whether a line reads like a paragraph: long, or closed like a sentence."""
    text = pl.col("text")
    is_long = text.str.len_bytes() > TRAILER_FILLER_MAX_CHARS
    return is_long | text.str.tail(6).str.contains(SENTENCE_END)


def _find_headers(inked: pl.DataFrame) -> pl.DataFrame:
    """Header lines: all before the title, and the block of field lines after it."""
    near = pl.col("rank") <= HEADER_ZONE_LINES
    texts = pl.col("text").str.strip_chars()
    zone = (
        inked.lazy()
        .filter(near & ~pl.col("is_title"))
        .with_columns(kind=line_kinds(texts, "header"), text=texts)
        .with_columns(
            is_strong=(pl.col("kind").is_not_null() & (pl.col("kind") != "byline"))
            | (pl.col("role") == LineRole.HEADER)
            | (pl.col("rank") < 0),
        )
        .with_columns(
            is_filler=(pl.col("text").str.len_chars() <= HEADER_FILLER_MAX_CHARS)
            & ~pl.col("text").str.contains(SENTENCE_END),
            follows_publisher=(pl.col("kind") == "published_by")
            .shift(1)
            .over("article_row")
            .fill_null(value=False),
        )
        .with_columns(
            is_strong=pl.col("is_strong")
            | (pl.col("is_filler") & pl.col("follows_publisher")),
        )
        .with_columns(
            gaps=(~pl.col("is_strong") & ~pl.col("is_filler"))
            .cum_sum()
            .over("article_row")
        )
        .with_columns(
            last=pl.col("rank")
            .filter(pl.col("is_strong") & (pl.col("gaps") == 0))
            .max()
            .over("article_row")
            .fill_null(0)
        )
    )
    # A block that would leave no body at all is no header.
    is_block = (pl.col("rank") <= pl.col("last")) & (
        pl.col("last") < pl.col("last_substantial")
    )
    is_byline = (pl.col("kind") == "byline") & (
        pl.col("rank").is_between(pl.col("last") + 1, pl.col("last") + 2)
    )
    return (
        zone.filter((pl.col("rank") < 0) | is_block | is_byline)
        .filter(pl.col("lines_left") > 1)
        .select("line_row", header_kind=pl.col("kind").fill_null("filler"))
        .collect()
    )


def _is_repeated() -> pl.Expr:
    """Whether the same short line stands near the end of several articles of a file."""
    copies = pl.len().over("document_row", "text", pl.col("lines_left") <= FOOT_LINES)
    return (
        (pl.col("lines_left") <= FOOT_LINES)
        & (pl.col("text").str.len_bytes() <= TRAILER_FILLER_MAX_CHARS)
        & (copies >= MIN_COPIES)
    )


def _find_trailers(inked: pl.DataFrame, headers: pl.DataFrame) -> pl.DataFrame:
    """Trailer lines: from the first that says so, if nothing but such lines follow."""
    texts = pl.col("text").str.strip_chars()
    zone = (
        inked.lazy()
        .filter((pl.col("lines_left") <= TRAILER_ZONE_LINES) & (pl.col("rank") > 0))
        .join(headers.lazy(), on="line_row", how="anti", maintain_order="left")
        .with_columns(kind=line_kinds(texts, "trailer"), text=texts)
        .with_columns(is_repeated=_is_repeated())
        .with_columns(
            is_strong=pl.col("kind").is_not_null()
            | (pl.col("role") == LineRole.TRAILER)
            | pl.col("is_repeated"),
            opens_section=(pl.col("kind") == "section").fill_null(value=False),
            is_filler=(pl.col("text").str.len_chars() <= TRAILER_FILLER_MAX_CHARS)
            & ~pl.col("text").str.contains(SENTENCE_END),
        )
        .with_columns(
            after_section=pl.col("opens_section").cum_max().over("article_row")
        )
        .with_columns(
            gaps=(
                ~pl.col("is_strong") & ~pl.col("is_filler") & ~pl.col("after_section")
            )
            .cum_sum(reverse=True)
            .over("article_row")
        )
        .with_columns(
            first=pl.col("rank")
            .filter(pl.col("is_strong") & (pl.col("gaps") == 0))
            .min()
            .over("article_row")
        )
    )
    return (
        zone.filter(pl.col("rank") >= pl.col("first"))
        .select("line_row", trailer_kind=pl.col("kind").fill_null("filler"))
        .collect()
    )


def _subheads(lines: pl.DataFrame) -> pl.Series:
    """Roles, with short unpunctuated lines that stand alone marked as subheads."""
    is_body = pl.col("role") == LineRole.BODY
    texts = pl.col("text")
    stands_alone = (
        (pl.col("role").shift(1) == LineRole.BLANK)
        & (pl.col("role").shift(-1) == LineRole.BLANK)
        & (pl.col("role").shift(-2) == LineRole.BODY)
        & (texts.shift(-2).str.len_bytes() > SUBHEAD_MAX_CHARS)
    )
    is_subhead = (
        is_body
        & stands_alone
        & (texts.str.len_bytes() <= SUBHEAD_MAX_CHARS)
        & ~texts.str.contains(r"[.,;:!?…)\d]\s*$|^\W*[\p{Ll}\d]")
    )
    return lines.select(
        pl.when(is_subhead)
        .then(pl.lit(LineRole.SUBHEAD))
        .otherwise("role")
        .alias("role")
    )["role"]
