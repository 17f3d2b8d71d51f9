"""What hangs on to the first and last words of a body and is no text of it."""

from typing import Final

import numpy as np
import polars as pl

from transforms.buffers import Offsets
from transforms.patterns import contains, extract
from transforms.shape_kernels import LineShapes

EDGE_CHARS: Final = 400
SIGN_CHARS: Final = 24

_NAME = r"\p{Lu}[\p{L}\p{M}.'’-]*"
_UPPER_PLACE = r"\p{Lu}[\p{Lu}\p{M}.'’/ -]+"
# A byline run into the lead: `By Jane Doe ALMATY (Agency) - `.
LEAD_BYLINE: Final = (
    rf"^(\s*(?:By|BY)\s+{_NAME}(?:\s+(?:{_NAME}|and|de|van|von|al|bin))+?,?\s+)"
    rf"{_UPPER_PLACE}(?:,[^()]+)?\s*\([^()]+\)\s*[-–—]"
)
# Tags of a monitoring service: `[REPORT] [NAME OF THE PROGRAMME] [TEXT] `.
LEAD_TAGS: Final = r"^(\s*(?:\[[^\[\]]+\]\s*)*\[(?i:text|excerpts?|summary)\]\s*)"
CONTINUE_TAIL: Final = (
    r"(?:^|…|\.{3}|[.!?”\"\]])(\s*[\[(]?(?i:continue reading|read more|"
    r"read the (?:full|rest)|keep reading|click here (?:to|for))\b.*)$"
)
CREDIT_TAIL: Final = (
    r"[.!?”\"…]\s*(\(?(?i:(?:additional )?(?:reporting|writing|editing|compiled)"
    r"(?: and \w+)? by) [^()]+\)?)\s*$"
)
_WIRES: Final = (
    r"(?:REUTERS?|Reuters?|AFP|AP|UPI|TASS|ITAR-TASS|Xinhua|Interfax|DPA|dpa|ANSA|EFE|"
    r"PTI|IANS|ANI|Kyodo|Yonhap|Bernama|KUNA|IRNA|Newswire)"
)
_AGENCY: Final = r"\p{Lu}[^()]{0,30}(?:Agency|News|Wire|Press|Service)"
WIRE_TAIL: Final = (
    rf"[.!?”\"'’)]\s+([-–—/(]{{0,3}}\s?{_WIRES}\s?[/)\]]{{0,2}}|\({_AGENCY}\))\s*$"
)
# What a feed puts where it cuts a text: [+1234 chars], [more].
CUT_TAIL: Final = (
    r"(?i)(\s*[\[(](?:\+\s?\d[\d,.]*\s?(?:chars?|characters|words)|more)[\])])\s*$"
)
BYLINE_TAIL: Final = (
    rf"[.!?”\"]\s+(By\s+{_NAME}(?:\s+{_NAME}){{1,3}}(?:,?\s+(?:for|in|of)\s+\S.*)?)"
    r"\s*$"
)
TAIL_WORDS: Final = (
    "ontinue reading",
    "ead more",
    "ead the ",
    "eep reading",
    "lick here",
    "eporting ",
    "riting ",
    "diting ",
    "ompiled ",
    " By ",
    " char",
    " words]",
    "ore]",
    "ore)",
)
WIRE_END: Final = rf"(?:{_WIRES}|(?:Agency|News|Wire|Press|Service)\))\W*$"
# Each with a plain pattern that every text holds which fits it: captures are tried on
# those texts alone.
TAILS: Final = (
    (
        "continue_tail",
        CONTINUE_TAIL,
        r"(?i)(?:continue|keep) reading|read (?:more|the)|click here",
    ),
    ("continue_tail", CUT_TAIL, r"[\])]\s*$"),
    ("trailer", CREDIT_TAIL, r"(?i)(?:reporting|writing|editing|compiled) "),
    ("trailer", WIRE_TAIL, r"[\p{L})\]/]\s*$"),
    ("byline", BYLINE_TAIL, r"[.!?”\"]\s+By\s"),
)
STRAY_QUOTE: Final = r"^([^“”]*(?:^|\s))”[\p{L}\p{N}]"


def trim_edges(body_lines: pl.DataFrame, shapes: LineShapes) -> pl.DataFrame:
    """Take bylines off the first and tails off the last line of each body.

    Args:
        body_lines: Lines of bodies in order.
        shapes: Theirs; outer blanks are no part of what stays.

    Returns:
        The same rows with the columns that `assemble` needs: `byte_start` and
        `byte_end` of what stays; `head_cut` and `tail_cut` are the texts taken off,
        `head_reason` and `tail_reason` say why; `stray_at` is a stray quote's byte.
    """
    rows = body_lines["article_row"].to_numpy()
    changes = rows[1:] != rows[:-1]
    firsts = np.flatnonzero(np.append(True, changes)[: len(rows)])
    lasts = np.flatnonzero(np.append(changes, True)[: len(rows)])
    heads = _cut_heads(body_lines["text"].gather(firsts))
    tails = _cut_tails(body_lines["text"].gather(lasts))
    strays = _stray_quotes(body_lines)
    return body_lines.with_columns(
        line_byte_start=pl.col("byte_start"),
        head_cut=_spread(heads["cut"], firsts[heads["row"]], len(rows)),
        head_reason=_spread(heads["reason"], firsts[heads["row"]], len(rows)),
        tail_cut=_spread(tails["cut"], lasts[tails["row"]], len(rows)),
        tail_reason=_spread(tails["reason"], lasts[tails["row"]], len(rows)),
        stray_at=_spread(strays["stray_at"], strays["row"].to_numpy(), len(rows)),
    ).with_columns(
        byte_start=pl.max_horizontal(
            pl.Series(shapes.starts),
            pl.col("byte_start") + pl.col("head_cut").str.len_bytes(),
        ),
        byte_end=pl.min_horizontal(
            pl.Series(shapes.ends),
            pl.col("byte_end") - pl.col("tail_cut").str.len_bytes(),
        ),
    )


def _spread(values: pl.Series, rows: Offsets, count: int) -> pl.Series:
    """A column of `count` rows, null but for the values at some rows."""
    empty = pl.Series([None], dtype=values.dtype).new_from_index(0, count)
    return empty.scatter(rows, values)


def _cut_heads(texts: pl.Series) -> pl.DataFrame:
    """Rows (row, cut, reason) of texts that begin with a byline or with tags."""
    head = pl.col("text").str.slice(0, EDGE_CHARS)
    return (
        texts.alias("text")
        .to_frame()
        .with_row_index("row")
        .filter(pl.col("text").str.contains(r"^\s*(?:By\s|BY\s|\[)"))
        .with_columns(
            byline=head.str.extract(LEAD_BYLINE), tags=head.str.extract(LEAD_TAGS)
        )
        .select(
            "row",
            cut=pl.coalesce("byline", "tags"),
            reason=pl.when(pl.col("tags").is_null())
            .then(pl.lit("byline"))
            .otherwise(pl.lit("header")),
        )
        .drop_nulls()
    )


def _cut_tails(texts: pl.Series) -> pl.DataFrame:
    """Rows (row, cut, reason) of the texts that end in what is no text."""
    tails = texts.str.tail(EDGE_CHARS)
    has_words = tails.to_frame("tail").select(
        pl.col("tail").str.contains_any(list(TAIL_WORDS), ascii_case_insensitive=True)
    )
    # Most ends hold none of these words; captures are tried on the rest alone.
    rows = (
        has_words.to_series() | contains(tails.str.tail(SIGN_CHARS), WIRE_END)
    ).arg_true()
    likely = tails.gather(rows)
    places = [str(place) for place in range(len(TAILS))]
    found = pl.DataFrame(
        {
            place: _extract_likely(likely, pattern, sign)
            for place, (_, pattern, sign) in zip(places, TAILS, strict=True)
        }
    )
    return found.select(
        rows.cast(pl.UInt32).alias("row"),
        cut=pl.coalesce(places),
        reason=pl.coalesce(
            pl.when(pl.col(place).is_not_null()).then(pl.lit(reason))
            for place, (reason, *_) in zip(places, TAILS, strict=True)
        ),
    ).drop_nulls()


def _extract_likely(texts: pl.Series, pattern: str, sign: str) -> pl.Series:
    """The pattern's group in each text, sought where its sign stands."""
    rows = contains(texts, sign).arg_true()
    found = pl.Series([None], dtype=pl.String).new_from_index(0, len(texts))
    return found.scatter(rows, extract(texts.gather(rows), pattern))


def _stray_quotes(body_lines: pl.DataFrame) -> pl.DataFrame:
    """A closing quote that stands where an opening one would, and closes nothing.

    Returns:
        `row` (of the body lines) and `stray_at`, the quote's byte in the buffer.
    """
    is_wide = pl.col("byte_end") - pl.col("byte_start") != (
        pl.col("char_end") - pl.col("char_start")
    )
    closing = pl.col("text").str.count_matches("”", literal=True)
    opening = pl.col("text").str.count_matches("“", literal=True)
    return (
        body_lines.lazy()
        .with_row_index("row")
        .select("row", "text", "byte_start", is_wide=is_wide)
        .filter("is_wide")
        .with_columns(closing=closing)
        .filter(pl.col("closing") % 2 == 1)
        .filter(opening < pl.col("closing"))
        .select(
            "row",
            stray_at=pl.col("byte_start")
            + pl.col("text").str.extract(STRAY_QUOTE).str.len_bytes(),
        )
        .drop_nulls()
        .collect()
    )


def edge_cuts(body_lines: pl.DataFrame) -> pl.LazyFrame:
    """What `trim_edges` took off: document spans and the reason of each."""
    rows = body_lines.lazy()
    no_more = pl.lit(value=False).alias("says_more")
    heads = rows.filter(pl.col("head_cut").is_not_null()).select(
        "article_row",
        "char_start",
        (pl.col("char_start") + pl.col("head_cut").str.len_chars()).alias("char_end"),
        pl.col("head_reason").alias("reason_code"),
        no_more,
    )
    tails = rows.filter(pl.col("tail_cut").is_not_null()).select(
        "article_row",
        (pl.col("char_end") - pl.col("tail_cut").str.len_chars()).alias("char_start"),
        "char_end",
        pl.col("tail_reason").alias("reason_code"),
        no_more,
    )
    stray_start = pl.col("char_start") + (
        pl.col("text").str.extract(STRAY_QUOTE).str.len_chars()
    )
    quotes = rows.filter(pl.col("stray_at").is_not_null()).select(
        "article_row",
        stray_start.alias("char_start"),
        (stray_start + 1).alias("char_end"),
        pl.lit("stray_quote").alias("reason_code"),
        no_more,
    )
    return pl.concat([heads, tails, quotes])
