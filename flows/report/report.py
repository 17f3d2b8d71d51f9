"""`newsmill report`: the warehouse as one page that needs nothing but itself.

Where there are more articles than a page should list, pages of them stand beside it.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from flows.report.article_list import (
    LIST_ROWS,
    ListPage,
    by_day,
    by_year,
    list_pages,
)
from flows.report.charts import Chart, Stack, columns_over_time, draw_columns
from flows.report.marked_text import mark
from flows.report.page_templates import report_templates
from flows.report.scope import Scope
from flows.report.world_map import country_outlines, draw_region, draw_world, shades
from warehouse.read.outputs import Outputs
from warehouse.read.reports import Reader, open_reports
from warehouse.read.supervised import ChildBounds, ask_about_file

# In the head of a page, by which an earlier report is known for ours, and its pages.
SIGNATURE: Final = b'<meta name="generator" content="newsmill report">'
PAGE_SIGNATURE: Final = b'<meta name="generator" content="newsmill report, a list">'
REPORT: Final = "report.html"
NEWEST: Final = 17
TEXT_CHARS: Final = 6_000
SHOWN_SOURCES: Final = 20
STORIES: Final = 8
STORY_MEMBERS: Final = 6
CLAIMED_STORIES: Final = 6
STORY_CLAIMS: Final = 10
SHOWN_PLACES: Final = 200
SHOWN_DOCUMENTS: Final = 12
HELD_ROWS: Final = 40
RUNS: Final = 20
HISTORY_RUNS: Final = 12
RENDER_SECONDS: Final = 600.0
# Of all pages, compressed: some ten million articles.
PAGES_BYTES: Final = 1_000_000_000


@dataclass(frozen=True)
class WrittenReport:
    """What a report came to.

    Attributes:
        size: Bytes of the report itself; bounded, however large the warehouse is.
        pages: Files of the list of articles beside it, all in one folder; mostly none.
    """

    size: int
    pages: tuple[Path, ...]


def write_report(
    path: Path, output: Path, outputs: Outputs, scope: Scope
) -> WrittenReport:
    """Write every page in one piece; an older one stays until the new one is whole.

    The report comes last, so that whatever it links is there.

    Args:
        path: The warehouse.
        output: The HTML file: new, or an earlier report.
        outputs: What may be written over.
        scope: The articles that it is about.

    Raises:
        UsageError: The file, or that of a page, is something else.
        WarehouseUnusableError: Missing, not ours, or damaged.
    """
    outputs.require_file(output, SIGNATURE)
    bounds = ChildBounds(RENDER_SECONDS, PAGES_BYTES)
    request = {
        "since": scope.since and scope.since.isoformat(),
        "categories": scope.categories,
        "report_name": output.name,
    }
    folder = output.with_name(pages_folder(output.name))
    with tempfile.TemporaryFile() as drawn:
        ask_about_file("flows.report.report_child", path, request, drawn, bounds)
        with ZipFile(drawn) as archive:
            names = [name for name in archive.namelist() if name != REPORT]
            for name in names:
                outputs.require_file(folder / name, PAGE_SIGNATURE)
            for name in names:
                with outputs.file(folder / name, PAGE_SIGNATURE) as partial:
                    partial.write_bytes(archive.read(name))
            report = archive.read(REPORT)
    with outputs.file(output, SIGNATURE) as partial:
        partial.write_bytes(report)
    outputs.remove_earlier(folder, "*.html", PAGE_SIGNATURE, kept=frozenset(names))
    return WrittenReport(len(report), tuple(folder / name for name in names))


def pages_folder(report_name: str) -> str:
    """Name of the folder beside a report that holds pages of its list.

    Example:
        >>> pages_folder("march.html")
        'march-articles'
    """
    return f"{Path(report_name).stem}-articles"


def draw_pages(
    path: Path,
    *,
    now: datetime,
    scope: Scope | None = None,
    report_name: str = REPORT,
) -> Iterator[tuple[str, str]]:
    """File name and HTML of the report, then of each page of its list.

    Args:
        path: The warehouse.
        now: The moment that the pages name as theirs, UTC.
        scope: The articles that they are about; all of them by default.
        report_name: File name of the report, which the pages link.
    """
    scope = scope or Scope()
    templates = report_templates()
    with open_reports(path) as read:
        facts = gather(read, scope)
        about = {"now": now, "name": path.name, "scope": scope, **facts}
        is_paged = facts["totals"]["articles"] > LIST_ROWS
        folder = pages_folder(report_name)
        yield (
            REPORT,
            templates.get_template("report.html.j2").render(
                about,
                charts=_draw(facts),
                text_chars=TEXT_CHARS,
                folder=folder,
                years=by_year(facts["pages"]) if is_paged else [],
                lists=[]
                if is_paged
                else [(page, by_day(_listed(read, page))) for page in facts["pages"]],
            ),
        )
        pages = facts["pages"] if is_paged else []
        for page, newer, older in zip(
            pages, [None, *pages], [*pages[1:], None], strict=False
        ):
            yield (
                page.name,
                templates.get_template("page.html.j2").render(
                    about,
                    page=page,
                    newer=newer,
                    older=older,
                    days=list(by_day(_listed(read, page))),
                    report_name=report_name,
                ),
            )


def gather(read: Reader, scope: Scope) -> dict[str, Any]:
    """All that the report shows, of one state of the warehouse."""
    read("report_chosen", **scope.parameters)
    tables = read("tables")["name"].to_list()
    newest = read("report_newest", row_limit=NEWEST, char_limit=TEXT_CHARS)
    evidence = read("report_evidence", article_keys=newest["article_key"].to_list())
    checks = read("report_checks", run_limit=HISTORY_RUNS).to_dicts()
    categories = read("report_categories").to_dicts()
    claims = read(
        "report_claims", story_limit=CLAIMED_STORIES, claim_limit=STORY_CLAIMS
    ).to_dicts()
    return {
        "totals": read("report_totals").row(0, named=True),
        "categories": [
            category
            for category in categories
            if not scope.categories or category["code"] in scope.categories
        ],
        "pages": list_pages(read("report_months").iter_rows(named=True)),
        "over_time": read("report_over_time").to_dicts(),
        "sources": read("report_sources", row_limit=SHOWN_SOURCES).to_dicts(),
        "silent": read("silent_sources").to_dicts() if scope.is_all else [],
        "newest": _with_evidence(newest.to_dicts(), evidence.to_dicts()),
        "stories": read(
            "report_stories", row_limit=STORIES, member_limit=STORY_MEMBERS
        ).to_dicts()
        if "main.story" in tables
        else [],
        "claims": [list(rows) for _, rows in groupby(claims, lambda c: c["story_key"])],
        **_places(read, scope),
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


def _places(read: Reader, scope: Scope) -> dict[str, Any]:
    """Where the articles are, as tables and as maps; empty where that is not known."""
    places = read("report_places", row_limit=SHOWN_PLACES).to_dicts()
    countries = read("report_countries").to_dicts()
    points = [place for place in places if place["is_point"]]
    return {
        "places": places,
        "countries": countries,
        "outlines": country_outlines(),
        "shades": shades(countries, by_crisis=not scope.categories),
        "world": draw_world(points),
        "region": draw_region(points) if points else [],
    }


def _listed(read: Reader, page: ListPage) -> list[dict[str, Any]]:
    rows = read("report_list", first_place=page.first, last_place=page.last)
    return rows.to_dicts()


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


def _draw(facts: dict[str, Any]) -> dict[str, list[Chart]]:
    """Charts of what there is to draw."""
    drawn: dict[str, list[Chart]] = {"over_time": [], "checks": []}
    if facts["over_time"]:
        codes = [category["code"] for category in facts["categories"]]
        columns = columns_over_time(facts["over_time"])
        drawn["over_time"] = draw_columns(columns, codes, 240)
    runs = [
        Stack(str(number), {"warned": run["warned"], "failed": run["failed"]})
        for number, run in enumerate(facts["quality_runs"], 1)
    ]
    if any(run.height for run in runs):
        drawn["checks"] = draw_columns(runs, ("warned", "failed"), 120)
    return drawn
