"""Charts of the report, as inline SVG drawn by Vega-Lite.

Colours are the page's own CSS variables, so that a chart follows light and dark. Only
dates, counts, and the five category codes are drawn: no text of articles comes here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from markupsafe import Markup

FONT: Final = "ui-sans-serif, system-ui, sans-serif"
MAX_TICKS: Final = 5
# Room for the longest label of an axis and the space beside it.
LABEL_PIXELS: Final = 84
_DAYS: Final = {"day": 1, "week": 7}
_FORMATS: Final = {
    "day": "%-d %b",
    "week": "%-d %b %y",
    "month": "%b %Y",
    "year": "%Y",
}


def draw_over_time(
    rows: Sequence[Mapping[str, Any]], order: Sequence[str], label: str
) -> Markup:
    """Articles per period, stacked by category; drawn for wide and narrow pages.

    Args:
        rows: One per period and category, in order of periods: `period` (date),
            `unit`, `category`, `articles`.
        order: Categories from the bottom up.
        label: What the chart says, for those who do not see it.
    """
    unit = rows[0]["unit"]
    bars = [
        {
            "from": row["period"].isoformat(),
            "to": _end(row["period"], unit).isoformat(),
            "low": low,
            "high": low + row["articles"],
            "kind": row["category"],
        }
        for row, low in _stacked(rows, order, "period")
    ]
    x = {
        "field": "from",
        "type": "temporal",
        "scale": {"type": "utc"},
        # A label moved to stay inside would come too close to the one beside it.
        "axis": {"format": _FORMATS[unit], "title": None, "labelFlush": False},
    }
    marks = {
        "mark": {"type": "bar", "stroke": "var(--paper)", "strokeWidth": 0.6},
        "encoding": {"x": x, "x2": {"field": "to"}, **_heights(order, bars)},
    }
    periods = _periods(rows[0]["period"], rows[-1]["period"], unit)
    ticks = [datetime.combine(day, time(), UTC).timestamp() * 1000 for day in periods]
    return _both_widths(bars, marks, ticks, label, height=250)


def draw_checks(rows: Sequence[Mapping[str, Any]], label: str) -> Markup:
    """Checks that warned or failed, per run.

    Args:
        rows: One per run, oldest first: `warned`, `failed`.
        label: What the chart says.
    """
    bars = [
        {"run": number, "low": low, "high": low + row[kind], "kind": kind}
        for number, row in enumerate(rows, 1)
        for kind, low in (("warned", 0), ("failed", row["warned"]))
    ]
    x = {
        "field": "run",
        "type": "ordinal",
        "axis": {"title": "Run, the newest at the right", "labelAngle": 0},
    }
    marks = {
        "mark": {"type": "bar", "width": 14},
        "encoding": {"x": x, **_heights(("warned", "failed"), bars)},
    }
    ticks = list(range(1, len(rows) + 1))
    return _both_widths(bars, marks, ticks, label, height=130)


def _heights(kinds: Sequence[str], bars: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Both ends of each bar and its colour; counts are whole, and so are the ticks."""
    highest = max(bar["high"] for bar in bars)
    steps = (base * 10**power for power in range(10) for base in (1, 2, 5))
    step = next(step for step in steps if step * MAX_TICKS >= highest)
    return {
        "y": {
            "field": "high",
            "type": "quantitative",
            "axis": {
                "title": None,
                "values": list(range(0, highest + 1, step)),
                "format": ",d",
            },
            "scale": {"domainMin": 0},
        },
        "y2": {"field": "low"},
        "color": {
            "field": "kind",
            "type": "nominal",
            "legend": None,
            "scale": {
                "domain": list(kinds),
                "range": [f"var(--{kind})" for kind in kinds],
            },
        },
    }


def _stacked(
    rows: Sequence[Mapping[str, Any]], order: Sequence[str], by: str
) -> Iterable[tuple[Mapping[str, Any], int]]:
    """Each row with what lies below it."""
    heights: dict[Any, int] = {}
    for row in sorted(rows, key=lambda row: (row[by], order.index(row["category"]))):
        low = heights.get(row[by], 0)
        heights[row[by]] = low + row["articles"]
        yield row, low


def _end(start: date, unit: str) -> date:
    if unit in _DAYS:
        return start + timedelta(days=_DAYS[unit])
    months = start.year * 12 + start.month - 1 + (12 if unit == "year" else 1)
    return date(months // 12, months % 12 + 1, 1)


def _periods(first: date, last: date, unit: str) -> list[date]:
    """Starts of all periods from the first to the last, those without articles too."""
    starts = [first]
    while starts[-1] < last:
        starts.append(_end(starts[-1], unit))
    return starts


def _both_widths(
    bars: list[dict[str, Any]],
    marks: dict[str, Any],
    ticks: Sequence[float],
    label: str,
    *,
    height: int,
) -> Markup:
    """The page's style sheet shows one of the two."""
    return Markup("").join(
        _draw(bars, _with_ticks(marks, ticks, width), label, name, width, height)
        for name, width in (("wide", 900), ("narrow", 340))
    )


def _with_ticks(
    marks: dict[str, Any], ticks: Sequence[float], width: int
) -> dict[str, Any]:
    """As many labels below the bars as have room, evenly.

    The reader's browser alone knows how wide its letters are.
    """
    step = -(-len(ticks) * LABEL_PIXELS // (width - 60))
    encoding = marks["encoding"]
    axis = {**encoding["x"]["axis"], "values": ticks[::step]}
    x = {**encoding["x"], "axis": axis}
    return {**marks, "encoding": {**encoding, "x": x}}


def _draw(
    bars: list[dict[str, Any]],
    marks: dict[str, Any],
    label: str,
    name: str,
    width: int,
    height: int,
) -> Markup:
    import vl_convert

    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": None,
        # A reader's letters may be wider than those that the drawing reckons with.
        "padding": {"left": 14, "top": 6, "right": 8, "bottom": 4},
        "data": {"values": bars},
        **marks,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {
                "labelColor": "var(--soft)",
                "titleColor": "var(--soft)",
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "domainColor": "var(--soft)",
                "tickColor": "var(--soft)",
                "gridColor": "var(--rule)",
                "labelPadding": 6,
            },
            "axisX": {"grid": False},
            "axisY": {"domain": False, "ticks": False},
        },
    }
    svg = vl_convert.vegalite_to_svg(spec)
    named = Markup('<svg role="img" aria-label="{}" class="chart {}" ').format(
        label, name
    )
    # The one SVG that goes to the page unescaped; it holds dates and counts alone.
    return named + Markup(svg.removeprefix("<svg ").replace(' class="marks"', "", 1))  # noqa: S704
