"""What stands around a line: its block, and the edges of its document.

A block is a run of lines without running text: the end of one article, the head of the
next, and whatever stands between them.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transforms.split.lines.filled_lines import (
    CLOSING_KINDS,
    OPENING_KINDS,
    OUTER_KINDS,
    OUTSIDE_GAP,
    TEXT_WORDS,
    FilledLines,
    Flags,
    Integers,
    Numbers,
    has_kind,
    kind_mask,
    repeat_per_line,
    shift,
)
from transforms.split.lines.line_group_kernels import number_groups

FAR_LINES: Final = 60  # lines; beyond that a distance is only "far"
ALL_ROLES: Final = kind_mask(
    [*CLOSING_KINDS, *OPENING_KINDS, *OUTER_KINDS, "bullet", "number", "bracket"]
)
_FEW_WORDS: Final = 5  # of a line that is no sentence of a text
_EDGE_LINES: Final = 8  # above the first text of a document, and below the last
_EDGE_TRAITS: Final = tuple(
    f"{side}{name}"
    for name in ("in_head", "in_tail")
    for side in ("", "before_1_", "after_1_")
)
_FEWEST_FIELDS: Final = 3  # above a rights line
_BLOCK_KINDS: Final = {
    "closings": CLOSING_KINDS,
    "openings": OPENING_KINDS,
    "rules": ("rule",),
}


def run_lengths(hits: Flags, bounds: Integers) -> Integers:
    """Lines since the last hit before each line, at most `FAR_LINES`, in a document."""
    rows = np.arange(len(hits))
    last = np.maximum.accumulate(np.where(hits, rows, -FAR_LINES))
    before = np.concatenate([[-FAR_LINES], last[:-1]])
    first = repeat_per_line(bounds[:-1], bounds)
    return np.where(before < first, FAR_LINES, np.minimum(rows - before, FAR_LINES))


def run_lengths_ahead(hits: Flags, bounds: Integers) -> Integers:
    """Lines until the next hit after each line, at most `FAR_LINES`, in a document."""
    backwards = np.append(0, np.cumsum(np.diff(bounds)[::-1]))
    return run_lengths(hits[::-1], backwards)[::-1]


def _find_text(filled: FilledLines) -> Flags:
    """Lines of running text, which part blocks."""
    return np.asarray(
        ~filled.is_candidate | (filled.counts["long_lower"] >= TEXT_WORDS)
    )


def _find_blocks(filled: FilledLines, is_text: Flags) -> tuple[Integers, Integers]:
    """First and last row of the block that each line is of; of text, itself."""
    count = len(is_text)
    opens = is_text.copy()
    opens[filled.bounds[:-1]] = True
    opens[1:] |= is_text[:-1]
    rows = np.arange(count)
    first = np.maximum.accumulate(np.where(opens, rows, 0))
    closes = np.append(opens[1:], True)[:count]
    last = np.minimum.accumulate(np.where(closes, rows, count)[::-1])[::-1]
    return first, last


def find_block_heads(filled: FilledLines) -> Integers:
    """First row of the block that each line is of; of text, itself."""
    return _find_blocks(filled, _find_text(filled))[0]


def _count_to(hits: Flags) -> Integers:
    """Hits before each line, and after the last, all through."""
    return np.concatenate([[0], np.cumsum(hits)])


def block_traits(filled: FilledLines) -> dict[str, Numbers]:
    """Where a line stands in its block, and what its block holds above and below.

    All but the places are -1 for running text.
    """
    is_text = _find_text(filled)
    first, last = _find_blocks(filled, is_text)
    rows = np.arange(len(is_text))
    gap = filled.counts["gap_before"]
    starts = np.flatnonzero(first == rows)
    widest = np.maximum.reduceat(gap, starts) if len(rows) else gap
    widest = np.repeat(widest, np.diff(np.append(starts, len(rows))))
    places = {"block_place": rows - first, "block_left": last - rows}
    traits: dict[str, npt.NDArray[Any]] = {
        "block_widest_gap": widest,
        "widest_gap": (gap == widest) & (gap > 0),
    }
    for name, kinds in _BLOCK_KINDS.items():
        total = _count_to(has_kind(filled.kinds, kind_mask(kinds)))
        traits[f"{name}_above"] = total[rows] - total[first]
        traits[f"{name}_below"] = total[last + 1] - total[rows + 1]
    return {
        name: np.minimum(values, FAR_LINES).astype(np.float32)
        for name, values in places.items()
    } | {
        name: np.where(is_text, -1, values).astype(np.float32)
        for name, values in traits.items()
    }


def find_closing_fields(filled: FilledLines) -> Flags:
    """Lines of fields that end a record: several, a rights line last, then a gap.

    The gap behind them is wider than any among them, and they hold no title and no
    running text.
    """
    rows = np.arange(len(filled.documents))
    if not len(rows):
        return rows > 0
    is_field = has_kind(filled.kinds, kind_mask(["field", "source", "copyright"]))
    is_field &= ~has_kind(filled.kinds, kind_mask(["field_title"]))
    is_field &= filled.counts["long_lower"] < TEXT_WORDS
    begins = is_field & ~np.append(False, is_field[:-1])
    begins[filled.bounds[:-1]] = is_field[filled.bounds[:-1]]
    first = np.maximum.accumulate(np.where(begins, rows, 0))
    gap, after = filled.counts["gap_before"], filled.counts["gap_after"]
    # The widest gap since the first of the fields.
    runs = np.cumsum(begins) * (OUTSIDE_GAP + 1)
    inner = np.maximum.accumulate(np.where(is_field & ~begins, gap, 0) + runs) - runs
    ends = np.flatnonzero(
        is_field
        & has_kind(filled.kinds, kind_mask(["copyright"]))
        & (rows - first >= _FEWEST_FIELDS)
        & (after > inner)
    )
    edges = np.zeros(len(rows) + 1, dtype=np.int64)
    np.add.at(edges, first[ends], 1)
    np.add.at(edges, ends + 1, -1)
    return np.asarray(np.cumsum(edges)[:-1] > 0)


def form_keys(filled: FilledLines) -> npt.NDArray[np.uint64]:
    """What two lines share that are of the same kinds, case, end, and indent."""
    counts = filled.counts
    upper = counts["upper"] > 4 * counts["lower"]
    form = (
        upper.astype(np.uint64)
        + 2 * counts["ends_sentence"].astype(np.uint64)
        + 4 * counts["first_class"].astype(np.uint64)
        + 64 * np.minimum(counts["indent"], 7).astype(np.uint64)
    )
    roles = (filled.kinds & ALL_ROLES).astype(np.uint64)
    return np.asarray(form + (roles << np.uint64(10)))


def edge_traits(filled: FilledLines) -> dict[str, Numbers]:
    """Whether lines of a form stand above a document's first text, or below its last.

    What stands above the first text is of a head, what stands below the last is of an
    end, and so are lines like them between two texts.
    """
    documents, rows = filled.documents, np.arange(len(filled.documents))
    is_sentence = filled.counts["ends_sentence"] == 1
    is_text = _find_text(filled) | (is_sentence & (filled.counts["words"] > _FEW_WORDS))
    if not len(rows):
        return {name: rows.astype(np.float32) for name in _EDGE_TRAITS}
    starts = filled.bounds[:-1]
    first = np.minimum.reduceat(np.where(is_text, rows, len(rows)), starts)
    first = np.minimum(first, filled.bounds[1:])
    last = np.maximum.reduceat(np.where(is_text, rows, -1), starts)
    first, last = (repeat_per_line(edge, filled.bounds) for edge in (first, last))
    groups = number_groups(documents, form_keys(filled))
    traits = {}
    for name, is_edge in (
        ("in_head", (rows < first) & (rows >= first - _EDGE_LINES)),
        ("in_tail", (rows > last) & (rows <= last + _EDGE_LINES) & (last >= 0)),
    ):
        count = np.bincount(groups, is_edge)[groups] - is_edge
        traits[name] = (count > 0).astype(np.float32)
        for by, side in ((1, "before_1"), (-1, "after_1")):
            traits[f"{side}_{name}"] = shift(traits[name], by, documents, -1)
    return traits
