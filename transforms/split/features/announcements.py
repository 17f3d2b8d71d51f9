"""Lists of contents: which lines announce titles, and where those stand further on.

A title is announced by an earlier line of the same words, or by one that holds its
first long words among others. Lines that announce, close to each other and in far less
room than what they announce, are a list; each of its titles is an entry.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transforms.split.features.announcement_kernels import (
    choose_in_order,
    find_announced,
)
from transforms.split.features.surroundings import run_lengths, run_lengths_ahead
from transforms.split.lines.filled_lines import (
    TEXT_WORDS,
    FilledLines,
    Flags,
    Integers,
    Numbers,
    find_quantiles,
    has_kind,
    kind_mask,
    repeat_per_line,
)
from transforms.split.lines.line_group_kernels import number_groups

FEWEST_LISTED: Final = 3  # titles that make a list
_MOST_BETWEEN: Final = 12  # lines between two titles of a list
_MORE_STEPS: Final = 5  # or as many steps of the list, where titles are not found
_MORE_ROOM: Final = 2  # times what the list takes
_SOON: Final = 4  # lines
_LEAST_DISTANCE: Final = 3  # lines from an announcement to its title
_NO_TITLE_KINDS: Final = (
    *("source", "copyright", "record", "id", "published", "field_head", "field_tail"),
    *("word_count", "date", "rule", "cover"),
)
_NEVER_TITLE_KINDS: Final = (
    *("source", "id", "published", "word_count", "date", "rule", "more"),
    *("tags", "credits", "media", "end_mark", "agency"),
)
_SENTENCE_COUNTS: Final = ("ends_sentence", "words")
_FEW_WORDS: Final = 5  # of a line that is no sentence of a text
_LINE_WORDS: Final = 8  # of a line of text
_MOST_EQUAL: Final = 24  # lines of the same words, as running heads are
_LEAST_LETTERS: Final = 6  # of a title
_MOST_CHARS: Final = 320  # of a title
_MOST_TOLD: Final = 0.8  # of the entries of a list, where its articles end
_SAME_STEP: Final = 0.25  # of a step, by which an entry may be longer
_WIDE_GAP: Final = 4  # blank lines between two entries
_MORE_GAP: Final = 2  # times what is usual in the list
_FAR: Final = 36  # lines from an entry to a title that is hardly of the list itself
_NEAR_WEIGHT: Final = 0.5
_IN_ORDER: Final = 0.35  # of the entries tell titles in their order
_MOST_ENTRY_BYTES: Final = 1500  # from title to title
_WITH_TEXT: Final = 0.35  # of what a list announces
_GAP_WEIGHT: Final = 0.1
_WIDEST_GAP: Final = 3  # blank lines


@dataclass(frozen=True)
class Announcements:
    """What announces what, per filled line.

    Attributes:
        tellers: Row of the line that announces it; -1 for none.
        announces: Row of the last line that it announces; -1 for none.
        sizes: Titles of the list that it is an entry of; 0 for other lines.
        lists: Row of the first title of the list that it stands in; its own row for
            lines in none.
        steps: Its place among the entries, counted in steps of its list: of entries
            that follow each other it differs by 1, and by more where one is not found.
        is_within: Whether it stands in a list, before the last title of it.
    """

    tellers: Integers
    announces: Integers
    sizes: Integers
    lists: Integers
    steps: Integers
    is_within: Flags

    @property
    def listed(self) -> Integers:
        """Titles of the list that announces each line; 0 for other lines."""
        sizes = np.where(self.is_within, 0, self.sizes[self.tellers])
        is_listed = (self.tellers >= 0) & (sizes >= FEWEST_LISTED)
        return np.where(is_listed, sizes, 0)


def _find_tellers(filled: FilledLines) -> Integers:
    """Row of the line that announces each, before any look at lists; -1 for none."""
    groups = number_groups(filled.documents, filled.hashes["text_hash"])
    is_label = _find_labels(groups)
    equal = _find_equal(filled, groups)
    found = np.where(equal >= 0, equal, _find_begun(filled))
    return np.where(is_label | is_label[found], -1, found)


def _find_equal(filled: FilledLines, groups: Integers) -> Integers:
    """Row of the first line of the same words, before each line; -1 for none."""
    counts = filled.counts
    is_title = (
        ~_find_paragraphs(filled)
        & (counts["words"] > 1)
        & (counts["upper"] + counts["lower"] >= _LEAST_LETTERS)
        & (counts["chars"] <= _MOST_CHARS)
        & ~has_kind(filled.kinds, kind_mask(_NEVER_TITLE_KINDS))
        & (np.bincount(groups) <= _MOST_EQUAL)[groups]
    )
    # Groups are numbered in the order of their first lines.
    is_first = np.diff(np.maximum.accumulate(groups), prepend=-1) != 0
    earlier = np.flatnonzero(is_first)[groups]
    return np.where(is_title & (earlier < np.arange(len(groups))), earlier, -1)


def _find_paragraphs(filled: FilledLines) -> Flags:
    """Lines that are running text beyond doubt."""
    counts = filled.counts
    is_text = (counts["ends_sentence"] == 1) & (counts["long_lower"] >= TEXT_WORDS)
    return np.asarray(is_text)


def _find_labels(groups: Integers) -> Flags:
    """Lines of words that stand close together at like distances, as entries have them.

    Args:
        groups: Per line: that of all lines of its document with the same words.
    """
    order = np.argsort(groups, kind="stable")
    between = np.diff(order)
    is_near = (between <= _MOST_BETWEEN) & (np.diff(groups[order]) == 0)
    before, after = between[:-1], between[1:]
    is_like = np.maximum(before, after) <= 2 * np.minimum(before, after)
    labels = np.unique(groups[order[1:-1][is_near[:-1] & is_near[1:] & is_like]])
    return np.isin(groups, labels)


def _find_begun(filled: FilledLines) -> Integers:
    """Row of the line that holds the first long words of each title; -1 for none."""
    candidates = filled.candidate_rows
    kinds = filled.kinds[candidates]
    has_label = has_kind(kinds, kind_mask(["field_title"]))
    is_title = has_label | ~has_kind(kinds, kind_mask(_NO_TITLE_KINDS))
    counts = {name: filled.counts[name][candidates] for name in _SENTENCE_COUNTS}
    is_title &= (counts["ends_sentence"] == 0) | (counts["words"] <= _FEW_WORDS)
    skipped = np.where(is_title, has_label.astype(np.int64), -1)
    place = find_announced(filled.words, skipped)
    begun = np.full(len(filled.documents), -1, dtype=np.int64)
    begun[candidates] = np.where(place >= 0, candidates[place], -1)
    return begun


def find_announcements(filled: FilledLines) -> Announcements:
    """Find the lists of a batch, and what they announce."""
    rows = np.arange(len(filled.documents))
    if not len(rows):
        return Announcements(rows, rows, rows, rows, rows, rows > 0)
    found = _find_tellers(filled)
    told = np.flatnonzero(found >= 0)
    announces = np.full(len(rows), -1, dtype=np.int64)
    announces[found[told]] = told
    # What is announced itself is no entry of a list, but where it stands in it twice.
    tellers = np.flatnonzero((announces - rows > _LEAST_DISTANCE) & (found < 0))
    first, last = _find_lists(filled, tellers, announces[tellers])
    is_listed = last - first + 1 >= FEWEST_LISTED
    lists = np.where(is_listed, tellers[first], -1)
    first_rows = np.unique(lists[is_listed])
    edges = np.zeros(len(rows) + 1, dtype=np.int64)
    edges[first_rows] += 1
    edges[np.unique(tellers[last[is_listed]])] -= 1
    is_within = np.cumsum(edges)[:-1] > 0
    is_entry = np.zeros(len(rows), dtype=bool)
    is_entry[tellers] = True
    is_double = is_within[told] & is_within[found[told]]
    is_entry[told] |= is_double
    found[told] = _share_out(found[told], told, is_double)
    entries = np.flatnonzero(is_entry)
    # An entry that stands twice is of the list of the first.
    of_list = lists[np.searchsorted(tellers, entries, side="right") - 1]
    of_list = np.where(of_list >= 0, of_list, entries)
    sizes = np.zeros(len(rows), dtype=np.int64)
    _, place, counts = np.unique(of_list, return_inverse=True, return_counts=True)
    sizes[entries] = counts[place]
    begun = np.zeros(len(rows), dtype=np.int64)
    begun[first_rows] = first_rows
    list_rows = np.where(is_within, np.maximum.accumulate(begun), rows)
    list_rows[entries] = of_list
    steps = np.zeros(len(rows), dtype=np.int64)
    steps[entries] = _count_steps(entries, of_list)
    return Announcements(found, announces, sizes, list_rows, steps, is_within)


def _share_out(tellers: Integers, told: Integers, is_double: Flags) -> Integers:
    """Give the second line of the same words to the second entry, and so on.

    Args:
        tellers: Row of the first line of the same words, per line that has one.
        told: Rows of these lines.
        is_double: Whether such a line is an entry of a list as well.

    Returns:
        Row of the entry that announces each.
    """
    order = np.lexsort((told, ~is_double, tellers))
    group = tellers[order]
    begin = np.searchsorted(group, group)
    rank = np.arange(len(group)) - begin
    entries = np.bincount(tellers, is_double, minlength=1).astype(np.int64)[group]
    # The first line outside the list is of the first entry, which is not among these.
    place = np.minimum(rank - entries, entries) - 1
    is_later = (rank > entries) & (place >= 0)
    shared = tellers.copy()
    shared[order[is_later]] = told[order[(begin + place)[is_later]]]
    return np.where(shared < told, shared, tellers)


def _count_steps(entries: Integers, lists: Integers) -> Integers:
    """Place of each entry, counted in steps of its list, as in `Announcements`."""
    between = np.diff(entries, prepend=-1)
    is_first = np.diff(lists, prepend=-1) != 0
    stride = np.ones(len(entries), dtype=np.float32)
    inner = np.flatnonzero(~is_first)
    if len(inner):
        median = find_quantiles(between[inner], lists[inner], 0.5)
        known = np.unique(lists[inner])
        place = np.minimum(np.searchsorted(known, lists), len(known) - 1)
        stride = np.where(known[place] == lists, median[place], stride)
    steps = np.maximum(np.ceil(between / stride - _SAME_STEP), 1)
    return np.cumsum(np.where(is_first, 2, steps).astype(np.int64))


def _part_lists(filled: FilledLines, tellers: Integers) -> Flags:
    """Whether each teller is the first of those that stand close together.

    Close is what is not far for lists of any kind, or for the steps of this one.
    """
    between = np.diff(tellers, prepend=-1)
    is_new = np.diff(filled.documents[tellers], prepend=-1) != 0
    begins = is_new | (between > _MOST_BETWEEN)
    firsts = np.flatnonzero(begins)
    lasts = np.append(firsts[1:], len(tellers)) - 1
    stride = (tellers[lasts] - tellers[firsts]) / np.maximum(lasts - firsts, 1)
    step = np.maximum(stride, np.append(0, stride[:-1]))
    begins[firsts] = is_new[firsts] | (between[firsts] > _MORE_STEPS * step)
    gap = filled.counts["gap_before"][: tellers[-1] + 1]
    widest = np.append(0, np.maximum.reduceat(gap, tellers[:-1] + 1))[: len(tellers)]
    firsts = np.flatnonzero(begins)
    sizes = np.diff(np.append(firsts, len(tellers)))
    usual = np.add.reduceat(np.where(begins, 0, widest), firsts) / np.maximum(sizes, 1)
    is_wide = widest > np.maximum(_WIDE_GAP - 1, _MORE_GAP * np.repeat(usual, sizes))
    return np.asarray(begins | is_wide)


def _find_lists(
    filled: FilledLines, tellers: Integers, told: Integers
) -> tuple[Integers, Integers]:
    """First and last place, among the tellers, of the list that each of them is in.

    From title to title a list takes far less room than what it announces, which tells
    it from an article that stands twice in its file; text follows these titles, which
    tells it from a table that stands twice; and it holds little text itself.

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
    begins = _part_lists(filled, tellers)
    # A list ends before what it announces, whatever goes on to tell below.
    runs = np.cumsum(begins) - 1
    weights = np.where(told - tellers > _FAR, 1.0, _NEAR_WEIGHT)
    in_order = choose_in_order(told + runs * len(filled.documents), weights)
    first_told = np.minimum.reduceat(
        np.where(in_order, told, len(filled.documents)), np.flatnonzero(begins)
    )
    is_below = tellers >= first_told[runs]
    begins |= is_below & ~np.append(False, is_below[:-1])
    firsts = np.flatnonzero(begins)
    lasts = np.append(firsts[1:], len(tellers)) - 1
    sizes = lasts - firsts + 1
    texts = np.concatenate([[0], np.cumsum(filled.counts["words"] >= _LINE_WORDS)])
    after = np.minimum(told + 1 + _MOST_BETWEEN, len(texts) - 1)
    last = np.where(begins, told, np.append(told[0], told[:-1]))
    room, step = (np.diff(filled.starts[rows], prepend=0) for rows in (told, tellers))
    is_parted = (room > _MORE_ROOM * step) & (texts[told] > texts[last + 1])
    has_text = (begins | is_parted) & (texts[after] > texts[told + 1])
    paragraphs = np.cumsum(_find_paragraphs(filled))
    with_text = np.add.reduceat(has_text, firsts, dtype=np.int64)
    ordered = np.add.reduceat(in_order, firsts, dtype=np.int64)
    taken = filled.starts[tellers[lasts]] - filled.starts[tellers[firsts]]
    is_list = (
        (sizes >= FEWEST_LISTED)
        & (with_text >= _WITH_TEXT * sizes)
        & (ordered >= _IN_ORDER * sizes)
        & (taken <= _MOST_ENTRY_BYTES * sizes)
        & (paragraphs[tellers[lasts]] - paragraphs[tellers[firsts]] <= sizes)
    )
    _drop_inner_lists(is_list, tellers, told, firsts, sizes)
    firsts, lasts = (np.repeat(edge, sizes) for edge in (firsts, lasts))
    is_list = np.repeat(is_list, sizes)
    return np.where(is_list, firsts, places), np.where(is_list, lasts, places)


def _drop_inner_lists(
    is_list: Flags, tellers: Integers, told: Integers, firsts: Integers, sizes: Integers
) -> None:
    """What stands among the articles that a list announces is no list, unless longer.

    Args:
        is_list: Per run of tellers: whether it is a list; changed.
        tellers: Rows of lines that announce another.
        told: Rows of the last line that each announces.
        firsts: Place of the first teller of each run.
        sizes: Tellers of each run.
    """
    end, size = -1, 0
    for run in np.flatnonzero(is_list):
        place, count = firsts[run], sizes[run]
        if tellers[place] < end and count <= size:
            is_list[run] = False
            continue
        # A few titles may stand again in a later digest of the file.
        end = np.sort(told[place : place + count])[int(_MOST_TOLD * (count - 1))]
        size = count


def find_titles_in_order(
    announced: Announcements, weights: npt.NDArray[np.float64]
) -> Integers:
    """Rows of the announced titles that stand in the order of their lists.

    Args:
        announced: From `find_announcements`.
        weights: Per filled line, above 0: how likely it is a title.

    Returns:
        Rows, ascending, with ascending tellers, of the greatest weight.
    """
    rows = np.flatnonzero(announced.listed > 0)
    return rows[choose_in_order(announced.tellers[rows], weights[rows])]


def announcement_traits(
    filled: FilledLines, announced: Announcements
) -> dict[str, Numbers]:
    """Whether a list announces a line, or a line stands in such a list.

    Returns:
        Features by name, one value per candidate line. `announced` and `announces` are
        titles of the list; `list_goes_on` is 1 in a list before its last title, and
        for that where the first announced one soon follows.
    """
    bounds, rows = filled.bounds, np.arange(len(filled.documents))
    tellers = announced.tellers
    listed = announced.listed
    is_listed = listed > 0
    is_entry = announced.sizes >= FEWEST_LISTED
    until = run_lengths_ahead(is_listed, bounds)
    gaps = np.minimum(filled.counts["gap_before"], _WIDEST_GAP)
    in_order = np.zeros(len(rows), dtype=bool)
    in_order[find_titles_in_order(announced, 1 + _GAP_WEIGHT * gaps)] = True
    count = np.add.reduceat(in_order, bounds[:-1], dtype=int) if len(rows) else rows
    traits: dict[str, npt.NDArray[Any]] = {
        "announced": listed,
        "announced_once": tellers >= 0,
        "announced_in_order": in_order,
        "announced_after": np.log2(np.where(tellers >= 0, rows - tellers, 0) + 1),
        "announces": announced.sizes,
        "list_goes_on": announced.is_within | (is_entry & (until <= _SOON)),
        "document_announced": np.log2(repeat_per_line(count, bounds) + 1),
        "since_announced": run_lengths(is_listed, bounds),
        "until_announced": until,
        "since_list": run_lengths(is_entry, bounds),
        "until_list": run_lengths_ahead(is_entry, bounds),
    }
    candidates = filled.candidate_rows
    return {
        name: values[candidates].astype(np.float32) for name, values in traits.items()
    }
