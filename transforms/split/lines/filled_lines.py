"""The lines of a batch that are not blank, measured and sorted by what they may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.split.lines.line_count_kernels import (
    COUNTS,
    HASHES,
    hash_word,
    scan_lines,
)
from transforms.split.lines.line_group_kernels import number_groups
from transforms.split.lines.word_index_kernels import WordIndex, index_words
from transforms.text.buffers import TextBuffer, slice_text
from transforms.text.character_class_kernels import (
    DIGIT,
    LOWER,
    MARK,
    OPEN,
    QUOTE,
    STOP,
    UPPER,
    cut_edges,
    find_marks,
    trim_lines,
)
from transforms.text.compiled_patterns import contains
from transforms.text.line_kinds import (
    SCOPES,
    SPLIT_KINDS,
    match_kinds,
)

Numbers = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

OUTSIDE_GAP: Final = 6  # blank lines, as seen from a document's first and last line
TEXT_WORDS: Final = 8  # that start small, in a line of running text
_EDGE_BYTES: Final = 200
_PARAGRAPH_CHARS: Final = 100
_MAX_TITLE_CHARS: Final = 320
_MAX_LABEL_WORDS: Final = 4
_MAX_HEAD_WORDS: Final = 16
_MAX_RUN_IN_WORDS: Final = 9
_ALIKE_SHARE: Final = 0.3
_MAX_AGENCY_SMALL: Final = 2  # parts of names as in "Al-arab"
_MAX_WRAP_CHARS: Final = 130
# First words of lines that close or open an article though they end like a sentence.
_EDGE_WORDS: Final = np.array(
    [
        hash_word(word)
        for word in (
            *("additional", "author", "by", "c", "click", "compiled", "contact"),
            *("copyright", "courtesy", "credit", "disclaimer", "edited", "editing"),
            *("image", "original", "originally", "photo", "posted", "prepared"),
            *("provided", "published", "read", "reported", "reporting", "reprinted"),
            *("source", "sources", "tags", "translated", "unsubscribe", "updated"),
            *("via", "writing", "written"),
        )
    ],
    dtype=np.uint64,
)
_MAY_NAME_AGENCY: Final = r"[.!?”\"’'…]\s*[–—―(\[-]"
_KIND_BIT: Final = {kind: bit for bit, kind in enumerate(SPLIT_KINDS)}
CLOSING_KINDS: Final = (
    "source",
    "copyright",
    "credits",
    "more",
    "tags",
    "media",
    "agency",
    "end_mark",
    "field_tail",
)
OPENING_KINDS: Final = (
    "record",
    "id",
    "byline",
    "dateline",
    "published",
    "field_head",
    "field_title",
    "word_count",
    "date",
)
OUTER_KINDS: Final = ("rule", "toc", "mast", "cover", "footer", "section")


def kind_mask(kinds: Sequence[str]) -> np.uint32:
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
        counts: Named by `line_count_kernels.COUNTS`, plus indent, chars, gap_before,
            gap_after.
        kinds: Bits of `line_kinds.SPLIT_KINDS`.
        hashes: Named by `line_count_kernels.HASHES`.
        is_candidate: Whether the line could be anything but running text.
        candidate_rows: Rows of these lines.
        bounds: First row of each document that has lines, and the row count at the end.
        words: Of the documents, with the candidate lines' places among them.
    """

    line_rows: Integers
    documents: Integers
    starts: Integers
    ends: Integers
    counts: dict[str, npt.NDArray[np.int32]]
    kinds: npt.NDArray[np.uint32]
    hashes: dict[str, npt.NDArray[np.uint64]]
    is_candidate: Flags
    candidate_rows: Integers
    bounds: Integers
    words: WordIndex


def shift(
    values: npt.NDArray[Any], by: int, documents: Integers, fill: float
) -> npt.NDArray[Any]:
    """Value of the line `by` lines before (below 0: after), within the document."""
    if by == 0:
        return values
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
    counts = {
        name: np.ascontiguousarray(table[:, column])
        for column, name in enumerate(COUNTS)
    }
    # A byte order mark is nothing that anyone sees.
    marks = find_marks(buffer.data, starts[rows])
    indent = trimmed[0, rows] - starts[rows] - len(MARK) * marks
    chars = (lines["char_end"] - lines["char_start"]).to_numpy()[rows] - marks
    counts["indent"] = np.minimum(indent, 40).astype(np.int32)
    counts["chars"] = chars.astype(np.int32)
    before = np.diff(rows, prepend=-1) - 1
    is_first = np.diff(documents, prepend=-1) != 0
    gap = np.where(is_first, OUTSIDE_GAP, np.minimum(before, OUTSIDE_GAP - 1))
    counts["gap_before"] = gap.astype(np.int32)
    counts["gap_after"] = shift(counts["gap_before"], -1, documents, OUTSIDE_GAP)
    bounds = np.append(np.flatnonzero(is_first), len(rows))
    is_candidate = _find_candidates(counts, hashes[:, -1], documents, bounds)
    leads = np.ascontiguousarray(hashes[:, HASHES.index("lead_hash")])
    is_candidate |= _find_alike_paragraphs(counts, leads, documents, bounds)
    candidate_rows = np.flatnonzero(is_candidate)
    return FilledLines(
        line_rows=rows,
        documents=documents,
        starts=trimmed[0, rows],
        ends=trimmed[1, rows],
        counts=counts,
        kinds=_find_kinds(
            buffer, trimmed[:, rows], counts, hashes[:, -1], is_candidate
        ),
        hashes={
            name: np.ascontiguousarray(hashes[:, column])
            for column, name in enumerate(HASHES[:-1])
        },
        is_candidate=is_candidate,
        candidate_rows=candidate_rows,
        bounds=bounds,
        words=index_words(
            buffer.data,
            np.stack(
                [
                    *trimmed[:, rows[candidate_rows]],
                    buffer.document_starts[documents[candidate_rows]],
                    buffer.document_starts[documents[candidate_rows] + 1],
                ],
                axis=1,
            ),
        ),
    )


def repeat_per_line(
    per_document: npt.NDArray[Any], bounds: Integers
) -> npt.NDArray[Any]:
    """Repeat a document's value over its lines."""
    return np.repeat(per_document, np.diff(bounds))


def is_run_in(counts: dict[str, npt.NDArray[np.int32]]) -> Flags:
    """Whether a line's text begins with a heading of its own."""
    return np.asarray(
        (counts["run_in"] > 0)
        & (counts["run_in"] <= _MAX_RUN_IN_WORDS)
        & (counts["first_class"] != LOWER)
        & (counts["chars"] > _PARAGRAPH_CHARS // 2)
    )


def _find_alike_paragraphs(
    counts: dict[str, npt.NDArray[np.int32]],
    leads: npt.NDArray[np.uint64],
    documents: Integers,
    bounds: Integers,
) -> Flags:
    """Paragraphs of a document whose paragraphs mostly begin alike.

    Each may be an article without a title line: its heading runs into its text, or all
    begin with the same words, as notes of events do.
    """
    is_paragraph = counts["chars"] > _PARAGRAPH_CHARS // 2
    rows = np.flatnonzero(is_paragraph)
    groups = number_groups(documents[rows], leads[rows])
    alike = np.zeros(len(documents), dtype=np.int64)
    alike[rows] = np.bincount(groups)[groups] if len(rows) else 0

    def count(hits: Flags) -> Integers:
        return repeat_per_line(np.add.reduceat(hits, bounds[:-1], dtype=int), bounds)

    if not len(documents):
        return is_paragraph
    run_in = is_run_in(counts)
    enough = np.maximum(count(is_paragraph) * _ALIKE_SHARE, 2)
    return np.asarray(
        is_paragraph
        & ((run_in & (count(run_in) >= enough)) | ((alike >= enough) & (alike > 2)))
    )


def _find_candidates(
    counts: dict[str, npt.NDArray[np.int32]],
    words: npt.NDArray[np.uint64],
    documents: Integers,
    bounds: Integers,
) -> Flags:
    """Rule out running text: whole paragraphs, and the inner lines of wrapped ones."""
    chars = counts["chars"]
    width = repeat_per_line(find_quantiles(chars, documents, 0.8), bounds)
    is_full = (chars >= 0.72 * width) & (width <= _MAX_WRAP_CHARS)
    is_inner = (
        (counts["gap_before"] == 0)
        & (counts["gap_after"] == 0)
        & is_full
        & shift(is_full & (counts["words"] > 0), 1, documents, 0)
        & (shift(counts["ends_sentence"], 1, documents, 1) == 0)
    )
    is_paragraph = (
        (counts["ends_sentence"] == 1)
        & (counts["long_lower"] >= TEXT_WORDS)
        & (chars >= _PARAGRAPH_CHARS)
        & ~np.isin(words, _EDGE_WORDS)
    )
    is_long = chars > _MAX_TITLE_CHARS
    return np.asarray(~(is_long | is_paragraph | is_inner))


def find_quantiles(
    values: npt.NDArray[Any], documents: Integers, share: float
) -> npt.NDArray[Any]:
    """One nearest-rank quantile per document that has lines, in order."""
    return (
        pl.DataFrame({"document": documents, "value": values})
        .group_by("document", maintain_order=True)
        .agg(pl.col("value").quantile(share, "nearest"))["value"]
        .to_numpy()
        .astype(np.float32)
    )


def _find_gates(
    counts: dict[str, npt.NDArray[np.int32]], words: npt.NDArray[np.uint64]
) -> dict[str, Flags]:
    """Which lines can be of a kind, as far as counts tell."""
    first, last = counts["first_class"], counts["last_class"]
    has_digit = counts["digits"] > 0
    is_by = np.isin(words, _EDGE_WORDS)
    is_text = np.isin(first, (UPPER, LOWER, DIGIT))
    is_long = counts["chars"] > _MAX_TITLE_CHARS
    # Digits are counted at the beginning of a line only.
    has_digit |= is_long
    is_label = counts["words"] <= _MAX_LABEL_WORDS
    is_head = counts["words"] <= _MAX_HEAD_WORDS
    is_brief = counts["words"] <= 2 * _MAX_LABEL_WORDS
    return {
        "id": has_digit,
        "date": has_digit,
        "word_count": has_digit,
        "toc": (last == DIGIT) | is_label,
        "record": (has_digit & is_brief) | (first == OPEN),
        "rule": ((counts["upper"] == 0) & is_brief)
        | (counts["words"] == counts["bytes"]),
        "bullet": ~np.isin(first, (UPPER, LOWER, DIGIT)),
        "bracket": first == OPEN,
        "end_mark": is_label,
        "terminator": is_label,
        "field_body": is_label,
        "name": is_head & (first == UPPER) & (counts["upper"] > 1),
        "section": is_head,
        "agency": is_head & ((counts["long_lower"] <= _MAX_AGENCY_SMALL) | ~is_text),
        "byline": is_head | is_by,
        "field": counts["head_signs"] > 0,
        "dateline": (counts["head_signs"] > 0) | has_digit,
    }


def _find_kinds(
    buffer: TextBuffer,
    ranges: Integers,
    counts: dict[str, npt.NDArray[np.int32]],
    words: npt.NDArray[np.uint64],
    is_candidate: Flags,
) -> npt.NDArray[np.uint32]:
    """Kinds of candidates by their whole text, of others where an end hints at one."""
    starts, ends = ranges
    kinds = np.zeros(len(starts), dtype=np.uint32)
    heads, tails = cut_edges(buffer.data, starts, ends, _EDGE_BYTES)
    first, last = counts["first_class"], counts["last_class"]
    has_sign = (counts["head_signs"] > 0) | ~np.isin(first, (UPPER, LOWER, QUOTE))
    is_searched = is_candidate | (last != STOP)
    gates = _find_gates(counts, words)
    for chosen, low, high, scopes in (
        (is_candidate, starts, ends, SCOPES),
        (~is_candidate & has_sign, starts, heads, ("head",)),
        (~is_candidate & is_searched, tails, ends, ("tail",)),
    ):
        rows = np.flatnonzero(chosen)
        texts = slice_text(buffer.data, low[rows], high[rows])
        own = {place: gate[rows] for place, gate in gates.items()}
        # With the names of agencies, the automaton would outgrow its cache.
        own["agency/tail"] = contains(texts, _MAY_NAME_AGENCY).to_numpy()
        kinds[rows] |= match_kinds(texts, "split", scopes, own)
    return kinds


def has_kind(kinds: npt.NDArray[np.uint32], mask: np.uint32) -> Flags:
    """Whether any of the mask's kinds is among those of each line."""
    return np.asarray((kinds & mask) != 0)
