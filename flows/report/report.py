"""`newsmill report`: the warehouse as one page that needs nothing but itself."""

import base64
import hashlib
import io
from datetime import date, datetime
from importlib.metadata import version
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flows.report.marked_text import mark
from transforms.text.inert import page_text
from warehouse.read.outputs import Outputs
from warehouse.read.reports import Reader, open_reports
from warehouse.read.supervised import ChildBounds, ask_about_file

# In the head of the page, by which an earlier report is known for ours.
SIGNATURE: Final = b'<meta name="generator" content="newsmill report">'
NEWEST: Final = 17
TEXT_CHARS: Final = 6_000
SHOWN_SOURCES: Final = 20
STORIES: Final = 8
STORY_MEMBERS: Final = 6
SHOWN_DOCUMENTS: Final = 12
HELD_ROWS: Final = 40
RUNS: Final = 20
HISTORY_RUNS: Final = 12
RENDER_SECONDS: Final = 600.0
PAGE_BYTES: Final = 50_000_000


def write_report(path: Path, output: Path, outputs: Outputs) -> int:
    """Write the page in one piece; an older one stays until the new one is whole.

    Args:
        path: The warehouse.
        output: The HTML file: new, or an earlier report.
        outputs: What may be written over.

    Returns:
        Its size in bytes; bounded, however large the warehouse is.

    Raises:
        UsageError: The file is something else.
        WarehouseUnusableError: Missing, not ours, or damaged.
    """
    outputs.require_file(output, SIGNATURE)
    drawn = io.BytesIO()
    bounds = ChildBounds(RENDER_SECONDS, PAGE_BYTES)
    ask_about_file("flows.report.report_child", path, {}, drawn, bounds)
    page = drawn.getvalue()
    with outputs.file(output, SIGNATURE) as partial:
        partial.write_bytes(page)
    return len(page)


def render_report(path: Path, *, now: datetime) -> str:
    """The page as text.

    Args:
        path: The warehouse.
        now: The moment that the page names as its own, UTC.
    """
    with open_reports(path) as read:
        facts = gather(read)
    style = _template_text("report.css")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            facts,
            now=now,
            name=path.name,
            version=version("newsmill"),
            style=Markup(style),  # noqa: S704 - our own file
            style_hash=_sha256(style),
            charts=_draw(facts),
        )
    )


def gather(read: Reader) -> dict[str, Any]:
    """All that the page shows, of one state of the warehouse."""
    tables = read("tables")["name"].to_list()
    newest = read("report_newest", row_limit=NEWEST, char_limit=TEXT_CHARS)
    evidence = read("report_evidence", article_keys=newest["article_key"].to_list())
    checks = read("report_checks", run_limit=HISTORY_RUNS).to_dicts()
    return {
        "totals": read("report_totals").row(0, named=True),
        "categories": read("report_categories").to_dicts(),
        "over_time": read("report_over_time").to_dicts(),
        "sources": read("report_sources", row_limit=SHOWN_SOURCES).to_dicts(),
        "newest": _with_evidence(newest.to_dicts(), evidence.to_dicts()),
        "stories": read(
            "report_stories", row_limit=STORIES, member_limit=STORY_MEMBERS
        ).to_dicts()
        if "main.story" in tables
        else [],
        "suites": [
            (table, list(rows))
            for table, rows in groupby(checks, lambda check: check["table_name"])
        ],
        "not_passed": [check for check in checks if not check["success"]],
        "quality_runs": read("report_quality_runs", row_limit=RUNS).to_dicts(),
        "reasons": read("report_held_back").to_dicts(),
        "held": read("quarantine", status="open", row_limit=HELD_ROWS).to_dicts(),
        "documents": read("report_coverage", row_limit=SHOWN_DOCUMENTS).to_dicts(),
        "runs": read("status", row_limit=RUNS).to_dicts(),
    }


def _with_evidence(
    articles: list[dict[str, Any]], evidence: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Articles with their title and body cut at the quotes, strongest quote first."""
    quotes: dict[int, list[dict[str, Any]]] = {}
    for number, quote in enumerate(evidence, 1):
        quotes.setdefault(quote["article_key"], []).append(
            quote | {"anchor": f"quote-{number}"}
        )
    for article in articles:
        mine = quotes.get(article["article_key"], [])
        article["quotes"] = sorted(mine, key=_from_for_to_against)
        article["marked"] = {
            part: mark(
                article[part], [quote for quote in mine if quote["part"] == part]
            )
            for part in ("title", "body")
        }
    return articles


def _from_for_to_against(quote: dict[str, Any]) -> tuple[bool, float]:
    """What spoke for the label first, each side strongest first."""
    return quote["contribution"] < 0, -abs(quote["contribution"])


def _draw(facts: dict[str, Any]) -> dict[str, Markup | None]:
    """Charts of what there is; None of what there is nothing to draw."""
    from flows.report.charts import draw_checks, draw_over_time

    drawn: dict[str, Markup | None] = {"over_time": None, "checks": None}
    order = [row["code"] for row in facts["categories"]]
    if facts["over_time"]:
        shares = ", ".join(f"{r['code']} {r['articles']}" for r in facts["categories"])
        drawn["over_time"] = draw_over_time(
            facts["over_time"],
            order,
            f"Articles per {facts['over_time'][0]['unit']} of publication, stacked by "
            f"category. In all: {shares}. The table below has the same figures.",
        )
    if any(run["warned"] + run["failed"] for run in facts["quality_runs"]):
        drawn["checks"] = draw_checks(
            facts["quality_runs"],
            "Checks that warned or failed in each of the last "
            f"{len(facts['quality_runs'])} runs. The table below has the figures.",
        )
    return drawn


def _environment() -> Environment:
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
    }
    environment.globals |= {
        "text_chars": TEXT_CHARS,
        "pivot": _pivot,
    }
    return environment


def _finalize(value: object) -> object:
    """What every `{{ }}` goes through before it is escaped."""
    return page_text(value) if type(value) is str else value


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "undated"


def _clip(text: str | None, limit: int = 200) -> str:
    """The start of a text, on a word's end where there is one."""
    if text is None or len(text) <= limit:
        return text or ""
    start, _, _ = text[:limit].rpartition(" ")
    return f"{start or text[:limit]}…"


def _pivot(rows: list[dict[str, Any]]) -> list[tuple[date, dict[str, int]]]:
    """Rows per period and category as one row per period."""
    return [
        (period, {row["category"]: row["articles"] for row in group})
        for period, group in groupby(rows, lambda row: row["period"])
    ]


def _template_text(name: str) -> str:
    return files("flows.report").joinpath("templates", name).read_text("utf-8")


def _sha256(style: str) -> str:
    """As a content security policy names a style sheet."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
