"""What hangs on to the first and last words of a body and is no text of it."""

import re
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from transforms.clean.line_shape_kernels import LineShapes
from transforms.text.buffers import Offsets
from transforms.text.compiled_patterns import contains, extract, on_own_thread

EDGE_CHARS: Final = 400
SIGN_CHARS: Final = 24

_NAME = r"\p{Lu}[\p{L}\p{M}.'’-]*"
_UPPER_PLACE = r"\p{Lu}[\p{Lu}\p{M}.'’/ -]+"
# A byline run into the lead: `By Jane Doe ALMATY (Agency) - `.
LEAD_BYLINE: Final = (
    rf"^(\s*(?:By|BY)\s+{_NAME}(?:\s+(?:{_NAME}|and|de|van|von|al|bin))+?,?\s+)"
    rf"{_UPPER_PLACE}(?:,[^()]+)?\s*\([^()]+\)\s*[-–—]"
)
# What a database puts before the first words: `Full text: `.
LEAD_LABEL: Final = r"^(\s*(?i:full text|volltext|texte intégral)\s?:\s+)\S"
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
_MAY_HAVE_HEAD: Final = r"^\s*(?:By\s|BY\s|\[|(?i:full|volltext|texte)\s?)"
STRAY_QUOTE: Final = r"^([^“”]*(?:^|\s))”[\p{L}\p{N}]"


class _Cuts(NamedTuple):
    """Texts taken off lines, whose rows ascend, and the reason of each."""

    rows: Offsets
    texts: pl.Series
    reasons: pl.Series

    @property
    def byte_sizes(self) -> Offsets:
        """Bytes of each text."""
        return self.texts.str.len_bytes().to_numpy().astype(np.int64)

    @property
    def char_counts(self) -> pl.Series:
        """Characters of each text."""
        return self.texts.str.len_chars().cast(pl.Int64)


@on_own_thread("body edges")
def trim_edges(
    body_lines: pl.DataFrame, shapes: LineShapes
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Take bylines off the first and tails off the last line of each body.

    Args:
        body_lines: Lines of bodies in order.
        shapes: Theirs; outer blanks are no part of what stays.

    Returns:
        The same rows with the columns that `assemble` needs: `byte_start` and
        `byte_end` of what stays, `line_byte_start`, and `stray_at`, a stray quote's
        byte. And what was taken off: `article_row`, `char_start`, `char_end`, and
        `reason_code`.
    """
    rows = body_lines["article_row"].to_numpy()
    changes = rows[1:] != rows[:-1]
    firsts = np.flatnonzero(np.append(True, changes)[: len(rows)])
    lasts = np.flatnonzero(np.append(changes, True)[: len(rows)])
    heads = _cut_heads(body_lines["text"], firsts)
    tails = _cut_tails(body_lines["text"], lasts)
    strays = _before_strays(body_lines)
    line_starts, line_ends = (
        body_lines[name].to_numpy() for name in ("byte_start", "byte_end")
    )
    starts, ends = shapes.starts.copy(), shapes.ends.copy()
    starts[heads.rows] = np.maximum(
        starts[heads.rows], line_starts[heads.rows] + heads.byte_sizes
    )
    ends[tails.rows] = np.minimum(
        ends[tails.rows], line_ends[tails.rows] - tails.byte_sizes
    )
    stray_at = pl.Series([None], dtype=pl.Int64).new_from_index(0, len(rows))
    trimmed = body_lines.with_columns(
        line_byte_start=body_lines["byte_start"],
        byte_start=pl.Series(starts),
        byte_end=pl.Series(ends),
        stray_at=stray_at.scatter(
            strays.rows, line_starts[strays.rows] + strays.byte_sizes
        ),
    )
    return trimmed, _frame_cuts(body_lines, heads, tails, strays)


def _frame_cuts(
    body_lines: pl.DataFrame, heads: _Cuts, tails: _Cuts, before_strays: _Cuts
) -> pl.DataFrame:
    """Document spans of what was taken off, and the reason of each."""
    line_starts = body_lines["char_start"]
    head_starts = line_starts.gather(heads.rows)
    tail_ends = body_lines["char_end"].gather(tails.rows)
    strays = line_starts.gather(before_strays.rows) + before_strays.char_counts
    rows = np.concatenate([heads.rows, tails.rows, before_strays.rows])
    return pl.DataFrame(
        [
            body_lines["article_row"].gather(rows),
            pl.concat([head_starts, tail_ends - tails.char_counts, strays]).alias(
                "char_start"
            ),
            pl.concat([head_starts + heads.char_counts, tail_ends, strays + 1]).alias(
                "char_end"
            ),
            pl.concat([heads.reasons, tails.reasons, before_strays.reasons]).alias(
                "reason_code"
            ),
        ]
    )


def _cut_heads(texts: pl.Series, firsts: Offsets) -> _Cuts:
    """Bylines or tags with which first lines begin."""
    texts = texts.gather(firsts)
    rows = contains(texts, _MAY_HAVE_HEAD).arg_true()
    likely = texts.gather(rows).str.slice(0, EDGE_CHARS)
    bylines, tags = extract(likely, LEAD_BYLINE), extract(likely, LEAD_TAGS)
    labels = extract(likely, LEAD_LABEL)
    tags = tags.zip_with(tags.is_not_null(), labels)
    reasons = pl.Series(["header"]).new_from_index(0, len(rows))
    return _found_cuts(
        firsts[rows],
        bylines.zip_with(bylines.is_not_null(), tags),
        reasons.set(tags.is_null(), "byline"),
    )


def _found_cuts(rows: Offsets, cuts: pl.Series, reasons: pl.Series) -> _Cuts:
    is_cut = cuts.is_not_null()
    return _Cuts(rows[is_cut.to_numpy()], cuts.filter(is_cut), reasons.filter(is_cut))


def _cut_tails(texts: pl.Series, lasts: Offsets) -> _Cuts:
    """What last lines end in and is no text."""
    tails = texts.gather(lasts).str.tail(EDGE_CHARS)
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
    return _found_cuts(lasts[rows], cuts, reasons)


def _extract_likely(texts: pl.Series, pattern: str, sign: str) -> pl.Series:
    """The pattern's group in each text, sought where its sign stands."""
    found = pl.Series([None], dtype=pl.String).new_from_index(0, len(texts))
    has_sign = contains(texts, sign)
    if not has_sign.any():
        return found
    rows = has_sign.arg_true()
    return found.scatter(rows, extract(texts.gather(rows), pattern))


def _before_strays(body_lines: pl.DataFrame) -> _Cuts:
    """What stands before a closing quote that is where an opening one would be.

    It closes nothing, and is left out.
    """
    # Where every character is a byte, none is such a quote.
    is_wide = body_lines["byte_end"] - body_lines["byte_start"] != (
        body_lines["char_end"] - body_lines["char_start"]
    )
    rows = is_wide.arg_true()
    texts = body_lines["text"].gather(rows)
    closing = texts.str.count_matches("”", literal=True)
    is_odd = closing % 2 == 1
    texts, closing, rows = (values.filter(is_odd) for values in (texts, closing, rows))
    is_open = texts.str.count_matches("“", literal=True) < closing
    before = extract(texts.filter(is_open), STRAY_QUOTE)
    reasons = pl.Series(["stray_quote"]).new_from_index(0, len(before))
    return _found_cuts(rows.filter(is_open).to_numpy(), before, reasons)
