"""The report: one page that holds all it needs, and text that stays text."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from flows.report.report import SIGNATURE, draw_pages
from tests.demo.digests import write_weeks
from warehouse.database.connection import open_build_file
from warehouse.database.schema import create_warehouse

SHOUT = "document.title = 'stolen'"
HOSTILE = {
    "title": f'<img src=x onerror="{SHOUT}"> {{{{7*7}}}} police </title>',
    "author": f"<script>{SHOUT}</script>",
    "source": "<b onmouseover=alert(1)>Bold</b> ]]> <!--",
    "text": (
        f"Police arrested a thief over a robbery <script>{SHOUT}</script> in court. "
        "\u202ereversed\u202c \x1b[31mred\x1b[0m javascript:alert(1) &amp; a\u0301"
        + "\u0301" * 500
        + " and https://evil.example/x.js "
        + "word" * 3000
    ),
    "date": "2024-05-05",
}
NAME = "<svg onload=alert(1)>.jsonl"


def render_report(path):
    """The report itself, without pages beside it."""
    return next(draw_pages(path, now=datetime.now(UTC)))[1]


class Page(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, path):
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.tags, self.text = [], ""
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, *names):
        return [(tag, attrs) for tag, attrs in self.tags if tag in names]


@pytest.fixture(scope="module")
def published(tmp_path_factory, seed_file, make_newsmill):
    """The seed, a week of invented news, hostile records, and what is held back."""
    newsmill = make_newsmill(tmp_path_factory.mktemp("report"))
    inputs = newsmill.folder / "inputs"
    inputs.mkdir()
    (inputs / seed_file.name).write_bytes(seed_file.read_bytes())
    (inputs / NAME).write_text(json.dumps(HOSTILE) + "\n{broken <i>\n")
    (inputs / "<script>\u202e.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    write_weeks(inputs, weeks=1)
    newsmill.run(inputs)
    newsmill.report = newsmill.folder / "report.html"
    page = render_report(newsmill.warehouse)
    newsmill.report.write_text(page, encoding="utf-8")
    return newsmill


@pytest.fixture
def empty(tmp_path):
    path = tmp_path / "empty.duckdb"
    with open_build_file(path) as connection:
        create_warehouse(connection)
    return path


def test_report_loads_nothing_and_runs_nothing(published):
    page = Page(published.report)

    assert page.all("script", "iframe", "object", "embed", "img", "form", "base") == []
    assert [attrs["href"] for _, attrs in page.all("link")] == ["data:,"]
    assert all(attrs["href"].startswith("#") for _, attrs in page.all("a"))
    assert not [
        name for _, attrs in page.tags for name in attrs if name.startswith("on")
    ]
    assert not [tag for tag, attrs in page.tags if "style" in attrs or "src" in attrs]


def test_policy_of_the_report_allows_its_own_style_alone(published):
    page = Page(published.report)
    (policy,) = (a["content"] for _, a in page.all("meta") if "http-equiv" in a)
    (style,) = re.findall(r"<style>(.*?)</style>", page.source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert policy.startswith(
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;"
    )


def test_hostile_texts_are_read_as_they_were_written(published):
    page = Page(published.report)
    (stored,) = published.sql("SELECT source FROM article WHERE file_name = ?", NAME)

    assert "onmouseover=" in stored["source"]
    for text in (
        HOSTILE["title"],
        HOSTILE["author"],
        stored["source"],
        NAME,
        "<script>\\u202e.txt",
    ):
        assert text in page.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", page.source)
    assert "\u0301" * 5 not in page.text


def test_marked_words_are_the_evidence_of_the_label(published):
    page = Page(published.report)
    marked = set(re.findall(r'<mark id="[^"]+"[^>]*>([^<]+)</mark>', page.source))
    quotes = published.sql(
        "SELECT exact FROM evidence JOIN article USING (article_key) "
        "WHERE evidence.category = article.category"
    )

    assert len(marked) > 30
    assert marked <= {quote["exact"] for quote in quotes}
    anchors = {attrs["href"] for _, attrs in page.all("a")}
    assert {
        f"#{attrs['id']}" for _, attrs in page.all("mark") if "id" in attrs
    } & anchors


def test_report_tells_what_the_warehouse_holds(published):
    page = Page(published.report)
    rows = published.sql("SELECT * FROM article")

    assert f"of {len(rows)} articles" in page.text
    assert "unsupported type" in page.text
    assert "invalid record" in page.text
    assert all(row["source"] in page.text for row in rows if row["source"])
    checks = published.sql("SELECT code FROM quality.dim_expectation")
    assert all(check["code"] in page.text for check in checks[1:] if check["code"])


def test_stories_that_several_told_list_who_told_them(published):
    page = Page(published.report)
    stories = published.sql("SELECT * FROM story WHERE article_count > 1")

    assert len(stories) > 3
    assert f"{len(stories)} such stories in all" in page.text
    largest = max(stories, key=lambda story: story["source_count"])
    assert (
        f"{largest['article_count']} articles · {largest['source_count']} known"
        in page.text
    )


def test_invented_digests_are_split_as_they_were_written(published):
    digests = (published.folder / "inputs" / "week_1").glob("*.txt")
    texts = [path.read_text("utf-8") for path in digests]
    titles = published.sql(
        "SELECT title FROM article WHERE file_name LIKE '%2022-01-0_.txt'"
    )

    endings = sum(
        text.count("Source: ") + text.count("All rights reserved.") for text in texts
    )
    assert len(titles) == endings > 10
    assert all(any(f"{row['title']}\n\n" in text for text in texts) for row in titles)


def test_report_of_no_articles_is_a_page_too(empty, tmp_path):
    shown = render_report(empty)
    (tmp_path / "report.html").write_text(shown, encoding="utf-8")

    page = Page(tmp_path / "report.html")
    assert "No articles yet" in page.text
    assert len(page.all("h2")) > 5


def test_report_is_rendered_by_a_process_of_its_own(published, tmp_path):
    report = tmp_path / "report.html"

    told = published.ask("report", "-o", report, "--json").json

    assert told["bytes"] == report.stat().st_size
    here = render_report(published.warehouse)
    moment = r"\d\d:\d\d UTC"
    there = report.read_text(encoding="utf-8")
    assert re.sub(moment, "", there) == re.sub(moment, "", here)


def test_older_report_stays_when_the_warehouse_cannot_be_read(newsmill):
    report = newsmill.folder / "report.html"
    report.write_bytes(SIGNATURE + b"the older one")
    newsmill.warehouse.write_text("no warehouse")

    newsmill.ask("report", "-o", report, code=5)

    assert report.read_bytes() == SIGNATURE + b"the older one"
    assert {path.name for path in newsmill.folder.iterdir()} <= {
        "report.html",
        "news.duckdb",
        "prefect",
    }


# What a reader sees, in a real browser.


@pytest.fixture
def view(published, chromium):
    """Open the report; tell of errors on its console and of whom it asks."""
    opened = []

    def open_page(**options):
        context = chromium.new_context(**options)
        opened.append(context)
        page = context.new_page()
        page.told, page.asked = [], []
        page.on("console", lambda message: page.told.append(message.text))
        page.on("pageerror", lambda error: page.told.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(published.report.as_uri())
        return page

    yield open_page
    for context in opened:
        context.close()


def test_browser_finds_no_fault_and_asks_nobody(view, published):
    page = view()

    assert page.told == []
    assert page.asked == [published.report.as_uri()]
    assert page.title().startswith("Newsmill report")


def test_hostile_text_stays_text_in_the_browser(view):
    page = view()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    assert page.title().startswith("Newsmill report")
    assert page.told == []
    assert HOSTILE["title"] in page.inner_text("main")
    assert page.query_selector_all("main script, main img, main b[onmouseover]") == []


@pytest.mark.parametrize("width", [320, 390])
def test_phone_never_scrolls_sideways(view, width):
    page = view(viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.is_visible("svg.chart.narrow")
    assert not page.is_visible("svg.chart.wide")


# Contrast as WCAG 2 reckons it: 4.5 for text, 3 for large text.
LOW_CONTRAST = """() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => parse(c).slice(0, 3).map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (parse(colour)[3] !== 0) return colour;
    }
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const low = [];
  let seen = 0;
  for (let n; n = walker.nextNode();) {
    const e = n.parentElement, style = getComputedStyle(e);
    if (!n.data.trim() || e.closest('svg')) continue;
    const [a, b] = [light(style.color), light(behind(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    seen++;
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5))
      low.push([n.data.trim().slice(0, 30), ratio]);
  }
  return [seen, low];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_in_light_and_dark(view, scheme):
    page = view(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    seen, low = page.evaluate(LOW_CONTRAST)

    assert seen > 300
    assert low == []
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (max(map(int, re.findall(r"\d+", paper))) < 60) == (scheme == "dark")


def test_report_can_be_heard_as_well_as_seen(view):
    page = view()
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])"
    )
    unnamed = page.evaluate(
        "[...document.querySelectorAll('svg, [role=region], [role=img], nav')]"
        ".filter(e => !e.getAttribute('aria-label')).length"
    )
    without_headers = page.evaluate(
        "[...document.querySelectorAll('table')]"
        ".filter(t => !t.querySelector('thead th[scope=col]') || !t.caption).length"
    )

    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert (unnamed, without_headers) == (0, 0)
    assert page.evaluate("document.documentElement.lang") == "en"


def test_quote_opens_at_its_place_in_the_text(view):
    page = view()
    link = page.query_selector("article details[open] .quotes a")
    anchor = link.get_attribute("href")

    link.click()

    assert page.is_visible(anchor)
    assert link.inner_text() == page.inner_text(anchor)
