"""The report of few and of many articles, as files and in a real browser."""

import re
import time
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from flows.report.report import draw_pages
from flows.report.scope import Scope
from tests.many_articles import write_many
from transforms.errors import UsageError

FAULTS = Path(__file__).with_name("page_faults.js").read_text("utf-8")
FULL = pytest.mark.full
LOOKS = {
    "light": {"viewport": {"width": 1200, "height": 860}},
    "dark": {"viewport": {"width": 800, "height": 860}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 700}},
    "print": {"viewport": {"width": 720, "height": 1000}},
}


def draw(warehouse, folder, **scope):
    """Every page of a report, as files in a folder; the report itself."""
    drawn = draw_pages(warehouse, now=datetime.now(UTC), scope=Scope(**scope))
    (name, report), *pages = drawn
    path = folder / name
    path.write_text(report, "utf-8")
    (folder / "report-articles").mkdir()
    for name, page in pages:
        (folder / "report-articles" / name).write_text(page, "utf-8")
    return path


@pytest.fixture(
    scope="module",
    params=[9, 150, *(pytest.param(n, marks=FULL) for n in (1_300, 50_000))],
)
def drawn(request, tmp_path_factory, seeded):
    folder = tmp_path_factory.mktemp("sized")
    if request.param == 9:
        return 9, draw(seeded.warehouse, folder)
    warehouse = write_many(folder / "many.duckdb", request.param)
    return request.param, draw(warehouse, folder)


def test_every_article_is_listed_once(drawn):
    count, report = drawn
    listed = [
        key
        for page in report.parent.rglob("*.html")
        for key in re.findall(r'<li id="a(\d+)">', page.read_text("utf-8"))
    ]

    assert len(listed) == len(set(listed)) == count
    assert report.stat().st_size < 1_500_000
    pages = list((report.parent / "report-articles").iterdir())
    assert (len(pages) > 0) == (count > 3_000)


@pytest.mark.parametrize("look", LOOKS)
def test_page_has_no_fault_in_any_look(drawn, look, chromium):
    _, report = drawn
    pages = [report, *sorted((report.parent / "report-articles").iterdir())[-2:]]
    context = chromium.new_context(**LOOKS[look])
    for path in pages:
        page = context.new_page()
        told, asked = [], []
        page.on("console", lambda message, told=told: told.append(message.text))
        page.on("pageerror", lambda error, told=told: told.append(str(error)))
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.emulate_media(media="print" if look == "print" else "screen")
        page.goto(path.as_uri())
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )

        assert (told, asked) == ([], [path.as_uri()])
        assert page.evaluate(FAULTS) == []
        page.close()
    context.close()


@FULL
def test_pages_of_the_list_lead_to_each_other(tmp_path, chromium):
    report = draw(write_many(tmp_path / "many.duckdb", 4_000), tmp_path)
    page = chromium.new_page()
    page.goto(report.as_uri())

    page.click("#all a >> nth=0")
    newest = page.inner_text("h1")
    page.click("nav a >> nth=-1")
    assert page.inner_text("h1") != newest
    page.click("nav a >> text=The report")
    assert page.url == report.as_uri() + "#all"
    page.close()


def test_narrowed_report_holds_what_was_asked_for(seeded, tmp_path):
    rows = seeded.sql("SELECT title, category, published_date FROM article")
    since = date(2022, 1, 6)
    wanted = [
        row
        for row in rows
        if row["category"] in {"crisis", "energy"} and row["published_date"] >= since
    ]

    report = draw(
        seeded.warehouse, tmp_path, since=since, categories=("crisis", "energy")
    )

    text = report.read_text("utf-8")
    assert 0 < len(wanted) < len(rows)
    assert len(re.findall(r'<li id="a\d+">', text)) == len(wanted)
    assert "since 6 January 2022" in text
    assert f"holds {len(rows)} articles in all" in text


def test_narrowed_to_nothing_says_so(seeded, tmp_path):
    report = draw(seeded.warehouse, tmp_path, since=date(2100, 1, 1))

    assert "No article fits" in report.read_text("utf-8")


def test_days_are_stated_or_inferred_with_bounds(tmp_path):
    warehouse = write_many(tmp_path / "many.duckdb", 150)

    text = draw(warehouse, tmp_path).read_text("utf-8")

    rows = re.findall(r"</bdi> <small>(.*)</small></li>", text)
    stated = [row for row in rows if "· stated" in row]
    inferred = [row for row in rows if re.search(r"· inferred: \d+ .* 20\d\d", row)]
    assert (len(rows), len(stated)) == (150, 49)
    assert len(inferred) == 150 - 49 - 3  # three are undated


def test_source_that_stopped_is_told_with_its_last_day(tmp_path):
    warehouse = write_many(tmp_path / "many.duckdb", 2_000)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "UPDATE fact_article SET source_key = 1 + "
            "(published_date_key > 11985 OR article_key % 2 = 0)::INTEGER"
        )

    text = draw(warehouse, tmp_path).read_text("utf-8")

    silent = re.findall(r'<table class="silent">.*?</table>', text, re.DOTALL)
    assert len(silent) == 1
    rows = re.findall(r"<bdi>(.*?)</bdi></th>.*?>([0-9-]+)</td>.*?>(\d+)<", silent[0])
    assert rows == [("Paper 0", "2022-10-24", "15")]


@pytest.mark.parametrize(
    ("since", "categories", "told"),
    [
        ("2022-02-30", (), "a day, a month, or a year"),
        ("yesterday", (), "a day, a month, or a year"),
        ("", (), "a day, a month, or a year"),
        (None, ("crisi",), "Did you mean crisis?"),
    ],
)
def test_scope_that_cannot_be_is_refused(since, categories, told):
    with pytest.raises(UsageError, match=re.escape(told)):
        Scope.read(since, categories)


@FULL
def test_pages_are_written_and_earlier_ones_removed(newsmill):
    write_many(newsmill.warehouse, 3_100)
    folder = newsmill.folder / "week-articles"
    report = newsmill.folder / "week.html"

    told = newsmill.ask("report", "-o", report, "--json").json
    (folder / "mine.html").write_text("a page of somebody")

    assert {str(path) for path in folder.iterdir()} - {
        str(folder / "mine.html")
    } == set(told["pages"])
    assert 'href="week-articles/' in report.read_text("utf-8")
    assert all(
        'href="../week.html#all"' in Path(p).read_text("utf-8") for p in told["pages"]
    )
    narrowed = newsmill.ask(
        "report", "-o", report, "--category", "energy", "--json"
    ).json
    assert narrowed["pages"] == []
    assert [path.name for path in folder.iterdir()] == ["mine.html"]


@FULL
def test_report_of_100_000_articles_stays_small_and_quick(tmp_path):
    warehouse = write_many(tmp_path / "many.duckdb", 100_000)
    start = time.process_time()

    _, report = next(draw_pages(warehouse, now=datetime.now(UTC)))

    assert len(report.encode()) < 500_000
    assert time.process_time() - start < 10
