"""How likely each day of a window is as that of an article's publication.

Articles of a group share a window. What their texts say, what their neighbours say, and
the name of their file are put together, day by day.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from transforms.extract_metadata.dates.mentions import NO_DAY
from transforms.extract_metadata.dates.votes import (
    DAYS_PER_YEAR,
    HALF_YEAR,
    IN_YEAR,
    ON_DAY,
    ON_WEEKDAY,
    Densities,
    Tables,
    Votes,
    calendar_days,
)
from transforms.text.buffers import Offsets

WINDOW_DAYS: Final = 2048
NEAR_DAYS: Final = 7  # within which a day counts as found
# Days of articles of one digest lie a few apart; one in twenty is of another time.
LINK_DAYS: Final = 2.5
OUTLIERS: Final = 0.05
# Articles of a digest speak of the same things, so what they say counts for less.
NEIGHBOUR_WEIGHT: Final = 0.85
FILE_LINK_DAYS: Final = 2.0
FILE_OUTLIERS: Final = 0.1
LOW, HIGH = 0.1, 0.9  # of the 80 % bounds
MOST_NEIGHBOURS: Final = 128  # of one file: those that follow each other in it


class Groups(NamedTuple):
    """Articles that lend each other their day.

    Attributes:
        starts: First member of each group, and the end of the last.
        members: Articles.
        anchors: First day of each group's window.
        files: Day in the file's name, or NO_DAY.
        inside: Per article how much of its own probability lies in the window.
        sure: Per group how much of its probability does.
    """

    starts: Offsets
    members: Offsets
    anchors: Offsets
    files: Offsets
    inside: Densities
    sure: Densities


def judge_groups(
    groups: Groups, votes: Votes, tables: Tables, stated: Offsets
) -> Densities:
    """What is likely of each article, its neighbours heard.

    Args:
        groups: Of all articles, of MOST_NEIGHBOURS at most.
        votes: Of their texts.
        tables: Learned densities.
        stated: Day that each states, or NO_DAY.

    Returns:
        One row per article: most likely day of its group's window, probability that
        publication is within NEAR_DAYS of it, lower and upper bound in the window, the
        same probability by its text alone and by its neighbours alone, and how much of
        the probability lies in the window.
    """
    found = np.zeros((len(stated), 7), dtype=np.float32)
    for first, last in _blocks(groups.starts):
        starts = groups.starts[first : last + 1]
        members = groups.members[starts[0] : starts[-1]]
        sizes = np.diff(starts)
        anchors = np.repeat(groups.anchors[first:last], sizes)
        own = _own_days(votes, tables, stated, members, anchors)
        base = (1.0 / (anchors + WINDOW_DAYS)).astype(np.float32)[:, None]
        prior = _prior(groups, (first, last), own, base)
        found[members] = _conclude(
            own,
            prior,
            base,
            groups.inside[members],
            np.repeat(groups.sure[first:last], sizes),
        )
    return found


def _blocks(starts: Offsets) -> Iterator[tuple[int, int]]:
    """Runs of whole groups, of MOST_NEIGHBOURS articles or little more."""
    first = 0
    while first < len(starts) - 1:
        last = int(np.searchsorted(starts, starts[first] + MOST_NEIGHBOURS, "right"))
        last = max(first + 1, min(last - 1, len(starts) - 1))
        yield first, last
        first = last


def _own_days(
    votes: Votes,
    tables: Tables,
    stated: Offsets,
    members: Offsets,
    anchors: Offsets,
) -> Densities:
    """What each text says of the days of its window, adding up to 1."""
    counts = votes.starts[members + 1] - votes.starts[members]
    places = np.repeat(votes.starts[members] + counts - np.cumsum(counts), counts)
    places += np.arange(len(places))
    own = np.zeros((len(members), WINDOW_DAYS), dtype=np.float32)
    if len(places):
        firsts = np.flatnonzero(counts)
        heads = (np.cumsum(counts) - counts)[firsts]
        said = _look_up(votes, tables, places, np.repeat(anchors, counts))
        own[firsts] = np.add.reduceat(said, heads, axis=0)
    own -= own.max(axis=1, keepdims=True)
    np.exp(own, out=own)
    own /= own.sum(axis=1, keepdims=True)
    rows = np.flatnonzero(stated[members] != NO_DAY)
    own[rows] = _on_days(stated[members][rows], anchors[rows])
    return own


def _on_days(days: Offsets, anchors: Offsets) -> Densities:
    """All probability on one day of each window, or nowhere."""
    is_day = np.arange(WINDOW_DAYS) == (days - anchors)[:, None]
    certain: Densities = is_day.astype(np.float32)
    return certain


def _look_up(
    votes: Votes, tables: Tables, places: Offsets, anchors: Offsets
) -> Densities:
    """What votes say of the days of their windows, one row per vote."""
    said = np.empty((len(places), WINDOW_DAYS), dtype=np.float32)
    kinds, forms, named = votes.kinds[places], votes.forms[places], votes.days[places]
    reach = tables.lags.shape[1] // 2
    last = tables.lags.shape[1] - WINDOW_DAYS
    # Windows into the tables, so that whole rows are copied.
    rows = np.flatnonzero(forms == ON_DAY)
    lags = sliding_window_view(tables.lags, WINDOW_DAYS, axis=1)
    starts = np.clip(anchors[rows] - named[rows] + reach, 0, last)
    said[rows] = lags[kinds[rows], starts]
    rows = np.flatnonzero(forms == ON_WEEKDAY)
    weeks = np.tile(tables.weekdays, WINDOW_DAYS // 7 + 2)
    # 1970 began on a Thursday.
    starts = (anchors[rows] + 3 - (named[rows] - 1)) % 7
    said[rows] = sliding_window_view(weeks, WINDOW_DAYS, axis=1)[kinds[rows], starts]
    rows = np.flatnonzero(forms == IN_YEAR)
    calendar = sliding_window_view(calendar_days(), WINDOW_DAYS)[anchors[rows]]
    behind = (calendar - named[rows, None] + HALF_YEAR) % DAYS_PER_YEAR - HALF_YEAR
    said[rows] = tables.lags[kinds[rows, None], behind + reach]
    said *= votes.weights[places, None].astype(np.float32)
    return said


def _prior(
    groups: Groups, block: tuple[int, int], own: Densities, base: Densities
) -> Densities:
    """What its neighbours, and the name of its file, say of each article's day."""
    first, last = block
    starts = groups.starts[first:last] - groups.starts[first]
    sizes = np.diff(groups.starts[first : last + 1])
    linked = _link(own, (LINK_DAYS, OUTLIERS), base)
    digest = np.add.reduceat(linked, starts, axis=0)
    files, anchors = groups.files[first:last], groups.anchors[first:last]
    named = np.flatnonzero(files != NO_DAY)
    digest[named] += _link(
        _on_days(files[named], anchors[named]),
        (FILE_LINK_DAYS, FILE_OUTLIERS),
        base[starts][named],
    )
    others = NEIGHBOUR_WEIGHT * (np.repeat(digest, sizes, axis=0) - linked)
    others -= others.max(axis=1, keepdims=True)
    np.exp(others, out=others)
    others /= others.sum(axis=1, keepdims=True)
    is_alone = np.repeat((sizes == 1) & (files == NO_DAY), sizes)
    prior: Densities = np.where(is_alone[:, None], base, _spread(others, LINK_DAYS))
    return prior


def _link(own: Densities, link: tuple[float, float], base: Densities) -> Densities:
    """What articles say of their digest's day, as logarithms."""
    linked = _spread(own, link[0])
    linked *= 1 - link[1]
    linked += link[1] * base
    np.log(linked, out=linked)
    return linked


def _spread(days: Densities, link_days: float) -> Densities:
    """Days with the probability of each spread over a few on either side."""
    keep = np.exp(-1.0 / link_days)
    ahead, behind = days.copy(), days.copy()
    # A sum that fades away, in steps that double: reaches far enough after six.
    for step in (1, 2, 4, 8, 16, 32):
        fading = np.float32(keep**step)
        ahead[:, step:] += fading * ahead[:, :-step]
        behind[:, :-step] += fading * behind[:, step:]
    ahead += behind
    ahead -= days
    ahead *= np.float32((1 - keep) / (1 + keep))
    return ahead


def _conclude(
    own: Densities,
    prior: Densities,
    base: Densities,
    inside: Densities,
    sure: Densities,
) -> Densities:
    """Rows of `judge_groups` from what text and neighbours say."""
    weighed = own * ((1 - OUTLIERS) * prior + OUTLIERS * base)
    total = weighed.sum(axis=1)
    summed = np.cumsum(weighed, axis=1)
    best = weighed.argmax(axis=1)
    outside = (1 - inside) * OUTLIERS * base[:, 0]
    floor = np.finfo(np.float32).tiny
    share = inside * total / np.maximum(inside * total + outside, floor) * sure
    low, high = ((summed < part * total[:, None]).sum(axis=1) for part in (LOW, HIGH))
    near = (_near(days, best) for days in (summed, own.cumsum(1), prior.cumsum(1)))
    by_all, by_text, by_neighbours = near
    return np.column_stack(
        [
            best,
            share * by_all / np.maximum(total, floor),
            low,
            high,
            inside * by_text,
            by_neighbours,
            share,
        ]
    )


def _near(summed: Densities, places: Offsets) -> Densities:
    """How much lies within NEAR_DAYS of a place of each row, whose sums are given."""
    rows = np.arange(len(places))
    last = summed[rows, np.minimum(places + NEAR_DAYS, WINDOW_DAYS - 1)]
    before = places - NEAR_DAYS - 1
    first = np.where(before >= 0, summed[rows, np.maximum(before, 0)], 0.0)
    near: Densities = last - first
    return near
