"""What stands around a line: its block, and lists that announce titles.

A block is a run of lines without running text: the end of one article, the head of the
next, and whatever stands between them.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transforms.split.features.announcement_kernels import find_announced
from transforms.split.lines.filled_lines import (
    CLOSING_KINDS,
    OPENING_KINDS,
    OUTER_KINDS,
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
_MOST_BETWEEN: Final = 12  # lines between two titles of a list
_MORE_ROOM: Final = 2  # times what the list takes
_SOON: Final = 4  # candidate lines
_LEAST_DISTANCE: Final = 3  # lines from an announcement to its title
FEWEST_LISTED: Final = 3  # titles that make a list
_NO_TITLE_KINDS: Final = (
    *("source", "copyright", "record", "id", "published", "field_head", "field_tail"),
    *("word_count", "date", "rule", "cover"),
)
ALL_ROLES: Final = kind_mask(
    [*CLOSING_KINDS, *OPENING_KINDS, *OUTER_KINDS, "bullet", "number", "bracket"]
)
_SENTENCE_COUNTS: Final = ("ends_sentence", "words")
_FEW_WORDS: Final = 5  # of a line that is no sentence of a text
_EDGE_LINES: Final = 8  # above the first text of a document, and below the last
_EDGE_TRAITS: Final = tuple(
    f"{side}{name}"
    for name in ("in_head", "in_tail")
    for side in ("", "before_1_", "after_1_")
)
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


def _find_lists(
    filled: FilledLines, tellers: Integers, told: Integers
) -> tuple[Integers, Integers]:
    """First and last place, among the tellers, of the list that each of them is in.

    A list takes far less room than the articles that it announces, which tells it from
    a digest that stands twice in its file.

    Args:
        filled: The lines.
        tellers: Rows of lines that announce another.
        told: Rows of the last line that each announces.

    Returns:
        Two places per teller; equal ones where it is in no list.
    """
    places = np.arange(len(tellers))
    if not len(tellers):
        return places, places
    documents = filled.documents[tellers]
    begins = np.ones(len(tellers), dtype=bool)
    begins[1:] = (np.diff(tellers) > _MOST_BETWEEN) | (np.diff(documents) != 0)
    firsts = np.flatnonzero(begins)
    lasts = np.append(firsts[1:], len(tellers)) - 1
    room = filled.ends[tellers[lasts]] - filled.starts[tellers[firsts]]
    begun, ended = (
        reduce(filled.starts[told], firsts)
        for reduce in (np.minimum.reduceat, np.maximum.reduceat)
    )
    is_list = (lasts - firsts + 1 >= FEWEST_LISTED) & (
        ended - begun > _MORE_ROOM * room
    )
    sizes = lasts - firsts + 1
    firsts, lasts = (np.repeat(edge, sizes) for edge in (firsts, lasts))
    is_list = np.repeat(is_list, sizes)
    return np.where(is_list, firsts, places), np.where(is_list, lasts, places)


def find_announcers(filled: FilledLines) -> tuple[Integers, Integers]:
    """Place among the candidate lines of the one that announces each, and the reverse.

    Returns:
        As `find_announced`, for lines that could be titles.
    """
    candidates = filled.candidate_rows
    kinds = filled.kinds[candidates]
    has_label = has_kind(kinds, kind_mask(["field_title"]))
    is_title = has_label | ~has_kind(kinds, kind_mask(_NO_TITLE_KINDS))
    counts = {name: filled.counts[name][candidates] for name in _SENTENCE_COUNTS}
    is_title &= (counts["ends_sentence"] == 0) | (counts["words"] <= _FEW_WORDS)
    skipped = np.where(is_title, has_label.astype(np.int64), -1)
    return find_announced(filled.words, skipped)


def announcement_traits(filled: FilledLines) -> dict[str, Numbers]:
    """Whether a list announces a line, or a line stands in such a list.

    Returns:
        Features by name, one value per candidate line. `announced` and `announces` are
        titles of the list; `list_goes_on` is 1 in a list before its last title, and
        for that where the first announced one soon follows.
    """
    candidates = filled.candidate_rows
    documents = filled.documents[candidates]
    announced, announces = find_announcers(filled)
    rows = np.arange(len(documents))
    tellers = np.flatnonzero(announces - rows > _LEAST_DISTANCE)
    first, last = _find_lists(
        filled, candidates[tellers], candidates[announces[tellers]]
    )
    size = np.zeros(len(rows), dtype=np.int64)
    size[tellers] = last - first + 1
    is_teller = size >= FEWEST_LISTED
    bounds = np.append(np.flatnonzero(np.diff(documents, prepend=-1)), len(documents))
    opens, closes = np.zeros(len(rows) + 1, int), np.zeros(len(rows) + 1, int)
    of_lists = is_teller[tellers]
    opens[np.unique(tellers[first[of_lists]])] = 1
    closes[np.unique(tellers[last[of_lists]])] = 1
    within = (np.cumsum(opens) - np.cumsum(closes))[: len(rows)] > 0
    listed = np.where((announced >= 0) & ~within, size[announced], 0)
    is_listed = listed >= FEWEST_LISTED
    until = run_lengths_ahead(is_listed, bounds)
    # Titles stand in the order of the list.
    teller = np.where(is_listed, announced, -1)
    before = np.maximum.accumulate(np.append(-1, teller)[: len(rows)])
    count = np.add.reduceat(is_listed, bounds[:-1]) if len(rows) else rows
    traits: dict[str, npt.NDArray[Any]] = {
        "announced": listed,
        "announced_once": announced >= 0,
        "announced_in_order": is_listed & (announced > before),
        "announced_after": np.log2(np.where(announced >= 0, rows - announced, 0) + 1),
        "announces": size,
        "list_goes_on": within | (is_teller & (until <= _SOON)),
        "document_announced": np.log2(repeat_per_line(count, bounds) + 1),
        "since_announced": run_lengths(is_listed, bounds),
        "until_announced": until,
        "since_list": run_lengths(is_teller, bounds),
        "until_list": run_lengths_ahead(is_teller, bounds),
    }
    return {name: values.astype(np.float32) for name, values in traits.items()}
