"""What hangs on to the first and last words of a body and is no text of it."""

import re
from typing import Final

import numpy as np
import polars as pl

from transforms.buffers import Offsets
from transforms.patterns import contains, extract, on_own_thread
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
_MAY_HAVE_TAIL: Final = "(?i-u:" + "|".join(map(re.escape, TAIL_WORDS)) + ")"
_MAY_HAVE_HEAD: Final = r"^\s*(?:By\s|BY\s|\[)"
STRAY_QUOTE: Final = r"^([^“”]*(?:^|\s))”[\p{L}\p{N}]"


def trim_edges(body_lines: pl.DataFrame, shapes: LineShapes) -> pl.DataFrame:
    """Take bylines off the first and tails off the last line of each body.

    Args:
        body_lines: Lines of bodies in order.
        shapes: Theirs; outer blanks are no part of what stays.

    Returns:
        The same rows with the columns that `assemble` needs: `byte_start` and
        `byte_end` of what stays; `head_cut` and `tail_cut` are the texts taken off,
        `head_reason` and `tail_reason` say why; `stray_at` is a stray quote's byte,
        `stray_char` its character.
    """
    return on_own_thread("body edges", _trim_edges, body_lines, shapes)


def _trim_edges(body_lines: pl.DataFrame, shapes: LineShapes) -> pl.DataFrame:
    rows = body_lines["article_row"].to_numpy()
    changes = rows[1:] != rows[:-1]
    firsts = np.flatnonzero(np.append(True, changes)[: len(rows)])
    lasts = np.flatnonzero(np.append(changes, True)[: len(rows)])
    heads = _cut_heads(body_lines["text"].gather(firsts))
    tails = _cut_tails(body_lines["text"].gather(lasts))
    strays = _stray_quotes(body_lines)
    stray_rows = strays["row"].to_numpy()
    marked = body_lines.with_columns(
        line_byte_start=body_lines["byte_start"],
        head_cut=_spread(heads["cut"], firsts[heads["row"]], len(rows)),
        head_reason=_spread(heads["reason"], firsts[heads["row"]], len(rows)),
        tail_cut=_spread(tails["cut"], lasts[tails["row"]], len(rows)),
        tail_reason=_spread(tails["reason"], lasts[tails["row"]], len(rows)),
        stray_at=_spread(strays["stray_at"], stray_rows, len(rows)),
        stray_char=_spread(strays["stray_char"], stray_rows, len(rows)),
    )
    return marked.with_columns(
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
    rows = contains(texts, _MAY_HAVE_HEAD).arg_true()
    likely = texts.gather(rows).str.slice(0, EDGE_CHARS)
    bylines, tags = extract(likely, LEAD_BYLINE), extract(likely, LEAD_TAGS)
    reasons = pl.Series(["header"]).new_from_index(0, len(rows))
    return _cuts(
        rows,
        bylines.zip_with(bylines.is_not_null(), tags),
        reasons.set(tags.is_null(), "byline"),
    )


def _cuts(rows: pl.Series, cuts: pl.Series, reasons: pl.Series) -> pl.DataFrame:
    is_cut = cuts.is_not_null()
    return pl.DataFrame(
        [
            rows.filter(is_cut).alias("row"),
            cuts.filter(is_cut).alias("cut"),
            reasons.filter(is_cut).alias("reason"),
        ]
    )


def _cut_tails(texts: pl.Series) -> pl.DataFrame:
    """Rows (row, cut, reason) of the texts that end in what is no text."""
    tails = texts.str.tail(EDGE_CHARS)
    # Most ends hold none of these words; captures are tried on the rest alone.
    has_words = contains(tails, _MAY_HAVE_TAIL)
    rows = (has_words | contains(tails.str.tail(SIGN_CHARS), WIRE_END)).arg_true()
    likely = tails.gather(rows)
    cuts = pl.Series([None], dtype=pl.String).new_from_index(0, len(rows))
    reasons = cuts
    for reason, pattern, sign in TAILS:
        found = _extract_likely(likely, pattern, sign)
        is_new = cuts.is_null() & found.is_not_null()
        cuts = found.zip_with(is_new, cuts)
        reasons = reasons.set(is_new, reason)
    return _cuts(rows, cuts, reasons)


def _extract_likely(texts: pl.Series, pattern: str, sign: str) -> pl.Series:
    """The pattern's group in each text, sought where its sign stands."""
    rows = contains(texts, sign).arg_true()
    found = pl.Series([None], dtype=pl.String).new_from_index(0, len(texts))
    return found.scatter(rows, extract(texts.gather(rows), pattern))


def _stray_quotes(body_lines: pl.DataFrame) -> pl.DataFrame:
    """A closing quote that stands where an opening one would, and closes nothing.

    Returns:
        `row` (of the body lines), the quote's byte in the buffer, `stray_at`, and its
        character in the document, `stray_char`.
    """
    # Where every character is a byte, none is such a quote.
    is_wide = body_lines["byte_end"] - body_lines["byte_start"] != (
        body_lines["char_end"] - body_lines["char_start"]
    )
    rows = is_wide.arg_true()
    texts = body_lines["text"].gather(rows)
    closing = texts.str.count_matches("”", literal=True)
    opening = texts.str.count_matches("“", literal=True)
    is_odd = (closing % 2 == 1) & (opening < closing)
    before = extract(texts.filter(is_odd), STRAY_QUOTE)
    is_stray = before.is_not_null()
    before, rows = before.filter(is_stray), rows.filter(is_odd).filter(is_stray)
    return pl.DataFrame(
        {
            "row": rows,
            "stray_at": body_lines["byte_start"].gather(rows) + before.str.len_bytes(),
            "stray_char": body_lines["char_start"].gather(rows)
            + before.str.len_chars(),
        }
    )


def edge_cuts(body_lines: pl.DataFrame) -> list[pl.DataFrame]:
    """What `trim_edges` took off: document spans and the reason of each."""
    heads = body_lines.filter(body_lines["head_cut"].is_not_null())
    tails = body_lines.filter(body_lines["tail_cut"].is_not_null())
    quotes = body_lines.filter(body_lines["stray_at"].is_not_null())
    stray = pl.Series(["stray_quote"]).new_from_index(0, len(quotes))
    head_chars = heads["head_cut"].str.len_chars()
    tail_chars = tails["tail_cut"].str.len_chars()
    return [
        _spans(heads, heads["char_start"], head_chars, heads["head_reason"]),
        _spans(tails, tails["char_end"] - tail_chars, tail_chars, tails["tail_reason"]),
        _spans(quotes, quotes["stray_char"], 1, stray),
    ]


def _spans(
    lines: pl.DataFrame, starts: pl.Series, chars: pl.Series | int, reasons: pl.Series
) -> pl.DataFrame:
    return pl.DataFrame(
        [
            lines["article_row"],
            starts.alias("char_start"),
            (starts + chars).alias("char_end"),
            reasons.alias("reason_code"),
        ]
    )
