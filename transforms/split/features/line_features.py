"""What speaks for and against a boundary at each line, over a whole batch at once.

All numbers of a line come from its own document, so that a document is split alike
in whatever company it travels.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transforms.split.features.announcements import (
    Announcements,
    announcement_traits,
)
from transforms.split.features.surroundings import (
    FAR_LINES,
    block_traits,
    edge_traits,
    run_lengths,
    run_lengths_ahead,
)
from transforms.split.features.word_overlap_kernels import (
    measure_overlap,
    measure_topics,
)
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
    find_quantiles,
    has_kind,
    is_run_in,
    kind_mask,
    repeat_per_line,
    shift,
)
from transforms.split.lines.line_count_kernels import HASHES
from transforms.split.lines.line_group_kernels import count_earlier, number_groups
from transforms.text.buffers import TextBuffer
from transforms.text.character_class_kernels import LOWER
from transforms.text.line_kinds import SPLIT_KINDS

_WINDOW_WORDS: Final = 50
_TOPIC_WORDS: Final = 200
_SHORT_CHARS: Final = 60
_NEARBY: Final = 4  # lines


def _recurrence(filled: FilledLines) -> dict[str, Numbers]:
    """How often a line's text, shape and lead-in recur in its document."""
    found = {}
    for name in HASHES[:-1]:
        groups = number_groups(filled.documents, filled.hashes[name])
        found[name] = np.log2(np.bincount(groups))[groups].astype(np.float32)
        if name == "text_hash":
            earlier = np.minimum(count_earlier(groups), 3)
            found["earlier"] = earlier.astype(np.float32)
    return found


def _gap_rarity(gaps: npt.NDArray[np.int32], bounds: Integers) -> Numbers:
    """Share of a document's lines that have at least as many blank lines there."""
    rarity = np.zeros(len(gaps), dtype=np.float32)
    sizes = np.diff(bounds)
    for gap in range(1, OUTSIDE_GAP + 1):
        at_least = np.add.reduceat(gaps >= gap, bounds[:-1]) if len(gaps) else sizes
        share = repeat_per_line((at_least / sizes).astype(np.float32), bounds)
        rarity = np.where(gaps == gap, share, rarity)
    return np.where(gaps == 0, np.float32(1), rarity)


def _document_traits(filled: FilledLines) -> dict[str, Numbers]:
    """What a document is like as a whole, repeated over its lines."""
    counts, bounds = filled.counts, filled.bounds
    sizes = np.diff(bounds)

    def share(hits: npt.NDArray[Any]) -> Numbers:
        total = np.add.reduceat(hits.astype(np.float32), bounds[:-1])
        return repeat_per_line((total / sizes).astype(np.float32), bounds)

    traits = {
        "document_gapped": share(counts["gap_before"] > 0),
        "document_wide_gapped": share(counts["gap_before"] > 1),
        "document_short": share(counts["chars"] < _SHORT_CHARS),
        "document_sentences": share(counts["ends_sentence"] > 0),
        "document_upper": share(counts["upper"] > counts["lower"]),
        "document_fields": share(has_kind(filled.kinds, kind_mask(["field"]))),
        "document_records": share(has_kind(filled.kinds, kind_mask(["record"]))),
        "document_end_marks": share(has_kind(filled.kinds, kind_mask(["end_mark"]))),
        "document_indented": share(counts["indent"] > 0),
        "document_run_in": share(is_run_in(counts)),
    }
    median = find_quantiles(counts["chars"], filled.documents, 0.5)
    traits["document_median_chars"] = repeat_per_line(median, bounds)
    traits["document_lines"] = repeat_per_line(
        np.log2(sizes).astype(np.float32), bounds
    )
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
        "run_in": np.where(is_run_in(counts), counts["run_in"], 0),
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


def _find_neighbours(filled: FilledLines, by: int) -> tuple[Integers, Flags]:
    """Rows of the lines `by` lines before the candidates, and whether there are any."""
    rows = filled.candidate_rows - by
    is_there = (rows >= 0) & (rows < len(filled.documents))
    rows = np.where(is_there, rows, 0)
    is_there &= filled.documents[rows] == filled.documents[filled.candidate_rows]
    return rows, is_there


def _side(by: int) -> str:
    return f"before_{by}" if by > 0 else f"after_{-by}"


def _kind_traits(filled: FilledLines) -> dict[str, Numbers]:
    """Kinds of the candidate lines and their neighbours; values of candidates alone."""
    traits = {}
    for by in (0, 1, -1):
        rows, is_there = _find_neighbours(filled, by)
        kinds = np.where(is_there, filled.kinds[rows], np.uint32(0))
        place = f"{_side(by)}_" if by else ""
        for bit, kind in enumerate(SPLIT_KINDS):
            is_of_kind = (kinds >> np.uint32(bit)) & np.uint32(1)
            traits[f"{place}is_{kind}"] = is_of_kind.astype(np.float32)
    for by in (2, 3, -2, -3):
        rows, is_there = _find_neighbours(filled, by)
        kinds = np.where(is_there, filled.kinds[rows], np.uint32(0))
        for group, mask in _KIND_GROUPS.items():
            hits = has_kind(kinds, mask)
            traits[f"{_side(by)}_is_{group}"] = hits.astype(np.float32)
    return traits


def _distance_traits(filled: FilledLines) -> dict[str, Numbers]:
    """Lines to the document's ends, to the last closing line, to running text."""
    bounds = filled.bounds
    rows = np.arange(len(filled.documents))
    first, last = (
        repeat_per_line(edge, bounds) for edge in (bounds[:-1], bounds[1:] - 1)
    )
    closing = has_kind(filled.kinds, kind_mask(CLOSING_KINDS))
    text = filled.counts["long_lower"] >= TEXT_WORDS
    traits = {
        "lines_before": np.minimum(rows - first, FAR_LINES),
        "lines_after": np.minimum(last - rows, FAR_LINES),
        "since_closing": run_lengths(closing, bounds),
        "since_text": run_lengths(text, bounds),
        "until_text": run_lengths_ahead(text, bounds),
    }
    return {name: values.astype(np.float32) for name, values in traits.items()}


def _overlap_traits(buffer: TextBuffer, filled: FilledLines) -> dict[str, Numbers]:
    """Words that a candidate shares with the text around it."""
    counts = filled.counts
    may_be_title = (counts["words"] > 1) & (counts["first_class"] != LOWER)
    rows = np.flatnonzero(may_be_title[filled.candidate_rows])
    shares = np.full((len(filled.candidate_rows), 3), -1, dtype=np.float32)
    shares[rows] = measure_overlap(buffer.data, filled.words, rows, _WINDOW_WORDS)
    names = ("shared_after", "shared_before", "cohesion")
    return {name: shares[:, column] for column, name in enumerate(names)}


def compute_topic_features(
    buffer: TextBuffer, filled: FilledLines, rows: Integers
) -> dict[str, Numbers]:
    """Whether an article may end before a line, by what the text is about.

    Args:
        buffer: The batch's text.
        filled: Its lines.
        rows: Places among the candidate lines; few, for much text is read for each.

    Returns:
        Features by name, one value per candidate line, -1 in other rows.
    """
    shares = np.full((len(filled.candidate_rows), 5), -1, dtype=np.float32)
    shares[rows] = measure_topics(buffer.data, filled.words, rows, _TOPIC_WORDS)
    names = (
        "far_shared_after",
        "far_shared_before",
        "far_cohesion",
        "names_go_on",
        "names_in_common",
    )
    return {name: shares[:, column] for column, name in enumerate(names)}


def _likeness(filled: FilledLines) -> dict[str, Numbers]:
    """How alike a line is to the first and to the last line of its document, 0 to 3.

    The last line of a digest ends an article, unless it is a footer: lines like it end
    articles, too, and what follows them starts one. The same goes for the first line.
    """
    bounds = filled.bounds
    roles = filled.kinds & kind_mask([*CLOSING_KINDS, *OPENING_KINDS, *OUTER_KINDS])
    traits = {}
    for name, edge in (("like_first", bounds[:-1]), ("like_last", bounds[1:] - 1)):
        model = repeat_per_line(edge, bounds)
        alike = [
            filled.hashes["shape_hash"] == filled.hashes["shape_hash"][model],
            filled.hashes["lead_hash"] == filled.hashes["lead_hash"][model],
            (roles == roles[model]) & (roles != 0),
        ]
        traits[name] = np.sum(alike, axis=0).astype(np.float32)
        traits[f"before_1_{name}"] = shift(traits[name], 1, filled.documents, -1)
        traits[f"after_1_{name}"] = shift(traits[name], -1, filled.documents, -1)
    return traits


def compute_line_features(
    buffer: TextBuffer, filled: FilledLines, announced: Announcements
) -> dict[str, Numbers]:
    """All first-stage features by name, one value per candidate line."""
    own = _own_traits(filled) | _recurrence(filled)
    document = _document_traits(filled)
    median = np.maximum(document["document_median_chars"], 1)
    later = own["text_hash"] > np.log2(own["earlier"] + 1.5)
    own["occurs_later"] = later.astype(np.float32)
    nearby = [
        shift(own["occurs_later"], by, filled.documents, 0)
        for by in range(-_NEARBY, _NEARBY + 1)
        if by
    ]
    traits = (
        own
        | document
        | _likeness(filled)
        | _distance_traits(filled)
        | block_traits(filled)
        | edge_traits(filled)
        | {
            "later_nearby": np.sum(nearby, axis=0, dtype=np.float32),
            "relative_chars": np.minimum(own["chars"] / median, 20),
            "gap_before_rarity": _gap_rarity(
                filled.counts["gap_before"], filled.bounds
            ),
            "gap_after_rarity": _gap_rarity(filled.counts["gap_after"], filled.bounds),
        }
    )
    candidates = filled.candidate_rows
    found = {name: values[candidates] for name, values in traits.items()}
    for by, names in _NEIGHBOUR_TRAITS.items():
        rows, is_there = _find_neighbours(filled, by)
        for name in names.split():
            values = np.where(is_there, own[name][rows], np.float32(-1))
            found[f"{_side(by)}_{name}"] = values
    return (
        found
        | _overlap_traits(buffer, filled)
        | _kind_traits(filled)
        | announcement_traits(filled, announced)
    )
