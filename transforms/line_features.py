"""What speaks for and against a boundary at each line, over a whole batch at once.

All numbers of a line come from its own document, so that a document is split alike
in whatever company it travels.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.buffers import TextBuffer, slice_text
from transforms.line_patterns import LINE_KINDS, match_kinds
from transforms.line_scan import (
    COUNTS,
    HASHES,
    MAX_WHOLE_LINE_BYTES,
    edge_ends,
    edge_starts,
    measure_overlap,
    scan_lines,
    trim_lines,
)

Numbers = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_EDGE_BYTES: Final = 200
_WINDOW_BYTES: Final = 700
_FAR: Final = 60  # lines; beyond that a distance is only "far"
_OUTSIDE_GAP: Final = 6  # blank lines, as seen from a document's first and last line
_KIND_BIT: Final = {kind: bit for bit, kind in enumerate(LINE_KINDS)}
CLOSING_KINDS: Final = (
    "source copyright credits more tags media agency end_mark field_tail".split()
)
OPENING_KINDS: Final = (
    "record id byline dateline published field_head field_title word_count date".split()
)
OUTER_KINDS: Final = "rule toc mast cover footer section".split()


def kind_mask(kinds: list[str] | tuple[str, ...]) -> np.uint32:
    """Bits of these kinds in the value of `match_kinds`."""
    return np.uint32(sum(1 << _KIND_BIT[kind] for kind in kinds))


@dataclass(frozen=True)
class FilledLines:
    """The lines that are not blank, as parallel arrays, in order.

    Attributes:
        line_rows: Row of each line in LINES.
        documents: Its document's row.
        starts: Byte range without outer blanks.
        ends: Byte range without outer blanks, end exclusive.
        counts: Named by `line_scan.COUNTS`, plus indent, chars, gap_before, gap_after.
        kinds: Bits of `line_patterns.LINE_KINDS`.
        hashes: Named by `line_scan.HASHES`.
        is_open: Whether the line could be anything but running text.
        bounds: First row of each document that has lines, and the row count at the end.
    """

    line_rows: Integers
    documents: Integers
    starts: Integers
    ends: Integers
    counts: dict[str, npt.NDArray[np.int32]]
    kinds: npt.NDArray[np.uint32]
    hashes: dict[str, npt.NDArray[np.uint64]]
    is_open: Flags
    bounds: Integers


def shift(
    values: npt.NDArray, by: int, documents: Integers, fill: float
) -> npt.NDArray:
    """Value of the line `by` lines before (below 0: after), within the document."""
    moved = np.full_like(values, fill)
    if by > 0:
        same = documents[by:] == documents[:-by]
        moved[by:][same] = values[:-by][same]
    elif by < 0:
        same = documents[:by] == documents[-by:]
        moved[:by][same] = values[-by:][same]
    return moved


def scan_filled_lines(buffer: TextBuffer, lines: pl.DataFrame) -> FilledLines:
    """Measure every line that holds more than blanks."""
    starts, ends = (lines[name].to_numpy() for name in ("byte_start", "byte_end"))
    trimmed = trim_lines(buffer.data, starts, ends)
    rows = np.flatnonzero(trimmed[1] > trimmed[0])
    documents = lines["document_row"].to_numpy()[rows].astype(np.int64)
    table, hashes = scan_lines(buffer.data, trimmed[0, rows], trimmed[1, rows])
    counts = {name: table[:, column] for column, name in enumerate(COUNTS)}
    counts["indent"] = np.minimum(trimmed[0, rows] - starts[rows], 40).astype(np.int32)
    counts["chars"] = (
        (lines["char_end"] - lines["char_start"]).to_numpy()[rows].astype(np.int32)
    )
    before = np.diff(rows, prepend=-1) - 1
    is_first = np.diff(documents, prepend=-1) != 0
    gap = np.where(is_first, _OUTSIDE_GAP, np.minimum(before, _OUTSIDE_GAP - 1))
    counts["gap_before"] = gap.astype(np.int32)
    counts["gap_after"] = shift(counts["gap_before"], -1, documents, _OUTSIDE_GAP)
    bounds = np.append(np.flatnonzero(is_first), len(rows))
    is_open = _find_open_lines(counts, documents, bounds)
    return FilledLines(
        line_rows=rows,
        documents=documents,
        starts=trimmed[0, rows],
        ends=trimmed[1, rows],
        counts=counts,
        kinds=_find_kinds(buffer, trimmed[:, rows], is_open),
        hashes={name: hashes[:, column] for column, name in enumerate(HASHES)},
        is_open=is_open,
        bounds=bounds,
    )


def _spread(per_document: npt.NDArray, bounds: Integers) -> npt.NDArray:
    """Repeat a document's value over its lines."""
    return np.repeat(per_document, np.diff(bounds))


def _find_open_lines(
    counts: dict[str, npt.NDArray[np.int32]], documents: Integers, bounds: Integers
) -> Flags:
    """Rule out long lines and the inner lines of hard-wrapped paragraphs."""
    chars = counts["chars"]
    width = _spread(_quantiles(chars, documents, 0.8), bounds)
    is_full = (chars >= 0.72 * width) & (width <= 130)
    follows_full = shift(is_full, 1, documents, 0)
    precedes = shift(chars, -1, documents, 0) > 0
    is_inner = (
        (counts["gap_before"] == 0)
        & (counts["gap_after"] == 0)
        & is_full
        & follows_full
        & precedes
        & (shift(counts["ends_sentence"], 1, documents, 1) == 0)
    )
    return (counts["bytes"] <= MAX_WHOLE_LINE_BYTES) & ~is_inner


def _quantiles(values: npt.NDArray, documents: Integers, share: float) -> npt.NDArray:
    """One nearest-rank quantile per document that has lines, in order."""
    return (
        pl.DataFrame({"document": documents, "value": values})
        .group_by("document", maintain_order=True)
        .agg(pl.col("value").quantile(share, "nearest"))["value"]
        .to_numpy()
        .astype(np.float32)
    )


def _find_kinds(
    buffer: TextBuffer, ranges: Integers, is_open: Flags
) -> npt.NDArray[np.uint32]:
    """Kinds of short lines from their whole text, of long ones from both ends."""
    starts, ends = ranges
    kinds = np.zeros(len(starts), dtype=np.uint32)
    short = np.flatnonzero(is_open)
    texts = slice_text(buffer.data, starts[short], ends[short])
    kinds[short] = match_kinds(texts).to_numpy()
    long = np.flatnonzero(ends - starts > MAX_WHOLE_LINE_BYTES)
    heads = edge_ends(buffer.data, starts[long], ends[long], _EDGE_BYTES)
    kinds[long] = match_kinds(
        slice_text(buffer.data, starts[long], heads), ("head",)
    ).to_numpy()
    tails = edge_starts(buffer.data, starts[long], ends[long], _EDGE_BYTES)
    kinds[long] |= match_kinds(
        slice_text(buffer.data, tails, ends[long]), ("tail",)
    ).to_numpy()
    return kinds


def _has(kinds: npt.NDArray[np.uint32], mask: np.uint32) -> Flags:
    return (kinds & mask) != 0


def _run_lengths(hits: Flags, bounds: Integers) -> Integers:
    """Lines since the last hit before each line of the same document, at most `_FAR`."""
    rows = np.arange(len(hits))
    last = np.maximum.accumulate(np.where(hits, rows, -_FAR))
    before = np.concatenate([[-_FAR], last[:-1]])
    first = _spread(bounds[:-1], bounds)
    return np.where(before < first, _FAR, np.minimum(rows - before, _FAR))


def _recurrence(filled: FilledLines) -> dict[str, Numbers]:
    """How often a line's text, shape and lead-in recur in its document."""
    hashes = pl.DataFrame({"document": filled.documents, **filled.hashes})
    found = hashes.select(
        *(pl.len().over("document", name).log(2).alias(name) for name in HASHES),
        pl.int_range(pl.len())
        .over("document", "text_hash")
        .clip(0, 3)
        .alias("earlier"),
    )
    return {name: found[name].to_numpy().astype(np.float32) for name in found.columns}


def _gap_rarity(gaps: npt.NDArray[np.int32], bounds: Integers) -> Numbers:
    """Share of a document's lines that have at least as many blank lines there."""
    rarity = np.zeros(len(gaps), dtype=np.float32)
    sizes = np.diff(bounds)
    for gap in range(1, _OUTSIDE_GAP + 1):
        at_least = np.add.reduceat(gaps >= gap, bounds[:-1]) if len(gaps) else sizes
        share = _spread((at_least / sizes).astype(np.float32), bounds)
        rarity = np.where(gaps == gap, share, rarity)
    return np.where(gaps == 0, np.float32(1), rarity)


def _document_traits(filled: FilledLines) -> dict[str, Numbers]:
    """What a document is like as a whole, repeated over its lines."""
    counts, bounds = filled.counts, filled.bounds
    sizes = np.diff(bounds)

    def share(hits: npt.NDArray) -> Numbers:
        total = np.add.reduceat(hits.astype(np.float32), bounds[:-1])
        return _spread((total / sizes).astype(np.float32), bounds)

    traits = {
        "document_gapped": share(counts["gap_before"] > 0),
        "document_wide_gapped": share(counts["gap_before"] > 1),
        "document_short": share(counts["chars"] < 60),
        "document_sentences": share(counts["ends_sentence"] > 0),
        "document_upper": share(counts["upper"] > counts["lower"]),
        "document_fields": share(_has(filled.kinds, kind_mask(["field"]))),
        "document_records": share(_has(filled.kinds, kind_mask(["record"]))),
        "document_end_marks": share(_has(filled.kinds, kind_mask(["end_mark"]))),
        "document_indented": share(counts["indent"] > 0),
    }
    median = _quantiles(counts["chars"], filled.documents, 0.5)
    traits["document_median_chars"] = _spread(median, bounds)
    traits["document_lines"] = _spread(np.log2(sizes).astype(np.float32), bounds)
    return traits


def _own_traits(filled: FilledLines) -> dict[str, Numbers]:
    """What can be said of a line without its neighbours."""
    counts = filled.counts
    words = np.maximum(counts["words"], 1)
    letters = np.maximum(counts["upper"] + counts["lower"], 1)
    traits = {
        "chars": np.minimum(counts["chars"], 2000),
        "words": counts["words"],
        "capitalised_share": counts["capitalised"] / words,
        "small_words": counts["long_lower"],
        "upper_share": counts["upper"] / letters,
        "digit_share": counts["digits"] / (letters + counts["digits"]),
        "first_class": counts["first_class"],
        "last_class": counts["last_class"],
        "ends_sentence": counts["ends_sentence"],
        "indent": counts["indent"],
        "gap_before": counts["gap_before"],
        "gap_after": counts["gap_after"],
    }
    return {name: values.astype(np.float32) for name, values in traits.items()}


# Which traits of the neighbours count, by distance in lines (above 0: before).
_NEIGHBOUR_TRAITS: Final = {
    1: "chars words capitalised_share small_words upper_share first_class last_class "
    "ends_sentence gap_before indent text_hash shape_hash lead_hash",
    2: "chars ends_sentence gap_before capitalised_share shape_hash lead_hash",
    3: "chars ends_sentence",
    -1: "chars words capitalised_share small_words upper_share first_class last_class "
    "ends_sentence gap_after indent text_hash shape_hash lead_hash",
    -2: "chars ends_sentence gap_after capitalised_share shape_hash lead_hash",
    -3: "chars ends_sentence gap_after",
}
_KIND_GROUPS: Final = {
    "closing": kind_mask(CLOSING_KINDS),
    "opening": kind_mask(OPENING_KINDS),
    "outer": kind_mask(OUTER_KINDS),
    "field": kind_mask(["field", "field_head", "field_tail"]),
}


def _side(by: int) -> str:
    return f"before_{by}" if by > 0 else f"after_{-by}"


def _kind_traits(filled: FilledLines) -> dict[str, Numbers]:
    traits = {}
    for by in (0, 1, -1):
        kinds = shift(filled.kinds, by, filled.documents, 0) if by else filled.kinds
        place = f"{_side(by)}_" if by else ""
        for kind in LINE_KINDS:
            hits = _has(kinds, kind_mask([kind]))
            traits[f"{place}is_{kind}"] = hits.astype(np.float32)
    for by in (2, 3, -2, -3):
        kinds = shift(filled.kinds, by, filled.documents, 0)
        for group, mask in _KIND_GROUPS.items():
            hits = _has(kinds, mask)
            traits[f"{_side(by)}_is_{group}"] = hits.astype(np.float32)
    return traits


def _distance_traits(filled: FilledLines) -> dict[str, Numbers]:
    """Lines to the document's ends, to the last closing line, to running text."""
    bounds = filled.bounds
    rows = np.arange(len(filled.documents))
    first, last = (_spread(edge, bounds) for edge in (bounds[:-1], bounds[1:] - 1))
    closing = _has(filled.kinds, kind_mask(CLOSING_KINDS))
    text = filled.counts["long_lower"] >= 8
    backwards = np.append(0, np.cumsum(np.diff(bounds)[::-1]))
    ahead = _run_lengths(text[::-1], backwards)[::-1]
    traits = {
        "lines_before": np.minimum(rows - first, _FAR),
        "lines_after": np.minimum(last - rows, _FAR),
        "since_closing": _run_lengths(closing, bounds),
        "since_text": _run_lengths(text, bounds),
        "until_text": ahead,
    }
    return {name: values.astype(np.float32) for name, values in traits.items()}


def _overlap_traits(buffer: TextBuffer, filled: FilledLines) -> dict[str, Numbers]:
    """Words that a possible title shares with what follows and what precedes it."""
    counts = filled.counts
    rows = np.flatnonzero(
        filled.is_open & (counts["words"] >= 2) & (counts["first_class"] != 2)
    )
    low = buffer.document_starts[filled.documents[rows]]
    high = buffer.document_starts[filled.documents[rows] + 1]
    spans = np.stack([filled.starts[rows], filled.ends[rows], low, high], axis=1)
    shares = np.full((len(filled.documents), 3), -1, dtype=np.float32)
    shares[rows] = measure_overlap(buffer.data, spans, _WINDOW_BYTES)
    names = ("shared_after", "shared_before", "cohesion")
    return {name: shares[:, column] for column, name in enumerate(names)}


def describe_lines(buffer: TextBuffer, filled: FilledLines) -> dict[str, Numbers]:
    """All first-stage features by name, one value per filled line."""
    own = _own_traits(filled) | _recurrence(filled)
    document = _document_traits(filled)
    median = np.maximum(document["document_median_chars"], 1)
    traits = dict(own)
    for by, names in _NEIGHBOUR_TRAITS.items():
        for name in names.split():
            moved = shift(own[name], by, filled.documents, -1)
            traits[f"{_side(by)}_{name}"] = moved
    later = own["text_hash"] > np.log2(own["earlier"] + 1.5)
    traits["occurs_later"] = later.astype(np.float32)
    traits["relative_chars"] = np.minimum(own["chars"] / median, 20)
    traits["gap_before_rarity"] = _gap_rarity(
        filled.counts["gap_before"], filled.bounds
    )
    traits["gap_after_rarity"] = _gap_rarity(filled.counts["gap_after"], filled.bounds)
    return (
        traits
        | document
        | _kind_traits(filled)
        | _distance_traits(filled)
        | _overlap_traits(buffer, filled)
    )
