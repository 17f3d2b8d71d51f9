"""Which lines of an article are header, body, subhead, or trailer.

The splitter says where an article begins and ends and which lines are its title; this
module looks at the first and the last lines of each article alone, so its cost grows
with the number of articles, not with their length.
"""

from typing import Final

import numpy as np
import polars as pl

from transforms.clean.edge_zones import KindCache, Zone
from transforms.clean.line_shape_kernels import Flags
from transforms.clean.ranked_lines import (
    FAR,
    TEXT_MIN_BYTES,
    RankedLines,
    is_filled_line,
    rank_lines,
)
from transforms.clean.title_lines import is_never_title, settle_titles
from transforms.contracts import LineRole
from transforms.text.buffers import ByteArray, Offsets
from transforms.text.compiled_patterns import contains

HEADER_ZONE_LINES: Final = 18
TRAILER_ZONE_LINES: Final = 30
# Most zones end within the first lines; the rest is looked at only where they do not.
HEADER_FIRST_LINES: Final = 4
SECTION_MAX_BYTES: Final = 24
HEADER_FILLER_MAX_BYTES: Final = 60
FOOT_LINES: Final = 6
NO_SUBHEAD: Final = r"[.,;:!?…)\d]\s*$|^\W*[\p{Ll}\d]"
_WORD = r"\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?"
NAME_ALONE: Final = rf"^{_WORD}(?:\s\p{{Lu}}\.)?(?:\s{_WORD}){{1,2}}$"
MIN_HEADLINES: Final = 2
LIST_END: Final = r"(?i)^\W*(?:all news|more news|all headlines|все новости)\W*$"
PAGE_LINE_MAX_BYTES: Final = 90
PAGE_LINE: Final = (
    r"(?i)^\W*(?:advertisement(?:\W.*)?|реклама|anzeige|publicité|publicidad|"
    r"(?:read|see) also\s?:.*|read more\s?:.*|читайте также\s?:.*|lire aussi\s?:.*|"
    r"lesen sie auch\s?:.*|story continues below.*|enlarge this image|"
    r"article continues (?:after|below).*)\W*$"
)
MIN_COPIES: Final = 3
MAX_BYLINES: Final = 2
# A deck may stand between a title and the lines that say who wrote what where and when.
DECK_MAX_LINES: Final = 4
DECK_MAX_BYTES: Final = 160
BLOCK_KINDS: Final = (
    "byline",
    "copyright",
    "date_line",
    "field",
    "masthead",
    "publisher",
    "role",
    "word_count",
)
SUBHEAD_MAX_BYTES: Final = 60
# Of a line that may be all the text of its article.
SENTENCE_MIN_BYTES: Final = 40
SEVERAL_WORDS: Final = r"^\W*[\p{Lu}\p{N}]\S*\s+\S+\s+\S"
# Kinds of lines that are no text however they end.
NO_TEXT_KINDS: Final = (
    *("copyright", "rights", "source", "field", "code", "document_id", "address"),
    *("end_marker", "word_count", "counter", "wire_end", "body_marker", "section"),
    *("credit", "notice", "page_line"),
)


def refine_roles(
    data: ByteArray, lines: pl.DataFrame, *, has_fields: bool = False
) -> pl.DataFrame:
    """Tell header, trailer, and subhead lines from body lines.

    Args:
        data: UTF-8 bytes of the batch.
        lines: SPLIT_LINES. Where it says header or trailer of a line that reads like
            a paragraph, the line is body all the same; where it says title of one that
            cannot be, another line is the title, or none.
        has_fields: Titles are fields of records, and no lines that were chosen.

    Returns:
        The same rows with final roles, and `kind`: the pattern of a header or trailer
        line, `filler` where it stands between such lines, null elsewhere.
    """
    filled = lines.with_row_index("place").filter(is_filled_line(lines))
    ranked = rank_lines(data, filled)
    settled = None if has_fields else settle_titles(ranked)
    if settled is not None:
        lines = lines.with_columns(lines["role"].scatter(filled["place"], settled))
        filled = filled.with_columns(settled)
        ranked = rank_lines(data, filled)
    headers = _find_headers(ranked)
    trailers = _find_trailers(ranked, headers)
    outer = pl.concat(
        [
            headers.with_columns(role=pl.lit(LineRole.HEADER.value)),
            trailers.with_columns(role=pl.lit(LineRole.TRAILER.value)),
        ]
    )
    pages = _find_page_lines(ranked, outer["place"])
    outer = pl.concat([outer, pages]).sort("place")
    outer = _leave_bodies(ranked, outer, may_be_titles=not has_fields)
    roles = lines["role"].replace([LineRole.HEADER, LineRole.TRAILER], LineRole.BODY)
    kinds = pl.Series("kind", [None], dtype=pl.String).new_from_index(0, len(lines))
    roles = roles.scatter(outer["place"], outer["role"])
    kinds = kinds.scatter(outer["place"], outer["kind"])
    refined = lines.with_columns(roles, kinds)
    return refined.with_columns(_subheads(refined))


def _find_header_zone(ranked: RankedLines) -> Zone:
    """Lines up to where the header block of their article must have ended."""
    is_title = (ranked.rows["role"] == LineRole.TITLE).to_numpy()
    in_zone = (ranked.ranks <= HEADER_ZONE_LINES) & ~is_title
    cache = KindCache(ranked, "header", HEADER_FILLER_MAX_BYTES)
    nearest = cache.zone(np.flatnonzero(in_zone & (ranked.ranks <= HEADER_FIRST_LINES)))
    ranks = ranked.ranks[nearest.at]
    # A byline may stand that far behind the block.
    is_end = ~nearest.is_known & ~nearest.is_filler & (ranks > 0)
    is_end &= ranks < HEADER_FIRST_LINES
    is_closed = ranked.articles_with(nearest.at[is_end])
    is_closed &= _first_block_ranks(ranked, nearest) == FAR
    is_wanted = (ranked.ranks <= HEADER_FIRST_LINES) | ~is_closed[ranked.numbers]
    return cache.zone(np.flatnonzero(in_zone & is_wanted))


def _first_block_ranks(ranked: RankedLines, zone: Zone) -> Offsets:
    """Per article the rank of the byline, or of two header lines on end, behind a deck.

    Huge where there are none, or where what stands before them is no deck.
    """
    at = zone.at
    ranks, numbers = ranked.ranks[at], ranked.numbers[at]
    is_block = zone.rows["kind"].is_in(BLOCK_KINDS).fill_null(value=False).to_numpy()
    is_pair = np.zeros(len(at), dtype=bool)
    is_pair[:-1] = (
        is_block[:-1] & is_block[1:] & (np.diff(at) == 1) & (np.diff(numbers) == 0)
    )
    is_near = (ranks > 0) & (ranks <= DECK_MAX_LINES + 1)
    pairs = np.flatnonzero((is_pair | zone.is_kind("byline")) & is_near)
    firsts = ranked.article_min(at[pairs], ranks[pairs])
    is_long = (ranks > 0) & (ranks < firsts[numbers])
    is_long &= ranked.sizes[at] > DECK_MAX_BYTES
    firsts[numbers[is_long]] = FAR
    return firsts


def _find_trailer_zone(ranked: RankedLines, is_header: Flags) -> Zone:
    """Lines down from where the trailer block of their article may begin."""
    in_zone = (ranked.left <= TRAILER_ZONE_LINES) & (ranked.ranks > 0) & ~is_header
    cache = KindCache(ranked, "trailer", TEXT_MIN_BYTES)
    is_foot = ranked.left <= FOOT_LINES
    # The name of a section opens a trailer however long its lines are.
    is_near = is_foot | (ranked.sizes <= SECTION_MAX_BYTES)
    nearest = cache.zone(np.flatnonzero(in_zone & is_near))
    is_text = ~nearest.is_known & ~nearest.is_filler & is_foot[nearest.at]
    is_closed = ranked.articles_with(nearest.at[is_text])
    is_closed &= ~ranked.articles_with(nearest.at[nearest.is_kind("section")])
    is_wanted = is_foot | ~is_closed[ranked.numbers]
    return cache.zone(np.flatnonzero(in_zone & is_wanted))


def _find_headers(ranked: RankedLines) -> pl.DataFrame:
    """Header lines: all before the title, and the block of field lines after it.

    Returns:
        `place` and `kind` of each.
    """
    zone = _find_header_zone(ranked)
    at = zone.at
    ranks, numbers = ranked.ranks[at], ranked.numbers[at]
    is_byline = zone.is_kind("byline")
    follows_publisher = np.append(False, zone.is_kind("published_by")[:-1])[: len(at)]
    is_name = _is_name(ranked, zone)
    is_byline |= is_name
    blocks = _first_block_ranks(ranked, zone)
    is_marked = (
        (zone.is_known & ~is_byline)
        | (ranks < 0)
        | (ranks == blocks[numbers])
        | (zone.is_filler & (follows_publisher | zone.has_role(LineRole.HEADER)))
    )
    markers = np.flatnonzero(zone.is_kind("body_marker"))
    first_text = ranked.article_max(at[markers], ranks[markers])
    is_deck = (blocks < FAR)[numbers] & (ranks < blocks[numbers])
    is_deck |= ranks < first_text[numbers]
    blocking = np.flatnonzero(~is_marked & ~zone.is_filler & ~is_deck)
    first_blocking = ranked.article_min(at[blocking], ranks[blocking])
    marked = np.flatnonzero(is_marked & (ranks < first_blocking[numbers]) & (ranks > 0))
    last = np.maximum(ranked.article_max(at[marked], ranks[marked]), 0)
    # A block that would leave no body at all is no header.
    spares_body = (last < ranked.last_substantial)[numbers]
    past_block = ranks - np.where(spares_body, last[numbers], 0)
    is_header = (
        (ranks < 0) | (past_block <= 0) | (is_byline & (past_block <= MAX_BYLINES))
    ) & (ranked.left[at] > 1)
    kinds = zone.rows["kind"].fill_null("filler").set(pl.Series(is_name), "byline")
    return zone.rows.select("place", kinds).filter(pl.Series(is_header))


def _is_name(ranked: RankedLines, zone: Zone) -> Flags:
    """Whether a name stands alone behind a title that has its day or paper above it."""
    ranks, numbers = ranked.ranks[zone.at], ranked.numbers[zone.at]
    kinds = zone.rows["kind"].is_in(("date_line", "masthead", "publisher"))
    above = np.flatnonzero(kinds.fill_null(value=False).to_numpy() & (ranks < 0))
    is_headed = ranked.articles_with(zone.at[above])[numbers]
    rows = np.flatnonzero(is_headed & (ranks == 1) & zone.is_filler & ~zone.is_known)
    is_name = np.zeros(len(zone.at), dtype=bool)
    is_name[rows] = contains(ranked.texts(zone.at[rows]), NAME_ALONE).to_numpy()
    return is_name


def _find_trailers(ranked: RankedLines, headers: pl.DataFrame) -> pl.DataFrame:
    """Trailer lines: from the first that says so, if nothing but such lines follow.

    Returns:
        `place` and `kind` of each.
    """
    is_header = np.isin(ranked.rows["place"].to_numpy(), headers["place"].to_numpy())
    zone = _find_trailer_zone(ranked, is_header)
    at = zone.at
    ranks, numbers = ranked.ranks[at], ranked.numbers[at]
    is_marked = (
        zone.is_known
        | (zone.is_filler & zone.has_role(LineRole.TRAILER))
        | _is_repeated(ranked, zone)
    )
    opening = np.flatnonzero(zone.is_kind("section"))
    section = ranked.article_min(at[opening], ranks[opening])
    is_blocking = ~is_marked & ~zone.is_filler & (ranks < section[numbers])
    blocking = np.flatnonzero(is_blocking)
    last_blocking = ranked.article_max(at[blocking], ranks[blocking])
    marked = np.flatnonzero(is_marked & (ranks > last_blocking[numbers]))
    first = ranked.article_min(at[marked], ranks[marked])
    first = np.minimum(first, _list_starts(ranked, zone, last_blocking))
    return zone.rows.filter(pl.Series(ranks >= first[numbers])).select(
        "place", pl.col("kind").fill_null("filler")
    )


def _list_starts(ranked: RankedLines, zone: Zone, last_text: Offsets) -> Offsets:
    """Per article the first line of other headlines that end in a link to all of them.

    Huge where there are none; `last_text` is the rank of its last line of text.
    """
    ranks, numbers = ranked.ranks[zone.at], ranked.numbers[zone.at]
    pages = np.flatnonzero(zone.is_kind("page_line"))
    is_end = contains(ranked.texts(zone.at[pages]), LIST_END).to_numpy()
    ends = pages[is_end] if len(pages) else pages
    ends = ends[ranks[ends] - last_text[numbers[ends]] > MIN_HEADLINES]
    starts = np.full(len(last_text), FAR, dtype=np.int64)
    starts[numbers[ends]] = last_text[numbers[ends]] + 1
    return starts


def _find_page_lines(ranked: RankedLines, known: pl.Series) -> pl.DataFrame:
    """Lines within bodies that a page put there, such as `Advertisement`.

    Args:
        ranked: All lines.
        known: Places of header and trailer lines.

    Returns:
        `place`, `kind`, and `role` of each.
    """
    places = ranked.rows["place"]
    is_title = (ranked.rows["role"] == LineRole.TITLE).to_numpy()
    is_short = (ranked.sizes <= PAGE_LINE_MAX_BYTES) & ~is_title & (ranked.ranks > 0)
    is_short &= ~np.isin(places.to_numpy(), known.to_numpy())
    rows = np.flatnonzero(is_short)
    found = places.gather(rows).filter(contains(ranked.texts(rows), PAGE_LINE))
    return found.to_frame().with_columns(
        kind=pl.lit("page_line"), role=pl.lit(LineRole.TRAILER.value)
    )


def _is_repeated(ranked: RankedLines, zone: Zone) -> Flags:
    """Whether the same short line stands near the end of several articles of a file."""
    rows = np.flatnonzero((ranked.left[zone.at] <= FOOT_LINES) & zone.is_filler)
    foot = zone.rows[rows].select(
        "document_row", ranked.texts(zone.at[rows]).alias("text")
    )
    copies = foot.select(pl.len().over("document_row", "text")).to_series().to_numpy()
    is_repeated = np.zeros(len(zone.at), dtype=bool)
    is_repeated[rows[copies >= MIN_COPIES]] = True
    return is_repeated


def _leave_bodies(
    ranked: RankedLines, outer: pl.DataFrame, *, may_be_titles: bool
) -> pl.DataFrame:
    """Roles beside the body, without those that would leave an article none.

    Its body are then the sentences of its header and trailer, but for those that only
    a trailer has; else the last line of its title, if that is a sentence.

    Args:
        ranked: All lines.
        outer: `place`, `kind`, and `role` of header and trailer lines.
        may_be_titles: Whether a line of a title may be the body.
    """
    rows = np.searchsorted(ranked.rows["place"].to_numpy(), outer["place"].to_numpy())
    is_title = (ranked.rows["role"] == LineRole.TITLE).to_numpy()
    is_body = ~is_title
    is_body[rows] = False
    is_bare = ~ranked.articles_with(np.flatnonzero(is_body))
    is_sentence = ranked.closes & (ranked.sizes >= SENTENCE_MIN_BYTES)
    is_freed = is_bare[ranked.numbers[rows]] & is_sentence[rows]
    is_freed &= ranked.ranks[rows] > 0
    is_freed &= ~outer["kind"].is_in(NO_TEXT_KINDS).to_numpy()
    # What stands at the end of several articles may be all that one of them says.
    is_foot = (outer["kind"] == "filler") & (outer["role"] == LineRole.TRAILER)
    feet = np.flatnonzero(is_foot.to_numpy() & is_bare[ranked.numbers[rows]])
    is_freed[feet] |= contains(ranked.texts(rows[feet]), SEVERAL_WORDS).to_numpy()
    is_bare &= ~ranked.articles_with(rows[is_freed])
    left = outer.filter(pl.Series(~is_freed))
    titles = np.flatnonzero(is_title & is_bare[ranked.numbers])
    if not may_be_titles or not len(titles):
        return left
    lasts = titles[np.append(np.diff(ranked.numbers[titles]) > 0, True)]
    lasts = lasts[is_sentence[lasts]]
    lasts = lasts[~is_never_title(ranked, lasts)]
    bodies = ranked.rows["place"].gather(lasts).to_frame()
    kind, role = pl.lit(None, pl.String), pl.lit(LineRole.BODY.value)
    return pl.concat([left, bodies.with_columns(kind=kind, role=role)])


def _subheads(lines: pl.DataFrame) -> pl.Series:
    """Roles, with short unpunctuated lines that stand alone marked as subheads."""
    is_body = (lines["role"] == LineRole.BODY).to_numpy()
    is_blank = (lines["role"] == LineRole.BLANK).to_numpy()
    is_short = (lines["text"].str.len_bytes() <= SUBHEAD_MAX_BYTES).to_numpy()
    stands_alone = (
        (is_body & is_short)[1:-2]
        & is_blank[:-3]
        & is_blank[2:-1]
        & (is_body & ~is_short)[3:]
    )
    rows = pl.Series(np.flatnonzero(stands_alone) + 1)
    is_subhead = ~contains(lines["text"].gather(rows), NO_SUBHEAD)
    return lines["role"].scatter(rows.filter(is_subhead), LineRole.SUBHEAD.value)
