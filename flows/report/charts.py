"""Columns of counts, stacked by kind, for a wide page and a narrow one.

Only sizes and places are worked out here; the template draws them, and colours are the
page's own, so that a chart follows light and dark.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

WIDTHS: Final = {"wide": 900, "narrow": 340}
MAX_LINES: Final = 5
# Letters of 12 pixels: the longest label below a column with the space beside it, one
# digit of the labels at the left, and the room below and around the columns.
LABEL_PIXELS, DIGIT_PIXELS, BELOW_PIXELS, ABOVE_PIXELS = 84, 9, 26, 10
WIDEST_COLUMN: Final = 60.0
_DAYS: Final = {"day": 1, "week": 7}
_FORMATS: Final = {
    "day": "%-d %b",
    "week": "%-d %b %y",
    "month": "%b %Y",
    "year": "%Y",
}


@dataclass(frozen=True)
class Stack:
    """One column: what stands below it, and how many there are of each kind."""

    label: str
    counts: Mapping[str, int]

    @property
    def height(self) -> int:
        """All kinds together."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class Bar:
    """A rectangle of one kind, in pixels from the left and the top."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Chart:
    """A chart of one size, in pixels.

    Attributes:
        frame: `wide` or `narrow`.
        width: Of all of it.
        height: Of all of it.
        left: Where the columns begin.
        right: Where they end.
        base: Where they stand.
        bars: What is drawn of the columns.
        lines: Height and count of each horizontal line, none below the columns.
        labels: Middle and text of what stands below them.
    """

    frame: str
    width: int
    height: int
    left: float
    right: float
    base: float
    bars: Sequence[Bar]
    lines: Sequence[tuple[float, int]]
    labels: Sequence[tuple[float, str]]


def columns_over_time(rows: Sequence[Mapping[str, Any]]) -> list[Stack]:
    """A column per period, those without articles too.

    Args:
        rows: One per period and category, in order of periods: `period` (date),
            `unit`, `category`, `articles`.
    """
    unit = rows[0]["unit"]
    counts = {
        period: {row["category"]: row["articles"] for row in group}
        for period, group in groupby(rows, lambda row: row["period"])
    }
    return [
        Stack(format(period, _FORMATS[unit]), counts.get(period, {}))
        for period in _periods(rows[0]["period"], rows[-1]["period"], unit)
    ]


def draw_columns(
    columns: Sequence[Stack], kinds: Sequence[str], height: int
) -> list[Chart]:
    """The chart for each width of page.

    Args:
        columns: From the left; one at least.
        kinds: From the bottom up.
        height: Pixels of all of it.
    """
    return [
        _draw_columns(columns, kinds, frame, width, height)
        for frame, width in WIDTHS.items()
    ]


def _draw_columns(
    columns: Sequence[Stack],
    kinds: Sequence[str],
    frame: str,
    width: int,
    height: int,
) -> Chart:
    highest = max(1, *(column.height for column in columns))
    left = max(LABEL_PIXELS / 2, DIGIT_PIXELS * len(f"{highest:,}") + 8)
    right, base = width - LABEL_PIXELS / 2, height - BELOW_PIXELS
    per_column = (right - left) / len(columns)
    per_article = (base - ABOVE_PIXELS) / highest
    middles = [left + per_column * (at + 0.5) for at in range(len(columns))]
    labelled = range(0, len(columns), math.ceil(LABEL_PIXELS / per_column))
    step = _step(highest)
    return Chart(
        frame,
        width,
        height,
        round(left, 1),
        round(right, 1),
        base,
        [
            Bar(
                kind,
                round(middle - min(per_column, WIDEST_COLUMN) / 2, 2),
                round(base - per_article * (below + column.counts[kind]), 2),
                round(min(per_column, WIDEST_COLUMN), 2),
                round(per_article * column.counts[kind], 2),
            )
            for column, middle in zip(columns, middles, strict=True)
            for kind, below in _stacked(column, kinds)
        ],
        [
            (round(base - per_article * count, 1), count)
            for count in range(step, highest + 1, step)
        ],
        [(round(middles[at], 1), columns[at].label) for at in labelled],
    )


def _stacked(column: Stack, kinds: Iterable[str]) -> Iterable[tuple[str, int]]:
    """Each kind that a column has, with what lies below it."""
    below = 0
    for kind in kinds:
        if column.counts.get(kind):
            yield kind, below
            below += column.counts[kind]


def _step(highest: int) -> int:
    """The least of 1, 2, 5, 10, 20 and so on that makes few lines.

    Example:
        >>> _step(4), _step(12), _step(1300)
        (1, 5, 500)
    """
    power = 1
    while True:
        for base in (1, 2, 5):
            if base * power * MAX_LINES >= highest:
                return base * power
        power *= 10


def _periods(first: date, last: date, unit: str) -> list[date]:
    """Starts of all periods from the first to the last."""
    starts = [first]
    while starts[-1] < last:
        starts.append(_next_start(starts[-1], unit))
    return starts


def _next_start(start: date, unit: str) -> date:
    if unit in _DAYS:
        return start + timedelta(days=_DAYS[unit])
    months = start.year * 12 + start.month - 1 + (12 if unit == "year" else 1)
    return date(months // 12, months % 12 + 1, 1)
