"""Templates of the report, and the words that they put around figures and dates."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from itertools import groupby
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from transforms.text.inert import page_text

# People are counted, and money has its currency.
_NO_UNITS: Final = (None, "person", "money")


@cache
def report_templates() -> Environment:
    """Templates that escape whatever they are given, and know our style sheet."""
    style = files("flows.report").joinpath("templates", "report.css").read_text("utf-8")
    environment = Environment(
        loader=PackageLoader("flows.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {
        "number": lambda value: f"{value:,}",
        "day": _day,
        "moment": lambda moment: f"{moment:%Y-%m-%d %H:%M}",
        "clip": _clip,
        "words": lambda code: str(code).replace("_", " "),
        "address": quote,
    }
    environment.globals |= {
        "pivot": _pivot,
        "days_between": _days_between,
        "figure": _figure,
        "style": Markup(style),  # noqa: S704 - our own file
        # As a content security policy names a style sheet.
        "style_hash": base64.b64encode(
            hashlib.sha256(style.encode()).digest()
        ).decode(),
        "version": version("newsmill"),
    }
    return environment


def _finalize(value: object) -> object:
    """What every `{{ }}` goes through before it is escaped."""
    return page_text(value) if type(value) is str else value


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "undated"


def _days_between(first: date, last: date) -> str:
    """Bounds of a day, each part of the date said once.

    Example:
        >>> _days_between(date(2022, 1, 3), date(2022, 1, 9))
        '3 to 9 January 2022'
        >>> _days_between(date(2021, 12, 30), date(2022, 1, 2))
        '30 December 2021 to 2 January 2022'
    """
    if first == last:
        return _day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {_day(last)}"
    start = f"{first.day} {first:%B}" if first.year == last.year else _day(first)
    return f"{start} to {_day(last)}"


def _figure(claim: Mapping[str, Any]) -> str:
    """What a claim comes to as a number, with its unit.

    Example:
        >>> claim = {"value_low": 20.0, "value_high": None, "is_approximate": False}
        >>> _figure(claim | {"is_negated": False, "unit": "MW", "currency": None})
        'at least 20 MW'
    """
    low, high = (
        None if value is None else f"{value:,.15g}"
        for value in (claim["value_low"], claim["value_high"])
    )
    if claim["is_negated"]:
        number = "none"
    elif high is None:
        number = f"at least {low}"
    elif low is None:
        number = f"up to {high}"
    else:
        number = low if low == high else f"{low} to {high}"
    about = "about " if claim["is_approximate"] else ""
    unit = claim["currency"] or claim["unit"]
    return f"{about}{number}" + (f" {unit}" if unit not in _NO_UNITS else "")


def _clip(text: str | None, limit: int = 200) -> str:
    """The start of a text, on a word's end where there is one."""
    if text is None or len(text) <= limit:
        return text or ""
    start, _, _ = text[:limit].rpartition(" ")
    return f"{start or text[:limit]}…"


def _pivot(
    rows: Iterable[Mapping[str, Any]],
) -> list[tuple[date, dict[str, int]]]:
    """Rows per period and category as one row per period."""
    return [
        (period, {row["category"]: row["articles"] for row in group})
        for period, group in groupby(rows, lambda row: row["period"])
    ]
