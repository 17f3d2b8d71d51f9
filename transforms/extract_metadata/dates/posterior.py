"""When articles were published that do not state it: a probability for every day.

What a text says of its day, and what the articles around it say, are put together.
Neighbours lend a day only inside one digest of one time: records, and exports of
databases, stand for themselves, and so do all articles of a file whose stated days lie
far apart. Rough cells of days say first which years may be meant; a window of days
around the likeliest cell is then looked at day by day.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from transforms.extract_metadata.dates.day_windows import (
    HIGH,
    LOW,
    MOST_NEIGHBOURS,
    NEIGHBOUR_WEIGHT,
    OUTLIERS,
    WINDOW_DAYS,
    Groups,
    judge_groups,
)
from transforms.extract_metadata.dates.mentions import NO_DAY, Flags
from transforms.extract_metadata.dates.votes import (
    ON_DAY,
    Densities,
    Tables,
    Votes,
)
from transforms.text.buffers import Offsets

CELL_DAYS: Final = 32
MIN_DAY_PROBABILITY: Final = 0.7  # of a day that is given as that of publication
MAX_BOUNDS_DAYS: Final = 3653  # wider ones say nothing
MIN_SHARE_INSIDE: Final = 0.002
SURE_SHARE_INSIDE: Final = 0.9
ONE_TIME_DAYS: Final = 31
ONE_TIME_RATIO: Final = 0.8
_CELLS_AT_ONCE: Final = 4096  # articles


@dataclass(frozen=True)
class Posterior:
    """What is likely of each article; of one that states its day, this day.

    Attributes:
        days: The most likely day, NO_DAY where none is likely enough.
        lows: Lower bound (80 %), NO_DAY where nothing is known.
        highs: Upper bound.
        is_by_text: Whether the text says it, more than the articles around it.
        is_by_file: Whether only the file does, by its name or as a mail.
    """

    days: Offsets
    lows: Offsets
    highs: Offsets
    is_by_text: Flags
    is_by_file: Flags


def infer_days(
    votes: Votes,
    tables: Tables,
    stated: Offsets,
    files: Offsets,
    digests: Offsets,
    run_day: int,
) -> Posterior:
    """Days of all articles.

    Args:
        votes: Of their texts.
        tables: Learned densities.
        stated: Day that each states, or NO_DAY.
        files: Day of its mail, or in the name of its file, or NO_DAY.
        digests: Number of the digest that it is an article of; below 0 for one that
            stands for itself.
        run_day: Nothing was published after it.
    """
    count = len(stated)
    cells = _weigh_cells(votes, tables, count, run_day)
    if not count:
        return _nothing()
    keys = np.where(_is_alone(stated, digests), -1 - np.arange(count), digests)
    groups, weighed = _group(keys, cells, stated, files, run_day)
    is_stray = (groups.inside < MIN_SHARE_INSIDE) & (stated == NO_DAY) & (keys >= 0)
    if is_stray.any():
        keys = np.where(is_stray, -1 - np.arange(count), keys)
        groups, weighed = _group(keys, cells, stated, files, run_day)
    found = judge_groups(groups, votes, tables, stated)
    owners = np.empty(count, dtype=np.int64)
    owners[groups.members] = np.repeat(
        np.arange(len(groups.anchors)), np.diff(groups.starts)
    )
    has_votes = np.diff(votes.starts) > 0
    bounds = _bound_cells(cells, weighed[owners], run_day)
    return _read_found(found, groups.anchors[owners], bounds, stated, files, has_votes)


def _is_alone(stated: Offsets, digests: Offsets) -> Flags:
    """Articles that no neighbour lends a day, as their digest is not of one time."""
    is_stated = (stated != NO_DAY) & (digests >= 0)
    rows = np.flatnonzero(is_stated)
    order = rows[np.lexsort((stated[rows], digests[rows]))]
    owners, firsts, counts = np.unique(
        digests[order], return_index=True, return_counts=True
    )
    middles = stated[order][firsts + counts // 2]
    size = digests.max(initial=-1) + 1
    middle = np.full(size, NO_DAY)
    middle[owners] = middles
    is_near = np.abs(stated[order] - middle[digests[order]]) <= ONE_TIME_DAYS
    near = np.bincount(digests[order], weights=is_near, minlength=size)
    total = np.bincount(digests[order], minlength=size)
    is_mixed = near < ONE_TIME_RATIO * total
    alone: Flags = (digests < 0) | np.append(is_mixed, True)[digests]
    return alone


def _weigh_cells(votes: Votes, tables: Tables, count: int, run_day: int) -> Densities:
    """Probability of each article's own for every CELL_DAYS days since 1970."""
    size = run_day // CELL_DAYS + 1
    lags = _cell_lags(tables, size)
    cells = np.zeros((count, size), dtype=np.float32)
    is_on_day = votes.forms == ON_DAY
    rows = np.repeat(np.arange(count), np.diff(votes.starts))[is_on_day]
    kinds = votes.kinds[is_on_day]
    weights = votes.weights[is_on_day].astype(np.float32)
    places = np.arange(size)
    bases = votes.days[is_on_day] // CELL_DAYS
    for first in range(0, len(rows), _CELLS_AT_ONCE):
        some = slice(first, first + _CELLS_AT_ONCE)
        behind = np.clip(places - bases[some, None], -size, size) + size
        values = lags[kinds[some, None], behind] * weights[some, None]
        firsts = np.flatnonzero(np.diff(rows[some], prepend=-1))
        cells[rows[some][firsts]] += np.add.reduceat(values, firsts, axis=0)
    cells -= cells.max(axis=1, keepdims=True)
    np.exp(cells, out=cells)
    cells /= cells.sum(axis=1, keepdims=True)
    return cells


def _cell_lags(tables: Tables, size: int) -> Densities:
    """Logarithm of the mean ratio in each cell, by kind and cells behind the vote."""
    reach = tables.lags.shape[1] // 2
    first = reach - size * CELL_DAYS
    lags = tables.lags[:, first : first + (2 * size + 1) * CELL_DAYS]
    ratios = np.exp(lags.reshape(len(lags), -1, CELL_DAYS))
    means: Densities = np.log(ratios.mean(axis=2))
    return means


def _group(
    keys: Offsets,
    cells: Densities,
    stated: Offsets,
    files: Offsets,
    run_day: int,
) -> tuple[Groups, Densities]:
    """Articles by their keys, and what `_weigh_groups` says of each group."""
    members = np.argsort(keys, kind="stable")
    firsts = np.flatnonzero(np.diff(keys[members], prepend=keys.min() - 1))
    sizes = np.diff(np.append(firsts, len(keys)))
    places = np.arange(len(keys)) - np.repeat(firsts, sizes)
    firsts = np.flatnonzero(places % MOST_NEIGHBOURS == 0)
    starts = np.append(firsts, len(keys))
    weighed = _weigh_groups(members, firsts, cells, stated, files)
    centres = weighed.argmax(axis=1) * CELL_DAYS + CELL_DAYS // 2
    # No window reaches past the run, for nothing was published then.
    anchors = np.minimum(centres - WINDOW_DAYS // 2, run_day + 1 - WINDOW_DAYS)
    anchors = np.maximum(anchors, 0)
    owners = np.empty(len(keys), dtype=np.int64)
    owners[members] = np.repeat(anchors, np.diff(starts))
    groups = Groups(
        starts,
        members,
        anchors,
        files[members[firsts]],
        _sum_window(cells, owners),
        _sum_window(weighed, anchors),
    )
    return groups, weighed


def _sum_window(cells: Densities, anchors: Offsets) -> Densities:
    """How much of each row lies in the window that begins on a day."""
    first_cells = anchors // CELL_DAYS
    last_cells = np.minimum(first_cells + WINDOW_DAYS // CELL_DAYS, cells.shape[1]) - 1
    rows = np.arange(len(cells))
    summed = np.cumsum(cells, axis=1)
    before = np.where(first_cells > 0, summed[rows, first_cells - 1], 0.0)
    inside: Densities = np.clip(summed[rows, last_cells] - before, 0.0, 1.0)
    return inside


def _weigh_groups(
    members: Offsets,
    firsts: Offsets,
    cells: Densities,
    stated: Offsets,
    files: Offsets,
) -> Densities:
    """Probability of each group's time for every CELL_DAYS days."""
    size = cells.shape[1]
    weighed = np.log((1 - OUTLIERS) * cells + OUTLIERS / size)
    for days in (stated, files):
        rows = np.flatnonzero((days >= 0) & (days < size * CELL_DAYS))
        # Surer than any text.
        weighed[rows, days[rows] // CELL_DAYS] -= 2 * np.log(OUTLIERS / size)
    summed = NEIGHBOUR_WEIGHT * np.add.reduceat(weighed[members], firsts, axis=0)
    summed -= summed.max(axis=1, keepdims=True)
    np.exp(summed, out=summed)
    summed /= summed.sum(axis=1, keepdims=True)
    return summed.astype(np.float32)


def _bound_cells(
    cells: Densities, neighbours: Densities, run_day: int
) -> tuple[Offsets, Offsets]:
    """80 % bounds by cells, for what one window does not hold."""
    joint = cells * ((1 - OUTLIERS) * neighbours + OUTLIERS / cells.shape[1])
    np.cumsum(joint, axis=1, out=joint)
    low, high = ((joint < share * joint[:, -1:]).sum(axis=1) for share in (LOW, HIGH))
    return low * CELL_DAYS, np.minimum((high + 1) * CELL_DAYS - 1, run_day)


def _nothing() -> Posterior:
    none = np.zeros(0, dtype=np.int64)
    return Posterior(none, none, none, none > 0, none > 0)


def _read_found(
    found: Densities,
    anchors: Offsets,
    bounds: tuple[Offsets, Offsets],
    stated: Offsets,
    files: Offsets,
    has_votes: Flags,
) -> Posterior:
    days, lows, highs = (anchors + found[:, at].astype(np.int64) for at in (0, 2, 3))
    is_sure = found[:, 1] >= MIN_DAY_PROBABILITY
    is_wide = found[:, 6] < SURE_SHARE_INSIDE
    lows, highs = (
        np.where(is_wide, bounds[0], lows),
        np.where(is_wide, bounds[1], highs),
    )
    lows = np.where(is_sure, np.minimum(lows, days), lows)
    highs = np.where(is_sure, np.maximum(highs, days), highs)
    is_vague = ~is_sure & (highs - lows > MAX_BOUNDS_DAYS)
    is_stated = stated != NO_DAY
    return Posterior(
        np.where(is_stated, stated, np.where(is_sure, days, NO_DAY)),
        np.where(is_stated, stated, np.where(is_vague, NO_DAY, lows)),
        np.where(is_stated, stated, np.where(is_vague, NO_DAY, highs)),
        has_votes & (found[:, 4] >= found[:, 5]),
        ~has_votes & (files != NO_DAY),
    )
