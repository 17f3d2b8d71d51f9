"""How a document's likely boundaries look alike, as evidence for each of them.

A first guess says which lines start an article. A line whose surroundings are those of
the other likely starts of the same document is then a likelier start itself; the
line's own guess never counts for it.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from transforms.split.features.surroundings import ALL_ROLES, form_keys
from transforms.split.lines.filled_lines import (
    CLOSING_KINDS,
    TEXT_WORDS,
    FilledLines,
    Integers,
    Numbers,
    has_kind,
    kind_mask,
    repeat_per_line,
    shift,
)
from transforms.split.lines.line_group_kernels import LineGroups

# A guess of this weight stands for the lines that a document does not have.
_PRIOR: Final = np.float32(0.02)
_OUTER_ASPECTS: Final = ("form", "lead", "gaps", "words", "place")
# Which tell most where a file changes its conventions.
_ZONE_ASPECTS: Final = ("form", "gaps", "gap", "closing", "opening", "lead")
_MOST_PLACES: Final = 15
_PLACE_BITS: Final = 4


def _style_keys(filled: FilledLines) -> dict[str, npt.NDArray[np.uint64]]:
    """What two lines of one document must share to count as alike, by aspect."""
    counts, documents = filled.counts, filled.documents
    roles = (filled.kinds & ALL_ROLES).astype(np.uint64)
    gap = counts["gap_before"].astype(np.uint64)
    return {
        "gaps": gap + 16 * counts["gap_after"].astype(np.uint64),
        "gap": gap,
        "form": form_keys(filled),
        "lead": filled.hashes["lead_hash"],
        "words": filled.hashes["form_hash"],
        "place": _place_in_block(filled).astype(np.uint64),
        "closing": shift(roles, 1, documents, 0) + (gap << np.uint64(40)),
        "closing_lead": shift(filled.hashes["lead_hash"], 1, documents, 0),
        "closing_shape": shift(filled.hashes["shape_hash"], 1, documents, 0),
        "closing_words": shift(filled.hashes["form_hash"], 1, documents, 0),
        "opening": shift(roles, -1, documents, 0),
        "opening_lead": shift(filled.hashes["lead_hash"], -1, documents, 0),
        "opening_words": shift(filled.hashes["form_hash"], -1, documents, 0),
    }


def _place_in_block(filled: FilledLines) -> Integers:
    """Place of each line in its block, and what kind of line the block follows.

    A block is a run of lines between running text, closing lines, and the document's
    ends: the head of an article with whatever stands above it. A line that opens every
    head stands at the first place before every title; a heading between articles pushes
    the title of a few to the second.
    """
    is_text = filled.counts["long_lower"] >= TEXT_WORDS
    is_closing = has_kind(filled.kinds, kind_mask(CLOSING_KINDS))
    is_edge = is_text | is_closing
    rows = np.arange(len(is_edge))
    first = repeat_per_line(filled.bounds[:-1], filled.bounds)
    edge = np.maximum.accumulate(np.where(is_edge, rows, -1))
    place = np.minimum(rows - np.maximum(edge, first - 1), _MOST_PLACES)
    follows_closing = (edge >= first) & is_closing[edge]
    return np.asarray(place + (follows_closing << _PLACE_BITS))


class LineStyle:
    """Groups of candidate lines that are alike, for one guess after another."""

    def __init__(self, filled: FilledLines) -> None:
        self._documents = filled.documents[filled.candidate_rows]
        everything = np.zeros(len(self._documents), dtype=np.uint64)
        self._in_document = LineGroups(self._documents, everything)
        self._groups = {
            name: LineGroups(self._documents, key[filled.candidate_rows])
            for name, key in _style_keys(filled).items()
        }

    def describe(self, starts: Numbers, outers: Numbers) -> dict[str, Numbers]:
        """Second-stage features by name, one value per candidate line.

        Args:
            starts: Per candidate line: first guess, 0-1, that it starts an article.
            outers: Per candidate line: first guess, 0-1, that it belongs to no article.

        Returns:
            Per aspect: how often the document's other lines alike are starts
            (`_rate`), and which share of its other starts is alike (`_share`).
        """
        documents = self._documents
        all_starts = self._in_document.sum(starts)
        soon = np.minimum(
            sum(shift(starts, -by, documents, 0) for by in (1, 2, 3)), np.float32(1)
        )
        style = {
            "start_guess": starts,
            "outer_guess": outers,
            "document_starts": np.log1p(all_starts),
            "document_start_rate": all_starts / self._in_document.sizes,
        }
        near = np.maximum(self._in_document.sum_near(starts) - starts, 0) + _PRIOR
        style["zone_start_rate"] = near / self._in_document.near_sizes
        for name, group in self._groups.items():
            alike = np.maximum(group.sum(starts) - starts, 0) + _PRIOR
            style[f"{name}_rate"] = alike / group.sizes
            if name in _ZONE_ASPECTS:
                near = np.maximum(group.sum_near(starts) - starts, 0) + _PRIOR
                style[f"{name}_zone_rate"] = near / group.near_sizes
            style[f"{name}_share"] = alike / np.maximum(all_starts - starts + 1, 1)
            if name in _OUTER_ASPECTS:
                alike = np.maximum(group.sum(outers) - outers, 0) + _PRIOR
                style[f"{name}_outer_rate"] = alike / group.sizes
                # A line that stands before most titles belongs to the articles; one
                # that stands before a few of them is a heading between articles.
                near = np.maximum(group.sum(soon) - soon, 0) + _PRIOR
                style[f"{name}_before_rate"] = near / group.sizes
                style[f"{name}_before_share"] = near / (all_starts + 1)
        for by, side in ((1, "before"), (2, "before2"), (-1, "after"), (-2, "after2")):
            style[f"start_guess_{side}"] = shift(starts, by, documents, 0)
            style[f"outer_guess_{side}"] = shift(outers, by, documents, 0)
        return {name: values.astype(np.float32) for name, values in style.items()}
